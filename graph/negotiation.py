"""Content negotiation: which of the media types on offer a caller accepts best (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["best_media_type", "weighted"]


def weighted(header: str) -> Iterator[tuple[str, float]]:
    """The items of an ``Accept…`` header with their quality, in the header's order.

    Parameters other than ``q`` are dropped; an item whose ``q`` is no number counts as not accepted.

    >>> list(weighted("text/html, */*;q=0.8"))
    [('text/html', 1.0), ('*/*', 0.8)]
    """
    for item in header.split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    quality = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
        if name:
            yield name.lower(), quality


def best_media_type(accept: str | None, offered: Sequence[str]) -> str | None:
    """The one of ``offered`` that ``accept`` prefers; the server's order decides between equals.

    Without a header everything is accepted. ``None`` when nothing on offer is acceptable. The most specific
    range that matches a type gives its quality.

    >>> best_media_type("text/*;q=0.5, text/turtle", ["text/html", "text/turtle"])
    'text/turtle'
    >>> best_media_type("image/png", ["text/html"]) is None
    True
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = list(weighted(accept))
    best: str | None = None
    best_quality = 0.0
    for media_type in offered:
        wildcard = media_type.split("/")[0] + "/*"
        for pattern in (media_type, wildcard, "*/*"):
            qualities = [quality for name, quality in ranges if name == pattern]
            if qualities:
                if max(qualities) > best_quality:
                    best, best_quality = media_type, max(qualities)
                break
    return best
