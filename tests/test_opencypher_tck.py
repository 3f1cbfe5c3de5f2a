"""Every query of the openCypher TCK that only reads passes the guard, and every one that writes is refused.

What writes is decided without the guard: by the scenario (set-up queries, and listed side effects), or, where
it lists none (``MERGE`` of what is there), by the words left when strings, names and comments are cut out.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from opencypher_tck import Case, read_cases

from graph.cypher_allowed import READING_PROCEDURES
from graph.cypher_guard import check_cypher
from ontology.errors import QueryRefused, QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|//[^\n]*|/\*.*?\*/""", re.DOTALL)
_UPDATING = re.compile(r"(?<![.:$\w])(?:CREATE|MERGE|SET|DELETE|REMOVE|FOREACH)\s(?!\s*:)", re.IGNORECASE)
_EVERY = 5


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> list[Case]:
    """Each distinct query once."""
    archive = shared_data / "opencypher-tck" / "features.zip"
    if not archive.exists():
        pytest.skip("the openCypher TCK is not here")
    distinct: dict[str, Case] = {}
    for case in read_cases(archive):
        known = distinct.get(case.query)
        if known is None or known.writes is None:
            distinct[case.query] = case
    assert len(distinct) > 2900
    return list(distinct.values())


def _writes(case: Case) -> bool:
    return bool(case.writes) or _UPDATING.search(_QUOTED.sub("''", case.query)) is not None


def _outcome(case: Case) -> str:
    try:
        check_cypher(case.query, procedures=READING_PROCEDURES | {name.lower() for name in case.procedures})
    except QueryRefused:
        return "refused"
    except QuerySyntaxError:
        return "syntax"
    return "passed"


def _check(cases: list[Case]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    wrong = []
    for case in cases:
        kind = "writes" if _writes(case) else "reads" if case.raised is None else "errs"
        outcome = _outcome(case)
        counts[kind, outcome] += 1
        differs = (kind == "reads" and outcome != "passed") or (kind == "writes" and outcome == "passed")
        if differs:
            wrong.append(f"{case.place}: {kind}, {outcome}\n{case.query}")
    assert not wrong, f"{len(wrong)} differ:\n" + "\n\n".join(wrong)
    return counts


def test_every_fifth_query_of_the_tck_passes_or_is_refused_as_it_should(cases: list[Case]) -> None:
    counts = _check(cases[::_EVERY])
    assert counts["reads", "passed"] > 300
    assert counts["writes", "refused"] > 50


@pytest.mark.servers
def test_every_query_of_the_tck_passes_or_is_refused_as_it_should(
    cases: list[Case], record_property: Callable[[str, object], None]
) -> None:
    counts = _check(cases)
    record_property("counted", ("openCypher TCK", {", ".join(key): count for key, count in counts.items()}))
    assert counts["reads", "passed"] > 1800
    assert counts["writes", "refused"] > 400


def test_procedures_that_are_not_listed_are_refused(cases: list[Case]) -> None:
    calls = [case for case in cases if case.procedures and "test." in case.query]
    assert len(calls) > 15
    for case in calls:
        with pytest.raises((QueryRefused, QuerySyntaxError)):
            check_cypher(case.query)
