"""Which column of an export says what: by its header, by its content, by what was said before.

A column says one thing at the most, and nothing is said by two. Where two columns would do as well,
or only the content speaks and not clearly, that is a question, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from kamxl.forms.exports import contents
from kamxl.forms.exports.amounts import amount, decimal_marks
from kamxl.forms.exports.found import FoundColumn, FoundTable
from kamxl.forms.exports.headers import EXACT, NOT_NOW, OTHER, WITHIN, Part, named, year_of
from kamxl.forms.exports.telling import DECIMAL, Choice, Question, by_content, question, samples
from kamxl.forms.paper.raw import RawKind
from kamxl.forms.tables.figures import COMMA, POINT

Way = Literal["header", "content", "remembered", "given", "asked"]
_BEARABLE = 0.5  # of a column's cells have to look like what its header says
_SOME = 0.3

# What the cells of a column look like that says a part; a header alone is not believed.
TESTS: Mapping[Part, contents.Test] = {
    Part.ACCOUNT: contents.is_text,
    Part.ACCOUNT_MORE: contents.is_text,
    Part.ACCOUNT_NUMBER: contents.is_number,
    Part.MANAGER: contents.is_text,
    Part.MANAGER_EMAIL: contents.is_email,
    Part.REVENUE: contents.is_amount,
    Part.CURRENCY: contents.is_text,
    Part.SEGMENT: contents.is_text,
    Part.LANGUAGE: contents.is_text,
    Part.PERSON: contents.is_name,
    Part.FIRST_NAME: contents.is_name,
    Part.LAST_NAME: contents.is_name,
    Part.FORM: contents.is_form,
    Part.TITLE: contents.is_title,
    Part.EMAIL: contents.is_email,
    Part.FUNCTION: contents.is_text,
    Part.CONTACT_NUMBER: contents.is_number,
}


@dataclass(frozen=True, slots=True)
class Understood:
    """Which column says which part, and how that is known; ``decimal``: the mark of the amounts."""

    columns: Mapping[Part, int] = field(default_factory=dict)
    ways: Mapping[Part, Way] = field(default_factory=dict)
    decimal: str = ""
    questions: tuple[Question, ...] = ()
    none: frozenset[Part] = frozenset()  # what no column says, as somebody told

    def said(self, part: Part, at: int | None, way: Way) -> Understood:
        """The same with one column told (None: no column says it); its question is answered."""
        columns = {p: c for p, c in self.columns.items() if p is not part and c != at}
        ways = {p: w for p, w in self.ways.items() if p in columns}
        if at is not None:
            columns[part], ways[part] = at, way
        none = self.none - {part} if at is not None else self.none | {part}
        left = self._left(part.value, at)
        return replace(self, columns=columns, ways=ways, questions=left, none=none)

    def marked(self, decimal: str) -> Understood:
        """The same with the decimal mark told."""
        return replace(self, decimal=decimal, questions=self._left(DECIMAL, None))

    def _left(self, part: str, at: int | None) -> tuple[Question, ...]:
        left = (one for one in self.questions if one.part != part)
        fewer = (replace(q, choices=tuple(c for c in q.choices if c.at != at)) for q in left)
        return tuple(one for one in fewer if one.choices)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a column says a part."""

    part: Part
    column: FoundColumn
    named: tuple[int, int, int, int]
    alike: float  # share of its cells that look so

    @property
    def rank(self) -> tuple[float, ...]:
        how, words, ends, order = self.named
        return (how, words, ends, round(self.alike, 1), order)


def proposed_mapping(table: FoundTable) -> Understood:
    """What the columns of a table say, as far as it is sure, and what is to be asked."""
    fits = [fit for column in table.columns for fit in _fits(column)]
    latest, others = _revenues(fits)
    fits = [fit for fit in fits if fit.part is not Part.REVENUE] + latest
    made, doubts = _settled(fits, others)
    _name_of_whom(table, made, doubts)
    _of_whom(made)
    questions = tuple(question(part, columns) for part, columns in doubts.items())
    return completed(Understood(made, dict.fromkeys(made, "header"), "", questions), table)


def completed(mapping: Understood, table: FoundTable) -> Understood:
    """The mapping with what the contents of the other columns say, given what is known of some."""
    made, ways, questions = dict(mapping.columns), dict(mapping.ways), list(mapping.questions)
    asked = {choice.at for one in questions for choice in one.choices if one.part != DECIMAL}
    used = asked | set(made.values())
    free = [c for c in table.columns if c.at not in used and not _is_other(c.header)]
    known = {*made, *mapping.none, *(Part(q.part) for q in questions if q.part != DECIMAL)}
    email = table.column(made[Part.EMAIL]) if Part.EMAIL in made else None
    for part, columns, sure in by_content(free, known, email):
        if sure:
            made[part], ways[part] = columns[0].at, "content"
        else:
            questions.append(question(part, columns))
    whole = replace(mapping, columns=made, ways=ways, questions=tuple(questions))
    return with_decimal(whole, table)


def with_decimal(mapping: Understood, table: FoundTable) -> Understood:
    """The mapping with the decimal mark of its amounts, or the question which one it is."""
    at = mapping.columns.get(Part.REVENUE)
    left = tuple(q for q in mapping.questions if q.part != DECIMAL)
    if at is None or mapping.decimal:
        return replace(mapping, questions=left)
    column = table.column(at)
    marks = decimal_marks(c.text for c in column.filled if c.kind is RawKind.TEXT)
    decimal = next(iter(marks)) if len(marks) == 1 else ""
    unclear = [c for c in column.filled if amount(c, decimal).code == "number-ambiguous"]
    if not unclear:
        return replace(mapping, decimal=decimal, questions=left)
    choices = tuple(Choice(at, mark, samples(unclear)) for mark in (COMMA, POINT))
    return replace(mapping, questions=(*left, Question(DECIMAL, choices)))


def _fits(column: FoundColumn) -> Iterable[_Fit]:
    """What a column's header may say, as far as its cells do not contradict."""
    if not column.cells:
        return
    other = named(column.header, OTHER)
    for part in Part:
        found = named(column.header, part)
        alike = contents.share(column.sample, TESTS[part])
        otherwise = other[0] == EXACT or (found[0] < EXACT and other[:2] >= found[:2])
        if found[0] and alike >= _BEARABLE and not otherwise:
            yield _Fit(part, column, found, alike + _inclination(part, column))


def _inclination(part: Part, column: FoundColumn) -> float:
    """What else speaks for a part where a header may say several: "Name", "Title"."""
    cells = column.sample
    match part:
        case Part.ACCOUNT:
            return contents.share(cells, contents.is_company) - contents.share(
                cells, contents.is_person
            )
        case Part.PERSON:
            return contents.share(cells, contents.is_person) - contents.share(
                cells, contents.is_company
            )
        case Part.FUNCTION:
            return contents.share(cells, contents.is_function)
        case _:
            return 0.0


def _revenues(fits: list[_Fit]) -> tuple[list[_Fit], list[_Fit]]:
    """Of several years the newest; what is planned or of the year before is no running revenue."""
    every = [fit for fit in fits if fit.part is Part.REVENUE]
    now = [fit for fit in every if not named(fit.column.header, NOT_NOW)[0]]
    years = {fit.column.at: year_of(fit.column.header) for fit in now}
    if len(now) > 1 and all(years.values()):
        newest = max(year for year in years.values() if year)
        return [fit for fit in now if years[fit.column.at] == newest], every
    return now, every


def _settled(
    fits: list[_Fit], others: list[_Fit]
) -> tuple[dict[Part, int], dict[Part, list[FoundColumn]]]:
    """The best first; where a second column does as well for a part, both are asked about."""
    made: dict[Part, int] = {}
    doubts: dict[Part, list[FoundColumn]] = {}
    used: set[int] = set()
    for fit in sorted(fits, key=lambda one: (one.rank, -one.column.at), reverse=True):
        if fit.part in made or fit.part in doubts or fit.column.at in used:
            continue
        rivals = [
            one for one in fits
            if one.part is fit.part and one.column.at not in used and _as_good(one, fit)
        ]  # fmt: skip
        if len(rivals) > 1:
            doubts[fit.part] = [one.column for one in rivals]
            used |= {one.column.at for one in rivals}
        else:
            made[fit.part] = fit.column.at
            used.add(fit.column.at)
    if Part.REVENUE not in {*made, *doubts} and others:
        doubts[Part.REVENUE] = [one.column for one in others]
    return made, doubts


def _name_of_whom(
    table: FoundTable, made: dict[Part, int], doubts: dict[Part, list[FoundColumn]]
) -> None:
    """A "Name" is the account's where nothing else is; one that looks like a person's is asked."""
    at = made.get(Part.PERSON)
    if at is None or not {Part.ACCOUNT, Part.ACCOUNT_NUMBER}.isdisjoint({*made, *doubts}):
        return
    column = table.column(at)
    if named(column.header, Part.ACCOUNT)[0] < EXACT:
        return
    del made[Part.PERSON]
    if contents.share(column.sample, contents.is_person) < _BEARABLE:
        made[Part.ACCOUNT] = at
    else:
        doubts[Part.ACCOUNT] = [column]


def _of_whom(made: dict[Part, int]) -> None:
    """Names in two columns need no third one; a number is a person's if there are people."""
    if Part.LAST_NAME in made:
        made.pop(Part.PERSON, None)
    people = not {Part.PERSON, Part.LAST_NAME, Part.FIRST_NAME}.isdisjoint(made)
    own, other = Part.CONTACT_NUMBER, Part.ACCOUNT_NUMBER
    if own in made and not people:
        at = made.pop(own)
        made.setdefault(other, at)


def _as_good(one: _Fit, best: _Fit) -> bool:
    """Whether two columns are called alike for a part: not one in full and the other in part."""
    how = one.named[:2] == best.named[:2]
    same = one.named[3] == best.named[3] or one.named[0] == WITHIN
    return one.column.at == best.column.at or (how and same and one.alike > best.alike - _SOME)


def _is_other(header: str) -> bool:
    """Whether a header says something that the register has no column for."""
    return bool(named(header, OTHER)[0] or named(header, NOT_NOW)[0])
