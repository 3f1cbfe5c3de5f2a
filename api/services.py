"""What the web service and the command line stand on: the store, the search index and the SPARQL workers.

Everything here is made once from the settings and given to whoever needs it; nothing is a global.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Self

from api.browsing import make_tree
from api.examples import choose_examples
from api.kept import Kept
from api.latest import Latest
from api.map_data import JoinedMap
from api.mapping import MapHandle, keep_map
from api.pages.help_views import Examples
from api.suggesting import SuggestHandle, build_suggestions
from graph import (
    Contents,
    DatasetSummary,
    IngestReport,
    LinkBook,
    RdfStore,
    SparqlService,
    StandardSummary,
    find_standard,
    ingest,
    isco_group_names,
    list_concepts,
    list_contents,
    list_datasets,
    list_names,
    list_printed_codes,
    list_standards,
    load_standards,
    open_store,
)
from graph.cypher import CypherService
from graph.property_graph import CurrentGraph, open_property_graph
from ontology.errors import IndexMissing, IndexStale
from ontology.identifiers import Identifiers
from search import DEFAULT_VECTORS, SearchIndex, open_embedder, passages_of, passages_of_concepts, with_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from api.browsing import BrowseTree
    from api.settings import Settings
    from graph.property_graph import PropertyGraph
    from ontology.model import Standard
    from search import Embedder, Passage
    from search.engine import SearchEngine

    Progress = Callable[[str, int, int], None]

__all__ = [
    "IndexHandle",
    "Services",
    "bring_index_up_to_date",
    "ingest_and_index",
    "make_property_graph",
    "make_search_engine",
    "open_services",
    "rebuild_index",
]


class IndexHandle:
    """The search index in force: opened on first use, opened again when another was published."""

    def __init__(
        self,
        folder: Path,
        descriptor: str,
        vectors: str = DEFAULT_VECTORS,
        engine: Callable[[], SearchEngine | None] = lambda: None,
    ) -> None:
        self._folder = folder
        self._make_engine = engine
        self._descriptor = descriptor
        self._vectors = vectors
        self._lock = threading.Lock()
        self._index: SearchIndex | None = None
        self._version: str | None = None

    @cached_property
    def embedder(self) -> Embedder:
        """The model, loaded at its first use."""
        return open_embedder(self._descriptor)

    @cached_property
    def engine(self) -> SearchEngine | None:
        """What searches in place of the files; ``None`` for them. Raises ``InvalidInput``."""
        return self._make_engine()

    def current(self) -> SearchIndex:
        """Raises ``IndexStale`` where there is no index, one of another model or format, or one that the
        store went ahead of."""
        if _behind(self._folder).exists():
            raise IndexStale("the search index is older than the store; run: competency index")
        version = SearchIndex.version(self._folder)
        if version is None:
            raise IndexMissing("there is no search index yet; load a standard: competency ingest --bundled")
        with self._lock:
            if self._index is None or version != self._version:
                self._index = SearchIndex.open(
                    self._folder, self.embedder, vectors=self._vectors, engine=self.engine
                )
                self._version = version
            return self._index


@dataclass(frozen=True)
class Services:
    """The parts of a running service; ``create_app`` needs nothing else."""

    settings: Settings
    identifiers: Identifiers
    store: RdfStore
    index: IndexHandle
    shared_property_graph: PropertyGraph | None = None

    @cached_property
    def property_graph(self) -> CurrentGraph:
        """The property graph, which follows the store; its server starts at the first query."""
        shared = self.shared_property_graph
        graph = shared if shared is not None else make_property_graph(self.settings)
        return CurrentGraph(graph, self.store, shared=shared is not None)

    @cached_property
    def sparql(self) -> SparqlService:
        """The SPARQL workers; they start at the first query."""
        return SparqlService(
            self.store,
            workers=self.settings.sparql_workers,
            deadline=self.settings.sparql_deadline,
            memory_mb=self.settings.sparql_memory_mb,
            answer_mb=self.settings.sparql_answer_mb,
            waiting=self.settings.sparql_waiting,
            rows=self.settings.sparql_rows,
        )

    @cached_property
    def contents(self) -> Latest[Contents]:
        """What the store has of each class and property."""
        return Latest(self.store, lambda: list_contents(self.store), Contents({}, {}))

    @cached_property
    def cypher(self) -> CypherService:
        """Users' Cypher over the property graph."""
        return CypherService(
            self.property_graph,
            self.store.revision,
            deadline=self.settings.cypher_deadline,
            rows=self.settings.cypher_rows,
            at_once=self.settings.cypher_at_once,
        )

    @cached_property
    def links(self) -> LinkBook:
        """The links to shared concepts; to change them, go through ``api.linking``."""
        return LinkBook(self.store, self.identifiers)

    @cached_property
    def suggestions(self) -> SuggestHandle:
        """What may be meant by what somebody has begun to type."""
        return SuggestHandle(self.settings.data_dir / "index")

    @cached_property
    def map(self) -> MapHandle:
        """The map of all standards by meaning."""
        return MapHandle(self.settings.data_dir / "index", self.index.current)

    @cached_property
    def joined_map(self) -> JoinedMap:
        """The map with what it is coloured by."""
        return JoinedMap()

    @cached_property
    def browsing(self) -> Latest[BrowseTree]:
        """The trees that standards are browsed by."""
        store = self.store
        return Latest(
            store,
            lambda: make_tree(self.standards(), list_printed_codes(store), isco_group_names(store)),
            make_tree((), (), {}),
        )

    @cached_property
    def releases(self) -> Latest[tuple[DatasetSummary, ...]]:
        """The loaded releases of frameworks."""
        return Latest(self.store, lambda: list_datasets(self.store), ())

    @cached_property
    def _listed(self) -> Latest[tuple[StandardSummary, ...]]:
        return Latest(self.store, lambda: list_standards(self.store), ())

    @cached_property
    def kept(self) -> Kept:
        """What was read lately of single standards and nodes."""
        return Kept(self.store, self.identifiers, self.standards)

    @cached_property
    def examples(self) -> Latest[Examples]:
        """Examples for the help of the pages."""
        choose = partial(choose_examples, self.standards, self.standard, self.identifiers)
        return Latest(self.store, choose, Examples())

    def standards(self) -> tuple[StandardSummary, ...]:
        """The loaded standards; asked of the store once a revision."""
        return self._listed.get()

    def standard(self, key: str) -> tuple[StandardSummary, Standard]:
        """A standard by its IRI or code (see ``graph.find_standard``). Raises ``NotFound``."""
        found = find_standard(self.standards(), key)
        return found, self.kept.standards.get(found.iri)

    def standard_iri(self, key: str) -> str:
        """The IRI of a standard by its IRI or code. Raises ``NotFound``."""
        return find_standard(self.standards(), key).iri

    def standard_keys(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Codes with versions, as the search index filters by them. Raises ``NotFound``."""
        return tuple(find_standard(self.standards(), key).code for key in keys)

    def warm(self) -> None:
        """Loads the model, starts the workers and gathers what pages need of all standards, so that the first
        answer is as quick as the others.

        Raises ``IndexStale`` at the end where only the search is not ready.
        """
        self.sparql.start()
        self.browsing.get()
        self.examples.get()
        index = self.index.current()
        index.search("warm")
        index.gather()

    def close(self) -> None:
        """Stops the workers and the property graph's server, and closes the store."""
        if "property_graph" in self.__dict__:
            self.property_graph.close()
        if "sparql" in self.__dict__:
            self.sparql.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def make_property_graph(settings: Settings) -> PropertyGraph:
    """The property graph that the settings name, as it is, whatever the store holds by now."""
    return open_property_graph(
        settings.property_graph,
        folder=settings.property_graph_dir,
        user=settings.property_graph_user,
        password=settings.property_graph_password.get_secret_value(),
        database=settings.property_graph_database,
        memory_mb=settings.property_graph_memory_mb,
    )


def make_search_engine(settings: Settings) -> SearchEngine | None:
    """The engine that the settings name; ``None`` for the files of the index. Raises ``InvalidInput``."""
    if settings.search_engine == "local":
        return None
    from search.neo4j import open_neo4j_engine

    return open_neo4j_engine(
        settings.property_graph,
        user=settings.property_graph_user,
        password=settings.property_graph_password.get_secret_value(),
        database=settings.property_graph_database,
    )


def open_services(settings: Settings, *, property_graph: PropertyGraph | None = None) -> Services:
    """The services that the settings describe. Nothing heavy happens before the first use.

    A ``property_graph`` that is given is used in place of the settings', and is not closed with the services.
    """
    return Services(
        settings=settings,
        identifiers=Identifiers(settings.base_iri),
        store=open_store(settings.store_descriptor, settings.store_access),
        index=IndexHandle(
            settings.data_dir / "index",
            settings.embedder,
            settings.vectors,
            lambda: make_search_engine(settings),
        ),
        shared_property_graph=property_graph,
    )


def ingest_and_index(
    paths: Sequence[Path],
    settings: Settings,
    *,
    dry_run: bool = False,
    index: bool = True,
    progress: Progress | None = None,
) -> IngestReport:
    """Publishes the standards in ``paths`` and brings the search index up to date.

    Without ``index`` the index stays as it is; where the store changed, searches raise ``IndexStale`` until
    it is brought up to date.
    """
    with open_services(settings) as services:
        before = services.store.revision() if services.store.graphs() else ""
        report = ingest(
            paths,
            services.store,
            services.identifiers,
            dry_run=dry_run,
            limits=settings.limits,
            progress=progress,
        )
        if not dry_run and services.store.graphs():
            if index:
                bring_index_up_to_date(services, progress)
            elif report.revision != before:
                _behind(settings.data_dir / "index").touch()
        return report


def rebuild_index(settings: Settings, *, progress: Progress | None = None) -> SearchIndex:
    """Brings the search index up to date with the store. Raises ``StoreMissing``."""
    with open_services(settings) as services:
        services.store.revision()
        return bring_index_up_to_date(services, progress)


def bring_index_up_to_date(services: Services, progress: Progress | None = None) -> SearchIndex:
    """Makes the search index of what the store holds now, and publishes it; until then the one before it
    answers."""
    folder = services.settings.data_dir / "index"
    names = list_names(services.store)
    passages = _named(all_passages(services, progress, names=False), names)
    built = SearchIndex.build(
        passages,
        services.index.embedder,
        folder,
        progress=progress,
        vectors=services.settings.vectors,
        engine=services.index.engine,
    )
    build_suggestions(passages, names, folder)
    if progress:
        progress("Drawing the map", 0, 1)
    keep_map(built, folder)
    if progress:
        progress("Drawing the map", 1, 1)
    _behind(folder).unlink(missing_ok=True)
    return built


def _behind(index: Path) -> Path:
    """The file that is there while the store is ahead of the index in this folder."""
    return index.with_name("index-behind")


def all_passages(
    services: Services, progress: Progress | None = None, *, names: bool = True
) -> list[Passage]:
    """What the search index holds: the passages of all loaded standards, and of what they share, with what
    they are called besides their names, unless ``names`` is false."""
    standards = services.standards()
    passages: list[Passage] = []
    for number, standard in enumerate(load_standards(services.store, services.identifiers, standards)):
        passages.extend(passages_of(standard, services.identifiers))
        if progress and number % 100 == 0:
            progress("Reading the store", number, len(standards))
    if progress and standards:
        progress("Reading the store", len(standards), len(standards))
    passages.extend(passages_of_concepts(list_concepts(services.store), list_datasets(services.store)))
    return _named(passages, list_names(services.store)) if names else passages


def _named(passages: Iterable[Passage], names: Mapping[str, Sequence[tuple[str, str]]]) -> list[Passage]:
    """The passages with what they are called besides, as ``graph.list_names`` gives it."""
    return list(with_names(passages, {iri: sorted(text for text, _ in own) for iri, own in names.items()}))
