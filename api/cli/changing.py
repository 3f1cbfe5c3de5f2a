"""The command that tells what changed: compare-versions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.shared import DATA_DIR, JSON, print_json, settings_of, show_progress

if TYPE_CHECKING:
    from api.settings import Settings
    from ontology.dataset import Dataset
    from ontology.model import Standard

__all__ = ["COMMANDS"]

_RELEASE_SUFFIXES = (".zip", ".csv", ".tsv", ".xlsx")


@click.command("compare-versions")
@click.argument("before")
@click.argument("after")
@click.option(
    "--limit",
    default=30,
    show_default=True,
    type=click.IntRange(0),
    help="How many lines of each list; 0 for all.",
)
@DATA_DIR
@JSON
def compare_versions(before: str, after: str, *, limit: int, data_dir: Path | None, as_json: bool) -> None:
    """Tell what changed from BEFORE to AFTER.

    Each is a standard's document, the code or IRI of a loaded standard, or a release (a zip or a folder).
    """
    from api.changes_answer import to_release_answer, to_version_answer
    from api.cli.change_lines import release_lines, version_lines
    from ontology import changes
    from ontology.dataset import Dataset
    from ontology.identifiers import Identifiers

    settings = settings_of(data_dir)
    identifiers = Identifiers(settings.base_iri)
    old, new = _opened(before, settings), _opened(after, settings)
    if isinstance(old, Dataset) and isinstance(new, Dataset):
        released = changes.compare_releases(old, new, show_progress)
        if as_json:
            print_json(to_release_answer(released, identifiers).model_dump(mode="json"))
        else:
            click.echo("\n".join(release_lines(released, limit)))
    elif isinstance(old, Dataset) or isinstance(new, Dataset):
        raise click.UsageError("give two standards, or two releases of the same framework")
    else:
        found = changes.compare_versions(old, new)
        if as_json:
            iris = identifiers.of_standard(old), identifiers.of_standard(new)
            print_json(to_version_answer(found, identifiers, iris=iris).model_dump(mode="json"))
        else:
            click.echo("\n".join(version_lines(found, limit)))


def _opened(name: str, settings: Settings) -> Standard | Dataset:
    """The release or the standard of a file or folder, else the loaded standard of that code."""
    from api.services import open_services
    from ontology.errors import InvalidInput
    from ontology.readers import SUFFIXES, read_standard
    from ontology.readers.datasets import open_dataset

    path = Path(name)
    if path.exists():
        if release := open_dataset(path):
            return release
        if path.is_dir():
            raise InvalidInput(f"{name}: the folder holds no release that is known; name a standard's file")
        return read_standard(path, limits=settings.limits)
    is_path = path.name != name and "://" not in name
    if is_path or path.suffix.lower() in (*SUFFIXES, *_RELEASE_SUFFIXES):
        raise InvalidInput(f"{name}: there is no such file, and no code of a standard looks like this")
    with open_services(settings) as services:
        return services.standard(name)[1]


COMMANDS = (compare_versions,)
