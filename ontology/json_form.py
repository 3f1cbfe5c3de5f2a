"""A standard as JSON: the shape of ``competency parse --json`` (DESIGN, "Contract"), and back without loss.

Beside the contract's keys stand those that make it loss-free. ``line`` and ``page`` of an element are there
where its place is known, ``printed`` where the source prints its code otherwise. Sub-items are plain
strings in ``items``; ``item_places`` has a member for each where any place is known, and ``item_numbers``
where they do not simply count from 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology.json_frameworks import read_frameworks, written_frameworks
from ontology.json_object import JsonObject, JsonValue, read_object
from ontology.model import (
    Activity,
    Attitude,
    Classification,
    Competency,
    Doubt,
    Indicator,
    Note,
    Output,
    Place,
    Standard,
    SubItem,
    Task,
    VersionEntry,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["JsonValue", "from_json", "to_json"]


def to_json(standard: Standard) -> dict[str, JsonValue]:
    """The JSON object of a standard; ``json.dumps`` takes it as it is."""
    return {
        "framework": standard.framework,
        "code": standard.code,
        "name": standard.name,
        "version": standard.version,
        "level": standard.level,
        "language": standard.language,
        "status": standard.status,
        "description": standard.description,
        "occupational_category": standard.occupational_category,
        "category": _classified(standard.category),
        "occupation": _classified(standard.occupation),
        "industry": _classified(standard.industry),
        "tasks": [_task(task) for task in standard.tasks],
        "knowledge": [_competency(item) for item in standard.knowledge],
        "skills": [_competency(item) for item in standard.skills],
        "attitudes": [
            {"code": item.code, "name": item.name, "text": item.text, **_origin(item)}
            for item in standard.attitudes
        ],
        "history": [
            {
                "version": entry.version,
                "code": entry.code,
                "name": entry.name,
                "status": entry.status,
                "note": entry.note,
                "date": entry.date,
            }
            for entry in standard.history
        ],
        "notes": [_note(note) for note in standard.notes],
        "doubts": [
            {
                "kind": doubt.kind,
                "where": doubt.where,
                "text": doubt.text,
                "message": doubt.message,
                **_place(doubt.place),
            }
            for doubt in standard.doubts
        ],
        "source": standard.source,
        **written_frameworks(standard),
    }


def _classified(entries: Iterable[Classification]) -> list[JsonValue]:
    return [{"code": entry.code, "name": entry.name} for entry in entries]


def _note(note: Note) -> dict[str, JsonValue]:
    heading: dict[str, JsonValue] = {} if note.heading is None else {"heading": note.heading}
    return {"kind": note.kind, "text": note.text, **heading}


def _task(task: Task) -> dict[str, JsonValue]:
    return {
        "code": task.code,
        "name": task.name,
        "level": task.level,
        "activities": [_activity(activity) for activity in task.activities],
        "knowledge": list(task.knowledge),
        "skills": list(task.skills),
        **_origin(task),
        **({"category": task.category} if task.category else {}),
        **({"work_activities": list(task.work_activities)} if task.work_activities else {}),
    }


def _activity(activity: Activity) -> dict[str, JsonValue]:
    return {
        "code": activity.code,
        "name": activity.name,
        "level": activity.level,
        "outputs": [_coded(item) for item in activity.outputs],
        "indicators": [_coded(item) for item in activity.indicators],
        "knowledge": list(activity.knowledge),
        "skills": list(activity.skills),
        **_origin(activity),
    }


def _coded(item: Output | Indicator) -> dict[str, JsonValue]:
    return {"code": item.code, "text": item.text, **_origin(item)}


def _competency(item: Competency) -> dict[str, JsonValue]:
    form: dict[str, JsonValue] = {
        "code": item.code,
        "text": item.text,
        "items": [sub.text for sub in item.items],
        **_origin(item),
    }
    if any(sub.number != position for position, sub in enumerate(item.items, 1)):
        form["item_numbers"] = [sub.number for sub in item.items]
    if any(sub.place is not None for sub in item.items):
        form["item_places"] = [_place(sub.place) if sub.place else None for sub in item.items]
    return form


def _origin(item: Task | Activity | Output | Indicator | Competency | Attitude) -> dict[str, JsonValue]:
    printed: dict[str, JsonValue] = {} if item.printed is None else {"printed": item.printed}
    return printed | _place(item.place)


def _place(place: Place | None) -> dict[str, JsonValue]:
    if place is None:
        return {}
    page: dict[str, JsonValue] = {} if place.page is None else {"page": place.page}
    return {"line": place.line, **page}


def from_json(form: object, name: str = "JSON", path: str = "") -> Standard:
    """The standard of a JSON object as ``to_json`` gives it; keys other than ``code`` and ``name`` may be
    left out.

    Raises ``DocumentError`` that names the field (``tasks[0].activities[1].code``, after ``path`` where the
    object stands in a larger document), with ``name`` as the file; unknown keys are refused, since their
    content would be lost.
    """
    top = read_object(form, path, name)
    standard = Standard(
        framework=top.text("framework", "icap"),
        code=top.text("code"),
        name=top.any_text("name"),
        version=top.text("version", ""),
        level=top.number("level"),
        language=top.text("language", "zh-Hant"),
        status=top.text("status", ""),
        description=top.text("description", ""),
        occupational_category=top.text("occupational_category", ""),
        category=top.objects("category", _read_classification),
        occupation=top.objects("occupation", _read_classification),
        industry=top.objects("industry", _read_classification),
        tasks=top.objects("tasks", _read_task),
        knowledge=top.objects("knowledge", _read_competency),
        skills=top.objects("skills", _read_competency),
        attitudes=top.objects("attitudes", _read_attitude),
        history=top.objects("history", _read_version),
        notes=top.objects("notes", _read_note),
        doubts=top.objects("doubts", _read_doubt),
        source=top.text("source", ""),
        **read_frameworks(top),
    )
    top.refuse_unknown()
    return standard


def _read_classification(item: JsonObject) -> Classification:
    return Classification(item.text("code", ""), item.text("name", ""))


def _read_task(item: JsonObject) -> Task:
    return Task(
        code=item.text("code"),
        name=item.any_text("name"),
        level=item.number("level"),
        activities=item.objects("activities", _read_activity),
        knowledge=item.texts("knowledge"),
        skills=item.texts("skills"),
        printed=item.optional_text("printed"),
        place=item.place(),
        category=item.text("category", ""),
        work_activities=item.texts("work_activities"),
    )


def _read_activity(item: JsonObject) -> Activity:
    return Activity(
        code=item.text("code"),
        name=item.any_text("name"),
        level=item.number("level"),
        outputs=item.objects("outputs", lambda output: Output(*_read_coded(output))),
        indicators=item.objects("indicators", lambda indicator: Indicator(*_read_coded(indicator))),
        knowledge=item.texts("knowledge"),
        skills=item.texts("skills"),
        printed=item.optional_text("printed"),
        place=item.place(),
    )


def _read_coded(item: JsonObject) -> tuple[str, str, str | None, Place | None]:
    return item.text("code"), item.any_text("text"), item.optional_text("printed"), item.place()


def _read_competency(item: JsonObject) -> Competency:
    texts = item.texts("items")
    numbers: list[int] = list(range(1, len(texts) + 1))
    if "item_numbers" in item.values:
        given = item.list("item_numbers")
        numbers = [value for value in given if isinstance(value, int) and not isinstance(value, bool)]
        if not len(texts) == len(numbers) == len(given):
            raise item.error("item_numbers", f"{len(texts)} numbers, one for each of items")
    places: list[Place | None] = [None] * len(texts)
    if "item_places" in item.values:
        values = item.list("item_places")
        if len(values) != len(texts):
            raise item.error("item_places", f"{len(texts)} places, one for each of items")
        path = f"{item.path}.item_places"
        places = [_read_place(value, f"{path}[{number}]", item.file) for number, value in enumerate(values)]
    items = tuple(
        SubItem(number, text, place) for number, text, place in zip(numbers, texts, places, strict=True)
    )
    return Competency(
        item.text("code"), item.any_text("text"), items, item.optional_text("printed"), item.place()
    )


def _read_place(value: object, path: str, file: str) -> Place | None:
    if value is None:
        return None
    item = read_object(value, path, file)
    place = item.place()
    item.refuse_unknown()
    return place


def _read_attitude(item: JsonObject) -> Attitude:
    return Attitude(
        item.text("code"),
        item.any_text("name"),
        item.text("text", ""),
        item.optional_text("printed"),
        item.place(),
    )


def _read_version(item: JsonObject) -> VersionEntry:
    return VersionEntry(
        version=item.text("version", ""),
        code=item.text("code", ""),
        name=item.text("name", ""),
        status=item.text("status", ""),
        note=item.text("note", ""),
        date=item.text("date", ""),
    )


def _read_note(item: JsonObject) -> Note:
    return Note(item.any_text("kind"), item.text("text", ""), item.optional_text("heading"))


def _read_doubt(item: JsonObject) -> Doubt:
    return Doubt(
        kind=item.any_text("kind"),
        where=item.text("where", ""),
        text=item.text("text", ""),
        message=item.text("message", ""),
        place=item.place(),
    )
