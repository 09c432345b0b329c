"""The results as the JSON that the contract fixes: unknown is null, nothing is rounded.

Keys whose content comes with later parts of kamxl are there already, with nulls.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kamxl.core.finding import Finding
from kamxl.core.ids import same_id
from kamxl.core.records import Competitor, FileResult, Scorecard
from kamxl.core.results import AccountResult, SegmentResult
from kamxl.forms.texts import Texts, texts
from kamxl.workflow.judge import Judged
from kamxl.workflow.results import (
    CheckResult,
    ConsolidateResult,
    DemoResult,
    InitResult,
    IssueResult,
    counts,
)

Json = dict[str, Any]

_POSITION = ("requirements_known", "fulfilment", "relative", "customer_return", "own_return")


def init_json(result: InitResult) -> Json:
    """What ``kamxl init`` prints."""
    return {"root": result.root, "created": list(result.created), "kept": list(result.kept)}


def issue_json(result: IssueResult) -> Json:
    """What ``kamxl issue`` prints."""
    issued = [
        {
            "account": card.account,
            "segment": card.segment,
            "respondent": card.respondent,
            "path": card.path,
            "mail": card.mail,
            "state": card.state,
        }
        for card in result.issued
    ]
    register = _findings(result.register, texts(result.language))
    return {"issued": issued, "plans": [], "register": register}


def check_json(result: CheckResult) -> Json:
    """What ``kamxl check`` prints."""
    speech = texts(result.language)
    return {"files": [_file(file, speech) for file in result.files]}


def consolidate_json(result: ConsolidateResult) -> Json:
    """What ``kamxl consolidate`` prints."""
    speech = texts(result.language)
    return {
        "counts": counts(result.files),
        "register": _findings(result.findings, speech),
        "files": [_file(file, speech) for file in result.files],
        "accounts": [_account(account) for account in result.portfolio.accounts],
        "portfolio": result.written,
    }


def demo_json(result: DemoResult) -> Json:
    """What ``kamxl demo`` prints: its folder, and what ``kamxl consolidate`` prints there."""
    return {"folder": result.root, **consolidate_json(result.consolidated)}


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
    return {
        "id": account.id,
        "name": account.name,
        "selection": dict.fromkeys(("score", "rank", "abc", "gate", "list")),
        "total": account.total,
        "coverage": account.coverage,
        "lead": account.lead,
        "best_competitor": account.best_competitor,
        "status": None,
        "position": dict.fromkeys((*_POSITION, "mean", "known")),
        "contacts": dict.fromkeys(("breadth", "requirers")),
        "programmes": dict.fromkeys(("active", "expected_revenue", "expected_profit")),
        "segments": [_segment(segment) for segment in account.segments],
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
