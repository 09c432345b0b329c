"""Registers for tests: a small one without a mistake, and ways to spoil what was read of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache

from kamxl.core.finding import CODES
from kamxl.core.method.gate import Answer
from kamxl.core.method.selection import Candidate
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.register import (
    Account,
    AskedRequirement,
    Competitor,
    Contact,
    ListedCompetitor,
    ListedRequirement,
    Register,
    Segment,
    Settings,
    TeamMember,
)
from kamxl.core.roles import Form, Role, Source
from kamxl.excel.reading.book import read as read_workbook
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet, a1
from kamxl.forms.register import book as form
from kamxl.forms.register.fields import ROWS
from kamxl.forms.register.sheets import FIELDS, FORMS, PICTURE, SELECTION
from kamxl.forms.register.start import START
from kamxl.forms.tables.declared import KEY_ROW, Table
from kamxl.wording.texts import texts

STAMP = datetime(2026, 9, 1, 8, 30)
WORKSPACE = "w-1a2b3c"

SMALL = Register(
    Settings(
        company="Velmora",
        language="de",
        period="2026-H2",
        due=date(2026, 10, 30),
        sender_name="Jana Rehfeldt",
        sender_email="jana@velmora.example",
        sender_phone="+49305550142",
        rating_threshold=65.0,
        disagreement=30.0,
        level_within=4.5,
        focus_score=55.5,
        focus_coverage=75.0,
        build_up=12.0,
        signature="Velmora, Feldweg 3",
        smtp_host="smtp.velmora.example",
        smtp_port="587",
        smtp_security="tls",
        smtp_user="scorecards",
        language2="en",
        rivals=True,
    ),
    (Account("ALFA", "Alfa AG", "de", "Jana Rehfeldt"), Account("007", "Betha Ltd", "en")),
    (
        Segment(
            "ALFA", "LINES", "Linien", 1_200_000.0, "Kern", True, "Danke, wir haben es behoben."
        ),
        Segment("007", "1.2", "Pumps", None, "", True),
        Segment("ALFA", "PARTS", "Teile", 0.0, "Kern", False),
    ),
    (
        Contact(
            "ALFA",
            "K1",
            "Anke Keller",
            "anke@alfa.example",
            "Einkauf",
            Role.PURCHASER,
            form=Form.MS,
            title="Dr.",
        ),
        Contact("007", "K1", "Bo Beth", "", "", Role.REQUIRER, "de", True, (), Source.INTERVIEW),
        Contact(
            "ALFA", "K2", "Cem Cay", "cem@alfa.example", asked=False, segments=("LINES", "PARTS")
        ),
        Contact(
            "ALFA",
            "K3",
            "Dora Dorn",
            "d@alfa.example",
            segments=("PARTS",),
            source=Source.JOINT,
            form=Form.MX,
            salutation="=Liebe Dora",
        ),
    ),
    (
        ListedRequirement(
            "Kern",
            "",
            "",
            AskedRequirement("PERF", "Leistung", 55.5, ("nie", "meist", "immer")),
            "Performance",
            ("never", "", "always"),
        ),
        ListedRequirement("Kern", "", "", AskedRequirement("PRICE", "=Preis")),
        ListedRequirement("", "007", "1.2", AskedRequirement("PRICE", "Price", 0.0)),
        ListedRequirement(
            "", "007", "1.2", AskedRequirement("NOISE", "Noise", 100.0, ("", "", "silent"))
        ),
    ),
    (
        ListedCompetitor("", "", Competitor("BOREL", "Borel")),
        ListedCompetitor("ALFA", "", Competitor("OMBRA", "Ombra")),
        ListedCompetitor("007", "1.2", Competitor("OMBRA", "Ombra")),
    ),
    candidates=(
        Candidate("007", "Betha Ltd", {"revenue": 0.0, "barriers": 100.0}, {"growing": Answer.NO}),
        Candidate(
            "ALFA",
            "Alfa AG",
            {"revenue": 80.0, "philosophy": 62.5, "potential": 70.0, "return": 55.0},
            {"potential": Answer.YES, "growing": Answer.PARTLY, "willing": Answer.UNKNOWN},
            1_200_000.0,
            12.5,
        ),
    ),
    team=(
        TeamMember("TB", "Tilo Brandis", "tilo@velmora.example", "+49305550157", "Key Accounts"),
        TeamMember("007", "Maeve Corrin"),
    ),
    decisions=(
        Decision(
            Ruling.FIVE,
            "ALFA",
            "LINES",
            "K1",
            "2026-H2",
            who="Jana Rehfeldt",
            why="=Anruf",
            on=date(2026, 8, 3),
        ),
        Decision(Ruling.SAME_PERSON, "ALFA", "LINES", "K1", "2026-H2", "A. K.", "", "K1"),
        Decision(Ruling.LEAVE_OUT, file="mail.eml!Antwort.xlsx"),
    ),
    selection_weights={"revenue": 30.0, "philosophy": 20.0, "potential": 30.0, "return": 20.0},
)
# The same with rows that want something, of every kind that a record can show.
GAPS = replace(
    SMALL,
    settings=replace(SMALL.settings, sender_email=""),
    accounts=(*SMALL.accounts, Account("C", "Cesar")),
    segments=(
        *SMALL.segments,
        Segment("C", "S", "S", None, "Nix"),
        Segment("C", "T", "T"),
        Segment("NIX", "U", "U", None, "Kern"),
    ),
    contacts=(
        replace(SMALL.contacts[0], email=""),
        replace(SMALL.contacts[1], segments=("1.2", "ZZ")),
        *SMALL.contacts[2:],
        Contact("C", "X", "Xa"),
        Contact("NIX", "X", "Xa", "x@x.example"),
    ),
    requirements=(
        *SMALL.requirements,
        ListedRequirement("Kern", "ALFA", "", AskedRequirement("A", "a")),
        ListedRequirement("", "ALFA", "NIX", AskedRequirement("B", "b")),
        ListedRequirement("", "", "PARTS", AskedRequirement("own1", "b")),
        ListedRequirement("", "ALFA", "LINES", AskedRequirement("PERF", "b")),
    ),
    competitors=(
        *SMALL.competitors,
        ListedCompetitor("", "LINES", Competitor("Q", "q")),
        ListedCompetitor("NIX", "", Competitor("us", "q")),
        ListedCompetitor("", "", Competitor("BOREL", "Anders")),
    ),
    decisions=(
        *SMALL.decisions,
        Decision(Ruling.SAME_PERSON, "NIX", "U", "K1", "2026-H2"),
        Decision(Ruling.AS_TYPED, "ALFA", "LINES"),
        Decision(Ruling.ANSWER_OF, "ALFA", "LINES", "K1", "2026-H2", file="a.xlsx"),
        Decision(Ruling.ANSWER_OF, file="b.xlsx"),
    ),
)
# the sheets as they are drawn; two of them are only calculated
SHEETS = (
    START,
    *(key for one in FORMS for key in ((one.key, PICTURE) if one is SELECTION else (one.key,))),
)


def drawn(register: Register | None, language: str) -> bytes:
    """The register as a workbook."""
    return render(build(form.book(language, register, WORKSPACE, STAMP)))


@cache
def small(language: str) -> RawBook:
    """The small register, drawn and read back raw."""
    return read_workbook(drawn(SMALL, language))


def table(key: str) -> Table:
    return next(one for one in FORMS if one.key == key)


def at(key: str, column: str, row: int) -> tuple[str, str]:
    """(sheet key, address) of the ``row``-th data row, from 0."""
    return key, a1(*place(key, column, row))


def place(key: str, column: str, row: int) -> tuple[int, int]:
    """The same as row and column; the rows of the settings are those of ``FIELDS``."""
    line = ROWS[FIELDS[row].id] if key == "settings" else table(key).first + row
    return line, table(key).index(column)


def setting(field: str) -> int:
    """The place of a setting among ``FIELDS``."""
    return [one.id for one in FIELDS].index(field)


def spoiled(raw: RawBook, changes: Mapping[tuple[str, str, int], object]) -> RawBook:
    """The book with other values at (sheet key, column key, data row); None empties a cell."""
    sheets = []
    for sheet, own in zip(raw.sheets, SHEETS, strict=True):
        cells = dict(sheet.cells)
        for (key, column, row), value in changes.items():
            if key == own:
                cells.pop(place(key, column, row), None)
                if value is not None:
                    cells[place(key, column, row)] = raw_cell(value)
        sheets.append(RawSheet(sheet.title, cells))
    return replace(raw, sheets=tuple(sheets))


def raw_cell(value: object) -> RawCell:
    if isinstance(value, RawCell):
        return value
    if isinstance(value, bool):
        return RawCell(RawKind.BOOLEAN, "1" if value else "0")
    if isinstance(value, int | float):
        return RawCell(RawKind.NUMBER, repr(value), float(value))
    return RawCell(RawKind.TEXT, str(value))


Move = Callable[[int, int, int], tuple[int, int] | None]


def moved(raw: RawBook, to: Move) -> RawBook:
    """The book with every cell of every sheet moved, told its row, column and the sheet's key row;
    None drops it."""
    sheets = []
    for sheet, own in zip(raw.sheets, SHEETS, strict=True):
        key_row = KEY_ROW if own in (PICTURE, START) else table(own).header_row + 1
        cells = {to(*place, key_row): cell for place, cell in sheet.cells.items()}
        sheets.append(RawSheet(sheet.title, {p: c for p, c in cells.items() if p is not None}))
    return replace(raw, sheets=tuple(sheets))


LANGUAGES = ("de", "en")


def found(register: Register, raw: RawBook) -> set[tuple[str, str, str | None]]:
    """(code, sheet key, cell) of every finding; each must have its sentence in both languages."""
    keys = {sheet.title: key for sheet, key in zip(raw.sheets, SHEETS, strict=False)}
    for one in register.findings:
        assert one.severity is CODES[one.code]
        for language in LANGUAGES:
            assert len(texts(language).sentence(one)) > 20
    return {(f.code, keys.get(f.sheet or "", f.sheet or ""), f.cell) for f in register.findings}
