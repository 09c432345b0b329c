"""What stands below the map: whoever has no place on it is named, whatever else is to be said."""

from __future__ import annotations

from dataclasses import replace

from kamxl.core.method.selection import Candidate, SelectionCriterion
from kamxl.core.portfolio.whole import assemble
from kamxl.core.records.register import Segment
from kamxl.forms.portfolio.book import book
from kamxl.forms.portfolio.map import FIRST, LAST, TOP
from tests.core.test_portfolio import BEFORE, NOW, Rows, register, reply
from tests.forms import portfolio_sample as sample

COMPARED: Rows = {"R1": (100.0, 60.0, 50.0)}
ALONE: Rows = {"R1": (100.0, 60.0, None)}


def test_every_note_below_a_full_map_has_room() -> None:
    """Hollow, earlier, without revenue, more than are drawn, not compared, not judged."""
    ids = [f"C{n:02}" for n in range(35)]
    rated = {criterion.value: 70.0 for criterion in SelectionCriterion}
    revenues = dict.fromkeys(ids, 5.0) | dict.fromkeys(ids[:12], None)
    segments = [Segment(i, "S", "Segment", revenues[i]) for i in ids]
    segments.append(Segment(ids[13], "L", "Large", 95.0))  # of it nobody says anything
    replies = [reply(COMPARED, account=i) for i in ids[:23]]
    replies += [reply(COMPARED, account=ids[14], period=BEFORE)]
    replies = [r for r in replies if (r.order.account, r.order.period) != (ids[14], NOW)]
    replies += [reply(ALONE, account=ids[13], segment="L")]
    replies += [reply(ALONE, account=i) for i in ids[23:28]]
    made = register(*segments)
    candidates = [Candidate(i, i, rated, revenue=revenues[i]) for i in ids[:28]]
    made = replace(
        made,
        accounts=tuple(replace(a, name=f"Account with a rather long name {a.id}")
                       for a in made.accounts),
        candidates=tuple(replace(c, revenue=7.0) if c.account in ids[13:15] else c
                         for c in candidates),
    )  # fmt: skip
    sheet = book(assemble(made, NOW, replies, []), "de", sample.STAMP, {}).sheet("map")
    under = {row: str(cell.content) for (row, column), cell in sheet.cells.items()
             if column == 1 and row > FIRST + TOP - 1}  # fmt: skip
    said = " ".join(under.values())
    for begins in (
        "Hohl:",
        "Blass:",
        "Umsatz unbekannt",
        "Ohne Vergleich",
        "3 weitere Kunden",
        "Nicht auf der Portfoliokarte, weil Auswahl oder Antwort fehlt (7)",
    ):
        assert begins in said, said
    assert sheet.print_area is not None
    assert max(under) <= LAST
    assert sheet.print_area.endswith(str(max(under)))


def test_what_is_missing_for_a_verdict_can_be_read() -> None:
    """It is not shrunk into one line."""
    rated = {criterion.value: 70.0 for criterion in SelectionCriterion}
    made = replace(
        register(Segment("A", "S", "Small", 5.0), Segment("A", "L", "Large", 95.0)),
        candidates=(Candidate("A", "A", rated, revenue=100.0),),
    )
    replies = [reply(COMPARED), reply(ALONE, segment="L")]
    sheet = book(assemble(made, NOW, replies, []), "de", sample.STAMP, {}).sheet("map")
    ((row, cell),) = [(row, cell) for (row, _), cell in sheet.cells.items()
                      if str(cell.content).startswith("noch nicht vergleichbar")]  # fmt: skip
    assert cell.style.wrap
    assert sheet.heights[row] >= 2 * 13
