"""The page of *Visit*: what stands where, how its rows are drawn, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kamxl.core.method.position import PositionMeasure
from kamxl.core.method.programmes import Action
from kamxl.core.records.plan import AccountPlan, DiscoveryAnswer, Lever, PlanWish
from kamxl.forms.paper.book import (
    Content,
    Formula,
    Scalar,
    Sheet,
)
from kamxl.forms.paper.idioms import (
    looked_up,
    quoted,
)
from kamxl.forms.paper.parts import height_of, live, section
from kamxl.forms.paper.places import At
from kamxl.forms.paper.style import (
    ACCENT,
    CELL,
    HEADER,
    HEADER_LEFT,
    MUTED,
    NOTE,
    NUMBER,
    Style,
)
from kamxl.forms.plan.live import (
    days,
    late_by,
    promises,
    to_confirm,
    written_for,
)
from kamxl.forms.plan.prefill import PlanPrefill
from kamxl.forms.plan.sheets import FACT, FORMS, VISIT
from kamxl.forms.plan.showing import hidden
from kamxl.forms.plan.tops import Tops
from kamxl.forms.tables.declared import LINE_HEIGHT
from kamxl.wording.texts import texts

WIDTHS = (4, 37, 29, 17, 13, 14)  # as wide as an upright page prints in 8 points
THEN, NOW, CHANGE = 4, 5, 6  # columns of what changed
FIGURE = 6  # the column of the figures that are looked at first: days late, sureness, a measure
DUE, ASKED, SEGMENTS, PROMISED, CONFIRMED = 3, 3, 4, 3, 2  # how many of each the page holds
PAGE = 940  # points of rows that a page of paper holds at this width
TITLE, HEADS, LOW, BETWEEN = 20, 16, 15, 4  # heights: little room, so that one page holds all
NOTE_WIDTH = 110
BESIDE = 8  # the column right of the page: how the plan is used, on the screen alone
KEYS_ROW = 5
AS_OF_ROW = 7
TILES = 9
GUIDE = 11
ACTIONS = 13
QUESTIONS = ACTIONS + 3 + DUE
PROMISES = QUESTIONS + 3 + ASKED
BENEFITS = PROMISES + 3 + PROMISED
CHANGES = BENEFITS + 3 + CONFIRMED
POSITION = CHANGES + 3 + 1 + SEGMENTS
LAST = POSITION + 2 + len(PositionMeasure) + 1
FIGURES = ("then", "now", "change", "value", "sureness", "due", "late", "baseline", "today")
TEXT_CELL = CELL.but(indent=1)
SURE = NUMBER.but(format="0.#")
HEAD = HEADER.but(fill=MUTED)
HEAD_LEFT = HEADER_LEFT.but(fill=MUTED)


class VisitPage:
    """Where the sheet of one plan is drawn, with what we promised and what may be confirmed."""

    def __init__(self, plan: AccountPlan, prefill: PlanPrefill, at: At) -> None:
        self.plan, self.prefill, self.at = plan, prefill, at
        self.t = texts(at.language)
        self.tops = Tops(plan, at)
        self.sheet = Sheet(VISIT, self.t("plan.visit.sheet"), tab_color=ACCENT)

    def _heads(self, row: int, keys: Sequence[tuple[int, str]]) -> None:
        self.sheet.put(row, 1, None, HEAD)
        for column, key in keys:
            style = HEAD_LEFT if column <= 4 and key not in FIGURES else HEAD
            self.sheet.put(row, column, self.t(f"plan.visit.{key}") if key else None, style)
        self.sheet.heights[row] = HEADS

    def _title(self, row: int, key: str, note: Content = None) -> None:
        section(self.sheet, row, 1, self.t(f"plan.visit.{key}"))
        self.sheet.heights |= {row: TITLE, row - 1: BETWEEN}
        if note is not None:
            right = NOTE.but(wrap=False, valign="bottom", align="right")
            self.sheet.put(row, len(WIDTHS), note, right)

    def _picked(
        self,
        form: str,
        column: str,
        number: int,
        value: Scalar,
        otherwise: str = "",
        by: str = "place",
        none: str = "",
    ) -> Formula:
        """What stands in a column of a table in the row that has this place.

        ``otherwise``: what is said without such a row; ``none``: a formula that is asked before.
        """
        found = looked_up(self.at.all(form, column), number, self.at.all(form, by))
        return live(
            f'IFERROR(IF({found}="","",{found}),{none or quoted(otherwise)})',
            otherwise if value is None else value,
        )

    def _row(
        self, row: int, number: int, contents: Mapping[int, tuple[Formula, Style]], lines: int
    ) -> None:
        """One of what is due or asked, with room for so many lines, or for what stands there now.

        No program makes a row higher when the result of a formula grows.
        """
        self.sheet.put(row, 1, number, NUMBER.but(color=MUTED, format="0"))
        for column, (content, style) in contents.items():
            self.sheet.put(row, column, content, style)
        cells = ((content, WIDTHS[column - 1], style) for column, (content, style)
                 in contents.items())  # fmt: skip
        self.sheet.heights[row] = height_of(cells, LINE_HEIGHT, lines)

    # --- what we promised, and what the customer may confirm --------------------------------------

    def _promises(self) -> None:
        """What the customer reads of our actions, and to wishes: in its words, who, by when."""
        self._title(PROMISES, "promises")
        keys = ((2, "promise"), (3, "customer_owner"), (4, "owner"), (5, "due"), (6, "late"))
        self._heads(PROMISES + 1, keys)
        order: list[Action | PlanWish] = [*promises(self.plan), *written_for(self.plan)]
        shown = self.t("language.excel_date")
        for number in range(1, PROMISED + 1):
            one = order[number - 1] if number <= len(order) else None
            none = self.t("plan.visit.no_promises") if number == 1 else ""
            action = one if isinstance(one, Action) else None
            wish = one if isinstance(one, PlanWish) else None
            late = late_by(action, self.plan.as_of) if action else None
            due = None if action is None or action.due is None else days(action.due)
            theirs = told(action, "customer_owner") if action else told(wish, "who")

            def pick(
                key: str, value: Scalar, wished: str = "", otherwise: str = "", at: int = number
            ) -> Formula:
                none = quoted(otherwise)
                if wished:  # below the actions
                    none = self._picked("wishes", wished, at, value, otherwise, "promise").text
                return self._picked("actions", key, at, value, otherwise, "promise", none)

            contents = {
                2: (pick("share", told(one, "share"), "share", none), TEXT_CELL),
                3: (pick("customer_owner", theirs, "who"), TEXT_CELL),
                4: (pick("owner", told(action, "owner")), TEXT_CELL),
                5: (pick("due", due), NUMBER.but(format=shown)),
                6: (pick("late", late), NUMBER.but(format="0;;")),
            }
            self._row(PROMISES + 1 + number, number, contents, 2)

    def _benefits(self) -> None:
        """What nobody there confirmed yet: the figure, whom to ask, before and today."""
        self._title(BENEFITS, "benefits")
        keys = ((2, "metric"), (3, "asks"), (4, "unit"), (5, "baseline"), (6, "today"))
        self._heads(BENEFITS + 1, keys)
        waiting = to_confirm(self.plan)
        for number in range(1, CONFIRMED + 1):
            one = waiting[number - 1] if number <= len(waiting) else None
            none = self.t("plan.visit.no_benefits") if number == 1 else ""

            def pick(key: str, value: Scalar, otherwise: str = "", at: int = number) -> Formula:
                return self._picked("value", key, at, value, otherwise)

            figure = NUMBER.but(format=FACT)
            contents = {
                2: (pick("share", told(one, "share"), none), TEXT_CELL),
                3: (pick("asks", told(one, "asks")), TEXT_CELL),
                4: (pick("unit", told(one, "unit")), TEXT_CELL),
                5: (pick("baseline", one.baseline if one else None), figure),
                6: (pick("now", one.now if one else None), figure),
            }
            self._row(BENEFITS + 1 + number, number, contents, 1)

    def _beside(self) -> None:
        """Right of the page: which sheets are on paper, which wait hidden, and how to show one."""
        titles = {form.key: form.title(self.at.language) for form in FORMS}
        waiting = [titles[key] for key in hidden(self.plan) if key in titles]
        printed = (form.key for form in FORMS if form.paper)
        paper = [self.sheet.title, *(titles[k] for k in printed if titles[k] not in waiting)]
        self.sheet.widths[len(WIDTHS) + 1], self.sheet.widths[BESIDE] = 3, NOTE_WIDTH
        notes = [self.t("plan.visit.paper", sheets=", ".join(paper))]
        if waiting:
            notes.append(self.t("plan.visit.waiting", sheets=", ".join(waiting)))
        section(self.sheet, ACTIONS, BESIDE, self.t("plan.visit.this_plan"))
        look = NOTE.but(wrap=True, valign="top")
        for row, note in enumerate(notes, ACTIONS + 2):  # of two lines each
            self.sheet.put(row, BESIDE, note, look)


def told(record: Action | DiscoveryAnswer | Lever | PlanWish | None, name: str) -> str | None:
    """A text of a record; None if there is no record."""
    return str(getattr(record, name)) if record is not None else None
