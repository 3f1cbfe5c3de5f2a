"""What the commands share: options, settings, and how they print."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from api.settings import Settings

__all__ = ["DATA_DIR", "JSON", "print_json", "settings_of", "show_progress"]

DATA_DIR = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="COMPETENCY_DATA_DIR",
    help="Folder of the store and the index (default: var).",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def settings_of(data_dir: Path | None, **others: Any) -> Settings:
    """The settings of the environment, and over them the options that were given."""
    from api.settings import Settings

    chosen = {name: value for name, value in {"data_dir": data_dir, **others}.items() if value is not None}
    return Settings(**chosen)


def print_json(value: object) -> None:
    """JSON for machines, on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def show_progress(message: str, done: int, total: int) -> None:
    """One line that is rewritten on a terminal; on a pipe only the start and the end are told."""
    if sys.stderr.isatty():
        width = 30
        filled = width * done // max(total, 1)
        end = "\n" if done >= total else ""
        click.echo(f"\r{message} [{'#' * filled:<{width}}] {done}/{total}{end}", nl=False, err=True)
    elif done in (0, total):
        click.echo(f"{message} {done}/{total}", err=True)
