"""Portfolio.xlsx: its numbers are the core's and can be traced, its remarks survive."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kamxl.core.finding import Fate
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.register import Register, Segment
from kamxl.excel.reading.book import read
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book, Formula, Sheet
from kamxl.forms.paper.raw import RawBook, place_of
from kamxl.forms.portfolio.book import book
from kamxl.forms.portfolio.labels import Bubble, Placed, placed, short_name
from kamxl.forms.portfolio.links import Links
from kamxl.forms.portfolio.news import concerns, news, unknowns
from kamxl.forms.portfolio.parts import KEYS
from kamxl.forms.portfolio.spots import TOP
from kamxl.forms.portfolio.tiles import FIGURES_ROW, TILES_ROW
from kamxl.forms.portfolio.words import account_flip
from kamxl.forms.tables.locate import Located, find_table
from kamxl.wording.texts import languages, texts
from tests.core.test_portfolio import NOW, register
from tests.forms import portfolio_sample as sample
from tests.proof import need, recalc, semantics, validate

REMARKS = {"MOLTIDE": "Termin am 12.11.\nzweite Zeile", "GONE1": '=HYPERLINK("http://e.example")'}
NONE: Mapping[str, str] = {}


@pytest.fixture(scope="module")
def full() -> Portfolio:
    return sample.full()


def drawn(portfolio: Portfolio, language: str, kept: Mapping[str, str] = NONE) -> bytes:
    return render(build(book(portfolio, language, sample.STAMP, kept)))


def table(raw: RawBook, title: str, *keys: str) -> Located:
    sheet = next(s for s in raw.sheets if s.title == title)
    found = find_table(sheet, keys)
    assert found is not None
    return found


def numbers(found: Located, row: int, *keys: str) -> tuple[float | None, ...]:
    cells = [found.cell(row, key) for key in keys]
    return tuple(cell.number if cell else None for cell in cells)


# --- the numbers ---------------------------------------------------------------------------------


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_accounts_and_segments_show_the_core_s_numbers(full: Portfolio, language: str) -> None:
    raw = read(drawn(full, language))
    t = texts(language)
    accounts = table(raw, t("portfolio.accounts.sheet"), "id", "knockouts")
    for row, account in zip(accounts.rows(), full.accounts, strict=True):
        cell = accounts.cell(row, "id")
        assert cell is not None
        assert cell.text == account.id
        shown = numbers(accounts, row, "total", "coverage", "lead", "points")
        points = account.gap.points if account.gap else None
        assert shown == pytest.approx(
            (account.total, account.coverage, account.lead.points, points)
        )
    segments = table(raw, t("portfolio.segments.sheet"), "account", "revenue")
    every = [s for account in full.accounts for s in account.segments]
    for row, segment in zip(segments.rows(), every, strict=True):
        shown = numbers(segments, row, "total", "coverage", "lead", "lead_coverage")
        share = segment.best.leads.share if segment.best else None
        core = (segment.total, segment.coverage, segment.lead.points, share)
        assert shown == pytest.approx(core)


def _formulas(sheet: Sheet, key: str) -> dict[int, Formula]:
    """Row to formula in the column whose key row says ``key``."""
    row, column = next(
        place for place, cell in sheet.cells.items() if cell.content == key and place[0] > 4
    )
    return {
        r: cell.content
        for (r, c), cell in sheet.cells.items()
        if c == column and r > row and isinstance(cell.content, Formula)
    }


@pytest.mark.proof
@pytest.mark.parametrize("key", ["total", "lead"])
def test_each_account_s_numbers_are_formulas_over_its_own_segments(
    full: Portfolio, key: str
) -> None:
    made = book(full, "en", sample.STAMP, NONE)
    segments = made.sheet("segments")
    found = _formulas(made.sheet("accounts"), key)
    assert len(found) == sum(bool(account.answered) for account in full.accounts)
    for row, formula in found.items():
        account = made.sheet("accounts").cells[row, 1].content
        ranges = re.findall(r"'Segments'!\$[A-Z]+\$(\d+):\$[A-Z]+\$(\d+)", formula.text)
        assert ranges
        # nothing else is referred to but its own row
        rest = re.sub(r"'Segments'!\$[A-Z]+\$\d+:\$[A-Z]+\$\d+", "", formula.text)
        assert set(re.findall(r"\$[A-Z]+(\$?\d+)", rest)) <= {str(row)}
        own = {
            r
            for (r, c), cell in segments.cells.items()
            if c == 1 and r > 6 and cell.content == account
        }
        for first, last in ranges:
            assert set(range(int(first), int(last) + 1)) == own


def test_every_number_of_a_gap_and_a_contest_is_a_formula(full: Portfolio) -> None:
    made = book(full, "de", sample.STAMP, NONE)
    worth = _formulas(made.sheet("drivers"), "worth")
    assert len(worth) == sum(len(s.gaps) for a in full.accounts for s in a.segments)
    values = [f.value for f in worth.values()]
    assert values == sorted(values, reverse=True)
    leads = _formulas(made.sheet("competitors"), "lead")
    rivals = [r for a in full.accounts for s in a.segments for r in s.rivals]
    known = [f.value for f in leads.values() if isinstance(f.value, float)]
    assert sorted(known) == sorted(p for r in rivals if (p := r.lead.points) is not None)
    assert len(known) < len(leads) == len(rivals)  # below the line there is no number


def test_the_best_gap_of_each_account_stands_in_accounts(full: Portfolio) -> None:
    made = book(full, "de", sample.STAMP, NONE)
    first = next(iter(_formulas(made.sheet("drivers"), "worth").values()))
    points = [f.value for f in _formulas(made.sheet("accounts"), "points").values()]
    assert first.value == max(points)


def test_intake_has_every_file_once_and_counts_that_add_up(full: Portfolio) -> None:
    sheet = book(full, "en", sample.STAMP, NONE).sheet("intake")
    counts = {c: cell.content.value for (r, c), cell in sheet.cells.items()
              if r == 6 and isinstance(cell.content, Formula)}  # fmt: skip
    total, *fates = (counts[c] for c in sorted(counts))
    assert total == sum(fates) == len(full.files)
    words = {texts("en")(f"portfolio.fates.{fate.value}") for fate in Fate}
    shown = [cell.content for (r, c), cell in sorted(sheet.cells.items()) if r > 9 and c == 2]
    assert sum(word in words for word in shown) == len(full.files)


@pytest.mark.proof
def test_an_earlier_period_is_marked(full: Portfolio) -> None:
    raw = read(drawn(full, "de"))
    accounts = table(raw, "Kunden", "id", "remarks")
    periods = {accounts.cell(r, "id").text: accounts.cell(r, "period") for r in accounts.rows()}
    assert periods["STEINHUB"].text == "2026-H1 (früher)"
    assert periods["MOLTIDE"].text == "2026-H2"
    assert "CALDERBY" in periods


def test_the_heatmap_joins_languages(full: Portfolio) -> None:
    sheet = book(full, "de", sample.STAMP, NONE).sheet("heatmap")
    heads = [cell.content for (r, _), cell in sheet.cells.items() if r == 5]
    assert "Preis" in heads
    assert "Price" not in heads
    column = next(c for (r, c), cell in sheet.cells.items() if r == 5 and cell.content == "Preis")
    rated = [r for (r, c), cell in sheet.cells.items() if c == column and r > 6 and cell.content]
    assert len(rated) > 9


@pytest.mark.parametrize("language", languages())
def test_tiles_and_sentences_lead_to_their_rows_and_none_is_cut(
    full: Portfolio, language: str
) -> None:
    made, t = book(full, language, sample.STAMP, NONE), texts(language)
    by_title = {one.title: one for one in made.sheets}

    def led(link: str | None) -> Sheet:
        title, cell = str(link).rsplit("!", 1)
        there = by_title[title.strip("'").replace("''", "'")]
        assert there.cells[place_of(cell)].content is not None, link
        return there

    first, further = made.sheet("dashboard"), made.sheet("news")
    tiles = [c for (row, _), c in first.cells.items() if 0 <= row - FIGURES_ROW < 3]
    tiles += [c for (row, _), c in further.cells.items() if 0 <= row - TILES_ROW < 2]
    assert len(tiles) > 35
    assert {led(cell.link).key for cell in tiles} > {"accounts", "actions", "programmes", "intake"}
    cells = [cell for _, cell in sorted(further.cells.items())]
    lines = [str(cell.content) for cell in cells if str(cell.content)[:1] in "→ "]
    links = {led(cell.link).key for cell in cells if str(cell.content).startswith("→")}
    assert links > {"intake", "drivers", "actions", "segments"}
    assert not any("…" in line for line in lines)
    shown = " ".join(" ".join(line.strip("→ ") for line in lines).split())
    every = [one for said in news(full, t, 10_000).values() for one in said]
    assert [one for one in every if " ".join(one.split()) not in shown] == []
    late = next(one for one in news(full, t)["late"])
    row = place_of(Links(made.sheets).of(late).rsplit("!", 1)[1])[0]
    found = [cell.content for (at, _), cell in made.sheet("actions").cells.items() if at == row]
    assert late.where["id"] in found
    assert late.where["account"] in found


@pytest.mark.parametrize("language", languages())
def test_every_sheet_is_in_the_contents_and_leads_back(full: Portfolio, language: str) -> None:
    made = book(full, language, sample.STAMP, NONE)
    contents = made.sheet("contents")
    links = [cell.link for cell in contents.cells.values() if cell.link]
    linked = {link.split("!")[0].strip("'") for link in links}
    others = [sheet for sheet in made.sheets if sheet is not contents]
    assert linked == {sheet.title for sheet in others}
    assert {sheet.cells[1, 2].link for sheet in others} == {contents.ref("A1").replace("$", "")}
    chips = {cell.style.fill for (_, column), cell in contents.cells.items() if column == 1}
    assert {sheet.tab_color for sheet in others} <= chips
    colors = [sheet.tab_color for sheet in made.sheets]
    assert len([1 for one, other in itertools.pairwise(colors) if one != other]) + 1 == len(
        {*colors}
    )


def test_numbers_on_the_map_stand_apart_or_say_beside_which() -> None:
    crowded = [Bubble(50.0, 50.0, 10.0, (str(n),)) for n in range(1, 9)]
    found = placed(crowded, 480.0, 400.0)
    assert found == placed(crowded, 480.0, 400.0)
    assert found[0] is not None
    assert None in found
    apart = [Bubble(10.0 * n, 10.0 * n, 1.0, (str(n),)) for n in range(1, 9)]
    assert placed(apart, 480.0, 400.0) == [Placed(str(n), "ctr") for n in range(1, 9)]


def _names(count: int) -> list[Bubble]:
    """Eight with a name, the others with numbers, all over a small picture."""
    return [
        Bubble(
            (37.0 * n) % 100, (53.0 * n) % 100, float(count - n),
            (f"{n} Hollowmere", f"{n} Holl", str(n)) if n <= 8 else (str(n),),
        )
        for n in range(1, count + 1)
    ]  # fmt: skip


@pytest.mark.parametrize("bubbles", [
    _names(20), _names(60), [replace(one, across=50.0, upwards=50.0) for one in _names(9)],
])  # fmt: skip
def test_no_name_on_the_map_covers_another(bubbles: list[Bubble]) -> None:
    """In the picture of the first sheet, in whatever program: their boxes are made anew here."""
    found = placed(bubbles, 480.0, 225.0)
    wide, high = 480 - 60, 225 - 72
    most = max(one.size for one in bubbles)
    for largest in (0.15, 0.25):
        boxes = []
        for one, label in zip(bubbles, found, strict=True):
            if label is None:
                continue
            assert label.text in one.labels
            away = largest * min(wide, high) / 2 * (one.size / most) ** 0.5 + 2
            half = 5.0 * len(label.text) / 2, 6.0
            side = {"r": (1, 0), "l": (-1, 0), "t": (0, 1), "b": (0, -1), "ctr": (0, 0)}[label.at]
            x = one.across / 100 * wide + side[0] * (away + half[0])
            y = one.upwards / 100 * high + side[1] * (away + half[1])
            boxes.append((x - half[0], x + half[0], y - half[1], y + half[1]))
        assert boxes
        for a, b in itertools.combinations(boxes, 2):
            assert a[0] >= b[1] or b[0] >= a[1] or a[2] >= b[3] or b[2] >= a[3]
    name = "Hollowmere" if len(bubbles) <= TOP else "Holl"  # more than are drawn: short ones
    assert any(label and label.text.endswith(name) for label in found)


@pytest.mark.parametrize(("name", "said"), [
    ("Korngold Backwaren GmbH", "Korngold Backwaren"),
    ("Nord AG & Co. KG", "Nord"),
    ("Trentvale Medical Devices Ltd", "Trentvale Medical"),
    ("GmbH", "GmbH"),
    ("Donaudampfschifffahrtsgesellschaft mbH", ""),
    ("", ""),
])  # fmt: skip
def test_a_company_is_called_by_whole_words(name: str, said: str) -> None:
    assert short_name(name) == said


def test_headings_break_in_no_word() -> None:
    """More requirements than a page has columns for: they stand upright."""
    sheet = book(sample.crowd(), "de", sample.STAMP, NONE).sheet("heatmap")
    heads = {column: cell for (row, column), cell in sheet.cells.items() if row == 5 and column > 4}
    assert len(heads) > 16
    for column, cell in heads.items():
        assert cell.style.rotation == 90
        longest = max(map(len, str(cell.content).split()))
        assert longest * 5.25 / 1.15 <= sheet.heights[5]
        assert sheet.widths[column] >= 5


# --- texts from outside --------------------------------------------------------------------------


def _hostile() -> Portfolio:
    of = sample.register()
    accounts = tuple(replace(a, name="=1+1", manager="@SUM(A1)") for a in of.accounts)
    segments = tuple(replace(s, name="+cmd|' /C calc'!A0") for s in of.segments)
    bad: Register = replace(of, accounts=accounts, segments=segments)
    answered = [
        replace(r, answers=replace(r.answers, name='=HYPERLINK("http://e.example","x")'))
        for r in sample.replies(of)
    ]
    return assemble(bad, sample.PERIOD, answered, sample.files(answered))


@pytest.mark.proof
def test_texts_from_outside_stay_texts() -> None:
    data = drawn(_hostile(), "en", {"MOLTIDE": "=2+2", "x": "-3"})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        formulas = "".join(
            "".join(re.findall(r"<f>(.*?)</f>", archive.read(name).decode())) for name in sheets
        )
    for bad in ("HYPERLINK", "cmd", "1+1", "2+2", "@SUM"):
        assert bad not in formulas
    raw = read(data)
    assert any(
        cell.text == "=1+1" and not cell.formula for s in raw.sheets for cell in s.cells.values()
    )
    assert semantics.problems(data) == []


@pytest.mark.proof
def test_equal_input_gives_equal_bytes(full: Portfolio) -> None:
    assert drawn(full, "de", REMARKS) == drawn(sample.full(), "de", REMARKS)


def test_both_languages_have_the_same_texts() -> None:
    keys = [set(texts(language).keys("portfolio")) for language in languages()]
    assert all(own == keys[0] for own in keys)


def test_every_sheet_carries_its_mark(full: Portfolio) -> None:
    made: Book = book(full, "en", sample.STAMP, NONE)
    assert [sheet.key for sheet in made.sheets] == list(KEYS)
    for sheet in made.sheets:
        assert sheet.cells[1, 1].content == f"kamxl:portfolio:{sheet.key}"
        assert sheet.landscape
        assert sheet.print_area


# --- proofs by other programs --------------------------------------------------------------------


KINDS = [
    (language, kind)
    for kind in sample.KINDS
    for language in (("de", "en") if kind in ("full", "empty") else ("en",))
]


@pytest.fixture(scope="module", params=KINDS, ids="-".join)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    language, kind = request.param
    path = tmp_path_factory.mktemp("portfolios") / f"{kind}-{language}.xlsx"
    made = sample.KINDS[kind]()
    path.write_bytes(drawn(made, language, REMARKS if kind == "full" else NONE))
    return path


@pytest.mark.proof
def test_semantics_is_content(written: Path) -> None:
    assert semantics.problems(written) == []


@pytest.mark.proof
def test_microsoft_s_validator_is_content(written: Path) -> None:
    need(validate.available())
    assert validate.problems(written) == []


@pytest.mark.proof
def test_two_engines_recalculate_every_formula(written: Path) -> None:
    need(recalc.available())
    assert recalc.differences(written) == []


# --- words ---------------------------------------------------------------------------------------


LEVEL = "Level with Borel today: even a small change of weights may decide."
FIRM = "Good news: no single weight costs us first place."


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (((60.0, 80.0, 70.0), (40.0, 50.0, 90.0)), "One from 60 to 80%: we overtake Borel."),
        (((85.0, 80.0, 70.0), (15.0, 50.0, 90.0)), "One from 85 to 80%: Borel overtakes us."),
        (((50.0, 80.0, 70.0), (50.0, 70.0, 80.0)), LEVEL),
        (((50.0, 80.0, 70.0), (50.0, 90.0, 80.0)), FIRM),
        (((50.0, 60.0, 70.0), (50.0, 70.0, 80.0)), "No single weight changes the order."),
        (((50.0, 60.0, None), (50.0, 70.0, None)), "not comparable yet: no competitor rated"),
    ],
)  # fmt: skip
def test_the_smallest_flip_in_words(
    rows: tuple[tuple[float, float, float | None], ...], said: str
) -> None:
    portfolio = sample.duel(rows)
    assert account_flip(texts("en"), portfolio.accounts[0]) == said
    made = book(portfolio, "en", sample.STAMP, NONE)
    assert said in [cell.content for cell in made.sheet("accounts").cells.values()]


def test_the_dashboard_says_what_needs_somebody(full: Portfolio) -> None:
    t = texts("en")
    first = concerns(full, t)
    assert first[0].startswith("Antwort Müller.xlsx: ")
    worst = min(full.accounts, key=lambda a: a.lead.points or 0)
    assert first[2].startswith("There is an account plan for Verschollen & Söhne (GONE9)")
    assert first[3].startswith(f"{worst.name}: ")
    assert any("Calderby" in said and "Ostravine" in said for said in unknowns(full, t))
    assert any("Steinhub" in said for said in unknowns(full, t))


@pytest.mark.proof
def test_shares_and_classes_hold_for_revenues_of_any_size(tmp_path: Path) -> None:
    """Seventeen digits are more than a spreadsheet can put into words."""
    need(recalc.available())
    sizes = (34_567_890_123.45, 1_234_567_890.12, 1_234_567_890.12, 123_456_789.5, 0.07, 0.0, None)
    segments = [Segment(f"A{n}", "S", "Segment", size) for n, size in enumerate(sizes)]
    portfolio = assemble(register(*segments), NOW, [], [])
    assert portfolio.selection is not None
    shares = [one.cumulated_share for one in portfolio.selection.accounts]
    assert shares[0] is not None
    assert shares[1] == shares[2] != shares[0]
    path = tmp_path / "large.xlsx"
    path.write_bytes(render(build(book(portfolio, "en", sample.STAMP, {}))))
    assert recalc.differences(path) == []
