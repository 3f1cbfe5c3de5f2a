"""Commands on documents and what was read from them: parse, validate, ingest."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.shared import DATA_DIR, JSON, print_json, settings_of, show_progress

if TYPE_CHECKING:
    from graph.ingest import IngestReport, Outcome
    from ontology.model import Place, Standard

__all__ = ["COMMANDS", "show_report", "validation_lines"]

_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@JSON
def parse(file: Path, *, as_json: bool) -> None:
    """Read the standards of FILE (- for stdin) and show what was understood; nothing is stored."""
    from ontology.json_form import to_json
    from ontology.readers import read_standards

    limits = settings_of(None).limits
    if str(file) == "-":
        standards = read_standards(sys.stdin.buffer.read(), name="<stdin>", limits=limits)
    else:
        standards = read_standards(file, limits=limits)
    if as_json:
        forms = [to_json(standard) for standard in standards]
        print_json(forms[0] if len(forms) == 1 else forms)
        return
    for standard in standards:
        _show_standard(standard)


def _show_standard(standard: Standard) -> None:
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


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--bundled", is_flag=True, help="Load the standards that come with the program.")
@click.option("--dry-run", is_flag=True, help="Read and validate only; store nothing.")
@click.option("--no-index", is_flag=True, help="Leave the search index for `competency index`.")
@DATA_DIR
@JSON
def ingest(
    paths: tuple[Path, ...],
    *,
    bundled: bool,
    dry_run: bool,
    no_index: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Read standards from PATHS (files or folders), validate them, and publish each whole or not at all."""
    from importlib.resources import as_file, files

    from api.services import ingest_and_index

    if not paths and not bundled:
        raise click.UsageError("give the files or folders to load, or --bundled for the sample")
    settings = settings_of(data_dir)
    with as_file(files("data") / "standards") as folder:
        chosen = (*paths, folder) if bundled else paths
        report = ingest_and_index(
            chosen, settings, dry_run=dry_run, index=not no_index, progress=show_progress
        )
    if as_json:
        print_json(report.to_json())
    else:
        show_report(report)
    if report.refused:
        sys.exit(1)


def show_report(report: IngestReport) -> None:
    """What became of each document, and how many of each."""
    for outcome in report.outcomes:
        click.echo(f"{outcome.status.value:<10} {outcome.key or outcome.file}")
        if outcome.counts:
            counted = (f"{count:,} {name}" for name, count in sorted(outcome.counts.items()) if count)
            click.echo(f"  {outcome.name}: {', '.join(counted)}")
        if outcome.error:
            click.echo(f"  {outcome.error}", err=True)
    counts = ", ".join(f"{count} {status}" for status, count in report.counts().items())
    click.echo(counts)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@JSON
def validate(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Check standards in PATHS against the rules and list the reader's doubts; nothing is stored.

    A violation keeps a standard from being stored, a warning or a doubt does not.
    """
    from graph.ingest import ingest as run
    from graph.store import open_store
    from ontology.identifiers import Identifiers

    with open_store("memory:") as store:
        limits = settings_of(None).limits
        report = run(paths, store, Identifiers(), dry_run=True, limits=limits, progress=show_progress)
    if as_json:
        print_json(
            {
                "valid": not report.refused,
                "documents": [
                    one.checked.to_json() if one.checked else one.to_json() for one in report.outcomes
                ],
            }
        )
    else:
        for outcome in report.outcomes:
            click.echo("\n".join(validation_lines(outcome)))
    if report.refused:
        sys.exit(1)


def validation_lines(outcome: Outcome) -> list[str]:
    """What was found in a document: file, place, element, what, and what should stand there."""
    verdict = "refused" if outcome.error else "valid"
    findings = outcome.checked.findings if outcome.checked else ()
    told = Counter(finding.severity.value for finding in findings)
    told["doubt"] = len(outcome.doubts)
    counts = [f"{count} {what}{'s' if count > 1 else ''}" for what, count in told.items() if count]
    counts += [f"{count} {what}" for what, count in outcome.counts.items()]
    name = " ".join(filter(None, (outcome.key, outcome.name)))
    lines = [f"{outcome.file}: {verdict}" + "".join(f", {one}" for one in (name, *counts) if one)]
    for finding in findings:
        place = outcome.checked.place(finding.code) if outcome.checked else None
        where = _where(place, finding.code)
        value = f" (found: {finding.value})" if finding.value else ""
        rule = finding.message.removeprefix(f"{finding.code}: ").removesuffix(value)
        lines.append(f"  {finding.severity.value:<10} {where}: {rule}{value}")
    if outcome.error and not any(finding.severity.value == "violation" for finding in findings):
        lines.append(f"  {'error':<10} {str(outcome.error).removeprefix(f'{outcome.file}, ')}")
    lines += [
        f"  {'doubt':<10} {_where(doubt.place, doubt.where)}: {doubt.message} 「{doubt.text[:80]}」"
        for doubt in outcome.doubts
    ]
    return lines


def _where(place: Place | None, element: str) -> str:
    parts = []
    if place and place.page:
        parts.append(f"page {place.page}")
    if place and place.line:
        parts.append(f"line {place.line}")
    return ", ".join([*parts, element])


COMMANDS = (parse, ingest, validate)
