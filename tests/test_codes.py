"""Occupation and industry codes resolve by rule, and their hierarchies are whole."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SKOS, Literal, URIRef

from ontology.codes import (
    CATEGORY,
    INDUSTRY,
    OCCUPATION,
    Concept,
    NamedConcept,
    codes_graph,
    open_scheme,
    resolve_printed,
)
from ontology.errors import NotFound
from ontology.identifiers import Identifiers

industries = open_scheme(INDUSTRY)
occupations = open_scheme(OCCUPATION)


def test_the_lists_are_whole() -> None:
    assert (len(occupations), len(industries)) == (554, 737)
    assert [concept.level for concept in industries.narrower(None)] == [1] * 19


@pytest.mark.parametrize(
    ("printed", "code"),
    [("1219", "1219"), (" １２１９ ", "1219"), ("12", "12"), ("0100", "0100"), ("", None), ("9999", None)],
)
def test_occupation_codes_resolve(printed: str, code: str | None) -> None:
    concept = occupations.resolve(printed)
    assert (concept.code if concept else None) == code


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("M7010", "701"),
        ("m7010", "701"),
        ("Ｍ７０１０", "701"),
        ("M70", "70"),
        ("701", "701"),
        ("M", "M"),
        ("N7010", None),
        ("C3400", None),
        ("F4100", None),
        ("C1820", None),
        ("M7019", None),
        ("G45", "45-46"),
        ("G48", "47-48"),
        ("F45", None),
        ("2121442152251925225233513", None),
        ("企業總管理機構", None),
    ],
)
def test_industry_codes_resolve_by_section_and_left_out_classes(printed: str, code: str | None) -> None:
    concept = industries.resolve(printed)
    assert (concept.code if concept else None) == code


@given(st.sampled_from(list(industries)), st.sampled_from([one.code for one in industries.narrower(None)]))
def test_a_code_resolves_under_its_own_section_only(concept: Concept, letter: str) -> None:
    if concept.parent is None:
        return
    section = industries.ancestors(concept.code)[-1].code
    resolved = industries.resolve(letter + concept.code)
    assert resolved == (concept if letter == section else None)


@given(st.sampled_from([*industries, *occupations]))
def test_ancestors_lead_to_the_top_one_level_at_a_time(concept: Concept) -> None:
    scheme = open_scheme(concept.scheme)
    above = scheme.ancestors(concept.code)
    assert [one.level for one in above] == list(range(concept.level - 1, 0, -1))
    for child, parent in zip((concept, *above), above, strict=False):
        assert child in scheme.narrower(parent.code)
    if scheme.name == OCCUPATION or concept.level > 2:
        prefixes = [tuple(one.code.split("-")) for one in above if one.level > 1]
        assert all(concept.code.startswith(prefix) for prefix in prefixes)


@pytest.mark.parametrize(
    ("framework", "kind", "printed", "expected"),
    [
        ("icap", "occupation", "1219", NamedConcept(OCCUPATION, "1219")),
        ("icap", "industry", "M7010", NamedConcept(INDUSTRY, "701")),
        ("icap", "industry", "C3400", None),
        ("icap", "category", " ＢＧＭ ", NamedConcept(CATEGORY, "BGM")),
        ("icap", "category", "FISI", NamedConcept(CATEGORY, "FISI")),
        ("icap", "category", "企業經營管理", None),
        ("icap", "category", "", None),
        ("icap", "name", "BGM", None),
        ("onet", "occupation", "1219", None),
    ],
)
def test_a_printed_code_means_a_concept_of_its_framework_only(
    framework: str, kind: str, printed: str, expected: NamedConcept | None
) -> None:
    assert resolve_printed(framework, kind, printed) == expected


@given(st.text(max_size=8) | st.from_regex(r"[A-S]\d{1,5}", fullmatch=True))
def test_whatever_is_printed_resolves_to_a_code_with_its_digits_or_not_at_all(printed: str) -> None:
    concept = industries.resolve(printed)
    if concept is not None and concept.level > 2:
        digits = (
            unicodedata.normalize("NFKC", printed).strip().lstrip("ABCDEFGHIJKLMNOPQRSabcdefghijklmnopqrs")
        )
        assert digits in (concept.code, f"{concept.code}0")


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(NotFound, match="occupation-mol-tw has no code '98'"):
        occupations.broader("98")
    with pytest.raises(NotFound, match="no classification"):
        open_scheme("isco-08")


def test_both_lists_are_skos_schemes() -> None:
    identifiers = Identifiers()
    graph = codes_graph(identifiers)
    assert len(set(graph.subjects(RDF.type, SKOS.Concept))) == 554 + 737
    company_headquarters = URIRef(identifiers.concept(INDUSTRY, "701"))
    path = list(graph.transitive_objects(company_headquarters, SKOS.broader))
    assert [str(next(graph.objects(one, SKOS.notation))) for one in path] == ["701", "70", "M"]
    assert (company_headquarters, SKOS.prefLabel, Literal("企業總管理機構", lang="zh-Hant")) in graph
    tops = set(graph.subjects(SKOS.topConceptOf, URIRef(identifiers.scheme(INDUSTRY))))
    assert tops == set(graph.objects(URIRef(identifiers.scheme(INDUSTRY)), SKOS.hasTopConcept))
    assert len(tops) == 19


def test_codes_of_real_standards_resolve_or_stay_visible(shared_data: Path) -> None:
    """Of the 905 standards of the catalogue; what does not resolve is of an older revision, several codes
    run together, or no code."""
    catalogue = json.loads((shared_data / "icap" / "catalogue-905.json").read_text(encoding="utf-8"))
    printed = [str(one["occupation_code"] or "") for one in catalogue["standards"].values()]
    resolved = [code for code in printed if occupations.resolve(code)]
    assert len(printed) == 905
    assert len(resolved) > 600
    assert not any(len(code) > 4 for code in resolved)
