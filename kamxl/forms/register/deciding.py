"""The sheet *Decisions*: what somebody settled about an answer. Before layout 5 there is none.

A mistake costs only its row; no card waits for any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kamxl.core.cards.deciding import NAMING, contradict, same_answer
from kamxl.core.cards.own import UNDER
from kamxl.core.finding import Finding
from kamxl.core.ids import is_spare
from kamxl.core.records.decision import Decision, Ruling
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind
from kamxl.forms.register.draft import Draft, scope
from kamxl.forms.register.sheets import DECISIONS, FORMS, MARK
from kamxl.forms.tables.reading import Row, TableRead, read_tables

_TELLING = ("account", "segment", "respondent", "period", "file", "decision")
_ABOUT = (*_TELLING[:4], "name", "file", "requirement")  # which answer, or which requirement
_OWN = ("account", "segment", "requirement")  # what tells a requirement of a customer's own


def read_decisions(draft: Draft) -> None:
    """The decisions that can be told, each once; read after the accounts."""
    read = draft.tables[DECISIONS.key]
    draft.report_all(read.findings)
    found: dict[tuple[str, ...], list[tuple[Decision, Row]]] = {}
    lacking = bool(read.findings)  # a column that is gone was said, not once more for each row
    for row in read.rows:
        draft.report_all(row.findings)
        faulty = row.faulty & {*_TELLING, "under"}
        wrong = () if faulty else tuple(_wrong(draft, row))
        draft.report_all(wrong if not lacking else ())
        if wrong or faulty or not row["decision"]:
            continue
        one = DECISIONS.record_of(row)
        found.setdefault(same_answer(one), []).append((one, row))
    for same in found.values():
        counting = dict(_counting(draft, same))
        draft.decisions += counting
        draft.decision_rows |= counting


def _wrong(draft: Draft, row: Row) -> Iterator[Finding]:
    """What keeps a row from being a decision."""
    accounts, account = draft.tables["accounts"], row.words("account")
    known = scope(account) in draft.known or scope(account) in draft.doubtful
    if account and not known and not accounts.broken:
        yield row.flag("account-unknown", "account", account, accounts=accounts.sheet)
    ruling = DECISIONS.column("decision").meaning(row["decision"]) if row["decision"] else None
    if ruling in UNDER or (ruling in (Ruling.LEAVE_OUT, None) and row["requirement"]):
        yield from _wrong_of_own(draft, row, ruling)
        return
    if not (row["file"] or all(row[key] for key in _TELLING[:4])):
        yield row.flag("decision-whose", "account")
    by_row = ruling is Ruling.ANSWER_OF and row["file"] and row["respondent"]
    if ruling in NAMING and not row["person"] and not by_row:
        yield row.flag("decision-person", "person")


def _wrong_of_own(draft: Draft, row: Row, ruling: Ruling | None) -> Iterator[Finding]:
    """The same of a row about a requirement of a customer's own."""
    blank = next((key for key in _OWN if not row[key]), None)
    account, segment = row.words("account"), row.words("segment")
    of = scope(account, segment)
    if blank is not None:
        yield row.flag("decision-requirement", blank)
    elif scope(account) in draft.known and of not in draft.known and of not in draft.doubtful:
        yield row.flag("segment-unknown", "segment", segment, account=account)
    under = row.words("under")
    if ruling in UNDER and (not under or is_spare(under)):
        yield row.flag("decision-under", "under", under or None)


def _counting(draft: Draft, rows: list[tuple[Decision, Row]]) -> Iterator[tuple[Decision, Row]]:
    """Of the rows about one answer those that count; what contradicts another does not."""
    for place, (one, row) in enumerate(rows):
        against = next((r for other, r in rows if contradict(one, other)), None)
        if against is not None:
            other = against.cells.get("decision", "")
            draft.report(row.flag("decision-contradicts", "decision", row.seen("decision"),
                                  other=other))  # fmt: skip
            continue
        first = next((r for other, r in rows[:place] if _says_the_same(one, other)), None)
        if first is None:
            yield one, row
        else:
            cell = first.cells.get("decision", "")
            draft.report(row.flag("row-repeated", "decision", row.seen("decision"), first=cell))


def _says_the_same(one: Decision, other: Decision) -> bool:
    return one.ruling is other.ruling and not contradict(one, other)


def cells_of(one: Decision, language: str) -> dict[str, str | date]:
    """What stands in a decision's row, by column, as the register's language says it."""
    line = DECISIONS.line(one)
    columns = (column for column in DECISIONS.columns if column.read)
    shown = {column.id: column.show(line[column.id], language) for column in columns}
    return {key: value for key, value in shown.items() if isinstance(value, str | date) and value}


def with_decisions(
    raw: RawBook, tables: Mapping[str, TableRead], decisions: Sequence[Decision]
) -> RawBook:
    """The register in ``raw``, of the newest layout, with these decisions below its others.

    ``tables`` are its own, and the sheet *Decisions* is among them.
    """
    read = tables[DECISIONS.key]
    located = read.located
    if located is None:
        raise ValueError("a register without the sheet Decisions")
    cells = dict(located.sheet.cells)
    for row, one in enumerate(decisions, located.last_row + 1):
        for key, value in cells_of(one, read.language).items():
            at = located.column(key)
            if at is not None:
                kind = RawKind.DATE if isinstance(value, date) else RawKind.TEXT
                cells[row, at] = RawCell(kind, str(value))
    sheet = replace(located.sheet, cells=cells)
    every = tuple(sheet if one is located.sheet else one for one in raw.sheets)
    return replace(raw, sheets=every)


@dataclass(frozen=True, slots=True)
class Begun:
    """Rows on the sheet *Decisions* that a person completes: its title, and texts by cell.

    ``left``: for how many it has no columns, because it is of an earlier layout.
    """

    sheet: str
    cells: dict[tuple[int, int], str]
    left: int = 0


def begun(raw: RawBook, decisions: Sequence[Decision]) -> Begun | None:
    """Rows that say which answers are meant and leave open what is decided, below the others.

    A row about the same answer that stands there already is not begun again. None: the register
    has no such sheet.
    """
    located = read_tables(raw, FORMS, MARK)[DECISIONS.key].located
    if located is None:
        return None
    about = [key for key in _ABOUT if located.column(key) is not None]
    typed = [column.id for column in DECISIONS.columns if column.read]
    language = "en"  # what names an answer is the same in each
    there, used = set(), [located.row]
    for number in located.rows():
        texts = {key: cell.text for key in typed if (cell := located.cell(number, key)) is not None}
        if any(text.strip() for text in texts.values()):
            used.append(number)
            there.add(tuple(texts.get(key, "").strip().casefold() for key in about))
    cells: dict[tuple[int, int], str] = {}
    row, left = max(used), 0
    for one in decisions:
        told = cells_of(one, language)
        said = {key: str(told.get(key, "")) for key in about}
        if one.requirement and "requirement" not in about:
            left += 1
            continue
        if tuple(text.strip().casefold() for text in said.values()) in there:
            continue
        row += 1
        said |= {"under": str(told.get("under", ""))}
        cells |= {(row, located.column(key) or 0): text for key, text in said.items() if text}
    return Begun(located.sheet.title, cells, left)
