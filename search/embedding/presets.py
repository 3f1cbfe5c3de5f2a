"""What a model of sentence-transformers wants to be told about a text: prompts, pooling, branches.

A model's own configuration comes first (``config_sentence_transformers.json``, ``modules.json``); a preset
fills in what the configuration of a known family leaves to the reader of its model card. Sources of the
presets: ``docs/models.md``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from ontology.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from search.embedding.interface import Role

__all__ = ["POOLINGS", "PRESETS", "Pooling", "Preset", "Prompts", "preset_of", "prompts_of", "read_json"]

Pooling = Literal["mean", "cls", "lasttoken"]
"""How the vectors of the pieces of a text become one: their mean, the first, or the last."""
POOLINGS: tuple[Pooling, ...] = get_args(Pooling)

_WEB_SEARCH = "Given a web search query, retrieve relevant passages that answer the query"
# as configurations call the two sides, the first that is there counts
_NAMES: Mapping[Role, tuple[str, ...]] = {
    "query": ("query", "retrieval.query", "search_query"),
    "passage": ("document", "passage", "corpus", "retrieval.passage", "search_document"),
}


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is put before a text, by the side that it stands on."""

    query: str = ""
    passage: str = ""

    def of(self, role: Role) -> str:
        return self.query if role == "query" else self.passage


@dataclass(frozen=True, slots=True)
class Preset:
    """A family of models. ``names`` matches the last part of a model's name, in lower case.

    ``pooling`` serves a checkpoint without ``modules.json``; ``None`` means that the family has layers that
    only ``modules.json`` describes. ``branch`` is the name of the layer that both sides go through in a model
    that has several.
    """

    name: str
    names: re.Pattern[str]
    prompts: Prompts
    pooling: Pooling | None
    branch: str | None = None


PRESETS = (
    Preset(
        "e5-instruct",
        re.compile(r"multilingual-e5-\w+-instruct"),
        Prompts(query=f"Instruct: {_WEB_SEARCH}\nQuery: "),
        "mean",
    ),
    Preset(
        "e5",
        re.compile(r"(multilingual-)?e5-(small|base|large)(-v2)?"),
        Prompts("query: ", "passage: "),
        "mean",
    ),
    Preset("bge-m3", re.compile(r"bge-m3"), Prompts(), "cls"),
    Preset("gte-multilingual", re.compile(r"gte-multilingual-base"), Prompts(), "cls"),
    Preset(
        "qwen3-embedding",
        re.compile(r"qwen3-embedding-.*"),
        # no space after the colon: so it was trained
        Prompts(query=f"Instruct: {_WEB_SEARCH}\nQuery:"),
        "lasttoken",
    ),
    Preset("labse", re.compile(r"labse"), Prompts(), None),
    Preset("jobbert", re.compile(r"jobbert-v[23]"), Prompts(), None, branch="anchor"),
)


def preset_of(name: str, folder: Path, chosen: str | None = None) -> Preset | None:
    """The preset that was ``chosen``, or that fits the name of the model or the name its configuration was
    made from; ``None`` where none does.

    Raises ``InvalidInput`` for a choice that does not exist.
    """
    if chosen is not None:
        for preset in PRESETS:
            if preset.name == chosen:
                return preset
        known = ", ".join(preset.name for preset in PRESETS)
        raise InvalidInput(f"there is no preset {chosen!r} for embedding models; there are: {known}")
    origin = read_json(folder / "config.json").get("_name_or_path", "")
    for one in (name, folder.name, str(origin)):
        last = re.split(r"[/\\]", one.rstrip("/\\"))[-1].lower()
        for preset in PRESETS:
            if preset.names.fullmatch(last):
                return preset
    return None


def prompts_of(folder: Path, preset: Preset | None) -> Prompts:
    """The prompts that the model's own configuration has, else those of the preset, else none."""
    configuration = read_json(folder / "config_sentence_transformers.json")
    own = configuration.get("prompts") or {}
    default = own.get(configuration.get("default_prompt_name"), "")
    found = {
        role: next((own[name] for name in names if own.get(name)), default) for role, names in _NAMES.items()
    }
    if any(found.values()) or preset is None:
        return Prompts(found["query"], found["passage"])
    return preset.prompts


def read_json(path: Path) -> dict[str, Any]:
    """An object of a configuration file; empty where there is no such file or no object in it."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
