"""The settings of the service. Each is an environment variable with the prefix ``COMPETENCY_``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.sources import ONET_URL
from graph.store import Access
from ontology.identifiers import DEFAULT_BASE
from ontology.readers.limits import Limits

__all__ = ["Settings"]

_MEGABYTE = 1_000_000


class Settings(BaseSettings):
    """``docs/settings.md`` has a heading for each of these; a test holds the two together."""

    model_config = SettingsConfigDict(env_prefix="COMPETENCY_", frozen=True)

    data_dir: Path = Field(default=Path("var"), description="folder of the store and the search index")
    base_iri: str = Field(
        default=DEFAULT_BASE, description="what the IRIs of this graph begin with; ends in / or #"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    api_key: SecretStr | None = Field(
        default=None, description="key that writing over HTTP takes; without it nothing is written so"
    )
    embedder: str = Field(default="onnx", description="descriptor of the embedding model")
    vectors: str = Field(default="auto", description="descriptor of the engine for vectors")
    search_engine: Literal["local", "neo4j"] = Field(
        default="local", description="what searches vectors and words: files here, or the Neo4j server"
    )
    store: str = Field(default="", description="descriptor of the RDF store; empty: in the data folder")
    store_user: str = Field(default="", description="user at a SPARQL endpoint that is the store")
    store_password: SecretStr = Field(default=SecretStr(""), description="password of that user")
    store_update_url: str = Field(default="", description="where that endpoint takes updates")
    sparql_workers: int = Field(default=2, ge=1, le=64, description="processes that answer SPARQL queries")
    sparql_deadline: float = Field(default=10.0, gt=0, le=3600, description="seconds a SPARQL query may take")
    sparql_memory_mb: int = Field(default=1024, ge=128, description="memory a SPARQL worker may take, in MiB")
    cypher_deadline: float = Field(default=10.0, gt=0, le=3600, description="seconds a Cypher query may take")
    cypher_rows: int = Field(default=10_000, ge=1, description="most rows that a Cypher query is given")
    cypher_at_once: int = Field(default=4, ge=1, le=8, description="Cypher queries that run at once")
    property_graph: str = Field(default="arcadedb:", description="descriptor of the property graph")
    property_graph_user: str = Field(default="neo4j", description="user at a property graph server")
    property_graph_password: SecretStr = Field(
        default=SecretStr(""), description="password at a property graph server"
    )
    property_graph_database: str | None = Field(
        default=None, description="database at a property graph server; its own default where none is named"
    )
    property_graph_memory_mb: int = Field(
        default=1024, ge=256, description="memory of the local property graph server, in MiB"
    )
    sparql_rows: int = Field(
        default=1_000_000, ge=1, description="rows or statements that an answer to SPARQL may have"
    )
    sparql_answer_mb: int = Field(
        default=256,
        ge=1,
        description="largest answer to a SPARQL query, in MiB; a larger one is refused whole",
    )
    sparql_waiting: int = Field(
        default=8, ge=0, description="SPARQL queries that may wait for a worker; more are told to come again"
    )
    max_upload_kb: int = Field(
        default=20_480, ge=1, description="largest document that may be sent for checking, in KiB"
    )
    max_body_kb: int = Field(default=1024, ge=1, description="largest request body that is read, in KiB")
    document_mb: int = Field(default=20, ge=1, description="largest document of a standard, in MB")
    document_unpacked_mb: int = Field(
        default=200, ge=1, description="largest size of a packed document when unpacked, in MB"
    )
    document_pages: int = Field(default=200, ge=1, description="pages that a PDF may have")
    fetch_max_mb: int = Field(default=2048, ge=1, description="largest file that is fetched, in MiB")
    fetch_timeout: float = Field(
        default=30.0, gt=0, le=3600, description="seconds of silence after which a connection is given up"
    )
    fetch_onet_url: str = Field(
        default=ONET_URL, description="release of the O*NET database that `fetch onet` takes"
    )

    @property
    def store_descriptor(self) -> str:
        """Descriptor of the RDF store."""
        return self.store or f"oxigraph:{self.data_dir / 'store'}"

    @property
    def store_access(self) -> Access:
        """How a store on another machine is reached."""
        return Access(self.store_user, self.store_password.get_secret_value(), self.store_update_url)

    @property
    def limits(self) -> Limits:
        """Bounds for one document of a standard."""
        return Limits(
            bytes=self.document_mb * _MEGABYTE,
            unpacked_bytes=self.document_unpacked_mb * _MEGABYTE,
            pages=self.document_pages,
        )

    @property
    def downloads_dir(self) -> Path:
        return self.data_dir / "downloads"

    @property
    def property_graph_dir(self) -> Path:
        return self.data_dir / "property-graph"

    @property
    def index_dir(self) -> Path:
        return self.data_dir / "index"
