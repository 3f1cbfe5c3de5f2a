"""What the template of the query page is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.problem_views import ProblemView
    from api.pages.views import Download, Table

__all__ = ["AnswerGraph", "GraphLink", "GraphNode", "QueryView", "QuestionGroup", "QuestionLink"]


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node of an answer; ``is_named`` where ``text`` is more than the end of its IRI."""

    iri: str
    text: str
    kind: str
    href: str
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class GraphLink:
    """From one IRI to another; ``text`` says how."""

    source: str
    target: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerGraph:
    """What an answer draws; ``cut`` where it has more nodes than are drawn."""

    nodes: tuple[GraphNode, ...]
    links: tuple[GraphLink, ...]
    cut: bool = False

    @property
    def data(self) -> dict[str, list[dict[str, object]]]:
        """As the script of the page reads it."""
        return {
            "nodes": [
                {"id": one.iri, "text": one.text, "kind": one.kind, "href": one.href} for one in self.nodes
            ],
            "links": [{"source": one.source, "target": one.target, "text": one.text} for one in self.links],
        }


@dataclass(frozen=True, slots=True)
class QuestionLink:
    """A question that the page offers; ``href`` fills it in."""

    title: str
    href: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """The questions that need the same data; ``needs`` is empty for what is bundled."""

    needs: str
    questions: tuple[QuestionLink, ...]


@dataclass(frozen=True, slots=True)
class QueryView:
    """``other`` leads to the page in the other language; ``cut`` says that there are more rows than shown,
    ``row_count`` counts all of them as far as they are known. ``graph`` is what the answer draws, if it links
    anything; ``is_drawn`` says that it was asked for. ``title`` is that of the question chosen."""

    query: str
    language: str
    other: str
    groups: tuple[QuestionGroup, ...]
    permalink: str = ""
    shows: str = ""
    table: Table | None = None
    row_count: int = 0
    cut: bool = False
    graph_text: str = ""
    too_large: bool = False
    took_ms: int = 0
    downloads: tuple[Download, ...] = ()
    title: str = ""
    graph: AnswerGraph | None = None
    is_drawn: bool = False
    error: str = ""
    problem: ProblemView | None = None

    def failed(self, message: str, problem: ProblemView) -> QueryView:
        """The same page with a problem instead of an answer; the editor marks the place that ``message``
        names."""
        return replace(self, error=message, problem=problem)
