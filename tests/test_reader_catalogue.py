"""The reader of catalogues of iCAP standards."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from graph import ingest, open_store
from ontology.dataset import CatalogueEntry
from ontology.errors import DocumentError
from ontology.identifiers import Identifiers
from ontology.model import Classification
from ontology.readers.datasets import open_dataset
from ontology.readers.icap_catalogue import IcapCatalogue

if TYPE_CHECKING:
    from pathlib import Path


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "name": "領班",
        "level": 3,
        "category": "製造／生產管理",
        "category_code": "MPM",
        "occupation_name": "機械工程師",
        "occupation_code": "2144",
        "industry": ["製造業／塑膠製品製造業"],
        "industry_code": ["C22"],
    } | changes


def catalogue(standards: Any, **others: Any) -> IcapCatalogue:
    document = {"metadata": {"total_standards": 1, "generated_at": "2026"}, "standards": standards, **others}
    return IcapCatalogue(json.dumps(document).encode(), "catalogue.json")


def read(standards: dict[str, Any]) -> tuple[list[CatalogueEntry], list[tuple[str, str]]]:
    found = catalogue(standards)
    items = [item for item in found.items() if isinstance(item, CatalogueEntry)]
    return items, [(doubt.kind, doubt.where) for doubt in found.doubts()]


def test_an_entry_has_code_name_level_and_classification() -> None:
    items, doubts = read({"MPM2144-001v1": entry()})
    assert doubts == []
    assert items == [
        CatalogueEntry(
            "icap",
            1,
            "MPM2144-001v1",
            "領班",
            3,
            category=(Classification("MPM", "製造／生產管理"),),
            occupation=(Classification("2144", "機械工程師"),),
            industry=(Classification("C22", "製造業／塑膠製品製造業"),),
        )
    ]


def test_codes_and_names_that_run_together_are_parted_by_the_code_list() -> None:
    joined = entry(
        occupation_code="2144215225125213513", occupation_name="機械工程師電子工程師系統分析及設計師"
    )
    two = entry(occupation_code="21442152", occupation_name="機械工程師電子工程師")
    items, doubts = read({"MPM2144-001v1": two, "MPM2144-002v1": joined})
    assert items[0].occupation == (Classification("2144", "機械工程師"), Classification("2152", "電子工程師"))
    assert items[1].occupation == (Classification(joined["occupation_code"], joined["occupation_name"]),)
    assert doubts == [("malformed-code", "MPM2144-002v1")]


@pytest.mark.parametrize(
    ("key", "changes", "expected"),
    [
        ("運動賽會經理人", {}, [("missing-code", "運動賽會經理人")]),
        ("FISI223-002v2", {}, [("malformed-code", "FISI223-002v2")]),
        ("MPM2144-001v1", {"level": 0}, [("missing-field", "MPM2144-001v1")]),
        ("MPM2144-001v1", {"category_code": "SE"}, [("malformed-code", "MPM2144-001v1")]),
        ("MPM2144-001v1", {"category_code": ""}, [("missing-code", "MPM2144-001v1")]),
        (
            "MPM2144-001v1",
            {"category_code": "", "category": "", "industry": [], "industry_code": []},
            [("missing-field", "MPM2144-001v1")] * 2,
        ),
        ("MPM2144-001v1", {"industry_code": ["C22; C25"]}, [("multi-valued-cell", "MPM2144-001v1")]),
        ("MPM2144-001v1", {"industry_code": ["C22; C25"], "industry": ["甲; 乙"]}, []),
    ],
)
def test_what_a_catalogue_leaves_uncertain_is_doubted(
    key: str, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    items, doubts = read({key: entry(**changes)})
    assert doubts == expected
    assert (items[0].code or items[0].printed) == key


@pytest.mark.parametrize(
    ("standards", "says"),
    [
        (None, "standards: found null"),
        ({"MPM2144-001v1": 3}, "standards.MPM2144-001v1: found a number"),
        ({"MPM2144-001v1": entry(level="3")}, "standards.MPM2144-001v1.level: found the string '3'"),
        ({"MPM2144-001v1": entry(industry="甲")}, "standards.MPM2144-001v1.industry: found the string"),
    ],
)
def test_a_broken_catalogue_is_refused_with_its_path(standards: Any, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        list(catalogue(standards).items())
    assert says in str(caught.value)


def test_the_real_catalogue_is_read_whole(shared_data: Path) -> None:
    dataset = open_dataset(shared_data / "icap" / "catalogue-905.json")
    assert dataset is not None
    items = [item for item in dataset.items() if isinstance(item, CatalogueEntry)]
    assert [item.number for item in items] == list(range(1, 906))
    names = [item for item in items if item.printed]
    assert len(names) == 18
    kinds = Counter(doubt.kind for doubt in dataset.doubts())
    assert kinds["doubled-code"] == 3
    robot = next(item for item in items if item.code == "INM3513-009v1")
    assert [one.code for one in robot.occupation] == ["21", "2144", "2152", "2519", "252", "2523", "3513"]
    assert [one.code for one in robot.category] == ["MPM", "INM", "ISD", "SET"]
    assert list(dataset.items()) == items


def test_the_folder_of_real_standards_is_ingested_in_one_call(shared_data: Path) -> None:
    with open_store("memory:") as store:
        report = ingest([shared_data / "icap"], store, Identifiers())
    assert report.refused == ()
    assert report.counts()["added"] == 6
