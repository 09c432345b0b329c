"""A workbook file taken apart for ``semantics``: parts, trees, relations. Nothing is trusted."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

OFFICE = "http://schemas.openxmlformats.org"
M = f"{{{OFFICE}/spreadsheetml/2006/main}}"
R = f"{{{OFFICE}/officeDocument/2006/relationships}}"
C = f"{{{OFFICE}/drawingml/2006/chart}}"
XDR = f"{{{OFFICE}/drawingml/2006/spreadsheetDrawing}}"
CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
Box = tuple[int, int, int, int]  # row, column, last row, last column


@dataclass
class Sheet:
    """A worksheet: its part, its tree, and the values of its cells."""

    title: str
    part: str
    tree: Any
    values: dict[tuple[int, int], Any] = field(default_factory=dict)


@dataclass
class Package:
    """The parts of a file and what could not be read of it."""

    names: list[str]
    data: dict[str, bytes]
    trees: dict[str, Any]
    faults: list[str]

    def relations(self, part: str) -> dict[str, tuple[str, bool]]:
        """The relations of a part: id → (target, is it external)."""
        folder, _, file = part.rpartition("/")
        tree = self.trees.get(posixpath.join(folder, "_rels", f"{file}.rels"))
        found = {}
        for node in tree if tree is not None else ():
            target, external = node.get("Target", ""), node.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            found[node.get("Id")] = (target, external)
        return found

    def related(self, part: str, ids: Iterator[str]) -> list[Any]:
        """The trees of the parts with these relation ids."""
        known = self.relations(part)
        targets = [known[one][0] for one in ids if one in known]
        return [self.trees[target] for target in targets if target in self.trees]

    @property
    def workbook(self) -> Any:
        return self.trees["xl/workbook.xml"]

    @property
    def strings(self) -> list[str]:
        """The shared strings, as text."""
        tree = self.trees.get("xl/sharedStrings.xml")
        return [] if tree is None else ["".join(item.itertext()) for item in tree]

    def sheets(self) -> list[Sheet]:
        """The worksheets in order."""
        known = self.relations("xl/workbook.xml")
        found = []
        for node in self.workbook.iter(f"{M}sheet"):
            part = known.get(node.get(f"{R}id"), ("", False))[0]
            if part in self.trees:
                found.append(Sheet(node.get("name"), part, self.trees[part]))
        return found


def opened(source: Path | bytes) -> Package:
    """Take a file apart."""
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    package = Package([], {}, {}, [])
    with zipfile.ZipFile(stream) as archive:
        package.names = archive.namelist()
        for name in dict.fromkeys(package.names):
            package.data[name] = archive.read(name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for name, data in package.data.items():
        if name.endswith((".xml", ".rels")):
            try:
                package.trees[name] = etree.fromstring(data, parser)
            except etree.XMLSyntaxError as error:
                package.faults.append(f"{name}: not well-formed: {error}")
            if b"<!DOCTYPE" in data:
                package.faults.append(f"{name}: has a document type")
    return package


def box(text: str) -> Box | None:
    """ "$B$4:C9" as a box; None: it is no range."""
    first, colon, last = text.partition(":")
    start = CELL.fullmatch(first)
    end = CELL.fullmatch(last) if colon else start
    if not start or not end:
        return None
    found = int(start[2]), number(start[1]), int(end[2]), number(end[1])
    if found[0] > found[2] or found[1] > found[3] or found[2] > 1_048_576 or found[3] > 16_384:
        return None
    return found


def number(letters: str) -> int:
    """The number of a column."""
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share a cell."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def target(reference: str) -> tuple[str, Box | None]:
    """ "'My sheet'!$A$1:$B$2" as sheet and box."""
    sheet, _, cells = reference.rpartition("!")
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, box(cells)
