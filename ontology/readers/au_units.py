"""Reader of Australian units of competency as JSON: ``code``, ``name`` and ``EPC`` of each unit.

``EPC`` are the elements and performance criteria, in the unit's order and without numbers: ``name`` the
element, ``pc`` its criteria. The unit's own document numbers them 1, 1.1, 1.2 …; so does this reader. An
element is a ``Task`` and a criterion an ``Activity`` under it, the model's two levels below a standard.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from ontology.case_form import detail_text
from ontology.errors import DocumentError
from ontology.json_object import JsonObject, kind_of, read_object
from ontology.model import Activity, Doubt, Standard, Task
from ontology.readers.json_document import json_text, load_json
from ontology.readers.mending import Mender
from ontology.readers.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read_au_units", "recognises_au_units"]

# A string may stand under this name in our own JSON, as a further field of some other source.
_MARK = re.compile(r'"EPC"\s*:\s*[^"\s]')
_ELEMENTS = "a list of elements with their performance criteria"


def recognises_au_units(data: bytes) -> bool:
    """Whether the bytes are JSON with elements and performance criteria."""
    return _MARK.search(json_text(data)) is not None


def read_au_units(data: bytes, name: str) -> tuple[Standard, ...]:
    """The unit of a document, or those of a list of units.

    Lines of one text are joined. Further fields of a unit are its details; those of an element are doubts
    (``unread-text``), as is an element without criteria (``missing-field``). Raises ``DocumentError`` with
    the JSON path of what is wrong and, where it is known, the code of the unit.
    """
    value = load_json(data, name)
    if not isinstance(value, list):
        return (_read(read_object(value, "", name)),)
    units: dict[str, Standard] = {}
    for number, one in enumerate(value):
        unit = _read(read_object(one, f"[{number}]", name))
        if unit.code in units:
            raise DocumentError(
                f"the unit {shorten(unit.code)} is there twice",
                file=name,
                field=f"[{number}].code",
                expected="each unit once",
            )
        units[unit.code] = unit
    return tuple(units.values())


def _read(form: JsonObject) -> Standard:
    code = form.text("code").strip()
    form.path = f"{form.path} {shorten(code)}".lstrip()
    doubts: list[Doubt] = []
    if "EPC" not in form.values:
        raise form.error("EPC", _ELEMENTS)
    tasks = tuple(_tasks(form, doubts))
    if not tasks:
        raise DocumentError("the list is empty", file=form.file, field=form.at("EPC"), expected=_ELEMENTS)
    return Standard(
        framework="au",
        code=code,
        name=Mender.lines(form.text("name")),
        language="en",
        tasks=tasks,
        details=tuple((key, detail_text(form.values[key])) for key in form.values if key in form.unread),
        doubts=tuple(doubts),
        source=form.file,
    )


def _tasks(form: JsonObject, doubts: list[Doubt]) -> Iterator[Task]:
    for at, value in enumerate(form.list("EPC")):
        element = read_object(value, f"{form.at('EPC')}[{at}]", form.file)
        code = str(at + 1)
        name = Mender.lines(element.text("name"))
        if "pc" not in element.values:
            raise element.error("pc", "a list of performance criteria")
        criteria = tuple(
            Activity(f"{code}.{number}", _criterion(text, f"{element.at('pc')}[{number - 1}]", form.file))
            for number, text in enumerate(element.list("pc"), 1)
        )
        if not criteria:
            doubts.append(Doubt("missing-field", code, name, "the element has no performance criteria"))
        for key in sorted(element.unread):
            text = json.dumps(element.values[key], ensure_ascii=False)
            doubts.append(Doubt("unread-text", element.at(key), text, "no field is known for this text"))
        yield Task(code, name, activities=criteria)


def _criterion(value: object, path: str, file: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise DocumentError(
            f"found {kind_of(value)}",
            file=file,
            field=path,
            expected="a performance criterion as a string that is not empty",
        )
    return Mender.lines(value)
