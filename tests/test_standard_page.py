"""The page of a standard: doubts in short, ratings to sort, downloads for each reader, how to cite it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from small_esco import BAKER, tables, unpacked
from small_onet import rating, release, write_workbooks
from starlette.testclient import TestClient
from test_pages import STANDARD, Outline

from api.app import create_app
from api.pages.detail_views import detail_view
from api.routers.provenance_parts import document_name
from api.services import ingest_and_index, open_services
from api.settings import Settings
from ontology.writers import WRITERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.services import Services

HTML = {"Accept": "text/html"}
BAKERS = "/id/onet/51-3011.00"
RATED = (("Zoology", 4.69, 0.5), ("Algebra", 4.7, 0.0), ("Music", 1.2, 6.25))


@pytest.fixture(scope="module")
def client(services: Services) -> TestClient:
    return TestClient(create_app(services), base_url="https://example.org")


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service with small releases of O*NET and ESCO."""
    folder = tmp_path_factory.mktemp("others")
    (folder / "onet").mkdir()
    tables_of_onet = release()
    for number, (name, importance, level) in enumerate(RATED, 20):
        element = f"2.C.{number}"
        tables_of_onet["Content Model Reference"].append([element, name, name])
        tables_of_onet["Knowledge"].append(rating("51-3011.00", "Bakers", element, name, "IM", importance))
        if level:
            tables_of_onet["Knowledge"].append(rating("51-3011.00", "Bakers", element, name, "LV", level))
    documents = [write_workbooks(folder / "onet", tables_of_onet), unpacked(folder / "esco", tables())]
    settings = Settings(data_dir=folder / "data", embedder="toy")
    ingest_and_index(documents, settings)
    with open_services(settings) as opened:
        yield TestClient(create_app(opened), base_url="https://example.org")


def text(client: TestClient, address: str, language: str = "en") -> str:
    joint = "&" if "?" in address else "?"
    answer = client.get(f"{address}{joint}hl={language}", headers=HTML)
    assert answer.status_code == 200, address
    return answer.text


def section(html: str, mark: str) -> str:
    """From a mark of the page to the end of the section that it is in."""
    return html[html.index(mark) :].partition("</section>")[0]


def names_of(html: str, table: str) -> list[str]:
    return re.findall(r'<th scope="row" data-value="([^"]*)"', section(html, f'id="shared-{table}"'))


def test_the_doubts_come_first_with_links_to_where_they_stand(client: TestClient) -> None:
    html = text(client, STANDARD)
    short = section(html, "doubts-short")
    assert "3 places are doubtful in the source" in short
    targets = re.findall(r'href="#([^"]+)"', short)
    assert {"S16", "P5.3.5"} <= set(targets)
    assert all(f'id="{one}"' in html for one in targets)
    assert html.index("doubts-short") < html.index('id="profile"')


def test_no_doubts_take_no_room(others: TestClient) -> None:
    assert "doubts-short" not in text(others, f"/resource?iri={quote(BAKER, safe='')}")


def test_every_format_is_offered_once_with_what_it_is_for(client: TestClient) -> None:
    found = section(text(client, STANDARD), 'id="download"')
    formats = re.findall(r"format=([a-z-]+)", found)
    assert sorted(formats) == sorted(one.name for one in WRITERS)
    assert formats[0] == "xlsx"
    assert found.count("<h3>") == 3


@pytest.mark.parametrize(("language", "publisher"), [("en", "Workforce Development"), ("zh-Hant", "勞動部")])
def test_a_standard_says_who_published_it_and_how_to_cite_it(
    client: TestClient, language: str, publisher: str
) -> None:
    html = text(client, STANDARD, language)
    source = section(html, 'id="source"')
    assert publisher in source
    assert "https://icap.wda.gov.tw/" in source
    assert "BGM1219-002v2.txt" in source
    cited = source[source.index('id="citation"') :].partition("</span>")[0]
    for part in (publisher, "2018", "基層主管", "BGM1219-002v2"):
        assert part in cited


def test_a_release_tells_its_licence_and_the_publishers_own_page(others: TestClient) -> None:
    onet = section(text(others, BAKERS), 'id="source"')
    assert 'href="https://creativecommons.org/licenses/by/4.0/"' in onet
    assert 'href="https://www.onetonline.org/link/summary/51-3011.00"' in onet
    esco = section(text(others, f"/resource?iri={quote(BAKER, safe='')}"), 'id="source"')
    assert f'href="{BAKER}"' in esco
    assert "European Commission" in esco


def test_ratings_are_sorted_by_the_address(others: TestClient) -> None:
    by_importance = ["Algebra", "Zoology", "Food Production", "Music"]
    assert names_of(text(others, BAKERS), "knowledge") == by_importance
    for sort, expected in (
        ("knowledge.name.up", sorted(by_importance)),
        ("knowledge.name.down", sorted(by_importance, reverse=True)),
        ("knowledge.importance.up", by_importance[::-1]),
        ("knowledge.level.down", ["Music", "Food Production", "Zoology", "Algebra"]),
        ("knowledge.level.up", ["Zoology", "Food Production", "Music", "Algebra"]),
        ("skill.name.down", by_importance),
        ("knowledge.colour.sideways", by_importance),
    ):
        assert names_of(text(others, f"{BAKERS}?sort={sort}"), "knowledge") == expected, sort


def test_a_head_says_how_it_is_sorted_and_leads_to_the_other_order(others: TestClient) -> None:
    head = section(text(others, f"{BAKERS}?sort=skill.importance.up"), 'id="shared-skill"')
    found = re.search(r'aria-sort="ascending"><a class="sort" href="([^"]+)"', head)
    assert found is not None
    assert "sort=skill.importance.down" in found.group(1)
    assert found.group(1).endswith("#shared-skill")
    assert 'rel="canonical" href="https://example.org/id/onet/51-3011.00?hl=en"' in text(
        others, f"{BAKERS}?sort=skill.importance.up"
    )


def test_importance_is_told_in_words(others: TestClient) -> None:
    assert "important</span>" in text(others, BAKERS)
    assert "重要</span>" in text(others, BAKERS, "zh-Hant")


def test_outline_of_a_standard_of_tasks_alone_has_no_skipped_heading(others: TestClient) -> None:
    outline = Outline(text(others, BAKERS))
    levels = [int(tag[1]) for tag, _ in outline.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(later - former <= 1 for former, later in pairwise(levels))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("BGM1219-002v2.txt", "BGM1219-002v2.txt"),
        ("../data/icap/APP7322-001v4.json (apps/tests/golden/3D.json@1960a95)", "APP7322-001v4.json"),
        ("ESCO dataset - v1.1.1 - classification - en - csv.zip",) * 2,
    ],
)
def test_a_document_is_called_by_its_name_without_its_folder(source: str, shown: str) -> None:
    assert document_name(source) == shown


@pytest.mark.parametrize(
    ("printed", "shown", "href"),
    [
        ('{"title": "CC BY", "uri": "https://example.org/by"}', "CC BY", "https://example.org/by"),
        ('{"title": "", "uri": "urn:x"}', "urn:x", None),
        ('["06", "07"]', "06, 07", None),
        ("https://example.org/a", "https://example.org/a", "https://example.org/a"),
        ("https://example.org/a and more", "https://example.org/a and more", None),
        ('{"other": 1}', '{"other": 1}', None),
    ],
)
def test_a_field_of_the_source_is_shown_as_what_it_means(printed: str, shown: str, href: str | None) -> None:
    found = detail_view("field", printed)
    assert (found.text, found.href) == (shown, href)


def test_the_words_of_a_framework_are_told_in_the_language_of_the_page(others: TestClient) -> None:
    assert "核心工作" in text(others, BAKERS, "zh-Hant")
    assert "Core tasks" in text(others, BAKERS)
    assert "最相近" in section(text(others, BAKERS, "zh-Hant"), 'id="related"')
