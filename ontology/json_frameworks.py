"""The fields of a standard's JSON form that frameworks other than iCAP fill; each is there only where it says
something. References are as in the model (``Identifiers.absolute``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ontology.errors import DocumentError
from ontology.model import Association, ConceptKind, RelatedStandard, Requirement, Statement

if TYPE_CHECKING:
    from ontology.json_object import JsonObject, JsonValue
    from ontology.model import Standard

__all__ = ["read_frameworks", "written_frameworks"]


def written_frameworks(standard: Standard) -> dict[str, JsonValue]:
    """The fields that ``standard`` fills."""
    form: dict[str, JsonValue] = {
        "iri": standard.iri,
        "alternative_names": list(standard.alternative_names),
        "hidden_names": list(standard.hidden_names),
        "modified": standard.modified,
        "broader": list(standard.broader),
        "schemes": list(standard.schemes),
        "requirements": [_requirement(one) for one in standard.requirements],
        "related": [{"standard": one.standard, "relation": one.relation} for one in standard.related],
        "statements": [_statement(one) for one in standard.statements],
        "associations": [_association(one) for one in standard.associations],
        "details": dict(standard.details),
    }
    return _filled(form)


def _filled(form: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {key: value for key, value in form.items() if value not in ("", [], {}, None, False)}


def _requirement(one: Requirement) -> JsonValue:
    always: dict[str, JsonValue] = {"kind": one.kind.value, "concept": one.concept}
    ratings: dict[str, JsonValue] = {"importance": one.importance, "level": one.level}
    flags = _filled(
        {
            "relation": one.relation,
            "suppressed": one.suppressed,
            "level_suppressed": one.level_suppressed,
            "not_relevant": one.not_relevant,
        }
    )
    return always | {key: value for key, value in ratings.items() if value is not None} | flags


def _statement(one: Statement) -> JsonValue:
    form: dict[str, JsonValue] = {
        "parents": list(one.parents),
        "category": one.category,
        "iri": one.iri,
        "abbreviation": one.abbreviation,
        "note": one.note,
        "language": one.language,
        "details": dict(one.details),
    }
    printed: dict[str, JsonValue] = {} if one.printed is None else {"printed": one.printed}
    return {"code": one.code, "text": one.text, **printed, **_filled(form)}


def _association(one: Association) -> JsonValue:
    form: dict[str, JsonValue] = {
        "identifier": one.identifier,
        "origin_title": one.origin_title,
        "destination_title": one.destination_title,
        "details": dict(one.details),
    }
    sequence: dict[str, JsonValue] = {} if one.sequence is None else {"sequence": one.sequence}
    ends: dict[str, JsonValue] = {"kind": one.kind, "origin": one.origin, "destination": one.destination}
    return ends | sequence | _filled(form)


def read_frameworks(top: JsonObject) -> dict[str, Any]:
    """The same fields as arguments of ``Standard``. Raises ``DocumentError`` that names the field."""
    return {
        "iri": top.text("iri", ""),
        "alternative_names": top.texts("alternative_names"),
        "hidden_names": top.texts("hidden_names"),
        "modified": top.text("modified", ""),
        "broader": top.texts("broader"),
        "schemes": top.texts("schemes"),
        "requirements": top.objects("requirements", _read_requirement),
        "related": top.objects(
            "related", lambda one: RelatedStandard(one.text("standard"), one.text("relation", ""))
        ),
        "statements": top.objects("statements", _read_statement),
        "associations": top.objects("associations", _read_association),
        "details": top.pairs("details"),
    }


def _read_requirement(one: JsonObject) -> Requirement:
    kind = one.text("kind")
    if kind not in set(ConceptKind):
        raise DocumentError(
            f"found {kind!r}",
            file=one.file,
            field=f"{one.path}.kind",
            expected=f"one of {', '.join(ConceptKind)}",
        )
    return Requirement(
        ConceptKind(kind),
        one.text("concept"),
        one.text("relation", ""),
        one.decimal("importance"),
        one.decimal("level"),
        one.flag("suppressed"),
        one.flag("not_relevant"),
        one.flag("level_suppressed"),
    )


def _read_statement(one: JsonObject) -> Statement:
    return Statement(
        code=one.text("code"),
        text=one.text("text", ""),
        parents=one.texts("parents"),
        category=one.text("category", ""),
        printed=one.optional_text("printed"),
        iri=one.text("iri", ""),
        abbreviation=one.text("abbreviation", ""),
        note=one.text("note", ""),
        language=one.text("language", ""),
        details=one.pairs("details"),
    )


def _read_association(one: JsonObject) -> Association:
    return Association(
        kind=one.any_text("kind"),
        origin=one.text("origin"),
        destination=one.text("destination"),
        identifier=one.text("identifier", ""),
        origin_title=one.text("origin_title", ""),
        destination_title=one.text("destination_title", ""),
        sequence=one.number("sequence"),
        details=one.pairs("details"),
    )
