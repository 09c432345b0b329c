"""Which version a file in a folder has, and whether one is newer than ours. No file is touched."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable

# A wheel, or the folder or archive of the standalone program.
_NAMED = re.compile(r"kamxl-(\d+(?:\.\d+)*)(?:-py3-none-any\.whl|-[\w.-]*\.zip|\.zip)?", re.I)
_TOLD = re.compile(rb'name="kamxl"><vt:lpwstr>([\w.+-]{1,40})</vt:lpwstr>')
_PROPERTIES = "docProps/custom.xml"
_LARGEST = 20_000  # bytes; ours has some hundred


def newest(names: Iterable[str], ours: str) -> str | None:
    """The name of the newest release among ``names``, None if none is newer than ``ours``.

    What is no release (a candidate, another package) is passed over.
    """
    best, chosen = _figures(ours), None
    for name in names:
        named = _NAMED.fullmatch(name)
        if named and _figures(named[1]) > best:
            best, chosen = _figures(named[1]), name
    return chosen


def _figures(version: str) -> tuple[int, ...]:
    """1.2.0 and 1.2 are the same."""
    figures = [int(part) for part in re.findall(r"\d+", version.partition("+")[0])]
    while figures and figures[-1] == 0:
        figures.pop()
    return tuple(figures)


def version_in(xlam: bytes) -> str | None:
    """The version of kamxl that an add-in says it is from; None: it does not say."""
    try:
        with zipfile.ZipFile(io.BytesIO(xlam)) as package:
            if package.getinfo(_PROPERTIES).file_size > _LARGEST:
                return None
            told = _TOLD.search(package.read(_PROPERTIES))
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, OSError, RuntimeError):
        return None
    return told[1].decode("ascii") if told else None
