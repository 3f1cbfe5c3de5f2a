"""No page asks the store more often where there is more to show: queries are counted, small beside large."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.linking import changing_links, make_links
from api.services import ingest_and_index, open_services
from api.settings import Settings
from ontology.links import LinkStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from api.services import Services
    from graph import RdfStore
    from graph.store import Row

ROOT = Path(__file__).resolve().parent.parent
CODE = "BGM1219-002v2"
WHOLE = f"/id/icap/{CODE}"
HTML = {"Accept": "text/html"}


class CountingStore:
    """A store that passes everything on and counts what is asked of it."""

    def __init__(self, store: RdfStore) -> None:
        self._store = store
        self.asked = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def select(self, query: str, bindings: Mapping[str, Node] | None = None) -> list[Row]:
        self.asked += 1
        return self._store.select(query, bindings)

    def construct(self, query: str, bindings: Mapping[str, Node] | None = None) -> Graph:
        self.asked += 1
        return self._store.construct(query, bindings)

    def graph(self, iri: str) -> Graph:
        self.asked += 1
        return self._store.graph(iri)


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The services over all bundled documents."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("five"), embedder="toy")
    ingest_and_index(sorted((ROOT / "data" / "standards").glob("*.txt")), settings)
    with open_services(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The services over all bundled documents, with the links that the toy model finds, all accepted, and
    those of all elements to the concept of one."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("linked"), embedder="toy")
    ingest_and_index(sorted((ROOT / "data" / "standards").glob("*.txt")), settings)
    with open_services(settings) as opened:
        make_links(opened)
        with changing_links(opened) as book:
            found = book.settle(
                dict.fromkeys(book.links(), LinkStatus.ACCEPTED), by="Lin", on=date(2026, 11, 30)
            )
            concept = found[0].concept, found[0].concept_text
            book.record([replace(one, concept=concept[0], concept_text=concept[1]) for one in found])
        yield opened


def queries(services: Services, address: str) -> int:
    """How many queries the page takes, opened for the first time and again."""
    store = CountingStore(services.store)
    client = TestClient(create_app(replace(services, store=cast("RdfStore", store))))
    for _ in range(2):
        answer = client.get(address, headers=HTML)
        assert answer.status_code == 200, address
    return store.asked


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?q=團隊",
        "/?q=團隊&group=standard",
        "/standards",
        WHOLE,
        f"{WHOLE}/T1",
        f"{WHOLE}/S1",
        "/id/level/icap/3",
        "/id/icap",
        "/id/code/occupation-mol-tw/1",
        "/places?iri=https%3A//w3id.org/competency-graph/id/icap/BGM1219-002v2/S1/2",
        "/similar?standard=BGM1219-002v2&same_standard=true",
        "/compare?a=BGM1219-002v2",
        "/match?example=true",
        "/curriculum?q=團隊",
        "/schema",
        "/sitemap.xml",
        "/sitemap/standards-1.xml",
    ],
)
def test_more_standards_do_not_take_more_queries(services: Services, five: Services, address: str) -> None:
    assert queries(five, address) <= queries(services, address)


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (f"{WHOLE}/P1.1.1", f"{WHOLE}/T1"),
        (f"{WHOLE}/S1/2", f"{WHOLE}/S1"),
        ("/id/code/occupation-mol-tw/1219", "/id/code/occupation-mol-tw/1"),
        (
            "/compare?a=BGM1219-002v2 P1.1.1&b=BGM1219-002v2 P1.1.2",
            "/compare?a=BGM1219-002v2 T1&b=BGM1219-002v2 T3",
        ),
        ("/?q=團隊&kind=task", "/?q=團隊"),
        ("/curriculum?q=衝突", "/curriculum?q=團隊"),
    ],
)
def test_a_larger_page_does_not_take_more_queries(services: Services, small: str, large: str) -> None:
    assert queries(services, large) <= queries(services, small)


def test_a_large_standard_takes_as_many_queries_as_a_small_one(five: Services) -> None:
    standards = sorted(five.standards(), key=lambda one: sum(one.counts.values()))
    small, large = (one.iri.replace(five.identifiers.base, "/id/") for one in (standards[0], standards[-1]))
    assert 0 < queries(five, large) <= queries(five, small)


def test_more_links_do_not_take_more_queries(linked: Services) -> None:
    concepts = Counter(one.concept for one in linked.links.links().values())
    (most, many), *_, (least, few) = concepts.most_common()
    assert few < many
    small, large = (one.replace(linked.identifiers.base, "/id/") for one in (least, most))
    assert 0 < queries(linked, large) <= queries(linked, small)
    for path in ("links?changed=false", "links?changed=true", "alignments?"):
        one, many = (queries(linked, f"/api/v1/{path}&limit={limit}") for limit in (1, 200))
        assert many <= one, path
