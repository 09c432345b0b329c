"""How Microsoft's signtool signs the VBA of a workbook, and where it is. Nothing is run here."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

# Each pass adds the next kind of signature, and Excel wants the newest: the oldest, agile, V3.
PASSES = 3
_KITS = r"Windows Kits/10/bin/*/x86/signtool.exe"
_THUMBPRINT = re.compile(r"[0-9a-fA-F]{40}")
_PARTS = tuple(f"xl/vbaProjectSignature{kind}.bin" for kind in ("", "Agile", "V3"))


def signtool(environ: Mapping[str, str], found: str | None) -> Path | None:
    """The 32-bit program of a Windows SDK (the packages are 32-bit), else the one ``found``."""
    for name in ("ProgramFiles(x86)", "ProgramFiles"):
        if kits := sorted(Path(environ.get(name) or ".").glob(_KITS)):
            return kits[-1]
    return Path(found) if found else None


def is_certificate(text: str) -> bool:
    """Whether a text names a certificate: its thumbprint in Windows' store, or a .pfx file."""
    return bool(_THUMBPRINT.fullmatch(text.replace(" ", ""))) or (
        text.lower().endswith(".pfx") and Path(text).is_file()
    )


def sign_command(tool: Path, certificate: str, timestamp: str, file: Path) -> list[str]:
    """The command of one pass; ``timestamp`` is the address of a time server, empty for none."""
    bare = certificate.replace(" ", "")
    chosen = ["/sha1", bare] if _THUMBPRINT.fullmatch(bare) else ["/f", certificate]
    timed = ["/tr", timestamp, "/td", "SHA256"] if timestamp else []
    return [str(tool), "sign", "/fd", "SHA256", *chosen, *timed, str(file)]


def verify_command(tool: Path, file: Path) -> list[str]:
    """The command that says whether Windows takes the signature."""
    return [str(tool), "verify", "/pa", str(file)]


def missing_signatures(xlam: bytes) -> list[str]:
    """The kinds of signature that a signed add-in lacks, by the names of their parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(xlam)) as package:
            names = {name.lower() for name in package.namelist()}
    except zipfile.BadZipFile:
        names = set()
    return [part for part in _PARTS if part.lower() not in names]
