"""Text on its way into XML: cleaned, cut, escaped; and element trees turned into text.

The trees come from openpyxl, which uses lxml where it is installed and the standard library where
it is not. Serialising them here makes the bytes the same in both cases.
"""

from __future__ import annotations

import re
from typing import Any

CELL_LIMIT = 32_767  # Excel counts UTF-16 units

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_XML = "http://www.w3.org/XML/1998/namespace"
_OFFICE = "http://schemas.openxmlformats.org"
_PREFIXES = {
    f"{_OFFICE}/officeDocument/2006/relationships": "r",
    f"{_OFFICE}/drawingml/2006/main": "a",
    f"{_OFFICE}/drawingml/2006/chart": "c",
    f"{_OFFICE}/drawingml/2006/spreadsheetDrawing": "xdr",
}


def clean(text: str, limit: int = CELL_LIMIT) -> str:
    """Text without what XML cannot hold, with plain line ends, at most ``limit`` UTF-16 units."""
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) * 2 <= limit else cut(text, limit)


def cut(text: str, limit: int) -> str:
    """The first ``limit`` UTF-16 units of a text; a pair is never torn apart."""
    return text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", errors="ignore")


def units(text: str) -> int:
    """The length of a text as Excel counts it."""
    return len(text.encode("utf-16-le", errors="ignore")) // 2


def escape(text: str) -> str:
    """Text for XML content or a double-quoted attribute."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;") if '"' in text else text


def attribute(text: str) -> str:
    """Text for an attribute in which line ends and tabs must survive normalisation."""
    return escape(text).replace("\n", "&#10;").replace("\t", "&#9;")


def cell_text(text: str) -> str:
    """A cell's text, cleaned and escaped; "_x0041_" typed by a person stays what it says."""
    text = clean(text)
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return escape(text)


def serialise(root: Any) -> str:
    """An element tree (lxml's or the standard library's) as XML without declaration."""
    spaces: dict[str, str] = {}
    default = root.tag[1:].partition("}")[0] if root.tag.startswith("{") else ""
    body = _element(root, default, spaces)
    declared = f' xmlns="{default}"' if default else ""
    declared += "".join(f' xmlns:{prefix}="{space}"' for space, prefix in spaces.items())
    head = len(_qualified(root.tag, default, spaces)) + 1
    return body[:head] + declared + body[head:]


def _qualified(tag: str, default: str, spaces: dict[str, str], *, attribute: bool = False) -> str:
    if not tag.startswith("{"):
        return tag
    space, _, local = tag[1:].partition("}")
    if space == _XML:
        return f"xml:{local}"
    if space == default and not attribute:
        return local
    prefix = spaces.setdefault(space, _PREFIXES.get(space) or f"n{len(spaces)}")
    return f"{prefix}:{local}"


def _element(node: Any, default: str, spaces: dict[str, str]) -> str:
    name = _qualified(node.tag, default, spaces)
    pairs = "".join(
        f' {_qualified(key, default, spaces, attribute=True)}="{attribute(value)}"'
        for key, value in node.attrib.items()
    )
    inner = escape(node.text or "") + "".join(_element(child, default, spaces) for child in node)
    return f"<{name}{pairs}>{inner}</{name}>" if inner else f"<{name}{pairs}/>"
