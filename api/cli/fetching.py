"""The command that downloads: fetch."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.documents import show_report
from api.cli.shared import DATA_DIR, JSON, print_json, settings_of, show_progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from graph.fetching import Transfer

__all__ = ["COMMANDS"]

_MEBIBYTE = 1 << 20


@click.command()
@click.argument("source", required=False)
@click.option("--name", help="Name of the file (default: the last part of the address).")
@click.option("--sha256", help="Checksum that the file must have.")
@click.option("--force", is_flag=True, help="Fetch again what is here already.")
@click.option("--no-ingest", is_flag=True, help="Only download.")
@DATA_DIR
@JSON
def fetch(
    source: str | None,
    *,
    name: str | None,
    sha256: str | None,
    force: bool,
    no_ingest: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Download SOURCE (onet, or an address), check it and ingest it; without SOURCE list what can be had."""
    from graph.fetching import Limits
    from graph.fetching import fetch as download

    if source is None:
        _show_sources(as_json=as_json)
        return
    settings = settings_of(data_dir)
    limits = Limits(max_bytes=settings.fetch_max_mb * _MEBIBYTE, timeout=settings.fetch_timeout)
    url = _address_of(source, settings.fetch_onet_url)
    if name and Path(name).name != name:
        raise click.BadParameter("give the name of a file without a folder", param_hint="--name")
    fetched = download(
        url,
        settings.downloads_dir,
        name=name,
        sha256=sha256,
        force=force,
        limits=limits,
        progress=_progress(),
    )
    answer: dict[str, object] = {"file": fetched.to_json()}
    if not as_json:
        click.echo(f"{'fetched' if fetched.fresh else 'already here'}  {fetched.path}")
        click.echo(f"sha256  {fetched.sha256}")
        _show_attribution(source)
    refused = False
    if not no_ingest:
        from api.services import ingest_and_index

        report = ingest_and_index([fetched.path], settings, progress=show_progress)
        answer["ingest"] = report.to_json()
        refused = bool(report.refused)
        if not as_json:
            show_report(report)
    if as_json:
        print_json(answer)
    if refused:
        sys.exit(1)


def _address_of(source: str, onet_url: str) -> str:
    from graph.sources import SOURCES

    if source == "onet":
        return onet_url
    if "://" in source:
        return source
    keys = ", ".join(one.key for one in SOURCES if one.key)
    raise click.BadParameter(f"{source!r} is neither an address nor one of: {keys}", param_hint="SOURCE")


def _show_sources(*, as_json: bool) -> None:
    from graph.sources import SOURCES

    if as_json:
        print_json([source.to_json() for source in SOURCES])
        return
    for source in SOURCES:
        click.echo(f"{source.name}{f'  ({source.key})' if source.key else ''}")
        for label in ("what", "licence", "attribution", "size", "page", "how"):
            click.echo(f"  {label:<12} {getattr(source, label)}")
    click.echo("Any other document: competency fetch URL")


def _show_attribution(source: str) -> None:
    from graph.sources import SOURCES

    for one in SOURCES:
        if one.key == source:
            click.echo(f"{one.licence}: {one.attribution}", err=True)


def _progress() -> Callable[[Transfer], None]:
    """Shows a download: one line that is rewritten on a terminal, a few lines on a pipe."""
    shown = [time.monotonic() - 1]

    def show(transfer: Transfer) -> None:
        ended = transfer.total == transfer.received
        every = 0.2 if sys.stderr.isatty() else 10
        if not ended and time.monotonic() - shown[0] < every:
            return
        shown[0] = time.monotonic()
        of = f" of {transfer.total / 1e6:.1f}" if transfer.total else ""
        line = f"Fetching {transfer.received / 1e6:.1f}{of} MB, {transfer.rate / 1e6:.2f} MB/s"
        if sys.stderr.isatty():
            click.echo(f"\r{line:<60}", nl=ended, err=True)
        else:
            click.echo(line, err=True)

    return show


COMMANDS = (fetch,)
