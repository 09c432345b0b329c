"""LibreOffice, where it is installed, for workbooks that nothing else here understands.

It gets a folder and a profile of its own, without macros, links, recalculation or a way to the net,
and is killed with all it started when it uses more than it may. One works at a time for each user.
What comes out is .xlsx, which the strict reader reads like any other.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess  # S404: a program that is installed here, and its own option
import sys
import tempfile
from functools import cache
from pathlib import Path

from kamxl.apart import Allowance, Died, Purse, in_turn, program, surroundings
from kamxl.excel.reading.limits import LIMITS, MB

# A filled card takes 1.2 s and 214 MB, a plan 1.5 s and 220 MB; 210 MB are the program's own.
_MOST = Allowance(seconds=5, memory=300 * MB, patience=40)
# What is harmless has to be made with room to spare: a card takes half as long again.
_EASILY = Allowance(seconds=2.5, memory=260 * MB, patience=40)
_STARTING = 20.0  # seconds until it says which it is
_TURN = 900.0  # seconds until it is one's turn: on a busy computer each takes its time
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
_HARMLESS = (
    b'<?xml version="1.0"?><office:document office:version="1.3" '
    b'office:mimetype="application/vnd.oasis.opendocument.spreadsheet" '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    b'<office:spreadsheet><table:table table:name="A"><table:table-row>'
    b'<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
    b"</table:table-row></table:table></office:spreadsheet></office:body></office:document>"
)
_AGAIN = 81  # how it ends when it has set itself up for the first time, and wants to be begun anew
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_NOWHERE = "http://127.0.0.1:9"  # a proxy that answers nobody


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
            timeout=_STARTING,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=True,
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError) as problem:
        raise NoOffice("failed") from problem
    found = _VERSION.search(told)
    return found[0] if found else told.strip()[:40]


def as_xlsx(data: bytes, kind: str, purse: Purse | None = None) -> bytes | None:
    """The workbook (``kind``: as ``sniff.kind_of`` calls it) saved as .xlsx; None: it cannot be.

    ``purse``: of the source that it is in. Died: it takes more than one workbook may, or all of
    that source. NoOffice: that is not the file's fault.
    """
    if kind not in _FILTERS:
        return None
    command = office()
    if command is None:
        raise NoOffice("missing")
    if purse is not None:
        purse.run()
    try:
        made = _saved(command, data, kind, _MOST, purse, held=_works_held.get(command, True))
        if isinstance(made, int) and not works_held(command):
            made = _saved(command, data, kind, _MOST, purse, held=False)
    except Died as died:
        if died.reason in ("time", "memory") and not _works(command):
            raise NoOffice("failed") from died
        raise
    if isinstance(made, int):
        return None
    if len(made) > LIMITS.file:
        raise Died("memory")
    if purse is not None:
        purse.take(len(made))
    return made


_works_held: dict[str, bool] = {}  # of each program, once a workbook of ours has shown it


def works_held(command: str) -> bool:
    """Whether it works while it is held (NoOffice: it does not work in any way).

    Fences that break it, as where it is packed in a way of its own, are no file's fault, nor is one
    read less for them. No file has a say in it: a workbook of ours shows it, once.
    """
    for held in (True, False):
        if command in _works_held:
            break
        try:
            if isinstance(_saved(command, _HARMLESS, "fods", _MOST, held=held), bytes):
                _works_held[command] = held
        except Died:
            if held:  # a busy computer: that shows nothing
                return True
        except NoOffice:
            continue
    if command not in _works_held:
        raise NoOffice("failed")
    return _works_held[command]


@cache
def _works(command: str) -> bool:
    """Whether what no computer in order fails at is made within the limits: else it is too slow,
    or its program too large, and no file is to blame. Asked once in a run.
    """
    held = _works_held.get(command, True)
    with contextlib.suppress(Died, NoOffice):
        return isinstance(_saved(command, _HARMLESS, "fods", _EASILY, held=held), bytes)
    return False


def _saved(
    command: str,
    data: bytes,
    kind: str,
    most: Allowance,
    purse: Purse | None = None,
    *,
    held: bool,
) -> bytes | int:
    """What the program makes of it, or its exit status if that is nothing (Died, NoOffice)."""
    itself = _itself(command) if held else command
    try:
        # Some systems still watch a folder that was just removed.
        with (
            in_turn("libreoffice", _TURN),
            tempfile.TemporaryDirectory(prefix="kamxl-", ignore_cleanup_errors=True) as name,
        ):
            folder = Path(name)
            arguments = _arguments(itself, folder, data, kind)
            return _converted(arguments, folder, most, purse, folder if held else None)
    except OSError as problem:  # no room for its profile, no right to start it, never its turn
        raise NoOffice("failed") from problem


def _converted(
    arguments: list[str], folder: Path, most: Allowance, purse: Purse | None, within: Path | None
) -> bytes | int:
    status = program(arguments, most, _environment(folder), purse, within)
    if status == _AGAIN:
        status = program(arguments, most, _environment(folder), purse, within)
    made = folder.resolve() / "out" / "in.xlsx"
    # Whoever took it over could leave a link, and we, whom nobody holds, would follow it.
    if made.is_file() and made.resolve() == made:
        with made.open("rb") as file:
            return file.read(LIMITS.file + 1)
    return status


def _itself(command: str) -> str:
    """The program without what goes before it, which wants to write into /tmp (Linux)."""
    beside = Path(command).resolve().with_name("soffice.bin")
    return str(beside) if sys.platform == "linux" and beside.is_file() else command


def _arguments(command: str, folder: Path, data: bytes, kind: str) -> list[str]:
    """How it is called, with the file and a profile in the folder."""
    source, profile = folder / f"in.{kind}", folder / "profile"
    source.write_bytes(data)
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
    places = dict.fromkeys(("HOME", "TMPDIR", "XDG_RUNTIME_DIR"), str(folder))
    # It works there; as a socket the whole way might be longer than the system takes.
    places["OSL_SOCKET_PATH"] = "."
    kept = {} if sys.platform == "win32" else {**places, "SAL_USE_VCLPLUGIN": "svp"}
    return {**surroundings(), **proxies, **kept}
