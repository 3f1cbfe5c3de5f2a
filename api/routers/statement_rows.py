"""The statements of a standard as its page lists them: indented under their parents, with where they lead."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from api.pages.messages import catalogue
from api.pages.views import AssociationLink, StatementRow
from ontology.model import Kind

if TYPE_CHECKING:
    from api.pages import Page
    from ontology.model import Association, Standard

__all__ = ["statement_anchor", "statement_rows"]

_DEEPEST = 5
_FOLLOWED = ("http://", "https://")


def statement_anchor(code: str) -> str:
    """The ``id`` that a statement has in the page of its standard."""
    return f"statement-{code}"


def statement_rows(page: Page, standard: Standard) -> tuple[StatementRow, ...]:
    """In the order of the standard; below ``_DEEPEST`` levels nothing is indented further."""
    depths = {one.code: len(one.path) for one in standard.elements() if one.kind is Kind.STATEMENT}
    links: dict[str, list[AssociationLink]] = {}
    for association in standard.associations:
        if association.origin in depths:
            links.setdefault(association.origin, []).append(_link(page, association, depths))
    return tuple(
        StatementRow(
            one,
            min(depths[one.code], _DEEPEST),
            one.language or standard.language,
            one.parents[1:],
            tuple(links.get(one.code, ())),
        )
        for one in standard.statements
    )


def _link(page: Page, association: Association, codes: dict[str, int]) -> AssociationLink:
    words = catalogue(page.language)
    label = words.get("association_" + association.kind, association.kind)
    end = association.destination
    href = None
    if end in codes:
        href = "#" + quote(statement_anchor(end))
    elif end.startswith(_FOLLOWED):
        href = end
    return AssociationLink(label, end, href, association.destination_title)
