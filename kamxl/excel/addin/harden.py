"""From xlwings' VBA module to ours: what it runs must not depend on any workbook.

Stock RunPython lets the active workbook choose the interpreter and the modules, and puts its name
on a command line; managers have files of outsiders open when they click. So everything that looks
at a workbook goes, and with it all that kamxl does not use. Each patch must match exactly once,
and the template is pinned: another xlwings stops the derivation until somebody has read it.

``python -m kamxl.excel.addin.harden`` writes vba/xlwings.bas anew.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

TEMPLATE = "xlwings_custom_addin.bas"
TEMPLATE_VERSION = "0.37.8"
TEMPLATE_SHA256 = "e08d8a1c82f8ec165da876d44deeb774ba573b96896cc80bf292228f91aea951"

FOLDER = Path(__file__).parent / "vba"
MODULE = FOLDER / "xlwings.bas"
PATCHES = FOLDER / "xlwings.patches"


class TemplateChangedError(ValueError):
    """The template is not the one that was read, or a patch does not match it exactly once."""


@dataclass(frozen=True, slots=True)
class Patch:
    """Replace ``old``, and what follows it up to ``until`` if that is given, by ``new``."""

    why: str
    old: str
    until: str
    new: str


def template() -> bytes:
    """The module as the installed xlwings has it (its package is looked up, not imported)."""
    found = importlib.util.find_spec("xlwings")
    if found is None or found.origin is None:
        raise TemplateChangedError("xlwings is not installed.")
    return Path(found.origin).with_name(TEMPLATE).read_bytes()


def harden(stock: bytes) -> str:
    """The module made of xlwings' own ``stock``, with plain line ends (TemplateChangedError)."""
    if hashlib.sha256(stock).hexdigest() != TEMPLATE_SHA256:
        raise TemplateChangedError(f"{TEMPLATE} is not that of {TEMPLATE_VERSION}: read it anew.")
    text = stock.decode("ascii").replace("\r\n", "\n")
    for patch in patches(PATCHES.read_text(encoding="ascii")):
        text = patched(text, patch)
    return text


def patches(source: str) -> list[Patch]:
    """The patches of a file; its format stands at its top."""
    found = []
    for block in ("\n" + source).split("\n@ ")[1:]:
        why, *lines = block.split("\n")
        old, until, new = (_lines(lines, sign) for sign in "-=+")
        found.append(Patch(why, old, until, new))
    return found


def patched(text: str, patch: Patch) -> str:
    """The text with one patch applied (TemplateChangedError: it does not match exactly once)."""
    head, rest = _split(text, patch.old, patch.why)
    if patch.until:
        rest = patch.until + _split(rest, patch.until, patch.why)[1]
    return head + patch.new + rest


def _lines(lines: list[str], sign: str) -> str:
    return "".join(line[1:] + "\n" for line in lines if line.startswith(sign))


def _split(text: str, needle: str, why: str) -> tuple[str, str]:
    """What stands before and after the one place of ``needle``."""
    # The line end before it: a needle is whole lines.
    parts = ("\n" + text).split("\n" + needle)
    if len(parts) != 2 or not needle:
        raise TemplateChangedError(
            f"{len(parts) - 1} matches instead of one: {why} {needle[:80]!r}"
        )
    return (parts[0] + "\n")[1:], parts[1]


if __name__ == "__main__":
    MODULE.write_text(harden(template()), encoding="ascii", newline="\n")
