"""What changed in the fields of a standard, a concept or another item, value by value."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING

from ontology.changes.model import FieldChange, RequirementChange
from ontology.changes.pairing import LIKE_ENOUGH, greedy_pairs
from ontology.changes.wording import likeness

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ontology.model import Classification, ConceptKind, Note, Requirement

__all__ = [
    "classification_changes",
    "keyed_changes",
    "note_changes",
    "reference_changes",
    "requirement_changes",
    "text_change",
    "value_changes",
]


def text_change(name: str, before: object, after: object) -> list[FieldChange]:
    """Of a field with one value; ``None`` is no value."""
    one, other = ("" if value is None else str(value) for value in (before, after))
    return [FieldChange(name, one, other)] if one != other else []


def value_changes(name: str, before: Iterable[str], after: Iterable[str]) -> list[FieldChange]:
    """Of a field with several values in no order: what is new, then what is gone."""
    before, after = tuple(before), tuple(after)
    if before == after:
        return []
    ahead, behind = Counter(before), Counter(after)
    return [
        *(FieldChange(name, "", value) for value in (behind - ahead).elements()),
        *(FieldChange(name, value, "") for value in (ahead - behind).elements()),
    ]


def reference_changes(
    name: str, before: Iterable[str], after: Iterable[str], renamed: Mapping[str, str]
) -> list[FieldChange]:
    """As ``value_changes``, of references; ``renamed`` gives those whose identifier alone changed."""
    return value_changes(name, (renamed.get(one, one) for one in before), after)


def keyed_changes(
    name: str, before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]]
) -> list[FieldChange]:
    """Of a field whose values have a key and a text: a value under the same key is the same one."""
    values: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, entries in ((1, after), (0, before)):
        for key, text in entries:
            values[key][side].append(f"{key} {text}".strip())
    changes = []
    for ahead, behind in values.values():
        gone, new = list((Counter(ahead) - Counter(behind)).elements()), Counter(behind) - Counter(ahead)
        changes += [
            FieldChange(name, one, other) for one, other in zip_longest(gone, new.elements(), fillvalue="")
        ]
    return changes


def classification_changes(
    name: str, before: Iterable[Classification], after: Iterable[Classification]
) -> list[FieldChange]:
    return keyed_changes(
        name, ((one.code, one.name) for one in before), ((one.code, one.name) for one in after)
    )


def note_changes(before: Sequence[Note], after: Sequence[Note]) -> list[FieldChange]:
    """Notes that say the like under the same kind are one that was reworded; the field is the kind.
    What they stand under is not compared."""
    changes = []
    kinds = dict.fromkeys(one.kind for one in (*after, *before))
    for kind in kinds:
        ahead, behind = (Counter(one.text for one in notes if one.kind == kind) for notes in (before, after))
        gone, new = list((ahead - behind).elements()), list((behind - ahead).elements())
        scored = [
            (like, at, to)
            for at, one in enumerate(gone)
            for to, other in enumerate(new)
            if (like := likeness(one, other)) >= LIKE_ENOUGH
        ]
        of_new = {to: gone[at] for at, to in greedy_pairs(scored)}
        changes += [FieldChange(kind, of_new.get(to, ""), text) for to, text in enumerate(new)]
        kept = Counter(of_new.values())
        changes += [FieldChange(kind, text, "") for text in (Counter(gone) - kept).elements()]
    return changes


def requirement_changes(
    before: Sequence[Requirement], after: Sequence[Requirement], renamed: Mapping[str, str]
) -> tuple[RequirementChange, ...]:
    """What is required otherwise: in the order of what is required after, then what is required no more."""
    if before == after and not any(one.concept in renamed for one in before):
        return ()
    found: dict[tuple[ConceptKind, str], tuple[list[Requirement], list[Requirement]]] = defaultdict(
        lambda: ([], [])
    )
    for one in after:
        found[one.kind, one.concept][1].append(one)
    for one in before:
        found[one.kind, renamed.get(one.concept, one.concept)][0].append(one)
    changes = []
    for (kind, concept), (ahead, behind) in found.items():
        for one, other in zip_longest(ahead, behind):
            if one is None or other is None or _said(one) != _said(other):
                changes.append(RequirementChange(kind, concept, one, other))
    return tuple(changes)


def _said(one: Requirement) -> tuple[object, ...]:
    """What a requirement says besides the concept."""
    return (
        one.relation,
        one.importance,
        one.level,
        one.suppressed,
        one.level_suppressed,
        one.not_relevant,
    )
