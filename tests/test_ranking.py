"""What stands where in the list: how elements above others and those below them are ranked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ontology.readers import read_standard
from search import Recipe, SearchIndex, ToyEmbedder, passages_of

if TYPE_CHECKING:
    from pathlib import Path


def test_of_two_elements_that_say_the_same_the_one_without_others_below_comes_first(
    sample_path: Path, tmp_path: Path
) -> None:
    passages = passages_of(read_standard(sample_path))
    texts = {one.code: one.text for one in passages}
    # T5.3 has six indicators below, P5.3.4 is one of them; both say the same now
    said = tuple(replace(one, text=texts["P5.3.4"]) if one.code == "T5.3" else one for one in passages)
    index = SearchIndex.build(said, ToyEmbedder(), tmp_path)
    first = [hit.code for hit in index.search(texts["P5.3.4"], limit=2).hits]
    assert first == ["P5.3.4", "T5.3"]


def test_a_task_is_found_by_what_stands_below_it(sample_path: Path, tmp_path: Path) -> None:
    passages = passages_of(read_standard(sample_path))
    query = next(one.text for one in passages if one.code == "P5.3.4")
    passages = tuple(replace(one, text="其他") if one.code == "T5.3" else one for one in passages)
    ranks = []
    for share in (0.0, 0.4):
        recipe = replace(Recipe(), below=share)
        index = SearchIndex.build(passages, ToyEmbedder(), tmp_path / str(share), recipe=recipe)
        codes = [hit.code for hit in index.search(query, limit=1000).hits]
        ranks.append(codes.index("T5.3"))
    assert ranks[1] < ranks[0]


def test_the_name_of_a_task_finds_the_task(sample_path: Path, tmp_path: Path) -> None:
    passages = passages_of(read_standard(sample_path))
    index = SearchIndex.build(passages, ToyEmbedder(), tmp_path)
    for one in passages:
        if one.kind in ("task", "activity"):
            # some names stand twice, as a task's and as its activity's
            assert index.search(one.text, limit=1).hits[0].text == one.text
