"""Questions: what is asked about, without the frame around it."""

from __future__ import annotations

__all__ = ["without_frame"]


def without_frame(query: str) -> str:
    return query.strip(" ?？¿")
