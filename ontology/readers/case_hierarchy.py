"""The order in which the items of a CASE framework are read: as a tree, by the associations ``isChildOf``."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Link", "in_tree_order"]


@dataclass(frozen=True, slots=True)
class Link:
    """An ``isChildOf``: ``parent`` is a code, or empty for the document; ``path`` where it stands."""

    child: str
    parent: str
    sequence: int | None
    path: str


def in_tree_order(codes: Sequence[str], links: Sequence[Link], file: str) -> tuple[str, ...]:
    """The codes, each once: what stands at the top, with all below it, siblings by their sequence number.

    Siblings without a number come after those with one, in the order of ``codes``. Raises ``DocumentError``
    where items stand under themselves.
    """
    _refuse_circles(codes, links, file)
    place = {code: number for number, code in enumerate(codes)}
    below: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        below[link.parent].append(link)
    held = {link.child for link in links}
    below[""] += [Link(code, "", None, "") for code in codes if code not in held]
    found: dict[str, None] = {}
    pending = [""]
    while pending:
        code = pending.pop()
        if code in found:
            continue
        if code:
            found[code] = None
        children = sorted(
            below[code], key=lambda one: (one.sequence is None, one.sequence or 0, place[one.child])
        )
        pending += [one.child for one in reversed(children)]
    return tuple(found)


def _refuse_circles(codes: Sequence[str], links: Sequence[Link], file: str) -> None:
    parents: dict[str, dict[str, Link]] = defaultdict(dict)
    for link in links:
        if link.parent:
            parents[link.child].setdefault(link.parent, link)
    waiting = Counter(parent for found in parents.values() for parent in found)
    free = [code for code in codes if not waiting[code]]
    left = set(codes)
    while free:
        code = free.pop()
        left.discard(code)
        for parent in parents[code]:
            waiting[parent] -= 1
            if not waiting[parent]:
                free.append(parent)
    if left:
        raise _circle({code: parents[code] for code in codes if code in left}, file)


def _circle(parents: Mapping[str, Mapping[str, Link]], file: str) -> DocumentError:
    """Every code left has a child that is left; going down from any of them comes to a circle."""
    below = {parent: link for found in parents.values() for parent, link in found.items()}
    code = next(iter(parents))
    steps: dict[str, Link] = {}
    while code not in steps:
        steps[code] = below[code]
        code = below[code].child
    circle = list(steps)[list(steps).index(code) :]
    shown = " under ".join([circle[0], *reversed(circle)][:6])
    return DocumentError(
        f"items stand under themselves: {shown}",
        file=file,
        field=steps[code].path,
        expected="isChildOf without a circle",
    )
