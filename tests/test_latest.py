"""What is read from the store is kept until the store changes, and no more of it than is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.latest import LatestOf
from graph import ingest, open_store
from graph.repository import list_standards, load_standard
from ontology.errors import NotFound, StoreMissing
from ontology.identifiers import Identifiers

if TYPE_CHECKING:
    from ontology.model import Standard

STANDARDS = sorted((Path(__file__).resolve().parent.parent / "data" / "standards").glob("*.txt"))


def test_what_was_read_is_kept_until_the_store_changes() -> None:
    identifiers = Identifiers()
    with open_store("memory:") as store:
        read: list[str] = []

        def reading(iri: str) -> str:
            read.append(iri)
            return load_standard(store, identifiers, iri).name

        kept = LatestOf(store, reading, most=2)
        with pytest.raises(StoreMissing):
            kept.get("urn:x")
        ingest(STANDARDS[:3], store, identifiers)
        first, second, third = (one.iri for one in list_standards(store))
        names = [kept.get(iri) for iri in (first, second, first, third, first)]
        assert names[0] == names[2] == names[4]
        assert len(set(names)) == 3
        assert read == [first, second, third]
        # the one that was not asked for the longest had to go
        kept.get(second)
        assert read[3:] == [second]
        ingest(STANDARDS[3:4], store, identifiers)
        kept.get(second)
        assert read[4:] == [second]


def test_what_is_not_there_is_asked_for_again() -> None:
    identifiers = Identifiers()
    with open_store("memory:") as store:
        ingest(STANDARDS[:1], store, identifiers)
        iri = list_standards(store)[0].iri
        kept: LatestOf[str, Standard] = LatestOf(
            store, lambda key: load_standard(store, identifiers, key), most=2
        )
        missing = f"{iri}-9"
        for _ in range(2):
            with pytest.raises(NotFound):
                kept.get(missing)
