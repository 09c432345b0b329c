"""Two more spreadsheet engines, inside this process: formulon and ironcalc, both from PyPI.

Neither shares code with LibreOffice or Gnumeric, or with the other; formulon is itself compared
with Excel by its makers. Before an engine sees a file, the stored value of every formula is
replaced by ``POISON``: what it says of a formula it has calculated.

formualizer (0.13) was tried too, and is no witness yet: inside SUMPRODUCT it takes ROW(range) for
the first row alone, so that 85 formulas differ on which these two, LibreOffice and Gnumeric agree.
"""

from __future__ import annotations

import functools
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import formulon
import ironcalc
import wasmtime
from lxml import etree

from tests.proof.package import CELL, M, number, opened

Values = dict[str, dict[str, Any]]  # sheet → cell → value
POISON = -987_654_321.5
# A register with all its prepared rows: formulon takes minutes (ironcalc half a second), its time
# grows with the square of them. It gets one with fewer rows, and so the same formulas.
_LARGE = 10_000  # formulas
_VALUELESS = tuple(f"{M}{tag}" for tag in ("conditionalFormatting", "dataValidations", "extLst"))

# formulon is compiled when it is first used, which takes five seconds: once on a computer, not in
# each process of the tests.
_KEPT = wasmtime.Config()
_KEPT.cache = True
wasmtime.Engine = functools.partial(wasmtime.Engine, _KEPT)


class Place(NamedTuple):
    """A cell that holds something: its sheet, where it is, and whether it is a formula."""

    sheet: str
    cell: str
    formula: bool

    @property
    def row(self) -> int:
        return int(CELL.fullmatch(self.cell)[2])  # type: ignore[index]

    @property
    def column(self) -> int:
        return number(CELL.fullmatch(self.cell)[1])  # type: ignore[index]


class Formulon:
    """A workbook in formulon, poisoned and calculated."""

    def __init__(self, data: bytes) -> None:
        self.opened = formulon.Workbook.load(data)
        names = (self.opened.sheet_name(n) for n in range(self.opened.sheet_count()))
        self._sheets = {name: n for n, name in enumerate(names)}
        self.sheets = list(self._sheets)
        self.calculate()

    def calculate(self) -> None:
        self.opened.recalc()

    def value(self, place: Place) -> Any:
        """A number, a text, a truth value or nothing; an error as "#N/A"."""
        at = self._sheets[place.sheet], place.row - 1, place.column - 1
        found = self.opened.get_value(*at).to_python()
        if isinstance(found, formulon.Value):  # neither of these
            return formulon.error_display_name(found.error_code or 0)
        return found

    def put(self, place: Place, given: float) -> None:
        at = self._sheets[place.sheet], place.row - 1, place.column - 1
        self.opened.set_number(*at, given)

    def close(self) -> None:
        self.opened.close()


class Ironcalc:
    """A workbook in ironcalc, poisoned and calculated."""

    def __init__(self, data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.xlsx"
            path.write_bytes(data)
            self._book = ironcalc.load_from_xlsx(str(path))
        self.sheets = [sheet["name"] for sheet in self._book.get_worksheets_properties()]
        self._sheets = {name: n for n, name in enumerate(self.sheets)}
        self.calculate()

    def calculate(self) -> None:
        self._book.evaluate()

    def value(self, place: Place) -> Any:
        """A number, a text, a truth value or nothing; an error as "#N/A"."""
        return self._book.get_cell_value(self._sheets[place.sheet], place.row, place.column)

    def put(self, place: Place, given: float) -> None:
        at = self._sheets[place.sheet], place.row, place.column
        self._book.update_cell_with_number(*at, given)

    def close(self) -> None:
        del self._book


Book = Formulon | Ironcalc
WITNESSES: dict[str, type[Book]] = {"formulon": Formulon, "ironcalc": Ironcalc}


def values(source: Path | bytes) -> dict[str, Values]:
    """What each engine makes of a file it can take (``_LARGE``): engine → sheet → cell → value."""
    data, places = poisoned(source)
    large = sum(place.formula for place in places) > _LARGE
    found: dict[str, Values] = {}
    for name, engine in WITNESSES.items():
        if large and name == "formulon":
            continue
        book = engine(data)
        sheets = found[name] = {title: {} for title in book.sheets}
        for place in places:
            sheets[place.sheet][place.cell] = book.value(place)
        book.close()
    return found


def poisoned(source: Path | bytes) -> tuple[bytes, list[Place]]:
    """The file with a wrong value in every formula cell, and the cells that hold something.

    Rules of looks and of entries give no value, and formulon takes as long to read theirs as the
    cells' own formulas (ten seconds for a million letters).
    """
    package = opened(source)
    places: list[Place] = []
    for sheet in package.sheets():
        for rule in (*sheet.tree.iter(*_VALUELESS),):
            rule.getparent().remove(rule)
        for cell in sheet.tree.iter(f"{M}c"):
            formula = cell.find(f"{M}f")
            if formula is not None:
                _poison(cell)
            elif not len(cell):
                # openpyxl gives blank cells a type, and ironcalc (0.9) takes such a cell for zero.
                cell.attrib.pop("t", None)
            if len(cell):
                places.append(Place(sheet.title, cell.get("r"), formula is not None))
        package.data[sheet.part] = etree.tostring(sheet.tree, encoding="UTF-8", standalone=True)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in package.data.items():
            archive.writestr(name, content)
    return out.getvalue(), places


def _poison(cell: Any) -> None:
    cell.attrib.pop("t", None)
    for stored in cell.findall(f"{M}v"):
        cell.remove(stored)
    etree.SubElement(cell, f"{M}v").text = str(POISON)


def numbers(places: list[Place], book: Book) -> Iterator[tuple[Place, float]]:
    """The numbers that are no formulas: what somebody typed."""
    for place in places:
        found = None if place.formula else book.value(place)
        if isinstance(found, int | float) and not isinstance(found, bool):
            yield place, float(found)
