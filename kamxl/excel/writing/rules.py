"""Data validations, conditional formats and tables as openpyxl's objects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from openpyxl.formatting.rule import ColorScale, DataBar, FormatObject, Rule
from openpyxl.styles.colors import Color
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as XlTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo

from kamxl.excel.writing.filling import Holes, as_header, unmarked
from kamxl.excel.writing.references import area
from kamxl.excel.writing.styles import differential
from kamxl.forms.paper.book import Conditional, Sheet, Slot, Table, Validation

_BAR_COLOR = "9FD0CC"  # a tint of the accent on which numbers can be read
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_X14_BAR = (
    f'<x14:conditionalFormatting xmlns:xm="{_XM}">'
    '<x14:cfRule type="dataBar" id="{id}"><x14:dataBar minLength="0" maxLength="100" gradient="0">'
    '{low}{high}<x14:negativeFillColor rgb="FFB5452C"/><x14:axisColor rgb="FFA9B2BD"/>'
    "</x14:dataBar></x14:cfRule><xm:sqref>{ranges}</xm:sqref></x14:conditionalFormatting>"
)
_BAR_RULE = re.compile(r'<cfRule type="dataBar" priority="(\d+)">.*?</dataBar>')


def validation(rule: Validation) -> DataValidation:
    """A data validation with its help and its message."""
    any_value = rule.kind == "none"
    found = DataValidation(
        type=None if any_value else rule.kind,
        formula1=rule.formula or None,
        formula2=rule.formula2 or None,
        allow_blank=True,
        showErrorMessage=not any_value and bool(rule.error),
        showInputMessage=bool(rule.prompt),
        errorStyle="stop" if rule.stop else "warning",
        errorTitle=unmarked(rule.error_title) or None,
        error=unmarked(rule.error) or None,
        promptTitle=unmarked(rule.prompt_title) or None,
        prompt=unmarked(rule.prompt) or None,
        sqref=rule.ranges,
    )
    if rule.kind in ("decimal", "date", "textLength"):
        found.operator = rule.operator
    return found


def conditional(rule: Conditional, priority: int) -> Rule:
    """A conditional format's rule."""
    found = _rule(rule)
    found.priority = priority
    return found


def _rule(rule: Conditional) -> Rule:
    if rule.kind == "formula":
        found = Rule(type="expression", formula=[rule.formula], dxf=differential(rule))
        found.stopIfTrue = rule.stops or None
        return found
    if rule.kind == "bar":
        return Rule(type="dataBar", dataBar=_bar(rule))
    points = [FormatObject("num", at) for at in (rule.low_at, rule.middle_at, rule.high_at)]
    colors = [Color("FF" + color) for color in (rule.low, rule.middle, rule.high)]
    return Rule(type="colorScale", colorScale=ColorScale(cfvo=points, color=colors))


def _bar(rule: Conditional) -> DataBar:
    """A bar from ``low_at`` to ``high_at``; if these leave no room, from least to greatest."""
    ends = [FormatObject("num", rule.low_at), FormatObject("num", rule.high_at)]
    if rule.high_at <= rule.low_at:
        ends = [FormatObject("min"), FormatObject("max")]
    color = Color("FF" + (rule.fill or rule.color or _BAR_COLOR))
    return DataBar(minLength=0, maxLength=100, cfvo=ends, color=color)


def table(description: Table, sheet: Sheet, holes: Holes, number: int) -> XlTable:
    """A table whose column names are the texts of its header cells, whatever these will be."""
    place = area(description.ref)
    encode = partial(as_header, description.name)
    columns = []
    for at, column in enumerate(range(place.column, place.last_column + 1), 1):
        content = sheet.cells[place.row, column].content
        if not isinstance(content, str | Slot):
            raise TypeError(f"the table {description.name!r} needs texts as headers")
        columns.append(TableColumn(id=at, name=holes.put(content, encode)))
    found = XlTable(id=number, displayName=description.name, ref=description.ref)
    found.tableColumns = columns
    if not sheet.protected:  # filtering would not work there
        found.autoFilter = AutoFilter(ref=description.ref)
    found.tableStyleInfo = TableStyleInfo(
        # without bands the cells' own styles are all there is to see
        name="TableStyleLight1" if description.banded else None,
        showRowStripes=description.banded,
        showColumnStripes=False,
    )
    return found


def solid_bars(rules: Sequence[Conditional], sheet: int) -> str:
    """The extension that lets Excel draw data bars plain, without gradient or border."""
    bars = "".join(
        _X14_BAR.format(
            id=bar_id(sheet, priority),
            low=_bound("Min", rule),
            high=_bound("Max", rule),
            ranges=rule.ranges,
        )
        for priority, rule in enumerate(rules, 1)
        if rule.kind == "bar"
    )
    if not bars:
        return ""
    return (
        f'<extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="{_X14}">'
        f"<x14:conditionalFormattings>{bars}</x14:conditionalFormattings></ext></extLst>"
    )


def _bound(end: str, rule: Conditional) -> str:
    if rule.high_at <= rule.low_at:
        return f'<x14:cfvo type="auto{end}"/>'
    value = rule.low_at if end == "Min" else rule.high_at
    return f'<x14:cfvo type="num"><xm:f>{value:g}</xm:f></x14:cfvo>'


def bar_id(sheet: int, priority: int) -> str:
    """What ties a data bar's rule to its extension."""
    return f"{{00000000-0000-4000-8000-{sheet:04X}{priority:08X}}}"


def with_bar_ids(xml: str, sheet: int) -> str:
    """A sheet's conditional formatting with each data bar tied to its extension."""

    def tied(match: re.Match[str]) -> str:
        return (
            f'{match[0]}<extLst><ext uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}" '
            f'xmlns:x14="{_X14}"><x14:id>{bar_id(sheet, int(match[1]))}</x14:id></ext></extLst>'
        )

    return _BAR_RULE.sub(tied, xml)
