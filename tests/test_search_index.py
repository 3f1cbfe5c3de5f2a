"""The index as a machine: building, opening, filters, paging, codes, hostile input; with the toy model."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.errors import IndexStale, InvalidInput
from ontology.identifiers import Identifiers
from ontology.model import Kind
from ontology.readers import read_standard
from search import QUERY_LIMIT, Passage, SearchIndex, Step, ToyEmbedder, passages_of
from search.codes import CodeTable
from search.filters import FilterTable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from search import Role, SearchResult


@pytest.fixture(scope="session")
def passages(sample_path: Path) -> tuple[Passage, ...]:
    return passages_of(read_standard(sample_path), Identifiers())


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Vectors of the background, shared by the builds of this module."""
    return tmp_path_factory.mktemp("background")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="session")
def index(passages: tuple[Passage, ...], folder: Path, cache: Path) -> SearchIndex:
    return SearchIndex.build(passages, ToyEmbedder(), folder, cache=cache)


def codes(result: SearchResult) -> list[str]:
    return [hit.code for hit in result.hits]


class OtherModel(ToyEmbedder):
    revision = "toy-2"


def test_every_element_is_a_passage_in_its_context(passages: tuple[Passage, ...], sample_path: Path) -> None:
    standard = read_standard(sample_path)
    by_code = {passage.code: passage for passage in passages}
    assert [one.code for one in passages if one.kind != "standard"] == [
        element.code for element in standard.elements()
    ]
    item = by_code["S1#2"]
    assert item.text == "處理團隊衝突"
    assert item.iri.endswith("icap/BGM1219-002v2/S1/2")
    assert [(step.code, step.text) for step in item.path] == [("S1", "溝通技能，以達成：")]
    assert [step.code for step in by_code["P1.1.1"].path] == ["T1", "T1.1"]
    assert by_code["P1.1.1"].level == 5
    attitude = by_code["A01"]
    assert (attitude.text, attitude.kind) == ("親和力", Kind.ATTITUDE.value)
    assert attitude.full_text.startswith("親和力：對他人表現理解")


def test_the_description_of_an_attitude_is_searched_and_its_name_shown(index: SearchIndex) -> None:
    result = index.search("同理心", kinds=["attitude"])
    assert result.hits[0].code == "A01"
    assert result.hits[0].text == "親和力"


def test_scores_fall_and_stay_between_0_and_1(index: SearchIndex) -> None:
    scores = [hit.score for hit in index.search("團隊溝通", limit=len(index)).hits]
    assert len(scores) == len(index)
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_pages_join_to_the_whole(index: SearchIndex) -> None:
    whole = codes(index.search("客戶", limit=30))
    pages = [codes(index.search("客戶", limit=10, offset=offset)) for offset in (0, 10, 20)]
    assert [code for page in pages for code in page] == whole
    assert index.search("客戶", offset=len(index)).hits == ()
    assert index.search("客戶", offset=len(index)).total == len(index)


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"kinds": ["skill"]}, {"skill"}),
        ({"kinds": [Kind.KNOWLEDGE, Kind.TASK]}, {"knowledge", "task"}),
        ({"standards": ["BGM1219-002v2"], "kinds": ["output"]}, {"output"}),
        ({"frameworks": ["icap"], "languages": ["zh-Hant"], "kinds": ["attitude"]}, {"attitude"}),
        ({"standards": ["BGM1219-003v3"]}, set()),
        ({"frameworks": ["esco"]}, set()),
        ({"languages": ["en"]}, set()),
    ],
)
def test_filters_narrow_what_is_ranked(
    index: SearchIndex, filters: dict[str, list[str]], kept: set[str]
) -> None:
    result = index.search("溝通", limit=1000, **filters)  # type: ignore[arg-type]
    assert {hit.kind for hit in result.hits} == kept
    assert result.total == len(result.hits)


def test_a_filter_keeps_the_order_of_the_whole(index: SearchIndex) -> None:
    whole = [hit.code for hit in index.search("溝通", limit=1000).hits if hit.kind == "skill"]
    assert codes(index.search("溝通", limit=1000, kinds=["skill"])) == whole


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("P4.1.3", "P4.1.3"),
        ("p4.1.3", "P4.1.3"),
        ("Ｐ４.１.３", "P4.1.3"),
        ("S1#2", "S1#2"),
        ("BGM1219-002v2 K14", "K14"),
        ("BGM1219-002 K14", "K14"),
        ("K14", "K14"),
        ("K04", "K4"),
        ("BGM1219-002v2", "BGM1219-002v2"),
    ],
)
def test_a_code_finds_its_element_first(index: SearchIndex, query: str, first: str) -> None:
    hit = index.search(query).hits[0]
    assert (hit.code, hit.reason.found_by) == (first, "code")


@pytest.mark.parametrize(
    "query", ["1219", "12", "1", "M7010", "m7010", "Ｍ７０１０", "M", "701", "BGM1219-002", "bgm 1219 - 002"]
)
def test_a_code_of_an_occupation_or_industry_finds_its_standards(index: SearchIndex, query: str) -> None:
    hit = index.search(query).hits[0]
    assert (hit.code, hit.reason.found_by) == ("BGM1219-002v2", "code")


def test_an_iri_finds_its_element(index: SearchIndex) -> None:
    iri = index.search("P4.1.3").hits[0].iri
    hit = index.search(iri).hits[0]
    assert (hit.iri, hit.code, hit.reason.found_by) == (iri, "P4.1.3", "code")


@pytest.mark.parametrize("query", ["5", "2030", "1218", "Q", "zz", "4.1"])
def test_a_number_or_letter_that_is_no_code_is_searched_as_text(index: SearchIndex, query: str) -> None:
    assert all(hit.reason.found_by != "code" for hit in index.search(query).hits)


def test_codes_are_looked_up_fast_in_a_large_index() -> None:
    def passage(at: int) -> Passage:
        standard, place = divmod(at, 100)
        code = f"T{place}"
        return Passage(
            iri=f"http://example.org/{at}", code=code, kind="task", text="x", lang="en", framework="f",
            standard=f"ABC{standard}-001v1", standard_name="x", standard_iri="x",
            path=() if place == 0 else (Step("T0", "x"),),
        )  # fmt: skip

    passages = [passage(at) for at in range(50_000)]
    table = CodeTable.of(passages, FilterTable.of(passages))
    times = []
    for query in ("ABC77-001v1 T0", "ABC77-001", "T55", "conflict handling", "1219", "http://example.org/7"):
        started = time.process_time()
        for _ in range(5):
            table.find(query)
        times.append((time.process_time() - started) / 5)
    assert len(table.find("ABC77-001v1 T0").below) == 99
    # 2 ms is the aim; a scan of all passages takes 20
    assert max(times) < 0.006


def test_a_code_that_the_filters_exclude_is_not_found(index: SearchIndex) -> None:
    assert index.search("K14", kinds=["skill"]).hits == ()


def test_words_are_shown_where_they_stand(index: SearchIndex) -> None:
    hit = next(hit for hit in index.search("团队冲突").hits if hit.code == "S1#2")
    assert hit.text == "處理團隊衝突"
    assert [hit.text[start:end] for start, end in hit.reason.spans] == ["團隊衝突"]
    assert hit.reason.words is not None
    assert hit.reason.found_by in {"words", "both"}


def test_spans_lie_in_the_text_in_order(index: SearchIndex) -> None:
    for hit in index.search("與客戶溝通的技巧和績效", limit=1000).hits:
        edges = [place for span in hit.reason.spans for place in span]
        assert edges == sorted(set(edges))
        assert not edges or (edges[0] >= 0 and edges[-1] <= len(hit.text))


def test_a_question_is_searched_without_its_frame(index: SearchIndex) -> None:
    result = index.search("哪些職能包含處理團隊衝突？")
    assert result.interpreted == "處理團隊衝突"
    assert result.hits[0].code == "S1#2"


def test_the_query_language_is_guessed_or_taken(index: SearchIndex) -> None:
    assert index.search("갈등 관리").query_language == "ko"
    assert index.search("処理する能力の").query_language == "ja"
    assert index.search("處理團隊衝突").query_language == "zh-Hant"
    assert index.search("处理团队冲突").query_language == "zh-Hans"
    assert index.search("resolution", query_language="fr").query_language == "fr"
    assert index.search("mahi tahi", query_language="mi").hits


@pytest.mark.parametrize("query", ["", "   ", "?!", "。、", "\0", "​"])
def test_an_empty_query_is_refused(index: SearchIndex, query: str) -> None:
    with pytest.raises(InvalidInput, match="empty"):
        index.search(query)


def test_a_query_may_be_as_long_as_the_limit_and_no_longer(index: SearchIndex) -> None:
    assert index.search("溝" * QUERY_LIMIT).hits
    with pytest.raises(InvalidInput, match=f"{QUERY_LIMIT + 1} characters.*at most {QUERY_LIMIT}"):
        index.search("溝" * (QUERY_LIMIT + 1))


@pytest.mark.parametrize("bounds", [{"limit": 0}, {"limit": 1001}, {"offset": -1}, {"offset": 100_001}])
def test_bounds_out_of_range_are_refused(index: SearchIndex, bounds: dict[str, int]) -> None:
    with pytest.raises(InvalidInput, match="must be from"):
        index.search("溝通", **bounds)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [
        'text:"溝通" AND (',
        "kind:skill OR *",
        "溝通 -客戶 +[a TO b]",
        "a^1e999~",
        "\\ 溝通",
        "'; DROP TABLE x --",
        "<script>alert(1)</script>",
        "\ud800溝通",
        "溝通\r\n\t\u2028團隊",
        "e\u0301" * 100,
        "\U0001f600 溝通",
        "ﷺ",
        "(((((((((((((((((((((((((((((a",
        "which competencies cover " * 30,
    ],
)
def test_query_text_is_never_syntax(index: SearchIndex, query: str) -> None:
    result = index.search(query, limit=5)
    assert len(result.hits) == 5
    assert not np.isnan([hit.score for hit in result.hits]).any()


@given(st.text(min_size=1, max_size=60))
def test_any_text_is_answered_or_refused(index: SearchIndex, query: str) -> None:
    try:
        result = index.search(query, limit=3)
    except InvalidInput:
        return
    for hit in result.hits:
        assert 0 <= hit.score <= 1
        assert all(0 <= start < end <= len(hit.text) for start, end in hit.reason.spans)


def test_threads_get_the_answers_of_one(index: SearchIndex) -> None:
    queries = ["客戶關係", "团队冲突", "which competencies cover 溝通", "K14", "績效", "リーダー"] * 8
    alone = [codes(index.search(query)) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda query: codes(index.search(query)), queries)) == alone


def test_an_index_opened_again_answers_the_same(index: SearchIndex, folder: Path) -> None:
    opened = SearchIndex.open(folder, ToyEmbedder())
    assert len(opened) == len(index)
    assert opened.model == "toy"
    for query in ("客戶", "K14", "conflict"):
        assert opened.search(query).hits == index.search(query).hits


class CountingModel(ToyEmbedder):
    """Counts the texts it embeds."""

    def __init__(self) -> None:
        self.texts = 0

    def embed(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        self.texts += len(texts)
        return super().embed(texts, role=role)


def test_building_the_same_again_does_nothing(
    index: SearchIndex, passages: tuple[Passage, ...], folder: Path
) -> None:
    before = SearchIndex.version(folder)
    files = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    model = CountingModel()
    SearchIndex.build(passages, model, folder)
    assert model.texts == 0
    assert SearchIndex.version(folder) == before
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == files
    assert len(index) == len(passages)


def test_progress_is_reported_to_the_end(passages: tuple[Passage, ...], tmp_path: Path) -> None:
    reports: list[tuple[str, int, int]] = []
    SearchIndex.build(passages[:40], ToyEmbedder(), tmp_path, progress=lambda *report: reports.append(report))
    embedding = [report for report in reports if report[0] == "embedding"]
    assert [done for _, done, _ in embedding] == sorted({done for _, done, _ in embedding})
    assert embedding[-1][1] == embedding[-1][2] > 0


def test_a_new_version_takes_over_and_two_are_kept(
    passages: tuple[Passage, ...], tmp_path: Path, cache: Path
) -> None:
    versions = []
    readers = []
    for count in (20, 30, 40):
        readers.append(SearchIndex.build(passages[:count], ToyEmbedder(), tmp_path, cache=cache))
        versions.append(SearchIndex.version(tmp_path))
    assert len(set(versions)) == 3
    kept = {path.name for path in tmp_path.iterdir() if (path / "manifest.json").is_file()}
    assert kept == set(versions[1:])
    assert len(SearchIndex.open(tmp_path, ToyEmbedder())) == 40
    assert [len(reader.search("團隊", limit=1000).hits) for reader in readers] == [20, 30, 40]


def test_a_build_that_fails_leaves_the_index_as_it_was(passages: tuple[Passage, ...], tmp_path: Path) -> None:
    SearchIndex.build(passages[:20], ToyEmbedder(), tmp_path)
    before = SearchIndex.version(tmp_path)

    def fail(message: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SearchIndex.build(passages, ToyEmbedder(), tmp_path, progress=fail)
    assert SearchIndex.version(tmp_path) == before
    assert len(SearchIndex.open(tmp_path, ToyEmbedder())) == 20
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_readers_see_whole_versions_while_another_is_built(
    passages: tuple[Passage, ...], tmp_path: Path, cache: Path
) -> None:
    SearchIndex.build(passages[:20], ToyEmbedder(), tmp_path, cache=cache)
    sizes: set[int] = set()
    done = threading.Event()

    def read() -> None:
        last = False
        while not last:
            last = done.is_set()
            sizes.add(len(SearchIndex.open(tmp_path, ToyEmbedder()).search("團隊", limit=1000).hits))

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        SearchIndex.build(passages, ToyEmbedder(), tmp_path, cache=cache)
        done.set()
        reading.result()
    assert sizes <= {20, len(passages)}
    assert len(passages) in sizes


def test_no_index_is_stale_and_has_no_version(tmp_path: Path) -> None:
    assert SearchIndex.version(tmp_path / "nowhere") is None
    with pytest.raises(IndexStale, match="competency index"):
        SearchIndex.open(tmp_path / "nowhere", ToyEmbedder())


def test_an_index_of_another_model_is_stale(index: SearchIndex, folder: Path) -> None:
    with pytest.raises(IndexStale, match=r"toy-1.*toy-2.*competency index"):
        SearchIndex.open(folder, OtherModel())
    assert index.model == "toy"


@pytest.mark.parametrize("field", ["format", "dimension", "background", "recipe"])
def test_an_index_of_another_format_is_stale(
    passages: tuple[Passage, ...], tmp_path: Path, cache: Path, field: str
) -> None:
    SearchIndex.build(passages[:5], ToyEmbedder(), tmp_path, cache=cache)
    manifest = tmp_path / str(SearchIndex.version(tmp_path)) / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(content | {field: "another"}), encoding="utf-8")
    with pytest.raises(IndexStale, match=f"{field}.*competency index"):
        SearchIndex.open(tmp_path, ToyEmbedder())


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "passages.jsonl",
        "passages.npy",
        "columns.json",
        "codes-iris-rows.npy",
        "vectors.npy",
        "hubs.npy",
    ],
)
def test_a_damaged_index_is_stale(
    passages: tuple[Passage, ...], tmp_path: Path, cache: Path, name: str
) -> None:
    SearchIndex.build(passages[:5], ToyEmbedder(), tmp_path, cache=cache)
    path = tmp_path / str(SearchIndex.version(tmp_path)) / name
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(IndexStale, match="competency index"):
        SearchIndex.open(tmp_path, ToyEmbedder())


def test_an_index_of_nothing_finds_nothing(tmp_path: Path, cache: Path) -> None:
    empty = SearchIndex.build((), ToyEmbedder(), tmp_path, cache=cache)
    assert len(empty) == 0
    assert empty.search("溝通").hits == ()
    assert empty.search("溝通").total == 0
    assert len(SearchIndex.open(tmp_path, ToyEmbedder())) == 0


def test_texts_with_odd_line_ends_come_back_whole(
    passages: tuple[Passage, ...], tmp_path: Path, cache: Path
) -> None:
    odd = replace(passages[1], text="團隊\u2028效能\x85與\x0b溝通")
    SearchIndex.build((odd, *passages[2:5]), ToyEmbedder(), tmp_path, cache=cache)
    assert odd.text in {hit.text for hit in SearchIndex.open(tmp_path, ToyEmbedder()).search("團隊").hits}


def test_equal_codes_of_two_standards_are_told_apart(
    passages: tuple[Passage, ...], tmp_path: Path, cache: Path
) -> None:
    others = tuple(
        replace(one, standard="XYZ0001-001v1", iri=one.iri.replace("BGM1219-002v2", "XYZ0001-001v1"))
        for one in passages
    )
    index = SearchIndex.build((*passages, *others), ToyEmbedder(), tmp_path, cache=cache)
    assert {hit.standard for hit in index.search("K14").hits} == {"BGM1219-002v2", "XYZ0001-001v1"}
    assert {hit.standard for hit in index.search("XYZ0001-001 K14").hits} == {"XYZ0001-001v1"}
    narrowed = index.search("XYZ0001-001v1 處理團隊衝突")
    assert {hit.standard for hit in narrowed.hits} == {"XYZ0001-001v1"}
    assert "XYZ0001-001v1" in narrowed.notes[0]


@pytest.fixture(scope="session")
def two_versions(sample_path: Path, tmp_path_factory: pytest.TempPathFactory, cache: Path) -> SearchIndex:
    newer = read_standard(sample_path)
    older = replace(newer, code="BGM1219-002v1", version="V1")
    folder = tmp_path_factory.mktemp("versions")
    return SearchIndex.build(passages_of([older, newer], Identifiers()), ToyEmbedder(), folder, cache=cache)


def test_only_the_latest_version_is_searched_unless_asked(two_versions: SearchIndex) -> None:
    def found(query: str, **options: object) -> set[str]:
        return {hit.standard for hit in two_versions.search(query, limit=100, **options).hits}  # type: ignore[arg-type]

    assert found("處理團隊衝突") == {"BGM1219-002v2"}
    assert found("處理團隊衝突", all_versions=True) == {"BGM1219-002v1", "BGM1219-002v2"}
    assert found("處理團隊衝突", standards=["BGM1219-002v1"]) == {"BGM1219-002v1"}
    assert found("BGM1219-002v1 處理團隊衝突") == {"BGM1219-002v1"}
    assert found("S1") == {"BGM1219-002v2"}
    assert found("BGM1219-002v1 S1") == {"BGM1219-002v1"}
    assert two_versions.has_older_versions
