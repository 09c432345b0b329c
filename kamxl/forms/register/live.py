"""The live columns of the register: one formula per row, each with the core's value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kamxl.core.cards.asking import Asking
from kamxl.core.cards.writers import Writers
from kamxl.core.ids import same_id
from kamxl.core.method.selection import (
    AccountList,
    Answer,
    Gate,
    GrowthCondition,
    SelectedAccount,
)
from kamxl.core.records.register import Register
from kamxl.forms.paper.book import Formula, Scalar
from kamxl.forms.paper.idioms import (
    count,
    filled,
    found_at,
    head_of,
    item,
    looked_up,
    quoted,
    safe,
)
from kamxl.forms.paper.places import Here
from kamxl.forms.register.calculation import Chosen, Places, class_formula
from kamxl.forms.register.criteria import CONDITIONS, GROWTH, LETTERS, RATINGS
from kamxl.forms.register.needs import in_order
from kamxl.forms.register.standing import READY, Standing, said
from kamxl.forms.tables.columns import Column
from kamxl.forms.tables.declared import Line, Table
from kamxl.forms.tables.judged import Limits, gate_text, list_text
from kamxl.forms.tables.reasons import reasons_said, reasons_text
from kamxl.forms.tables.reckoning import (
    UNANSWERED,
    answer,
    letters,
    rated,
    weighing,
    weight_of_rated,
    weighted,
)


class Facts:
    """What the live columns of one register know."""

    def __init__(
        self, register: Register, places: Places, chosen: Chosen,
        tables: Mapping[str, Table[Any]], lines: Mapping[str, Sequence[Line]],
    ) -> None:  # fmt: skip
        self.places, self.asking = places, Asking(register)
        self.words, self.language = places.words, places.language
        self.standing, self._tables = Standing(lines, register.settings), tables
        self.unsent = f"{READY} {self.words('register.needs.unsent')}"
        self.segments = Counter(same_id(s.account) for s in register.segments)
        self.asked = Counter(same_id(c.account) for c in register.contacts if c.asked)
        self.selected = {key: _values(places, one) for key, one in chosen.by_account.items()}
        writers = Writers(register)
        members = (writers.member(account.id) for account in register.accounts)
        self.looked_after = Counter(same_id(one.id) for one in members if one is not None)

    def word(self, table: str, key: str) -> str:
        """What a row lacks: a text of ``register.needs``, or (":name") a column by its header."""
        form = self._tables[table]
        if key.startswith(":"):
            return form.header(form.column(key[1:]), self.language)
        return str(self.words(f"register.needs.{key}"))

    def ids(self, table: str) -> Column:
        """The column of a table's ids."""
        return self._tables[table].column("id")

    def unique(self, table: str) -> tuple[str, ...]:
        """The columns that together tell one row of a table from another."""
        return self._tables[table].unique

    def typed(self, table: str) -> tuple[str, ...]:
        """The columns into which people type what is read."""
        return tuple(one.id for one in self._tables[table].columns if one.read)

    def choice(self, table: str, column: str) -> str:
        """Under what the words of a choice are offered."""
        choices = self._tables[table].column(column).choices
        return choices.texts if choices else ""

    def letter(self, table: str, column: str, code: str) -> str:
        """By which a formula tells one of the choices of a column."""
        choices = self._tables[table].column(column).choices
        return letters(choices)[code] if choices else ""

    def needed(self, table: str, line: Line) -> str:
        """What a row still needs, in words, "" for one in which nothing stands."""
        if not line:
            return ""
        silent = table == "contacts" and said(line, "asked") != "yes"
        found = in_order(self.standing.needs(table, line))
        if found or silent:
            return ", ".join(self.word(table, one) for one in found)
        mailed = table == "contacts" and said(line, "source") in (None, "mailed")
        return self.unsent if mailed and not said(line, "email") else READY


Made = Callable[[Facts, Here, Line], Formula]


# --- Team, Accounts and Segments -----------------------------------------------------------------


def accounts(facts: Facts, at: Here, line: Line) -> Formula:
    """How many accounts a member of the team looks after, who is named there by id or by name."""
    managers = at.all("accounts", "manager")
    counted = count(f'{managers}<>""', f"({managers}={at('id')})+({managers}={at('name')})>0")
    value = facts.looked_after[same_id(line["id"])] if line else ""
    return Formula(filled(at("id"), counted), value)


def segments(facts: Facts, at: Here, line: Line) -> Formula:
    """How many segments an account has."""
    counted = count(f"{at.all('segments', 'account')}={at('id')}")
    return Formula(filled(at("id"), counted), facts.segments[same_id(line["id"])] if line else "")


def asked(facts: Facts, at: Here, line: Line) -> Formula:
    """How many of its contacts are asked."""
    asked_ = f'{at.all("contacts", "about")}<>""'
    counted = count(f"{at.all('contacts', 'account')}={at('id')}", asked_)
    return Formula(filled(at("id"), counted), facts.asked[same_id(line["id"])] if line else "")


def requirements(facts: Facts, at: Here, line: Line) -> Formula:
    """How many requirements a segment has: its catalogue's and its own."""
    shared, owner, part = (
        at.all("requirements", key) for key in ("catalogue", "account", "segment")
    )
    catalogue, own = at("catalogue"), at("id")
    of_catalogue = f'IF({catalogue}="",0,{count(f"{shared}={catalogue}")})'
    of_its_own = count(f"{owner}={at('account')}", f"{part}={own}")
    value = len(facts.asking.listed(line.record)) if line else ""
    return Formula(filled(own, f"{of_catalogue}+{of_its_own}"), value)


def catalogues_of(register: Register) -> list[tuple[str, int, int]]:
    """(catalogue, its requirements, segments that use it), in the order of the requirements."""
    names: dict[str, str] = {}
    for row in register.requirements:
        if row.catalogue:
            names.setdefault(same_id(row.catalogue), row.catalogue)
    counted = Counter(same_id(row.catalogue) for row in register.requirements)
    used = Counter(same_id(segment.catalogue) for segment in register.segments)
    return [(name, counted[key], used[key]) for key, name in names.items()]


# --- Selection -----------------------------------------------------------------------------------


def _selected(key: str) -> Callable[[Callable[[Places, Here], str]], Made]:
    """A column of Selection, whose values the core knows by the column's name."""

    def of(made: Callable[[Places, Here], str]) -> Made:
        def formula(facts: Facts, at: Here, line: Line) -> Formula:
            known = facts.selected.get(same_id(line["account"]), {}) if line else {}
            return Formula(made(facts.places, at), known.get(key, ""))

        return formula

    return of


def _values(at: Places, one: SelectedAccount) -> dict[str, Scalar]:
    words, candidate = at.words, one.candidate
    values: dict[str, Scalar] = {
        "name": candidate.name,
        "revenue": candidate.revenue,
        "score": None if one.score is None else round(one.score, 9),
        "coverage": one.coverage,
        "rank": one.rank,
        "gate": words(f"register.selection.gates.{one.gate.gate}"),
        "reason": reasons_said(words, one.reasons),
        "answers": "".join(
            LETTERS[given] if (given := candidate.conditions.get(one)) else UNANSWERED
            for one in GrowthCondition
        ),
        "known": words("register.selection.at_least") if candidate.at_least else "",
        "list": words(f"register.selection.lists.{one.list}"),
        "share": one.revenue_share,
        "cumulated": one.cumulated_share,
        "abc": one.abc and one.abc.value,
        "mismatch": one.mismatch and words(f"register.selection.mismatches.{one.mismatch}"),
    }
    return {key: "" if value is None else value for key, value in values.items()}


def _found(at: Here, then: str) -> str:
    """What a row says once its account is known and stands there for the first time."""
    return filled(at("name"), then)


@_selected("name")
def name(p: Places, at: Here) -> str:
    """The account's name, once it stands there for the first time."""
    own, ids = at("account"), p.column("id")
    so_far = f"{head_of(at.own('account'))}:{own}"
    named = item(at.all("accounts", "name"), f"{found_at(own, ids)}+1")  # +1: the key row
    return filled(own, f'IF({count(f"{so_far}={own}")}>1,"",{safe(named)})')


@_selected("revenue")
def revenue(p: Places, at: Here) -> str:
    """Its running revenue."""
    return _found(at, looked_up(p.column("revenue"), at("account"), p.column("id")))


@_selected("score")
def score(p: Places, at: Here) -> str:
    """Its selection score."""
    weighed = weight_of_rated(p.weights, at.span(RATINGS))
    points = weighted([p.weight(one) for one in RATINGS], [at(one) for one in RATINGS])
    return _found(at, safe(f'IF({weighed}>0,ROUND(({points})/({weighed}),9),"")'))


@_selected("coverage")
def coverage(p: Places, at: Here) -> str:
    """The share of the weights that the score rests on."""
    weighed, whole = weight_of_rated(p.weights, at.span(RATINGS)), p.weights_sum
    return _found(at, safe(f'IF({whole}>0,({weighed})/{whole},"")'))


@_selected("rank")
def rank(p: Places, at: Here) -> str:
    """Its place by score."""
    own = at("score")
    return f'IF(ISNUMBER({own}),RANK({own},{at.own("score")},0),"")'


def _answered(at: Here, letter: str) -> list[str]:
    """Of each condition whether it is answered so."""
    return [f'MID({at("answers")},{n},1)="{letter}"' for n in range(1, len(CONDITIONS) + 1)]


def _words(p: Places) -> tuple[dict[Gate, str], dict[AccountList, str]]:
    """How gates and lists are called."""
    gates = {one: p.label("gates", one.value) for one in Gate}
    return gates, {one: p.label("lists", one.value) for one in AccountList}


@_selected("answers")
def answers(p: Places, at: Here) -> str:
    """The answers to the growth conditions, a letter each, whatever language they are typed in."""
    words = p.at.offered(GROWTH.texts)
    return _found(at, "&".join(answer(at(one), words) for one in CONDITIONS))


@_selected("gate")
def gate(p: Places, at: Here) -> str:
    """Whether the growth gate is open."""
    tests = {one: _answered(at, LETTERS[one]) for one in Answer}
    return _found(at, gate_text(tests, _words(p)[0]))


def _limits(p: Places) -> Limits:
    return Limits(p.fact("threshold"), p.fact("needed"), p.fact("within"))


@_selected("reason")
def reason(p: Places, at: Here) -> str:
    """What keeps it off the focus list."""
    tests = {one: _answered(at, LETTERS[one]) for one in Answer}
    both = zip(tests[Answer.UNKNOWN], _answered(at, UNANSWERED), strict=True)
    tests[Answer.UNKNOWN] = [f"OR({said},{silent})" for said, silent in both]
    unrated = [f"{weighing(p.weight(one))}>{rated(at(one))}" for one in RATINGS]
    focus = f"{at('list')}={p.label('lists', 'focus')}"
    cells = at("score"), at("coverage")
    return _found(at, reasons_text(p.words, focus, tests, unrated, *cells, _limits(p)))


@_selected("list")
def listed(p: Places, at: Here) -> str:
    """The list it is on."""
    told = list_text(at("gate"), at("score"), at("coverage"), _limits(p), *_words(p))
    return _found(at, told)


@_selected("known")
def known(p: Places, at: Here) -> str:
    """Whether its revenue is only what is known of it."""
    partly = looked_up(p.column("partly"), at("account"), p.column("id"))
    word = quoted(p.words("register.selection.at_least"))
    return f'IF(ISNUMBER({at("revenue")}),IF({partly}=1,{word},""),"")'


@_selected("share")
def share(p: Places, at: Here) -> str:
    """Its share of the revenue."""
    own, whole = at("revenue"), p.fact("total")
    return f'IF(ISNUMBER({own}),IF({whole}>0,{own}/{whole},""),"")'


@_selected("cumulated")
def cumulated(p: Places, at: Here) -> str:
    """What it and all larger ones bring."""
    own, whole = at("revenue"), p.fact("total")
    larger = f"{p.fact('known')}-RANK({own},{p.column('revenue')},1)+1"
    summed = f"{item(p.column('cumulated'), larger)}/{whole}"
    return f'IF(ISNUMBER({own}),IF({whole}>0,{summed},""),"")'


@_selected("abc")
def abc(p: Places, at: Here) -> str:
    """Its class by revenue."""
    own = at("revenue")
    return f'IF(ISNUMBER({own}),{class_formula(p, own)},"")'


@_selected("mismatch")
def mismatch(p: Places, at: Here) -> str:
    """Where revenue and score disagree."""
    abc, score = at("abc"), at("score")
    below = f"IF(ISNUMBER({score}),ROUND({score}-{p.fact('threshold')},9)<0,FALSE)"
    closed = f"{at('gate')}={p.label('gates', 'closed')}"
    focus = f"{at('list')}={p.label('lists', 'focus')}"
    wrong, right = (p.label("mismatches", one) for one in ("large_but_wrong", "small_but_right"))
    told = f'IF(AND({abc}="A",OR({closed},{below})),{wrong},IF(AND({abc}<>"A",{focus}),{right},""))'
    return f'IF({abc}="","",{told})'
