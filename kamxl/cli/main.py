"""The command line: arguments in, a use case called, words or JSON out, an exit status.

Each command loads its own use case, so that none waits for what the others need.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import locale
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kamxl.cli.arguments import build_parser
from kamxl.cli.screen import counter, speak_utf8
from kamxl.errors import KamxlError, too_little_memory
from kamxl.wording.texts import lacking, languages

if TYPE_CHECKING:
    from kamxl.workflow.results import Outgoing

DONE, ATTENTION, FAILED, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command has to say: as JSON, in words, and whether somebody has to act.

    ``outgoing`` are the mails it made, in ``language``; ``failure`` says what it could not finish.
    """

    json: dict[str, Any]
    lines: list[str]
    attention: bool = False
    outgoing: tuple[Outgoing, ...] = ()
    language: str = "en"
    failure: str = ""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status. Whatever goes wrong is one line on stderr."""
    speak_utf8()
    try:
        return _run(argv)
    except KamxlError as problem:
        return _fail(str(problem))
    except BrokenPipeError:
        # Whoever read our output has seen enough; a second flush at exit would complain again.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as problem:
        name = f" {problem.filename}" if problem.filename else ""
        return _fail(
            f"The file{name} cannot be used: {problem.strerror or problem}. "
            "Check that it is not open elsewhere, that you may write there and the disk has room."
        )
    except MemoryError:
        return _fail(str(too_little_memory()))
    except KeyboardInterrupt as problem:
        told = str(problem) or "Interrupted; nothing is half done. Run it again to finish."
        return _fail(told, INTERRUPTED)
    finally:
        for line in lacking():
            _fail(line)


def _run(argv: Sequence[str] | None) -> int:
    parser = build_parser()
    arguments = parser.parse_args(argv)
    if getattr(arguments, "command", None) is None:
        parser.print_help()
        return DONE
    sending = hasattr(arguments, "send") and _sending(arguments)
    outcome = _COMMANDS[arguments.command](arguments)
    if sending:
        outcome = _sent(arguments, outcome)
    if getattr(arguments, "json", False):
        print(json.dumps(outcome.json, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        for line in outcome.lines:
            print(line)
    sys.stdout.flush()
    if outcome.failure:
        return _fail(outcome.failure)
    strict = getattr(arguments, "strict", False)
    return ATTENTION if strict and outcome.attention else DONE


def _fail(message: str, status: int = FAILED) -> int:
    with contextlib.suppress(OSError, ValueError):
        print("kamxl: " + " ".join(message.split()), file=sys.stderr)
    return status


# --- commands ------------------------------------------------------------------------------------


def _demo(arguments: argparse.Namespace) -> Outcome:
    from kamxl.workflow.demo.play import demo
    from kamxl.workflow.shown import json as json_out
    from kamxl.workflow.shown import summary

    target = _folder(arguments) / (arguments.target or "kamxl-demo")
    progress = _progress(arguments)
    result = demo(target, _language(arguments), key=_key(), now=_now(), progress=progress)
    return Outcome(json_out.demo_json(result), summary.demo_lines(result), result.attention)


def _init(arguments: argparse.Namespace) -> Outcome:
    from kamxl.workflow.shown import json as json_out
    from kamxl.workflow.shown import summary
    from kamxl.workflow.start.init import init

    target = _folder(arguments) / (arguments.target or ".")
    result = init(
        target,
        _language(arguments),
        arguments.sample,
        workspace_id=f"ws-{secrets.token_hex(6)}",
        key=_key(),
        now=_now(),
        pattern=Path(arguments.pattern) if arguments.pattern else None,
    )
    return Outcome(json_out.init_json(result), summary.init_lines(result))


def _issue(arguments: argparse.Namespace) -> Outcome:
    from kamxl.workflow.outgoing.issue import issue
    from kamxl.workflow.shown import json as json_out
    from kamxl.workflow.shown import summary

    result = issue(
        _folder(arguments),
        arguments.account,
        arguments.period,
        getattr(arguments, "language", None),
        _progress(arguments),
        now=_now(),
        test=arguments.test,
    )
    return Outcome(
        json_out.issue_json(result),
        summary.issue_lines(result),
        result.attention,
        result.outgoing,
        result.language,
    )


def _mails(arguments: argparse.Namespace) -> Outcome:
    from kamxl.workflow.outgoing.writing import remind, thank
    from kamxl.workflow.shown import json as json_out
    from kamxl.workflow.shown import summary

    given = (
        _folder(arguments),
        arguments.account,
        arguments.period,
        getattr(arguments, "language", None),
        _progress(arguments),
    )
    reminding = arguments.command == "remind"
    made = remind(*given, everyone=arguments.all) if reminding else thank(*given)
    lines = summary.mail_lines(made)
    return Outcome(json_out.mail_json(made), lines, made.attention, made.outgoing, made.language)


def _sending(arguments: argparse.Namespace) -> bool:
    from kamxl.cli import sending as cli_sending

    return cli_sending.wanted(arguments, _folder(arguments))


def _sent(arguments: argparse.Namespace, made: Outcome) -> Outcome:
    """What a command made, and what became of the mails among it."""
    from kamxl.cli import sending as cli_sending
    from kamxl.workflow.shown import summary as send_shown

    result = cli_sending.sent(
        arguments,
        _folder(arguments),
        made.outgoing,
        _now,
        made.language,
        _progress(arguments),
    )
    return replace(
        made,
        json={**made.json, "sent": send_shown.sent_json(result)},
        lines=[*made.lines, *send_shown.sent_lines(result)],
        attention=made.attention or result.attention,
        failure=result.failure,
    )


def _check(arguments: argparse.Namespace) -> Outcome:
    from kamxl.workflow.guard.check_leaks import check_leaks
    from kamxl.workflow.incoming.check import check, workspace_at
    from kamxl.workflow.shown import json as json_out
    from kamxl.workflow.shown import summary

    named = getattr(arguments, "folder", None)
    language, progress = getattr(arguments, "language", None), _progress(arguments)
    if arguments.leaks:
        result = check_leaks(arguments.files, Path(named) if named else None, language, progress)
    else:
        root = Path(named) if named else workspace_at(Path())
        result = check(arguments.files, root, language, progress)
    return Outcome(json_out.check_json(result), summary.check_lines(result), result.attention)


def _consolidate(arguments: argparse.Namespace) -> Outcome:
    from kamxl.workflow.incoming.consolidate import consolidate
    from kamxl.workflow.shown import json as json_out
    from kamxl.workflow.shown import summary

    result = consolidate(
        _folder(arguments),
        getattr(arguments, "language", None),
        arguments.period,
        arguments.workers,
        now=_now(),
        progress=_progress(arguments),
    )
    return Outcome(
        json_out.consolidate_json(result), summary.consolidate_lines(result), result.attention
    )


def _keys(arguments: argparse.Namespace) -> Outcome:
    from kamxl.cli import keys as cli_keys

    return Outcome(*cli_keys.keys(arguments, _folder(arguments), _now()))


def _mail(arguments: argparse.Namespace) -> Outcome:
    from kamxl.cli import sending as cli_sending
    from kamxl.workflow.shown import upkeep as upkeep_shown

    result = cli_sending.logged(arguments, _folder(arguments), _language(arguments))
    return Outcome(upkeep_shown.login_json(result), upkeep_shown.login_lines(result))


def _addin(arguments: argparse.Namespace) -> Outcome:
    from kamxl.cli import addin as cli_addin

    return Outcome(*cli_addin.done(arguments, _folder(arguments), _language(arguments)))


_COMMANDS: dict[str, Callable[[argparse.Namespace], Outcome]] = {
    "demo": _demo,
    "init": _init,
    "issue": _issue,
    "remind": _mails,
    "thank": _mails,
    "check": _check,
    "consolidate": _consolidate,
    "addin": _addin,
    "key": _keys,
    "mail": _mail,
}


# --- the world outside ---------------------------------------------------------------------------


def _folder(arguments: argparse.Namespace) -> Path:
    return Path(getattr(arguments, "folder", None) or ".")


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _key() -> bytes:
    return secrets.token_bytes(32)


def _language(arguments: argparse.Namespace) -> str:
    """The language asked for, else the one this computer speaks, else English."""
    asked = getattr(arguments, "language", None)
    if asked:
        return str(asked)
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    with contextlib.suppress(ValueError):
        # "German_Germany" on Windows
        names.append(locale.normalize((locale.getlocale()[0] or "").split("_")[0]))
    spoken = next((name[:2].lower() for name in names if name), "en")
    return spoken if spoken in languages() else "en"


def _progress(arguments: argparse.Namespace) -> Callable[[int, int], None] | None:
    return None if getattr(arguments, "json", False) else counter(_language(arguments))
