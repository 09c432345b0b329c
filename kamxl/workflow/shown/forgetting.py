"""What forgetting somebody changed, and what only people can delete, for people and programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kamxl.wording.texts import Texts, texts
from kamxl.workflow.forgetting.forget import ByHand, ForgetResult
from kamxl.workflow.shown.json import memory_json
from kamxl.workflow.shown.summary import MEMORY, findings_lines

_LISTED = 12  # files of a kind in words; all of them are in the JSON


def forget_json(result: ForgetResult) -> dict[str, Any]:
    """Whom, what of hers was changed, and what is left for people. Her name is not in it."""
    return {
        "account": result.account,
        "contact": result.contact,
        "pseudonym": result.pseudonym,
        "state": result.state,
        "records": result.records,
        "registers": result.registers,
        "mails": result.mails,
        "files": list(result.files),
        "by_hand": [
            {
                "kind": one.kind,
                "path": one.path,
                "cells": [{"sheet": sheet, "cell": cell} for sheet, cell in one.cells],
                "more": one.more,
            }
            for one in result.by_hand
        ],
        **memory_json(result.memory, texts(result.language)),
    }


def forget_lines(result: ForgetResult) -> list[str]:
    """The same in words; what was shown before a question is not said twice."""
    said = texts(result.language)
    lines = [*what_lines(result, said)] if result.state == "shown" else []
    lines.append(said(f"forget.{result.state}", pseudonym=result.pseudonym))
    if result.state == "forgotten":
        lines += by_hand_lines(result, said)
        lines.append(said("forget.next"))
    return lines + findings_lines(result.memory, MEMORY, said)


def what_lines(result: ForgetResult, said: Texts) -> Iterator[str]:
    """What would be done, and what would be left."""
    ids = {"account": result.account, "contact": result.contact}
    yield said("forget.who", name=result.name, pseudonym=result.pseudonym, **ids)
    yield "  " + said("forget.records", count=result.records, registers=result.registers)
    yield "  " + said("forget.files", count=len(result.files))
    yield from by_hand_lines(result, said)


def by_hand_lines(result: ForgetResult, said: Texts) -> Iterator[str]:
    """What only people can delete."""
    yield said("forget.by_hand")
    for kind in dict.fromkeys(one.kind for one in result.by_hand):
        own = [one for one in result.by_hand if one.kind == kind]
        yield "  " + said(f"forget.kinds.{kind}")
        yield from (f"    {_file(one, said)}" for one in own[:_LISTED])
        if len(own) > _LISTED:
            yield "    " + said("forget.more", count=len(own) - _LISTED)
    yield "  " + said("forget.elsewhere")
    yield "  " + said("forget.words")


def _file(one: ByHand, said: Texts) -> str:
    cells = ", ".join(f"{sheet}!{cell}" for sheet, cell in one.cells)
    more = f" {said('forget.more', count=one.more)}" if one.more else ""
    return f"{one.path} ({cells}{more})" if cells else one.path
