"""The page that shows what changed from one version of a standard to another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request

from api.changes import changes_since, version_pairs
from api.pages import Alternate
from api.pages.change_views import (
    ChangeGroup,
    ChangeRow,
    ChangesView,
    CodeLink,
    FieldRow,
    KindRow,
    RequirementRow,
    VersionLink,
)
from api.pages.messages import catalogue, translate
from ontology.changes import Change, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.responses import Response

    from api.changes import LoadedChanges
    from api.pages import Page, Renderer
    from api.services import Services
    from graph import StandardSummary
    from ontology.changes import ElementChange, FieldChange, LinkChange, RequirementChange
    from ontology.identifiers import Identifiers
    from ontology.model import Kind, Requirement

__all__ = ["change_links", "make_router"]

_SHOWN = 300


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/standards/{key}/changes")
    def changes(request: Request, key: str, since: str = "") -> Response:
        found = changes_since(services, key, since.strip() or None)
        address = f"/api/v1/standards/{quote(found.after.code, safe='')}/changes"
        data = f"{address}?{urlencode({'since': found.before.iri})}"
        page = renderer.page(request, "browse", (Alternate("application/json", "JSON", data),))
        others = change_links(services.standards(), page, found.after)
        view = _Shown(page, services.identifiers, found).view(data, others)
        return renderer.render("changes.html", page, view)

    return router


def change_links(
    standards: Sequence[StandardSummary], page: Page, standard: StandardSummary
) -> tuple[VersionLink, ...]:
    """The pages that compare a standard with each other version of it that is loaded."""
    links = []
    for pair in version_pairs(standards, standard):
        other = pair.before if pair.after.iri == standard.iri else pair.after
        address = f"/standards/{quote(pair.after.code, safe='')}/changes"
        href = page.url(address, since=pair.before.code)
        links.append(VersionLink(other.code, other.name, other.language, href))
    return tuple(links)


class _Shown:
    """Makes the view of two versions in the language of a page."""

    def __init__(self, page: Page, identifiers: Identifiers, found: LoadedChanges) -> None:
        self._page = page
        self._identifiers = identifiers
        self._found = found
        self._translate = partial(translate, page.language)

    def view(self, data: str, others: tuple[VersionLink, ...]) -> ChangesView:
        found = self._found
        changes = found.changes
        counts = changes.counts()
        columns = tuple(
            name
            for name in ("before", "after", "unchanged", *(one.value for one in Change))
            if any(row[name] for row in counts.values())
        )
        groups = []
        for kind in counts:
            changed = [one for one in changes.changed if one.kind is kind]
            rows = tuple(self._row(one) for one in changed[:_SHOWN])
            groups.append(ChangeGroup(kind.value, rows, len(changed)))
        return ChangesView(
            before=self._version(found.before),
            after=self._version(found.after),
            language=found.after.language,
            data=data,
            others=tuple(one for one in others if one.code != found.before.code),
            notes=tuple(self._template_notes()),
            columns=columns,
            kinds=tuple(
                KindRow(kind.value, tuple(row[name] for name in columns)) for kind, row in counts.items()
            ),
            fields=self._fields(changes.fields),
            groups=tuple(group for group in groups if group.total),
            links=tuple(self._link(one) for one in changes.links),
            requirements=tuple(self._requirement(one) for one in changes.requirements),
            is_equal=changes.is_equal,
        )

    def _version(self, standard: StandardSummary) -> VersionLink:
        href = self._page.local(standard.iri)
        return VersionLink(standard.code, standard.name, standard.language, href)

    def _template_notes(self) -> Iterable[str]:
        t = self._translate
        before, after = self._found.changes.before, self._found.changes.after
        if before.holder and after.holder and before.holder is not after.holder:
            kinds = self._kind(before.holder), self._kind(after.holder)
            yield t("changes_holder", before=kinds[0], after=kinds[1])
        if before.level_holder and after.level_holder and before.level_holder is not after.level_holder:
            kinds = self._kind(before.level_holder), self._kind(after.level_holder)
            yield t("changes_level_holder", before=kinds[0], after=kinds[1])

    def _kind(self, kind: Kind) -> str:
        return self._translate("kind_" + kind.value)

    def _code(self, standard: StandardSummary, code: str) -> CodeLink:
        return CodeLink(code, self._page.local(self._identifiers.element(standard.iri, code)))

    def _codes(self, before: str, after: str) -> tuple[CodeLink, ...]:
        """The code in the version after; before it that of the version before, where it is another."""
        old, new = self._code(self._found.before, before), self._code(self._found.after, after)
        return (new,) if before == after else (old, new)

    def _row(self, change: ElementChange) -> ChangeRow:
        before, after = change.before, change.after
        badges = tuple(one.value for one in change.changes)
        if before is None or after is None:
            standard, element = (self._found.after, after) if after else (self._found.before, before)
            assert element is not None
            return ChangeRow((self._code(standard, element.code),), badges, change.runs)
        t = self._translate
        notes = []
        if Change.LEVEL in change.changes:
            levels = (change.levels_before, change.levels_after)
            old, new = ("–".join(map(str, one)) or t("changes_no_level") for one in levels)
            notes.append(t("changes_level_note", before=old, after=new))
        if Change.MOVED in change.changes:
            top = t("changes_top")
            old, new = (one.path[-1] if one.path else top for one in (before, after))
            notes.append(t("changes_moved_note", before=old, after=new))
        return ChangeRow(
            self._codes(before.code, after.code),
            badges,
            change.runs,
            tuple(notes),
            self._fields(change.fields),
        )

    def _fields(self, changes: Iterable[FieldChange]) -> tuple[FieldRow, ...]:
        return tuple(FieldRow(self._label(one.field), self._field_runs(one)) for one in changes)

    def _field_runs(self, change: FieldChange) -> tuple[Run, ...]:
        """References are shown by the names of what they mean."""
        names, absolute = self._found.names, self._identifiers.absolute
        if change.field in ("broader", "schemes", "related"):
            before, after = (
                names.get(absolute(one.split(" ")[0]), one) if one else ""
                for one in (change.before, change.after)
            )
            parts = (Run("removed", before), Run("added", after))
            return tuple(run for run in parts if run.text)
        return change.runs

    def _label(self, field: str) -> str:
        key = f"changed_field_{field}"
        words = catalogue(self._page.language)
        return words.get(key, field)

    def _link(self, change: LinkChange) -> ChangeRow:
        removed = change.change is Change.REMOVED
        run = Run("removed", change.before) if removed else Run("added", change.after)
        codes = self._codes(change.holder_before, change.holder_after)
        return ChangeRow(codes, (change.change.value,), (run,))

    def _requirement(self, change: RequirementChange) -> RequirementRow:
        iri = self._identifiers.absolute(change.concept)
        return RequirementRow(
            self._found.names.get(iri) or iri.rpartition("/")[2],
            self._page.local(iri),
            self._required(change.before),
            self._required(change.after),
        )

    def _required(self, one: Requirement | None) -> str:
        if one is None:
            return ""
        t = self._translate
        parts = [self._label(f"relation_{one.relation}")] if one.relation else []
        if one.importance is not None:
            parts.append(f"{t('importance')} {one.importance:g}")
        if one.level is not None:
            parts.append(f"{t('rated_level')} {one.level:g}")
        if one.suppressed:
            parts.append(t("suppressed"))
        return t("list_joint").join(parts) or t("changes_required")
