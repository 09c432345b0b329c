"""What the selection says in words, live: a sentence is one formula made of its words and figures.

Figures are whole numbers: a spreadsheet writes decimals as its own language does, not as the text.
"""

from __future__ import annotations

import math

from kamxl.forms.paper.book import Formula
from kamxl.forms.paper.idioms import worded
from kamxl.forms.register.calculation import Chosen, Places


def whole(value: float) -> int:
    """As a spreadsheet rounds it: half away from zero, what is a half to 1e-6 being one."""
    return math.floor(round(value, 6) + 0.5)


def percent(part: str, of: str) -> str:
    """A formula for a share in whole per cent."""
    return f"ROUND(ROUND(100*{part}/{of},6),0)"


def sentence(at: Places, key: str, formulas: dict[str, str], values: dict[str, float]) -> Formula:
    """The text under ``key``: a formula that puts the figures in, and what it says now."""
    said = at.words(key, **{name: whole(value) for name, value in values.items()})
    return Formula(worded(at.words, key, formulas), said)


def pareto_line(at: Places, chosen: Chosen) -> Formula:
    """The 80:20 sentence: how few accounts bring 80 % of the revenue."""
    fact, of = at.fact, chosen.facts
    largest, accounts, unknown = fact("largest"), fact("accounts"), of["accounts"] - of["known"]
    told = sentence(
        at,
        "register.selection.pareto",
        {
            "brings": percent(fact("brings"), "1"),
            "largest": largest,
            "of": accounts,
            "share": percent(largest, accounts),
        },
        {
            "brings": 100 * of["brings"],
            "largest": of["largest"],
            "of": of["accounts"],
            "share": 100 * of["largest"] / of["accounts"] if of["accounts"] else 0,
        },
    )
    missing = f"{accounts}-{fact('known')}"
    more = _more(at, "pareto_unknown", "unknown", missing, unknown)
    partly = _more(at, "pareto_partly", "partly", fact("partly"), of["partly"])
    more = Formula(f"{more.text}&{partly.text}", f"{more.value}{partly.value}")
    return _either(at, "pareto_none", f"{fact('total')}>0", of["total"] > 0, told, more)


def days_line(at: Places, chosen: Chosen) -> Formula:
    """How many of the account-management days go outside the focus list."""
    fact, of = at.fact, chosen.facts
    outside, total = of["days_outside"], of["days_total"]
    told = sentence(
        at,
        "register.selection.days",
        {
            "outside": f"ROUND({fact('days_outside')},0)",
            "total": f"ROUND({fact('days_total')},0)",
            "share": percent(fact("days_outside"), fact("days_total")),
        },
        {
            "outside": outside,
            "total": total,
            "share": 100 * outside / total if total else 0,
        },
    )
    missing = f"{fact('accounts')}-{fact('days_known')}"
    more = _more(at, "days_unknown", "unknown", missing, of["accounts"] - of["days_known"])
    return _either(at, "days_none", f"SUM({fact('days_total')})>0", total > 0, told, more)


def lists_line(at: Places, chosen: Chosen) -> Formula:
    """How many accounts are on each list, and where revenue and score disagree."""
    names = ("focus", "build_up", "serve", "wrong", "right")
    told = sentence(
        at,
        "register.selection.lists_line",
        {name: at.fact(name) for name in names},
        {name: chosen.facts[name] for name in names},
    )
    missing = f"{at.fact('accounts')}-{at.fact('rows')}"
    gone = chosen.facts["accounts"] - chosen.facts["rows"]
    more = _more(at, "lists_missing", "missing", missing, gone)
    return Formula(f"{told.text}&{more.text}", f"{told.value}{more.value}")


def names_line(at: Places, key: str, cell: str, names: str) -> Formula:
    """The accounts of one mismatch by name; ``cell`` holds their names now, ``names``."""
    words = at.words
    text, nobody = words(f"register.picture.{key}"), words("register.picture.nobody")
    return Formula(f'"{text}"&IF({cell}="","{nobody}",{cell})', text + (names or nobody))


def _more(at: Places, key: str, name: str, formula: str, value: float) -> Formula:
    """What is said only if the figure is above 0."""
    told = sentence(at, f"register.selection.{key}", {name: f"({formula})"}, {name: value})
    return Formula(f'IF({formula}>0,{told.text},"")', told.value if value > 0 else "")


def _either(
    at: Places, otherwise: str, condition: str, holds: bool, told: Formula, more: Formula
) -> Formula:
    nothing = at.words(f"register.selection.{otherwise}")
    said = f"{told.value}{more.value}" if holds else nothing
    return Formula(f'IF({condition},{told.text}&{more.text},"{nothing}")', said)
