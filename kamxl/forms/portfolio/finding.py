"""What a scenario comes to, in two sentences: in words, and as a formula that says the same."""

from __future__ import annotations

from collections.abc import Mapping

from kamxl.core.portfolio.whatif import WhatIf
from kamxl.forms.paper.idioms import NOTHING, decimal, known, quoted, worded
from kamxl.wording.manner import rounded
from kamxl.wording.texts import Texts

_UNITS = (("millions", 1_000_000, 1), ("thousands", 1_000, 0), ("ones", 1, 1))  # and decimals
_WORDS = "portfolio.whatif.said"


def said(t: Texts, what: WhatIf) -> tuple[str, str]:
    """What is won: "Delivery to 75 points: 12 segments of 8 accounts, +3.4 points on average"; and
    what that changes: "0.9 m revenue × points won; newly ahead in 2 segments".
    """
    requirement, to = what.scenario.requirement, _number(t, what.scenario.to)
    if what.points is None:
        return t(f"{_WORDS}.nothing", requirement=requirement, to=to), ""
    money = what.money
    won = (
        t(f"{_WORDS}.raised", requirement=requirement, to=to),
        t(f"{_WORDS}.segments", count=what.segments),
        t(f"{_WORDS}.accounts", count=what.accounts),
        t(f"{_WORDS}.points", points=_number(t, what.points, 1)),
    )
    changes = (
        "" if money is None else _money(t, money),
        _turned(t, "ahead", what.turned(1)) or t(f"{_WORDS}.nowhere"),
        _turned(t, "level", what.turned(0)),
    )
    return "".join(won), "".join(changes)


def _money(t: Texts, money: float) -> str:
    key, unit, digits = next((one for one in _UNITS if money >= one[1]), _UNITS[-1])
    return t(f"{_WORDS}.{key}", amount=_number(t, money / unit, digits))


def _turned(t: Texts, key: str, count: int) -> str:
    return t(f"{_WORDS}.{key}", count=count) if count else ""


def _number(t: Texts, value: float, digits: int = 2) -> str:
    """As ``decimal`` writes it: with the one or two decimals that it has."""
    return f"{rounded(value, digits):.2f}".rstrip("0").rstrip(".").replace(".", t.manner.point)


def said_live(t: Texts, cells: Mapping[str, str]) -> tuple[str, str]:
    """The same over the cells of the block, by key."""
    point, count = t.manner.point, cells["sum_segments"]
    both = {"requirement": cells["set_requirement"], "to": decimal(cells["set_to"], point)}
    mean = {"points": decimal(f"ROUND({cells['sum_points']},1)", point)}
    won = (
        worded(t, f"{_WORDS}.raised", both),
        _counted(t, "segments", count),
        _counted(t, "accounts", cells["sum_accounts"]),
        worded(t, f"{_WORDS}.points", mean),
    )
    changes = (
        _money_live(t, cells["sum_money"]),
        _counted(t, "ahead", cells["sum_ahead"], quoted(t(f"{_WORDS}.nowhere"))),
        _counted(t, "level", cells["sum_level"], NOTHING),
    )
    tried = f"{cells['sum_number']}>0"  # what cannot be tried has no number
    unknown, nothing = quoted(t(f"{_WORDS}.unknown")), worded(t, f"{_WORDS}.nothing", both)
    return (
        f"IF({tried},IF({count}=0,{nothing},{'&'.join(won)}),{unknown})",
        f"IF({tried},IF({count}=0,{NOTHING},{'&'.join(changes)}),{NOTHING})",
    )


def _money_live(t: Texts, money: str) -> str:
    millions, thousands, ones = (
        worded(
            t,
            f"{_WORDS}.{key}",
            {"amount": decimal(f"ROUND({money}/{unit},{digits})", t.manner.point)},
        )
        for key, unit, digits in _UNITS
    )
    below = f"IF({money}>={_UNITS[1][1]},{thousands},{ones})"
    return known(money, then=f"IF({money}>={_UNITS[0][1]},{millions},{below})")


def _counted(t: Texts, key: str, cell: str, none: str = "") -> str:
    """A number of things, in the singular or the plural; ``none``: what is said of 0 instead."""
    one = quoted(t(f"{_WORDS}.{key}", count=1))
    told = f"IF({cell}=1,{one},{worded(t, f'{_WORDS}.{key}', {'count': cell})})"
    return f"IF({cell}=0,{none},{told})" if none else told
