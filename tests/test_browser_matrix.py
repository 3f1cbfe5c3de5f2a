"""The matrix of many standards in a real browser: each figure is legible on its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from browsing import faults_of_access, fits, keep

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

_STANDARDS = "BGM1219-002v2,BGM1219-002v2 T1,BGM1219-002v2 T2,BGM1219-002v2 T3"
_CONTRASTS = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const luminance = (colours) => {
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((one) => one / 255);
    const [r, g, b] = parts.map((one) => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll('.heat-legend li')].map((one) => {
    const style = getComputedStyle(one);
    const ground = [getComputedStyle(document.documentElement).backgroundColor, style.backgroundColor];
    const pair = [luminance(ground), luminance([style.color])].sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05);
  });
}"""


def test_each_figure_of_the_matrix_is_legible(page: Page, address: str, width: str) -> None:
    page.goto(f"{address}/compare/matrix?hl=en")
    label, field = page.locator("label[for=standard]"), page.locator("#standard")
    above, below = label.bounding_box(), field.bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"] + 1, "the label stands over its field"
    page.goto(f"{address}/compare/matrix?hl=en&standard={_STANDARDS}")
    assert page.locator(".heat tbody tr").count() == 4
    assert page.locator(".heat-legend li").all_inner_texts()[::5] == ["0–9 %", "90–100 %"]
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for colours in schemes:
        page.emulate_media(color_scheme=colours)
        contrasts = page.evaluate(_CONTRASTS)
        assert min(contrasts) >= 4.5, (colours, contrasts)
        keep(page, f"matrix-{width}-{colours}")
    assert fits(page)
    assert faults_of_access(page) == []
