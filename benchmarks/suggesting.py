"""How long a suggestion takes as somebody types, next to a plain scan of the same texts in the same run.

    python benchmarks/suggesting.py [--data-dir var]

The prefixes are the beginnings (1 to 12 characters) of texts drawn from the suggestions themselves, of
words in them, and of pairs of their words. The scan looks for the prefix in each folded text: at its
beginning, after a blank, and in scripts without spaces anywhere; it gives the shortest texts. It is
asked a sample, since each of its answers takes long.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from pathlib import Path

import numpy as np

from api.services import open_services
from api.settings import Settings
from search import SuggestIndex
from search.folding import folded, is_unspaced
from search.suggesting.files import beginnings

_LONGEST = 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", type=Path, default=Path("var"), help="folder with store and index")
    parser.add_argument("--texts", type=int, default=150, help="how many texts are typed")
    parser.add_argument("--scans", type=int, default=12, help="how many prefixes the scan is asked")
    chosen = parser.parse_args()
    with open_services(Settings(data_dir=chosen.data_dir)) as services:
        started = time.perf_counter()
        index = services.suggestions.current()
        print(f"opened in {(time.perf_counter() - started) * 1000:.1f} ms: {len(index)} different texts")
    print(f"{'ms':14}" + "".join(f"{point:>9}" for point in ("p50", "p95", "p99", "most")))
    texts = index.texts()
    typed = _typed(texts, chosen.texts)
    for prefix in typed[:200]:
        index.suggest(prefix)
    _report("suggest", _times(index, typed))
    _report("of one kind", _times(index, typed, kinds=("skill",)))
    short = [prefix for prefix in typed if len(prefix) == 1]
    _report("one character", _times(index, short))
    sample = random.Random(2).sample(typed, chosen.scans)
    own, scanned = _times(index, sample), []
    keys = [folded(text).text for text in texts]
    for prefix in sample:
        started = time.perf_counter()
        _scan(keys, folded(prefix).text)
        scanned.append((time.perf_counter() - started) * 1000)
    _report("plain scan", scanned)
    ratio = float(np.median(scanned) / np.median(own))
    print(f"the scan takes {ratio:.0f} times as long, {os.cpu_count()} cores")


def _typed(texts: list[str], count: int) -> list[str]:
    """Beginnings of texts, of their words, and of two words of one."""
    source = random.Random(1)
    typed = []
    for text in source.sample(texts, min(count, len(texts))):
        start = source.choice(beginnings(text) or [0])
        for length in range(1, _LONGEST + 1):
            typed.append(text[:length])
            typed.append(text[start : start + length])
        words = text.split()
        if len(words) > 1:
            typed.append(f"{words[-1][:4]} {words[0][:3]}")
    return [prefix for prefix in typed if prefix.strip()]


def _times(index: SuggestIndex, typed: list[str], kinds: tuple[str, ...] = ()) -> list[float]:
    return [index.suggest(prefix, kinds=kinds).took_ms for prefix in typed]


def _scan(keys: list[str], prefix: str) -> list[str]:
    inside = prefix if is_unspaced(prefix[0]) else f" {prefix}"
    found = [key for key in keys if key.startswith(prefix) or inside in key]
    return sorted(found, key=len)[:8]


def _report(name: str, times: list[float]) -> None:
    points = np.percentile(times, [50, 95, 99, 100])
    print(f"{name:14}" + "".join(f"{value:9.2f}" for value in points) + f"   {len(times)} prefixes")


if __name__ == "__main__":
    main()
