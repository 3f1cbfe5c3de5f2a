"""Filters let through what they say, hierarchies included, and facets count what the filters would give."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from ontology.model import Classification
from ontology.readers import read_standard
from search import FACETS, Filters, SearchIndex, ToyEmbedder, passages_of
from search.facets import FACET_DEPTH, FACET_VALUES, count_facets
from search.filters import FilterTable
from search.scope import Scope

if TYPE_CHECKING:
    from pathlib import Path

    from api.services import Services
    from ontology.model import Standard
    from search import FacetValue


def classified(standard: Standard, code: str, occupation: str, industry: str, level: int) -> Standard:
    return replace(
        standard,
        code=code,
        version="1",
        level=level,
        category=(Classification("BGM", "經營管理"),),
        occupation=(Classification(occupation, "printed"),),
        industry=(Classification(industry, "printed"),),
    )


@pytest.fixture(scope="module")
def index(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    sample = read_standard(sample_path)
    standards = (
        classified(sample, "AAA1219-001", "1219", "M7010", 3),
        classified(sample, "BBB2511-001", "2511", "C2611", 5),
        replace(classified(sample, "CCC1111-001", "1111", "ZZ9", 4), framework="esco"),
    )
    return SearchIndex.build(passages_of(standards), ToyEmbedder(), tmp_path_factory.mktemp("index"))


def found(index: SearchIndex, filters: Filters) -> set[str]:
    return {hit.standard for hit in index.search("團隊衝突", limit=1000, filters=filters).hits}


@pytest.mark.parametrize("typed", ["1", "12", "121", "1219", "occupation-mol-tw:12", " １２ "])
def test_an_occupation_finds_what_is_below_it(index: SearchIndex, typed: str) -> None:
    assert found(index, Filters(occupations=(typed,))) == {"AAA1219-001v1"} | (
        {"CCC1111-001v1"} if typed == "1" else set()
    )


@pytest.mark.parametrize("typed", ["M", "m", "70", "701", "M7010", "industry-dgbas-tw:70"])
def test_an_industry_finds_what_is_below_it_as_printed_or_listed(index: SearchIndex, typed: str) -> None:
    assert found(index, Filters(industries=(typed,))) == {"AAA1219-001v1"}


def test_groups_of_isco_are_told_from_those_of_taiwan_by_their_scheme(index: SearchIndex) -> None:
    assert found(index, Filters(occupations=("isco-08:11",))) == {"CCC1111-001v1"}
    assert found(index, Filters(occupations=("occupation-mol-tw:1",))) == {"AAA1219-001v1"}


def test_a_code_that_is_in_no_list_is_found_as_printed(index: SearchIndex) -> None:
    assert found(index, Filters(industries=("zz9",))) == {"CCC1111-001v1"}
    assert found(index, Filters(industries=("ZZ",))) == set()


def test_several_values_widen_and_several_filters_narrow(index: SearchIndex) -> None:
    assert found(index, Filters(occupations=("12", "25"))) == {"AAA1219-001v1", "BBB2511-001v1"}
    assert found(index, Filters(occupations=("12", "25"), industries=("C",))) == {"BBB2511-001v1"}
    assert found(index, Filters(categories=("category-icap:bgm",))) == {"AAA1219-001v1", "BBB2511-001v1"}


def test_levels_are_bounded_on_both_sides(index: SearchIndex) -> None:
    for low, high in ((None, 3), (4, None), (4, 4), (5, 3)):
        hits = index.search("團隊", limit=1000, filters=Filters(level_min=low, level_max=high)).hits
        levels = {hit.level for hit in hits}
        expected = {one.level for one in index.passages if one.level is not None}
        assert levels == {one for one in expected if (low or 0) <= one <= (high or 99)}


def test_a_filter_and_its_shortcut_are_the_same(index: SearchIndex) -> None:
    by_filter = index.search("團隊", filters=Filters(kinds=("skill",)))
    assert by_filter.hits == index.search("團隊", kinds=("skill",)).hits
    assert {hit.kind for hit in by_filter.hits} == {"skill"}


def counted(values: tuple[FacetValue, ...]) -> dict[str, int]:
    return {one.value: one.count for one in values}


def test_facets_count_what_each_choice_would_give(index: SearchIndex) -> None:
    whole = index.search("團隊衝突", facets=True).facets
    assert set(whole) == set(FACETS)
    kinds = counted(whole["kind"])
    assert len(kinds) > 2
    assert sum(kinds.values()) == sum(counted(whole["framework"]).values())
    # another filter narrows the facet, its own does not
    narrowed = index.search("團隊衝突", facets=True, filters=Filters(kinds=("skill",))).facets
    assert counted(narrowed["kind"]) == kinds
    assert sum(counted(narrowed["standard"]).values()) == kinds["skill"]
    by_standard = index.search("團隊衝突", facets=True, filters=Filters(standards=("AAA1219-001v1",))).facets
    assert counted(by_standard["standard"]) == counted(whole["standard"])
    assert (
        counted(by_standard["occupation"])["occupation-mol-tw:12"]
        == counted(whole["standard"])["AAA1219-001v1"]
    )


def test_facets_of_codes_count_the_elements_named_and_what_is_below(index: SearchIndex) -> None:
    result = index.search("T1", facets=True, limit=1000)
    assert sum(one.count for one in result.facets["kind"]) == result.total > 0


def test_a_facet_has_a_name_and_its_most_frequent_values_first(index: SearchIndex) -> None:
    facets = index.search("團隊衝突", facets=True).facets
    names = {one.value: one.label for one in facets["occupation"]}
    assert names["occupation-mol-tw:1"] == "民意代表、主管及經理人員"
    for name, values in facets.items():
        assert len(values) <= FACET_VALUES
        if name != "level":
            assert [one.count for one in values] == sorted((one.count for one in values), reverse=True)
    assert [one.value for one in facets["level"]] == sorted(one.value for one in facets["level"])


def test_facets_are_counted_over_the_best_hits_only(sample_path: Path) -> None:
    one = passages_of(read_standard(sample_path))[5]
    passages = [replace(one, kind="skill" if row % 2 else "task") for row in range(2 * FACET_DEPTH)]
    scores = np.array([1.0 if row % 2 else 0.5 for row in range(len(passages))], np.float32)
    scope = Scope(FilterTable.of(passages), np.ones(len(passages), np.bool_), {}, all_versions=True)
    facets = count_facets(np.arange(len(passages)), scores, scope)
    assert counted(facets["kind"]) == {"skill": FACET_DEPTH}


def test_the_api_answers_facets_that_filter(services: Services) -> None:
    client = TestClient(create_app(services))
    answer = client.get("/api/v1/search", params={"q": "處理團隊衝突", "limit": 100}).json()
    for name in ("framework", "kind", "standard", "category", "occupation", "industry"):
        for one in answer["facets"][name]:
            chosen = client.get("/api/v1/search", params={"q": "處理團隊衝突", name: one["value"]}).json()
            assert chosen["total"] >= one["count"] > 0, (name, one)
            assert one["label"]
    levels = [int(one["value"]) for one in answer["facets"]["level"]]
    params = {"q": "團隊", "level_min": str(levels[-1]), "level_max": str(levels[-1]), "limit": "100"}
    hits = client.get("/api/v1/search", params=params).json()["hits"]
    assert {hit["level"] for hit in hits} == {levels[-1]}


def test_the_page_narrows_by_links_that_can_be_taken_back(services: Services) -> None:
    client = TestClient(create_app(services))
    page = client.get("/", params={"q": "處理團隊衝突", "hl": "en"}).text
    links = re.findall(
        r'href="(/[^"]*industry=([^"&]+)[^"]*)"[^>]*>[^<]*(?:<[^>]*>[^<]*)*?<span class="count">(\d+)<', page
    )
    assert len(links) > 1
    for address, value, count in links:
        narrowed = client.get(html.unescape(address)).text
        total = re.search(r"<strong>(\d+) elements", narrowed)
        assert total
        assert int(total[1]) >= int(count) > 0
        back = re.search(r'href="([^"]*)" aria-current="true"', narrowed)
        assert back, value
        assert "industry=" not in back[1]


def test_the_page_bounds_the_level_and_counts_each(services: Services) -> None:
    client = TestClient(create_app(services))
    page = client.get("/", params={"q": "團隊", "hl": "en"}).text
    least = re.search(r'<select id="level_min".*?</select>', page, re.DOTALL)
    assert least
    levels = re.findall(r'<option value="(\d)"[^>]*>[^<]*\((\d+)\)', least[0])
    assert len(levels) > 1
    for level, count in levels:
        bounded = client.get("/", params={"q": "團隊", "hl": "en", "level_min": level, "level_max": level})
        total = re.search(r"<strong>(\d+) elements", bounded.text)
        assert total
        assert int(total[1]) >= int(count) > 0
    assert client.get("/", params={"q": "團隊", "level": "x"}).status_code == 200
