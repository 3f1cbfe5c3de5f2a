"""Readers of data sets: releases of many standards and shared concepts, each a file or a folder of files.

A module a format; ``open_dataset`` looks at the content and takes the reader that knows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.readers.crosswalk import is_crosswalk, open_crosswalk
from ontology.readers.csco import is_csco, open_csco
from ontology.readers.esco import open_esco
from ontology.readers.esco_release import is_part
from ontology.readers.icap_catalogue import open_icap_catalogue, recognises_icap_catalogue
from ontology.readers.onet import open_onet, recognises_onet
from ontology.readers.sssom import is_sssom, open_sssom

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ontology.dataset import Dataset

__all__ = ["DATASET_READERS", "DatasetReader", "open_dataset", "recognises_dataset"]


@dataclass(frozen=True, slots=True)
class DatasetReader:
    """One format: ``recognises`` judges a file or folder by its content, ``open`` makes the data set of it.

    ``recognises`` must be quick and must not raise; ``open`` may look at headers and raises ``DocumentError``
    where a part is missing. Where a file is one part of a data set, ``open`` takes the others beside it, and
    ``DatasetInfo.key`` tells that it is the same.
    """

    label: str
    recognises: Callable[[Path], bool]
    open: Callable[[Path], Dataset]


DATASET_READERS: tuple[DatasetReader, ...] = (
    DatasetReader("a release of ESCO in CSV", is_part, open_esco),
    DatasetReader("a catalogue of iCAP standards", recognises_icap_catalogue, open_icap_catalogue),
    DatasetReader("the classification of occupations CSCO in CSV", is_csco, open_csco),
    DatasetReader("the crosswalk of ESCO and O*NET", is_crosswalk, open_crosswalk),
    DatasetReader("mappings as SSSOM in TSV", is_sssom, open_sssom),
    DatasetReader("a release of O*NET", recognises_onet, open_onet),
)


def open_dataset(path: Path) -> Dataset | None:
    """The data set that a file or folder holds; ``None`` where no reader knows it."""
    for reader in DATASET_READERS:
        if reader.recognises(path):
            return reader.open(path)
    return None


def recognises_dataset(path: Path) -> bool:
    """Whether a file or folder holds a data set, or a part of one."""
    return any(reader.recognises(path) for reader in DATASET_READERS)
