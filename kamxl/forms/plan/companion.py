"""The companion of a plan (Begleitdatei): what came back since it was made, on one sheet.

``book`` draws it, ``marked`` knows one by its mark, which tells what it holds: a companion that
would say the same is not written again. It is kamxl's, internal, and nothing is read from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from kamxl.core.ids import same_id
from kamxl.core.portfolio.companion import Companion, RequirementNow, SegmentNow, TalkNow
from kamxl.core.records.page import RowKind
from kamxl.core.records.plan import PlanIdentity
from kamxl.forms.paper.book import Book, Content, Sheet, here, span
from kamxl.forms.paper.idioms import known
from kamxl.forms.paper.pages import paged
from kamxl.forms.paper.parts import band, height_of, live, section, tile
from kamxl.forms.paper.raw import RawBook, a1
from kamxl.forms.paper.style import (
    BAND_SMALL,
    CELL,
    HEADER,
    HEADER_LEFT,
    MUTED,
    NOTE,
    NUMBER,
    TILE_VALUE,
    WARN_SOFT,
    Style,
)
from kamxl.forms.plan.targets import requirement_target
from kamxl.forms.tables.locate import find_texts
from kamxl.wording.texts import Texts, texts

FORM = 2  # counts up when what is drawn changes: older ones are written again
WIDTHS = (20, 18, 33, 33, 10.6, 10.6, 10.6, 10.6, 10.6, 10.6)  # as wide as a page in 8 points
TILES = 5
PAGE = 630  # points of rows that a printed page holds at this width
_LEAST = 100  # of them, for a heading, the heads of its columns and a row
_WIDE = 4  # columns of texts; figures follow
_DIGITS = 16
_ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}"
MARK = re.compile(rf"kamxl:companion:(\S*?):({_ID}):(\d{{4}}[0-9HQ-]*):([0-9a-f]{{{_DIGITS}}})")
TEXT = CELL.but(indent=1)
ID = TEXT.but(color=MUTED, format="@")
NEW = TEXT.but(fill=WARN_SOFT)
WORD = CELL.but(align="center")
CHANGE = NUMBER.but(format="+0.0;-0.0;0.0")
Cells = Sequence[tuple[Content, Style]]


@dataclass(frozen=True, slots=True)
class Marked:
    """Of whose plan a companion is, and the digest of what it says."""

    whose: PlanIdentity
    digest: str


def digest_of(companion: Companion, language: str) -> str:
    """What tells whether a companion says the same as another one."""
    return sha256(f"{FORM}\0{language}\0{companion!r}".encode()).hexdigest()[:_DIGITS]


def marked(raw: RawBook) -> Marked | None:
    """Whose companion a workbook is; None: it is none."""
    for _, _, _, text in find_texts(raw, MARK):
        found = MARK.fullmatch(text)
        if found:
            return Marked(PlanIdentity(found[1], found[2], found[3]), found[4])
    return None


def book(companion: Companion, language: str, stamp: datetime) -> Book:
    """The companion's workbook; ``stamp``: the time that its properties tell."""
    t = texts(language)
    sheet = _Drawn(companion, t, digest_of(companion, language)).draw()
    return Book([sheet], stamp, language, title=sheet.footer)


class _Drawn:
    """The sheet, drawn from the top."""

    def __init__(self, companion: Companion, t: Texts, digest: str) -> None:
        self.of, self.t, self.row = companion, t, 1
        self.sheet = Sheet("companion", self.said("sheet"), landscape=True, tab_color=MUTED)
        self.sheet.widths = dict(enumerate(WIDTHS, 1))
        whose = companion.whose
        self.mark = f"kamxl:companion:{whose.workspace}:{whose.account}:{whose.period}:{digest}"
        self.starts: dict[str, int] = {}

    def said(self, key: str, **values: object) -> str:
        """One of its texts."""
        return self.t(f"plan.companion.{key}", **values)

    def draw(self) -> Sheet:
        """All of it."""
        sheet, whose = self.sheet, self.of.whose
        columns = range(1, len(WIDTHS) + 1)
        title = self.said("title", account=self.of.name, period=whose.period)
        beside = self.t("plan.whose", account=whose.account, period=whose.period)
        sheet.put(2, len(WIDTHS), beside, BAND_SMALL.but(align="right"))
        band(sheet, columns, title, self.said("intro"), self.mark)
        self.row = TILES + 3
        if self.of.silent:
            sheet.put(self.row, 1, self.said("silent"), NOTE.but(wrap=False, indent=1))
            sheet.heights[self.row] = 20
        for part in (
            self._totals, self._talks, self._wishes, self._requirements, self._statements,
            self._rows, self._benefits, self._programmes, self._steps, self._replies,
        ):  # fmt: skip
            part()
        self._tiles()
        sheet.print_area = span(1, 1, self.row, len(WIDTHS))
        sheet.footer = title
        sheet.freeze = a1(4, 1)
        sheet.protected = True  # it is written anew: what somebody typed here would be lost
        paged(sheet, len(WIDTHS))
        return sheet

    def _tiles(self) -> None:
        of, lead = self.of, self.of.lead
        verdict, points = lead.verdict, lead.points
        compared = self.t(
            "plan.visit.compared.tile",
            verdict="" if verdict is None else verdict.name.lower(),
            points=0.0 if points is None else abs(points),
            period="",
        )
        rival = self.said("rival", name=of.rival)
        tiles: tuple[tuple[tuple[int, ...], str, Content, str, str], ...] = (
            ((1, 2), self.said("total", period=of.total.period),
             "–" if of.total.total is None else of.total.total, "0.0", "totals"),
            ((3,), rival, compared, "General", ""),
            ((4,), self.said("new_wishes"), len(of.new_wishes), "0", "wishes"),
            ((5, 6), self.said("new_requirements"), len(of.new_requirements), "0", "requirements"),
            ((7, 8), self.said("changed"), len(of.changed), "0", "requirements"),
            ((9, 10), self.said("corrections"), len(of.corrections), "0", "statements"),
        )  # fmt: skip
        for columns, label, value, shown, key in tiles:
            at = self.starts.get(key)
            link = self.sheet.ref(a1(at, 1)) if at else None
            tile(self.sheet, TILES, columns, label, value,
                 TILE_VALUE.but(format=shown, size=15), link)  # fmt: skip
        self.sheet.heights[TILES + 2] = 8

    # --- what its parts are made of --------------------------------------------------------------

    def _part(self, key: str, heads: Sequence[str], lines: Iterable[Cells]) -> None:
        """A heading, the heads of its columns ("": none) and its rows; nothing without any row."""
        rows = list(lines)
        if not rows:
            return
        self.starts[key] = self.row
        self._keep_together()
        section(self.sheet, self.row, 1, self.said(f"{key}.title"))
        self.row += 1
        for column in range(1, len(WIDTHS) + 1):
            head = heads[column - 1] if column <= len(heads) else ""
            style = HEADER_LEFT if column <= _WIDE else HEADER
            text = self.said(f"heads.{head}") if head else None
            self.sheet.put(self.row, column, text, style.but(fill=MUTED))
        self.sheet.heights[self.row] = 30
        for line in rows:
            self.row += 1
            self._line(line)
        self.row += 1
        self.sheet.heights[self.row] = 8
        self.row += 1

    def _keep_together(self) -> None:
        """No heading ends a page: a part begins on the next one if nothing of it would fit."""
        if self._used() > PAGE - _LEAST:
            self.sheet.page_breaks.append(self.row - 1)

    def _used(self) -> float:
        """Points of this page that the rows above take: pages end where it is said, see _line."""
        begun = self.sheet.page_breaks[-1] + 1 if self.sheet.page_breaks else 1
        return sum(self.sheet.heights.get(row, 15) for row in range(begun, self.row))

    def _line(self, line: Cells) -> None:
        for column, (content, style) in enumerate(line, 1):
            made = self._change(content) if style is CHANGE else content
            self.sheet.put(self.row, column, made, style)
        self.sheet.fill(self.row, range(len(line) + 1, len(WIDTHS) + 1), CELL)
        cells = [(content, WIDTHS[n], style) for n, (content, style) in enumerate(line)]
        self.sheet.heights[self.row] = height_of(cells, 18.0)
        if self._used() + self.sheet.heights[self.row] > PAGE:
            self.sheet.page_breaks.append(self.row - 1)

    def _change(self, columns: Content) -> Content:
        """The difference of two cells of this row, which are named by their columns: "7-8"."""
        then, now = (int(one) for one in str(columns).split("-"))
        values = [self.sheet.cells[self.row, one].content for one in (then, now)]
        change = None if None in values else float(str(values[1])) - float(str(values[0]))
        before, after = here(self.row, then), here(self.row, now)
        return live(known(before, after, then=f"{after}-{before}"), change)

    # --- the parts -------------------------------------------------------------------------------

    def _totals(self) -> None:
        def line(one: SegmentNow, name: str) -> Cells:
            bold = {} if one.id else {"bold": True}
            return (
                (one.id, ID), (name, TEXT.but(**bold)),
                (self.said("periods", now=one.period, then=one.earlier), TEXT), (None, TEXT),
                (one.earlier_total, NUMBER), (one.total, NUMBER.but(**bold)), ("5-6", CHANGE),
            )  # fmt: skip

        heads = ("id", "segment", "periods", "", "before", "now", "change")
        whole = [line(self.of.total, self.t("plan.visit.whole"))] if self.of.segments else []
        self._part("totals", heads, [*whole, *(line(one, one.name) for one in self.of.segments)])

    def _talks(self) -> None:
        def says(one: TalkNow) -> str:
            return ", ".join(
                self.t("portfolio.voices.opinion", who=o.function or o.name, rating=o.rating)
                for o in one.says
            )

        heads = ("id", "segment", "requirement", "says", "apart", "in_plan")
        self._part("talks", heads, (
            (
                (requirement_target(one.segment, one.id), ID), (one.segment_name, TEXT),
                (one.label, TEXT if one.planned else NEW), (says(one), TEXT), (one.range, NUMBER),
                (self.said("in_plan" if one.planned else "new"), WORD),
            )
            for one in self.of.talks
        ))  # fmt: skip

    def _wishes(self) -> None:
        heads = ("id", "who", "issue", "remedy", "importance_plan", "importance", "in_plan")
        self._part("wishes", heads, (
            (
                (one.wish.id, ID), (one.wish.who, TEXT),
                (one.wish.issue, TEXT if one.known else NEW),
                (one.wish.remedy, TEXT if one.known else NEW),
                (one.importance.then, NUMBER), (one.importance.now, NUMBER),
                (self.said("in_plan" if one.known else "new"), WORD),
            )
            for one in self.of.wishes
        ))  # fmt: skip

    def _requirements(self) -> None:
        heads = ("id", "segment", "requirement", "views", "weight_plan", "weight", "rating_plan",
                 "rating", "change", "gap")  # fmt: skip
        self._part("requirements", heads, (
            (
                ("" if one.taken else requirement_target(one.segment, one.id), ID),
                (one.segment_name, TEXT),
                (one.label, NEW if one.differs else TEXT), (self._views(one), TEXT),
                (one.weight.then, NUMBER), (one.weight.now, NUMBER),
                (one.rating.then, NUMBER), (one.rating.now, NUMBER), ("7-8", CHANGE),
                (one.gap, NUMBER),
            )
            for one in self.of.requirements
        ))  # fmt: skip

    def _views(self, one: RequirementNow) -> str:
        """What is to be known of a requirement beside its figures."""
        found = [self.said("taken")] if one.taken else []
        if one.own and not one.taken:
            found.append(self.said("own"))
        if not (one.known or one.taken):
            found.append(self.said("not_in_plan"))
        if one.requirers is not None and one.purchasers is not None:
            found.append(self.said("both", requirers=one.requirers, purchasers=one.purchasers))
        if one.raters > 1:
            found.append(self.said("raters", count=one.raters))
        return " ".join(found)

    def _statements(self) -> None:
        heads = ("id", "who", "statement", "correction", "view")
        self._part("statements", heads, (
            (
                (one.shown.id, ID), (one.who, TEXT), (one.shown.text, TEXT),
                (one.said.correction, NEW if one.said.correction else TEXT),
                (self._word(one.said.view), WORD),
            )
            for one in self.of.statements
        ))  # fmt: skip

    def _rows(self) -> None:
        heads = ("id", "who", "doing", "comment", "fit", "result")
        self._part("rows", heads, (
            (
                (requirement_target(one.segment, one.shown.id)
                 if one.shown.kind is RowKind.GAP else one.shown.id, ID),
                (one.who, TEXT), (one.shown.doing or one.shown.understood, TEXT),
                (one.said.comment, TEXT), (self._word(one.said.fit), WORD),
                (self._word(one.said.result), WORD),
            )
            for one in self.of.rows
        ))  # fmt: skip

    def _benefits(self) -> None:
        heads = ("id", "who", "benefit", "comment", "seen", "baseline", "value", "unit", "amount")
        self._part("benefits", heads, (
            (
                (one.shown.id, ID), (one.who, TEXT), (one.shown.metric, TEXT),
                (one.said.comment, TEXT), (self._word(one.said.seen), WORD),
                (one.shown.baseline, NUMBER), (one.shown.now, NUMBER), (one.shown.unit, WORD),
                (one.said.amount, NUMBER.but(format="#,##0")),
            )
            for one in self.of.benefits
        ))  # fmt: skip

    def _programmes(self) -> None:
        heads = ("id", "who", "goal", "comment", "fit")
        self._part("programmes", heads, (
            (
                (one.shown.id, ID), (one.who, TEXT), (one.shown.goal, TEXT),
                (one.said.comment, TEXT), (self._word(one.said.fit), WORD),
            )
            for one in self.of.programmes
        ))  # fmt: skip

    def _steps(self) -> None:
        day = WORD.but(format=self.t("language.excel_date"))
        self._part("steps", ("", "with_whom", "what", "by_whom", "due"), (
            ((None, ID), (one.who, TEXT), (one.step.what, NEW), (one.step.who, TEXT),
             (one.step.due, day))
            for one in self.of.steps
        ))  # fmt: skip

    def _replies(self) -> None:
        day = WORD.but(format=self.t("language.excel_date"))
        names = {same_id(one.id): one.name for one in self.of.segments}
        self._part("replies", ("id", "who", "segment", "", "period", "day"), (
            ((one.segment, ID), (one.who, TEXT), (names.get(same_id(one.segment)), TEXT),
             (None, TEXT), (one.period, WORD), (one.day, day))
            for one in self.of.replies
        ))  # fmt: skip

    def _word(self, value: object) -> str:
        """A choice of hers in words; nothing where she made none."""
        return "" if value is None else self.said(f"said.{value}")
