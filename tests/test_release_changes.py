"""What changed between two releases of a framework."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
from small_esco import BAKER, DOUGH, FOOD, HYGIENE, KNEAD, PASTRY, ROOT, tables, unpacked
from small_onet import release as onet_tables
from small_onet import write_texts

from ontology.changes import Change, compare_releases
from ontology.errors import InvalidInput
from ontology.readers.datasets import open_dataset

if TYPE_CHECKING:
    from pathlib import Path

    from small_esco import Tables

    from ontology.changes import ItemChange, ReleaseChanges
    from ontology.dataset import Dataset


def opened(path: Path) -> Dataset:
    dataset = open_dataset(path)
    assert dataset is not None
    return dataset


def compared(folder: Path, before: Tables, after: Tables) -> ReleaseChanges:
    old, new = unpacked(folder / "esco-v1", before), unpacked(folder / "esco-v2", after)
    return compare_releases(opened(old), opened(new))


def item(changes: ReleaseChanges, iri: str) -> ItemChange:
    return next(one for one in changes.items if iri in (one.after, one.before))


def told(change: ItemChange) -> list[tuple[str, Change, str, str]]:
    return [(one.field, one.change, one.before, one.after) for one in change.fields]


def replaced(given: Tables, old: str, new: str) -> Tables:
    """Every cell that is ``old`` or holds it, with ``new``."""
    return {
        name: [[cell.replace(old, new) for cell in cells] for cells in rows] for name, rows in given.items()
    }


def test_a_release_has_no_change_against_itself(tmp_path: Path) -> None:
    changes = compared(tmp_path, tables(), tables())
    assert changes.items == ()
    assert changes.sizes_before == changes.sizes_after
    assert changes.sizes_after["standard"] == 2


def test_an_occupation_of_another_name_is_the_same_by_its_iri(
    tmp_path: Path,
) -> None:
    after = copy.deepcopy(tables())
    for cells in after["occupations_en.csv"]:
        if cells[1] == BAKER:
            cells[3] = "artisan baker"
            cells[4] = cells[4].replace("bread baker", "bread maker")
    changes = compared(tmp_path, tables(), after)
    assert [one.after for one in changes.items] == [BAKER]
    fields = told(item(changes, BAKER))
    assert ("name", Change.REWORDED, "baker", "artisan baker") in fields
    assert ("alternative_names", Change.ADDED, "", "bread maker") in fields
    assert ("alternative_names", Change.REMOVED, "bread baker", "") in fields


def test_requirements_are_new_gone_or_of_another_relation(tmp_path: Path) -> None:
    after = copy.deepcopy(tables())
    after["occupationSkillRelations.csv"] = [
        ["occupationUri", "relationType", "skillType", "skillUri"],
        [BAKER, "essential", "skill/competence", KNEAD],
        [BAKER, "essential", "knowledge", DOUGH],
        [PASTRY, "essential", "", HYGIENE],
        [PASTRY, "optional", "skill/competence", KNEAD],
    ]
    changes = compared(tmp_path, tables(), after)
    (baker,) = item(changes, BAKER).requirements
    assert baker.before is not None
    assert baker.after is not None
    assert (baker.concept, baker.before.relation, baker.after.relation) == (DOUGH, "optional", "essential")
    pastry = {
        one.concept: (one.before is None, one.after is None) for one in item(changes, PASTRY).requirements
    }
    assert pastry == {KNEAD: (True, False), DOUGH: (False, True)}
    assert changes.counts()["standard"] == {"requirements": 2}
    assert changes.names[KNEAD] == "knead dough"


def test_another_iri_under_the_same_name_is_not_taken_for_another_group(tmp_path: Path) -> None:
    changes = compared(tmp_path, tables(), replaced(tables(), FOOD, f"{ROOT}skill/4f2c"))
    (group,) = changes.items
    assert (group.before, group.after, group.changes) == (FOOD, f"{ROOT}skill/4f2c", ("identifier",))


def test_what_is_new_and_what_is_gone_swap_with_the_sides(tmp_path: Path) -> None:
    fewer = {
        name: [cells for cells in rows if PASTRY not in cells]
        for name, rows in copy.deepcopy(tables()).items()
    }
    gone = compared(tmp_path / "a", tables(), fewer)
    new = compared(tmp_path / "b", fewer, tables())
    assert item(gone, PASTRY).changes == ("removed",)
    assert item(new, PASTRY).changes == ("added",)
    assert len(gone.items) == len(new.items)


def test_tasks_and_ratings_of_an_occupation_are_compared(tmp_path: Path) -> None:
    before, after = onet_tables(), copy.deepcopy(onet_tables())
    tasks = after["Task Statements"]
    column = tasks[0].index("Task")
    word = str(tasks[1][column])
    tasks[1][column] = f"{word.removesuffix('.')} every day."
    values = after["Knowledge"][0].index("Data Value")
    scale = after["Knowledge"][0].index("Scale ID")
    rated = next(cells for cells in after["Knowledge"][1:] if cells[scale] == "IM")
    rated[values] = 1.5
    changes = compare_releases(
        opened(write_texts(tmp_path / "old", before)), opened(write_texts(tmp_path / "new", after))
    )
    assert {name for one in changes.items for name in one.changes} == {"elements", "requirements"}
    (element,) = (element for one in changes.items for element in one.elements)
    assert (element.changes, element.found_by) == ((Change.REWORDED,), "code")
    (rating,) = (rating for one in changes.items for rating in one.requirements)
    assert rating.after is not None
    assert rating.after.importance == 1.5


def test_releases_of_two_frameworks_are_refused(tmp_path: Path) -> None:
    esco = opened(unpacked(tmp_path / "esco", tables()))
    onet = opened(write_texts(tmp_path / "onet", onet_tables()))
    with pytest.raises(InvalidInput, match="give two releases of the same"):
        compare_releases(esco, onet)


def test_esco_from_1_1_0_to_1_1_1(shared_data: Path) -> None:
    changes = compare_releases(opened(shared_data / "esco-v1.1.0"), opened(shared_data / "esco-v1.1.1"))
    counts = changes.counts()
    assert (changes.sizes_before["standard"], changes.sizes_after["standard"]) == (3008, 3007)
    (gone,) = (one for one in changes.items if one.sort == "standard" and not one.after)
    assert gone.name == "therapeutic radiographer"
    assert counts["group"]["identifier"] == 403
    assert counts["skill"]["name"] == 2
    assert counts["standard"]["requirements"] == 502
    assert counts["skill"]["description"] == 86
