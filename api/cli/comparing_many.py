"""Commands on several standards: compare-matrix, moves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.shared import DATA_DIR, JSON, new_files, print_json, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.comparing.matrix import Matrix
    from search.comparing.moves import Move

__all__ = ["COMMANDS"]

_FILE = click.Path(dir_okay=False, path_type=Path)
_SHOWN = 20


@click.command("compare-matrix")
@click.argument("codes", nargs=-1, required=True)
@click.option("--csv", "csv_file", type=_FILE, help="Write the matrix to this file as CSV.")
@click.option("--xlsx", "xlsx_file", type=_FILE, help="Write the matrix to this file as an Excel workbook.")
@click.option("--force", is_flag=True, help="Overwrite the files.")
@DATA_DIR
@JSON
def compare_matrix(
    codes: tuple[str, ...],
    *,
    csv_file: Path | None,
    xlsx_file: Path | None,
    force: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Compare the standards with these CODES, 2 to 50 of them, each with each: how much of each the others
    have, alike ones together."""
    from api.comparing_many import export_matrix, matrix_named, names_in
    from api.routers.compare_many import to_matrix_answer
    from api.services import open_services

    wanted = new_files(csv_file, xlsx_file, force=force)
    with open_services(settings_of(data_dir)) as services:
        matrix = matrix_named(services, names_in(codes))
    for path, form in wanted:
        path.write_bytes(b"".join(export_matrix(matrix, form).chunks))
        click.echo(f"{len(matrix.standards)} standards written to {path}", err=True)
    if as_json:
        print_json(to_matrix_answer(matrix).model_dump())
    elif not wanted:
        click.echo("\n".join(_matrix_lines(matrix)))


def _matrix_lines(matrix: Matrix) -> Iterator[str]:
    yield "how much of each row each column has, in per cent:"
    numbers = range(1, len(matrix.standards) + 1)
    yield "     " + "".join(f"{number:>5}" for number in numbers)
    cluster = 0
    for number, side, own, row in zip(
        numbers, matrix.standards, matrix.clusters, matrix.coverage, strict=True
    ):
        if cluster not in (0, own):
            yield ""
        cluster = own
        cells = "".join("    –" if one.a is None else f"{round(100 * one.a):>5}" for one in row)
        part = f" {side.part.code}" if side.part else ""
        yield f"{number:>5}{cells}  {side.standard.code}{part} {side.standard.text}"


@click.command()
@click.argument("origin")
@click.argument("target", default="")
@click.option("--framework", "frameworks", multiple=True, help="Only to these frameworks (repeatable).")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 20), help="How many moves.")
@click.option("--all", "everything", is_flag=True, help=f"List more than {_SHOWN} elements of each kind.")
@DATA_DIR
@JSON
def moves(
    origin: str,
    target: str,
    *,
    frameworks: tuple[str, ...],
    limit: int,
    everything: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Show what somebody who works by ORIGIN knows of the standard TARGET, and what is to be learnt.

    Without TARGET the moves to the standards nearest to it, that of which most is known first.
    """
    from api.comparing_many import best_moves, move_named
    from api.routers.compare_many import to_move_model
    from api.services import open_services

    with open_services(settings_of(data_dir)) as services:
        if target:
            found: tuple[Move, ...] = (move_named(services, origin, target),)
        else:
            found = best_moves(services, origin, frameworks=frameworks, limit=limit)
    if as_json:
        print_json({"moves": [to_move_model(one).model_dump() for one in found]})
        return
    for one in found:
        to = one.comparison.b.standard
        click.echo(
            f"{to.code} {to.text}: {one.share_known:.0%} known, {one.share_partly:.0%} in part, "
            f"{one.share_new:.0%} new"
        )
        if target:
            click.echo("\n".join(_move_lines(one, None if everything else _SHOWN)))
    if not found:
        click.echo("There is no other standard with content to go to.", err=True)


def _move_lines(move: Move, most: int | None) -> Iterator[str]:
    yield f"known ({len(move.known)}):"
    for pair in move.known[:most]:
        yield f"  {pair.b.code:<8} {pair.b.text}"
    if most is not None and len(move.known) > most:
        yield f"  … and {len(move.known) - most} more"
    yield f"to be learnt ({len(move.to_learn)}), by level:"
    for one in move.to_learn[:most]:
        level = "–" if one.level is None else str(one.level)
        partly = "  (in part)" if one.pair else ""
        yield f"  {level:>2}  {one.element.code:<8} {one.element.text}{partly}"
    if most is not None and len(move.to_learn) > most:
        yield f"  … and {len(move.to_learn) - most} more; --all lists them"


COMMANDS = (compare_matrix, moves)
