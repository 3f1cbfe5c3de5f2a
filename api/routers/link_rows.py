"""The links of an element or a concept as rows of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.link_listing import list_links
from api.pages.link_views import LinkRow, LinksView

if TYPE_CHECKING:
    from api.pages import Page
    from api.services import Services

__all__ = ["links_view"]

_SHOWN = 200


def links_view(services: Services, page: Page, iri: str) -> LinksView:
    """What an element is linked to, in its own standard's concepts and in others, or what is linked to a
    concept; rejected links too, said to be so."""
    members = any(one.concept == iri and not one.other_standard for one in services.links.of(iri))
    found, total = list_links(services, end=iri, limit=_SHOWN)
    rows = []
    for one in found:
        other = one.concept if one.element.iri == iri else one.element
        rows.append(
            LinkRow(
                text=f"{other.code} {other.text}".strip() if other.standard else other.text,
                href=page.local(other.iri),
                language=other.language,
                place=f"{other.standard_code} {other.standard_name}".strip(),
                status=one.link.status.value,
                method=one.link.method.value,
                percent=round(100 * one.link.score),
                changed=one.changed,
            )
        )
    return LinksView(tuple(rows), total, members)
