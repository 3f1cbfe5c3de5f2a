"""JSON documents as readers take them: decoded, parsed and checked for what would be lost or unreadable."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.readers.text import decode_any, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["json_text", "load_json"]

_BEGINS = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|[\[\]{},:]', re.DOTALL)
_HEAD = 400
_DEEPEST = 100
_LONGEST_NUMBER = 100
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Unfit:
    """Stands in the parsed document for what cannot be taken; ``key`` is the doubled key of an object."""

    reason: str
    expected: str
    key: str | None = None


def json_text(data: bytes) -> str:
    """The text of what begins as a JSON object or list, for a first look; else the empty string."""
    for encoding in ("utf-8-sig", "utf-16"):
        if _BEGINS.match(data[:_HEAD].decode(encoding, errors="ignore")):
            return data.decode(encoding, errors="ignore")
    return ""


def load_json(data: bytes, name: str) -> object:
    """The value of a JSON document.

    Raises ``DocumentError`` with the line, or with the path (``tasks[0].code``), of what is wrong: broken
    syntax, a key twice in one object, a number that JSON does not have or that is too large, half a
    character, more than 100 levels of nesting.
    """
    text = decode_any(data, name)
    try:
        value: object = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=lambda word: _Unfit(f"found {word}", "a number that JSON has"),
            parse_int=_integer,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"this is not valid JSON: {error.msg}", file=name, line=error.lineno, expected="a JSON document"
        ) from error
    except RecursionError:
        raise _too_deep(_path_of_depth(text), name) from None
    _check(value, name)
    return value


def _object(pairs: list[tuple[str, object]]) -> object:
    members = dict(pairs)
    if len(members) < len(pairs):
        doubled = Counter(key for key, _ in pairs).most_common(1)[0][0]
        return _Unfit("the key is there twice", "each key once", doubled)
    return members


def _integer(digits: str) -> object:
    if len(digits) > _LONGEST_NUMBER:
        return _Unfit(f"found a number of {len(digits)} digits", f"at most {_LONGEST_NUMBER} digits")
    return int(digits)


def _float(digits: str) -> object:
    number = float(digits)
    return number if math.isfinite(number) else _Unfit(f"{shorten(digits)} is too large", "a smaller number")


def _check(value: object, name: str) -> None:
    pending: list[tuple[object, str, int]] = [(value, "", 1)]
    while pending:
        found, path, depth = pending.pop()
        if isinstance(found, _Unfit):
            field = f"{path}.{found.key}" if path and found.key is not None else path or found.key
            raise DocumentError(found.reason, file=name, field=field, expected=found.expected)
        if isinstance(found, str) and _SURROGATE.search(found):
            raise DocumentError("found half a character", file=name, field=path, expected="whole characters")
        if depth > _DEEPEST:
            raise _too_deep(path, name)
        pending.extend((member, where, depth + 1) for member, where in _members(found, path, name))


def _members(value: object, path: str, name: str) -> Iterator[tuple[object, str]]:
    if isinstance(value, list):
        for position, member in enumerate(value):
            yield member, f"{path}[{position}]"
    elif isinstance(value, dict):
        for key, member in value.items():
            if _SURROGATE.search(key):
                raise DocumentError(
                    "the name of a field has half a character",
                    file=name,
                    field=path or None,
                    expected="whole characters",
                )
            yield member, f"{path}.{key}" if path else key


def _too_deep(path: str, name: str) -> DocumentError:
    return DocumentError(
        "the JSON is nested too deeply",
        file=name,
        field=path[:200],
        expected=f"at most {_DEEPEST} levels",
    )


def _path_of_depth(text: str) -> str:
    """The path of the first value that stands too deep, found without recursion."""
    steps: list[int | str] = []
    last = ""
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if sign in "[{":
            if len(steps) >= _DEEPEST:
                break
            steps.append(0 if sign == "[" else "")
        elif sign in "]}" and steps:
            steps.pop()
        elif sign == "," and steps:
            top = steps[-1]
            steps[-1] = top + 1 if isinstance(top, int) else top
        elif sign == ":" and steps:
            steps[-1] = last
        else:
            last = match[1] or ""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
