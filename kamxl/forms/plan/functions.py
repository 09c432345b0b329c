"""For which of the plan's functions a contact counts: in Python, and live while she types.

First the plan's own names decide, then what is meant (``wording.functions``): a German contact
counts in an English plan, "Fertigung" where the plan says "Produktion". Whose function is none of
the plan's counts as other, and that is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from kamxl.core.ids import same_id
from kamxl.core.records.plan import OTHER, ContactCare, PlanFunction
from kamxl.forms.paper.book import Formula
from kamxl.forms.paper.idioms import (
    any_within,
    count,
    filled,
    folded_words,
    found_at,
    item,
    place_among,
    quoted,
)
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import Here
from kamxl.forms.tables.declared import Line
from kamxl.wording import functions as words
from kamxl.wording.functions import BETWEEN, FUNCTION_IDS, NO_FUNCTION, STROKE, patterns

_VALUES: dict[str, int] = {
    one: 1 << n for n, one in enumerate((*FUNCTION_IDS, NO_FUNCTION))
}  # added up: a code


def code_of(text: str, own: str = "") -> int:
    """What a text names as one number, 0: nothing; ``own``: a function's id, if it is a usual one.

    Two texts with one code mean the same.
    """
    usual = _VALUES.get(same_id(own)) if own else None
    return usual or sum(_VALUES[one] for one in words.meant(text))


def place_of(text: str, functions: Sequence[PlanFunction]) -> int:
    """Which of a plan's functions a text means, from 1; 0: none of them."""
    folded, code = words.folded_words(text), code_of(text)
    names = [words.folded_words(one.name) for one in functions]
    if folded in names:
        return names.index(folded) + 1
    codes = [code_of(one.name, one.id) for one in functions]
    return codes.index(code) + 1 if code and code in codes else 0


def settled(
    contacts: Iterable[ContactCare], functions: Sequence[PlanFunction]
) -> tuple[ContactCare, ...]:
    """The contacts, each with what it counts as."""
    ids = (OTHER, *(one.id for one in functions))
    held: dict[str, str] = {"": ""}
    found = []
    for contact in contacts:
        text = contact.function.strip()
        if text not in held:
            held[text] = ids[place_of(text, functions)]
        found.append(replace(contact, counts_as=held[text]))
    return tuple(found)


# --- live ----------------------------------------------------------------------------------------


def words_in(key: str) -> Callable[[Any, Here, Line], Formula]:
    """The words of another column, as they are looked through."""

    def made(facts: Any, at: Here, line: Line) -> Formula:
        text = line[key] if line else None
        return live(folded_words(at(key), BETWEEN, STROKE), words.folded_words(text or "") or None)

    return made


def contact_code(facts: Any, at: Here, line: Line) -> Formula:
    """What a contact's function names, as one number."""
    value = code_of(line["function"]) if line and line["function"] else None
    return live(filled(at("words"), _code(at("words"))), value)


def function_code(facts: Any, at: Here, line: Line) -> Formula:
    """The same of a function of the plan, which its id may tell."""
    own = "+".join(f"{_VALUES[one]}*({at('id')}={quoted(one)})" for one in FUNCTION_IDS)
    value = code_of(line["name"] or "", line["id"] or "") if line else None
    return live(filled(at("words"), f"IF({own}>0,{own},{_code(at('words'))})"), value)


def contact_place(facts: Any, at: Here, line: Line) -> Formula:
    """Which row of the plan's functions a contact counts for, the key row being 1; 0: none."""
    said, code = at.all("functions", "words"), at.all("functions", "code")
    by_code = f"IF({at('code')}>0,IFERROR({found_at(at('code'), code)},0),0)"
    made = f"IFERROR({found_at(at('words'), said)},{by_code})"
    value = None
    if line and line["function"]:
        number = place_of(line["function"], facts.plan.functions)
        value = number + 1 if number else 0  # after the key row
    return live(filled(at("words"), made), value)


def counts_as(facts: Any, at: Here, line: Line) -> Formula:
    """The name of that function; "Other" if there is none."""
    other, place = facts.t("plan.contacts.other"), at("place")
    name = item(at.all("functions", "name"), place)
    value = None
    if line and line["function"]:
        number = place_of(line["function"], facts.plan.functions)
        value = facts.plan.functions[number - 1].name if number else other
    return live(filled(place, f"IF({place}=0,{quoted(other)},{name})"), value)


def people(at: Here) -> str:
    """A test: which contacts count for the function in a row."""
    own = place_among(at("name"), at.own("name"))
    return f"{at.all('contacts', 'place')}={own}"


def others(places: str) -> str:
    """How many contacts count for none of the functions."""
    return count(f"{places}=0", f'{places}<>""')


@cache
def _code_of_words() -> str:
    """What the words "{0}" name, as one number."""
    said: dict[str, list[str]] = {}
    for pattern, function in patterns():
        said.setdefault(function, []).append(pattern)
    return "+".join(f"{_VALUES[one]}*({any_within(said[one], '{0}')})" for one in said)


def _code(cell: str) -> str:
    return _code_of_words().replace("{0}", cell)
