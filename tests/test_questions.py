"""Questions: what is asked about comes out of the frame around it, also of frames that no list has."""

from __future__ import annotations

from collections import Counter

from search.question_frames import question_frames


def test_the_frames_for_measuring_are_of_many_languages_and_half_of_them_held_out() -> None:
    frames = question_frames()
    assert all(one.frame.count("{}") == 1 for one in frames)
    assert {"en", "zh-TW", "ja", "vi", "id", "es", "de", "ko"} < {one.language for one in frames}
    parts = Counter(one.part for one in frames)
    assert set(parts) == {"open", "held-out"}
    assert parts["open"] == parts["held-out"]
    assert question_frames("en", "open")[0].around("conflict handling").count("conflict handling") == 1
