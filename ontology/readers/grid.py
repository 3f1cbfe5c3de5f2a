"""Tables of documents: cells that span rows and columns, laid out on a grid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.model import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ontology.readers.limits import Limits

__all__ = ["Block", "Cell", "Paragraph", "Row", "Slot", "Table", "lay_out", "lines_of"]


_NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of text without markup; ``depth`` is how many lists it stands in, ``bulleted`` whether a list
    item begins with it."""

    text: str
    place: Place = _NOWHERE
    depth: int = 0
    bulleted: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with what stands in it, and how many rows and columns it spans (0 rows: all that are left)."""

    blocks: tuple[Block, ...] = ()
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """The cells that begin in a row, without those that reach into it from above."""

    cells: tuple[Cell, ...]
    place: Place = _NOWHERE


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table."""

    rows: tuple[Row, ...] = field(default=())


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of the grid: the cell that covers it, and whether the cell begins in its row and column."""

    cell: Cell
    begins_row: bool
    begins_column: bool


def lay_out(table: Table, file: str, limits: Limits) -> list[list[Slot | None]]:
    """The rows of a table with a slot for every column, ``None`` where no cell is.

    A cell takes the first free columns of its row, as HTML has it; where two overlap the first is seen.
    Raises ``DocumentError`` where there are more places than ``limits`` allow.
    """
    grid: list[dict[int, Slot]] = [{} for _ in table.rows]
    used = 0
    for number, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while column in grid[number]:
                column += 1
            last = min(number + cell.rows, len(grid)) if cell.rows else len(grid)
            used += max(1, last - number) * cell.columns
            if used > limits.cells:
                raise DocumentError(
                    "the table is too large",
                    file=file,
                    page=row.place.page,
                    line=row.place.line,
                    expected=f"at most {limits.cells} cells",
                )
            for below in range(number, last):
                for beside in range(column, column + cell.columns):
                    slot = Slot(cell, below == number, beside == column)
                    grid[below].setdefault(beside, slot)
            column += cell.columns
    width = max((max(slots) + 1 for slots in grid if slots), default=0)
    if width * len(grid) > limits.cells:
        raise DocumentError("the table is too large", file=file, expected=f"at most {limits.cells} cells")
    return [[slots.get(column) for column in range(width)] for slots in grid]


def lines_of(blocks: Sequence[Block]) -> Iterator[Paragraph]:
    """The paragraphs of a cell; a table in it row by row, each row a line."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
            continue
        for row in block.rows:
            texts = [line.text for cell in row.cells for line in lines_of(cell.blocks)]
            yield Paragraph(" ".join(texts), row.place)
