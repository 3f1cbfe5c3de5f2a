"""How good the search is: figures on judged information needs, for the recipe and its baselines in one run.

A judged file is UTF-8, tab-separated: ``need`` (a name), ``relevant`` (``S1#2:2,P1.2.4:1``: codes with their
grade, 2 = answers it, 1 = related), then one column a language with the need in its words. All codes are of
one standard.

nDCG@10 = DCG@10 / ideal DCG@10, DCG@10 = sum of grade(r) / log2(r + 1) over the ranks r = 1…10 (Järvelin and
Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques"); MRR is the mean of 1 / rank of the first
hit of any grade; recall@20 the part of the judged elements among the first 20.
"""

from __future__ import annotations

import math
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np

from ontology.errors import DocumentError, InvalidInput
from search.background import LanguageSpace, background_vectors, load_background
from search.bootstrap import paired_interval
from search.dense import top_rows
from search.index import MAX_LIMIT, SearchIndex
from search.lexical import LexicalIndex
from search.passages import STANDARD_KIND
from search.remembering import RememberingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from search.background import Background, Progress
    from search.embedding import Embedder
    from search.passages import Passage

    Ranking = Callable[[str], Sequence[str]]

__all__ = [
    "EvaluationReport",
    "Judged",
    "MethodScores",
    "Need",
    "Scores",
    "evaluate",
    "measure",
    "read_judged",
]

_CUT, _DEEP = 10, 20
_JUDGEMENT = re.compile(r"(?P<code>\S+):(?P<grade>[12])")
_METHODS = {
    "plain": "cosine with query: and passage: prefixes",
    "words": "BM25 alone",
    "centred": "query: on both sides, the mean of each one's language taken away",
    "recipe": "the search as it is",
}


@dataclass(frozen=True, slots=True)
class Need:
    """One information need: its judgements (code → grade 1 or 2) and its words in each language."""

    name: str
    relevant: Mapping[str, int]
    queries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged set: ``languages`` as its columns name them."""

    name: str
    languages: tuple[str, ...]
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """Each from 0 to 1, higher is better."""

    ndcg: float
    mrr: float
    recall: float

    def to_json(self) -> dict[str, float]:
        return {f"ndcg@{_CUT}": self.ndcg, "mrr": self.mrr, f"recall@{_DEEP}": self.recall}

    @classmethod
    def mean(cls, scores: Sequence[Scores]) -> Scores:
        return cls(*(fmean(getattr(one, name) for one in scores) for name in ("ndcg", "mrr", "recall")))


@dataclass(frozen=True, slots=True)
class MethodScores:
    """The figures of one way to search; ``needs[language][i]`` belongs to need *i* of the set."""

    method: str
    description: str
    needs: Mapping[str, tuple[Scores, ...]]

    @property
    def languages(self) -> dict[str, Scores]:
        """The mean over the needs, by language."""
        return {language: Scores.mean(scores) for language, scores in self.needs.items()}

    @property
    def mean(self) -> Scores:
        """The mean over the languages."""
        return Scores.mean(tuple(self.languages.values()))


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The figures of several methods on one judged set."""

    judged: Judged
    model: str
    methods: tuple[MethodScores, ...]

    def method(self, name: str) -> MethodScores:
        """Raises ``KeyError`` for a method that was not measured."""
        return {one.method: one for one in self.methods}[name]

    def interval(self, name: str) -> tuple[float, float]:
        """The 95 % interval of the method's mean nDCG@10 less that of plain cosine, by paired bootstrap over
        the needs. Raises ``KeyError`` as ``method`` does."""
        one, plain = (
            np.array([[scores.ndcg for scores in needs] for needs in self.method(each).needs.values()]).T
            for each in (name, "plain")
        )
        return paired_interval(one, plain)

    def to_json(self) -> dict[str, Any]:
        """Plain data; numbers are not rounded."""
        return {
            "judged": self.judged.name,
            "model": self.model,
            "languages": list(self.judged.languages),
            "needs": len(self.judged.needs),
            "methods": [
                {
                    "method": one.method,
                    "description": one.description,
                    "mean": one.mean.to_json(),
                    "difference_to_plain": {
                        f"ndcg@{_CUT}": one.mean.ndcg - self.method("plain").mean.ndcg,
                        "interval_95": list(self.interval(one.method)),
                    },
                    "languages": {language: scores.to_json() for language, scores in one.languages.items()},
                }
                for one in self.methods
            ],
            "details": [
                {
                    "need": need.name,
                    "language": language,
                    "query": need.queries[language],
                    f"ndcg@{_CUT}": {one.method: one.needs[language][at].ndcg for one in self.methods},
                }
                for at, need in enumerate(self.judged.needs)
                for language in self.judged.languages
            ],
        }

    def to_text(self, *, details: bool = False) -> str:
        """A table of nDCG@10 by language, with the means of MRR and recall@20; ``details`` adds a line for
        each need and language."""
        languages = self.judged.languages
        width = max(len(language) for language in (*languages, "0.000"))
        header = ["method".ljust(8), *(language.rjust(width) for language in languages)]
        lines = [
            f"{self.judged.name}: {len(self.judged.needs)} needs × {len(languages)} languages, {self.model}",
            "",
            "  ".join([*header, f"nDCG@{_CUT}", "   MRR", f"recall@{_DEEP}", "to plain, 95 %"]),
        ]
        for one in self.methods:
            cells = [f"{scores.ndcg:.3f}".rjust(width) for scores in one.languages.values()]
            mean = one.mean
            means = [f"{mean.ndcg:.3f}".rjust(7), f"{mean.mrr:.3f}".rjust(6), f"{mean.recall:.3f}".rjust(9)]
            low, high = self.interval(one.method)
            lines.append("  ".join([one.method.ljust(8), *cells, *means, f"{low:+.3f} … {high:+.3f}"]))
        lines += ["", *(f"{one.method.ljust(8)}  {one.description}" for one in self.methods)]
        if details:
            lines += ["", "  ".join([*(one.method.rjust(8) for one in self.methods), "need and query"])]
            for at, need in enumerate(self.judged.needs):
                for language in languages:
                    cells = [f"{one.needs[language][at].ndcg:.3f}".rjust(8) for one in self.methods]
                    lines.append("  ".join([*cells, f"{need.name} [{language}] {need.queries[language]}"]))
        return "\n".join(lines)


def read_judged(path: Path) -> Judged:
    """Raises ``DocumentError`` with file, line and field where the file is not of the format above."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise DocumentError("the file is not UTF-8", file=str(path), expected="UTF-8 text") from error
    except OSError as error:
        raise DocumentError(f"the file cannot be read: {error.strerror}", file=str(path)) from error
    head = lines[0].split("\t") if lines else []
    if head[:2] != ["need", "relevant"] or len(head) < 3 or len(set(head)) < len(head):
        raise DocumentError(
            f"the header is {', '.join(head) or 'empty'}",
            file=str(path),
            line=1,
            expected="need, relevant and then one column for each language, separated by tabs",
        )
    needs = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != len(head) or not all(cell.strip() for cell in cells):
            filled = sum(bool(cell.strip()) for cell in cells)
            raise DocumentError(
                f"{filled} cells are filled", file=str(path), line=number, expected=f"{len(head)} cells"
            )
        relevant = _judgements(cells[1], path, number)
        needs.append(Need(cells[0], relevant, dict(zip(head[2:], cells[2:], strict=True))))
    if not needs:
        raise DocumentError("there is no need in the file", file=str(path), expected="a line for each need")
    return Judged(path.name, tuple(head[2:]), tuple(needs))


def _judgements(cell: str, path: Path, line: int) -> dict[str, int]:
    judgements: dict[str, int] = {}
    for part in cell.split(","):
        match = _JUDGEMENT.fullmatch(part.strip())
        if match is None or match["code"] in judgements:
            raise DocumentError(
                f"{part.strip()!r} is no judgement, or its code was judged before",
                file=str(path),
                line=line,
                field="relevant",
                expected="codes with a grade of 1 or 2, such as S1#2:2,P1.2.4:1",
            )
        judgements[match["code"]] = int(match["grade"])
    return judgements


def evaluate(
    passages: Sequence[Passage],
    embedder: Embedder,
    judged: Path,
    *,
    cache: Path,
    progress: Progress | None = None,
) -> EvaluationReport:
    """Measures the recipe and its baselines on the file ``judged`` over the elements of one standard.

    Queries are searched as they stand: their language is guessed, as for a user. ``cache`` is a folder that
    keeps vectors and the index for the next run. Raises ``DocumentError`` for a file that is not of the
    format or that judges codes the standard does not have, ``InvalidInput`` for passages of several.
    """
    elements = tuple(passage for passage in passages if passage.kind != STANDARD_KIND)
    standards = {passage.standard for passage in elements}
    if len(standards) != 1:
        raise InvalidInput(f"an evaluation needs the elements of one standard, not of {len(standards)}")
    needs = read_judged(judged)
    _check_codes(needs, {passage.code for passage in elements}, judged, next(iter(standards)))
    with RememberingEmbedder(embedder, cache) as remembering:
        queries = [need.queries[language] for language in needs.languages for need in needs.needs]
        remembering.prepare(queries, role="query", message="embedding the queries", progress=progress)
        texts = [passage.full_text for passage in elements]
        remembering.prepare(texts, role="passage", message="embedding the elements", progress=progress)
        index = SearchIndex.build(passages, remembering, cache / "index", progress=progress)
        with tempfile.TemporaryDirectory() as folder:
            rankings = {
                "plain": _plain(elements, remembering),
                "words": _words(elements, Path(folder)),
                "centred": _centred(elements, remembering, load_background()),
                "recipe": _recipe(index),
            }
            methods = []
            for done, (name, ranking) in enumerate(rankings.items(), 1):
                methods.append(measure(name, _METHODS[name], ranking, needs))
                if progress:
                    progress("measuring", done, len(rankings))
    return EvaluationReport(needs, embedder.model, tuple(methods))


def _check_codes(needs: Judged, codes: set[str], path: Path, standard: str) -> None:
    for need in needs.needs:
        unknown = [code for code in need.relevant if code not in codes]
        if unknown:
            raise DocumentError(
                f"need {need.name!r} judges {', '.join(unknown)}",
                file=str(path),
                field="relevant",
                expected=f"codes of elements of {standard}",
            )


def measure(method: str, description: str, ranking: Ranking, judged: Judged) -> MethodScores:
    """The figures of ``ranking``, which gives the codes of a query's hits, best first."""
    return MethodScores(
        method,
        description,
        {
            language: tuple(_scores(ranking(need.queries[language]), need.relevant) for need in judged.needs)
            for language in judged.languages
        },
    )


def _scores(codes: Sequence[str], relevant: Mapping[str, int]) -> Scores:
    gain = _dcg([relevant.get(code, 0) for code in codes[:_CUT]])
    ideal = _dcg(sorted(relevant.values(), reverse=True)[:_CUT])
    first = next((rank for rank, code in enumerate(codes, 1) if code in relevant), None)
    found = sum(code in relevant for code in codes[:_DEEP])
    return Scores(gain / ideal, 1 / first if first else 0.0, found / len(relevant))


def _dcg(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def _by_score(elements: Sequence[Passage], scores: NDArray[np.float32]) -> list[str]:
    return [elements[row].code for row in top_rows(scores, len(elements))]


def _plain(elements: Sequence[Passage], embedder: Embedder) -> Ranking:
    matrix = embedder.embed([passage.full_text for passage in elements], role="passage")
    return lambda query: _by_score(elements, matrix @ embedder.embed([query], role="query")[0])


def _words(elements: Sequence[Passage], folder: Path) -> Ranking:
    lexical = LexicalIndex.build(elements, folder)
    return lambda query: [elements[row].code for row in lexical.search(query).rows]


def _centred(elements: Sequence[Passage], embedder: RememberingEmbedder, background: Background) -> Ranking:
    space = LanguageSpace.of(background, background_vectors(background, embedder), 0)
    own = embedder.embed([passage.full_text for passage in elements], role="query")
    matrix = space.without_language(own, [passage.lang for passage in elements])

    def ranking(query: str) -> list[str]:
        vector = embedder.embed([query], role="query")
        centred = space.without_language(vector, [space.language_of(query, vector[0])])
        return _by_score(elements, matrix @ centred[0])

    return ranking


def _recipe(index: SearchIndex) -> Ranking:
    limit = min(len(index), MAX_LIMIT)
    return lambda query: [hit.code for hit in index.search(query, limit=limit).hits]
