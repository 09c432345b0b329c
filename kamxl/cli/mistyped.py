"""Arguments that cannot be: what argparse finds wrong with them, as an error of ours.

argparse says it in English alone, and gives nothing but the sentence; so its sentences are known
here. One that is not is told as it stands, within a sentence of ours.
"""

from __future__ import annotations

import re

from kamxl.errors import KamxlError

_OF = r"(?:argument (?P<what>[^:]+): )?"
_KNOWN: tuple[tuple[str, str], ...] = (
    (r"unrecognized arguments: (?P<what>.+)", "arguments-unknown"),
    (r"the following arguments are required: (?P<what>.+)", "arguments-missing"),
    (r"one of the arguments (?P<what>.+) is required", "arguments-missing"),
    (_OF + r"invalid choice: (?P<value>.+?) \(choose from (?P<choices>.+)\)", "arguments-choice"),
    (_OF + r"(?P<value>.*) is none of (?P<choices>.+)", "arguments-choice"),
    (_OF + r"expected .*argument.*", "arguments-value"),
    (_OF + r"ignored explicit argument (?P<value>.+)", "arguments-no-value"),
    (_OF + r"not allowed with argument (?P<value>.+)", "arguments-together"),
)


def mistyped(message: str, program: str) -> KamxlError:
    """The error that a sentence of argparse's is; ``program``: whose help shows how it goes."""
    for pattern, code in _KNOWN:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            values = {
                name: (told or "").replace("'", "") for name, told in found.groupdict().items()
            }
            return KamxlError(code, **{"what": "", "prog": program} | values)
    return KamxlError("arguments-other", what=f"{message[:1].upper()}{message[1:]}.", prog=program)
