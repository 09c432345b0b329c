"""kamxl.xlam from its sources and the buttons handed in, without Excel (see ``kamxl.xlam``).

The same bytes on every machine: nothing is compressed (zlibs differ), no entry has a date, and the
VBA project holds source only, which Excel compiles when it opens the file. pyOpenVBA, needed here
and in the tests alone, is pinned in pyproject.toml: it brings the project's empty frame.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pyopenvba import ExcelFile
from pyopenvba.cfb import CFB
from pyopenvba.vba import VBAProject

from kamxl import __version__
from kamxl.excel.addin.harden import FOLDER
from kamxl.excel.addin.ribbon import Buttons, cases, groups_xml
from kamxl.excel.addin.words import words_module

PARTS = Path(__file__).parent / "parts"
PROJECT_PART = "xl/vbaProject.bin"

_NAME = b"VBAProject"  # of the frame
_OURS = b"kamxl"
_PROJECT_NAME = b"\x04\x00"  # the record of the stream dir that holds it
# [MS-OVBA] 2.3.4.1: the version of no Office, and so no compiled code is looked for.
_NOTHING_COMPILED = bytes.fromhex("cc61ffff000100")
_FIRST = ("[Content_Types].xml", "_rels/.rels")


def sources(buttons: Buttons) -> dict[str, str]:
    """The VBA modules by name, with plain line ends."""
    found = {
        path.stem: path.read_text(encoding="ascii").replace("@buttons@", cases(buttons))
        for path in sorted(FOLDER.glob("*.bas"))
    }
    return {**found, "Words": words_module(buttons)}


def xlam_bytes(buttons: Buttons) -> bytes:
    """The add-in, built anew."""
    return packed({**parts(buttons), PROJECT_PART: vba_project(sources(buttons))})


def parts(buttons: Buttons) -> dict[str, bytes]:
    """The parts of the package by their names in it: one tells the version, one has the buttons."""
    files = (path for path in PARTS.rglob("*") if path.is_file())
    return {
        path.relative_to(PARTS).as_posix(): path.read_bytes()
        .replace(b"\r\n", b"\n")
        .replace(b"@version@", __version__.encode())
        .replace(b"@groups@", groups_xml(buttons).encode())
        for path in files
    }


def vba_project(modules: Mapping[str, str]) -> bytes:
    """A VBA project of these standard modules, for a workbook with one sheet."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.xlam"
        with ExcelFile.create_new(path) as frame:
            _fill(frame.vba_project(), modules)
            frame.save()
        with ExcelFile(path) as filled:
            container = CFB.from_bytes(filled.vba_project_bytes())
    container.write_stream_in_storage("VBA", "_VBA_PROJECT", _NOTHING_COMPILED)
    project = container.get_stream("PROJECT")
    container.write_stream("PROJECT", _replaced(project, b'"' + _NAME + b'"', b'"' + _OURS + b'"'))
    made: bytes = container.to_bytes()
    return made


def packed(files: Mapping[str, bytes]) -> bytes:
    """A package of these parts; the same parts always give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files, key=lambda name: (name not in _FIRST, name)):
            entry = zipfile.ZipInfo(name)
            entry.create_system = 0  # else the system of this machine
            archive.writestr(entry, files[name])
    return stream.getvalue()


def _fill(project: VBAProject, modules: Mapping[str, str]) -> None:
    """Our modules and name in the frame, and no compiled code in what it brings along."""
    project.delete_module("Module1")
    for document in project.modules:
        document.body = ""
    for name, source in modules.items():
        project.add_module(name, source.replace("\n", "\r\n"))
    before = len(project.dir_raw)
    project.dir_raw = _replaced(project.dir_raw, _record(_NAME), _record(_OURS))
    project.dir_modules_offset += len(project.dir_raw) - before


def _record(name: bytes) -> bytes:
    return _PROJECT_NAME + len(name).to_bytes(4, "little") + name


def _replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    if data.count(old) != 1:
        raise ValueError(f"The frame of pyOpenVBA has changed: {old!r} is not there once.")
    return data.replace(old, new)
