"""Users' Cypher: checked by the guard, run within a deadline and a row limit, a few at once."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.cypher_guard import check_cypher
from graph.cypher_values import to_json_rows
from ontology.errors import Overloaded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from graph.property_graph import Answer, PropertyGraph

__all__ = ["CypherAnswer", "CypherService"]

_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class CypherAnswer:
    """An answer as JSON can say it (``graph.cypher_values``).

    ``complete`` is false where there were more rows than the limit. ``revision`` is that of the store when
    the query began: the property graph is at least as new. ``took_ms`` counts the guard and the server.
    """

    columns: tuple[str, ...]
    rows: list[list[object]]
    complete: bool
    revision: str
    took_ms: int


class CypherService:
    """Answers reading queries over a property graph.

    ``deadline`` is in seconds, ``rows`` the most that are given, ``at_once`` how many queries run; another
    one waits two seconds for its turn. ``revision`` gives that of the store which the graph follows.
    """

    def __init__(
        self,
        graph: PropertyGraph,
        revision: Callable[[], str],
        *,
        deadline: float = 10.0,
        rows: int = 10_000,
        at_once: int = 4,
    ) -> None:
        self._graph = graph
        self._revision = revision
        self._deadline = deadline
        self._rows = rows
        self._places = threading.BoundedSemaphore(at_once)

    def query(self, text: str, parameters: Mapping[str, object] | None = None) -> CypherAnswer:
        """The answer as JSON values. Raises what ``run`` does, and ``QueryTooLarge`` for too many values."""
        begin = time.perf_counter()
        revision = self._revision()
        answer = self.run(text, parameters)
        rows = to_json_rows(answer.rows)
        took = round((time.perf_counter() - begin) * 1000)
        return CypherAnswer(answer.columns, rows, answer.complete, revision, took)

    def run(
        self, text: str, parameters: Mapping[str, object] | None = None, *, rows: int | None = None
    ) -> Answer:
        """The answer in the driver's values; ``rows`` can only lower the service's limit.

        Raises ``QueryRefused`` and ``QuerySyntaxError`` of the guard, ``Overloaded`` where no place is free,
        and what ``PropertyGraph.run`` raises.
        """
        most = self._rows if rows is None else min(rows, self._rows)
        with self._place():
            check_cypher(text)
            return self._graph.run(text, dict(parameters or {}), deadline=self._deadline, rows=most)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=min(_PATIENCE, self._deadline)):
            raise Overloaded("too many Cypher queries are running; try again in a moment", retry_after=2)
        try:
            yield
        finally:
            self._places.release()
