"""An evaluation from end to end: what is searched, what is asked, and every method measured on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.errors import InvalidInput
from search.background import load_background
from search.embedding.remembering import RememberingEmbedder
from search.evaluation.asking import Framed
from search.evaluation.judged import Judged, read_judged
from search.evaluation.measures import measure
from search.evaluation.methods import METHODS, rankings
from search.evaluation.report import Asked, EvaluationReport
from search.index import SearchIndex
from search.questions.reading import read_query
from search.versions import latest_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from search.background import Progress
    from search.embedding.interface import Embedder
    from search.evaluation.asking import Frames
    from search.evaluation.measures import Ranking
    from search.passages import Passage

__all__ = ["Searched", "evaluate"]

_TOLD_EVERY = 50


@dataclass(frozen=True, slots=True)
class Searched:
    """What of the passages is searched: of these standards (codes with version), frameworks and kinds, each
    empty one lets everything through. Of a standard in several versions it is the latest, unless standards
    are named."""

    standards: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def among(self, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Raises ``InvalidInput`` where nothing is left."""

        def lets_through(chosen: Collection[str], value: str) -> bool:
            return not chosen or value in chosen

        found = [
            passage
            for passage in passages
            if lets_through(self.standards, passage.standard)
            and lets_through(self.frameworks, passage.framework)
            and lets_through(self.kinds, passage.kind)
        ]
        if not self.standards:
            latest = latest_rows(found)
            found = [passage for passage, is_latest in zip(found, latest, strict=True) if is_latest]
        if not found:
            raise InvalidInput("nothing is left to be searched; give fewer filters, or load more")
        return tuple(found)


def evaluate(
    passages: Sequence[Passage],
    embedder: Embedder,
    judged: Judged | Path,
    *,
    cache: Path,
    vectors: Path | None = None,
    searched: Searched | None = None,
    skip_unknown: bool = False,
    frames: Mapping[str, Frames] | None = None,
    methods: Collection[str] = tuple(METHODS),
    progress: Progress | None = None,
) -> EvaluationReport:
    """Measures the recipe, its arms and its baselines on a judged set, or the file of one.

    ``searched`` narrows the passages; texts of elements that are asked are taken from all of them. Queries
    are searched as they stand: their language is guessed, as for a user. With ``frames`` (by part and
    language, ``search.evaluation.asking``) each need is asked as questions as well. ``methods`` are those of
    ``METHODS`` to measure; without ``plain`` nothing is embedded as a passage, which is most of a first run.
    ``cache`` is a folder that keeps the index for the next run, and vectors, where ``vectors`` names no other
    folder for them. Raises ``DocumentError`` for a file that is not of a form that is known, or that judges
    what is not searched, unless ``skip_unknown``; ``InvalidInput`` where nothing is left.
    """
    corpus = (searched or Searched()).among(passages)
    given = read_judged(judged) if isinstance(judged, Path) else judged
    needs = given.by_iri(corpus, passages, skip_unknown=skip_unknown)
    background = load_background()
    with RememberingEmbedder.around(embedder, vectors or cache) as remembering:
        if "plain" in methods:
            texts = [passage.full_text for passage in corpus]
            remembering.prepare(texts, role="passage", message="embedding the elements", progress=progress)
        index = SearchIndex.build(corpus, remembering, cache / "index", progress=progress)
        framed = {part: Framed(needs, own, index.dense.space) for part, own in (frames or {}).items()}
        queries = [query for need in needs.needs for query in need.queries.values()]
        asked = [query for one in framed.values() for query in one.queries()]
        # as the search reads them: a question without its frame, a compound in its parts
        read = [text for query in (*queries, *asked) for text, _ in read_query(query).views]
        remembering.prepare(
            [*queries, *asked, *read], role="query", message="embedding the queries", progress=progress
        )
        ways = {
            name: _telling(name, ranking, progress)
            for name, ranking in rankings(index, remembering, background).items()
            if name in methods
        }
        found = tuple(measure(name, METHODS[name], way, needs) for name, way in ways.items())
        questions = tuple(_asked(part, one, ways) for part, one in framed.items())
    return EvaluationReport(needs, embedder.model, len(corpus), found, questions)


def _asked(part: str, framed: Framed, ways: Mapping[str, Ranking]) -> Asked:
    bare = tuple(measure(name, METHODS[name], way, framed.bare) for name, way in ways.items())
    asked = tuple(framed.measure(name, METHODS[name], way) for name, way in ways.items())
    return Asked(part, len(framed.bare.needs), framed.counts, bare, asked)


def _telling(name: str, ranking: Ranking, progress: Progress | None) -> Ranking:
    def told(queries: Sequence[str]) -> Iterator[Sequence[str]]:
        for done, hits in enumerate(ranking(queries)):
            if progress and done % _TOLD_EVERY == 0:
                progress(f"measuring {name}", done, len(queries))
            yield hits
        if progress:
            progress(f"measuring {name}", len(queries), len(queries))

    return told
