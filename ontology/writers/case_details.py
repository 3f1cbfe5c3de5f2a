"""Which details of a CASE framework are fields of CASE itself, and are written as such."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ontology.case_form import EXTENSION, UUID, detail_text, detail_value, is_iri

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ASSOCIATION", "DOCUMENT", "ITEM", "PACKAGE", "is_date_time", "is_node", "native_details"]

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_uri(value: object) -> bool:
    return isinstance(value, str) and is_iri(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_date(value: object) -> bool:
    return isinstance(value, str) and _DATE.fullmatch(value) is not None


def is_date_time(value: object) -> bool:
    return isinstance(value, str) and _DATE_TIME.fullmatch(value) is not None


def is_node(value: object) -> bool:
    """Whether a value is an end of an association."""
    return (
        isinstance(value, dict)
        and set(value) == {"title", "identifier", "uri"}
        and all(isinstance(one, str) for one in value.values())
        and is_iri(value["uri"])
    )


def _is_link(value: object) -> bool:
    return is_node(value) and isinstance(value, dict) and UUID.fullmatch(value["identifier"]) is not None


def _is_links(value: object) -> bool:
    return isinstance(value, list) and all(_is_link(one) for one in value)


def _is_extensions(value: object) -> bool:
    return isinstance(value, dict) and EXTENSION not in value


def _is_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _is_definitions(value: object) -> bool:
    return isinstance(value, dict) and all(_is_objects(one) for one in value.values())


_COMMON: dict[str, Callable[[object], bool]] = {
    "uri": _is_uri,
    "lastChangeDateTime": is_date_time,
    "extensions": _is_extensions,
}
DOCUMENT = {
    "uri": _is_uri,
    "extensions": _is_extensions,
    "creator": _is_text,
    "publisher": _is_text,
    "officialSourceURL": _is_uri,
    "subject": _is_texts,
    "subjectURI": _is_links,
    "statusStartDate": _is_date,
    "statusEndDate": _is_date,
    "licenseURI": _is_link,
    "frameworkType": _is_text,
    "caseVersion": _is_text,
}
ITEM = {
    **_COMMON,
    "alternativeLabel": _is_text,
    "listEnumeration": _is_text,
    "conceptKeywords": _is_texts,
    "conceptKeywordsURI": _is_link,
    "educationLevel": _is_texts,
    "CFItemTypeURI": _is_link,
    "licenseURI": _is_link,
    "statusStartDate": _is_date,
    "statusEndDate": _is_date,
    "subject": _is_texts,
    "subjectURI": _is_links,
}
ASSOCIATION = {
    **_COMMON,
    "originNodeURI": is_node,
    "destinationNodeURI": is_node,
    "CFAssociationGroupingURI": _is_link,
    "notes": _is_text,
}
PACKAGE = {"CFDefinitions": _is_definitions, "CFRubrics": _is_objects}


def native_details(
    details: Mapping[str, str], fields: Mapping[str, Callable[[object], bool]]
) -> tuple[dict[str, Any], list[list[str]]]:
    """The details that are ``fields`` of CASE, as values, and what brings all of them back in their order:
    the name alone of a field that is written, else name and text."""
    native: dict[str, Any] = {}
    order = []
    for name, text in details.items():
        value = detail_value(text)
        if name in fields and fields[name](value) and detail_text(value) == text:
            native[name] = value
            order.append([name])
        else:
            order.append([name, text])
    return native, order
