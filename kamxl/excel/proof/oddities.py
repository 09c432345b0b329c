"""What a workbook for outsiders must not have, whatever it says: remarks, hidden things, objects.

The parts that a card has are listed; whatever else is in a package is not ours, and anything may
stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from kamxl.forms.paper.raw import column_letters

_EXPECTED = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|docprops/(?:app|core)\.xml"
    r"|xl/(?:workbook|styles|sharedstrings|calcchain|metadata)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/theme/theme\d+\.xml|xl/(?:worksheets|chartsheets)/(?:_rels/)?sheet\d+\.xml(?:\.rels)?"
    r"|xl/charts/(?:chart|style|colors)\d+\.xml|xl/charts/_rels/chart\d+\.xml\.rels"
    r"|xl/drawings/drawing\d+\.xml|xl/drawings/_rels/drawing\d+\.xml\.rels"
    r"|xl/tables/table\d+\.xml"
)
_REMARKS = ("comment", "persons/")
_PATH = re.compile(
    r"(?<![\w/])(?:[A-Za-z]:(?:\\{1,2}|/(?!/))[^\s\"'<>|]+|file:/+[^\s\"<>]+"
    r"|\\\\[\w.$-]+\\[^\s\"<>]+"
    r"|/(?:home|Users|mnt|var|tmp|root|opt|srv|Volumes|private)/[^\s\"<>]+)"
)
_WHERE_SAVED = re.compile(r"<(?:\w+:)?absPath\b[^>]*>")
_OWN_NAME = re.compile(r"kx_\w+|_xlnm\.(?:Print_Area|Print_Titles|_FilterDatabase)", re.IGNORECASE)
_ABOUT = re.compile(
    r"<(?:\w+:)?(creator|lastModifiedBy|Company|Manager|HyperlinkBase|Template|description|keywords"
    r"|category|contentStatus|subject|identifier)\b[^>]*>([^<]+)<"
)
_USER = re.compile(r"\b(userName)\s*=\s*[\"']([^\"']+)[\"']")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_NAME = re.compile(r"<(?:\w+:)?definedName\s([^>]*)>")
_LINE = re.compile(r"<(?:\w+:)?(row|col|sheetFormatPr)\s[^>]*>")
_NOT_SHOWN = re.compile(
    r"\b(?:hidden|zeroHeight)\s*=\s*[\"'](?:1|true)[\"']|\b(?:ht|width)\s*=\s*[\"']0(?:\.0*)?[\"']"
)
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_OUTSIDE = re.compile(r"TargetMode\s*=\s*[\"']\s*External", re.IGNORECASE)
_FORMULA = re.compile(r"<(?:\w+:)?(?:f|definedName|formula[12]?)\b[^>]*>([^<]+)<")
_FOREIGN = re.compile(
    r"\[\d+\]|\b(?:HYPERLINK|WEBSERVICE|RTD|IMAGE|CALL|REGISTER(?:\.ID)?)\(|\|'[^']*'!", re.I
)
_FOREIGN_SIGNS = ("[", "&#", "|", "HYPERLINK", "SERVICE", "RTD", "IMAGE", "CALL", "REGISTER")


@dataclass(frozen=True, slots=True)
class Odd:
    """Something that has no business in a file for outsiders: a finding's code, part and value.

    ``sheet`` is the title of the sheet it stands on, None if on none.
    """

    code: str
    part: str
    value: str
    sheet: str | None = None


def oddities_of(parts: Mapping[str, str]) -> Iterator[Odd]:
    """All of them, in a package's parts by name (as ``package.normal`` writes names)."""
    titles = _titles(parts)
    for part, text in parts.items():
        title = titles.get(part)
        if any(sign in part for sign in _REMARKS):
            yield Odd("leak-comment", part, part.rsplit("/", 1)[-1])
        elif not _EXPECTED.fullmatch(part):
            yield Odd("leak-object", part, part.rsplit("/", 1)[-1])
        if part.startswith("docprops/"):
            for name, value in _ABOUT.findall(text):
                yield Odd("leak-metadata", part, f"{name}: {unescape(value)}")
        if part == "xl/workbook.xml":
            yield from _of_book(part, text)
        if title is not None:
            yield from _hidden_lines(part, text, title)
        yield from _pointers(part, text, title)


def _titles(parts: Mapping[str, str]) -> dict[str, str]:
    """The titles of the sheets by their parts."""
    targets = {
        _value(link, "Id"): _value(link, "Target").lstrip("/").removeprefix("xl/")
        for link in _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", ""))
    }
    sheets = _SHEET.findall(parts.get("xl/workbook.xml", ""))
    named = {targets.get(_value(s, r"\w+:id"), "").casefold(): _value(s, "name") for s in sheets}
    found = {f"xl/{target}": title for target, title in named.items() if target}
    unnamed = (p for p in parts if p.startswith("xl/worksheets/sheet") and p not in found)
    return found | {part: part.rsplit("/", 1)[-1] for part in unnamed}


def _of_book(part: str, text: str) -> Iterator[Odd]:
    for sheet in _SHEET.findall(text):
        if _value(sheet, "state").casefold() in ("hidden", "veryhidden"):
            yield Odd("leak-hidden", part, _value(sheet, "name"))
    for attributes in _NAME.findall(text):
        name = _value(attributes, "name")
        if not _OWN_NAME.fullmatch(name):
            yield Odd("leak-name", part, name)
    for name, value in _USER.findall(text):
        yield Odd("leak-metadata", part, f"{name}: {unescape(value)}")
    for saved in _WHERE_SAVED.findall(text):
        yield Odd("leak-path", part, _value(saved, "url"))


def _hidden_lines(part: str, text: str, title: str) -> Iterator[Odd]:
    """Rows and columns that cannot be seen, as Excel names them ("12:12", "C:D")."""
    for match in _LINE.finditer(text):
        tag, kind = match[0], match[1]
        if not _NOT_SHOWN.search(tag):
            continue
        if kind == "col":
            ends = (_value(tag, "min"), _value(tag, "max"))
            where = ":".join(column_letters(int(e)) for e in ends if e.isdecimal() and int(e))
        else:
            row = _value(tag, "r") if kind == "row" else ""
            where = f"{row}:{row}" if row else title
        yield Odd("leak-hidden", part, where, title)


def _pointers(part: str, text: str, title: str | None) -> Iterator[Odd]:
    for link in _RELATION.findall(text) if part.endswith(".rels") else ():
        if _OUTSIDE.search(link):
            yield Odd("leak-link", part, _value(link, "Target"), title)
    # Most formulas are plain: one look at all of them is quicker than one at each.
    suspect = any(sign in text.upper() for sign in _FOREIGN_SIGNS)
    for formula in _FORMULA.findall(text) if suspect else ():
        if _FOREIGN.search(unescape(formula)):
            yield Odd("leak-link", part, unescape(formula)[:100], title)
    for path in _PATH.findall(unescape(text)):
        yield Odd("leak-path", part, path, title)


def _value(text: str, attribute: str) -> str:
    found = re.search(rf"(?<![\w:]){attribute}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", text)
    return unescape(found[1] or found[2] or "") if found else ""
