"""A form as HTML for a browser to print: its own wrapping, fonts and page breaks, inside rows too."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from pdf_forms import PAGES, FormCell, FormTable, FreeText, Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["footer", "to_html"]

_FONTS = ("Noto Sans CJK TC", "Noto Serif CJK TC")


def to_html(blocks: Sequence[FormTable | FreeText], layout: Layout) -> str:
    """The page; its size and margins are in it."""
    width, height = PAGES[layout.page]
    font = _FONTS[layout.seed % len(_FONTS)]
    justify = "justify" if layout.justified else "left"
    # Chromium prints the rest of a cell that spans broken rows over the cells below it, so those stay whole.
    broken = "avoid" if layout.keep_rows == 1 or layout.merged else "auto"
    style = f"""
@page {{ size: {width}pt {height}pt; margin: {layout.margin:.1f}pt; }}
body {{ margin: 0; font: {layout.font_size:.2f}pt/{layout.line_height:.2f}pt '{font}'; }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed; margin-bottom: 1em; }}
thead {{ display: {"table-header-group" if layout.repeat_header else "table-row-group"}; }}
tr {{ break-inside: {broken}; }}
td {{ border: {0.5 + layout.seed % 3 / 2}pt solid; padding: {layout.padding:.1f}pt;
  vertical-align: top; text-align: {justify};
  overflow-wrap: anywhere; }}
p {{ margin: 0; }}
p + p {{ margin-top: {layout.paragraph_gap:.1f}pt; }}
.centred {{ text-align: center; }}
.middle {{ vertical-align: middle; }}
.mark {{ position: fixed; left: 20%; top: 45%; font-size: 60pt; color: #ccc; transform: rotate(-35deg); }}
"""
    mark = '<div class="mark">《歷史資料》</div>' if layout.history_mark == "watermark" else ""
    body = "".join(_free(block) if isinstance(block, FreeText) else _table(block, layout) for block in blocks)
    return (
        f'<!doctype html><html lang="zh-Hant"><meta charset="utf-8"><style>{style}</style>{mark}{body}</html>'
    )


def footer(layout: Layout) -> str:
    """What the browser prints at the foot of each page."""
    counts = {"n": '<span class="pageNumber"></span>', "all": '<span class="totalPages"></span>'}
    text = layout.page_numbers.format(**counts)
    return f'<div style="width: 100%; text-align: center; font-size: 8pt">{text}</div>'


def _paragraphs(paragraphs: Sequence[str]) -> str:
    return "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)


def _free(block: FreeText) -> str:
    name = ' class="centred"' if block.centred else ""
    style = f"font-size: {block.size}em; line-height: 1.5"
    return f'<div{name} style="{style}">{_paragraphs(block.paragraphs)}</div>'


def _table(table: FormTable, layout: Layout) -> str:
    total = sum(table.widths)
    columns = "".join(f'<col style="width: {100 * share / total:.2f}%">' for share in table.widths)
    rows = [_row(row, layout) for row in table.rows]
    head, body = "".join(rows[: table.header]), "".join(rows[table.header :])
    return f"<table><colgroup>{columns}</colgroup><thead>{head}</thead><tbody>{body}</tbody></table>"


def _row(row: Sequence[FormCell], layout: Layout) -> str:
    extra = layout.random.uniform(0, layout.extra_height)
    return f'<tr style="height: {extra:.0f}pt">{"".join(map(_cell, row))}</tr>'


def _cell(cell: FormCell) -> str:
    names = " ".join(name for name, given in (("centred", cell.centred), ("middle", cell.middle)) if given)
    spans = f' rowspan="{cell.rows}" colspan="{cell.columns}"'
    return f'<td{spans} class="{names}">{_paragraphs(cell.paragraphs)}</td>'
