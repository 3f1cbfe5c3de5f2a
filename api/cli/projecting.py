"""The command that makes the property graph."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from api.cli.shared import DATA_DIR, JSON, print_json, settings_of, show_progress

__all__ = ["COMMANDS"]


@click.command()
@click.option("--rebuild", is_flag=True, help="Make it anew, whatever it holds.")
@JSON
@DATA_DIR
def project(*, rebuild: bool, as_json: bool, data_dir: Path | None) -> None:
    """Bring the property graph up to date with the store, and compare the two."""
    from api.services import make_property_graph, open_services

    settings = settings_of(data_dir)
    with open_services(settings) as services, make_property_graph(settings) as graph:
        report = graph.project(services.store, show_progress, rebuild=rebuild)
        if not (report.changed or report.removed or report.rebuilt):
            graph.verify(services.store)
    if as_json:
        print_json(asdict(report))
        return
    if report.rebuilt:
        click.echo("The property graph was made anew.")
    click.echo(f"Documents read: {report.changed}; removed: {report.removed}; {report.seconds:.1f} s")
    for title, counts in (("Nodes", report.census.labels), ("Relationships", report.census.relationships)):
        click.echo(f"{title}:")
        for name, count in counts.items():
            click.echo(f"  {count:>9,}  {name}")
    click.echo("The counts and a sample of the nodes are as in the store.")


COMMANDS = (project,)
