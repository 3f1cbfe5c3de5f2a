"""Evaluations over what is loaded, or over files as if they were."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.services import all_passages, open_services
from search.evaluation import Judged, Searched, evaluate
from search.evaluation.methods import METHODS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from api.settings import Settings
    from search import EvaluationReport, Passage
    from search.evaluation.asking import Frames

    Progress = Callable[[str, int, int], None]

__all__ = ["evaluate_search"]


def evaluate_search(
    judged: Judged,
    settings: Settings,
    searched: Searched,
    *,
    over: Sequence[Path] = (),
    skip_unknown: bool = False,
    frames: Mapping[str, Frames] | None = None,
    methods: Collection[str] = tuple(METHODS),
    progress: Progress | None = None,
) -> EvaluationReport:
    """Measures the search and its baselines on a judged set, over what is loaded or, where it is given, what
    ``over`` has. ``searched`` names standards as people do: by code, with or without version, or IRI.

    Vectors are kept with those of the search index. Raises ``StoreMissing`` where nothing is loaded, and what
    ``evaluate`` raises.
    """
    with open_services(settings) as services:
        if over:
            from search.evaluation.releases import passages_in

            passages: Sequence[Passage] = passages_in(over, services.identifiers, progress)
        else:
            services.store.revision()
            passages = all_passages(services, progress, names=False)
            searched = replace(searched, standards=services.standard_keys(searched.standards))
        return evaluate(
            passages,
            services.index.embedder,
            judged,
            cache=settings.data_dir / "evaluation",
            vectors=settings.data_dir / "index" / "cache",
            searched=searched,
            skip_unknown=skip_unknown,
            frames=frames,
            methods=methods,
            progress=progress,
        )
