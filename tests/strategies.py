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
    Association,
    Attitude,
    Classification,
    Competency,
    ConceptKind,
    Doubt,
    Indicator,
    Note,
    Output,
    Place,
    RelatedStandard,
    Requirement,
    Standard,
    Statement,
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


_references = st.sampled_from(
    [
        "code/onet-content-model/2.A.1.a",
        "onet/11-1021.00",
        "http://data.europa.eu/esco/skill/0005c151",
        "urn:uuid:20c5134f-423d-4097-a971-3dd5152bf507",
    ]
)
_names = st.lists(texts.filter(bool), max_size=3, unique=True).map(lambda names: tuple(sorted(names)))
_details = st.dictionaries(texts, texts, max_size=2).map(lambda pairs: tuple(pairs.items()))
_requirements = st.lists(
    st.builds(
        Requirement,
        st.sampled_from(list(ConceptKind)),
        _references,
        st.sampled_from(["", "essential", "optional", "in-demand"]),
        st.none() | st.integers(100, 500).map(lambda number: number / 100),
        st.none() | st.integers(0, 700).map(lambda number: number / 100),
        st.booleans(),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda one: (one.kind, one.concept),
).map(lambda found: tuple(sorted(found, key=lambda one: (one.kind, one.concept, one.relation))))
"""Without order, as readers give them: sorted, and each concept once for a kind."""


@st.composite
def _statements(draw: st.DrawFn) -> tuple[Statement, ...]:
    """Statements under those before them, sometimes under several."""
    made: list[Statement] = []
    for number in range(draw(st.integers(0, 4))):
        above = [one.code for one in made]
        parents = draw(st.lists(st.sampled_from(above), max_size=2, unique=True)) if above else []
        made.append(
            Statement(
                f"M{number}{draw(_odd)}",
                draw(texts),
                tuple(parents),
                draw(texts),
                draw(_printed),
                draw(st.sampled_from(["", "http://example.org/uri/1"])),
                draw(texts),
                draw(texts),
                draw(st.sampled_from(["", "en", "zh-Hant"])),
                draw(_details),
            )
        )
    return tuple(made)


@st.composite
def _associations(draw: st.DrawFn, codes: Sequence[str]) -> tuple[Association, ...]:
    ends = st.sampled_from([*codes, "http://example.org/uri/9"])
    one = st.builds(
        Association,
        st.sampled_from(["exactMatchOf", "precedes", "isRelatedTo", "ext:sameTopicAs"]),
        ends,
        ends,
        texts,
        texts,
        texts,
        st.none() | st.integers(0, 99),
        _details,
    )
    return tuple(draw(st.lists(one, max_size=2)))


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
            draw(texts),
            tuple(sorted(draw(st.lists(_references, max_size=2, unique=True)))),
        )

    statements = draw(_statements())
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
        iri=draw(st.sampled_from(["", "", "http://data.europa.eu/esco/occupation/00030d09"])),
        alternative_names=draw(_names),
        hidden_names=draw(_names),
        modified=draw(texts),
        broader=tuple(sorted(draw(st.lists(_references, max_size=2, unique=True)))),
        schemes=tuple(sorted(draw(st.lists(_references, max_size=2, unique=True)))),
        requirements=draw(_requirements),
        related=tuple(draw(st.lists(st.builds(RelatedStandard, _references, texts), max_size=2))),
        statements=statements,
        associations=draw(_associations([one.code for one in statements])),
        details=draw(_details),
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
