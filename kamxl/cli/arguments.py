"""The arguments of the command line: all commands and options, and the help that explains them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NoReturn

from kamxl import __version__
from kamxl.errors import KamxlError
from kamxl.wording.texts import languages

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

_KEY_HELP = """\
rotate          sign cards with a new key from now on; older ones can still be read
backup FILE     write the whole identity into a new file: the id, all keys, what was asked and sent
restore FILE    bring back what is missing; nothing that is there is replaced

Make a backup after 'kamxl init' and after each 'kamxl key rotate', and keep it outside of the
workspace: without its keys no answer can be read. It is locked with a passphrase, which is asked
for, or taken from the variable KAMXL_KEY_PASSPHRASE; keep that in another place.
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, like every other failure."""

    def error(self, message: str) -> NoReturn:
        raise KamxlError(f"{message[:1].upper()}{message[1:]}.", f"See '{self.prog} --help'.")


def build_parser() -> argparse.ArgumentParser:
    """All commands and options; the common ones may stand before or after the command."""
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = common.add_argument_group("options of all commands")
    group.add_argument("-C", dest="folder", metavar="DIR", help="the workspace (default: here)")
    group.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    group.add_argument(
        "--strict", action="store_true", help="exit with 1 if something needs attention"
    )
    group.add_argument("--language", choices=languages(), help="language of what is said and made")
    parser = _Parser(
        prog="kamxl",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        parents=[common],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"kamxl {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")

    def command(name: str, line: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=line, description=line, parents=[common], allow_abbrev=False
        )

    _add_options(command)
    return parser


def _add_options(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    made = command("demo", "play a full loop on invented accounts, imperfect replies included")
    made.add_argument("target", nargs="?", metavar="DIR", help="folder (default: kamxl-demo)")

    _add_init(command)

    made = command("issue", "make the scorecards in outbox/ and missing account plans in plans/")
    made.add_argument(
        "--account",
        action="append",
        default=[],
        metavar="ID",
        help="only this one, with a plan (repeatable; default: all, plans for focus accounts)",
    )
    made.add_argument("--period", metavar="P", help="2026, 2026-H1, 2026-Q2 or 2026-05")
    made.add_argument(
        "--test",
        metavar="ADDRESS",
        help="only what one account (--account, else the first) would get, marked as a test and "
        "addressed to ADDRESS, one of your team's: nobody is asked, and its answer does not count",
    )
    _add_sending(made)

    made = command("remind", "write to those who have not answered: drafts in outbox/")
    made.add_argument(
        "--all",
        action="store_true",
        help="also to those who sent something that needs attention, or are not asked any more",
    )
    _add_letters(made)
    _add_letters(command("thank", "thank those who have, each with her own result: drafts"))

    made = command("check", "say what is wrong in these workbooks, each judged alone")
    made.add_argument("files", nargs="+", metavar="FILE")
    made.add_argument(
        "--leaks", action="store_true", help="whether anything internal is in files that go out"
    )

    made = command("consolidate", "read inbox/ and plans/, write Portfolio.xlsx and Portfolio.html")
    made.add_argument("--period", metavar="P", help="2026, 2026-H1, 2026-Q2 or 2026-05")
    made.add_argument(
        "--workers", type=_workers, default=1, metavar="N", help="read with N processes"
    )

    command("upgrade", "write Register.xlsx in the newest layout beside it, all inputs kept")

    _add_key(command)

    made = command("mail", "log in to Microsoft's or Google's mail server, to send with --send")
    made.add_argument("action", choices=("login", "logout"))

    made = command("addin", "put the tab KAM into Excel, see whether all is well, or take it out")
    made.add_argument("action", choices=("install", "status", "uninstall", "sign"))
    _add_it(made)


def _add_init(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    made = command("init", "make a workspace: a register to fill in, and its folders")
    made.add_argument("target", nargs="?", metavar="DIR", help="folder (default: here)")
    filled = made.add_mutually_exclusive_group()
    filled.add_argument("--sample", action="store_true", help="with invented accounts to look at")
    filled.add_argument(
        "--from",
        dest="pattern",
        metavar="FILE",
        help="with a copy of this register, that of another workspace perhaps",
    )


def _add_it(made: argparse.ArgumentParser) -> None:
    """What administrators need of the add-in."""
    group = made.add_argument_group("for IT")
    group.add_argument(
        "--machine",
        action="store_true",
        help="install or uninstall for all users of this computer (as administrator)",
    )
    group.add_argument(
        "--updates", default="", metavar="FOLDER", help="install: where new versions will lie"
    )
    group.add_argument(
        "--certificate",
        default="",
        metavar="C",
        help="sign: the thumbprint of a certificate in Windows' store, or a .pfx file",
    )
    group.add_argument(
        "--timestamp", default="", metavar="URL", help="sign: a time server, if one is to be asked"
    )


def _add_key(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Three commands with one subject, so that each has a help of its own."""
    made = command("key", "the keys that sign cards: a new one; a backup, and back from it")
    made.epilog = _KEY_HELP
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument("action", choices=("rotate", "backup", "restore"))
    made.add_argument("file", nargs="?", metavar="FILE", help="the backup (backup, restore)")


def _add_letters(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--account",
        action="append",
        default=[],
        metavar="ID",
        help="only this one (repeatable; default: all)",
    )
    made.add_argument("--period", metavar="P", help="2026, 2026-H1, 2026-Q2 or 2026-05")
    _add_sending(made)


def _add_sending(made: argparse.ArgumentParser) -> None:
    """The options of commands that write mails."""
    group = made.add_argument_group("sending (otherwise the mails stay drafts)")
    group.add_argument(
        "--send", action="store_true", help="list the mails, ask once, and send each one once"
    )
    group.add_argument("--yes", action="store_true", help="do not ask (for scripts)")
    group.add_argument(
        "--again",
        action="store_true",
        help="send those, too, that may have gone out when a connection broke",
    )


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 61:  # Windows waits for no more than 61
        raise argparse.ArgumentTypeError("a number from 1 to 61")
    return int(text)
