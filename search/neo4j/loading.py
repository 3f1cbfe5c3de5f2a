"""Writing a version of the index to Neo4j: nodes in batches, then the two indexes, then that it is whole."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from search.filters import column_values
from search.folding import mainland_words
from search.lexical import CONTEXT, FILTERS, MAINLAND, TEXT, joined, named_texts, number_of
from search.neo4j.frequencies import Frequencies, count_words
from search.neo4j.names import FILTER_FIELD, Names, filter_token
from search.neo4j.points import EXTRA, length_of, row_points

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from graph.property_graph.bolt import BoltConnection
    from search.passages import Passage
    from search.vectors import VectorRows

__all__ = ["SEARCHED", "load_version", "remove_version"]

SEARCHED: Mapping[str, str] = {TEXT: "searchText", MAINLAND: "mainlandText", CONTEXT: "contextText"}
"""The properties that hold the words which a search looks for, by their fields in ``search.lexical``."""
_BATCH = 500
_DELETED = 5000
_SECONDS_TO_FILL = 3600

_FULL_TEXT = (
    "CREATE FULLTEXT INDEX %s FOR (n:%s) ON EACH [n.text, {}] "
    "OPTIONS {{indexConfig: {{`fulltext.analyzer`: 'cjk'}}}}"
).format(", ".join(f"n.{name}" for name in (*SEARCHED.values(), FILTER_FIELD)))
_VECTORS = (
    "CREATE VECTOR INDEX %s FOR (n:%s) ON (n.embedding) OPTIONS {indexConfig: {"
    "`vector.dimensions`: %d, `vector.similarity_function`: 'cosine', `vector.quantization.enabled`: false}}"
)
_ROW_INDEX = "CREATE INDEX passage_iri IF NOT EXISTS FOR (n:Passage) ON (n.iri)"
_PASSAGES = (
    "UNWIND $rows AS row CREATE (n:Passage:%s:%s) SET n = row.properties WITH n, row "
    "CALL db.create.setNodeVectorProperty(n, 'embedding', row.vector)"
)
_OTHER_TEXTS = "UNWIND $rows AS row CREATE (n:PassageName:%s) SET n = row.properties"
_FILLED = "CALL db.awaitIndexes($seconds)"
_WHOLE = "MERGE (i:SearchIndex {version: $version}) SET i += $properties"
_NOT_WHOLE = "MATCH (i:SearchIndex {version: $version}) DELETE i"
_REMOVE = "MATCH (n:%s) WITH n LIMIT $limit DETACH DELETE n RETURN count(*) AS deleted"


def load_version(
    connection: BoltConnection,
    folder: Path,
    version: str,
    passages: Sequence[Passage],
    rows: VectorRows,
    embedder: str,
) -> None:
    """Writes all of a version, in place of one that was not finished; ``folder`` keeps the counts."""
    remove_version(connection, version)
    names, length = Names(version), length_of(rows)
    dimension = int(rows.vectors.shape[1])
    seen: Counter[tuple[str, str]] = Counter()
    texts = 0
    connection.write(_ROW_INDEX)
    for start in range(0, len(passages), _BATCH):
        points = row_points(rows, slice(start, start + _BATCH), length)
        main, others = [], []
        for place, point in enumerate(points):
            row = start + place
            own, *more = _nodes(passages[row], row, latest=bool(rows.latest[row]))
            main.append({"properties": own, "vector": point.tolist()})
            others += [{"properties": one} for one in more]
            for one in (own, *more):
                count_words(((field, str(one[name])) for field, name in SEARCHED.items()), seen)
        texts += len(main) + len(others)
        connection.write(_PASSAGES % (names.passages, names.texts), rows=main)
        connection.write(_OTHER_TEXTS % names.texts, rows=others)
    connection.write(_FULL_TEXT % (names.text_index, names.texts))
    connection.write(_VECTORS % (names.vector_index, names.passages, dimension + EXTRA))
    connection.write(_FILLED, seconds=_SECONDS_TO_FILL)
    Frequencies.write(folder, seen, texts)
    properties = {
        "texts": names.text_index,
        "vectors": names.vector_index,
        "model": embedder,
        "dimension": dimension,
        "length": length,
        "passages": len(passages),
    }
    connection.write(_WHOLE, version=version, properties=properties)


def remove_version(connection: BoltConnection, version: str) -> None:
    """Removes all that is there of a version."""
    names = Names(version)
    connection.write(_NOT_WHOLE, version=version)
    for index in (names.vector_index, names.text_index):
        connection.write(f"DROP INDEX {index} IF EXISTS")
    for label in (names.passages, names.texts):
        while connection.write(_REMOVE % label, limit=_DELETED)[0]["deleted"]:
            pass


def _nodes(passage: Passage, row: int, *, latest: bool) -> list[dict[str, object]]:
    """The properties of the node of a passage, then of those of its other texts."""
    tokens = [filter_token(column, value) for column in FILTERS for value in column_values(passage, column)]
    common: dict[str, object] = {
        "iri": passage.iri,
        "row": row,
        "code": passage.code,
        "kind": passage.kind,
        "framework": passage.framework,
        "standard": passage.standard,
        "lang": passage.lang,
        "level": passage.level,
        "latest": latest,
        SEARCHED[CONTEXT]: joined(" ".join(step.text for step in passage.path)),
        FILTER_FIELD: " ".join(tokens),
    }
    return [
        {
            **common,
            "name": name,
            "whole": number_of(words := joined(text)),
            "text": text,
            SEARCHED[TEXT]: words,
            SEARCHED[MAINLAND]: joined(mainland_words(text)),
        }
        for name, text in named_texts(passage)
    ]
