"""The page of comparisons: two columns in both languages, the nearest standards, what is wrong."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.pages.messages import LANGUAGES
from api.services import ingest_and_index, open_services
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAMPLE = "BGM1219-002v2"
OLDER, NEWER = "BGM2421-901v1", "BGM2421-901v2"


class Table(HTMLParser):
    """The rows of tables with a class, each cell as its text; other elements by class with theirs."""

    def __init__(self, html: str, name: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._name = name
        self._inside = self._in_cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._inside = self._name in (dict(attrs).get("class") or "").split()
        elif self._inside and tag == "tr":
            self.rows.append([])
        elif self._inside and tag in ("td", "th"):
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "table"
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += f" {data.strip()}" if data.strip() else ""


@pytest.fixture(scope="module")
def client(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("compared"), embedder="toy")
    ingest_and_index([sample_path.parent], settings)
    with open_services(settings) as services:
        yield TestClient(create_app(services), raise_server_exceptions=False)


def get(client: TestClient, language: str = "en", status: int = 200, **sides: str | list[str]) -> str:
    response = client.get("/compare", params={**sides, "hl": language}, headers={"Accept": "text/html"})
    assert response.status_code == status, response.text
    return response.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_pair_is_a_row_with_its_verdict_in_words_and_a_sign(client: TestClient, language: str) -> None:
    answer = client.get("/api/v1/compare", params={"a": OLDER, "b": NEWER}).json()
    rows = [row for row in Table(get(client, language, a=OLDER, b=NEWER), "pairs").rows if "%" in row[1]]
    assert len(rows) == len(answer["pairs"])
    words = {"en": ("= Same", "≈ Near", "~ Partly"), "zh-Hant": ("= 相同", "≈ 相近", "~ 部分相符")}[language]
    assert {next(word for word in words if word in row[1]) for row in rows} >= {words[0]}
    wording = {"en": "the same wording", "zh-Hant": "文字相同"}[language]
    same = [pair for pair in answer["pairs"] if pair["reason"] == "text"]
    assert sum(wording in row[1] and "much" not in row[1] for row in rows) == len(same)
    shown = {(row[0].split()[-1], row[2].split()[-1]) for row in rows}
    pair = answer["pairs"][0]
    assert (pair["a"]["text"].split()[-1], pair["b"]["text"].split()[-1]) in shown


def test_pairs_stand_under_the_tasks_of_the_first(client: TestClient) -> None:
    text = get(client, "zh-Hant", a=OLDER, b=NEWER)
    headings = re.findall(r'<h3 id="group-\d+">(?:<span class="code">(T\d+)</span>|([^<\s]+))', text)
    tasks = [code for code, _ in headings if code]
    assert tasks == sorted(tasks)
    assert len(tasks) == len(set(tasks)) > 2
    assert [kind for _, kind in headings if kind] == ["知識", "技能", "態度"]


def test_every_pair_is_a_line_between_the_rows_of_its_elements(client: TestClient) -> None:
    text = get(client, a=OLDER, b=NEWER)
    answer = client.get("/api/v1/compare", params={"a": OLDER, "b": NEWER}).json()
    columns = [
        dict(re.findall(r'<li data-row="(\d+)"><a [^>]*>(?:<b>([^<]*)</b>)?', column))
        for column in re.findall(r'<ul class="column".*?</ul>', text, re.DOTALL)
    ]
    drawn = re.findall(r'<path class="(\w+)" data-a="(\d+)" data-b="(\d+)"', text)
    lines = [(columns[0][a], columns[1][b], verdict) for verdict, a, b in drawn]
    assert lines == [(one["a"]["code"], one["b"]["code"], one["verdict"]) for one in answer["pairs"]]
    targets = set(re.findall(r'href="#(pair-\d+|only-[ab])"', text))
    assert targets
    assert targets <= set(re.findall(r' id="([^"]+)"', text))


def test_what_has_no_pair_is_counted_in_its_column(client: TestClient) -> None:
    answer = client.get("/api/v1/compare", params={"a": SAMPLE, "b": NEWER}).json()
    text = get(client, a=SAMPLE, b=NEWER)
    counts = [
        sum(map(int, re.findall(rf'<a href="#only-{side}">\+ (\d+) without a pair', text))) for side in "ab"
    ]
    assert counts == [len(answer["only_a"]), len(answer["only_b"])]


def test_coverage_levels_and_what_only_one_has_are_told(client: TestClient) -> None:
    text = get(client, a=OLDER, b=NEWER)
    assert "B is one level above A." in text
    assert 'id="only-b"' in text
    rows = Table(text, "coverage").rows
    assert [row[0].strip() for row in rows[1:3]] == ["Tasks", "Activities"]
    assert all("%" in row[1] and "%" in row[2] for row in rows[1:])


def test_the_links_of_a_comparison_swap_it_and_download_it(client: TestClient) -> None:
    text = get(client, a=f"{SAMPLE} T1", b="BGM2421-901", kind=["skill", "task"])
    kinds = "kind=task&amp;kind=skill"
    sides = f"a=BGM1219-002v2+T1&amp;b=BGM2421-901v2&amp;{kinds}"
    assert f'href="/compare?{sides}" rel="bookmark"' in text
    assert (
        'href="/compare?a=BGM2421-901v2&amp;b=BGM1219-002v2+T1&amp;kind=task&amp;kind=skill&amp;hl=en"'
        in text
    )
    for form in ("xlsx", "csv", "json"):
        assert f'href="/api/v1/compare?{sides}&amp;format={form}"' in text
    checked = re.findall(r'name="kind" value="(\w+)" checked', text)
    assert checked == ["task", "skill"]
    assert 'value="BGM1219-002v2 T1"' in text


@pytest.mark.parametrize("side", ["a", "b"])
def test_one_side_alone_leads_to_the_nearest_standards(client: TestClient, side: str) -> None:
    text = client.get("/compare", params={side: OLDER}, headers={"Accept": "text/html"}).text
    rows = Table(text, "nearest").rows
    assert len(rows) == 1 + 3
    assert f'href="/compare?a={OLDER}&amp;b=' in text
    assert f'id="a" name="a" value="{OLDER}"' in text


def test_the_page_of_a_standard_leads_to_its_comparisons(client: TestClient) -> None:
    text = client.get(f"/id/icap/{SAMPLE}?hl=en", headers={"Accept": "text/html"}).text
    (target,) = set(re.findall(r'href="(/compare\?a=[^"#]+)"', text))
    answer = client.get(target.replace("&amp;", "&"))
    assert answer.status_code == 200
    assert "Standards most like" in answer.text


@pytest.mark.parametrize(("a", "b"), [("BGM1219-009", SAMPLE), ("BGM1219-009", "")])
@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "is called “BGM1219-009”"), ("zh-Hant", "沒有載入名為「BGM1219-009」的內容")],
)
def test_what_is_unknown_is_told_beside_the_boxes(
    client: TestClient, language: str, says: str, a: str, b: str
) -> None:
    text = get(client, language, 404, a=a, b=b)
    assert says in text
    assert f'name="a" value="{a}"' in text
    assert re.search(rf"(for example: |例如：)[^<]*{SAMPLE}", text)


def test_hostile_names_stay_text(client: TestClient) -> None:
    text = get(client, status=404, a='"><script>alert(1)</script>', b="x")
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("language", "note"), [("en", "the two are the same standard"), ("zh-Hant", "同一份")]
)
def test_notes_are_in_the_language_of_the_page(client: TestClient, language: str, note: str) -> None:
    assert note in get(client, language, a=SAMPLE, b=SAMPLE)
