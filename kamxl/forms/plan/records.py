"""From the rows of the plan's tables to records, one table after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from kamxl.core.finding import Finding
from kamxl.core.ids import same_id
from kamxl.core.method.economics import FieldKind
from kamxl.core.method.ladder import SupplierStatus
from kamxl.core.method.programmes import Action, ActionState, Effect, ProgrammeState
from kamxl.core.method.selection import Answer
from kamxl.core.records.plan import (
    ContactCare,
    DiscoveryAnswer,
    Economic,
    EconomicKind,
    Idea,
    IdeaState,
    Lever,
    LeverKind,
    OwnRating,
    PlanField,
    PlanFunction,
    PlanIndicator,
    PlanProgramme,
    PlanWish,
)
from kamxl.core.roles import Role
from kamxl.forms.tables.reading import Row, TableRead


def field_of(row: Row, own: str) -> PlanField:
    """The field in a row."""
    return PlanField(
        own,
        row["name"],
        FieldKind(row["kind"]),
        row.words("market"),
        row["revenue_last"],
        row["revenue_now"],
        row["potential"],
        row["share_of_wallet"],
        row["margin"],
        Answer(row["developable"] or "unknown"),
        row.words("approach"),
        segment=row.words("segment"),
    )


def indicator_of(row: Row, own: str) -> PlanIndicator:
    """The indicator in a row."""
    level = SupplierStatus[row["level"].upper()]
    met = {"yes": True, "no": False}.get(row.words("met"))
    return PlanIndicator(own, level, met, row["text"], row.words("evidence"))


def answer_of(row: Row, own: str) -> DiscoveryAnswer:
    """The answer in a row."""
    return DiscoveryAnswer(
        own,
        row["question"],
        row.words("answer"),
        row["sureness"],
        row.words("source"),
        row.words("agreed_with"),
        row.words("shared"),
        row.words("next_step"),
        row.words("owner"),
    )


def economic_of(row: Row, own: str) -> Economic:
    """The economic in a row."""
    return Economic(
        own,
        EconomicKind(row["kind"]),
        row["item"],
        row["share"],
        row["amount"],
        row["potential"],
        row.words("contribution"),
        row.words("source"),
    )


def idea_of(row: Row, own: str) -> Idea:
    """The idea in a row."""
    return Idea(
        own,
        row["idea"],
        row.words("benefit_customer"),
        row.words("benefit_ours"),
        row["potential"],
        row.words("agreed_with"),
        IdeaState(row["state"] or "idea"),
    )


def contact_of(row: Row, own: str) -> ContactCare:
    """The contact in a row."""
    return ContactCare(
        own,
        row.words("name"),
        row.words("function"),
        Role(row["role"]) if row["role"] else None,
        row.words("rhythm"),
        row.words("counterpart"),
        row["strength"],
        row.words("remark"),
    )


def function_of(row: Row, own: str) -> PlanFunction:
    """The function in a row."""
    responsible = row["revenue_responsible"] == "yes"
    return PlanFunction(own, responsible, row["name"], row.words("remark"))


def rating_of(row: Row, own: str) -> OwnRating:
    """The rating in a row."""
    return OwnRating(
        row["segment"],
        own,
        row.words("label"),
        row["weight"],
        row["rating"],
        row["customer"],
        row.words("remark"),
    )


def wish_of(row: Row, own: str) -> PlanWish:
    """The wish in a row."""
    return PlanWish(
        own,
        row.words("who"),
        row.words("issue"),
        row.words("remedy"),
        row["importance"],
        row.words("reply"),
    )


def lever_of(row: Row, own: str) -> Lever:
    """The lever in a row."""
    return Lever(
        own,
        row["lever"],
        LeverKind(row["kind"] or "other"),
        row["amount"],
        row.words("proof"),
        None if row["agreed"] is None else row["agreed"] == "yes",
        row.words("agreed_with"),
        row["agreed_on"],
    )


def effect_of(row: Row) -> Effect:
    """The effect in a row."""
    return Effect(
        int(row["year"]),
        row["revenue"],
        row["profit"],
        row["customer_revenue"],
        row["customer_profit"],
    )


def programme_of(row: Row, own: str, effects: list[Effect]) -> PlanProgramme:
    """The programme in a row."""
    start: date | None = row["start"]
    return PlanProgramme(
        own,
        row["name"],
        ProgrammeState(row["state"] or "idea"),
        row["probability"],
        start,
        tuple(effects),
        need=row.words("need"),
        argument=row.words("argument"),
        owner=row.words("owner"),
        customer_owner=row.words("customer_owner"),
    )


EARLIEST_YEAR, LATEST_YEAR = 1990, 2200
# What the rows of a table are numbered with where nobody gave them an id.
PREFIXES = {"ladder": "i", "discovery": "q", "economics": "e", "ideas": "n", "functions": "fn",
            "value": "v", "actions": "a"}  # fmt: skip


class RowReader:
    """The rows of all tables as records; ``findings`` gathers what is wrong with them."""

    def __init__(self, tables: Mapping[str, TableRead]) -> None:
        self.tables = tables
        self.findings: list[Finding] = []
        for table in tables.values():
            self.findings += table.findings

    def records(self) -> dict[str, tuple[Any, ...]]:
        """Fields of an ``AccountPlan``, in the order of the sheets."""
        found: dict[str, tuple[Any, ...]] = {
            "fields": self._all("fields", field_of),
            "indicators": self._all("ladder", indicator_of),
            "discovery": self._all("discovery", answer_of),
            "economics": self._all("economics", economic_of),
            "ideas": self._all("ideas", idea_of),
            "contacts": self._all("contacts", contact_of),
            "functions": self._all("functions", function_of),
            "ratings": self._all("self", rating_of),
            "wishes": self._all("wishes", wish_of),
            "levers": self._all("value", lever_of),
        }
        found["programmes"] = self._programmes()
        found["actions"] = self._actions(found)
        return found

    def _all(self, key: str, make: Callable[[Row, str], Any]) -> tuple[Any, ...]:
        return tuple(make(row, own) for row, own in self._rows(key))

    def _rows(self, key: str) -> Iterator[tuple[Row, str]]:
        """The rows that hold what they need, each once, with its id."""
        table = self.tables[key]
        if any(one.code == "column-duplicate" for one in table.findings):
            return  # which of the two holds the truth is not for us to say
        rows = []
        seen: dict[tuple[str, ...], str] = {}
        for row in table.rows:
            self.findings += row.findings
            if any(row[c.id] is None for c in table.form.columns if c.required):
                continue
            unique = tuple(same_id(str(row[one] or "")) for one in table.form.unique)
            last = table.form.unique[-1]
            first = seen.setdefault(unique, row.cells.get(last, "")) if unique[-1] else ""
            if first and first != row.cells.get(last, ""):
                self.findings.append(row.flag("id-duplicate", last, row.seen(last), first=first))
                continue
            rows.append(row)
        yield from self._numbered(key, rows)

    def _numbered(self, key: str, rows: list[Row]) -> Iterator[tuple[Row, str]]:
        """Each row with its id, or with the next free number."""
        taken = {same_id(row.words("id")) for row in rows}
        count = 0
        for row in rows:
            own = row.words("id")
            while not own:
                count += 1
                free = f"{PREFIXES.get(key, 'r')}{count}"
                own = "" if free in taken else free
            yield row, own

    # --- programmes, effects, actions ------------------------------------------------------------

    def _programmes(self) -> tuple[PlanProgramme, ...]:
        rows = list(self._rows("programmes"))
        known = {same_id(own): own for _, own in rows}
        effects: dict[str, list[Effect]] = {key: [] for key in known}
        for row, _ in self._rows("effects"):
            programme, year = same_id(row.words("programme")), row["year"]
            if programme not in known:
                self._unknown(row, "programme", known, "programmes")
            elif not (float(year).is_integer() and EARLIEST_YEAR <= year <= LATEST_YEAR):
                self.findings.append(row.flag("period-bad", "year", row.seen("year")))
            else:
                effects[programme].append(effect_of(row))
        return tuple(programme_of(row, own, effects[same_id(own)]) for row, own in rows)

    def _unknown(self, row: Row, key: str, known: Mapping[str, str], table: str) -> None:
        """What a row names does not exist: said, unless it stands there and is itself wrong."""
        others = {same_id(one.seen("id")) for one in self.tables[table].rows}
        if not self.tables[table].broken and same_id(row.words(key)) not in others:
            choices = ", ".join(known.values()) or "–"
            self.findings.append(row.flag("choice-unknown", key, row.seen(key), choices=choices))

    def _actions(self, found: Mapping[str, tuple[Any, ...]]) -> tuple[Action, ...]:
        programmes = {same_id(p.id): p.id for p in found["programmes"]}
        wishes = {same_id(w.id): w.id for w in found["wishes"]}
        asked = {(same_id(r.segment), same_id(r.id)): (r.segment, r.id) for r in found["ratings"]}
        actions = []
        for row, own in self._rows("actions"):
            programme = row.words("programme")
            if programme and same_id(programme) not in programmes:
                self._unknown(row, "programme", programmes, "programmes")
            segment, requirement, wish = self._aim(row, wishes, asked)
            actions.append(
                Action(
                    own,
                    row["text"],
                    programmes.get(same_id(programme), ""),
                    segment=segment,
                    requirement=requirement,
                    wish=wish,
                    owner=row.words("owner"),
                    customer_owner=row.words("customer_owner"),
                    due=row["due"],
                    state=ActionState(row["state"] or "open"),
                )
            )
        return tuple(actions)

    def _aim(
        self, row: Row, wishes: Mapping[str, str], asked: Mapping[tuple[str, str], tuple[str, str]]
    ) -> tuple[str, str, str]:
        """(segment, requirement, wish) that an action aims at, each "" if it is not that."""
        named = row.words("closes")
        if not named:
            return "", "", ""
        if same_id(named) in wishes:
            return "", "", wishes[same_id(named)]
        segment, _, requirement = named.rpartition("/")
        whole = asked.get((same_id(segment), same_id(requirement)))
        if segment and whole:
            return whole[0], whole[1], ""
        everywhere = next((r for (_, key), (_, r) in asked.items() if key == same_id(named)), None)
        if everywhere:
            return "", everywhere, ""
        if self.tables["self"].broken or self.tables["wishes"].broken:
            return segment, requirement, ""
        self.findings.append(row.flag("choice-unknown", "closes", row.seen("closes")))
        return "", "", ""
