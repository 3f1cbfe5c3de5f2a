"""Requirements told from the rest of job descriptions: by likeness where rules are unsure, and how well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ontology.errors import DocumentError
from search.background import Background, LanguageSpace
from search.embedding.interface import ToyEmbedder, open_embedder
from search.evaluation.roles import measure_roles, misread, read_judged_roles
from search.matching.roles import RoleReader
from search.matching.segments import split_segments

if TYPE_CHECKING:
    from search.embedding.interface import Embedder
    from search.matching.segments import Segment

JUDGED = Path(__file__).resolve().parent.parent / "data" / "eval"
PHRASES: dict[str, tuple[str, ...]] = {
    "en": ("Repair of bicycles", "Baking bread", "Keeping accounts"),
    "zh-Hant": ("修理腳踏車", "烘焙麵包", "記帳"),
}


def settled(text: str, embedder: Embedder) -> tuple[Segment, ...]:
    vectors = np.stack([embedder.embed(own, role="query") for own in PHRASES.values()])
    space = LanguageSpace.of(Background(PHRASES), vectors, 1)
    segments = split_segments(text)
    found = embedder.embed([one.plain for one in segments], role="query")
    return RoleReader(space, embedder).settle(segments, space.without_language(found, ["en"] * len(found)))


def test_likeness_settles_what_rules_leave_open() -> None:
    text = "Baker\n\nA warm loaf for everyone\nEarly birds\nBake bread\nPay: 30,000 NTD"
    found = settled(text, ToyEmbedder())
    assert [one.why for one in split_segments(text)].count("default") == 2
    assert [one.why for one in found] == ["title", "likeness", "likeness", "duty", "heading", "section"]
    assert [one.text for one in found] == [one.text for one in split_segments(text)]
    assert [one.is_heading for one in found] == [one.is_heading for one in split_segments(text)]


def test_the_default_model_tells_a_blurb_from_a_task_without_known_words() -> None:
    text = "Gardener\n\nThirty cats live in our yard\nWeeds out, bulbs in, hedges straight"
    by_text = {one.text: one.role for one in settled(text, open_embedder())}
    assert by_text["Thirty cats live in our yard"] == "other"
    assert by_text["Weeds out, bulbs in, hedges straight"] == "requirement"


@pytest.mark.parametrize(("language", "precision", "recall"), [("zh-Hant", 0.80, 0.90), ("en", 0.85, 0.85)])
def test_rules_keep_their_floor_on_the_judged_lines(language: str, precision: float, recall: float) -> None:
    texts = [one for one in read_judged_roles(JUDGED) if (one.language, one.split) == (language, "held-out")]
    figures = measure_roles(texts, split_segments)
    assert figures.precision >= precision
    assert figures.recall >= recall
    wrong = list(misread(texts, split_segments))
    assert len(wrong) == figures.read + figures.judged - 2 * figures.right


def test_a_judged_line_without_a_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "job-descriptions").mkdir()
    (tmp_path / "job-descriptions" / "index.tsv").write_text(
        "file\tlanguage\tsplit\na.txt\ten\tdevelopment\n"
    )
    (tmp_path / "job-descriptions" / "a.txt").write_text("Cook")
    (tmp_path / "job-description-roles.tsv").write_text("file\tstart\tend\trole\nb.txt\t0\t4\tother\n")
    with pytest.raises(DocumentError, match=r"job-description-roles\.tsv, line 2"):
        read_judged_roles(tmp_path)
