"""``kamxl doctor``: what is missing or blocked here, and how to mend it."""

from __future__ import annotations

from kamxl.commands.parts.declared import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Given
    from kamxl.workflow.health.doctor import DoctorResult

_MORE = """\
It changes nothing: that a folder can be written is tried with a file that is removed again. With
--strict the exit status is 1 if something is missing or blocked.
"""


def run(given: Given) -> DoctorResult:
    """Look at the computer, and at the workspace named or the one we are in."""
    from kamxl.workflow.health.doctor import doctor

    language = given.language or given.spoken
    return doctor(given.folder, language, now=given.now(), named=given.named is not None)


def as_json(result: DoctorResult) -> dict[str, Any]:
    """Each look: what was looked at, what was found, and the sentence."""
    from kamxl.wording.texts import texts

    said = texts(result.language)
    looks = [
        {"part": look.part, "state": look.state, "case": look.case, "message": look.told(said)}
        for look in result.looks
    ]
    return {"workspace": result.root, "well": not result.attention, "looks": looks}


def words(result: DoctorResult) -> list[str]:
    """One line each, what is blocked first; and whether all is well."""
    from kamxl.wording.texts import texts

    said = texts(result.language)
    order = ("blocked", "less", "well")
    looks = sorted(result.looks, key=lambda look: order.index(look.state))
    signs = {"blocked": "✗", "less": "!", "well": "✓"}
    lines = [
        f"{signs[look.state]} {said(f'doctor.{look.part}.name')}: {look.told(said)}"
        for look in looks
    ]
    count = sum(look.state != "well" for look in looks)
    return [*lines, said("doctor.some" if count else "doctor.all_well", count=count)]


COMMAND = Command(
    "doctor",
    place=95,
    help="name what is missing or blocked on this computer and in the workspace, and the mend",
    options=(),
    more=_MORE,
    run=run,
    as_json=as_json,
    words=words,
)
