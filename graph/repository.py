"""Standards in the store: publish them, list them, find one by what people call it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import unquote

from rdflib import RDF, URIRef

from ontology.errors import NotFound
from ontology.model import Kind
from ontology.rdf import from_graph
from ontology.vocabulary import CG, natural_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rdflib import Graph
    from rdflib.term import Node

    from graph.store import RdfStore
    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = [
    "StandardSummary",
    "find_standard",
    "is_iri",
    "list_standards",
    "load_elements",
    "load_standard",
    "load_standards",
    "query_about",
    "query_text",
    "standard_graph",
]


_VERSIONED = re.compile(r"(?P<series>.+?)v(?P<number>\d+)")
_MARK = "<urn:these>"
# what may stand between angle brackets, https://www.w3.org/TR/sparql11-query/#rIRIREF
_IRI = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|\\^`]+""")


@dataclass(frozen=True, slots=True)
class StandardSummary:
    """A loaded standard in a line. ``counts`` has the number of elements by kind, sub-items not among them;
    ``code`` is the code with its version, ``status`` what the document calls itself, ``series`` the IRI of
    all its versions together."""

    iri: str
    code: str
    name: str
    language: str
    framework: str
    version: str
    level: int | None
    status: str
    series: str
    counts: Mapping[Kind, int]


@cache
def query_text(name: str) -> str:
    """One of the project's own queries, from ``graph/queries``."""
    return files("graph").joinpath("queries", name).read_text(encoding="utf-8")


def query_about(name: str, iris: Iterable[str]) -> str:
    """One of the project's own queries with IRIs in the place of its mark ``<urn:these>``, without those
    that have characters that would end one."""
    return query_text(name).replace(_MARK, " ".join(f"<{one}>" for one in iris if is_iri(one)))


def is_iri(text: str) -> bool:
    """Whether it may stand between angle brackets."""
    return _IRI.fullmatch(text) is not None


def list_standards(store: RdfStore) -> tuple[StandardSummary, ...]:
    """All loaded standards, by framework and code; empty while nothing was loaded. Two queries, whatever
    their number."""
    if not store.graphs():
        return ()
    counts: dict[str, dict[Kind, int]] = {}
    for row in store.select(query_text("element-counts.rq")):
        kind = str(row["class"]).rpartition("#")[2].lower()
        counts.setdefault(str(row["standard"]), {})[Kind(kind)] = int(str(row["count"]))
    found: dict[str, StandardSummary] = {}
    # sorted here: the engine takes longer to sort than to find
    rows = store.select(query_text("standards.rq"))
    for row in sorted(rows, key=_all_of):
        iri = str(row["standard"])
        name = row["name"]
        found.setdefault(
            iri,
            StandardSummary(
                iri=iri,
                code=str(row["code"]),
                name=str(name),
                language=getattr(name, "language", None) or "und",
                framework=unquote(re.split("[/#]", str(row["framework"]))[-1]),
                version=str(row.get("version", "")),
                level=int(str(row["level"])) if "level" in row else None,
                status=str(row.get("status", "")),
                series=str(row.get("series", "")),
                counts={kind: counts.get(iri, {}).get(kind, 0) for kind in Kind},
            ),
        )
    return tuple(sorted(found.values(), key=lambda one: (one.framework, natural_key(one.code))))


def _all_of(row: Mapping[str, Node]) -> tuple[str, ...]:
    """All that a row says of a standard, so that of two documents on one the same is taken in every store."""
    names = ("standard", "name", "version", "code", "framework", "level", "status", "series")
    return (*(str(row.get(name, "")) for name in names), getattr(row["name"], "language", None) or "")


def find_standard(standards: Sequence[StandardSummary], key: str) -> StandardSummary:
    """The standard that ``key`` names: its IRI, its code in any case, or its code without the version, which
    means the latest version that is loaded. A first version is found with and without ``v1``.

    Raises ``NotFound`` with the nearest codes there are.
    """
    wanted = key.strip()
    # an IRI, which the program names standards by, is found sooner than a code
    for one in standards:
        if wanted == one.iri:
            return one
    folded = wanted.casefold()
    for one in standards:
        if folded == one.code.casefold():
            return one
    versions: list[tuple[int, StandardSummary]] = []
    for one in standards:
        series, number = _split(one.code)
        if folded == series or (number == 1 and folded == f"{series}v1"):
            versions.append((number, one))
    if versions:
        return max(versions, key=lambda version: version[0])[1]
    near = difflib.get_close_matches(folded, [one.code.casefold() for one in standards], n=3, cutoff=0.5)
    codes = [one.code for one in standards if one.code.casefold() in near] or [
        one.code for one in standards[:3]
    ]
    hint = f"; there is {', '.join(codes)}" if codes else "; none has been loaded"
    raise NotFound(key, f"no standard is known under {key!r}{hint}", near=codes)


def standard_graph(store: RdfStore, iri: str) -> Graph:
    """All that is said of the standard with this IRI, of its elements and of what belongs to them.

    A standard that is a document of its own is that document; one of a data set is found in it. Raises
    ``NotFound``.
    """
    if iri in store.graphs():
        return store.graph(iri)
    graph = store.construct(query_text("standard.rq"), {"standard": URIRef(iri)})
    if (URIRef(iri), RDF.type, CG.Standard) not in graph:
        raise NotFound(iri)
    return graph


def load_standard(store: RdfStore, identifiers: Identifiers, key: str) -> Standard:
    """A standard by its IRI or by what ``find_standard`` understands. Raises ``NotFound``."""
    iri = key if "://" in key or key in store.graphs() else find_standard(list_standards(store), key).iri
    return from_graph(_statements(store, iri), iri, identifiers)


def load_elements(store: RdfStore, identifiers: Identifiers, iri: str) -> Standard:
    """The standard with this IRI with its own elements and doubts, and without what else it refers to where
    that is read quicker: of an occupation of O*NET that is a third. Raises ``NotFound``."""
    return from_graph(_statements(store, iri, "standard-elements.rq"), iri, identifiers)


def load_standards(
    store: RdfStore, identifiers: Identifiers, standards: Iterable[StandardSummary] | None = None
) -> Iterator[Standard]:
    """The standards of a list, all that are loaded without one, by framework and code."""
    for one in list_standards(store) if standards is None else standards:
        yield from_graph(_statements(store, one.iri), one.iri, identifiers)


def _statements(
    store: RdfStore, iri: str, query: str = "standard-statements.rq"
) -> list[tuple[Node, Node, Node]]:
    """What ``standard_graph`` has, each statement once, without making a graph, which takes twice as long
    as all the rest of reading a standard. ``query`` is for one that is no document of its own."""
    if not is_iri(iri):
        raise NotFound(iri)
    rows = store.select(query_about("document.rq" if iri in store.graphs() else query, [iri]))
    return [(row["subject"], row["property"], row["value"]) for row in rows]


def _split(code: str) -> tuple[str, int]:
    """Series and number of a version, in lower case: first versions are printed with and without ``v1``."""
    folded = code.casefold()
    match = _VERSIONED.fullmatch(folded)
    return (match["series"], int(match["number"])) if match else (folded, 1)
