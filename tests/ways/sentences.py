"""Sentences with numbers: each number stands, rounded, on the sheet that the sentence leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kamxl.core.portfolio.whole import Portfolio
from kamxl.wording.texts import Texts
from tests.ways.looking import number

_PLACE = re.compile(r"#?'?(?P<sheet>[^'!]+(?:''[^'!]+)*)'?!(?P<cell>\$?[A-Z]+\$?\d+)")
_FIGURE = re.compile(
    r"(?<![\w#])[-−+]?\d[\d.,'\u202f\u00a0]*(?:\s?(?:%|Mio\.|Mrd\.|m\b|k\b|bn\b|Tsd\.))?"
)
_TIMES = {"%": 0.01, "k": 1e3, "Tsd.": 1e3, "m": 1e6, "Mio.": 1e6, "bn": 1e9, "Mrd.": 1e9}


@dataclass(frozen=True)
class Sentence:
    """A text, and the sheet it leads to."""

    place: str
    text: str
    sheet: str


def sentences(sheet: Any) -> Iterator[Sentence]:
    """Every text with a digit on a sheet that leads to another one."""
    for line in sheet.iter_rows():
        for cell in line:
            found = cell.hyperlink and _PLACE.fullmatch(cell.hyperlink.location or "")
            if found and isinstance(cell.value, str) and re.search(r"\d", cell.value):
                to = found["sheet"].replace("''", "'")
                yield Sentence(f"{sheet.title}!{cell.coordinate}", cell.value, to)


def names_of(portfolio: Portfolio) -> list[str]:
    """What is called somehow and may hold digits: no number of ours; the longest first."""
    found = {portfolio.period, *portfolio.periods}
    for account in portfolio.accounts:
        found |= {account.id, account.name, account.manager}
        for segment in account.segments:
            found |= {segment.id, segment.name, segment.period or ""}
            found |= {rival.name for rival in segment.rivals}
            asked = segment.profile.requirements if segment.profile else ()
            found |= {requirement.label for requirement in asked}
        found |= {action.text for action in account.standing.actions}
    return sorted((name for name in found if re.search(r"\d", name)), key=len, reverse=True)


def figures(text: str, names: Iterable[str], t: Texts) -> Iterator[tuple[str, float, float]]:
    """The numbers of a sentence: as said, the value, and how far its last digit reaches."""
    for name in names:
        text = text.replace(name, "…")
    point = t.number(0.5)[1]
    for found in _FIGURE.findall(text):
        sign = -1 if found[0] in "-−" else 1
        digits, _, unit = re.sub(r"[^\d%A-Za-z.,]", " ", found).strip().partition(" ")
        unit = unit.strip() or "".join(re.findall(r"%|[A-Za-z]+\.?$", digits))
        digits = re.sub(rf"[^\d{re.escape(point)}]", "", digits).strip(point)
        if not digits:
            continue
        times = _TIMES.get(unit, 1.0)
        places = len(digits.partition(point)[2])
        value = float(digits.replace(point, ".")) * times * sign
        yield found, value, 0.5 * 10**-places * times


def unfounded(
    said: Iterable[Sentence], book: Any, portfolio: Portfolio, t: Texts, beside: Iterable[float]
) -> Iterator[str]:
    """The numbers of sentences that stand nowhere on the sheet they lead to.

    ``beside``: numbers that sentences may have, which are more than that sheet shows.
    """
    names, shown, more = names_of(portfolio), dict[str, list[tuple[float, float]]](), list(beside)
    for one in said:
        if one.sheet not in shown:
            shown[one.sheet] = [*_numbers(book[one.sheet], t), *((value, 0.0) for value in more)]
        for figure, value, within in figures(one.text, names, t):
            if not any(
                abs(abs(value) - abs(cell)) <= within + reach + 1e-9
                for cell, reach in shown[one.sheet]
            ):
                yield f"{one.place}: {figure!r} of {one.text!r} is nowhere on {one.sheet}"


def _numbers(sheet: Any, t: Texts) -> Iterator[tuple[float, float]]:
    """The numbers of a sheet, those in its texts included, and how far each reaches."""
    for line in sheet.iter_rows(values_only=True):
        for value in line:
            if number(value):
                yield value, 0.0
            elif isinstance(value, str) and re.search(r"\d", value):
                yield from ((found, 0.0) for _, found, _ in figures(value, (), t))


def by_revenue(portfolio: Portfolio) -> Iterator[float]:
    """The means of totals and leads by revenue, which a sentence tells and no cell."""
    for key in ("counted", "counted_lead"):
        known = [
            (selected.candidate.revenue, value, account.id)
            for account in portfolio.accounts
            if (value := getattr(account, key)) is not None
            if (selected := account.standing.selected) and selected.candidate.revenue is not None
        ]
        whole = sum(revenue for revenue, _, _ in known)
        if whole:
            yield sum(revenue * value for revenue, value, _ in known) / whole
        yield len(known)
