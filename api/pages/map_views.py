"""What the page of the map is given, and the picture of it for those who run no scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.map_data import Grouping, MapData
    from api.pages.views import Choice
    from search.mapping import Region

__all__ = ["COLOURS", "MapView", "RegionStandard", "RegionView", "picture"]

COLOURS = (
    "#0b6e69", "#b3541e", "#3d5ba9", "#a13d63", "#6a8a1f", "#7b4fa3",
    "#1f86b5", "#8a6a00", "#c2413a", "#3f7a4d", "#94508a", "#5f5f5f",
)  # fmt: skip
"""As ``--map-0`` and so on of ``map.css``, in light colours; the last is that of all smaller groups."""
_EDGE = 400


@dataclass(frozen=True, slots=True)
class RegionStandard:
    """A standard as an example of a region."""

    iri: str
    code: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class RegionView:
    """A region of the map: its telling words, how many standards it has, and those nearest its middle."""

    label: str
    language: str
    count: int
    standards: tuple[RegionStandard, ...]


@dataclass(frozen=True, slots=True)
class MapView:
    """``is_ready`` is false while the map is drawn for the first time. ``words`` are the names of the ways to
    colour it and of groups that only the page has words for, by key."""

    total: int
    is_ready: bool
    colours: tuple[Choice, ...] = ()
    query: str = ""
    query_limit: int = 0
    regions: tuple[RegionView, ...] = ()
    words: tuple[tuple[str, str], ...] = ()


def picture(data: MapData, grouping: Grouping | None, title: str) -> str:
    """The map as SVG, coloured by ``grouping``: a stroke of no length for each standard, with the names of
    the regions seen from afar."""
    paths: dict[int, list[str]] = {}
    for number, (x, y) in enumerate(zip(data.x, data.y, strict=True)):
        group = grouping.of_standards[number] if grouping else 0
        paths.setdefault(min(group, len(COLOURS) - 1), []).append(f"M{x + _EDGE} {y + _EDGE}h0")
    size = 10_000 + 2 * _EDGE
    width = 170 if len(data.standards) < 100 else 70
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{size}" height="{size}" fill="#ffffff"/>',
        f'<g fill="none" stroke-linecap="round" stroke-width="{width}" stroke-opacity="0.75">',
        *(
            f'<path stroke="{COLOURS[group] if group >= 0 else COLOURS[-1]}" d="{"".join(paths[group])}"/>'
            for group in sorted(paths)
        ),
        "</g>",
        '<g font-family="sans-serif" font-size="190" font-weight="600" fill="#17262b" stroke="#ffffff" '
        'stroke-width="60" paint-order="stroke" text-anchor="middle">',
        *(
            f'<text x="{round(one.x * 10_000) + _EDGE}" y="{round(one.y * 10_000) + _EDGE}">'
            f"{escape(one.label)}</text>"
            for one in _apart(data)
        ),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines)


def _apart(data: MapData) -> Sequence[Region]:
    """The regions seen from afar whose names do not cover each other, the larger first."""
    kept: list[Region] = []
    for one in sorted(data.regions, key=lambda region: -region.count):
        if one.depth == 0 and all(
            abs(one.y - other.y) > 0.025 or abs(one.x - other.x) > 0.3 for other in kept
        ):
            kept.append(one)
    return kept
