"""The column that CONTRIBUTING.md adds, at work in a copy that has it.

``python -m tests.added OLDER``: a register drawn before. How a column is declared is not said here.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from kamxl.excel.reading.book import read
from kamxl.forms.register import book as form
from kamxl.wording.texts import texts
from tests.forms.registers import LANGUAGES, SMALL, STAMP, WORKSPACE, drawn, found

TRADE = "Molkerei"


def main(older: bytes) -> None:
    """AssertionError: the column is not drawn, explained, read back, or missed where it is not."""
    first: Any = SMALL.accounts[0]
    known = replace(SMALL, accounts=(replace(first, industry=TRADE), *SMALL.accounts[1:]))
    before = form.read(read(older))
    assert before.accounts == SMALL.accounts, "blank, where a register lacks the column"
    for language in LANGUAGES:
        said, raw = texts(language), read(drawn(known, language))
        header, told = (said(f"register.accounts.columns.industry.{x}") for x in ("header", "help"))
        sheet = form.book(language, known, WORKSPACE, STAMP).sheet("accounts")
        (column,) = {c for (_, c), cell in sheet.cells.items() if cell.content == header}
        assert [c for (_, c), cell in sheet.cells.items() if cell.content == TRADE] == [column]
        assert any(one.prompt_title == header and one.prompt == told for one in sheet.validations)
        again = form.read(raw)
        assert again.accounts == known.accounts, "read back"
        assert {code for code, *_ in found(again, raw)} == {one.code for one in before.findings}


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_bytes())
