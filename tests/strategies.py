"""Generates whole standards for round trips: everything that the model can hold, likely or not.

Unlike ``authoring``, which generates what a printed layout can carry, texts here are any Unicode, codes
may hold any character, lists come in any order, and what may be missing is missing at random.

The one thing left out is a ``Place`` that names neither line nor page, which says nothing and comes back
as ``None``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

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
    from collections.abc import Callable, Sequence

_T = TypeVar("_T")

__all__ = ["languages", "standards", "texts"]

texts = st.one_of(
    st.sampled_from(
        [
            "",
            "處理團隊衝突",
            'with "quotes" and \\ backslashes \\u0041',
            "two\nlines\r\nand\ta tab\r",
            " blanks at both ends ",
            "<p>&amp; 𠮷野家 😀</p>",
            "line\u2028separator\x85next\x0b\x00",
            "e\u0301 is not \u00e9; １２ is not 12",
            "'''\"\"\"@en^^<x>",
            "true",
            "007",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
"""Any text that Unicode has; lone surrogates are no characters."""

languages = st.sampled_from(["zh-Hant", "zh-Hans-CN", "en", "EN-gb", "ja", "de-1996"])

_printed = st.none() | texts
_numbers = st.integers(1, 10**6)
_levels = st.none() | st.integers(1, 6)
_places = st.none() | st.builds(Place, _numbers, st.none() | _numbers) | st.builds(Place, st.none(), _numbers)
_odd = st.sampled_from(["", "", "", ".", " x", "/1", "%2F", "é", "職", "?q", "#x", "😀", '"', "\\", "<", "^"])
_classifications = st.lists(
    st.builds(
        Classification,
        st.sampled_from(["1219", "M7010", "C3400", "BGM", "１２１９", "企業"]) | texts,
        texts,
    ),
    max_size=3,
).map(tuple)


@st.composite
def standards(draw: st.DrawFn) -> Standard:
    """A standard of any shape: of the older template, the newer one, both at once or neither."""
    number = iter(range(1, 10_000))

    def code(letter: str) -> str:
        return f"{letter}{next(number)}{draw(_odd)}"

    def several(make: Callable[[], _T], most: int = 3) -> tuple[_T, ...]:
        return tuple(make() for _ in range(draw(st.integers(0, most))))

    def competency(letter: str) -> Competency:
        plain = f"{letter}{next(number)}"
        numbers = draw(st.lists(st.integers(1, 30), unique=True, max_size=3))
        items = tuple(SubItem(one, draw(texts), draw(_places)) for one in numbers)
        return Competency(plain if items else code(letter), draw(texts), items, draw(_printed), draw(_places))

    knowledge = several(lambda: competency("K"))
    skills = several(lambda: competency("S"))

    def required(listed: Sequence[Competency]) -> tuple[str, ...]:
        codes = [one.code for one in listed]
        return tuple(draw(st.lists(st.sampled_from([*codes, "K99", "S 9/#?"]), max_size=4)))

    def activity() -> Activity:
        return Activity(
            code("T"),
            draw(texts),
            draw(_levels),
            several(lambda: Output(code("O"), draw(texts), draw(_printed), draw(_places)), 2),
            several(lambda: Indicator(code("P"), draw(texts), draw(_printed), draw(_places)), 2),
            required(knowledge),
            required(skills),
            draw(_printed),
            draw(_places),
        )

    def task() -> Task:
        return Task(
            code("T"),
            draw(texts),
            draw(_levels),
            several(activity, 2),
            required(knowledge),
            required(skills),
            draw(_printed),
            draw(_places),
        )

    tasks = several(task, 2)
    codes = [*(one.code for one in tasks), *(one.code for one in (*knowledge, *skills))]
    wheres = st.sampled_from(["level", *codes]) | texts
    return Standard(
        framework=draw(st.sampled_from(["icap", "au", "a/b c#d"])),
        code=draw(st.sampled_from(["BGM1219-002v2", "BGM1219-002", "BGM1219-002V12", " x v", "職/能?#1"])),
        name=draw(texts),
        version=draw(st.sampled_from(["V2", "2", ""]) | texts),
        level=draw(_levels),
        language=draw(languages),
        status=draw(texts),
        description=draw(texts),
        occupational_category=draw(texts),
        category=draw(_classifications),
        occupation=draw(_classifications),
        industry=draw(_classifications),
        tasks=tasks,
        knowledge=knowledge,
        skills=skills,
        attitudes=several(
            lambda: Attitude(code("A"), draw(texts), draw(texts), draw(_printed), draw(_places)), 2
        ),
        history=several(lambda: draw(_versions)),
        notes=several(lambda: Note(draw(texts), draw(texts), draw(_printed))),
        doubts=several(lambda: Doubt(draw(texts), draw(wheres), draw(texts), draw(texts), draw(_places))),
        source=draw(texts),
    )


_version_codes = st.sampled_from(["BGM1219-002v2", "BGM1219-002", "BGM1219-002V4", "", " "]) | texts
_versions = st.builds(
    VersionEntry,
    version=st.sampled_from(["V1", "V2", ""]) | texts,
    code=_version_codes,
    name=texts,
    status=texts,
    note=texts | _version_codes.map(lambda code: f"已被《{code}》取代"),
    date=st.sampled_from(["2018/12/21", "2018/2/30", "2018-1-5", ""]) | texts,
)
