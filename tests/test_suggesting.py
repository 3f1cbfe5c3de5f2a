"""What is suggested while somebody types, from the texts of a few standards."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.cli import cli
from ontology.errors import IndexStale, InvalidInput
from search import AlternativeName, Passage, SuggestIndex, SuggestionType
from search.classes import ClassCode
from search.folding import folded

if TYPE_CHECKING:
    from pathlib import Path

    from api.services import Services
    from search import Suggestion

OCCUPATION = ClassCode("occupation", "occupation-mol-tw", "1219", "其他企業服務及行政經理人員")
INDUSTRY = ClassCode("industry", "industry-dgbas-tw", "701", "企業總管理機構")


def passage(
    standard: str, code: str, kind: str, text: str, *, lang: str = "zh-Hant", framework: str = "icap"
) -> Passage:
    return Passage(
        iri=f"https://example.org/{standard}/{code}",
        code=code,
        kind=kind,
        text=text,
        lang=lang,
        framework=framework,
        standard=standard,
        standard_name="",
        standard_iri=f"https://example.org/{standard}",
        classes=(OCCUPATION, INDUSTRY) if kind == "standard" else (),
    )


PASSAGES = [
    passage("BGM1219-002v2", "BGM1219-002v2", "standard", "基層主管"),
    passage("BGM1219-002v2", "K14", "knowledge", "團隊建立"),
    passage("BGM1219-002v2", "K04", "knowledge", "勞動法規"),
    passage("BGM1219-002v2", "S1#2", "skill", "處理團隊衝突"),
    passage("BGM1219-002v2", "S2", "skill", "溝通協調"),
    passage("BGM1219-002v2", "P1.1.1", "indicator", "能夠溝通協調團隊"),
    passage("BGM1219-002v1", "BGM1219-002v1", "standard", "基層主管"),
    passage("BGM1219-002v1", "S1", "skill", "溝通協調"),
    passage("ITM2512-001", "ITM2512-001", "standard", "軟體工程師"),
    passage("ITM2512-001", "S1", "skill", "溝通協調"),
    passage("ITM2512-001", "S2", "skill", "溝通技巧與簡報"),
    passage("ITM2512-001", "K1", "knowledge", "Excel試算表"),
    passage("esco", "", "skill", "manage conflicts", lang="en", framework="esco"),
    passage("esco", "A1", "skill", "gérer les équipes", lang="fr", framework="esco"),
    passage("esco", "", "knowledge", "team management", lang="en", framework="esco"),
    passage("13-1111", "13-1111", "standard", "Management Analysts", lang="en", framework="onet"),
]
NAMES = {
    "https://example.org/esco/A1": (AlternativeName("manager des gens", "fr"),),
    "https://example.org/13-1111/13-1111": (AlternativeName("Business Consultant", "en"),),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SuggestIndex:
    return SuggestIndex.build(PASSAGES, NAMES, tmp_path_factory.mktemp("suggest"))


def texts(index: SuggestIndex, typed: str, **filters: list[str]) -> list[str]:
    return [one.text for one in index.suggest(typed, **filters).items]  # type: ignore[arg-type]


def only(index: SuggestIndex, typed: str) -> Suggestion:
    (found,) = index.suggest(typed).items
    return found


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("團", "團隊建立"),
        ("团队", "團隊建立"),
        ("隊衝", "處理團隊衝突"),
        ("软件", "軟體工程師"),
        ("軟體工", "軟體工程師"),
        ("MANAGE CONF", "manage conflicts"),
        ("ｍａｎａｇｅ", "manage conflicts"),
        ("conf", "manage conflicts"),
        ("gerer", "gérer les équipes"),
        ("EQUIP", "gérer les équipes"),
        ("exc", "Excel試算表"),
        ("試算", "Excel試算表"),
        ("analysts manag", "Management Analysts"),
        ("團隊 處理", "處理團隊衝突"),
    ],
)
def test_the_beginning_of_a_text_or_of_its_words_finds_it(index: SuggestIndex, typed: str, text: str) -> None:
    assert text in texts(index, typed)


def test_in_scripts_with_spaces_nothing_is_found_inside_a_word(index: SuggestIndex) -> None:
    assert texts(index, "onflicts") == []


@pytest.mark.parametrize(
    ("typed", "text", "leads_to"),
    [
        ("BGM1219-002v2 K14", "BGM1219-002v2 K14", "https://example.org/BGM1219-002v2/K14"),
        ("bgm1219-002v2 k1", "BGM1219-002v2 K14", "https://example.org/BGM1219-002v2/K14"),
        ("BGM1219-002 K14", "BGM1219-002v2 K14", "https://example.org/BGM1219-002v2/K14"),
        ("K4", "K04", "https://example.org/BGM1219-002v2/K04"),
        ("BGM1219-002V2", "BGM1219-002v2", "https://example.org/BGM1219-002v2/BGM1219-002v2"),
        ("S1", "S1", None),
        ("1219", "1219 其他企業服務及行政經理人員", None),
        ("M7010", "701 企業總管理機構", None),
        ("其他企業服務及", "1219 其他企業服務及行政經理人員", None),
    ],
)
def test_codes_come_first_and_lead_to_what_they_name(
    index: SuggestIndex, typed: str, text: str, leads_to: str | None
) -> None:
    first = index.suggest(typed).items[0]
    assert (first.text, first.iri) == (text, leads_to)


def test_a_code_says_what_it_is_the_code_of(index: SuggestIndex) -> None:
    first = index.suggest("BGM1219-002v2 K14").items[0]
    assert (first.type, first.kind, first.label) == (SuggestionType.CODE, "knowledge", "團隊建立")
    assert index.suggest("1219").items[0].query == "1219"


def test_a_text_in_several_standards_is_one_suggestion_before_rarer_ones(
    index: SuggestIndex,
) -> None:
    first, second = index.suggest("溝通").items
    assert (first.text, first.count) == ("溝通協調", 2)  # the versions of one standard count once
    assert (second.text, second.count) == ("溝通技巧與簡報", 1)
    assert first.iri is None
    assert first.query == "溝通協調"


def test_a_title_leads_to_the_latest_version(index: SuggestIndex) -> None:
    found = only(index, "基層")
    assert (found.type, found.count) == (SuggestionType.TITLE, 1)
    assert found.iri == "https://example.org/BGM1219-002v2/BGM1219-002v2"


def test_another_name_says_what_it_stands_for(index: SuggestIndex) -> None:
    found = only(index, "consul")
    assert (found.type, found.text, found.label) == (
        SuggestionType.NAME,
        "Business Consultant",
        "Management Analysts",
    )
    assert found.iri == "https://example.org/13-1111/13-1111"


def test_the_beginning_of_the_whole_comes_before_the_beginning_of_a_word(index: SuggestIndex) -> None:
    found = texts(index, "manage")
    assert found.index("manage conflicts") < found.index("team management")
    assert found.index("Management Analysts") < found.index("team management")


@pytest.mark.parametrize(
    ("typed", "marked"),
    [("conf", ["conf"]), ("隊衝", ["隊衝"]), ("GERER", ["gérer"]), ("analysts manag", ["Manag", "Analysts"])],
)
def test_what_was_typed_is_marked_in_the_text(index: SuggestIndex, typed: str, marked: list[str]) -> None:
    first = index.suggest(typed).items[0]
    assert [first.text[start:end] for start, end in first.spans] == marked


def test_filters_narrow(index: SuggestIndex) -> None:
    assert set(texts(index, "manage", frameworks=["onet"])) == {"Management Analysts"}
    assert set(texts(index, "manage", kinds=["knowledge"])) == {"team management"}
    assert set(texts(index, "manager", languages=["fr"])) == {"manager des gens"}
    assert texts(index, "manage", languages=["xx"]) == []
    assert index.suggest("溝通", frameworks=["icap"], kinds=["skill"]).items[0].count == 2


@pytest.mark.parametrize("typed", ["", "   ", "…", "\0", "\ud800", "'\"<>%_*\\", "x" * 999, "團" * 500])
def test_odd_text_is_answered_with_nothing(index: SuggestIndex, typed: str) -> None:
    assert index.suggest(typed).items == ()


def test_what_cannot_be_answered_is_said(index: SuggestIndex, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="1001 characters"):
        index.suggest("x" * 1001)
    for limit in (0, 51):
        with pytest.raises(InvalidInput, match="limit"):
            index.suggest("a", limit=limit)
    with pytest.raises(IndexStale, match="competency index"):
        SuggestIndex(tmp_path)


def test_damaged_files_are_stale(tmp_path: Path) -> None:
    SuggestIndex.build(PASSAGES, NAMES, tmp_path)
    (place,) = [path for path in tmp_path.iterdir() if path.is_dir()]
    (place / "keys.bin").write_bytes(b"")
    with pytest.raises(IndexStale, match="damaged"):
        SuggestIndex(tmp_path)


def test_building_the_same_again_changes_nothing(tmp_path: Path) -> None:
    SuggestIndex.build(PASSAGES, NAMES, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    SuggestIndex.build(PASSAGES, NAMES, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_an_index_of_nothing_suggests_nothing(tmp_path: Path) -> None:
    index = SuggestIndex.build([], {}, tmp_path)
    assert len(index) == 0
    assert index.suggest("a").items == ()
    assert index.suggest("a b", kinds=["skill"]).items == ()


def test_many_threads_get_the_answers_of_one(index: SuggestIndex) -> None:
    typed = ["團", "manage", "1219", "溝通"] * 20
    expected = [index.suggest(one).items for one in typed]
    got: list[object] = [None] * len(typed)

    def ask(at: int) -> None:
        got[at] = index.suggest(typed[at]).items

    threads = [threading.Thread(target=ask, args=(at,)) for at in range(len(typed))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == expected


WORDS = st.text(st.sampled_from("ab é團队ｂ12.#-ßK"), max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=12), WORDS)
def test_bisection_finds_what_a_scan_finds(
    tmp_path_factory: pytest.TempPathFactory, shown: list[str], typed: str
) -> None:
    """Against a plain scan over all beginnings of words."""
    corpus = [passage("X", "", "skill", text) for text in shown if text.strip()]
    index = SuggestIndex.build(corpus, {}, tmp_path_factory.mktemp("scan"))
    wanted = folded(typed).text

    def begins(text: str) -> bool:
        unit = folded(text).text
        latin = "abes12k"
        return any(
            unit.startswith(wanted, at)
            for at in range(len(unit))
            if unit[at] != " "
            and (at == 0 or unit[at - 1] == " " or unit[at] not in latin or unit[at - 1] not in latin)
        )

    expected = {folded(one.text).text for one in corpus if wanted and begins(one.text)}
    prefixed = {
        folded(one.text).text
        for one in index.suggest(typed, limit=50).items
        if begins(one.text) or len(wanted.split()) < 2
    }
    assert prefixed == expected


@pytest.fixture(scope="module")
def client(services: Services) -> TestClient:
    return TestClient(create_app(services), raise_server_exceptions=False)


class TestOverHttp:
    def test_each_suggestion_says_what_it_leads_to(self, client: TestClient) -> None:
        body = client.get("/api/v1/suggest", params={"q": "BGM1219-002v2 S1"}).json()
        first = body["suggestions"][0]
        assert (first["type"], first["text"], first["spans"]) == ("code", "BGM1219-002v2 S1", [[0, 16]])
        assert first["iri"].endswith("/icap/BGM1219-002v2/S1")
        assert client.get(first["href"], headers={"Accept": "text/html"}).status_code == 200
        term = client.get("/api/v1/suggest", params={"q": "团队冲"}).json()["suggestions"][0]
        assert (term["type"], term["text"], term["iri"]) == ("term", "處理團隊衝突", None)
        assert "處理團隊衝突" in client.get(term["href"]).text

    def test_what_is_typed_oddly_is_answered(self, client: TestClient) -> None:
        for typed in ("", " ", "%00", "\0", "<script>", "' OR 1=1 --", "🦀", "‮"):
            response = client.get("/api/v1/suggest", params={"q": typed})
            assert response.status_code == 200, typed
        assert client.get("/api/v1/suggest", params={"q": ""}).json()["suggestions"] == []
        for parameters in ({}, {"q": "x" * 2000}, {"q": "a", "limit": "0"}, {"q": "a", "kind": "no"}):
            response = client.get("/api/v1/suggest", params=parameters)
            assert 400 <= response.status_code < 500
            assert response.headers["content-type"] == "application/problem+json"

    def test_the_command_prints_the_same(self, loaded_data: Path, client: TestClient) -> None:
        run = CliRunner().invoke(cli, ["suggest", "--json", "團", "--data-dir", str(loaded_data)])
        assert run.exit_code == 0, run.output
        printed = [one["text"] for one in json.loads(run.stdout)["suggestions"]]
        answered = client.get("/api/v1/suggest", params={"q": "團"}).json()["suggestions"]
        assert printed == [one["text"] for one in answered] != []
