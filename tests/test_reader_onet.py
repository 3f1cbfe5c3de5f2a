"""O*NET: workbooks and text files give the same occupations, whole, and what is wrong is named."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from rdflib import SKOS, Graph, Literal, URIRef
from small_onet import (
    BAKER,
    CODE,
    MILLER,
    OTHER,
    rating,
    release,
    sheet_xml,
    text,
    workbook,
    write_texts,
    write_workbooks,
    write_zip,
)

from graph import Status, ingest, load_standard, open_store
from graph.repository import load_elements
from ontology.dataset import Concept, ConceptScheme
from ontology.errors import DocumentError
from ontology.identifiers import Identifiers
from ontology.model import ConceptKind, RelatedStandard, Requirement, Standard, Task
from ontology.rdf import from_graph, to_graph
from ontology.rdf_dataset import write_dataset
from ontology.readers.datasets import open_dataset, recognises_dataset
from ontology.readers.onet import open_onet
from ontology.statements import GraphSink
from ontology.validation import validate
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from small_onet import Cell, Table

    from ontology.dataset import Dataset, Item

IDENTIFIERS = Identifiers()
ELEMENT = "code/onet-content-model/"
ACTIVITY = "code/onet-work-activities/"
OVEN = "code/onet-technologies/Oven%20%26%20Co%20%232%2FB"


def opened(path: Path) -> Dataset:
    dataset = open_dataset(path)
    assert dataset is not None
    return dataset


def standards(dataset: Dataset) -> dict[str, Standard]:
    return {one.code: one for one in dataset.items() if isinstance(one, Standard)}


def concepts(dataset: Dataset) -> dict[tuple[str, str], Concept]:
    return {(one.scheme, one.code): one for one in dataset.items() if isinstance(one, Concept)}


def without_title(tables: dict[str, Table]) -> dict[str, Table]:
    """As the text release has it: names only where a table is the home of what they name."""
    dropped = {"Title", "Scale Name", "Related Title", "Element Name", "IWA Title", "Task", "DWA Title"}
    home = {
        "Occupation Data": {"Title"},
        "Content Model Reference": {"Element Name"},
        "Task Statements": {"Task"},
        "DWA Reference": {"DWA Title"},
        "Knowledge": {"Element Name"},
    }
    short = {}
    for name, table in tables.items():
        keep = [
            place
            for place, column in enumerate(table[0])
            if column not in dropped or column in home.get(name, set())
        ]
        short[name] = [[row[place] for place in keep] for row in table]
    short["IWA Reference"] = [["Element ID", "IWA ID", "IWA Title"], ["4.A.1", "4.A.1.I01", "Prepare food."]]
    return short


class TestContent:
    def test_an_occupation_has_all_that_the_tables_say_of_it(self, tmp_path: Path) -> None:
        dataset = opened(write_workbooks(tmp_path / "onet-29.3", release()))
        baker = standards(dataset)[BAKER]
        assert baker == Standard(
            framework="onet",
            code=BAKER,
            name="Bakers",
            language="en",
            description="Mix and bake ingredients to make bread.",
            tasks=(
                Task(
                    "12",
                    "Knead dough by hand.",
                    category="Core",
                    work_activities=(f"{ACTIVITY}4.A.1.I01.D01", f"{ACTIVITY}4.A.1.I01.D02"),
                ),
                Task("7", 'Check the "crumb" of loaves.', category="Supplemental"),
            ),
            source="onet-29.3",
            alternative_names=("Apprentice Baker", "BB", "Bread Baker (BB)"),
            requirements=(
                Requirement(ConceptKind.ATTITUDE, f"{ELEMENT}1.C.6", importance=3.9),
                Requirement(
                    ConceptKind.KNOWLEDGE,
                    f"{ELEMENT}2.C.9",
                    importance=4.12,
                    level=5.5,
                    level_suppressed=True,
                ),
                Requirement(
                    ConceptKind.SKILL, f"{ELEMENT}2.A.1.a", importance=3.0, level=2.25, suppressed=True
                ),
                Requirement(ConceptKind.TECHNOLOGY, OVEN, "in-demand"),
                Requirement(ConceptKind.TECHNOLOGY, "code/onet-technologies/Recipe%20Table"),
            ),
            related=(
                RelatedStandard(f"onet/{MILLER}", "Primary-Short"),
                RelatedStandard(f"onet/{OTHER}", "Supplemental"),
            ),
            details=(
                ("Task Statements: Date", "08/2023; 07/2014"),
                ("Task Statements: Domain Source", "Incumbent; Analyst"),
                ("Tasks to DWAs: Date", "07/2014"),
                ("Tasks to DWAs: Domain Source", "Analyst"),
                ("Knowledge: Date", "08/2023"),
                ("Knowledge: Domain Source", "Incumbent"),
                ("Skills: Date", "08/2023"),
                ("Skills: Domain Source", "Incumbent"),
                ("Work Styles: Date", "08/2023"),
                ("Work Styles: Domain Source", "Incumbent"),
            ),
        )
        assert standards(dataset)[MILLER].requirements[0].not_relevant
        assert dataset.doubts() == ()
        assert (dataset.info.key, dataset.info.version) == ("onet", "29.3")
        assert "O*NET 29.3 Database" in dataset.info.attribution

    def test_what_occupations_share_has_its_kind_and_its_place(self, tmp_path: Path) -> None:
        found = concepts(opened(write_workbooks(tmp_path / "onet", release())))
        kinds = {code: one.kind.value for (_, code), one in found.items()}
        assert {code: kind for code, kind in kinds.items() if kind != "group"} == {
            "1.C.6": "attitude",
            "2.A.1.a": "skill",
            "2.C.9": "knowledge",
            "4.A.1": "activity",
            "4.A.2": "activity",
            "4.A.1.I01": "activity",
            "4.A.1.I01.D01": "activity",
            "4.A.1.I01.D02": "activity",
            "Oven & Co #2/B": "technology",
            "Recipe Table": "technology",
        }
        model = "onet-content-model"
        assert found[model, "2.A.1.a"].broader == (f"{ELEMENT}2.A.1",)
        assert found[model, "1.A.1"].category == "Abilities"
        assert found[model, "1.A"].description == "What lasts in a person."
        assert found[model, "1"].description == ""
        detailed = found["onet-work-activities", "4.A.1.I01.D01"]
        assert (detailed.broader, detailed.category) == (
            (f"{ACTIVITY}4.A.1.I01",),
            "Detailed Work Activities",
        )
        assert found["onet-work-activities", "4.A.1.I01"].broader == (f"{ELEMENT}4.A.1",)
        oven = found["onet-technologies", "Oven & Co #2/B"]
        assert (oven.tags, oven.broader) == (("hot",), ("code/unspsc/43231501", "code/unspsc/43231502"))
        assert found["onet-technologies", "Recipe Table"].tags == ()
        assert found["unspsc", "43231501"].name == "Oven software"

    def test_every_reference_leads_to_an_item_that_came_before(self, tmp_path: Path) -> None:
        known: set[str] = set()
        schemes: set[str] = set()
        items = list(opened(write_workbooks(tmp_path / "onet", release())).items())
        occupations = {f"onet/{one.code}" for one in items if isinstance(one, Standard)}
        for item in items:
            if isinstance(item, ConceptScheme):
                schemes.add(item.code)
            elif isinstance(item, Concept):
                assert item.scheme in schemes
                assert set(item.broader) <= known
                known.add(IDENTIFIERS.concept(item.scheme, item.code).removeprefix(IDENTIFIERS.base))
            elif isinstance(item, Standard):
                assert {one.concept for one in item.requirements} <= known
                assert {one for task in item.tasks for one in task.work_activities} <= known
                assert {one.standard for one in item.related} <= occupations


class TestForms:
    """A folder of workbooks, a folder of text files, a zip of either: one release."""

    @pytest.fixture
    def expected(self, tmp_path: Path) -> list[Item]:
        return list(opened(write_workbooks(tmp_path / "books" / "onet-29.3", release())).items())

    def test_text_files_give_the_same_items(self, tmp_path: Path, expected: list[Item]) -> None:
        path = write_texts(tmp_path / "texts" / "onet-29.3", release())
        assert list(opened(path).items()) == expected

    def test_the_text_release_repeats_no_names_and_gives_the_same_items(
        self, tmp_path: Path, expected: list[Item]
    ) -> None:
        dataset = opened(write_texts(tmp_path / "texts" / "onet-29.3", without_title(release())))
        assert list(dataset.items()) == expected
        assert dataset.doubts() == ()

    @pytest.mark.parametrize("suffix", ["txt", "xlsx"])
    def test_a_zip_with_a_folder_in_it_gives_the_same_items(
        self, tmp_path: Path, expected: list[Item], suffix: str
    ) -> None:
        files = {
            f"db_29_3/{name}.{suffix}": text(table) if suffix == "txt" else workbook(name, table)
            for name, table in release().items()
        }
        dataset = opened(write_zip(tmp_path / "release.zip", files))
        assert dataset.info.version == "29.3"
        assert [
            replace(one, source="onet-29.3") if isinstance(one, Standard) else one for one in dataset.items()
        ] == expected

    def test_files_may_have_any_name_and_one_of_them_stands_for_all(
        self, tmp_path: Path, expected: list[Item]
    ) -> None:
        folder = tmp_path / "onet-29.3"
        folder.mkdir()
        for number, table in enumerate(release().values()):
            (folder / f"{number}.xlsx").write_bytes(workbook("Sheet1", table))
        assert list(opened(folder).items()) == expected
        assert list(opened(folder / "5.xlsx").items()) == expected

    def test_a_read_me_file_tells_the_version(self, tmp_path: Path) -> None:
        folder = write_texts(tmp_path / "whatever", release())
        (folder / "Read Me.txt").write_text("The O*NET® 30.1 Database\n", encoding="utf-8")
        dataset = opened(folder)
        assert (dataset.info.version, dataset.doubts()) == ("30.1", ())

    def test_items_can_be_read_again(self, tmp_path: Path, expected: list[Item]) -> None:
        dataset = opened(write_workbooks(tmp_path / "onet-29.3", release()))
        assert list(dataset.items()) == list(dataset.items()) == expected

    def test_other_files_are_not_taken_for_it(self, tmp_path: Path) -> None:
        table: Table = [["Element ID", "Element Name", "Description"], ["1", "a", "b"]]
        (tmp_path / "a.txt").write_bytes(text(table))
        (tmp_path / "b.xlsx").write_bytes(workbook("Skills", [["Skill", "Level"], ["Baking", 3]]))
        (tmp_path / "c.xlsx").write_bytes(b"PK\x03\x04 broken")
        (tmp_path / "d.zip").write_bytes(b"PK\x03\x04 broken")
        (tmp_path / "empty.txt").write_bytes(b"")
        for path in [tmp_path, tmp_path / "none", *tmp_path.iterdir()]:
            assert not recognises_dataset(path), path


class TestIncomplete:
    """What is there is read, and what is missing is told."""

    def test_missing_tables_are_doubts(self, tmp_path: Path) -> None:
        tables = {"Occupation Data": release()["Occupation Data"]}
        dataset = opened(write_workbooks(tmp_path / "x", tables))
        assert standards(dataset)[BAKER] == Standard(
            framework="onet",
            code=BAKER,
            name="Bakers",
            language="en",
            description="Mix and bake ingredients to make bread.",
            source="x",
        )
        kinds = Counter(doubt.kind for doubt in dataset.doubts())
        assert kinds == {"missing-table": 11, "unknown-version": 1}

    @pytest.mark.parametrize("name", ["Content Model Reference", "DWA Reference", "Scales Reference"])
    def test_names_are_taken_from_the_rows_where_a_reference_is_missing(
        self, tmp_path: Path, name: str
    ) -> None:
        full = standards(opened(write_workbooks(tmp_path / "full" / "onet-1.0", release())))
        tables = release()
        del tables[name]
        dataset = opened(write_workbooks(tmp_path / "part" / "onet-1.0", tables))
        assert standards(dataset) == full
        assert [(one.kind, one.where) for one in dataset.doubts()] == [("missing-table", name)]
        found = concepts(dataset)
        assert found["onet-content-model", "2.C.9"].name == "Food Production"
        assert found["onet-work-activities", "4.A.1.I01.D02"].name == "Weigh goods."

    def test_an_element_without_any_name_keeps_its_id(self, tmp_path: Path) -> None:
        tables = without_title(release())
        del tables["Content Model Reference"]
        dataset = opened(write_texts(tmp_path / "onet-1.0", tables))
        found = concepts(dataset)
        assert found["onet-content-model", "1.C.6"].name == "1.C.6"
        [doubt] = [one for one in dataset.doubts() if one.kind == "unnamed-element"]
        assert "1.C.6" in doubt.text

    def test_files_and_columns_that_are_not_read_are_named(self, tmp_path: Path) -> None:
        tables = release()
        tables["Alternate Titles"] = [[*row, "?"] for row in tables["Alternate Titles"]]
        folder = write_workbooks(tmp_path / "onet-1.0", tables)
        (folder / "Abilities.xlsx").write_bytes(workbook("Abilities", [["A"], ["b"]]))
        (folder / "notes.pdf").write_bytes(b"%PDF")
        dataset = opened(folder)
        list(dataset.items())
        doubts = {one.kind: one for one in dataset.doubts()}
        assert set(doubts) == {"unread-file", "unread-column"}
        assert "Abilities.xlsx" in doubts["unread-file"].text
        assert "notes.pdf" in doubts["unread-file"].text
        assert (doubts["unread-column"].where, doubts["unread-column"].text) == ("Alternate Titles", "?")

    def test_ratings_without_value_or_on_other_scales_are_counted(self, tmp_path: Path) -> None:
        tables = release()
        tables["Knowledge"] += [
            rating(OTHER, "Production Workers, All Other", "2.C.9", "Food Production", "IM", "n/a"),
            rating(OTHER, "Production Workers, All Other", "2.C.9", "Food Production", "EX", 50),
        ]
        dataset = opened(write_workbooks(tmp_path / "onet-1.0", tables))
        assert standards(dataset)[OTHER].requirements == ()
        assert {one.kind: (one.where, one.message.split(" ")[0]) for one in dataset.doubts()} == {
            "missing-value": ("Knowledge", "1"),
            "unread-scale": ("Knowledge, EX", "1"),
        }

    def test_a_technology_that_is_hot_in_one_row_only_is_doubted(self, tmp_path: Path) -> None:
        tables = release()
        tables["Technology Skills"][1][5] = "N"
        dataset = opened(write_workbooks(tmp_path / "onet-1.0", tables))
        assert concepts(dataset)["onet-technologies", "Oven & Co #2/B"].tags == ("hot",)
        assert [(one.kind, one.text) for one in dataset.doubts()] == [("several-values", "Oven & Co #2/B")]


def cell(table: str, row: int, column: str, value: Cell) -> Callable[[dict[str, Table]], None]:
    def change(tables: dict[str, Table]) -> None:
        tables[table][row - 1][tables[table][0].index(column)] = value

    return change


def doubled(table: str, row: int) -> Callable[[dict[str, Table]], None]:
    return lambda tables: tables[table].append(list(tables[table][row - 1]))


WRONG: list[tuple[Callable[[dict[str, Table]], None], str, int, str, str]] = [
    (cell("Occupation Data", 2, CODE, "51-3011"), "Occupation Data", 2, CODE, "11-1011.00"),
    (cell("Occupation Data", 3, "Title", ""), "Occupation Data", 3, "Title", "empty"),
    (doubled("Occupation Data", 2), "Occupation Data", 5, CODE, "twice"),
    (cell("Scales Reference", 2, "Minimum", "low"), "Scales Reference", 2, "Minimum", "'low'"),
    (cell("Scales Reference", 2, "Maximum", 0), "Scales Reference", 2, "Maximum", "minimum"),
    (doubled("Content Model Reference", 6), "Content Model Reference", 17, "Element ID", "twice"),
    (doubled("DWA Reference", 2), "DWA Reference", 4, "DWA ID", "twice"),
    (cell("DWA Reference", 3, "Element ID", "4.B.9"), "DWA Reference", 3, "Element ID", "4.B.9"),
    (cell("DWA Reference", 3, "Element ID", "2.C.9"), "DWA Reference", 3, "Element ID", "2.C.9"),
    (cell("Task Statements", 3, CODE, "11-1011.00"), "Task Statements", 3, CODE, "11-1011.00"),
    (cell("Task Statements", 3, "Task ID", "seven"), "Task Statements", 3, "Task ID", "'seven'"),
    (doubled("Task Statements", 4), "Task Statements", 5, "Task ID", "30"),
    (cell("Tasks to DWAs", 3, "Task ID", 30), "Tasks to DWAs", 3, "Task ID", "'30'"),
    (cell("Tasks to DWAs", 3, "DWA ID", "4.A.9"), "Tasks to DWAs", 3, "DWA ID", "4.A.9"),
    (cell("Knowledge", 2, CODE, "11-1011.00"), "Knowledge", 2, CODE, "11-1011.00"),
    (cell("Knowledge", 2, "Data Value", 5.01), "Knowledge", 2, "Data Value", "1 to 5"),
    (cell("Knowledge", 3, "Data Value", -1), "Knowledge", 3, "Data Value", "0 to 7"),
    (cell("Knowledge", 3, "Data Value", "nan"), "Knowledge", 3, "Data Value", "a number"),
    (cell("Knowledge", 4, "Element ID", "2.C.8"), "Knowledge", 4, "Element ID", "2.C.8"),
    (cell("Knowledge", 4, "Element ID", "2.A.1.a"), "Knowledge", 4, "Element ID", "2.A.1.a"),
    (cell("Knowledge", 2, "Scale ID", "XX"), "Knowledge", 2, "Scale ID", "'XX'"),
    (doubled("Knowledge", 2), "Knowledge", 6, "Scale ID", "twice"),
    (cell("Skills", 2, "Recommend Suppress", "maybe"), "Skills", 2, "Recommend Suppress", "Y or N"),
    (cell("Skills", 2, "Not Relevant", "?"), "Skills", 2, "Not Relevant", "Y or N"),
    (cell("Technology Skills", 2, "Commodity Code", "4x"), "Technology Skills", 2, "Commodity Code", "'4x'"),
    (cell("Technology Skills", 3, "In Demand", 1), "Technology Skills", 3, "In Demand", "Y or N"),
    (cell("Technology Skills", 3, "Example", ""), "Technology Skills", 3, "Example", "empty"),
    (cell("Alternate Titles", 2, "Alternate Title", ""), "Alternate Titles", 2, "Alternate Title", "empty"),
    (
        cell("Related Occupations", 2, "Related O*NET-SOC Code", "11-1011.00"),
        "Related Occupations",
        2,
        "Related O*NET-SOC Code",
        "11-1011.00",
    ),
    (cell("Related Occupations", 3, "Index", "first"), "Related Occupations", 3, "Index", "'first'"),
    (doubled("Related Occupations", 3), "Related Occupations", 4, "Related O*NET-SOC Code", "twice"),
]


class TestBadInput:
    @pytest.mark.parametrize(("change", "table", "line", "column", "said"), WRONG)
    @pytest.mark.parametrize("suffix", ["txt", "xlsx"])
    def test_a_wrong_cell_is_named_by_file_row_and_column(
        self,
        tmp_path: Path,
        change: Callable[[dict[str, Table]], None],
        table: str,
        line: int,
        column: str,
        said: str,
        suffix: str,
    ) -> None:
        tables = release()
        change(tables)
        write = write_texts if suffix == "txt" else write_workbooks
        dataset = opened(write(tmp_path / "onet-29.3", tables))
        with pytest.raises(DocumentError) as caught:
            list(dataset.items())
        error = caught.value
        sheet = "" if suffix == "txt" else f"sheet {table}, "
        assert error.file.endswith(f"{table}.{suffix}")
        assert (error.line, error.field) == (line, f"{sheet}column {column}")
        assert said in str(error)

    def test_without_occupations_there_is_no_release(self, tmp_path: Path) -> None:
        tables = release()
        del tables["Occupation Data"]
        folder = write_workbooks(tmp_path / "onet-29.3", tables)
        assert recognises_dataset(folder)
        with pytest.raises(DocumentError, match=r"Occupation Data is missing.*Occupation Data\.xlsx"):
            open_dataset(folder)

    @pytest.mark.parametrize("suffix", ["txt", "xlsx"])
    def test_a_missing_column_is_named(self, tmp_path: Path, suffix: str) -> None:
        tables = release()
        place = tables["Skills"][0].index("Recommend Suppress")
        tables["Skills"] = [row[:place] + row[place + 1 :] for row in tables["Skills"]]
        write = write_texts if suffix == "txt" else write_workbooks
        folder = write(tmp_path / "onet-29.3", tables)
        with pytest.raises(DocumentError, match="column is missing") as caught:
            open_dataset(folder)
        assert caught.value.file.endswith(f"Skills.{suffix}")
        assert str(caught.value.field).endswith("column Recommend Suppress")

    def test_a_wrong_sheet_a_doubled_column_and_a_doubled_table_are_named(self, tmp_path: Path) -> None:
        folder = write_workbooks(tmp_path / "onet-29.3", release())
        skills = (folder / "Skills.xlsx").read_bytes()
        (folder / "Skills.xlsx").write_bytes(workbook("Notes", [["Remarks"], ["none"]]))
        with pytest.raises(DocumentError, match=r"Skills\.xlsx.*sheet Notes, column O\*NET-SOC Code"):
            open_dataset(folder)
        (folder / "Skills.xlsx").write_bytes(workbook("Skills", [[*release()["Skills"][0], "N"]]))
        with pytest.raises(DocumentError, match=r"column N: the column is there twice"):
            open_dataset(folder)
        (folder / "Skills.xlsx").write_bytes(skills)
        (folder / "Skills.txt").write_bytes(text(release()["Skills"]))
        with pytest.raises(DocumentError, match="each table once"):
            open_dataset(folder)

    def test_lines_that_are_cut_or_too_long_are_named(self, tmp_path: Path) -> None:
        folder = write_texts(tmp_path / "onet-29.3", release())
        whole = (folder / "Skills.txt").read_bytes()
        (folder / "Skills.txt").write_bytes(whole[:-20])
        with pytest.raises(DocumentError, match=r"Skills\.txt, line 3, column Date: the line ends too early"):
            list(opened(folder).items())
        (folder / "Skills.txt").write_bytes(whole.rstrip() + b"\tmore\r\n")
        with pytest.raises(DocumentError, match=r"line 3, column 14: there is a cell without a heading"):
            list(opened(folder).items())
        (folder / "Skills.txt").write_bytes(whole.replace(b"Reading", b"\xff\xfe"))
        with pytest.raises(DocumentError, match="not UTF-8"):
            list(opened(folder).items())

    def test_one_broken_workbook_is_named_and_nothing_is_published(self, tmp_path: Path) -> None:
        folder = write_workbooks(tmp_path / "onet-29.3", release())
        data = (folder / "Alternate Titles.xlsx").read_bytes()
        (folder / "Alternate Titles.xlsx").write_bytes(data[: len(data) // 2])
        with open_store("memory:") as store:
            report = ingest([folder], store, IDENTIFIERS)
            assert [one.status for one in report.outcomes] == [Status.REFUSED]
            assert "Alternate Titles.xlsx" in str(report.outcomes[0].error)
            assert store.graphs() == {}
        (folder / "Alternate Titles.xlsx").write_bytes(b"not a workbook")
        with pytest.raises(DocumentError, match="this is no workbook"):
            open_dataset(folder)

    @given(data=st.data())
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_damage_is_a_document_error_or_none(self, tmp_path: Path, data: st.DataObject) -> None:
        suffix = data.draw(st.sampled_from(["txt", "xlsx"]))
        name = data.draw(st.sampled_from(sorted(release())))
        places, values = st.floats(0, 1, exclude_max=True), st.integers(0, 255)
        damages = data.draw(st.lists(st.tuples(places, values), max_size=8))
        row, column, kept = data.draw(st.tuples(places, places, st.floats(0.5, 1)))
        printed = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))
        value = data.draw(st.none() | printed | st.integers() | st.floats(-9, 9))

        files = {
            one: text(table) if suffix == "txt" else whole_workbook(one) for one, table in release().items()
        }
        if value is None:
            damaged = bytearray(files[name])
            for place, byte in damages:
                damaged[int(place * len(damaged))] = byte
            files[name] = bytes(damaged[: int(kept * len(damaged))])
        else:
            table = release()[name]
            table[int(row * len(table))][int(column * len(table[0]))] = value
            files[name] = text(table) if suffix == "txt" else workbook(name, table)
        path = write_zip(tmp_path / "onet-29.3.zip", {f"{one}.{suffix}": data for one, data in files.items()})
        try:
            dataset = open_dataset(path)
            if dataset is not None:
                write_dataset(dataset, IDENTIFIERS, GraphSink(Graph()))
        except DocumentError as error:
            event("refused: " + error.reason.split(" ")[0])


@cache
def whole_workbook(name: str) -> bytes:
    return workbook(name, release()[name])


HEADING = "".join(
    f'<c r="{place}1" t="inlineStr"><is><t>{column}</t></is></c>'
    for place, column in zip("ABC", (CODE, "Title", "Description"), strict=True)
)
HEAD = f'<row r="1">{HEADING}</row>'


class TestSpreadsheets:
    """What XLSX allows beside what the release has, and what it must not do."""

    def read(self, tmp_path: Path, rows: str) -> Standard:
        folder = tmp_path / "onet-29.3"
        folder.mkdir()
        (folder / "Occupation Data.xlsx").write_bytes(sheet_xml(HEAD + rows))
        [standard] = [one for one in open_onet(folder).items() if isinstance(one, Standard)]
        return standard

    def test_cells_of_every_kind_are_read(self, tmp_path: Path) -> None:
        standard = self.read(
            tmp_path,
            '<row><c t="str"><f>A9</f><v>51-3011.00</v></c>'
            '<c t="inlineStr"><is><r><t>Ba</t></r><r><t>kers</t></r></is></c>'
            "<c><v>4.7800000000000002</v></c></row>",
        )
        assert (standard.code, standard.name, standard.description) == (BAKER, "Bakers", "4.78")

    def test_gaps_between_rows_and_cells_are_empty_cells(self, tmp_path: Path) -> None:
        standard = self.read(
            tmp_path,
            '<row r="5"><c r="A5"/></row>'
            f'<row r="9"><c r="A9" t="str"><v>{BAKER}</v></c>'
            '<c r="B9" t="str"><v>Bakers_x000D_</v></c></row>',
        )
        assert (standard.name, standard.description) == ("Bakers", "")

    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            ('<row r="1048576"><c r="XFD1048576" t="str"><v>far</v></c></row>', "too far to the right"),
            (f"<row>{'<c/>' * 300}<c t='str'><v>x</v></c></row>", "too far to the right"),
            ('<row><c r="B2"/><c r="A2"/></row>', "not in order"),
            ('<row r="3"/><row r="2"/>', "row 2 comes after row 3"),
            ('<row r="one"/>', "a row has the number 'one'"),
            ('<row><c r="2A"><v>1</v></c></row>', "reference '2A'"),
            ('<row><c t="s"><v>7</v></c></row>', "the text '7', which there is not"),
            ('<row><c t="e"><v>#N/A</v></c></row>', "the error #N/A"),
            ("<row><c><v>1,5</v></c></row>", "'1,5' is not a number"),
            ('<row><c t="str"><v>a_x0000_</v></c></row>', "U+0000"),
            ("<row><c>", "the XML cannot be read"),
        ],
    )
    def test_what_no_table_has_is_refused(self, tmp_path: Path, rows: str, said: str) -> None:
        with pytest.raises(DocumentError) as caught:
            self.read(tmp_path, rows)
        assert said in str(caught.value)

    @given(
        places=st.lists(
            st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 127)), min_size=1, max_size=4
        )
    )
    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_damaged_xml_is_a_document_error_or_still_a_table(
        self, tmp_path: Path, places: list[tuple[float, int]]
    ) -> None:
        row = f'<row r="2"><c r="A2" t="str"><v>{BAKER}</v></c>'
        row += '<c r="B2" t="b"><v>1</v></c><c r="C2"><v>-1.5e3</v></c></row>'
        rows = bytearray((HEAD + row).encode())
        for place, byte in places:
            rows[int(place * len(rows))] = byte
        path = tmp_path / "onet-29.3.zip"
        write_zip(path, {"Occupation Data.xlsx": sheet_xml(rows.decode())})
        try:
            found = [one for one in open_onet(path).items() if isinstance(one, Standard)]
        except DocumentError as error:
            event("refused: " + error.reason[:20])
        else:
            assert len(found) <= 1

    def test_entities_are_refused_before_they_grow(self, tmp_path: Path) -> None:
        folder = tmp_path / "onet-29.3"
        folder.mkdir()
        xml = f'<!DOCTYPE x [<!ENTITY a "b">]><x>{HEAD}</x>'
        good = sheet_xml(HEAD)
        path = folder / "Occupation Data.xlsx"
        path.write_bytes(good)
        with zipfile.ZipFile(io.BytesIO(good)) as packed:
            files = {name: packed.read(name) for name in packed.namelist()}
        write_zip(path, files | {"xl/worksheets/sheet1.xml": xml.encode()})
        with pytest.raises(DocumentError, match="document type declaration"):
            open_onet(folder)

    def test_a_zip_bomb_is_refused_unopened(self, tmp_path: Path) -> None:
        folder = tmp_path / "onet-29.3"
        folder.mkdir()
        (folder / "Occupation Data.xlsx").write_bytes(sheet_xml(HEAD + " " * 20_000_000))
        with pytest.raises(DocumentError, match="times as much"):
            open_onet(folder)


class TestGraph:
    def test_occupations_come_back_from_the_graph_as_they_were_read(self, tmp_path: Path) -> None:
        for standard in standards(opened(write_workbooks(tmp_path / "onet-29.3", release()))).values():
            graph = to_graph(standard, IDENTIFIERS)
            assert from_graph(graph, IDENTIFIERS.of_standard(standard), IDENTIFIERS) == standard

    def test_the_release_conforms_to_the_shapes(self, tmp_path: Path) -> None:
        graph = Graph()
        counts = write_dataset(
            opened(write_workbooks(tmp_path / "onet-29.3", release())), IDENTIFIERS, GraphSink(graph)
        )
        assert {name: counts[name] for name in ("standard", "task", "requirement", "concept")} == {
            "standard": 3,
            "task": 3,
            "requirement": 7,
            "concept": 10,
        }
        assert validate(graph).violations == ()

    def test_only_what_is_important_and_reliable_is_linked_as_required(self, tmp_path: Path) -> None:
        graph = Graph()
        write_dataset(
            opened(write_workbooks(tmp_path / "onet-29.3", release())), IDENTIFIERS, GraphSink(graph)
        )
        baker, miller = (URIRef(IDENTIFIERS.standard("onet", code)) for code in (BAKER, MILLER))
        food = URIRef(IDENTIFIERS.concept("onet-content-model", "2.C.9"))
        assert set(graph.objects(baker, CG.requiresKnowledge)) == {food}
        assert set(graph.objects(baker, CG.requiresSkill)) == set()
        assert set(graph.objects(miller, CG.requiresKnowledge)) == set()
        assert (food, SKOS.prefLabel, Literal("Food Production", lang="en")) in graph

    def test_a_second_ingest_changes_nothing_and_the_text_release_is_the_same(self, tmp_path: Path) -> None:
        books = write_workbooks(tmp_path / "a" / "onet-29.3", release())
        with open_store("memory:") as store:
            [first] = ingest([books], store, IDENTIFIERS).outcomes
            assert (first.status, first.counts["standard"]) == (Status.ADDED, 3)
            revision = store.revision()
            assert [one.status for one in ingest([books], store, IDENTIFIERS).outcomes] == [Status.UNCHANGED]
            texts = write_texts(tmp_path / "b" / "onet-29.3", release())
            assert [one.status for one in ingest([texts], store, IDENTIFIERS).outcomes] == [Status.UNCHANGED]
            assert store.revision() == revision
            assert load_standard(store, IDENTIFIERS, BAKER).name == "Bakers"

    def test_elements_are_read_alone_as_they_are_read_with_the_rest(self, tmp_path: Path) -> None:
        with open_store("memory:") as store:
            ingest([write_workbooks(tmp_path / "onet-29.3", release())], store, IDENTIFIERS)
            whole = load_standard(store, IDENTIFIERS, BAKER)
            own = load_elements(store, IDENTIFIERS, whole.iri or IDENTIFIERS.of_standard(whole))
            assert whole.requirements
            assert not own.requirements
            assert tuple(own.elements()) == tuple(whole.elements())
            assert own.tasks
            assert (own.tasks, own.doubts, own.source) == (whole.tasks, whole.doubts, whole.source)

    def test_files_of_one_release_are_one_document(self, tmp_path: Path) -> None:
        folder = write_workbooks(tmp_path / "onet-29.3", release())
        with open_store("memory:") as store:
            report = ingest([folder / "Skills.xlsx", folder / "Knowledge.xlsx", folder], store, IDENTIFIERS)
            assert [one.status for one in report.outcomes] == [Status.ADDED]


@pytest.fixture(scope="session")
def real_release(shared_data: Path) -> Dataset:
    return opened(shared_data / "onet-29.3")


def test_the_real_release_is_read_whole(real_release: Dataset) -> None:
    counts: Counter[str] = Counter()
    told: list[str] = []
    for item in real_release.items(lambda message, done, total: told.append(message)):
        counts[item.kind.value if isinstance(item, Concept) else type(item).__name__] += 1
        if isinstance(item, Standard):
            counts["task"] += len(item.tasks)
            counts["work activity of a task"] += sum(len(task.work_activities) for task in item.tasks)
            counts["related"] += len(item.related)
            counts["name"] += len(item.alternative_names)
            counts["rating"] += sum(
                (one.importance is not None) + (one.level is not None) for one in item.requirements
            )
            counts["use of a technology"] += sum(
                one.kind is ConceptKind.TECHNOLOGY for one in item.requirements
            )
            if item.code == "11-1011.00":
                graph = to_graph(item, IDENTIFIERS)
                assert from_graph(graph, IDENTIFIERS.of_standard(item), IDENTIFIERS) == item
                assert validate(graph).violations == ()
    assert counts == {
        "ConceptScheme": 4,
        "Standard": 1_016,
        "task": 18_796,
        "work activity of a task": 23_233,
        "related": 18_460,
        "name": 59_997,
        "rating": 58_014 + 61_530 + 14_064,
        "use of a technology": 32_681,
        "knowledge": 33,
        "skill": 35,
        "attitude": 16,
        "activity": 2_460,
        "technology": 8_775,
        "group": 637,
    }
    assert real_release.doubts() == ()
    assert told[0] == "Reading the content model"
    assert told[-1] == "Writing occupations"
