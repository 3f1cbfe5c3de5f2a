"""What other programs make of the exports: rdflib, networkx, a spreadsheet reader, our own readers."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import socket
import zipfile
from typing import TYPE_CHECKING, Any, NoReturn

import networkx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from small_esco import tables, zipped
from strategies import standards, texts

from api.exporting import export_standards
from api.services import ingest_and_index, open_services
from api.settings import Settings
from ontology.dataset import Concept, Mapping
from ontology.identifiers import Identifiers
from ontology.model import (
    Activity,
    Competency,
    ConceptKind,
    Indicator,
    Output,
    Requirement,
    Standard,
    Task,
)
from ontology.readers import read_standard
from ontology.readers.esco import open_esco
from ontology.readers.sssom import open_sssom
from ontology.writers import Shared, writer_named
from ontology.writers.xlsx import sheet_name

if TYPE_CHECKING:
    from pathlib import Path

identifiers = Identifiers()
IRI = f"{identifiers.base}icap/BGM1219-002v2"
CEASN = Namespace("https://purl.org/ctdlasn/terms/")
CETERMS = Namespace("https://purl.org/ctdl/terms/")


@pytest.fixture(scope="module")
def sample(sample_path: Path) -> Standard:
    return read_standard(sample_path)


def book(standard: Standard) -> openpyxl.Workbook:
    data = writer_named("xlsx").write([standard], identifiers)
    return openpyxl.load_workbook(io.BytesIO(data))


def values(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[list[str]]:
    return [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


class TestXlsx:
    def test_the_older_template_is_the_table_of_the_form(self, sample: Standard) -> None:
        opened = book(sample)
        assert opened.sheetnames == ["BGM1219-002v2 基本資料", "BGM1219-002v2", "待確認"]
        sheet = opened["BGM1219-002v2"]
        rows = values(sheet)
        assert rows[0] == ["基層主管職能基準"]
        assert rows[1][:4] == ["工作任務", "工作活動", "工作產出", "行為指標"]
        assert rows[2][0] == "T1 提升團隊效能"
        assert rows[2][4] == "5"
        assert "S1 溝通技能，以達成：\n  ■ 提振團隊士氣\n  ■ 處理團隊衝突" in rows[2][6]
        # T1 has 13 indicators, a row each, beside which its cell, its level, K and S stand merged
        assert {"A3:A15", "E3:E15", "F3:F15", "G3:G15", "B3:B4"} <= {
            str(one) for one in sheet.merged_cells.ranges
        }
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$1:$2")
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet["A3"].alignment.wrap_text
        shown = [text for row in rows for text in row]
        for element in sample.elements():
            assert any(element.text in text for text in shown), element

    def test_the_newer_template_has_levels_beside_the_activities(self) -> None:
        activity = Activity("T1.1", "設定", 3, (), (Indicator("P1.1.1", "甲"),), ("K01",), ("S01",))
        standard = Standard(
            "icap",
            "ABC1-1v1",
            "主管",
            tasks=(Task("T1", "管理", activities=(activity,)),),
            knowledge=(Competency("K01", "知"),),
            skills=(Competency("S01", "技"),),
        )
        rows = values(book(standard)["ABC1-1v1"])
        assert rows[1][:2] == ["主要職責", "工作任務"]
        assert rows[2] == ["T1 管理", "T1.1 設定", "P1.1.1 甲", "3", "K01 知", "S01 技"]

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "007"])
    def test_no_text_becomes_a_formula_or_a_number(self, text: str) -> None:
        task = Task(text, text, activities=(Activity("T1.1", text, outputs=(Output("O1", text),)),))
        standard = Standard("icap", "X1", text, description=text, tasks=(task,))
        for sheet in book(standard).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type in ("s", "n"), cell
                    assert cell.value is None or isinstance(cell.value, str), cell

    def test_a_long_block_finds_room_for_its_text(self) -> None:
        skills = tuple(Competency(f"S{number}", "長" * 60) for number in range(40))
        task = Task("T1", "a", activities=(Activity("T1.1", "b"),), skills=tuple(one.code for one in skills))
        sheet = book(Standard("icap", "X1", "x", tasks=(task,), skills=skills))["X1"]
        merged = next(one for one in sheet.merged_cells.ranges if str(one).startswith("G3:"))
        heights = [sheet.row_dimensions[row].height for row in range(merged.min_row, merged.max_row + 1)]
        # 40 skills of two or more lines each, at 10 points
        assert sum(heights) > 40 * 2 * 12
        assert max(heights) <= 409

    def test_a_text_that_is_too_long_is_cut_and_named(self) -> None:
        long = Standard("icap", "X1", "x", description="長" * 40_000)
        assert "32,767" in writer_named("xlsx").losses([long])[-1].reason
        cells = [text for row in values(book(long).worksheets[0]) for text in row]
        assert max(map(len, cells)) == 32_767

    @settings(deadline=None, max_examples=100)
    @given(texts)
    def test_sheet_names_are_valid_and_differ(self, text: str) -> None:
        taken: set[str] = set()
        names = [sheet_name(text, ending, taken) for ending in ("", "", " 基本資料", " 基本資料")]
        assert len({name.casefold() for name in names}) == 4
        for name in names:
            assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
            assert not set(name) & set("[]:*?/\\")
            assert name[0] != "'" != name[-1]

    @settings(deadline=None, max_examples=10, suppress_health_check=list(HealthCheck))
    @given(standards())
    def test_any_standard_opens(self, standard: Standard) -> None:
        assert book(standard).sheetnames


class TestCtdlAsn:
    def test_it_parses_without_the_network(self, sample: Standard, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object, **__: object) -> NoReturn:
            raise AssertionError("the network was tried")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        data = writer_named("ctdl-asn").write([sample], identifiers)
        graph = Graph().parse(data=data, format="json-ld")
        framework = URIRef(IRI)
        assert (framework, RDF.type, CEASN.CompetencyFramework) in graph
        assert (framework, CEASN.name, Literal("基層主管", lang="zh-Hant")) in graph
        competencies = set(graph.subjects(RDF.type, CEASN.Competency))
        # 16 outputs, 66 indicators, 19 knowledge, 16 skills, 17 sub-items, 6 attitudes
        assert len(competencies) == 16 + 66 + 19 + 16 + 17 + 6
        tops = set(graph.objects(framework, CEASN.hasTopChild))
        assert tops == set(graph.subjects(CEASN.isTopChildOf, framework))
        assert competencies - tops == set(graph.subjects(CEASN.isChildOf, None))
        assert (URIRef(f"{IRI}/S1/2"), CEASN.isChildOf, URIRef(f"{IRI}/S1")) in graph
        assert len(set(graph.subjects(RDF.type, CETERMS.Task))) == 5 + 17
        assert (URIRef(f"{IRI}/T1"), CEASN.skillEmbodied, URIRef(f"{IRI}/S1")) in graph
        assert (URIRef(f"{IRI}/P1.1.1"), CETERMS.hasTask, URIRef(f"{IRI}/T1.1")) in graph
        level = URIRef(identifiers.level("icap", 5))
        assert (URIRef(f"{IRI}/T1"), CEASN.complexityLevel, level) in graph
        [occupation] = graph.objects(framework, CETERMS.occupationType)
        assert (occupation, CETERMS.codedNotation, Literal("1219")) in graph
        ctids = list(graph.objects(None, CETERMS.ctid))
        assert len(ctids) == len(set(ctids)) == len(competencies) + 22 + 2


class TestGraphml:
    def test_networkx_reads_the_whole_graph(self, sample: Standard) -> None:
        data = writer_named("graphml").write([sample], identifiers)
        graph = networkx.parse_graphml(data.decode(), force_multigraph=True)
        assert graph.is_directed()
        kinds = [node["kind"] for node in graph.nodes.values()]
        assert kinds.count("indicator") == 66
        assert kinds.count("sub-item") == 17
        assert graph.nodes[f"{IRI}/S1/2"]["text"] == "處理團隊衝突"
        assert graph.nodes[IRI]["level"] == 4
        edges = {(origin, target, says["type"]) for origin, target, says in graph.edges(data=True)}
        assert (f"{IRI}/T1", f"{IRI}/S1", "requires-skill") in edges
        assert (IRI, f"{IRI}/T1", "has") in edges
        assert all("kind" in node and "label" in node for node in graph.nodes.values())

    def test_what_standards_share_is_named_and_mapped(self) -> None:
        skill = "http://data.europa.eu/esco/skill/1"
        taken = (Requirement(ConceptKind.SKILL, skill, "optional"),)
        standard = Standard("esco", "1219.1", "manager", language="en", requirements=taken)
        concept = Concept("", "", ConceptKind.SKILL, "lead", iri=skill)
        mapping = Mapping(skill, "closeMatch", "urn:x:2", "lead", "guide", confidence=0.5)
        shared = Shared({skill: concept}, (mapping,))
        write = writer_named("graphml").write_shared
        assert write is not None
        graph = networkx.parse_graphml(write([standard], identifiers, shared).decode())
        assert graph.nodes[skill]["text"] == "lead"
        assert graph.edges[identifiers.of_standard(standard), skill]["relation"] == "optional"
        assert graph.edges[skill, "urn:x:2"]["type"] == "closeMatch"

    @settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))
    @given(standards())
    def test_any_standard_is_read(self, standard: Standard) -> None:
        data = writer_named("graphml").write([standard], identifiers)
        graph = networkx.parse_graphml(data.decode(), force_multigraph=True)
        assert identifiers.of_standard(standard) in graph


class TestSssom:
    def test_our_reader_reads_the_mappings_back(self, tmp_path: Path) -> None:
        mappings = (
            Mapping("http://data.europa.eu/esco/occupation/1", "exactMatch", f"{IRI}/T1", "a\tb", "主管"),
            Mapping(
                f"{identifiers.base}onet/11-1011.00",
                "closeMatch",
                "http://example.org/a?b=c&d",
                "x",
                'say "y"',
                "semapv:ManualMappingCuration",
                0.75,
                details=(("mapping_tool", "pencil"),),
            ),
            Mapping("http://example.org/1", "broadMatch", "http://example.org/2", is_negated=True),
        )
        write = writer_named("sssom").write_shared
        assert write is not None
        file = tmp_path / "mappings.sssom.tsv"
        file.write_bytes(write([], identifiers, Shared(mappings=mappings)))
        read = [one for one in open_sssom(file).items() if isinstance(one, Mapping)]
        assert {_absolute(one) for one in read} == set(mappings)

    def test_the_store_gives_the_mappings_that_touch_a_standard(
        self, tmp_path: Path, sample_path: Path
    ) -> None:
        mappings = (
            Mapping(f"{IRI}/S1", "closeMatch", "http://example.org/1", "溝通", "talk", confidence=0.25),
            Mapping("http://example.org/1", "broadMatch", "http://example.org/2", is_negated=True),
        )
        write = writer_named("sssom").write_shared
        assert write is not None
        file = tmp_path / "mappings.sssom.tsv"
        file.write_bytes(write([], identifiers, Shared(mappings=mappings)))
        config = Settings(data_dir=tmp_path / "data", embedder="toy")
        ingest_and_index([sample_path, file], config, index=False)
        with open_services(config) as services:
            for keys, expected in (([], mappings), (["BGM1219-002v2"], mappings[:1])):
                again = tmp_path / f"{len(keys)}.sssom.tsv"
                again.write_bytes(b"".join(export_standards(services, keys, "sssom").chunks))
                read = [one for one in open_sssom(again).items() if isinstance(one, Mapping)]
                assert {_absolute(one) for one in read} == set(expected)

    def test_matches_of_a_framework_are_mappings(self) -> None:
        from test_writers import FULL

        text = writer_named("sssom").write([FULL], identifiers).decode()
        assert text.startswith("#curie_map:\n")
        rows = list(csv.reader((line for line in text.splitlines() if line[0] != "#"), delimiter="\t"))
        assert rows[1][:3] == ["esco:occupation/1/M1", "Read", "skos:exactMatch"]


def _absolute(one: Mapping) -> Mapping:
    subject, target = identifiers.absolute(one.subject), identifiers.absolute(one.object)
    return dataclasses.replace(one, subject=subject, object=target)


class TestEscoCsv:
    def test_an_icap_standard_is_an_occupation_with_skills(self, sample: Standard) -> None:
        archive = zipfile.ZipFile(io.BytesIO(writer_named("esco-csv").write([sample], identifiers)))
        [occupation] = _rows(archive, "occupations_zh-Hant.csv")
        assert (occupation["conceptUri"], occupation["preferredLabel"]) == (IRI, "基層主管")
        skills = {row["conceptUri"]: row for row in _rows(archive, "skills_zh-Hant.csv")}
        assert len(skills) == 19 + 16 + 17
        assert skills[f"{IRI}/S1/2"]["preferredLabel"] == "處理團隊衝突"
        assert skills[f"{IRI}/K4"]["skillType"] == "knowledge"
        taken = _rows(archive, "occupationSkillRelations.csv")
        assert len(taken) == 19 + 16
        assert {row["relationType"] for row in taken} == {"essential"}
        broader = {
            (row["conceptUri"], row["broaderUri"])
            for row in _rows(archive, "broaderRelationsSkillPillar.csv")
        }
        assert (f"{IRI}/S1/2", f"{IRI}/S1") in broader

    def test_a_release_of_esco_comes_back(self, tmp_path: Path) -> None:
        folder = zipped(tmp_path / "release", tables())
        config = Settings(data_dir=tmp_path / "data", embedder="toy")
        ingest_and_index([folder], config, index=False)
        with open_services(config) as services:
            data = b"".join(export_standards(services, [], "esco-csv").chunks)
            [iri, *_] = [one.iri for one in services.standards()]
            alone = b"".join(export_standards(services, [iri], "esco-csv").chunks)
        read = _items(folder)
        again = _items(_unzipped(data, tmp_path / "again"))
        assert {iri for iri, one in read.items() if isinstance(one, Standard)} <= set(again)
        assert set(again) <= set(read)
        for key, item in again.items():
            assert item == dataclasses.replace(read[key], **_not_in_the_tables(item))
        skills = {iri for iri, one in read.items() if isinstance(one, Concept) and one.kind in SKILLS}
        assert skills <= set(again)
        assert len(_rows(zipfile.ZipFile(io.BytesIO(alone)), "occupations_en.csv")) == 1


SKILLS = (ConceptKind.KNOWLEDGE, ConceptKind.SKILL)


def _items(folder: Path) -> dict[str, Standard | Concept]:
    items = open_esco(folder).items()
    return {one.iri: one for one in items if isinstance(one, Standard | Concept)}


def _not_in_the_tables(item: Standard | Concept) -> dict[str, Any]:
    """What the tables that are written do not say: the collections, and where a text was read from."""
    if isinstance(item, Standard):
        return {"details": (), "source": item.source}
    return {"details": (), "tags": item.tags}


def _unzipped(data: bytes, folder: Path) -> Path:
    zipfile.ZipFile(io.BytesIO(data)).extractall(folder)
    return folder


def _rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))


def test_losses_are_json_that_names_standard_and_field(sample: Standard) -> None:
    report = [dataclasses.asdict(one) for one in writer_named("esco-csv").losses([sample])]
    assert {"tasks", "level", "attitudes"} <= {one["field"] for one in report}
    assert json.loads(json.dumps(report)) == report
