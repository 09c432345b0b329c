"""Who has a place on the map, what the place means in words, and where the block of them stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kamxl.core.method.position import LEVEL
from kamxl.core.method.revenues import at_least
from kamxl.core.method.selection import AccountList, SelectedAccount
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import HistoryPoint, Portfolio
from kamxl.forms.paper.style import ACCENT, RIVAL
from kamxl.forms.portfolio.grounds import grounds_of_account
from kamxl.forms.portfolio.labels import short_name
from kamxl.forms.portfolio.selection import list_word
from kamxl.wording.texts import Texts

TOP = 20  # accounts that are drawn
NAMED = 8  # focus accounts that are called by their names
CHART, CHART_END = 5, 31  # rows from which and to which the picture goes; a page ends there
HEAD = CHART_END + 1  # the header of the block
FIRST = HEAD + 1
LAST = FIRST + TOP + 60  # no note stands below
COLORS = {AccountList.FOCUS: ACCENT, AccountList.BUILD_UP: RIVAL, AccountList.SERVE: "8A94A0"}
QUADRANTS = ("hold", "grow", "serve", "strengthen")  # top left, top right, bottom left, right
_OWN_LIST = {  # the list that says the same as the quadrant
    "grow": AccountList.FOCUS, "strengthen": AccountList.FOCUS,
    "hold": AccountList.SERVE, "serve": AccountList.SERVE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """An account on the map; ``before``: where it stood when it last answered, None: unknown.

    ``named``: whether it is one of those that are called by their names.
    """

    number: int
    account: AccountResult
    selected: SelectedAccount
    before: HistoryPoint | None = None
    named: bool = False

    @property
    def score(self) -> float:
        """The selection score, across."""
        return self.selected.score or 0.0

    @property
    def relative(self) -> float:
        """Our position relative to the best competitor, upwards: 50 is level."""
        return self.account.standing.position.relative or 0.0

    @property
    def then(self) -> float | None:
        """The same when it last answered before."""
        return self.before.relative if self.before else None

    @property
    def judged(self) -> bool:
        """Whether its height rests on enough; else it is drawn hollow."""
        return self.account.standing.position.firm

    @property
    def labels(self) -> tuple[str, str, str]:
        """Its number with what it is called in short, with the first word of that, and alone.

        The same three times if it is none of those that are named.
        """
        name = short_name(self.account.name) if self.named else ""
        first, _, _ = name.partition(" ")
        number = str(self.number)
        return f"{number} {name}".strip(), f"{number} {first}".strip(), number

    @property
    def revenue(self) -> float | None:
        """The running revenue a year."""
        return self.selected.candidate.revenue


def spots_of(portfolio: Portfolio) -> list[Spot]:
    """The accounts with a place on the map, the largest revenue first, numbered from 1."""
    found = [
        (account, account.standing.selected)
        for account in portfolio.accounts
        if account.standing.placed
    ]
    known = [(account, selected) for account, selected in found if selected is not None]
    known.sort(key=lambda pair: (-(pair[1].candidate.revenue or -1.0), pair[1].rank or 0))
    # what an earlier period says is named with that period: beside the picture, by its number
    fresh = ((account, chosen) for account, chosen in known if not account.earlier)
    focus = [account.id for account, chosen in fresh if chosen.list is AccountList.FOCUS]
    named = frozenset(focus[:NAMED])
    return [
        Spot(number, account, chosen, portfolio.before(account), account.id in named)
        for number, (account, chosen) in enumerate(known, 1)
    ]


def most_revenue(spots: Sequence[Spot]) -> float:
    """The largest revenue, 1 if there is none."""
    return max((spot.revenue or 0.0 for spot in spots), default=0.0) or 1.0


def quadrant(portfolio: Portfolio, score: float, relative: float) -> str:
    """The id of the quadrant: suited from the focus threshold on, firm from level on."""
    suited, firm = at_least(score, portfolio.settings.focus_score), at_least(relative, LEVEL)
    return QUADRANTS[(0 if firm else 2) + int(suited)]


def said_of(portfolio: Portfolio, t: Texts, spot: Spot) -> str:
    """What the place means, in words that contradict neither the list nor a missed minimum.

    Below the line nothing is said but what is missing.
    """
    if not spot.judged:
        return grounds_of_account(t, spot.account)
    found = quadrant(portfolio, spot.score, spot.relative)
    if spot.account.missed and found == "grow":
        return t("portfolio.map.repair")
    said = said_beside(t, found, spot.selected.list)
    return t("portfolio.map.but_missed", said=said) if spot.account.missed else said


def said_beside(t: Texts, quadrant: str, listed: AccountList) -> str:
    """A quadrant in words, beside the list of an account in it."""
    said = t(f"portfolio.map.{quadrant}")
    if listed is _OWN_LIST[quadrant]:
        return said
    return t("portfolio.map.but_list", said=said, list=list_word(t, listed))
