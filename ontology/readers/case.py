"""Reader of CASE packages, 1.0 and 1.1 (1EdTech Competencies and Academic Standards Exchange).

A ``CFPackage`` has a document, items, associations between them, definitions and rubrics. An item is a
``Statement``: ``isChildOf`` gives its parents, every other association is an ``Association``. What the model
has no field for is kept as details (``ontology.case_form``), an item's ``isChildOf`` associations among them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.json_object import JsonObject, read_object
from ontology.readers.case_own import is_own_package, read_own_package
from ontology.readers.case_package import PackageReader
from ontology.readers.json_document import json_text, load_json

if TYPE_CHECKING:
    from ontology.model import Standard

__all__ = ["read_case", "recognises_case"]

_MARK = re.compile(r'"CFDocuments?"\s*:')


def recognises_case(data: bytes) -> bool:
    """Whether the bytes are JSON that has a CASE document or a list of them."""
    return _MARK.search(json_text(data)) is not None


def read_case(data: bytes, name: str) -> tuple[Standard, ...]:
    """The framework of a package, or those of a list of packages.

    Raises ``DocumentError`` with the JSON path of what is wrong: a required field that is missing, an
    identifier that is there twice, an association that leads nowhere, items that stand under themselves. What
    is merely careless is in ``doubts``.
    """
    value = load_json(data, name)
    if not isinstance(value, list):
        return (_read(read_object(value, "", name)),)
    if not value:
        raise DocumentError("the list is empty", file=name, expected="at least one CFPackage")
    return tuple(_read(read_object(one, f"[{number}]", name)) for number, one in enumerate(value))


def _read(package: JsonObject) -> Standard:
    if "CFDocument" not in package.values:
        for key, found in (
            ("swagger", "this is an OpenAPI document, which describes a web service and holds no framework"),
            ("openapi", "this is an OpenAPI document, which describes a web service and holds no framework"),
            ("CFDocuments", "this is a list of CASE documents without their items"),
        ):
            if key in package.values:
                raise DocumentError(
                    found,
                    file=package.file,
                    field=package.at(key),
                    expected="a CFPackage, as a CASE service answers at CFPackages/{id}",
                )
    if is_own_package(package):
        return read_own_package(package)
    return PackageReader(package).read()
