"""Workbooks saved again by other programs, as customers do: same values, another file."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl

from tests.proof import need
from tests.waiting import PATIENCE

PROGRAMS = {"soffice": "libreoffice-calc", "ssconvert": "gnumeric"}


def saved_by(program: str, data: bytes, folder: Path, kind: str = "xlsx") -> bytes:
    """The workbook as one of ``PROGRAMS`` saves it, as another ``kind`` if one is named.

    ``folder``: an empty one, for all that is needed on the way.
    """
    need([] if shutil.which(program) else [f"{program} is missing ({PROGRAMS[program]})"])
    source, target = folder / "in.xlsx", folder / "out" / f"in.{kind}"
    source.write_bytes(data)
    target.parent.mkdir()
    if program == "soffice":
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        words = [profile, "--headless", "--convert-to", kind, "--outdir", str(target.parent)]
        words.append(str(source))
    else:
        words = [str(source), str(target)]
    subprocess.run([program, *words], cwd=folder, capture_output=True, timeout=PATIENCE, check=True)
    return target.read_bytes()


def by_libreoffice(data: bytes, folder: Path) -> bytes:
    """Saved by LibreOffice."""
    return saved_by("soffice", data, folder)


def by_gnumeric(data: bytes, folder: Path) -> bytes:
    """Saved by Gnumeric."""
    return saved_by("ssconvert", data, folder)


def by_openpyxl(data: bytes, _: Path) -> bytes:
    """Saved by openpyxl."""
    out = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(data)).save(out)
    return out.getvalue()
