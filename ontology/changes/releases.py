"""What changed from one release of a framework to another, item by item, by its own identifiers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from ontology.changes.fields import (
    classification_changes,
    keyed_changes,
    reference_changes,
    requirement_changes,
    text_change,
    value_changes,
)
from ontology.changes.model import ItemChange, ItemKind, ReleaseChanges
from ontology.changes.versions import compare_versions
from ontology.dataset import CatalogueEntry, Concept, ConceptScheme, Mapping, UnlistedStandard
from ontology.errors import InvalidInput
from ontology.identifiers import concept_reference, standard_reference
from ontology.model import Requirement, Standard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Mapping as Lookup

    from ontology.changes.model import FieldChange
    from ontology.dataset import Dataset

    Progress = Callable[[str, int, int], None]
    Listed = Standard | Concept | ConceptScheme | CatalogueEntry | Mapping

__all__ = ["compare_releases"]

_KINDS = {
    Standard: ItemKind.STANDARD,
    Concept: ItemKind.CONCEPT,
    ConceptScheme: ItemKind.SCHEME,
    CatalogueEntry: ItemKind.ENTRY,
    Mapping: ItemKind.MAPPING,
}

_SCHEME_TEXTS = ("title", "description", "language", "status")
_CONCEPT_TEXTS = (
    *("kind", "code", "name", "description", "definition", "scope"),
    *("status", "reuse_level", "category", "language"),
)


def compare_releases(before: Dataset, after: Dataset, progress: Progress | None = None) -> ReleaseChanges:
    """Reads both releases and compares them.

    An item is the same where its IRI is, or without one its scheme or framework and its code. One that has
    another identifier and the same sort, code and name (or, failing that, sort and name) as a single one of
    the other release is taken for the same with its ``identifier`` changed, and references to it do not count
    as changed. Raises ``InvalidInput`` for releases of two kinds, and what the readers raise.
    """
    if type(before) is not type(after) or before.info.framework != after.info.framework:
        raise InvalidInput(
            f"{before.info.source} is {before.info.title} and {after.info.source} is {after.info.title}; "
            "give two releases of the same"
        )
    ahead, behind = _read(before, progress), _read(after, progress)
    renamed = _renamed(ahead, behind)
    old_keys = {new: old for old, new in renamed.items()}
    changes = []
    for key, item in behind.items():
        old_key = old_keys.get(key, key)
        if (old := ahead.get(old_key)) is None:
            changes.append(_change(item, "", key))
        elif (change := _compared(old, item, old_key, key, renamed)).changes:
            changes.append(change)
    changes += [_change(item, key, "") for key, item in ahead.items() if renamed.get(key, key) not in behind]
    return ReleaseChanges(
        before=before.info,
        after=after.info,
        items=tuple(changes),
        sizes_before=Counter(map(_sort, ahead.values())),
        sizes_after=Counter(map(_sort, behind.values())),
        names={key: _name(item) for release in (ahead, behind) for key, item in release.items()},
    )


def _read(release: Dataset, progress: Progress | None) -> dict[str, Listed]:
    """The items by their identifiers; of a doubled one the later has its number of repetition behind it."""
    found: dict[str, Listed] = {}
    for item in release.items(progress):
        if isinstance(item, UnlistedStandard):
            continue
        key = base = _identifier(item)
        number = 1
        while key in found:
            number += 1
            key = f"{base} ({number})"
        found[key] = item
    return found


def _identifier(item: Listed) -> str:
    if isinstance(item, Mapping):
        return f"{item.subject} {item.predicate} {item.object}"
    if isinstance(item, CatalogueEntry):
        return standard_reference(item.framework, item.code or item.printed or str(item.number))
    if item.iri:
        return item.iri
    if isinstance(item, Standard):
        return standard_reference(item.framework, item.code)
    return concept_reference(item.scheme, item.code) if isinstance(item, Concept) else item.code


def _renamed(ahead: Lookup[str, Listed], behind: Lookup[str, Listed]) -> dict[str, str]:
    """The identifiers of the release before that are others after."""
    gone = [key for key in ahead if key not in behind]
    new = [key for key in behind if key not in ahead]
    renamed: dict[str, str] = {}
    for told_by in (_told_by_code, _told_by_name):
        taken = set(renamed.values())
        candidates = _single(behind, (key for key in new if key not in taken), told_by)
        for told, key in _single(ahead, (key for key in gone if key not in renamed), told_by).items():
            if told in candidates:
                renamed[key] = candidates[told]
    return renamed


def _single(
    release: Lookup[str, Listed], keys: Iterable[str], told_by: Callable[[Listed], tuple[str, ...]]
) -> dict[tuple[str, ...], str]:
    """The keys by what tells their items, where it tells one alone."""
    found: dict[tuple[str, ...], list[str]] = {}
    for key in keys:
        if all(told := told_by(release[key])):
            found.setdefault(told, []).append(key)
    return {told: same[0] for told, same in found.items() if len(same) == 1}


def _told_by_code(item: Listed) -> tuple[str, ...]:
    return (*_told_by_name(item), _code(item))


def _told_by_name(item: Listed) -> tuple[str, ...]:
    return (_sort(item), _name(item).casefold())


def _compared(old: Listed, new: Listed, key: str, new_key: str, renamed: Lookup[str, str]) -> ItemChange:
    if isinstance(old, Standard) and isinstance(new, Standard):
        changes = compare_versions(old, new, same_codes=True, renamed=renamed)
        return replace(
            _change(new, key, new_key),
            fields=(*text_change("code", old.code, new.code), *changes.fields),
            elements=changes.changed,
            links=changes.links,
            requirements=changes.requirements,
        )
    if isinstance(old, Concept) and isinstance(new, Concept):
        return replace(
            _change(new, key, new_key),
            fields=tuple(_concept_fields(old, new, renamed)),
            requirements=requirement_changes(_required(old), _required(new), renamed),
        )
    return replace(_change(new, key, new_key), fields=tuple(_other_fields(old, new, renamed)))


def _concept_fields(old: Concept, new: Concept, renamed: Lookup[str, str]) -> Iterator[FieldChange]:
    for name in _CONCEPT_TEXTS:
        yield from text_change(name, getattr(old, name), getattr(new, name))
    for name in ("alternative_names", "hidden_names", "tags"):
        yield from value_changes(name, getattr(old, name), getattr(new, name))
    for name in ("broader", "schemes"):
        yield from reference_changes(name, getattr(old, name), getattr(new, name), renamed)
    yield from keyed_changes("details", old.details, new.details)


def _required(concept: Concept) -> list[Requirement]:
    """What a concept takes, as occupations state it."""
    return [
        Requirement(kind, reference, relation)
        for relation, entries in (("essential", concept.essential), ("optional", concept.optional))
        for kind, reference in entries
    ]


def _other_fields(old: Listed, new: Listed, renamed: Lookup[str, str]) -> Iterator[FieldChange]:
    if isinstance(old, ConceptScheme) and isinstance(new, ConceptScheme):
        for name in _SCHEME_TEXTS:
            yield from text_change(name, getattr(old, name), getattr(new, name))
        yield from reference_changes("top_concepts", old.top_concepts, new.top_concepts, renamed)
        yield from keyed_changes("details", old.details, new.details)
    elif isinstance(old, CatalogueEntry) and isinstance(new, CatalogueEntry):
        for name in ("name", "level"):
            yield from text_change(name, getattr(old, name), getattr(new, name))
        for name in ("category", "occupation", "industry"):
            yield from classification_changes(name, getattr(old, name), getattr(new, name))
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in ("justification", "confidence", "is_negated"):
            yield from text_change(name, getattr(old, name), getattr(new, name))
        yield from keyed_changes("details", old.details, new.details)


def _change(item: Listed, before: str, after: str) -> ItemChange:
    return ItemChange(_KINDS[type(item)], _sort(item), before, after, _code(item), _name(item))


def _sort(item: Listed) -> str:
    return item.kind.value if isinstance(item, Concept) else _KINDS[type(item)].value


def _code(item: Listed) -> str:
    return "" if isinstance(item, Mapping) else item.code


def _name(item: Listed) -> str:
    if isinstance(item, Mapping):
        ends = (item.subject_label or item.subject, item.object_label or item.object)
        return f" {item.predicate} ".join(ends)
    return item.title if isinstance(item, ConceptScheme) else item.name
