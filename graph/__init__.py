"""Where a standard lives: the RDF store (system of record), its queries, and ingest."""

from graph.analyst_questions import Question, questions
from graph.classifications import GroupName, PrintedCode, isco_group_names, list_printed_codes
from graph.concepts import ConceptSummary, DatasetSummary, list_concepts, list_datasets, list_names
from graph.contents import ClassUse, Contents, PropertyUse, list_contents
from graph.drafting import make_draft
from graph.headers import load_headers
from graph.ingest import IngestReport, Outcome, Status, ingest
from graph.links import LinkBook, LinkedNode, has_changed, linked_node, linked_nodes
from graph.oxigraph import OxigraphStore
from graph.repository import (
    StandardSummary,
    find_standard,
    list_standards,
    load_standard,
    load_standards,
    query_text,
    standard_graph,
)
from graph.shared import load_concepts, load_mappings
from graph.sparql import SparqlAnswer, SparqlService
from graph.store import RdfStore, open_store

__all__ = [
    "ClassUse",
    "ConceptSummary",
    "Contents",
    "DatasetSummary",
    "GroupName",
    "IngestReport",
    "LinkBook",
    "LinkedNode",
    "Outcome",
    "OxigraphStore",
    "PrintedCode",
    "PropertyUse",
    "Question",
    "RdfStore",
    "SparqlAnswer",
    "SparqlService",
    "StandardSummary",
    "Status",
    "find_standard",
    "has_changed",
    "ingest",
    "isco_group_names",
    "linked_node",
    "linked_nodes",
    "list_concepts",
    "list_contents",
    "list_datasets",
    "list_names",
    "list_printed_codes",
    "list_standards",
    "load_concepts",
    "load_headers",
    "load_mappings",
    "load_standard",
    "load_standards",
    "make_draft",
    "open_store",
    "query_text",
    "questions",
    "standard_graph",
]
