"""A workbook's container: a zip, opened so that every byte of it is accounted for.

Every part is inflated whole, so its checksum is checked: no flipped bit goes unnoticed. Declared
sizes are an upper bound to hold the file to, never a promise to rely on.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from kamxl.excel.reading.alike import Alike
from kamxl.excel.reading.limits import Limits, Meter, Refused, too_large, unreadable
from kamxl.excel.reading.xml import Node, has_doctype, parse, within

_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED, _STREAMED, _UTF8 = 0x1, 0x8, 0x800
_DESCRIPTOR = 24  # at most, after the bytes of a streamed entry
_END, _END64 = b"PK\x05\x06", b"PK\x06\x07"
_KEPT = 1_000_000  # bytes of a file that may stay in memory when it was read
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_PACKAGE = (
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "http://purl.oclc.org/ooxml/package/relationships",
)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A pointer from one part to another: ``kind`` is the last word of its type."""

    kind: str
    target: str
    external: bool


def normal(name: str) -> str:
    """A part's name as it is compared: no leading slash, no backslash, no case."""
    return name.replace("\\", "/").lstrip("/").casefold()


_last: tuple[bytes, int, Sequence[zipfile.ZipInfo]] = (b"", 0, ())


def directory(data: bytes, limits: Limits) -> Sequence[zipfile.ZipInfo]:
    """The entries of a zip, side by side; Refused, BadZipFile and the like.

    Those of the last one are kept: what a file is, and what it holds, is asked one after the other.
    """
    global _last
    known, most, entries = _last
    if known is not data or most != limits.entries:
        entries = _directory(data, limits)
        _last = (data, limits.entries, entries) if len(data) <= _KEPT else (b"", 0, ())
    return entries


def _directory(data: bytes, limits: Limits) -> Sequence[zipfile.ZipInfo]:
    # zipfile builds all its records before anybody can count them.
    if _records(data) > limits.entries:
        raise too_large("entries")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries, begin = archive.infolist(), archive.start_dir
    if not entries or data.count(_END, begin) != 1:
        # A second end record would be another table of contents for another reader.
        raise unreadable("damaged-zip", "end record")
    end, slack = 0, 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        _refuse_gap(entry.header_offset - end, slack, entry.filename)
        end = _body(data, entry) + entry.compress_size
        slack = _DESCRIPTOR if entry.flag_bits & _STREAMED else 0
    _refuse_gap(begin - end, slack, "directory")
    return entries


def _records(data: bytes) -> int:
    """How many records zipfile would make: those of its directory, as far as it is plain where that
    lies; files that are stored as they are, workbooks in an archive, have their own before it.
    """
    end = data.rfind(_END)
    begin = 0
    if 0 <= end <= len(data) - 22 and data[end - 20 : end - 16] != _END64:
        (size,) = struct.unpack_from("<L", data, end + 12)
        begin = max(0, end - int(size))
    return data.count(b"PK\x01\x02", begin)


def _refuse_gap(gap: int, slack: int, name: str) -> None:
    """Entries share no bytes, and between them is no room for what only another reader sees."""
    if gap < 0:
        raise unreadable("overlap", name)
    if gap > slack:
        raise unreadable("gap", name)


def _body(data: bytes, entry: zipfile.ZipInfo) -> int:
    """Where an entry's bytes begin; its local header must tell the same as the directory."""
    if entry.header_offset + _LOCAL.size > len(data):
        raise unreadable("damaged-zip", entry.filename)
    head = _LOCAL.unpack_from(data, entry.header_offset)
    mark, flags, method = head[0], head[2], head[3]
    name_size, extra_size = int(head[9]), int(head[10])
    begin = entry.header_offset + _LOCAL.size
    plain = entry.flag_bits & _UTF8 or entry.orig_filename.isascii()
    name = entry.orig_filename.encode("utf-8" if plain else "cp437")
    if mark != b"PK\x03\x04" or data[begin : begin + name_size] != name:
        raise unreadable("damaged-zip", entry.filename)
    if (flags | entry.flag_bits) & _ENCRYPTED:
        raise Refused("password", "encrypted-entry", entry.filename)
    if method != entry.compress_type or method not in _METHODS:
        raise unreadable("compression", entry.filename)
    return begin + name_size + extra_size


def inflate(data: bytes, entry: zipfile.ZipInfo, most: int) -> bytes:
    """One entry whole, its size and checksum proved; never more than ``most`` bytes."""
    if entry.file_size > most:
        raise too_large("part", entry.filename)
    begin = _body(data, entry)
    raw = data[begin : begin + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        content, whole = raw, True
    else:
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        content = engine.decompress(raw, entry.file_size + 1)
        whole = engine.eof and not engine.unused_data
    if not whole or len(content) != entry.file_size or len(raw) != entry.compress_size:
        raise unreadable("part-size", entry.filename)
    if zlib.crc32(content) != entry.CRC:
        raise unreadable("crc", entry.filename)
    return content


def open_package(data: bytes, limits: Limits) -> dict[str, bytes]:
    """Every part by its normal name, proved whole and without a document type."""
    parts: dict[str, bytes] = {}
    left = limits.inflated
    for entry in directory(data, limits):
        name = _part_name(entry)
        if name in parts:
            raise unreadable("duplicate-part", name)
        if entry.file_size > left:
            raise too_large("inflated", name)
        content = inflate(data, entry, limits.part)
        left -= len(content)
        if name.endswith("/"):  # a folder, which some writers add
            _refuse_content(name, content)
            continue
        if name.endswith((".xml", ".rels")) and has_doctype(content):
            raise unreadable("dtd", name)
        parts[name] = content
    return parts


def _part_name(entry: zipfile.ZipInfo) -> str:
    name = normal(entry.orig_filename)
    steps = name.rstrip("/").split("/")
    if "\0" in name or not all(steps) or not {".", ".."}.isdisjoint(steps):
        raise unreadable("part-name", name)
    return name


def _refuse_content(name: str, content: bytes) -> None:
    if content:
        raise unreadable("part-name", name)


def relationships(
    parts: Mapping[str, bytes], source: str, meter: Meter
) -> Mapping[str, Relationship]:
    """The pointers of the part ``source`` ("" is the package itself) by their ids."""
    folder, name = posixpath.split(source)
    content = parts.get(normal(f"{folder}/_rels/{name}.rels"))
    return {} if content is None else read_relationships(content, meter)


@Alike
def read_relationships(content: bytes, meter: Meter) -> Mapping[str, Relationship]:
    """The pointers in one .rels part by their ids."""
    found: dict[str, Relationship] = {}

    def begin(attributes: dict[str, str]) -> None:
        key = attributes.get("Id", "")
        if not key or key in found:
            raise unreadable("relationship", key)
        kind = attributes.get("Type", "").rsplit("/", 1)[-1]
        external = attributes.get("TargetMode", "").strip().lower() == "external"
        found[key] = Relationship(kind, attributes.get("Target", ""), external)

    tree = within(_PACKAGE, Relationship=Node(begin=begin))
    parse(content, within(_PACKAGE, Relationships=Node(tree)), meter)
    return found


def resolve(parts: Mapping[str, bytes], source: str, link: Relationship) -> str:
    """The name of the part a pointer leads to; it must be there, and inside."""
    if link.external:
        raise unreadable("external-part", link.target)
    for target in (link.target, unquote(link.target)):
        name = _inside(source, target.replace("\\", "/"))
        if name in parts:
            return name
    raise unreadable("part-missing", link.target)


def _inside(source: str, target: str) -> str:
    steps = [] if target.startswith("/") else posixpath.dirname(source).split("/")
    for step in target.split("/"):
        if step == "..":
            if not any(steps):
                raise unreadable("target-outside", target)
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return normal("/".join(steps))
