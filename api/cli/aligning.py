"""Commands on pairs of elements that people accept or reject: align, alignments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.linking import import_file, user_name
from api.cli.shared import DATA_DIR, JSON, print_json, settings_of
from ontology.links import PREDICATES

if TYPE_CHECKING:
    from api.aligning import Alignment

__all__ = ["COMMANDS"]

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--accept", "decision", flag_value="accepted", help="The two belong together.")
@click.option("--reject", "decision", flag_value="rejected", help="They do not: they are no pair any more.")
@click.option("--undo", "decision", flag_value="undone", help="Take an earlier decision back.")
@click.option(
    "--predicate",
    type=click.Choice(PREDICATES),
    help="Read from A to B (default: exactMatch where comparing finds them the same, else closeMatch).",
)
@click.option("--by", help="Who decides (default: the name of the user).")
@click.option("--comment", default="", help="Why; kept with the decision.")
@DATA_DIR
@JSON
def align(
    a: str,
    b: str,
    *,
    decision: str | None,
    predicate: str | None,
    by: str | None,
    comment: str,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Accept or reject the pair of A and B.

    Each is an IRI, a code of a standard, or the code of a standard and of an element: "BGM1219-002v2 S1#2".
    """
    from api.aligning import Ruling
    from api.aligning import align as settle
    from api.services import open_services

    if decision is None:
        raise click.UsageError("say --accept, --reject or --undo")
    with open_services(settings_of(data_dir)) as services:
        made = settle(
            services, a, b, Ruling(decision), by=by or user_name(), predicate=predicate, comment=comment
        )
    if as_json:
        print_json(made.to_json())
    else:
        click.echo("\n".join(_lines(made)))


@click.command()
@click.argument("standard", default="")
@click.option("--with", "other", default="", metavar="CODE", help="Only those with this other standard.")
@click.option(
    "--decision",
    "decisions",
    multiple=True,
    type=click.Choice(["accepted", "rejected", "undone"]),
    help="Default: accepted and rejected; repeatable.",
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many.")
@click.option("--offset", default=0, type=click.IntRange(0), help="How many to pass over.")
@click.option("--export", "target", type=_FILE, help="Write them all to this file.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["sssom", "sssom-json", "case"]),
    default="sssom",
    show_default=True,
    help="The form of --export.",
)
@click.option(
    "--import",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take in the decisions of this SSSOM file.",
)
@click.option("--by", help="Who made decisions of the file that name nobody.")
@click.option("--force", is_flag=True, help="Overwrite the file of --export.")
@DATA_DIR
@JSON
def alignments(
    standard: str,
    *,
    other: str,
    decisions: tuple[str, ...],
    limit: int,
    offset: int,
    target: Path | None,
    form: str,
    source: Path | None,
    by: str | None,
    force: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """List the pairs that people accepted or rejected, of a STANDARD or of all; also as files."""
    from api.aligning import Ruling, list_alignments, select_alignments
    from api.link_exchange import LinkFormat, export_links
    from api.services import open_services
    from graph import find_standard

    if target and target.exists() and not force:
        raise click.UsageError(f"{target} exists; --force overwrites it")
    rulings = [Ruling(one) for one in decisions]
    with open_services(settings_of(data_dir)) as services:
        services.store.revision()
        one, two = (services.standard_iri(key) if key else "" for key in (standard, other))
        if source:
            import_file(services, source, by or user_name(), as_json=as_json)
        if target:
            chosen = select_alignments(services, standard=one, other=two, rulings=rulings)
            of = find_standard(services.standards(), standard).code if standard else ""
            beside = target.with_name(f".{target.name}.part")
            beside.write_bytes(export_links(services, chosen, LinkFormat(form), of=of))
            beside.replace(target)
            click.echo(f"{len(chosen)} alignments for {target}", err=True)
        if source or target:
            return
        found, total = list_alignments(
            services, standard=one, other=two, rulings=rulings, limit=limit, offset=offset
        )
        if as_json:
            print_json({"total": total, "offset": offset, "alignments": [each.to_json() for each in found]})
            return
        for each in found:
            click.echo("\n".join(_lines(each)))
        click.echo(f"{len(found)} of {total} alignments", err=True)


def _lines(one: Alignment) -> list[str]:
    data = one.to_json()
    comment = f": {one.link.comment}" if one.link.comment else ""
    lines = [
        f"{data['decision']}  {one.predicate}  by {data['by'] or '?'} on {data['on'] or '?'}{comment}",
        *(f"  {node.standard_code} {node.code}  {node.text}" for node in (one.a, one.b)),
    ]
    if one.changed:
        lines.append("  a text is no longer the one that was judged: look at it again")
    return lines


COMMANDS = (align, alignments)
