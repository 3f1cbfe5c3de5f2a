"""The command that matches a job description to the loaded standards."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.shared import DATA_DIR, JSON, new_files, print_json, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.matching import Matched
    from search import Passage
    from search.matching import MatchedStandard, PartCoverage

__all__ = ["COMMANDS", "match_lines"]

_FILE = click.Path(dir_okay=False, path_type=Path)
_BAR = 20
_MOST_MISSING = 10
_LONGEST_LINE = 72


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--limit", default=3, show_default=True, type=click.IntRange(1, 50), help="How many standards.")
@click.option("--threshold", type=click.FloatRange(0, 1), help="The least score of evidence (0-1).")
@click.option("--title", default="", help="The job title, where it does not stand in the text.")
@click.option("--framework", "frameworks", multiple=True, help="Only standards of these (repeatable).")
@click.option("--standard", "standards", multiple=True, help="Only these standards (repeatable).")
@click.option("--occupation", "occupations", multiple=True, help="Only these occupations: 12 finds 1219.")
@click.option("--industry", "industries", multiple=True, help="Only these industries: M finds M7010.")
@click.option("--category", "categories", multiple=True, help="Only standards of these categories (code).")
@click.option("--lang", "languages", multiple=True, help="Only standards in these languages (repeatable).")
@click.option("--level-min", type=click.IntRange(0, 100), help="Only standards of this level and above.")
@click.option("--level-max", type=click.IntRange(0, 100), help="Only standards of this level and below.")
@click.option("--all-versions", is_flag=True, help="Older versions of a standard too, not only the latest.")
@click.option("--csv", "csv_file", type=_FILE, help="Write the report to this file as CSV.")
@click.option("--xlsx", "xlsx_file", type=_FILE, help="Write the report to this file as an Excel workbook.")
@click.option("--force", is_flag=True, help="Overwrite the files.")
@DATA_DIR
@JSON
def match(
    file: Path,
    *,
    limit: int,
    threshold: float | None,
    title: str,
    frameworks: tuple[str, ...],
    standards: tuple[str, ...],
    occupations: tuple[str, ...],
    industries: tuple[str, ...],
    categories: tuple[str, ...],
    languages: tuple[str, ...],
    level_min: int | None,
    level_max: int | None,
    all_versions: bool,
    csv_file: Path | None,
    xlsx_file: Path | None,
    force: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Find the standards that fit the job description in FILE, with evidence and gaps.

    FILE is a text, HTML, DOCX, ODT or PDF document; - reads stdin.
    """
    from api.match_export import MatchFile, export_match
    from api.matching import MatchOptions, match_document
    from api.routers.match_form import to_match_answer
    from api.services import open_services
    from search import Filters
    from search.matching import DEFAULT_THRESHOLD

    wanted = new_files(csv_file, xlsx_file, force=force)
    piped = str(file) == "-"
    data = sys.stdin.buffer.read() if piped else file.read_bytes()
    filters = Filters(
        standards=standards,
        frameworks=frameworks,
        languages=languages,
        level_min=level_min,
        level_max=level_max,
        categories=categories,
        occupations=occupations,
        industries=industries,
    )
    threshold = DEFAULT_THRESHOLD if threshold is None else threshold
    options = MatchOptions(title, limit, threshold, filters, all_versions)
    with open_services(settings_of(data_dir)) as services:
        matched = match_document(services, data, "stdin" if piped else file.name, options)
    for path, form in wanted:
        path.write_bytes(b"".join(export_match(matched, MatchFile(form)).chunks))
        click.echo(f"the report on {len(matched.result.standards)} standards written to {path}", err=True)
    if as_json:
        print_json(to_match_answer(matched).model_dump())
    elif not wanted:
        click.echo("\n".join(match_lines(matched)))


def match_lines(matched: Matched) -> Iterator[str]:
    """A matched job description as ``competency match`` prints it: what was read, the standards that fit with
    coverage, evidence, gaps and level, and those further down."""
    result = matched.result
    requirements = sum(one.role == "requirement" for one in result.segments)
    yield f"title: {result.title or '–'}; language: {result.language or '–'}"
    yield f"{requirements} requirements in {len(result.segments)} pieces of text"
    for english, chinese in result.notes:
        yield f"{english} / {chinese}"
    for one in result.standards:
        yield ""
        yield from _standard_lines(matched, one)
    if result.alternatives:
        yield ""
        yield "others that are near:"
        for other in result.alternatives:
            yield f"{other.score:.2f}  {_standard(other.standard)}"


def _standard_lines(matched: Matched, one: MatchedStandard) -> Iterator[str]:
    yield f"{one.score:.2f}  {_standard(one.standard)}"
    yield (
        f"      {_percent(one.coverage)} of it is evidenced; "
        f"{_percent(one.covered)} of the requirements evidence something of it"
    )
    if one.level is not None:
        yield f"      likely level {one.level.level}: {one.level.reason[0]}"
    for part in one.parts:
        yield f"      {_part(part)}"
    segment = -1
    for each in one.evidence:
        if each.segment != segment:
            segment = each.segment
            yield f"   “{_short(matched.result.segments[segment].plain)}”"
        yield f"      → {_element(each.element)} ({each.score:.2f})"
    if one.missing:
        more = len(one.missing) - _MOST_MISSING
        yield "   missing:"
        for element in one.missing[:_MOST_MISSING]:
            yield f"      – {_element(element)}"
        if more > 0:
            yield f"      and {more} more"


def _standard(standard: Passage) -> str:
    level = f", level {standard.level}" if standard.level is not None else ""
    return f"{standard.code} {standard.text} ({standard.framework}{level})"


def _part(part: PartCoverage) -> str:
    filled = round(_BAR * part.coverage)
    name = f"{part.task.code} {part.task.text}" if part.task else part.kind
    bar = "█" * filled + "░" * (_BAR - filled)
    return f"{bar} {_percent(part.coverage):>5}  {name} ({part.evidenced} of {part.elements})"


def _element(element: Passage) -> str:
    return f"{element.code} {_short(element.text)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 1].rstrip()}…"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


COMMANDS = (match,)
