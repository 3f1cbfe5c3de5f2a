"""Generates standards that the layout of the extracted iCAP texts can carry.

What the layout cannot carry is not generated:

* Texts have no blanks at their ends, no tabs, line breaks or bullets, and begin with a letter.
* A code after a blank (``… K3 …``) would be read as an item or doubted, so texts hold codes only inside a
  word (``依K3辦理``).
* A text that reads as cut short (``unfinished_reason``) may have been going to name the code after it, so
  texts are complete.
* Attitudes hold no colon in their description, notes none at all: a page break before ``名稱：`` looks
  like a new attitude, and a colon at the end of a line is a heading. Notes stand under their headings,
  after those without one.
* A page break falls where the two sides can be joined again: not at a blank beside a wide character, not
  before what looks like a code.
* Knowledge and skills are numbered in the order of their first use, and stand in order in a cell: among
  unmarked texts a code out of order is taken for a mention.
* Uncoded outputs have the code that the reader derives, and no cell mixes them with coded ones.
"""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from ontology.model import (
    Activity,
    Attitude,
    Classification,
    Competency,
    Indicator,
    Note,
    Output,
    Standard,
    SubItem,
    Task,
    VersionEntry,
)
from ontology.readers.doubtful import unfinished_reason
from ontology.readers.language import language_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CODE_LIKE", "seeded_standard", "standards", "texts"]

_HAN = "團隊目標計畫管理客戶溝通協助資訊品質流程分析市場訓練能力規範設備安全檢核績效策略需求服務建立維護執行"
_WORDS = ["team", "plan", "manage", "customers", "quality", "and", "process", "3D", "market", "of", "with"]
_WORDS += ["risk", "report", "R&D", "schedule", "tool-based", "check", "(internal)", "a<b", "goals"]
CODE_LIKE = re.compile(r"(?:^|\s)[TOPKSA0]\s?[0-9]", re.IGNORECASE)


def _is_carried(text: str) -> bool:
    return unfinished_reason(text) is None and not CODE_LIKE.search(text)


_LINKS = ["，並能", "、", "；", " 3 年", "ERP", "依K2", "＆", "R&D", "（含）", " / "]
_chinese = st.lists(
    st.one_of(
        st.text(_HAN, min_size=2, max_size=9),
        st.text(_HAN, min_size=1, max_size=5).map(lambda text: f"({text})"),
        st.sampled_from(_LINKS),
    ),
    min_size=1,
    max_size=6,
).map("".join)
_english = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=9).map(" ".join)


def _begun(text: str) -> str:
    return text.lstrip("，、； /")


texts = st.one_of(_chinese, _english).map(_begun).map(str.strip).filter(lambda text: _is_whole(text))


def _is_whole(text: str) -> bool:
    return len(text) > 1 and text[0].isalpha() and _is_carried(text)


@st.composite
def standards(draw: st.DrawFn, *, per_activity: bool) -> Standard:
    """A standard as the reader gives it, but for places, doubts and the name of its source.

    Its texts are drawn as one stock; a seeded generator builds the rest from it, which is many times
    faster than drawing every field.
    """
    stock = draw(st.lists(texts, min_size=3, max_size=12))
    return _Author(stock, Random(draw(st.integers(0, 2**32)))).standard(per_activity=per_activity)


def seeded_standard(seed: int, *, per_activity: bool) -> Standard:
    """As ``standards`` draws them, but one that depends on nothing but its arguments."""
    random = Random(f"{seed}/{per_activity}")
    stock: list[str] = []
    while len(stock) < random.randint(3, 12):
        if text := _random_text(random):
            stock.append(text)
    return _Author(stock, random).standard(per_activity=per_activity)


def _random_text(random: Random) -> str:
    """A text of the same parts as ``texts``; the empty one where it could not be carried."""
    if random.random() < 0.5:
        text = " ".join(random.choices(_WORDS, k=random.randint(1, 9)))
    else:
        text = "".join(
            random.choice(
                [
                    "".join(random.choices(_HAN, k=random.randint(2, 9))),
                    f"({''.join(random.choices(_HAN, k=random.randint(1, 5)))})",
                    random.choice(_LINKS),
                ]
            )
            for _ in range(random.randint(1, 6))
        )
    text = _begun(text).strip()
    return text if _is_whole(text) else ""


class _Author:
    """Builds a standard out of a stock of texts."""

    def __init__(self, stock: Sequence[str], random: Random) -> None:
        self._stock = stock
        self._random = random

    def _text(self) -> str:
        return self._random.choice(self._stock)

    def _name(self) -> str:
        return re.sub("[;；]", "", self._text()).strip()

    def _texts(self, least: int, most: int) -> list[str]:
        return [self._text() for _ in range(self._random.randint(least, most))]

    def _level(self) -> int | None:
        return self._random.choice([None, 1, 2, 3, 4, 5, 6])

    def standard(self, *, per_activity: bool) -> Standard:
        width = 2 if per_activity else 1
        self._competencies: dict[str, list[Competency]] = {"K": [], "S": []}
        tasks = []
        for number in range(1, self._random.randint(1, 4) + 1):
            activities = [
                self._activity(f"{number}.{position}", width if per_activity else 0)
                for position in range(1, self._random.randint(1, 4) + 1)
            ]
            tasks.append(
                Task(
                    code=f"T{number}",
                    name=self._text(),
                    level=None if per_activity else self._level(),
                    activities=tuple(activities),
                    knowledge=() if per_activity else self._members("K", width),
                    skills=() if per_activity else self._members("S", width),
                )
            )
        version = self._random.randint(1, 9)
        series = f"{self._random.choice(['BGM1219', 'APP732', 'NFP7919'])}-{self._random.randint(1, 20):03}"
        history = self._history(series, version)
        occupational_category = self._random.choice(["", self._name()])
        standard = Standard(
            framework="icap",
            code=f"{series}v{version}",
            name=self._random.choice([occupational_category, self._name()]) or self._name(),
            version=f"V{version}",
            level=self._level(),
            status=history[0].status if history else "",
            description=self._text(),
            occupational_category=occupational_category,
            category=self._classified(["BGM", "MPD", "SET", "KPS"]),
            occupation=self._classified(["1219", "2421", "215", "7322"]),
            industry=self._classified(["M7010", "C22", "C3391", "N74"]),
            tasks=tuple(tasks),
            knowledge=tuple(self._competencies["K"]),
            skills=tuple(self._competencies["S"]),
            attitudes=tuple(self._attitude(number) for number in range(1, self._random.randint(0, 3) + 1)),
            history=history,
            notes=self._notes(),
        )
        return replace(standard, language=language_of(standard))

    def _activity(self, number: str, width: int) -> Activity:
        return Activity(
            code=f"T{number}",
            name=self._text(),
            level=self._level() if width else None,
            outputs=self._outputs(number),
            indicators=self._indicators(number),
            knowledge=self._members("K", width) if width else (),
            skills=self._members("S", width) if width else (),
        )

    def _members(self, letter: str, width: int) -> tuple[str, ...]:
        known = self._competencies[letter]
        found = self._random.sample(known, min(len(known), self._random.choice([0, 0, 1, 2])))
        found.sort(key=lambda item: int(item.code[1:]))
        for _ in range(self._random.randint(0, 3)):
            subs = self._random.choice([[], self._texts(1, 4)])
            items = tuple(SubItem(number, text) for number, text in enumerate(subs, 1))
            text = self._text() + ("：" if subs else "")
            found.append(Competency(f"{letter}{len(known) + 1:0{width}}", text, items))
            known.append(found[-1])
        return tuple(item.code for item in found)

    def _outputs(self, activity: str) -> tuple[Output, ...]:
        if self._random.random() < 0.2:
            return (Output(f"O{activity}.1", self._text(), printed=""),)
        outputs = []
        for number, text in enumerate(self._texts(0, 3), 1):
            code = f"O{activity}.{number}"
            printed = self._random.choice([None, None, None, f"0{code[1:]}", _wide(code)])
            outputs.append(Output(code, text, printed))
        return tuple(outputs)

    def _indicators(self, activity: str) -> tuple[Indicator, ...]:
        found = []
        for number, text in enumerate(self._texts(0, 4), 1):
            code = f"P{activity}.{number}"
            printed = self._random.choice([None, None, None, f"{code}.", _wide(code)])
            found.append(Indicator(code, text, printed))
        return tuple(found)

    def _classified(self, codes: Sequence[str]) -> tuple[Classification, ...]:
        chosen = self._random.sample(codes, self._random.randint(1, 3))
        return tuple(Classification(code, self._name()) for code in chosen)

    def _history(self, series: str, version: int) -> tuple[VersionEntry, ...]:
        if self._random.random() < 0.3:
            return ()
        own = VersionEntry(f"V{version}", f"{series}v{version}", self._name(), "最新版本", "略", "2018/12/21")
        entries = [own]
        for older in range(version - 1, max(0, version - 3), -1):
            code = series if older == 1 else f"{series}v{older}"
            note = f"已被《{series}v{older + 1}》取代"
            entries.append(VersionEntry(f"V{older}", code, self._name(), "歷史版本", note, "2015/12/31"))
        return tuple(entries)

    def _attitude(self, number: int) -> Attitude:
        name = "".join(self._random.sample(_HAN, 4))
        if self._random.random() < 0.2:
            return Attitude(f"A{number:02}", name, self._text(), printed="")
        return Attitude(f"A{number:02}", name, self._random.choice(["", self._text()]))

    def _notes(self) -> tuple[Note, ...]:
        notes = [Note("note", text) for text in self._texts(0, 3)]
        if self._random.random() < 0.6:
            heading = f"建議擔任此職類之{self._random.choice(['學歷', '經驗', '能力條件'])}"
            notes.extend(Note("prerequisite", text, heading) for text in self._texts(1, 3))
        return tuple(notes)


def _wide(code: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in code)
