"""The W3C test suite for SPARQL 1.1, read from its archive: what is asked, over which data, with what answer.

Manifests: https://www.w3.org/2009/sparql/docs/tests/README.html; the requests of the protocol's tests are in
the terms of https://www.w3.org/TR/HTTP-in-RDF10/.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib.term import Node

__all__ = ["Request", "Suite", "W3cTest"]

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")

_BASE = "https://w3c.github.io/rdf-tests/"


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request of a protocol test, and what has to come back: the statuses' first digits, and a truth
    value or the kind of content where the test says one."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: frozenset[str]
    boolean: bool | None
    format: str | None


@dataclass(frozen=True, slots=True)
class W3cTest:
    """One entry of a manifest. ``query`` is the IRI of the text that is sent, an update's too; ``data`` are
    the files of the default graph, ``named`` those of named graphs by their IRIs."""

    group: str
    name: str
    kind: str
    query: str | None
    data: tuple[str, ...]
    named: tuple[tuple[str, str], ...]
    result: str | None
    entailment: bool
    federated: bool
    requests: tuple[Request, ...]

    @property
    def id(self) -> str:
        return f"{self.group}/{self.name}"


class Suite:
    """The archive; files go by the IRIs that the manifests give them."""

    def __init__(self, archive: Path) -> None:
        self._archive = zipfile.ZipFile(archive)

    def read(self, iri: str) -> bytes:
        return self._archive.read(iri.removeprefix(_BASE))

    def text(self, iri: str) -> str:
        return self.read(iri).decode("utf-8")

    def query(self, test: W3cTest) -> str:
        """The test's query, with the base that it would have as a file."""
        assert test.query is not None
        return f"BASE <{test.query}>\n{self.text(test.query)}"

    @cached_property
    def tests(self) -> tuple[W3cTest, ...]:
        """All entries of all manifests, in the archive's order."""
        names = sorted(name for name in self._archive.namelist() if name.endswith("/manifest.ttl"))
        return tuple(test for name in names for test in self._entries(name))

    def _entries(self, name: str) -> Iterator[W3cTest]:
        graph = Graph().parse(data=self.text(name), format="turtle", publicID=_BASE + name)
        for manifest in graph.subjects(RDF.type, MF.Manifest):
            entries = graph.value(manifest, MF.entries)
            for entry in Collection(graph, entries) if entries is not None else ():
                yield _test(graph, entry, name.split("/")[-2])


def _test(graph: Graph, entry: Node, group: str) -> W3cTest:
    action = graph.value(entry, MF.action)
    kind = str(graph.value(entry, RDF.type)).rpartition("#")[2]
    query = None
    if isinstance(action, URIRef):
        query = str(action)
    elif action is not None:
        found = graph.value(action, QT.query) or graph.value(action, UT.request)
        query = str(found) if found is not None else None
    result = graph.value(entry, MF.result)
    named = [(str(one), str(one)) for one in graph.objects(action, QT.graphData)]
    named += [
        (str(graph.value(one, RDFS.label)), str(graph.value(one, UT.graph)))
        for one in graph.objects(entry, UT.graphData)
    ]
    return W3cTest(
        group=group,
        name=str(entry).rpartition("#")[2],
        kind=kind,
        query=query,
        data=tuple(sorted(str(one) for one in graph.objects(action, QT.data))),
        named=tuple(sorted(named)),
        result=str(result) if isinstance(result, URIRef) else None,
        entailment=group == "entailment",
        federated=group == "service",
        requests=tuple(_requests(graph, action)),
    )


def _requests(graph: Graph, action: Node | None) -> Iterator[Request]:
    listed = graph.value(action, HT.requests)
    for one in Collection(graph, listed) if listed is not None else ():
        body = graph.value(one, HT.body)
        content = b""
        if body is not None:
            encoding = str(graph.value(body, CNT.characterEncoding))
            content = str(graph.value(body, CNT.chars)).encode(encoding)
        heads = graph.value(one, HT.headers)
        answer = graph.value(one, HT.resp)
        boolean = graph.value(answer, MF.expectedBoolean)
        form = graph.value(answer, MF.expectedFormat)
        yield Request(
            method=str(graph.value(one, HT.methodName)),
            path=str(graph.value(one, HT.absolutePath)),
            headers={
                str(graph.value(head, HT.fieldName)): str(graph.value(head, HT.fieldValue))
                for head in (Collection(graph, heads) if heads is not None else ())
            },
            body=content,
            statuses=frozenset(str(code)[-3] for code in graph.objects(answer, MF.expectedStatus)),
            boolean=None if boolean is None else str(boolean) == "true",
            format=None if form is None else str(form),
        )
