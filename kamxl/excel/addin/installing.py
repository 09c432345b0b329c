"""What an installed add-in consists of: which bytes belong where, and what is found there instead.

No file is touched here: bytes in, a judgement out. The use case reads and writes.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from kamxl.excel.addin.places import Places

KEYS = {"win32": "INTERPRETER_WIN", "darwin": "INTERPRETER_MAC"}
UPDATES = "UPDATES"  # the folder where IT puts new versions; the add-in itself does not read it
# cmd.exe replaces %NAME% even between quotes; a quote or a line break would end the entry.
_FORBIDDEN = {"win32": '"%', "darwin": '"'}
_SIGNATURE = "xl/vbaprojectsignature"
_LONGEST_CONF = 20_000  # characters; ours has some hundred


class UnusablePath(ValueError):  # noqa: N818 it names the path, the use case words the error
    """The interpreter's path has letters that the add-in could not read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file of the installation: its ``name`` ("addin", "conf", "script"), place and bytes."""

    name: str
    path: Path
    data: bytes = field(repr=False)


def wanted(
    places: Places,
    platform: str,
    interpreter: str,
    encoding: str,
    xlam: bytes,
    script: str,
    updates: str = "",
) -> tuple[Wanted, ...]:
    """All files of an installation, the add-in first (UnusablePath: the interpreter's path).

    ``encoding`` is what VBA reads text files with: the ANSI code page on Windows.
    """
    files = [
        Wanted("addin", places.addin, xlam),
        Wanted("conf", places.conf, conf_bytes(platform, interpreter, encoding, updates)),
    ]
    if places.script is not None:
        files.append(Wanted("script", places.script, script.encode("utf-8")))
    return tuple(files)


def conf_bytes(platform: str, interpreter: str, encoding: str, updates: str = "") -> bytes:
    """The configuration that the add-in reads: the interpreter, and where updates lie, if anywhere.

    UnusablePath: the add-in could not read one of the two.
    """
    if not interpreter:
        raise UnusablePath(interpreter)
    lines = [(KEYS[platform], interpreter), *([(UPDATES, updates)] if updates else [])]
    return b"".join(_line(key, path, platform, encoding) for key, path in lines)


def _line(key: str, path: str, platform: str, encoding: str) -> bytes:
    end = "\r\n" if platform == "win32" else "\n"
    if any(c in _FORBIDDEN[platform] or not c.isprintable() for c in path):
        raise UnusablePath(path)
    try:
        return f'"{key}","{path}"{end}'.encode(encoding)
    except UnicodeEncodeError as problem:
        raise UnusablePath(path) from problem


def interpreter_in(conf: bytes, platform: str, encoding: str) -> str | None:
    """The interpreter that a configuration names, None if it names none or cannot be read."""
    return value_in(conf, KEYS[platform], encoding)


def value_in(conf: bytes, wanted_key: str, encoding: str) -> str | None:
    """What a configuration says under a key, None if nothing or it cannot be read."""
    try:
        text = conf[:_LONGEST_CONF].decode(encoding)
    except UnicodeDecodeError:
        return None
    for line in text.splitlines():
        key, comma, value = line.strip().partition(",")
        if comma and key.strip('"').upper() == wanted_key:
            return value.strip().strip('"') or None
    return None


def judge(found: bytes | None, file: Wanted, known: Collection[str]) -> str:
    """What stands in the place of ``file``: "missing", "ok", "signed", "outdated" or "foreign".

    ``known`` are the digests of what we once wrote there: such a file may be replaced or removed.
    """
    if found is None:
        return "missing"
    if found == file.data:
        return "ok"
    if file.name == "addin" and _is_signed(found, file.data):
        return "signed"
    return "outdated" if digest(found) in known else "foreign"


def digest(data: bytes) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _is_signed(found: bytes, shipped: bytes) -> bool:
    """Whether ``found`` runs the code of ``shipped`` and shows its ribbon, and carries a signature.

    A company signs by adding parts to the package; that is its good right and no fault.
    """
    try:
        with (
            zipfile.ZipFile(io.BytesIO(found)) as theirs,
            zipfile.ZipFile(io.BytesIO(shipped)) as o,
        ):
            names = {info.filename: info.file_size for info in theirs.infolist()}
            ours = [i for i in o.infolist() if _acts(i.filename)]
            # The size first: a few bytes of a foreign package may unpack to very many.
            same = all(
                names.get(i.filename) == i.file_size
                and theirs.read(i.filename) == o.read(i.filename)
                for i in ours
            )
            others = {n for n in names if _acts(n)} - {i.filename for i in ours}
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, OSError, RuntimeError):
        return False
    signatures = any(name.lower().startswith(_SIGNATURE) for name in names)
    return bool(ours) and same and not others and signatures


def _acts(name: str) -> bool:
    """Whether a part holds code or the ribbon (a signature does not act)."""
    low = name.lower()
    return low.startswith("customui/") or (low.endswith(".bin") and not low.startswith(_SIGNATURE))
