"""What was made lately, kept for who asks for it again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Recent"]

K = TypeVar("K")
T = TypeVar("T")


class Recent(Generic[K, T]):
    """The ``most`` things that were asked for last, by key. Safe to use from several threads, which may make
    the same thing at the same time; what making it raises is not kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[K, T] = OrderedDict()

    def get(self, key: K, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        made = make()
        self.keep({key: made})
        return made

    def known(self, keys: Iterable[K]) -> dict[K, T]:
        """Those of these that are kept."""
        with self._lock:
            found = {key: self._known[key] for key in keys if key in self._known}
            for key in found:
                self._known.move_to_end(key)
        return found

    def keep(self, made: Mapping[K, T]) -> None:
        """Keeps these, by key."""
        with self._lock:
            self._known.update(made)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
