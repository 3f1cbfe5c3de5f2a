"""The map: near in meaning is near on it, the same each time, and every standard once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest
from sklearn.manifold import trustworthiness
from small_esco import tables, zipped
from small_onet import release, write_workbooks
from starlette.testclient import TestClient

from api.app import create_app
from api.mapping import keep_map
from api.services import ingest_and_index, open_services
from api.settings import Settings
from search.mapping import StandardMap
from search.mapping import placing as placing_module
from search.mapping.placing import place
from search.mapping.regions import regions_of
from search.mapping.space import points_of_standards, without_framework

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from api.services import Services

BUNDLED = Path(__file__).resolve().parent.parent / "data" / "standards"


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("mapped")
    onet = write_workbooks(folder / "onet", release())
    settings = Settings(data_dir=folder / "data", embedder="toy")
    ingest_and_index([BUNDLED, zipped(folder / "esco", tables()), onet], settings)
    with open_services(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(mapped: Services) -> TestClient:
    return TestClient(create_app(mapped), headers={"Accept-Language": "en"})


def _clusters(count: int, *, dimension: int = 48, seed: int = 1) -> NDArray[np.float32]:
    """Unit vectors around some centres, as texts about some fields of work are."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(12, dimension))
    points = centres[random.integers(0, 12, count)] + 0.4 * random.normal(size=(count, dimension))
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), np.float32)


def test_what_is_near_in_meaning_is_near_on_the_map() -> None:
    points = _clusters(400)
    places = place(points)
    shuffled = np.random.default_rng(2).permutation(places)
    assert trustworthiness(points, places, n_neighbors=10) > 0.9
    assert trustworthiness(points, shuffled, n_neighbors=10) < 0.6


def test_the_same_points_get_the_same_places() -> None:
    points = _clusters(150)
    assert np.array_equal(place(points), place(points.copy()))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 13, 25])
def test_a_map_of_few_standards_has_a_place_for_each(count: int) -> None:
    places = place(_clusters(count))
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()
    assert ((places >= -1e-6) & (places <= 1 + 1e-6)).all()


def test_standards_that_say_the_same_lie_on_one_place() -> None:
    assert np.allclose(place(np.ones((30, 8), np.float32) / np.sqrt(8)), 0.5)


def test_beyond_the_landmarks_the_others_lie_by_their_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing_module, "LANDMARKS", 200)
    points = _clusters(500)
    places = place(points)
    assert places.shape == (500, 2)
    assert trustworthiness(points, places, n_neighbors=10) > 0.85


def test_frameworks_do_not_part_the_map() -> None:
    random = np.random.default_rng(3)
    work = _clusters(300)
    frameworks = ["one" if number % 2 else "two" for number in range(300)]
    manner = random.normal(size=48).astype(np.float32)
    written = work + np.where(np.array(frameworks)[:, None] == "one", manner, -manner) * 0.15
    cleared = without_framework(np.asarray(written, np.float32), frameworks)
    middles = [cleared[np.array(frameworks) == one].mean(axis=0) for one in ("one", "two")]
    before = [written[np.array(frameworks) == one].mean(axis=0) for one in ("one", "two")]
    assert np.linalg.norm(middles[0] - middles[1]) < 0.5 * np.linalg.norm(before[0] - before[1])


def test_regions_are_named_by_words_that_others_have_not() -> None:
    random = np.random.default_rng(4)
    places = np.concatenate([random.normal(0.2, 0.02, (20, 2)), random.normal(0.8, 0.02, (20, 2))])
    names = [*(f"baker of bread {number}" for number in range(20)), *["銀行理財專員", "銀行放款專員"] * 10]
    languages = ["en"] * 20 + ["zh-Hant"] * 20
    found = regions_of(places.astype(np.float32), names, languages)
    labels = {one.language: one.label for one in found if one.depth == 0}
    assert {"baker", "bread"} <= set(labels["en"].split(" · "))
    assert "銀行" in labels["zh-Hant"]
    assert sum(one.count for one in found if one.depth == 0) == 40


def test_every_standard_of_an_index_is_placed_once(mapped: Services) -> None:
    index = mapped.index.current()
    drawn = mapped.map.get()
    assert drawn is not None
    assert sorted(drawn.iris) == sorted(one.iri for one in mapped.standards())
    assert len(drawn.places) == len(drawn.iris)
    again = StandardMap(drawn.version, drawn.iris, place(points_of_standards(index.all_standards)), ())
    assert np.allclose(again.places, drawn.places, atol=1e-4)


def test_an_index_without_a_map_gets_one_in_the_background(mapped: Services, tmp_path: Path) -> None:
    kept = mapped.settings.data_dir / "index" / "map" / "map.json"
    text = kept.read_text(encoding="utf-8")
    try:
        kept.unlink()
        with open_services(mapped.settings) as opened:
            client = TestClient(create_app(opened), headers={"Accept-Language": "en"})
            assert client.get("/map").status_code == 200
            opened.map.wait()
            assert client.get("/api/v1/map").status_code == 200
        assert kept.is_file()
        kept.write_text("{", encoding="utf-8")
        with open_services(mapped.settings) as opened:
            opened.map.get()
            opened.map.wait()
            assert opened.map.get() is not None
    finally:
        kept.write_text(text, encoding="utf-8")


def test_making_an_index_again_keeps_its_map(mapped: Services) -> None:
    folder = mapped.settings.data_dir / "index"
    before = (folder / "map" / "map.json").stat().st_mtime_ns
    keep_map(mapped.index.current(), folder)
    assert (folder / "map" / "map.json").stat().st_mtime_ns == before


def test_the_data_of_the_map_is_in_columns_of_one_length(client: TestClient, mapped: Services) -> None:
    data = client.get("/api/v1/map").json()
    total = len(mapped.standards())
    assert data["total"] == total
    assert {len(data[name]) for name in ("iri", "code", "name", "lang", "x", "y")} == {total}
    assert all(0 <= one <= 10_000 for one in (*data["x"], *data["y"]))
    groupings = {one["name"]: one for one in data["groupings"]}
    assert {"framework", "level", "category-icap", "isco-08", "soc-2018"} <= set(groupings)
    for one in groupings.values():
        assert len(one["standards"]) == total
        assert set(one["standards"]) <= set(range(-1, len(one["groups"])))
    level = groupings["level"]
    at = data["code"].index("BGM1219-002v2")
    assert level["groups"][level["standards"][at]]["place"] == "icap:4"


def test_hits_are_standards_that_are_have_or_require_what_is_asked(client: TestClient) -> None:
    known = set(client.get("/api/v1/map").json()["iri"])
    having = client.get("/api/v1/map/hits", params={"q": "衝突處理"}).json()["standards"]
    assert any(one["iri"].endswith("/BGM1219-002v2") for one in having)
    assert {one["iri"] for one in having} <= known
    assert having == sorted(having, key=lambda one: -one["score"])
    requiring = client.get("/api/v1/map/hits", params={"q": "knead dough"}).json()["standards"]
    assert "http://data.europa.eu/esco/occupation/baker" in {one["iri"] for one in requiring}
    assert client.get("/api/v1/map/hits", params={"q": ""}).status_code == 422


def test_the_picture_has_a_mark_for_each_standard(client: TestClient, mapped: Services) -> None:
    answer = client.get("/map.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    drawn = ElementTree.fromstring(answer.text)
    paths = drawn.findall(".//{http://www.w3.org/2000/svg}path")
    assert sum(path.get("d", "").count("M") for path in paths) == len(mapped.standards())
    assert "style" not in answer.text


def test_the_page_works_without_scripts(client: TestClient) -> None:
    html = client.get("/map").text
    assert 'src="/map.svg"' in html
    assert 'href="/browse"' in html
    assert len(re.findall(r"<canvas", html)) == 1
    assert not re.search(r"\sstyle=", html)


def test_the_number_of_queries_does_not_grow(
    client: TestClient, mapped: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/map")
    asked: list[object] = []
    select = type(mapped.store).select

    def counted(store: object, *given: object) -> object:
        asked.append(given)
        return select(store, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(type(mapped.store), "select", counted)
    for address in ("/map", "/map.svg", "/api/v1/map"):
        assert client.get(address).status_code == 200
    assert asked == []


def test_an_empty_service_says_what_to_do(empty_services: Services) -> None:
    client = TestClient(create_app(empty_services), headers={"Accept-Language": "en"})
    assert "competency ingest --bundled" in client.get("/map").text
    assert client.get("/api/v1/map").status_code == 503
    assert client.get("/map.svg").status_code == 503
