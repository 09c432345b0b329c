"""What a process apart, or another program, may know of this computer: an allow-list.

Passwords live in environment variables. Whoever works on files from outside gets none of them, and
no variable that nobody thought of.
"""

from __future__ import annotations

import os

_NEEDED = frozenset(
    {
        # where programs, their libraries, homes and scratch folders are
        "PATH", "PATHEXT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP",
        "LD_LIBRARY_PATH_ORIG", "DYLD_LIBRARY_PATH_ORIG",
        "HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA",
        # Windows starts no Python without the first of these
        "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "OS", "PROGRAMDATA", "ALLUSERSPROFILE",
        "PUBLIC", "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "COMMONPROGRAMFILES",
        "COMMONPROGRAMFILES(X86)", "COMMONPROGRAMW6432", "NUMBER_OF_PROCESSORS",
        "PROCESSOR_ARCHITECTURE", "PROCESSOR_IDENTIFIER",
        # how people here write
        "LANG", "LANGUAGE", "TZ", "LC_ALL", "LC_ADDRESS", "LC_COLLATE", "LC_CTYPE",
        "LC_IDENTIFICATION", "LC_MEASUREMENT", "LC_MESSAGES", "LC_MONETARY", "LC_NAME",
        "LC_NUMERIC", "LC_PAPER", "LC_TELEPHONE", "LC_TIME",
        # our Python as this one was started
        "PYTHONHOME", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX",
        "PYTHONHASHSEED", "PYTHONNOUSERSITE", "PYTHONPLATLIBDIR", "KAMXL_DEBUG",
    }
)  # fmt: skip
# What a standalone build tells itself, so as not to be unpacked again. (Not all of "LC_": servers
# pass on whatever begins so, and people hide things in it.)
_BEGINNING = "_PYI_"


def surroundings() -> dict[str, str]:
    """The environment variables that are handed on; Windows spells them in any case."""
    return {name: value for name, value in os.environ.items() if _needed(name.upper())}


def _needed(name: str) -> bool:
    return name in _NEEDED or name.startswith(_BEGINNING)
