"""Commands on standards with each other: compare, nearest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.shared import DATA_DIR, JSON, check_kinds, new_files, print_json, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search import Compared, Comparison, Near, Pair, Passage

__all__ = ["COMMANDS", "comparison_lines"]

_FILE = click.Path(dir_okay=False, path_type=Path)
_SIGNS = {"same": "=", "near": "≈", "partly": "~"}


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--kind", "kinds", multiple=True, help="Only these kinds, such as skill (repeatable).")
@click.option("--csv", "csv_file", type=_FILE, help="Write the pairs to this file as CSV.")
@click.option("--xlsx", "xlsx_file", type=_FILE, help="Write the pairs to this file as an Excel workbook.")
@click.option("--force", is_flag=True, help="Overwrite the files.")
@DATA_DIR
@JSON
def compare(
    a: str,
    b: str,
    *,
    kinds: tuple[str, ...],
    csv_file: Path | None,
    xlsx_file: Path | None,
    force: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Compare the standards A and B, or parts of them, element by element.

    Each is a code (without its version the latest) or an IRI; a part is the IRI of an element, or a code and
    an element: "BGM1219-002v2 T1".
    """
    from api.comparing import compare_named
    from api.comparison_export import ComparisonFile, export_comparison
    from api.routers.comparison_form import to_compare_answer
    from api.services import open_services

    check_kinds(kinds)
    wanted = new_files(csv_file, xlsx_file, force=force)
    with open_services(settings_of(data_dir)) as services:
        result = compare_named(services, a, b, kinds)
    for path, form in wanted:
        path.write_bytes(b"".join(export_comparison(result, ComparisonFile(form)).chunks))
        click.echo(f"{len(result.pairs)} pairs written to {path}", err=True)
    if as_json:
        print_json(to_compare_answer(result).model_dump())
    elif not wanted:
        click.echo("\n".join(comparison_lines(result)))


def comparison_lines(result: Comparison) -> Iterator[str]:
    """A comparison as ``competency compare`` prints it: the two, coverage by kind, pairs, what is left."""
    for letter, side in (("A", result.a), ("B", result.b)):
        yield f"{letter}  {_side(side)}"
    difference = result.level_difference
    if difference is not None:
        yield (
            f"level: B {abs(difference)} {'above' if difference > 0 else 'below'} A"
            if difference
            else ("level: the same")
        )
    yield f"names and descriptions: {result.likeness:.2f}"
    for note in result.notes:
        yield " / ".join(note)
    yield ""
    yield f"{'covered':<12} {'A by B':>8} {'B by A':>8} {'in A':>6} {'in B':>6}"
    whole = result.coverage
    yield f"{'all':<12} {_percent(whole.a):>8} {_percent(whole.b):>8} {result.a.size:>6} {result.b.size:>6}"
    for one in result.kinds:
        shares = f"{_percent(one.coverage.a):>8} {_percent(one.coverage.b):>8}"
        yield f"{one.kind:<12} {shares} {one.count_a:>6} {one.count_b:>6}"
    if result.pairs:
        yield ""
        yield f"{len(result.pairs)} pairs: = same, ≈ near, ~ partly"
        for pair in result.pairs:
            yield from _pair_lines(pair)
    for letter, passages in (("A", result.only_a), ("B", result.only_b)):
        if passages:
            yield ""
            yield f"only in {letter} ({len(passages)}):"
            for passage in passages:
                yield f"      {_element(passage)}"


def _side(side: Compared) -> str:
    standard = f"{side.standard.code} {side.standard.text}"
    level = f", level {side.level}" if side.level is not None else ""
    part = f" › {side.part.code} {side.part.text}" if side.part else ""
    return f"{standard}{part} ({side.standard.framework}{level}; {side.size} elements)"


def _pair_lines(pair: Pair) -> Iterator[str]:
    shared = "" if pair.only else ", not the only one"
    yield f"{pair.score:.2f} {_SIGNS[pair.verdict.value]} A {_element(pair.a)}"
    yield f"       B {_element(pair.b)}"
    yield f"       {pair.a.kind}, by {pair.reason}{shared}"


def _element(passage: Passage) -> str:
    return f"{passage.code:<8} {passage.text}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


@click.command()
@click.argument("code")
@click.option("--framework", "frameworks", multiple=True, help="Only these frameworks (repeatable).")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100), help="How many.")
@click.option("--offset", default=0, type=click.IntRange(0, 10_000), help="How many to pass over.")
@click.option("--all-versions", is_flag=True, help="Its other versions and older ones of others, too.")
@DATA_DIR
@JSON
def nearest(
    code: str,
    *,
    frameworks: tuple[str, ...],
    limit: int,
    offset: int,
    all_versions: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Find the standards most like CODE, of all frameworks. A part is named as in compare."""
    from api.comparing import nearest_named
    from api.routers.comparison_form import to_nearest_answer
    from api.services import open_services

    with open_services(settings_of(data_dir)) as services:
        result = nearest_named(
            services, code, frameworks=frameworks, limit=limit, offset=offset, all_versions=all_versions
        )
    if as_json:
        print_json(to_nearest_answer(result, limit, offset).model_dump())
        return
    click.echo(_side(result.compared), err=True)
    if not result.hits:
        click.echo("Nothing is loaded that it could be compared with.", err=True)
    for near in result.hits:
        click.echo("\n".join(_near_lines(near)))


def _near_lines(near: Near) -> list[str]:
    one = near.standard
    level = f", level {one.level}" if one.level is not None else ""
    shares = f"covers {_percent(near.coverage.a)} of it, covered {_percent(near.coverage.b)}"
    return [
        f"{near.score:.2f}  {one.code:<14} {one.text}",
        f"      {one.framework}{level}; {shares}; names {near.likeness:.2f}",
    ]


COMMANDS = (compare, nearest)
