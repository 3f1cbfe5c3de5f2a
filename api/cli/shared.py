"""What the commands share: options, settings, and how they print."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.settings import Settings

__all__ = [
    "DATA_DIR",
    "JSON",
    "ProgressLine",
    "check_kinds",
    "new_files",
    "print_json",
    "settings_of",
    "show_progress",
]

DATA_DIR = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="COMPETENCY_DATA_DIR",
    help="Folder of the store and the index (default: var).",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


# seconds: between two lines on a pipe, and before a rate means something
_TELL_EVERY = 30.0
_SETTLED = 1.0


def settings_of(data_dir: Path | None, **others: Any) -> Settings:
    """The settings of the environment, and over them the options that were given."""
    from api.settings import Settings

    chosen = {name: value for name, value in {"data_dir": data_dir, **others}.items() if value is not None}
    return Settings(**chosen)


def check_kinds(kinds: Sequence[str]) -> None:
    """Refuses what is no kind of passage."""
    from search import SEARCH_KINDS

    if unknown := [kind for kind in kinds if kind not in SEARCH_KINDS]:
        known = ", ".join(SEARCH_KINDS)
        raise click.BadParameter(f"{unknown[0]!r}; the kinds are {known}", param_hint="--kind")


def new_files(csv_file: Path | None, xlsx_file: Path | None, *, force: bool) -> list[tuple[Path, str]]:
    """The files that were asked for, with their forms, ``csv`` and ``xlsx``; refuses to overwrite one unless
    ``force`` is true."""
    wanted = [(path, form) for path, form in ((csv_file, "csv"), (xlsx_file, "xlsx")) if path is not None]
    for path, _ in wanted:
        if path.exists() and not force:
            raise click.UsageError(f"{path} exists; --force overwrites it")
    return wanted


def print_json(value: object) -> None:
    """JSON for machines, on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


class ProgressLine:
    """What is done of a whole, with the rate and the time left since the message was first told.

    One line that is rewritten on a terminal; on a pipe the start and the end are told, and twice a minute
    what is done.
    """

    def __init__(self) -> None:
        self._message = ""
        self._first = (0.0, 0)
        self._told = 0.0

    def __call__(self, message: str, done: int, total: int) -> None:
        now = time.monotonic()
        if message != self._message or done < self._first[1]:
            self._message, self._first, self._told = message, (now, done), now
        pace = self._pace(now, done, total)
        if sys.stderr.isatty():
            width = 30
            filled = width * done // max(total, 1)
            end = "\n" if done >= total else ""
            line = f"\r{message} [{'#' * filled:<{width}}] {done}/{total}{pace}\x1b[K{end}"
            click.echo(line, nl=False, err=True)
        elif done in (0, total) or now - self._told >= _TELL_EVERY:
            self._told = now
            click.echo(f"{message} {done}/{total}{pace}", err=True)

    def _pace(self, now: float, done: int, total: int) -> str:
        started, before = self._first
        if now - started < _SETTLED or done <= before:
            return ""
        rate = (done - before) / (now - started)
        if done >= total:
            return f", {rate:.0f}/s"
        minutes, seconds = divmod(round((total - done) / rate), 60)
        return f", {rate:.0f}/s, {minutes}:{seconds:02} left"


show_progress = ProgressLine()
