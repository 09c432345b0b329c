"""Signing a copy of the add-in where a company's rule wants it signed, or saying what is missing.

Only Microsoft's own tools sign VBA, and only on Windows; they are named and run here, not replaced.
"""

from __future__ import annotations

import shutil
import subprocess  # S404: signtool, with our own words
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kamxl.errors import SetupError
from kamxl.excel.addin import xlam
from kamxl.excel.addin.installing import Wanted, judge
from kamxl.excel.addin.places import ADDIN
from kamxl.excel.addin.signing import (
    PASSES,
    is_certificate,
    missing_signatures,
    sign_command,
    signtool,
    verify_command,
)
from kamxl.excel.addin.surroundings import Registry, WindowsRegistry, signing_packages
from kamxl.store import atomic
from kamxl.store.reading import content
from kamxl.wording.texts import texts
from kamxl.workflow.buttons.files import LARGEST
from kamxl.workflow.results import SetupPart, SetupResult


def sign(
    folder: Path,
    certificate: str,
    timestamp: str,
    language: str,
    *,
    platform: str = sys.platform,
    environ: Mapping[str, str],
    registry: Registry | None = None,
    run: Callable[[Sequence[str]], int] | None = None,
) -> SetupResult:
    """Sign a copy of the add-in in ``folder``, or say part by part what is missing for it.

    The installed add-in is not touched. SetupError: another file of that name is in the folder.
    """
    said, target = texts(language), folder / ADDIN
    tool = signtool(environ, shutil.which("signtool")) if platform == "win32" else None
    states = {
        "windows": "ok" if platform == "win32" else "missing",
        "signtool": "ok" if tool else "missing",
        "packages": "ok" if signing_packages(registry or WindowsRegistry()) else "missing",
        "certificate": "ok" if certificate and is_certificate(certificate) else "missing",
    }
    parts = [
        SetupPart(name, str(tool) if name == "signtool" and tool else None, state,
                  said(f"setup.{name}_{state}"))
        for name, state in states.items()
    ]  # fmt: skip
    if tool is None or "missing" in states.values():
        parts.append(SetupPart("copy", None, "unknown", said("setup.copy_unknown")))
        return SetupResult(platform, said.language, "sign", tuple(parts))
    _copied(target)
    state = _signed(tool, certificate, timestamp, target, run or _run)
    parts.append(SetupPart("copy", str(target), state, said(f"setup.copy_{state}")))
    return SetupResult(platform, said.language, "sign", tuple(parts))


def _copied(target: Path) -> None:
    """Ours, unsigned, in the folder; what an earlier try left there is ours, too."""
    if target.exists():
        file = Wanted("addin", target, xlam())
        if judge(content(target, LARGEST), file, ()) not in ("ok", "signed"):
            raise SetupError("addin-copy-foreign", path=target)
    atomic.write(target, xlam())


def _signed(
    tool: Path,
    certificate: str,
    timestamp: str,
    target: Path,
    run: Callable[[Sequence[str]], int],
) -> str:
    """ "new": signed in all kinds, verified, and the code is still ours; else "unsigned"."""
    for _ in range(PASSES):
        if run(sign_command(tool, certificate, timestamp, target)) != 0:
            return "unsigned"
    verified = run(verify_command(tool, target)) == 0
    made = content(target, LARGEST)
    ours = judge(made, Wanted("addin", target, xlam()), ()) == "signed"
    return "new" if verified and ours and not missing_signatures(made) else "unsigned"


def _run(command: Sequence[str]) -> int:
    # What it says stays on the screen: it names certificates and servers better than we could.
    return subprocess.run(command, check=False, stdout=sys.stderr).returncode  # noqa: S603
