"""XML of documents, parsed without entities, without what lies outside the document, and without a DTD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ontology.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DEEPEST", "local_name", "parse_xml", "too_deep"]

DEEPEST = 100


def parse_xml(data: bytes, file: str, part: str) -> Any:
    """The root element (``lxml``) of an XML part.

    Raises ``DocumentError`` where it is not well-formed, has a document type declaration (and so could
    define entities or point outside), or is nested too deeply.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(f"the XML cannot be read: {error}", file=file, field=part) from error
    if root.getroottree().docinfo.doctype:
        raise DocumentError(
            "the XML has a document type declaration", file=file, field=part, expected="XML without a DTD"
        )
    if any(depth > DEEPEST for depth in _depths(root)):
        raise too_deep(file, part)
    return root


def _depths(root: Any) -> Iterator[int]:
    from lxml import etree

    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        yield depth


def too_deep(file: str, part: str | None = None) -> DocumentError:
    return DocumentError(
        "the document is nested too deeply", file=file, field=part, expected=f"at most {DEEPEST} levels"
    )


def local_name(element: Any) -> str:
    """The name of an element without its namespace; empty for a comment or an entity."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
