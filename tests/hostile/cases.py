"""Every attack and every damage as a file with a name, and what has to become of it."""

from __future__ import annotations

from functools import cache

from tests.hostile import others, packed, workbooks
from tests.hostile.packed import Packed

# What lies behind a workbook's name is said in other words than the reader's.
_BY_NAME = {
    "foreign: mail": "mail-without-workbook",
    "foreign: ole-msg": "container-damaged",
    "foreign: xml": "format-unsupported/xml",
    "foreign: fods": "format-unsupported/fods",
    "damage: empty-zip": "unreadable/zip",
}
# Files that are still not what they should be. One that passes fails the test: take it out then.
KNOWN_FAILURES: dict[str, str] = {}


def _of_workbooks() -> dict[str, Packed]:
    found: dict[str, Packed] = {}
    for name, (data, code) in workbooks.everything().items():
        if name.startswith("foreign") and code in ("not-a-workbook", "format-unsupported"):
            code = "unreadable"
        found[name] = ("card.xlsx", data, (_BY_NAME.get(name, code or "not-ours"),))
    return found


def _of_others() -> dict[str, Packed]:
    return {
        name: (f"card.{name.split('-')[0]}", data, (code or "not-ours",))
        for name, (data, code) in others.everything().items()
    }


@cache
def everything() -> dict[str, Packed]:
    """All of them by name: file name, content, the code expected for each file found in it.

    A code stands for all its reasons, "code/reason" for one, "*" for any honest end.
    """
    return {**_of_workbooks(), **_of_others(), **packed.everything()}


def fits(found: list[str], expected: tuple[str, ...]) -> bool:
    """Whether what was found is what was expected."""
    return len(found) == len(expected) and all(
        one == "*" or f"{what}/".startswith(f"{one}/")
        for what, one in zip(found, expected, strict=True)
    )
