"""A lint of our own for what a schema cannot see: why Excel would repair or distrust a workbook.

It is stricter than Excel where these workbooks promise more: no merged cells, no macros, nothing
external, nobody's name, every formula with its value and fit for Excel 2016.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.proof.formulas import faults
from tests.proof.package import M, Package, R, opened, target
from tests.proof.sheetlint import chart_problems, sheet_problems

_NAME = re.compile(r"[^\W\d][\w.\\?]{0,254}|\\[\w.\\?]{0,254}")
_CELL_LIKE = re.compile(r"[a-z]{1,3}\d+|r\d*c\d*|r|c")
_FORBIDDEN = re.compile(
    r"vbaProject|externalLinks?/|printerSettings|calcChain|customXml/|embeddings/|activeX/|"
    r"connections\.xml|comments\d|vmlDrawing|docProps/(?:custom\.xml|thumbnail)|xl/media/"
)
_TRACES = re.compile(rb"/(?:home|root|Users|tmp|work)/|[A-Za-z]:\\\\?Users|openpyxl", re.IGNORECASE)
_PEOPLE = ("creator", "lastModifiedBy", "Company", "Manager", "HyperlinkBase", "Template")
_FONT = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme"


def problems(source: Path | bytes) -> list[str]:
    """What is wrong in a workbook; empty if nothing was found."""
    package = opened(source)
    if package.faults or "xl/workbook.xml" not in package.trees:
        return package.faults or ["there is no xl/workbook.xml"]
    return [problem for check in _CHECKS for problem in check(package)]


def _entries(package: Package) -> Iterator[str]:
    names = package.names
    if len({name.lower() for name in names}) != len(names):
        yield "the zip file holds an entry twice"
    if names[0] != "[Content_Types].xml":
        yield "[Content_Types].xml is not the first entry"
    for name in names:
        if _FORBIDDEN.search(name):
            yield f"{name}: such a part has no place here"


def _content_types(package: Package) -> Iterator[str]:
    defaults, overrides = set(), []
    for node in package.trees["[Content_Types].xml"]:
        if node.tag.endswith("Override"):
            overrides.append(node.get("PartName", "").lstrip("/"))
        else:
            defaults.add(node.get("Extension", "").lower())
    for name in overrides:
        if name not in package.data:
            yield f"content type for a missing part: {name}"
    if len(overrides) != len(set(overrides)):
        yield "two content types for one part"
    for name in package.data:
        extension = name.rpartition(".")[2].lower()
        typed = name in overrides or (extension in defaults and extension != "xml")
        if not typed and name != "[Content_Types].xml":
            yield f"{name}: no content type"


def _relations(package: Package) -> Iterator[str]:
    for name, tree in package.trees.items():
        if name.endswith(".rels"):
            ids = [node.get("Id") for node in tree]
            if len(ids) != len(set(ids)):
                yield f"{name}: an id twice"
            folder, _, file = name.partition("_rels/")
            for place, external in package.relations(folder + file.removesuffix(".rels")).values():
                if external:
                    yield f"{name}: external relation to {place}"
                elif place not in package.data:
                    yield f"{name}: relation to missing part {place}"
        else:
            known = package.relations(name)
            for node in tree.iter():
                for key in (f"{R}id", f"{R}embed", f"{R}link"):
                    if node.get(key) is not None and node.get(key) not in known:
                        yield f"{name}: {key} {node.get(key)} is not related to anything"


def _book(package: Package) -> Iterator[str]:
    book = package.workbook
    titles: set[str] = set()
    for node in book.iter(f"{M}sheet"):
        title = node.get("name")
        if not 0 < len(title) <= 31 or re.search(r"[\[\]:*?/\\]|^'|'$", title):
            yield f"sheet name {title!r}"
        if title.lower() in titles:
            yield f"two sheets called {title!r}"
        titles.add(title.lower())
        if node.get("state", "visible") != "visible":
            yield f"sheet {title!r} is hidden"
    for view in book.iter(f"{M}workbookView"):
        if int(view.get("activeTab", 0)) >= len(titles):
            yield "the active sheet does not exist"
    calculation = book.find(f"{M}calcPr")
    if calculation is None or calculation.get("fullCalcOnLoad") not in ("1", "true"):
        yield "Excel is not asked to calculate on load"


def _names(package: Package) -> Iterator[str]:
    titles = {sheet.title for sheet in package.sheets()}
    seen = set()
    for node in package.workbook.iter(f"{M}definedName"):
        name, text = node.get("name").lower(), node.text or ""
        key = name, node.get("localSheetId")
        if key in seen:
            yield f"the name {name!r} is defined twice"
        seen.add(key)
        yield from (f"name {name!r} {fault}" for fault in faults(text, titles))
        if name.startswith("_xlnm."):
            continue
        if not _NAME.fullmatch(name) or _CELL_LIKE.fullmatch(name):
            yield f"invalid name {name!r}"
        sheet, cells = target(text)
        if sheet not in titles or cells is None:
            yield f"name {name!r} names no cells: {text}"


def _styles(package: Package) -> Iterator[str]:
    tree = package.trees["xl/styles.xml"]
    pools = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
    sizes = {key: len(tree.find(f"{M}{pool}")) for key, pool in pools.items()}
    codes = [node.get("numFmtId") for node in tree.iter(f"{M}numFmt")]
    if len(codes) != len(set(codes)):
        yield "styles: a number format's id twice"
    for node in tree.find(f"{M}cellXfs"):
        for key, size in sizes.items():
            if int(node.get(key, 0)) >= size:
                yield f"styles: {key} {node.get(key)} does not exist"
        code = node.get("numFmtId", "0")
        if int(code) >= 164 and code not in codes:
            yield f"styles: number format {code} does not exist"
    order = [M + name for name in _FONT.split()]
    for font in tree.iter(f"{M}font"):
        places = [order.index(part.tag) for part in font]
        if places != sorted(places):
            yield "styles: a font's parts are out of order"
    for look in tree.findall(f"{M}dxfs/{M}dxf/{M}fill/{M}patternFill"):
        if look.find(f"{M}bgColor") is None:
            yield "styles: a conditional fill without background colour shows nothing"


def _strings(package: Package) -> Iterator[str]:
    tree = package.trees.get("xl/sharedStrings.xml")
    if tree is None:
        return
    if int(tree.get("uniqueCount", len(tree))) != len(tree):
        yield "shared strings: the count is wrong"
    for node in tree.iter(f"{M}t"):
        text = node.text or ""
        if len(text.encode("utf-16-le")) > 2 * 32_767 and "_x005F_" not in text:
            yield "shared strings: a text is too long"
        keeps = node.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
        if text != text.strip() and not keeps:
            yield f"shared strings: blanks of {text[:20]!r} would be lost"


def _traces(package: Package) -> Iterator[str]:
    for name, data in package.data.items():
        for match in sorted(set(_TRACES.findall(data))):
            yield f"{name}: tells where or by what it was made: {match!r}"
    for name in ("docProps/core.xml", "docProps/app.xml"):
        tree = package.trees.get(name)
        for node in tree.iter() if tree is not None else ():
            if str(node.tag).rpartition("}")[2] in _PEOPLE and node.text:
                yield f"{name}: tells {node.text!r}"


_CHECKS: tuple[Callable[[Package], Iterator[str]], ...] = (
    _entries,
    _content_types,
    _relations,
    _book,
    _names,
    _styles,
    _strings,
    _traces,
    sheet_problems,
    chart_problems,
)
