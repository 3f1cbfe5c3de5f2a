"""What is linked: elements and concepts by their texts, and the elements that share a text as one form."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.background import LanguageSpace, background_vectors, load_background
from search.dense import unit
from search.folding import folded_text, other_chinese_script, to_script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ontology.identifiers import Identifiers
    from search.background import Progress
    from search.embedding.remembering import RememberingEmbedder
    from search.linking.scores import LinkScale

__all__ = ["Form", "Linkable", "forms_of", "language_key", "link_space", "link_vectors", "local_concept_iri"]


@dataclass(frozen=True, slots=True)
class Linkable:
    """An element of a standard, or a concept of a framework; ``kind`` is one of ``LINKED_KINDS``,
    ``standard`` the IRI of the element's standard, empty for a concept."""

    iri: str
    kind: str
    text: str
    language: str
    framework: str
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One text of a framework, kind and language, with every element that has it, by IRI. ``text`` is the
    first of its spellings."""

    framework: str
    kind: str
    language: str
    folded: str
    text: str
    elements: tuple[Linkable, ...]

    @property
    def standards(self) -> frozenset[str]:
        return frozenset(one.standard for one in self.elements)

    @property
    def weight(self) -> tuple[int, int, str, str]:
        """What should rather be a centre comes first: in many standards, short, and then by the text."""
        return (-len(self.standards), len(self.folded), self.folded, self.language)


def language_key(language: str) -> str:
    """The language of a tag, with the script of Chinese: what must be the same for texts to be the same."""
    if script := other_chinese_script(language):
        return "zh-hans" if script == "zh-Hant" else "zh-hant"
    return language.lower().split("-")[0] or "und"


def local_concept_iri(identifiers: Identifiers, framework: str, kind: str, language: str, text: str) -> str:
    """The IRI of the local concept whose centre has this text."""
    digest = hashlib.sha256(folded_text(text).encode()).hexdigest()[:16]
    return identifiers.local_concept(framework, kind, language_key(language), digest)


def forms_of(elements: Sequence[Linkable]) -> list[Form]:
    """The forms by framework, kind and weight: an order that does not depend on that of the elements.
    Elements whose text has neither letters nor digits are left out."""
    gathered: dict[tuple[str, str, str, str], list[Linkable]] = defaultdict(list)
    for one in elements:
        if folded := folded_text(one.text):
            gathered[one.framework, one.kind, language_key(one.language), folded].append(one)
    forms = [
        Form(*key, min(one.text for one in own), tuple(sorted(own, key=lambda one: one.iri)))
        for key, own in gathered.items()
    ]
    return sorted(forms, key=lambda one: (one.framework, one.kind, one.weight))


def link_space(
    embedder: RememberingEmbedder, scale: LinkScale, *, progress: Progress | None = None
) -> LanguageSpace:
    """Where the languages lie, as the scale of the model has it; the search may have another."""
    background = load_background()
    vectors = background_vectors(background, embedder, progress)
    return LanguageSpace.of(background, vectors, scale.directions)


def link_vectors(
    texts: Sequence[tuple[str, str]],
    embedder: RememberingEmbedder,
    space: LanguageSpace,
    *,
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """A unit vector for each text with its language (BCP 47): without what the language adds, and of Chinese
    half of each script. The name of a concept is embedded without its description."""
    others = [other_chinese_script(language) for _, language in texts]
    converted = {row: script for row, script in enumerate(others) if script}
    both = [text for text, _ in texts]
    both += [to_script(texts[row][0], script) for row, script in converted.items()]
    languages = [language for _, language in texts] + list(converted.values())
    if not both:
        return np.zeros((0, embedder.dimension), np.float32)
    embedded = embedder.prepare(both, role="query", message="Embedding what is linked", progress=progress)
    vectors = space.without_language(embedded, languages)
    found = vectors[: len(texts)]
    if converted:
        rows = np.array(list(converted))
        found[rows] = unit(found[rows] + vectors[len(texts) :])
    return found
