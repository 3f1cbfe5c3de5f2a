"""The command line: data goes to stdout, talk to stderr; exit status 1 for bad input, 2 for wrong usage.

Heavy imports happen inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.settings import Settings
    from graph.ingest import IngestReport
    from search import Hit

__all__ = ["cli", "hit_lines", "main"]

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
    from ontology.readers import read_standard

    if str(file) == "-":
        standard = read_standard(sys.stdin.buffer.read(), name="<stdin>")
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


@cli.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100), help="How many hits.")
@click.option("--offset", default=0, type=click.IntRange(0, 10_000), help="How many hits to pass over.")
@click.option("--standard", "standards", multiple=True, help="Only these standards (code; repeatable).")
@click.option("--kind", "kinds", multiple=True, help="Only these kinds, such as skill (repeatable).")
@click.option("--framework", "frameworks", multiple=True, help="Only these frameworks (repeatable).")
@click.option("--lang", "languages", multiple=True, help="Only texts in these languages (repeatable).")
@_DATA_DIR
@_JSON
def search(
    query: tuple[str, ...],
    *,
    limit: int,
    offset: int,
    standards: tuple[str, ...],
    kinds: tuple[str, ...],
    frameworks: tuple[str, ...],
    languages: tuple[str, ...],
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Find competencies by meaning: QUERY is a phrase, a question or a code, in any language."""
    from api.routers.search import to_answer
    from api.services import open_services
    from ontology.model import Kind

    try:
        chosen = tuple(Kind(kind) for kind in kinds)
    except ValueError as error:
        raise click.BadParameter(f"{error}; the kinds are {', '.join(Kind)}", param_hint="--kind") from error
    text = " ".join(query)
    with open_services(_settings(data_dir)) as services:
        result = services.index.current().search(
            text,
            limit=limit,
            offset=offset,
            standards=services.standard_keys(standards),
            kinds=chosen,
            frameworks=frameworks,
            languages=languages,
        )
    if as_json:
        _print_json(to_answer(result, text, limit, offset).model_dump())
        return
    if not result.hits:
        click.echo(f"Nothing fits {text!r}; try a shorter phrase or fewer filters.", err=True)
    for hit in result.hits:
        click.echo("\n".join(hit_lines(hit)))


def hit_lines(hit: Hit) -> list[str]:
    """A hit as ``competency search`` prints it: what it is, then where it stands and why it was found."""
    standard = f"{hit.standard} {hit.standard_name}"
    path = " › ".join([standard, *(f"{step.code} {step.text}" for step in hit.path)])
    return [
        f"{hit.score:.2f}  {hit.code:<8} {hit.text}",
        f"      {hit.kind}, by {hit.reason.found_by}; {path}",
    ]


@cli.command()
@click.argument("judged", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--standard", default="BGM1219-002v2", show_default=True, help="The standard that was judged.")
@click.option("--details", is_flag=True, help="Print the score of every need as well.")
@_DATA_DIR
@_JSON
def evaluate(
    judged: Path | None, *, standard: str, details: bool, data_dir: Path | None, as_json: bool
) -> None:
    """Measure the search on a JUDGED file (default: the one that comes with the program).

    Prints nDCG@10, MRR and recall@20 per language for the recipe and its baselines, in one run.
    """
    from importlib.resources import as_file, files

    from api.services import evaluate_search

    with as_file(files("data") / "eval" / "BGM1219-002v2.tsv") as default:
        report = evaluate_search(judged or default, standard, _settings(data_dir), progress=_progress)
    if as_json:
        _print_json(report.to_json())
    else:
        click.echo(report.to_text(details=details))


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@_JSON
def validate(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Check standards in PATHS against the rules and list the reader's doubts; nothing is stored."""
    from graph.ingest import ingest as run
    from graph.store import open_store
    from ontology.identifiers import Identifiers

    with open_store("memory:") as store:
        report = run(paths, store, Identifiers(), dry_run=True)
    if as_json:
        _print_json(report.to_json())
    else:
        _show_report(report)
    if report.refused:
        sys.exit(1)


@cli.command()
@click.argument("codes", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(["turtle", "ntriples", "jsonld", "json"]),
    default="turtle",
    show_default=True,
    help="json is the form that `parse --json` prints.",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write (default: stdout)."
)
@click.option("--force", is_flag=True, help="Overwrite the output file.")
@_DATA_DIR
def export(
    codes: tuple[str, ...], *, form: str, output: Path | None, force: bool, data_dir: Path | None
) -> None:
    """Write the standards with these CODES (default: all) as RDF or JSON."""
    from api.services import export_standards, open_services

    if output and output.exists() and not force:
        raise click.UsageError(f"{output} exists; --force overwrites it")
    with open_services(_settings(data_dir)) as services:
        text = export_standards(services, codes, form)
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


@cli.command()
@_DATA_DIR
def index(*, data_dir: Path | None) -> None:
    """Build the search index again from what is stored."""
    from api.services import rebuild_index

    rebuild_index(_settings(data_dir), progress=_progress)
    click.echo("the search index is up to date", err=True)


@cli.command()
@click.option("--host", help="Address to listen on (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (default: 8000).")
@_DATA_DIR
def serve(*, host: str | None, port: int | None, data_dir: Path | None) -> None:
    """Serve the pages and the API."""
    import uvicorn

    from api.app import create_app
    from api.services import open_services

    settings = _settings(data_dir, host=host, port=port)
    with _listening(settings.host, settings.port) as listener, open_services(settings) as services:
        services.warm()
        address = f"http://{settings.host}:{listener.getsockname()[1]}"
        click.echo(f"Competency Graph on {address}  (Ctrl + C stops it)", err=True)
        config = uvicorn.Config(create_app(services), log_level="warning", server_header=False)
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens there, bound before anything is loaded, so that a taken port is known at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise click.ClickException(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port (make run PORT=…)"
        ) from error
    return listener
