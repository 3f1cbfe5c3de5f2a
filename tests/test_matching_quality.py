"""Floors of what matching and comparing are worth, with the default model on real documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.services import Services, ingest_and_index, open_services
from api.settings import Settings
from search.evaluation.advertisements import find_occupations, read_advertisements
from search.evaluation.pairs import measure_pairs, read_unit_pairs, read_version_pairs

ROOT = Path(__file__).resolve().parent.parent
EVAL = ROOT / "data" / "eval"
OLD, NEW, UNIT = "BGM1219-002v2", "BGM1219-002v4", "BSBWOR502"


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Services:
    """iCAP's documents with content, the Australian units and the bundled standards; the default model."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("real"))
    documents = sorted((shared_data / "icap").glob("*v*.json"))
    ingest_and_index([*documents, shared_data / "au", ROOT / "data" / "standards"], settings)
    return open_services(settings)


def test_advertisements_find_their_standard(real: Services) -> None:
    matcher = real.index.current().matcher()
    advertisements = [
        one for one in read_advertisements(EVAL / "job-descriptions") if one.framework == "icap"
    ]
    found = list(find_occupations(matcher, advertisements, with_title=True))
    assert len(found) == 9
    assert sum(one.rank == 1 for one in found) >= 6, found
    assert all(one.rank <= 5 for one in found), found


def test_a_chinese_task_is_compared_with_the_english_unit_that_it_comes_from(real: Services) -> None:
    index = real.index.current()
    elements = index.elements
    comparison = index.comparer().compare(elements.iri_of("T1", OLD), elements.iri_of(UNIT, UNIT))
    figures = measure_pairs(comparison, read_unit_pairs(EVAL / f"{OLD}-{UNIT}.tsv", OLD, UNIT))
    assert figures.precision >= 0.85, figures
    assert figures.recall_of_sure >= 0.5, figures


def test_two_versions_are_compared_across_templates(real: Services) -> None:
    index = real.index.current()
    elements = index.elements
    comparison = index.comparer().compare(elements.iri_of(OLD, OLD), elements.iri_of(NEW, NEW))
    figures = measure_pairs(comparison, read_version_pairs(EVAL / f"{OLD}-v4.tsv"))
    assert figures.precision >= 0.7, figures
    assert figures.recall_of_sure >= 0.75, figures
    # the versions are each other's nearest, and nearer than the unit that a part of them comes from
    nearest = index.nearest_standards(elements.iri_of(OLD, OLD), limit=3, all_versions=True)
    assert nearest.hits[0].standard.code == NEW
