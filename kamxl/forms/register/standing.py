"""How far the rows of a register are: the values of what ``needs`` says with formulas."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kamxl.core.cards.deciding import NAMING
from kamxl.core.cards.own import UNDER
from kamxl.core.ids import ALTERNATIVE, MAX_REQUIREMENTS, US, is_spare, same_id
from kamxl.core.records.decision import Ruling
from kamxl.core.records.register import Settings
from kamxl.forms.scorecard.grid import MAX_COMPETITORS, OWN_KEYS
from kamxl.forms.tables.declared import Line

READY = "✓"
EVERYWHERE = "*"  # of a row that belongs to everybody
# What stands beside the competitors' ids in a card's key row and in its defined names.
RESERVED = (
    frozenset({US, ALTERNATIVE, "mark", "ids", "name", "function", "role", "date"}) | OWN_KEYS
)
TABLES = ("accounts", "segments", "contacts", "requirements", "competitors", "team", "decisions")
IDENTIFIED = TABLES[:-1]  # whose rows have ids and names
Key = tuple[str, ...]
_UNDER = ("account", "segment", "under")  # of a decision: as what a requirement of her own counts


class Standing:
    """The rows of all tables, and what each lacks, as keys of ``register.needs``.

    A key with ":" before it is a column whose header says it.
    """

    def __init__(self, lines: Mapping[str, Sequence[Line]], settings: Settings) -> None:
        self.settings = bool(settings.company.strip() and settings.period)
        self.company, self.period = bool(settings.company.strip()), bool(settings.period)
        self._all = {key: tuple(lines.get(key, ())) for key in TABLES}
        self.lines = {key: [one for one in lines.get(key, ()) if one] for key in TABLES}
        self._requirements: defaultdict[Key, list[Line]] = defaultdict(list)
        for one in self.lines["requirements"]:
            of = ids(one, "catalogue") if said(one, "catalogue") else ids(one, "account", "segment")
            self._requirements[of].append(one)
        self._doubles = {key: Counter(map(_unique(key), self.lines[key])) for key in IDENTIFIED}
        self._accounts = {ids(one, "id"): one for one in self.lines["accounts"]}
        self._segments = {ids(one, "account", "id"): one for one in self.lines["segments"]}
        self._contacts = self._by("contacts", "account")
        self._own_segments = self._by("segments", "account")
        self._alike = self._by("segments", "id")
        self._competitors = self._by("competitors", "account", "segment")
        self._rival_names: defaultdict[Key, set[str]] = defaultdict(set)
        for one in self.lines["competitors"]:
            self._rival_names[ids(one, "id")].add(same_id(str(one["name"])))
        self._under = Counter(ids(one, *_UNDER) for one in self.lines["decisions"])
        self._touching: dict[str, frozenset[str]] = {}
        self._lacks: dict[int, tuple[str, ...]] = {}
        order = ("team", "accounts", "requirements", "competitors", "contacts", "segments")
        for key in (*order, "decisions"):
            for one in self.lines[key]:
                self._lacks[id(one)] = tuple(self._lacking(key, one))

    def _by(self, key: str, *columns: str) -> Mapping[Key, list[Line]]:
        """The rows of a table by ids in them."""
        found: defaultdict[Key, list[Line]] = defaultdict(list)
        for one in self.lines[key]:
            found[ids(one, *columns)].append(one)
        return found

    def lacks(self, line: Line) -> tuple[str, ...]:
        """What a row itself wants."""
        return self._lacks.get(id(line), ())

    def needs(self, key: str, line: Line) -> tuple[str, ...]:
        """The same, and what it waits for elsewhere."""
        asked = key == "contacts" and said(line, "asked") != "yes"
        if key not in ("accounts", "segments", "contacts") or asked:
            return self.lacks(line)
        settings = () if self.settings else ("settings",)
        return (*self.lacks(line), *settings, *getattr(self, f"_{key}_wait")(line))

    def ready(self, key: str, line: Line) -> bool:
        """Whether a row says so."""
        silent = key == "contacts" and said(line, "asked") != "yes"
        return bool(line) and not silent and not self.needs(key, line)

    def open(self, key: str) -> list[tuple[int, tuple[str, ...]]]:
        """The rows that still need something, by their places from 0."""
        rows = enumerate(self._all[key])
        return [(place, found) for place, one in rows if one and (found := self.needs(key, one))]

    def at(self, key: str, place: int) -> Line:
        """A row of a table by its place from 0."""
        return self._all[key][place]

    def reached(self, segment: Line, *, whole: bool) -> int:
        """How many contacts are asked about a segment; ``whole``: whose row lacks nothing."""
        return sum(
            said(one, "asked") == "yes" and _named(one, segment) and not (whole and self.lacks(one))
            for one in self._contacts.get(ids(segment, "account"), ())
        )

    def requirements(self, segment: Line) -> list[Line]:
        """The rows that a segment asks, its catalogue's and its own."""
        shared = self._requirements[ids(segment, "catalogue")] if said(segment, "catalogue") else []
        return [*shared, *self._requirements[ids(segment, "account", "id")]]

    # --- what a row itself wants -----------------------------------------------------------------

    def _lacking(self, key: str, line: Line) -> Iterator[str]:
        if key in ("segments", "contacts"):
            yield from self._of_account(line)
        if key in IDENTIFIED:
            if self._doubles[key][_unique(key)(line)] > 1:
                yield "double"
            if not said(line, "label" if key == "requirements" else "name"):
                yield ":label" if key == "requirements" else ":name"
        yield from getattr(self, f"_{key}_lack")(line)

    def _of_account(self, line: Line) -> Iterator[str]:
        account = self._accounts.get(ids(line, "account"))
        if account is None:
            yield "account_unknown"
        elif self.lacks(account):
            yield "account_open"

    def _team_lack(self, line: Line) -> Iterator[str]:
        yield from ()

    def _accounts_lack(self, line: Line) -> Iterator[str]:
        manager = str(said(line, "manager") or "").casefold()
        theirs = (one for one in self.lines["team"] if manager in _called(one))
        if manager and any(map(self.lacks, theirs)):
            yield "team_open"

    def _segments_lack(self, line: Line) -> Iterator[str]:
        asked = self.requirements(line)
        catalogue = said(line, "catalogue")
        if catalogue and not self._requirements[ids(line, "catalogue")]:
            yield "catalogue_unknown"
        elif not asked:
            yield "requirements"
        elif len(asked) > MAX_REQUIREMENTS:
            yield "requirements_many"
        shared = self._requirements[ids(line, "catalogue")] if catalogue else ()
        if any(map(self.lacks, shared)) or self._touched("requirements", line):
            yield "requirements_open"
        if said(line, "rivals") == "alternative":
            return
        if len(self._rivals(line)) > MAX_COMPETITORS:
            yield "rivals_many"
        if self._touched("competitors", line):
            yield "rivals_open"

    def _touched(self, key: str, segment: Line) -> bool:
        account, own = ids(segment, "account", "id")
        ways = {f"{account}/{own}", f"{account}/", f"/{own}", EVERYWHERE}
        if key not in self._touching:
            # asked for segments alone, whose turn it is when all of these are judged
            every = (same_id(self.touches(key, one)) for one in self.lines[key])
            self._touching[key] = frozenset(every)
        return not ways.isdisjoint(self._touching[key])

    def touches(self, key: str, line: Line) -> str:
        """Whose cards wait for a row of requirements or competitors that is not whole."""
        if not self.lacks(line):
            return ""
        account, segment = (str(said(line, one) or "") for one in ("account", "segment"))
        if not account and not segment and key == "competitors":
            return EVERYWHERE
        if ids(line, "account") in self._accounts:
            known = ids(line, "account", "segment") in self._segments
            return f"{account}/{segment if known else ''}"
        alone = len(self._alike.get(ids(line, "segment"), ())) == 1
        return f"/{segment}" if segment and alone else ""

    def _rivals(self, segment: Line) -> list[Line]:
        (account,), (own,) = ids(segment, "account"), ids(segment, "id")
        owners = {("", ""), ("", own), (account, ""), (account, own)}
        return [one for owner in owners for one in self._competitors.get(owner, ())]

    def _contacts_lack(self, line: Line) -> Iterator[str]:
        named = [same_id(one) for one in said(line, "segments") or ()]
        account = ids(line, "account")
        if not all((*account, one) in self._segments for one in named):
            yield "segments_unknown"

    def _requirements_lack(self, line: Line) -> Iterator[str]:
        if said(line, "catalogue"):
            if said(line, "account") or said(line, "segment"):
                yield "scope_both"
        elif not (said(line, "account") and said(line, "segment")):
            yield "scope_none"
        elif ids(line, "account", "segment") not in self._segments:
            yield "segment_unknown"
        else:
            segment = self._segments[ids(line, "account", "segment")]
            shared = self._requirements[ids(segment, "catalogue")]
            if said(segment, "catalogue") and ids(line, "id") in {ids(x, "id") for x in shared}:
                yield "in_catalogue"
        if is_spare(str(line["id"])):
            yield "reserved"

    def _competitors_lack(self, line: Line) -> Iterator[str]:
        account, segment = said(line, "account"), said(line, "segment")
        if segment and not account:
            yield ":account"
        elif account and ids(line, "account") not in self._accounts:
            yield "account_unknown"
        elif segment and ids(line, "account", "segment") not in self._segments:
            yield "segment_unknown"
        own = str(line["id"])
        if same_id(own) in RESERVED or is_spare(own):
            yield "reserved"
        if len(self._rival_names[ids(line, "id")]) > 1:
            yield "name_conflict"

    def _decisions_lack(self, line: Line) -> Iterator[str]:
        if said(line, "account") and ids(line, "account") not in self._accounts:
            yield "account_unknown"
        ruling, own = line["decision"], said(line, "requirement")
        if ruling in UNDER or (ruling == Ruling.LEAVE_OUT and own):
            yield from self._own_lack(line)
            return
        card = all(said(line, one) for one in ("account", "segment", "respondent", "period"))
        if not (card or said(line, "file")):
            yield "whose"
        by_row = ruling == Ruling.ANSWER_OF and said(line, "file") and said(line, "respondent")
        if ruling in NAMING and not (said(line, "person") or by_row):
            yield ":person"

    def _own_lack(self, line: Line) -> Iterator[str]:
        """What a decision about a requirement of a customer's own wants."""
        of, ruling = ids(line, "account", "segment"), line["decision"]
        segment = self._segments.get(of)
        if segment is None and all(of) and ids(line, "account") in self._accounts:
            yield "segment_unknown"
        if not all(said(line, one) for one in ("account", "segment", "requirement")):
            yield "whose_own"
        if ruling in UNDER and not said(line, "under"):
            yield ":under"
        if ruling != Ruling.REQUIREMENT_SAME or segment is None or not said(line, "under"):
            return
        asked = {ids(one, "id") for one in self.requirements(segment)}
        if ids(line, "under") not in asked and self._under[ids(line, *_UNDER)] == 1:
            yield "not_asked"

    # --- what it waits for -----------------------------------------------------------------------

    def _segments_wait(self, line: Line) -> Iterator[str]:
        if not self.reached(line, whole=True):
            yield "asked"

    def _contacts_wait(self, line: Line) -> Iterator[str]:
        own = self._own_segments.get(ids(line, "account"), ())
        if not any(_named(line, one) and not self.lacks(one) for one in own):
            yield "segment_open"

    def _accounts_wait(self, line: Line) -> Iterator[str]:
        own = self._own_segments.get(ids(line, "id"), ())
        if not own:
            yield "segment"
        elif not any(self.ready("segments", one) for one in own):
            contacts = self._contacts.get(ids(line, "id"), ())
            someone = any(said(one, "asked") == "yes" for one in contacts)
            yield "segment_open" if someone else "asked"


def said(line: Line, column: str) -> Any:
    """What stands in a row under a column, None if nothing does."""
    return line[column] or None


def _called(member: Line) -> tuple[str, str]:
    """By what accounts name somebody of the team."""
    return str(member["id"]).casefold(), str(member["name"]).casefold()


def ids(line: Line, *columns: str) -> Key:
    """Ids of a row as they are compared."""
    return tuple(same_id(str(line[column] or "")) for column in columns)


def _unique(key: str) -> Any:
    columns = {
        "segments": ("account", "id"),
        "contacts": ("account", "id"),
        "requirements": ("catalogue", "account", "segment", "id"),
        "competitors": ("account", "segment", "id"),
    }.get(key, ("id",))
    return lambda line: ids(line, *columns)


def _named(contact: Line, segment: Line) -> bool:
    """Whether a contact is asked about a segment of her account."""
    named = said(contact, "segments")
    return not named or ids(segment, "id")[0] in map(same_id, named)


__all__ = ["READY", "RESERVED", "TABLES", "Standing", "ids", "said"]
