"""No sentence, word or colour of the portfolio says more than what it rests on.

Random portfolios, drawn as workbook and page in both languages; what may be said of an account, a
segment or a rival is worked out again from what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from kamxl.core.portfolio.screen import screen_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Book
from kamxl.forms.portfolio import dashboard
from kamxl.forms.portfolio.book import book
from kamxl.forms.portfolio.map import FIRST, HEAD, KEYS
from kamxl.forms.portfolio.news import news
from kamxl.report.numbers import Shown, value_of
from kamxl.report.page import Page, page_of
from kamxl.report.tables import Source, source_of
from kamxl.wording.texts import Texts, texts
from tests.forms import portfolio_sample as sample
from tests.forms.judged_portfolios import LABELS, RIVALS, Card, Found, Place, Typed, made

# Words that say how we stand; whatever else is said of an account is none of these.
CLAIMS = {
    "de": r"vorn\b|zurück\b|gleichauf|Vorsprung|Rückstand|ersten? Platz|\bbeste|führ|voraus"
    r"|\bfest|[Gg]emeinsam wachsen|Halten und|Position festigen|überhol|bleib\w* vor|\bhinter\b"
    r"|Gute Nachricht",
    "en": r"\bahead\b|\bbehind\b|\blevel\b|first place|\bbest\b|\blead|\bsafe|\bfirm\b"
    r"|[Gg]row together|Firm up|Hold and|overtake|Good news",
}
NEGATIVE = r"(Vorsprung|Rückstand|ahead|behind|vor|hinter|vorn um|zurück um)( by| of)? *[-−]\d"
# "beside" what is said of the requirement alone, by a customer or of the lists
PLAIN = {"why", "list", "gate", "gap"}
OF_NO_RATING = {"selection", "intake", "contacts", "fields", "programmes", "actions", "wishes"}


@dataclass
class Drawn:
    """A portfolio and everything that is shown of it."""

    typed: Typed
    portfolio: Portfolio
    t: Texts
    book: Book
    said: dict[str, list[str]]
    page: Page

    @property
    def claim(self) -> re.Pattern[str]:
        return re.compile(CLAIMS[self.t.language])

    def best(self, account: str) -> dict[str, str | None]:
        """Segment id -> the best competitor that is named, whatever is said of it."""
        found = next(a for a in self.portfolio.accounts if a.id == account)
        return {segment.id: segment.best_competitor for segment in found.segments}

    def account(self, account: str) -> Found:
        return self.typed.account(account, self.best(account))

    def segment(self, account: str, segment: str) -> Found | None:
        return self.typed.accounts[account][segment].against(self.best(account)[segment] or "")


def drawn(seed: int, language: str) -> Drawn:
    typed, portfolio = made(seed, language)
    t = texts(language)
    whole, said = book(portfolio, language, sample.STAMP, {}), news(portfolio, t, 400)
    return Drawn(typed, portfolio, t, whole, said, page_of(whole, said, t))


def whose(of: Drawn, key: str, source: Source, row: int) -> Callable[[], list[Found | None]]:
    """What a row's words have to rest on: all of these."""
    shown = Shown(of.t)

    def text(column: str) -> str:
        return shown.cell(source.cell(row, column))

    def place() -> tuple[str, str]:
        if key in ("segments", "raters", "data"):
            return text("account"), text("segment")
        account = text("account").removeprefix("Account ")
        names = {p.name: s for s, p in of.typed.accounts[account].items()}
        return account, names[text("segment")]

    if key in ("segments", "drivers", "whatif"):
        return lambda: [of.segment(*place())]
    if key == "competitors":
        rival = next(i for i, name in RIVALS.items() if text("competitor").startswith(name))
        return lambda: [of.typed.accounts[place()[0]][place()[1]].against(rival)]
    if key == "dashboard":
        (called,) = re.findall(r"Account (\w+)", text("name"))
        return lambda: [of.account(called)]
    if key in ("accounts", "position", "map", "heatmap"):
        return lambda: [of.account(text("id"))]
    return lambda: [None]


def sources(of: Drawn) -> Iterator[tuple[str, Source]]:
    for sheet in of.book.sheets:
        if sheet.key == "map":
            columns = {key: at for at, key in enumerate(KEYS, 1)}
            rows = [r for r in range(FIRST, FIRST + 20) if (r, 1) in sheet.cells and
                    isinstance(value_of(sheet.cells[r, 1]), int)]  # fmt: skip
            yield "map", Source(sheet, HEAD, columns, tuple(rows))
        elif sheet.key == "dashboard":
            rows = [r for r in range(dashboard.FIRST, dashboard.FIRST + dashboard.LINES)
                    if value_of(sheet.cells.get((r, dashboard.LEAD))) is not None]  # fmt: skip
            columns = {"name": dashboard.NAME, "lead": dashboard.LEAD}
            yield "dashboard", Source(sheet, dashboard.FIRST - 1, columns, tuple(rows))
        elif sheet.tables and sheet.key not in OF_NO_RATING:
            yield sheet.key, source_of(sheet)


SIGNED = ("lead", "position", "ahead", "level", "behind", "counted_lead")


def check_tables(of: Drawn) -> int:
    """Every cell of the tables; how many spoke of a verdict."""
    shown, seen = Shown(of.t), 0
    mark = of.t("portfolio.words.not_comparable", name="").strip()
    for key, source in sources(of):
        for row in source.rows:
            rests = whose(of, key, source, row)
            for column in source.columns:
                text = shown.cell(source.cell(row, column))
                assert not re.search(NEGATIVE, text), text
                assert column not in ("ahead", "behind") or text[:1] not in ("-", "−"), text
                raw = key == "raters" or (key, column) in {("position", "lead"), ("data", "lead")}
                said = text not in ("", "–") and not raw
                number = (column in SIGNED or column == "strengths") and said
                if column == "best" and text and key != "data":
                    judged = all(one and one.enough for one in rests())
                    marked = mark in text
                    assert judged != marked, (key, row, text)
                if column in PLAIN or not (number or of.claim.search(text)):
                    continue
                if column == "flip" and key == "accounts":
                    check_flip(of, shown.cell(source.cell(row, "id")), text)
                    continue
                grounds = rests()
                if column == "outlook" and key == "accounts":  # of one of its segments
                    account = shown.cell(source.cell(row, "id"))
                    named = [s for s, p in of.typed.accounts[account].items() if p.name in text]
                    named = named or list(of.typed.accounts[account])
                    assert len(named) == 1, text
                    grounds = [of.segment(account, named[0])]
                assert all(one and one.enough for one in grounds), (key, row, column, text)
                seen += 1
                if column == "position" and (one := grounds[0]):
                    assert value_of(source.cell(row, column)) == one.verdict
    return seen


def check_flip(of: Drawn, account: str, text: str) -> None:
    """A sentence on what could turn, or that nothing does: of segments, not of the account."""
    places = of.typed.accounts[account]
    if of.t("portfolio.words.no_flip_ahead", no_weight="")[:5] == text[:5]:  # good news
        for place in places.values():
            found = [place.against(rival) for rival in place.rivals]
            assert found, text
            assert all(one and one.verdict == 1 for one in found), text
        return
    named = [p for p in places.values() if p.name in text] or list(places.values())
    rival = next(i for i, name in RIVALS.items() if name in text)
    assert len(named) == 1, text
    found = named[0].against(rival)
    assert found is not None, text
    assert found.enough, text


def check_sentences(of: Drawn) -> int:
    """The lists in words, whole."""
    seen, ids = 0, list(of.typed.accounts)
    for key, sentences in of.said.items():
        for said in sentences:
            assert not re.search(NEGATIVE, said), said
            if key == "value" or not of.claim.search(said):
                continue
            named = [i for i in ids if f"Account {i}" in said]
            assert named, said
            seen += 1
            for account in named:
                if key == "flips":
                    _, _, rest = said.partition(": ")
                    good = "Platz" in said or "first place" in said
                    news_ = of.t("portfolio.words.no_flip_ahead", no_weight="")[:5]
                    check_flip(of, account, news_ if good else rest)
                else:
                    assert of.account(account).enough, said
                    assert of.account(account).verdict == -1, said
    return seen


def check_counts(of: Drawn) -> int:
    """Every "(n of m)" and "n = k" is the real one."""
    word = of.t("portfolio.fields.of")
    pair, seen = re.compile(rf"\((\d+) {word} (\d+)\)"), 0
    everybody = re.compile(r"\((?:alle|all) (\d+)\)")
    many = re.compile(r"(\d+) (?:Befragten|raters)")
    shown = Shown(of.t)
    for key, source in sources(of):
        if key not in ("accounts", "segments", "competitors"):
            continue
        for row in source.rows:
            found = whose(of, key, source, row)()[0]
            basis = shown.cell(source.cell(row, "basis"))
            account = shown.cell(source.cell(row, "id" if key == "accounts" else "account"))
            account = account.removeprefix("Account ")
            places = of.typed.accounts[account]
            if key == "accounts":
                raters = of.typed.raters(account)
                if len(places) == 1:
                    found = of.segment(account, next(iter(places)))
            else:
                name = shown.cell(source.cell(row, "segment"))
                place = next(p for s, p in places.items() if name in (s, p.name))
                raters = set(place.cards)
            for n, m in pair.findall(basis):
                assert found
                assert (int(n), int(m)) == (len(found.who), len(raters)), basis
                seen += 1
            for m in everybody.findall(basis):
                assert found
                assert found.who == raters, basis
                assert int(m) == len(raters)
            for n in many.findall(basis):
                assert found
                assert int(n) == len(found.who), basis
            for percent in re.findall(r"(\d+) ?%", basis):
                assert found
                assert abs(int(percent) - 100 * found.weights) < 1, basis
                assert (int(percent) >= 50) == found.enough, basis
            if key == "accounts":
                check_minimums(of, places, shown.cell(source.cell(row, "knockouts")))
                compared = [s for s in places if (f := of.segment(account, s)) and f.enough]
                for n, m in re.findall(rf"(\d+) {word} (\d+) [Ss]egment", basis):
                    assert (int(n), int(m)) == (len(compared), len(places)), basis
    return seen


def check_minimums(of: Drawn, places: dict[str, Place], text: str) -> None:
    word = of.t("portfolio.fields.of")
    told = re.findall(rf"^(\w+): .*, (\d+) {word} (\d+)\)$", text, re.MULTILINE)
    missed = [
        (label, str(len(below)), str(len(place.cards)))
        for place in places.values()
        for i, label in LABELS.items()
        if (below := place.below(i))
    ]
    assert sorted(told) == sorted(missed), text


def check_tiles(of: Drawn) -> None:
    fresh = {a for a, by in of.typed.accounts.items()
             if any(p.cards and not p.earlier for p in by.values())}  # fmt: skip
    earlier = {a for a, by in of.typed.accounts.items()
               if any(p.cards and p.earlier for p in by.values())}  # fmt: skip
    judged = {a for a in of.typed.accounts if of.account(a).enough} - earlier
    labels = [figure.label for figure in of.page.figures]
    compared = of.t("portfolio.answers.verdicts")
    assert {of.t("portfolio.answers.lead", n=len(judged)), compared} <= set(labels)
    screen = screen_of(of.portfolio, of.t.language)
    assert [(one.n, one.of) for one in screen.figures[2:4]] == [(len(judged), len(fresh))] * 2
    tile = next(figure.value for figure in of.page.figures if figure.label == compared)
    verdicts = [of.account(a).verdict for a in judged]
    counted = " / ".join(str(verdicts.count(v)) for v in (1, 0, -1))
    assert tile == (counted if judged else "–")
    answered = {a for a, by in of.typed.accounts.items() if any(p.cards for p in by.values())}
    alone = {a for a in answered if not of.account(a).enough}
    told = [
        s
        for s in of.said["unknown"]
        if s.startswith(of.t("portfolio.news.alone", count=0, names="")[:14])
    ]
    assert bool(told) == bool(alone)
    assert not told or f"({len(alone)})" in told[0]


def check_colours(of: Drawn) -> None:
    """The page: good and bad are verdicts, level has no colour."""
    rows = list(of.page.leads.block.rows)
    heads = [head.key for head in of.page.leads.block.heads]
    for row in rows:
        cells = dict(zip(heads, row, strict=True))
        account = cells["name"].text.removeprefix("Account ")
        verdict = of.account(account).verdict
        assert verdict is not None
        look = cells["lead"].look.split()
        colours = "good" in look, "bad" in look
        fresh = "old" not in look  # what an earlier period says is pale, whatever it is
        assert colours == (fresh and verdict == 1, fresh and verdict == -1)
        assert cells["basis"].text
    assert len(rows) == sum(of.account(a).enough for a in of.typed.accounts)
    for section in of.page.sections:
        if section.key not in ("accounts", "competitors"):
            continue
        block = section.parts[-1].block
        heads = [head.key for head in block.heads]
        for row in block.rows if "lead" in heads else ():
            cell = row[heads.index("lead")]
            number = cell.text.replace(",", ".").replace("−", "-")
            coloured = {"good", "bad"} & set(cell.look.split())
            judged = bool(number and abs(float(number)) >= 3)
            assert bool(coloured) == (judged and "old" not in cell.look.split())


def check_firmness(of: Drawn) -> int:
    """ "No single weight": every shift that is spoken of is tried, and nothing turns."""
    shown, seen = Shown(of.t), 0
    (source,) = [found for key, found in sources(of) if key == "competitors"] or [None]
    for row in source.rows if source else ():
        text = shown.cell(source.cell(row, "flip"))
        if of.t("portfolio.words.no_weight", part=False, several=False) not in text:
            continue
        account = shown.cell(source.cell(row, "account")).removeprefix("Account ")
        name = shown.cell(source.cell(row, "segment"))
        place = next(p for p in of.typed.accounts[account].values() if p.name == name)
        called = shown.cell(source.cell(row, "competitor"))
        rival = next(i for i, known in RIVALS.items() if called.startswith(known))
        found = place.against(rival)
        assert found
        limits = {"part": found.weights < 1 - 1e-9, "several": len(found.who) > 1}
        assert of.t("portfolio.words.no_weight", **limits) in text
        cards = [differences(place.cards[who], rival) for who in found.who]
        for lead in shifted(cards):
            assert lead * found.lead >= -1e-6, (text, lead, found.lead)
        seen += 1
    return seen


def differences(card: Card, rival: str) -> dict[str, tuple[float, float]]:
    """Requirement -> its weight in % of the compared ones, and by how much we are above."""
    both = {
        i: (row["weight"], row["us"] - them)
        for i, row in card.items()
        if row["weight"] is not None
        and row["us"] is not None
        and (them := row.get(rival)) is not None
    }
    whole = sum(weight for weight, _ in both.values())
    return {i: (100 * weight / whole, d) for i, (weight, d) in both.items()}


def shifted(cards: list[dict[str, tuple[float, float]]]) -> Iterator[float]:
    """The mean lead after each shift of one weight by the same points on every card that has it."""
    for moved in sorted({i for card in cards for i in card}):
        having = [card[moved][0] for card in cards if moved in card]
        if any(weight > 100 - 1e-9 for weight in having):
            continue  # nothing else there has a weight
        lowest, highest = -min(having), 100 - max(having)
        for step in range(51):
            t = lowest + (highest - lowest) * step / 50
            leads = []
            for card in cards:
                own, d = card.get(moved, (0.0, 0.0))
                others = [(w, x) for i, (w, x) in card.items() if i != moved]
                rest = sum(w * x for w, x in others) / sum(w for w, _ in others)
                share = (own + t) / 100 if moved in card else 0.0
                leads.append(share * d + (1 - share) * rest)
            yield sum(leads) / len(leads)


CHECKS = (check_tables, check_sentences, check_counts, check_tiles, check_colours, check_firmness)


def check(seed: int, language: str) -> list[int]:
    of = drawn(seed, language)
    return [one(of) or 0 for one in CHECKS]


@pytest.mark.parametrize(("seed", "language"), [(3, "de"), (5, "en")])
def test_nothing_is_said_without_a_basis(seed: int, language: str) -> None:
    assert sum(check(seed, language)) > 0


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("seeds", [range(10), range(10, 60)], ids=["first", "later"])
def test_nothing_is_ever_said_without_a_basis(seeds: range, language: str) -> None:
    seen = [check(seed, language) for seed in seeds]
    told = [sum(one) / len(seeds) for one in zip(*seen, strict=True)]
    assert all(n >= least for n, least in zip(told, (30, 1.5, 4, 0, 0, 0.5), strict=True)), told
