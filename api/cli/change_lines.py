"""What changed, as lines for a terminal: [-removed-] and {+added+}, in colour where there is colour."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from ontology.changes import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ontology.changes import (
        ElementChange,
        FieldChange,
        ItemChange,
        LinkChange,
        ReleaseChanges,
        RequirementChange,
        Run,
        VersionChanges,
    )
    from ontology.model import Requirement

__all__ = ["release_lines", "version_lines"]

_TEXT = 400


def version_lines(changes: VersionChanges, limit: int) -> list[str]:
    """A summary, then what changed: profile, elements by kind, links, requirements. At most ``limit`` entries
    of a list, 0 for all; the rest is counted."""
    before, after = changes.before, changes.after
    lines = [f"{before.code} {before.name} → {after.code} {after.name}"]
    if changes.is_equal:
        return [*lines, "Nothing changed."]
    if changes.template_changed:
        for what, one, other in (
            ("K and S", before.holder, after.holder),
            ("Levels", before.level_holder, after.level_holder),
        ):
            if one and other and one is not other:
                lines.append(f"{what} stand at each {one} before and at each {other} after.")
    lines += _table(changes)
    lines += _section("profile", [_field(one) for one in changes.fields], limit)
    for kind in changes.counts():
        own = [_element(one) for one in changes.changed if one.kind is kind]
        lines += _section(kind.value, own, limit)
    lines += _section("links", [_link(one) for one in changes.links], limit)
    lines += _section("requirements", [_requirement(one, {}) for one in changes.requirements], limit)
    return lines


def release_lines(changes: ReleaseChanges, limit: int) -> list[str]:
    """A summary, then the items by sort and change, each with what changed in it."""
    before, after = changes.before, changes.after
    lines = [f"{before.title} {before.version} → {after.title} {after.version}".replace("  ", " ")]
    counts = changes.counts()
    for sort in dict.fromkeys((*changes.sizes_after, *changes.sizes_before)):
        told = ", ".join(f"{name} {count:,}" for name, count in counts.get(sort, Counter()).most_common())
        sizes = f"{changes.sizes_before.get(sort, 0):,} → {changes.sizes_after.get(sort, 0):,}"
        lines.append(f"  {sort:<12} {sizes:<18} {told or 'nothing changed'}")
    for sort in counts:
        own = [one for one in changes.items if one.sort == sort]
        entries = [_item(one, changes.names, limit) for one in own]
        lines += _section(sort, entries, limit)
    return lines


def _section(title: str, entries: Sequence[str], limit: int) -> list[str]:
    if not entries:
        return []
    shown = entries[: limit or None]
    lines = ["", f"{click.style(title, bold=True)} ({len(entries):,})", *shown]
    if rest := len(entries) - len(shown):
        lines.append(f"  … and {rest:,} more; --limit 0 shows all")
    return lines


def _table(changes: VersionChanges) -> list[str]:
    """The counts of each kind, without the columns in which there is nothing."""
    counts = changes.counts()
    columns = [
        name
        for name in ("before", "after", "unchanged", *(one.value for one in Change))
        if any(row[name] for row in counts.values())
    ]
    lines = [" ".join(["kind      ", *(f"{name:>{max(len(name), 5)}}" for name in columns)])]
    for kind, row in counts.items():
        lines.append(
            " ".join([f"{kind.value:<10}", *(f"{row[name]:>{max(len(name), 5)}}" for name in columns)])
        )
    return lines


def _marked(runs: Iterable[Run]) -> str:
    marks = {"equal": ("", "", None), "removed": ("[-", "-]", "red"), "added": ("{+", "+}", "green")}
    parts = []
    for run in runs:
        opening, closing, colour = marks[run.kind]
        text = f"{opening}{run.text}{closing}"
        parts.append(click.style(text, fg=colour) if colour else text)
    return "".join(parts).replace("\n", "\n      ")


def _gone(text: str) -> str:
    return click.style(f"- {_short(text)}", fg="red")


def _new(text: str) -> str:
    return click.style(f"+ {_short(text)}", fg="green")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _TEXT else f"{text[:_TEXT]}…"


def _field(change: FieldChange, names: Mapping[str, str] | None = None) -> str:
    names = names or {}
    if not change.before:
        return f"  {change.field}: {_new(names.get(change.after, change.after))}"
    if not change.after:
        return f"  {change.field}: {_gone(names.get(change.before, change.before))}"
    return f"  {change.field}: {_marked(change.runs)}"


def _element(change: ElementChange) -> str:
    before, after = change.before, change.after
    if before is None or after is None:
        one = after or before
        assert one is not None
        text = f"{one.code} {one.text}"
        return f"  {_new(text) if after else _gone(text)}"
    codes = after.code if before.code == after.code else f"{before.code} → {after.code}"
    told = []
    for name in change.changes:
        if name is Change.LEVEL:
            told.append(f"level {_levels(change.levels_before)} → {_levels(change.levels_after)}")
        elif name is Change.MOVED:
            told.append(f"moved from {_above(before.path)} to {_above(after.path)}")
        else:
            told.append(name.value)
    lines = [f"  {codes} ({', '.join(told)}) {_marked(change.runs)}"]
    lines += [f"    {_field(one)}" for one in change.fields]
    return "\n".join(lines)


def _levels(levels: Sequence[int]) -> str:
    return "/".join(map(str, levels)) or "none"


def _above(path: Sequence[str]) -> str:
    return path[-1] if path else "the top"


def _link(change: LinkChange) -> str:
    holder = change.holder_before
    if change.holder_before != change.holder_after:
        holder = f"{change.holder_before} → {change.holder_after}"
    code = change.before if change.before == change.after else f"{change.before} → {change.after}"
    return f"  {holder}: {_new(code) if change.change is Change.ADDED else _gone(code)}"


def _requirement(change: RequirementChange, names: Mapping[str, str]) -> str:
    name = names.get(change.concept, change.concept)
    if change.before is None:
        return f"  {_new(f'{name} ({_said(change.after)})')}"
    if change.after is None:
        return f"  {_gone(f'{name} ({_said(change.before)})')}"
    return f"  {name}: {_said(change.before)} → {_said(change.after)}"


def _said(one: Requirement | None) -> str:
    if one is None:
        return ""
    parts = [one.relation]
    if one.importance is not None:
        parts.append(f"importance {one.importance:g}")
    if one.level is not None:
        parts.append(f"level {one.level:g}")
    flags = ((one.suppressed, "suppressed"), (one.level_suppressed, "level suppressed"))
    parts += [word for flag, word in (*flags, (one.not_relevant, "not relevant")) if flag]
    return ", ".join(filter(None, parts)) or "required"


def _item(item: ItemChange, names: Mapping[str, str], limit: int) -> str:
    text = f"{item.code} {item.name}".strip()
    if not item.before:
        return f"  {_new(text)}"
    if not item.after:
        return f"  {_gone(text)}"
    details = [f"    {_field(one, names)}" for one in item.fields]
    details += [f"    {_element(one)}" for one in item.elements]
    details += [f"    {_link(one)}" for one in item.links]
    details += [f"    {_requirement(one, names)}" for one in item.requirements]
    lines = [f"  {text}"]
    if item.before != item.after:
        lines.append(f"      identifier: {item.before} → {item.after}")
    lines += details[: limit or None]
    if limit and len(details) > limit:
        lines.append(f"      … and {len(details) - limit:,} more")
    return "\n".join(lines)
