"""What a model of sentence-transformers is told about a text: its own configuration first, then a preset."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from ontology.errors import InvalidInput, ModelUnavailable
from search import open_embedder
from search.embedding.model_files import files_to_download, find_model
from search.embedding.presets import Prompts, preset_of, prompts_of
from search.embedding.transformers import ModelOptions

if TYPE_CHECKING:
    from pathlib import Path

WEB_SEARCH = "Instruct: Given a web search query, retrieve relevant passages that answer the query\n"


@pytest.mark.parametrize(
    ("name", "query", "passage", "pooling"),
    [
        ("intfloat/multilingual-e5-small", "query: ", "passage: ", "mean"),
        ("intfloat/multilingual-e5-base", "query: ", "passage: ", "mean"),
        ("intfloat/multilingual-e5-large", "query: ", "passage: ", "mean"),
        ("intfloat/e5-base-v2", "query: ", "passage: ", "mean"),
        ("intfloat/multilingual-e5-large-instruct", WEB_SEARCH + "Query: ", "", "mean"),
        ("Qwen/Qwen3-Embedding-0.6B", WEB_SEARCH + "Query:", "", "lasttoken"),
        ("BAAI/bge-m3", "", "", "cls"),
        ("Alibaba-NLP/gte-multilingual-base", "", "", "cls"),
        ("sentence-transformers/LaBSE", "", "", None),
        ("TechWolf/JobBERT-v3", "", "", None),
    ],
)
def test_known_families_have_their_prompts_and_pooling(
    tmp_path: Path, name: str, query: str, passage: str, pooling: str | None
) -> None:
    preset = preset_of(name, tmp_path)
    assert preset is not None
    assert prompts_of(tmp_path, preset) == Prompts(query, passage)
    assert preset.pooling == pooling


def test_a_model_is_told_by_what_its_configuration_was_made_from(tmp_path: Path) -> None:
    assert preset_of("ours", tmp_path) is None
    (tmp_path / "config.json").write_text(json.dumps({"_name_or_path": "intfloat/multilingual-e5-base"}))
    found = preset_of("ours", tmp_path)
    assert found is not None
    assert found.name == "e5"


def test_a_preset_that_was_chosen_wins_over_the_name(tmp_path: Path) -> None:
    found = preset_of("intfloat/multilingual-e5-small", tmp_path, "bge-m3")
    assert found is not None
    assert found.pooling == "cls"
    with pytest.raises(InvalidInput, match=r"'word2vec'.*qwen3-embedding"):
        preset_of("ours", tmp_path, "word2vec")


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ({"prompts": {"query": "q: ", "document": "d: "}}, Prompts("q: ", "d: ")),
        ({"prompts": {"query": "q: ", "document": "", "passage": "p: "}}, Prompts("q: ", "p: ")),
        ({"prompts": {"search_query": "q: ", "search_document": "d: "}}, Prompts("q: ", "d: ")),
        ({"prompts": {"task": "t: ", "query": "q: "}, "default_prompt_name": "task"}, Prompts("q: ", "t: ")),
        # nothing in it: the preset's
        ({"prompts": {"query": "", "document": ""}}, Prompts("query: ", "passage: ")),
        ({}, Prompts("query: ", "passage: ")),
    ],
)
def test_the_prompts_of_the_models_own_configuration_come_first(
    tmp_path: Path, configuration: dict[str, object], expected: Prompts
) -> None:
    (tmp_path / "config_sentence_transformers.json").write_text(json.dumps(configuration))
    assert prompts_of(tmp_path, preset_of("multilingual-e5-small", tmp_path)) == expected


def test_a_model_of_no_known_family_without_prompts_has_none(tmp_path: Path) -> None:
    (tmp_path / "config_sentence_transformers.json").write_text("[]")
    assert prompts_of(tmp_path, None) == Prompts()


def test_options_are_read_from_the_descriptor() -> None:
    assert ModelOptions.parse("") == ModelOptions()
    assert ModelOptions.parse("device=cuda:1&batch_size=8&trust_remote_code=yes&preset=e5") == ModelOptions(
        device="cuda:1", batch_size=8, trust_remote_code=True, preset="e5"
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("batch=8", r"batch=8; it has: device, batch_size"),
        ("device=", "device=;"),
        ("batch_size=0", "from 1, not '0'"),
        ("batch_size=many", "not 'many'"),
        ("trust_remote_code=1", "yes or no, not '1'"),
        ("pooling=max", "mean, cls, lasttoken, not 'max'"),
    ],
)
def test_options_that_do_not_exist_or_do_not_fit_are_refused(options: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        open_embedder(f"sentence-transformers:model?{options}")


def test_a_descriptor_without_a_model_is_refused() -> None:
    with pytest.raises(InvalidInput, match="NAME_OR_FOLDER"):
        open_embedder("sentence-transformers:")
    with pytest.raises(InvalidInput, match=r"'toy:x'.*sentence-transformers:NAME_OR_FOLDER"):
        open_embedder("toy:x")


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelUnavailable, match=r"pip install 'competency-graph\[transformers\]'") as caught:
        open_embedder("sentence-transformers:BAAI/bge-m3")
    assert caught.value.model == "BAAI/bge-m3"


@pytest.mark.parametrize("name", ["/no/such/folder", "./model", "~/model", "models/of/ours"])
def test_a_folder_that_is_not_there_is_not_looked_for_on_the_hub(name: str) -> None:
    with pytest.raises(ModelUnavailable, match="no such folder"):
        find_model(name)


def test_the_version_of_a_folder_changes_with_its_files(tmp_path: Path) -> None:
    (tmp_path / "1_Pooling").mkdir()
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"weights")
    first = find_model(str(tmp_path))
    assert (first.name, first.folder) == (tmp_path.name, tmp_path)
    (tmp_path / ".gitattributes").write_text("of no matter")
    assert find_model(str(tmp_path)) == first
    weights.write_bytes(b"Weights")
    second = find_model(str(tmp_path))
    (tmp_path / "1_Pooling" / "config.json").write_text("{}")
    assert len({first.version, second.version, find_model(str(tmp_path)).version}) == 3
    with pytest.raises(InvalidInput, match="no revision v2"):
        find_model(str(tmp_path), "v2")


def test_of_a_repository_only_what_a_model_needs_is_downloaded() -> None:
    needed = {
        "config.json", "modules.json", "tokenizer.json", "model.safetensors", "1_Pooling/config.json",
        "2_Dense/pytorch_model.bin", "modeling.py",
    }  # fmt: skip
    others = {"onnx/model.onnx", "onnx/config.json", "pytorch_model.bin", "tf_model.h5", "images/figure.png"}
    assert set(files_to_download(needed | others)) == needed
    assert files_to_download(["pytorch_model.bin"]) == ["pytorch_model.bin"]
