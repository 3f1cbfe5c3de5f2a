"""More like this: nearest by the stored vector, across standards, without the element itself and its own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli import cli
from ontology.errors import InvalidInput, NotFound
from ontology.readers import read_standard
from search import Filters, Passage, SearchIndex, ToyEmbedder, passages_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from search import Role, SimilarResult

ANY = Filters()


class CountingModel(ToyEmbedder):
    """Counts the texts that are embedded."""

    texts = 0

    def embed(self, texts: Sequence[str], *, role: Role) -> NDArray:  # type: ignore[type-arg]
        self.texts += len(texts)
        return super().embed(texts, role=role)


def concept(number: int, name: str) -> Passage:
    return Passage(
        iri=f"http://data.europa.eu/esco/skill/{number}",
        code=f"c{number}",
        kind="skill",
        text=name,
        lang="zh-Hant",
        framework="esco",
        standard="esco",
        standard_name="ESCO",
        standard_iri="https://example.org/esco",
    )


@pytest.fixture(scope="module")
def model() -> CountingModel:
    return CountingModel()


@pytest.fixture(scope="module")
def index(sample_path: Path, tmp_path_factory: pytest.TempPathFactory, model: CountingModel) -> SearchIndex:
    """One standard in two versions, a copy of it, three others, and shared concepts."""
    sample = read_standard(sample_path)
    others = [
        read_standard(sample_path.with_name(f"sample-{code}.txt"))
        for code in ("BAS3341-902v1", "BGM1219-903v1", "BGM2421-901v2")
    ]
    copies = [replace(sample, code="AAA1", version=version) for version in ("1", "2")]
    concepts = [concept(1, "處理衝突"), concept(2, "處理 團隊 衝突"), concept(3, "烘焙麵包")]
    passages = (*passages_of((sample, *copies, *others)), *concepts)
    return SearchIndex.build(passages, model, tmp_path_factory.mktemp("index"))


def iri(index: SearchIndex, standard: str, code: str) -> str:
    return index.elements.iri_of(code, standard)


def found(result: SimilarResult) -> list[tuple[str, str]]:
    return [(hit.standard, hit.code) for hit in result.hits]


def test_the_element_and_what_says_the_same_are_no_hits_but_its_places(index: SearchIndex) -> None:
    own = iri(index, "BGM1219-002v2", "S1#2")
    result = index.elements.similar(own, ANY, limit=100)
    assert result.element.iri == own
    assert {place.standard for place in result.element.places} == {"AAA1v2", "esco"}
    assert not {"處理團隊衝突", "處理 團隊 衝突"} & {hit.text for hit in result.hits}
    assert result.hits[0].text == "處理衝突"
    apart = index.elements.similar(own, ANY, limit=100, fold=False)
    assert {("AAA1v2", "S1#2"), ("esco", "c2")} <= set(found(apart)[:3])
    assert own not in {hit.iri for hit in apart.hits}


def test_its_own_standard_and_other_versions_are_left_out_unless_asked_for(index: SearchIndex) -> None:
    own = iri(index, "AAA1v2", "K1")

    def standards(*, same_standard: bool = False, all_versions: bool = False) -> set[str]:
        result = index.elements.similar(
            own, ANY, limit=1000, fold=False, same_standard=same_standard, all_versions=all_versions
        )
        assert result.total == len(result.hits)
        return {hit.standard for hit in result.hits}

    others = {"BGM1219-002v2", "BAS3341-902v1", "BGM1219-903v1", "BGM2421-901v2", "esco"}
    assert standards() == others
    assert standards(same_standard=True) == {*others, "AAA1v2"}
    assert standards(all_versions=True) == {*others, "AAA1v1"}
    older = index.elements.similar(iri(index, "AAA1v1", "K1"), ANY, limit=1000, fold=False)
    assert {hit.standard for hit in older.hits} == others


def test_pages_join_scores_fall_and_nothing_is_embedded(index: SearchIndex, model: CountingModel) -> None:
    own = iri(index, "BGM1219-002v2", "S1#2")
    before = model.texts
    whole = index.elements.similar(own, ANY, limit=1000)
    assert len(whole.hits) == whole.total
    pages = [index.elements.similar(own, ANY, limit=7, offset=at).hits for at in range(0, whole.total, 7)]
    assert [hit.iri for page in pages for hit in page] == [hit.iri for hit in whole.hits]
    scores = [hit.score for hit in whole.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert model.texts == before


def test_a_standard_is_compared_with_standards_and_an_element_with_elements(index: SearchIndex) -> None:
    own = iri(index, "BGM1219-002v2", "BGM1219-002v2")
    result = index.elements.similar(own, ANY)
    assert {hit.kind for hit in result.hits} == {"standard"}
    assert result.hits[0].standard == "AAA1v2"
    element = index.elements.similar(iri(index, "BGM1219-002v2", "K1"), ANY, limit=1000)
    assert "standard" not in {hit.kind for hit in element.hits}
    asked = index.elements.similar(iri(index, "BGM1219-002v2", "K1"), Filters(kinds=("standard",)))
    assert {hit.kind for hit in asked.hits} == {"standard"}


def test_filters_narrow_what_is_compared(index: SearchIndex) -> None:
    own = iri(index, "BGM1219-002v2", "S1#2")
    result = index.elements.similar(own, Filters(frameworks=("esco",)))
    assert found(result) == [("esco", "c1"), ("esco", "c3")]
    kinds = index.elements.similar(own, Filters(kinds=("knowledge",)), limit=1000)
    assert {hit.kind for hit in kinds.hits} == {"knowledge"}


def test_a_shared_concept_is_compared_with_its_own_release_too(index: SearchIndex) -> None:
    result = index.elements.similar("http://data.europa.eu/esco/skill/1", ANY, limit=3)
    assert result.hits[0].text.replace(" ", "") == "處理團隊衝突"
    assert result.hits[0].place_count == 2


def test_names_that_are_unknown_or_ambiguous_are_told(index: SearchIndex) -> None:
    with pytest.raises(NotFound):
        index.elements.similar("https://example.org/nothing", ANY)
    with pytest.raises(NotFound, match="K99"):
        index.elements.iri_of("K99", "AAA1v2")
    with pytest.raises(InvalidInput, match="give its standard"):
        index.elements.iri_of("K1")
    with pytest.raises(InvalidInput):
        index.elements.similar(iri(index, "AAA1v2", "K1"), ANY, limit=0)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, sample_path: Path) -> Path:
    from api.services import ingest_and_index
    from api.settings import Settings

    settings = Settings(data_dir=tmp_path_factory.mktemp("several"), embedder="toy")
    ingest_and_index([sample_path, sample_path.with_name("sample-BGM1219-903v1.txt")], settings)
    return settings.data_dir


@pytest.fixture(scope="module")
def client(loaded: Path) -> Iterator[TestClient]:
    from api.services import open_services
    from api.settings import Settings

    with open_services(Settings(data_dir=loaded, embedder="toy")) as services:
        yield TestClient(create_app(services))


BASE = "https://w3id.org/competency-graph/id"


@pytest.mark.parametrize(
    "name",
    [
        {"iri": f"{BASE}/icap/BGM1219-002v2/S1/2"},
        {"code": "S1#2", "standard": "BGM1219-002v2"},
        {"code": "s01#2", "standard": "BGM1219-002"},
        {"standard": "BGM1219-002"},
        {"code": "BGM1219-002v2"},
        {"code": "BGM1219-002"},
    ],
)
def test_the_api_takes_an_iri_or_a_code(client: TestClient, name: Mapping[str, str]) -> None:
    answer = client.get("/api/v1/similar", params={**name, "limit": 3}).json()
    assert answer["element"]["standard"] == "BGM1219-002v2"
    assert {hit["standard"] for hit in answer["hits"]} == {"BGM1219-903v1"}
    assert len(answer["hits"]) == min(3, answer["total"])


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ({"iri": f"{BASE}/icap/BGM1219-002v2/S99"}, 404, "not-found"),
        ({"iri": f"{BASE}/code/industry-dgbas-tw/701"}, 404, "not-indexed"),
        ({"code": "K999"}, 404, "not-found"),
        ({"code": "K1"}, 400, "invalid-input"),
        ({}, 400, "invalid-input"),
    ],
)
def test_the_api_says_why_there_is_nothing_to_compare(
    client: TestClient, name: Mapping[str, str], status: int, kind: str
) -> None:
    response = client.get("/api/v1/similar", params=name)
    assert (response.status_code, response.json()["type"]) == (status, f"urn:competency-graph:problem:{kind}")


@pytest.mark.parametrize(("language", "link"), [("en", "More like this"), ("zh-Hant", "類似的職能")])
def test_hits_and_elements_lead_to_what_is_like_them(client: TestClient, language: str, link: str) -> None:
    headers = {"Accept": "text/html", "Accept-Language": language}
    for address in ("/?q=衝突", "/id/icap/BGM1219-002v2/S1/2", "/similar?code=S1%232&standard=BGM1219-002v2"):
        page = client.get(address, headers=headers).text
        assert 'href="/similar?iri=' in page
        assert f">{link}</a>" in page
    assert 'href="/compare?a=' in client.get("/id/icap/BGM1219-002v2", headers=headers).text
    assert 'href="/similar?iri=' not in client.get("/id/code/industry-dgbas-tw/701", headers=headers).text
    unknown = client.get("/similar", params={"iri": f"{BASE}/nothing"}, headers=headers)
    assert unknown.status_code == 404


def test_the_page_can_compare_its_own_standard_as_well(client: TestClient) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    parameters = {"code": "S1#2", "standard": "BGM1219-002v2"}
    narrow = client.get("/similar", params=parameters, headers=headers).text
    assert "Compare its own standard as well" in narrow
    wide = client.get("/similar", params={**parameters, "same_standard": "true"}, headers=headers).text
    assert "Compare other standards only" in wide
    assert wide.count("/id/icap/BGM1219-002v2/") > narrow.count("/id/icap/BGM1219-002v2/")


def test_the_command_line_finds_what_is_like_a_code(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPETENCY_EMBEDDER", "toy")
    arguments = ["similar", "S1#2", "--standard", "BGM1219-002", "--limit", "2", "--data-dir", str(loaded)]
    shown = CliRunner().invoke(cli, arguments)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.count("BGM1219-903v1") == 2
    answer = json.loads(CliRunner().invoke(cli, [*arguments, "--json"]).stdout)
    assert answer["element"]["code"] == "S1#2"
    assert len(answer["hits"]) == 2
    assert CliRunner().invoke(cli, [*arguments, "--kind", "nothing"]).exit_code == 2
