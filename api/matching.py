"""Job descriptions matched to the loaded standards, as every way in does it: HTTP, command line and page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ontology.errors import InvalidInput, NotFound, TextUnreadable, UnknownValue
from ontology.readers.plain_text import PLAIN_TEXT_LIMITS, read_plain_text
from search import Filters
from search.matching import DEFAULT_THRESHOLD, MAX_STANDARDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.services import Services
    from search import SearchIndex
    from search.matching import MatchResult

__all__ = [
    "DEFAULT_LIMIT",
    "MOST_IN_TITLE",
    "MatchOptions",
    "Matched",
    "match_document",
    "match_text",
    "read_document",
]

DEFAULT_LIMIT = 5
MOST_IN_TITLE = 200

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """How a job description is matched.

    ``title`` is the job title, where it stands beside the text; ``limit`` (1 to ``MAX_STANDARDS``) how many
    standards are reported on, ``threshold`` (0–1) the score from which evidence counts. ``filters`` say which
    standards take part, with codes as people write them, standards with or without version; of a standard in
    several versions the latest takes part, unless ``all_versions`` is true or the standard is named.
    """

    title: str = ""
    limit: int = DEFAULT_LIMIT
    threshold: float = DEFAULT_THRESHOLD
    filters: Filters = field(default_factory=Filters)
    all_versions: bool = False


@dataclass(frozen=True, slots=True)
class Matched:
    """A job description with the standards that fit. ``text`` is what places in the result refer to, ``file``
    the name of the document that it was read from, empty for a text."""

    result: MatchResult
    text: str
    file: str = ""


def match_text(services: Services, text: str, options: MatchOptions | None = None) -> Matched:
    """The standards that fit a text.

    Raises ``InvalidInput`` for a text that is empty, too long or no plain text and for options out of their
    bounds, ``UnknownValue`` for a framework, code or standard that nothing loaded has, and ``IndexStale``.
    """
    options = options or MatchOptions()
    _check("text", text)
    _check("title", options.title)
    _check_bounds(options)
    index = services.index.current()
    among = index.mask(_resolved(services, index, options.filters), all_versions=options.all_versions)
    found = index.matcher().match(
        text, among, limit=options.limit, threshold=options.threshold, title=options.title.strip()
    )
    return Matched(found, text)


def match_document(
    services: Services, data: bytes, name: str, options: MatchOptions | None = None
) -> Matched:
    """The standards that fit a document (TXT, HTML, DOCX, ODT or PDF), told by its content.

    Raises ``DocumentError`` for one that cannot be read, which names the file, and as ``match_text`` does.
    """
    return replace(match_text(services, read_document(data, name), options), file=name)


def read_document(data: bytes, name: str) -> str:
    """The text of a document, with its ends of lines as ``\\n``. Raises ``DocumentError``."""
    text = read_plain_text(data, name, PLAIN_TEXT_LIMITS)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_bounds(options: MatchOptions) -> None:
    if not 1 <= options.limit <= MAX_STANDARDS:
        raise InvalidInput(f"limit must be from 1 to {MAX_STANDARDS}, not {options.limit}")
    if not 0 <= options.threshold <= 1:
        raise InvalidInput(f"threshold must be from 0 to 1, not {options.threshold:g}")
    if len(options.title) > MOST_IN_TITLE:
        raise InvalidInput(f"title: at most {MOST_IN_TITLE} characters are read, not {len(options.title):,}")


def _check(field: str, text: str) -> None:
    if "\x00" in text:
        raise TextUnreadable(
            field,
            text.index(chr(0)),
            f"a NUL character stands at character {text.index(chr(0))}; send the text of the job "
            "description, or its file as a document",
        )
    if match := _SURROGATE.search(text):
        raise TextUnreadable(
            field,
            match.start(),
            f"half of a surrogate pair (U+{ord(match[0]):04X}) stands at character {match.start()}, "
            "which is no character; send well-formed Unicode",
        )


def _resolved(services: Services, index: SearchIndex, filters: Filters) -> Filters:
    """The filters as the index takes them, each value one that something loaded has."""

    def check(name: str, what: str, alone: Callable[[str], Filters], hint: str = "") -> None:
        for value in getattr(filters, name):
            if not index.mask(alone(value), all_versions=True).any():
                raise UnknownValue(name, value, f"no loaded standard {what} {value!r}{hint}")

    loaded = ", ".join(sorted({one.framework for one in services.standards()}))
    classified = "is classified under the code"
    check("frameworks", "is of", lambda one: Filters(frameworks=(one,)), f"; there are {loaded}")
    check("languages", "is in", lambda one: Filters(languages=(one,)))
    check("occupations", classified, lambda one: Filters(occupations=(one,)))
    check("industries", classified, lambda one: Filters(industries=(one,)))
    check("categories", classified, lambda one: Filters(categories=(one,)))
    keys: list[str] = []
    for key in filters.standards:
        try:
            keys += services.standard_keys([key])
        except NotFound as error:
            raise UnknownValue("standards", key, str(error), near=error.near) from error
    return replace(filters, standards=tuple(keys))
