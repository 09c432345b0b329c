"""Writes Outlook's .msg files for the tests: an OLE file with one stream per property.

As little as its readers need: 512-byte sectors, no small streams, names in one chain.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass
class Node:
    """A storage or, with data, a stream."""

    name: str
    data: bytes | None = None
    inside: list[Node] = field(default_factory=list)


@dataclass
class Letters:
    """How an older Outlook writes texts, and the code pages that it names: property → number."""

    codec: str
    pages: dict[int, int]


def msg(
    subject: str,
    sender: str,
    address: str,
    sent: datetime,
    attached: list[tuple[str, bytes]],
    content_ids: tuple[str, ...] = (),
    letters: Letters | None = None,
) -> bytes:
    """A mail with attachments, each with a content id as far as there are any."""
    return ole(mail(subject, sender, address, sent, attached, content_ids, letters))


def mail(
    subject: str,
    sender: str,
    address: str,
    sent: datetime,
    attached: list[tuple[str, bytes]],
    content_ids: tuple[str, ...] = (),
    letters: Letters | None = None,
    begin: int = 32,
) -> Node:
    """The storage of a mail; ``begin`` is 24 where it is inside another."""
    ticks = int((sent - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
    properties = b"\0" * begin + struct.pack("<HHIQ", 0x0040, 0x0039, 6, ticks)
    for tag, page in (letters.pages if letters else {}).items():
        properties += struct.pack("<HHIII", 0x0003, tag, 6, page, 0xDEAD)  # the rest is anything
    root = Node("Root Entry")
    root.inside = [
        Node("__properties_version1.0", properties),
        text("0037", subject, letters),
        text("0C1A", sender, letters),
        text("5D01", address, letters),
    ]
    for number, (name, data) in enumerate(attached):
        content = [text("3707", name, letters), Node("__substg1.0_37010102", data)]
        content += [text("3712", cid, letters) for cid in content_ids[number : number + 1]]
        root.inside.append(Node(f"__attach_version1.0_#{number:08X}", None, content))
    return root


def forwarded(outer: Node, inner: Node) -> bytes:
    """A mail with another one attached."""
    inner.name = "__substg1.0_3701000D"
    outer.inside.append(Node("__attach_version1.0_#00000099", None, [inner]))
    return ole(outer)


def text(tag: str, value: str, letters: Letters | None = None) -> Node:
    """A property that is a text: in Unicode, or in the letters of a code page."""
    if letters is not None:
        return Node(f"__substg1.0_{tag}001E", value.encode(letters.codec))
    return Node(f"__substg1.0_{tag}001F", value.encode("utf-16-le"))


def ole(root: Node) -> bytes:
    """The compound file of a tree; what is shorter than 4096 bytes is filled up with zeros."""
    entries, contents = [root], []
    places: dict[int, tuple[int, int, int]] = {}  # next sibling, child, start

    def add(node: Node) -> None:
        for child in node.inside:
            entries.append(child)
            if child.data is not None:
                child.data = child.data.ljust(4096, b"\0")
        for child in node.inside:
            add(child)

    add(root)
    index = {id(node): n for n, node in enumerate(entries)}
    sectors = 0
    starts = {}
    for node in entries:
        if node.data:
            starts[id(node)] = sectors
            contents.append(node.data + b"\0" * (-len(node.data) % SECTOR))
            sectors += len(contents[-1]) // SECTOR
    for node in entries:
        siblings = [index[id(child)] for child in node.inside]
        for this, after in zip(siblings, [*siblings[1:], FREE], strict=False):
            places[this] = (after, 0, 0)
    directory = b"".join(_entry(node, n, places, index, starts) for n, node in enumerate(entries))
    directory += b"\0" * (-len(directory) % SECTOR)
    begin, count = sectors, len(directory) // SECTOR
    fat = []
    for content in contents:
        length = len(content) // SECTOR
        fat += [len(fat) + 1 + n for n in range(length - 1)] + [END]
    fat += [begin + 1 + n for n in range(count - 1)] + [END]
    total = len(fat)
    size = -(-total // 127)
    fat += [FAT] * size
    fat += [FREE] * (size * 128 - len(fat))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\0" * 16, 0x3E, 3, 0xFFFE, 9, 6, b"\0" * 6,
        0, size, begin, 0, 0, END, 0, END, 0,
    )  # fmt: skip
    table = [total + n for n in range(size)] + [FREE] * (109 - size)
    header += struct.pack("<109I", *table)
    return header + b"".join(contents) + directory + struct.pack(f"<{len(fat)}I", *fat)


def _entry(node: Node, number: int, places: dict, index: dict, starts: dict) -> bytes:
    name = node.name.encode("utf-16-le")
    kind = 5 if number == 0 else (2 if node.data is not None else 1)
    after = places.get(number, (FREE, 0, 0))[0]
    child = index[id(node.inside[0])] if node.inside else FREE
    start = starts.get(id(node), END)
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        name, len(name) + 2, kind, 1, FREE, after, child, b"\0" * 16, 0, 0, 0, start,
        len(node.data or b""),
    )  # fmt: skip
