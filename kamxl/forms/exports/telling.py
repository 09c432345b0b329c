"""What columns say whose headers say nothing ("Feld 7"): what stands in their cells can tell.

An address, a form of address, a company with its legal form speak for themselves; names are those
of contacts where addresses beside them are made of them. What does not speak clearly is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kamxl.core.ids import same_name
from kamxl.forms.exports import contents
from kamxl.forms.exports.found import FoundColumn
from kamxl.forms.exports.headers import Part
from kamxl.forms.paper.raw import RawCell
from kamxl.forms.tables.fields import plain

DECIMAL = "decimal"  # the question which mark the amounts of a column have
_SAMPLES = 3
_LONGEST = 40
_NEARLY_ALL, _HALF, _SOME = 0.8, 0.5, 0.3
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

Told = tuple[Part, list[FoundColumn], bool]  # what is said, by which of these, and is it sure


@dataclass(frozen=True, slots=True)
class Choice:
    """A column that may be meant: where it stands, what it is called, what stands in it."""

    at: int
    header: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is not sure: which of the ``choices`` says ``part`` (or which decimal mark it has)."""

    part: str
    choices: tuple[Choice, ...]


def question(part: Part, columns: Iterable[FoundColumn]) -> Question:
    """Which of these columns says a part, if any."""
    return Question(part.value, tuple(Choice(c.at, c.header, samples(c.filled)) for c in columns))


def samples(cells: Iterable[RawCell]) -> tuple[str, ...]:
    """The first few different texts of some cells."""
    return tuple(dict.fromkeys(plain(cell.text)[:_LONGEST] for cell in cells))[:_SAMPLES]


def by_content(
    free: list[FoundColumn], known: set[Part], email: FoundColumn | None
) -> Iterator[Told]:
    """What ``free`` columns say beyond the ``known`` parts; ``email``: the column of addresses."""
    free = list(free)
    for part in _ORDER:
        if part in known:
            continue
        found, sure = _found(part, free, email, known)
        if not found:
            continue
        yield part, found, sure
        known = known | {part}
        free = [column for column in free if column not in found]
        if part is Part.EMAIL and sure:
            email = found[0]


# Names that addresses are made of are told before companies without a legal form, others behind.
_ORDER = (
    Part.EMAIL, Part.FORM, Part.TITLE, Part.LAST_NAME, Part.FIRST_NAME, Part.PERSON, Part.ACCOUNT,
    Part.PERSON, Part.FUNCTION, Part.CURRENCY, Part.REVENUE, Part.MANAGER, Part.LANGUAGE,
)  # fmt: skip
_PLAIN: dict[Part, tuple[contents.Test, float]] = {
    Part.EMAIL: (contents.is_right_email, _NEARLY_ALL),
    Part.FORM: (contents.is_form, _NEARLY_ALL),
    Part.TITLE: (contents.is_title, _NEARLY_ALL),
    Part.FUNCTION: (contents.is_function, _HALF),
    Part.CURRENCY: (contents.is_currency, _NEARLY_ALL),
}


def _found(
    part: Part, free: list[FoundColumn], email: FoundColumn | None, known: set[Part]
) -> tuple[list[FoundColumn], bool]:
    """The columns that may say a part, and whether there is no doubt."""
    if part in _PLAIN:
        return _only(_passing(free, *_PLAIN[part]))
    named = not known.isdisjoint({Part.PERSON, Part.LAST_NAME})
    match part:
        case Part.ACCOUNT:
            return _companies(free, known)
        case Part.LAST_NAME | Part.FIRST_NAME:
            wanted = part is Part.LAST_NAME
            if email is None or Part.PERSON in known or (not wanted and not named):
                return [], False
            return _only(_single_names(free, email, last=wanted))
        case Part.PERSON:
            return ([], False) if named else _people(free, email, Part.ACCOUNT in known)
        case Part.REVENUE:
            return _amounts(free)
        case Part.MANAGER:
            return _managers(free), False
        case _:
            found = _passing(free, contents.is_language, _NEARLY_ALL)
            # "DE" may be a country as well
            return found, len(found) == 1 and any(len(c.text.strip()) > 2 for c in found[0].filled)


def _only(found: list[FoundColumn]) -> tuple[list[FoundColumn], bool]:
    return found, len(found) == 1


def _passing(free: list[FoundColumn], test: contents.Test, least: float) -> list[FoundColumn]:
    return [one for one in free if one.cells and contents.share(one.sample, test) >= least]


def _companies(free: list[FoundColumn], known: set[Part]) -> tuple[list[FoundColumn], bool]:
    found = _passing(free, contents.is_company, _SOME)
    if found or Part.ACCOUNT_NUMBER in known:
        return _only(found)
    texts = _passing(free, contents.is_text, _NEARLY_ALL)
    single = [c for c in texts if contents.share(c.sample, contents.is_function) < _NEARLY_ALL]
    return single, False


def _people(
    free: list[FoundColumn], email: FoundColumn | None, company_known: bool
) -> tuple[list[FoundColumn], bool]:
    """The contacts' names: sure where their addresses are made of them."""
    found = _passing(free, contents.is_person, _NEARLY_ALL)
    linked = [one for one in found if email is not None and _linked(one, email) >= _HALF]
    if linked or not company_known:
        return _only(linked)
    return found, False  # nobody is written to there: whoever is named may be one of ours


def _single_names(free: list[FoundColumn], email: FoundColumn, *, last: bool) -> list[FoundColumn]:
    """The first or the last names: parts of the addresses, the last ones behind the others."""
    names = _passing(free, contents.is_single_name, _NEARLY_ALL)
    shares = {one.at: _linked(one, email, last=last) for one in names}
    best = max(shares.values(), default=0.0)
    if best < _HALF:
        return []
    # some addresses are first names alone ("ann@"): unless nearly all speak for one, it is asked
    near = best if not last else 0.0 if best < _NEARLY_ALL else best - _SOME
    return [one for one in names if shares[one.at] > near or shares[one.at] == best]


def _linked(column: FoundColumn, email: FoundColumn, *, last: bool | None = None) -> float:
    """The share of its names that the addresses in their rows are made of."""
    rows = [row for row in column.cells if row in email.cells]
    hits = [_made_of(email.cells[r].text, plain(column.cells[r].text), last) for r in rows]
    return sum(hits) / len(hits) if hits else 0.0


def _made_of(address: str, name: str, last: bool | None) -> bool:
    local = _letters(address.partition("@")[0])
    words = [_letters(word) for word in re.split(r"[\s,]+", name) if len(word) > 1]
    if last is None:
        return any(word and word in local for word in words)
    if last:
        return bool(words) and local.endswith(words[-1])
    return bool(words) and bool(words[0]) and local.startswith(words[0][0])


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", same_name(text).translate(_SPELLED))


def _amounts(free: list[FoundColumn]) -> tuple[list[FoundColumn], bool]:
    """What looks like money is a revenue where it is alone; bare numbers may be anything."""
    money = _passing(free, contents.is_formatted_amount, _HALF)
    if money:
        return _only(money)
    bare = _passing(free, contents.is_amount, _NEARLY_ALL)
    return [column for column in bare if not _are_keys(column)], False


def _are_keys(column: FoundColumn) -> bool:
    """Whether bare numbers look like postcodes or numbers of customers: all of one length."""
    texts = [plain(cell.text) for cell in column.filled]
    return len({len(text) for text in texts}) == 1 or any(t[:1] == "0" and t != "0" for t in texts)


def _managers(free: list[FoundColumn]) -> list[FoundColumn]:
    """Names of people that come again and again: whoever looks after several accounts."""
    people = _passing(free, contents.is_person, _NEARLY_ALL)
    return [c for c in people if len({same_name(x.text) for x in c.filled}) <= len(c.cells) / 2]
