"""``kamxl forget``: a person of a customer, at her request."""

from __future__ import annotations

from kamxl.commands.parts.asking import agreed
from kamxl.commands.parts.declared import Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Given
    from kamxl.workflow.forgetting.forget import ForgetResult


def run(given: Given) -> ForgetResult:
    """Show what would be done, ask once at a terminal, and do it."""
    from kamxl.workflow.forgetting.forget import forget

    options = given.options
    asking = given.attended() and not getattr(options, "json", False)
    return forget(
        given.folder,
        options.contact,
        options.account,
        given.language,
        agree=(lambda _: True) if options.yes else _agreed if asking else None,
        now=given.now(),
        progress=given.progress,
    )


def _agreed(result: ForgetResult) -> bool:
    """Whether it may be done, asked once after all of it was shown."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.forgetting import what_lines

    said = texts(result.language)
    return agreed(what_lines(result, said), said("forget.agree"), said("sending.yes"))


def as_json(result: ForgetResult) -> dict[str, Any]:
    """Whom, what was changed, and what is left to delete."""
    from kamxl.workflow.shown.forgetting import forget_json

    return forget_json(result)


def words(result: ForgetResult) -> list[str]:
    """The same in words."""
    from kamxl.workflow.shown.forgetting import forget_lines

    return forget_lines(result)


COMMAND = Command(
    "forget",
    place=74,
    help="forget a person of a customer: a pseudonym instead of her name in all that kamxl keeps",
    options=(
        Option("contact", metavar="CONTACT", help="her ID (K1 or ALPHA/K1) or her name"),
        Option("--account", metavar="ID", help="the account whose contact is meant"),
        Option("--yes", action="store_true", help="do not ask (for scripts)"),
    ),
    more="Take her row out of Register.xlsx first. Scorecards that are out can still be read, and\n"
    "count under the pseudonym. It lists the files that only you can delete; nothing in inbox/,\n"
    "plans/ or Register.xlsx is changed. It cannot be undone.",
    run=run,
    as_json=as_json,
    words=words,
)
