"""A page of ours as PDF, by a browser that is installed: Chrome, Edge or Chromium, unseen.

It gets a folder and a profile of its own and no way to the net, and is killed with all it started
when it uses more than it may. Where the system offers that it is held as LibreOffice is, and then
in one process: parts of a browser that start others would be refused. LibreOffice prints no page:
of our styles its Writer knows too few, and one sheet became three.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
import tempfile
from datetime import date
from os import environ
from pathlib import Path

from kamxl.apart import Allowance, Died, program, surroundings

_MB = 1 << 20
_MOST = Allowance(seconds=20, memory=1500 * _MB, patience=60)  # 1 s and 200 MB on Linux
_TRIES = 2  # on a busy computer a browser gives up now and then
_LARGEST = 20 * _MB  # of a PDF; one page has some 50 kB
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
          "msedge", "microsoft-edge")  # fmt: skip
_MAC = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "Chromium.app/Contents/MacOS/Chromium",
)
_WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_NOWHERE = "http://127.0.0.1:9"  # a proxy that answers nobody
_MADE = re.compile(rb"(/(?:CreationDate|ModDate)\s*\(D:)(\d{14})([^)]*\))")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")


def browser() -> str | None:
    """The program, if one is installed."""
    found = (shutil.which(name) for name in _NAMES)
    return next((one for one in found if one), None) or next(
        (str(place) for place in _places() if place.is_file()), None
    )


def as_pdf(html: bytes, command: str) -> bytes | None:
    """The page printed by a browser; None: it fails at it, or takes more than it may."""
    for _ in range(_TRIES):
        with (
            contextlib.suppress(OSError, Died),
            tempfile.TemporaryDirectory(prefix="kamxl-", ignore_cleanup_errors=True) as name,
        ):
            made = _printed(html, command, Path(name).resolve())
            if made is not None:
                return made
    return None


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF of ours has."""
    return len(_PAGE.findall(pdf))


def dated(pdf: bytes, day: date) -> bytes:
    """A PDF that says it was made on that day, whenever it was: same page, same bytes."""
    stamp = f"{day:%Y%m%d}000000".encode()
    return _MADE.sub(lambda found: found[1] + stamp + found[3], pdf)


def _places() -> list[Path]:
    if sys.platform == "darwin":
        return [Path("/Applications") / one for one in _MAC]
    if sys.platform == "win32":
        roots = [root for key in _ROOTS if (root := environ.get(key))]
        return [Path(root) / one for root in roots for one in _WINDOWS]
    return []


def _printed(html: bytes, command: str, folder: Path) -> bytes | None:
    page, made = folder / "page.html", folder / "page.pdf"
    page.write_bytes(html)
    held = sys.platform == "linux"
    alone = ("--no-sandbox", "--no-zygote", "--single-process") if held else ()
    arguments = [
        command,
        "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check",
        "--disable-extensions", "--disable-sync", "--disable-background-networking",
        "--disable-component-update", "--disable-dev-shm-usage", "--disable-breakpad",
        *alone,
        f"--proxy-server={_NOWHERE}",
        f"--user-data-dir={folder / 'profile'}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={made}",
        page.as_uri(),
    ]  # fmt: skip
    status = program(arguments, _MOST, _environment(folder), None, folder if held else None)
    # Whoever took it over could leave a link, and we, whom nobody holds, would follow it.
    if status or not made.is_file() or made.resolve() != made:
        return None
    with made.open("rb") as file:
        data = file.read(_LARGEST + 1)
    return data if data.startswith(b"%PDF") and len(data) <= _LARGEST else None


def _environment(folder: Path) -> dict[str, str]:
    """The program's surroundings: on Linux no home but the folder."""
    places = ("HOME", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    kept = dict.fromkeys(places, str(folder)) if sys.platform == "linux" else {}
    return {**surroundings(), **kept}
