"""What people type that no judged set has: slips, mixed scripts, single characters, pasted paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ontology.errors import InvalidInput
from ontology.readers import read_standard
from search import QUERY_LIMIT, SearchIndex, open_embedder, passages_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def index(
    sample_path: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> SearchIndex:
    passages = passages_of(read_standard(sample_path))
    cache = request.config.cache
    assert cache is not None
    folder = tmp_path_factory.mktemp("index")
    return SearchIndex.build(passages, open_embedder(), folder, cache=cache.mkdir("search-vectors"))


@pytest.mark.parametrize(
    ("query", "code", "within"),
    [
        # slips of the finger and of the ear
        ("conflict handeling", "S1#2", 1),
        ("budgetting and finansial analysis", "K14", 1),
        ("manejo de conflitos", "S1#2", 1),
        ("presupuesto y analisis finansiero", "K14", 1),
        ("Konflictmanagement im Team", "S1#2", 1),
        ("GESTION DE CONFLICTOS", "S1#2", 1),
        ("團隊沖突", "S1#2", 1),
        # a word of the standard, and a longer one around it
        ("領導", "K4#5", 1),
        ("領導力", "T5", 2),
        # Simplified finds Traditional
        ("团队冲突", "S1#2", 1),
        ("财务分析", "K14", 1),
        ("领导风格", "K19", 1),
        # two languages in one query
        ("KPI 設定", "P5.1.4", 3),
        ("team 衝突", "S1#2", 1),
        ("team conflict 處理", "S1#2", 1),
        # one character
        ("衝", "S1#2", 1),
        ("預", "K14", 1),
        # full width, pictures and signs around
        ("ｃｏｎｆｌｉｃｔ ｈａｎｄｌｉｎｇ", "S1#2", 1),
        ("ＫＰＩ 設定", "P5.1.4", 3),
        ("🙂 conflict handling!!!", "S1#2", 1),
        ("「處理團隊衝突」…", "S1#2", 1),
        ("👍👍 預算", "K14", 1),
    ],
)
def test_an_odd_query_finds_what_was_meant(index: SearchIndex, query: str, code: str, within: int) -> None:
    hits = index.search(query, limit=within).hits
    assert code in [hit.code for hit in hits]
    assert not hits[0].weak


def test_full_width_letters_are_of_the_language_they_spell(index: SearchIndex) -> None:
    assert index.search("ｃｏｎｆｌｉｃｔ ｈａｎｄｌｉｎｇ").query_language == "en"


def test_a_pasted_paragraph_up_to_the_limit_is_searched(index: SearchIndex) -> None:
    sentence = (
        "Most of the work is about settling conflicts between members of the team and listening to them. "
    )
    paragraph = ("We are looking for a front line manager. " + sentence * 20)[:QUERY_LIMIT].strip()
    result = index.search(paragraph, limit=5)
    assert "S1#2" in [hit.code for hit in result.hits]
    assert not result.nothing_fits


def test_beyond_the_limit_the_error_says_what_to_do(index: SearchIndex) -> None:
    with pytest.raises(InvalidInput, match="send whole documents to matching"):
        index.search("衝" * (QUERY_LIMIT + 1))
