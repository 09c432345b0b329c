"""What a row of the sheet Decisions still needs before it counts, as formulas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kamxl.core.cards.deciding import NAMING
from kamxl.core.cards.own import UNDER
from kamxl.core.records.decision import Ruling
from kamxl.forms.paper.idioms import count, item, none_of, quoted
from kamxl.forms.paper.places import Here
from kamxl.forms.tables.reckoning import answer

Parts = Iterator[tuple[str, str]]  # a word as a formula, and the test under which it is said
Facts = Any  # what the live columns of a register know; its module imports this one


def word(facts: Facts, at: Here, key: str) -> str:
    """A word for what is missing: a text, or (":name") the header of a column."""
    said_ = facts.word(at.place.name, key)
    return quoted(str(said_))


def decisions(facts: Facts, at: Here) -> Parts:
    """What a decision wants."""
    own, ids, file = at("account"), at.all("accounts", "id"), at("file")
    unknown = f'IF({own}="",FALSE,{count(f"{ids}={own}")}=0)'
    yield word(facts, at, "account_unknown"), unknown
    said_ = at("decision")
    offered = at.at.offered(facts.choice("decisions", "decision"))
    is_ = {one: f'{answer(said_, offered)}="{facts.letter("decisions", "decision", one)}"'
           for one in Ruling}  # fmt: skip
    under = f"OR({','.join(is_[one] for one in UNDER)})"
    open_ = f'OR({is_[Ruling.LEAVE_OUT]},TRIM({said_})="")'
    hers = f'OR({under},AND({open_},TRIM({at("requirement")})<>""))'
    yield from _own_parts(facts, at, hers, under, is_[Ruling.REQUIREMENT_SAME])
    card = _any_blank(at, "account", "segment", "respondent", "period")
    yield word(facts, at, "whose"), f'IF({hers},FALSE,AND(TRIM({file})="",{card}))'
    yield word(facts, at, ":decision"), f'OR(TRIM({said_})="",{none_of(said_, offered, "=")})'
    same, of = (is_[one] for one in NAMING)
    by_row = f'AND({of},TRIM({file})<>"",TRIM({at("respondent")})<>"")'
    named = f'AND(TRIM({at("person")})="",TRIM({said_})<>"",OR({same},{of}))'
    yield word(facts, at, ":person"), f"AND({named},NOT({by_row}))"


def _any_blank(at: Here, *columns: str) -> str:
    blank = ",".join(f'TRIM({at(key)})=""' for key in columns)
    return f"OR({blank})"


def _own_parts(facts: Facts, at: Here, hers: str, under: str, same: str) -> Parts:
    """What a row lacks that is about a requirement of a customer's own.

    ``hers``, ``under``, ``same``: the tests whether it is one, needs an id, and one that is asked.
    """
    account, segment, own = at("account"), at("segment"), at("under")
    owners, parts = at.all("segments", "account"), at.all("segments", "id")
    mine = f"{owners}={account}", f"{parts}={segment}"
    known = count(f"{at.all('accounts', 'id')}={account}")
    there = f'IF(OR({account}="",{segment}="",{known}=0),FALSE,{count(*mine)}=0)'
    yield word(facts, at, "segment_unknown"), f"IF({hers},{there},FALSE)"
    blank = _any_blank(at, "account", "segment", "requirement")
    yield word(facts, at, "whose_own"), f"IF({hers},{blank},FALSE)"
    yield word(facts, at, ":under"), f'AND({under},TRIM({own})="")'
    shared, whose, which, ids = (
        at.all("requirements", key) for key in ("catalogue", "account", "segment", "id")
    )
    first = f"ROW({owners.split(':')[0]})"
    place = f"SUMPRODUCT(--({mine[0]}),--({mine[1]}),ROW({owners}))-{first}+1"
    used = item(at.all("segments", "catalogue"), place)
    listed = count(f"{whose}={account}", f"{which}={segment}", f"{ids}={own}")
    of_all = f'IF({used}="",0,{count(f"{shared}={used}", f"{ids}={own}")})'
    decided = count(
        f"{at.own('account')}={account}",
        f"{at.own('segment')}={segment}",
        f"{at.own('under')}={own}",
    )
    found = f"OR({listed}>0,{of_all}>0,{decided}>1)"
    none = f'IF(OR(TRIM({own})="",{count(*mine)}<>1),FALSE,NOT({found}))'
    yield word(facts, at, "not_asked"), f"IF({same},{none},FALSE)"
