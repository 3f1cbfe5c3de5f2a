"""Vectors on disk: a text is embedded once, whatever breaks off and whoever reads along."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from api.cli.shared import ProgressLine
from ontology.readers import read_standard
from search import SearchIndex, ToyEmbedder, load_background
from search.background import background_vectors
from search.embedding.remembering import RememberingEmbedder
from search.passages import passages_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from search import Role


class Counting(ToyEmbedder):
    """Counts the texts that reach the model."""

    def __init__(self, revision: str = "counting-1") -> None:
        self.revision = revision
        self.texts: list[str] = []
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        with self._lock:
            self.texts += texts
        return super().embed(texts, role=role)


def embedded(folder: Path, texts: Sequence[str], model: Counting | None = None) -> list[str]:
    """What the model had to embed."""
    model = model or Counting()
    with RememberingEmbedder(model, folder) as remembering:
        vectors = remembering.embed(texts, role="query")
    assert np.allclose(vectors, ToyEmbedder().embed(texts, role="query"), atol=1e-3)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    return model.texts


def segments(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.vectors"))


def test_a_text_is_embedded_once(tmp_path: Path) -> None:
    assert embedded(tmp_path, ["team", "conflict", "team", "\ud800"]) == ["\ud800", "team", "conflict"]
    assert embedded(tmp_path, ["conflict", "team"]) == []
    assert embedded(tmp_path, ["conflict", "work"]) == ["work"]
    assert embedded(tmp_path, []) == []


def test_role_and_model_keep_their_own(tmp_path: Path) -> None:
    assert embedded(tmp_path, ["team"]) == ["team"]
    assert embedded(tmp_path, ["team"], Counting("counting-2")) == ["team"]
    with RememberingEmbedder(model := Counting(), tmp_path) as remembering:
        remembering.embed(["team"], role="passage")
    assert model.texts == ["team"]


def test_new_vectors_are_the_same_as_remembered_ones(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(50)]
    with RememberingEmbedder(ToyEmbedder(), tmp_path) as first:
        new = first.embed(texts, role="query")
    with RememberingEmbedder(ToyEmbedder(), tmp_path) as second:
        assert np.array_equal(second.embed(texts, role="query"), new)


def test_what_was_embedded_before_a_break_is_kept(tmp_path: Path) -> None:
    texts = [f"text {number:04}" for number in range(600)]

    def interrupt(message: str, done: int, total: int) -> None:
        if done >= 256:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), RememberingEmbedder(Counting(), tmp_path) as remembering:
        remembering.prepare(texts, role="query", message="embedding", progress=interrupt)
    assert embedded(tmp_path, texts) == texts[256:]


@pytest.mark.parametrize("lost", [1, 40, 200])
def test_a_record_that_was_not_written_whole_is_embedded_again(tmp_path: Path, lost: int) -> None:
    embedded(tmp_path, ["a", "bb", "ccc"])
    [segment] = segments(tmp_path)
    whole = segment.read_bytes()
    segment.write_bytes(whole[:-lost])
    again = embedded(tmp_path, ["a", "bb", "ccc"])
    assert again == ["a", "bb", "ccc"][3 - (1 if lost < len(whole) // 3 else 2) :]
    assert embedded(tmp_path, ["a", "bb", "ccc"]) == []


def test_a_record_with_a_wrong_byte_is_embedded_again(tmp_path: Path) -> None:
    embedded(tmp_path, ["a", "bb", "ccc"])
    [segment] = segments(tmp_path)
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 0xFF
    segment.write_bytes(data)
    assert embedded(tmp_path, ["a", "bb", "ccc"]) == ["bb"]


def test_a_reader_is_not_disturbed_by_segments_that_are_joined(tmp_path: Path) -> None:
    embedded(tmp_path, ["first"])
    with RememberingEmbedder(model := Counting(), tmp_path) as reader:
        for number in range(20):
            embedded(tmp_path, [f"text {number}"])
        assert len(segments(tmp_path)) <= 18
        assert np.isfinite(reader.embed(["first"], role="query")).all()
    assert model.texts == []
    assert embedded(tmp_path, ["first", *(f"text {number}" for number in range(20))]) == []


def test_several_write_at_the_same_time(tmp_path: Path) -> None:
    def write(number: int) -> None:
        embedded(tmp_path, [f"{number % 4} of {text}" for text in range(100)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert embedded(tmp_path, [f"{number} of {text}" for number in range(4) for text in range(100)]) == []


def test_threads_share_one_memory(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(100)]
    with RememberingEmbedder(model := Counting(), tmp_path) as remembering, ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: remembering.embed(texts, role="query"), range(8)))
    assert sorted(model.texts) == sorted(texts)
    assert all(np.array_equal(result, results[0]) for result in results)


def test_background_vectors_are_computed_once(tmp_path: Path) -> None:
    background = load_background()
    results = []
    for expected in (True, False):
        with RememberingEmbedder(model := Counting(), tmp_path) as remembering:
            results.append(background_vectors(background, remembering))
        assert bool(model.texts) is expected
    assert np.array_equal(results[0], results[1])


def test_an_index_that_is_built_again_embeds_what_changed(tmp_path: Path, sample_path: Path) -> None:
    passages = passages_of(read_standard(sample_path))
    SearchIndex.build(passages, first := Counting(), tmp_path)
    assert len(first.texts) == len(set(first.texts))
    changed = tuple(one for one in passages if one.kind != "skill")
    SearchIndex.build(changed, fewer := Counting(), tmp_path)
    assert fewer.texts == []
    SearchIndex.build(passages, again := Counting(), tmp_path)
    assert again.texts == []


def test_progress_tells_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr("api.cli.shared.time.monotonic", lambda: now[0])
    show = ProgressLine()
    show("embedding", 0, 1000)
    now[0] += 40
    show("embedding", 200, 1000)
    now[0] += 1
    show("embedding", 201, 1000)
    now[0] += 159
    show("embedding", 1000, 1000)
    show("other", 0, 5)
    assert capsys.readouterr().err.splitlines() == [
        "embedding 0/1000",
        "embedding 200/1000, 5/s, 2:40 left",
        "embedding 1000/1000, 5/s",
        "other 0/5",
    ]
