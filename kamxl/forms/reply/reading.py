"""Reading what came back on a reply page: lines by their ids, else by their exact texts.

Only what she said of a line that we sent counts; nothing here is a rating.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kamxl.core.cards.shown import shown_card
from kamxl.core.finding import Finding, finding
from kamxl.core.ids import same_id
from kamxl.core.records.page import (
    BenefitAnswer,
    PageAnswers,
    ProgrammeAnswer,
    ReplyPage,
    RowAnswer,
    StatementAnswer,
)
from kamxl.core.records.register import CardOrder
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, a1
from kamxl.forms.reply.choices import CHOICES
from kamxl.forms.reply.grid import AMOUNT, CORRECTION, ID, SECTIONS, Section, called
from kamxl.forms.reply.values import label_of, page_values
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import Parsed, plain
from kamxl.forms.tables.figures import money
from kamxl.forms.tables.locate import Located, find_headers, find_tables
from kamxl.wording.texts import languages, spoken, texts
from kamxl.wording.understood import is_blank, unseen

_MOST = 10  # copies of one section that are looked at, and strange lines that are said
Places = set[tuple[str, int, int]]
Said = Mapping[str, Any]  # by key of its column: a choice, an amount, words


def read(raw: RawBook, order: CardOrder | None) -> tuple[PageAnswers, tuple[Finding, ...]]:
    """What she says on the page of ``order``, and what of it cannot be understood.

    Without an order, or with one without a page, nothing is said on any.
    """
    if order is None or order.page is None:
        return PageAnswers(), ()
    found: list[Finding] = []
    said = {one.name: _section(raw, one, order, order.page, found) for one in SECTIONS}
    return _answers(said), tuple(found)


def page_tables(raw: RawBook) -> list[Located]:
    """Every table of a page in a workbook, in reading order; none: there is no page."""
    return [table for section in SECTIONS for table in _tables(raw, section, frozenset())]


def page_places(raw: RawBook, order: CardOrder | None) -> Places:
    """The cells that are read here, by the title of their sheet: what stands beside them is not."""
    if order is None or order.page is None:
        return set()
    found: Places = set()
    for section in SECTIONS:
        for table, lines in _found(raw, section, order, order.page):
            columns = [column for key in section.inputs if (column := table.column(key))]
            found |= {(table.sheet.title, row, c) for row in lines.rows for c in columns}
    return found


def page_texts(order: CardOrder | None) -> set[str]:
    """What the page of ``order`` says, in every language: no word of it is hers."""
    if order is None or order.page is None:
        return set()
    shown = shown_card(order)
    said = (page_values(replace(shown, language=one)).values() for one in languages())
    return {text for values in said for text in values if isinstance(text, str)}


@dataclass
class _Lines:
    """The rows of a table by what they are about: their ids as on the page; ``strange``: none of

    the page's, although something was typed there.
    """

    rows: dict[int, str] = field(default_factory=dict)
    strange: list[int] = field(default_factory=list)


def _found(
    raw: RawBook, section: Section, order: CardOrder, page: ReplyPage
) -> list[tuple[Located, _Lines]]:
    parts = getattr(page, section.name)
    known = {same_id(one.id): one.id for one in parts}
    if not known:
        return []
    labels = _labels(section, parts)
    found = _tables(raw, section, frozenset(known))
    return [(table, _lines(table, section, known, labels)) for table in found]


def _labels(section: Section, parts: Any) -> Mapping[str, str]:
    """The texts that stand on one line alone (folded), with its id."""
    each = [{_same(label_of(section.name, one, o)) for o in languages()} for one in parts]
    often = Counter(text for every in each for text in every)
    return {
        text: one.id
        for one, every in zip(parts, each, strict=True)
        for text in every
        if text and often[text] == 1
    }


def _same(text: str) -> str:
    return plain(unseen(fields.harmless(text))).casefold()


def _tables(raw: RawBook, section: Section, ids: frozenset[str]) -> list[Located]:
    """The tables of a section: by key rows, else by header texts. Each ends where another begins,

    of whatever section.
    """
    needed = (section.label, section.choice)
    keyed = [table for sheet in raw.sheets for table in find_tables(sheet, needed)]
    if not keyed:
        said = _headers(section)
        keyed = [table for sheet in raw.sheets for table in find_headers(sheet, said, needed)]
    return [_with_ids(_ended(table), ids) for table in keyed[:_MOST]]


def _headers(section: Section) -> Mapping[str, str]:
    """The headers of a section in every language (folded), with the key of each."""
    return {
        plain(said).casefold(): key
        for key in section.columns
        for said in spoken(f"scorecard.reply.heads.{called(key)}")
    }


def _ended(table: Located) -> Located:
    """A table up to where one of another section begins on its sheet."""
    begins = [
        other.row
        for section in SECTIONS
        for other in (
            *find_tables(table.sheet, (section.label, section.choice)),
            *find_headers(table.sheet, _headers(section), (section.label, section.choice)),
        )
    ]
    below = [row for row in begins if row > table.row + 1]
    return replace(table, end=min((*below, table.end)))


def _with_ids(table: Located, ids: frozenset[str]) -> Located:
    """The table with its column of ids, where the key of that is gone."""
    if table.column(ID) or not ids:
        return table
    places = [
        column
        for (row, column), cell in table.sheet.cells.items()
        if table.row < row < table.end and same_id(plain(cell.text)) in ids
    ]
    often = Counter(places).most_common(1)
    return replace(table, columns={**table.columns, ID: (often[0][0],)}) if often else table


def _lines(
    table: Located, section: Section, known: Mapping[str, str], labels: Mapping[str, str]
) -> _Lines:
    lines = _Lines()
    for row in table.rows():
        label, id_ = table.cell(row, section.label), table.cell(row, ID)
        by_label = labels.get(_same(label.text)) if label else None
        own = by_label or (known.get(same_id(plain(id_.text))) if id_ else None)
        if own:
            lines.rows[row] = own
        elif id_ and plain(id_.text) and _typed(table, section, row):
            lines.strange.append(row)
    return lines


def _typed(table: Located, section: Section, row: int) -> bool:
    cells = (table.cell(row, key) for key in section.inputs)
    headers = {*_headers(section), *section.columns}  # of the next table
    return any(c and (seen := plain(c.text).casefold()) and seen not in headers for c in cells)


def _section(
    raw: RawBook, section: Section, order: CardOrder, page: ReplyPage, found: list[Finding]
) -> dict[str, Said]:
    """What is said of each line of a section, by id, in the page's order.

    Of several copies of it the one that says anything counts, if no other says something else.
    """
    readings = [
        _table(table, lines, section, order) for table, lines in _found(raw, section, order, page)
    ]
    filled = [one for one in readings if one.said or one.findings]
    if not filled:
        return {}
    first = filled[0]
    other = next((one for one in filled[1:] if one.said != first.said), None)
    if other is not None:
        sheet = other.table.sheet.title
        place = {"sheet": sheet, "cell": a1(other.table.row, other.table.column(ID) or 1)}
        found.append(
            finding("table-duplicate", value=sheet, first=first.table.sheet.title, **place)
        )
        return {}
    found += first.findings
    ids = [one.id for one in getattr(page, section.name)]
    return {id_: first.said[id_] for id_ in ids if id_ in first.said}


@dataclass
class _Reading:
    table: Located
    said: dict[str, Said] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def _table(table: Located, lines: _Lines, section: Section, order: CardOrder) -> _Reading:
    reading = _Reading(table)
    where = {"sheet": table.sheet.title}
    for row, id_ in lines.rows.items():
        said = _Line(table, row, section, order.language, reading.findings).said()
        if not said:
            continue
        if reading.said.setdefault(id_, said) != said:
            cell = a1(row, table.column(section.choice) or 1)
            reading.findings.append(finding("page-row-double", cell=cell, value=id_, **where))
    for row in lines.strange[:_MOST]:
        cell, seen = a1(row, table.column(ID) or 1), table.cell(row, ID)
        value = plain(seen.text) if seen else ""
        reading.findings.append(finding("page-row-unknown", cell=cell, value=value, **where))
    return reading


@dataclass(frozen=True)
class _Line:
    """One line of a page: what she said of it."""

    table: Located
    row: int
    section: Section
    language: str
    findings: list[Finding]

    def said(self) -> dict[str, Any]:
        """By key of its column; what cannot be understood stays as her words, and is said."""
        found: dict[str, Any] = {}
        words: list[str] = []
        for key in self.section.inputs:
            cell = self.table.cell(self.row, key)
            if key not in CHOICES and key != AMOUNT:
                parsed: Parsed[Any] = fields.answer(cell)
                parsed = replace(parsed, value=_no_blank(parsed.value))
            else:
                parsed = amount(cell, self.language) if key == AMOUNT else choice(cell, key)
                if parsed.code and parsed.value is None and _is_sentence(cell):
                    words.append(fields.text(cell).value or "")
            if parsed.code:
                self._say(key, parsed.code, cell)
            if parsed.value not in (None, ""):
                found[key] = parsed.value
        told = self.section.inputs[-1] if self.section.name != "statements" else CORRECTION
        if words:
            found[told] = "\n".join(filter(None, (found.get(told), *words)))
        return found

    def _say(self, key: str, code: str, cell: RawCell | None) -> None:
        place = {"sheet": self.table.sheet.title, "cell": a1(self.row, self.table.column(key) or 1)}
        value, more = (cell.text if cell else ""), {}
        if code == "choice-unknown":
            labels = (CHOICES[key].label(one, self.language) for one in CHOICES[key].codes)
            more = {"choices": ", ".join(labels)}
        self.findings.append(finding(code, value=value, **place, **more))


def _no_blank(text: str | None) -> str:
    """Her words; a sign that she leaves it out is none."""
    return "" if text is None or is_blank(text) else text


def _is_sentence(cell: RawCell | None) -> bool:
    """Whether words stand where a click was asked for."""
    return cell is not None and cell.kind is RawKind.TEXT and len(cell.text.split()) > 1


def choice(cell: RawCell | None, key: str) -> Parsed[Any]:
    """What was chosen, or typed instead, in the words of any language; a ticked TRUE is yes."""
    if cell is None:
        return Parsed()
    if code := fields.withdrawn(cell):
        return Parsed(code=code)
    if cell.kind is RawKind.ERROR and cell.text != "#N/A":
        return Parsed(code="number-error")
    seen = unseen(plain(cell.text)).strip(" .!")
    if cell.kind is RawKind.BOOLEAN:
        seen = "yes" if cell.text.casefold() in ("1", "true") else "no"
    if not seen or is_blank(seen):
        return Parsed()
    code = CHOICES[key].code(seen)
    return Parsed(CHOICES[key].meaning(code)) if code else Parsed(code="choice-unknown")


def amount(cell: RawCell | None, language: str) -> Parsed[float]:
    """Money a year. "12.500 €" has the decimals of the card's language, so it has none."""
    parsed = fields.amount(cell)
    if parsed.code == "number-ambiguous" and cell is not None:
        found = money(plain(cell.text), texts(language).manner.point)
        return Parsed(found.value) if (found.value or -1) >= 0 else Parsed(code=parsed.code)
    return parsed


def _answers(said: Mapping[str, Mapping[str, Said]]) -> PageAnswers:
    def each(name: str) -> Iterator[tuple[str, Said]]:
        return iter(said[name].items())

    return PageAnswers(
        tuple(
            RowAnswer(id_, of.get(":fit"), of.get(":result"), of.get(":comment", ""))
            for id_, of in each("rows")
        ),
        tuple(
            BenefitAnswer(id_, of.get(":seen"), of.get(":amount"), of.get(":note", ""))
            for id_, of in each("benefits")
        ),
        tuple(
            StatementAnswer(id_, of.get(":view"), of.get(":correction", ""))
            for id_, of in each("statements")
        ),
        tuple(
            ProgrammeAnswer(id_, of.get(":joint"), of.get(":remark", ""))
            for id_, of in each("programmes")
        ),
    )
