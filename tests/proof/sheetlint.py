"""The part of ``semantics`` that looks into sheets, tables and charts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from tests.proof.formulas import faults, reads_itself
from tests.proof.package import Box, C, M, Package, R, Sheet, box, overlap, target

_LIMITS = {"error": 255, "prompt": 255, "errorTitle": 32, "promptTitle": 32}


def sheet_problems(package: Package) -> Iterator[str]:
    """All checks of all worksheets."""
    sheets = package.sheets()
    titles = {sheet.title for sheet in sheets}
    tables: list[tuple[str, str]] = []
    for sheet in sheets:
        checks = (
            _rows(sheet, package),
            _cells(sheet, package, titles),
            _rules(sheet, package, titles),
            _validations(sheet, titles),
            _links(sheet, titles),
            _furniture(sheet),
            _tables(sheet, package, tables),
        )
        for check in checks:
            yield from (f"{sheet.title}: {problem}" for problem in check)
    names = {str(node.get("name")).lower() for node in package.workbook.iter(f"{M}definedName")}
    for name, number in tables:
        if tables.count((name, number)) > 1 or [n for n, _ in tables].count(name) > 1:
            yield f"two tables called {name!r}"
        if [i for _, i in tables].count(number) > 1:
            yield f"two tables with id {number}"
        if name in names:
            yield f"a table and a name are both called {name!r}"


def _rows(sheet: Sheet, package: Package) -> Iterator[str]:
    strings, last_row = package.strings, 0
    for row in sheet.tree.iter(f"{M}row"):
        at = int(row.get("r"))
        if at <= last_row:
            yield f"row {at} is out of order"
        last_row, last_column = at, 0
        for cell in row:
            place = box(cell.get("r", ""))
            if place is None or place[0] != at or place[1] <= last_column:
                yield f"{cell.get('r')} is twice there or out of order"
                continue
            last_column = place[1]
            sheet.values[at, last_column] = _value(cell, strings)


def _value(cell: Any, strings: list[str]) -> Any:
    text, kind = cell.findtext(f"{M}v"), cell.get("t", "n")
    try:
        if kind == "s":
            return strings[int(text)]
        if text is None or kind in ("str", "e", "inlineStr"):
            return text
        return text == "1" if kind == "b" else float(text)
    except (TypeError, ValueError, IndexError):
        return None


def _cells(sheet: Sheet, package: Package, titles: set[str]) -> Iterator[str]:
    styles = len(package.trees["xl/styles.xml"].find(f"{M}cellXfs"))
    strings = len(package.strings)
    for cell in sheet.tree.iter(f"{M}c"):
        address = cell.get("r")
        if int(cell.get("s", 0)) >= styles:
            yield f"{address} has a style that does not exist"
        for fault in _content(cell, strings):
            yield f"{address} {fault}"
        formula = cell.find(f"{M}f")
        if formula is not None:
            for fault in _formula(cell, formula, titles):
                yield f"{address} {fault}"
            if reads_itself(formula.text or "", sheet.title, address):
                yield f"{address} reads itself, which Excel calls a circular reference"


def _content(cell: Any, strings: int) -> Iterator[str]:
    kind, text = cell.get("t", "n"), cell.findtext(f"{M}v")
    if kind not in ("n", "s", "str", "b", "e"):
        yield f"is of type {kind!r}"
    elif kind == "s" and not (text and text.isdigit() and int(text) < strings):
        yield f"shows a shared string that does not exist ({text})"
    elif kind == "n" and text is not None and not _finite(text):
        yield f"is no number ({text!r})"
    elif kind == "b" and text not in ("0", "1"):
        yield f"is no truth value ({text!r})"


def _finite(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


def _formula(cell: Any, formula: Any, titles: set[str]) -> Iterator[str]:
    value = cell.find(f"{M}v")
    if value is None or (value.text is None and cell.get("t") != "str"):
        yield "is a formula without a stored value"
    if formula.get("t") in ("array", "dataTable") or cell.get("cm"):
        yield "is an array formula"
    if formula.get("t") != "shared" and not formula.text:
        yield "is an empty formula"
    yield from faults(formula.text or "", titles)


def _rules(sheet: Sheet, package: Package, titles: set[str]) -> Iterator[str]:
    looks = package.trees["xl/styles.xml"].find(f"{M}dxfs")
    count, priorities = 0 if looks is None else len(looks), []
    for block in sheet.tree.iter(f"{M}conditionalFormatting"):
        if not _boxes(block.get("sqref")):
            yield f"a conditional format has no cells ({block.get('sqref')})"
        for rule in block.iter(f"{M}cfRule"):
            priorities.append(rule.get("priority"))
            if int(rule.get("dxfId", -1)) >= count:
                yield f"a conditional format's look does not exist ({rule.get('dxfId')})"
            for formula in rule.iter(f"{M}formula"):
                for fault in faults(formula.text or "", titles, 255):
                    yield f"a conditional format {fault}"
    if len(priorities) != len(set(priorities)):
        yield "two conditional formats have one priority"


def _validations(sheet: Sheet, titles: set[str]) -> Iterator[str]:
    places: list[Box] = []
    for rule in sheet.tree.iter(f"{M}dataValidation"):
        boxes = _boxes(rule.get("sqref"))
        if not boxes:
            yield f"a validation has no cells ({rule.get('sqref')})"
        places += boxes
        for key, limit in _LIMITS.items():
            if len(rule.get(key, "").encode("utf-16-le")) > 2 * limit:
                yield f"a validation's {key} has over {limit} characters"
        for formula in rule:
            for fault in faults(formula.text or "", titles, 255):
                yield f"a validation {fault}"
    if any(overlap(one, other) for one, other in combinations(places, 2)):
        yield "two validations overlap"


def _boxes(text: str | None) -> list[Box]:
    found = [box(part) for part in (text or "").split()]
    return [] if None in found else [one for one in found if one]


def _links(sheet: Sheet, titles: set[str]) -> Iterator[str]:
    for link in sheet.tree.iter(f"{M}hyperlink"):
        place, cells = target(link.get("location") or "")
        if link.get(f"{R}id") is not None:
            yield f"{link.get('ref')} links to outside"
        elif place not in titles or cells is None:
            yield f"{link.get('ref')} links to nothing ({link.get('location')})"


def _furniture(sheet: Sheet) -> Iterator[str]:
    tree = sheet.tree
    if next(tree.iter(f"{M}mergeCell"), None) is not None:
        yield "has merged cells"
    for node in tree.iter(f"{M}sheetProtection"):
        if node.get("password") or node.get("hashValue"):
            yield "is protected by a password"
    extent = tree.find(f"{M}dimension")
    place = None if extent is None else box(extent.get("ref"))
    if place and any(not overlap(place, (r, c, r, c)) for r, c in sheet.values):
        yield "has cells outside its dimension"
    for name in ("oddHeader", "oddFooter"):
        if len(tree.findtext(f"{M}headerFooter/{M}{name}") or "") > 255:
            yield f"its {name} is too long"


def _tables(sheet: Sheet, package: Package, seen: list[tuple[str, str]]) -> Iterator[str]:
    ids = (node.get(f"{R}id") for node in sheet.tree.iter(f"{M}tablePart"))
    boxes: list[Box] = []
    for table in package.related(sheet.part, ids):
        name = table.get("displayName")
        seen.append((name.lower(), table.get("id")))
        columns, place = table.find(f"{M}tableColumns"), box(table.get("ref"))
        if place is None or len(columns) != place[3] - place[1] + 1 or place[2] == place[0]:
            yield f"table {name!r} does not fit its cells"
            continue
        boxes.append(place)
        heads = [node.get("name") for node in columns]
        if len({head.lower() for head in heads}) != len(heads):
            yield f"table {name!r} has a column twice"
        for at, head in enumerate(heads):
            cell = sheet.values.get((place[0], place[1] + at))
            if cell != head.replace("_x000a_", "\n"):
                yield f"table {name!r}: the header {head!r} is not in its cell ({cell!r})"
    if any(overlap(one, other) for one, other in combinations(boxes, 2)):
        yield "two tables overlap"


def chart_problems(package: Package) -> Iterator[str]:
    """References and caches of all charts (after ``sheet_problems``, which reads the cells)."""
    sheets = {sheet.title: sheet for sheet in package.sheets()}
    for sheet in sheets.values():
        list(_rows(sheet, package))
    for name, tree in package.trees.items():
        if not name.startswith("xl/charts/") or name.endswith(".rels"):
            continue
        for node in tree.iter(f"{C}delete"):
            if node.getparent().tag.endswith("Ax") and node.get("val") != "0":
                yield f"{name}: an axis is deleted"
        axes = [node.get("val") for node in tree.iter(f"{C}axId")]
        if any(axes.count(axis) != 2 for axis in axes):
            yield f"{name}: axes do not match"
        for kind in ("num", "str"):
            for reference in tree.iter(f"{C}{kind}Ref"):
                yield from (f"{name}: {problem}" for problem in _cache(reference, kind, sheets))


def _cache(reference: Any, kind: str, sheets: dict[str, Sheet]) -> Iterator[str]:
    text = reference.findtext(f"{C}f") or ""
    title, place = target(text)
    if title not in sheets or place is None:
        yield f"refers to nothing ({text})"
        return
    cache = reference.find(f"{C}{kind}Cache")
    if cache is None:
        yield f"no numbers are stored for {text}"
        return
    rows, columns = range(place[0], place[2] + 1), range(place[1], place[3] + 1)
    cells = [sheets[title].values.get((row, column)) for row in rows for column in columns]
    if int(cache.find(f"{C}ptCount").get("val")) != len(cells):
        yield f"the stored count for {text} is wrong"
    points = {int(node.get("idx")): node.findtext(f"{C}v") for node in cache.iter(f"{C}pt")}
    for at, cell in enumerate(cells):
        if not _same(cell, points.get(at), kind):
            yield f"{text}: the chart shows {points.get(at)!r}, the cell holds {cell!r}"


def _same(cell: Any, point: str | None, kind: str) -> bool:
    blank = cell is None or cell == "" or str(cell).startswith("#")
    if blank or (kind == "num" and isinstance(cell, str)):
        return point is None
    if isinstance(cell, float):
        return point is not None and float(point) == cell
    return str(cell) == point or isinstance(cell, bool)
