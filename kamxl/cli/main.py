"""The command line: arguments in, a use case called, words or JSON out, an exit status.

What only a command needs, and not its help, is imported when it runs.
"""

from __future__ import annotations

import os
import sys

from kamxl.cli.arguments import build_parser
from kamxl.cli.language import language_of
from kamxl.cli.screen import line_teller, speak_utf8, tell_mistakes
from kamxl.commands.parts.speaking import json_pieces, say, say_json, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from typing import Any

    from kamxl.commands.parts.declared import Command
    from kamxl.commands.parts.given import Given

DONE, ATTENTION, FAILED, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status. Whatever goes wrong is one line on stderr."""
    speak_utf8()
    tell_mistakes()
    try:
        return _run(argv)
    except BrokenPipeError:
        # Whoever read our output has seen enough; a second flush at exit would complain again.
        _hush()
        return DONE
    except KeyboardInterrupt as problem:
        return interrupted(argv, str(problem))
    except Exception as problem:
        told = _told(problem, argv)
        if not told:  # a mistake of our own
            raise
        return _fail(told)
    finally:
        _tell_what_a_language_lacks()


def _tell_what_a_language_lacks() -> None:
    """One line, where texts were read at all: a help reads none, and must not for this."""
    texts = sys.modules.get("kamxl.wording.texts")
    for line in texts.lacking() if texts else ():
        _fail(line)


def _told(problem: Exception, argv: Sequence[str] | None) -> str:
    """What a failure says to people; empty if it is none of theirs."""
    from kamxl.errors import announced

    known = announced(problem)
    return known.said(language_of(argv)) if known else ""


def interrupted(argv: Sequence[str] | None, said: str = "") -> int:
    """Say that it was interrupted, or what is ``said`` of that; the exit status."""
    from kamxl.errors import KamxlError

    return _fail(said or KamxlError("interrupted").said(language_of(argv)), INTERRUPTED)


def _run(argv: Sequence[str] | None) -> int:
    parser = build_parser(language=language_of(argv))
    options = parser.parse_args(argv)
    if options.command is None:
        parser.print_help()
        return DONE
    return _obeyed(options.command, options)


def _obeyed(command: Command, options: Namespace) -> int:
    """Run it, send the mails that it made if that was asked, and say what came of both."""
    from kamxl.cli.world import given
    from kamxl.workflow.waiting import waiting

    world, wanted = given(options), False
    if command.sends:
        from kamxl.cli import sending

        wanted = sending.wanted(world)
    with waiting(world.language or world.spoken, line_teller()):
        result = command.run(world)
        sent = sending.sent(world, result.outgoing, result.language) if wanted else None
    if getattr(options, "json", False):
        more = {"sent": sending.as_json(sent)} if sent else {}
        again = getattr(result, "json", None)  # what was written before is not made once more
        say_json(again or json_pieces({**command.as_json(result), **more}))
    else:
        sent_lines = sending.words(sent) if sent else ()
        next_lines = _guided(command, world, result) if command.guided else ()
        for line in [*command.words(result), *sent_lines, *next_lines]:
            say(line)
    sys.stdout.flush()
    if sent and sent.failure:
        return _fail(sent.failure)
    attention = (command.strict and result.attention) or (sent is not None and sent.attention)
    return ATTENTION if getattr(options, "strict", False) and attention else DONE


def _guided(command: Command, world: Given, result: Any) -> list[str]:
    """The next step, in a workspace that is there to try things out."""
    from pathlib import Path

    from kamxl.workflow.demo.sample import is_sample

    root = Path(getattr(result, "root", None) or world.folder)
    if not is_sample(root):
        return []
    from kamxl.workflow.demo.guide import next_steps

    answered: frozenset[Any] = getattr(result, "answered", frozenset())
    return next_steps(root.resolve(), command.name, result.language, answered)


def _hush() -> None:
    import contextlib

    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, status: int = FAILED) -> int:
    import contextlib

    with contextlib.suppress(OSError, ValueError):
        tell(["kamxl: " + " ".join(message.split())])
    return status
