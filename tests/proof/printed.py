"""What a workbook is on paper, as LibreOffice prints it: how large the type is, what can be read.

``too_small`` and ``missing`` take the bytes of any workbook of ours. What they compare with is what
LibreOffice shows in the cells (its own export as CSV), so nothing here knows formats or widths.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.waiting import PATIENCE

LEAST = 8.0  # points
_ZOOM = 3  # the largest there is: pdftohtml gives whole numbers only
_ROUNDED = 0.35  # the third of a point by which that may be wrong
_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
_TOOLS = ("soffice", "pdftotext", "pdftohtml")
_MARK = re.compile(r"kamxl:[a-z]+:\S*")
# Squares, bars and arrows: another font has them, and where in a line they are read back differs.
_SHAPES = dict.fromkeys(range(0x25A0, 0x2600))
_SHORT = 12  # letters: shorter texts are counted as words, longer ones looked for as a whole


@dataclass(frozen=True)
class Printed:
    """A workbook as it is shown and printed; ``small``: text by page that is below ``LEAST``."""

    text: str
    cells: dict[str, list[tuple[int, int, str]]]  # sheet: row, column, what is shown there
    small: tuple[tuple[int, float, str], ...]
    pages: int


def printed(data: bytes, folder: Path) -> Printed:
    """Print a workbook (skips without LibreOffice and poppler)."""
    lacking = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if lacking:
        pytest.skip(f"{', '.join(lacking)} missing: apt-get install libreoffice-calc poppler-utils")
    source = folder / "book.xlsx"
    source.write_bytes(data)
    for kind in ("pdf", _CSV):
        _office(source, kind, folder)
    found = _fonts(folder / "book.pdf")
    shown = {
        path.name.removeprefix("book-").removesuffix(".csv"): _shown(path)
        for path in sorted(folder.glob("book-*.csv"))
    }
    text = _run("pdftotext", "-raw", str(folder / "book.pdf"), "-")
    machine = _machine(data)
    small = tuple(one for one in found[1] if not _ours(one[2], machine))
    return Printed(text, shown, small, found[0])


def too_small(page: Printed) -> list[str]:
    """What is printed smaller than one can read, but for the machine's own marks and keys."""
    return [f"page {number}: {size:.1f} pt: {text}" for number, size, text in page.small]


def missing(
    page: Printed, beside: dict[str, int] | None = None, below: dict[str, int] | None = None
) -> list[str]:
    """Cells whose text is not on paper, or not as often as it is shown.

    ``beside``: sheets with cells for formulas alone, right of what is printed: their first column.
    ``below``: sheets that print no more than up to this row, and say so.
    """
    text = page.text.translate(_SHAPES)
    spaceless, words = "".join(text.split()), Counter(text.split())
    wanted: Counter[str] = Counter()
    lost = []
    for sheet, cells in page.cells.items():
        for row, column, said in cells:
            unprinted = column >= (beside or {}).get(sheet, 10**6) or row > (below or {}).get(
                sheet, row
            )
            if unprinted or _MARK.fullmatch(said):
                continue
            said = said.translate(_SHAPES)
            bare = "".join(said.split())
            if len(bare) > _SHORT:
                if bare not in spaceless:
                    lost.append(f"{sheet} R{row}C{column}: {said[:80]!r}")
            else:
                wanted.update(said.split())
    for word, times in wanted.items():
        # a word may be broken where a column is narrow
        if words[word] < times and spaceless.count(word) < times:
            lost.append(f"{word!r}: {spaceless.count(word)} times on paper, {times} in cells")
    return lost


def _office(source: Path, kind: str, folder: Path) -> None:
    profile = (folder / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind,
         "--outdir", str(folder), str(source)],
        check=True, capture_output=True, timeout=PATIENCE,
    )  # fmt: skip


def _run(*command: str) -> str:
    return subprocess.run(
        command, check=True, capture_output=True, timeout=PATIENCE
    ).stdout.decode()


def _shown(path: Path) -> list[tuple[int, int, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (row, column, said)
            for row, line in enumerate(csv.reader(file), 1)
            for column, said in enumerate(line, 1)
            if said.strip()
        ]


def _fonts(pdf: Path) -> tuple[int, list[tuple[int, float, str]]]:
    """How many pages there are, and what is written too small on them."""
    told = _run("pdftohtml", "-xml", "-i", "-stdout", "-zoom", str(_ZOOM), str(pdf))
    sizes: dict[str, float] = {}
    found, pages = [], 0
    for page in ET.fromstring(_plain(told)).iter("page"):
        pages += 1
        for font in page.iter("fontspec"):
            sizes[font.attrib["id"]] = float(font.attrib["size"]) / _ZOOM
        for text in page.iter("text"):
            said, size = "".join(text.itertext()).strip(), sizes[text.attrib["font"]]
            if said and size < LEAST - _ROUNDED:
                found.append((int(page.attrib["number"]), size, said))
    return pages, found


def _plain(told: str) -> str:
    """Without what XML does not allow, and the tags of typefaces, which poppler nests wrongly."""
    told = re.sub(r"</?(?:b|i|a)(?: [^>]*)?>", "", told)
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|<!DOCTYPE[^>]*>", "", told)


def _machine(data: bytes) -> set[str]:
    """The keys below headers: the row that ends the titles repeated, and others of small type."""
    keys: set[str] = set()
    for sheet in load_workbook(BytesIO(data)):
        for line in sheet.iter_rows():
            filled = [cell for cell in line if cell.value not in (None, "")]
            alike = all(isinstance(cell.value, str) and cell.font.sz <= 7 for cell in filled)
            if filled and alike:
                keys.update(str(cell.value) for cell in filled)
    return keys


def _ours(said: str, keys: set[str]) -> bool:
    """Whether a small text is a mark or some keys; one that is too long for its column is cut."""
    if _MARK.match(said) or "kamxl:".startswith(said[:6]):
        return True
    left = "".join(said.split())
    for key in sorted(("".join(key.split()) for key in keys), key=len, reverse=True):
        left = left.replace(key, "")
    return any(key.startswith(left) for key in keys)
