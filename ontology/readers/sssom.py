"""Mappings as SSSOM in TSV (https://mapping-commons.github.io/sssom/): a header in YAML behind ``#``, then a
table.

Slots of the header that hold for every mapping (``subject_source``, ``mapping_tool`` …) are propagated to
the mappings that do not say otherwise, as the specification has it; the other slots belong to the set. Every
slot of a mapping that the model has no field for is kept in its details.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ontology.dataset import Dataset, DatasetInfo, Mapping
from ontology.errors import DocumentError
from ontology.readers.csv_table import CsvTable
from ontology.readers.esco_links import valid_iri
from ontology.readers.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ontology.dataset import Item, Progress
    from ontology.model import Doubt
    from ontology.readers.csv_table import Row

__all__ = ["SssomDataset", "is_sssom", "open_sssom"]

_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_FIELDS = frozenset({*_REQUIRED, "subject_label", "object_label", "confidence", "predicate_modifier"})
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_SEMAPV = "https://w3id.org/semapv/vocab/"
_BUILT_IN = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": _SEMAPV,
    "skos": _SKOS,
    "sssom": "https://w3id.org/sssom/",
}
_PREDICATES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "mappingRelation")
_JUSTIFICATIONS = (
    "LexicalMatching",
    "LogicalReasoning",
    "CompositeMatching",
    "UnspecifiedMatching",
    "SemanticSimilarityThresholdMatching",
    "LexicalSimilarityThresholdMatching",
    "MappingChaining",
    "MappingInversion",
    "MappingReview",
    "ManualMappingCuration",
    "InstanceBasedMatching",
    "BackgroundKnowledgeBasedMatching",
    "StructuralMatching",
)
_PROPAGATED = frozenset(
    {
        *("mapping_date", "mapping_provider", "mapping_tool", "mapping_tool_id", "mapping_tool_version"),
        *("object_match_field", "object_preprocessing", "object_source", "object_source_version"),
        *("object_type", "predicate_type", "similarity_measure", "subject_match_field"),
        *("subject_preprocessing", "subject_source", "subject_source_version", "subject_type"),
    }
)
_NO_TERM = "https://w3id.org/sssom/NoTermFound"
_LARGEST_HEADER = 1_000_000


def is_sssom(path: Path) -> bool:
    """Whether a file's table has the columns that SSSOM requires."""
    if not path.is_file() or path.suffix.lower() not in {".tsv", ".sssom"}:
        return False
    try:
        return set(_REQUIRED) <= set(_table(path)[0].header())
    except (DocumentError, OSError):
        return False


def open_sssom(path: Path) -> SssomDataset:
    """The mapping set in a file. Raises ``DocumentError`` where its header cannot be read."""
    table, lines = _table(path)
    return SssomDataset(table, _header(path, lines))


class SssomDataset(Dataset):
    """A mapping set; its key is ``mapping-`` with the end of its identifier, or of the file's name."""

    def __init__(self, table: CsvTable, header: dict[str, Any]) -> None:
        self._table = table
        self._tally = Tally()
        prefixes = header.pop("curie_map", None) or {}
        if not isinstance(prefixes, dict):
            raise DocumentError(
                "the prefixes are no map", file=table.called, field="curie_map", expected="names and IRIs"
            )
        self._prefixes = _BUILT_IN | {str(name): str(iri) for name, iri in prefixes.items()}
        slots = {name: _as_text(value) for name, value in header.items()}
        self._propagated = {name: text for name, text in slots.items() if name in _PROPAGATED}
        identifier = slots.get("mapping_set_id", "")
        named = re.split(r"[/#:]", identifier.rstrip("/#"))[-1] or table.name
        creators = slots.get("creator_label") or slots.get("creator_id") or ""
        self.info = DatasetInfo(
            key="mapping-" + (re.sub(r"(\.sssom)?(\.tsv)?$", "", named) or "set"),
            framework="",
            title=slots.get("mapping_set_title") or identifier or table.name,
            version=slots.get("mapping_set_version", ""),
            licence=slots.get("license", ""),
            attribution=creators,
            source=table.name,
            details=tuple(
                (name, text)
                for name, text in slots.items()
                if name not in _PROPAGATED
                and name not in {"mapping_set_title", "mapping_set_version", "license"}
            ),
        )

    def doubts(self) -> tuple[Doubt, ...]:
        return self._tally.doubts()

    def _items(self, progress: Progress) -> Iterator[Item]:
        self._tally = Tally()
        rows = list(self._table.rows(may_be_short=True))
        seen: dict[tuple[str, str, str], int] = {}
        for number, row in enumerate(rows):
            progress("Reading mappings", number, len(rows))
            mapping = self._mapping(row)
            if _NO_TERM in (mapping.subject, mapping.object):
                message = "it is said that nothing corresponds; no link is made"
                self._tally.add(
                    "no-term", f"{self._table.name}, object_id", row["subject_id"], message, row.line
                )
                continue
            link = (mapping.subject, mapping.predicate, mapping.object)
            if seen.setdefault(link, row.line) != row.line:
                self._refuse(
                    row, "object_id", f"the mapping is also on line {seen[link]}", "each mapping once"
                )
            yield mapping
        progress("Reading mappings", len(rows), len(rows))

    def _mapping(self, row: Row) -> Mapping:
        modifier = row.get("predicate_modifier")
        if modifier not in ("", "Not"):
            self._refuse(row, "predicate_modifier", f"found {modifier!r}", "Not, or nothing")
        details = self._propagated | {
            name: cell for name, cell in row.cells.items() if cell and name not in _FIELDS
        }
        return Mapping(
            subject=self._expanded(row, "subject_id"),
            predicate=self._term(row, "predicate_id", _SKOS, "skos", _PREDICATES),
            object=self._expanded(row, "object_id"),
            subject_label=row.get("subject_label"),
            object_label=row.get("object_label"),
            justification="semapv:"
            + self._term(row, "mapping_justification", _SEMAPV, "semapv", _JUSTIFICATIONS),
            confidence=self._confidence(row),
            is_negated=bool(modifier),
            details=tuple(sorted(details.items())),
        )

    def _term(self, row: Row, column: str, namespace: str, prefix: str, known: tuple[str, ...]) -> str:
        name = self._expanded(row, column).removeprefix(namespace)
        if name not in known:
            expected = "one of " + ", ".join(f"{prefix}:{one}" for one in known)
            self._refuse(row, column, f"found {row[column]!r}", expected)
        return name

    def _expanded(self, row: Row, column: str) -> str:
        """The IRI of a CURIE; an IRI is one already."""
        printed = row[column]
        prefix, colon, rest = printed.partition(":")
        if prefix in self._prefixes:
            return valid_iri(self._prefixes[prefix] + rest, self._table, row, column)
        if rest.startswith("//"):
            return valid_iri(printed, self._table, row, column)
        message = f"the prefix of {printed!r} is not in curie_map" if colon else f"found {printed!r}"
        self._refuse(row, column, message, "a CURIE")
        raise AssertionError("the line before raises")

    def _confidence(self, row: Row) -> float | None:
        printed = row.get("confidence")
        if not printed:
            return None
        if not re.fullmatch(r"0*(0(\.\d+)?|1(\.0*)?|\.\d+)([eE]-?\d{1,3})?", printed) or float(printed) > 1:
            self._refuse(row, "confidence", f"found {printed!r}", "a number from 0 to 1")
        return float(printed)

    def _refuse(self, row: Row, column: str, message: str, expected: str) -> None:
        raise DocumentError(message, file=self._table.called, line=row.line, field=column, expected=expected)


def _table(path: Path) -> tuple[CsvTable, list[str]]:
    """The table behind the header, and the lines of the header without their ``#``."""
    lines: list[str] = []
    size = 0
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as stream:
            while (line := stream.readline(_LARGEST_HEADER)).startswith("#"):
                lines.append(line[1:].rstrip("\r\n"))
                size += len(line)
                if size > _LARGEST_HEADER:
                    raise DocumentError(
                        "the header is too large",
                        file=str(path),
                        expected=f"at most {_LARGEST_HEADER} characters",
                    )
    except OSError as error:
        raise DocumentError(f"the file cannot be opened: {error.strerror}", file=str(path)) from error
    return CsvTable(path, size=path.stat().st_size, skip=len(lines), separator="\t"), lines


def _header(path: Path, lines: list[str]) -> dict[str, Any]:
    """The slots of the header, all as texts; ``DocumentError`` where it is no map in YAML."""
    import yaml

    text = "\n".join(lines)
    try:
        events = yaml.parse(text, Loader=yaml.BaseLoader)
        if any(isinstance(event, yaml.AliasEvent) for event in events):
            raise DocumentError("the header has an alias", file=str(path), expected="plain YAML")
        # The base loader makes texts of all scalars: a date or a version number stays as it is printed.
        header = yaml.load(text, Loader=yaml.BaseLoader) if text.strip() else {}  # noqa: S506
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        raise DocumentError(
            "the header is no YAML", file=str(path), line=None if line is None else line + 1
        ) from error
    if header is None:
        return {}
    if not isinstance(header, dict):
        raise DocumentError("the header is no map", file=str(path), line=1, expected="names and values")
    return header


def _as_text(value: object) -> str:
    """Several values as SSSOM writes them in a cell, between bars."""
    if isinstance(value, list):
        return "|".join(_as_text(one) for one in value)
    if isinstance(value, dict):
        return "|".join(f"{name}: {_as_text(one)}" for name, one in value.items())
    return str(value)
