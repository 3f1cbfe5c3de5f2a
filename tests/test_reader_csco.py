"""The classification CSCO: groups, occupations and their tasks, out of one table of four levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph

from ontology.dataset import Concept, ConceptScheme
from ontology.errors import DocumentError
from ontology.identifiers import Identifiers
from ontology.model import Standard, Task
from ontology.rdf_dataset import write_dataset
from ontology.readers.csco import split_tasks
from ontology.readers.datasets import open_dataset, recognises_dataset
from ontology.statements import GraphSink
from ontology.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

    from ontology.dataset import Dataset, Item

HEADER = "level,code,code_num,name,definition,tasks,csco_code_num,alias\n"
ROWS = (
    "1,7-00-00-00,7000000,面点人员,,,7000000,面点人员\n"
    "2,7-01-00-00,7010000,烘焙人员,,,7010000,烘焙人员\n"
    '4,7-01-00-00,7010000,烘焙师,做面包的人员。,1.和面 2.烤面包。,7010000,"烘焙师,面包师,烤炉工"\n'
    "4,7-01-02-01,7010201,糕点师,做糕点的人员。,,9,糕点师\n"
)


def written(folder: Path, text: str = HEADER + ROWS, name: str = "csco22.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def opened(path: Path) -> Dataset:
    found = open_dataset(path)
    assert found is not None
    return found


def by_name(path: Path) -> dict[str, Item]:
    return {
        item.title if isinstance(item, ConceptScheme) else item.name: item
        for item in opened(path).items()
        if isinstance(item, Concept | Standard | ConceptScheme)
    }


def test_occupations_have_tasks_and_groups_a_hierarchy(tmp_path: Path) -> None:
    found = by_name(written(tmp_path))
    assert found["烘焙师"] == Standard(
        framework="csco",
        code="7-01-00-00",
        name="烘焙师",
        language="zh-Hans",
        description="做面包的人员。",
        tasks=(Task("T1", "和面"), Task("T2", "烤面包。")),
        source="csco22.csv",
        alternative_names=("烤炉工", "面包师"),
        broader=("code/csco/7-01-00-00",),
    )
    group = found["烘焙人员"]
    assert isinstance(group, Concept)
    assert (group.code, group.broader, group.category) == ("7-01-00-00", ("code/csco/7-00-00-00",), "2")
    dataset = opened(tmp_path / "csco22.csv")
    assert (dataset.info.version, dataset.info.language) == ("2022", "zh-Hans")
    cake = found["糕点师"]
    assert isinstance(cake, Standard)
    assert cake.details == (("csco_code_num", "9"),)
    list(dataset.items())
    assert [(one.kind, one.text) for one in dataset.doubts()] == [
        ("missing-tasks", "7-01-02-01"),
        ("missing-group", "7-01-02-00"),
    ]


@pytest.mark.parametrize(
    ("cell", "tasks"),
    [
        ("1.和面 2.烤面包。", ("和面", "烤面包。")),
        ("1.操作 2.5 吨叉车 2.装卸", ("操作 2.5 吨叉车", "装卸")),
        ("1.和面；2.烤面包", ("和面；", "烤面包")),
        ("1.做 7.类事 2.做2.类事", ("做 7.类事", "做2.类事")),
        ("先说 1.和面", ("先说", "和面")),
        ("和面", ("和面",)),
        ("", ()),
    ],
)
def test_only_the_next_number_begins_a_task(cell: str, tasks: tuple[str, ...]) -> None:
    assert split_tasks(cell) == tasks


@given(
    st.lists(
        st.text("和面烤包12.5 ，", min_size=1).filter(lambda one: one.strip(" ")), min_size=1, max_size=12
    )
)
def test_no_character_of_the_tasks_is_lost(texts: list[str]) -> None:
    cell = " ".join(f"{number}.{text}" for number, text in enumerate(texts, 1))
    found = split_tasks(cell)
    numbers = "".join(f"{number}." for number in range(1, len(texts) + 2))
    left = list("".join(cell.split()))
    for character in "".join("".join(found).split()):
        left.remove(character)
    assert not set(left) - set(numbers)


def test_titles_of_jobs_are_refused_alone_and_left_out_of_a_folder(tmp_path: Path) -> None:
    written(tmp_path)
    titles = written(
        tmp_path, "job_name,expected_code,expected_name\n面包师,7-01-00-00,烘焙师\n", "titles.csv"
    )
    assert recognises_dataset(tmp_path)
    with pytest.raises(DocumentError, match="for evaluation; expected the classification itself"):
        open_dataset(titles)
    dataset = opened(tmp_path)
    list(dataset.items())
    assert "left-out" in {one.kind for one in dataset.doubts()}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("5,7-09-00-00,,x,,,,\n", "line 6, level: found '5'; expected 1, 2, 3 or 4"),
        ("4,7.09,,x,,,,\n", "line 6, code: found '7.09'"),
        ("4,7-09-00-00,,,,,,\n", "line 6, name: found ''"),
        ("4,7-01-00-00,,另一,,,,\n", "line 6, code: 7-01-00-00 is also on line 4, with other content"),
        ("4,7-09-00-00,x\n", "line 6: the row has 3 cells"),
    ],
)
def test_rows_that_cannot_be_are_refused_with_their_line(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        list(opened(written(tmp_path, HEADER + ROWS + row)).items())
    assert message in str(caught.value)


def test_a_row_that_is_there_again_is_counted(tmp_path: Path) -> None:
    dataset = opened(written(tmp_path, HEADER + ROWS + ROWS.splitlines(keepends=True)[2]))
    assert len([one for one in dataset.items() if isinstance(one, Standard)]) == 2
    assert "doubled-row" in {one.kind for one in dataset.doubts()}


@given(at=st.floats(0, 1), junk=st.text('",\n1.\x00', max_size=5))
@settings(max_examples=40, deadline=None)
def test_only_document_errors_come_out(
    tmp_path_factory: pytest.TempPathFactory, at: float, junk: str
) -> None:
    text = HEADER + ROWS
    cut = int(at * len(text))
    path = written(tmp_path_factory.mktemp("csco"), text[:cut] + junk + text[cut + len(junk) :])
    try:
        found = open_dataset(path)
        if found is not None:
            write_dataset(found, Identifiers(), GraphSink(Graph()))
    except DocumentError as error:
        assert error.file == str(path)  # noqa: PT017


def test_the_graph_conforms_to_the_shapes(tmp_path: Path) -> None:
    graph = Graph()
    write_dataset(opened(written(tmp_path)), Identifiers(), GraphSink(graph))
    assert validate(graph).violations == ()


def test_the_real_table_is_read_whole(shared_data: Path) -> None:
    dataset = opened(shared_data / "csco-2022")
    graph = Graph()
    counts = write_dataset(dataset, Identifiers(), GraphSink(graph))
    assert (counts["standard"], counts["group"], counts["task"]) == (1_632, 416, 10_567)
    doubled = next(one for one in dataset.doubts() if one.kind == "doubled-row")
    assert doubled.message.endswith("(3 times, first on line 1053)")
