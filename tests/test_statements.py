"""Statements are the same whether they go into a graph or into a file of N-Triples."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from rdflib import Graph
from strategies import standards

from ontology.errors import InvalidInput
from ontology.identifiers import Identifiers
from ontology.model import Standard
from ontology.rdf import to_graph, write_standard
from ontology.statements import GraphSink, Scalar, StatementFile, StatementFileWriter, StatementSink

identifiers = Identifiers()
S, P = "https://example.org/s", "https://example.org/p"


def written(standard: Standard, path: Path) -> StatementFile:
    with StatementFileWriter(path) as writer:
        write_standard(standard, identifiers, writer)
    return writer.finished()


@settings(max_examples=40, deadline=None)
@given(standard=standards())
def test_a_file_says_what_the_graph_says(standard: Standard) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = written(standard, Path(folder) / "standard.nt")
        again = Graph().parse(str(file.path), format="nt")
        assert set(again) == set(to_graph(standard, identifiers))
        assert file.statements >= len(again)
        assert file.digest == written(standard, Path(folder) / "again.nt").digest


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (True, '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        (0, '"0"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (4.12, '"4.12"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        (3.0, '"3.0"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        (date(2018, 12, 21), '"2018-12-21"^^<http://www.w3.org/2001/XMLSchema#date>'),
    ],
)
def test_values_have_their_canonical_form(value: Scalar, form: str, tmp_path: Path) -> None:
    with StatementFileWriter(tmp_path / "value.nt") as writer:
        writer.value(S, P, value)
    assert writer.finished().path.read_text() == f"<{S}> <{P}> {form} .\n"


@pytest.mark.parametrize(
    "iri", ["https://example.org/a b", "https://example.org/<x>", "a\nb", "http://x/{y}"]
)
def test_what_is_no_iri_is_refused_by_both(iri: str, tmp_path: Path) -> None:
    with StatementFileWriter(tmp_path / "bad.nt") as writer:
        sinks: list[StatementSink] = [writer, GraphSink(Graph())]
        for sink in sinks:
            with pytest.raises(ValueError, match="is no IRI"):
                sink.link(S, P, iri)


def test_a_standard_that_cannot_be_said_is_refused_by_both(tmp_path: Path) -> None:
    standard = Standard("case", "M", "Mathematics", language="not a tag")
    with pytest.raises(InvalidInput, match="not a tag"):
        to_graph(standard, identifiers)
    with pytest.raises(InvalidInput, match="not a tag"):
        written(standard, tmp_path / "bad.nt")
