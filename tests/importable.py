"""Documents to import: a sample of the project printed as PDF, whole or with an activity without
indicators."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pdf_suite import print_by_canvas

from ontology.readers import read_standard

__all__ = ["CODE", "printed"]

CODE = "BAS3341-902v1"
_SAMPLE = Path(__file__).resolve().parent.parent / "data" / "standards" / f"sample-{CODE}.txt"


def printed(*, broken: bool = False) -> bytes:
    """The sample as PDF; ``broken`` has another code, and leaves out the indicators of its first activity."""
    standard = read_standard(_SAMPLE)
    if broken:
        first, *others = standard.tasks
        activity, *following = first.activities
        mended = replace(first, activities=(replace(activity, indicators=()), *following))
        standard = replace(
            standard, code="BAS3341-909", name="缺指標的範例", tasks=(mended, *others), history=()
        )
    return print_by_canvas(standard, 3, per_activity=bool(standard.tasks[0].activities[0].knowledge))
