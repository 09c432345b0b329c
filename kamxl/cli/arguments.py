"""The arguments of the command line, made of what each command says of itself, and the help."""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial

from kamxl import __version__
from kamxl.cli.help import Spoken, SpokenRaw, speaker
from kamxl.commands import commands
from kamxl.commands.parts.declared import Option
from kamxl.commands.parts.speaking import show
from kamxl.wording.shelf import languages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, NoReturn

    from kamxl.cli.help import Say
    from kamxl.commands.parts.declared import Command, Group

_DESCRIPTION = (
    "Key account scorecards in Excel: issue them, read what comes back, see the portfolio."
)
_EXAMPLES = """\
examples:
  kamxl demo                      a full loop on invented accounts, in ./kamxl-demo
  kamxl init accounts --sample    a new workspace with a register to try things out
  kamxl -C accounts issue --test ME@COMPANY.EXAMPLE   see first what a customer would get
  kamxl -C accounts issue         make the scorecards in accounts/outbox, plans in accounts/plans
  kamxl -C accounts remind        drafts for those who have not answered
  kamxl -C accounts consolidate   read accounts/inbox, write accounts/Portfolio.xlsx
  kamxl check card.xlsx           what is wrong in one workbook
  kamxl -C accounts key backup F  a backup of the keys, which no answer can be read without
  kamxl addin install             the same as buttons in Excel, on a tab of its own

sending: the password is taken from the variable KAMXL_SMTP_PASSWORD, else from the keyring of this
computer, where "keyring set kamxl USER@SERVER" puts it (both as in the settings); never from a file
where Microsoft 365 or Google takes no password: "kamxl mail login", once (README says how)

exit status: 0 done; 1 done, --strict was given and something needs attention; 2 not done
"""


def _language(typed: str) -> str:
    """A language by its code or name; one that we do not have stays as typed, and is refused."""
    from kamxl.wording.spoken import language_meant

    return language_meant(typed) or typed


_OF_ALL = (
    Option("-C", dest="folder", metavar="DIR", help="the workspace (default: here)"),
    Option("--json", action="store_true", help="print one JSON object, nothing else"),
    Option("--strict", action="store_true", help="exit with 1 if something needs attention"),
    Option(
        "--language", type=_language, choices=languages(), help="language of what is said and made"
    ),
)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, like every other failure."""

    def __init__(
        self, prog: str, description: str, more: str, *, say: Say, **settings: Any
    ) -> None:
        formatter: Any = partial(SpokenRaw if more else Spoken, say=say, width=_width())
        super().__init__(
            prog,
            description=description,
            epilog=more or None,
            formatter_class=formatter,
            allow_abbrev=False,
            **settings,
        )
        group = self.add_argument_group("options of all commands")
        for option in _OF_ALL:  # one that is not given is not there, after the command or before
            group.add_argument(*option.names, default=argparse.SUPPRESS, **option.settings)

    def _print_message(self, message: str, file: Any = None) -> None:
        show(message, file or sys.stderr)  # the usage and the help

    def error(self, message: str) -> NoReturn:
        from kamxl.cli.mistyped import mistyped

        missing = "the following arguments are required: "
        if message.startswith(missing):  # of our own words nobody knows what to type
            lists = {a.dest: " / ".join(map(str, a.choices)) for a in self._actions if a.choices}
            names = message.removeprefix(missing).split(", ")
            message = missing + ", ".join(lists.get(name, name) for name in names)
        raise mistyped(message, self.prog)


class _OfCommand(_Parser):
    """That of one command, set up when it is asked for: nobody waits for all the others."""

    def __init__(self, prog: str, command: Command, say: Say, **settings: Any) -> None:
        self._later = (prog, command, say, settings)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # as argparse has
        """What argparse does, with all arguments there."""
        prog, command, say, settings = self._later
        super().__init__(prog, command.help, command.more, say=say, **settings)
        self.set_defaults(command=command)
        for one in command.options:
            _add(self, one)
        return super().parse_known_args(args, namespace)


def build_parser(
    known: Iterable[Command] | None = None, language: str = "en"
) -> argparse.ArgumentParser:
    """All commands and options; the common ones may stand before or after the command.

    What is parsed has the ``command`` (None: there was none). ``known``: others than all there are;
    ``language``: that of the help.
    """
    say = speaker(language)
    parser = _Parser("kamxl", _DESCRIPTION, _EXAMPLES, say=say)
    parser.set_defaults(command=None)
    parser.add_argument("--version", action="version", version=f"kamxl {__version__}")
    each = parser.add_subparsers(
        title="commands", metavar="COMMAND", prog=parser.prog, parser_class=_OfCommand
    )
    for command in commands() if known is None else known:
        each.add_parser(command.name, help=command.help, command=command, say=say)
    return parser


def _add(parser: argparse.ArgumentParser, one: Option | Group) -> None:
    """An option, or several under a title, or several of which one may be given."""
    if isinstance(one, Option):
        parser.add_argument(*one.names, **one.settings)
        return
    titled, alone = parser.add_argument_group, parser.add_mutually_exclusive_group
    group = titled(one.title) if one.title else alone()
    for option in one.options:
        group.add_argument(*option.names, **option.settings)


def _width() -> int:
    """The letters of a line, as ``shutil`` finds it, but for the libraries that brings along."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(1).columns
        except OSError:
            columns = 80
    return (columns or 80) - 2
