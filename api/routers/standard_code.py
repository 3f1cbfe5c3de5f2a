"""The part of an address that names a standard, the same for every route that has it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

__all__ = ["StandardCode"]

StandardCode = Annotated[
    str,
    Path(
        description="a code, with its version or without (then the latest)",
        openapi_examples={"the bundled standard": {"value": "BGM1219-002v2"}},
    ),
]
