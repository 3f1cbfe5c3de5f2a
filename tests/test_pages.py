"""The pages as documents: structure, language, links. They work without JavaScript; none is run here."""

from __future__ import annotations

import re
import time
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from graph import questions
from graph.property_graph import property_graph_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.services import Services

STANDARD = "/id/icap/BGM1219-002v2"


VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
ENDS_A_PARAGRAPH = frozenset(
    [
        "address",
        "article",
        "aside",
        "details",
        "div",
        "dl",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ]
)


class Outline(HTMLParser):
    """Elements with their attributes, the text of the page, and the tags that browsers would mend: the HTML
    standard closes a paragraph where a block begins, and ignores an end tag of what is not open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.mended: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag in ENDS_A_PARAGRAPH and "p" in self._open:
            self.mended.append(f"<{tag}> in <p>, line {self.getpos()[0]}")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.mended.append(f"</{tag}> where {self._open[-3:]} are open, line {self.getpos()[0]}")

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(key.rstrip("_")) == value for key, value in attributes.items())
        ]

    def ids(self) -> set[str]:
        return {attributes["id"] for _, attributes in self.elements if "id" in attributes}


@pytest.fixture(scope="module")
def client(services: Services) -> Iterator[TestClient]:
    yield TestClient(create_app(services))
    services.sparql.close()


def page(client: TestClient, address: str, language: str = "", status: int = 200) -> Outline:
    headers = {"Accept": "text/html", **({"Accept-Language": language} if language else {})}
    response = client.get(address, headers=headers)
    assert response.status_code == status, response.text
    outline = Outline(response.text)
    assert outline.mended == []
    assert response.headers["content-language"] == outline.all("html")[0]["lang"]
    return outline


PAGES = [
    "/",
    "/?q=團隊",
    "/?q=zzzz&kind=task",
    "/standards",
    "/import",
    "/basket",
    STANDARD,
    f"{STANDARD}/T1.1",
    "/standards/BGM1219-002v2/draft",
    "/curriculum",
    "/curriculum?q=團隊",
    "/standards/BGM1219-002v2/draft?task=T1&task=T3",
    "/similar?standard=BGM1219-002v2&code=S1%232&same_standard=true",
    "/similar?standard=BGM1219-002v2",
    "/compare",
    "/compare?a=BGM1219-002v2",
    "/compare?a=BGM1219-002v2%20T1&b=BGM1219-002v2&kind=task&kind=skill",
    "/places?iri=https%3A//w3id.org/competency-graph/id/icap/BGM1219-002v2/S1/2",
    "/id/code/industry-dgbas-tw/701",
    "/match",
    "/match?example=true",
    "/query",
    "/embed",
    "/query?query=ASK%20%7B%7D",
    "/query?language=cypher",
    "/query?example=history",
    "/schema",
    "/api",
]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(("accepted", "language"), [("zh-TW,zh;q=0.9", "zh-Hant"), ("en-GB", "en")])
def test_every_page_is_whole_in_both_languages(
    client: TestClient, address: str, accepted: str, language: str
) -> None:
    outline = page(client, address, accepted)
    assert outline.all("html")[0]["lang"] == language
    assert len(outline.all("h1")) == 1
    assert len(outline.all("main", id="main")) == 1
    assert outline.all("a", class_="skip", href="#main")
    assert {link["hreflang"] for link in outline.all("link", rel="alternate") if "hreflang" in link} == {
        "zh-Hant",
        "en",
    }
    for control in [*outline.all("input"), *outline.all("select"), *outline.all("textarea")]:
        labelled = control.get("type") in ("hidden", "checkbox") or control.get("name") == "standard"
        assert labelled or outline.all("label", for_=control["id"]), control
    identifiers = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_loaded_from_elsewhere_and_nothing_runs_inline(client: TestClient, address: str) -> None:
    outline = page(client, address)
    for tag, attributes in outline.elements:
        loads = tag == "link" and attributes["rel"] not in ("canonical", "alternate")
        source = attributes.get("src") or (attributes.get("href") if loads else None)
        assert source is None or not urlsplit(source).netloc
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert tag != "style"
    # data for search engines does not run
    runs = [one for one in outline.all("script") if one.get("type") != "application/ld+json"]
    assert all(script.get("src") for script in runs)


def test_every_link_of_every_page_leads_somewhere(client: TestClient) -> None:
    """Each address once, a fragment to an element of its page."""
    seen: dict[str, set[str]] = {}
    for address in PAGES:
        outline = page(client, address)
        for anchor in outline.all("a"):
            target = urlsplit(anchor["href"])
            if target.netloc:
                continue
            path = (target.path or urlsplit(address).path) + (f"?{target.query}" if target.query else "")
            if path not in seen:
                if target.path:
                    response = client.get(path, headers={"Accept": "text/html,*/*;q=0.5"})
                    while response.status_code == 503 and "language=cypher" in path:
                        time.sleep(1)  # the property graph is being made, and says how far it is
                        response = client.get(path, headers={"Accept": "text/html,*/*;q=0.5"})
                    assert response.status_code == 200, (address, path)
                    seen[path] = (
                        Outline(response.text).ids() if "html" in response.headers["content-type"] else set()
                    )
                else:
                    seen[path] = outline.ids()
            if target.fragment:
                assert unquote(target.fragment) in seen[path] | outline.ids(), (address, anchor["href"])
    assert len(seen) > 150


def test_the_language_that_was_chosen_stays_chosen(client: TestClient) -> None:
    outline = page(client, "/?q=團隊&hl=en", "zh-TW")
    assert outline.all("html")[0]["lang"] == "en"
    assert outline.all("input", type="hidden", name="hl", value="en")
    inner = [anchor["href"] for anchor in outline.all("a") if anchor["href"].startswith("/id/")]
    assert inner
    assert all("hl=en" in href for href in inner)
    other = page(client, "/?q=團隊&hl=zh-Hant", "en")
    assert other.all("html")[0]["lang"] == "zh-Hant"


def test_results_are_marked_placed_and_explained(client: TestClient) -> None:
    outline = page(client, "/?q=處理團隊衝突&hl=en")
    assert outline.all("mark")
    assert outline.all("a", href=f"{STANDARD}/S1/2?hl=en")
    assert "Has your words" in outline.text
    assert "溝通技能，以達成：" in outline.text
    assert outline.all("a", rel="next")
    second = page(client, "/?q=處理團隊衝突&hl=en&page=2")
    assert second.all("ol", start="11")
    assert second.all("a", rel="prev")


def test_filters_are_kept_in_the_form(client: TestClient) -> None:
    outline = page(client, "/?q=團隊&kind=skill&kind=task&standard=BGM1219-002v2")
    checked = {box["value"] for box in outline.all("input", type="checkbox") if "checked" in box}
    assert checked == {"skill", "task"}
    assert [option["value"] for option in outline.all("option") if "selected" in option] == ["BGM1219-002v2"]


def test_a_query_that_cannot_be_read_is_explained_on_the_page(client: TestClient) -> None:
    outline = page(client, "/?q=%3F%3F%3F&hl=en", status=400)
    assert outline.all("p", role="alert")
    assert outline.all("input", id="q", value="???")


def test_hostile_text_stays_text(client: TestClient) -> None:
    for address in ("/?q=<script>alert(1)</script>x", '/?q="onfocus="alert(1)', "/query?query=<img src=x>"):
        response = client.get(address, headers={"Accept": "text/html"})
        assert "<script>alert" not in response.text
        assert "<img src=x>" not in response.text
        assert not any("onfocus" in attributes for _, attributes in Outline(response.text).elements)


def test_the_standard_page_shows_all_that_the_document_says(client: TestClient) -> None:
    outline = page(client, f"{STANDARD}?hl=zh-Hant")
    codes = outline.ids()
    assert {"T1", "T1.4", "P5.3.6", "O4.3.2", "K19", "S16", "A06", "S1-2", "K4-8"} <= codes
    assert len([code for code in codes if code.startswith("P")]) == 66
    for text in (
        "鼓勵並支持團隊成員為自己的工作負責，協助每一位成員承擔其扮演的角色與責任",
        "大專以上畢業，且具 3 年以上管理相關經驗。",
        "已被《BGM1219-002v2》取代",
        "管理工作團隊效能與客戶服務品質，以達成組織之績效目標。",
    ):
        assert text in outline.text
    assert outline.all("p", class_="doubt", role="note")
    assert outline.all("h1", lang="zh-Hant")
    kinds = {link["type"] for link in outline.all("link", rel="alternate") if "type" in link}
    assert {"text/turtle", "application/ld+json", "application/json"} <= kinds


def test_an_element_page_leads_to_its_place_in_the_standard(client: TestClient) -> None:
    outline = page(client, f"{STANDARD}/S1/2?hl=en")
    assert outline.all("a", class_="button", href=f"{STANDARD}?hl=en#S1-2")
    assert "處理團隊衝突" in outline.text


def test_short_addresses_lead_to_the_permalink(client: TestClient) -> None:
    response = client.get("/standards/bgm1219-002?hl=en", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (303, f"{STANDARD}?hl=en")


def test_an_unknown_address_is_a_page_that_says_so(client: TestClient) -> None:
    for address in ("/nothing", "/standards/BGM0000-001", "/id/nothing"):
        outline = page(client, f"{address}?hl=en", status=404)
        assert address.rpartition("/")[2] in outline.text
        assert "Check the" in outline.text
        assert outline.all("a", class_="button")


@pytest.fixture(scope="module")
def both(client: TestClient, services: Services) -> TestClient:
    """The client, with the property graph made."""
    services.property_graph.bring_up_to_date(120)
    return client


@pytest.mark.parametrize("language", ["sparql", "cypher"])
def test_the_query_page_fills_in_a_chosen_question_and_answers_it(both: TestClient, language: str) -> None:
    first = page(both, f"/query?language={language}&hl=en")
    chosen = [
        one["href"] for one in first.all("a") if "example=" in one["href"] and f"={language}" in one["href"]
    ]
    assert len(chosen) >= 25
    assert len({parse_qsl(urlsplit(address).query)[1] for address in chosen}) == len(chosen)
    (address,) = [one for one in chosen if "example=text-search" in one]
    filled = page(both, address)
    assert not filled.all("table")
    assert "衝突" in filled.text
    assert filled.all("a", href=address.replace(language, "cypher" if language == "sparql" else "sparql"))
    question = next(one for one in questions() if one.name == "text-search")
    text = question.sparql if language == "sparql" else question.cypher
    answered = page(both, "/query?" + urlencode({"language": language, "query": text, "hl": "en"}))
    assert "S1#2" in answered.text
    assert "1 row in " in answered.text
    files = [one["href"] for one in answered.all("a") if "format=" in one["href"]]
    assert len(files) >= 2
    assert all("處理團隊衝突" in both.get(one).text for one in files)
    (permalink,) = answered.all("a", rel="bookmark")
    assert "S1#2" in page(both, permalink["href"]).text


def test_the_query_page_refuses_cypher_that_writes(both: TestClient) -> None:
    query = urlencode({"language": "cypher", "query": "MATCH (n) SET n.text = 'x'", "hl": "en"})
    outline = page(both, f"/query?{query}", status=400)
    assert outline.all("p", role="alert")
    assert not outline.all("table")


def test_the_query_page_tells_how_many_rows_it_shows(both: TestClient) -> None:
    for language, query in (
        ("sparql", "SELECT * { ?a ?b ?c } LIMIT 600"),
        ("cypher", "UNWIND range(1, 600) AS n RETURN n"),
    ):
        outline = page(both, "/query?" + urlencode({"language": language, "query": query, "hl": "en"}))
        assert "600 rows in " in outline.text
        assert "Only the first 500 rows are shown" in outline.text


def test_a_download_in_cypher_is_whole_or_refused(both: TestClient) -> None:
    def download(count: int) -> tuple[int, int]:
        query = f"UNWIND range(1, {count}) AS n RETURN n"
        answer = both.get("/query", params={"language": "cypher", "query": query, "format": "csv"})
        return answer.status_code, len(answer.text.splitlines())

    assert download(10_000) == (200, 10_001)
    assert download(10_001)[0] >= 400


def test_the_schema_page_names_every_term_and_counts_what_is_there(client: TestClient) -> None:
    outline = page(client, "/schema?hl=en")
    terms = {one["id"] for one in outline.all("th", scope="row")} | {
        one["id"] for one in outline.all("li") if "id" in one
    }
    schema = property_graph_schema()
    assert {f"class-{one.label}" for one in schema.classes} <= terms
    assert {f"type-{one.type}" for one in schema.relationships} <= terms
    assert {f"property-cg-{one.name}" for one in schema.literals if "competency-graph" in one.iri} <= terms
    assert {"property-skos-notation", "property-skos-prefLabel"} <= terms
    assert "type-IS_REPLACED_BY" in terms
    assert re.search(r"cg:Indicator\s+:Indicator\s+also :Element\s+66icap/", outline.text)
    assert "(:Standard)-[:HAS_TASK]->(:Task)" in outline.text
    assert "工作任務" in page(client, "/schema?hl=zh-Hant").text


def test_the_schema_pages_queries_answer(both: TestClient) -> None:
    outline = page(both, "/schema?hl=en")
    asked = [one["href"] for one in outline.all("a") if one.get("href", "").startswith("/query?language=")]
    assert len(asked) > 100
    for address in asked[:6] + asked[80:84] + asked[-4:]:
        assert page(both, address).all("td"), address


def test_columns_stand_in_the_order_of_the_query(client: TestClient) -> None:
    def columns(query: str) -> list[str]:
        html = client.get("/query", params={"query": query, "hl": "en"}).text
        return re.findall(r'<th scope="col"[^>]*>(?:<[^>]+>)*(\w+)', html)

    assert columns("SELECT * {?s ?p ?o} LIMIT 1") == ["s", "p", "o"]
    assert columns("select distinct * {?z a ?a . ?z ?m ?b} LIMIT 1") == ["z", "a", "m", "b"]
    assert columns("SELECT ?o ?s {?s ?p ?o} LIMIT 1") == ["o", "s"]


def test_the_query_page_answers_and_explains(client: TestClient) -> None:
    wrong = page(client, "/query?query=SELECT&hl=en", status=400)
    assert wrong.all("p", role="alert")
    graph = page(
        client, "/query?query=DESCRIBE%20%3Chttps%3A%2F%2Fw3id.org%2Fcompetency-graph%2Fid%2Ficap%3E"
    )
    assert graph.all("pre")
    large = page(
        client, "/query?query=SELECT%20%2A%20%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20a%20%3Fe%7D%20LIMIT%2015000"
    )
    assert not large.all("td")
    assert [one["href"] for one in large.all("a") if "format=text%2Fcsv" in one["href"]]


def test_the_links_of_the_search_page_keep_all_of_its_state(client: TestClient) -> None:
    state = "q=團隊&kind=skill&kind=knowledge&level_min=2&level_max=5&occupation=12&versions=all&fold=false"
    outline = page(client, f"/?{state}&page=1&standard=&framework=&hl=en")
    wanted = [tuple(one.split("=")) for one in state.split("&")]
    (data,) = [one for one in outline.all("link", rel="alternate") if one.get("type") == "application/json"]
    assert sorted(parse_qsl(urlsplit(data["href"]).query)) == sorted(wanted)
    (permalink,) = outline.all("a", rel="bookmark")
    assert sorted(parse_qsl(urlsplit(permalink["href"]).query)) == sorted([*wanted, ("hl", "en")])
    files = [urlsplit(anchor["href"]) for anchor in outline.all("a") if "download" in anchor]
    assert [dict(parse_qsl(one.query))["format"] for one in files] == ["csv", "xlsx"]
    for one in files:
        assert sorted(parse_qsl(one.query)[:-1]) == sorted(wanted)


def test_the_data_of_a_later_page_begin_where_the_page_does(client: TestClient) -> None:
    outline = page(client, "/?q=團隊&page=3")
    (data,) = [one for one in outline.all("link", rel="alternate") if one.get("type") == "application/json"]
    first = client.get(data["href"]).json()["hits"][0]["iri"]
    assert urlsplit(first).path.rpartition("/id/")[2] in outline.all("a", class_="code")[0]["href"]


def test_kinds_and_levels_say_how_many_hits_they_have(client: TestClient) -> None:
    facets = client.get("/api/v1/search", params={"q": "團隊"}).json()["facets"]
    html = client.get("/?q=團隊&hl=en").text
    for one in facets["level"]:
        assert f'<option value="{one["value"]}">{one["value"]} ({one["count"]})</option>' in html
    counts = [int(found) for found in re.findall(r'name="kind".*?<span class="count">(\d+)</span>', html)]
    assert {count for count in counts if count} == {one["count"] for one in facets["kind"]}


def test_the_level_is_bounded_from_both_sides(client: TestClient) -> None:
    def count(bounds: str) -> int:
        found = re.search(r'class="summary"><strong>(\d+)', client.get(f"/?q=團隊&hl=en{bounds}").text)
        return int(found[1]) if found else 0

    levels = [int(one["value"]) for one in client.get("/api/v1/search?q=團隊").json()["facets"]["level"]]
    assert len(levels) > 1
    low, high = min(levels), max(levels)
    assert count(f"&level_min={low}&level_max={low}") == count(f"&level={low}") > 0
    assert count(f"&level_min={low}&level_max={high}") > count(f"&level_min={high}") > 0
    assert count(f"&level_min={high}&level_max={low}") == 0
    assert count("&level_min=x&level_max=999") == count("")


def test_occupations_are_shown_as_a_hierarchy(client: TestClient) -> None:
    outline = page(client, "/?q=團隊&hl=en")
    depths = [one["class"] for one in outline.all("li") if one.get("class", "").startswith("depth-")]
    assert {"depth-0", "depth-1", "depth-2", "depth-3"} <= set(depths)


@pytest.mark.parametrize("shape", ["table", "tree", "text"])
def test_a_standard_is_shown_whole_in_each_shape(client: TestClient, shape: str) -> None:
    html = client.get(f"/id/icap/BGM1219-002v2?view={shape}&hl=en", headers={"Accept": "text/html"}).text
    ids = re.findall(r'<(?:li|th|section|tr|h2)[^>]* id="((?:T|O|P|K|S|A)[\d.-]+)"', html)
    assert len(ids) == len(set(ids))
    counts = Counter(one[0] for one in ids if "-" not in one)
    assert counts == {"T": 5 + 17, "O": 16, "P": 66, "K": 19, "S": 16, "A": 6}


def test_the_table_of_a_standard_has_the_columns_of_the_official_form(client: TestClient) -> None:
    html = client.get("/id/icap/BGM1219-002v2?hl=zh-Hant", headers={"Accept": "text/html"}).text
    table = html[html.index('<table class="official">') : html.index("</table>")]
    columns = re.findall(r'<th scope="col">([^<]+)</th>', table)
    assert columns == ["工作任務", "工作活動", "工作產出", "行為指標", "級別", "知識", "技能"]
    assert re.search(r'id="T1" rowspan="4"', table)
    first = table[table.index('id="T1"') : table.index('id="T1.2"')]
    assert 'href="#K1"' in first
    assert "組織目標、目的與計畫" in first
