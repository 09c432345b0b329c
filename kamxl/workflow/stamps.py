"""What made a result: this kamxl, to the letter, and the programs that it reads with.

What another one found out is not taken over: a mistake that was mended must not live on.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import kamxl
from kamxl.wording.texts import templates_folder

_WITH = ("Babel", "Jinja2", "cryptography", "msgspec", "olefile", "openpyxl", "pillow")


@cache
def made_by() -> str:
    """A digest of kamxl as it is installed here, Python and its libraries; 64 hexadecimal digits.

    Of the sources where there are any: a change of a developer's makes another one.
    """
    made = hashlib.blake2b(digest_size=32)
    for part in (kamxl.__version__, sys.version, *map(_version, _WITH)):
        made.update(f"{part}\n".encode())
    for path in _sources():
        data = path.read_bytes()
        made.update(f"{path.name} {len(data)}\n".encode() + data)
    return made.hexdigest()


def _sources() -> Iterator[Path]:
    """All that kamxl is made of; where it was packed into one program, that program."""
    if getattr(sys, "frozen", False):
        yield Path(sys.executable)
    yield from sorted(Path(kamxl.__file__).parent.rglob("*.py"))
    yield from sorted(path for path in templates_folder().rglob("*") if path.is_file())


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:  # packed into one program
        return name
