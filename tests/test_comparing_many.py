"""Several standards with each other, and moves from one to others, on the bundled standards."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from starlette.testclient import TestClient

from api.app import create_app
from api.cli import cli
from api.comparing import compare_named
from api.comparing_many import best_moves, matrix_named, move_named, names_in
from api.services import ingest_and_index, open_services
from api.settings import Settings
from ontology.errors import InvalidInput, NotFound
from search.comparing.scale import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.services import Services

OLDER, NEWER, OTHER, ACCOUNTS = "BGM2421-901v1", "BGM2421-901v2", "BGM1219-002v2", "BAS3341-902v1"
ALL = (OTHER, OLDER, ACCOUNTS, NEWER)


@pytest.fixture(scope="module")
def data(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    paths = sorted(sample_path.parent.glob("*.txt"))
    ingest_and_index(paths, Settings(data_dir=folder, embedder="toy"))
    return folder


@pytest.fixture(scope="module")
def services(data: Path) -> Iterator[Services]:
    with open_services(Settings(data_dir=data, embedder="toy")) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(services: Services) -> TestClient:
    return TestClient(create_app(services), raise_server_exceptions=False)


def test_each_standard_is_compared_with_each_and_alike_ones_stand_together(services: Services) -> None:
    matrix = matrix_named(services, ALL)
    codes = [side.standard.code for side in matrix.standards]
    assert sorted(codes) == sorted(ALL)
    for i in range(len(codes)):
        assert (matrix.coverage[i][i].a, matrix.coverage[i][i].b) == (1.0, 1.0)
        for j in range(len(codes)):
            assert matrix.coverage[i][j].a == matrix.coverage[j][i].b
    older, newer = codes.index(OLDER), codes.index(NEWER)
    assert abs(older - newer) == 1
    clusters = dict(zip(codes, matrix.clusters, strict=True))
    assert clusters[OLDER] == clusters[NEWER]
    assert len({clusters[OTHER], clusters[ACCOUNTS], clusters[OLDER]}) == 3
    assert sorted(set(matrix.clusters)) == sorted(dict.fromkeys(matrix.clusters)) == [1, 2, 3]


def test_a_matrix_says_what_comparing_two_says(services: Services) -> None:
    matrix = matrix_named(services, ALL)
    for i, one in enumerate(matrix.standards):
        for j, other in enumerate(matrix.standards):
            exact = compare_named(services, one.standard.code, other.standard.code).coverage
            estimate = matrix.coverage[i][j]
            assert (estimate.a, estimate.b) == pytest.approx((exact.a, exact.b), abs=0.1)


def test_the_order_of_the_names_does_not_matter_to_the_figures(services: Services) -> None:
    def figures(names: tuple[str, ...]) -> dict[tuple[str, str], float | None]:
        made = matrix_named(services, names)
        codes = [side.standard.code for side in made.standards]
        return {(a, b): made.coverage[i][j].a for i, a in enumerate(codes) for j, b in enumerate(codes)}

    assert figures(ALL) == pytest.approx(figures(ALL[::-1]))


def test_a_matrix_takes_two_to_fifty_standards(services: Services, client: TestClient) -> None:
    with pytest.raises(InvalidInput, match="2 to 50"):
        matrix_named(services, [OTHER, OTHER])
    parts = [f"{OTHER} {one.code}" for one in services.index.current().passages if one.standard == OTHER]
    names = [name for name in parts if name != f"{OTHER} {OTHER}"]
    assert len(matrix_named(services, names[:50]).standards) == 50
    with pytest.raises(InvalidInput, match="51 were named"):
        matrix_named(services, names[:51])
    refused = client.get("/api/v1/compare/matrix", params={"standard": [OTHER] * 500})
    assert (refused.status_code, "500 were named" in refused.json()["detail"]) == (400, True)
    with pytest.raises(NotFound):
        matrix_named(services, [OTHER, "NONE-1"])
    assert names_in([f"{OTHER}, {OLDER}\r\n{NEWER}；", " "]) == [OTHER, OLDER, NEWER]


def test_the_matrix_goes_out_as_data_and_files(client: TestClient) -> None:
    address, names = "/api/v1/compare/matrix", {"standard": list(ALL)}
    answer = client.get(address, params=names).json()
    codes = [one["code"] for one in answer["standards"]]
    text = client.get(address, params={**names, "format": "csv"}).content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head == ["code", "name", "framework", "cluster", *codes]
    assert [float(cell) for cell in rows[1][4:]] == [cell["a"] for cell in answer["coverage"][1]]
    book = client.get(address, params={**names, "format": "xlsx"})
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == head
    assert client.get(address).status_code == 422
    assert client.get(address, params={**names, "format": "pdf"}).status_code == 400


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_page_has_the_figures_and_leads_to_the_comparisons(client: TestClient, language: str) -> None:
    params = {"standard": "\n".join(ALL), "hl": language}
    page = client.get("/compare/matrix", params=params)
    assert page.status_code == 200
    table = page.text.partition('<table class="list heat">')[2].partition("</table>")[0]
    assert table.count('href="/compare?') == len(ALL) * (len(ALL) - 1)
    assert table.count('<tr class="starts">') == 2
    assert ">100</td>" in table
    wrong = client.get("/compare/matrix", params={"standard": f"{OTHER},NONE-1", "hl": language})
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (404, True)
    assert client.get("/compare/matrix", params={"hl": language}).status_code == 200


def test_a_move_parts_a_standard_into_known_and_to_be_learnt(services: Services) -> None:
    made = move_named(services, OLDER, NEWER)
    known = {pair.b.iri for pair in made.known}
    learn = {one.element.iri for one in made.to_learn}
    side = services.index.current().comparer().side(services.standard_iri(NEWER))
    assert known | learn == {one.iri for one in side.passages}
    assert not known & learn
    assert all(pair.verdict is not Verdict.PARTLY for pair in made.known)
    assert all(one.pair is None or one.pair.verdict is Verdict.PARTLY for one in made.to_learn)
    assert made.share_known + made.share_partly + made.share_new == pytest.approx(1, abs=0.001)
    assert made.share_known > 0.5
    coverage = made.comparison.coverage.b
    assert coverage is not None
    assert made.readiness == pytest.approx(coverage, abs=0.01)


def test_what_is_to_be_learnt_is_in_the_order_of_levels_then_of_the_document(services: Services) -> None:
    made = move_named(services, ACCOUNTS, OTHER)
    levels = [one.level for one in made.to_learn]
    stated = [level for level in levels if level is not None]
    assert len(set(stated)) > 1
    assert levels == sorted(stated) + [None] * (len(levels) - len(stated))
    tasks = [one.element.code for one in made.to_learn if one.level == stated[0]]
    document = [
        one.code for one in services.index.current().comparer().side(services.standard_iri(OTHER)).passages
    ]
    assert tasks == [code for code in document if code in set(tasks)]


def test_the_best_moves_come_first(services: Services) -> None:
    found = best_moves(services, ACCOUNTS, limit=3)
    targets = [one.comparison.b.standard.code for one in found]
    assert ACCOUNTS not in targets
    assert OLDER not in targets
    assert [one.readiness for one in found] == sorted((one.readiness for one in found), reverse=True)
    (best,) = best_moves(services, ACCOUNTS, limit=1)
    assert best.comparison.b.standard.code == targets[0]
    assert best_moves(services, ACCOUNTS, frameworks=["onet"]) == ()


def test_moves_go_out_as_data_and_as_a_page(client: TestClient) -> None:
    answer = client.get(f"/api/v1/standards/{OLDER}/moves", params={"to": NEWER}).json()
    (made,) = answer["moves"]
    assert (answer["standard"]["code"], made["to"]["code"]) == (OLDER, NEWER)
    assert made["known"][0]["verdict"] in ("same", "near")
    for code in ALL:
        several = client.get(f"/api/v1/standards/{code}/moves").json()
        assert len(several["moves"]) > 1
        for one in several["moves"]:
            shares = one["share_known"] + one["share_partly"] + one["share_new"]
            assert shares == pytest.approx(1, abs=0.0002)
    assert client.get(f"/api/v1/standards/{ACCOUNTS}/moves", params={"to": "NONE-1"}).status_code == 404
    for language, words in (("en", "To be learnt, by level"), ("zh-Hant", "需要學習（依級別）")):
        page = client.get("/moves", params={"from": OLDER, "to": NEWER, "hl": language})
        assert (page.status_code, words in page.text) == (200, True)
        best = client.get("/moves", params={"from": ACCOUNTS, "hl": language})
        assert 'href="/moves?from=' in best.text
        assert client.get("/moves", params={"hl": language}).status_code == 200
        assert client.get("/moves", params={"from": "NONE-1", "hl": language}).status_code == 404


def test_the_command_line_shows_matrix_and_moves(
    data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COMPETENCY_EMBEDDER", "toy")

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(cli, [*arguments, "--data-dir", str(data)])
        assert result.exit_code == 0, result.output
        return result.stdout

    shown = run("compare-matrix", *ALL)
    assert next(line for line in shown.splitlines() if OTHER in line).split()[0].isdigit()
    assert len(json.loads(run("compare-matrix", OLDER, NEWER, "--json"))["standards"]) == 2
    file = tmp_path / "m.csv"
    assert run("compare-matrix", *ALL, "--csv", str(file)) == ""
    assert file.read_bytes().count(b"\r\n") == len(ALL) + 1
    assert "to be learnt" in run("moves", OLDER, NEWER)
    assert "% known" in run("moves", ACCOUNTS)
    assert json.loads(run("moves", OLDER, NEWER, "--json"))["moves"][0]["to"]["code"] == NEWER
