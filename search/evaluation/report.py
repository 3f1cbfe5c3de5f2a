"""The figures of several methods on one judged set, as a table and as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from search.bootstrap import paired_interval
from search.evaluation.measures import CUT, DEEP, MethodScores

if TYPE_CHECKING:
    from search.evaluation.judged import Judged

__all__ = ["BASELINES", "Asked", "EvaluationReport"]

BASELINES = ("plain", "words")
_NAME = 8
_SAID = {"plain": "plain", "words": "BM25"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is lost where each need is asked as a question, over those needs that are none as they stand.

    ``bare`` and ``asked`` have the figures of a method each, in the same order; those of ``asked`` are means
    over the ``frames`` of a language, counted here. ``part`` is the part of the frames.
    """

    part: str
    needs: int
    frames: dict[str, int]
    bare: tuple[MethodScores, ...]
    asked: tuple[MethodScores, ...]

    def loss(self, name: str) -> dict[str, float]:
        """nDCG@10 of the bare phrase less that of the question, by language. Raises ``KeyError``."""
        bare, asked = self._pair(name)
        return {
            language: scores.ndcg - asked.languages[language].ndcg
            for language, scores in bare.languages.items()
        }

    def interval(self, name: str) -> tuple[float, float]:
        """The 95 % interval of the mean loss. Raises ``KeyError``."""
        bare, asked = self._pair(name)
        return paired_interval(bare.ndcg, asked.ndcg)

    def _pair(self, name: str) -> tuple[MethodScores, MethodScores]:
        pairs = {one.method: (one, other) for one, other in zip(self.bare, self.asked, strict=True)}
        return pairs[name]

    def to_json(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "needs": self.needs,
            "frames": self.frames,
            "methods": [
                {
                    "method": bare.method,
                    "bare": bare.mean.to_json(),
                    "asked": asked.mean.to_json(),
                    "loss": {
                        f"ndcg@{CUT}": bare.mean.ndcg - asked.mean.ndcg,
                        "interval_95": list(self.interval(bare.method)),
                        "languages": self.loss(bare.method),
                    },
                }
                for bare, asked in zip(self.bare, self.asked, strict=True)
            ],
        }

    def to_lines(self) -> list[str]:
        languages = tuple(self.frames)
        width = max(len(language) for language in (*languages, "+0.000"))
        frames = ", ".join(f"{language} {count}" for language, count in self.frames.items())
        heads = [*(one.rjust(width) for one in languages), "  bare", " asked", "  loss", "loss, 95 %"]
        lines = [
            f"asked as questions, {self.part} frames ({frames}): {self.needs} needs",
            "",
            "  ".join(["loss".ljust(_NAME), *heads]),
        ]
        for bare, asked in zip(self.bare, self.asked, strict=True):
            cells = [f"{loss:+.3f}".rjust(width) for loss in self.loss(bare.method).values()]
            low, high = self.interval(bare.method)
            loss = bare.mean.ndcg - asked.mean.ndcg
            means = [f"{bare.mean.ndcg:6.3f}", f"{asked.mean.ndcg:6.3f}", f"{loss:+.3f}"]
            lines.append("  ".join([bare.method.ljust(_NAME), *cells, *means, f"{low:+.3f} … {high:+.3f}"]))
        return lines


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The figures of several methods on one judged set; ``searched`` counts the elements that were searched.
    The keys of ``judged`` are IRIs."""

    judged: Judged
    model: str
    searched: int
    methods: tuple[MethodScores, ...]
    asked: tuple[Asked, ...] = ()

    def method(self, name: str) -> MethodScores:
        """Raises ``KeyError`` for a method that was not measured."""
        return {one.method: one for one in self.methods}[name]

    @property
    def baselines(self) -> tuple[str, ...]:
        """The baselines that were measured."""
        measured = {one.method for one in self.methods}
        return tuple(name for name in BASELINES if name in measured)

    def interval(self, name: str, baseline: str = "plain") -> tuple[float, float]:
        """The 95 % interval of the method's mean nDCG@10 less that of the baseline, by paired bootstrap over
        the needs. Raises ``KeyError`` as ``method`` does."""
        return paired_interval(self.method(name).ndcg, self.method(baseline).ndcg)

    def to_json(self) -> dict[str, Any]:
        """Plain data; numbers are not rounded."""
        report = {
            "judged": self.judged.name,
            "model": self.model,
            "languages": list(self.judged.languages),
            "needs": len(self.judged.needs),
            "searched": self.searched,
            "methods": [
                {
                    "method": one.method,
                    "description": one.description,
                    "mean": one.mean.to_json(),
                    **{
                        f"difference_to_{name}": {
                            f"ndcg@{CUT}": one.mean.ndcg - self.method(name).mean.ndcg,
                            "interval_95": list(self.interval(one.method, name)),
                        }
                        for name in self.baselines
                    },
                    "languages": {language: scores.to_json() for language, scores in one.languages.items()},
                }
                for one in self.methods
            ],
            "details": [
                {
                    "need": self.judged.needs[at].name,
                    "language": language,
                    "query": query,
                    f"ndcg@{CUT}": {method: found.ndcg for method, found in scores.items()},
                }
                for at, language, query, scores in self._details()
            ],
        }
        return report | ({"questions": [one.to_json() for one in self.asked]} if self.asked else {})

    def _details(self) -> list[tuple[int, str, str, dict[str, Any]]]:
        rows = []
        for at, need in enumerate(self.judged.needs):
            for language, query in need.queries.items():
                scores = {one.method: one.needs[language][at] for one in self.methods}
                rows.append((at, language, query, scores))
        return rows

    def to_text(self, *, details: bool = False) -> str:
        """A table of nDCG@10 by language with the means and the 95 % intervals of the differences to the
        baselines, and tables of MRR and recall@20 where there are several languages; ``details`` adds a line
        for each need and language."""
        judged, languages = self.judged, self.judged.languages
        asked = f" × {len(languages)} languages" if len(languages) > 1 else f" [{languages[0]}]"
        lines = [
            f"{judged.name}: {len(judged.needs)} needs{asked} over {self.searched} elements, {self.model}",
            "",
            *self._table(),
        ]
        if len(languages) > 1:
            lines += [
                "",
                *self._by_language("mrr", "MRR"),
                "",
                *self._by_language("recall", f"recall@{DEEP}"),
            ]
        lines += ["", *(f"{one.method.ljust(_NAME)}  {one.description}" for one in self.methods)]
        for one in self.asked:
            lines += ["", *one.to_lines()]
        if details:
            lines += ["", "  ".join([*(one.method.rjust(_NAME) for one in self.methods), "need and query"])]
            for at, language, query, scores in self._details():
                cells = [f"{found.ndcg:.3f}".rjust(_NAME) for found in scores.values()]
                lines.append("  ".join([*cells, f"{judged.needs[at].name} [{language}] {query}"]))
        return "\n".join(lines)

    @property
    def _shown(self) -> tuple[tuple[str, ...], int]:
        """The languages that have columns of their own, and how wide these are."""
        languages = self.judged.languages if len(self.judged.languages) > 1 else ()
        return languages, max(len(language) for language in (*languages, "0.000"))

    def _table(self) -> list[str]:
        languages, width = self._shown
        differences = [f"to {_SAID[name]}, 95 %" for name in self.baselines]
        header = ["method".ljust(_NAME), *(language.rjust(width) for language in languages)]
        lines = ["  ".join([*header, f"nDCG@{CUT}", "   MRR", f"recall@{DEEP}", *differences])]
        for one in self.methods:
            cells = [f"{one.languages[language].ndcg:.3f}".rjust(width) for language in languages]
            mean = one.mean
            means = [f"{mean.ndcg:.3f}".rjust(7), f"{mean.mrr:.3f}".rjust(6), f"{mean.recall:.3f}".rjust(9)]
            intervals = []
            for name in self.baselines:
                low, high = self.interval(one.method, name)
                intervals.append(f"{low:+.3f} … {high:+.3f}")
            lines.append("  ".join([one.method.ljust(_NAME), *cells, *means, *intervals]))
        return lines

    def _by_language(self, name: str, called: str) -> list[str]:
        languages, width = self._shown
        lines = ["  ".join([called.ljust(_NAME), *(language.rjust(width) for language in languages)])]
        for one in self.methods:
            cells = [f"{getattr(one.languages[each], name):.3f}".rjust(width) for each in languages]
            lines.append("  ".join([one.method.ljust(_NAME), *cells]))
        return lines
