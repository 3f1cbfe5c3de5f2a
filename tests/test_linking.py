"""Links are suggested by equal texts and by meaning, the same in whatever order documents come."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology.identifiers import Identifiers
from ontology.links import LINKED_KINDS, LinkMethod, LinkStatus
from ontology.readers import read_standard
from search import (
    Linkable,
    LinkScale,
    Proposal,
    Settled,
    ToyEmbedder,
    local_concept_iri,
    open_embedder,
    passages_of,
    propose_links,
    scale_of,
)
from search.embedding.remembering import RememberingEmbedder
from search.folding import folded_text
from search.linking.forms import link_space, link_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from search.background import LanguageSpace

ROOT = Path(__file__).resolve().parent.parent
IDENTIFIERS = Identifiers()
WORDS = ("plan", "check", "weekly", "shift", "budget", "team")
SCALE = LinkScale(middle=0.6, steepness=12, across=0.2, upper=0.8, lower=0.3, directions=15)


def element(standard: str, code: str, text: str, *, kind: str = "skill", language: str = "en") -> Linkable:
    iri = IDENTIFIERS.standard("icap", standard)
    return Linkable(IDENTIFIERS.element(iri, code), kind, text, language, "icap", iri)


def concept(name: str, text: str, *, kind: str = "skill", framework: str = "esco") -> Linkable:
    return Linkable(f"http://data.europa.eu/esco/skill/{name}", kind, text, "en", framework)


def toy_vectors(texts: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
    return ToyEmbedder().embed([text for text, _ in texts], role="query")


def proposed(
    elements: Sequence[Linkable],
    concepts: Sequence[Linkable] = (),
    *,
    settled: Settled | None = None,
    scale: LinkScale | None = SCALE,
) -> Proposal:
    return propose_links(
        elements, concepts, toy_vectors, IDENTIFIERS, model="toy", scale=scale, settled=settled
    )


def test_equal_texts_of_two_standards_meet_in_a_local_concept_whatever_their_codes() -> None:
    found = proposed(
        [
            element("A-1v1", "S1", "Handle conflicts"),
            element("B-1v1", "S07", "handle  CONFLICTS."),
            element("B-1v1", "S1", "Bake bread"),
            element("C-1v1", "K1", "Handle conflicts", kind="knowledge"),
        ]
    )
    (only,) = found.concepts
    assert only.iri == local_concept_iri(IDENTIFIERS, "icap", "skill", "en", "Handle conflicts")
    assert [one.element.rpartition("/id/icap/")[2] for one in found.links] == ["A-1v1/S1", "B-1v1/S07"]
    for one in found.links:
        assert (one.concept, one.predicate, one.score) == (only.iri, "exactMatch", 1.0)
        assert (one.method, one.status, one.model) == (LinkMethod.EXACT_TEXT, LinkStatus.SUGGESTED, "")


def test_only_equal_texts_of_one_kind_and_language_are_exact() -> None:
    shared = [concept("a", "project management", kind="knowledge")]
    elements = [
        element("A-1v1", "K1", "Project management", kind="knowledge"),
        element("A-1v1", "S1", "Project management"),
        element("B-1v1", "K1", "project management", kind="knowledge", language="de"),
    ]
    found = [one for one in proposed(elements, shared).links if one.concept == shared[0].iri]
    assert {one.element.rpartition("/")[2]: one.predicate for one in found if "A-1v1" in one.element} == {
        "K1": "exactMatch"
    }
    (other,) = [one for one in found if "B-1v1" in one.element]
    assert (other.predicate, other.method, other.model) == ("closeMatch", LinkMethod.MEANING, "toy")


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("溝通技能，以達成：", "溝通技能 以達成", True),
        ("發 展中", "发展中", True),
        ("Ｃ＋＋ programming", "c++ Programming", True),
        ("C++ programming", "C# programming", False),
        ("resume", "résumé", True),
        ("版本 1.5", "版本 15", False),
        ("reading and writing", "reading writing", False),
    ],
)
def test_folded_texts_are_the_same_but_for_how_they_are_written(one: str, other: str, *, equal: bool) -> None:
    assert (folded_text(one) == folded_text(other)) is equal


def test_a_name_that_two_concepts_have_is_for_a_person_to_tell() -> None:
    shared = [concept("a", "mentoring"), concept("b", "Mentoring")]
    links = proposed([element("A-1v1", "S1", "mentoring")], shared).links
    assert [(one.status, one.predicate, one.score) for one in links] == [
        (LinkStatus.GREY, "closeMatch", 0.5)
    ] * 2


def test_a_chain_is_no_cluster() -> None:
    one = [element(f"A-{at}v1", "S1", "plan the weekly shift") for at in range(3)]
    two = [element(f"B-{at}v1", "S1", "plan the weekly budget") for at in range(2)]
    three = [element("C-1v1", "S1", "check the weekly budget")]
    scale = LinkScale(middle=0.55, steepness=40, across=0, upper=0.9, lower=0.3, directions=15)
    found = proposed([*one, *two, *three], scale=scale)
    centres = {local.iri: local.text for local in found.concepts}
    assert "plan the weekly shift" in centres.values()
    for link in found.links:
        assert {centres[link.concept], link.element_text} != {
            "plan the weekly shift",
            "check the weekly budget",
        }
    assert len({link.element for link in found.links}) == len(found.links)


def test_what_was_rejected_is_not_suggested_again_and_the_next_best_is() -> None:
    shared = [concept("a", "handle customer complaints"), concept("b", "handle customer complaints fast")]
    mine = element("A-1v1", "S1", "handle complaints of customers")
    (first,) = proposed([mine], shared).links
    rejected = frozenset({(mine.iri, first.concept)})
    (second,) = proposed([mine], shared, settled=Settled(rejected=rejected)).links
    assert {first.concept, second.concept} == {one.iri for one in shared}
    assert second.score < first.score
    accepted = frozenset({(mine.iri, second.concept)})
    assert proposed([mine], shared, settled=Settled(accepted, rejected)).links == ()


def test_a_rejected_centre_gives_way_and_an_accepted_one_stays_alone() -> None:
    pair = [element("A-1v1", "S1", "Bake bread"), element("B-1v1", "S1", "bake bread")]
    found = proposed(pair)
    first = found.links[0]
    rejected = frozenset({(first.element, first.concept)})
    assert [one.element for one in proposed(pair, settled=Settled(rejected=rejected)).links] == [pair[1].iri]
    accepted = frozenset({(first.element, first.concept)})
    left = proposed(pair[:1], settled=Settled(accepted, concepts=found.concepts))
    assert (left.links, left.concepts) == ((), found.concepts)


def test_a_model_that_was_not_measured_suggests_nothing_by_meaning() -> None:
    assert scale_of("toy") is None
    found = proposed(
        [element("A-1v1", "S1", "bake bread"), element("B-1v1", "S1", "bake brown bread")], scale=None
    )
    assert found.links == ()


@settings(max_examples=50, deadline=None)
@given(
    texts=st.lists(
        st.lists(
            st.sampled_from(["plan", "check", "weekly", "shift", "budget", "team"]), min_size=1, max_size=3
        ),
        min_size=2,
        max_size=9,
    ),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_documents_does_not_matter(texts: list[list[str]], order: object) -> None:
    elements = [element(f"A-{at % 4}v1", f"S{at}", " ".join(words)) for at, words in enumerate(texts)]
    shared = [concept("a", "weekly plan"), concept("b", "team budget")]
    once = proposed(elements, shared)
    order.shuffle(elements)  # type: ignore[attr-defined]
    assert proposed(elements, shared[::-1]) == once
    members = {(one.element, one.concept) for one in once.links}
    assert len(members) == len(once.links)
    for local in once.concepts:
        tied = [one for one in once.links if one.concept == local.iri]
        assert all((one.element_text == local.text) is (one.predicate == "exactMatch") for one in tied)


@pytest.mark.parametrize(("cosine", "across"), [(0.2, False), (0.55, True), (0.8, False), (0.93, True)])
def test_a_score_has_its_cosine(cosine: float, *, across: bool) -> None:
    score = SCALE.score(cosine, across=across)
    assert 0 < score < 1
    assert SCALE.cosine(score, across=across) == pytest.approx(cosine)


@dataclass(frozen=True)
class Real:
    """The default model and its space of languages."""

    embedder: RememberingEmbedder
    space: LanguageSpace

    @property
    def model(self) -> str:
        return self.embedder.model

    def vectors(self, texts: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        return link_vectors(texts, self.embedder, self.space)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    with RememberingEmbedder(open_embedder(), tmp_path_factory.mktemp("vectors")) as embedder:
        scale = scale_of(embedder.model)
        assert scale is not None
        yield Real(embedder, link_space(embedder, scale))


def test_thresholds_keep_the_precision_that_is_told(real: Real) -> None:
    """The floors lie a little under the figures of docs/concepts.md."""
    text = (ROOT / "data" / "eval" / "links.tsv").read_text(encoding="utf-8")
    pairs = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    ours = real.vectors([(one["text"], one["language"]) for one in pairs])
    theirs = real.vectors([(one["other_text"], one["other_language"]) for one in pairs])
    scale = scale_of(real.model)
    assert scale is not None
    for across, least in ((False, 0.85), (True, 0.9)):
        found = [
            (scale.score(float(cosine), across=across), one["right"] == "1")
            for cosine, one in zip((ours * theirs).sum(axis=1), pairs, strict=True)
            if (one["language"] != one["other_language"]) is across
        ]
        suggested = [right for score, right in found if score >= scale.upper]
        grey = [right for score, right in found if scale.lower <= score < scale.upper]
        assert len(suggested) >= 10
        assert sum(suggested) / len(suggested) >= least
        assert 0.3 < sum(grey) / len(grey) < 0.7


def test_the_bundled_standards_meet_in_what_they_share(real: Real) -> None:
    standards = [read_standard(path) for path in sorted((ROOT / "data" / "standards").glob("*.txt"))]
    elements = [
        Linkable(one.iri, one.kind, one.text, one.lang, one.framework, one.standard_iri)
        for one in passages_of(standards)
        if one.kind in LINKED_KINDS
    ]
    shared = [
        concept("risk", "risk management", kind="knowledge"),
        concept("sugar", "chemical aspects of sugar", kind="knowledge"),
    ]
    found = propose_links(
        elements, shared, real.vectors, IDENTIFIERS, model=real.model, scale=scale_of(real.model)
    )
    by_end = {(one.element.rpartition("/id/icap/")[2], one.concept_text): one for one in found.links}
    versions = by_end["BGM2421-901v2/K6", "專案成本的組成"]
    assert (versions.status, versions.method) == (LinkStatus.SUGGESTED, LinkMethod.MEANING)
    # K7 of one version and K7 of the other; another standard's K7 is about something else
    assert by_end["BGM2421-901v1/K7", "風險管理的程序"].predicate == "exactMatch"
    assert by_end["BGM2421-901v1/K7", "risk management"].predicate == "closeMatch"
    assert not any("BGM1219-002v2/K7" in one.element for one in found.links)
    # a near text of two standards that do not say the same is for a person to settle
    assert by_end["BGM1219-002v2/S9", "書面表達技能："].status is LinkStatus.GREY
    assert not any(one.concept == shared[1].iri for one in found.links)
