"""Every formula recalculated by four engines, and compared with the value we stored.

LibreOffice and Gnumeric believe stored values unless told otherwise: LibreOffice gets a profile
that always recalculates, Gnumeric the option --recalc. The two of ``witness`` see no stored value.
"""

from __future__ import annotations

import math
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.utils.datetime import to_excel

from tests.proof import witness
from tests.proof.witness import Values
from tests.waiting import PATIENCE

ENGINES = ("libreoffice", "gnumeric", *witness.WITNESSES)
_BATCH = 100
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class Difference(NamedTuple):
    """A formula cell about which the file and the engines do not agree."""

    path: Path
    sheet: str
    cell: str
    formula: str
    stored: Any
    engines: Mapping[str, Any]


def available() -> list[str]:
    """Why this cannot run here; empty if it can."""
    programs = (("soffice", "libreoffice-calc"), ("ssconvert", "gnumeric"))
    return [
        f"{program} is missing (apt-get install {package})"
        for program, package in programs
        if not shutil.which(program)
    ]


def recalculate(paths: Iterable[Path]) -> dict[Path, dict[str, Values]]:
    """All values of these files as each engine calculates them: path → engine → sheet → cell."""
    found: dict[Path, dict[str, Values]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        copies = _copies(paths, folder / "in")
        for engine, run in (("libreoffice", _libreoffice), ("gnumeric", _gnumeric)):
            for copy, result in run(list(copies), folder).items():
                found.setdefault(copies[copy], {})[engine] = read(result)
        for path, engines in found.items():
            engines |= witness.values(path)
    return found


def in_libreoffice(paths: Iterable[Path], folder: Path) -> dict[Path, Path]:
    """These files as LibreOffice calculates and saves them, each with the one it was."""
    folder.mkdir()
    copies = _copies(paths, folder / "in")
    return {copies[one]: made for one, made in _libreoffice(list(copies), folder).items()}


def differences(*paths: Path) -> list[Difference]:
    """The formula cells of these files where the stored value and the engines' differ."""
    return [one for path, engines in recalculate(paths).items() for one in _apart(path, engines)]


def differences_in_libreoffice(path: Path) -> list[Difference]:
    """The same for one file and LibreOffice alone: the one recalculation that nobody skips."""
    with tempfile.TemporaryDirectory() as temporary:
        copies = _copies([path], Path(temporary) / "in")
        (result,) = _libreoffice(list(copies), Path(temporary)).values()
        return _apart(path, {"libreoffice": read(result)})


def _apart(path: Path, engines: Mapping[str, Values]) -> list[Difference]:
    found, stored = [], read(path)
    for sheet, cells in formulas(path).items():
        for cell, formula in cells.items():
            value = stored[sheet].get(cell)
            others = {name: book.get(sheet, {}).get(cell) for name, book in engines.items()}
            if not all(agree(value, other) for other in others.values()):
                found.append(Difference(path, sheet, cell, formula, value, others))
    return found


def agree(one: Any, other: Any) -> bool:
    """Whether two values are the same result; an empty text and nothing are, a date is a number."""
    one, other = (to_excel(v) if isinstance(v, datetime) else v for v in (one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return bool(one == other)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    nothing = (None, "")
    return bool(one == other) or (one in nothing and other in nothing)


def formulas(path: Path) -> dict[str, dict[str, str]]:
    """The formulas of a file: sheet → cell → text."""
    return {
        sheet: {cell: value for cell, value in cells.items() if value.startswith("=")}
        for sheet, cells in _texts(path).items()
    }


def read(path: Path) -> Values:
    """The values stored in a file; cells without one are left out."""
    return {
        sheet.title: {
            cell.coordinate: cell.value for row in sheet for cell in row if cell.value is not None
        }
        for sheet in _load(path, data_only=True).worksheets
    }


def _texts(path: Path) -> dict[str, dict[str, str]]:
    return {
        sheet.title: {
            cell.coordinate: str(getattr(cell.value, "text", cell.value))
            for row in sheet
            for cell in row
            if cell.data_type == "f"
        }
        for sheet in _load(path, data_only=False).worksheets
    }


def _load(path: Path, *, data_only: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl does not know in the engines' files
        return openpyxl.load_workbook(path, data_only=data_only)


def _copies(paths: Iterable[Path], folder: Path) -> dict[Path, Path]:
    """Copies with names of their own: converted files land in one folder."""
    folder.mkdir()
    found = {}
    for number, path in enumerate(dict.fromkeys(paths)):
        copy = folder / f"{number:05}.xlsx"
        shutil.copyfile(path, copy)
        found[copy] = path
    return found


def _libreoffice(files: Sequence[Path], folder: Path) -> dict[Path, Path]:
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_ALWAYS)
    out = folder / "libreoffice"
    profile = f"-env:UserInstallation={user.parent.as_uri()}"
    for start in range(0, len(files), _BATCH):
        batch = [str(file) for file in files[start : start + _BATCH]]
        convert = ["--headless", "--convert-to", "xlsx", "--outdir", str(out)]
        _run(["soffice", profile, *convert, *batch])
    return {file: out / file.name for file in files}


def _gnumeric(files: Sequence[Path], folder: Path) -> dict[Path, Path]:
    out = folder / "gnumeric"
    out.mkdir()
    found = {file: out / file.name for file in files}

    def convert(pair: tuple[Path, Path]) -> None:
        _run(["ssconvert", "--recalc", str(pair[0]), str(pair[1])])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(convert, found.items()))
    return found


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    if done.returncode:
        message = done.stderr.decode(errors="replace")[-500:]
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {message}")
