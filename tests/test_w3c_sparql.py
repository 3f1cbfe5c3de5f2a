"""The W3C's SPARQL 1.1 test suite, through the service: guard, worker processes and serialisers.

Entailment regimes, SERVICE and updates are not this endpoint's: their requests go to the guard alone.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from conftest import SHARED_DATA
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection

from graph.oxigraph import OxigraphStore
from graph.sparql import SparqlService
from graph.sparql_guard import check_query
from ontology.errors import QueryRefused, QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rdflib.term import Node

ARCHIVE = SHARED_DATA / "w3c-sparql11" / "sparql11.zip"
ROOT = "sparql/sparql11/"
BASE = "http://example.org/w3c/"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
XSD = "http://www.w3.org/2001/XMLSchema#"
EVALUATED = {"QueryEvaluationTest", "CSVResultFormatTest"}
SYNTAX = {"PositiveSyntaxTest11": True, "NegativeSyntaxTest11": False}
UPDATES = {"UpdateEvaluationTest", "PositiveUpdateSyntaxTest11"}
NOT_EVALUATED = {"entailment", "service", "syntax-fed"}
ACCEPT = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "tsv": "text/tab-separated-values",
    "csv": "text/csv",
    "ttl": "text/turtle",
}
NOT_EXAMINED = "the answer differs from the expected one; the cause has not been examined"
# Tests whose answers differ, and why where that is known.
KNOWN: dict[str, str] = {
    "aggregates/agg-groupconcat-04": NOT_EXAMINED,
    "aggregates/agg-groupconcat-06": NOT_EXAMINED,
    "aggregates/agg-empty-group-count-graph": "a graph without a match gives no row of count 0 under GRAPH ?g",
    "bindings/graph": "a row lacks ?g, which VALUES and GRAPH ?g should bind",
    "cast/cast-bool": NOT_EXAMINED,
    "cast/cast-int": NOT_EXAMINED,
    "cast/cast-float": NOT_EXAMINED,
    "cast/cast-double": NOT_EXAMINED,
    "cast/cast-decimal": NOT_EXAMINED,
    "cast/cast-string": NOT_EXAMINED,
    "csv-tsv-res/csv03": "numbers are written in another lexical form",
    "csv-tsv-res/tsv03": "numbers are written in another lexical form",
    "functions/bnode01": NOT_EXAMINED,
    "negation/graph-minus": NOT_EXAMINED,
    "property-path/zero_or_more_set_start": NOT_EXAMINED,
    "property-path/zero_or_more_set_end": NOT_EXAMINED,
    "property-path/zero_or_one_set_start": NOT_EXAMINED,
    "property-path/zero_or_one_set_end": NOT_EXAMINED,
    "syntax-query/test_4": "a function that the engine does not know fails the query",
}


@dataclass(frozen=True)
class Case:
    """One test: paths below the suite's folder; named graphs with their names."""

    name: str
    kind: str
    query: str
    result: str | None
    data: tuple[str, ...]
    named: tuple[str, ...]

    @property
    def folder(self) -> str:
        return self.name.partition("/")[0]


def _read(path: str) -> bytes:
    with zipfile.ZipFile(ARCHIVE) as archive:
        return archive.read(ROOT + path)


def _cases() -> Iterator[Case]:
    if not ARCHIVE.is_file():
        return
    with zipfile.ZipFile(ARCHIVE) as archive:
        for name in sorted(archive.namelist()):
            if name.count("/") == 3 and name.endswith("/manifest.ttl"):
                folder = name.removeprefix(ROOT).partition("/")[0]
                manifest = Graph()
                manifest.parse(archive.read(name), format="turtle", publicID=f"{BASE}{folder}/manifest.ttl")
                yield from _entries(manifest, folder)


def _entries(manifest: Graph, folder: str) -> Iterator[Case]:
    for entries in manifest.objects(None, MF.entries):
        for test in Collection(manifest, entries):
            kind = str(manifest.value(test, RDF.type)).rpartition("#")[2]
            action = manifest.value(test, MF.action)
            query = manifest.value(action, QT.query) or manifest.value(action, UT.request) or action
            if isinstance(query, URIRef):
                result = manifest.value(test, MF.result)
                yield Case(
                    name=f"{folder}/{str(test).rpartition('#')[2]}",
                    kind=kind,
                    query=_path(query),
                    result=_path(result) if isinstance(result, URIRef) else None,
                    data=tuple(map(_path, manifest.objects(action, QT.data))),
                    named=tuple(map(_path, manifest.objects(action, QT.graphData))),
                )


def _path(iri: Node) -> str:
    return str(iri).removeprefix(BASE)


CASES = tuple(_cases())


def _parameters(kinds: set[str], *, evaluated: bool = True) -> list[object]:
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(strict=True, reason=KNOWN[case.name])] if case.name in KNOWN else [],
        )
        for case in CASES
        if case.kind in kinds and (case.folder in NOT_EVALUATED) is not evaluated
    ]


class Suite:
    """A store whose published version holds the data of one test after another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._versions: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
        self.store = OxigraphStore(folder)

    def load(self, data: tuple[str, ...], named: tuple[str, ...]) -> None:
        name = self._versions.get((data, named))
        if name is None:
            name = f"{len(self._versions) + 1:06d}-test"
            version = self._folder / "versions" / name
            version.mkdir(parents=True)
            store = ox.Store(str(version / "db"))
            for path, graph in [(one, None) for one in data] + [
                (one, ox.NamedNode(BASE + one)) for one in named
            ]:
                form = ox.RdfFormat.from_extension(path.rpartition(".")[2])
                store.load(_read(path), format=form, base_iri=BASE + path, to_graph=graph)
            store.flush()
            (version / "manifest.json").write_text(json.dumps({"format": 1, "graphs": {}}), encoding="utf-8")
            self._versions[data, named] = name
        (self._folder / "CURRENT").write_text(name, encoding="utf-8")


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return Suite(tmp_path_factory.mktemp("w3c"))


@pytest.fixture(scope="module")
def service(suite: Suite) -> Iterator[SparqlService]:
    with SparqlService(suite.store, workers=1, deadline=10) as opened:
        yield opened


@pytest.mark.parametrize("case", _parameters(EVALUATED))
def test_evaluation(case: Case, suite: Suite, service: SparqlService) -> None:
    assert case.result is not None
    suite.load(case.data, case.named)
    extension = case.result.rpartition(".")[2]
    text = f"BASE <{BASE}{case.query}>\n" + _read(case.query).decode()
    form = check_query(text)
    accept = "text/turtle" if form.gives_graph else ACCEPT[extension if extension != "ttl" else "srj"]
    answer = service.query(text, accept=accept)
    assert answer.media_type == accept
    expected = _read(case.result)
    if form.gives_graph:
        assert _graph(answer.body, "") == _graph(expected, BASE + case.result)
    elif extension == "csv":
        assert _csv_rows(answer.body) == _csv_rows(expected)
    else:
        assert _results(answer.body, accept) == _results(expected, ACCEPT[extension], BASE + case.result)


@pytest.mark.parametrize("case", _parameters(set(SYNTAX)))
def test_syntax(case: Case, suite: Suite, service: SparqlService) -> None:
    suite.load((), ())
    text = f"BASE <{BASE}{case.query}>\n" + _read(case.query).decode()
    if SYNTAX[case.kind]:
        service.query(text)
    else:
        with pytest.raises((QuerySyntaxError, QueryRefused)):
            service.query(text)


@pytest.mark.parametrize("case", _parameters(UPDATES))
def test_updates_are_refused(case: Case) -> None:
    # An update without an operation is empty or a prologue: no query begins there.
    with pytest.raises((QueryRefused, QuerySyntaxError)):
        check_query(_read(case.query).decode())


@pytest.mark.parametrize("case", _parameters(EVALUATED | {"PositiveSyntaxTest11"}, evaluated=False))
def test_what_is_not_evaluated(case: Case) -> None:
    text = _read(case.query).decode()
    if case.folder == "entailment":
        assert check_query(text)
    else:
        with pytest.raises(QueryRefused, match="SERVICE"):
            check_query(text)


def _graph(content: bytes, base: str) -> ox.Dataset:
    quads = ox.parse(content, format=ox.RdfFormat.TURTLE, base_iri=base or None)
    return _canonical(ox.Quad(quad.subject, quad.predicate, _value(quad.object)) for quad in quads)


def _results(content: bytes, media_type: str, base: str = BASE) -> object:
    """A truth value, or the names of the variables and the rows up to names of blank nodes."""
    if media_type == "text/turtle":
        return _results_in_turtle(content, base)
    form = ox.QueryResultsFormat.from_media_type(media_type)
    results = ox.parse_query_results(content, format=form)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    names = [variable.value for variable in results.variables]
    rows = [tuple(zip(names, row, strict=True)) for row in results]
    return sorted(names), _rows(rows)


def _results_in_turtle(content: bytes, base: str) -> object:
    rs = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
    store = ox.Store()
    store.load(content, format=ox.RdfFormat.TURTLE, base_iri=base)
    objects: dict[str, list[tuple[Any, Any]]] = {
        name: [
            (quad.subject, quad.object)
            for quad in store.quads_for_pattern(None, ox.NamedNode(rs + name), None)
        ]
        for name in ("resultVariable", "solution", "binding", "variable", "value", "boolean")
    }
    if objects["boolean"]:
        return objects["boolean"][0][1].value == "true"
    variable, value = dict(objects["variable"]), dict(objects["value"])
    rows = [
        tuple((variable[one].value, value[one]) for subject, one in objects["binding"] if subject == solution)
        for _, solution in objects["solution"]
    ]
    return sorted(name.value for _, name in objects["resultVariable"]), _rows(rows)


def _rows(rows: list[tuple[tuple[str, Any], ...]]) -> ox.Dataset:
    counted = Counter(
        tuple(
            sorted(((name, _value(term)) for name, term in row if term is not None), key=lambda one: one[0])
        )
        for row in rows
    )
    quads = []
    for row, count in counted.items():
        node = ox.BlankNode()
        quads.append(ox.Quad(node, ox.NamedNode("urn:count"), ox.Literal(count)))
        quads += [ox.Quad(node, ox.NamedNode(f"urn:variable:{name}"), term) for name, term in row]
    return _canonical(quads)


def _csv_rows(content: bytes) -> tuple[list[str], ox.Dataset]:
    names, *rows = csv.reader(io.StringIO(content.decode()))
    return sorted(names), _rows([tuple(zip(names, map(_csv_value, row), strict=True)) for row in rows])


def _csv_value(text: str) -> Any:
    return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.Literal(text)


def _canonical(quads: Iterable[ox.Quad]) -> ox.Dataset:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _value(term: Any) -> Any:
    """A literal whose number is written in one way; other terms as they are."""
    if isinstance(term, ox.Literal):
        try:
            if term.datatype.value in (XSD + "decimal", XSD + "integer"):
                return ox.Literal(format(Decimal(term.value).normalize(), "f"), datatype=term.datatype)
            if term.datatype.value in (XSD + "double", XSD + "float"):
                return ox.Literal(repr(float(term.value)), datatype=term.datatype)
        except (ArithmeticError, ValueError):
            return term
    return term
