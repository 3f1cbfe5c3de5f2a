"""ESCO v1.1.1 itself, where it lies beside the project: everything that is published comes in."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pytest
from rdflib import RDF
from shacl import Shapes

from ontology.identifiers import Identifiers
from ontology.rdf_dataset import write_dataset
from ontology.readers.datasets import open_dataset
from ontology.statements import StatementFileWriter
from ontology.validation import shapes_graph
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ontology.dataset import Dataset
    from ontology.statements import StatementFile


class RealRelease(NamedTuple):
    dataset: Dataset
    counts: Mapping[str, int]
    file: StatementFile


@pytest.fixture(scope="session")
def real_release(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RealRelease:
    """ESCO v1.1.1 through the writer, once."""
    dataset = open_dataset(shared_data / "esco-v1.1.1")
    assert dataset is not None
    with StatementFileWriter(tmp_path_factory.mktemp("esco") / "esco.nt") as writer:
        counts = write_dataset(dataset, Identifiers(), writer)
    return RealRelease(dataset, counts, writer.finished())


def test_the_real_release_has_the_published_counts(real_release: RealRelease) -> None:
    assert {
        name: real_release.counts[name]
        for name in ("standard", "concept", "requirement", "concept link", "group", "scheme")
    } == {
        "standard": 3_007,
        "concept": 13_896,
        "requirement": 123_855,
        "concept link": 5_899,
        "group": 1_266,
        "scheme": 19,
    }
    assert (real_release.counts["knowledge"], real_release.counts["skill"]) == (3_059, 10_837)
    assert real_release.dataset.info.version == "1.1.1"


def test_what_the_real_release_leaves_doubtful(real_release: RealRelease) -> None:
    found = {
        (one.kind, one.where): (re.search(r"\((\d+) times", one.message) or ["", "1"])[1]
        for one in real_release.dataset.doubts()
    }
    assert found == {
        ("self-link", "skillSkillRelations.csv, relatedSkillUri"): "1",
        ("group-of-hierarchy", "skillsHierarchy_en.csv, URI"): "7",
        ("missing-type", "skills_en.csv, skillType"): "6",
        ("unlisted-concept", "occupationSkillRelations.csv, occupationUri"): "67",
        ("unlisted-concept", "broaderRelationsOccPillar.csv, conceptUri"): "1",
        ("unlisted-concept", "conceptSchemes_en.csv, hasTopConcept"): "10",
        ("differing-type", "skillSkillRelations.csv, originalSkillType"): "5655",
    }


def test_the_real_links_are_all_in_the_statements(real_release: RealRelease) -> None:
    predicates = Counter(
        line.split(b" ", 2)[1][1:-1].decode().removeprefix(str(CG))
        for line in real_release.file.path.read_bytes().splitlines()
    )
    links = ("requiresKnowledge", "requiresSkill", "optionalKnowledge", "optionalSkill")
    assert sum(predicates[one] for one in links) == 123_855 + 5_899
    assert sum(predicates.values()) == real_release.file.statements


def test_the_real_statements_conform_to_the_shapes(real_release: RealRelease, tmp_path: Path) -> None:
    shapes = Shapes.from_turtle(shapes_graph(icap=False).serialize(format="turtle"))
    path = real_release.file.path
    assert len(shapes.validate_file(str(path))) == 0
    broken = tmp_path / "broken.nt"
    shutil.copy(path, broken)
    with broken.open("a", encoding="utf-8") as file:
        file.write(f"<https://example.org/nameless> <{RDF.type}> <{CG.Concept}> .\n")
    # It has no name and no kind.
    assert len(shapes.validate_file(str(broken))) == 2
