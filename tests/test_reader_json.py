"""The readers of JSON: the public collection of iCAP standards, and what this program itself writes."""

from __future__ import annotations

import copy
import json
import re
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_documents import doubts

from ontology.errors import DocumentError
from ontology.json_form import to_json
from ontology.model import Classification, Note, Standard
from ontology.readers import read_standard, read_standards

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PUBLIC: dict[str, Any] = {
    "version_info": {
        "versions": [
            {
                "version": "V2",
                "ocs_code": "BGM1219-002v2",
                "ocs_name": "領班",
                "status": "最新版本",
                "update_note": "略",
                "update_date": "2024/12/15",
            },
        ]
    },
    "ocs_profile": {
        "category": {
            "job_categories": [{"name": "企業經營管理/一般管理", "code": "BGM"}],
            "occupations": [{"name": "領班", "code": "1219"}],
            "industries": [{"name": "支援服務業", "code": "N8129"}],
        },
        "ocs_code": "BGM1219-002v2",
        "ocs_level": 3,
        "ocs_name": {"job_category_name": None, "occupation_name": "領班"},
        "job_description": "帶領清潔人員。",
    },
    "ocs_content": {
        "ocu_units": [
            {
                "ocu_code": "T1",
                "ocu_name": "管理人員",
                "tasks": [
                    {
                        "task_codes": [{"code": "T1.1", "name": "招募人員"}],
                        "competency_blocks": [
                            {
                                "competency_level": 3,
                                "outputs": [{"code": "O1.1.1", "name": "需求表"}],
                                "indicators": [{"code": "P1.1.1", "text": "盤點人力需求。"}],
                                "knowledge": [{"code": "K01", "name": "遴選規定"}],
                                "skills": [{"code": "S01", "name": "面談能力"}],
                            }
                        ],
                    }
                ],
            }
        ]
    },
    "ocs_attitude": {"attitudes": [{"code": "A01", "name": "彈性：敞開心胸。"}]},
    "notes": {"prerequisites": ["具一年經驗。"], "supplements": []},
}


def public(**changes: Any) -> dict[str, Any]:
    """The document with the values under dotted paths changed."""
    document = copy.deepcopy(PUBLIC)
    for path, value in changes.items():
        *steps, last = [int(step) if step.isdecimal() else step for step in path.split("__")]
        target: Any = document
        for step in steps:
            target = target[step]
        target[last] = value
    return document


BLOCKS = "ocs_content__ocu_units__0__tasks__0__competency_blocks"


def read(document: object) -> Standard:
    return read_standard(json.dumps(document, ensure_ascii=False).encode(), "test.json")


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for member in value:
            yield from strings(member)
    elif isinstance(value, dict):
        for member in value.values():
            yield from strings(member)


def bare(text: str) -> str:
    return re.sub(r"[\s：:]", "", text)


REAL = ["BGM1219-002v4", "BGM1219-003v3", "BAS1219-001v4", "APP7322-001v4"]


@pytest.mark.parametrize("code", REAL)
def test_no_text_of_the_public_json_is_lost(shared_data: Path, code: str) -> None:
    path = shared_data / "icap" / f"{code}.json"
    document = json.loads(path.read_bytes())
    standard = read_standard(path)
    kept = {bare(text) for text in strings(to_json(standard))}
    kept |= {bare(attitude.name + attitude.text) for attitude in standard.attitudes}
    lost = {text for text in strings(document) if bare(text) not in kept and text not in standard.source}
    assert lost <= {"Unknown"}
    blocks = [
        (task["task_codes"][0]["code"], block)
        for unit in document["ocs_content"]["ocu_units"]
        for task in unit["tasks"]
        for block in task["competency_blocks"]
    ]
    activities = [activity for task in standard.tasks for activity in task.activities]
    assert [
        (
            activity.code,
            activity.level,
            [item.code for item in activity.outputs],
            [item.code for item in activity.indicators],
            list(activity.knowledge),
            list(activity.skills),
        )
        for activity in activities
    ] == [
        (
            code,
            block["competency_level"],
            *([item["code"] for item in block[key]] for key in ("outputs", "indicators")),
            *([item["code"] for item in block[key]] for key in ("knowledge", "skills")),
        )
        for code, block in blocks
    ]


def test_the_defects_of_the_public_json_are_mended_or_doubted(shared_data: Path) -> None:
    folder = shared_data / "icap"
    engineer = read_standard(folder / "APP7322-001v4.json")
    assert engineer.tasks[0].activities[0].name == "評選與建置3D列印設備、環境及安全"
    assert engineer.occupation == (Classification("", "3D列印積層製造工程師"),)
    assert len(engineer.industry) == 6
    skills = {skill.code: skill.text for skill in engineer.skills}
    assert skills["S03"] == "PBF及BJ設備結構與機台操作"
    found = doubts(engineer)
    for doubt in [
        ("missing-code", "occupation"),
        ("blank-in-text", "S03"),
        ("ascii-punctuation", "P1.1.1"),
        ("unfinished-sentence", "T1"),
        ("unfinished-sentence", "O1.1.1"),
        ("list-in-note", "notes.prerequisites[3]"),
    ]:
        assert doubt in found
    assert engineer.notes[1] == Note("prerequisite", "相關所屬類別：")
    assert engineer.notes[2].heading == "職業別（職業代碼）"
    assert doubts(read_standard(folder / "BGM1219-002v4.json"))[-1] == ("several-latest-versions", "history")
    planner = read_standard(folder / "BAS1219-001v4.json")
    assert ("unversioned-code", "BAS1219-001v1") in doubts(planner)
    assert planner.attitudes[0].name == "自我管理"
    assert planner.attitudes[0].text.startswith("設立定義明確")


def test_a_public_document_without_defects_has_no_doubts() -> None:
    standard = read(PUBLIC)
    assert standard.doubts == ()
    assert (standard.code, standard.version, standard.level) == ("BGM1219-002v2", "V2", 3)
    assert standard.status == "最新版本"
    assert standard.source == "test.json"
    assert read_standards(json.dumps([PUBLIC, PUBLIC]).encode(), "test.json") == (standard, standard)


def test_where_the_text_is_from_goes_with_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(public(_source="repository@1")), encoding="utf-8")
    assert read_standard(path).source == f"{path} (repository@1)"


CATEGORY = "ocs_profile__category__job_categories"
FOUR = [
    {"name": "科學", "code": "Unknown"},
    {"name": "技術", "code": "Unknown"},
    {"name": "工程", "code": "Unknown"},
    {"name": "數學/工程及技術", "code": "SET"},
]


def test_a_name_that_was_cut_into_four_is_one_again() -> None:
    standard = read(public(**{CATEGORY: FOUR}))
    assert standard.category == (Classification("SET", "科學、技術、工程、數學/工程及技術"),)
    two = copy.deepcopy(FOUR)
    two[0]["code"] = "BGM"
    standard = read(public(**{CATEGORY: two}))
    assert [entry.name for entry in standard.category] == ["科學", "技術", "工程", "數學/工程及技術"]
    assert doubts(standard) == [("missing-code", "category")] * 2


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f"{BLOCKS}__0__outputs__0__code": "Unknown"}, [("missing-code", "O1.1.1")]),
        ({f"{BLOCKS}__0__outputs__0__code": "01.1.1"}, [("malformed-code", "O1.1.1")]),
        ({f"{BLOCKS}__0__indicators__0__code": "P9"}, [("missing-code", "P1.1.1")]),
        ({f"{BLOCKS}__0__skills__0__code": "K02"}, [("misplaced-code", "K02")]),
        ({f"{BLOCKS}__0__indicators__0__code": "P2.1.1"}, [("misplaced-code", "P2.1.1")]),
        (
            {f"{BLOCKS}__0__knowledge": [{"code": "K01", "name": "規定"}, {"code": "K01", "name": "法令"}]},
            [("doubled-code", "K02")],
        ),
        (
            {f"{BLOCKS}__0__knowledge": [{"code": "K01", "name": "遴"}, {"code": "K01", "name": "遴選規定"}]},
            [("cut-text", "K01")],
        ),
        ({"ocs_content__ocu_units__0__ocu_code": "Unknown"}, [("missing-code", "T1")]),
        ({"ocs_content__ocu_units__0__ocu_name": "Unknown"}, [("missing-field", "T1")]),
        ({"ocs_profile__job_description": "Unknown"}, [("missing-field", "description")]),
        ({"ocs_profile__ocs_level": None}, [("missing-field", "level")]),
        ({"ocs_profile__author": {"name": "x"}}, [("unread-text", "ocs_profile.author")]),
        ({"ocs_profile__ocs_code": "BGM1219-002v3"}, [("absent-from-history", "history")]),
        ({"ocs_attitude__attitudes__0__code": "Unknown"}, [("missing-code", "A01")]),
    ],
)
def test_what_the_public_json_leaves_uncertain_is_doubted(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert doubts(read(public(**changes))) == expected


def test_a_code_with_two_texts_keeps_both_and_what_was_printed() -> None:
    knowledge = [
        {"code": "K01", "name": "規定"},
        {"code": "K01", "name": "法令"},
        {"code": "K02", "name": "史"},
    ]
    standard = read(public(**{f"{BLOCKS}__0__knowledge": knowledge}))
    assert [(one.code, one.text, one.printed) for one in standard.knowledge] == [
        ("K01", "規定", None),
        ("K03", "法令", "K01"),
        ("K02", "史", None),
    ]
    assert standard.tasks[0].activities[0].knowledge == ("K01", "K03", "K02")


def test_several_activities_of_one_cell_share_its_block_or_have_their_own() -> None:
    block = PUBLIC["ocs_content"]["ocu_units"][0]["tasks"][0]["competency_blocks"][0]
    group = {
        "task_codes": [{"code": "T1.1", "name": "招募"}, {"code": "T1.2", "name": "訓練"}],
        "competency_blocks": [block],
    }
    whole = {**block, "outputs": [], "indicators": []}
    first, second = (
        read(public(ocs_content__ocu_units__0__tasks__0={**group, "competency_blocks": [whole]}))
        .tasks[0]
        .activities
    )
    assert (first.level, first.knowledge, second.level, second.skills) == (3, ("K01",), 3, ("S01",))
    other = {
        **block,
        "competency_level": 4,
        "outputs": [],
        "indicators": [{"code": "P1.2.1", "text": "訓練人員。"}],
        "skills": [],
    }
    group["competency_blocks"] = [block, other]
    first, second = read(public(ocs_content__ocu_units__0__tasks__0=group)).tasks[0].activities
    assert (first.level, second.level) == (3, 4)
    assert (first.skills, second.skills) == (("S01",), ())
    assert [item.code for item in second.indicators] == ["P1.2.1"]


def filled(value: Any) -> Any:
    """The JSON of a standard with a text where it has an empty one: names and texts must not be empty."""
    if isinstance(value, dict):
        return {key: filled(member) for key, member in value.items()}
    if isinstance(value, list):
        return [filled(member) for member in value]
    return "甲" if isinstance(value, str) and not value.strip() else value


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(strategies.standards(), min_size=1, max_size=3), st.booleans())
def test_our_own_json_reads_back_without_loss(standards: list[Standard], ascii_only: bool) -> None:  # noqa: FBT001
    forms = [filled(to_json(one)) for one in standards]
    data = json.dumps(forms[0] if len(forms) == 1 else forms, ensure_ascii=ascii_only).encode()
    assert [to_json(one) for one in read_standards(data)] == forms


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            b'{"code": "X1", "name": "a", "tasks": [{"code": "T1", "code": "T2"}]}',
            "tasks[0].code: the key is",
        ),
        (b'{"code": "X1", "name": "a", "level": NaN}', "level: found NaN"),
        (b'{"code": "X1", "name": "a", "level": 1e999}', "level: 1e999 is too large"),
        (
            b'{"code": "X1", "name": "a", "level": 1' + b"0" * 5000 + b"}",
            "level: found a number of 5001 digits",
        ),
        (b'{"code": "X1", "name": "a", "level": 4.5}', "level: found a number; expected a whole number"),
        (b'{"code": "X1", "name": "a", "tasks": [3]}', "tasks[0]: found a number; expected an object"),
        (b'{"code": "X1", "name": "\\ud800"}', "name: found half a character"),
        (b'{"code": "X1", "\\ud800": 1}', "the name of a field has half a character"),
        (b'{"code": "X1", "name": "a", "notes": [' + b"[" * 200 + b"]" * 200 + b"]}", "notes[0][0]"),
        (b'{"code": "X1", "name": "a", "notes": ' + b"[" * 200_000, "notes[0][0]"),
        (b'{"a": ' * 50_000, "a.a.a.a"),
        (b'[{"code": "X1", "name": "a"}, {"code": "X2", "name": 7}]', "[1].name: found a number"),
        (b"[]", "the list is empty"),
        (b'{"items": []}', "items: the JSON is of no known form"),
        (b'{"code": "X1",\n "name": }', "line 2: this is not valid JSON"),
        (b'{"code": "X1",\n "name": "\xff"}', "line 2: the bytes are not UTF-8"),
        (json.dumps(public(ocs_profile__ocs_level=9)).encode(), "ocs_profile.ocs_level: '9' is not a level"),
        (json.dumps(public(ocs_profile__ocs_level=[])).encode(), "ocs_profile.ocs_level: found a list"),
        (json.dumps(public(ocs_profile__ocs_code="")).encode(), "ocs_profile.ocs_code: found the string ''"),
        (b'{"ocs_content": {}}', "ocs_profile.ocs_code: the field is missing"),
        (json.dumps(public(ocs_content=None)).encode(), "ocs_content.ocu_units: the field is missing"),
        (
            json.dumps(public(**{f"{BLOCKS}__0__skills__0__name": ""})).encode(),
            "ocs_content.ocu_units[0].tasks[0].competency_blocks[0].skills[0].name: found the string ''",
        ),
        (json.dumps([PUBLIC, 3]).encode(), "[1]: found a number"),
    ],
)
def test_json_that_cannot_be_read_is_refused_with_its_path(data: bytes, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_standards(data, "test.json")
    assert says in str(caught.value)
    assert caught.value.file == "test.json"


def assert_read_or_refused(data: bytes) -> None:
    refused = "fuzz.json"
    standards: tuple[Standard, ...] = ()
    try:
        standards = read_standards(data, "fuzz.json")
    except DocumentError as error:
        refused = str(error)
    assert refused.startswith("fuzz.json")
    assert all(one.code and one.name for one in standards)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32), st.sampled_from(["public", "own"]))
def test_damaged_json_is_read_or_refused(seed: int, form: str) -> None:
    chance = Random(seed)
    data = bytearray(
        json.dumps(PUBLIC if form == "public" else to_json(read(PUBLIC)), ensure_ascii=False).encode()
    )
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randint(1, 40)]
            case 2:
                data[at:at] = chance.choice([b'"', b"{", b"]", b"null", b",", b"1e9", b"\\u0000", b"[[[["])
            case _:
                other = chance.randrange(len(data))
                data[at:at] = data[other : other + chance.randint(1, 60)]
    assert_read_or_refused(bytes(data))


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32))
def test_the_public_json_with_any_value_elsewhere_is_read_or_refused(seed: int) -> None:
    chance = Random(seed)
    document = copy.deepcopy(PUBLIC)
    for _ in range(chance.randint(1, 4)):
        target: Any = document
        while True:
            keys = list(target) if isinstance(target, dict) else list(range(len(target)))
            if not keys:
                break
            key = chance.choice(keys)
            if isinstance(target[key], dict | list) and chance.random() < 0.85:
                target = target[key]
                continue
            values = [
                None,
                "",
                "Unknown",
                3,
                1.5,
                [],
                {},
                True,
                "K01",
                "P1.1.1",
                "x\ny",
                ["a"],
                {"code": "T1"},
            ]
            target[key] = chance.choice(values)
            break
    assert_read_or_refused(json.dumps(document, ensure_ascii=False).encode())
