"""Sources: files on the disk in which much is packed, each thing harmless enough by itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from email.message import EmailMessage
from functools import cache

from tests.hostile.binary import table
from tests.hostile.workbooks import SHEET, sheet, workbook

Source = tuple[str, bytes]  # its name and content

_SHEET = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SPACES = "".join(
    f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
)


def zipped(names: str, contents: Iterable[bytes]) -> bytes:
    """The contents in a zip; ``names`` with a place for the number of each."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr(names.format(number), content)
    return made.getvalue()


def mail(name: str, content: bytes) -> bytes:
    """A mail with an attachment."""
    message = EmailMessage()
    message["From"], message["Subject"] = "ada@alpha.example", f"Card {name}"
    message.set_content("As asked.")
    message.add_attachment(content, maintype="application", subtype=_SHEET, filename=name)
    return message.as_bytes()


def mailbox(names: str, contents: Iterable[bytes]) -> bytes:
    """The contents as attachments of so many mails in one mailbox."""
    mails = (mail(names.format(number), content) for number, content in enumerate(contents))
    return b"".join(b"From ada@alpha.example Mon Mar  2 09:00:00 2026\n" + one + b"\n"
                    for one in mails)  # fmt: skip


def flat(rows: str) -> bytes:
    """A workbook as one XML file (.fods), which LibreOffice alone reads."""
    return (
        f'<?xml version="1.0"?><office:document{_SPACES} office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body>'
        f"<office:spreadsheet>{table(rows)}</office:spreadsheet></office:body></office:document>"
    ).encode()


def every_cell(number: int) -> bytes:
    """A few hundred bytes of .fods in which every cell of a sheet says the same."""
    return flat(
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        f'office:value-type="float" office:value="{number}" '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )


@cache
def slow(number: int = 0) -> bytes:
    """A workbook that takes about as long as one may (nearly as many cells as are read)."""
    cells = "".join(f"<c><v>{number}</v></c>" for _ in range(100))
    rows = f"<row>{cells}</row>" * 1_990
    return workbook({SHEET: sheet(rows)})


def costly() -> dict[str, Source]:
    """Each would take minutes or an hour, were each thing in it all that there is."""
    found = {
        f"zip of {count} costly .fods": ("a.zip", zipped("{}.fods", map(every_cell, range(count))))
        for count in (4, 60, 190)
    }
    return {
        **found,
        "mailbox of 60 costly .fods": ("a.mbox", mailbox("{}.fods", map(every_cell, range(60)))),
        "zip of 100 slow .xlsx": ("a.zip", zipped("{}.xlsx", map(slow, range(100)))),
        "mailbox of 100 slow .xlsx": ("a.mbox", mailbox("{}.xlsx", map(slow, range(100)))),
    }
