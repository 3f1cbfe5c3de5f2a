"""Writer of SSSOM mapping sets as TSV (https://mapping-commons.github.io/sssom/spec-formats-tsv/), and as
JSON (https://mapping-commons.github.io/sssom/spec-formats-json/).

They hold the mappings that touch the chosen standards, and the matches that their own associations state.

The header is the mapping set's metadata as YAML in lines that begin with ``#``. Identifiers are CURIEs where
a prefix of the map fits, else whole IRIs.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

from ontology.dataset import Mapping
from ontology.identifiers import ONTOLOGY
from ontology.writers.writer import Loss, Shared, Writer, filled_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = ["SSSOM_TSV", "mappings_to_json"]

_PREDICATES = {"exactMatchOf": "exactMatch", "isRelatedTo": "relatedMatch"}
_PREFIXES = {
    "esco": "http://data.europa.eu/esco/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
)
_EXTENSIONS = {
    "ext_method": "linkMethod",
    "ext_model": "linkModel",
    "ext_status": "linkStatus",
    "ext_zone": "linkZone",
}
_LICENSE = "https://w3id.org/sssom/license/unspecified"
_LOCAL = re.compile(r"[^\s:][^\s]*")
_ONLY_MAPPINGS = "SSSOM carries mappings alone"
_CARRIED = {
    "associations",
    "associations[].kind",
    "associations[].origin",
    "associations[].destination",
    "associations[].origin_title",
    "associations[].destination_title",
}


def _own(standard: Standard, identifiers: Identifiers) -> Iterator[Mapping]:
    iri = identifiers.of_standard(standard)
    codes = {one.code for one in standard.statements}
    for one in standard.associations:
        if one.kind in _PREDICATES:
            subject, target = (
                identifiers.element(iri, end) if end in codes else identifiers.absolute(end)
                for end in (one.origin, one.destination)
            )
            titles = one.origin_title, one.destination_title
            yield Mapping(subject, _PREDICATES[one.kind], target, *titles)


def _write(standards: Sequence[Standard], identifiers: Identifiers) -> bytes:
    return _write_shared(standards, identifiers, Shared())


def _write_shared(standards: Sequence[Standard], identifiers: Identifiers, shared: Shared) -> bytes:
    own = (mapping for standard in standards for mapping in _own(standard, identifiers))
    mappings = list(dict.fromkeys([*shared.mappings, *own]))
    prefixes = {"id": identifiers.base, **_PREFIXES}
    slots = {name for one in mappings for name, _ in one.details} - set(_COLUMNS)
    if any(one.is_negated for one in mappings):
        slots.add("predicate_modifier")
    stream = io.StringIO()
    stream.write("#curie_map:\n")
    for prefix, base in sorted(prefixes.items()):
        stream.write(f"#  {prefix}: {json.dumps(base)}\n")
    if extensions := sorted(slots & set(_EXTENSIONS)):
        stream.write("#extension_definitions:\n")
        for slot in extensions:
            term = json.dumps(ONTOLOGY + _EXTENSIONS[slot])
            stream.write(f"#  - slot_name: {slot}\n#    property: {term}\n#    type_hint: xsd:string\n")
    stream.write(f"#license: {json.dumps(_LICENSE)}\n")
    stream.write(f"#mapping_set_id: {json.dumps(identifiers.base + 'mappings')}\n")
    table = csv.writer(stream, delimiter="\t", lineterminator="\n")
    further = sorted(slots)
    table.writerow((*_COLUMNS, *further))
    for one in mappings:
        slots_of = _slots(one, identifiers, prefixes)
        table.writerow(slots_of.get(slot, "") for slot in (*_COLUMNS, *further))
    return stream.getvalue().encode()


def _slots(one: Mapping, identifiers: Identifiers, prefixes: dict[str, str]) -> dict[str, str]:
    """The slots of a mapping, as text; those that are empty may be left out."""
    return {
        "subject_id": _short(identifiers.absolute(one.subject), prefixes),
        "subject_label": one.subject_label,
        "predicate_id": f"skos:{one.predicate}",
        "object_id": _short(identifiers.absolute(one.object), prefixes),
        "object_label": one.object_label,
        "mapping_justification": one.justification,
        "confidence": "" if one.confidence is None else f"{one.confidence:.10g}",
        **{name: text for name, text in one.details if name not in _COLUMNS},
        **({"predicate_modifier": "Not"} if one.is_negated else {}),
    }


def mappings_to_json(mappings: Sequence[Mapping], identifiers: Identifiers) -> bytes:
    """The mappings as an SSSOM mapping set in JSON: the slots of its TSV, with whole IRIs."""
    rows: list[dict[str, object]] = []
    for one in mappings:
        row: dict[str, object] = {name: text for name, text in _slots(one, identifiers, {}).items() if text}
        row["predicate_id"] = _PREFIXES["skos"] + one.predicate
        row["mapping_justification"] = one.justification.replace("semapv:", _PREFIXES["semapv"], 1)
        if one.confidence is not None:
            row["confidence"] = one.confidence
        if "reviewer_label" in row:
            # a slot that may have several values
            row["reviewer_label"] = [row["reviewer_label"]]
        rows.append(row)
    used = {name for row in rows for name in row} & set(_EXTENSIONS)
    whole = {
        "mapping_set_id": identifiers.base + "mappings",
        "license": _LICENSE,
        "extension_definitions": [
            {"slot_name": name, "property": ONTOLOGY + _EXTENSIONS[name], "type_hint": "xsd:string"}
            for name in sorted(used)
        ],
        "mappings": rows,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"


def _short(iri: str, prefixes: dict[str, str]) -> str:
    for prefix, base in prefixes.items():
        local = iri.removeprefix(base)
        if local != iri and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return iri


def _losses(standards: Sequence[Standard]) -> tuple[Loss, ...]:
    """Everything of a standard but its mappings; one loss for each of its fields."""
    found = []
    for standard in standards:
        for path, count in sorted(filled_fields(standard).items()):
            if path not in _CARRIED:
                found.append(Loss(standard.code, path, _ONLY_MAPPINGS, count))
        others = [one for one in standard.associations if one.kind not in _PREDICATES]
        if others:
            found.append(Loss(standard.code, "associations", "the link is no match", len(others)))
    return tuple(found)


SSSOM_TSV = Writer(
    "sssom",
    "SSSOM",
    "text/tab-separated-values",
    ".sssom.tsv",
    _write,
    _losses,
    write_shared=_write_shared,
    most=5_000,
)
