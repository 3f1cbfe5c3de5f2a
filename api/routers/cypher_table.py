"""Answers in Cypher as tables: for the page, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from api.pages.views import Table, Value
from graph.cypher_values import to_json_rows
from ontology.errors import QueryTooLarge

if TYPE_CHECKING:
    from api.pages import Page
    from graph.property_graph import Answer

__all__ = ["DOWNLOAD_FORMS", "MOST_ROWS", "as_download", "as_table"]

MOST_ROWS = 10_000
"""How many rows can be downloaded."""
DOWNLOAD_FORMS = {"CSV": "csv", "JSON": "json"}


def as_table(page: Page, answer: Answer, most: int) -> Table:
    """The first ``most`` rows; a node is a link to its page."""
    rows = tuple(tuple(_value(page, one) for one in row) for row in answer.rows[:most])
    return Table(tuple(answer.columns), rows)


def as_download(answer: Answer, form: str) -> tuple[str, str]:
    """The whole answer as ``csv`` or ``json``, and its media type. Raises ``QueryTooLarge`` rather than
    giving a part."""
    if not answer.complete:
        raise QueryTooLarge(f"the answer has more than {MOST_ROWS:,} rows; add a LIMIT, or SKIP and LIMIT")
    if form == "json":
        found = {"columns": list(answer.columns), "rows": to_json_rows(answer.rows)}
        return json.dumps(found, ensure_ascii=False), "application/json"
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(answer.columns)
    writer.writerows([_text(one) for one in row] for row in answer.rows)
    return text.getvalue(), "text/csv; charset=utf-8"


def _value(page: Page, one: object) -> Value | None:
    from neo4j.graph import Node

    if one is None:
        return None
    if isinstance(one, Node) and isinstance(one.get("iri"), str):
        return Value(_text(one), page.local(one["iri"]))
    text = _text(one)
    if text.startswith(("http://", "https://")):
        return Value(text, page.local(text))
    return Value(text)


def _text(one: object) -> str:
    from neo4j.graph import Node, Path, Relationship

    if one is None:
        return ""
    if isinstance(one, Node):
        return " ".join(str(one[key]) for key in ("code", "text") if key in one) or str(one.get("iri", ""))
    if isinstance(one, Relationship):
        return one.type
    if isinstance(one, Path):
        steps = [_text(one.start_node)]
        for relationship, node in zip(one.relationships, one.nodes[1:], strict=True):
            forward = relationship.end_node == node
            steps.append(f"-[{relationship.type}]->" if forward else f"<-[{relationship.type}]-")
            steps.append(_text(node))
        return " ".join(steps)
    if isinstance(one, bool):
        return str(one).lower()
    if isinstance(one, list | dict):
        return json.dumps(to_json_rows([[one]])[0][0], ensure_ascii=False)
    return str(one)
