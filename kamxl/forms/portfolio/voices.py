"""The sheet *Wishes*: what customers are unhappy with, and how hard it is to work with us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kamxl.core.cards.replies import person_of
from kamxl.core.ids import same_id
from kamxl.core.method.programmes import Action, RequirementKey, WishKey, answering
from kamxl.core.portfolio.following import Thread
from kamxl.core.portfolio.improving import Improvements, requirement_of
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.standing import wish_id
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.page import Fit, Outcome
from kamxl.core.records.register import Effort, Reply, Wish
from kamxl.core.records.remark import Remark
from kamxl.forms.paper.book import Sheet
from kamxl.forms.paper.style import Style
from kamxl.forms.portfolio.actions import due_of, owners_of, said_of
from kamxl.forms.portfolio.lists import Lists
from kamxl.forms.portfolio.parts import (
    COUNT,
    MUTED_CELL,
    POINTS,
    TEXT_CELL,
    draw_page,
    left,
    table_of,
)
from kamxl.forms.portfolio.words import period_of, period_style
from kamxl.forms.tables.shown import Shown, ShownTable, without
from kamxl.wording.texts import Texts

EFFORTS = ("complicated", "time", "cost")
Threads = Mapping[tuple[str, str], Thread]  # of wishes
WHOLE = POINTS.but(format="0")


@dataclass(frozen=True, slots=True)
class Voice:
    """One wish of one respondent (None: only the effort was rated), with that reply's efforts;

    or what she said where nothing was asked. ``thread``: what became of the wish.
    """

    account: AccountResult
    segment: SegmentResult
    reply: Reply
    wish: Wish | None
    efforts: Mapping[str, Effort]
    remark: Remark | None = None
    thread: Thread | None = None

    @property
    def issue(self) -> str | None:
        """What she said, in her words."""
        if self.remark:
            return self.remark.text
        return self.wish.issue if self.wish else None

    @property
    def about(self) -> RequirementKey | None:
        """The requirement it is linked to."""
        return requirement_of(self.account, self.reply, self.wish) if self.wish else None


def voices(portfolio: Portfolio) -> list[Voice]:
    """Every wish, and every reply that only rates the effort; each reply's weightiest first, and

    below them what she said beside the cells.
    """
    threads = portfolio.follow.wishes
    return [
        voice
        for account in portfolio.accounts
        for segment in account.segments
        for reply in segment.replies
        for voice in _of_reply(account, segment, reply, threads)
    ]


def _of_reply(
    account: AccountResult, segment: SegmentResult, reply: Reply, threads: Threads
) -> Iterator[Voice]:
    efforts = {effort.id: effort for effort in reply.answers.efforts}
    for wish in _wishes(reply):
        key = (same_id(account.id), same_id(wish_id(reply, wish))) if wish else ("", "")
        yield Voice(account, segment, reply, wish, efforts, thread=threads.get(key))
    for remark in reply.answers.beside:
        yield Voice(account, segment, reply, None, {}, remark)


def _wishes(reply: Reply) -> Sequence[Wish | None]:
    answers = reply.answers
    said = [w for w in answers.wishes if w.issue or w.remedy]
    if said:
        return sorted(said, key=lambda w: -(w.importance if w.importance is not None else -1))
    rated = any(e.rating is not None or e.comment for e in answers.efforts)
    return [None] if rated else []


def wishes_table(portfolio: Portfolio, t: Texts, lists: Lists) -> ShownTable[Voice, None]:
    """One row per wish."""
    return table_of(
        t, "wishes", _columns(t, lists.improvements), voices(portfolio), without,
        old=lambda voice: voice.segment.earlier, repeated=3,
    )  # fmt: skip


def wishes_sheet(table: ShownTable[Voice, None], portfolio: Portfolio, t: Texts) -> Sheet:
    """Its sheet, drawn."""
    draw_page(table, t, portfolio, t("portfolio.no_wishes"))
    if table.records:
        table.as_table()
    return table.sheet


def _columns(t: Texts, of: Improvements) -> tuple[Shown[Voice], ...]:
    day = WHOLE.but(format=t("language.excel_date"))
    return (
        Shown("account", 22, lambda r: r.account.name, TEXT_CELL.but(bold=True), left()),
        Shown("segment", 18, lambda r: r.segment.name, TEXT_CELL, left()),
        Shown("name", 19, lambda r: person_of(r.reply), TEXT_CELL, left()),
        Shown("function", 15, lambda r: _function(r), MUTED_CELL, left()),
        Shown("period", 14, lambda r: _period(t, r), _period_style),
        Shown("issue", 44, lambda r: r.issue, TEXT_CELL, left()),
        Shown("remedy", 44, lambda r: r.wish.remedy if r.wish else None, TEXT_CELL, left()),
        Shown("requirement", 24, lambda r: _about(of, r), TEXT_CELL, left()),
        Shown("importance", 11, lambda r: r.wish.importance if r.wish else None, WHOLE),
        *map(_effort, EFFORTS),
        Shown("comment", 40, lambda r: _comments(t, r), MUTED_CELL, left()),
        Shown("reply", 44, lambda r: _reply(r), TEXT_CELL, left()),
        Shown("action", 36, lambda r: _action(t, r), _action_style, left()),
        Shown("owner", 15, lambda r: owners_of(answers(r)), TEXT_CELL, left()),
        Shown("due", 11, lambda r: due_of(answers(r)), day),
        Shown("fit", 10, lambda r: _seen(t, "fit", r), TEXT_CELL),
        Shown("result", 11, lambda r: _seen(t, "result", r), TEXT_CELL),
        Shown("place", 11, lambda r: _place(of, r), COUNT),
    )


def _period(t: Texts, voice: Voice) -> str:
    return period_of(t, voice.reply.order.period, earlier=voice.segment.earlier)


def _period_style(voice: Voice) -> Style:
    return period_style(earlier=voice.segment.earlier)


def _about(of: Improvements, voice: Voice) -> str | None:
    """What the requirement that a wish is linked to is called over all accounts."""
    return of.label(voice.about) or None if voice.about else None


def _place(of: Improvements, voice: Voice) -> int | None:
    """The place of that requirement among the value drivers, where this wish is counted."""
    if voice.about is None or voice.segment.earlier:
        return None
    return of.place(voice.about)


def answers(voice: Voice) -> tuple[Action, ...]:
    """The actions of the account's plan that answer this wish, the most urgent first."""
    if voice.wish is None:
        return ()
    key = WishKey(voice.account.id, wish_id(voice.reply, voice.wish))
    return answering(voice.account.standing.actions, [key])[key]


def _action(t: Texts, voice: Voice) -> str | None:
    return said_of(t, answers(voice)) if voice.wish else None


def _action_style(voice: Voice) -> Style:
    return TEXT_CELL if answers(voice) else MUTED_CELL.but(italic=True)


def _seen(t: Texts, what: Literal["fit", "result"], voice: Voice) -> str | None:
    """What she says of our reply."""
    said: Fit | Outcome | None = getattr(voice.thread, what, None)
    return t(f"portfolio.{what}.{said.value}") if said else None


def _reply(voice: Voice) -> str | None:
    """What we tell the customer, as the plan says; else as it went out."""
    plan, row = voice.account.standing.plan, voice.thread.row if voice.thread else None
    if voice.wish is None:
        return None
    own = same_id(wish_id(voice.reply, voice.wish))
    planned = (w.reply for w in (plan.wishes if plan else ()) if same_id(w.id) == own)
    return next(planned, "") or (row.doing if row else "") or None


def _function(voice: Voice) -> str:
    return voice.reply.answers.function or voice.reply.order.function


def _effort(effort: str) -> Shown[Voice]:
    def content(voice: Voice) -> float | None:
        found = voice.efforts.get(effort)
        return found.rating if found else None

    return Shown(effort, 11, content, WHOLE)


def said_beside(t: Texts, remark: Remark) -> str:
    """Where a remark stands on its card."""
    place = "!".join(part for part in (remark.sheet, remark.cell) if part)
    return t("portfolio.wishes.beside", place=place)


def _comments(t: Texts, voice: Voice) -> str:
    if voice.remark:
        return said_beside(t, voice.remark)
    said = [
        t("portfolio.words.said", name=t(f"portfolio.wishes.{i}"), text=voice.efforts[i].comment)
        for i in EFFORTS
        if i in voice.efforts and voice.efforts[i].comment
    ]
    return "\n".join(said)
