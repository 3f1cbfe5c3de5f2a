"""The command line: data goes to stdout, talk to stderr; exit status 1 for bad input, 2 for wrong usage.

One module holds one group of commands. Heavy imports happen inside the commands, so that ``--help`` answers
at once.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from api.cli import (
    aligning,
    asking,
    changing,
    comparing,
    comparing_many,
    documents,
    drafting,
    evaluating,
    exporting,
    fetching,
    linking,
    matching,
    outlining,
    projecting,
    searching,
    serving,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["cli", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="competency-graph")
def cli() -> None:
    """Knowledge graph and semantic search for occupational competency standards."""


for _group in (
    documents,
    drafting,
    changing,
    evaluating,
    exporting,
    fetching,
    searching,
    comparing,
    comparing_many,
    matching,
    linking,
    aligning,
    outlining,
    projecting,
    asking,
    serving,
):
    for _command in _group.COMMANDS:
        cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and leaves the process with the exit status of the error table."""
    from ontology.errors import CompetencyError

    try:
        cli.main(args=arguments, standalone_mode=True)
    except CompetencyError as error:
        from api.problems import edge_of

        click.echo(f"competency: {error}", err=True)
        sys.exit(edge_of(error).exit_code)
