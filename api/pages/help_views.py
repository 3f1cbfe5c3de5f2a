"""What is loaded, as the help of the pages takes its examples from it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ExampleNode", "Examples"]


@dataclass(frozen=True, slots=True)
class ExampleNode:
    """A standard or a part of one: what people type for it, and what it is called."""

    name: str
    iri: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Examples:
    """``pair`` are two to compare, ``several`` two or more, ``elements`` some parts of ``standard``;
    ``versions`` the codes of two versions of one, the older first. Each is empty where nothing loaded is
    such."""

    standard: ExampleNode | None = None
    pair: tuple[ExampleNode, ...] = ()
    several: tuple[ExampleNode, ...] = ()
    elements: tuple[ExampleNode, ...] = ()
    versions: tuple[str, ...] = ()
