"""A JSON object while it is read: typed access to its members, errors that name their path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ontology.errors import DocumentError
from ontology.model import Place

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["JsonObject", "JsonValue", "kind_of", "read_object"]

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]

_T = TypeVar("_T")


@dataclass(slots=True)
class JsonObject:
    """A JSON object being read: knows its path, and which keys nobody has asked for yet."""

    values: dict[str, object]
    path: str
    file: str
    unread: set[str]

    def at(self, key: str) -> str:
        """The path of a member, such as ``tasks[0].code``."""
        return f"{self.path}.{key}" if self.path else key

    def error(self, key: str, expected: str) -> DocumentError:
        found = f"found {kind_of(self.values[key])}" if key in self.values else "the field is missing"
        return DocumentError(found, file=self.file, field=self.at(key), expected=expected)

    def take(self, key: str) -> object:
        self.unread.discard(key)
        return self.values.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A string; one that is not empty where there is no ``default``."""
        value = self.take(key)
        if key not in self.values and default is not None:
            return default
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.error(key, "a string" if default is not None else "a string that is not empty")
        return value

    def any_text(self, key: str) -> str:
        """A string that must be there and may be empty."""
        value = self.take(key)
        if not isinstance(value, str):
            raise self.error(key, "a string")
        return value

    def optional_text(self, key: str) -> str | None:
        value = self.take(key)
        if value is not None and not isinstance(value, str):
            raise self.error(key, "a string or null")
        return value

    def number(self, key: str) -> int | None:
        value = self.take(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self.error(key, "a whole number or null")
        return value

    def list(self, key: str) -> list[object]:
        value = self.take(key)
        if key not in self.values:
            return []
        if not isinstance(value, list):
            raise self.error(key, "a list")
        return value

    def decimal(self, key: str) -> float | None:
        value = self.take(key)
        if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
            raise self.error(key, "a number or null")
        return None if value is None else float(value)

    def flag(self, key: str) -> bool:
        value = self.take(key)
        if key in self.values and not isinstance(value, bool):
            raise self.error(key, "true or false")
        return bool(value)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        value = self.take(key)
        if key not in self.values:
            return ()
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise self.error(key, "an object whose values are strings")
        return tuple(value.items())

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.list(key)
        texts = tuple(value for value in values if isinstance(value, str))
        if len(texts) != len(values):
            raise self.error(key, "a list of strings")
        return texts

    def objects(self, key: str, read: Callable[[JsonObject], _T]) -> tuple[_T, ...]:
        found = []
        for position, value in enumerate(self.list(key)):
            item = read_object(value, f"{self.at(key)}[{position}]", self.file)
            found.append(read(item))
            item.refuse_unknown()
        return tuple(found)

    def place(self) -> Place | None:
        if "line" not in self.values and "page" not in self.values:
            return None
        return Place(self.number("line"), self.number("page"))

    def refuse_unknown(self) -> None:
        if self.unread:
            key = min(self.unread)
            raise DocumentError(
                "the field is not known",
                file=self.file,
                field=self.at(key),
                expected="only the fields that this form has",
            )


def read_object(value: object, path: str, file: str) -> JsonObject:
    """The object at ``path`` of ``file``; raises ``DocumentError`` for anything else."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise DocumentError(f"found {kind_of(value)}", file=file, field=path or None, expected="an object")
    return JsonObject(value, path, file, set(value))


def kind_of(value: object) -> str:
    """What a JSON value is, as a message names it."""
    if value is None:
        return "null"
    names = {bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object"}
    if isinstance(value, str):
        return f"the string {value[:40]!r}"
    return names.get(type(value), type(value).__name__)
