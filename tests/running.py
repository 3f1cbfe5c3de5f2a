"""A service of this program in a process of its own, for tests that need its address."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["running_service"]


@contextmanager
def running_service(
    *arguments: str, environment: Mapping[str, str], folder: Path | None = None
) -> Iterator[str]:
    """The address of ``competency serve`` with these arguments, started in ``folder`` on a free port of this
    machine; it is stopped at the end."""
    command = [sys.executable, "-m", "api", "serve", "--port", "0", *arguments]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, cwd=folder, env=dict(environment)
    ) as process:
        assert process.stderr is not None
        try:
            told = ""
            # what is not ready is told before the address
            while not (found := re.search(r"http://127\.0\.0\.1:\d+", told)):
                line = process.stderr.readline()
                assert line, told
                told += line
            # the address is told before the first request is taken
            for _ in range(100):
                with contextlib.suppress(OSError), urllib.request.urlopen(f"{found[0]}/static/mark.svg"):
                    break
                time.sleep(0.1)
            yield found[0]
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
