"""What the page of a standard says of where it comes from, and how it is cited."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Provenance"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a standard comes from; what is not known is empty.

    ``framework_href`` leads to its place among the loaded ones, ``site`` to the publisher's site, ``record``
    to the publisher's own page of this very standard. ``licence_href`` is the address of the licence,
    ``attribution`` the sentence that the publisher asks to be shown, in ``attribution_language``.
    ``document`` is the file it was read from, ``date`` that of the version or of the last change.
    ``citation`` is a line to cite it by, none for a sample that this project wrote.
    """

    framework: str
    framework_href: str
    publisher: str
    site: str
    record: str
    licence: str
    licence_href: str
    attribution: str
    attribution_language: str
    document: str
    release: str
    date: str
    citation: str
