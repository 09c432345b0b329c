"""What is said of a customer's function that nobody understands, in whichever workbook."""

from __future__ import annotations

from collections.abc import Iterator

from kamxl.core.finding import Finding
from kamxl.forms.tables.reading import Row
from kamxl.wording.functions import function_of, label, nearest


def unknown_function(row: Row, language: str, key: str = "function") -> Iterator[Finding]:
    """A finding where the text in a row's column means none of the functions, or two of them.

    ``language``: that of the workbook, whose drop-down offers what is suggested.
    """
    text = row.words(key)
    if text and not function_of(text):
        near = " / ".join(label(one, language) for one in nearest(text))
        yield row.flag("function-unknown", key, row.seen(key), suggestion=near)
