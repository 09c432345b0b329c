"""LibreOffice, where it is installed, for workbooks that nothing else here understands.

It gets a folder and a profile of its own, without macros, links, recalculation or a way to the net,
and is killed with all it started when it uses more than it may. What comes out is .xlsx, which the
strict reader reads like any other.
"""

from __future__ import annotations

import re
import shutil
import subprocess  # S404: a program that is installed here, and its own option
import sys
import tempfile
from pathlib import Path

from kamxl.apart import Allowance, Died, program, surroundings
from kamxl.excel.reading.limits import LIMITS, MB

_MOST = Allowance(seconds=20, memory=1024 * MB, patience=40)
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_FILTER = "xlsx:Calc MS Excel 2007 XML"
# Named, because LibreOffice takes whatever it does not know for a text, and reads that.
_FILTERS = {
    "ods": "calc8",
    "fods": "OpenDocument Spreadsheet Flat XML",
    "xls": "MS Excel 97",
    "xlsb": "Calc MS Excel 2007 Binary",
    "xml": "MS Excel 2003 XML",
}
# Nothing runs, nothing is followed, values stay as they were stored.
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Calc/Content/Update", "Link", "2"),
    ("Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("Calc/Formula/Load", "ODFRecalcMode", "1"),
)
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_NOWHERE = "http://127.0.0.1:9"  # a proxy that answers nobody


_AGAIN = 81  # how it ends when it has set itself up for the first time, and wants to be begun anew
_SAMPLE = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document'
    b' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    b' office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
    b'<office:body><office:spreadsheet><table:table table:name="A"><table:table-row>'
    b'<table:table-cell office:value-type="float" office:value="1"/>'
    b"</table:table-row></table:table></office:spreadsheet></office:body></office:document>"
)


class NoOffice(Exception):  # noqa: N818 nothing of ours went wrong
    """LibreOffice does nothing here; ``why``: "missing", or "failed" to start or to work at all."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def office() -> str | None:
    """The program, if it is installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def version(command: str) -> str:
    """What the program says of itself: "LibreOffice 24.2.7.2" (NoOffice: it does not start)."""
    try:
        told = subprocess.run(  # noqa: S603 no file from outside has a say in it
            [command, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
            timeout=_MOST.seconds,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=True,
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError) as problem:
        raise NoOffice("failed") from problem
    found = _VERSION.search(told)
    return found[0] if found else told.strip()[:40]


def as_xlsx(data: bytes, kind: str) -> bytes | None:
    """The workbook (``kind``: as ``sniff.kind_of`` calls it) saved as .xlsx; None: it cannot be.

    NoOffice: that is not the file's fault.
    """
    if kind not in _FILTERS:
        return None
    command = office()
    if command is None:
        raise NoOffice("missing")
    found = _found(command, data, kind, held=_works_held.get(command, True))
    if not isinstance(found, bytes | Died) and not works_held(command):
        found = _found(command, data, kind, held=False)
    return found if isinstance(found, bytes) else None


_works_held: dict[str, bool] = {}  # of each program, once a workbook of ours has shown it


def works_held(command: str) -> bool:
    """Whether it works while it is held (NoOffice: it does not work in any way).

    Fences that break it, as where it is packed in a way of its own, are no file's fault, nor is one
    read less for them. No file has a say in it: a workbook of ours shows it, once.
    """
    for held in (True, False):
        if command in _works_held:
            break
        found = _found(command, _SAMPLE, "fods", held=held)
        if isinstance(found, bytes):
            _works_held[command] = held
        if isinstance(found, Died):  # a busy computer: that shows nothing
            return True
    if command not in _works_held:
        raise NoOffice("failed")
    return _works_held[command]


def _found(command: str, data: bytes, kind: str, *, held: bool) -> bytes | Exception | None:
    """The workbook, or why there is none (None: nobody knows)."""
    try:
        # Some systems still watch a folder that was just removed.
        with tempfile.TemporaryDirectory(prefix="kamxl-", ignore_cleanup_errors=True) as name:
            return _converted(command, Path(name), data, kind, held=held)
    except (Died, OSError) as problem:  # OSError: no room for its profile, no right to start it
        return problem


def _converted(command: str, folder: Path, data: bytes, kind: str, *, held: bool) -> bytes | None:
    source, result = folder / f"in.{kind}", folder / "out" / "in.xlsx"
    source.write_bytes(data)
    itself = _itself(command) if held else command
    arguments, within = _arguments(itself, folder, source, kind), folder if held else None
    status = program(arguments, _MOST, _environment(folder), within)
    if status == _AGAIN:
        status = program(arguments, _MOST, _environment(folder), within)
    if result.exists():
        return result.read_bytes() if result.stat().st_size <= LIMITS.file else None
    return None


def _itself(command: str) -> str:
    """The program without what goes before it, which wants to write into /tmp (Linux)."""
    beside = Path(command).resolve().with_name("soffice.bin")
    return str(beside) if sys.platform == "linux" and beside.is_file() else command


def _arguments(command: str, folder: Path, source: Path, kind: str) -> list[str]:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    settings = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{settings}</oor:items>",
        encoding="utf-8",
    )
    return [
        command,
        "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
        f"-env:UserInstallation={profile.as_uri()}",
        f"--infilter={_FILTERS[kind]}",
        "--convert-to", _FILTER,
        "--outdir", str(folder / "out"),
        str(source),
    ]  # fmt: skip


def _environment(folder: Path) -> dict[str, str]:
    """The program's surroundings: no way to the net, no home, no screen."""
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), _NOWHERE)
    places = dict.fromkeys(("HOME", "TMPDIR", "XDG_RUNTIME_DIR", "OSL_SOCKET_PATH"), str(folder))
    kept = {} if sys.platform == "win32" else {**places, "SAL_USE_VCLPLUGIN": "svp"}
    return {**surroundings(), **proxies, **kept}
