"""Several standards with each other, and moves from one to others, as people name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from api.comparing import located_side, nearest_named
from api.exporting import Export
from api.indexed import indexed
from api.spreadsheets import CSV_MEDIA, XLSX_MEDIA, Table, to_csv, to_xlsx
from search.comparing.matrix import compare_many
from search.comparing.moves import move

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from api.services import Services
    from api.spreadsheets import Cell
    from search.comparing.matrix import Matrix
    from search.comparing.moves import Move

__all__ = ["best_moves", "export_matrix", "matrix_named", "move_named", "names_in"]

_BETWEEN = re.compile(r"[,;、，；\n\r]+")
_MOST_MOVES = 20


def names_in(texts: Iterable[str]) -> list[str]:
    """The names of standards in texts that hold several, with commas, semicolons or line breaks between."""
    return [name.strip() for text in texts for name in _BETWEEN.split(text) if name.strip()]


def matrix_named(services: Services, names: Sequence[str]) -> Matrix:
    """The standards of these names with each other. Raises as ``compare_named`` does, and ``WrongCount``
    for fewer than two and for more than there may be."""
    from ontology.errors import WrongCount
    from search.comparing.matrix import MOST_STANDARDS

    # before each of many names is looked up
    if len(names) > 2 * MOST_STANDARDS:
        raise WrongCount(
            len(names),
            2,
            MOST_STANDARDS,
            f"a matrix takes 2 to {MOST_STANDARDS} standards, and {len(names)} were named",
        )
    index = services.index.current()
    iris = [located_side(services, index, name) for name in names]
    with indexed(services):
        return compare_many(index.comparer(services.links.sure, services.links.decided_among), iris)


def move_named(services: Services, origin: str, target: str) -> Move:
    """The move from one standard to another. Raises as ``compare_named`` does."""
    index = services.index.current()
    first, second = (located_side(services, index, name) for name in (origin, target))
    with indexed(services):
        return move(index.comparer(services.links.sure, services.links.decided_among), first, second)


def best_moves(
    services: Services, origin: str, *, frameworks: Collection[str] = (), limit: int = 5
) -> tuple[Move, ...]:
    """The moves from a standard to those nearest to it, that of which most is known first. Raises as
    ``compare_named`` does."""
    near = nearest_named(services, origin, frameworks=frameworks, limit=_MOST_MOVES)
    index = services.index.current()
    first = located_side(services, index, origin)
    with indexed(services):
        comparer = index.comparer(services.links.sure, services.links.decided_among)
        # what has no content asks for nothing
        targets = [hit.standard.iri for hit in near.hits if hit.coverage.b is not None]
        found = [move(comparer, first, target) for target in targets[: max(limit, _MOST_MOVES // 2)]]
    found.sort(key=lambda one: -one.readiness)
    return tuple(found[:limit])


def export_matrix(matrix: Matrix, form: str) -> Export:
    """The matrix as ``csv`` or ``xlsx``: a row and a column for each standard, in their order; a cell is how
    much of the standard of its row the one of its column has, 0–1."""
    codes = [
        f"{side.standard.code} {side.part.code}" if side.part else side.standard.code
        for side in matrix.standards
    ]
    unique = dict.fromkeys(codes)
    labels = codes if len(unique) == len(codes) else [f"{code} ({n})" for n, code in enumerate(codes, 1)]
    columns = {"code": 18, "name": 36, "framework": 10, "cluster": 8, **dict.fromkeys(labels, 16)}
    rows: list[list[Cell]] = [
        [code, side.standard.text, side.standard.framework, cluster, *(cell.a for cell in row)]
        for code, side, cluster, row in zip(
            codes, matrix.standards, matrix.clusters, matrix.coverage, strict=True
        )
    ]
    table = Table("coverage", columns, rows)
    if form == "csv":
        return Export("compare-matrix.csv", CSV_MEDIA, iter([to_csv(table)]))
    return Export("compare-matrix.xlsx", XLSX_MEDIA, iter([to_xlsx(table)]))
