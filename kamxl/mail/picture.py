"""A small picture for a mail: points from 0 to 100 in numbered rows, one dot per series.

Only digits are written in it, so that it needs no font of the machine: words stand in the mail.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

_WIDTH, _ROW, _TOP, _LEFT, _RIGHT = 560, 34, 14, 44, 24
_SCALE = 2  # drawn twice as large and shown at half the size: sharp on every screen
_DOT = 7

Rows = Sequence[Sequence[float | None]]


def dots(rows: Rows, colors: Sequence[str], *, ink: str, line: str) -> bytes:
    """A PNG with a row for each of ``rows``, in which each series has a dot of its colour.

    The first series is drawn last and largest; unknown points (None) are left out.
    """
    height = _TOP + _ROW * len(rows) + 30
    image = Image.new("RGB", (_WIDTH * _SCALE, height * _SCALE), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(13 * _SCALE)
    bottom = _TOP + _ROW * len(rows)
    for value in range(0, 101, 25):
        at = _across(value)
        pen.line([(at, _TOP * _SCALE), (at, bottom * _SCALE)], fill="#" + line, width=_SCALE)
        pen.text((at, (bottom + 6) * _SCALE), str(value), font=font, fill="#" + ink, anchor="ma")
    for number, points in enumerate(rows):
        middle = (_TOP + _ROW * number + _ROW / 2) * _SCALE
        _row(pen, points, colors, middle, line)
        at = (_LEFT - 16) * _SCALE
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
    pen.line([(ends[0], middle), (ends[1], middle)], fill="#" + line, width=_SCALE)
    for series in reversed(range(len(points))):
        value = points[series]
        if value is None:
            continue
        radius = (_DOT + (1 if series == 0 else -1)) * _SCALE
        at = _across(value)
        box = [at - radius, middle - radius, at + radius, middle + radius]
        pen.ellipse(box, fill="#" + colors[series], outline="white", width=_SCALE)


def _across(value: float) -> float:
    return (_LEFT + (_WIDTH - _LEFT - _RIGHT) * max(0.0, min(value, 100.0)) / 100) * _SCALE
