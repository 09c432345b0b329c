"""The results as the JSON that the contract fixes: unknown is null, nothing is rounded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kamxl.core.finding import Finding
from kamxl.core.ids import same_id
from kamxl.core.method.breadth import Breadth
from kamxl.core.method.position import Position
from kamxl.core.method.programmes import ProgrammeSummary
from kamxl.core.method.selection import SelectedAccount
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.records.register import Competitor, FileResult, Scorecard
from kamxl.wording.texts import Texts, texts
from kamxl.workflow.incoming.judge import Judged
from kamxl.workflow.results import (
    Apart,
    CheckResult,
    ConsolidateResult,
    DemoResult,
    InitResult,
    IssueResult,
    MailResult,
    counts,
)

Json = dict[str, Any]


def init_json(result: InitResult) -> Json:
    """What ``kamxl init`` prints."""
    return {
        "root": result.root,
        "created": list(result.created),
        "kept": list(result.kept),
        "hint": texts(result.language)("cli.init_backup"),
    }


def issue_json(result: IssueResult) -> Json:
    """What ``kamxl issue`` prints."""
    speech = texts(result.language)
    issued = [
        {
            "account": card.account,
            "segment": card.segment,
            "respondent": card.respondent,
            "path": card.path,
            "mail": card.mail,
            "state": card.state,
            **({"findings": _findings(card.findings, speech)} if card.findings else {}),
            **({"changed": [change.name for change in card.changed]} if card.changed else {}),
        }
        for card in result.issued
    ]
    plans = [
        {
            "account": plan.account,
            "path": plan.path,
            "state": plan.state,
            "findings": _findings(plan.findings, speech),
        }
        for plan in result.plans
    ]
    held = [found for card in result.issued for found in card.findings]
    findings = _findings(tuple(dict.fromkeys((*result.register, *held, *result.memory))), speech)
    return {"issued": issued, "plans": plans, "register": findings}


def mail_json(result: MailResult) -> Json:
    """What ``kamxl remind`` ("reminded") and ``kamxl thank`` ("thanked") print."""
    speech = texts(result.language)
    mails = [
        {
            "account": mail.account,
            "segment": mail.segment,
            "respondent": mail.respondent,
            "path": mail.path,
            "mail": mail.mail,
            "state": mail.state,
            "findings": _findings(mail.findings, speech),
        }
        for mail in result.mails
    ]
    if result.kind != "reminder":
        return {"thanked": mails, **_memory(result.memory, speech)}
    return {
        "reminded": mails,
        "sent_something": [_apart(one, speech) for one in result.sent_something],
        "undeliverable": [_apart(one, speech) for one in result.undeliverable],
        "left": [_apart(one, speech) for one in result.left],
        "delayed": [_apart(one, speech) for one in result.delayed],
        **_memory(result.memory, speech),
    }


def _apart(one: Apart, speech: Texts) -> Json:
    return {
        "account": one.account,
        "segment": one.segment,
        "respondent": one.respondent,
        "name": one.name,
        "email": one.email or None,
        "path": one.path,
        "files": list(one.files),
        "findings": _findings([one.finding], speech),
    }


def check_json(result: CheckResult) -> Json:
    """What ``kamxl check`` prints."""
    speech = texts(result.language)
    files = [_file(file, speech) for file in result.files]
    return {"files": files, **_memory(result.memory, speech)}


def consolidate_json(result: ConsolidateResult) -> Json:
    """What ``kamxl consolidate`` prints."""
    speech = texts(result.language)
    return {
        "counts": counts(result.files),
        "register": _findings((*result.findings, *result.memory), speech),
        "files": [_file(file, speech) for file in result.files],
        "accounts": [_account(account) for account in result.portfolio.accounts],
        "portfolio": result.written,
    }


def demo_json(result: DemoResult) -> Json:
    """What ``kamxl demo`` prints: its folder, and what ``kamxl consolidate`` prints there."""
    return {"folder": result.root, **consolidate_json(result.consolidated)}


def _memory(findings: Iterable[Finding], speech: Texts) -> Json:
    """The workspace's own findings under the name they have everywhere, where there are any."""
    found = _findings(findings, speech)
    return {"register": found} if found else {}


def _findings(findings: Iterable[Finding], speech: Texts) -> list[Json]:
    return [
        {
            "code": found.code,
            "severity": found.severity.value,
            "sheet": found.sheet,
            "cell": found.cell,
            "value": found.value,
            "message": speech.sentence(found),
        }
        for found in findings
    ]


def _file(file: FileResult, speech: Texts) -> Json:
    card = file.answers.scorecard if file.answers else None
    suppliers = file.suppliers if isinstance(file, Judged) else ()
    return {
        "path": file.path,
        "source": file.source,
        "kind": file.kind,
        "status": file.fate.value,
        "account": file.account,
        "segment": file.segment,
        "respondent": file.respondent,
        "name": file.name,
        "period": file.period,
        "findings": _findings(file.findings, speech),
        "scorecard": _scorecard(card, suppliers) if card else None,
    }


def _scorecard(card: Scorecard, suppliers: Iterable[Competitor]) -> Json:
    best = card.best_competitor()
    return {
        "weights_sum": _weights_sum(card),
        "requirements": [
            {
                "id": requirement.id,
                "label": requirement.label,
                "weight": requirement.weight,
                "ratings": {s: card.rating(s, requirement.id) for s in card.suppliers},
            }
            for requirement in card.requirements
        ],
        "suppliers": _suppliers(card, suppliers),
        "best_competitor": best,
        "lead": card.lead(best) if best else None,
    }


def _weights_sum(card: Scorecard) -> float | None:
    """Nothing known is null: a card without weights has no sum."""
    given = any(requirement.weight is not None for requirement in card.requirements)
    return card.weights_sum if given else None


def _suppliers(card: Scorecard, named: Iterable[Competitor]) -> list[Json]:
    names = {same_id(supplier.id): supplier.name for supplier in named}
    ranks = card.ranking()
    return [
        {
            "id": supplier,
            "name": names.get(same_id(supplier)) or None,
            "total": card.total(supplier),
            "coverage": card.coverage(supplier),
            "rank": ranks.get(supplier),
        }
        for supplier in card.suppliers
    ]


def _account(account: AccountResult) -> Json:
    standing = account.standing
    return {
        "id": account.id,
        "name": account.name,
        "selection": _selection(standing.selected),
        "total": account.total,
        "coverage": account.coverage,
        "lead": account.lead,
        "best_competitor": account.best_competitor,
        "status": standing.ladder.status.id if standing.ladder else None,
        "position": _position(standing.position),
        "contacts": _contacts(standing.breadth),
        "programmes": _programmes(standing.programmes),
        "segments": [_segment(segment) for segment in account.segments],
    }


def _selection(found: SelectedAccount | None) -> Json:
    if found is None:
        return dict.fromkeys(("score", "rank", "abc", "gate", "list"))
    return {
        "score": found.score,
        "rank": found.rank,
        "abc": found.abc.value if found.abc else None,
        "gate": found.gate.gate.value,
        "list": found.list.value,
    }


def _position(position: Position) -> Json:
    measures = {measure.value: value for measure, value in position.measures.items()}
    return {**measures, "mean": position.mean, "known": position.known}


def _contacts(breadth: Breadth | None) -> Json:
    if breadth is None:
        return {"breadth": None, "requirers": None}
    return {"breadth": breadth.breadth, "requirers": breadth.requirers}


def _programmes(programmes: ProgrammeSummary | None) -> Json:
    if programmes is None:
        return dict.fromkeys(("active", "expected_revenue", "expected_profit"))
    expected = programmes.expected
    return {
        "active": programmes.active,
        "expected_revenue": expected.revenue.value,
        "expected_profit": expected.profit.value,
    }


def _segment(segment: SegmentResult) -> Json:
    return {
        "id": segment.id,
        "total": segment.total,
        "coverage": segment.coverage,
        "lead": segment.lead,
        "best_competitor": segment.best_competitor,
        "respondents": segment.respondents,
    }
