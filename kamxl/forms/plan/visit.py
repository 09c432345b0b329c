"""The sheet *Visit*: one page to take along: due actions, questions, changes, our position.

All of it comes from the other sheets, but for the date; what was known when the plan was made is
written in with its date.
"""

from __future__ import annotations

from collections.abc import Sequence

from kamxl.core.method.position import Position, PositionMeasure
from kamxl.core.method.programmes import summarise
from kamxl.forms.paper.book import (
    Conditional,
    Content,
    Formula,
    Sheet,
    fixed,
    fixed_span,
    here,
    span,
)
from kamxl.forms.paper.idioms import (
    count,
    known,
    numbers,
    quoted,
    safe,
    worded,
)
from kamxl.forms.paper.pages import paged
from kamxl.forms.paper.parts import band, height_of, live, tile
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    BAND_SMALL,
    BEHIND,
    BEHIND_SOFT,
    CELL,
    GOOD,
    GOOD_SOFT,
    MARK,
    MUTED,
    NOTE,
    NUMBER,
    TILE_VALUE,
)
from kamxl.forms.plan.ladder import STATUS, level_label
from kamxl.forms.plan.live import (
    days,
    late_by,
    open_actions,
    questions_to_ask,
)
from kamxl.forms.plan.sheets import OF_VISIT, VISIT, mark_text
from kamxl.forms.plan.value import result_cell, singles
from kamxl.forms.plan.visit_page import (
    ACTIONS,
    AS_OF_ROW,
    ASKED,
    BETWEEN,
    CHANGE,
    CHANGES,
    DUE,
    FIGURE,
    GUIDE,
    KEYS_ROW,
    LAST,
    LOW,
    NOW,
    POSITION,
    QUESTIONS,
    SEGMENTS,
    SURE,
    TEXT_CELL,
    THEN,
    TILES,
    WIDTHS,
    VisitPage,
    told,
)
from kamxl.forms.tables.columns import ANSWER
from kamxl.wording.texts import texts


def as_of_cell(language: str) -> str:
    """The cell with the date, from any sheet."""
    return Sheet(VISIT, texts(language)("plan.visit.sheet")).ref(a1(AS_OF_ROW, 3))


class Visit(VisitPage):
    """The sheet of one plan."""

    def draw(self, identity: str) -> Sheet:
        """The whole page. ``identity`` is the text by which the plan is recognised."""
        sheet, t = self.sheet, self.t
        sheet.put(1, len(WIDTHS), identity, MARK.but(align="right"))
        whose = t("plan.whose", account=self.plan.account, period=self.plan.period)
        sheet.put(2, len(WIDTHS), whose, BAND_SMALL.but(align="right"))
        title = t("plan.visit.title", account=self.plan.account_name)
        mark = mark_text(VISIT, self.plan.workspace)
        band(sheet, range(1, len(WIDTHS) + 1), title, t("plan.visit.intro"), mark)
        sheet.widths = dict(enumerate(WIDTHS, 1))
        singles(sheet, KEYS_ROW, OF_VISIT, self.plan, self.at, "plan.visit_fields")
        beside = NOTE.but(wrap=False, valign="center", indent=1)
        sheet.put(AS_OF_ROW, 4, t("plan.visit.as_of_note"), beside)
        sheet.heights |= {4: 4, AS_OF_ROW: 20, AS_OF_ROW + 1: BETWEEN}
        self._tiles()
        self._actions()
        self._questions()
        self._promises()
        self._benefits()
        self._changes()
        self._position()
        self._beside()
        sheet.print_area = span(1, 1, LAST, len(WIDTHS))
        sheet.active_cell = a1(AS_OF_ROW, 3)
        paged(sheet, len(WIDTHS))
        return sheet

    # --- headline --------------------------------------------------------------------------------

    def _tiles(self) -> None:
        t, selection = self.t, self.prefill.selection
        status = live(safe(self.at.on("ladder", STATUS)), level_label(self.plan.ladder.status, t))
        listed = t(f"plan.visit.lists.{selection.list.value if selection else 'unknown'}")
        label = t("plan.visit.list")
        if selection is not None:
            abc = selection.abc.value if selection.abc else None
            label = t("plan.visit.score_tile", score=selection.score, abc=abc)
        value = TILE_VALUE.but(size=15)
        tiles: tuple[tuple[Sequence[int], str, Content, str], ...] = (
            ((1, 2), t("plan.visit.status"), status, "General"),
            ((3,), t("plan.visit.position_tile"), self._compared("tile"), "General"),
            ((4,), label, listed, "General"),
            ((5,), t("plan.visit.breadth"), self.tops.breadth(), "0%"),
            ((6,), t("plan.visit.active"), self.tops.active(), "0"),
        )
        for columns, name, content, shown in tiles:
            tile(self.sheet, TILES, columns, name, content, value.but(format=shown))
        active = fixed(TILES + 1, 6)
        only, more = t("plan.visit.selling_only"), t("plan.visit.developing")
        said = only if summarise(self.plan.programmes).selling_only else more
        text = live(safe(f'IF({active}=0,"{only}","{more}")'), said)
        self.sheet.put(GUIDE, 1, text, NOTE.but(size=10, wrap=False, valign="center", indent=1))
        row = span(GUIDE, 1, GUIDE, len(WIDTHS))
        self.sheet.fill(GUIDE, range(2, len(WIDTHS) + 1), NOTE)
        self.sheet.conditionals += [
            Conditional(row, formula=f"{active}=0", fill=BEHIND_SOFT, color=BEHIND, bold=True),
            Conditional(row, formula=f"{active}>0", fill=GOOD_SOFT, color=GOOD),
        ]
        self.sheet.heights |= {GUIDE: 20, GUIDE + 1: 6}

    # --- what is due -----------------------------------------------------------------------------

    def _actions(self) -> None:
        self._title(ACTIONS, "actions", self._count())
        keys = ((2, "what"), (3, "owner"), (4, "customer_owner"), (5, "due"), (6, "late"))
        self._heads(ACTIONS + 1, keys)
        held = {action.id: action for action in self.plan.actions}
        order = [held[key] for key in open_actions(self.plan.actions)]
        shown = self.t("language.excel_date")
        for number in range(1, DUE + 1):
            row = ACTIONS + 1 + number
            none = self.t("plan.visit.no_actions") if number == 1 else ""
            action = order[number - 1] if number <= len(order) else None
            late = late_by(action, self.plan.as_of) if action else None
            due = None if action is None else action.due
            day = None if due is None else days(due)
            contents = {
                2: (
                    self._picked("actions", "text", number, told(action, "text"), none),
                    TEXT_CELL,
                ),
                3: (
                    self._picked("actions", "owner", number, told(action, "owner")),
                    TEXT_CELL,
                ),
                4: (
                    self._picked(
                        "actions", "customer_owner", number, told(action, "customer_owner")
                    ),
                    TEXT_CELL,
                ),
                5: (self._picked("actions", "due", number, day), NUMBER.but(format=shown)),
                6: (self._picked("actions", "late", number, late), NUMBER.but(format="0;;")),
            }
            self._row(row, number, contents, 2)
        late_cells = span(ACTIONS + 2, 6, ACTIONS + 1 + DUE, 6)
        first = here(ACTIONS + 2, FIGURE)
        rule = f"AND(ISNUMBER({first}),{first}>0)"
        self.sheet.conditionals.append(
            Conditional(late_cells, formula=rule, fill=BEHIND_SOFT, color=BEHIND, bold=True)
        )

    def _count(self) -> Formula:
        """How many are open and overdue, as one sentence."""
        open_, late = self.tops.open_actions(), self.tops.late_actions()
        sentence = self.t("plan.visit.actions_note", count="\0", late="\1")
        text = '"' + sentence.replace("\0", f'"&{open_.text}&"').replace("\1", f'"&{late.text}&"')
        value = sentence.replace("\0", str(open_.value)).replace("\1", str(late.value))
        return live(f'{text}"'.removeprefix('""&'), value)

    # --- what to ask -----------------------------------------------------------------------------

    def _questions(self) -> None:
        self._title(QUESTIONS, "questions")
        keys = ((2, "question"), (3, "known"), (4, "next_step"), (5, ""), (6, "sureness"))
        self._heads(QUESTIONS + 1, keys)
        held = {answer.id: answer for answer in self.plan.discovery}
        order = [held[key] for key in questions_to_ask(self.plan)]
        for number in range(1, ASKED + 1):
            asked = order[number - 1] if number <= len(order) else None
            row = QUESTIONS + 1 + number
            texts_ = {
                2: ("question", told(asked, "question")),
                3: ("answer", told(asked, "answer")),
                4: ("next_step", told(asked, "next_step")),
            }
            contents = {
                column: (self._picked("discovery", key, number, value), TEXT_CELL)
                for column, (key, value) in texts_.items()
            }
            sure = asked.sureness if asked else None
            contents[6] = self._picked("discovery", "sureness", number, sure), SURE
            self._row(row, number, contents, 2)
            self.sheet.put(row, 5, None, CELL)

    # --- what changed ----------------------------------------------------------------------------

    def _changes(self) -> None:
        given = self.prefill
        now = given.position_period
        dates = self.t("plan.visit.dated", now=now, then=given.earlier_period)
        self._title(CHANGES, "changes", dates)
        self._heads(
            CHANGES + 1, ((2, "score"), (3, ""), (THEN, "then"), (NOW, "now"), (CHANGE, "change"))
        )
        rows: list[tuple[str, float | None, float | None]] = [
            (self.t("plan.visit.whole"), given.earlier_total, given.total)
        ]
        rows += [(s.segment.name, s.earlier_total, s.total) for s in given.segments[:SEGMENTS]]
        for place in range(SEGMENTS + 1):
            row = CHANGES + 2 + place
            if place >= len(rows):
                self.sheet.heights[row] = 2
                continue
            name, before, after = rows[place]
            bold = {"bold": place == 0}
            self.sheet.heights[row] = height_of([(name, WIDTHS[1], TEXT_CELL)], LOW)
            self.sheet.put(row, 1, None, CELL)
            self.sheet.put(row, 2, name, TEXT_CELL.but(**bold))
            self.sheet.put(row, 3, None, CELL)
            self.sheet.put(row, THEN, before, NUMBER)
            self.sheet.put(row, NOW, after, NUMBER.but(**bold))
            change = None if before is None or after is None else after - before
            then, new = here(row, THEN), here(row, NOW)
            text = known(then, new, then=f"{new}-{then}")
            self.sheet.put(
                row, CHANGE, live(text, change), NUMBER.but(format="+0.0;-0.0;0.0", **bold)
            )
        cells = span(CHANGES + 2, CHANGE, CHANGES + 2 + SEGMENTS, CHANGE)
        first = here(CHANGES + 2, CHANGE)
        rule = f"AND(ISNUMBER({first}),ROUND({first},9)<0)"
        self.sheet.conditionals.append(Conditional(cells, formula=rule, color=BEHIND, bold=True))

    # --- where we stand --------------------------------------------------------------------------

    def _measure_cells(self) -> str:
        first = POSITION + 2
        return fixed_span(first, FIGURE, first + len(PositionMeasure) - 1, FIGURE)

    def _compared(self, key: str) -> str:
        """The verdict over the best competitors in words; below the line, that there is none."""
        lead, period = self.prefill.position.lead, self.prefill.position_period
        verdict, points = lead.verdict, lead.points
        return self.t(
            f"plan.visit.compared.{key}",
            verdict="" if verdict is None else verdict.name.lower(),
            points=0.0 if points is None else abs(points),
            raters=lead.basis.raters,
            of=lead.basis.of,
            weights=lead.basis.percent,
            period="" if period == self.plan.period else period,
        )

    def _position(self) -> None:
        t, replies = self.t, self.prefill.position
        position = self.plan.position(replies)
        note = t("plan.visit.position_dated", period=self.prefill.position_period)
        self._title(POSITION, "position", note)
        keys = ((2, "measure"), (3, "evidence"), (4, ""), (5, ""), (6, "value"))
        self._heads(POSITION + 1, keys)
        for row, (measure, value) in enumerate(position.measures.items(), POSITION + 2):
            key = measure.value
            content: Content = value
            hollow = measure is PositionMeasure.RELATIVE and not position.firm
            if measure in (PositionMeasure.CUSTOMER_RETURN, PositionMeasure.OWN_RETURN):
                content = live(safe(self.at.on("value", result_cell(key))), value)
            self.sheet.put(row, 1, None, CELL)
            self.sheet.put(row, 2, t(f"plan.visit.measures.{key}"), TEXT_CELL)
            self.sheet.put(
                row,
                3,
                self._evidence(measure, position),
                CELL.but(wrap=False, color=MUTED, indent=1),
            )
            self.sheet.fill(row, (4, 5), CELL)
            self.sheet.put(row, 6, content, NUMBER.but(color=MUTED) if hollow else NUMBER)
            self.sheet.heights[row] = LOW
            if not hollow:
                cell = span(row, FIGURE, row, FIGURE)
                self.sheet.conditionals.append(Conditional(cell, kind="bar", fill="BFE0D8"))
        row = POSITION + 2 + len(PositionMeasure)
        text = f'COUNT({self._measure_cells()})&"{t("plan.visit.of_five")}"'
        self.sheet.put(row, 2, t("plan.visit.measures_known"), TEXT_CELL.but(bold=True, borders=""))
        count = live(text, f"{position.known}{t('plan.visit.of_five')}")
        self.sheet.put(row, 3, count, TEXT_CELL.but(borders=""))
        self.sheet.heights[row] = LOW

    def _evidence(self, measure: PositionMeasure, position: Position) -> Content:
        """What a measure was made of."""
        if measure is PositionMeasure.RELATIVE:
            return self._compared("evidence")
        if measure is PositionMeasure.CUSTOMER_RETURN:
            return self._agreed(position)
        return self.t(
            f"plan.visit.made.{measure.value}",
            completed=position.completed, segments=position.segments,
        )  # fmt: skip

    def _agreed(self, position: Position) -> Formula:
        """What the customer's return is made of; how many agreed levers say no amount."""
        amount, agreed = (self.at.all("value", key) for key in ("amount", "agreed"))
        taken = f'{agreed}="{ANSWER.label("yes", self.at.language)}"'
        missing = f"({count(taken)}-{count(taken, *numbers(amount))})"
        whole, partly = self.t("plan.visit.made.customer_return"), "plan.visit.made.customer_partly"
        said = worded(self.t, partly, {"count": missing})
        value = (
            self.t(partly, count=position.agreed_unvalued) if position.agreed_unvalued else whole
        )
        made, known_ = self._confirmed(position)
        return live(f"IF({missing}>0,{said},{quoted(whole)}){made}", value + known_)

    def _confirmed(self, position: Position) -> tuple[str, str]:
        """How much of the agreed value the customer confirmed: added to a formula, and to its text.

        Where nobody confirmed anything it is not said to be 0 %.
        """
        gained, sure = (self.at.on("value", result_cell(k)) for k in ("agreed_sum", "confirmed"))
        nothing = self.t("plan.visit.made.unconfirmed")
        share = worded(
            self.t, "plan.visit.made.confirmed", {"share": f"ROUND(100*{sure}/{gained},0)"}
        )
        said = f"IF(ISNUMBER({sure}),{share},{quoted(nothing)})"
        made = safe(f'IF(SUM({gained})>0,{said},"")')
        agreed, confirmed = position.agreed_value, position.confirmed_value
        if not agreed or agreed < 0:
            return f"&{made}", ""
        if confirmed is None:
            return f"&{made}", nothing
        percent = int(100 * confirmed / agreed + 0.5)
        return f"&{made}", self.t("plan.visit.made.confirmed", share=percent)
