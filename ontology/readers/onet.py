"""O*NET, the occupational information network of the United States: a release as one data set.

Occupations become standards; the elements of the content model, work activities and technologies that they
refer to become shared concepts. docs/formats.md tells what is kept of each column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology.dataset import Dataset, DatasetInfo
from ontology.model import Doubt
from ontology.readers.onet_occupations import FRAMEWORK, Occupations
from ontology.readers.onet_release import open_release, recognises_release
from ontology.readers.onet_shared import SCHEMES, Shared
from ontology.readers.onet_tables import FORMS, IWA_REFERENCE, OCCUPATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ontology.dataset import Item, Progress
    from ontology.readers.onet_release import Release

__all__ = ["OnetDataset", "open_onet", "recognises_onet"]

recognises_onet = recognises_release
_LISTED = 10
_STEP = 100
_MISSING = {
    "Scales Reference": "ratings are held to 1–5 (importance) and 0–7 (level)",
    "Content Model Reference": "elements have no description and no hierarchy",
    "DWA Reference": "work activities have no hierarchy",
    "Task Statements": "occupations have no tasks",
    "Tasks to DWAs": "tasks are not linked to work activities",
    "Knowledge": "occupations have no knowledge",
    "Skills": "occupations have no skills",
    "Work Styles": "occupations have no work styles",
    "Technology Skills": "occupations have no technologies",
    "Alternate Titles": "occupations have no alternative names",
    "Related Occupations": "occupations are not linked to related ones",
}


class OnetDataset(Dataset):
    """A release that has been opened: its tables are there and have their columns."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._doubts: tuple[Doubt, ...] = ()
        version = release.version
        named = f"O*NET {version} Database" if version else "O*NET Database"
        self.info = DatasetInfo(
            key=FRAMEWORK,
            framework=FRAMEWORK,
            title="O*NET Database",
            version=version,
            language="en",
            licence="https://creativecommons.org/licenses/by/4.0/",
            attribution=(
                f"This product includes information from the {named} by the U.S. Department of Labor, "
                "Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. "
                "O*NET® is a trademark of USDOL/ETA."
            ),
            source=release.name,
        )

    def doubts(self) -> tuple[Doubt, ...]:
        return self._doubts

    def _items(self, progress: Progress) -> Iterator[Item]:
        tables = len(self._release.tables)
        progress("Reading the content model", 0, tables)
        shared = Shared()
        shared.read(self._release)
        occupations = Occupations(self._release, shared)
        read: list[str] = []

        def tell(name: str) -> None:
            progress(f"Reading {name}", len(read), tables)
            read.append(name)

        occupations.read(tell)
        yield from SCHEMES
        yield from shared.concepts()
        for number, standard in enumerate(occupations.standards()):
            if number % _STEP == 0:
                progress("Writing occupations", number, len(occupations))
            yield standard
        progress("Writing occupations", len(occupations), len(occupations))
        self._doubts = (*self._incomplete(), *_uncertain(shared, occupations))

    def _incomplete(self) -> Iterator[Doubt]:
        release = self._release
        for form in FORMS:
            if form not in (OCCUPATIONS, IWA_REFERENCE) and form.name not in release.tables:
                yield Doubt("missing-table", form.name, "", f"{form.name} is not here: {_MISSING[form.name]}")
        if release.unread:
            yield Doubt(
                "unread-file", release.name, _listed(release.unread), "these files hold no table that is read"
            )
        for table in release.tables.values():
            if columns := table.unknown_columns:
                yield Doubt(
                    "unread-column", table.form.name, _listed(columns), "no field is known for these columns"
                )
        if not release.version:
            yield Doubt(
                "unknown-version",
                release.name,
                "",
                "neither a read-me file nor the name of the folder tells the release",
            )


def _uncertain(shared: Shared, occupations: Occupations) -> Iterator[Doubt]:
    if shared.unnamed:
        yield Doubt(
            "unnamed-element",
            "Element Name",
            _listed(shared.unnamed),
            f"{len(shared.unnamed)} elements have no name; their IDs stand for it",
        )
    if shared.unlike:
        yield Doubt(
            "several-values",
            "Hot Technology",
            _listed(shared.unlike),
            f"{len(shared.unlike)} technologies are hot in one row and not in another; they count as hot",
        )
    for where, count in occupations.unread_scales.items():
        yield Doubt("unread-scale", where, "", f"{count} ratings are on a scale that is not read")
    for where, count in occupations.missing_values.items():
        yield Doubt("missing-value", where, "", f"{count} ratings have no value and are left out")


def _listed(names: list[str] | tuple[str, ...]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def open_onet(path: Path) -> OnetDataset:
    """The release in a folder or zip, or in the folder of a single table. Raises ``DocumentError``."""
    return OnetDataset(open_release(path))
