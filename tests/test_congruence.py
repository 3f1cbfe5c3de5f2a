"""The same question gives the same rows, whoever is asked: rdflib, the stores, the property graph.

Data are generated standards; questions are the project's own queries, the analysts' questions, and generated
walks over the ontology's properties, which are written in both languages.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rdflib import Graph
from sparql_servers import emptied
from strategies import standards

from graph import list_standards, questions
from graph.oxigraph import MemoryStore, OxigraphStore
from graph.property_graph import property_graph_schema
from graph.repository import query_text
from graph.store import open_store
from ontology.identifiers import Identifiers
from ontology.rdf import to_graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from rdflib.term import Node

    from graph.property_graph import PropertyGraph
    from graph.store import RdfStore
    from ontology.model import Standard

Rows = Counter[tuple[str | None, ...]]
OWN = ("standards.rq", "element-counts.rq", "elements.rq", "headers.rq", "header-classifications.rq")
SCHEMA = property_graph_schema()
CLASSES = [one.label for one in SCHEMA.classes if "ontology#" in one.iri]
OWN_RELATIONSHIPS = [one for one in SCHEMA.relationships if "ontology#" in one.iri]
ANSWERED: Counter[str] = Counter()
FEW = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # making an example smaller takes minutes, since each is loaded everywhere
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@dataclass(frozen=True)
class Walk:
    """From nodes with a label along properties, each forwards or backwards, to what they lead to."""

    start: str
    steps: tuple[tuple[str, bool], ...]
    distinct: bool

    def sparql(self) -> str:
        classes = " ".join(f"<{one.iri}>" for one in SCHEMA.classes if self.start in one.labels)
        # the RDF has a node's own class, the property graph those above it as well
        patterns = [f"{{ SELECT DISTINCT ?n0 {{ VALUES ?class {{ {classes} }} ?n0 a ?class }} }}"]
        for number, (step, forwards) in enumerate(self.steps):
            ends = (f"?n{number}", f"?n{number + 1}")
            subject, value = ends if forwards else reversed(ends)
            patterns.append(f"{subject} <{step}> {value}")
        names = " ".join(f"?n{number}" for number in (0, len(self.steps)))
        return f"SELECT {'DISTINCT ' * self.distinct}{names} {{ {' . '.join(patterns)} }}"

    def cypher(self) -> str:
        walked = f"(n0:{self.start})"
        for number, (step, forwards) in enumerate(self.steps):
            arrow = f"-[:{SCHEMA.relationship_type(step)}]-"
            walked += f"{arrow if forwards else '<' + arrow}{'>' * forwards}(n{number + 1})"
        # Cypher walks a relationship once in a pattern, SPARQL as often as it fits
        parts = walked.replace(")-", ")|-").replace(")<", ")|<").split("|")
        found, before = [], parts[0]
        for part in parts[1:]:
            found.append(before + part)
            before = part[part.rindex("(") :]
        matches = "\n".join(f"MATCH {part}" for part in (found or [walked]))
        return f"{matches}\nRETURN {'DISTINCT ' * self.distinct}n0.iri AS a, n{len(self.steps)}.iri AS b"


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    """Begins where its first property begins, or at the end of it; goes on with what fits, as far as the
    ontology says so."""
    steps: list[tuple[str, bool]] = []
    start = here = ""
    for number in range(draw(st.integers(1, 3))):
        forwards = draw(st.booleans())
        fitting = [one for one in OWN_RELATIONSHIPS if here in ("", one.domain if forwards else one.range)]
        step = draw(st.sampled_from(fitting or OWN_RELATIONSHIPS))
        begin, here = (step.domain, step.range) if forwards else (step.range, step.domain)
        if number == 0:
            start = begin if begin in CLASSES else draw(st.sampled_from(CLASSES))
        steps.append((step.iri, forwards))
    return Walk(start, tuple(steps), draw(st.booleans()))


def published(store: RdfStore, documents: Mapping[str, Graph]) -> RdfStore:
    store.publish(documents)
    return store


def of_store(store: RdfStore, query: str) -> Rows:
    rows = store.select(query)
    names = sorted({name for row in rows for name in row})
    return Counter(tuple(text(row.get(name)) for name in names) for row in rows)


def of_rdflib(graph: Graph, query: str) -> Rows:
    result = graph.query(query)
    names = [str(name) for name in result.vars or ()]
    bound = [dict(zip(names, row, strict=True)) for row in result]  # type: ignore[arg-type]
    used = sorted({name for row in bound for name, term in row.items() if term is not None})
    return Counter(tuple(text(row[name]) for name in used) for row in bound)


def text(term: Node | None) -> str | None:
    return None if term is None else str(term)


def documents_of(made: Iterable[Standard]) -> dict[str, Graph]:
    identifiers = Identifiers()
    return {f"urn:document:{number}": to_graph(one, identifiers) for number, one in enumerate(made)}


@FEW
@given(made=st.lists(standards(), min_size=1, max_size=3), asked=st.lists(walks(), min_size=30, max_size=30))
def test_rdflib_and_the_stores_give_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, oxigraph_server: str, made: list[Standard], asked: list[Walk]
) -> None:
    documents = documents_of(made)
    whole = Graph()
    for one in documents.values():
        whole += one
    folder: Path = tmp_path_factory.mktemp("congruence")
    with (
        published(MemoryStore(), documents) as memory,
        published(OxigraphStore(folder), documents) as disk,
        published(open_store(emptied(oxigraph_server)), documents) as remote,
    ):
        for query in [*map(query_text, OWN), *(walk.sparql() for walk in asked)]:
            wanted = of_rdflib(whole, query)
            for store in (memory, disk, remote):
                assert of_store(store, query) == wanted, query
        for question in questions():
            wanted = of_store(memory, question.sparql)
            assert of_store(disk, question.sparql) == wanted, question.name
            assert of_store(remote, question.sparql) == wanted, question.name
        assert list_standards(memory) == list_standards(disk) == list_standards(remote)


@pytest.mark.parametrize("server", ["arcade_graph", pytest.param("neo4j_graph", marks=pytest.mark.servers)])
@FEW
@given(made=st.lists(standards(), min_size=1, max_size=2), asked=st.lists(walks(), min_size=60, max_size=60))
def test_cypher_walks_where_sparql_walks(
    request: pytest.FixtureRequest, server: str, made: list[Standard], asked: list[Walk]
) -> None:
    graph: PropertyGraph = request.getfixturevalue(server)
    with published(MemoryStore(), documents_of(made)) as store:
        graph.project(store)
        for walk in asked:
            answer = graph.run(walk.cypher(), {}, deadline=30, rows=100_000)
            found = Counter(tuple(map(str, row)) for row in answer.rows)
            assert found == of_store(store, walk.sparql()), (walk.cypher(), walk.sparql())
            ANSWERED[server] += bool(found)


def test_some_of_the_walks_lead_somewhere() -> None:
    """The last of this file: what compares nothing but empty answers would prove nothing."""
    assert all(count >= 5 for count in ANSWERED.values()), ANSWERED
