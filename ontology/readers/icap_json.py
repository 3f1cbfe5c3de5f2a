"""Reader of the JSON in which a public collection of iCAP standards gives what it parsed from the PDFs.

One object a standard: ``version_info``, ``ocs_profile``, ``ocs_content`` (units, groups of tasks, blocks of
competencies), ``ocs_attitude``, ``notes``. In the words of the model a unit is a task and a task an
activity; level, knowledge and skills stand with the activity. ``Unknown`` is what the collection writes
where its parser found nothing. What the parser damaged is mended where that is certain, else doubted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ontology.identifiers import standard_key
from ontology.json_object import JsonObject, read_object
from ontology.model import Attitude, Classification, Note, Standard, VersionEntry
from ontology.readers.doubtful import unfinished_sentences
from ontology.readers.icap_json_content import (
    Codes,
    ContentReader,
    Entry,
    keep_unread,
    known_text,
    member,
    read_json_level,
)
from ontology.readers.json_document import json_text, load_json
from ontology.readers.language import language_of
from ontology.readers.mending import Mender
from ontology.readers.profile import CODE_FORMS, STANDARD_CODE
from ontology.readers.sections import split_attitude
from ontology.readers.text import fold_width
from ontology.readers.versions import own_entry, version_doubts, version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["read_icap_json", "recognises_icap_json"]

_MARKS = re.compile(r'"ocs_(?:profile|content)"\s*:')
_LISTS = {"category": "job_categories", "occupation": "occupations", "industry": "industries"}
_CUT_NAME = ("科學", "技術", "工程", "數學")
_COLONS = ("：", ":")
_LIST_ENTRY = re.compile(r"\S[（(][0-9]{2,4}[）)](?:\s|$)")


def recognises_icap_json(data: bytes) -> bool:
    """Whether the bytes are JSON with the fields of the collection."""
    return _MARKS.search(json_text(data)) is not None


def read_icap_json(data: bytes, name: str) -> tuple[Standard, ...]:
    """The standard of a document, or those of a list of them.

    Raises ``DocumentError`` with the JSON path of what is wrong; what is uncertain is in ``doubts``, by the
    code of the element or by its JSON path.
    """
    value = load_json(data, name)
    if isinstance(value, list):
        found = [_Document(read_object(one, f"[{number}]", name)) for number, one in enumerate(value)]
        return tuple(document.standard() for document in found)
    return (_Document(read_object(value, "", name)).standard(),)


class _Document:
    """One standard of the collection while it is read."""

    def __init__(self, top: JsonObject) -> None:
        self._top = top
        self._mender = Mender()

    def standard(self) -> Standard:
        top = self._top
        history = self._history(member(top, "version_info"))
        profile = member(top, "ocs_profile")
        own, code = self._code(profile, history)
        name, occupational_category = self._names(member(profile, "ocs_name"))
        classified = member(profile, "category")
        categories = {scheme: self._classified(classified, scheme) for scheme in _LISTS}
        level = read_json_level(profile, "ocs_level")
        if level is None:
            self._missing("level", profile.at("ocs_level"))
        content = ContentReader(self._mender).read(member(top, "ocs_content"))
        standard = Standard(
            framework="icap",
            code=code,
            name=name,
            version=version_of(code, own),
            level=level,
            status=own.status if own else "",
            description=self._description(profile),
            occupational_category=occupational_category,
            category=categories["category"],
            occupation=categories["occupation"],
            industry=categories["industry"],
            tasks=content.tasks,
            knowledge=content.knowledge,
            skills=content.skills,
            attitudes=self._attitudes(member(top, "ocs_attitude")),
            history=history,
            notes=self._notes(member(top, "notes")),
            source=self._source(),
        )
        for one in (classified, profile, top):
            keep_unread(one, self._mender)
        standard = replace(standard, language=language_of(standard))
        doubts = [
            *self._mender.finish(),
            *version_doubts(standard.code, standard.history),
            *unfinished_sentences(standard),
        ]
        return replace(standard, doubts=tuple(doubts))

    def _missing(self, where: str, path: str) -> None:
        self._mender.doubt("missing-field", where, "", f"{path} is empty")

    def _history(self, info: JsonObject) -> tuple[VersionEntry, ...]:
        keys = ("version", "ocs_code", "ocs_name", "status", "update_note", "update_date")

        def entry(row: JsonObject) -> VersionEntry:
            found = VersionEntry(*(self._mender.lines(row.optional_text(key) or "") for key in keys))
            keep_unread(row, self._mender)
            return found

        history = info.objects("versions", entry)
        keep_unread(info, self._mender)
        return history

    def _code(
        self, profile: JsonObject, history: tuple[VersionEntry, ...]
    ) -> tuple[VersionEntry | None, str]:
        printed = profile.text("ocs_code").strip()
        own = own_entry(printed, history)
        code = standard_key(fold_width(printed), fold_width(own.version if own else ""))
        if code != printed or not STANDARD_CODE.fullmatch(code):
            message = f"the code of the standard is printed {printed}; it was read as {code}"
            self._mender.doubt("malformed-code", "code", printed, message)
        return own, code

    def _names(self, names: JsonObject) -> tuple[str, str]:
        """The name of the standard and its 職類, the one for want of the other."""
        category, occupation = (
            self._mender.text(known_text(names.optional_text(key)), "name")
            for key in ("job_category_name", "occupation_name")
        )
        if not category and not occupation:
            raise names.error("occupation_name", "a name here or in job_category_name")
        keep_unread(names, self._mender)
        return occupation or category, category

    def _description(self, profile: JsonObject) -> str:
        text = known_text(profile.optional_text("job_description"))
        if not text:
            self._missing("description", profile.at("job_description"))
        return self._mender.text(text, "description")

    def _classified(self, lists: JsonObject, scheme: str) -> tuple[Classification, ...]:
        def read(item: JsonObject) -> Classification:
            printed, name = item.optional_text("code") or "", item.optional_text("name") or ""
            keep_unread(item, self._mender)
            code = known_text(printed)
            if code and not re.fullmatch(CODE_FORMS[scheme], code):
                message = f"{code} does not have the form of a code of {scheme}"
                self._mender.doubt("malformed-code", scheme, printed, message)
            return Classification(code, self._mender.text(known_text(name), scheme))

        found = _one_category(lists.objects(_LISTS[scheme], read))
        for entry in found:
            if not entry.code:
                message = f"no code is known for {entry.name or 'an entry without a name'}"
                self._mender.doubt("missing-code", scheme, entry.name, message)
        if not found:
            self._missing(scheme, lists.at(_LISTS[scheme]))
        return tuple(dict.fromkeys(found))

    def _attitudes(self, section: JsonObject) -> tuple[Attitude, ...]:
        codes = Codes(self._mender)

        def read(item: JsonObject) -> Entry:
            entry = codes.entry(item, ("A",), "code", "name")
            keep_unread(item, self._mender)
            return entry

        attitudes = []
        for entry in section.objects("attitudes", read):
            settled, first = codes.settle(entry, "A")
            name, text = split_attitude(settled.text)
            if first:
                attitudes.append(Attitude(settled.code or "", name, text, settled.printed))
            else:
                message = "the code is doubled with the same content"
                self._mender.doubt("doubled-code", settled.code or "", name, message)
        keep_unread(section, self._mender)
        return tuple(attitudes)

    def _notes(self, section: JsonObject) -> tuple[Note, ...]:
        notes = [
            *self._note_list(section, "prerequisites", "prerequisite"),
            *self._note_list(section, "supplements", "note"),
        ]
        keep_unread(section, self._mender)
        return tuple(notes)

    def _note_list(self, section: JsonObject, key: str, kind: str) -> list[Note]:
        """The notes of a list; a line that ends with a colon heads those after it."""
        lines = [line for text in section.texts(key) if (line := self._mender.lines(text))]
        notes: list[Note] = []
        heading: str | None = None
        for position, line in enumerate(lines):
            following = lines[position + 1] if position + 1 < len(lines) else ""
            if line.endswith(_COLONS) and following and not following.endswith(_COLONS):
                heading = line.rstrip("：:").strip()
            else:
                notes.append(Note(kind, line, heading))
        listed = [line for line in lines if _LIST_ENTRY.search(line)]
        if listed:
            first = f"{section.at(key)}[{lines.index(listed[0])}]"
            message = f"{len(listed)} line(s) of {section.at(key)} read as entries of a list, not as a {kind}"
            self._mender.doubt("list-in-note", first, listed[0], message)
        return notes

    def _source(self) -> str:
        """The file, with where the collection says that its text is from."""
        origin = self._top.optional_text("_source")
        return f"{self._top.file} ({origin})" if origin else self._top.file


def _one_category(found: Sequence[Classification]) -> list[Classification]:
    """The collection cut the name 科學、技術、工程、數學 into four entries; here it is one again, with
    their code where they have no more than one."""
    entries = list(found)
    for start in range(len(entries) - len(_CUT_NAME) + 1):
        parts = entries[start : start + len(_CUT_NAME)]
        codes = {part.code for part in parts if part.code}
        names = [part.name for part in parts]
        whole = names[:-1] == list(_CUT_NAME[:-1]) and re.match(rf"{_CUT_NAME[-1]}(?:\s*/|$)", names[-1])
        if whole and len(codes) <= 1:
            joined = Classification("".join(codes), "、".join(names))
            return [*entries[:start], joined, *entries[start + len(parts) :]]
    return entries
