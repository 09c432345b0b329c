"""The Excel add-in from its sources and the commands: ``python -m kamxl.xlam [--check]``.

Whoever changes a button, its texts or the version runs it; the file it writes is shipped.
"""

from __future__ import annotations

import sys

from kamxl.commands import buttons
from kamxl.excel.addin import XLAM
from kamxl.excel.addin.build import xlam_bytes


def main(arguments: list[str]) -> int:
    """Write the add-in, or with --check say whether it is what the sources give."""
    made = xlam_bytes(buttons())
    if arguments == ["--check"]:
        same = XLAM.is_file() and XLAM.read_bytes() == made
        sys.stdout.write("unchanged\n" if same else "kamxl.xlam is not what its sources give\n")
        return 0 if same else 1
    XLAM.write_bytes(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
