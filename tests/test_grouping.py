"""Hits by standard: ordered by the best hit, a number of hits each, paged by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from ontology.readers import read_standard
from search import SearchIndex, ToyEmbedder, passages_of

if TYPE_CHECKING:
    from pathlib import Path

    from api.services import Services


@pytest.fixture(scope="module")
def index(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    standards = [read_standard(path) for path in sorted(sample_path.parent.glob("*.txt"))]
    return SearchIndex.build(passages_of(standards), ToyEmbedder(), tmp_path_factory.mktemp("index"))


def test_standards_come_in_the_order_of_their_best_hit(index: SearchIndex) -> None:
    result = index.search("專案風險", limit=10, fold=True, group_hits=3)
    assert result.hits == ()
    assert len(result.groups) == result.group_total == len({one.standard for one in result.groups})
    best = [one.hits[0].score for one in result.groups]
    assert best == sorted(best, reverse=True)
    flat = list(dict.fromkeys(hit.standard for hit in index.search("專案風險", limit=1000).hits))
    assert [one.standard for one in result.groups] == flat


def test_a_group_has_the_best_hits_of_its_standard_and_counts_those_that_fit(index: SearchIndex) -> None:
    for one in index.search("專案風險", fold=True, group_hits=3).groups:
        alone = index.search("專案風險", standards=[one.standard], limit=1000, fold=True)
        assert [hit.iri for hit in one.hits] == [hit.iri for hit in alone.hits[:3]]
        assert one.total == sum(not hit.weak for hit in alone.hits)


def test_groups_are_paged(index: SearchIndex) -> None:
    whole = [one.standard for one in index.search("客戶", limit=10, group_hits=1).groups]
    pages = [index.search("客戶", limit=1, offset=at, group_hits=1).groups for at in range(len(whole) + 1)]
    assert [one.standard for page in pages for one in page] == whole


def test_codes_are_grouped_too(index: SearchIndex) -> None:
    result = index.search("K1", fold=True, group_hits=1)
    assert result.group_total == len(result.groups) > 1
    assert {one.hits[0].code for one in result.groups} <= {"K1", "K01"}


def test_the_api_groups_where_it_is_asked_to(services: Services) -> None:
    client = TestClient(create_app(services))
    answer = client.get("/api/v1/search", params={"q": "衝突", "group": "standard", "group_hits": 2}).json()
    assert answer["hits"] == []
    assert answer["group_total"] == 1
    (group,) = answer["groups"]
    assert group["standard"] == "BGM1219-002v2"
    assert len(group["hits"]) == 2
    assert client.get("/api/v1/search", params={"q": "衝突"}).json()["groups"] == []


def test_the_page_groups_and_keeps_the_choice_in_its_links(services: Services) -> None:
    client = TestClient(create_app(services))
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    grouped = client.get("/", params={"q": "衝突", "group": "standard"}, headers=headers).text
    assert "<strong>1 standard fits</strong>" in grouped
    assert grouped.count('class="group"') == 1
    assert '<p class="path"><a' not in grouped
    assert 'name="group" value="standard" checked' in grouped
    assert "group=standard" in grouped
    flat = client.get("/", params={"q": "衝突"}, headers=headers).text
    assert 'class="group"' not in flat
