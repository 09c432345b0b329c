"""The sheet *Start*: what to do next, how far each sheet is, where the rest comes in.

Nothing on it is read. Right of the page stand the cells that formulas of all sheets look into.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kamxl.core.records.register import Settings
from kamxl.forms.paper.book import Conditional, Content, Formula, Sheet, span
from kamxl.forms.paper.idioms import count, item, none_of, quoted, sum_of, worded
from kamxl.forms.paper.parts import band
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    FAINT,
    GOOD,
    HEADER,
    HEADER_LEFT,
    INK,
    LABEL,
    LINK,
    MUTED,
    SECTION,
    WARN_SOFT,
    Style,
)
from kamxl.forms.register.fields import FIELDS, KEEP_YEARS, NOW
from kamxl.forms.register.live import Facts
from kamxl.forms.register.needs import LANGUAGES, SETTINGS_SET
from kamxl.forms.register.sheets import (
    ACCOUNTS,
    COMPETITORS,
    CONTACTS,
    DECISION,
    DECISIONS,
    LATER,
    PICTURE,
    REQUIREMENTS,
    SEGMENTS,
    SELECTION,
    SETTINGS,
    TEAM,
    mark_text,
)
from kamxl.forms.register.standing import READY
from kamxl.forms.tables.columns import ANSWER, ROLE, Choices, Column, Kind
from kamxl.forms.tables.declared import Table
from kamxl.forms.tables.fields import spelled
from kamxl.forms.tables.reckoning import BLANKS, choice_words
from kamxl.wording.periods import fillers, spelled_ends
from kamxl.wording.spoken import language_words
from kamxl.wording.texts import texts

START = "start"  # the key of its sheet, which is only calculated, never read
WIDTHS = (20, 66, 9, 9, 9, 48)
NEXT_ROW, STATE_ROW, CELLS_ROW, HEAD_ROW = 5, 6, 7, 9
FIRST = HEAD_ROW + 1
WORK = (ACCOUNTS, SEGMENTS, CONTACTS, REQUIREMENTS, COMPETITORS)
LATER_ROW = FIRST + 1 + len(WORK)
LOOP_ROW = LATER_ROW + len(LATER) + 3
COUNTED = ("rows", "ready", "open", "where")  # the columns after name and purpose
CALC = 12  # the column of labels right of the page; what they name stands beside them
_BETWEEN = "\xa0./,;:–-_'()"  # what separates the words of a period, for formulas


def _words_known() -> dict[str, str]:
    """The words that formulas look for, by what their cell is offered as."""
    spoken = "".join(f"|{spelled(word)}=l" for word in language_words())
    choices: tuple[Choices | None, ...] = (
        ANSWER, ROLE, SEGMENTS.column("rivals").choices, CONTACTS.column("source").choices,
        DECISION, KEEP_YEARS,
    )  # fmt: skip
    told = {one.texts: choice_words(one) for one in choices if one is not None}
    periods = f"|{'|'.join(spelled_ends())}|"
    return {LANGUAGES: spoken, "needs.periods": periods, **told}


_FACTS = (
    SETTINGS_SET,
    "needs.typed",
    "needs.period",
    "needs.wrong",
    "needs.wanted",
    "needs.chain",
    "needs.cards",
    "needs.whole",
)


def offered(language: str) -> dict[str, str]:
    """Where these cells and figures are, from any sheet."""
    sheet = Sheet(START, texts(language)("register.start.title"))
    keys = (*_words_known(), *_FACTS)
    return {key: sheet.ref(a1(row, CALC + 1)) for row, key in enumerate(keys, NEXT_ROW)}


class _Page:
    """The sheet while it is drawn."""

    def __init__(self, at: At, facts: Facts, settings: Settings) -> None:
        self.at, self.facts, self.words = at, facts, texts(at.language)
        self.standing, self.settings = facts.standing, settings
        self.sheet = Sheet(START, self.words("register.start.title"), landscape=True, tab_color=INK)
        self.rows = {one.key: row for row, one in enumerate((SETTINGS, *WORK), FIRST)}
        # the selection has a second line, for its picture
        self.rows |= {TEAM.key: LATER_ROW + 3, DECISIONS.key: LATER_ROW + 4}

    def cell(self, key: str, column: str) -> str:
        """A figure of a sheet's line."""
        return a1(self.rows[key], 3 + COUNTED.index(column))

    # --- the lines of the sheets -----------------------------------------------------------------

    def figures(self, table: Table[Any]) -> dict[str, Formula]:
        """How many rows a table has, how many are whole, how many want something, and where."""
        key = table.key
        needs = self.at.all(key, "needs")
        telling = {REQUIREMENTS: ("id", "label"), DECISIONS: ("decision", "account")}
        own, name = (self.at.all(key, one) for one in telling.get(table, ("id", "name")))
        unsent = quoted(self.facts.unsent)
        whole = f"{count(f'{needs}={quoted(READY)}')}+{count(f'{needs}={unsent}')}"
        said = count(f'{needs}<>""')
        others = (quoted(""), quoted(READY), unsent, quoted("needs"))  # the last: its key row
        opened = "*".join(f"({needs}<>{one})" for one in others)
        first = needs.split(":")[0]
        back = f"(ROWS({needs})+ROW({first})-ROW({needs}))"
        nth = f"ROWS({needs})+1-SUMPRODUCT(LARGE({opened}*{back},1))"
        row, told = f"ROW({first})-1+{nth}", item(needs, nth)
        where = worded(self.words, "register.start.row", {"row": row, "needs": told})
        rows = count(f'({own}<>"")+({name}<>"")>0')
        lines, wanting = self.standing.lines[key], self.standing.open(key)
        ready = sum(self.standing.ready(key, one) for one in lines)
        if key not in ("contacts", "accounts", "segments"):
            ready = len(lines) - len(wanting)
        value = self._where(table) if wanting else ""
        return {
            "rows": Formula(rows, len(lines)),
            "ready": Formula(whole, ready),
            "open": Formula(f"{said}-{self.cell(key, 'ready')}", len(wanting)),
            "where": Formula(f'IF({self.cell(key, "open")}=0,"",{where})', value),
        }

    def _where(self, table: Table[Any]) -> str:
        place, _ = self.standing.open(table.key)[0]
        line = self.standing.at(table.key, place)
        needs = self.facts.needed(table.key, line)
        return str(self.words("register.start.row", row=table.first + place, needs=needs))

    def wanted(self) -> Formula:
        """The settings that are missing or wrong, each with ", " before it."""
        tests = {one.id: f'TRIM({self._setting(one.id)})=""' for one in NOW if one.first}
        tests["period"] = f"{self.at.offered('needs.period')}<>1"
        lost = [key for key in tests if not str(getattr(self.settings, key)).strip()]
        wrong = self.at.offered("needs.wrong")
        value = "".join(f", {self._name_of(key)}" for key in lost)
        return Formula(f"{self._listed(tests)}&{wrong}", value)

    def wrong(self) -> Formula:
        """The settings that cards show and that nobody understands, in the same way."""
        tests = {}
        for one in FIELDS:
            if not one.aside and (test := self._odd(one, self._setting(one.id))):
                tests[one.id] = (
                    f"AND({none_of(self._setting(one.id), self.at.offered(BLANKS))},{test})"
                )
        return Formula(self._listed(tests), "")

    def _odd(self, one: Column, cell: str) -> str:
        """Whether what stands in a setting cannot be what belongs there; "" if anything can."""
        match one.kind:
            case Kind.CHOICE if one.choices is not None:
                return none_of(cell, self.at.offered(one.choices.texts), "=")
            case Kind.LANGUAGE:
                return none_of(cell, self.at.offered(LANGUAGES), "=")
            case Kind.EMAIL:
                return f'ISERROR(FIND("@",{cell}))'
            case Kind.DATE:  # texts that are dates end with digits, too
                return f"AND(ISTEXT({cell}),ISERROR(VALUE(RIGHT(TRIM({cell}),1))))"
            case Kind.POINTS:
                return f"ISERROR(VALUE(LEFT(TRIM({cell}),1)))"
        return ""

    def _listed(self, tests: Mapping[str, str]) -> str:
        return "&".join(f'IF({test},", {self._name_of(key)}","")' for key, test in tests.items())

    def _name_of(self, key: str) -> str:
        return str(self.words(f"register.settings.fields.{key}.header"))

    def typed(self) -> Formula:
        """The period as people typed it: small letters, its words between "_", no fillers."""
        text = f"LOWER({self._setting('period')})"
        for sign in _BETWEEN:
            text = f'SUBSTITUTE({text},{quoted(sign)}," ")'
        text = f'"_"&SUBSTITUTE(TRIM({text})," ","_")&"_"'
        for word in fillers():
            text = f'SUBSTITUTE({text},"_{word}_","_")'
            if len(word) == 2:  # "FY2027"
                text = f'SUBSTITUTE({text},"_{word}2","_2")'
        value = self.settings.period.lower().replace("-", "_")
        return Formula(text, f"_{value}_")

    def period(self) -> Formula:
        """1 if that is one period, as ``typed.period`` understands it, too; its year at an end."""
        typed, ends = self.at.offered("needs.typed"), self.at.offered("needs.periods")
        first = f"MID({typed},2,4)", f"MID({typed},6,LEN({typed})-6)"
        last = f"MID({typed},LEN({typed})-4,4)", f"LEFT({typed},LEN({typed})-6)"
        sound = (
            f'IFERROR(AND(VALUE({year})>0,FIND("|"&{end}&"|",{ends})>0),FALSE)'
            for year, end in (first, last)
        )
        alone = f'LEFT(RIGHT({typed},6),1)="_"'
        text = f"IF(OR({next(sound)},AND({alone},{next(sound)})),1,0)"
        return Formula(text, int(bool(self.settings.period)))

    def settings_set(self) -> Formula:
        """1 if nothing is missing without which no card goes out, else 0."""
        company = f'TRIM({self._setting("company")})<>""'
        sound = f"{self.at.offered('needs.period')}=1"
        tests = f'{company},{sound},{self.at.offered("needs.wrong")}=""'
        return Formula(f"IF(AND({tests}),1,0)", int(self.standing.settings))

    def _setting(self, key: str) -> str:
        return f'IFERROR({self.facts.places.setting(key)},"")'  # its row may be deleted

    # --- what to do next -------------------------------------------------------------------------

    def chain(self) -> Formula:
        """The first thing that is missing, in the order of work."""
        text, value = '""', ""
        for test, holds, told in reversed(list(self._steps())):
            text = f"IF({test},{told.text},{text})"
            value = str(told.value) if holds else value
        return Formula(text, value)

    def _steps(self) -> list[tuple[str, bool, Formula]]:
        lines, at = self.standing.lines, self.at
        wanted = at.offered("needs.wanted")
        lost = str(self.wanted().value)[2:]
        setting = self._told(SETTINGS, Formula(f"MID({wanted},3,200)", lost))
        asked = f'{at.all("contacts", "about")}<>""'
        nobody = not any(one["asked"] == "yes" for one in lines["contacts"])
        steps = [(f"{at.offered(SETTINGS_SET)}<>1", not self.standing.settings, setting)]
        steps.append(self._none(ACCOUNTS))
        steps.append(self._lacking(ACCOUNTS))
        steps += [self._none(REQUIREMENTS), self._opened(REQUIREMENTS), self._none(SEGMENTS)]
        begin = self._begin(CONTACTS)
        steps.append((f"{count(asked)}=0", nobody, begin))
        steps += [self._lacking(SEGMENTS), self._opened(CONTACTS), self._opened(SEGMENTS)]
        steps += [self._opened(ACCOUNTS), self._opened(COMPETITORS), self._opened(TEAM)]
        steps.append(self._opened(DECISIONS))
        steps.append((f'{wanted}<>""', bool(lost), setting))
        return steps

    def _told(self, table: Table[Any], what: Formula) -> Formula:
        title = table.title(self.at.language)
        text = worded(self.words, "register.start.step", {"what": what.text}, {"sheet": title})
        value = self.words("register.start.step", sheet=title, what=what.value)
        return Formula(text, str(value))

    def _begin(self, table: Table[Any]) -> Formula:
        said = str(self.words(f"register.start.begin_{table.key}"))
        return self._told(table, Formula(quoted(said), said))

    def _none(self, table: Table[Any]) -> tuple[str, bool, Formula]:
        none = not self.standing.lines[table.key]
        return f"{self.cell(table.key, 'rows')}=0", none, self._begin(table)

    def _opened(self, table: Table[Any]) -> tuple[str, bool, Formula]:
        wanting = bool(self.standing.open(table.key))
        where = Formula(self.cell(table.key, "where"), self._where(table) if wanting else "")
        return f"{self.cell(table.key, 'open')}>0", wanting, self._told(table, where)

    def _lacking(self, table: Table[Any]) -> tuple[str, bool, Formula]:
        """The same if a row itself wants something, not only what it waits for elsewhere."""
        lacks = count(f'{self.at.all(table.key, "lacks")}<>""')
        some = any(map(self.standing.lacks, self.standing.lines[table.key]))
        return f"{lacks}>0", some, self._opened(table)[2]

    def cards(self) -> dict[str, Formula]:
        """How many cards the register asks for, and how many of them could go."""
        every = self.at.all("segments", "cards")
        needs, whole = self.at.all("segments", "needs"), self.at.all("segments", "whole")
        lines, standing = self.standing.lines["segments"], self.standing
        all_ = sum(standing.reached(one, whole=False) for one in lines)
        could = sum(
            standing.reached(one, whole=True) for one in lines if standing.ready("segments", one)
        )
        return {
            "needs.cards": Formula(f"SUM({every})", all_),
            "needs.whole": Formula(sum_of(needs, quoted(READY), whole), could),
        }

    # --- drawing ---------------------------------------------------------------------------------

    def calculation(self) -> dict[str, Content]:
        """What stands right of the page, in the order in which it is offered."""
        figures = {
            SETTINGS_SET: self.settings_set(),
            "needs.typed": self.typed(),
            "needs.period": self.period(),
            "needs.wrong": self.wrong(),
            "needs.wanted": self.wanted(),
            "needs.chain": self.chain(),
            **self.cards(),
        }
        return {**_words_known(), **figures}


def draw_start(at: At, facts: Facts, settings: Settings, workspace: str) -> Sheet:
    """The sheet."""
    page = _Page(at, facts, settings)
    sheet, words = page.sheet, page.words
    sheet.widths = {**dict(enumerate(WIDTHS, 1)), CALC: 20, CALC + 1: 20}
    whole = range(1, len(WIDTHS) + 1)
    band(sheet, whole, sheet.title, words("register.start.intro"), mark_text(START, workspace))
    made = page.calculation()
    for row, (key, content) in enumerate(made.items(), NEXT_ROW):
        small = Style(size=8, color=FAINT)
        sheet.put(row, CALC, key.rpartition(".")[2], small)
        sheet.put(row, CALC + 1, content, small)
    _say(page, made)
    _lines(page)
    _loop(sheet, page)
    sheet.print_area = span(1, 1, LOOP_ROW + 3, len(WIDTHS))
    sheet.pages_tall, sheet.active_cell, sheet.freeze = 1, a1(NEXT_ROW, 1), "A5"
    sheet.protected = True  # all of it is calculated: no row of it is to be deleted
    return sheet


def _value(content: Content) -> object:
    return content.value if isinstance(content, Formula) else content


def _say(page: _Page, made: Mapping[str, Content]) -> None:
    """What to do next, and how many cards wait for it."""
    sheet, words, at = page.sheet, page.words, page.at
    chain, ready, every = (at.offered(f"needs.{one}") for one in ("chain", "whole", "cards"))
    told, could, all_ = (_value(made[f"needs.{one}"]) for one in ("chain", "whole", "cards"))
    button, tab = words("ribbon.issue.label"), words("ribbon.tab.label")
    go = words("register.start.go", button=button, tab=tab)
    next_ = Formula(f"IF({ready}>0,{quoted(str(go))},{chain})", str(go) if could else str(told))
    sheet.put(
        NEXT_ROW, 1, words("register.start.next"), Style(size=13, bold=True, color=ACCENT, indent=1)
    )
    sheet.put(NEXT_ROW, 2, next_, Style(size=13, bold=True))
    state = worded(words, "register.start.state", {"ready": ready, "all": every})
    more = worded(words, "register.start.more", {"next": chain})
    text = f'{state}&IF(AND({ready}>0,{chain}<>""),{more},"")'
    value = str(words("register.start.state", ready=could, all=all_))
    if could and told:
        value += str(words("register.start.more", next=told))
    sheet.put(STATE_ROW, 1, words("register.start.cards"), Style(bold=True, indent=1))
    sheet.put(STATE_ROW, 2, Formula(text, value), Style())
    forms = (ACCOUNTS, SEGMENTS, CONTACTS)
    each = [(SETTINGS, sum(one.first for one in NOW))]
    each += [(one, sum(column.first for column in one.columns)) for one in forms]
    listed = ", ".join(f"{one.title(at.language)} {number}" for one, number in each)
    total = sum(number for _, number in each)
    cells = words("register.start.cells", count=total, sheets=listed)
    sheet.put(CELLS_ROW, 1, words("register.start.needed"), Style(bold=True, indent=1))
    sheet.put(CELLS_ROW, 2, cells, Style())
    sheet.heights |= {NEXT_ROW: 26, STATE_ROW: 17, CELLS_ROW: 17, HEAD_ROW - 1: 6}


def _lines(page: _Page) -> None:
    """A line for each sheet, in the order of work; then those that have time."""
    sheet, words = page.sheet, page.words
    heads = ("sheet", "purpose", *COUNTED)
    for column, key in enumerate(heads, 1):
        style = HEADER if key in COUNTED[:3] else HEADER_LEFT
        sheet.put(HEAD_ROW, column, words(f"register.start.head_{key}"), style)
    sheet.heights[HEAD_ROW] = 20
    _line(page, FIRST, SETTINGS.key, SETTINGS.title(page.at.language))
    _settings_figures(page)
    for one in (*WORK, TEAM, DECISIONS):
        _line(page, page.rows[one.key], one.key, one.title(page.at.language), one)
    sheet.put(LATER_ROW, 1, words("register.start.later"), SECTION.but(indent=1))
    sheet.heights[LATER_ROW] = 22
    _line(page, LATER_ROW + 1, SELECTION.key, SELECTION.title(page.at.language))
    _line(page, LATER_ROW + 2, PICTURE, words(f"register.{PICTURE}.title"))


_PLAIN = LABEL.but(wrap=False)
_FIGURE = LABEL.but(wrap=False, align="center", indent=0, format="0")


def _line(page: _Page, row: int, key: str, title: str, table: Table[Any] | None = None) -> None:
    sheet = page.sheet
    link = Sheet(key, title).ref("A1").replace("$", "")
    sheet.put(row, 1, title, LINK.but(borders="tb", indent=1), link)
    sheet.put(row, 2, page.words(f"register.start.about_{key}"), _PLAIN.but(color=MUTED))
    sheet.heights[row] = 18
    made = page.figures(table) if table else {}
    if key == SETTINGS.key:
        return
    for column, name in enumerate(COUNTED, 3):
        style = _PLAIN.but(wrap=True) if name == "where" else _FIGURE
        sheet.put(row, column, made.get(name), style)
    if table:
        _colour(sheet, row)


def _settings_figures(page: _Page) -> None:
    wanted = page.at.offered("needs.wanted")
    lost = str(page.wanted().value)
    sheet = page.sheet
    sheet.put(FIRST, 3, None, _FIGURE)
    sheet.put(FIRST, 4, Formula(f'IF({wanted}="",1,0)', int(not lost)), _FIGURE)
    sheet.put(FIRST, 5, Formula(f'IF({wanted}="",0,1)', int(bool(lost))), _FIGURE)
    sheet.put(FIRST, 6, Formula(f"MID({wanted},3,200)", lost[2:]), _PLAIN.but(wrap=True))
    _colour(sheet, FIRST)


def _colour(sheet: Sheet, row: int) -> None:
    """What is still open stands out, and what is whole is green."""
    opened, ready = a1(row, 5), a1(row, 4)
    wide = span(row, 5, row, 6)
    sheet.conditionals += [
        Conditional(wide, formula=f"${opened}>0", fill=WARN_SOFT),
        Conditional(ready, formula=f"AND({ready}>0,{opened}=0)", color=GOOD, bold=True),
    ]


def _loop(sheet: Sheet, page: _Page) -> None:
    sheet.put(LOOP_ROW, 1, page.words("register.start.loop"), SECTION.but(indent=1))
    sheet.heights |= {LOOP_ROW - 1: 6, LOOP_ROW: 22}
    button = page.words("ribbon.consolidate.label")
    for number in (1, 2, 3):
        row = LOOP_ROW + number
        line = page.words(f"register.start.loop{number}", button=button)
        sheet.put(row, 1, line, Style(indent=1))
        sheet.heights[row] = 16
