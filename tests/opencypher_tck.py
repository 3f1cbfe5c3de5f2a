"""Reads the scenarios of openCypher's Technology Compatibility Kit from the archive of its feature files."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STEP = re.compile(r"(?:Given|When|Then|And|But)\s+(?P<step>.*)")
_PROCEDURE = re.compile(r"there exists a procedure (?P<name>[\w.]+)\(")
_RAISED = re.compile(r"an? (?P<kind>\w+) should be raised at (?P<phase>compile time|runtime|any time)")


@dataclass(frozen=True, slots=True)
class Case:
    """One query of a scenario, and what the scenario says of it. ``writes`` is what it says itself: set-up
    queries write, and tested ones where it lists side effects; ``None`` where it says neither (an error)."""

    place: str
    query: str
    writes: bool | None
    raised: str | None
    procedures: frozenset[str]


@dataclass(slots=True)
class _Scenario:
    name: str
    steps: list[tuple[str, str, list[list[str]]]] = field(default_factory=list)
    examples: list[list[str]] = field(default_factory=list)


def read_cases(archive: Path) -> Iterator[Case]:
    """All queries, each example of an outline for itself."""
    with zipfile.ZipFile(archive) as files:
        for name in sorted(files.namelist()):
            if name.endswith(".feature"):
                stem = name.rpartition("/")[2].removesuffix(".feature")
                for scenario in _scenarios(files.read(name).decode()):
                    yield from _cases(stem, scenario)


def _scenarios(text: str) -> Iterator[_Scenario]:
    background: list[tuple[str, str, list[list[str]]]] = []
    scenario: _Scenario | None = None
    in_examples = False
    lines = iter(text.splitlines())
    for line in lines:
        stripped = line.strip()
        if stripped.startswith("Background:"):
            scenario = None
        elif stripped.startswith(("Scenario:", "Scenario Outline:")):
            if scenario:
                yield scenario
            scenario = _Scenario(stripped.partition(":")[2].strip(), steps=list(background))
            in_examples = False
        elif stripped.startswith("Examples:"):
            in_examples = True
        elif stripped.startswith('"""'):
            (scenario.steps if scenario else background)[-1:] = [
                ((scenario.steps if scenario else background)[-1][0], _docstring(lines), [])
            ]
        elif stripped.startswith("|"):
            row = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", stripped)[1:-1]]
            if scenario and in_examples:
                scenario.examples.append(row)
            else:
                (scenario.steps if scenario else background)[-1][2].append(row)
        elif match := _STEP.fullmatch(stripped):
            (scenario.steps if scenario else background).append((match["step"], "", []))
    if scenario:
        yield scenario


def _docstring(lines: Iterator[str]) -> str:
    inside: list[str] = []
    for line in lines:
        if line.strip() == '"""':
            break
        inside.append(line.strip())
    return "\n".join(inside)


def _cases(feature: str, scenario: _Scenario) -> Iterator[Case]:
    header, *rows = scenario.examples or [[]]
    for number, row in enumerate(rows or [[]]):
        values = dict(zip(header, row, strict=True))
        place = f"{feature} {scenario.name}" + (f" #{number + 1}" if rows else "")
        yield from _cases_of_steps(
            place,
            [(_filled(step, values), _filled(text, values), table) for step, text, table in scenario.steps],
        )


def _filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda match: values.get(match[1], match[0]), text)


def _cases_of_steps(place: str, steps: list[tuple[str, str, list[list[str]]]]) -> Iterator[Case]:
    procedures = frozenset(match["name"] for step, _, _ in steps if (match := _PROCEDURE.match(step)))
    for index, (step, text, _) in enumerate(steps):
        if step.startswith("having executed"):
            yield Case(place, text, writes=True, raised=None, procedures=procedures)
        elif step.startswith(("executing query", "executing control query")):
            writes, raised = _outcome(steps[index + 1 :])
            yield Case(place, text, writes, raised, procedures)


def _outcome(steps: list[tuple[str, str, list[list[str]]]]) -> tuple[bool | None, str | None]:
    for step, _, _ in steps:
        if step.startswith("executing"):
            break
        if step.startswith("no side effects"):
            return False, None
        if step.startswith("the side effects should be"):
            return True, None
        if match := _RAISED.match(step):
            return None, f"{match['kind']} at {match['phase']}"
    return None, None
