"""Proof that a picture shows the points of a letter, and that nothing else is in its file."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence

from PIL import Image, ImageDraw, ImageFont

from kamxl.mail.picture import BELOW, DOT, LEFT, RIGHT, ROW, SCALE, TOP, WIDTH, Rows

_SIGN = b"\x89PNG\r\n\x1a\n"
_WHITE = (255, 255, 255)
Box = tuple[int, int, int, int]
Color = tuple[int, int, int]


def picture_doubt(
    data: bytes, rows: Rows, colors: Sequence[str], *, ink: str, line: str
) -> str | None:
    """What of a picture is not proven; None: it is ``dots`` of these rows (same arguments)."""
    size = WIDTH * SCALE, (TOP + ROW * len(rows) + BELOW) * SCALE
    problem = _file_doubt(data, size)
    if problem:
        return problem
    image = Image.open(io.BytesIO(data)).convert("RGB")
    problem = _dots_doubt(image, rows, [_color(one) for one in colors], _color(line))
    if problem:
        return problem
    for box, text, anchor in _labels(len(rows)):
        if image.crop(box).tobytes() != _label(box, text, anchor, ink).tobytes():
            return f"the number {text} is drawn otherwise"
        image.paste(_WHITE, box)
    for box in _lines(len(rows)):
        if not _only(image, box, {_WHITE, _color(line)}):
            return "a line is drawn otherwise"
        image.paste(_WHITE, box)
    left = Image.eval(image, lambda value: 255 - value).getbbox()
    return None if left is None else "something is drawn that no number asks for"


def _file_doubt(data: bytes, size: tuple[int, int]) -> str | None:
    """A size, the points, an end: no text, no time, nothing behind."""
    head = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big") + bytes((8, 2, 0, 0, 0))
    packed, at, kinds = b"", len(_SIGN), []
    while data.startswith(_SIGN) and at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if data[at + 8 + length : at + 12 + length] != zlib.crc32(kind + content).to_bytes(
            4, "big"
        ):
            return "the picture is damaged"
        if (kind == b"IHDR" and content != head) or (kind == b"IEND" and content):
            return "the picture has another size"
        packed += content if kind == b"IDAT" else b""
        kinds.append(kind)
        at += length + 12
    if [k for k in kinds if k != b"IDAT"] != [b"IHDR", b"IEND"] or kinds[-1] != b"IEND":
        return "the picture's file says something besides its points"
    engine = zlib.decompressobj()
    room = size[1] * (1 + 3 * size[0])
    try:
        points = engine.decompress(packed, room + 1)
    except zlib.error:
        return "the picture is damaged"
    whole = engine.eof and not engine.unused_data and len(points) == room
    return None if whole else "the picture's file says something besides its points"


def _color(code: str) -> Color:
    red, green, blue = bytes.fromhex(code)
    return red, green, blue


def _x(value: float) -> float:
    share = min(max(value, 0.0), 100.0) / 100
    return SCALE * (LEFT + share * (WIDTH - LEFT - RIGHT))


def _y(row: int) -> float:
    return SCALE * (TOP + ROW * row + ROW / 2)


def _dots_doubt(image: Image.Image, rows: Rows, colors: list[Color], line: Color) -> str | None:
    """Each dot has its colour at its place; its square is then blank."""
    known = {_WHITE, line, *colors}
    squares = []
    for row, points in enumerate(rows):
        placed = [(at, _x(value)) for at, value in enumerate(points) if value is not None]
        for series, x in placed:
            radius = _radius(series)
            # the first series lies on top of the others
            hidden = any(at < series and abs(x - on) <= _radius(at) for at, on in placed)
            if not hidden and image.getpixel((round(x), round(_y(row)))) != colors[series]:
                return "a point stands at another place"
            y = _y(row)
            squares.append(_box(x - radius, y - radius, x + radius, y + radius))
    if not all(_only(image, box, known) for box in squares):
        return "a point is drawn otherwise"
    for box in squares:
        image.paste(_WHITE, box)
    return None


def _radius(series: int) -> int:
    return (DOT + (1 if series == 0 else -1)) * SCALE


def _box(left: float, upper: float, right: float, lower: float) -> Box:
    return int(left) - 1, int(upper) - 1, int(right) + 3, int(lower) + 3


def _only(image: Image.Image, box: Box, colors: set[Color]) -> bool:
    found = image.crop(box).getcolors(len(colors))
    return found is not None and {color for _, color in found} <= colors


def _labels(rows: int) -> Iterator[tuple[Box, str, str]]:
    """Where digits stand: the rows' numbers on the left, the scale below."""
    for row in range(rows):
        right, middle = (LEFT - 16) * SCALE, int(_y(row))
        yield (0, middle - 15, right + 1, middle + 15), str(row + 1), "rm"
    top = (TOP + ROW * rows + 6) * SCALE
    for value in range(0, 101, 25):
        middle = int(_x(value))
        yield (middle - 30, top - 1, middle + 30, top + 40), str(value), "ma"


def _label(box: Box, text: str, anchor: str, ink: str) -> Image.Image:
    patch = Image.new("RGB", (box[2] - box[0], box[3] - box[1]), "white")
    at = (box[2] - box[0] - 1, 15) if anchor == "rm" else (30, 1)
    font = ImageFont.load_default(13 * SCALE)
    ImageDraw.Draw(patch).text(at, text, font=font, fill="#" + ink, anchor=anchor)
    return patch


def _lines(rows: int) -> Iterator[Box]:
    bottom = (TOP + ROW * rows) * SCALE
    for value in range(0, 101, 25):
        yield _box(_x(value) - SCALE, TOP * SCALE, _x(value) + SCALE, bottom)
    for row in range(rows):
        yield _box(_x(0) - SCALE, _y(row) - SCALE, _x(100) + SCALE, _y(row) + SCALE)
