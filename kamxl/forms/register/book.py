"""Register.xlsx, the team's own workbook: start, settings, accounts, segments, contacts,
requirements, competitors; later selection, team and decisions. ``book`` draws it, ``read`` takes
it back; ``sheets`` declares both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from kamxl.core.portfolio.choosing import candidates_of
from kamxl.core.records.register import Register, Settings
from kamxl.forms.paper.book import Book, Conditional
from kamxl.forms.paper.places import At
from kamxl.forms.paper.style import BEHIND_SOFT, FAINT, GOOD, MARK, WARN_SOFT
from kamxl.forms.register.calculation import Chosen, Places, word_cells
from kamxl.forms.register.checks import RECOMMENDED_REQUIREMENTS as MANY
from kamxl.forms.register.live import Facts
from kamxl.forms.register.needs import LETTERS, LETTERS_ROW
from kamxl.forms.register.picture import draw_picture
from kamxl.forms.register.points import catalogue_range
from kamxl.forms.register.reading import is_register, read, renamed_marks, workspaces
from kamxl.forms.register.selection import finish
from kamxl.forms.register.settings import draw_settings
from kamxl.forms.register.sheets import (
    ACCOUNTS,
    COMPETITORS,
    CONTACTS,
    DECISIONS,
    FORMS,
    LATER,
    LIVE_ROWS,
    PICTURE,
    REQUIREMENTS,
    SECOND,
    SEGMENTS,
    SELECTION,
    TEAM,
    mark_text,
)
from kamxl.forms.register.standing import READY
from kamxl.forms.register.start import draw_start, offered
from kamxl.forms.tables.declared import Line, Table, placed
from kamxl.wording.texts import texts

__all__ = ["book", "empty_register", "is_register", "read", "renamed_marks", "workspaces"]


def empty_register(language: str, stamp: datetime) -> Register:
    """A register without any account: the settings' defaults, the period that holds ``stamp``."""
    half = 1 if stamp.month <= 6 else 2
    settings = Settings(company="", language=language, period=f"{stamp.year:04}-H{half}")
    return Register(settings, (), (), (), (), ())


def book(
    language: str,
    register: Register | None,
    workspace: str,
    stamp: datetime,
    lines: Mapping[str, list[Line]] | None = None,
) -> Book:
    """The register as a workbook in ``language``; None draws an empty one.

    ``workspace`` is the workspace's id, ``stamp`` the time that its properties tell. ``lines``:
    the rows of each table, by its key (default: as ``lines_of`` says).
    """
    words = texts(language)
    held = register or empty_register(language, stamp)
    lines = lines_of(held) if lines is None else lines
    offers = {"catalogues": catalogue_range(language), **word_cells(language), **offered(language)}
    forms = _for_rows(lines)
    at = placed(forms, language, offers)
    chosen, places = Chosen(held), Places(at, inside=False)
    facts = Facts(held, places, chosen, {one.key: one for one in forms}, lines)
    sheets = [
        draw_start(at, facts, held.settings, workspace),
        draw_settings(held, at, workspace),
    ]
    above = {SELECTION.key: partial(finish, at=places, register=held, chosen=chosen)}
    for table in forms[1:]:
        mark, over = mark_text(table.key, workspace), above.get(table.key)
        sheet = table.draw(at, lines[table.key], mark=mark, facts=facts, above=over)
        sheet.conditionals += _hints(table, at)
        if any(column.id == "raw" for column in table.columns):
            sheet.put(LETTERS_ROW, table.index("raw"), LETTERS, MARK)
        sheets.append(sheet)
        if table.key == SELECTION.key:
            sheets.append(draw_picture(at, held, workspace, chosen, live=table.live))
    later = {PICTURE, *(one.key for one in LATER)}
    for sheet in sheets:
        sheet.tab_color = FAINT if sheet.key in later else sheet.tab_color
        sheet.footer = f"{words('register.footer')} · {sheet.title}"
    return Book(sheets, stamp, language, title=words("register.title"))


def _for_rows(lines: Mapping[str, Sequence[Line]]) -> list[Table[Any]]:
    """All tables, with rows for these and some more.

    Nearly every formula looks through a whole table, so what all of them cost grows with the square
    of the rows: where a table has very many, no row has any, and what they would say stands there.
    """
    live = all(len(rows) <= LIVE_ROWS for rows in lines.values())
    return [one.for_rows(len(lines.get(one.key, ())), live=live) for one in FORMS]


def _hints(table: Table[Any], at: At) -> list[Conditional]:
    """Colours for counts that call for something: none at all, or more than is good."""
    if table.key != SELECTION.key:
        cell = at.row(table.key)("needs")
        lost = f'AND({cell}<>"",LEFT({cell},1)<>"{READY}")'
        ready = f'LEFT({cell},1)="{READY}"'
        cells = table.cells("needs")
        hints = [Conditional(cells, formula=lost, fill=WARN_SOFT),
                 Conditional(cells, formula=ready, color=GOOD)]  # fmt: skip
    else:
        hints = []
    looks = {
        ACCOUNTS.key: (("segments", "=0", BEHIND_SOFT),),
        SEGMENTS.key: (
            ("requirements", "=0", BEHIND_SOFT),
            ("requirements", f">{MANY}", WARN_SOFT),
        ),
    }
    for column, rule, fill in looks.get(table.key, ()):
        cell = at.row(table.key)(column)
        formula = f"AND(ISNUMBER({cell}),{cell}{rule})"
        hints.append(Conditional(table.cells(column), formula=formula, fill=fill))
    return hints


def lines_of(register: Register) -> dict[str, list[Line]]:
    """The rows of each table below Settings, by the table's key."""
    return {
        TEAM.key: [TEAM.line(one) for one in register.team],
        DECISIONS.key: [DECISIONS.line(one) for one in register.decisions],
        ACCOUNTS.key: [ACCOUNTS.line(one) for one in register.accounts],
        SEGMENTS.key: [SEGMENTS.line(one) for one in register.segments],
        SELECTION.key: [SELECTION.line(one) for one in candidates_of(register)],
        CONTACTS.key: [CONTACTS.line(one) for one in register.contacts],
        REQUIREMENTS.key: [
            REQUIREMENTS.line(
                one.asked,
                catalogue=one.catalogue,
                account=one.account,
                segment=one.segment,
                **dict(zip(SECOND, (one.label2, *one.anchors2), strict=True)),
            )
            for one in register.requirements
        ],
        COMPETITORS.key: [
            COMPETITORS.line(one.competitor, account=one.account, segment=one.segment)
            for one in register.competitors
        ],
    }
