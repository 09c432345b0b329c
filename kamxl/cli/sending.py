"""The command line's part of sending: when it may, the one question before, and logging in."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from kamxl.errors import KamxlError
from kamxl.wording.texts import texts
from kamxl.workflow.outgoing.login import log_in, log_out
from kamxl.workflow.outgoing.send import Planned, SendResult, check_sending, send
from kamxl.workflow.results import LoginResult, Outgoing, Progress
from kamxl.workflow.shown.summary import planned_lines


def wanted(arguments: argparse.Namespace, folder: Path) -> bool:
    """Whether mails are to be sent (KamxlError: they cannot be; so nothing else is done either)."""
    if not getattr(arguments, "send", False):
        for option in ("yes", "again"):
            if getattr(arguments, option, False):
                raise KamxlError(f"--{option} says how to send.", "Give --send with it.")
        return False
    if not arguments.yes and not (_terminal(sys.stdin) and _terminal(sys.stderr)):
        raise KamxlError(
            "Without a terminal nobody can be asked whether the mails may go out.",
            "Give --yes with --send if they may.",
        )
    check_sending(folder)
    return True


def sent(
    arguments: argparse.Namespace,
    folder: Path,
    outgoing: Iterable[Outgoing],
    clock: Callable[[], datetime],
    language: str,
    progress: Progress | None,
) -> SendResult:
    """Send what a command made."""

    def ask(planned: Sequence[Planned]) -> bool:
        return bool(arguments.yes) or _asked(planned, language)

    return send(
        folder,
        outgoing,
        ask,
        clock=clock,
        language=language,
        again=arguments.again,
        progress=progress,
    )


def logged(arguments: argparse.Namespace, folder: Path, spoken: str) -> LoginResult:
    """Log in to the mail server in the browser, or out; ``spoken`` is the computer's language."""
    language = getattr(arguments, "language", None)
    if arguments.action == "logout":
        return log_out(folder, language=language)

    def show(address: str) -> None:
        # Said, too, and on stderr: there may be no browser here, and stdout may be JSON.
        print(texts(spoken)("login.address"), file=sys.stderr)
        print(f"  {address}", file=sys.stderr, flush=True)
        webbrowser.open(address)

    return log_in(folder, os.environ, show, language=language)


def _asked(planned: Sequence[Planned], language: str) -> bool:
    """Show the list and ask, on stderr: stdout may be JSON for a program."""
    said = texts(language)
    for line in planned_lines(planned, said):
        print(line, file=sys.stderr)
    print(said("sending.question", count=len(planned)), end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in said("sending.yes").split()


def _terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False
