"""Scorecards for tests: orders of every size, answers that repeat, and what customers do to files.

Everything here is invented and deterministic.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import openpyxl
from hypothesis import strategies as st

from kamxl.core.cards.shown import shown_card
from kamxl.core.ids import ALTERNATIVE, US
from kamxl.core.method.scales import Scale
from kamxl.core.records.register import (
    Answers,
    AskedRequirement,
    CardOrder,
    Competitor,
    Effort,
    Requirement,
    Scorecard,
    Wish,
)
from kamxl.core.roles import Role
from kamxl.excel.reading.book import read as read_book
from kamxl.excel.writing.draw import Layout, build, render
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard import reading as scorecard_reading
from kamxl.forms.scorecard.grid import CardSize, TableGrid, size_of
from kamxl.forms.scorecard.reading import CardReading
from kamxl.wording.texts import texts
from kamxl.wording.understood import is_blank

MARK = f"kx1|abcd1234|2026-H2|NORD|PACK|K1|{'a' * 32}|{'b' * 32}"
LANGUAGES = ("de", "en")
REQUIREMENTS = {
    "de": ("Leistungsfähigkeit des Systems", "Sicherheit des Systems", "Preis", "Normung nach"
           " Standards", "Lieferzuverlässigkeit"),
    "en": ("Performance of the system", "Security of the system", "Price", "Conformity with"
           " standards", "Reliability of delivery"),
}  # fmt: skip
RIVALS = ("Borel Systèmes SA", "Quandt & Reuter KG", "Ostrava Motion", "Tiefenbach", "Weller",
          "Zyx <Süd>")  # fmt: skip
CLASHING = ("A-1", "A_1", "name", "date", "a.1", "mark")  # one defined name each, all the same
BASE = ((82, 64, 55, 90, 40), (75, 80, 85, 70, 60), (60, 70, 85, None, 50), (91, 12.5, 0, 100, 33))


def order(
    language: str = "de",
    requirements: int = 5,
    competitors: int = 3,
    *,
    anchors: bool = False,
    named: bool = True,
    ids: tuple[str, ...] | None = None,
) -> CardOrder:
    """What a card of this size asks; without ``named`` rivals it is one "best alternative"."""
    labels = [*REQUIREMENTS[language], *(f"Requirement {n} in so many words" for n in range(6, 41))]
    scale = ("not at all", "half", "fully in place") if anchors else ("", "", "")
    rivals = tuple(
        Competitor((ids or tuple(f"C{j}" for j in range(1, 7)))[j], RIVALS[j])
        for j in range(competitors)
    )
    if not named:
        rivals = (Competitor(ALTERNATIVE, texts(language)("scorecard.alternative")),)
    return CardOrder(
        account="NORD",
        account_name="Nordlicht Maschinenbau GmbH",
        segment="PACK",
        segment_name="Verpackungslinien" if language == "de" else "Packaging lines",
        respondent="K1",
        respondent_name="Dr. Anke Petersen",
        period="2026-H2",
        language=language,
        company="Heller Automation",
        requirements=tuple(
            AskedRequirement(f"R{i + 1:02}", labels[i], 30.0 + i, scale)
            for i in range(requirements)
        ),
        competitors=rivals,
        named_rivals=named,
        due=date(2026, 12, 15),
        sender_name="Jana Köhler",
        sender_email="jana.koehler@heller.example",
    )


ORDERS: dict[str, CardOrder] = {
    "one, no rival": order("de", 1, 0),
    "five, three": order("de", 5, 3),
    "five, alternative": order("en", 5, named=False),
    "five, clashing ids": order("en", 5, 6, ids=CLASHING),
    "twelve, one, anchors": order("en", 12, 1, anchors=True),
    "forty, six, anchors": order("de", 40, 6, anchors=True),
    "forty, six": order("en", 40, 6),
}


def answers(asked: CardOrder, own: int = 0) -> Answers:
    """Answers to all of an order, with blanks among the rivals; ``own`` requirements added."""
    ids = [r.id for r in asked.requirements] + [f"own{n}" for n in range(1, own + 1)]
    labels = [r.label for r in asked.requirements] + [f"Eigene Nr. {n}" for n in range(1, own + 1)]
    weights = _weights(len(ids))
    ratings = {
        s.id: {id_: _rating(j, i) for i, id_ in enumerate(ids)}
        for j, s in enumerate(asked.suppliers)
    }
    minima = {r.id: r.minimum for r in asked.requirements}
    rows = zip(ids, labels, weights, strict=True)
    return Answers(
        Scorecard(tuple(Requirement(i, la, w, minima.get(i)) for i, la, w in rows), ratings),
        {ids[0]: "Läuft seit dem Update stabil."},
        "Dr. Anke Petersen",
        "Leiterin Produktion",
        Role.REQUIRER,
        date(2026, 11, 20),
        (
            Wish("W1", "Ersatzteile kommen zu spät", "Lager in der Nähe", 80.0),
            Wish("W2", "Zu viele Ansprechpartner", "", None),
        ),
        (Effort("complicated", 40.0, "viele Formulare"), Effort("time", 60.0, "")),
    )


def _weights(count: int) -> list[float]:
    """Weights that differ and sum to 100."""
    weights = [float(1 + (7 * i) % 3) for i in range(count - 1)]
    return [*weights, 100 - sum(weights)]


def _rating(supplier: int, row: int) -> float | None:
    base = BASE[supplier % len(BASE)][row % 5]
    return None if base is None else float(base)


@cache
def _layout(language: str, size: CardSize) -> Layout:
    return build(scorecard.book(language, size))


def filled(asked: CardOrder, given: Answers | None = None) -> bytes:
    """The card of an order, empty or as answered."""
    layout = _layout(asked.language, size_of(asked))
    return render(layout, scorecard.values(shown_card(asked), MARK, given))


def reading(data: bytes, asked: CardOrder | None, scale: Scale | None = None) -> CardReading:
    """What is read from a file; ``scale``: as somebody decided (POINTS: whatever was thrown)."""
    return scorecard_reading.read(read_book(data), asked, scale)


def edited(data: bytes, edit: Callable[[Any], None]) -> bytes:
    """A workbook after an edit, saved by openpyxl (which wipes the formulas' stored values)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def on_table(asked: CardOrder, edit: Callable[[Any, TableGrid], None]) -> Callable[[Any], None]:
    """An edit of the sheet with the table, told where things stand."""
    title = texts(asked.language)("scorecard.table.sheet")
    return lambda book: edit(book[title], TableGrid(size_of(asked)))


def with_content_type(data: bytes, old: bytes, new: bytes) -> bytes:
    """The same package under another content type of its main part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "[Content_Types].xml":
                assert old in part
                part = part.replace(old, new)
            target.writestr(name, part)
    return out.getvalue()


def replaced(data: bytes, near: bytes, old: bytes, new: bytes) -> bytes:
    """A package with one text replaced, the first after ``near``, in the first part that has it."""
    out, done = io.BytesIO(), False
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            at = part.find(old, max(part.find(near), 0)) if near in part else -1
            if at >= 0 and not done:
                part, done = part[:at] + new + part[at + len(old) :], True
            target.writestr(name, part)
    assert done, f"{old!r} stands nowhere"
    return out.getvalue()


# -- strategies --------------------------------------------------------------------------------

POINTS = st.none() | st.integers(0, 100).map(float) | st.sampled_from((0.0, 12.5, 33.33, 99.99))
WEIGHTS = st.none() | st.integers(0, 100).map(float) | st.sampled_from((1.5, 33.33, 0.0))
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co", "Cf")), max_size=40
).map(lambda text: " ".join(text.split()))


@st.composite
def random_answers(draw: st.DrawFn, asked: CardOrder) -> Answers:
    """Any answers that a customer can give on this card with valid values."""
    own = draw(st.lists(WORDS.filter(lambda w: bool(w) and not is_blank(w)), max_size=5))
    rows = [(r.id, r.label, r.minimum) for r in asked.requirements]
    rows += [(f"own{n}", label, None) for n, label in enumerate(own, 1)]
    requirements = tuple(Requirement(i, la, draw(WEIGHTS), low) for i, la, low in rows)
    ratings = {s.id: {i: draw(POINTS) for i, _, _ in rows} for s in asked.suppliers}
    comments = {i: text for i, _, _ in rows if (text := draw(WORDS))}
    said = st.tuples(WORDS, WORDS, POINTS).filter(lambda w: w[0] or w[1])
    wishes = draw(st.lists(said, max_size=8))
    efforts = [(e, draw(POINTS), draw(WORDS)) for e in ("complicated", "time", "cost")]
    return Answers(
        Scorecard(requirements, ratings),
        comments,
        draw(WORDS),
        draw(WORDS),
        draw(st.sampled_from((None, *Role))),
        draw(st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1))),
        tuple(Wish(f"W{n}", *wish) for n, wish in enumerate(wishes, 1)),
        tuple(Effort(e, rating, text) for e, rating, text in efforts if rating is not None or text),
    )


KEYS = ("id", "label", "weight", "us", "C1", "gap", "comment", "R01", "R02", "own1", "own2", ":sum",
        ":name", ":own", "issue", "remedy", "importance", "rating", "reason", "W1", "complicated",
        MARK)  # fmt: skip
CELLS = st.builds(
    RawCell,
    st.sampled_from(RawKind),
    st.sampled_from(KEYS) | st.text(max_size=12) | st.integers(-5, 200).map(str),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(("General", "0%", "dd.mm.yyyy", '0" %"', "@", "[h]:mm", '";', "")),
    st.booleans(),
)
PLACES = st.tuples(st.integers(1, 30), st.integers(1, 12))
NAMES = st.dictionaries(
    st.sampled_from(("kx_ids", "kx_weight", "kx_us", "kx_c1", "kx_name", "kx_label")),
    st.text(max_size=20)
    | st.sampled_from(("Scorecard!$A$1:$A$9", "'Score''card'!$B$3", "Scorecard!$XFD$1048576",
                       "Scorecard!$A$0", "#REF!", "Scorecard!$A$" + "9" * 5000)),
)  # fmt: skip


def books(base: dict[tuple[int, int], RawCell]) -> st.SearchStrategy[RawBook]:
    """Books with any cells thrown over those of a card."""
    cells = st.dictionaries(PLACES, CELLS, max_size=40)
    sheets = st.tuples(st.sampled_from(("Scorecard", "Score'card", "x")), cells, st.booleans())
    return st.builds(
        lambda made, names: RawBook(
            tuple(RawSheet(t, {**(base if keep else {}), **c}) for t, c, keep in made), names
        ),
        st.lists(sheets, min_size=1, max_size=3),
        NAMES,
    )


__all__ = ["LANGUAGES", "MARK", "ORDERS", "US", "answers", "books", "edited", "filled", "on_table"]
