"""Commands on the search index: search, suggest, index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.shared import DATA_DIR, JSON, check_kinds, print_json, settings_of, show_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.hit_export import HitFormat
    from search import Hit

__all__ = ["COMMANDS", "hit_lines"]


_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), help="How many hits (default: 10; in a file 1000).")
@click.option("--offset", default=0, type=click.IntRange(0, 10_000), help="How many hits to pass over.")
@click.option("--standard", "standards", multiple=True, help="Only these standards (code; repeatable).")
@click.option("--kind", "kinds", multiple=True, help="Only these kinds, such as skill (repeatable).")
@click.option("--framework", "frameworks", multiple=True, help="Only these frameworks (repeatable).")
@click.option("--lang", "languages", multiple=True, help="Only texts in these languages (repeatable).")
@click.option("--level-min", type=click.IntRange(0, 100), help="Only this level and above.")
@click.option("--level-max", type=click.IntRange(0, 100), help="Only this level and below.")
@click.option("--category", "categories", multiple=True, help="Only standards of these categories (code).")
@click.option("--occupation", "occupations", multiple=True, help="Only these occupations: 12 finds 1219.")
@click.option("--industry", "industries", multiple=True, help="Only these industries: M finds M7010.")
@click.option("--facets", is_flag=True, help="Count the relevant hits by field as well.")
@click.option("--group", type=click.Choice(["standard"]), help="Group the hits; --limit is then of groups.")
@click.option("--group-hits", default=3, show_default=True, type=click.IntRange(1, 20), help="Hits a group.")
@click.option("--no-fold", is_flag=True, help="Show the same in several standards as so many hits.")
@click.option("--all-versions", is_flag=True, help="Older versions of a standard too, not only the latest.")
@click.option("-o", "--output", type=_FILE, help="File for the hits: .csv, .xlsx or .json by its name.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@DATA_DIR
@JSON
def search(
    query: tuple[str, ...],
    *,
    limit: int | None,
    offset: int,
    standards: tuple[str, ...],
    kinds: tuple[str, ...],
    frameworks: tuple[str, ...],
    languages: tuple[str, ...],
    level_min: int | None,
    level_max: int | None,
    categories: tuple[str, ...],
    occupations: tuple[str, ...],
    industries: tuple[str, ...],
    facets: bool,
    group: str | None,
    group_hits: int,
    no_fold: bool,
    all_versions: bool,
    output: Path | None,
    force: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Find competencies by meaning: QUERY is a phrase, a question or a code, in any language."""
    from api.hit_export import MOST_HITS, export_hits
    from api.routers.search import to_answer
    from api.services import open_services
    from search import NOTHING_FITS, Filters

    form = _form_of(output, force=force) if output else None
    limit = limit or (MOST_HITS if output else 10)
    check_kinds(kinds)
    text = " ".join(query)
    with open_services(settings_of(data_dir)) as services:
        result = services.index.current().search(
            text,
            limit=limit,
            offset=offset,
            filters=Filters(
                standards=services.standard_keys(standards),
                kinds=kinds,
                frameworks=frameworks,
                languages=languages,
                level_min=level_min,
                level_max=level_max,
                categories=categories,
                occupations=occupations,
                industries=industries,
            ),
            facets=facets,
            fold=not no_fold,
            group_hits=group_hits if group and not output else 0,
            all_versions=all_versions,
        )
    if output and form:
        output.write_bytes(b"".join(export_hits(result.hits, text, form, first=offset + 1).chunks))
        click.echo(f"{len(result.hits)} hits written to {output}", err=True)
        return
    if as_json:
        answer = to_answer(result, text, limit, offset, folded=not no_fold, all_versions=all_versions)
        print_json(answer.model_dump())
        return
    if not result.hits and not result.groups:
        click.echo(f"Nothing fits {text!r}; try a shorter phrase or fewer filters.", err=True)
    if result.nothing_fits:
        click.echo("\n".join(NOTHING_FITS), err=True)
    for one in result.groups:
        click.echo(f"{one.standard} {one.standard_name} ({one.total})")
        _print_hits(one.hits)
    _print_hits(result.hits)
    for name, values in result.facets.items():
        if values:
            counted = ", ".join(f"{one.value} {one.count}" for one in values)
            click.echo(f"{name}: {counted}")


def _form_of(output: Path, *, force: bool) -> HitFormat:
    from api.hit_export import HitFormat

    if output.exists() and not force:
        raise click.UsageError(f"{output} exists; --force overwrites it")
    form = output.suffix.lower().removeprefix(".")
    if form not in list(HitFormat):
        raise click.BadParameter(f"{output.name!r} ends in none of .csv, .xlsx, .json", param_hint="-o")
    return HitFormat(form)


def hit_lines(hit: Hit) -> list[str]:
    """A hit as ``competency search`` prints it: what it is, where it stands, why it was found, and where else
    the same stands."""
    standard = f"{hit.standard} {hit.standard_name}"
    path = " › ".join([standard, *(f"{step.code} {step.text}" for step in hit.path)])
    lines = [
        f"{hit.score:.2f}  {hit.code:<8} {hit.text}",
        f"      {hit.kind}, by {hit.reason.found_by}; {path}",
    ]
    if hit.place_count:
        shown = ", ".join(f"{place.standard} {place.code}" for place in hit.places)
        more = hit.place_count - len(hit.places)
        lines.append(f"      the same in: {shown}" + (f" and at {more} other places" if more else ""))
    return lines


@click.command()
@click.argument("prefix", nargs=-1, required=True)
@click.option("--limit", default=8, show_default=True, type=click.IntRange(1, 50), help="How many.")
@click.option("--framework", "frameworks", multiple=True, help="Only these frameworks (repeatable).")
@click.option("--kind", "kinds", multiple=True, help="Only these kinds, such as skill (repeatable).")
@click.option("--lang", "languages", multiple=True, help="Only texts in these languages (repeatable).")
@DATA_DIR
@JSON
def suggest(
    prefix: tuple[str, ...],
    *,
    limit: int,
    frameworks: tuple[str, ...],
    kinds: tuple[str, ...],
    languages: tuple[str, ...],
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Complete PREFIX, the beginning of a code, a title or a term."""
    from api.routers.suggest import to_suggest_answer
    from api.services import open_services

    typed = " ".join(prefix)
    with open_services(settings_of(data_dir)) as services:
        found = services.suggestions.current().suggest(
            typed, limit=limit, frameworks=frameworks, kinds=kinds, languages=languages
        )
        answer = to_suggest_answer(found, typed, services.identifiers)
    if as_json:
        print_json(answer.model_dump(mode="json"))
        return
    if not found.items:
        click.echo(f"Nothing begins with {typed!r}.", err=True)
    for one in found.items:
        places = f" in {one.count}" if one.count > 1 else ""
        label = f"  {one.label}" if one.label else ""
        click.echo(f"{one.text}{label}  ({one.kind}{places})")


@click.command()
@DATA_DIR
def index(*, data_dir: Path | None) -> None:
    """Build the search index again from what is stored."""
    from api.services import rebuild_index

    rebuild_index(settings_of(data_dir), progress=show_progress)
    click.echo("the search index is up to date", err=True)


@click.command()
@click.argument("name")
@click.option("--standard", default="", help="The standard of the element, where NAME is a code.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100), help="How many hits.")
@click.option("--offset", default=0, type=click.IntRange(0, 10_000), help="How many hits to pass over.")
@click.option("--kind", "kinds", multiple=True, help="Only these kinds, such as skill (repeatable).")
@click.option("--framework", "frameworks", multiple=True, help="Only these frameworks (repeatable).")
@click.option("--lang", "languages", multiple=True, help="Only texts in these languages (repeatable).")
@click.option("--same-standard", is_flag=True, help="Compare the element's own standard as well.")
@click.option("--all-versions", is_flag=True, help="Older versions of a standard too, not only the latest.")
@click.option("--no-fold", is_flag=True, help="Show the same in several standards as so many hits.")
@DATA_DIR
@JSON
def similar(
    name: str,
    *,
    standard: str,
    limit: int,
    offset: int,
    kinds: tuple[str, ...],
    frameworks: tuple[str, ...],
    languages: tuple[str, ...],
    same_standard: bool,
    all_versions: bool,
    no_fold: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Find what is like an element, a standard or a shared concept, across standards.

    NAME is its IRI or its code.
    """
    from api.indexed import indexed, locate
    from api.routers.similar import to_similar_answer
    from api.services import open_services
    from search import Filters

    check_kinds(kinds)
    with open_services(settings_of(data_dir)) as services, indexed(services):
        index = services.index.current()
        iri, code = (name, "") if "://" in name else ("", name)
        result = index.elements.similar(
            locate(services, index, iri, code, standard),
            Filters(kinds=kinds, frameworks=frameworks, languages=languages),
            limit=limit,
            offset=offset,
            same_standard=same_standard,
            all_versions=all_versions,
            fold=not no_fold,
        )
    if as_json:
        answer = to_similar_answer(result, limit, offset, folded=not no_fold, all_versions=all_versions)
        print_json(answer.model_dump())
        return
    click.echo("\n".join(hit_lines(result.element)[:1]), err=True)
    if not result.hits:
        click.echo("Nothing is loaded that it could be compared with.", err=True)
    _print_hits(result.hits)


def _print_hits(hits: Sequence[Hit]) -> None:
    for at, hit in enumerate(hits):
        if hit.weak and at and not hits[at - 1].weak:
            click.echo("these fit only loosely / 以下僅略為相關:")
        click.echo("\n".join(hit_lines(hit)))


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--query-lang", help="What language the query is in (BCP 47), where it should not be guessed.")
@DATA_DIR
def embed(query: tuple[str, ...], *, query_lang: str | None, data_dir: Path | None) -> None:
    """Print a query as a vector and folded words (JSON), for hybrid search in Cypher."""
    from api.routers.embedding import to_embed_answer
    from api.services import open_services

    with open_services(settings_of(data_dir)) as services:
        answer = to_embed_answer(services.index.current(), " ".join(query), query_lang)
    print_json(answer.model_dump())


COMMANDS = (search, suggest, similar, embed, index)
