"""The errors of the project, as one short tree.

    CompetencyError
    ├── InvalidInput            what was given cannot be used; the caller can mend it
    │   ├── DocumentError       a document cannot be read (file, line or page, field)
    │   ├── ValidationFailed    a document was read and breaks the shapes (violations)
    │   ├── DownloadRefused     what a server sends is not the file that was asked for (url)
    │   ├── ExportTooLarge      more standards than one file of a format takes (count, most)
    │   ├── NotComparable       what was named is no standard and no part of one (key)
    │   ├── NotAcceptable       no form of the answer is one that the caller accepts
    │   ├── UnknownMediaType    a body is of a media type that is not taken (media_type, taken)
    │   ├── EmptyText           a text to be read has nothing in it
    │   ├── TextTooLong         a text has more than is read of one (count, most)
    │   ├── TextUnreadable      a text has a character that is none (field, position)
    │   ├── WrongCount          fewer or more were given than are taken (count, least, most)
    │   ├── UnknownChoice       a field has a value that it does not know (field, key, choices)
    │   ├── NothingNamed        nothing was named, and something has to be
    │   ├── Ambiguous           several have the code that was given (key, count)
    │   ├── SameTwice           two different ones are needed, and one was given twice (key)
    │   ├── NoNumber            a field takes a number (field, text)
    │   ├── NoContent           a standard has a name, and nothing that could be taken from it (key)
    │   ├── AddressDamaged      an address was cut short, so that what it kept is lost
    │   ├── FileMissing         a form came without the file that it is for
    │   ├── Unsigned            a decision without the name of who makes it
    │   ├── NothingToPublish    none of the files that were chosen can be published
    │   ├── QueryRefused        a query asks for what is not allowed
    │   └── QuerySyntaxError    a query does not parse
    ├── NotAuthorised           writing takes a key, and the one that was given is not it
    ├── WritingDisabled         no key is set, so nothing is written over HTTP
    ├── NotFound                no such standard, element or code (key, near)
    │   ├── NotIndexed          the graph knows it, but it is nothing that is searched
    │   ├── NoOtherVersion      a standard of which no other version is loaded
    │   ├── ImportGone          an import that was discarded or published long ago
    │   └── UnknownValue        nothing that is loaded has this value of a field (field)
    ├── Unavailable             something the answer needs is not ready; trying again may help
    │   ├── StoreMissing        nothing has been ingested yet
    │   ├── StoreBusy           another process is writing
    │   ├── DownloadFailed      a file cannot be had now: offline, a broken connection, a full disk (url, why)
    │   ├── IndexStale          the search index does not fit the store or the model
    │   │   └── IndexMissing    there is none, as nothing was loaded
    │   ├── EngineUnavailable   an engine on another machine does not answer
    │   ├── ProjectionPending   the property graph is being brought up to date with the store (done, total)
    │   ├── ProjectionWrong     the property graph does not say what the store says (differences)
    │   ├── ModelUnavailable    an embedding model or what it needs is not there, or cannot be loaded (model)
    │   └── Overloaded          too many queries are waiting
    ├── QueryTimeout            the deadline of a query passed
    └── QueryTooLarge           a query needed more memory, or gave a larger answer, than is allowed

Exit codes and HTTP statuses are given to these types by one table at the edge (``api.problems``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "AddressDamaged",
    "Ambiguous",
    "CompetencyError",
    "DocumentError",
    "DownloadFailed",
    "DownloadRefused",
    "EmptyText",
    "EngineUnavailable",
    "ExportTooLarge",
    "FileMissing",
    "ImportGone",
    "IndexMissing",
    "IndexStale",
    "InvalidInput",
    "ModelUnavailable",
    "NoContent",
    "NoNumber",
    "NoOtherVersion",
    "NotAcceptable",
    "NotAuthorised",
    "NotComparable",
    "NotFound",
    "NotIndexed",
    "NothingNamed",
    "NothingToPublish",
    "Overloaded",
    "ProjectionPending",
    "ProjectionWrong",
    "QueryRefused",
    "QuerySyntaxError",
    "QueryTimeout",
    "QueryTooLarge",
    "SameTwice",
    "StoreBusy",
    "StoreMissing",
    "TextTooLong",
    "TextUnreadable",
    "Unavailable",
    "UnknownChoice",
    "UnknownMediaType",
    "UnknownValue",
    "Unsigned",
    "ValidationFailed",
    "WritingDisabled",
    "WrongCount",
]


class CompetencyError(Exception):
    """Base of every error this project raises on purpose."""


class InvalidInput(CompetencyError):
    """What was given cannot be used; the message says what to give instead."""


class DocumentError(InvalidInput):
    """A document cannot be read.

    ``file`` is the name as the caller gave it; ``line`` and ``page`` count from 1;
    ``field`` names the cell, column or element; ``expected`` says what should have stood there.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str,
        line: int | None = None,
        page: int | None = None,
        field: str | None = None,
        expected: str | None = None,
    ) -> None:
        self.reason = message
        self.file = file
        self.line = line
        self.page = page
        self.field = field
        self.expected = expected
        super().__init__(str(self))

    def __str__(self) -> str:
        place = self.file
        if self.page is not None:
            place += f", page {self.page}"
        if self.line is not None:
            place += f", line {self.line}"
        if self.field:
            place += f", {self.field}"
        text = f"{place}: {self.reason}"
        return f"{text}; expected {self.expected}" if self.expected else text


class ValidationFailed(InvalidInput):
    """A document breaks the shapes; ``violations`` are sentences, one per broken rule."""

    def __init__(self, subject: str, violations: Sequence[str]) -> None:
        self.subject = subject
        self.violations = tuple(violations)
        listed = "\n".join(f"  - {violation}" for violation in self.violations)
        super().__init__(f"{subject}: {len(self.violations)} violation(s) of the shapes\n{listed}")


class DownloadRefused(InvalidInput):
    """What a server sends is not what was asked for: no such file, a web page in its place, one that is too
    large, or one with another checksum. ``url`` is the address as it was asked for."""

    def __init__(self, url: str, message: str) -> None:
        self.url = url
        super().__init__(f"{url}: {message}")


class ExportTooLarge(InvalidInput):
    """More standards than one file of a format takes; ``count`` were asked for, ``most`` can be had."""

    def __init__(self, label: str, count: int, most: int) -> None:
        self.count = count
        self.most = most
        super().__init__(
            f"{count} standards are too many for one file of {label}, which takes {most}; name fewer "
            "standards, or take N-Triples, Turtle or JSON, which take any number"
        )


class NotComparable(InvalidInput):
    """What was named belongs to no standard, so that there is nothing to compare. ``key`` is its name."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


class NotAcceptable(InvalidInput):
    """No form of the answer is one that the caller accepts; ``offered`` lists the media types there are."""

    def __init__(self, offered: Sequence[str]) -> None:
        self.offered = tuple(offered)
        super().__init__(f"the answer can be had as {', '.join(self.offered)}")


class UnknownMediaType(InvalidInput):
    """A body is of a media type that is not taken; ``taken`` lists those that are."""

    def __init__(self, media_type: str, taken: Sequence[str]) -> None:
        self.media_type = media_type
        self.taken = tuple(taken)
        super().__init__(f"a body of {media_type} is not taken; send {', '.join(self.taken)}")


class EmptyText(InvalidInput):
    """A query or a job description has no letters."""


class TextTooLong(InvalidInput):
    """A text has ``count`` characters, or lines and sentences, of which ``most`` are read."""

    def __init__(self, message: str, *, count: int, most: int) -> None:
        self.count = count
        self.most = most
        super().__init__(message)


class TextUnreadable(InvalidInput):
    """A text in ``field`` has at ``position`` (from 0) what is no character."""

    def __init__(self, field: str, position: int, message: str) -> None:
        self.field = field
        self.position = position
        super().__init__(f"{field}: {message}")


class WrongCount(InvalidInput):
    """``count`` were given where ``least`` to ``most`` are taken."""

    def __init__(self, count: int, least: int, most: int, message: str) -> None:
        self.count = count
        self.least = least
        self.most = most
        super().__init__(message)


class UnknownChoice(InvalidInput):
    """``field`` takes one of ``choices``, and ``key`` is none of them."""

    def __init__(self, field: str, key: str, choices: Sequence[str], message: str = "") -> None:
        self.field = field
        self.key = key
        self.choices = tuple(choices)
        super().__init__(message or f"{field} must be one of {', '.join(self.choices)}, not {key!r}")


class NothingNamed(InvalidInput):
    """Neither a code nor an IRI was given."""


class Ambiguous(InvalidInput):
    """``count`` elements have the code ``key``; that of their standard tells them apart."""

    def __init__(self, key: str, count: int) -> None:
        self.key = key
        self.count = count
        super().__init__(f"{count} elements have the code {key!r}; give its standard or its IRI")


class SameTwice(InvalidInput):
    """Two different ones are needed, and ``key`` was given as both."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


class NoNumber(InvalidInput):
    """``text`` was typed where ``field`` takes a number."""

    def __init__(self, field: str, text: str, message: str) -> None:
        self.field = field
        self.text = text
        super().__init__(message)


class NoContent(InvalidInput):
    """Of the standard ``key`` there is a name and a description, and no element."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} has no content here, only its name and description")


class AddressDamaged(InvalidInput):
    """An address that kept something does so no longer: it was cut short, or changed."""


class FileMissing(InvalidInput):
    """A form came without the file that it is for."""


class Unsigned(InvalidInput):
    """A decision came without the name of who makes it."""


class NothingToPublish(InvalidInput):
    """None of the files that were chosen can be published."""


class QueryRefused(InvalidInput):
    """A query that asks for what is not allowed here, such as an update or ``SERVICE``.

    ``line`` and ``column`` count from 1, where the place is known; the message names it too.
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        place = f" (line {line}, column {column})" if line is not None else ""
        super().__init__(message + place)


class QuerySyntaxError(InvalidInput):
    """A query that does not parse. ``line`` and ``column`` count from 1, where the place is known."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        place = f"line {line}, column {column}: " if line is not None else ""
        super().__init__(place + message)


class NotAuthorised(CompetencyError):
    """Writing takes a key, and none or another one was given."""


class WritingDisabled(CompetencyError):
    """The service has no key that would allow writing over HTTP."""


class NotFound(CompetencyError):
    """No such standard, element or code. ``key`` is what was asked for, ``near`` has codes that are like
    it."""

    near: tuple[str, ...] = ()

    def __init__(self, key: str, message: str | None = None, *, near: Sequence[str] = ()) -> None:
        self.key = key
        if near:
            self.near = tuple(near)
        super().__init__(message or f"nothing is known under {key!r}")


class NotIndexed(NotFound):
    """What the graph knows, and the search index does not hold: an empty element, a code list."""


class NoOtherVersion(NotFound):
    """A standard of which no other version is loaded that it could be compared with."""


class ImportGone(NotFound):
    """An import that waits no longer: it was discarded, gave way to others, or the service was restarted."""


class UnknownValue(NotFound):
    """Nothing that is loaded has this value. ``field`` is the option in which it was asked for."""

    def __init__(self, field: str, key: str, message: str, *, near: Sequence[str] = ()) -> None:
        self.field = field
        super().__init__(key, f"{field}: {message}", near=near)


class Unavailable(CompetencyError):
    """Something the answer needs is not ready."""


class StoreMissing(Unavailable):
    """Nothing has been ingested at this place yet."""


class StoreBusy(Unavailable):
    """Another process is writing to this store."""


class DownloadFailed(Unavailable):
    """A file cannot be had now; what had come is kept, and trying again goes on from there.

    ``why`` is one word: ``offline``, ``unknown-host``, ``refused``, ``tls``, ``timeout``, ``interrupted``,
    ``busy``, ``bad-answer`` or ``disk``.
    """

    def __init__(self, url: str, why: str, message: str) -> None:
        self.url = url
        self.why = why
        super().__init__(f"{url}: {message}")


class IndexStale(Unavailable):
    """The search index does not fit the store, the model or this version of the program."""


class IndexMissing(IndexStale):
    """There is no search index, as nothing was loaded yet."""


class EngineUnavailable(Unavailable):
    """An engine on another machine, which holds a part of the index, does not answer."""


class ProjectionPending(Unavailable):
    """The property graph is being brought up to date; ``done`` of ``total`` steps of what ``doing`` names."""

    def __init__(self, doing: str = "", done: int = 0, total: int = 0) -> None:
        self.doing = doing
        self.done = done
        self.total = total
        progress = f" ({doing}: {done} of {total})" if doing else ""
        super().__init__(
            f"the property graph is being brought up to date with the store{progress}; try again in a moment"
        )


class ProjectionWrong(Unavailable):
    """The property graph does not say what the store says; ``differences`` are sentences."""

    def __init__(self, differences: Sequence[str]) -> None:
        self.differences = tuple(differences)
        listed = "\n".join(f"  - {one}" for one in self.differences)
        super().__init__(
            "the property graph does not say what the store says; make it anew: competency project --rebuild"
            f"\n{listed}"
        )


class ModelUnavailable(Unavailable):
    """An embedding model, or the packages that it needs, are not there or do not work. ``model`` is its name
    as it was given."""

    def __init__(self, model: str, message: str) -> None:
        self.model = model
        super().__init__(f"the embedding model {model} is not available: {message}")


class Overloaded(Unavailable):
    """Too many queries are waiting. ``retry_after`` is in seconds."""

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class QueryTimeout(CompetencyError):
    """A query was stopped at its deadline. ``seconds`` is the deadline that held."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"the query was stopped after {seconds:g} s; narrow it (fewer unconnected patterns, a LIMIT) "
            "and send it again"
        )


class QueryTooLarge(CompetencyError):
    """A query was stopped because of the memory it needed or the size of its answer."""
