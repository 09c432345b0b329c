"""XML from outside, as a stream of the few elements somebody asked for.

A document is described by a tree of ``Node``: what is not in the tree is skipped with all it holds.
Expat does the parsing; document types, entities, foreign encodings and anything beyond the limits
end it. The data go in by small pieces, because expat finishes its piece before it reports an
exception of a handler, and because a token that never ends is only seen between two pieces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.parsers import expat  # S405: the parser below refuses what makes expat unsafe

from kamxl.excel.reading.limits import Limits, Meter, Refused, too_large, unreadable

_PIECE = 64 * 1024
_NAMES = 5_000  # distinct names in one part; expat and Python keep every one
_URI = 1_000  # a namespace is repeated in each name: a long one multiplies
_ENCODINGS = {"utf-8", "utf-16", "us-ascii", "iso-8859-1"}  # those expat knows by itself

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # "strict"
)
_LINKS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_HALF = re.compile("[\ud800-\udfff]")
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))


class Node:
    """One element that is wanted: its children by expat name, and what to call.

    ``begin`` gets the attributes, ``end`` the element's own text (if ``text``, else "").
    """

    __slots__ = ("begin", "children", "end", "text")

    def __init__(
        self,
        children: Mapping[str, Node] | None = None,
        begin: Callable[[dict[str, str]], None] | None = None,
        end: Callable[[str], None] | None = None,
        text: bool = False,
    ) -> None:
        self.children: Mapping[str, Node] = {} if children is None else children
        self.begin = begin
        self.end = end
        self.text = text


_SKIP = Node()


def within(namespaces: tuple[str, ...], **nodes: Node) -> dict[str, Node]:
    """Nodes by the names expat gives them, in each of the namespaces."""
    return {f"{space} {name}": node for space in namespaces for name, node in nodes.items()}


def main(**nodes: Node) -> dict[str, Node]:
    """Nodes of SpreadsheetML, transitional and strict."""
    return within(MAIN, **nodes)


def link_id(attributes: Mapping[str, str]) -> str | None:
    """The ``r:id`` among an element's attributes."""
    return next((attributes[key] for s in _LINKS if (key := f"{s} id") in attributes), None)


def has_doctype(data: bytes) -> bool:
    """Whether a part may hold a document type; a comment that shows one counts too."""
    first, *wide = _DOCTYPES
    return first in data or (b"\0" in data and any(mark in data for mark in wide))


def unescape(text: str) -> str:
    """Text with Excel's ``_x000D_`` escapes resolved, halves of characters joined."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if _HALF.search(text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def parse(data: bytes, root: Mapping[str, Node], meter: Meter) -> None:
    """Walk through ``data`` and call what ``root`` asks for; Refused, ExpatError."""
    if has_doctype(data):  # before expat sees it, which would still finish its piece
        raise unreadable("dtd")
    depth, most, limits = 0, meter.limits.attributes, meter.limits
    node, stack, pieces = Node(root), [_SKIP], list[str]()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal node, depth
        depth += 1
        meter.elements += 1
        if depth > limits.depth or len(attributes) > most or meter.elements > limits.elements:
            raise _beyond(depth, len(attributes), limits)
        stack.append(node)
        node = node.children.get(name, _SKIP)
        if node.begin is not None:
            node.begin(attributes)
        if depth == 1 and node is _SKIP:
            raise unreadable("root", name)

    def end(_: str) -> None:
        nonlocal node, depth
        depth -= 1
        if node.text:
            whole = "".join(pieces)
            pieces.clear()
        else:
            whole = ""
        if node.end is not None:
            node.end(whole)
        node = stack.pop()

    def text(piece: str) -> None:
        if node.text:
            pieces.append(piece)
            meter.text += len(piece)
            if meter.text > limits.text:
                raise too_large("text")

    names: dict[str, str] = {}
    parser = expat.ParserCreate(namespace_separator=" ", intern=names)
    _harden(parser)
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    _feed(parser, data, names, limits)


def _beyond(depth: int, attributes: int, limits: Limits) -> Refused:
    if depth > limits.depth:
        return too_large("depth")
    return too_large("attributes" if attributes > limits.attributes else "elements")


def _harden(parser: expat.XMLParserType) -> None:
    """Refuse what a workbook never needs and an attack does."""

    def declaration(*_: object) -> None:
        raise unreadable("dtd")

    def reference(*_: object) -> int:
        raise unreadable("dtd")

    def opening(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise unreadable("encoding", encoding)

    def namespace(_prefix: str | None, uri: str | None) -> None:
        if uri is not None and len(uri) > _URI:
            raise too_large("namespace")

    # Newer expats put a long token off; the pieces are large and the token short enough without.
    getattr(parser, "SetReparseDeferralEnabled", lambda _: None)(False)
    parser.StartDoctypeDeclHandler = declaration
    parser.EntityDeclHandler = declaration
    parser.ExternalEntityRefHandler = reference
    parser.XmlDeclHandler = opening
    parser.StartNamespaceDeclHandler = namespace


def _feed(
    parser: expat.XMLParserType, data: bytes, names: Mapping[str, str], limits: Limits
) -> None:
    for begin in range(0, len(data), _PIECE):
        piece = data[begin : begin + _PIECE]
        parser.Parse(piece, False)
        if begin + len(piece) - parser.CurrentByteIndex > limits.token:
            raise too_large("token")
        if len(names) > _NAMES:
            raise too_large("names")
    parser.Parse(b"", True)
