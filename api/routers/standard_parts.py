"""The notes and the files of a standard, as its page shows them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from api.pages.messages import catalogue, translate
from api.pages.standard_views import DownloadGroup, File, NotePart, NoteView
from ontology.writers import WRITERS

if TYPE_CHECKING:
    from api.pages import Page
    from ontology.model import Note, Standard

__all__ = ["download_groups", "note_views"]

_READERS = {
    "people": ("xlsx",),
    "systems": ("case", "ctdl-asn", "esco-csv"),
    "data": ("json", "jsonld", "turtle", "ntriples", "graphml", "sssom"),
}
_FOLLOWED = ("http://", "https://")


def download_groups(page: Page, iri: str) -> tuple[DownloadGroup, ...]:
    """The standard in every format there is, by who reads it; a format that nobody sorted is data."""
    sorted_out = {name for names in _READERS.values() for name in names}
    others = tuple(one.name for one in WRITERS if one.name not in sorted_out)
    groups = _READERS | {"data": _READERS["data"] + others}
    return tuple(
        DownloadGroup(key, tuple(_file(page, iri, name) for name in names)) for key, names in groups.items()
    )


def _file(page: Page, iri: str, name: str) -> File:
    query = urlencode({"standard": iri, "format": name})
    return File(name, translate(page.language, "format_" + name), f"/api/v1/export?{query}")


def note_views(page: Page, standard: Standard) -> tuple[NoteView, ...]:
    """The notes in their order; those of ESCO may hold links as HTML, which are followed here."""
    return tuple(_note(page, one) for one in standard.notes)


def _note(page: Page, note: Note) -> NoteView:
    heading, is_printed = note.heading or "", bool(note.heading)
    key = "note_" + note.kind
    if not heading and note.kind != "note" and key in catalogue(page.language):
        heading = translate(page.language, key)
    if note.text.startswith(_FOLLOWED) and not any(mark.isspace() for mark in note.text):
        name = note.text.rstrip("/").rpartition("/")[2]
        return NoteView(heading, (NotePart(name.replace("-", " "), note.text),), is_printed)
    parts = _pieces(page, note.text) if "<a " in note.text else (NotePart(note.text),)
    return NoteView(heading, parts, is_printed)


def _pieces(page: Page, text: str) -> tuple[NotePart, ...]:
    reader = _Links()
    reader.feed(text)
    reader.close()
    return tuple(NotePart(words, page.local(href) if href else None) for words, href in reader.found)


class _Links(HTMLParser):
    """The texts of an HTML fragment in their order, each with the address that it is a link to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            href = dict(attrs).get("href") or ""
            self._href = href if href.startswith(_FOLLOWED) else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._href = ""

    def handle_data(self, data: str) -> None:
        self.found.append((data, self._href))
