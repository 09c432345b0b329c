"""What several commands print as JSON: unknown is null, nothing is rounded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kamxl.core.finding import Finding
from kamxl.core.ids import same_id
from kamxl.core.method.basis import Basis, Lead
from kamxl.core.method.panel import Panel
from kamxl.core.records.register import Competitor, FileResult, Scorecard
from kamxl.wording.texts import Texts
from kamxl.workflow.incoming.judge import Judged
from kamxl.workflow.results import Apart, WrittenMail

Json = dict[str, Any]


def mails_json(mails: Iterable[WrittenMail], speech: Texts) -> list[Json]:
    """The mails that were written, or why not."""
    return [
        {
            "account": mail.account,
            "segment": mail.segment,
            "respondent": mail.respondent,
            "path": mail.path,
            "mail": mail.mail,
            "state": mail.state,
            "findings": findings_json(mail.findings, speech),
        }
        for mail in mails
    ]


def apart_json(one: Apart, speech: Texts) -> Json:
    """Somebody who is not simply written to, and why."""
    return {
        "account": one.account,
        "segment": one.segment,
        "respondent": one.respondent,
        "name": one.name,
        "email": one.email or None,
        "path": one.path,
        "files": list(one.files),
        "findings": findings_json([one.finding], speech),
    }


def memory_json(findings: Iterable[Finding], speech: Texts) -> Json:
    """The workspace's own findings under the name they have everywhere, where there are any."""
    found = findings_json(findings, speech)
    return {"register": found} if found else {}


def findings_json(findings: Iterable[Finding], speech: Texts) -> list[Json]:
    """Each finding with its sentence."""
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


def file_json(file: FileResult, speech: Texts) -> Json:
    """A file and its fate; of a scorecard what it says, too: a reply page rates nothing."""
    card = file.answers.scorecard if file.answers and file.kind != "reply" else None
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
        "how": file.order.source.value if file.order else None,
        "profile_only": file.profile_only,
        "findings": findings_json(file.findings, speech),
        "scorecard": _scorecard(card, suppliers) if card else None,
    }


def lead_json(lead: Lead) -> Json:
    """A lead with what it rests on; what may be said of it, null below the line."""
    return {
        "lead": lead.unjudged,
        "verdict": lead.verdict.name.lower() if lead.verdict is not None else None,
        "basis": basis_json(lead.basis),
    }


def basis_json(basis: Basis) -> Json:
    """What a lead rests on, and whether that is enough for a verdict."""
    return {
        "raters": basis.raters,
        "of": basis.of,
        "weights": basis.weights,
        "revenue": basis.revenue,
        "enough": basis.enough,
    }


def _scorecard(card: Scorecard, suppliers: Iterable[Competitor]) -> Json:
    best = card.best_competitor()
    lead = Panel([card]).lead(best) if best else Lead(basis=Basis(0, 1))
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
        "lead": lead.unjudged,
        "basis": basis_json(lead.basis),
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
