"""Course outlines out of files: JSON, and the workbooks and Word documents that were exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.outline import outline_from_json
from ontology.readers.archive import has_member
from ontology.readers.json_document import load_json
from ontology.readers.limits import DEFAULT_LIMITS
from ontology.readers.outline_docx import read_outline_docx
from ontology.readers.outline_xlsx import read_outline_xlsx

if TYPE_CHECKING:
    from ontology.outline import Outline
    from ontology.readers.limits import Limits

__all__ = ["ReadOutline", "read_outline"]


@dataclass(frozen=True, slots=True)
class ReadOutline:
    """An outline, and what is to be said about its reading: sentences in English and zh-Hant."""

    outline: Outline
    notes: tuple[tuple[str, str], ...] = ()


def read_outline(data: bytes, file: str, limits: Limits = DEFAULT_LIMITS) -> ReadOutline:
    """The outline in a file; its form is told by its content. ``file`` is what messages call it.

    Raises ``DocumentError`` with the place and the field of what is wrong.
    """
    if len(data) > limits.bytes:
        raise DocumentError(f"the file has {len(data)} bytes", file=file, expected=f"at most {limits.bytes}")
    if not data.strip():
        raise DocumentError("the file is empty", file=file, expected="a course outline as JSON, XLSX or DOCX")
    if has_member(data, "word/document.xml"):
        return ReadOutline(*read_outline_docx(data, file, limits))
    if data.startswith(b"PK"):
        if not has_member(data, "xl/workbook.xml"):
            raise DocumentError(
                "the zip is neither a whole workbook nor a whole Word document",
                file=file,
                expected="a course outline as JSON, XLSX or DOCX",
            )
        return ReadOutline(read_outline_xlsx(data, file, limits))
    return ReadOutline(outline_from_json(load_json(data, file), file))
