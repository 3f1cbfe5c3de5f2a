"""The background: short phrases about work in many languages, and what a model makes of them.

A multilingual model places texts of one language together, whatever they say. The phrases, parallel in
meaning and about other work than any evaluation set, show where each language lies, so that it can be taken
away; and they show which texts are near to everything (hubs). Phrases about other things than work show
which queries lie elsewhere.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from zhconv_rs import is_hans

from search.dense import unit
from search.folding import is_han

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from search.embedding.remembering import RememberingEmbedder

    Progress = Callable[[str, int, int], None]

__all__ = [
    "Background",
    "LanguageSpace",
    "background_vectors",
    "elsewhere_vectors",
    "load_background",
    "script_of",
]


@dataclass(frozen=True)
class Background:
    """``phrases[language][i]`` says the same in every language; ``elsewhere`` are phrases by language about
    what is no matter of work: recipes, results of matches, galaxies."""

    phrases: dict[str, tuple[str, ...]]
    elsewhere: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.phrases)

    @cached_property
    def digest(self) -> str:
        """Changes with any phrase."""
        return _digest({**self.phrases, **{f"elsewhere {one}": own for one, own in self.elsewhere.items()}})


def load_background() -> Background:
    """The phrases bundled with the program: one line a meaning, one column a language; a first column
    ``topic``, where there is one, is no language."""
    return Background(_columns("phrases.tsv"), _columns("elsewhere.tsv"))


def _columns(name: str) -> dict[str, tuple[str, ...]]:
    lines = (files("data") / "background" / name).read_text(encoding="utf-8").splitlines()
    columns = zip(*(line.split("\t") for line in lines), strict=True)
    return {language: tuple(phrases) for language, *phrases in columns if language != "topic"}


def _digest(phrases: dict[str, tuple[str, ...]]) -> str:
    text = "\n".join(f"{language}\t{phrase}" for language in phrases for phrase in phrases[language])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def background_vectors(
    background: Background, embedder: RememberingEmbedder, progress: Progress | None = None
) -> NDArray[np.float32]:
    """Vectors of all phrases, shape ``(languages, phrases, dimension)``."""
    vectors = _vectors(background.phrases, embedder, progress)
    return vectors.reshape(len(background.languages), -1, embedder.dimension)


def elsewhere_vectors(
    background: Background, embedder: RememberingEmbedder, progress: Progress | None = None
) -> NDArray[np.float32]:
    """Vectors of the phrases about other things than work, one after another by language, shape
    ``(phrases, dimension)``."""
    return _vectors(background.elsewhere, embedder, progress)


def _vectors(
    phrases: dict[str, tuple[str, ...]], embedder: RememberingEmbedder, progress: Progress | None
) -> NDArray[np.float32]:
    texts = [phrase for own in phrases.values() for phrase in own]
    return embedder.prepare(texts, role="query", message="preparing the languages", progress=progress)


@dataclass(frozen=True)
class LanguageSpace:
    """Where the languages lie in a model's space, and the way out of it.

    ``means`` has a row for each of ``languages``; ``directions`` are orthonormal rows along which the
    languages differ most.
    """

    languages: tuple[str, ...]
    means: NDArray[np.float32]
    directions: NDArray[np.float32]

    @classmethod
    def of(cls, background: Background, vectors: NDArray[np.float32], directions: int) -> LanguageSpace:
        """The principal ``directions`` of the means; at most one fewer than there are languages."""
        means = vectors.mean(axis=1)
        _, _, axes = np.linalg.svd(means - means.mean(axis=0), full_matrices=False)
        count = max(0, min(directions, len(means) - 1))
        return cls(background.languages, means, np.ascontiguousarray(axes[:count], np.float32))

    def without_language(
        self, vectors: NDArray[np.float32], languages: Sequence[str | None]
    ) -> NDArray[np.float32]:
        """Unit vectors with the mean of their language, and the directions of language, taken away.

        ``languages`` are BCP 47 tags, one a vector; for one that the background does not have, and for
        ``None``, the mean over all languages stands in.
        """
        centred = vectors - np.stack([self._mean(language) for language in languages])
        return unit(centred - (centred @ self.directions.T) @ self.directions)

    def language_of(self, text: str, vector: NDArray[np.float32]) -> str | None:
        """The language that ``text`` is most likely in: of those written in its script, the one whose
        mean is nearest to its ``vector``; ``None`` where the background has none in that script."""
        script = script_of(text)
        candidates = [language for language in self.languages if _may_be(language, script)]
        if "zh-Hant" in candidates and "zh-Hans" in candidates:
            candidates.remove("zh-Hant" if is_hans(text) else "zh-Hans")
        if not candidates:
            return None
        rows = [self.languages.index(language) for language in candidates]
        return candidates[int(np.argmax(unit(self.means[rows]) @ vector))]

    def _mean(self, language: str | None) -> NDArray[np.float32]:
        known = self.known(language)
        if known is None:
            return np.asarray(self.means.mean(axis=0), np.float32)
        return np.asarray(self.means[self.languages.index(known)], np.float32)

    def known(self, language: str | None) -> str | None:
        """The background's tag for a BCP 47 tag: ``zh-TW`` is ``zh-Hant``, ``pt-BR`` is ``pt``."""
        if not language:
            return None
        parts = language.replace("_", "-").split("-")
        primary = parts[0].lower()
        if primary == "zh":
            rest = {part.lower() for part in parts[1:]}
            primary = "zh-Hans" if rest & {"hans", "cn", "sg", "my"} and "hant" not in rest else "zh-Hant"
        primary = {"fil": "tl", "in": "id"}.get(primary, primary)
        return primary if primary in self.languages else None


_SCRIPTS = {
    "zh-Hant": "HAN", "zh-Hans": "HAN", "ja": "KANA", "ko": "HANGUL", "th": "THAI", "hi": "DEVANAGARI",
    "ar": "ARABIC", "ru": "CYRILLIC", "uk": "CYRILLIC",
}  # fmt: skip


def _may_be(language: str, script: str) -> bool:
    # a text in Han characters alone may be Japanese too
    return _SCRIPTS.get(language, "LATIN") == script or (language == "ja" and script == "HAN")


def script_of(text: str) -> str:
    """The script most of the letters are in; kana decides for Japanese, and a text of Han characters
    with some Latin letters (KPI) counts as Han."""
    counts: dict[str, int] = {}
    for character in unicodedata.normalize("NFKC", text):
        if not character.isalpha():
            continue
        if is_han(character):
            script = "HAN"
        else:
            script = unicodedata.name(character, "").split(" ")[0].removesuffix("-HALFWIDTH")
            script = {"HIRAGANA": "KANA", "KATAKANA": "KANA", "KATAKANA-HIRAGANA": "KANA"}.get(script, script)
        counts[script] = counts.get(script, 0) + 1
    if not counts:
        return "LATIN"
    if "KANA" in counts:
        return "KANA"
    if "HAN" in counts and counts["HAN"] * 2 >= counts.get("LATIN", 0):
        return "HAN"
    return max(counts, key=lambda script: counts[script])
