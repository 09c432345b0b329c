"""The account brief: its JSON against its record, its record against the portfolio, its sentences
against the account's rows of the workbook.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from kamxl.core.portfolio.brief import Brief
from kamxl.workflow.outgoing.briefing import brief
from kamxl.workflow.shown.briefing import brief_json
from tests.ways.comparing import untold
from tests.ways.looking import number
from tests.ways.making import Ways, leaves
from tests.ways.sentences import figures, names_of

_BLOCKS = ("p", "li", "div", "td", "h1", "h2")


class _Texts(HTMLParser):
    """The texts of a page, one a block."""

    def __init__(self, data: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = [""]
        self._hidden = False
        self.feed(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # what did not fit is counted on the page alone, when it is set
        self._hidden = tag in ("style", "title") or ("class", "more") in attrs
        if tag in _BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.blocks[-1] += data


@dataclass(frozen=True)
class Briefed:
    """An account's brief: its record, its JSON, its page."""

    of: Brief
    json: Any
    page: str


def briefed(ways: Ways, account: str) -> Briefed:
    """The brief of an account, in the language of the portfolio."""
    made = brief(ways.root, account, None, ways.t.language, external=False, pdf=False)
    told = json.loads(json.dumps(brief_json(made)))["brief"]
    assert made.page is not None
    return Briefed(made.brief, told, (ways.root / made.page).read_text(encoding="utf-8"))


def wrong_brief(ways: Ways, made: Briefed) -> Iterator[str]:
    """What a brief says otherwise than the portfolio."""
    own = made.of.account.id
    known = next(account for account in ways.python.accounts if account.id == own)
    if made.of.account != known:
        yield f"{own}: another account than the portfolio's"
    yield from untold(made.json, made.of, ways.around, "brief")
    yield from _unfounded(made.page, made.json, known, ways)


def _unfounded(page: str, told: Any, account: Any, ways: Ways) -> Iterator[str]:
    """The numbers of a page that are neither in its JSON nor in the account's rows."""
    allowed = [value for _, value in leaves(told) if number(value)]
    allowed += [len(value) for value in told.values() if isinstance(value, list)]
    for sheet in ways.book:
        for line in sheet.iter_rows(values_only=True):
            if account.id in line or any(isinstance(v, str) and account.name in v for v in line):
                allowed += _of(line, ways)
    names = names_of(ways.python)
    for block in _Texts(page).blocks:
        said = re.sub(r"\b\d{1,2}\.? ?\w{3,9}\.? \d{4}|\d{1,2}\.\d{1,2}\.\d{4}", "", block)  # days
        for figure, value, within in figures(said, names, ways.t):
            # weights are kept in % of 100, shares from 0 to 1
            told_ = (
                ((value, within), (100 * value, 100 * within))
                if "%" in figure
                else ((value, within),)
            )
            if not any(
                abs(abs(said_) - abs(one)) <= reach + 1e-9
                for one in allowed
                for said_, reach in told_
            ):
                yield f"{account.id}: {figure!r} of {block.strip()!r} is nowhere"


def _of(line: tuple[Any, ...], ways: Ways) -> Iterator[float]:
    for value in line:
        if number(value):
            yield value
        elif isinstance(value, str) and re.search(r"\d", value):
            yield from (found for _, found, _ in figures(value, (), ways.t))
