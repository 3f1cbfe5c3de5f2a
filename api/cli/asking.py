"""The command that asks the property graph."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import click

from api.cli.shared import DATA_DIR, JSON, print_json, settings_of

__all__ = ["COMMANDS"]


@click.command()
@click.argument("query")
@click.option(
    "-p", "--parameter", "parameters", multiple=True, help="NAME=VALUE for $NAME, JSON or text (repeatable)."
)
@JSON
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@DATA_DIR
def cypher(
    query: str, *, parameters: tuple[str, ...], as_json: bool, as_csv: bool, data_dir: Path | None
) -> None:
    """Ask the property graph in Cypher; QUERY only reads, and - takes it from standard input."""
    from api.services import open_services

    if as_json and as_csv:
        raise click.UsageError("--json and --csv cannot go together")
    values = dict(map(_parameter, parameters))
    text = sys.stdin.read() if query == "-" else query
    with open_services(settings_of(data_dir)) as services:
        answer = services.cypher.query(text, values)
    if as_json:
        print_json(
            {
                "columns": answer.columns,
                "rows": answer.rows,
                "complete": answer.complete,
                "revision": answer.revision,
                "took_ms": answer.took_ms,
            }
        )
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([_text(one) for one in row] for row in answer.rows)
    else:
        for row in (answer.columns, *answer.rows):
            click.echo("\t".join(_text(one).replace("\t", " ").replace("\n", " ") for one in row))
    if not answer.complete:
        click.echo(
            f"There are more rows than the {len(answer.rows):,} that are shown; add a LIMIT.", err=True
        )


def _parameter(given: str) -> tuple[str, object]:
    name, separator, value = given.partition("=")
    if not separator or not name:
        raise click.BadParameter(f"{given!r} is not NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _text(one: object) -> str:
    if one is None:
        return ""
    return one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)


COMMANDS = (cypher,)
