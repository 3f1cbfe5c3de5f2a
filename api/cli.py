"""The command line: data goes to stdout, talk to stderr; exit status 1 for bad input, 2 for wrong usage.

Heavy imports happen inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.settings import Settings
    from graph.ingest import IngestReport

__all__ = ["cli", "main"]

_DATA_DIR = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="COMPETENCY_DATA_DIR",
    help="Folder of the store and the index (default: var).",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="competency-graph")
def cli() -> None:
    """Knowledge graph and semantic search for occupational competency standards."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and leaves the process with the exit status of the error table."""
    from ontology.errors import CompetencyError

    try:
        cli.main(args=arguments, standalone_mode=True)
    except CompetencyError as error:
        from api.problems import edge_of

        click.echo(f"competency: {error}", err=True)
        sys.exit(edge_of(error).exit_code)


def _settings(data_dir: Path | None, **others: Any) -> Settings:
    from api.settings import Settings

    chosen = {name: value for name, value in {"data_dir": data_dir, **others}.items() if value is not None}
    return Settings(**chosen)


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@cli.command()
@click.argument("file", type=_FILE)
@_JSON
def parse(file: Path, *, as_json: bool) -> None:
    """Read a standard from FILE (- for stdin) and show what was understood; nothing is stored."""
    from ontology.json_form import to_json
    from ontology.readers import read_bytes, read_standard

    if str(file) == "-":
        standard = read_bytes(click.get_binary_stream("stdin").read(), name="<stdin>")
    else:
        standard = read_standard(file)
    if as_json:
        _print_json(to_json(standard))
        return
    click.echo(f"{standard.code} {standard.name}  (level {standard.level}, {standard.version})")
    for task in standard.tasks:
        click.echo(f"  {task.code} {task.name}")
        for activity in task.activities:
            click.echo(
                f"    {activity.code} {activity.name}  "
                f"({len(activity.outputs)} outputs, {len(activity.indicators)} indicators)"
            )
    items = sum(len(entry.items) for entry in (*standard.knowledge, *standard.skills))
    click.echo(
        f"  {len(standard.knowledge)} knowledge, {len(standard.skills)} skills, {items} sub-items, "
        f"{len(standard.attitudes)} attitudes"
    )
    for doubt in standard.doubts:
        line = f"line {doubt.place.line}: " if doubt.place and doubt.place.line else ""
        click.echo(f"  doubt: {line}{doubt.where}: {doubt.message} [{doubt.text}]", err=True)


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--bundled", is_flag=True, help="Load the standards that come with the program.")
@click.option("--dry-run", is_flag=True, help="Read and validate only; store nothing.")
@_DATA_DIR
@_JSON
def ingest(
    paths: tuple[Path, ...], *, bundled: bool, dry_run: bool, data_dir: Path | None, as_json: bool
) -> None:
    """Read standards from PATHS (files or folders), validate them, and publish each whole or not at all."""
    from importlib.resources import as_file, files

    from api.services import ingest_and_index

    if not paths and not bundled:
        raise click.UsageError("give the files or folders to load, or --bundled for the sample")
    settings = _settings(data_dir)
    with as_file(files("data") / "standards") as folder:
        chosen = (*paths, folder) if bundled else paths
        report = ingest_and_index(chosen, settings, dry_run=dry_run, progress=_progress)
    if as_json:
        _print_json(report.to_json())
    else:
        _show_report(report)
    if report.refused:
        sys.exit(1)


def _show_report(report: IngestReport) -> None:
    for outcome in report.outcomes:
        click.echo(f"{outcome.status.value:<10} {outcome.key or outcome.file}")
        if outcome.error:
            click.echo(f"  {outcome.error}", err=True)
    counts = ", ".join(f"{count} {status}" for status, count in report.counts().items())
    click.echo(counts)


def _progress(message: str, done: int, total: int) -> None:
    """One line that is rewritten on a terminal; on a pipe only the start and the end are told."""
    if sys.stderr.isatty():
        width = 30
        filled = width * done // max(total, 1)
        end = "\n" if done >= total else ""
        click.echo(f"\r{message} [{'#' * filled:<{width}}] {done}/{total}{end}", nl=False, err=True)
    elif done in (0, total):
        click.echo(f"{message} {done}/{total}", err=True)
