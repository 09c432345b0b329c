"""A small picture for a mail: points from 0 to 100 in numbered rows, one dot per series.

Only digits are written in it, so that it needs no font of the machine: words stand in the mail.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

WIDTH, ROW, TOP, LEFT, RIGHT = 560, 34, 14, 44, 24
SCALE = 2  # drawn twice as large and shown at half the size: sharp on every screen
DOT = 7
BELOW = 30  # room for the digits under the rows

Rows = Sequence[Sequence[float | None]]


def dots(rows: Rows, colors: Sequence[str], *, ink: str, line: str) -> bytes:
    """A PNG with a row for each of ``rows``, in which each series has a dot of its colour.

    The first series is drawn last and largest; unknown points (None) are left out.
    """
    height = TOP + ROW * len(rows) + BELOW
    image = Image.new("RGB", (WIDTH * SCALE, height * SCALE), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(13 * SCALE)
    bottom = TOP + ROW * len(rows)
    for value in range(0, 101, 25):
        at = _across(value)
        pen.line([(at, TOP * SCALE), (at, bottom * SCALE)], fill="#" + line, width=SCALE)
        pen.text((at, (bottom + 6) * SCALE), str(value), font=font, fill="#" + ink, anchor="ma")
    for number, points in enumerate(rows):
        middle = (TOP + ROW * number + ROW / 2) * SCALE
        _row(pen, points, colors, middle, line)
        at = (LEFT - 16) * SCALE
        pen.text((at, middle), str(number + 1), font=font, fill="#" + ink, anchor="rm")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _row(
    pen: ImageDraw.ImageDraw,
    points: Sequence[float | None],
    colors: Sequence[str],
    middle: float,
    line: str,
) -> None:
    ends = (_across(0), _across(100))
    pen.line([(ends[0], middle), (ends[1], middle)], fill="#" + line, width=SCALE)
    for series in reversed(range(len(points))):
        value = points[series]
        if value is None:
            continue
        radius = (DOT + (1 if series == 0 else -1)) * SCALE
        at = _across(value)
        box = [at - radius, middle - radius, at + radius, middle + radius]
        pen.ellipse(box, fill="#" + colors[series], outline="white", width=SCALE)


def _across(value: float) -> float:
    return (LEFT + (WIDTH - LEFT - RIGHT) * max(0.0, min(value, 100.0)) / 100) * SCALE
