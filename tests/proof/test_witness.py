"""Every kind of workbook, and the add-in, in two engines that see no stored value."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import formulon
import openpyxl
import pytest

from kamxl.core.ids import US
from kamxl.core.records.register import Scorecard
from kamxl.excel.addin import XLAM
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.raw import a1
from kamxl.forms.portfolio import book as portfolio
from kamxl.forms.register import book as register
from kamxl.forms.scorecard.grid import TableGrid, size_of
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.start.register import read_register
from tests import examples
from tests.forms import cards, portfolio_sample
from tests.proof import recalc, witness
from tests.proof.package import C, opened, target
from tests.proof.witness import POISON, WITNESSES, Place
from tests.workflow.making import drawn_register

pytestmark = pytest.mark.proof

LANGUAGES = ("de", "en")
STAMP = examples.NOW
# By kind and language, how many formulas there are at least; a list of recipients has none.
KINDS: dict[str, int] = {
    "register": 14_000, "register, short": 1_500, "register, empty": 10_000, "portfolio": 4_000,
    "portfolio, empty": 400, "plan": 1_000, "card": 300, "card, filled": 300, "recipients": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def made(demos: Callable[[str], Path]) -> Callable[[str, str], bytes]:
    """A workbook of a kind in a language."""

    def one(kind: str, language: str) -> bytes:
        root = demos(language)
        if kind == "register, short":
            return drawn_register(read_register(Workspace.open(root)).register, language)
        if kind == "register, empty":
            return render(build(register.book(language, None, "abcd1234", STAMP)))
        if kind == "portfolio, empty":
            return render(build(portfolio.book(portfolio_sample.empty(), language, STAMP, {})))
        if kind.startswith("card"):
            state = "filled" if "filled" in kind else "empty"
            return (examples.WORKBOOKS / f"scorecard-{language}-{state}.xlsx").read_bytes()
        list_name = texts(language)("mail.list.file")
        place = {
            "register": "Register.xlsx",
            "portfolio": "Portfolio.xlsx",
            "plan": {"de": "plans/MOLTIDE--2026-H2.xlsx", "en": "plans/TRENTVALE--2026-H2.xlsx"}[
                language
            ],
            "recipients": f"outbox/2026-H2/{list_name}.xlsx",
        }[kind]
        return (root / place).read_bytes()

    return one


def wrong(stored: recalc.Values, told: recalc.Values, places: list[Place]) -> list[Any]:
    """The cells about which the file and an engine do not agree."""
    return [
        (sheet, cell, value, other)
        for sheet, cell, _ in places
        for value, other in [(stored[sheet].get(cell), told[sheet].get(cell))]
        if not recalc.agree(value, other)
    ]


def written(data: bytes, folder: Path) -> Path:
    path = folder / "book.xlsx"
    path.write_bytes(data)
    return path


# A register in full takes half a minute to calculate: one of them says that its size is no matter,
# and what stands in it is said by the short ones.
_LONG = {("register", "en"), ("register, empty", "de"), ("register, empty", "en")}


@pytest.mark.parametrize(
    ("kind", "language"),
    [
        pytest.param(*one, marks=[pytest.mark.long] if one in _LONG else [])
        for one in product(KINDS, LANGUAGES)
    ],
)
def test_every_formula_is_calculated_to_what_is_stored(
    kind: str, language: str, made: Callable[[str, str], bytes], tmp_path: Path
) -> None:
    """Formulas and all the rest: an engine that lost a text or a sheet is seen as well."""
    path = written(made(kind, language), tmp_path)
    _, places = witness.poisoned(path)
    formulas = sum(place.formula for place in places)
    assert formulas == sum(map(len, recalc.formulas(path).values()))  # counted by openpyxl
    assert formulas >= KINDS[kind]
    told_by = witness.values(path)
    assert ("formulon" in told_by) is (kind not in ("register", "register, empty"))
    for engine, told in told_by.items():
        assert wrong(recalc.read(path), told, places) == [], engine


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["portfolio", "plan", "card, filled"])
def test_they_agree_about_figures_that_nobody_stored(
    kind: str, language: str, made: Callable[[str, str], bytes]
) -> None:
    """Every third number that somebody typed becomes another one: what follows, follows in both."""
    data, places = witness.poisoned(made(kind, language))
    before, after = {}, {}
    for name, engine in WITNESSES.items():
        book = engine(data)
        formulas = [place for place in places if place.formula]
        before[name] = [book.value(place) for place in formulas]
        for place, number in list(witness.numbers(places, book))[::3]:
            book.put(place, number / 2 + 7)
        book.calculate()
        after[name] = [book.value(place) for place in formulas]
        book.close()
    one, other = after.values()
    apart = [x for x in zip(formulas, one, other, strict=True) if not recalc.agree(*x[1:])]
    assert apart == []
    moved = [a != b for a, b in zip(before["formulon"], one, strict=True)]
    assert sum(moved) > 30
    assert one != [POISON] * len(one)


@pytest.mark.parametrize("engine", WITNESSES)
def test_a_total_follows_a_weight_as_the_core_says(engine: str) -> None:
    asked = cards.order("en", 5, 3)
    told, grid = cards.answers(asked), TableGrid(size_of(asked))
    data, _ = witness.poisoned(cards.filled(asked, told))
    sheet = texts("en")("scorecard.table.sheet")
    total = Place(sheet, a1(grid.sum_row + 1, grid.supplier(0)), True)
    book = WITNESSES[engine](data)
    assert book.value(total) == pytest.approx(told.scorecard.total(US))
    weights = (10.0, 40.0, 20.0, 5.0, 25.0)
    for index, weight in enumerate(weights):
        book.put(Place(sheet, a1(grid.row(index), grid.weight), False), weight)
    book.calculate()
    rows = zip(told.scorecard.requirements, weights, strict=True)
    changed = Scorecard(tuple(replace(r, weight=w) for r, w in rows), told.scorecard.ratings)
    assert book.value(total) == pytest.approx(changed.total(US))
    assert changed.total(US) != pytest.approx(told.scorecard.total(US))
    book.close()


class Believer(witness.Formulon):
    """An engine that says it calculates, and tells what the file says."""

    def __init__(self, data: bytes) -> None:
        self._stored = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        self.sheets = self._stored.sheetnames

    def value(self, place: Place) -> Any:
        return self._stored[place.sheet][place.cell].value

    def close(self) -> None:
        self._stored.close()


def test_an_engine_that_believes_the_file_is_found_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(WITNESSES, "believer", Believer)
    path = examples.WORKBOOKS / "scorecard-en-filled.xlsx"
    _, places = witness.poisoned(path)
    told = witness.values(path)["believer"]
    formulas = [place for place in places if place.formula]
    assert {told[place.sheet][place.cell] for place in formulas} == {POISON}
    assert len(wrong(recalc.read(path), told, places)) == len(formulas)


def test_ironcalc_still_takes_a_typed_blank_for_zero(tmp_path: Path) -> None:
    """Its fault, for which ``poisoned`` makes up; if this fails, that line can go."""
    book = openpyxl.Workbook()
    book.active["A1"].number_format = "0.0"  # openpyxl then writes <c r="A1" s="1" t="n"/>
    book.active["B1"] = '=IF(A1="",1,0)'
    path = tmp_path / "blank.xlsx"
    book.save(path)
    place = Place("Sheet", "B1", True)
    told = {name: engine(path.read_bytes()).value(place) for name, engine in WITNESSES.items()}
    assert told == {"formulon": 1, "ironcalc": 0}
    assert {values["Sheet"]["B1"] for values in witness.values(path).values()} == {1}


# --- the add-in: nothing to calculate, but a package and a workbook that others must take ---------


@pytest.mark.parametrize("engine", WITNESSES)
def test_the_add_in_is_a_workbook_with_one_empty_sheet(engine: str) -> None:
    book = WITNESSES[engine](XLAM.read_bytes())
    assert book.sheets == ["kamxl"]
    assert witness.poisoned(XLAM)[1] == []
    book.close()


def test_formulon_knows_every_part_of_the_add_in_and_keeps_code_and_ribbon() -> None:
    book = witness.Formulon(XLAM.read_bytes())
    read = book.opened.read_diagnostics()
    assert (read.undecoded_part_count, read.skipped_feature_count) == (0, 0)
    kept = {part.path for part in book.opened.iter_passthrough()}
    assert {"xl/vbaProject.bin", "customUI/customUI14.xml"} <= kept
    again, before = opened(book.opened.save()).data, opened(XLAM).data
    for part in ("xl/vbaProject.bin", "customUI/customUI14.xml"):
        assert again[part] == before[part]
    book.close()


# --- charts: what is drawn comes from what is calculated ------------------------------------------

PLAIN = ("register", "reply", "companion")  # these have no charts
CHARTED = [name for name in examples.FILES if not name.startswith(PLAIN)]


@pytest.mark.parametrize("name", CHARTED)
def test_charts_draw_what_is_calculated(name: str) -> None:
    path = examples.WORKBOOKS / name
    book = witness.Formulon(witness.poisoned(path)[0])
    drawn: list[list[float]] = []
    for sheet in range(len(book.sheets)):
        for thing in book.opened.list_drawing_objects(sheet):
            assert thing.kind == formulon.DrawingObjectKind.CHART
            chart = book.opened.get_chart_data(sheet, thing.object_id)
            assert chart.unresolved == []
            drawn += [[round(value, 6) + 0.0 for value in one.values] for one in chart.series]
    book.close()
    stored = [
        # where a formula gives "" programs draw a zero, and our numbers for previews have a gap
        [round(point or 0, 6) + 0.0 for point in points]
        for _, _, points in _series(path)
    ]
    assert sorted(drawn) == sorted(stored)
    assert len(stored) > 1


@pytest.mark.parametrize("name", CHARTED)
def test_only_bars_are_drawn_from_formulas_that_may_give_nothing(name: str) -> None:
    """No bar and one of no height look alike; a line or a point at zero would be a false figure."""
    path = examples.WORKBOOKS / name
    stored = recalc.read(path)
    texts_in = {
        (place.sheet, place.row, place.column)
        for place in witness.poisoned(path)[1]
        if place.formula and stored[place.sheet].get(place.cell) in (None, "")
    }
    for kind, reference, _ in _series(path):
        sheet, place = target(reference)
        assert place is not None
        top, left, bottom, right = place
        cells = {(sheet, r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
        assert kind == "barChart" or not cells & texts_in, (kind, reference)


def _series(path: Path) -> Iterator[tuple[str, str, list[float | None]]]:
    """All series of a workbook's charts: kind of chart, where its numbers are, and those stored."""
    for name, tree in opened(path).trees.items():
        if not name.startswith("xl/charts/") or name.endswith(".rels"):
            continue
        for values in tree.iter(f"{C}val", f"{C}yVal"):
            cache = values.find(f"{C}numRef/{C}numCache")
            points = {int(p.get("idx")): float(p.findtext(f"{C}v")) for p in cache.iter(f"{C}pt")}
            count = int(cache.find(f"{C}ptCount").get("val"))
            kind = values.getparent().getparent().tag.removeprefix(C)
            yield kind, values.findtext(f"{C}numRef/{C}f"), [points.get(n) for n in range(count)]
