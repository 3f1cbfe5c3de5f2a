"""From a row that was found to a hit that explains itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.folding import is_unspaced, tokens
from search.results import Hit, OtherName, Reason

if TYPE_CHECKING:
    from search.passages import Passage
    from search.ranking import Arms, Recipe

__all__ = ["explained_hit", "matching_spans", "to_hit"]

# below these an arm is not named as the reason for a hit
_MEANING_COUNTS = 0.2
_WORDS_COUNT = 0.3


def explained_hit(passage: Passage, at: int, arms: Arms, wanted: set[str], recipe: Recipe) -> Hit:
    """The hit at the place ``at`` of ``arms``, found by meaning, words or both; ``wanted`` are the tokens of
    the query."""
    spans = matching_spans(passage.text, wanted)
    words, meaning = float(arms.words[at]), max(0.0, float(arms.meaning[at]))
    by_words = words >= _WORDS_COUNT
    by_meaning = meaning >= _MEANING_COUNTS or not by_words
    found_by = "both" if by_words and by_meaning else "words" if by_words else "meaning"
    other = None
    if by_words and (number := int(arms.names[at])):
        name = passage.names[number - 1]
        other = OtherName(name, matching_spans(name, wanted))
    reason = Reason(found_by, words or None, min(1.0, meaning), spans, other)
    fused = float(arms.fused[at])
    score, weak = recipe.probability(fused, arms.elsewhere), recipe.is_weak(fused, arms.elsewhere)
    return to_hit(passage, score, reason, weak=weak)


def matching_spans(text: str, wanted: set[str]) -> tuple[tuple[int, int], ...]:
    """Where the tokens ``wanted`` stand in ``text``, neighbours and overlaps joined; a single character of
    an unspaced script counts only where nothing longer was asked for."""
    if not wanted:
        return ()
    longer = {one for one in wanted if len(one) > 1 or not is_unspaced(one)}
    places = sorted((one.start, one.end) for one in tokens(text) if one.text in (longer or wanted))
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def to_hit(passage: Passage, score: float, reason: Reason, *, weak: bool = False) -> Hit:
    """A passage as a hit."""
    return Hit(
        iri=passage.iri,
        code=passage.code,
        kind=passage.kind,
        text=passage.text,
        lang=passage.lang,
        score=score,
        standard=passage.standard,
        standard_name=passage.standard_name,
        standard_iri=passage.standard_iri,
        framework=passage.framework,
        level=passage.level,
        path=passage.path,
        required_by=passage.required_by,
        detail=passage.detail,
        reason=reason,
        weak=weak,
    )
