"""Judged files, all UTF-8 and tab-separated, in three forms that their headers tell apart.

* ``need``, ``relevant`` and a column for each language: an information need in the words of each.
* ``query``, ``relevant`` and, where it is known, ``language``: one query a line, for sets of thousands.
* ``element``, ``relevant``: the query is the text of an element, for comparing standards with each other.

``relevant`` has judgements between commas, each ``KEY:GRADE`` (2 = answers it, 1 = related). A key is an
IRI, a standard and a code (``BGM1219-002v2 S1#2``), or a code alone that only one element has of those that
are searched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from ontology.errors import DocumentError, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from search.passages import Passage

__all__ = ["UNTOLD", "Judged", "Keys", "Need", "read_judged", "write_judged"]

UNTOLD = "query"
"""Stands where a file does not tell the language of its queries."""

_JUDGEMENT = re.compile(r"(?P<key>\S.*):(?P<grade>[12])")
_FORMS = (
    "need, relevant and then one column for each language; or query, relevant and perhaps language; "
    "or element, relevant; separated by tabs"
)


@dataclass(frozen=True, slots=True)
class Need:
    """One information need: its judgements (key → grade 1 or 2) and its words in each language.

    ``element`` is the key of the element whose text is the query, where it is asked so.
    """

    name: str
    relevant: Mapping[str, int]
    queries: Mapping[str, str] = field(default_factory=dict)
    element: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged set: ``languages`` as its columns name them; not each need has words in each."""

    name: str
    languages: tuple[str, ...]
    needs: tuple[Need, ...]

    def sample(self, count: int, seed: int) -> Judged:
        """``count`` of its needs, drawn by ``seed``, in their order; all where there are fewer."""
        if count >= len(self.needs):
            return self
        rows = sorted(np.random.default_rng(seed).choice(len(self.needs), count, replace=False).tolist())
        needs = tuple(self.needs[row] for row in rows)
        return replace(self, languages=_languages(needs) or self.languages, needs=needs)

    @property
    def names_standards(self) -> bool:
        """Whether its keys say what standard they are of, every one."""
        keys = [key for need in self.needs for key in (*need.relevant, need.element) if key]
        return all(" " in key or "://" in key for key in keys)

    def by_iri(
        self, searched: Sequence[Passage], known: Sequence[Passage], *, skip_unknown: bool = False
    ) -> Judged:
        """The set with IRIs for keys, and with the texts of elements as queries, those taken from ``known``.

        Raises ``DocumentError`` for keys that are not in ``searched``; with ``skip_unknown`` they are left
        out, and so are needs of which nothing is left.
        """
        keys, elements = Keys(searched), Keys(known)
        needs = []
        for need in self.needs:
            iris = {key: keys.iri(key) for key in need.relevant}
            unknown = [key for key, iri in iris.items() if iri is None]
            if unknown and not skip_unknown:
                self._refuse(need, f"judges {', '.join(unknown)}", "relevant", keys)
            relevant = {iri: need.relevant[key] for key, iri in iris.items() if iri is not None}
            if not relevant:
                continue
            queries = need.queries
            if need.element:
                asked = elements.passage(need.element)
                if asked is None:
                    self._refuse(need, "is no element", "element", elements)
                queries = {asked.lang: asked.text}
            needs.append(replace(need, relevant=relevant, queries=queries, element=""))
        if not needs:
            raise InvalidInput(f"nothing that {self.name} judges is among what is searched")
        return replace(self, languages=self.languages or _languages(needs), needs=tuple(needs))

    def _refuse(self, need: Need, message: str, column: str, keys: Keys) -> NoReturn:
        raise DocumentError(
            f"need {need.name!r} {message}", file=self.name, field=column, expected=keys.expected
        )


class Keys:
    """What the keys of judgements mean among ``passages``."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._standards = tuple(dict.fromkeys(one.standard for one in passages))
        self._rows: dict[str, Passage | None] = {}
        for one in passages:
            for key in {one.code, f"{one.standard} {one.code}"} - {""}:
                self._rows[key] = None if key in self._rows else one
        self._rows |= {one.iri: one for one in passages}

    def passage(self, key: str) -> Passage | None:
        """``None`` for a key that nothing has, or several have."""
        return self._rows.get(key)

    def iri(self, key: str) -> str | None:
        found = self.passage(key)
        return found.iri if found else None

    @property
    def expected(self) -> str:
        if len(self._standards) == 1:
            return f"codes of elements of {self._standards[0]}"
        return "IRIs, a standard and a code, or codes that only one element has, of what is searched"


def _languages(needs: Iterable[Need]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(language for need in needs for language in need.queries))


def read_judged(path: Path) -> Judged:
    """Raises ``DocumentError`` with file, line and field where the file is not of a form above."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise DocumentError("the file is not UTF-8", file=str(path), expected="UTF-8 text") from error
    except OSError as error:
        raise DocumentError(f"the file cannot be read: {error.strerror}", file=str(path)) from error
    head = lines[0].rstrip("\r").split("\t")
    is_form = head[1:2] == ["relevant"] and len(set(head)) == len(head)
    rest = {"need": len(head) > 2, "query": head[2:] in ([], ["language"]), "element": len(head) == 2}
    if not (is_form and rest.get(head[0], False)):
        raise DocumentError(
            f"the header is {', '.join(head).strip() or 'empty'}", file=str(path), line=1, expected=_FORMS
        )
    needs = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(head) or not all(cells):
            filled = sum(map(bool, cells))
            raise DocumentError(
                f"{filled} cells are filled", file=str(path), line=number, expected=f"{len(head)} cells"
            )
        needs.append(_need(head, cells, _judgements(cells[1], path, number)))
    if not needs:
        raise DocumentError("there is no need in the file", file=str(path), expected="a line for each need")
    languages = tuple(head[2:]) if head[0] == "need" else _languages(needs)
    return Judged(path.name, languages, tuple(needs))


def _need(head: Sequence[str], cells: Sequence[str], relevant: Mapping[str, int]) -> Need:
    first = cells[0]
    if head[0] == "element":
        return Need(first, relevant, element=first)
    if head[0] == "query":
        return Need(first, relevant, {cells[2] if len(cells) > 2 else UNTOLD: first})
    return Need(first, relevant, dict(zip(head[2:], cells[2:], strict=True)))


def _judgements(cell: str, path: Path, line: int) -> dict[str, int]:
    judgements: dict[str, int] = {}
    for part in cell.split(","):
        match = _JUDGEMENT.fullmatch(part.strip())
        if match is None or match["key"] in judgements:
            raise DocumentError(
                f"{part.strip()!r} is no judgement, or it was judged before",
                file=str(path),
                line=line,
                field="relevant",
                expected="codes with a grade of 1 or 2, such as S1#2:2,P1.2.4:1",
            )
        judgements[match["key"]] = int(match["grade"])
    return judgements


def write_judged(judged: Judged) -> str:
    """The set in the form for needs where each has words in each of several languages, else in that for
    single queries."""
    full = all(set(need.queries) == set(judged.languages) for need in judged.needs)
    if full and len(judged.languages) > 1:
        rows = [("need", "relevant", *judged.languages)]
        rows += [
            (need.name, _printed(need), *(need.queries[language] for language in judged.languages))
            for need in judged.needs
        ]
    else:
        rows = [("query", "relevant", "language")]
        rows += [
            (query, _printed(need), language)
            for need in judged.needs
            for language, query in need.queries.items()
        ]
    return "".join("\t".join(" ".join(cell.split()) for cell in row) + "\n" for row in rows)


def _printed(need: Need) -> str:
    return ",".join(f"{key}:{grade}" for key, grade in need.relevant.items())
