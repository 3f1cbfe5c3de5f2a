"""Writer of CTDL-ASN, the JSON-LD of the Credential Registry (https://credreg.net/ctdlasn/terms).

A standard is a ``ceasn:CompetencyFramework`` and, beside it, the ``ceterms:Occupation`` that it describes.
Knowledge, skills, their sub-items, attitudes, outputs, indicators and statements are ``ceasn:Competency``,
told apart by ``competencyCategory``; tasks and activities are ``ceterms:Task``, which an output or indicator
names by ``ceterms:hasTask``. Levels stand at ``ceasn:complexityLevel`` as IRIs. A CTID is a UUIDv5 of an IRI,
so that writing again gives the same.

The context is in the document: the part of the registry's own that is used here. Nothing has to be fetched.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from ontology.writers.writer import Loss, Writer, losses_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontology.identifiers import Identifiers
    from ontology.model import Activity, Classification, Indicator, Output, Standard, Statement, Task

__all__ = ["CTDL_ASN"]

_LANGUAGE_MAPS = (
    "ceasn:name",
    "ceasn:description",
    "ceasn:comment",
    "ceasn:competencyText",
    "ceasn:competencyLabel",
    "ceasn:competencyCategory",
    "ceterms:name",
    "ceterms:description",
    "ceterms:alternateName",
    "ceterms:keyword",
    "ceterms:targetNodeName",
)
_LINKS = (
    "ceasn:hasTopChild",
    "ceasn:isTopChildOf",
    "ceasn:hasChild",
    "ceasn:isChildOf",
    "ceasn:isPartOf",
    "ceasn:complexityLevel",
    "ceasn:exactAlignment",
    "ceasn:alignTo",
    "ceasn:prerequisiteAlignment",
    "ceasn:knowledgeEmbodied",
    "ceasn:skillEmbodied",
    "ceterms:hasTask",
    "ceterms:hasChild",
    "ceterms:isChildOf",
    "ceterms:targetNode",
)
_CONTEXT = {
    "ceasn": "https://purl.org/ctdlasn/terms/",
    "ceterms": "https://purl.org/ctdl/terms/",
    **{term: {"@container": "@language"} for term in _LANGUAGE_MAPS},
    **{term: {"@type": "@id"} for term in _LINKS},
}
_ALIGNMENTS = {
    "exactMatchOf": "ceasn:exactAlignment",
    "isRelatedTo": "ceasn:alignTo",
    "precedes": "ceasn:prerequisiteAlignment",
}
_EMBODIED = {"knowledge": "ceasn:knowledgeEmbodied", "skill": "ceasn:skillEmbodied"}
_CATEGORIES = {
    "knowledge": ("知識", "Knowledge"),
    "skills": ("技能", "Skill"),
    "attitude": ("態度", "Attitude"),
    "output": ("工作產出", "Output"),
    "indicator": ("行為指標", "Performance indicator"),
}
_NO_TERM = "CTDL-ASN has no term for it"
_LOST = {
    "*.place": "CTDL-ASN does not say where in a source a text stands",
    "framework": _NO_TERM,
    "status": "CTDL-ASN has its own list of statuses, into which this word does not go",
    "occupational_category": _NO_TERM,
    "history": "CTDL-ASN names other versions by their identifiers alone",
    "notes[].kind": "notes are comments without a kind",
    "notes[].heading": "notes are comments without a heading",
    "doubts": _NO_TERM,
    "source": "ceasn:source names web addresses, not files",
    "hidden_names": "CTDL-ASN has no names that are not shown",
    "modified": _NO_TERM,
    "broader": _NO_TERM,
    "schemes": _NO_TERM,
    "related": _NO_TERM,
    "details": _NO_TERM,
    "tasks[].category": _NO_TERM,
    "tasks[].work_activities": _NO_TERM,
    "tasks[].printed": "a task has one code",
    "tasks[].activities[].printed": "a task has one code",
    "requirements[].relation": "what is embodied is not graded",
    "requirements[].importance": "what is embodied is not rated",
    "requirements[].level": "what is embodied is not rated",
    "requirements[].suppressed": "what is embodied is not rated",
    "requirements[].not_relevant": "what is embodied is not rated",
    "requirements[].level_suppressed": "what is embodied is not rated",
    "statements[].details": _NO_TERM,
    "associations[].identifier": "an alignment has no identifier",
    "associations[].origin_title": "an alignment has no titles",
    "associations[].destination_title": "an alignment has no titles",
    "associations[].sequence": "alignments have no order",
    "associations[].details": _NO_TERM,
}


class _Writing:
    """The nodes of one standard."""

    def __init__(self, standard: Standard, identifiers: Identifiers) -> None:
        self._standard = standard
        self._identifiers = identifiers
        self._iri = identifiers.of_standard(standard)
        self._nodes: list[dict[str, Any]] = []
        self._tops: list[str] = []

    def nodes(self) -> list[dict[str, Any]]:
        """The framework first, then the occupation, tasks, and competencies in the order of the standard."""
        standard = self._standard
        for task in standard.tasks:
            self._task(task)
        for kind, entries in (("knowledge", standard.knowledge), ("skills", standard.skills)):
            for number, entry in enumerate(entries, 1):
                children = [self._of(f"{entry.code}#{item.number}") for item in entry.items]
                self._competency(
                    entry.code, entry.text, kind, number, printed=entry.printed, children=children
                )
                for position, item in enumerate(entry.items, 1):
                    code = f"{entry.code}#{item.number}"
                    self._competency(code, item.text, kind, position, parents=[self._of(entry.code)])
        for number, attitude in enumerate(standard.attitudes, 1):
            self._competency(
                attitude.code,
                attitude.text or attitude.name,
                "attitude",
                number,
                printed=attitude.printed,
                label=attitude.name if attitude.text else "",
            )
        self._statements()
        return [self._framework(), self._occupation(), *self._nodes]

    def _framework(self) -> dict[str, Any]:
        standard = self._standard
        return _filled(
            {
                "@id": self._iri,
                "@type": "ceasn:CompetencyFramework",
                "ceterms:ctid": _ctid(self._iri),
                "ceasn:identifier": [standard.code],
                "ceasn:name": self._said(standard.name),
                "ceasn:description": self._said(standard.description),
                "ceasn:inLanguage": [standard.language],
                "ceterms:occupationType": self._aligned(standard.occupation),
                "ceterms:industryType": self._aligned(standard.industry),
                "ceasn:hasTopChild": self._tops,
            }
        )

    def _occupation(self) -> dict[str, Any]:
        standard = self._standard
        iri = f"{self._iri}{';' if '#' in self._identifiers.base else '#'}occupation"
        node: dict[str, Any] = {
            "@id": iri,
            "@type": "ceterms:Occupation",
            "ceterms:ctid": _ctid(iri),
            "ceterms:codedNotation": standard.code,
            "ceterms:name": self._said(standard.name),
            "ceterms:alternateName": self._said_all(standard.alternative_names),
            "ceterms:description": self._said(standard.description),
            "ceterms:inLanguage": [standard.language],
            "ceterms:versionIdentifier": _version(standard.version),
            "ceterms:classification": self._aligned(standard.category),
            "ceterms:occupationType": self._aligned(standard.occupation),
            "ceterms:industryType": self._aligned(standard.industry),
            "ceasn:complexityLevel": self._level(standard.level),
            "ceterms:hasTask": [self._of(task.code) for task in standard.tasks],
            "ceasn:comment": self._said_all(note.text for note in standard.notes),
            "ceterms:requires": self._required_attitudes(),
        }
        for one in standard.requirements:
            if term := _EMBODIED.get(one.kind.value):
                node.setdefault(term, []).append(self._identifiers.absolute(one.concept))
        return _filled(node)

    def _required_attitudes(self) -> list[dict[str, Any]]:
        targets = [
            {
                "@type": "ceterms:CredentialAlignmentObject",
                "ceterms:targetNode": self._of(one.code),
                "ceterms:targetNodeName": self._said(one.name),
            }
            for one in self._standard.attitudes
        ]
        if not targets:
            return []
        return [{"@type": "ceterms:ConditionProfile", "ceterms:targetCompetency": targets}]

    def _task(self, task: Task) -> None:
        self._work(task, children=[one.code for one in task.activities])
        for activity in task.activities:
            self._work(activity, parent=task.code)
            coded: tuple[tuple[str, Sequence[Output | Indicator]], ...] = (
                ("output", activity.outputs),
                ("indicator", activity.indicators),
            )
            for kind, entries in coded:
                for number, entry in enumerate(entries, 1):
                    self._competency(
                        entry.code, entry.text, kind, number, printed=entry.printed, task=activity.code
                    )

    def _work(self, work: Task | Activity, *, parent: str = "", children: Iterable[str] = ()) -> None:
        iri = self._of(work.code)
        self._nodes.append(
            _filled(
                {
                    "@id": iri,
                    "@type": "ceterms:Task",
                    "ceterms:ctid": _ctid(iri),
                    "ceterms:codedNotation": work.code,
                    "ceterms:name": self._said(work.name),
                    "ceterms:isChildOf": [self._of(parent)] if parent else [],
                    "ceterms:hasChild": [self._of(code) for code in children],
                    "ceasn:complexityLevel": self._level(work.level),
                    "ceasn:knowledgeEmbodied": [self._of(code) for code in work.knowledge],
                    "ceasn:skillEmbodied": [self._of(code) for code in work.skills],
                }
            )
        )

    def _competency(
        self,
        code: str,
        text: str,
        kind: str,
        number: int,
        *,
        printed: str | None = None,
        label: str = "",
        parents: Sequence[str] = (),
        children: Sequence[str] = (),
        task: str = "",
    ) -> None:
        words = _CATEGORIES[kind]
        category = words[0 if self._standard.language.lower().startswith("zh") else 1]
        self._nodes.append(
            _filled(
                {
                    **self._competency_head(code, parents),
                    "ceasn:altCodedNotation": [] if printed is None else [printed],
                    "ceasn:listID": str(number),
                    "ceasn:competencyCategory": self._said(category),
                    "ceasn:competencyLabel": self._said(label),
                    "ceasn:competencyText": self._said(text),
                    "ceasn:hasChild": list(children),
                    "ceterms:hasTask": [self._of(task)] if task else [],
                }
            )
        )

    def _competency_head(self, code: str, parents: Sequence[str]) -> dict[str, Any]:
        iri = self._of(code)
        if not parents:
            self._tops.append(iri)
        return {
            "@id": iri,
            "@type": "ceasn:Competency",
            "ceterms:ctid": _ctid(iri),
            "ceasn:isPartOf": self._iri,
            "ceasn:isTopChildOf": "" if parents else self._iri,
            "ceasn:isChildOf": list(parents),
            "ceasn:codedNotation": code,
        }

    def _statements(self) -> None:
        for number, statement in enumerate(self._standard.statements, 1):
            self._nodes.append(self._statement(statement, number))

    def _statement(self, one: Statement, number: int) -> dict[str, Any]:
        language = one.language or self._standard.language
        node: dict[str, Any] = {
            **self._competency_head(one.code, [self._of(code) for code in one.parents]),
            "ceasn:inLanguage": [one.language] if one.language else [],
            "ceasn:altCodedNotation": [] if one.printed is None else [one.printed],
            "ceasn:listID": str(number),
            "ceasn:competencyCategory": {language: one.category} if one.category else {},
            "ceasn:competencyLabel": {language: one.abbreviation} if one.abbreviation else {},
            "ceasn:competencyText": {language: one.text} if one.text else {},
            "ceasn:comment": {language: [one.note]} if one.note else {},
            "ceasn:exactAlignment": [one.iri] if one.iri else [],
        }
        codes = {other.code for other in self._standard.statements}
        for link in self._standard.associations:
            term = _ALIGNMENTS.get(link.kind)
            if term and link.origin == one.code:
                end = link.destination
                target = self._of(end) if end in codes else self._identifiers.absolute(end)
                node.setdefault(term, []).append(target)
        return _filled(node)

    def _of(self, code: str) -> str:
        return self._identifiers.element(self._iri, code)

    def _level(self, level: int | None) -> list[str]:
        return [] if level is None else [self._identifiers.level(self._standard.framework, level)]

    def _said(self, text: str) -> dict[str, str]:
        return {self._standard.language: text} if text else {}

    def _said_all(self, texts: Iterable[str]) -> dict[str, list[str]]:
        found = [text for text in texts if text]
        return {self._standard.language: found} if found else {}

    def _aligned(self, codes: Sequence[Classification]) -> list[dict[str, Any]]:
        return [
            _filled(
                {
                    "@type": "ceterms:CredentialAlignmentObject",
                    "ceterms:codedNotation": one.code,
                    "ceterms:targetNodeName": self._said(one.name),
                }
            )
            for one in codes
        ]


def _version(version: str) -> list[dict[str, str]]:
    if not version:
        return []
    return [{"@type": "ceterms:IdentifierValue", "ceterms:identifierValueCode": version}]


def _ctid(iri: str) -> str:
    return f"ce-{uuid.uuid5(uuid.NAMESPACE_URL, iri)}"


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in ("", [], {})}


def _write(standards: Sequence[Standard], identifiers: Identifiers) -> bytes:
    graph = [node for standard in standards for node in _Writing(standard, identifiers).nodes()]
    return (json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, indent=2) + "\n").encode()


def _losses(standards: Sequence[Standard]) -> tuple[Loss, ...]:
    found = list(losses_of(standards, _LOST))
    for standard in standards:
        codes = {one.code for one in standard.statements}
        others = [
            one for one in standard.associations if one.kind not in _ALIGNMENTS or one.origin not in codes
        ]
        kinds = [one for one in standard.requirements if one.kind.value not in _EMBODIED]
        for path, values, reason in (
            ("associations", others, "CTDL-ASN has no alignment of this kind, or it starts elsewhere"),
            ("requirements", kinds, "an occupation embodies knowledge and skills alone"),
        ):
            if values:
                found.append(Loss(standard.code, path, reason, len(values)))
    return tuple(found)


CTDL_ASN = Writer("ctdl-asn", "CTDL-ASN", "application/ld+json", ".ctdl-asn.jsonld", _write, _losses)
