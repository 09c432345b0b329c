"""Where the add-in and what belongs to it lie on this machine. Nothing is looked at or written.

Excel opens every workbook in its start-up folder, and on macOS its sandbox lets it read only its
own container and run only the AppleScript in one folder. All is the user's own: no rights needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ADDIN = "kamxl.xlam"
CONF = "kamxl-addin.conf"
SCRIPT = "kamxl.applescript"
OWN = ".kamxl-addin"
SHARED = "kamxl-addin"

_MAC_START = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized"
_MAC_SCRIPTS = "Library/Application Scripts/com.microsoft.Excel"
_MAC_DATA = "Library/Containers/com.microsoft.Excel/Data"
_MAC_SHARED = Path("/Library/Application Support")
_MAC_SHARED_START = "Microsoft/Office365/User Content.localized/Startup.localized/Excel"


@dataclass(frozen=True, slots=True)
class Places:
    """The paths of one user's installation; ``script`` is None where none is needed.

    ``memory`` is the folder last worked in, ``log`` what went wrong at the last press, ``scratch``
    a folder for the temporary workbook that Excel opens, ``record`` what the installer wrote.
    """

    addin: Path
    conf: Path
    script: Path | None
    memory: Path
    log: Path
    scratch: Path
    record: Path


def places_of(platform: str, home: Path, environ: Mapping[str, str]) -> Places:
    """The places on ``platform`` (as sys.platform); an unknown one has all below its own folder."""
    if platform == "win32":
        # The same variables as the add-in reads, should they differ from what Python takes as home.
        home = Path(environ.get("USERPROFILE") or home)
        roaming = Path(environ.get("APPDATA") or home / "AppData" / "Roaming")
        return _below(home / OWN, roaming / "Microsoft" / "Excel" / "XLSTART" / ADDIN)
    if platform == "darwin":
        own = home / _MAC_DATA / OWN
        return _below(own, home / _MAC_START / "Excel" / ADDIN, home / _MAC_SCRIPTS / SCRIPT)
    return _below(home / OWN, home / OWN / ADDIN)


def shared_places(platform: str, environ: Mapping[str, str], office: Path | None) -> Places | None:
    """The places of an installation for all users, which only an administrator can write.

    ``office`` is where Excel itself is (Windows); None: it is not known, or there is no such place.
    On macOS each user still needs the script of her own: Excel's sandbox runs no other.
    """
    if platform == "win32" and office is not None:
        # Where the add-in looks, too. ProgramData would not do: there everybody can make folders.
        programs = environ.get("ProgramW6432") or environ.get("ProgramFiles")
        if programs:
            return _below(Path(programs) / SHARED, office / "XLSTART" / ADDIN)
    if platform == "darwin":
        return _below(_MAC_SHARED / SHARED, _MAC_SHARED / _MAC_SHARED_START / ADDIN)
    return None


def supported(platform: str) -> bool:
    """Whether Excel with VBA runs there."""
    return platform in ("win32", "darwin")


def _below(own: Path, addin: Path, script: Path | None = None) -> Places:
    return Places(
        addin=addin,
        conf=own / CONF,
        script=script,
        memory=own / "addin.json",
        log=own / "addin.log",
        scratch=own / "scratch",
        record=own / "installed.json",
    )
