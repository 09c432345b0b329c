"""The calculation behind the selection, in the open beside the sheet *Selection picture*.

One block follows the rows of *Accounts* (its revenue, its place by revenue), one follows the places
by revenue; all larger ones' revenue is then one look-up, and no formula compares every account with
every other by amount, which the programs do with different precision. Each formula carries the
core's value. In pictures a missing number is ``OFF``: a text there would be drawn as 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kamxl.core.ids import same_id
from kamxl.core.method.revenues import B_BEFORE, PARETO, Abc
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.selection import AccountList, Mismatch, SelectedAccount, Selection
from kamxl.core.portfolio.choosing import selection_of
from kamxl.core.records.register import Register
from kamxl.forms.paper.book import Scalar, Sheet, fixed, fixed_span
from kamxl.forms.paper.idioms import (
    count,
    filled,
    found_at,
    head_of,
    item,
    looked_up,
    quoted,
    safe,
    total,
)
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1
from kamxl.forms.register.criteria import GROWTH, RATINGS, WEIGHTS_ROW
from kamxl.forms.register.fields import SETTINGS
from kamxl.forms.tables.reckoning import BLANKS, blank_words, choice_words
from kamxl.wording.texts import Texts, texts

PICTURE = "picture"  # the key of its sheet, which is only calculated, never read
OFF = -50  # beyond the axes of the picture: not drawn
TOP = 30  # accounts in the picture and in its list
BARS = 20  # accounts in the Pareto chart
NAMES_UP_TO = 130  # characters of a list of names; what comes after is "…"

BLOCKS = (
    *("id", "revenue", "partly", "order", ""),
    *("j", "place", "account", "name", "sorted", "cumulated", "reach", "row", "mismatch"),
    *("wrong", "right", ""),
    *("x", "y", "xlabel", "xplain", "xwrong", "xright", "abc", "before", "a", "b", "c", ""),
)
FACTS = (
    *("threshold", "needed", "within", "accounts", "known", "total", "largest", "brings", "rows"),
    *("focus", "build_up", "serve", "wrong", "right", "days_known", "days_total"),
    *("days_outside", "class_a", "boundary", "top", "partly"),
)
LEFT = 14  # its first column, right of the printed pages
ZERO_ROW = 7  # above the first: what the accounts larger than the largest bring, nothing
START = 8
WORDS_ROW = ZERO_ROW - 1  # above the single figures: the words that formulas know
FACT_COLUMN = LEFT + len(BLOCKS)  # the label; the value stands right of it


class Places:
    """Where things stand, as references within the picture's sheet (``inside``) or from others."""

    def __init__(self, at: At, *, inside: bool) -> None:
        self.at, self.language = at, at.language
        self.words: Texts = texts(at.language)
        accounts = at.place("accounts")
        self.rows = accounts.last - accounts.key_row  # of each block, one for each prepared row
        sheet = picture_sheet(self.language)
        self._prefix = "" if inside else sheet.ref("A1").removesuffix("$A$1")

    def cell(self, name: str, number: int) -> str:
        """A cell of a block, its rows numbered from 0 (-1: the one above the first)."""
        return self._prefix + fixed(START + number, _block(name))

    def _cells(self, name: str, first: int, last: int) -> str:
        column = _block(name)
        return self._prefix + fixed_span(START + first, column, START + last, column)

    def column(self, name: str) -> str:
        """A column of a block."""
        return self._cells(name, 0, self.rows - 1)

    def shifted(self, name: str) -> str:
        """The column that begins one row above: its n-th cell belongs to the place before."""
        return self._cells(name, -1, self.rows - 2)

    def fact(self, name: str) -> str:
        """A single figure."""
        return self._prefix + fixed(START + FACTS.index(name), FACT_COLUMN + 1)

    def selected(self, key: str) -> str:
        """A column of the sheet Selection."""
        return self.at.all("selection", key)

    def setting(self, field: str) -> str:
        """The value of a setting."""
        values, ids = (self.at.all(SETTINGS.key, key) for key in ("value", "id"))
        return looked_up(values, quoted(field), ids)

    @property
    def weights(self) -> str:
        """The weights, from the sheet Selection."""
        return self.at.place("selection").run(*RATINGS).above(WEIGHTS_ROW)

    def weight(self, rating: str) -> str:
        """The weight of one criterion, by the column of its ratings, from the sheet Selection."""
        return fixed(WEIGHTS_ROW, self.at.place("selection").number(rating))

    @property
    def weights_sum(self) -> str:
        """What they add up to, from the sheet Selection."""
        return fixed(WEIGHTS_ROW, self.at.place("selection").number("revenue"))

    def label(self, kind: str, code: str) -> str:
        """A list, gate or mismatch as it is called, in quotes for a formula."""
        return f'"{self.words(f"register.selection.{kind}.{code}")}"'


def picture_sheet(language: str) -> Sheet:
    """The sheet of the picture, for references to it."""
    return Sheet(PICTURE, texts(language)(f"register.{PICTURE}.title"))


def words_known() -> dict[str, str]:
    """What stands in the cells in which formulas look for words, by what it is offered as."""
    return {BLANKS: blank_words(), GROWTH.texts: choice_words(GROWTH)}


def word_cells(language: str) -> dict[str, str]:
    """Where these cells are, from any sheet."""
    sheet = picture_sheet(language)
    cells = enumerate(words_known(), WORDS_ROW)
    return {key: sheet.ref(a1(row, FACT_COLUMN + 1)) for row, key in cells}


def _block(name: str) -> int:
    """The column of a block."""
    return LEFT + BLOCKS.index(name)


@dataclass(frozen=True, slots=True)
class Sorted:
    """A place by revenue: which account, and what it and all larger ones bring together."""

    place: int  # its row among the accounts, from 1
    found: SelectedAccount
    revenue: float
    cumulated: float
    row: int  # its row on the sheet Selection, the key row being 1


class Chosen:
    """The core's values behind all of it, for one register."""

    def __init__(self, register: Register) -> None:
        self.selection: Selection = selection_of(register)
        found = {same_id(one.candidate.account): one for one in self.selection.accounts}
        self.by_account = found
        self.accounts = [found[same_id(one.id)] for one in register.accounts]
        rows = {same_id(one.candidate.account): row for row, one in
                enumerate(self.selection.accounts, 2)}  # fmt: skip
        known = [(-one.candidate.revenue, place) for place, one in enumerate(self.accounts, 1)
                 if one.candidate.revenue is not None]  # fmt: skip
        self.sorted: list[Sorted] = []
        summed = 0.0
        for minus, place in sorted(known):
            one = self.accounts[place - 1]
            summed -= minus
            row = rows[same_id(one.candidate.account)]
            self.sorted.append(Sorted(place, one, -minus, summed, row))
        self.total = math.fsum(one.revenue for one in self.sorted)
        self.catalogues = _catalogues(register)
        self.order = {one.place: number for number, one in enumerate(self.sorted, 1)}
        self.facts = self._facts(register)
        # these are reckoned with as 0, and shown as what they are
        nobody = self.selection.days.total is None
        self.unknown = frozenset(("days_total", "days_outside") if nobody else ())

    def reach(self, one: Sorted) -> float | None:
        """How far it and all larger ones are beyond 80 % of the revenue."""
        return round(one.cumulated / self.total - PARETO, TIE_DIGITS) if self.total > 0 else None

    def _facts(self, register: Register) -> dict[str, float]:
        chosen, settings, known = self.selection, register.settings, len(self.sorted)
        pareto, days = chosen.pareto, chosen.days
        class_a = sum(one.found.abc is Abc.A for one in self.sorted)
        edge = [one.revenue for one in self.sorted[class_a - 1 : class_a + 1]] if class_a else []
        mismatches = [one.mismatch for one in chosen.accounts]
        return {
            "threshold": settings.focus_score,
            "needed": settings.focus_coverage / 100,
            "within": settings.build_up,
            "accounts": len(self.accounts),
            "known": known,
            "total": self.total,
            "largest": pareto.largest if pareto else 0,
            "brings": pareto.brings if pareto else 0,
            "rows": len(self.accounts),
            **{one.value: len(chosen.on(one)) for one in AccountList},
            "wrong": mismatches.count(Mismatch.LARGE_BUT_WRONG),
            "right": mismatches.count(Mismatch.SMALL_BUT_RIGHT),
            "days_known": len(chosen.accounts) - days.unknown,
            "days_total": days.total or 0,
            "days_outside": days.outside or 0,
            "class_a": class_a,
            "boundary": math.fsum(edge) / 2,
            "top": self.sorted[0].revenue * 1.1 if self.total > 0 else 1,
            "partly": sum(one.found.candidate.at_least for one in self.sorted),
        }


def _catalogues(register: Register) -> list[str]:
    """The catalogues in use, in the order of the requirements."""
    named: dict[str, str] = {}
    for row in register.requirements:
        named.setdefault(same_id(row.catalogue), row.catalogue)
    return [name for name in named.values() if name]


# --- the block of the accounts -------------------------------------------------------------------


def account_formulas(at: Places, number: int) -> dict[str, str]:
    """The formulas of the n-th account (from 0), read by its number: inserted rows do no harm.

    Where rows were deleted there are fewer than numbers: the last ones find nobody.
    """
    ids, names = (at.at.all("accounts", key) for key in ("id", "name"))
    owners, revenues = (at.at.all("segments", key) for key in ("account", "revenue"))
    k, own = number + 1, at.cell("id", number)
    revenue, first = at.cell("revenue", number), at.cell("revenue", 0)
    mine = (f"{owners}={own}", f"{revenues}>=0", f"{revenues}<1E+15")
    given, summed = count(*mine, f'{revenues}<>""'), total(revenues, of=mine)
    account = item(ids, k + 1)  # the first is the key row
    first_of_all = f"OR({found_at(account, ids)}={k + 1},{account}={head_of(ids)})"
    once = f'IF({first_of_all},{account},"")'
    order = f"RANK({revenue},{at.column('revenue')},0)+COUNTIF({first}:{revenue},{revenue})-1"
    return {
        "id": safe(filled(account, filled(item(names, k + 1), once))),
        "revenue": filled(own, f'IF({given}=0,"",{summed})'),
        "partly": filled(revenue, f"IF({count(mine[0])}>{given},1,0)"),
        "order": filled(revenue, order),
    }


def account_values(chosen: Chosen, number: int) -> dict[str, Scalar]:
    """Their values."""
    if number >= len(chosen.accounts):
        return {}
    one = chosen.accounts[number].candidate
    revenue = "" if one.revenue is None else one.revenue
    partly = "" if one.revenue is None else int(one.at_least)
    order = chosen.order.get(number + 1, "")
    return {"id": one.account, "revenue": revenue, "partly": partly, "order": order}


# --- the block of the places by revenue ----------------------------------------------------------


def place_formulas(at: Places, number: int) -> dict[str, str]:
    """The formulas of the n-th place by revenue (from 0)."""
    c = {name: at.cell(name, number) for name in BLOCKS if name}
    names = at.at.all("accounts", "name")
    before, whole, here = at.cell("cumulated", number - 1), at.fact("total"), c["place"]

    def of_place(column: str) -> str:
        return f'IF({here}=0,"",{item(column, here)})'

    nth = found_at(c["j"], at.column("order"))
    reach = f'IF({whole}>0,ROUND({c["cumulated"]}/{whole}-{PARETO},9),"")'
    return {
        "place": f"IF({c['j']}>{at.fact('known')},0,{nth})",
        "account": of_place(at.column("id")),
        "name": f'IF({here}=0,"",{item(names, f"{here}+1")})',
        "sorted": of_place(at.column("revenue")),
        "cumulated": f'IF({here}=0,"",{before}+{c["sorted"]})',
        "reach": f'IF({here}=0,"",{reach})',
        "row": f"IF({here}=0,0,IFERROR({found_at(c['account'], at.selected('account'))},0))",
        "mismatch": f'IF({c["row"]}=0,"",{item(at.selected("mismatch"), c["row"])})',
        "wrong": _names(at, "wrong", "large_but_wrong", number),
        "right": _names(at, "right", "small_but_right", number),
    }


def _names(at: Places, column: str, mismatch: str, number: int) -> str:
    """The names so far; none is added beyond ``NAMES_UP_TO`` characters."""
    fits, name = at.label("mismatches", mismatch), at.cell("name", number)
    here = at.cell("mismatch", number)
    if not number:
        return f'IF({here}={fits},{name},"")'
    last = at.cell(column, number - 1)
    longer = f'IF(RIGHT({last},1)="…",{last},{last}&" …")'
    joined = f'IF({last}="",{name},{last}&", "&{name})'
    return f"IF({here}={fits},IF(LEN({last})>{NAMES_UP_TO},{longer},{joined}),{last})"


def place_values(chosen: Chosen, at: Places) -> list[dict[str, Scalar]]:
    """The values of all places, blank ones included."""
    found: list[dict[str, Scalar]] = []
    said = {"wrong": "", "right": ""}
    kinds = {"wrong": Mismatch.LARGE_BUT_WRONG, "right": Mismatch.SMALL_BUT_RIGHT}
    for one in chosen.sorted:
        mismatch, name = one.found.mismatch, one.found.candidate.name
        for key, kind in kinds.items():
            if mismatch is kind:
                said[key] = _joined(said[key], name)
        reach = chosen.reach(one)
        found.append(
            {
                "place": one.place,
                "account": one.found.candidate.account,
                "name": name,
                "sorted": one.revenue,
                "cumulated": one.cumulated,
                "reach": "" if reach is None else reach,
                "row": one.row,
                "mismatch": _said(at, "mismatches", mismatch),
                **said,
            }
        )
    return found + [{"place": 0, "row": 0, **said}] * (at.rows - len(found))


def _joined(said: str, name: str) -> str:
    if len(said) > NAMES_UP_TO:
        return said if said.endswith("…") else said + " …"
    return f"{said}, {name}" if said else name


def _said(at: Places, kind: str, code: str | None) -> str:
    return at.words(f"register.selection.{kind}.{code}") if code else ""


# --- classes -------------------------------------------------------------------------------------


def class_formula(at: Places, revenue: str) -> str:
    """The class of the account with a revenue: what the strictly larger ones bring decides."""
    rank = f"RANK({revenue},{at.column('revenue')},0)"
    share = f"{item(at.shifted('cumulated'), rank)}/{at.fact('total')}"
    beyond_b = f'IF(ROUND({share}-{B_BEFORE},9)>=0,"C","B")'
    return f'IF({revenue}<=0,"C",IF(ROUND({share}-{PARETO},9)<0,"A",{beyond_b}))'
