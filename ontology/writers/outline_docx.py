"""A course outline as a Word document: tables that people read, and the outline itself in a part of its own.

The part is custom XML (ECMA-376 part 1, 15.2.5), which Word keeps when it saves; it
carries the JSON form.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ontology.outline import outline_to_json
from ontology.outline_words import outline_word, shown_hours
from ontology.writers.word import add_table, new_document, plain, saved

if TYPE_CHECKING:
    from docx.document import Document

    from ontology.outline import Outline, OutlineCompetency

__all__ = ["NAMESPACE", "competency_cells", "outline_docx", "unit_cells"]

NAMESPACE = "https://w3id.org/competency-graph/outline"
"""Of the element that carries the JSON form."""

_ITEM = "{7c2d3f0e-5a8b-4c1d-9e6f-2b4a6c8d0e1f}"
_STORE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_PROPERTIES = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"


def outline_docx(outline: Outline) -> bytes:
    """The document, with headings in the outline's language."""

    def word(key: str, **values: object) -> str:
        return outline_word(outline.language, key, **values)

    document = new_document(outline.title, outline.language)
    if outline.standards:
        joint = "、" if outline.language.lower().startswith("zh") else ", "
        document.add_paragraph(plain(f"{word('standards')}: {joint.join(outline.standards)}"))
    add_table(
        document,
        [word("number"), word("unit"), word("hours"), word("note")],
        [unit_cells(outline, number) for number in range(len(outline.units))],
        [2, 6, 2, 7],
    )
    for number, unit in enumerate(outline.units, 1):
        document.add_heading(plain(f"{number}  {unit.title}"), 1)
        if not unit.competencies:
            document.add_paragraph(word("none"))
        add_table(
            document,
            [word("unit_number", number=number), word("kind"), word("text"), word("standard"), word("level")],
            [competency_cells(one, outline.language) for one in unit.competencies],
            [2.3, 2.2, 7.8, 3.2, 1.5],
        )
    document.add_paragraph()
    document.add_paragraph(word("edit_hint")).runs[0].italic = True
    _carry(document, outline)
    return saved(document)


def unit_cells(outline: Outline, number: int) -> list[str]:
    """A unit as a row of the first table; ``number`` counts from 0."""
    unit = outline.units[number]
    return [str(number + 1), unit.title, shown_hours(unit.hours), unit.note]


def competency_cells(one: OutlineCompetency, language: str) -> list[str]:
    """A competency as a row of the table of its unit."""
    level = "" if one.level is None else str(one.level)
    return [one.code, outline_word(language, f"kind_{one.kind}"), one.text, one.standard, level]


def _carry(document: Document, outline: Outline) -> None:
    from docx.opc.part import Part

    package = document.part.package
    # in ASCII with escapes: XML would change line ends, and takes no control characters
    text = json.dumps(outline_to_json(outline)).replace("&", "\\u0026").replace("<", "\\u003c")
    item = f'<?xml version="1.0" encoding="UTF-8"?><outline xmlns="{NAMESPACE}">{text}</outline>'
    properties = (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
        f'<ds:datastoreItem ds:itemID="{_ITEM.upper()}" xmlns:ds="{_STORE}"><ds:schemaRefs>'
        f'<ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
    )
    part = Part(package.next_partname("/customXml/item%d.xml"), "application/xml", item.encode(), package)
    described = Part(
        package.next_partname("/customXml/itemProps%d.xml"), _PROPERTIES, properties.encode(), package
    )
    part.relate_to(described, f"{_RELATION}Props")
    document.part.relate_to(part, _RELATION)
