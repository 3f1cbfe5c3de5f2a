"""How much of a job description is taken: bounds that hold for every way in."""

from __future__ import annotations

from ontology.errors import EmptyText, TextTooLong

__all__ = ["MOST_CHARACTERS", "MOST_SEGMENTS", "check_count", "check_description"]

MOST_CHARACTERS = 50_000
MOST_SEGMENTS = 1_000


def check_description(text: str) -> None:
    """Raises ``EmptyText`` for a text without letters, ``TextTooLong`` for more than ``MOST_CHARACTERS``."""
    if len(text) > MOST_CHARACTERS:
        raise TextTooLong(
            f"the job description has {len(text):,} characters, and at most {MOST_CHARACTERS:,} are read; "
            "send one job description at a time, without what surrounds it",
            count=len(text),
            most=MOST_CHARACTERS,
        )
    if not text.strip():
        raise EmptyText("the job description is empty; send its text")
    if not any(character.isalpha() for character in text):
        raise EmptyText("the job description has no letters; send its text")


def check_count(count: int) -> None:
    """Raises ``TextTooLong`` where a text falls into more than ``MOST_SEGMENTS`` lines, list items and
    sentences, of which ``count`` were found before the reading was given up."""
    if count > MOST_SEGMENTS:
        raise TextTooLong(
            f"the job description has more than {MOST_SEGMENTS:,} lines and sentences, as many as are read "
            f"({count:,} were found at least); send one job description at a time",
            count=count,
            most=MOST_SEGMENTS,
        )
