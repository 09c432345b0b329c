"""What waits for a decision, for people and programs: why, what settles it, the row to write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from kamxl.core.cards.deciding import NAMING
from kamxl.core.cards.own import UNDER
from kamxl.core.records.decision import Decision
from kamxl.wording.texts import Texts, texts
from kamxl.workflow.incoming.decide import DecideResult, labelled, row_of
from kamxl.workflow.incoming.own import Waiting
from kamxl.workflow.shown.json import findings_json, memory_json
from kamxl.workflow.shown.summary import (
    MEMORY,
    aligned,
    finding_lines,
    findings_lines,
    swap_lines,
)

Json = dict[str, Any]


def decide_json(result: DecideResult) -> Json:
    """What waits with its rulings and the row to write; what was decided; where it stands."""
    speech = texts(result.language)
    return {
        "waiting": [
            {
                "path": one.file.path,
                "source": one.file.source,
                "account": one.file.account,
                "segment": one.file.segment,
                "respondent": one.file.respondent,
                "name": one.file.name,
                "period": one.file.period,
                "requirement": one.own or None,
                "asked": [{"id": row.id, "label": row.label} for row in one.asked],
                "findings": findings_json(one.findings, speech),
                "decisions": [
                    {"code": ruling.value, "label": labelled(ruling, result.language),
                     "needs_person": ruling in NAMING, "needs_id": ruling in UNDER}
                    for ruling in one.rulings
                ],
                "row": _row(one.row, result.language),
            }
            for one in result.waiting
        ],
        "decided": [_row(one, result.language) for one in result.decided],
        "state": result.state,
        "path": result.path,
        **memory_json(result.memory, speech),
    }  # fmt: skip


def _row(one: Decision, language: str) -> Json:
    told = row_of(one, language)
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in told.items()}


def decide_lines(result: DecideResult) -> list[str]:
    """The same in words; what was shown before a question is not said twice."""
    said = texts(result.language)
    lines: list[str] = []
    if not (result.decided or result.asked):
        for one in result.waiting:
            lines += waiting_lines(one, said)
    if result.state == "shown":
        lines += decided_lines(result, said)
    lines.append(_state(result, said))
    if result.state == "written":
        lines += swap_lines(result.left, result.path, said, notes=result.notes)
    return lines + findings_lines(result.memory, MEMORY, said)


def _state(result: DecideResult, said: Texts) -> str:
    if result.state == "written":
        return said("decide.written", path=result.path, count=len(result.decided))
    if result.state != "listed":
        return said(f"decide.{result.state}")
    own = sum(bool(one.own) for one in result.waiting)
    return said("decide.listed", count=len(result.waiting) - own, own=own)


def waiting_lines(one: Waiting, said: Texts, *, numbered: bool = False) -> Iterator[str]:
    """What waits: which answer, why, and each decision that would settle it."""
    if one.own:
        yield from _own_lines(one, said, numbered=numbered)
        return
    file = one.file
    parts = (file.account, file.segment, file.respondent, file.period, file.name)
    who = " · ".join(part for part in parts if part)
    yield f"{file.path}" + (f" ({who})" if who else "")
    yield from finding_lines(one.findings, said)
    names = [labelled(ruling, said.language) for ruling in one.rulings]
    if numbered:
        yield from aligned((f"{number}", name) for number, name in enumerate(names, 1))
        return
    yield "  " + said("decide.row", row=one.row.about)
    person = said("decide.person_short")
    yield from (
        f"    {line.strip()}"
        for line in aligned(
            (name, f'kamxl decide "{one.row.file or file.path}={ruling.value}'
                   f'{f":{person}" if ruling in NAMING else ""}"')
            for name, ruling in zip(names, one.rulings, strict=True)
        )
    )  # fmt: skip


def _own_lines(one: Waiting, said: Texts, *, numbered: bool) -> Iterator[str]:
    """A requirement of a customer's own that waits."""
    yield from finding_lines(one.findings, said)
    names = [labelled(ruling, said.language) for ruling in one.rulings]
    if numbered:
        yield from aligned((f"{number}", name) for number, name in enumerate(names, 1))
        return
    ways = (f'kamxl decide --requirement "{one.decided(ruling)}"' for ruling in one.rulings)
    yield from (f"    {line.strip()}" for line in aligned(zip(names, ways, strict=True)))


def decided_lines(result: DecideResult, said: Texts) -> Iterator[str]:
    """The rows that would be written, a line each."""
    for one in result.decided:
        told = row_of(one, said.language)
        yield "  " + " · ".join(str(value) for value in told.values())
