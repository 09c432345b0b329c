"""Which row of a returned table is which requirement, where its ids and its labels tell of it.

The id column is narrow, grey and nobody looks at it: people sort what they see, clear what they do
not understand and paste over both. So a row's id is believed until its label is exactly another
asked one's; then the label, which she saw while she typed, is proof. What follows is a table whose
id column says it, and everything after this reads that column alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, lru_cache

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import SPARE_PREFIX, SPARE_ROWS, is_id, is_spare, same_id
from kamxl.core.records.register import AskedRequirement, CardOrder
from kamxl.forms.paper.raw import RawCell, RawKind, a1
from kamxl.forms.scorecard.grid import ANCHOR, COVERAGE, ID, LABEL, RANK, SUM, TOTAL, WHO
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.locate import Located
from kamxl.wording.texts import spoken
from kamxl.wording.understood import unseen

OWN_HEADING = ":own"  # the row that invites the customer's own requirements
_ALIKE = 0.85  # of two wordings with a slip of the finger
_MOST, _LONGEST = 50, 200  # rows and letters that are compared so: it takes its time
_RESULTS = {"sum": SUM, "total": TOTAL, "coverage": COVERAGE, "rank": RANK}


def same_text(text: str) -> str:
    """The form under which labels are compared: as a card can hold them, without case."""
    return _short(text) if len(text) <= _LONGEST else _same(text)


def _same(text: str) -> str:
    return plain(unseen(fields.harmless(text))).casefold()


_short = lru_cache(5_000)(_same)  # labels are compared again and again


@cache
def captions() -> Mapping[str, str]:
    """What our own rows are labelled, in every language and earlier version (folded), and the id

    of each: such a row is never a requirement, whatever became of its id.
    """
    rows = {**_RESULTS, "own": OWN_HEADING, **{f"who_{key}": f":{key}" for key in WHO}}
    return {
        same_text(said): id_
        for key, id_ in rows.items()
        for said in spoken(f"scorecard.table.{key}")
    }


def identified(table: Located, order: CardOrder | None) -> tuple[Located, list[Finding]]:
    """The table with an id in each row that is known by its label alone, and what is said of it."""
    rows = _Rows.of(table)
    known = {same_id(r.id): r for r in order.requirements} if order else {}
    given = _captioned(rows, known)
    found: list[Finding] = []
    if known:
        by_label, found = _by_labels(replace(rows, ids={**rows.ids, **given}), known)
        given |= by_label
    elif not any(is_id(id_) and not is_spare(id_) for id_ in rows.ids.values()):
        given |= _numbered(rows, given)
    given |= _spare(rows, given, known)
    return (_with_ids(table, given) if given else table), found


@dataclass(frozen=True)
class _Rows:
    """The ids (folded) and labels (as compared) of a table's rows; empty ones are not in it."""

    table: Located
    ids: Mapping[int, str]
    labels: Mapping[int, str]

    @classmethod
    def of(cls, table: Located) -> _Rows:
        told: dict[str, dict[int, str]] = {ID: {}, LABEL: {}}
        for key, texts in told.items():
            for row in table.rows():
                cell = table.cell(row, key)
                if cell and (seen := same_text(cell.text)):
                    texts[row] = seen
        return cls(table, told[ID], told[LABEL])

    def of_id(self, id_: str) -> list[int]:
        """The rows with an id, from the top."""
        return [row for row, seen in self.ids.items() if seen == id_]


def _captioned(rows: _Rows, known: Mapping[str, AskedRequirement]) -> dict[int, str]:
    """Our own rows that lost their ids, by their captions: each once.

    "Name" or "Rank" may be what a customer calls a requirement: above the sums they are not ours.
    """
    there = set(rows.ids.values())
    asked = {same_text(r.label) for r in known.values()}
    sums = next(iter(rows.of_id(SUM)), 0)
    found: dict[int, str] = {}
    for row, label in rows.labels.items():
        id_, seen = captions().get(label), rows.ids.get(row, "")
        spare = is_spare(seen) and id_ != OWN_HEADING
        lost = not seen or (known and not (seen in known or seen.startswith(":") or spare))
        if not id_ or not lost or id_ in there or label in asked:
            continue
        if id_ == SUM or (id_ == OWN_HEADING) != bool(sums and row > sums):
            sums = row if id_ == SUM else sums
            there.add(id_)
            found[row] = id_
    return found


def _by_labels(
    rows: _Rows, known: Mapping[str, AskedRequirement]
) -> tuple[dict[int, str], list[Finding]]:
    """The ids that labels give to rows, where these contradict their ids or have none."""
    often = Counter(same_text(r.label) for r in known.values())
    exact = {same_text(r.label): id_ for id_, r in known.items() if often[same_text(r.label)] == 1}
    last = next(iter(rows.of_id(SUM)), rows.table.last_row + 1)
    told = {
        row: exact[label] for row, label in rows.labels.items() if label in exact and row < last
    }
    wrong = [
        row for row, id_ in told.items() if rows.ids.get(row) in known and rows.ids[row] != id_
    ]
    if not wrong:
        given = _without_ids(rows, told, known, last)
        lost = [row for row, id_ in given.items() if id_]
        return given, [_said(rows, min(lost), "gone", len(lost))] if lost else []
    if not _permuted(rows, told, known) or _denied(rows, told, known, wrong):
        return {}, [_contradiction(rows, wrong, told, known)]
    taken = set(told.values())
    freed = {row: id_ for row, id_ in rows.ids.items() if id_ in taken and row not in told}
    given = {row: captions().get(rows.labels.get(row, ""), "") for row in freed}
    given |= {row: known[id_].id for row, id_ in told.items() if rows.ids.get(row) != id_}
    return given, [_said(rows, min(wrong), "sorted", len(wrong))]


def _without_ids(
    rows: _Rows, told: Mapping[int, str], known: Mapping[str, AskedRequirement], last: int
) -> dict[int, str]:
    """Rows with an asked label and no asked id, if no other row can be that requirement."""
    lost = {row: id_ for row, id_ in told.items() if rows.ids.get(row) not in known}
    lost |= _nearly(rows, told, known, last)
    often = Counter(lost.values())
    found: dict[int, str] = {}
    for row, id_ in lost.items():
        emptied = rows.of_id(id_)
        if often[id_] == 1 and not any(_filled(rows.table, other) for other in emptied):
            found |= {**dict.fromkeys(emptied, ""), row: known[id_].id}
    return found


def _nearly(
    rows: _Rows, told: Mapping[int, str], known: Mapping[str, AskedRequirement], last: int
) -> dict[int, str]:
    """Rows without any id whose label is a missing one's but for a slip."""
    there = {*told.values(), *rows.ids.values()}
    missing = {same_text(r.label): id_ for id_, r in known.items() if id_ not in there}
    if not missing:
        return {}
    own = [row for row in rows.labels if row < last and row not in told and not rows.ids.get(row)]
    close = {
        row: get_close_matches(rows.labels[row][:_LONGEST], missing, 2, _ALIKE)
        for row in own[:_MOST]
    }
    return {row: missing[found[0]] for row, found in close.items() if len(found) == 1}


def _filled(table: Located, row: int) -> bool:
    """Whether a row holds anything but its id and our formulas."""
    ours = table.column(ID)
    cells = table.sheet.cells.items()
    return any(at == row and column != ours and not cell.formula for (at, column), cell in cells)


def _permuted(rows: _Rows, told: Mapping[int, str], known: Mapping[str, AskedRequirement]) -> bool:
    """Whether labels only changed places: each stands once, and no requirement lost its own."""
    labels = Counter(told.values())
    if any(count > 1 for count in labels.values()):
        return False
    for id_ in known:
        for row in rows.of_id(id_):
            if row in told and id_ not in labels:
                return False  # its label is gone, and another's stands in its row
            renamed = row not in told and rows.labels.get(row) not in (None, *captions())
            if renamed and id_ in labels and len(labels) < len(known):
                return False  # a wording of her own in a row whose label stands elsewhere
    return True


def _denied(
    rows: _Rows,
    told: Mapping[int, str],
    known: Mapping[str, AskedRequirement],
    wrong: list[int],
) -> bool:
    """Whether what else stands in these rows, their scale, still goes with the ids."""
    for row in wrong:
        cell = rows.table.cell(row, ANCHOR)
        seen = same_text(cell.text) if cell else ""
        if (
            seen
            and _goes_with(seen, known[rows.ids[row]])
            and not _goes_with(seen, known[told[row]])
        ):
            return True
    return False


def _goes_with(seen: str, asked: AskedRequirement) -> bool:
    """Whether a scale in words is that of a requirement."""
    words = [same_text(anchor) for anchor in asked.anchors if anchor]
    return bool(words) and all(word in seen for word in words)


def _numbered(rows: _Rows, given: Mapping[int, str]) -> dict[int, str]:
    """Ids for what a card without record and without any id lists: R1, R2, ..."""
    ours = [row for row, id_ in given.items() if id_ == OWN_HEADING or id_ in _RESULTS.values()]
    end = min(ours, default=rows.table.last_row + 1)
    listed = [row for row in rows.labels if row < end and row not in given]
    return {row: f"R{n}" for n, row in enumerate(listed, 1)}


def _spare(
    rows: _Rows, given: Mapping[int, str], known: Mapping[str, AskedRequirement]
) -> dict[int, str]:
    """The ids of the free rows below our heading, where that was known by its caption alone."""
    ids = {row: same_id(id_) for row, id_ in {**rows.ids, **given}.items()}
    heading = next((row for row, id_ in given.items() if id_ == OWN_HEADING), 0)
    end = next((row for row, id_ in ids.items() if id_ == SUM), 0)
    if not heading or any(is_spare(id_) for id_ in ids.values()):
        return {}
    free = range(heading + 1, min(end, heading + 1 + SPARE_ROWS))
    lost = {row for row in free if (seen := ids.get(row, ""))[:1] != ":" and seen not in known}
    return {row: f"{SPARE_PREFIX}{n}" for n, row in enumerate(free, 1) if row in lost}


def _with_ids(table: Located, given: Mapping[int, str]) -> Located:
    """The table with these ids in its id column; one that is gone stands left of the sheet."""
    places = table.columns.get(ID, (0,))  # each of them, where somebody copied the table beside
    ids = {(row, at): RawCell(RawKind.TEXT, id_) for row, id_ in given.items() for at in places}
    cells, columns = {**table.sheet.cells, **ids}, {**table.columns, ID: places}
    return replace(table, sheet=replace(table.sheet, cells=cells), columns=columns)


def _said(rows: _Rows, row: int, why: str, count: int) -> Finding:
    place = {"sheet": rows.table.sheet.title, "cell": a1(row, rows.table.column(LABEL) or 1)}
    return finding("rows-by-label", why=why, count=count, **place)


def _contradiction(
    rows: _Rows, wrong: list[int], told: Mapping[int, str], known: Mapping[str, AskedRequirement]
) -> Finding:
    """One sentence for all of them, at the first."""
    row = min(wrong)
    place = {"sheet": rows.table.sheet.title, "cell": a1(row, rows.table.column(LABEL) or 1)}
    value, label = known[told[row]].label, known[rows.ids[row]].label
    return finding("label-contradicts", value=value, label=label, count=len(wrong), **place)
