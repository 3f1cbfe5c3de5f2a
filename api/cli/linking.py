"""Commands on the links to shared concepts: link, review."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.shared import DATA_DIR, JSON, print_json, settings_of, show_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.link_listing import ListedLink
    from api.services import Services
    from ontology.links import LinkStatus

__all__ = ["COMMANDS", "import_file", "user_name"]

_STATUSES = ("suggested", "grey", "accepted", "rejected", "open")
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@DATA_DIR
@JSON
def link(*, data_dir: Path | None, as_json: bool) -> None:
    """Suggest links from knowledge, skills and attitudes to concepts that standards share.

    Earlier suggestions are replaced; what people decided stays.
    """
    from api.linking import make_links
    from api.services import open_services

    with open_services(settings_of(data_dir)) as services:
        counts = make_links(services, progress=show_progress)
    if as_json:
        print_json(counts.to_json())
        return
    for status, count in counts.statuses.items():
        click.echo(f"{count:>8}  {status}")
    click.echo(f"{counts.local_concepts:>8}  local concepts")
    if not counts.is_measured:
        click.echo(
            f"the model {counts.model} has no measured thresholds, so only equal texts are linked", err=True
        )
    if counts.statuses["grey"]:
        click.echo("only a person can settle what is grey: competency review", err=True)


@click.command()
@click.option("--status", "statuses", multiple=True, type=click.Choice(_STATUSES), help="Default: grey.")
@click.option("--changed", is_flag=True, help="Decisions on texts that are no longer the same.")
@click.option("--element", default="", help="Only links of this element (IRI).")
@click.option("--concept", default="", help="Only links to this concept (IRI).")
@click.option("--standard", default="", help="Only links of this standard (code).")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many.")
@click.option("--offset", default=0, type=click.IntRange(0), help="How many to pass over.")
@click.option("--list", "only_list", is_flag=True, help="List them and ask nothing.")
@click.option("--accept", multiple=True, metavar="ID", help="Accept this link; repeatable.")
@click.option("--reject", multiple=True, metavar="ID", help="Reject this link; repeatable.")
@click.option("--undo", multiple=True, metavar="ID", help="Take a decision back; repeatable.")
@click.option("--by", help="Who decides (default: the name of the user).")
@click.option("--comment", default="", help="Why; kept with the decision.")
@click.option("--export", "target", type=_FILE, help="Write the links to this SSSOM file.")
@click.option(
    "--import",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take in the decisions of this SSSOM file.",
)
@click.option("--force", is_flag=True, help="Overwrite the file of --export.")
@DATA_DIR
@JSON
def review(
    *,
    statuses: tuple[str, ...],
    changed: bool,
    element: str,
    concept: str,
    standard: str,
    limit: int,
    offset: int,
    only_list: bool,
    accept: tuple[str, ...],
    reject: tuple[str, ...],
    undo: tuple[str, ...],
    by: str | None,
    comment: str,
    target: Path | None,
    source: Path | None,
    force: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Look suggested links over: one by one on a terminal, or by their IDs, or by an SSSOM file."""
    from api.link_listing import list_links
    from api.services import open_services
    from ontology.links import LinkStatus

    if target and target.exists() and not force:
        raise click.UsageError(f"{target} exists; --force overwrites it")
    with open_services(settings_of(data_dir)) as services:
        services.store.revision()
        if source:
            import_file(services, source, by or user_name(), as_json=as_json)
        if accept or reject or undo:
            _settle(services, accept, reject, undo, by or user_name(), comment)
        if target:
            _export(services, target, [LinkStatus(one) for one in statuses])
        if source or accept or reject or undo or target:
            return
        chosen = [LinkStatus(one) for one in statuses] or ([] if changed else [LinkStatus.GREY])
        found, total = list_links(
            services,
            statuses=chosen,
            element=element,
            concept=concept,
            standard=services.standard_iri(standard) if standard else "",
            changed=changed,
            limit=limit,
            offset=offset,
        )
        if as_json:
            print_json({"total": total, "offset": offset, "links": [one.to_json() for one in found]})
        elif only_list or not found:
            for one in found:
                click.echo("\n".join(_lines(one)))
            click.echo(f"{len(found)} of {total} links", err=True)
        elif not _is_terminal():
            raise click.UsageError(
                "review asks questions, and this is no terminal; use --list or --json to see the links, and "
                "--accept, --reject or --undo with their IDs"
            )
        else:
            _ask(services, found, total, by or user_name(), comment)


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def user_name() -> str:
    """Who uses the program. Raises ``UsageError`` where the system does not tell."""
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise click.UsageError("say who decides with --by NAME") from error


def _lines(one: ListedLink) -> list[str]:
    link, element, concept = one.link, one.element, one.concept
    place = " › ".join(filter(None, (f"{element.standard_code} {element.standard_name}", element.above)))
    found_by = f"{link.method.value}{f', {link.model}' if link.model else ''}"
    lines = [
        f"{link.id}  {link.status.value}  {link.score:.2f}  {link.predicate}, by {found_by}",
        f"  {element.code:<6} {element.text}",
        f"         {place.strip()}",
        f"      → {concept.text}  <{concept.iri}>",
    ]
    if link.status.is_decided:
        comment = f": {link.comment}" if link.comment else ""
        lines.append(f"         {link.status.value} by {link.decided_by} on {link.decided_on}{comment}")
    if one.changed:
        lines.append(f"         judged as {link.element_text!r} → {link.concept_text!r}: look at it again")
    return lines


def _ask(services: Services, found: Sequence[ListedLink], total: int, by: str, comment: str) -> None:
    """Puts one link after another to the user; what was answered is kept at each answer."""
    from api.linking import changing_links, today
    from ontology.links import LinkStatus

    answers = {"y": LinkStatus.ACCEPTED, "n": LinkStatus.REJECTED}
    settled = 0
    for number, one in enumerate(found, 1):
        click.echo("\n".join([f"[{number} of {len(found)}, {total} in all]", *_lines(one)]))
        answer = click.prompt("same? y/n/skip/quit", type=click.Choice(["y", "n", "skip", "quit"]))
        if answer == "quit":
            break
        if answer == "skip":
            continue
        with changing_links(services) as book:
            book.settle({one.link.id: answers[answer]}, by=by, on=today(), comment=comment)
        settled += 1
    click.echo(f"{settled} links were settled by {by}", err=True)


def _settle(
    services: Services,
    accept: Sequence[str],
    reject: Sequence[str],
    undo: Sequence[str],
    by: str,
    comment: str,
) -> None:
    from api.linking import changing_links, today
    from ontology.links import LinkStatus

    named = [*accept, *reject, *undo]
    if len(set(named)) < len(named):
        raise click.UsageError("one link is named twice")
    decisions: dict[str, LinkStatus] = dict.fromkeys(accept, LinkStatus.ACCEPTED)
    decisions |= dict.fromkeys(reject, LinkStatus.REJECTED)
    with changing_links(services) as book:
        for id in named:
            book.link(id)
        if decisions:
            book.settle(decisions, by=by, on=today(), comment=comment)
        if undo:
            book.undo(undo, by=by, on=today())
    click.echo(f"{len(accept)} accepted, {len(reject)} rejected, {len(undo)} taken back", err=True)


def import_file(services: Services, source: Path, by: str, *, as_json: bool) -> None:
    """Takes the decisions of an SSSOM file in, and tells how many."""
    from api.link_exchange import import_decisions

    report = import_decisions(services, source, by=by)
    if as_json:
        print_json(report.to_json())
        return
    click.echo(f"{report.recorded} decisions taken in, {report.unchanged} were here already", err=True)
    if report.undecided:
        click.echo(f"{report.undecided} mappings are no decisions", err=True)
    for iri in report.unknown:
        click.echo(f"left out, not loaded here: {iri}", err=True)


def _export(services: Services, target: Path, statuses: Sequence[LinkStatus]) -> None:
    from api.link_exchange import export_links

    chosen = [one for one in services.links.links().values() if not statuses or one.status in statuses]
    beside = target.with_name(f".{target.name}.part")
    beside.write_bytes(export_links(services, chosen))
    beside.replace(target)
    click.echo(f"{len(chosen)} links in {target}", err=True)


COMMANDS = (link, review)
