"""Tables as HTML. A page has tens of thousands of cells: written here, not by a template's macro.

Every text passes ``_said``, once: made visible and escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from kamxl.report.plain import plain
from kamxl.report.tables import Block, Head, Shape

_WIDE = 14  # columns from which on words break on paper, so that all have room


def table_of(
    block: Block, groups: Mapping[str, str], first: int = 0, last: int | None = None
) -> Markup:
    """The rows of a block from ``first`` to before ``last``, under its titles.

    ``groups``: by an account's name or id, the words by which its rows are chosen.
    """
    rows = block.rows[first:last]
    whose = block.whose[first:last] or ("",) * len(rows)
    lines = (_row(row, groups.get(who, "")) for row, who in zip(rows, whose, strict=True))
    heads = "".join(map(_head, block.heads))
    wide = ' class="wide"' if len(block.heads) >= _WIDE else ""
    head = f"<thead><tr>{heads}</tr></thead>"
    table = f"<table{wide}>\n{head}\n<tbody>\n{''.join(lines)}</tbody>\n</table>"
    return Markup(table)  # noqa: S704 every text in it went through _said


def _said(text: str) -> str:
    return str(escape(plain(text)))


def _head(head: Head) -> str:
    look = f' class="{_said(head.look)}"' if head.look else ""
    title = _said(head.title).replace(" (", "\n(")
    return f'<th scope="col" data-key="{_said(head.key)}"{look}>{title}</th>'


def _row(row: Sequence[Shape], groups: str) -> str:
    start = f'<tr data-in="{_said(groups)}">' if groups else "<tr>"
    return f"{start}{''.join(map(_cell, row))}</tr>\n"


def _cell(shape: Shape) -> str:
    look = f' class="{_said(shape.look)}"' if shape.look else ""
    value = f' data-v="{_said(shape.value)}"' if shape.value else ""
    return f"<td{look}{value}>{_inside(shape)}</td>"


def _inside(shape: Shape) -> str:
    """A bar and its number; a long text unfolds; all else is its text, which may lead somewhere."""
    text = _said(shape.text)
    if shape.whole:
        whole = f'<span class="whole">{_said(shape.whole)}</span>'
        return f"<details><summary>{text}</summary>{whole}</details>"
    if shape.link:
        text = f'<a href="{_said(shape.link)}">{text}</a>'
    if shape.swing is not None:
        side = "ahead" if shape.swing >= 0 else "behind"
        level = "" if {"good", "bad"} & set(shape.look.split()) else " level"
        wide = round(abs(shape.swing) / 2, 1)
        bar = (
            f'<span class="swing"><span class="{side}{level}" style="width:{wide}%"></span></span>'
        )
        return f'{bar}<span class="value">{text}</span>'
    if shape.bar is not None:
        bar = f'<span class="bar"><span style="width:{shape.bar}%"></span></span>'
        return f'<span class="value">{text}</span>{bar}'
    return text
