"""What pages say of themselves in the words of schema.org, for search engines (https://schema.org).

A standard of a framework of occupations is an ``Occupation``, one of another kind a ``DefinedTermSet``; what
stands in it is a ``DefinedTerm``, and a code of a classification a ``CategoryCode``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ontology.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontology.model import Classification, Standard

__all__ = ["breadcrumb_data", "code_data", "script_data", "standard_data", "term_data"]

_OCCUPATIONAL = ("csco", "esco", "icap", "onet")
_MOST_TERMS = 100
_MOST_NAMES = 12
_CONTEXT = "https://schema.org"


def script_data(*parts: dict[str, Any]) -> Markup:
    """The parts as one JSON-LD document for a ``script`` element: nothing in it can end the element."""
    whole: dict[str, Any] = {"@context": _CONTEXT}
    whole.update(parts[0] if len(parts) == 1 else {"@graph": list(parts)})
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - what could end the element has been escaped


def standard_data(
    standard: Standard, iri: str, address: str, skills: Iterable[str] = (), licence: str = ""
) -> dict[str, Any]:
    """A standard at ``address``; ``skills`` are the names of shared concepts that it requires."""
    found: dict[str, Any] = {"@id": iri, "url": address, "name": standard.name, "identifier": standard.code}
    _add(found, "description", standard.description)
    _add(found, "alternateName", list(standard.alternative_names[:_MOST_NAMES]))
    if standard.framework in _OCCUPATIONAL:
        required = [
            {"@type": "DefinedTerm", "termCode": one.code, "name": one.text}
            for one in (*standard.skills, *standard.knowledge)
        ]
        required += [{"@type": "DefinedTerm", "name": name} for name in skills]
        _add(found, "occupationalCategory", [_category(one) for one in standard.occupation])
        _add(found, "responsibilities", [one.name for one in standard.tasks[:_MOST_TERMS]])
        _add(found, "skills", required[:_MOST_TERMS])
        return {"@type": "Occupation", **found}
    shown = (Kind.TASK, Kind.KNOWLEDGE, Kind.SKILL, Kind.ATTITUDE, Kind.STATEMENT)
    terms = [
        {"@type": "DefinedTerm", "termCode": one.code, "name": one.text}
        for one in standard.elements()
        if one.kind in shown
    ]
    _add(found, "inLanguage", standard.language)
    _add(found, "version", standard.version)
    _add(found, "dateModified", standard.modified)
    _add(found, "license", licence)
    _add(found, "hasDefinedTerm", terms[:_MOST_TERMS])
    return {"@type": "DefinedTermSet", **found}


def term_data(
    iri: str, address: str, code: str, name: str, *, description: str = "", within: tuple[str, str] = ("", "")
) -> dict[str, Any]:
    """An element of a standard, or a shared concept; ``within`` is the IRI and the name of what it is of."""
    found: dict[str, Any] = {"@type": "DefinedTerm", "@id": iri, "url": address, "name": name}
    _add(found, "termCode", code)
    _add(found, "description", description)
    if within[0]:
        found["inDefinedTermSet"] = {"@type": "DefinedTermSet", "@id": within[0], "name": within[1]}
    return found


def code_data(iri: str, address: str, code: str, name: str, scheme: str = "") -> dict[str, Any]:
    """A code of a classification; ``scheme`` is the IRI of its code list."""
    found: dict[str, Any] = {"@type": "CategoryCode", "@id": iri, "url": address, "name": name}
    _add(found, "codeValue", code)
    if scheme:
        found["inCodeSet"] = {"@type": "CategoryCodeSet", "@id": scheme}
    return found


def breadcrumb_data(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page: names with absolute addresses, the outermost first."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }


def _category(entry: Classification) -> dict[str, str] | str:
    if not entry.code:
        return entry.name
    return {"@type": "CategoryCode", "codeValue": entry.code, "name": entry.name or entry.code}


def _add(found: dict[str, Any], name: str, value: Any) -> None:
    if value:
        found[name] = value
