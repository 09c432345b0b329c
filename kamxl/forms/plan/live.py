"""The live columns of the plan's tables: one formula each, with the value the core makes of it.

Each takes what the plan knows (``Facts``), the row in which it stands and what that row holds. The
formulas carry no relative reference to another row, so sorting does them no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kamxl.core.ids import same_id
from kamxl.core.method.programmes import AHEAD, Action, ActionState
from kamxl.core.records.benefits import Known
from kamxl.core.records.page import Seen
from kamxl.core.records.plan import AccountPlan, ContactCare, Lever, PlanProgramme, PlanWish
from kamxl.forms.paper.book import Formula
from kamxl.forms.paper.idioms import count, filled, known, quoted, safe, total
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import Here
from kamxl.forms.plan.choices import ACTION_STATE, FIELD_KIND, MET, PROGRAMME_STATE, RHYTHM, SEEN
from kamxl.forms.plan.functions import people
from kamxl.forms.plan.targets import requirement_target, target_of
from kamxl.forms.tables.declared import Line
from kamxl.wording.texts import texts

UNDATED = 2958465  # 31 December 9999 as spreadsheets count: an action without a date comes last
_EPOCH = date(1899, 12, 30).toordinal()


class Facts:
    """What the live columns of one plan know. ``as_of``: the cell with the date, from any sheet;
    ``next_level``: the one with the label of the next level, from its own sheet.
    """

    def __init__(self, plan: AccountPlan, language: str, as_of: str, next_level: str) -> None:
        self.plan, self.language, self.as_of, self.next_level = plan, language, as_of, next_level
        self.t = texts(language)
        self.programmes = {same_id(p.id): p for p in plan.programmes}
        self.open_order = open_actions(plan.actions)
        self.ask_order = questions_to_ask(plan)
        self.covered = frozenset(plan.breadth.covered)
        self.needs = [one.id for one in plan.ladder.next_needs]
        self.targets = [same_id(target_of(a)) for a in plan.actions]

    def people(self, function: Line) -> list[ContactCare]:
        """The contacts that count for the function in a row."""
        return [c for c in self.plan.contacts if c.counts_as == function["id"]]

    def programme(self, line: Line) -> PlanProgramme | None:
        """The programme that a row names."""
        return self.programmes.get(same_id(line["programme"] or ""))


# --- fields --------------------------------------------------------------------------------------


def growth(facts: Facts, at: Here, line: Line) -> Formula:
    """This year's revenue against last year's."""
    last, now = at("revenue_last"), at("revenue_now")
    before, after = line["revenue_last"], line["revenue_now"]
    grown = after / before - 1 if before and after is not None else None
    return live(known(last, now, then=f'IF({last}>0,{now}/{last}-1,"")'), grown)


def white_space(facts: Facts, at: Here, line: Line) -> Formula:
    """What is left in a field."""
    now, potential = at("revenue_now"), at("potential")
    new = FIELD_KIND.label("new", facts.language)
    given = f'AND(ISNUMBER({potential}),OR(ISNUMBER({now}),{at("kind")}="{new}"))'
    made = f'IF({given},MAX({potential}-SUM({now}),0),"")'
    return live(made, line.record.white_space if line else None)


# --- ladder and discovery ------------------------------------------------------------------------


def needed(facts: Facts, at: Here, line: Line) -> Formula:
    """The place of a sign among those that the next level needs."""
    level, met, said = (at.own(key) for key in ("level", "met", "text"))
    yes = quoted(MET.label("yes", facts.language))
    place = count(
        f"{level}={facts.next_level}",
        f'{said}<>""',
        f"{met}<>{yes}",
        f"ROW({level})<=ROW({at('level')})",
    )
    open_ = f'{at("level")}={facts.next_level},{at("text")}<>"",{at("met")}<>{yes}'
    value = place_in(facts.needs, line)
    return live(f'IF(AND({facts.next_level}<>"",{open_}),{place},"")', value)


def asked(facts: Facts, at: Here, line: Line) -> Formula:
    """The place of a question: the one we are least sure of first."""
    question, sure, here = at.own("question"), at.own("sureness"), at("sureness")
    less = count(f'{question}<>""', f"{sure}<SUM({here})")
    same = count(f'{question}<>""', f"{sure}=SUM({here})", f"ROW({sure})<ROW({here})")
    made = f'IF(OR({at("question")}="",SUM({here})>=100),"",1+{less}+{same})'
    return live(made, place_in(facts.ask_order, line))


# --- ideas, contacts, functions ------------------------------------------------------------------


def mutual(facts: Facts, at: Here, line: Line) -> Formula:
    """Whether an idea has a benefit for both sides."""
    both, one = facts.t("plan.ideas.both"), facts.t("plan.ideas.one")
    named = f'AND({at("benefit_customer")}<>"",{at("benefit_ours")}<>"")'
    value = None if not line else both if line.record.mutual else one
    return live(filled(at("idea"), f"IF({named},{quoted(both)},{quoted(one)})"), value)


def regular(facts: Facts, at: Here, line: Line) -> Formula:
    """1 where somebody of ours speaks to a contact regularly."""
    rhythms = (RHYTHM.label(code, facts.language) for code in RHYTHM.codes if code != "none")
    rhythm = ",".join(f'{at("rhythm")}="{label}"' for label in rhythms)
    made = filled(at("id"), f'IF(AND(OR({rhythm}),{at("counterpart")}<>""),1,0)')
    return live(made, int(kept(line.record)) if line else None)


def contacts(facts: Facts, at: Here, line: Line) -> Formula:
    """How many people of a function are known."""
    made = filled(at("name"), count(people(at)))
    return live(made, len(facts.people(line)) if line else None)


def kept_contacts(facts: Facts, at: Here, line: Line) -> Formula:
    """With how many of them somebody of ours speaks regularly."""
    made = filled(at("name"), total(at.all("contacts", "regular"), of=(people(at),)))
    return live(made, sum(map(kept, facts.people(line))) if line else None)


def covered(facts: Facts, at: Here, line: Line) -> Formula:
    """1 where there is such a one."""
    made = filled(at("name"), f"IF({at('regular')}>0,1,0)")
    return live(made, int(line["id"] in facts.covered) if line else None)


# --- self-assessment, wishes ---------------------------------------------------------------------


def gap(facts: Facts, at: Here, line: Line) -> Formula:
    """Our view minus the customer's."""
    ours, theirs = at("rating"), at("customer")
    return live(known(ours, theirs, then=f"{ours}-{theirs}"), line.record.gap if line else None)


def closing(facts: Facts, at: Here, line: Line) -> Formula:
    """How many actions aim at a requirement."""
    closes, segment, own = at.all("actions", "closes"), at("segment"), at("id")
    both = count(f'{closes}={segment}&"/"&{own}') + "+" + count(f"{closes}={own}")
    names = (requirement_target(line["segment"], line["id"]), line["id"]) if line else ()
    value = sum(facts.targets.count(same_id(name)) for name in names) if line else None
    return live(filled(own, both), value)


def answering(facts: Facts, at: Here, line: Line) -> Formula:
    """How many actions answer a wish."""
    own = at("id")
    made = filled(own, count(f"{at.all('actions', 'closes')}={own}"))
    return live(made, facts.targets.count(same_id(line["id"])) if line else None)


def alone(facts: Facts, at: Here, line: Line) -> Formula:
    """1 where it is written what the customer gets, and no action says the same to it."""
    closes, share = at.all("actions", "closes"), at.all("actions", "share")
    acted = count(f"{closes}={at('id')}", f'{share}<>""')
    made = f'IF(OR({at("id")}="",{at("share")}=""),"",IF({acted}=0,1,""))'
    return live(made, 1 if place_in([w.id for w in written_for(facts.plan)], line) else None)


def granted(facts: Facts, at: Here, line: Line) -> Formula:
    """The place of such a wish among what we promised: below the actions."""
    here, own, before = at("alone"), at.own("alone"), at.all("actions", "promise")
    place = f"COUNT({before})+{count(f'{own}=1', f'ROW({own})<=ROW({here})')}"
    value = place_in([w.id for w in written_for(facts.plan)], line)
    above = len(promises(facts.plan))
    return live(f'IF({here}=1,{place},"")', None if value is None else above + value)


# --- programmes and their effects ----------------------------------------------------------------

Made = Callable[[Facts, Here, Line], Formula]


def expected(key: str) -> Made:
    """One expected effect of a programme over all years."""

    def made(facts: Facts, at: Here, line: Line) -> Formula:
        own, share = at("id"), at("probability")
        mine, effect_ = f"{at.all('effects', 'programme')}={own}", at.all("effects", key)
        given = count(mine, f"{effect_}<1E+12", f'{effect_}<>""')
        whole = f'IF({given}>0,{total(effect_, of=(mine,))}*{share}/100,"")'
        value = expected_sum(line.record, key) if line else None
        return live(f'IF(AND({own}<>"",ISNUMBER({share})),{whole},"")', value)

    return made


def warning(facts: Facts, at: Here, line: Line) -> Formula:
    """What is said of a programme that is in no sum, or without benefit for the customer."""
    words, unknown = (facts.t(f"plan.programmes.{key}") for key in ("no_benefit", "unknown"))
    mine = f"{at.all('effects', 'programme')}={at('id')}"
    gains = ",".join(
        f"{total(at.all('effects', key), of=(mine,))}>0"
        for key in ("customer_revenue", "customer_profit")
    )

    def in_state(*codes: str) -> str:
        labels = (PROGRAMME_STATE.label(code, facts.language) for code in codes)
        return ",".join(f'{at("state")}="{label}"' for label in labels)

    sums = f"COUNT({at('expected_revenue')},{at('expected_profit')})"
    lacks = f"AND(OR({in_state('agreed', 'running')}),{sums}<2)"
    found: PlanProgramme | None = line.record
    poor = found is not None and found.state in AHEAD and not found.customer_benefit
    blank = found is not None and found.active and None in (
        found.value.revenue.value, found.value.profit.value,
    )  # fmt: skip
    poorly = f'IF(OR({gains}),"",{quoted(words)})'
    said = f'IF({lacks},{quoted(unknown)}&IF(OR({gains}),"","; "),"")&{poorly}'
    made = f'IF(OR({at("name")}="",{in_state("done", "stopped")}),"",{said})'
    return live(made, "; ".join([unknown] * blank + [words] * poor) or None)


def counts(facts: Facts, at: Here, line: Line) -> Formula:
    """How much of an effect counts: its programme's probability."""
    programme = at("programme")
    mine, share = f"{at.all('programmes', 'id')}={programme}", at.all("programmes", "probability")
    given = count(mine, f"{share}<1000", f'{share}<>""')
    found = facts.programme(line)
    value = None if found is None or found.probability is None else found.probability / 100
    made = filled(programme, f'IF({given}=0,"",{total(share, of=(mine,))}/100)')
    return live(made, value)


def active(facts: Facts, at: Here, line: Line) -> Formula:
    """1 where an effect's programme is active."""
    programme = at("programme")
    ids, state = at.all("programmes", "id"), at.all("programmes", "state")
    labels = [PROGRAMME_STATE.label(code, facts.language) for code in ("agreed", "running")]
    running = "+".join(count(f"{ids}={programme}", f'{state}="{x}"') for x in labels)
    found = facts.programme(line)
    return live(filled(programme, running), None if found is None else int(found.active))


def effect(key: str) -> Made:
    """One expected effect of a year."""

    def made(facts: Facts, at: Here, line: Line) -> Formula:
        share, own = at("counts"), at(key)
        found = facts.programme(line)
        of_year = [e for e in found.expected if e.year == line["year"]] if found else []
        value = getattr(of_year[0], key) if of_year else None
        return live(known(share, own, then=f"{share}*{own}"), value)

    return made


# --- actions -------------------------------------------------------------------------------------


def late(facts: Facts, at: Here, line: Line) -> Formula:
    """By how many days an open action is overdue."""
    due, done = at("due"), ACTION_STATE.label("done", facts.language)
    open_ = f'{at("text")}<>"",{at("state")}<>"{done}"'
    dated = f"ISNUMBER({due}),ISNUMBER({facts.as_of})"
    made = safe(f'IF(AND({open_},{dated}),MAX({facts.as_of}-{due},0),"")')
    return live(made, late_by(line.record, facts.plan.as_of) if line else None)


def sort(facts: Facts, at: Here, line: Line) -> Formula:
    """When an open action is due, for sorting."""
    due, done = at("due"), ACTION_STATE.label("done", facts.language)
    when = f"IF(ISNUMBER({due}),{due},{UNDATED})"
    made = f'IF(OR({at("text")}="",{at("state")}="{done}"),"",{when})'
    open_ = bool(line) and line.record.state is ActionState.OPEN
    return live(made, due_of(line.record) if open_ else None)


def rank(facts: Facts, at: Here, line: Line) -> Formula:
    """The place of an open action: the one due first first."""
    here, own = at("sort"), at.own("sort")
    before = count(f'{own}<>""', f"{own}<{here}")  # an inserted row has no formula here: blank
    same = count(f"{own}={here}", f"ROW({own})<=ROW({here})")
    return live(filled(here, f"{before}+{same}"), place_in(facts.open_order, line))


def promised(facts: Facts, at: Here, line: Line) -> Formula:
    """The place of an open action among those of which the customer reads."""
    here, own, share = at("place"), at.own("place"), at.own("share")
    before = count(f'{own}<>""', f'{share}<>""', f"{own}<={here}")
    value = place_in([a.id for a in promises(facts.plan)], line)
    return live(f'IF(OR({here}="",{at("share")}=""),"",{before})', value)


def unconfirmed(facts: Facts, at: Here, line: Line) -> Formula:
    """The place of a benefit among those that the customer may confirm."""
    share, seen, here, told = at.own("share"), at.own("seen"), at("share"), at("seen")
    sure = [SEEN.label(one.value, facts.language) for one in Seen if one.confirms]
    open_ = [f'{share}<>""', *(f'{seen}<>"{word}"' for word in sure)]
    place = count(*open_, f"ROW({share})<=ROW({here})")
    none = ",".join(f'{told}="{word}"' for word in sure)
    value = place_in([one.id for one in to_confirm(facts.plan)], line)
    return live(f'IF(OR({here}="",{none}),"",{place})', value)


# --- what the core says --------------------------------------------------------------------------


def days(day: date) -> int:
    """A date as spreadsheets count."""
    return day.toordinal() - _EPOCH


def kept(contact: ContactCare) -> bool:
    """Whether somebody of ours speaks to a contact regularly."""
    return contact.regular and bool(contact.counterpart.strip())


def due_of(action: Action) -> int:
    """When an action is due, as spreadsheets count; without a date: last."""
    return days(action.due) if action.due else UNDATED


def place_in(order: list[str], line: Line) -> int | None:
    """The place of a row among ids in order, from 1; None if it is none of them."""
    own = line["id"]
    return order.index(own) + 1 if own in order else None


def open_actions(actions: tuple[Action, ...]) -> list[str]:
    """The ids of the open actions, the earliest due first, in the order of the rows."""
    waiting = [a for a in actions if a.state is ActionState.OPEN]
    return [a.id for a in sorted(waiting, key=due_of)]


def promises(plan: AccountPlan) -> list[Action]:
    """The open actions of which the customer reads, the earliest due first."""
    held = {action.id: action for action in plan.actions}
    order = (held[key] for key in open_actions(plan.actions))
    return [action for action in order if action.share]


def written_for(plan: AccountPlan) -> list[PlanWish]:
    """The wishes whose answer the customer reads, where no action of which it reads answers."""
    acted = {same_id(action.wish) for action in plan.actions if action.wish and action.share}
    return [wish for wish in plan.wishes if wish.share and same_id(wish.id) not in acted]


def to_confirm(plan: AccountPlan) -> list[Lever]:
    """The benefits that are written for the customer and not confirmed, in their order."""
    return [
        one.lever for one in plan.benefits() if one.lever.share and one.known is not Known.CONFIRMED
    ]


def questions_to_ask(plan: AccountPlan) -> list[str]:
    """The ids of the questions we are not wholly sure of, the least sure first."""
    return [one.id for one in plan.unsure]


def late_by(action: Action, as_of: date | None) -> int | None:
    """Days by which an open action is overdue, 0 if it is in time; None: no date to tell by."""
    if action.state is not ActionState.OPEN or action.due is None or as_of is None:
        return None
    return max(days(as_of) - days(action.due), 0)


def expected_sum(programme: PlanProgramme, key: str) -> float | None:
    """One expected effect of a programme over all years; None if nothing is known of it."""
    given = [x for x in (getattr(e, key) for e in programme.effects) if x is not None]
    if programme.probability is None or not given:
        return None
    return float(sum(given)) * programme.probability / 100
