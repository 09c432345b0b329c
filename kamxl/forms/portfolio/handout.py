"""The page for a meeting (Gesprächsunterlage) that a customer gets: her ``Handout`` in her words.

What stands on it are the record's own texts, whole, and words of the language file; the figures are
a benefit's and dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kamxl.core.portfolio.handout import Handout
from kamxl.core.records.page import PageBenefit, PageProgramme, PageRow
from kamxl.forms.portfolio.one_page import (
    HEAD,
    LINE,
    PAGE,
    WHOLE,
    Item,
    OnePage,
    Part,
    height,
    lines,
    told,
)
from kamxl.wording.texts import Texts, texts

_SIZE, _LINE = 11.0, 14.5  # of the type of its entries, and from line to line
_TOP = 20.0  # points of the type of the customer's name
_ABOVE = 72.0  # of the band, but for the lines of the name
_PARTS = ("rows", "programmes", "benefits", "statements")


def handout_page(handout: Handout, cards: Sequence[str] = ()) -> OnePage:
    """The page of a handout, all of it; ``cards``: digests of what she was asked."""
    t = texts(handout.language)
    said = _Said(t)
    parts = (
        said.part("rows", [said.row(one) for one in handout.rows]),
        said.part("programmes", [said.programme(one) for one in handout.programmes]),
        said.part("benefits", [said.benefit(one) for one in handout.benefits]),
        said.part("statements", [Item("", told(one.text)) for one in handout.statements]),
    )
    name, company = told(handout.account), told(handout.company)
    return OnePage(
        handout.language,
        t("handout.title", account=name, company=company),
        (company, handout.period),
        t("handout.heading", account=name),
        t("handout.sentence", company=company),
        (),
        (tuple(part for part in parts if part.items),),
        t("handout.left", count=handout.left),
        " ".join(cards),
        look="handout",
    )


def on_one_page(handout: Handout, room: float = 1.0) -> Handout:
    """As much of a handout as fits: each part's first entry before any second one; ``left``."""
    page = handout_page(replace(handout, left=99))
    parts = {part.key: part for part in page.columns[0]}
    high = lines(page.heading, WHOLE - 20, _TOP) * _TOP * 1.15
    high += lines(page.sentence, WHOLE - 20) * LINE
    left = (PAGE - _ABOVE - high) * room - len(parts) * HEAD - LINE
    kept: dict[str, list[int]] = {key: [] for key in _PARTS}
    for turn in range(max((len(part.items) for part in parts.values()), default=0)):
        for key, part in parts.items():
            if (
                turn < len(part.items)
                and (tall := height(part.items[turn], WHOLE - 12, _SIZE, _LINE)) <= left
            ):
                left -= tall
                kept[key].append(turn)
    some = {key: tuple(getattr(handout, key)[at] for at in kept[key]) for key in _PARTS}
    rest = sum(len(getattr(handout, key)) - len(some[key]) for key in _PARTS)
    return replace(
        handout,
        rows=some["rows"],
        programmes=some["programmes"],
        benefits=some["benefits"],
        statements=some["statements"],
        left=rest,
    )


class _Said:
    """Entries of a handout as items."""

    def __init__(self, t: Texts) -> None:
        self.t = t

    def part(self, key: str, items: Sequence[Item]) -> Part:
        return Part(key, self.t(f"handout.{key}"), tuple(items))

    def row(self, one: PageRow) -> Item:
        return Item(told(one.understood), told(one.doing), self._who(one.ours, one.theirs, one))

    def _who(self, ours: str, theirs: str, row: PageRow | None = None) -> str:
        """Who does it on either side, and by when."""
        day = self.t.day(row.due) if row else ""
        return self.t("handout.who", ours=told(ours), theirs=told(theirs), day=day).strip()

    def programme(self, one: PageProgramme) -> Item:
        said = [
            self.t(f"handout.{key}", text=told(text))
            for key, text in (
                ("gain_theirs", one.gain_theirs), ("gain_ours", one.gain_ours),
                ("step", one.step), ("stop", one.stop),
            )
            if text
        ]  # fmt: skip
        return Item(told(one.goal), " · ".join(said), self._who(one.owner_ours, one.owner_theirs))

    def benefit(self, one: PageBenefit) -> Item:
        figures = ""
        if one.baseline is not None or one.now is not None:
            then, now = (self.t.number(v, 1) for v in (one.baseline, one.now))
            figures = self.t("handout.figures", then=then, now=now, unit=told(one.unit))
        return Item(told(one.metric), figures)
