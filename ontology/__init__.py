"""What a standard is: model, identifiers, vocabulary, readers, writers, validation. No database, no web."""

from ontology.errors import CompetencyError, DocumentError, InvalidInput, NotFound
from ontology.identifiers import Identifiers
from ontology.model import Kind, Standard

__all__ = ["CompetencyError", "DocumentError", "Identifiers", "InvalidInput", "Kind", "NotFound", "Standard"]
