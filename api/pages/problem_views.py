"""What a person is told of an error: a title and a sentence in the language of the page that says what to do,
and, where the error knows more, what it says itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.pages.messages import catalogue, translate
from ontology import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontology.errors import CompetencyError

__all__ = ["ProblemView", "parameters_problem", "problem_view", "status_problem", "too_large_problem"]

_MEGABYTE = 1 << 20
_TOLD_WHOLE = (
    errors.AddressDamaged,
    errors.Ambiguous,
    errors.EmptyText,
    errors.ExportTooLarge,
    errors.FileMissing,
    errors.ImportGone,
    errors.IndexMissing,
    errors.NoContent,
    errors.NoNumber,
    errors.NoOtherVersion,
    errors.NotAcceptable,
    errors.NotAuthorised,
    errors.NotComparable,
    errors.NotIndexed,
    errors.NothingNamed,
    errors.NothingToPublish,
    errors.Overloaded,
    errors.ProjectionPending,
    errors.QueryTimeout,
    errors.SameTwice,
    errors.StoreMissing,
    errors.TextTooLong,
    errors.UnknownChoice,
    errors.UnknownMediaType,
    errors.Unsigned,
    errors.WritingDisabled,
    errors.WrongCount,
)
"""Errors of which the sentence of the page says all that there is to say."""


@dataclass(frozen=True, slots=True)
class ProblemView:
    """``detail`` is what the error itself says, in English, or empty; ``search`` is a text that may be
    searched for in place of what was not found."""

    title: str
    sentence: str
    detail: str = ""
    search: str = ""


def problem_view(language: str, error: CompetencyError) -> ProblemView:
    """An error in the language of a page. Its class, or the nearest above it that has words, gives title and
    sentence; its data fills them."""
    values = _values(language, error)
    sentence = translate(language, _key(language, type(error)), **values)
    if isinstance(error, errors.NotFound) and error.near:
        sentence += translate(language, "problem_near", codes=values["near"])
    return ProblemView(
        translate(language, _key(language, type(error), "_title")),
        sentence,
        detail=_detail(error),
        search=_searchable(error),
    )


def parameters_problem(language: str, names: Sequence[str], detail: str) -> ProblemView:
    """Wrong fields of a form or parameters of an address, by their ``names``."""
    listed = translate(language, "list_joint").join(_field(language, one) for one in dict.fromkeys(names))
    return ProblemView(
        translate(language, "problem_parameters_title"),
        translate(language, "problem_parameters", field=listed),
        detail,
    )


def status_problem(language: str, status: int, *, path: str, detail: str = "") -> ProblemView:
    """An answer with a status that no error of ours stands behind: no such address, a wrong method."""
    key = f"problem_status_{status}"
    if key not in catalogue(language):
        key = "problem_status_500" if status >= 500 else "problem_status_400"
    told = detail if key == "problem_status_400" else ""
    return ProblemView(
        translate(language, f"{key}_title"), translate(language, key, path=path, status=status), told
    )


def too_large_problem(language: str, limit: int) -> ProblemView:
    """A request of more than ``limit`` bytes."""
    amount = limit / _MEGABYTE
    return ProblemView(
        translate(language, "problem_status_413_title"),
        translate(language, "problem_status_413", mb=f"{amount:.0f}" if amount >= 10 else f"{amount:.2g}"),
    )


def _key(language: str, kind: type, suffix: str = "") -> str:
    words = catalogue(language)
    keys = (f"problem_{_name(one)}{suffix}" for one in kind.__mro__)
    return next(key for key in keys if key in words)


def _name(kind: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def _values(language: str, error: CompetencyError) -> dict[str, object]:
    """The data of an error as its sentence takes it: lists with commas, fields by their names."""
    joint = translate(language, "list_joint")
    values: dict[str, object] = {
        name: joint.join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in vars(error).items()
    }
    if isinstance(error, errors.ValidationFailed):
        values["count"] = len(error.violations)
    if isinstance(field := values.get("field"), str):
        values["field"] = _field(language, field)
    line = getattr(error, "line", None)
    if isinstance(error, errors.QueryRefused | errors.QuerySyntaxError):
        place = {"line": line, "column": error.column}
        values["place"] = "" if line is None else translate(language, "problem_place", **place)
    if isinstance(error, errors.DocumentError):
        page = error.page
        values["place"] = (
            translate(language, "problem_on_page", page=page)
            if page is not None
            else ""
            if line is None
            else translate(language, "problem_on_line", line=line)
        )
    return values


def _field(language: str, name: str) -> str:
    """What the pages call a field; its own name where they have no other."""
    return catalogue(language).get(f"problem_field_{name}", name)


def _detail(error: CompetencyError) -> str:
    if isinstance(error, _TOLD_WHOLE):
        return ""
    if isinstance(error, errors.DocumentError):
        where = f"{error.field}: " if error.field else ""
        expected = f"; expected {error.expected}" if error.expected else ""
        return f"{where}{error.reason}{expected}"
    if isinstance(error, errors.ValidationFailed):
        return "\n".join(error.violations)
    if type(error) in (errors.NotFound, errors.UnknownValue):
        return ""
    return str(error)


def _searchable(error: CompetencyError) -> str:
    """The name of what was not found, where it is one that people type."""
    if type(error) is not errors.NotFound or "://" in error.key or len(error.key) > 100:
        return ""
    return error.key
