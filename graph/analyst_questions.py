"""Questions of analysts, each in SPARQL and in Cypher, with the same columns and rows.

They are files, ``graph/queries/questions/NAME.rq`` and ``NAME.cypher``. Both begin with the same comments:
the question in English (``en:``) and Chinese (``zh-Hant:``), what the answer ``shows:``, what data it
``needs:`` besides the bundled standards (``esco``, ``onet`` or ``icap``), and what to ``edit:`` to ask of
something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Question", "header_of", "questions"]

_HEADER = re.compile(r"(?:#|//) (en|zh-Hant|shows|needs|edit): (.+)")


@dataclass(frozen=True, slots=True)
class Question:
    """``titles`` are by language tag; ``needs`` names a data set that is not bundled, or is empty."""

    name: str
    titles: Mapping[str, str]
    shows: str
    needs: str
    edit: str
    sparql: str
    cypher: str


@cache
def questions() -> tuple[Question, ...]:
    """All of them: those that the bundled data answers first, each kind by name."""
    folder = files("graph").joinpath("queries", "questions")
    names = (one.name.removesuffix(".rq") for one in folder.iterdir() if one.name.endswith(".rq"))
    return tuple(sorted(map(_question, names), key=lambda one: (one.needs != "", one.needs, one.name)))


def _question(name: str) -> Question:
    folder = files("graph").joinpath("queries", "questions")
    sparql = folder.joinpath(f"{name}.rq").read_text(encoding="utf-8")
    cypher = folder.joinpath(f"{name}.cypher").read_text(encoding="utf-8")
    header = dict(header_of(sparql))
    return Question(
        name,
        {"en": header["en"], "zh-Hant": header["zh-Hant"]},
        header["shows"],
        header.get("needs", ""),
        header.get("edit", ""),
        sparql,
        cypher,
    )


def header_of(text: str) -> list[tuple[str, str]]:
    """Keys and values of the comment lines that a query begins with."""
    found = []
    for line in text.splitlines():
        match = _HEADER.fullmatch(line)
        if match is None:
            break
        found.append((match[1], match[2]))
    return found
