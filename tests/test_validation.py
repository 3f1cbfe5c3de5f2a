"""The shapes catch what they should, name it in both languages, and let whole standards through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from authoring import standards
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import DCTERMS, RDF, SH, SKOS, Graph, Literal, URIRef

from ontology.identifiers import Identifiers
from ontology.model import (
    Activity,
    Attitude,
    Classification,
    Competency,
    ConceptKind,
    Doubt,
    Indicator,
    Note,
    Output,
    Place,
    Requirement,
    Standard,
    Statement,
    SubItem,
    Task,
    VersionEntry,
)
from ontology.rdf import to_graph
from ontology.readers import read_standard
from ontology.validation import Finding, Report, Severity, validate
from ontology.vocabulary import CG, schema_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib.term import Node

    Change = Callable[[Graph], None]

identifiers = Identifiers()
IRI = identifiers.standard("icap", "BGM1219-002v2")
VIOLATION, WARNING = Severity.VIOLATION, Severity.WARNING

WHOLE = Standard(
    framework="icap",
    code="BGM1219-002v2",
    name="基層主管",
    version="V2",
    level=4,
    description="管理工作團隊。",
    category=(Classification("BGM", "企業經營管理"),),
    occupation=(Classification("1219", "其他企業服務及行政經理人員"),),
    industry=(Classification("M7010", "企業總管理機構"),),
    tasks=(
        Task(
            "T1",
            "提升團隊效能",
            level=5,
            knowledge=("K1",),
            skills=("S1",),
            activities=(
                Activity(
                    "T1.1",
                    "設定計畫",
                    outputs=(Output("O1.1.1", "計畫書"),),
                    indicators=(Indicator("P1.1.1", "與成員協商", place=Place(20, 1)),),
                ),
            ),
        ),
    ),
    knowledge=(Competency("K1", "原則：", (SubItem(1, "授權"),)),),
    skills=(Competency("S1", "溝通技能"),),
    attitudes=(Attitude("A01", "親和力"),),
    history=(VersionEntry("V2", "BGM1219-002v2", "基層主管", "最新版本"),),
    notes=(Note("prerequisite", "大專以上畢業"),),
    doubts=(Doubt("unfinished-sentence", "S1", "溝通技能"),),
    requirements=(Requirement(ConceptKind.SKILL, "code/onet-content-model/2.A.1.a", "", 4.12, 4.62),),
    statements=(Statement("M1", "Understand ratios"),),
)


def _node(code: str) -> URIRef:
    if code.startswith("#"):
        return URIRef(IRI + code)
    return URIRef(identifiers.element(IRI, code)) if code else URIRef(IRI)


def _value(value: Node | str | int) -> Node:
    return Literal(value) if isinstance(value, str | int) and not isinstance(value, URIRef) else value


def _without(code: str, predicate: URIRef) -> Change:
    return lambda graph: _remove(graph, code, predicate)


def _remove(graph: Graph, code: str, predicate: URIRef) -> None:
    graph.remove((_node(code), predicate, None))


def _with(code: str, predicate: URIRef, value: Node | str | int) -> Change:
    return lambda graph: _add(graph, code, predicate, value)


def _add(graph: Graph, code: str, predicate: URIRef, value: Node | str | int) -> None:
    graph.add((_node(code), predicate, _value(value)))


def _set(code: str, predicate: URIRef, value: Node | str | int) -> Change:
    def change(graph: Graph) -> None:
        _remove(graph, code, predicate)
        _add(graph, code, predicate, value)

    return change


def _level(number: int) -> URIRef:
    return URIRef(identifiers.level("icap", number))


def _concept(*facts: tuple[URIRef, str]) -> Change:
    """Adds a shared concept that says no more than ``facts``."""
    concept = URIRef("http://data.europa.eu/esco/skill/x")

    def change(graph: Graph) -> None:
        graph.add((concept, RDF.type, CG.Concept))
        for predicate, text in facts:
            graph.add((concept, predicate, Literal(text, lang="en" if predicate == SKOS.prefLabel else None)))

    return change


_OTHER = Literal("另一段", lang="zh-Hant")
_KEY = "BGM1219-002v2"

BREAKS: dict[str, tuple[Severity, str, Change]] = {
    "a standard needs one code": (VIOLATION, _KEY, _without("", SKOS.notation)),
    "a standard needs a name": (VIOLATION, _KEY, _without("", SKOS.prefLabel)),
    "a standard has one name in each language": (VIOLATION, _KEY, _with("", SKOS.prefLabel, _OTHER)),
    "a standard belongs to one framework": (
        VIOLATION,
        _KEY,
        _with("", CG.framework, URIRef(identifiers.framework("au"))),
    ),
    "a standard belongs to one series of versions": (VIOLATION, _KEY, _without("", CG.series)),
    "the language of the texts must be one language tag, such as zh-Hant": (
        VIOLATION,
        _KEY,
        _set("", DCTERMS.language, "zh_Hant"),
    ),
    "a standard has at most one level": (VIOLATION, _KEY, _with("", CG.level, _level(5))),
    "an element has one code": (VIOLATION, "K1", _without("K1", SKOS.notation)),
    "an element needs a text": (VIOLATION, "K1", _set("K1", SKOS.prefLabel, " ")),
    "an element has one text in each language": (VIOLATION, "S1", _with("S1", SKOS.prefLabel, _OTHER)),
    "an element belongs to one standard": (VIOLATION, "P1.1.1", _without("P1.1.1", CG.ofStandard)),
    "an element stands in one place": (VIOLATION, "A01", _without("A01", CG.partOf)),
    "an element has one position, from 1": (VIOLATION, "T1", _set("T1", CG.position, 0)),
    "an element has at most one level": (VIOLATION, "T1", _with("T1", CG.level, _level(3))),
    "a line is one whole number from 1": (VIOLATION, "P1.1.1", _set("P1.1.1", CG.line, "20")),
    "a page is one whole number from 1": (VIOLATION, "P1.1.1", _set("P1.1.1", CG.page, 0)),
    "a sub-item's code is that of its parent, # and a number, such as S1#2": (
        VIOLATION,
        "K1.1",
        _set("K1#1", SKOS.notation, "K1.1"),
    ),
    "a sub-item stands in a knowledge or a skill": (
        VIOLATION,
        "K1#1",
        _set("K1#1", CG.partOf, _node("A01")),
    ),
    "required knowledge must be in the standard's list of knowledge": (
        VIOLATION,
        "T1",
        _with("T1", CG.requiresKnowledge, _node("S1")),
    ),
    "required skills must be in the standard's list of skills": (
        VIOLATION,
        "T1.1",
        _with("T1.1", CG.requiresSkill, _node("S99")),
    ),
    "a note is a note, prerequisite, scope, definition or regulation": (
        VIOLATION,
        "note-1",
        _set("#note-1", CG.kind, "remark"),
    ),
    "a statement has one code": (VIOLATION, "M1", _without("M1", SKOS.notation)),
    "a statement needs a text": (VIOLATION, "M1", _without("M1", SKOS.prefLabel)),
    "a statement belongs to one standard": (VIOLATION, "M1", _without("M1", CG.ofStandard)),
    "a statement stands in a standard or under a statement": (VIOLATION, "M1", _without("M1", CG.partOf)),
    "a requirement names one shared concept": (
        VIOLATION,
        "requirement-1",
        _without("#requirement-1", CG.concept),
    ),
    "importance is a number up to 5": (VIOLATION, "requirement-1", _set("#requirement-1", CG.importance, 6)),
    "a rated level is a number from 0 to 7": (
        VIOLATION,
        "requirement-1",
        _set("#requirement-1", CG.ratedLevel, 8),
    ),
    "a shared concept needs a name": (VIOLATION, "x", _concept((CG.conceptKind, "skill"))),
    "a shared concept has one name in each language": (
        VIOLATION,
        "x",
        _concept((CG.conceptKind, "skill"), (SKOS.prefLabel, "lead"), (SKOS.prefLabel, "manage")),
    ),
    "a shared concept is a knowledge, skill, attitude, activity, technology or group": (
        VIOLATION,
        "x",
        _concept((CG.conceptKind, "talent"), (SKOS.prefLabel, "lead")),
    ),
    "a note needs a text": (VIOLATION, "note-1", _without("#note-1", CG.text)),
    "a doubt has a kind, such as unfinished-sentence": (
        VIOLATION,
        "doubt-1",
        _set("#doubt-1", CG.kind, "Unfinished"),
    ),
    "an iCAP code is a category, an occupation code, a serial number and a version, such as BGM1219-002v2": (
        VIOLATION,
        "基層主管",
        _set("", SKOS.notation, "基層主管"),
    ),
    "the level of a standard must be one of 1 to 6": (VIOLATION, _KEY, _without("", CG.level)),
    "a standard needs at least one task": (VIOLATION, _KEY, _without("", CG.hasTask)),
    "no knowledge is listed": (WARNING, _KEY, _without("", CG.hasKnowledge)),
    "no skill is listed": (WARNING, _KEY, _without("", CG.hasSkill)),
    "no attitude is listed": (WARNING, _KEY, _without("", CG.hasAttitude)),
    "no occupation is named": (WARNING, _KEY, _set("#occupation-1", CG.classificationKind, "industry")),
    "the job description is missing": (WARNING, _KEY, _without("", DCTERMS.description)),
    "a task's code is T and a number, such as T1": (VIOLATION, "T1.", _set("T1", SKOS.notation, "T1.")),
    "a task stands in a standard": (VIOLATION, "T1", _set("T1", CG.partOf, _node("A01"))),
    "a task needs at least one activity": (VIOLATION, "T1", _without("T1", CG.hasActivity)),
    "no knowledge is named for the task": (WARNING, "T1", _without("T1", CG.requiresKnowledge)),
    "no skill is named for the task": (WARNING, "T1", _without("T1", CG.requiresSkill)),
    "no level is given for the task": (WARNING, "T1", _without("T1", CG.level)),
    "the level of a task must be one of 1 to 6": (VIOLATION, "T1", _set("T1", CG.level, _level(7))),
    "an activity's code is that of its task and a number, such as T1.1": (
        VIOLATION,
        "T1-1",
        _set("T1.1", SKOS.notation, "T1-1"),
    ),
    "an activity stands in a task": (VIOLATION, "T1.1", _set("T1.1", CG.partOf, _node("A01"))),
    "an activity needs at least one indicator": (VIOLATION, "T1.1", _without("T1.1", CG.hasIndicator)),
    "the level of an activity must be one of 1 to 6": (
        VIOLATION,
        "T1.1",
        _set("T1.1", CG.level, _level(0)),
    ),
    "an output's code is like O1.1.1": (VIOLATION, "01.1.1", _set("O1.1.1", SKOS.notation, "01.1.1")),
    "an output stands in an activity": (VIOLATION, "O1.1.1", _set("O1.1.1", CG.partOf, _node("T1"))),
    "an indicator's code is like P1.1.1": (VIOLATION, "P1.1.1.", _set("P1.1.1", SKOS.notation, "P1.1.1.")),
    "an indicator stands in an activity": (VIOLATION, "P1.1.1", _set("P1.1.1", CG.partOf, _node("T1"))),
    "a knowledge's code is K and a number, such as K1": (
        VIOLATION,
        "K-1",
        _set("K1", SKOS.notation, "K-1"),
    ),
    "a knowledge stands in a standard": (VIOLATION, "K1", _set("K1", CG.partOf, _node("T1"))),
    "no task or activity requires this knowledge": (WARNING, "K1", _without("T1", CG.requiresKnowledge)),
    "a skill's code is S and a number, such as S1": (VIOLATION, "K7", _set("S1", SKOS.notation, "K7")),
    "a skill stands in a standard": (VIOLATION, "S1", _set("S1", CG.partOf, _node("T1"))),
    "no task or activity requires this skill": (WARNING, "S1", _without("T1", CG.requiresSkill)),
    "an attitude's code is A and a number, such as A01": (
        VIOLATION,
        "Ａ01",
        _set("A01", SKOS.notation, "Ａ01"),
    ),
    "an attitude stands in a standard": (VIOLATION, "A01", _set("A01", CG.partOf, _node("T1"))),
    "the code is not in the code list; it is kept as printed": (
        WARNING,
        "M7010",
        _without("#industry-1", CG.resolvesTo),
    ),
    "a row of the version table has no code": (WARNING, "基層主管", _without("#version-1", CG.printedCode)),
    "the code does not fit the task or activity it stands in": (
        WARNING,
        "P1.2.1",
        _set("P1.1.1", SKOS.notation, "P1.2.1"),
    ),
}


def _shapes() -> Graph:
    return Graph().parse(data=schema_text("shapes.ttl"), format="turtle")


def _messages(language: str) -> list[str]:
    found = _shapes().objects(None, SH.message)
    return [str(one) for one in found if isinstance(one, Literal) and one.language == language]


def _said(report: Report, message: str) -> list[Finding]:
    return [one for one in report.findings if f": {message}" in one.message]


def test_a_whole_standard_has_no_findings() -> None:
    report = validate(to_graph(WHOLE, identifiers))
    assert report.conforms
    assert report.findings == ()


@pytest.mark.parametrize("message", BREAKS)
def test_each_shape_catches_what_breaks_it(message: str) -> None:
    severity, code, change = BREAKS[message]
    graph = to_graph(WHOLE, identifiers)
    change(graph)
    report = validate(graph)
    assert [(one.severity, one.code) for one in _said(report, message)] == [(severity, code)]
    assert report.conforms == (not report.violations)
    if severity is VIOLATION:
        assert not report.conforms


def test_every_rule_has_a_graph_that_breaks_it() -> None:
    assert sorted(BREAKS) == sorted(_messages("en"))


def test_every_rule_speaks_both_languages() -> None:
    shapes = _shapes()
    for rule in shapes.subjects(SH.message, unique=True):
        languages = [one.language for one in shapes.objects(rule, SH.message) if isinstance(one, Literal)]
        assert sorted(languages, key=str) == ["en", "zh-Hant"]
    assert len(_messages("en")) == len(set(_messages("en")))


def test_the_bundled_standard_conforms(sample_path: Path) -> None:
    report = validate(to_graph(read_standard(sample_path), identifiers))
    assert report.findings == ()


def test_findings_say_where_and_what_in_both_languages() -> None:
    graph = to_graph(replace(WHOLE, level=7), identifiers)
    (finding,) = validate(graph).findings
    assert finding.focus == IRI
    assert finding.path == "level"
    assert finding.value == "7"
    assert finding.message == "BGM1219-002v2: the level of a standard must be one of 1 to 6 (found: 7)"
    assert finding.message_zh == "BGM1219-002v2：基準級別須為 1 至 6（現為：7）"
    assert str(finding) == finding.message


def test_a_misplaced_code_is_found_at_its_element() -> None:
    (task,) = WHOLE.tasks
    (activity,) = task.activities
    wrong = replace(activity, code="T2.1", outputs=(), indicators=(Indicator("P2.1.1", "與成員協商"),))
    graph = to_graph(replace(WHOLE, tasks=(replace(task, activities=(wrong,)),)), identifiers)
    (finding,) = validate(graph).findings
    assert (finding.severity, finding.focus) == (WARNING, str(_node("T2.1")))


@pytest.mark.parametrize("code", ["C3400", "F4100", "C1820"])
def test_codes_of_older_revisions_are_told_and_not_refused(code: str) -> None:
    graph = to_graph(replace(WHOLE, industry=(Classification(code, "舊碼"),)), identifiers)
    report = validate(graph)
    assert report.conforms
    assert [(one.code, one.path) for one in report.warnings] == [(code, "resolvesTo")]


def test_rules_for_icap_do_not_bind_other_frameworks() -> None:
    foreign = Standard(
        "onet", "11-1011.00", "Chief Executives", language="en", tasks=(Task("8823", "Direct"),)
    )
    assert validate(to_graph(foreign, identifiers)).findings == ()
    nameless = replace(foreign, name="")
    (finding,) = validate(to_graph(nameless, identifiers)).findings
    assert finding.message == "11-1011.00: a standard needs a name"
    base = Identifiers("https://example.org/ns#")
    assert validate(to_graph(foreign, base)).findings == ()
    assert validate(to_graph(WHOLE, base)).findings == ()


def test_a_graph_is_left_as_it_was() -> None:
    graph = to_graph(replace(WHOLE, name=""), identifiers)
    before = set(graph)
    validate(graph)
    assert set(graph) == before


def test_violations_come_first_and_codes_in_their_order() -> None:
    skills = tuple(Competency(f"S{number}", "技能") for number in (10, 9, 1))
    report = validate(to_graph(replace(WHOLE, skills=skills, level=None), identifiers))
    assert [one.code for one in report.findings] == [_KEY, "S9", "S10"]
    assert report.findings == report.violations + report.warnings


def _completed(standard: Standard) -> Standard:
    """A generated standard with what the shapes ask for and the generator may leave out."""
    tasks = tuple(
        replace(
            task,
            activities=tuple(
                replace(
                    one, indicators=one.indicators or (Indicator(f"P{one.code.removeprefix('T')}.1", "說明"),)
                )
                for one in task.activities
            ),
        )
        for task in standard.tasks
    )
    return replace(standard, level=standard.level or 3, tasks=tasks)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.booleans())
def test_whole_standards_of_both_templates_conform(
    data: st.DataObject,
    per_activity: bool,  # noqa: FBT001
) -> None:
    standard = _completed(data.draw(standards(per_activity=per_activity)))
    report = validate(to_graph(standard, identifiers))
    assert report.violations == ()


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.booleans())
def test_an_activity_without_indicators_is_named(
    data: st.DataObject,
    per_activity: bool,  # noqa: FBT001
) -> None:
    standard = _completed(data.draw(standards(per_activity=per_activity)))
    activities = [one for task in standard.tasks for one in task.activities]
    chosen = data.draw(st.sampled_from(activities))
    tasks = tuple(
        replace(
            task,
            activities=tuple(
                replace(one, indicators=()) if one is chosen else one for one in task.activities
            ),
        )
        for task in standard.tasks
    )
    report = validate(to_graph(replace(standard, tasks=tasks), identifiers))
    assert [(one.code, one.path) for one in report.violations] == [(chosen.code, "hasIndicator")]
