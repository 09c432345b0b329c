"""Two pictures above *Trend*: what moved the mean of all accounts, and the total of a chosen one.

Their cells stand right of what is printed. Bars float on a base near the lowest level, as changes
of a few points would not be seen from 0: so the axis has no numbers, and each bar's stands in its
name. The chosen account's are looked up in the table below.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.portfolio.waterfall import Bar, Waterfall
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import (
    UNSCALED,
    Chart,
    Content,
    Series,
    Sheet,
    Validation,
    fixed,
    fixed_span,
)
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, section
from kamxl.forms.paper.places import Ref
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import ACCENT, BEHIND, ENTRY_TEXT, INK, MARK, NOTE, PLAIN
from kamxl.forms.portfolio.changed import signed
from kamxl.wording.texts import Texts

FIRST = 5  # the row of the headings
LINES = 7  # of a sentence
CHART = FIRST + LINES + 2  # the row from which the pictures go
END = CHART + 21  # the row below them and the line that says what the bars are
_DEFINED = END - 3
HALF = 5  # columns that the left one takes
_BELOW = 4.0  # points that the base is below the lowest level
_KEYS = ("points", "level", "base", "total", "up", "down", "said")
_CUT = "…"
_SPACE = quoted(" ")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the table below that the pictures read; ``named``: what one chooses by."""

    named: Ref
    said: Ref
    change: Ref
    total: Ref
    before: Ref
    now: Ref
    compared: Ref
    parts: Mapping[Bar, Ref]


@dataclass(frozen=True, slots=True)
class _Step:
    """One bar: its name, its formula and its value; ``whole``: a total that stands on the base."""

    name: str
    text: str
    value: float | None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen: the names offered, the one chosen at first, its bars and sentence."""

    offered: Sequence[str]
    chosen: str
    waterfall: Waterfall | None
    said: str


def draw_waterfalls(
    sheet: Sheet,
    t: Texts,
    at: Columns,
    whole: Waterfall | None,
    one: Choice,
    columns: tuple[int, int],
) -> None:
    """Both halves on a sheet whose table is drawn; ``columns``: the last printed one of a page, and
    the first that stands right of everything.
    """
    last, spare = columns
    for row in range(FIRST + 1, END):
        sheet.heights[row] = 15.0
    section(sheet, FIRST, 1, t("portfolio.trend.all"))
    said = overall_said(t, whole)
    if whole is not None:
        drawn = whole if whole.firm else whole.alike
        steps = list(_overall(t, at, drawn))
        corners = a1(CHART, 1), a1(_DEFINED, HALF + 1)
        _draw(sheet, steps, spare, corners, (_finding(t, drawn), t.manner.point))
    lines = textwrap.wrap(said, _letters(sheet, 1, HALF))
    for row, line in enumerate(lines, FIRST + 1):
        sheet.put(row, 1, line, PLAIN)
    section(sheet, FIRST, HALF + 1, t("portfolio.trend.one"))
    chosen = _choose(sheet, t, at, one)
    place = _put(sheet, CHART - 2, spare + len(_KEYS) + 1, _place(at, chosen),
                 1 + list(one.offered).index(one.chosen))  # fmt: skip
    _sentence(sheet, _looked(at.said, place), one.said, spare + 2 * len(_KEYS) + 2, last)
    steps, titled = list(_chosen(t, at, place, one.waterfall)), t("portfolio.trend.one_title")
    corners = a1(CHART, HALF + 1), a1(_DEFINED, last + 1)
    _draw(sheet, steps, spare + len(_KEYS) + 1, corners, (titled, t.manner.point))
    defined = textwrap.wrap(t("portfolio.waterfall.defined"), _letters(sheet, 1, last))
    for row, line in enumerate(defined, _DEFINED):
        sheet.put(row, 1, line, NOTE.but(wrap=False))


# --- in words ------------------------------------------------------------------------------------


def overall_said(t: Texts, whole: Waterfall | None) -> str:
    """ "72,4 → 75,1 seit 2026-H1 (12 von 15 Kunden verglichen): Urteil +2,1, Gewichte +0,3".

    Where the means of all may not be compared: what is missing, and the same of those that may.
    """
    if whole is None:
        return t("portfolio.waterfall.nobody")
    if whole.firm:
        return _told(t, whole, "said")
    return f"{t('portfolio.waterfall.little', **_counts(whole))} {_told(t, whole.alike, 'alike')}"


def _told(t: Texts, whole: Waterfall, key: str) -> str:
    parts = [
        t(_said_by(bar), points=signed(t, points), most=_most(t, whole))
        for bar, points in whole.bars.items()
        if round(points, 1) != 0
    ]
    ends = {"start": t.number(whole.start), "end": t.number(whole.end), "since": whole.since}
    said = ", ".join(parts) or t("portfolio.waterfall.unchanged")
    return t(f"portfolio.waterfall.{key}", **ends, **_counts(whole), parts=said)


def _counts(whole: Waterfall) -> dict[str, object]:
    share = math.floor(round(100 * whole.common, 9))
    return {"accounts": whole.accounts, "of": whole.of, "share": share}


def _said_by(bar: Bar) -> str:
    """Which text tells a bar: of causes that one account has, too, that one's."""
    plain = bar in (Bar.OPINION, Bar.WEIGHTS, Bar.MIX)
    return f"portfolio.changed.{bar.value}" if plain else f"portfolio.waterfall.{bar.value}_said"


def _most(t: Texts, whole: Waterfall) -> str:
    if whole.most is None or round(whole.most[1], 1) == 0:
        return ""
    return t("portfolio.changed.most", requirement=whole.most[0], points=signed(t, whole.most[1]))


def _finding(t: Texts, whole: Waterfall) -> str:
    """ "72,4 → 75,1: vor allem Urteil +3,9, aber andere Befragte −2,0": the largest bar that goes
    where the mean went, and one against it that is at least half as large.
    """
    ends = {"start": t.number(whole.start), "end": t.number(whole.end)}
    bars = {bar: points for bar, points in whole.bars.items() if round(points, 1) != 0}
    turn = -1 if whole.points < 0 else 1
    along = max(bars, key=lambda bar: round(turn * bars[bar], 9), default=None)
    if along is None or turn * bars[along] < 0:
        return t("portfolio.waterfall.finding_none", **ends)
    against = min(bars, key=lambda bar: round(turn * bars[bar], 9))
    told = 2 * turn * bars[against] <= -abs(bars[along])
    return t(
        "portfolio.waterfall.finding",
        **ends,
        what=t(f"portfolio.waterfall.{along.value}"),
        points=signed(t, bars[along]),
        against=t(f"portfolio.waterfall.{against.value}") if told else "",
        against_points=signed(t, bars[against]),
    )


# --- the bars ------------------------------------------------------------------------------------


def _overall(t: Texts, at: Columns, whole: Waterfall) -> Iterator[_Step]:
    """The means of the two periods, of all or (no bar of other accounts) of those compared; and the
    means of the parts over these.
    """
    compared = at.compared.all()
    inside = [idioms.mean_of(compared, "1", one.all()) for one in (at.before, at.now)]
    ends = inside
    if Bar.ACCOUNTS in whole.bars:
        ends = [idioms.mean_known(one.all()) for one in (at.before, at.now)]
    yield _Step(whole.since, ends[0], whole.start, whole=True)
    for bar, points in whole.bars.items():
        if bar is Bar.ACCOUNTS:
            text = f"{inside[0]}-{ends[0]}+{ends[1]}-{inside[1]}"
        else:
            text = idioms.mean_of(compared, "1", at.parts[bar].all())
        yield _Step(t(f"portfolio.waterfall.{bar.value}"), text, points)
    yield _Step(whole.period, ends[1], whole.end, whole=True)


def _chosen(t: Texts, at: Columns, place: str, of: Waterfall | None) -> Iterator[_Step]:
    change, total = _looked(at.change, place), _looked(at.total, place)

    def told(text: str) -> str:
        return f"IF({place}>0,{idioms.known(change, then=text)},{idioms.NOTHING})"

    start, end = (of.start, of.end) if of else (None, None)
    yield _Step(t("portfolio.waterfall.start"), told(f"{total}-{change}"), start, whole=True)
    for bar, part in at.parts.items():
        value = of.bars[bar] if of else None
        yield _Step(t(f"portfolio.waterfall.{bar.value}"), told(_looked(part, place)), value)
    yield _Step(t("portfolio.waterfall.end"), told(total), end, whole=True)


def _looked(column: Ref, place: str) -> str:
    # one row more: INDEX of a single cell with a column number fails in Gnumeric
    return idioms.item(column.and_below(), place)


def _place(at: Columns, chosen: str) -> str:
    """Which record was chosen, from 1; compared letter by letter, as MATCH knows wildcards."""
    names = at.named.all()
    return f"SUMPRODUCT(--({names}={chosen}),ROW({names})-ROW({idioms.head_of(names)})+1)"


def _choose(sheet: Sheet, t: Texts, at: Columns, one: Choice) -> str:
    """The cell in which an account is chosen, over as many columns as a name takes."""
    row, look = FIRST + 1, ENTRY_TEXT.but(align="centerContinuous", wrap=False, indent=0)
    for column in range(HALF + 1, HALF + 5):
        sides = "tb" + ("l" if column == HALF + 1 else "r" if column == HALF + 4 else "")
        content = one.chosen if column == HALF + 1 else None
        sheet.put(row, column, content, look.but(borders=sides))
    sheet.heights[row] = 18.0
    sheet.offers = tuple(one.offered)
    help_ = t("portfolio.trend.one_help")
    sheet.validations.append(
        Validation(
            a1(row, HALF + 1), "list", at.named.all(), prompt_title=t("portfolio.trend.one_short"),
            prompt=help_, error_title=t("tables.error_title"), error=help_,
        )
    )  # fmt: skip
    return fixed(row, HALF + 1)


def _sentence(sheet: Sheet, text: str, said: str, spare: int, last: int) -> None:
    """The sentence in lines, broken where a word ends: what is left stands beside each."""
    wide = _letters(sheet, HALF + 1, last)
    row, rest = FIRST + 2, said
    left = _put(sheet, row, spare, f'{text}&""', rest)
    for number in range(LINES - 1):
        final = number == LINES - 2
        line, at = _line(left, wide, final=final), _broken(rest, wide)
        shown = rest[:at] if not final or len(rest) <= wide else rest[: wide - 1] + _CUT
        sheet.put(row + number, HALF + 1, live(line, shown), PLAIN)
        if not final:
            left = _put(
                sheet, row + number + 1, spare, f"MID({left},{_break(left, wide)}+1,999)", rest[at:]
            )
            rest = rest[at:]


def _line(left: str, wide: int, *, final: bool) -> str:
    if final:
        return (
            f"IF(LEN({left})>{wide},LEFT({left},{wide - 1})&{quoted(_CUT)},{left}&{idioms.NOTHING})"
        )
    return f"LEFT({left},{_break(left, wide)})"


def _break(left: str, wide: int) -> str:
    """After how many letters a line ends: with its last blank."""
    begin = f"LEFT({left},{wide + 1})"
    blanks = f'LEN({begin})-LEN(SUBSTITUTE({begin}," ",""))'
    found = f'FIND(CHAR(1),SUBSTITUTE({begin}," ",CHAR(1),{blanks}))'
    return f"IF(LEN({left})<={wide},LEN({left}),IFERROR({found},{wide}))"


def _broken(rest: str, wide: int) -> int:
    if len(rest) <= wide:
        return len(rest)
    return rest[: wide + 1].rfind(" ") + 1 or wide


# --- the cells of a picture, and the picture -----------------------------------------------------


def _draw(
    sheet: Sheet,
    steps: Sequence[_Step],
    column: int,
    corners: tuple[str, str],
    titled: tuple[str, str],
) -> None:
    """A picture and the cells it reads, one row a bar, below the row of their keys.

    ``titled``: with its title, and what the language writes before decimals.
    """
    row, (title, point) = CHART, titled
    for number, key in enumerate(_KEYS):
        sheet.put(row, column + number, key, MARK)
    first, last = row + 1, row + len(steps)
    levels = [cell for cell in _levels(steps) if cell is not None]
    lowest = fixed_span(first, column + 1, last, column + 1)
    text = idioms.any_known(lowest, f"MAX(0,INT(ROUND(MIN({lowest}),6))-{_BELOW:g})", "0")
    base = max(0.0, math.floor(round(min(levels), 6)) - _BELOW) if levels else 0.0
    floor = _put(sheet, row - 1, column, text, base)
    before = None
    for place, (step, level) in enumerate(zip(steps, _levels(steps), strict=True), first):
        _row(sheet, place, column, step, (before, level), (floor, base), point)
        before = level
    names = sheet.ref(a1(first, column + 6), a1(last, column + 6))
    looks = (
        ("base", INK, True),
        ("total", INK, False),
        ("up", ACCENT, False),
        ("down", BEHIND, False),
    )
    series = tuple(
        Series(
            sheet.ref(a1(first, column + 2 + n), a1(last, column + 2 + n)), names,
            title_ref=sheet.ref(a1(row, column + 2 + n)), color=color, unseen=unseen,
        )
        for n, (_, color, unseen) in enumerate(looks)
    )  # fmt: skip
    sheet.charts.append(
        Chart("stacked", *corners, series, title=title, x_min=0, x_format=UNSCALED, legend=False,
              description=title)
    )  # fmt: skip


def _levels(steps: Sequence[_Step]) -> list[float | None]:
    """Where each bar ends."""
    found: list[float | None] = []
    for step in steps:
        if step.whole or step.value is None:
            found.append(step.value)
        else:
            before = found[-1]
            found.append(None if before is None else before + step.value)
    return found


def _row(
    sheet: Sheet,
    row: int,
    column: int,
    step: _Step,
    levels: tuple[float | None, float | None],
    floor: tuple[str, float],
    point: str,
) -> None:
    points, level, above = (
        fixed(*at) for at in ((row, column), (row, column + 1), (row - 1, column + 1))
    )
    value, (before, now) = step.value, levels
    _put(sheet, row, column, step.text, value)
    if step.whole:
        _put(sheet, row, column + 1, idioms.known(points, then=points), value)
        text = idioms.known(points, then=f"{points}-{floor[0]}", none="0")
        cells: list[Content] = [
            0.0,
            live(text, 0.0 if value is None else value - floor[1]),
            0.0,
            0.0,
        ]
    else:
        _put(sheet, row, column + 1, idioms.both_known(above, points, f"{above}+{points}"), now)
        base = f"IF(COUNT({above},{level})=2,MIN({above},{level})-{floor[0]},0)"
        lower = 0.0 if before is None or now is None else min(before, now) - floor[1]
        up, down = (f"MAX(0,{sign}SUM({points}))" for sign in ("", "-"))
        cells = [
            live(base, lower),
            0.0,
            live(up, max(0.0, value or 0.0)),
            live(down, max(0.0, -(value or 0.0))),
        ]
    for number, content in enumerate(cells, column + 2):
        sheet.put(row, number, content, MARK)
    sheet.put(row, column + 6, _named(step, points, point), MARK)


def _named(step: _Step, points: str, point: str) -> Content:
    """A bar's name with its number, in the decimals and signs of the text's language."""
    tenths = f"ROUND(10*ABS({points}),0)"
    digits = f"INT({tenths}/10)&{quoted(point)}&MOD({tenths},10)"
    sign = (
        "" if step.whole else f'IF(ROUND(10*{points},0)>0,"+",IF(ROUND(10*{points},0)<0,"−","±"))&'
    )
    name = quoted(step.name)
    number = f"{_SPACE}&{sign}{digits}"
    text = f"{name}&{idioms.known(points, then=number)}"
    return live(text, step.name + _number(step, point))


def _number(step: _Step, point: str) -> str:
    if step.value is None:
        return ""
    tenths = math.floor(round(10 * abs(step.value), 9) + 0.5)
    sign = "" if step.whole else "±" if not tenths else "+" if step.value > 0 else "−"
    return f" {sign}{tenths // 10}{point}{tenths % 10}"


def _put(sheet: Sheet, row: int, column: int, text: str, value: float | str | None) -> str:
    """A formula's cell, and how it is referred to."""
    sheet.put(row, column, live(text, value), MARK)
    return fixed(row, column)


def _letters(sheet: Sheet, first: int, last: int) -> int:
    """How many letters of 10-point type stand on one line over some columns."""
    return max(30, int(sum(sheet.widths.get(n, 9.14) for n in range(first, last + 1)) * 1.04))
