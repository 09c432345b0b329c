"""The options that several commands have."""

from __future__ import annotations

from kamxl.commands.parts.declared import Group, Option

PERIOD = Option("--period", metavar="P", help="2026, 2026-H1, 2026-Q2 or 2026-05")
SENDING = Group(
    "sending (otherwise the mails stay drafts)",
    Option("--send", action="store_true", help="list the mails, ask once, and send each one once"),
    Option("--yes", action="store_true", help="do not ask (for scripts)"),
    Option(
        "--again",
        action="store_true",
        help="send those, too, that may have gone out when a connection broke",
    ),
)
ACCOUNTS = Option(
    "--account",
    action="append",
    default=[],
    metavar="ID",
    help="only this one (repeatable; default: all)",
)
