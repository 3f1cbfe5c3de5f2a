"""Links from the knowledge, skills and attitudes of standards to shared concepts, as suggestions.

Elements of one framework, kind and language with equal folded text are one form. Forms of a framework and
kind are gathered in stars, whose centres become local concepts where two standards or more meet in them; and
each form is compared with the concepts of its kind of every framework. Nothing here looks at the order in
which documents were loaded.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from ontology.links import Link, LinkMethod, LinkStatus, LocalConcept
from search.folding import folded_text
from search.linking.forms import forms_of, language_key, local_concept_iri
from search.linking.neighbours import near_pairs
from search.linking.stars import make_stars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ontology.identifiers import Identifiers
    from search.linking.forms import Form, Linkable
    from search.linking.scores import LinkScale

    Progress = Callable[[str, int, int], None]
    Vectors = Callable[[Sequence[tuple[str, str]]], NDArray[np.float32]]
    Scored = tuple[int, float]

__all__ = ["Proposal", "Settled", "propose_links"]

# how many near texts are looked at for one: of its own framework, and of the concepts of another
_MOST_NEAR = 64
_MOST_CANDIDATES = 8


@dataclass(frozen=True)
class Settled:
    """What people decided, by the IRIs of element and concept. ``concepts`` are local ones that were
    accepted: they are centres, whatever else is loaded."""

    accepted: frozenset[tuple[str, str]] = frozenset()
    rejected: frozenset[tuple[str, str]] = frozenset()
    concepts: tuple[LocalConcept, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """Links that nobody settled, by element and concept, and all local concepts, by IRI."""

    links: tuple[Link, ...]
    concepts: tuple[LocalConcept, ...]


def propose_links(
    elements: Sequence[Linkable],
    concepts: Sequence[Linkable],
    vectors: Vectors,
    identifiers: Identifiers,
    *,
    model: str,
    scale: LinkScale | None,
    settled: Settled | None = None,
    progress: Progress | None = None,
) -> Proposal:
    """What links there may be. ``vectors`` gives unit rows for texts with their languages.

    An element has at most one link to the local concepts of its framework, and one to the concepts of each
    framework (several, all grey, where several have its very name); none where one was accepted already, and
    never one that was rejected: the next best takes its place. Without ``scale`` only equal texts are linked.
    """
    linking = _Linking(vectors, identifiers, model, scale, settled or Settled(), progress)
    forms = forms_of(elements)
    for (_, _), group in groupby(forms, key=lambda one: (one.framework, one.kind)):
        linking.to_local_concepts(list(group))
    targets: dict[tuple[str, str], list[Linkable]] = defaultdict(list)
    for concept in sorted(concepts, key=lambda one: one.iri):
        targets[concept.framework, concept.kind].append(concept)
    for (_, kind), same in sorted(targets.items()):
        if group_of_kind := [one for one in forms if one.kind == kind]:
            linking.to_framework(group_of_kind, same)
    return linking.proposal()


class _Linking:
    def __init__(
        self,
        vectors: Vectors,
        identifiers: Identifiers,
        model: str,
        scale: LinkScale | None,
        settled: Settled,
        progress: Progress | None,
    ) -> None:
        self._vectors = vectors
        self._identifiers = identifiers
        self._model = model
        self._scale = scale
        self._settled = settled
        self._progress = progress
        self._links: list[Link] = []
        self._local = {one.iri: one for one in settled.concepts}

    def proposal(self) -> Proposal:
        links = sorted(self._links, key=lambda one: (one.element, one.concept))
        return Proposal(tuple(links), tuple(self._local[iri] for iri in sorted(self._local)))

    def to_local_concepts(self, forms: list[Form]) -> None:
        """Stars of the forms of one framework and kind."""
        iris = [
            local_concept_iri(self._identifiers, one.framework, one.kind, one.language, one.text)
            for one in forms
        ]
        fixed = frozenset(row for row, iri in enumerate(iris) if iri in self._local)
        called = f"{forms[0].kind} of {forms[0].framework}"
        near = self._near(forms, forms, _MOST_NEAR + 1, called)
        tied = make_stars(
            range(len(forms)),
            {row: [one for one in found if one[0] != row] for row, found in near.items()},
            fixed=fixed,
        )
        stars: dict[int, set[str]] = defaultdict(set)
        for row, (centre, _) in tied.items():
            stars[centre] |= forms[row].standards
        settled = self._elements_accepted_in(self._local)
        for centre, standards in stars.items():
            form, iri = forms[centre], iris[centre]
            if len(standards) > 1 and iri not in self._local:
                language = form.elements[0].language
                self._local[iri] = LocalConcept(iri, form.framework, form.kind, language, form.text)
        centres = {row: self._local[iris[row]] for row in stars if iris[row] in self._local}
        for row, form in enumerate(forms):
            near_by = [one for one in near.get(row, ()) if one[0] in centres]
            for element in form.elements:
                if element.iri in settled:
                    continue
                if row in stars:
                    if row in centres:
                        self._add_equal(element, centres[row].iri, centres[row].text)
                    continue
                for centre, score in near_by:
                    if self._add_near(element, centres[centre].iri, centres[centre].text, score):
                        break

    def to_framework(self, forms: list[Form], concepts: list[Linkable]) -> None:
        """The forms of one kind to the concepts of that kind of a framework."""
        settled = self._elements_accepted_in(one.iri for one in concepts)
        named: dict[tuple[str, str], list[Linkable]] = defaultdict(list)
        for concept in concepts:
            named[language_key(concept.language), folded_text(concept.text)].append(concept)
        called = f"{forms[0].kind} with {concepts[0].framework}"
        near = self._near(forms, concepts, _MOST_CANDIDATES, called)
        for row, form in enumerate(forms):
            equal = named.get((form.language, form.folded), [])
            for element in form.elements:
                if element.iri in settled:
                    continue
                made = [self._add_equal(element, one.iri, one.text, share=1 / len(equal)) for one in equal]
                if any(made):
                    continue
                for column, score in near.get(row, ()):
                    one = concepts[column]
                    if one not in equal and self._add_near(element, one.iri, one.text, score):
                        break

    def _near(
        self, forms: Sequence[Form], others: Sequence[Form] | Sequence[Linkable], most: int, called: str
    ) -> Mapping[int, Sequence[Scored]]:
        """For each form what is near enough for a link, the best first, equally good ones in their order."""
        if self._scale is None:
            return {}
        scale = self._scale
        own = self._vectors([(one.text, one.language) for one in forms])
        theirs = own if others is forms else self._vectors([(one.text, one.language) for one in others])
        least = min(scale.cosine(scale.lower, across=across) for across in (True, False))
        pairs = near_pairs(
            own, theirs, least, most=most, message=f"Comparing {called}", progress=self._progress
        )
        ours, languages = ([language_key(one.language) for one in side] for side in (forms, others))
        found: dict[int, list[Scored]] = defaultdict(list)
        for row, column, cosine in zip(
            pairs.rows.tolist(), pairs.others.tolist(), pairs.cosines.tolist(), strict=True
        ):
            score = scale.score(cosine, across=ours[row] != languages[column])
            if score >= scale.lower:
                found[row].append((column, score))
        return {row: sorted(scored, key=lambda one: (-one[1], one[0])) for row, scored in found.items()}

    def _elements_accepted_in(self, concepts: Iterable[str]) -> frozenset[str]:
        """The elements with an accepted link to one of these concepts: they need no other."""
        among = frozenset(concepts)
        return frozenset(element for element, concept in self._settled.accepted if concept in among)

    def _add_equal(self, element: Linkable, concept: str, text: str, share: float = 1.0) -> bool:
        """A name that several concepts have tells none of them: ``share`` is the chance of each."""
        alone = share == 1.0
        return self._add(
            Link(
                element.iri,
                concept,
                "exactMatch" if alone else "closeMatch",
                LinkMethod.EXACT_TEXT,
                round(share, 4),
                status=(zone := LinkStatus.SUGGESTED if alone else LinkStatus.GREY),
                zone=zone,
                element_text=element.text,
                concept_text=text,
                standard=element.standard,
            )
        )

    def _add_near(self, element: Linkable, concept: str, text: str, score: float) -> bool:
        assert self._scale is not None
        sure = score >= self._scale.upper
        return self._add(
            Link(
                element.iri,
                concept,
                "closeMatch",
                LinkMethod.MEANING,
                round(score, 4),
                status=(zone := LinkStatus.SUGGESTED if sure else LinkStatus.GREY),
                zone=zone,
                element_text=element.text,
                concept_text=text,
                standard=element.standard,
                model=self._model,
            )
        )

    def _add(self, link: Link) -> bool:
        """Whether the link may be made: nobody rejected it."""
        if (link.element, link.concept) in self._settled.rejected:
            return False
        self._links.append(link)
        return True
