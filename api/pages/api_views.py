"""What the page of the API is given."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ApiView", "Operation", "OperationGroup", "Parameter"]


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    description: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """``tag`` is its group; ``example`` is an address to try, of a GET whose parameters have example
    values."""

    id: str
    method: str
    path: str
    summary: str
    tag: str
    parameters: tuple[Parameter, ...]
    example: str | None


@dataclass(frozen=True, slots=True)
class OperationGroup:
    tag: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class ApiView:
    groups: tuple[OperationGroup, ...]
