"""Writers of standards: one module a format, chosen by name.

What a format cannot carry is never left out silently: ``losses`` says it, field by field.
"""

from __future__ import annotations

from ontology.errors import InvalidInput
from ontology.writers.case import CASE
from ontology.writers.ctdl_asn import CTDL_ASN
from ontology.writers.esco_csv import ESCO_CSV
from ontology.writers.graphml import GRAPHML
from ontology.writers.rdf_documents import JSONLD, NTRIPLES, TURTLE
from ontology.writers.sssom import SSSOM_TSV
from ontology.writers.standard_json import JSON
from ontology.writers.writer import Loss, Shared, Writer
from ontology.writers.xlsx import XLSX

__all__ = ["WRITERS", "Loss", "Shared", "Writer", "writer_named"]

WRITERS: tuple[Writer, ...] = (
    TURTLE,
    NTRIPLES,
    JSONLD,
    JSON,
    XLSX,
    CASE,
    CTDL_ASN,
    ESCO_CSV,
    GRAPHML,
    SSSOM_TSV,
)


def writer_named(name: str) -> Writer:
    """The writer of a format. Raises ``InvalidInput`` with the names there are."""
    for writer in WRITERS:
        if writer.name == name:
            return writer
    known = ", ".join(writer.name for writer in WRITERS)
    raise InvalidInput(f"no format is known under {name!r}; there are {known}")
