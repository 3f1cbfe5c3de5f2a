"""The same in forty standards is one hit with forty places; nothing is lost or shown twice between pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from ontology.errors import NotFound
from ontology.readers import read_standard
from search import Filters, Passage, SearchIndex, ToyEmbedder, passages_of
from search.duplicates import Duplicates, first_of_each, same_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.services import Services
    from search import Hit

COPIES = 7


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("處理團隊衝突", "处理团队冲突", "zh-Hant"),
        ("溝通、協調技能", "溝通 協調技能：", "zh-Hant"),
        ("使用Excel製作報表", "使用 Ｅｘｃｅｌ 製作報表。", "zh-Hant"),
        ("decision-making", "Decision making", "en"),
        ("  team   work ", "team work.", "en"),
        ("ISO９００１:2015", "ISO9001:2015", "en"),
        ("résumé", "re\u0301sume\u0301", "en"),
    ],
)
def test_trivial_differences_do_not_count(one: str, other: str, language: str) -> None:
    assert same_text(one, language) == same_text(other, language) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("C#", "C"),
        ("1.5 m", "15 m"),
        ("1 000", "1000"),
        ("5%", "5"),
        ("R&D", "RD"),
        ("má", "mà"),
        ("therapist", "the rapist"),
        ("5 < 7", "5 7"),
    ],
)
def test_what_tells_terms_apart_counts(one: str, other: str) -> None:
    assert same_text(one, "en") != same_text(other, "en")


@given(st.text(max_size=30))
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    folded = same_text(text, "en")
    assert same_text(folded, "en") == folded
    assert same_text(f"  {text}。", "en") == folded


def passage(number: int, text: str, kind: str = "skill", lang: str = "zh-Hant") -> Passage:
    return Passage(
        iri=f"https://example.org/{9 - number}/S1",
        code="S1",
        kind=kind,
        text=text,
        lang=lang,
        framework="icap",
        standard=f"AAA{number}v1",
        standard_name="a",
        standard_iri=f"https://example.org/{9 - number}",
    )


def test_only_elements_of_one_kind_and_language_are_folded() -> None:
    passages = [
        passage(0, "安全"),
        passage(1, "安全。"),
        passage(2, "安全", kind="knowledge"),
        passage(3, "安全", lang="ja"),
        passage(4, "安全", lang="zh-Hans"),
        passage(5, "…"),
        passage(6, "…"),
        passage(7, "安全", kind="standard"),
        passage(8, "安全", kind="standard"),
    ]
    duplicates = Duplicates.of(passages)
    assert sorted(duplicates.alike(1).tolist()) == [0, 1, 4]
    assert duplicates.alike(1).tolist() == [4, 1, 0], "by IRI"
    assert all(duplicates.alike(row).tolist() == [row] for row in (2, 3, 5, 6, 7, 8))
    assert duplicates.count(np.ones(9, np.bool_)) == 7
    assert duplicates.count(np.array([0, 1, 0, 0, 1, 0, 0, 0, 0], np.bool_)) == 1


@given(st.lists(st.integers(0, 9), max_size=60))
def test_the_first_of_each_is_kept_in_its_order(keys: list[int]) -> None:
    found = first_of_each(np.array(keys, np.int32))
    assert [keys[at] for at in found] == list(dict.fromkeys(keys))


@pytest.fixture(scope="module")
def index(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """The sample as several standards, one of them in two versions and one of another kind of person."""
    sample = read_standard(sample_path)
    standards = [replace(sample, code=f"AAA{number}", version="1", level=number) for number in range(COPIES)]
    standards.append(replace(sample, code="AAA0", version="2", level=3))
    other = read_standard(sample_path.with_name("sample-BGM1219-903v1.txt"))
    return SearchIndex.build(
        passages_of((*standards, other)), ToyEmbedder(), tmp_path_factory.mktemp("index")
    )


def first(
    index: SearchIndex, query: str, filters: Filters | None = None, *, all_versions: bool = False
) -> Hit:
    return index.search(query, filters=filters, fold=True, all_versions=all_versions).hits[0]


def test_the_same_in_several_standards_is_one_hit_with_their_places(index: SearchIndex) -> None:
    hit = first(index, "處理團隊衝突")
    assert (hit.text, hit.place_count, hit.standard_count) == ("處理團隊衝突", COPIES - 1, COPIES - 1)
    assert len(hit.places) == 5
    assert {place.code for place in hit.places} == {"S1#2"}
    assert hit.standard not in {place.standard for place in hit.places}
    assert "AAA0v1" not in {hit.standard, *(place.standard for place in hit.places)}
    apart = index.search("處理團隊衝突", limit=COPIES)
    assert {one.text for one in apart.hits} == {"處理團隊衝突"}
    assert not any(one.places or one.place_count for one in apart.hits)


def test_the_latest_version_and_the_smallest_iri_stand_for_the_rest(index: SearchIndex) -> None:
    hit = first(index, "處理團隊衝突")
    assert hit.standard == "AAA0v2"
    every = first(index, "處理團隊衝突", all_versions=True)
    assert every.standard == "AAA0v2"
    assert every.place_count == COPIES
    assert [place.standard for place in every.places][:2] == ["AAA0v1", "AAA1v1"]


def test_a_filter_chooses_the_hit_and_not_its_places(index: SearchIndex) -> None:
    hit = first(index, "處理團隊衝突", Filters(standards=("AAA3v1",)))
    assert hit.standard == "AAA3v1"
    assert hit.place_count == COPIES - 1
    older = first(index, "處理團隊衝突", Filters(standards=("AAA0v1",)))
    assert older.standard == "AAA0v1"
    assert older.place_count == COPIES


def test_total_and_pages_are_of_distinct_hits(index: SearchIndex) -> None:
    whole = index.search("團隊溝通", limit=1000, fold=True)
    keys = [(hit.kind, same_text(hit.text, hit.lang)) for hit in whole.hits if hit.kind != "standard"]
    assert len(keys) == len(set(keys))
    assert whole.total == len(whole.hits) < len(index)
    pages = [
        index.search("團隊溝通", limit=9, offset=offset, fold=True).hits
        for offset in range(0, whole.total, 9)
    ]
    assert [hit.iri for page in pages for hit in page] == [hit.iri for hit in whole.hits]
    assert [hit.score for hit in whole.hits] == sorted((hit.score for hit in whole.hits), reverse=True)
    everything = [
        *index.search("團隊溝通", limit=1000).hits,
        *index.search("團隊溝通", limit=1000, offset=1000).hits,
    ]
    assert {(hit.kind, same_text(hit.text, hit.lang)) for hit in everything} == {
        (hit.kind, same_text(hit.text, hit.lang)) for hit in whole.hits
    }


@pytest.mark.parametrize("facet", ["standard", "kind", "level"])
def test_a_facet_counts_the_hits_that_its_choice_leaves(index: SearchIndex, facet: str) -> None:
    counted = index.search("處理團隊衝突", limit=1, facets=True, fold=True)
    assert counted.facets[facet]
    for value in counted.facets[facet]:
        chosen = Filters(
            standards=(value.value,) if facet == "standard" else (),
            kinds=(value.value,) if facet == "kind" else (),
            level_min=int(value.value) if facet == "level" else None,
            level_max=int(value.value) if facet == "level" else None,
        )
        narrowed = index.search("處理團隊衝突", limit=1000, filters=chosen, fold=True)
        assert value.count == sum(not hit.weak for hit in narrowed.hits)


def test_a_code_that_is_the_same_in_several_standards_is_one_hit(index: SearchIndex) -> None:
    folded = index.search("S1#2", fold=True)
    assert (folded.total, folded.hits[0].code, folded.hits[0].place_count) == (1, "S1#2", COPIES - 1)
    assert index.search("S1#2").total == COPIES


def test_all_places_are_had_page_by_page(index: SearchIndex) -> None:
    iri = first(index, "處理團隊衝突").iri
    whole = index.elements.places(iri, limit=100)
    assert (whole.total, whole.standard_count) == (COPIES - 1, COPIES - 1)
    paged = [index.elements.places(iri, limit=2, offset=offset).places for offset in range(0, whole.total, 2)]
    assert tuple(place for page in paged for place in page) == whole.places
    assert iri not in {place.iri for place in whole.places}
    with pytest.raises(NotFound):
        index.elements.places("https://example.org/unknown")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, sample_path: Path) -> Iterator[TestClient]:
    """Two versions of one standard, and the places of one element in seven."""
    from api.services import ingest_and_index, open_services
    from api.settings import Settings

    settings = Settings(data_dir=tmp_path_factory.mktemp("versions"), embedder="toy")
    ingest_and_index([sample_path.with_name(f"sample-BGM2421-901v{n}.txt") for n in (1, 2)], settings)
    with open_services(settings) as services:
        yield TestClient(create_app(services))


def test_the_api_folds_unless_it_is_told_not_to(client: TestClient) -> None:
    parameters: dict[str, str | int] = {"q": "利害關係人分析", "versions": "all", "limit": 20}
    folded = client.get("/api/v1/search", params=parameters).json()
    assert folded["folded"] is True
    hit = folded["hits"][0]
    assert hit["standard"] == "BGM2421-901v2"
    assert (hit["place_count"], hit["standard_count"]) == (1, 1)
    assert hit["places"][0]["standard"] == "BGM2421-901v1"
    answer = client.get(hit["places_url"]).json()
    assert answer["places"] == hit["places"]
    assert answer["total"] == 1
    apart = client.get("/api/v1/search", params={**parameters, "fold": "false"}).json()
    assert apart["folded"] is False
    assert [one["text"] for one in apart["hits"][:2]] == ["利害關係人分析"] * 2
    assert [one["place_count"] for one in apart["hits"]] == [0] * len(apart["hits"])
    assert apart["total"] > folded["total"]


def test_an_element_that_is_not_there_is_told_from_one_that_is_not_searched(services: Services) -> None:
    client = TestClient(create_app(services))
    unknown = client.get("/api/v1/places", params={"iri": "https://example.org/nothing"})
    assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:competency-graph:problem:not-found")
    code_list = f"{services.identifiers.base}code/industry-dgbas-tw/701"
    known = client.get("/api/v1/places", params={"iri": code_list})
    assert (known.status_code, known.json()["type"]) == (404, "urn:competency-graph:problem:not-indexed")
    assert client.get("/api/v1/places", params={"iri": "not an IRI"}).status_code == 404


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "Also in 1 other standard"), ("zh-Hant", "另見於其他 1 份職能基準")]
)
def test_the_page_shows_the_other_places_and_can_show_them_apart(
    client: TestClient, language: str, sentence: str
) -> None:
    headers = {"Accept": "text/html", "Accept-Language": language}
    folded = client.get("/", params={"q": "利害關係人分析", "versions": "all"}, headers=headers).text
    assert f"<summary>{sentence}</summary>" in folded
    assert "BGM2421-901v1/K3" in folded
    apart = client.get(
        "/", params={"q": "利害關係人分析", "versions": "all", "fold": "false"}, headers=headers
    ).text
    assert "<summary>" + sentence not in apart
    assert apart.count("利害關係人分析</") > 1


def test_the_page_of_places_lists_them(client: TestClient, services: Services) -> None:
    iri = f"{services.identifiers.base}icap/BGM2421-901v2/K3"
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    page = client.get("/places", params={"iri": iri, "versions": "all"}, headers=headers).text
    assert "BGM2421-901v1/K3" in page
    latest = client.get("/places", params={"iri": iri}, headers=headers).text
    assert "The same stands nowhere else." in latest
    assert client.get("/places", params={"iri": iri + "x"}, headers=headers).status_code == 404
