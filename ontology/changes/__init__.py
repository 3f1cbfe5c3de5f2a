"""What changed: between two versions of a standard, and between two releases of a framework."""

from ontology.changes.model import (
    Change,
    ElementChange,
    FieldChange,
    ItemChange,
    ItemKind,
    LinkChange,
    ReleaseChanges,
    RequirementChange,
    StandardLabel,
    VersionChanges,
)
from ontology.changes.releases import compare_releases
from ontology.changes.versions import compare_versions
from ontology.changes.wording import Run, changed_words, likeness

__all__ = [
    "Change",
    "ElementChange",
    "FieldChange",
    "ItemChange",
    "ItemKind",
    "LinkChange",
    "ReleaseChanges",
    "RequirementChange",
    "Run",
    "StandardLabel",
    "VersionChanges",
    "changed_words",
    "compare_releases",
    "compare_versions",
    "likeness",
]
