"""The sheet *Selection*: what stands above its table, and the colours of its rows."""

from __future__ import annotations

from kamxl.core.method.scoring import WEIGHTS_SUM, WEIGHTS_TOLERANCE
from kamxl.core.method.selection import SelectionCriterion
from kamxl.core.records.register import Register
from kamxl.forms.paper.book import Conditional, Formula, Sheet, Validation
from kamxl.forms.paper.pages import said_once
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    BEHIND,
    BEHIND_SOFT,
    FAINT,
    GOOD,
    GOOD_SOFT,
    HEADER,
    LABEL,
    MUTED,
    WARN_SOFT,
    Style,
)
from kamxl.forms.register.calculation import Chosen, Places
from kamxl.forms.register.sentences import days_line, lists_line, pareto_line
from kamxl.forms.register.sheets import (
    CONDITIONS,
    RATINGS,
    SELECTION,
    WEIGHTS_KEY,
    WEIGHTS_ROW,
)
from kamxl.forms.tables.columns import POINTS, Calculated
from kamxl.forms.tables.reckoning import unread_weight, weight

SENTENCES_ROW = 5
SENTENCE = Style(size=11, indent=1)


# --- above the table -----------------------------------------------------------------------------


def finish(sheet: Sheet, at: Places, register: Register, chosen: Chosen) -> None:
    """What stands above the table, and the colours of its rows."""
    table = at.at.place(SELECTION.key)
    head = table.key_row - 1
    lines = (pareto_line, days_line, lists_line)
    for row, line in enumerate(lines, SENTENCES_ROW):
        sheet.put(row, 1, line(at, chosen), SENTENCE)
        sheet.heights[row] = 17
    sheet.heights |= {SENTENCES_ROW + 3: 6, WEIGHTS_ROW: 21, head: 40}
    said_once(sheet, *range(SENTENCES_ROW, SENTENCES_ROW + len(lines)))
    _weights(sheet, at, register)
    _colours(sheet, at)
    for key, number in table.columns.items():
        cell = sheet.cells[head, number]
        fill = MUTED if isinstance(SELECTION.column(key), Calculated) else HEADER.fill
        look = HEADER.but(fill=fill)
        sheet.cells[head, number] = type(cell)(cell.content, look)
    sheet.title_rows = (WEIGHTS_ROW, table.key_row)


def _weights(sheet: Sheet, at: Places, register: Register) -> None:
    """The row of weights: its key, what it is, whether they make 100, and the weights."""
    words, table = at.words, at.at.place(SELECTION.key)
    sheet.put(WEIGHTS_ROW, 1, WEIGHTS_KEY, LABEL.but(size=6, color=FAINT, wrap=False))
    label = LABEL.but(bold=True, wrap=False, align="right")
    sheet.put(WEIGHTS_ROW, 2, words("register.selection.weight_label"), label)
    given = [register.selection_weights.get(criterion) for criterion in SelectionCriterion]
    whole = sum(one for one in given if one is not None)
    style = LABEL.but(bold=True, align="center", format="General", color=GOOD)
    text = weight(at.weights)
    sheet.put(WEIGHTS_ROW, table.number("revenue"), Formula(text, whole), style)
    for rating, one in zip(RATINGS, given, strict=True):
        sheet.put(WEIGHTS_ROW, table.number(rating), one, POINTS.but(bold=True))
    off = f"ABS(ROUND({at.weights_sum}-{WEIGHTS_SUM:g},9))>{WEIGHTS_TOLERANCE}"
    wrong = round(abs(whole - WEIGHTS_SUM), 9) > WEIGHTS_TOLERANCE
    right, bad = (words(f"register.selection.weights_{one}") for one in ("right", "wrong"))
    verdict = Formula(f'IF({off},"{bad}","{right}")', bad if wrong else right)
    place = a1(WEIGHTS_ROW, table.number(CONDITIONS[0]))
    sheet.put(WEIGHTS_ROW, table.number(CONDITIONS[0]), verdict, Style(color=GOOD, indent=1))
    sheet.conditionals += [
        Conditional(at.weights_sum.replace("$", ""), formula=off, fill=BEHIND_SOFT, color=BEHIND),
        Conditional(place, formula=off, color=BEHIND, bold=True),
        Conditional(
            at.weights.replace("$", ""),
            formula=unread_weight(a1(WEIGHTS_ROW, table.number(RATINGS[0])), at.at),
            fill=BEHIND_SOFT,
        ),
    ]
    sheet.validations.append(
        Validation(
            at.weights.replace("$", ""),
            "decimal",
            "0",
            "100",
            prompt_title=words("register.picture.weight"),
            prompt=words("register.selection.weight_prompt"),
            error_title=words("tables.error_title"),
            error=words("register.selection.weight_error"),
        )
    )


def _colours(sheet: Sheet, at: Places) -> None:
    """Colours for what calls for attention."""
    cell = at.at.row(SELECTION.key)
    looks = [
        ("account", f'AND({cell("account")}<>"",{cell("name")}="")', BEHIND_SOFT),
        ("gate", f"{cell('gate')}={at.label('gates', 'closed')}", BEHIND_SOFT),
        ("gate", f"{cell('gate')}={at.label('gates', 'clarify')}", WARN_SOFT),
        ("list", f"{cell('list')}={at.label('lists', 'focus')}", GOOD_SOFT),
        ("mismatch", f"{cell('mismatch')}={at.label('mismatches', 'large_but_wrong')}",
         BEHIND_SOFT),
        ("mismatch", f"{cell('mismatch')}={at.label('mismatches', 'small_but_right')}", GOOD_SOFT),
    ]  # fmt: skip
    for key, formula, fill in looks:
        cells = at.at.place(SELECTION.key).cells(key)
        sheet.conditionals.append(Conditional(cells, formula=formula, fill=fill))
