"""Releases of ESCO: all of every table comes in, from zips and folders; what dangles is kept and counted."""

from __future__ import annotations

import re
import shutil
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, SKOS, Graph, URIRef
from small_esco import (
    BAKER,
    DOUGH,
    FOOD,
    HYGIENE,
    KNEAD,
    OVENS,
    PASTRY,
    ROOT,
    SCHEME,
    as_csv,
    tables,
    unpacked,
    zip_path,
    zipped,
)

from graph import Status, ingest, open_store
from ontology.dataset import Concept, ConceptScheme, UnlistedStandard
from ontology.errors import DocumentError
from ontology.identifiers import Identifiers
from ontology.model import Classification, ConceptKind, Note, Requirement, Standard
from ontology.rdf_dataset import write_dataset
from ontology.readers.datasets import open_dataset, recognises_dataset
from ontology.statements import GraphSink
from ontology.validation import validate
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from pathlib import Path

    from ontology.dataset import Dataset, Item

IDENTIFIERS = Identifiers()


def opened(path: Path) -> Dataset:
    found = open_dataset(path)
    assert found is not None
    return found


def items(path: Path) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for item in opened(path).items():
        assert isinstance(item, Concept | ConceptScheme | Standard | UnlistedStandard)
        found[item.iri] = item
    return found


def failure(path: Path) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        list(opened(path).items())
    return caught.value


def test_an_occupation_has_every_field_of_its_row(tmp_path: Path) -> None:
    assert items(zipped(tmp_path, tables()))[BAKER] == Standard(
        framework="esco",
        code="7512.1",
        name="baker",
        language="en",
        status="released",
        description="Bakers bake.\n\nEarly.",
        occupation=(Classification("7512", "Bakers and such"),),
        notes=(
            Note("scope", "Bread only.\nNo cakes."),
            Note("definition", "One who bakes."),
            Note("regulation", f"{ROOT}regulated-professions/unregulated"),
        ),
        source="ESCO dataset - v9.8.7 - classification - en - csv.zip",
        iri=BAKER,
        alternative_names=("baker", "bread baker"),
        hidden_names=("backer",),
        modified="2020-01-02T03:04:05Z",
        broader=(f"{ROOT}isco/C7512",),
        schemes=(f"{SCHEME}occupations", f"{SCHEME}research"),
        requirements=(
            Requirement(ConceptKind.KNOWLEDGE, DOUGH, "optional"),
            Requirement(ConceptKind.SKILL, KNEAD, "essential"),
        ),
        details=(("collections", "research"),),
    )


def test_a_skill_has_every_field_of_its_row(tmp_path: Path) -> None:
    found = items(zipped(tmp_path, tables()))
    assert found[KNEAD] == Concept(
        scheme="",
        code="",
        kind=ConceptKind.SKILL,
        name="knead dough",
        iri=KNEAD,
        alternative_names=("fold dough", "work dough"),
        description='Press "well".',
        status="released",
        modified="2020",
        reuse_level="sector-specific",
        category="skill/competence",
        tags=("green",),
        schemes=(f"{SCHEME}skills",),
        broader=(FOOD, OVENS),
        optional=((ConceptKind.KNOWLEDGE, DOUGH),),
    )
    dough = found[DOUGH]
    assert isinstance(dough, Concept)
    assert (dough.scope, dough.definition) == ("Wheat and rye.", "Dough is flour and water.")


def test_groups_schemes_and_hierarchies_come_too(tmp_path: Path) -> None:
    found = items(zipped(tmp_path, tables()))
    groups = {iri: item for iri, item in found.items() if isinstance(item, Concept)}
    assert [groups[f"{ROOT}isced-f/0721"].code, groups[FOOD].code] == ["0721", "S1"]
    assert groups[f"{ROOT}isco/C7512"].broader == (f"{ROOT}isco/C7",)
    ovens = groups[OVENS]
    assert (ovens.name, ovens.code, ovens.description, ovens.scope) == (
        "ovens",
        "S1.1",
        "Heat",
        "Not stoves.",
    )
    scheme = found[f"{SCHEME}skills"]
    assert isinstance(scheme, ConceptScheme)
    assert scheme.top_concepts == (FOOD, KNEAD)
    assert (scheme.title, scheme.status, scheme.description) == ("Skills", "released", "All of them")
    jobs = found[f"{SCHEME}occupations"]
    assert isinstance(jobs, ConceptScheme)
    assert jobs.details == (("title", "Occupations"),)


def test_no_cell_of_the_release_is_lost(tmp_path: Path) -> None:
    graph = Graph()
    write_dataset(opened(zipped(tmp_path, tables())), IDENTIFIERS, GraphSink(graph))
    said = {" ".join(str(term).split()) for triple in graph for term in triple}
    said |= {word for one in said if one.startswith("[[") for word in re.findall(r'"([^"]+)"', one)}
    passed_over = {
        "KnowledgeSkillCompetence",
        "Occupation",
        "ConceptScheme",
        "SkillGroup",
        "ISCOGroup",
        "food",
    }
    passed_over |= {"essential", "optional"}
    for name, rows in tables().items():
        for row in rows[1:]:
            for cell in row:
                names = [cell, *cell.split("\n"), *cell.split(" | "), *cell.replace(",", " ").split()]
                words = {" ".join(one.split()) for one in names} - {""}
                assert words & (said | passed_over) or not cell, (name, cell)


def test_zips_folders_and_each_part_alone_are_the_same_release(tmp_path: Path) -> None:
    folder = zipped(tmp_path / "zips", tables())
    whole = opened(folder)
    assert (whole.info.version, whole.info.language) == ("9.8.7", "en")
    for language in ("", "en"):
        part = opened(zip_path(folder, language=language))
        assert part.info == whole.info
        assert list(part.items()) == list(whole.items())
    loose = unpacked(tmp_path / "esco-v9.8.7", tables())
    assert opened(loose).info.version == "9.8.7"
    assert opened(loose / "skillSkillRelations.csv").info == opened(loose).info
    assert set(items(loose)) == set(items(folder))
    assert opened(unpacked(tmp_path / "loose", tables())).info.version == ""


def test_other_languages_are_read_and_several_have_to_be_told_apart(tmp_path: Path) -> None:
    french = zipped(tmp_path, tables("fr"), language="fr")
    assert {item.language for item in items(french).values() if isinstance(item, Concept | Standard)} == {
        "fr"
    }
    assert opened(french).info.language == "fr"
    zipped(tmp_path, tables())
    assert opened(zip_path(tmp_path)).info.language == "en"
    assert opened(zip_path(tmp_path, language="fr")).info.language == "fr"
    with pytest.raises(DocumentError, match="several languages here: en, fr"):
        opened(tmp_path)
    zipped(tmp_path / "versions", tables())
    zipped(tmp_path / "versions", tables(), version="1.2")
    assert opened(zip_path(tmp_path / "versions")).info.version == "9.8.7"
    with pytest.raises(DocumentError, match=r"in the versions 1\.2, 9\.8\.7"):
        opened(tmp_path / "versions")


def test_what_is_missing_is_named_with_the_place_to_get_it(tmp_path: Path) -> None:
    zip_path(zipped(tmp_path, tables()), language="").unlink()
    with pytest.raises(DocumentError, match="links of occupations to skills of ESCO are missing") as caught:
        opened(zip_path(tmp_path))
    assert "occupationSkillRelations.csv" in str(caught.value)
    assert "https://esco.ec.europa.eu/" in str(caught.value)
    zip_path(zipped(tmp_path, tables())).unlink()
    with pytest.raises(DocumentError, match="the occupations of ESCO are missing"):
        opened(zip_path(tmp_path, language=""))
    given = tables()
    for row in given["occupations_en.csv"]:
        del row[-1]
    with pytest.raises(DocumentError, match="lacks the column 'code'") as caught:
        opened(zip_path(zipped(tmp_path, given)))
    assert "occupations_en.csv" in caught.value.file


def test_only_folders_of_esco_alone_are_one_data_set(tmp_path: Path) -> None:
    folder = zipped(tmp_path, tables())
    assert recognises_dataset(folder)
    (folder / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert not recognises_dataset(folder)
    assert not recognises_dataset(folder / "other.csv")
    assert recognises_dataset(zip_path(folder))
    with open_store("memory:") as store:
        report = ingest([folder], store, IDENTIFIERS)
    assert [(one.status, one.key) for one in report.outcomes] == [(Status.ADDED, "esco")]


@pytest.mark.parametrize(
    ("name", "row", "column", "cell", "field", "message"),
    [
        ("occupations_en.csv", 2, 1, BAKER, "conceptUri", "is also on line 2 of occupations_en.csv"),
        ("skills_en.csv", 1, 1, FOOD, "conceptUri", "is also on line 2 of skillGroups_en.csv"),
        ("skills_en.csv", 1, 1, "knead", "conceptUri", "found 'knead'; expected one IRI"),
        ("skills_en.csv", 1, 2, "attitude", "skillType", "found 'attitude'"),
        ("skills_en.csv", 1, 4, " ", "preferredLabel", "the cell is empty"),
        ("occupations_en.csv", 1, 13, "", "code", "the cell is empty"),
        ("occupationSkillRelations.csv", 2, 1, "desirable", "relationType", "found 'desirable'"),
        ("occupationSkillRelations.csv", 2, 3, "a b", "skillUri", "found 'a b'; expected one IRI"),
        ("broaderRelationsOccPillar.csv", 2, 3, "", "broaderUri", "found ''; expected one IRI"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_with_its_place(
    tmp_path: Path, name: str, row: int, column: int, cell: str, field: str, message: str
) -> None:
    given = tables()
    given[name][row][column] = cell
    error = failure(unpacked(tmp_path, given))
    assert message in str(error)
    assert (error.field, error.file) == (field, str(tmp_path / name))
    lines = as_csv(given[name][:row]).count("\n")
    assert error.line == lines + 1


def test_rows_of_another_length_are_refused_but_in_the_hierarchy(tmp_path: Path) -> None:
    given = tables()
    given["skills_en.csv"][2].pop()
    error = failure(unpacked(tmp_path, given))
    assert (error.line, error.expected) == (4, "13 cells, as in the header")
    given["skills_en.csv"][2] += ["", "more"]
    assert "14 cells" in str(failure(unpacked(tmp_path, given)))


def test_links_to_what_is_not_listed_are_kept_and_counted(tmp_path: Path) -> None:
    gone, unknown = f"{ROOT}occupation/gone", f"{ROOT}skill/gone"
    given = tables()
    given["occupationSkillRelations.csv"] += [
        [gone, "essential", "knowledge", DOUGH],
        [BAKER, "essential", "knowledge", unknown],
        [BAKER, "essential", "knowledge", unknown],
        [gone, "optional", "skill/competence", KNEAD],
    ]
    given["broaderRelationsOccPillar.csv"].append(["Occupation", gone, "Occupation", BAKER])
    dataset = opened(unpacked(tmp_path, given))
    graph = Graph()
    counts = write_dataset(dataset, IDENTIFIERS, GraphSink(graph))
    assert (counts["requirement"], counts["unlisted standard"]) == (7, 1)
    assert (URIRef(gone), CG.requiresKnowledge, URIRef(DOUGH)) in graph
    assert (URIRef(gone), SKOS.broader, URIRef(BAKER)) in graph
    assert (URIRef(gone), RDF.type, CG.Standard) not in graph
    assert (URIRef(BAKER), CG.requiresKnowledge, URIRef(unknown)) in graph
    doubts = {(one.kind, one.where): one for one in dataset.doubts()}
    links = doubts["unlisted-concept", "occupationSkillRelations.csv, occupationUri"]
    assert (links.text, links.place.line if links.place else 0) == (gone, 6)
    assert links.message.endswith("(2 times, first on line 6)")
    assert ("doubled-row", "occupationSkillRelations.csv, skillUri") in doubts
    skills = doubts["unlisted-concept", "occupationSkillRelations.csv, skillUri"]
    assert skills.message.endswith("(2 times, first on line 7)")


def test_links_of_another_release_are_refused(tmp_path: Path) -> None:
    given = tables()
    for row in given["occupationSkillRelations.csv"][1:]:
        row[3] += "-other"
    assert "no row names a skill that the release lists" in str(failure(unpacked(tmp_path, given)))


def test_tables_that_contradict_each_other_are_doubted(tmp_path: Path) -> None:
    given = tables()
    given["greenSkillsCollection_en.csv"][1][2] = "knead doughs"
    given["skillsHierarchy_en.csv"][1][8] = "Drink"
    given["skillSkillRelations.csv"][1][3] = "skill/competence"
    given["researchOccupationsCollection_en.csv"].append(
        ["Occupation", f"{ROOT}occupation/none", "none", "", "", "", "", ""]
    )
    dataset = opened(unpacked(tmp_path, given))
    assert {iri for iri in items(tmp_path) if iri == FOOD}
    list(dataset.items())
    assert {(one.kind, one.where, one.text) for one in dataset.doubts()} == {
        ("differing-text", "greenSkillsCollection_en.csv, preferredLabel", "knead doughs"),
        ("differing-text", "skillsHierarchy_en.csv, Description", "Drink"),
        ("differing-type", "skillSkillRelations.csv, relatedSkillType", "skill/competence"),
        ("group-of-hierarchy", "skillsHierarchy_en.csv, URI", OVENS),
        ("missing-type", "skills_en.csv, skillType", HYGIENE),
        (
            "unlisted-concept",
            "researchOccupationsCollection_en.csv, conceptUri",
            f"{ROOT}occupation/none",
        ),
    }


def test_columns_and_tables_that_are_not_known_are_kept_or_named(tmp_path: Path) -> None:
    given = tables()
    for name, value in (("occupations_en.csv", "47.24"), ("skills_en.csv", "x")):
        given[name][0].append("naceCode")
        for row in given[name][1:]:
            row.append(value)
    given["news_en.csv"] = [["headline"], ["none"]]
    folder = zipped(tmp_path, given)
    found = items(folder)
    pastry, dough = found[PASTRY], found[DOUGH]
    assert isinstance(pastry, Standard)
    assert isinstance(dough, Concept)
    assert pastry.details == (("naceCode", "47.24"),)
    assert dough.details == (("naceCode", "x"),)
    dataset = opened(folder)
    list(dataset.items())
    assert "news_en.csv" in {one.text for one in dataset.doubts() if one.kind == "unread-file"}


def test_the_graph_of_a_release_conforms_to_the_shapes(tmp_path: Path) -> None:
    graph = Graph()
    write_dataset(opened(zipped(tmp_path, tables())), IDENTIFIERS, GraphSink(graph))
    assert validate(graph).findings == ()
    assert len(set(graph.subjects(RDF.type, CG.Standard))) == 2


def test_a_second_ingest_changes_nothing_and_another_release_replaces_the_first(tmp_path: Path) -> None:
    first = zipped(tmp_path / "first", tables(), version="1.0")
    given = tables()
    given["skills_en.csv"][1][4] = "knead"
    del given["occupations_en.csv"][2]
    second = zipped(tmp_path / "second", given, version="1.1")
    with open_store(f"oxigraph:{tmp_path / 'store'}") as store, open_store("memory:") as fresh:
        assert ingest([first], store, IDENTIFIERS).outcomes[0].status is Status.ADDED
        before = store.revision()
        assert ingest([first], store, IDENTIFIERS).outcomes[0].status is Status.UNCHANGED
        assert store.revision() == before
        assert ingest([second], store, IDENTIFIERS).outcomes[0].status is Status.CHANGED
        ingest([second], fresh, IDENTIFIERS)
        everything = "SELECT ?s ?p ?o { ?s ?p ?o }"
        assert rows(store.select(everything)) == rows(fresh.select(everything))
        broken = tables()
        broken["skills_en.csv"][1][2] = "?"
        revision = store.revision()
        report = ingest([zipped(tmp_path / "third", broken)], store, IDENTIFIERS)
        assert (report.outcomes[0].status, store.revision()) == (Status.REFUSED, revision)


def rows(found: object) -> list[str]:
    assert isinstance(found, list)
    return sorted(" ".join(one[name].n3() for name in "spo") for one in found)


def test_damaged_files_are_refused_with_their_name(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "loose", tables())
    whole = (folder / "skills_en.csv").read_bytes()
    for data, message in (
        (whole + b'"open', "the row is no CSV: unexpected end of data"),
        (whole.replace(b"knead dough", b"knead \xff dough"), "the line is no UTF-8"),
        (whole.replace(b"knead dough", b"knead \x00 dough"), "a control character"),
        (whole.replace(b"\nKnowledge", b"\nKnow\rledge", 1), "the row is no CSV"),
    ):
        (folder / "skills_en.csv").write_bytes(data)
        error = failure(folder)
        assert message in str(error)
        assert error.file.endswith("skills_en.csv")
        assert error.line
    zips = zipped(tmp_path / "zips", tables())
    packed = bytearray(zip_path(zips).read_bytes())
    with zipfile.ZipFile(zip_path(zips)) as archive:
        begin = archive.getinfo("skills_en.csv").header_offset + 60
    packed[begin : begin + 40] = bytes(40)
    zip_path(zips).write_bytes(packed)
    error = failure(zips)
    assert error.file.endswith("skills_en.csv")
    zip_path(zips).write_bytes(packed[:500])
    assert not recognises_dataset(zip_path(zips))


@given(
    name=st.sampled_from(sorted(tables())),
    cut=st.floats(0, 1),
    junk=st.binary(max_size=12) | st.text('",\n\r\x00é', max_size=6).map(str.encode),
    drop=st.integers(0, 30),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_document_errors_come_out_of_damaged_tables(
    tmp_path: Path, name: str, cut: float, junk: bytes, drop: int
) -> None:
    shutil.rmtree(tmp_path / "damaged", ignore_errors=True)
    folder = unpacked(tmp_path / "damaged", tables())
    data = (folder / name).read_bytes()
    at = int(len(data) * cut)
    (folder / name).write_bytes(data[:at] + junk + data[at + drop :])
    with suppress(DocumentError):
        found = open_dataset(folder)
        if found is not None:
            write_dataset(found, IDENTIFIERS, GraphSink(Graph()))
