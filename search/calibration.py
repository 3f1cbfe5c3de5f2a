"""What a rank score means as a probability, by the model whose vectors it comes from.

The scale of cosines is a model's own. The constants of ``Recipe`` were fitted to judged queries with the
model below; for another nobody knows what its scores say, so its hits are ranked, but none is called weak.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from search.ranking import Recipe

if TYPE_CHECKING:
    from search.embedding.interface import Embedder

__all__ = ["is_calibrated", "recipe_for"]

# the second stands for the first in tests
_FITTED = frozenset({"multilingual-e5-small", "toy"})


def is_calibrated(model: str) -> bool:
    """Whether the constants were fitted to the model of this name, wherever it was taken from."""
    return re.split(r"[/\\]", model)[-1].lower() in _FITTED


def recipe_for(embedder: Embedder) -> Recipe:
    """The recipe for a model: for one without a calibration no hit is below the cut that marks it as weak."""
    recipe = Recipe()
    return recipe if is_calibrated(embedder.model) else replace(recipe, weak_below=0.0)
