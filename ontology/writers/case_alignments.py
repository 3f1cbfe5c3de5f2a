"""Alignments as a CASE 1.1 package of associations alone, as crosswalks between frameworks are passed on.

CASE knows ``exactMatchOf``; every other match is an ``isRelatedTo``, and what it is called in SKOS stands in
its ``extensions``, with who settled it and why. CASE cannot say that two things do not match, so rejected
pairs are left out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ontology.case_form import EXTENSION, case_identifier
from ontology.writers.case_parts import outside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontology.dataset import Mapping
    from ontology.identifiers import Identifiers

__all__ = ["alignments_to_case"]

_TYPES = {"exactMatch": "exactMatchOf"}
_NEVER = "1970-01-01"
_SLOTS = {"reviewer_label": "by", "mapping_date": "on", "comment": "comment"}


def alignments_to_case(mappings: Iterable[Mapping], identifiers: Identifiers, *, of: str = "") -> bytes:
    """The accepted ``mappings`` as a ``CFPackage``; ``of`` is the code of the standard that they are chosen
    by, if any. The same mappings give the same bytes."""
    accepted = [one for one in mappings if not one.is_negated]
    iri = identifiers.absolute(f"alignments/{of}" if of else "alignments")
    days = [dict(one.details).get("mapping_date") or _NEVER for one in accepted]
    identifier = case_identifier(iri)
    document = {
        "identifier": identifier,
        "uri": iri,
        "creator": "competency-graph",
        "title": f"Alignments of {of}" if of else "Alignments",
        "lastChangeDateTime": _date_time(max(days, default=_NEVER)),
        "frameworkType": "crosswalk",
        "caseVersion": "1.1",
    }
    associations = [_association(one, iri) for one in accepted]
    whole = {"CFDocument": document, "CFItems": [], "CFAssociations": associations}
    return json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"


def _association(mapping: Mapping, document: str) -> dict[str, Any]:
    details = dict(mapping.details)
    identifier = case_identifier(f"{document}#{mapping.subject} {mapping.object}")
    said = {"of": "alignment", "predicate": mapping.predicate}
    said |= {name: details[slot] for slot, name in _SLOTS.items() if details.get(slot)}
    return {
        "identifier": identifier,
        "associationType": _TYPES.get(mapping.predicate, "isRelatedTo"),
        "uri": f"urn:uuid:{identifier}",
        "originNodeURI": outside(mapping.subject, mapping.subject_label),
        "destinationNodeURI": outside(mapping.object, mapping.object_label),
        "lastChangeDateTime": _date_time(details.get("mapping_date") or _NEVER),
        "extensions": {EXTENSION: said},
    }


def _date_time(day: str) -> str:
    return f"{day}T00:00:00+00:00"
