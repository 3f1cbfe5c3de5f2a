"""Writer of CASE 1.1 packages: one, or a list of them where there are several standards.

``to_case_1_0`` leaves out what came with 1.1, the ``extensions`` above all; ``losses`` tells what that is.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from ontology.case_form import STATUSES
from ontology.writers.case_details import ASSOCIATION, DOCUMENT, ITEM, PACKAGE, is_date_time, native_details
from ontology.writers.writer import Loss, Writer, losses_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = ["CASE", "case_document", "case_package", "to_case_1_0"]

_REASON = "stands in extensions: it comes back from CASE 1.1, and a reader of CASE 1.0 does not see it"
_PATHS = (
    "code",
    "occupational_category",
    "category[].code",
    "occupation[].code",
    "industry[].code",
    "history",
    "doubts",
    "source",
    "iri",
    "alternative_names",
    "hidden_names",
    "broader",
    "requirements[].kind",
    "requirements[].relation",
    "requirements[].importance",
    "requirements[].level",
    "requirements[].suppressed",
    "requirements[].not_relevant",
    "related[].relation",
    "notes[].kind",
    "tasks[].category",
    "*.place",
    "*.printed",
)
_NEW_IN_1_1 = ("extensions", "frameworkType", "caseVersion")
_TYPES_OF_1_1 = ("isTranslationOf",)


def case_package(standard: Standard, identifiers: Identifiers) -> dict[str, Any]:
    """The ``CFPackage`` of a standard (CASE 1.1). Raises ``InvalidInput`` where two elements share a code."""
    from ontology.writers.case_package import PackageWriter

    return PackageWriter(standard, identifiers).package()


def case_document(standard: Standard, identifiers: Identifiers) -> dict[str, Any]:
    """The ``CFDocument`` of a standard, without our extension of it; elements need not be loaded."""
    from ontology.writers.case_package import PackageWriter

    return PackageWriter(standard, identifiers).document()


def to_case_1_0(package: Mapping[str, Any]) -> dict[str, Any]:
    """A package as a reader of CASE 1.0 takes it; types of association that 1.0 does not have are
    ``isRelatedTo``."""
    plain = copy.deepcopy(dict(package))
    for one in (plain["CFDocument"], *plain["CFItems"], *plain["CFAssociations"]):
        for key in _NEW_IN_1_1:
            one.pop(key, None)
    for association in plain["CFAssociations"]:
        kind = association["associationType"]
        if kind in _TYPES_OF_1_1 or kind.startswith("ext:"):
            association["associationType"] = "isRelatedTo"
    return plain


def _write(standards: Sequence[Standard], identifiers: Identifiers) -> bytes:
    packages = [case_package(one, identifiers) for one in standards]
    whole = packages[0] if len(packages) == 1 else packages
    return json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"


def _losses(standards: Sequence[Standard]) -> tuple[Loss, ...]:
    from ontology.codes import resolve_printed

    found: list[Loss] = []
    for standard in standards:
        paths = set(_PATHS)
        if standard.status not in STATUSES:
            paths.add("status")
        if not is_date_time(standard.modified):
            paths.add("modified")
        for kind in ("category", "occupation", "industry"):
            codes = [one.code for one in getattr(standard, kind)]
            if all(resolve_printed(standard.framework, kind, code) for code in codes):
                paths.discard(f"{kind}[].code")
        found += losses_of([standard], dict.fromkeys(paths, _REASON))
        found += _lost_details(standard)
    return tuple(found)


def _lost_details(standard: Standard) -> Iterable[Loss]:
    """Further fields that are none of CASE itself."""
    for path, lists, fields in (
        ("details", [standard.details], {**DOCUMENT, **PACKAGE}),
        ("statements[].details", [one.details for one in standard.statements], ITEM),
        ("associations[].details", [one.details for one in standard.associations], ASSOCIATION),
    ):
        native = {**fields, "identifier": bool, "isChildOf": bool} if standard.framework == "case" else {}
        lost = 0
        for details in lists:
            _, order = native_details(dict(details), native)
            lost += sum(1 for entry in order if len(entry) > 1)
        if lost:
            yield Loss(standard.code, path, _REASON, lost)


CASE = Writer("case", "CASE 1.1", "application/json", ".json", _write, _losses)
