"""How the trees come from what standards say of themselves."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from api.browsing.tree import FACETS, UNCLASSIFIED, BrowseTree, Place
from graph import GroupName
from ontology.codes import ISCO, open_scheme, resolve_printed
from ontology.errors import NotFound
from ontology.soc import SOC, SOC_MAJOR_GROUPS, soc_major_group
from ontology.vocabulary import natural_key
from search.classes import CLASS_FACETS, ClassCode, with_broader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graph import PrintedCode, StandardSummary

__all__ = ["OTHER_CODES", "make_tree"]

OTHER_CODES = "other"
"""The scheme of codes that are in no list that is known here."""


class _Draft:
    """A tree while it grows: each place with what is above it, by the value of the place."""

    def __init__(self, facet: str) -> None:
        self.facet = facet
        self.parts: dict[str, tuple[str, str, GroupName | None]] = {}
        self.above: dict[str, str] = {}
        self.members: dict[str, set[int]] = defaultdict(set)

    def add(
        self, value: str, above: str, number: int, scheme: str, code: str = "", name: GroupName | None = None
    ) -> None:
        known = self.parts.get(value)
        if known is None or known[2] is None:
            self.parts[value] = (scheme, code, name)
            self.above[value] = above
        self.members[value].add(number)

    def places(self, total: int) -> dict[tuple[str, str], Place]:
        classified = set[int]().union(*self.members.values())
        left = set(range(total)) - classified
        if classified and left:
            self.parts[UNCLASSIFIED] = ("", "", None)
            self.above[UNCLASSIFIED] = ""
            self.members[UNCLASSIFIED] = left
        below: dict[str, list[str]] = defaultdict(list)
        for value, above in self.above.items():
            below[above].append(value)
        found = {
            (self.facet, value): Place(
                self.facet,
                value,
                scheme,
                code,
                name.text if name else "",
                name.language if name else "",
                self.above[value],
                tuple(sorted(below[value], key=natural_key)),
                frozenset(self.members[value]),
            )
            for value, (scheme, code, name) in self.parts.items()
        }
        # the largest code list first, and at the end what has no code
        tops = sorted(below[""], key=lambda one: (one == UNCLASSIFIED, -len(self.members[one]), one))
        top = Place(self.facet, "", "", "", "", "", None, tuple(tops), frozenset(classified | left))
        return {(self.facet, ""): top, **found}


def make_tree(
    standards: Sequence[StandardSummary], printed: Iterable[PrintedCode], isco: Mapping[str, GroupName]
) -> BrowseTree:
    """The trees over ``standards``; codes of other things are passed over. ``isco`` has the names of groups
    of ISCO-08, by code."""
    drafts = {facet: _Draft(facet) for facet in FACETS}
    for number, one in enumerate(standards):
        drafts["framework"].add(one.framework, "", number, one.framework)
        if one.level is not None:
            value = f"{one.framework}:{one.level}"
            drafts["level"].add(value, one.framework, number, one.framework, str(one.level))
            drafts["level"].add(one.framework, "", number, one.framework)
        if one.framework == "onet" and (group := soc_major_group(one.code)):
            name = _named(SOC_MAJOR_GROUPS[group], "en")
            drafts["occupation"].add(f"{SOC}:{group}", SOC, number, SOC, group, name)
            drafts["occupation"].add(SOC, "", number, SOC)
    numbers = {one.iri: number for number, one in enumerate(standards)}
    for code in printed:
        if code.of in numbers and code.kind in CLASS_FACETS:
            number = numbers[code.of]
            _classify(drafts[code.kind], number, standards[number].framework, code, isco)
    places: dict[tuple[str, str], Place] = {}
    for draft in drafts.values():
        places |= draft.places(len(standards))
    return BrowseTree(tuple(standards), places)


def _classify(
    draft: _Draft, number: int, framework: str, code: PrintedCode, isco: Mapping[str, GroupName]
) -> None:
    own = _named(code.name, code.language)
    concept = resolve_printed(framework, code.kind, code.code)
    if concept is None:
        if code.code.strip():
            draft.add(code.code.strip(), OTHER_CODES, number, OTHER_CODES, code.code.strip(), own)
            draft.add(OTHER_CODES, "", number, OTHER_CODES)
        return
    chain = with_broader(ClassCode(draft.facet, concept.scheme, concept.code, ""))
    above = [*(one.value for one in chain[1:]), concept.scheme]
    for one, parent in zip(chain, above, strict=True):
        name = isco.get(one.code) if one.scheme == ISCO else _listed(one)
        if name is None and one.code == concept.code:
            name = own
        draft.add(one.value, parent, number, one.scheme, one.code, name)
    draft.add(concept.scheme, "", number, concept.scheme)


def _listed(one: ClassCode) -> GroupName | None:
    """The name in a code list of ours, which are Taiwan's."""
    try:
        return _named(open_scheme(one.scheme)[one.code].name, "zh-Hant")
    except NotFound:
        return None


def _named(text: str, language: str) -> GroupName | None:
    return GroupName(text, language) if text else None
