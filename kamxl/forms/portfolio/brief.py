"""The account brief (Kundenbriefing) as one page for a visit: which words its facts have.

Every number and sentence is the portfolio's own, with what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator

from kamxl.core.method.basis import Verdict, rounded_percent
from kamxl.core.method.programmes import Action, ActionState
from kamxl.core.portfolio.brief import Apart, Brief, Person, Want, Wished
from kamxl.core.portfolio.following import Thread
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.benefits import Benefit, Known
from kamxl.core.records.plan import DiscoveryAnswer, PlanProgramme
from kamxl.core.records.register import Reply
from kamxl.forms.portfolio.changed import change_said
from kamxl.forms.portfolio.grounds import (
    grounds_of_account,
    grounds_of_segment,
    verdict_said,
    verdict_word,
    who_says,
)
from kamxl.forms.portfolio.one_page import (
    LINE,
    PAGE,
    WHOLE,
    WIDTHS,
    Figure,
    Item,
    OnePage,
    Part,
    fitted,
    height_of_figures,
    lines,
    told,
)
from kamxl.forms.portfolio.words import (
    account_flip,
    best_name,
    best_name_of,
    knockouts,
    money,
    points,
    supplier_name,
)
from kamxl.wording.texts import Texts, texts

_TOP = 20.0  # points of the type of the account's name
_ABOVE = 62.0  # of the band, but for the lines of the name


def brief_page(brief: Brief, portfolio: Portfolio, language: str, room: float = 1.0) -> OnePage:
    """The page; ``room``: the part of a sheet that may be filled."""
    t = texts(language)
    return _Page(brief, portfolio, t).page(room)


class _Page:
    def __init__(self, brief: Brief, portfolio: Portfolio, t: Texts) -> None:
        self.of, self.portfolio, self.t = brief, portfolio, t
        self.account = brief.account

    def said(self, key: str, **values: object) -> str:
        """One of its texts."""
        return self.t(f"brief.{key}", **values)

    def page(self, room: float) -> OnePage:
        t, name = self.t, told(self.account.name)
        sentence, figures = self._sentence(), tuple(self._figures())
        high = lines(name, WHOLE - 20, _TOP) * _TOP * 1.15 + lines(sentence, WHOLE - 20) * LINE
        left = (PAGE - _ABOVE - height_of_figures(figures) - high) * room
        columns = ((self._wants(), self._stand(), self._asked(), self._benefits()),
                   (self._promised(), self._ask(), self._people()))  # fmt: skip
        return OnePage(
            t.language,
            self.said("title", account=name, period=self.of.period),
            (self.said("over", period=self.of.period),
             f"{t('report.internal')} {t('report.as_of', day=t.day(self.of.as_of))}"),
            name,
            sentence,
            figures,
            tuple(
                fitted(parts, left, width, lambda count: self.said("more", count=count))
                for parts, width in zip(columns, WIDTHS, strict=True)
            ),
            self.said("foot"),
        )  # fmt: skip

    # --- who they are ----------------------------------------------------------------------------

    def _sentence(self) -> str:
        """Its segments, who looks after it, and how it was chosen."""
        names = [told(segment.name) for segment in self.account.segments]
        more = len(names) - 4 if len(names) > 5 else 0
        return self.said(
            "who", segments=", ".join(names[:4] if more else names), more=more,
            count=len(names), manager=told(self.account.manager),
        )  # fmt: skip

    def _figures(self) -> Iterator[Figure]:
        t, account, selected = self.t, self.account, self.account.standing.selected
        ladder = account.standing.ladder
        partly = selected is not None and selected.candidate.at_least
        yield Figure(
            self.said("revenue"),
            self.said("at_least", amount=money(t, self.of.revenue)) if partly
            else money(t, self.of.revenue),
            self.said("abc", abc=selected.abc.value) if selected and selected.abc else "",
        )  # fmt: skip
        listed = selected.list.value if selected else "unknown"
        score = selected.score if selected else None
        yield Figure(
            self.said("list"), t(f"plan.visit.lists.{listed}"),
            "" if score is None else self.said("score", score=t.number(score)),
        )  # fmt: skip
        yield Figure(
            self.said("status"),
            t(f"plan.choices.level.{ladder.status.id}") if ladder else t.number(None),
            self.said("signs", known=ladder.known, of=ladder.indicators) if ladder else "",
        )
        yield Figure(self.said("total"), t.number(account.total), self._covered())
        lead, basis = account.lead.points, account.lead.basis
        word = (
            self.said("no_verdict") if lead is None
            else verdict_word(t, lead, account.lead.level_within)
        )  # fmt: skip
        counted = self.said("raters", raters=basis.raters, of=basis.of, weights=basis.percent)
        yield Figure(self.said("lead"), word, counted if basis.of else "")

    def _covered(self) -> str:
        """On what the total rests."""
        account = self.account
        if account.coverage is None:
            return ""
        periods = ", ".join(account.periods) if account.earlier else ""
        return self.said("covered", share=rounded_percent(account.coverage), periods=periods)

    def _people(self) -> Part:
        items = [self._person(one) for one in self.of.people]
        return Part("people", self.said("people"), tuple(items), self.said("no_people"))

    def _person(self, one: Person) -> Item:
        t = self.t
        texts_ = [told(one.function)] if one.function else []
        if one.counterpart:
            texts_.append(self.said("with", who=told(one.counterpart)))
        if one.rhythm and one.rhythm != "none":
            texts_.append(t(f"plan.choices.rhythm.{one.rhythm}"))
        note, look = self.said("never"), ""
        if one.last is not None:
            day = t.day(one.last.day) if one.last.day else one.last.period
            note = self.said("answered", day=day)
        if one.open:
            due = min((card.due for card in one.open if card.due), default=None)
            last = t.day(one.last.day) or one.last.period if one.last else ""
            reached = one.open[0].reached.value
            note, look = self.said("open", due=t.day(due), last=last, reached=reached), "bad"
        return Item(told(one.name) or one.id, " · ".join(texts_), note, look)

    # --- what they want, and where we stand ------------------------------------------------------

    def _wants(self) -> Part:
        several = len({one.segment for one in self.of.wants}) > 1
        weighed = [one for one in self.of.wants if one.weight]
        items = (self._want(one, several=several) for one in weighed)
        none = self.said("no_wants")
        return Part("wants", self.said("wants"), tuple(items), none)

    def _want(self, one: Want, *, several: bool) -> Item:
        t, rated = self.t, one.rating is not None
        said = self.said("want", weight=points(t, one.weight))
        if rated or one.best is not None:
            said = self.said(
                "want_rated", weight=points(t, one.weight), us=points(t, one.rating),
                rival=told(supplier_name(t, one.rival, one.rival_name)),
                best=points(t, one.best) if one.best is not None else "",
            )  # fmt: skip
        notes = [told(one.segment_name)] if several else []
        if one.gap is not None and rated and round(one.gap, 1) > 0:
            notes.append(self.said("gap", points=t.number(one.gap)))
        notes += [self.said("good", text=told(text), who=told(who)) for who, text in one.good[:1]]
        behind = one.best is not None and one.rating is not None and one.rating < one.best
        return Item(told(one.label), said, " · ".join(notes), "bad" if behind else "")

    def _stand(self) -> Part:
        t, account = self.t, self.account
        if not account.answered:
            return Part("stand", self.said("stand"), (), self.said("no_answer"))
        rival = told(best_name(t, account))
        verdict = account.lead.verdict
        items = [Item("", _capital(verdict_said(t, account.lead, rival, grounds_of_account(
            t, account))), "", _look(verdict))]  # fmt: skip
        missed = knockouts(t, account.answered)
        items += [Item(self.said("missed"), one, "", "bad") for one in missed.split("\n") if one]
        if verdict is not None:
            items.append(Item("", told(account_flip(t, account))))
        change = change_said(t, self.portfolio, account)
        items += [Item(self.said("change"), told(change))] if change else []
        past = [self.said("then", period=one.period, total=t.number(one.total))
                for one in self.of.history[-4:]]  # fmt: skip
        items += [Item(self.said("history"), " · ".join(past))] if len(past) > 1 else []
        if len(account.answered) > 1:
            items += [
                Item(told(one.name), verdict_said(
                    t, one.lead, told(best_name_of(t, one)), grounds_of_segment(t, one)
                ), self.said("of_total", total=t.number(one.total)), _look(one.lead.verdict))
                for one in account.answered
            ]  # fmt: skip
        return Part("stand", self.said("stand"), tuple(items))

    def _asked(self) -> Part:
        items = [self._wish(one) for one in self.of.wishes]
        items += [
            Item(told(one.label), self.said("own", segment=told(one.segment_name),
                                            weight=points(self.t, one.weight)))
            for one in self.of.own
        ]  # fmt: skip
        return Part("asked", self.said("asked"), tuple(items), self.said("no_asked"))

    def _wish(self, one: Wished) -> Item:
        issue, remedy = told(one.wish.issue), told(one.wish.remedy)
        said = issue or remedy
        if issue and remedy:
            said = self.said("wish", issue=issue, remedy=remedy)
        return Item(told(one.who), said, self._became(one), "")

    def _became(self, one: Wished) -> str:
        """What became of a wish."""
        t, thread = self.t, one.thread
        notes = []
        if one.wish.importance is not None:
            notes.append(self.said("importance", points=points(t, one.wish.importance)))
        if thread and thread.result:
            notes.append(t(f"portfolio.result.{thread.result.value}"))
        elif thread and thread.fit:
            notes.append(self.said("fits", fit=t(f"portfolio.fit.{thread.fit.value}")))
        elif thread and thread.row:
            notes.append(self.said("replied"))
        elif thread and thread.actions:
            notes.append(self.said("in_hand", owner=told(thread.actions[0].owner)))
        else:
            notes.append(self.said("unanswered"))
        return " · ".join(notes)

    # --- what we promised ------------------------------------------------------------------------

    def _promised(self) -> Part:
        open_ = [a for a in self.of.actions if a.state is ActionState.OPEN]
        done = [a for a in self.of.actions if a.state is ActionState.DONE]
        items = [*map(self._action, open_), *map(self._thread, self.of.replied),
                 *map(self._programme, self.of.programmes), *map(self._action, done)]  # fmt: skip
        none = self.said("no_promised" if self.account.standing.plan else "no_plan")
        return Part("promised", self.t("plan.visit.promises"), tuple(items), none)

    def _action(self, action: Action) -> Item:
        days = self.of.late(action)
        done = action.state is ActionState.DONE
        due = self.said("due", day=self.t.day(action.due), late=days or 0, done=done)
        look = "bad" if days else "good" if done else ""
        return Item(due, told(action.text), _owners(action.owner, action.customer_owner), look)

    def _thread(self, one: Thread) -> Item:
        row = one.row
        if row is None:
            return Item()
        seen, kind = (one.result, "result") if one.result else (one.fit, "fit")
        word = self.t(f"portfolio.{kind}.{seen.value}") if seen else ""
        note = self.said("reply", who=told(one.name), day=self.t.day(row.due), said=word)
        return Item(self.said("told"), told(row.doing), note)

    def _programme(self, one: PlanProgramme) -> Item:
        state = self.t(f"plan.choices.programme_state.{one.state.value}")
        notes = [_owners(one.owner, one.customer_owner)]
        notes += [self.said("step", step=told(one.step))] if one.step else []
        head = self.said("programme", state=state)
        return Item(head, told(one.name), " · ".join(filter(None, notes)))

    # --- what to ask -----------------------------------------------------------------------------

    def _ask(self) -> Part:
        t = self.t
        items = [Item(self.said("verdict"), self.said(
            "compare", segment=told(one.name), said=told(grounds_of_segment(t, one))
        )) for one in self.of.uncompared]  # fmt: skip
        items += map(self._apart, self.of.apart)
        items += map(self._question, self.of.questions[:3])
        items += map(self._barrier, self.of.barriers)
        items += map(self._question, self.of.questions[3:])
        none = self.said("no_ask" if self.account.standing.plan else "no_plan")
        return Part("ask", self.said("ask"), tuple(items), none)

    def _apart(self, one: Apart) -> Item:
        t = self.t
        low, high = (points(t, value) for value in (one.spread.low, one.spread.high))
        return Item(told(one.label), self.said(
            "apart", low=low, high=high, who_low=self._who(one.low), who_high=self._who(one.high)
        ))  # fmt: skip

    def _who(self, reply: Reply) -> str:
        return told(who_says(self.t, [reply], 1))

    def _question(self, one: DiscoveryAnswer) -> Item:
        known = told(one.answer)
        sure = self.t.number(one.sureness, 0) if one.sureness is not None else ""
        note = self.said("known", text=known, sure=sure) if known else ""
        return Item("", told(one.question), note)

    def _barrier(self, one: DiscoveryAnswer) -> Item:
        note = self.said("remove", step=told(one.next_step), owner=told(one.owner),
                         day=self.t.day(one.due))  # fmt: skip
        return Item(self.said("barrier"), told(one.answer), note.strip())

    # --- what it brought -------------------------------------------------------------------------

    def _benefits(self) -> Part:
        order = list(Known)
        found = sorted(self.of.benefits, key=lambda one: order.index(one.known))
        none = self.said("no_benefits" if self.account.standing.plan else "no_plan")
        items = tuple(map(self._benefit, found))
        return Part("benefits", self.said("benefits"), items, none)

    def _benefit(self, one: Benefit) -> Item:
        t, lever = self.t, one.lever
        said = [told(lever.share or lever.lever)]
        if lever.baseline is not None or lever.now is not None:
            then, now = (t.number(v, 1) for v in (lever.baseline, lever.now))
            said.append(t("portfolio.benefits.figures", then=then, now=now, unit=told(lever.unit)))
        amount = one.amount if one.amount is not None else lever.amount
        if amount is not None:
            said.append(self.said("amount", amount=money(t, amount)))
        by = self.said("by", who=told(one.by), day=t.day(one.on)) if one.by or one.on else ""
        look = "good" if one.known is Known.CONFIRMED else ""
        return Item(t(f"portfolio.known.{one.known.value}"), " · ".join(said), by, look)


def _owners(*names: str) -> str:
    """Who does it, on our side and on theirs."""
    return " / ".join(filter(None, map(told, names)))


def _look(verdict: Verdict | None) -> str:
    return {Verdict.BEHIND: "bad", Verdict.AHEAD: "good"}.get(verdict, "") if verdict else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
