"""From the rows of the plan's tables to records, one table after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kamxl.core.finding import Finding
from kamxl.core.ids import same_id
from kamxl.core.method.programmes import Action, Actual, Effect
from kamxl.core.records.plan import OTHER, ContactCare, Lever, PlanFunction, PlanProgramme
from kamxl.forms.plan.functions import settled
from kamxl.forms.plan.sheets import (
    ACTIONS,
    CONTACTS,
    EFFECTS,
    FORMS,
    HOLDS,
    OUTCOMES,
    PROGRAMMES,
    VALUE,
)
from kamxl.forms.tables.functions import unknown_function
from kamxl.forms.tables.reading import Row, TableRead

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
            HOLDS[table.key]: tuple(
                table.record_of(row, id=own) for row, own in self._rows(table.key)
            )
            for table in FORMS
            # these name what stands on others
            if table not in (CONTACTS, VALUE, PROGRAMMES, EFFECTS, ACTIONS)
        }
        found["contacts"] = self._contacts(found["functions"])
        found["levers"] = self._levers(found["contacts"])
        found["programmes"] = self._programmes()
        found["actions"] = self._actions(found)
        return found

    def _whole(self, key: str) -> list[Row]:
        """The rows that hold what they need, each once."""
        table = self.tables[key]
        if any(one.code == "column-duplicate" for one in table.findings):
            return []  # which of the two holds the truth is not for us to say
        rows: list[Row] = []
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
        return rows

    def _rows(self, key: str) -> Iterator[tuple[Row, str]]:
        """The same, each with its id, or with the next free number."""
        rows = self._whole(key)
        taken = {same_id(row.words("id")) for row in rows}
        count = 0
        for row in rows:
            own = row.words("id")
            while not own:
                count += 1
                free = f"{PREFIXES.get(key, 'r')}{count}"
                own = "" if free in taken else free
            yield row, own

    # --- contacts ---------------------------------------------------------------------------------

    def _contacts(self, functions: tuple[PlanFunction, ...]) -> tuple[ContactCare, ...]:
        """The contacts; a function that is none of the plan's, and nobody knows, is said."""
        rows = list(self._rows("contacts"))
        contacts = settled((CONTACTS.record_of(row, id=own) for row, own in rows), functions)
        language = self.tables["contacts"].language
        for (row, _), contact in zip(rows, contacts, strict=True):
            if contact.counts_as == OTHER and not self.tables["functions"].broken:
                self.findings += unknown_function(row, language)
        return contacts

    # --- levers -----------------------------------------------------------------------------------

    def _levers(self, contacts: tuple[ContactCare, ...]) -> tuple[Lever, ...]:
        """The levers; one that asks somebody unknown stays so, and asks nobody."""
        known = {same_id(contact.id): contact.id for contact in contacts}
        levers = []
        for row, own in self._rows("value"):
            asks = row.words("asks")
            if asks and same_id(asks) not in known:
                self._unknown(row, "asks", known, "contacts")
            asked = known.get(same_id(asks), asks)
            levers.append(VALUE.record_of(row, id=own, asks=asked))
        return tuple(levers)

    # --- programmes, effects, actions ------------------------------------------------------------

    def _programmes(self) -> tuple[PlanProgramme, ...]:
        rows = list(self._rows("programmes"))
        known = {same_id(own): own for _, own in rows}
        effects: dict[str, list[Effect]] = {key: [] for key in known}
        for row in self._whole("effects"):
            programme, year = same_id(row.words("programme")), row["year"]
            if programme not in known:
                self._unknown(row, "programme", known, "programmes")
            elif not (float(year).is_integer() and EARLIEST_YEAR <= year <= LATEST_YEAR):
                self.findings.append(row.flag("period-bad", "year", row.seen("year")))
            else:
                actual = _actual(row)
                effects[programme].append(EFFECTS.record_of(row, year=int(year), actual=actual))
        return tuple(
            PROGRAMMES.record_of(row, id=own, effects=tuple(effects[same_id(own)]))
            for row, own in rows
        )

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
            known = programmes.get(same_id(programme), "")
            aim = self._aim(row, wishes, asked)
            actions.append(ACTIONS.record_of(row, id=own, programme=known, **aim))
        return tuple(actions)

    def _aim(
        self, row: Row, wishes: Mapping[str, str], asked: Mapping[tuple[str, str], tuple[str, str]]
    ) -> dict[str, str]:
        """The requirement (of which segment), or the wish, that an action aims at."""
        named = row.words("closes")
        if not named:
            return {}
        if same_id(named) in wishes:
            return {"wish": wishes[same_id(named)]}
        segment, _, requirement = named.rpartition("/")
        whole = asked.get((same_id(segment), same_id(requirement)))
        if segment and whole:
            return {"segment": whole[0], "requirement": whole[1]}
        everywhere = next((r for (_, key), (_, r) in asked.items() if key == same_id(named)), None)
        if everywhere:
            return {"requirement": everywhere}
        if self.tables["self"].broken or self.tables["wishes"].broken:
            return {"segment": segment, "requirement": requirement}
        self.findings.append(row.flag("choice-unknown", "closes", row.seen("closes")))
        return {}


def _actual(row: Row) -> Actual | None:
    """What a programme did change in a year; None: nothing is known of it."""
    found = {key: row[f"actual_{key}"] for key in OUTCOMES}
    return Actual(**found) if any(value is not None for value in found.values()) else None
