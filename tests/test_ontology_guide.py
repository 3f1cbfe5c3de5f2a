"""What ``docs/ontology.md`` shows to analysts is true of the published standard."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import Graph

from ontology.codes import codes_graph
from ontology.identifiers import ONTOLOGY, Identifiers
from ontology.rdf import to_graph
from ontology.readers import read_standard
from ontology.vocabulary import declared_terms, vocabulary_graph

GUIDE = (Path(__file__).resolve().parent.parent / "docs" / "ontology.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sparql\n(.*?)```\n```csv\n(.*?)```", GUIDE, flags=re.DOTALL)


@pytest.fixture(scope="module")
def sample_graph(sample_path: Path) -> Graph:
    return to_graph(read_standard(sample_path), Identifiers())


@pytest.fixture(scope="module")
def store(sample_graph: Graph) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    for graph in (sample_graph, vocabulary_graph(Identifiers()), codes_graph(Identifiers())):
        text = graph.serialize(format="nt", encoding="utf-8")
        store.load(text, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return store


def _answer(store: pyoxigraph.Store, query: str) -> str:
    solutions = store.query(query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    text = solutions.serialize(format=pyoxigraph.QueryResultsFormat.CSV)
    assert text is not None
    return text.decode().replace("\r\n", "\n")


def test_the_guide_has_three_queries() -> None:
    assert len(QUERIES) == 3


@pytest.mark.parametrize(("query", "answer"), QUERIES)
def test_a_query_answers_what_the_guide_says(store: pyoxigraph.Store, query: str, answer: str) -> None:
    assert _answer(store, query) == answer


def test_the_example_in_turtle_is_in_the_data(sample_graph: Graph) -> None:
    (example,) = re.findall(r"```turtle\n(.*?)```", GUIDE, flags=re.DOTALL)
    shown = set(Graph().parse(data=example, format="turtle"))
    assert len(shown) > 10
    assert shown - set(sample_graph) == set()


def test_the_guide_names_no_term_that_there_is_not() -> None:
    named = {ONTOLOGY + name for name in re.findall(r"\bcg:([A-Za-z]+)", GUIDE)}
    assert named - declared_terms() == set()


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ('?one skos:prefLabel ?text FILTER(lang(?text) = "zh-Hant")', 0),
        ('?one skos:prefLabel ?text FILTER(langMatches(lang(?text), "zh-Hant"))', 1),
        ('?one skos:prefLabel "處理團隊衝突"@zh-Hant', 1),
    ],
)
def test_language_tags_behave_as_the_guide_warns(store: pyoxigraph.Store, pattern: str, count: int) -> None:
    query = f"""
        PREFIX cg: <{ONTOLOGY}>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT (COUNT(?one) AS ?count) WHERE {{ ?one skos:notation "S1#2" ; a cg:SubItem . {pattern} }}
    """
    assert _answer(store, query) == f"count\n{count}\n"
