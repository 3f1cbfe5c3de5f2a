"""Search with the real model: how good it is, by language, on judged sets and on the headline queries."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.cli.searching import hit_lines
from ontology.readers import read_standard
from search import NOTHING_FITS, SearchIndex, evaluate, open_embedder, passages_of
from search.evaluation import read_judged

if TYPE_CHECKING:
    from search import Embedder, EvaluationReport, Passage


@pytest.fixture(scope="session")
def vectors(request: pytest.FixtureRequest) -> Path:
    """A folder that keeps vectors from run to run, as they do not change while model and texts do not."""
    cache = request.config.cache
    assert cache is not None
    return Path(cache.mkdir("search-vectors"))


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return open_embedder()


@pytest.fixture(scope="session")
def passages(sample_path: Path) -> tuple[Passage, ...]:
    return passages_of(read_standard(sample_path))


@pytest.fixture(scope="session")
def index(
    passages: tuple[Passage, ...],
    embedder: Embedder,
    vectors: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> SearchIndex:
    return SearchIndex.build(passages, embedder, tmp_path_factory.mktemp("index"), cache=vectors)


@pytest.fixture(scope="session")
def whole_index(
    sample_path: Path, embedder: Embedder, vectors: Path, tmp_path_factory: pytest.TempPathFactory
) -> SearchIndex:
    """The index that ``make run`` builds: all bundled standards."""
    files = sorted(sample_path.parent.glob("*.txt"))
    passages = [passage for file in files for passage in passages_of(read_standard(file))]
    return SearchIndex.build(passages, embedder, tmp_path_factory.mktemp("whole"), cache=vectors)


@pytest.fixture(scope="session")
def shared_report(
    passages: tuple[Passage, ...], embedder: Embedder, shared_data: Path, vectors: Path
) -> EvaluationReport:
    return evaluate(passages, embedder, shared_data / "eval" / "BGM1219-002v2.queries.tsv", cache=vectors)


@pytest.mark.parametrize(
    ("query", "within"),
    [
        ("which competencies cover conflict handling", 1),
        ("Which competencies cover conflict handling?", 1),
        ("コンフリクト対応", 3),
        ("xử lý xung đột", 3),
        ("如何處理同事吵架", 3),
        ("Umgang mit Konflikten", 3),
        ("处理团队冲突", 1),
        ("處理團隊衝突", 1),
        ("哪些職能包含衝突處理？", 3),
        ("Welche Kompetenzen betreffen den Umgang mit Konflikten?", 3),
    ],
)
def test_conflict_handling_is_found_in_any_language(
    whole_index: SearchIndex, query: str, within: int
) -> None:
    hits = whole_index.search(query, limit=within).hits
    assert ("BGM1219-002v2", "S1#2") in [(hit.standard, hit.code) for hit in hits if not hit.weak]


def test_a_hit_by_meaning_says_so(index: SearchIndex) -> None:
    hit = index.search("conflict handling").hits[0]
    assert hit.reason.found_by == "meaning"
    assert hit.reason.words is None
    assert hit.reason.meaning is not None
    assert hit.reason.spans == ()


def test_nonsense_scores_lower_than_sense(index: SearchIndex) -> None:
    nonsense = index.search("紅燒牛肉麵食譜").hits[0].score
    assert nonsense < 0.05 < 0.3 < index.search("處理團隊衝突").hits[0].score


def unrelated() -> list[str]:
    """Queries in 14 languages about recipes, matches, galaxies and the like."""
    lines = (files("data") / "eval" / "unrelated.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[1] for line in lines[1:]]


def test_an_unrelated_query_is_told_that_nothing_fits(index: SearchIndex, whole_index: SearchIndex) -> None:
    for one in (index, whole_index):
        results = [one.search(query, limit=1) for query in unrelated()]
        strong = [result.interpreted for result in results if not result.nothing_fits]
        # none when this was written, of 100
        assert len(strong) <= 1, strong
        told = next(result for result in results if result.nothing_fits)
        assert told.hits[0].weak
        assert set(NOTHING_FITS) <= set(told.notes)


def test_other_unrelated_queries_than_those_that_chose_the_cut_have_only_weak_hits(
    whole_index: SearchIndex,
) -> None:
    for query in (
        "medieval poetry",
        "chess openings",
        "baby names",
        "recette de crêpes",
        "貓",
        "梅西世界盃進球",
    ):
        assert whole_index.search(query).nothing_fits, query


@pytest.mark.parametrize(("judged", "first", "relevant"), [("own", 0.90, 0.87), ("shared", 0.94, 0.95)])
def test_what_was_judged_relevant_is_seldom_weak(
    index: SearchIndex, request: pytest.FixtureRequest, judged: str, first: float, relevant: float
) -> None:
    if judged == "own":
        path = Path(str(files("data") / "eval" / "BGM1219-002v2.tsv"))
    else:
        path = request.getfixturevalue("shared_data") / "eval" / "BGM1219-002v2.queries.tsv"
    firsts, hits = [], []
    for need in read_judged(path).needs:
        for query in need.queries.values():
            found = index.search(query).hits
            firsts.append(not found[0].weak)
            hits += [not hit.weak for hit in found if hit.code in need.relevant]
    assert sum(firsts) >= first * len(firsts)
    assert sum(hits) >= relevant * len(hits)


def test_the_language_of_a_phrase_is_recognised(index: SearchIndex) -> None:
    for query, language in (
        ("conflict handling in teams", "en"),
        ("xử lý xung đột trong nhóm", "vi"),
        ("Umgang mit Konflikten im Team", "de"),
        ("gestión de conflictos en el equipo", "es"),
        ("менеджер по работе с клиентами", "ru"),
    ):
        assert index.search(query).query_language == language


# what the recipe reached when these were written, less 0.03 for a mean and 0.06 for one language
OWN_FLOORS = {
    "en": 0.64,
    "zh-TW": 0.60,
    "ja": 0.63,
    "vi": 0.57,
    "id": 0.60,
    "es": 0.67,
    "de": 0.59,
    "ko": 0.56,
}
SHARED_FLOORS = {
    "en": 0.74, "zh-TW": 0.58, "ja": 0.71, "vi": 0.72, "id": 0.76, "es": 0.74, "de": 0.69, "ko": 0.59,
}  # fmt: skip


@pytest.mark.parametrize("language", SHARED_FLOORS)
def test_quality_by_language(shared_report: EvaluationReport, language: str) -> None:
    assert shared_report.method("recipe").languages[language].ndcg >= SHARED_FLOORS[language]


def test_quality_over_all_languages(shared_report: EvaluationReport) -> None:
    recipe, plain = (shared_report.method(name).mean.ndcg for name in ("recipe", "plain"))
    assert recipe >= 0.72
    assert recipe >= plain + 0.1
    assert recipe >= shared_report.method("centred").mean.ndcg


def test_the_judged_set_of_the_project_is_answered_in_every_language(
    passages: tuple[Passage, ...], embedder: Embedder, vectors: Path
) -> None:
    judged = files("data") / "eval" / "BGM1219-002v2.tsv"
    assert isinstance(judged, Path)
    report = evaluate(passages, embedder, judged, cache=vectors)
    recipe, plain = report.method("recipe"), report.method("plain")
    assert recipe.mean.ndcg >= max(0.63, plain.mean.ndcg + 0.15)
    for language, scores in recipe.languages.items():
        assert scores.ndcg >= max(OWN_FLOORS[language], plain.languages[language].ndcg), language


def test_the_readme_shows_the_answer_as_it_prints(whole_index: SearchIndex) -> None:
    readme = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
    command, *shown = readme.partition("```console\n$ ")[2].partition("\n```")[0].splitlines()
    question = command.partition("--limit 3 ")[2]
    hits = whole_index.search(question, limit=3).hits
    printed = [line for hit in hits for line in hit_lines(hit)]
    assert [line[4:] for line in shown] == [line[4:] for line in printed]
    # the last digit of a score is the processor's
    for one, other in zip(shown, printed, strict=True):
        assert one[:4] == other[:4] or abs(float(one[:4]) - float(other[:4])) <= 0.02
