"""The words of the pages: a folder of TOML files a language, one file an area, all with the same keys."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

__all__ = [
    "LANGUAGES",
    "catalogue",
    "described_operation",
    "described_parameter",
    "doubt_sentence",
    "translate",
]

LANGUAGES = ("zh-Hant", "en")


@cache
def catalogue(language: str) -> dict[str, str]:
    """All messages of one of ``LANGUAGES``. Raises ``ValueError`` where two areas have one key."""
    words: dict[str, str] = {}
    folder = files(__name__).joinpath(language)
    for area in sorted(folder.iterdir(), key=lambda one: one.name):
        found = tomllib.loads(area.read_text(encoding="utf-8"))
        if twice := sorted(words.keys() & found.keys()):
            raise ValueError(f"{language}/{area.name} has keys of another area: {', '.join(twice)}")
        words.update(found)
    return words


def translate(language: str, key: str, /, **values: object) -> str:
    """The message ``key`` with its ``{placeholders}`` filled; a missing key is an error, not a blank. Where a
    ``count`` or ``total`` of one is told and the language has a form for it, ``key_one``, that is taken."""
    words = catalogue(language)
    if values.get("count", values.get("total")) == 1 and f"{key}_one" in words:
        key = f"{key}_one"
    return words[key].format(**values)


def doubt_sentence(language: str, kind: str) -> str:
    """What a kind of doubt (``ontology.model.Doubt.kind``) means; a kind without words has a general one."""
    words = catalogue(language)
    return words.get(f"doubt_{kind}", words["doubt_other"])


@cache
def _openapi_words(language: str) -> dict[str, dict[str, str]]:
    file = files(__name__).joinpath(f"openapi.{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def described_operation(language: str, operation: str, summary: str) -> str:
    """The ``summary`` of an operation of the OpenAPI document, which is English, in ``language``, as far as
    there is one."""
    return _openapi_words(language).get("summaries", {}).get(operation, summary)


def described_parameter(language: str, description: str) -> str:
    """The ``description`` of a parameter of the OpenAPI document in ``language``, as far as there is one."""
    return _openapi_words(language).get("parameters", {}).get(description, description)
