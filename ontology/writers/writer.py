"""What a writer is, and what it says of its losses; the registry in ``ontology.writers`` names them all."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Mapping as Readable

    from ontology.dataset import Concept, Mapping
    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = ["Loss", "Shared", "Writer", "filled_fields", "losses_of"]


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of a standard that a format does not carry.

    ``standard`` is its code, ``field`` a path in the model without positions
    (``tasks[].activities[].outputs``), ``reason`` a sentence for a person, ``count`` how many values are
    concerned.
    """

    standard: str
    field: str
    reason: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Shared:
    """What the standards of an export have in common: the concepts they take, by IRI, and the mappings that
    touch them."""

    concepts: Readable[str, Concept] = field(default_factory=dict)
    mappings: tuple[Mapping, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """One format. ``write`` gives the bytes of a whole file for one standard or several; ``losses`` what of
    them is not in it, an empty tuple where nothing is lost. The same standards give the same bytes.

    ``stream`` writes piece by piece, for a format that can: it takes any number of standards, one at a time
    in memory. ``write_shared`` is for a format that has a place for what standards share. ``most`` is how
    many standards one file takes, where there is no ``stream``; ``is_text`` whether it can be shown on a
    terminal.
    """

    name: str
    label: str
    media_type: str
    suffix: str
    write: Callable[[Sequence[Standard], Identifiers], bytes]
    losses: Callable[[Sequence[Standard]], tuple[Loss, ...]]
    stream: Callable[[Iterable[Standard], Identifiers], Iterator[bytes]] | None = None
    write_shared: Callable[[Sequence[Standard], Identifiers, Shared], bytes] | None = None
    most: int = 500
    is_text: bool = True


def filled_fields(standard: Standard) -> Counter[str]:
    """How many values each field holds, by its path: ``name``, ``tasks[].activities[].outputs`` …

    A list counts its members; what is empty, absent or false is left out.
    """
    counted: Counter[str] = Counter()
    _count(standard, "", counted)
    return counted


def _count(value: Any, path: str, counted: Counter[str]) -> None:
    for one in dataclasses.fields(value):
        here = f"{path}.{one.name}" if path else one.name
        held = getattr(value, one.name)
        if isinstance(held, tuple):
            if held:
                counted[here] += len(held)
            for member in held:
                if dataclasses.is_dataclass(member):
                    _count(member, f"{here}[]", counted)
        elif held not in ("", None, False):
            counted[here] += 1


def losses_of(standards: Sequence[Standard], lost: Readable[str, str]) -> tuple[Loss, ...]:
    """A loss for each field of ``lost`` that a standard fills; ``lost`` has the reasons by path, where a path
    that begins with ``*.`` means the field of every element (``*.place``) that has no reason of its own, and
    an empty reason says that the field is carried."""
    found = []
    for standard in standards:
        for path, count in sorted(filled_fields(standard).items()):
            every = f"*.{path.rpartition('.')[2]}"
            reason = lost.get(path, lost.get(every, "") if "." in path else "")
            if reason:
                found.append(Loss(standard.code, path, reason, count))
    return tuple(found)
