"""Mappings: the crosswalk of ESCO and O*NET, and SSSOM files; typed links with their provenance."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, SKOS, Graph, Literal, URIRef

from graph import Status, ingest, open_store
from ontology.dataset import Mapping
from ontology.errors import DocumentError
from ontology.identifiers import Identifiers
from ontology.rdf_dataset import SSSOM, write_dataset
from ontology.readers.datasets import open_dataset, recognises_dataset
from ontology.statements import GraphSink
from ontology.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

    from ontology.dataset import Dataset

OCCUPATION = "http://data.europa.eu/esco/occupation/"
TYPED = (
    "\ufeffMapping project name,Bakers crosswalk,,,,,\nMapping project version,3,,,,,\n"
    'Mapping project author,"Bakers, united",,,,,\n,,,,,,\n'
    "O*NET Id,O*NET Title,O*NET Description,ESCO or ISCO URI,ESCO or ISCO Title,ESCO or ISCO Description,"
    "Type of Match\n"
    f'51-3011.00,Bakers,"Bake,\nevery day",{OCCUPATION}baker,baker,They bake.,exactMatch\n'
    f"51-3011.00,Bakers,,{OCCUPATION}creme,crème  brûlée maker ,,broadMatch\n"
    "51-3011.00,Bakers,,http://data.europa.eu/esco/isco/C7512,Bakers and such,,exactISCO\n"
)
REVERSE = (
    "ESCO/ISCO Code,ESCO/ISCO Title,O*NET-SOC 2019 Code,O*NET-SOC 2019 Title\n"
    "7512.1,baker,51-3011.00,Bakers\n"
    "7512.1.3,crÃ¨me brÃ»lÃ©e maker,35-1011.00,Chefs\n"
    "7512,Bakers and such,35-1011.00,Chefs\n"
    "7512.9,miller,51-3011.00,Bakers\n"
    ",,,\n,The bakers made this.,,\n"
)
HEADER = """\
#curie_map:
#  esco: http://data.europa.eu/esco/occupation/
#  onet: https://example.org/onet/
#mapping_set_id: https://example.org/sets/bakers
#mapping_set_version: 2024-01-02
#license: https://creativecommons.org/publicdomain/zero/1.0/
#creator_label: [Ann, Bo]
#subject_source: esco:all
"""
TABLE = (
    "subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tcomment\t"
    "predicate_modifier\n"
    "esco:baker\tbaker\tskos:exactMatch\tonet:51-3011.00\tsemapv:ManualMappingCuration\t0.9\tsure\t\n"
    "esco:miller\t\tskos:closeMatch\thttps://example.org/onet/x\tsemapv:LexicalMatching\t\t\tNot\n"
)


def written(folder: Path, text: str, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def opened(path: Path) -> Dataset:
    found = open_dataset(path)
    assert found is not None
    return found


def mappings(path: Path) -> list[Mapping]:
    return [one for one in opened(path).items() if isinstance(one, Mapping)]


def failure(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        list(opened(path).items())
    return str(caught.value)


def test_the_crosswalk_links_from_esco_to_onet(tmp_path: Path) -> None:
    path = written(tmp_path, TYPED, "typed.csv")
    assert mappings(path) == [
        Mapping(
            f"{OCCUPATION}{name}",
            predicate,
            "onet/51-3011.00",
            subject_label=label,
            object_label="Bakers",
            justification="semapv:ManualMappingCuration",
        )
        for name, predicate, label in (
            ("baker", "exactMatch", "baker"),
            ("creme", "broadMatch", "crème  brûlée maker"),
        )
    ] + [
        Mapping(
            "http://data.europa.eu/esco/isco/C7512",
            "exactMatch",
            "onet/51-3011.00",
            subject_label="Bakers and such",
            object_label="Bakers",
            justification="semapv:ManualMappingCuration",
            details=(("Type of Match", "exactISCO"),),
        )
    ]
    info = opened(path).info
    assert (info.title, info.version, info.attribution) == ("Bakers crosswalk", "3", "Bakers, united")


def test_the_reverse_table_adds_the_pairs_that_only_it_has(tmp_path: Path) -> None:
    written(tmp_path, TYPED, "typed.csv")
    reverse = written(tmp_path, REVERSE, "reverse.csv")
    for path in (tmp_path, reverse):
        dataset = opened(path)
        found = [one for one in dataset.items() if isinstance(one, Mapping)]
        assert [(one.subject, one.predicate, one.object) for one in found[3:]] == [
            (f"{OCCUPATION}creme", "mappingRelation", "onet/35-1011.00"),
            ("http://data.europa.eu/esco/isco/C7512", "mappingRelation", "onet/35-1011.00"),
            ("esco/7512.9", "mappingRelation", "onet/51-3011.00"),
        ]
        assert {(one.kind, one.text) for one in dataset.doubts()} == {
            ("unresolved-code", "7512.9"),
            ("remark", "The bakers made this."),
        }
    (tmp_path / "typed.csv").unlink()
    with pytest.raises(DocumentError, match="0 tables with the types of the matches"):
        open_dataset(reverse)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "exactMatch",
            "sameMatch",
            "line 6, Type of Match: found 'sameMatch'; expected exactMatch",
        ),
        (",exactMatch", ",", "line 6, Type of Match: found ''"),
        ("51-3011.00,Bakers,,http", "51.3011,Bakers,,http", "line 8, O*NET Id: found '51.3011'"),
        (f"{OCCUPATION}creme", "creme", "line 8, ESCO or ISCO URI: found 'creme'"),
        (f"{OCCUPATION}creme", f"{OCCUPATION}baker", "the pair is also on line 6"),
    ],
)
def test_a_match_that_cannot_be_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert message in failure(written(tmp_path, TYPED.replace(old, new, 1), "typed.csv"))


def test_sssom_keeps_every_slot(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + TABLE, "bakers.sssom.tsv")
    assert mappings(path) == [
        Mapping(
            f"{OCCUPATION}baker",
            "exactMatch",
            "https://example.org/onet/51-3011.00",
            subject_label="baker",
            justification="semapv:ManualMappingCuration",
            confidence=0.9,
            details=(("comment", "sure"), ("subject_source", "esco:all")),
        ),
        Mapping(
            f"{OCCUPATION}miller",
            "closeMatch",
            "https://example.org/onet/x",
            justification="semapv:LexicalMatching",
            is_negated=True,
            details=(("subject_source", "esco:all"),),
        ),
    ]
    info = opened(path).info
    assert (info.key, info.version, info.attribution) == ("mapping-bakers", "2024-01-02", "Ann|Bo")
    assert ("mapping_set_id", "https://example.org/sets/bakers") in info.details


def test_a_negated_mapping_is_no_link(tmp_path: Path) -> None:
    graph = Graph()
    write_dataset(opened(written(tmp_path, HEADER + TABLE, "a.tsv")), Identifiers(), GraphSink(graph))
    baker, miller = URIRef(f"{OCCUPATION}baker"), URIRef(f"{OCCUPATION}miller")
    assert (baker, SKOS.exactMatch, URIRef("https://example.org/onet/51-3011.00")) in graph
    assert not list(graph.triples((miller, None, None)))
    axiom = graph.value(None, OWL.annotatedSource, miller)
    assert graph.value(axiom, SSSOM.predicate_modifier) == Literal("Not")
    assert validate(graph).findings == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("skos:exactMatch", "owl:sameAs", "line 10, predicate_id: found 'owl:sameAs'; expected one of skos:"),
        ("semapv:Lex", "semapv:Tex", "line 11, mapping_justification: found 'semapv:TexicalMatching'"),
        ("esco:baker", "esca:baker", "line 10, subject_id: the prefix of 'esca:baker' is not in curie_map"),
        ("esco:baker", "", "line 10, subject_id: found ''; expected a CURIE"),
        ("\t0.9\t", "\t1.5\t", "line 10, confidence: found '1.5'; expected a number from 0 to 1"),
        ("Not\n", "Maybe\n", "line 11, predicate_modifier: found 'Maybe'"),
        ("#license: h", "#license: [h", "the header is no YAML"),
        ("#license: h", "#license: &a h", ""),
        ("#license: h", "#license: *a #", "the header"),
        ("esco:miller\t\tskos:closeMatch\thttps://example.org/onet/x", "", "line 11"),
    ],
)
def test_sssom_that_cannot_be_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = written(tmp_path, (HEADER + TABLE).replace(old, new, 1), "a.sssom.tsv")
    if message:
        assert message in failure(path)
    else:
        assert len(mappings(path)) == 2


def test_a_table_without_the_columns_of_sssom_is_not_taken(tmp_path: Path) -> None:
    assert not recognises_dataset(written(tmp_path, "a\tb\n1\t2\n", "a.tsv"))


def test_a_second_ingest_of_mappings_changes_nothing(tmp_path: Path) -> None:
    written(tmp_path / "walk", TYPED, "typed.csv")
    written(tmp_path / "walk", REVERSE, "reverse.csv")
    sssom = written(tmp_path, HEADER + TABLE, "a.sssom.tsv")
    with open_store("memory:") as store:
        first = ingest([tmp_path / "walk", sssom], store, Identifiers())
        assert [one.status for one in first.outcomes] == [Status.ADDED] * 2
        second = ingest([tmp_path / "walk", sssom], store, Identifiers())
        assert [one.status for one in second.outcomes] == [Status.UNCHANGED] * 2
        assert store.revision() == first.revision


@given(at=st.floats(0, 1), junk=st.text('"\t,\n#:[\x00', max_size=5), is_sssom=st.booleans())
@settings(max_examples=60, deadline=None)
def test_only_document_errors_come_out(
    tmp_path_factory: pytest.TempPathFactory, at: float, junk: str, *, is_sssom: bool
) -> None:
    text = HEADER + TABLE if is_sssom else TYPED
    cut = int(at * len(text))
    name = "a.sssom.tsv" if is_sssom else "typed.csv"
    path = written(tmp_path_factory.mktemp("maps"), text[:cut] + junk + text[cut + len(junk) :], name)
    try:
        found = open_dataset(path)
        if found is not None:
            write_dataset(found, Identifiers(), GraphSink(Graph()))
    except DocumentError as error:
        assert error.file == str(path)  # noqa: PT017


def test_the_real_crosswalk_has_its_types(shared_data: Path) -> None:
    found = mappings(shared_data / "esco-onet-crosswalk")
    assert Counter(one.predicate for one in found) == {
        "exactMatch": 498 + 43,
        "closeMatch": 1_432,
        "broadMatch": 2_053,
        "narrowMatch": 227,
        "mappingRelation": 4_374,
    }
    warehouse = next(one for one in found if one.subject_label == "warehouse manager")
    assert (warehouse.predicate, warehouse.object_label) == (
        "broadMatch",
        "Transportation, Storage, and Distribution Managers",
    )
