"""The series of a chart with what their cells hold, and all of it in words.

A picture is nothing to who does not see it: what it shows stands in its description as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kamxl.forms.paper.book import UNSCALED, Book, Cell, Chart, Series
from kamxl.report.cells import cells_of
from kamxl.report.numbers import Shown, number_of
from kamxl.report.svg import look_of


@dataclass(frozen=True, slots=True)
class Line:
    """A series with what its cells hold."""

    of: Series
    name: str
    values: tuple[float | None, ...]
    labels: tuple[str, ...]  # its categories as texts
    across: tuple[float | None, ...]  # the same as numbers
    sizes: tuple[float | None, ...]
    told: tuple[str, ...]  # its values as the cells show them

    @property
    def look(self) -> str:
        """The class of its colour."""
        return look_of(self.of.color)


def line_of(series: Series, book: Book, shown: Shown) -> Line:
    """A series as the book has it."""
    named = list(cells_of(series.title_ref, book)) if series.title_ref else []
    name = shown.cell(named[0]) if named else str(series.title or "")
    categories = list(cells_of(series.categories, book)) if series.categories else []
    values = cells_of(series.values, book)
    return Line(
        series,
        name,
        _numbers(values),
        tuple(shown.cell(cell) for cell in categories),
        _numbers(categories),
        _numbers(cells_of(series.sizes, book)) if series.sizes else (),
        tuple(shown.cell(cell) for cell in values),
    )


def _numbers(cells: Sequence[Cell | None]) -> tuple[float | None, ...]:
    return tuple(number_of(cell) for cell in cells)


def in_words(chart: Chart, lines: Sequence[Line], shown: Shown) -> str:
    """What a chart shows, number by number; empty for bubbles, whose table stands beside them."""
    if chart.kind == "bubble":
        return ""
    if chart.bare_y:
        return ". ".join(_spans(lines))
    if UNSCALED in (chart.x_format, chart.y_format):  # each bar's number stands in its name
        return "; ".join(name for name in next((one.labels for one in lines), ()) if name)
    return ". ".join(_series(line, shown) for line in lines if line.name and not line.of.unseen)


def _series(line: Line, shown: Shown) -> str:
    said = (
        f"{name} {shown.number(value, line.of.label_format)}"
        for name, value in zip(line.labels, line.values, strict=False)
        if value is not None
    )
    return f"{line.name}: {', '.join(said)}"


def _spans(lines: Sequence[Line]) -> Iterator[str]:
    """A row of marks each: from where to where its line goes, and where its marks stand."""
    spans = [line for line in lines if line.of.line]
    marks = [line for line in lines if not line.of.line and not line.of.unseen]
    rows = [line for line in lines if line.of.unseen]
    for at, (row, span) in enumerate(zip(rows, spans, strict=False)):
        ends = "–".join(span.labels)
        if row.name and ends:
            said = (f"{one.name} {one.labels[at]}" for one in marks
                    if at < len(one.labels) and one.labels[at])  # fmt: skip
            yield f"{row.name}: {'; '.join([ends, *said])}"
