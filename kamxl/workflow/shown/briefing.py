"""What a brief says: where the page is, and its facts as JSON, unrounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from enum import Enum
from typing import Any

from kamxl.core.portfolio.brief import Apart, Brief, Person, Want, Wished
from kamxl.core.portfolio.handout import Handout
from kamxl.core.portfolio.results import SegmentResult
from kamxl.core.records.page import (
    PageBenefit,
    PageProgramme,
    PageRow,
    PageStatement,
)
from kamxl.wording.texts import texts
from kamxl.workflow.outgoing.briefing import BriefResult
from kamxl.workflow.shown.followed import benefit_json
from kamxl.workflow.shown.json import Json, basis_json, findings_json

Entry = PageRow | PageStatement | PageBenefit | PageProgramme


def brief_lines(result: BriefResult) -> list[str]:
    """Where the page is; why there is no PDF, or no page."""
    said = texts(result.language)
    if result.findings:
        return [said("brief.held"), *(f"  {said.sentence(one)}" for one in result.findings)]
    if result.page is None:
        return [said("brief.nothing_for_her")]
    lines = [said("brief.written", path=result.page)]
    if result.pdf:
        lines.append(said("brief.pdf", path=result.pdf))
    elif result.without not in ("", "unasked"):
        lines.append(said(f"brief.pdf_{result.without}", reason=result.reason))
    if result.handout is not None and result.handout.left:
        lines.append(said("brief.left_one_page", left=result.handout.left))
    if result.past:
        lines.append(said("brief.past", count=result.past))
    return lines


def brief_json(result: BriefResult) -> Json:
    """The page's facts; of one for the customer, nothing but what stands on it."""
    of = result.brief
    return {
        "account": of.account.id,
        "period": of.period,
        "external": result.handout is not None,
        "page": result.page,
        "pdf": result.pdf,
        "without_pdf": result.without or None,
        "findings": findings_json(result.findings, texts(result.language)),
        "brief": _brief(of) if result.handout is None else None,
        "handout": _handout(result.handout) if result.handout is not None else None,
    }


def _brief(of: Brief) -> Json:
    account, ladder = of.account, of.account.standing.ladder
    selected = account.standing.selected
    return {
        "name": account.name,
        "as_of": _plain(of.as_of),
        "manager": account.manager or None,
        "revenue": of.revenue,
        "list": selected.list.value if selected else None,
        "score": selected.score if selected else None,
        "status": ladder.status.id if ladder else None,
        "total": account.total,
        "coverage": account.coverage,
        "lead": account.lead.points,
        "basis": basis_json(account.lead.basis),
        "best_competitor": account.best_competitor,
        "segments": [_segment(one) for one in account.segments],
        "history": [
            {"period": one.period, "total": one.total, "coverage": one.coverage}
            for one in of.history
        ],
        "change": of.change.points if of.change else None,
        "people": [_person(one) for one in of.people],
        "wants": [_want(one) for one in of.wants],
        "wishes": [_wish(one) for one in of.wishes],
        "actions": [
            {"id": one.id, "text": one.text, "owner": one.owner or None,
             "customer_owner": one.customer_owner or None, "due": _plain(one.due),
             "state": one.state.value, "days_overdue": of.late(one)}
            for one in of.actions
        ],
        "programmes": [
            {"id": one.id, "name": one.name, "state": one.state.value} for one in of.programmes
        ],
        "replied": [
            {"name": one.name, "doing": one.row.doing, "due": _plain(one.row.due),
             "fit": _plain(one.fit), "result": _plain(one.result)}
            for one in of.replied if one.row
        ],
        "questions": [
            {"id": one.id, "question": one.question, "sureness": one.sureness}
            for one in of.questions
        ],
        "barriers": [{"id": one.id, "answer": one.answer} for one in of.barriers],
        "not_comparable": [one.id for one in of.uncompared],
        "disagreements": [_apart(one) for one in of.apart],
        "benefits": [benefit_json(one) for one in of.benefits],
    }  # fmt: skip


def _segment(one: SegmentResult) -> Json:
    return {
        "id": one.id, "name": one.name, "revenue": one.revenue, "period": one.period,
        "total": one.total, "coverage": one.coverage, "lead": one.lead.points,
        "basis": basis_json(one.lead.basis), "best_competitor": one.best_competitor,
        "respondents": one.respondents,
    }  # fmt: skip


def _person(one: Person) -> Json:
    last = one.last
    return {
        "id": one.id, "name": one.name, "function": one.function or None,
        "counterpart": one.counterpart or None,
        "last_answer": {"period": last.period, "day": _plain(last.day)} if last else None,
        "open": [card.segment for card in one.open],
    }  # fmt: skip


def _want(one: Want) -> Json:
    return {
        "segment": one.segment, "id": one.id, "label": one.label, "weight": one.weight,
        "rating": one.rating, "gap": one.gap, "best": one.best, "rival": one.rival or None,
        "lost": one.lost, "period": one.period or None, "own": one.own,
        "good": [{"name": who, "text": text} for who, text in one.good],
    }  # fmt: skip


def _wish(one: Wished) -> Json:
    return {
        "id": one.id, "who": one.who, "period": one.period, "issue": one.wish.issue,
        "remedy": one.wish.remedy, "importance": one.wish.importance,
        "fit": _plain(one.thread.fit) if one.thread else None,
        "result": _plain(one.thread.result) if one.thread else None,
    }  # fmt: skip


def _apart(one: Apart) -> Json:
    return {
        "segment": one.segment.id, "id": one.id, "low": one.spread.low, "high": one.spread.high,
    }  # fmt: skip


def _handout(of: Handout) -> Json:
    parts: dict[str, Sequence[Entry]] = {
        "rows": of.rows, "statements": of.statements, "benefits": of.benefits,
        "programmes": of.programmes,
    }  # fmt: skip
    return {
        "language": of.language,
        "left": of.left,
        **{key: [_entry(one) for one in entries] for key, entries in parts.items()},
    }


def _entry(one: Entry) -> Json:
    return {key: _plain(value) for key, value in asdict(one).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
