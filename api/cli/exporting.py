"""The command that writes standards out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.shared import DATA_DIR, settings_of
from ontology.writers import WRITERS, writer_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontology.writers import Loss

__all__ = ["COMMANDS"]

_FILE = click.Path(dir_okay=False, path_type=Path)
_SHOWN = 20


@click.command()
@click.argument("codes", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice([writer.name for writer in WRITERS]),
    default="turtle",
    show_default=True,
    help="json is the form that `parse --json` prints.",
)
@click.option("--framework", "frameworks", multiple=True, help="Only of this framework; repeatable.")
@click.option("-o", "--output", type=_FILE, help="File to write (default: stdout).")
@click.option("--force", is_flag=True, help="Overwrite files.")
@click.option(
    "--losses",
    "report",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="File for what the format does not carry, as JSON (- for stdout, instead of the export).",
)
@DATA_DIR
def export(
    codes: tuple[str, ...],
    *,
    form: str,
    frameworks: tuple[str, ...],
    output: Path | None,
    force: bool,
    report: Path | None,
    data_dir: Path | None,
) -> None:
    """Write the standards with these CODES (default: all) in a format that others read."""
    from api.exporting import export_losses, export_standards
    from api.services import open_services

    to_stdout = report is not None and str(report) == "-"
    for file in (output, None if to_stdout else report):
        if file and file.exists() and not force:
            raise click.UsageError(f"{file} exists; --force overwrites it")
    if output is None and not to_stdout and not writer_named(form).is_text and sys.stdout.isatty():
        raise click.UsageError(f"{form} is no text for a terminal; name a file with -o")
    with open_services(settings_of(data_dir)) as services:
        if output or not to_stdout:
            _write(export_standards(services, codes, form, frameworks).chunks, output)
        losses = export_losses(services, codes, form, frameworks)
    _show(losses, form)
    if report is not None:
        _write([_json(losses)], None if to_stdout else report)


def _write(chunks: Iterable[bytes], file: Path | None) -> None:
    """To stdout, or into a file that is there whole or not at all."""
    if file is None:
        out = sys.stdout.buffer
        for chunk in chunks:
            out.write(chunk)
        out.flush()
        return
    beside = file.with_name(f".{file.name}.part")
    try:
        with beside.open("wb") as written:
            written.writelines(chunks)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _json(losses: Sequence[Loss]) -> bytes:
    import json
    from dataclasses import asdict

    return (json.dumps([asdict(one) for one in losses], ensure_ascii=False, indent=2) + "\n").encode()


def _show(losses: Sequence[Loss], form: str) -> None:
    """A short table: what several standards lose alike is one row."""
    if not losses:
        return
    rows: dict[tuple[str, str], tuple[int, set[str]]] = {}
    for one in losses:
        count, standards = rows.get((one.field, one.reason), (0, set()))
        rows[one.field, one.reason] = (count + one.count, standards | {one.standard})
    click.echo(f"{form} does not carry all of it:", err=True)
    width = max(len(field) for field, _ in rows)
    for (field, reason), (count, standards) in list(rows.items())[:_SHOWN]:
        where = next(iter(standards)) if len(standards) == 1 else f"{len(standards)} standards"
        click.echo(f"  {field:<{width}}  {count:>6}  {where}: {reason}", err=True)
    if len(rows) > _SHOWN:
        click.echo(f"  and {len(rows) - _SHOWN} more; --losses FILE writes them all", err=True)


COMMANDS = (export,)
