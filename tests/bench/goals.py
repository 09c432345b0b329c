"""What is aimed at, each goal once: the bench prints its own figure beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

MANY = 10_000  # accounts for which some goals are meant


class Goal(NamedTuple):
    """A bound for one figure. ``least``: it should be so large; else ``most``: no larger.

    ``at``: what it is meant for, so many accounts; None: any number.
    """

    figure: str
    words: str
    least: float | None = None
    most: float | None = None
    at: int | None = None

    def reached(self, value: float | None, accounts: int) -> bool | None:
        """Whether the figure holds it; None: it was not measured, or not where it is meant for."""
        if value is None or (self.at is not None and accounts < self.at):
            return None
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )

    @property
    def bound(self) -> str:
        """The bound in words."""
        return f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"


GOALS = (
    Goal("issue.plain", "plain openpyxl alone / issuing a card, mail, record and guard", 15),
    Goal("render.plain", "plain openpyxl / rendering a card", 30),
    Goal("render.xlsxwriter", "XlsxWriter / rendering a card", 8),
    Goal("read.readonly", "openpyxl read-only / reading an answer with all safety on", 6),
    Goal("read.floor", "reading an answer with all safety on / the floor", most=4),
    Goal("read.workers", "answers read in a second by two workers / by one", 1.7),
    Goal("whole.readonly", "openpyxl read-only alone / consolidating an answer, all in", 3),
    Goal("whole.growth", "what a further answer costs / the same between smaller sizes", most=1.2),
    Goal("whole.repeat", "consolidating / the same again with nothing new", 20, at=MANY),
    Goal("whole.memory", "peak memory of consolidating, MB", most=300, at=MANY),
    Goal("whole.portfolio", "Portfolio.xlsx, MB", most=25, at=MANY),
    Goal("whole.page", "Portfolio.html, MB", most=2),
)  # fmt: skip


def held(figures: Mapping[str, float], accounts: int) -> list[dict[str, Any]]:
    """Each goal with its figure. ``accounts``: those of the largest workspace measured."""
    return [
        {
            "figure": goal.figure,
            "words": goal.words,
            "goal": goal.bound,
            "at": goal.at,
            "value": figures.get(goal.figure),
            "reached": goal.reached(figures.get(goal.figure), accounts),
        }
        for goal in GOALS
    ]
