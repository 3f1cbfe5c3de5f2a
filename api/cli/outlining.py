"""Commands on course outlines: new, coverage, export, import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.shared import DATA_DIR, JSON, print_json, settings_of

if TYPE_CHECKING:
    from api.outlining import OutlineFormat
    from ontology.outline import Outline, Unit
    from ontology.readers.limits import Limits
    from search.curriculum.results import CurriculumResult, StandardCoverage

__all__ = ["COMMANDS"]

_PATH = click.Path(dir_okay=False, path_type=Path)
_READ = click.Path(exists=True, dir_okay=False, path_type=Path)
_BAR = 20
_SHOWN = 20


@click.group()
def outline() -> None:
    """Course outlines: what they cover of standards, and as files."""


@outline.command()
@click.argument("file", type=_PATH)
@click.option(
    "--from",
    "sources",
    multiple=True,
    required=True,
    metavar="QUERY|CODE",
    help="A standard (its tasks become units) or a search (its hits become one); repeatable.",
)
@click.option("--title", help="Name of the course (default: the first source).")
@click.option("--language", type=click.Choice(["zh-Hant", "en"]), default="zh-Hant", show_default=True)
@click.option("--force", is_flag=True, help="Overwrite the file.")
@DATA_DIR
def new(
    file: Path,
    *,
    sources: tuple[str, ...],
    title: str | None,
    language: str,
    force: bool,
    data_dir: Path | None,
) -> None:
    """Make an outline in FILE (.json, .xlsx or .docx), to be cut down and filled up."""
    from api.outlining import new_units
    from api.services import open_services
    from ontology.outline import Outline, checked_outline

    form = _form_of(file, force=force)
    units: list[Unit] = []
    standards: list[str] = []
    with open_services(settings_of(data_dir)) as services:
        for source in sources:
            made, standard = new_units(services, source)
            units += made
            standards += [standard] if standard else []
    made_outline = Outline(title or sources[0][:500], language, tuple(units), tuple(dict.fromkeys(standards)))
    _write(checked_outline(made_outline, str(file)), file, form)
    click.echo(f"{len(units)} units with {made_outline.size} competencies written to {file}", err=True)


@outline.command()
@click.argument("file", type=_READ)
@click.option("--standard", "standards", multiple=True, help="To be covered (code; repeatable).")
@DATA_DIR
@JSON
def coverage(file: Path, *, standards: tuple[str, ...], data_dir: Path | None, as_json: bool) -> None:
    """Tell what the outline in FILE covers, what is missing, what is taught twice, and a good order.

    Without --standard the standards are those that the outline names.
    """
    from api.outline_answer import to_coverage_answer
    from api.outlining import entries_of, measure_outline
    from api.services import open_services

    settings = settings_of(data_dir)
    read = _read(file, settings.limits)
    with open_services(settings) as services:
        result = measure_outline(services, read, standards)
        answer = to_coverage_answer(result, entries_of(services, result))
    if as_json:
        print_json(answer.model_dump(mode="json"))
        return
    for one in result.standards:
        _show_coverage(one)
    for asked in answer.standards:
        for text in asked.entry:
            click.echo(f"{asked.code} asks of those who begin: {text}")
    _show_units(result)


def _show_coverage(one: StandardCoverage) -> None:
    click.echo(f"{one.standard.code} {one.standard.text}")
    if not one.groups:
        click.echo("  it has no content here, only its name and description: nothing can be covered")
    for group in one.groups:
        click.echo(f"  {group.code} {group.name}".rstrip())
        for figures in group.figures:
            bar = "#" * round(_BAR * figures.share)
            some = f", {figures.partly} in part" if figures.partly else ""
            click.echo(f"    {figures.kind:<10} [{bar:<{_BAR}}] {figures.covered} of {figures.count}{some}")
    gaps = one.gaps
    if gaps:
        click.echo(f"  not covered, or in part only: {len(gaps)}")
    for gap in gaps[:_SHOWN]:
        share = f" ({gap.value:.0%})" if gap.value else ""
        click.echo(f"    {gap.passage.code:<8} {gap.passage.text}{share}")
    if len(gaps) > _SHOWN:
        click.echo(f"    and {len(gaps) - _SHOWN} more; --json has them all")


def _show_units(result: CurriculumResult) -> None:
    units = result.outline.units
    if result.overlaps:
        click.echo(f"taught in two units: {result.overlap_count}")
    for one in result.overlaps[:_SHOWN]:
        first, second = one.first, one.second
        same = first.competency.iri == second.competency.iri
        other = "" if same else f" = {second.competency.code} {second.competency.text}"
        click.echo(
            f"  units {first.unit + 1} and {second.unit + 1}, {one.reason}: "
            f"{first.competency.code} {first.competency.text}{other}"
        )
    if not result.is_in_order:
        click.echo("a better order:")
        for placed in result.order:
            level = f", level {placed.level:g}" if placed.level is not None else ""
            after = "".join(
                f"; after unit {need.taken.unit + 1}: {need.needed_by} requires {need.taken.competency.code}"
                for need in placed.after
            )
            click.echo(f"  {placed.unit + 1} {units[placed.unit].title}{level}{after}")
    for missing in result.unknown:
        click.echo(f"not loaded here, kept: {missing.competency.iri}", err=True)


@outline.command()
@click.argument("file", type=_READ)
@click.option("--xlsx", type=_PATH, help="File for the workbook.")
@click.option("--docx", type=_PATH, help="File for the Word document.")
@click.option("--json", "json_file", type=_PATH, help="File for the JSON form.")
@click.option("--force", is_flag=True, help="Overwrite the files.")
@DATA_DIR
def export(
    file: Path,
    *,
    xlsx: Path | None,
    docx: Path | None,
    json_file: Path | None,
    force: bool,
    data_dir: Path | None,
) -> None:
    """Write the outline in FILE as a workbook, a Word document or JSON."""
    from api.outlining import OutlineFormat

    wanted = [
        (target, form)
        for target, form in (
            (xlsx, OutlineFormat.XLSX),
            (docx, OutlineFormat.DOCX),
            (json_file, OutlineFormat.JSON),
        )
        if target
    ]
    if not wanted:
        raise click.UsageError("name a file: --xlsx FILE, --docx FILE or --json FILE")
    for target, _ in wanted:
        if target.exists() and not force:
            raise click.UsageError(f"{target} exists; --force overwrites it")
    read = _read(file, settings_of(data_dir).limits)
    for target, form in wanted:
        _write(read, target, form)
        click.echo(f"written to {target}", err=True)


@outline.command("import")
@click.argument("file", type=_READ)
@click.option("-o", "--output", type=_PATH, help="File for the outline, as JSON (default: stdout).")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@DATA_DIR
def import_(file: Path, *, output: Path | None, force: bool, data_dir: Path | None) -> None:
    """Read the outline in FILE, which was exported and may have been edited, and print it as JSON."""
    from api.outlining import OutlineFormat
    from ontology.outline import outline_to_json

    if output and output.exists() and not force:
        raise click.UsageError(f"{output} exists; --force overwrites it")
    read = _read(file, settings_of(data_dir).limits)
    if output:
        _write(read, output, OutlineFormat.JSON)
    else:
        print_json(outline_to_json(read))


def _read(file: Path, limits: Limits) -> Outline:
    from ontology.readers.outline import read_outline

    with file.open("rb") as opened:
        found = read_outline(opened.read(limits.bytes + 1), file.name, limits)
    for english, _ in found.notes:
        click.echo(english, err=True)
    return found.outline


def _form_of(file: Path, *, force: bool) -> OutlineFormat:
    from api.outlining import OutlineFormat

    if file.exists() and not force:
        raise click.UsageError(f"{file} exists; --force overwrites it")
    form = file.suffix.lower().removeprefix(".")
    if form not in list(OutlineFormat):
        raise click.BadParameter(f"{file.name!r} ends in none of .json, .xlsx, .docx", param_hint="FILE")
    return OutlineFormat(form)


def _write(made: Outline, file: Path, form: OutlineFormat) -> None:
    from api.outlining import export_outline

    data = b"".join(export_outline(made, form).chunks)
    beside = file.with_name(f".{file.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


COMMANDS = (outline,)
