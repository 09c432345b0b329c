"""The sheet *Settings*: one row per setting, and the catalogues in use below, calculated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kamxl.core.finding import Finding, Severity, finding
from kamxl.core.records.register import Register, Settings
from kamxl.forms.paper.book import Conditional, Formula, Sheet, here, span
from kamxl.forms.paper.idioms import count, filled
from kamxl.forms.paper.pages import paged
from kamxl.forms.paper.parts import band, headers, height_of, section
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import RawCell, a1
from kamxl.forms.paper.style import ACCENT, BEHIND_SOFT, FAINT, HEADER_LEFT, LABEL, MUTED, NOTE
from kamxl.forms.register.fields import LATER_ROW, ROWS
from kamxl.forms.register.live import catalogues_of
from kamxl.forms.register.points import catalogue_cell
from kamxl.forms.register.sheets import (
    CATALOGUE_FIRST_ROW,
    CATALOGUE_HEADER_ROW,
    CATALOGUE_ROWS,
    CATALOGUE_TITLE_ROW,
    FIELDS,
    SETTINGS,
    mark_text,
)
from kamxl.forms.tables.columns import LIVE, Column
from kamxl.forms.tables.declared import FIRST_ROW, HEADER_ROW, KEY_ROW, LINE_HEIGHT
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.reading import Row, TableRead, explain, understand
from kamxl.forms.tables.reckoning import numeric, unread
from kamxl.forms.tables.validation import cell_validation
from kamxl.wording.texts import FALLBACK, languages, spoken, texts

NAME_COLUMN, VALUE_COLUMN = SETTINGS.index("what"), SETTINGS.index("value")
ROW_ID = LABEL.but(color=FAINT, indent=0)
ROW_NOTE = LABEL.but(color=MUTED)
ROW_NAME = LABEL.but(bold=True)
ROW_NEEDED = ROW_NAME.but(color=ACCENT)


def label(field: Column, language: str) -> str:
    """What a setting is called."""
    return texts(language)(_label(field))


def _label(field: Column) -> str:
    return f"{SETTINGS.texts}.{SETTINGS.key}.fields.{field.id}.header"


# --- drawing -------------------------------------------------------------------------------------


def draw_settings(register: Register, at: At, workspace: str) -> Sheet:
    """The sheet with the register's settings and its catalogues."""
    language = at.language
    sheet = Sheet(SETTINGS.key, SETTINGS.title(language), landscape=True, tab_color=ACCENT)
    mark = mark_text(SETTINGS.key, workspace)
    whole = range(1, len(SETTINGS.columns) + 1)
    band(sheet, whole, sheet.title, SETTINGS.text(language, "intro"), mark)
    titles = [
        (i, SETTINGS.header(c, language), c.id, HEADER_LEFT)
        for i, c in enumerate(SETTINGS.columns, 1)
    ]
    headers(sheet, HEADER_ROW, titles, height=24)
    for field in FIELDS:
        _draw_field(sheet, ROWS[field.id], field, getattr(register.settings, field.id), at)
    section(sheet, LATER_ROW, NAME_COLUMN, SETTINGS.text(language, "later"))
    _draw_catalogues(sheet, register, at)
    sheet.widths = {i: c.width for i, c in enumerate(SETTINGS.columns, 1)}
    last = CATALOGUE_FIRST_ROW + CATALOGUE_ROWS - 1
    sheet.print_area = span(1, 1, last, len(SETTINGS.columns))
    sheet.title_rows, sheet.freeze = (HEADER_ROW, KEY_ROW), a1(FIRST_ROW, 1)
    sheet.active_cell = a1(FIRST_ROW, VALUE_COLUMN)
    paged(sheet, len(SETTINGS.columns))
    return sheet


def _draw_field(sheet: Sheet, row: int, field: Column, value: Any, at: At) -> None:
    language = at.language
    note = SETTINGS.text(language, f"fields.{field.id}.help")
    sheet.put(row, 1, field.id, ROW_ID)
    needed = field.first
    sheet.put(row, NAME_COLUMN, label(field, language), ROW_NEEDED if needed else ROW_NAME)
    style = field.style(language).but(align="left", indent=1)
    sheet.put(row, VALUE_COLUMN, field.show(field.code(value), language), style)
    mark = f"{texts(language)('register.needs.mark')} · " if needed else ""
    sheet.put(row, VALUE_COLUMN + 1, mark + note, ROW_NOTE)
    sheet.heights[row] = height_of([(mark + note, SETTINGS.columns[-1].width, ROW_NOTE)], 21)
    sheet.fitting.add(row)
    cell = a1(row, VALUE_COLUMN)
    sheet.validations.append(cell_validation(field, cell, at, label(field, language), note))
    if field.reckoned or numeric(field):
        odd = unread(field, cell, at)
        sheet.conditionals.append(Conditional(cell, formula=odd, fill=BEHIND_SOFT))


def _draw_catalogues(sheet: Sheet, register: Register, at: At) -> None:
    words = texts(at.language)
    section(sheet, CATALOGUE_TITLE_ROW, NAME_COLUMN, words("register.settings.catalogues"))
    note = words("register.settings.catalogues_help")
    sheet.put(CATALOGUE_TITLE_ROW, VALUE_COLUMN + 1, note, NOTE.but(wrap=False, valign="center"))
    for column, key in enumerate(("", "_requirements", "_segments"), NAME_COLUMN):
        title = words(f"register.settings.catalogue{key}")
        sheet.put(CATALOGUE_HEADER_ROW, column, title, HEADER_LEFT.but(fill=MUTED))
    sheet.heights[CATALOGUE_HEADER_ROW] = 21
    known = catalogues_of(register)
    for number in range(CATALOGUE_ROWS):
        name, requirements, segments = known[number] if number < len(known) else ("", "", "")
        row = CATALOGUE_FIRST_ROW + number
        named = Formula(catalogue_cell(at.language, number), name)
        sheet.put(row, NAME_COLUMN, named, _left())
        own = here(row, NAME_COLUMN)
        sheet.heights[row] = LINE_HEIGHT
        counts = (("requirements", requirements), ("segments", segments))
        for column, (table, value) in enumerate(counts, VALUE_COLUMN):
            made = filled(own, count(f"{at.all(table, 'catalogue')}={own}"))
            sheet.put(row, column, Formula(made, value), _left())


def _left() -> Any:
    return LIVE.but(align="left", indent=1)


# --- reading -------------------------------------------------------------------------------------


Told = list[tuple[str, Finding]]  # what is wrong, each with the setting it is about


def read_settings(table: TableRead) -> tuple[Settings, list[Finding], Told]:
    """The settings, with safe defaults for what is missing or wrong, and what that is.

    Last, the errors among it in settings that cards show.
    """
    settings = Settings(company="", language=table.language, period="")
    if table.broken:
        return settings, [], []
    rows, found = _rows(table)
    for field in FIELDS:
        value, problem = _read_field(field, rows.get(field.id), table)
        found += [(field.id, one) for one in problem]
        if value is not None:
            settings = replace(settings, **{field.id: value})
    if settings.reply_to:  # then cards and mails say where answers go
        found = [(key, one) for key, one in found if one.code != "email-missing"]
    shown = {field.id for field in FIELDS if not field.aside}
    wrong = [(k, one) for k, one in found if k in shown and one.severity is Severity.ERROR]
    return settings, [one for _, one in found], wrong


def with_second_language(settings: Settings) -> Settings:
    """The settings of a register with texts in a second language, which need not be named."""
    others = (one for one in (FALLBACK, *languages()) if one != settings.language)
    return replace(settings, language2=settings.language2 or next(others, ""))


def rows_by_setting(table: TableRead) -> dict[str, Row]:
    """Each setting's row, by its id."""
    return _rows(table)[0]


def ours_below(cell: RawCell) -> bool:
    """Whether a cell beside or below the values belongs to the list of catalogues below them."""
    keys = ("catalogues_help", "catalogue_requirements", "catalogue_segments")
    said = {plain(one) for key in keys for one in spoken(f"register.settings.{key}")}
    return cell.formula or plain(cell.text) in said


def _rows(table: TableRead) -> tuple[dict[str, Row], Told]:
    """Each setting's row: by its id, else, where that is no setting's, by its name."""
    rows: dict[str, Row] = {}
    found: Told = []
    known = {field.id for field in FIELDS}
    for row in table.rows:
        key = row.seen("id").casefold()
        if key in rows:
            code = (
                "row-repeated" if row.seen("value") == rows[key].seen("value") else "id-duplicate"
            )
            first = rows[key].cells.get("id", "")
            found.append((key, row.flag(code, "id", row.seen("id"), first=first)))
        elif key in known:
            rows[key] = row
    names = {plain(one).casefold(): f.id for f in FIELDS for one in spoken(_label(f))}
    for row in table.rows:
        named = names.get(row.seen("what").casefold())
        if named and row.seen("id").casefold() not in known:
            rows.setdefault(named, row)
    return rows, found


def _read_field(field: Column, row: Row | None, table: TableRead) -> tuple[Any, list[Finding]]:
    setting = label(field, table.language)
    if row is None:
        lost = finding("setting-missing", sheet=table.sheet, setting=setting)
        return None, [lost] if field.required else []
    value, code = understand(field, row["value"])
    if code == "value-missing":
        return None, [row.flag("setting-missing", "value", setting=setting)]
    if code is not None:
        return value, [explain(row, "value", field, code, setting, table.language)]
    if value is None and field.id == "sender_email":
        return None, [row.flag("email-missing", "value", setting=setting)]
    return None if value is None else field.meaning(value), []
