"""Just enough AppleScript to run our script's handler: straight assignments and shell commands.

No AppleScript is to be had outside macOS. What matters is how the script quotes: its expressions
are evaluated here by the language's rules, and its commands are given to a real shell.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<quoted>quoted form of)|character id (?P<id>\d+)'
    r"|POSIX path of \(path to temporary items from user domain\)(?P<temp>)"
    r"|(?P<name>\w+)|(?P<sign>[&()]))"
)


def evaluate(expression: str, names: Mapping[str, str], temporary: str = "") -> str:
    """The text an expression of texts, names, "&" and "quoted form of" gives."""
    made, pending, quote, end = "", "", False, 0
    for match in _tokens(expression):
        end = match.end()
        if match["text"]:
            made += re.sub(r"\\(.)", r"\1", match["text"][1:-1])
        elif match["quoted"]:
            quote = True
        elif match["id"]:
            made += chr(int(match["id"]))
        elif match["temp"] is not None:
            made += temporary
        elif match["name"]:
            made += shlex.quote(names[match["name"]]) if quote else names[match["name"]]
            quote = False
        elif match["sign"] == "(" and quote:
            made, pending, quote = "", made, False
        elif match["sign"] == ")" and pending:
            made, pending = pending + shlex.quote(made), ""
    assert not expression[end:].strip(), expression[end:]
    return made


def assignments(script: str) -> dict[str, str]:
    """Every ``set name to expression`` of a script, by name (the last one counts)."""
    return dict(re.findall(r"^\s*set (\w+) to (.+)$", script, re.M))


def shells(script: str) -> list[str]:
    """The expression of every ``do shell script``."""
    return re.findall(r"do shell script (.+)$", script, re.M)


def _tokens(expression: str) -> Iterator[re.Match[str]]:
    at = 0
    while match := _TOKEN.match(expression, at):
        yield match
        at = match.end()
