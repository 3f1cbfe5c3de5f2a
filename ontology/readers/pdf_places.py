"""On which page each element of a standard begins, where its row began on an earlier one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ontology.model import (
    Activity,
    Attitude,
    Competency,
    Doubt,
    Indicator,
    Output,
    Place,
    Standard,
    SubItem,
    Task,
)
from ontology.readers.codes import leading_code
from ontology.readers.drafts import squeezed
from ontology.readers.text import BULLETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontology.readers.lines import Line

__all__ = ["Places"]


class Places:
    """Notes the lines as they are read, and gives the elements that begin in them their pages."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._bullets: list[tuple[str, int]] = []

    def note(self, lines: Iterable[Line], shapes: Sequence[str]) -> None:
        for line in lines:
            if code := leading_code(line.text, shapes):
                self._codes.setdefault(code.code, line.page)
            elif line.text[0] in BULLETS:
                self._bullets.append((squeezed(line.text.lstrip(BULLETS)), line.page))

    def corrected(self, standard: Standard, doubts: Iterable[Doubt]) -> Standard:
        """The standard with these doubts too, each element and doubt on the page where it begins."""
        corrected = replace(
            standard,
            tasks=tuple(self._task(task) for task in standard.tasks),
            knowledge=tuple(self._competency(item) for item in standard.knowledge),
            skills=tuple(self._competency(item) for item in standard.skills),
            attitudes=tuple(self._attitude(item) for item in standard.attitudes),
        )
        pages = {element.code: element.place for element in corrected.elements()}
        placed = [replace(doubt, place=pages.get(doubt.where) or doubt.place) for doubt in standard.doubts]
        placed.extend(doubts)
        placed.sort(key=lambda doubt: (doubt.place.page or 0) if doubt.place else 0)
        return replace(corrected, doubts=tuple(placed))

    def _place(self, code: str, place: Place | None) -> Place | None:
        page = self._codes.get(code)
        return Place(page=page) if page else place

    def _task(self, task: Task) -> Task:
        activities = tuple(self._activity(activity) for activity in task.activities)
        return replace(task, place=self._place(task.code, task.place), activities=activities)

    def _activity(self, activity: Activity) -> Activity:
        return replace(
            activity,
            place=self._place(activity.code, activity.place),
            outputs=tuple(self._output(item) for item in activity.outputs),
            indicators=tuple(self._indicator(item) for item in activity.indicators),
        )

    def _output(self, item: Output) -> Output:
        return replace(item, place=self._place(item.code, item.place))

    def _indicator(self, item: Indicator) -> Indicator:
        return replace(item, place=self._place(item.code, item.place))

    def _attitude(self, item: Attitude) -> Attitude:
        return replace(item, place=self._place(item.code, item.place))

    def _competency(self, item: Competency) -> Competency:
        place = self._place(item.code, item.place)
        first = place.page or 0 if place else 0
        return replace(item, place=place, items=tuple(self._sub_item(sub, first) for sub in item.items))

    def _sub_item(self, item: SubItem, first: int) -> SubItem:
        text = squeezed(item.text)
        for line, page in self._bullets:
            if page >= first and line and (text.startswith(line) or line.startswith(text)):
                return replace(item, place=Place(page=page))
        return item
