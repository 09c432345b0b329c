"""Our own workbooks as they come back from the team: a register, a portfolio with other cells.

They lie in a shared folder where anybody may save anything, so nothing that stands in them raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kamxl.core.cards.asking import orders
from kamxl.core.records.register import Register
from kamxl.excel.reading.book import read
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.portfolio.book import _made, keys_in
from kamxl.forms.portfolio.carrying import Tables, carried
from kamxl.forms.portfolio.earlier import earlier
from kamxl.forms.portfolio.own import Keys
from kamxl.forms.register import book as register
from kamxl.wording.texts import languages, texts
from tests.forms import portfolio_sample as sample
from tests.fuzz.answers import changed
from tests.workflow.making import register_bytes

_WHICH = ("de", "portfolio")


def read_back(data: bytes) -> str:
    """What a register or a portfolio with these changes says; it is read, whatever that is."""
    which, rest = _WHICH[data[0] % len(_WHICH)] if data else "de", data[1:]
    raw = changed(_base(which), rest)
    return _portfolio(raw) if which == "portfolio" else _register(raw)


@cache
def _base(which: str) -> RawBook:
    if which == "portfolio":
        return read(render(build(_next()[0])))
    return read(register_bytes(which))


@cache
def _next() -> tuple[Book, Tables]:
    return _made(sample.single(), texts("en"), sample.STAMP, {})


@cache
def _keys() -> Mapping[str, Keys]:
    return keys_in(sample.single(), "en")


def _register(raw: RawBook) -> str:
    found = register.read(raw)
    for one in found.findings:
        for language in languages():
            assert texts(language).sentence(one)
    _within(found)
    assert all(told[0] for told in register.workspaces(raw))
    made = orders(found, found.settings.period or sample.PERIOD, str)
    codes = sorted({one.code for one in found.findings})
    return ", ".join(("register read", *codes, *(("cards",) if made else ())))


def _within(found: Register) -> None:
    """No number that no field of a register takes."""
    revenues = [segment.revenue for segment in found.segments]
    assert all(one is None or 0 <= one < 1e15 for one in revenues), revenues
    minimums = [one.asked.minimum for one in found.requirements]
    assert all(one is None or 0 <= one <= 100 for one in minimums), minimums


def _portfolio(raw: RawBook) -> str:
    said = earlier(raw, _keys())
    assert earlier(raw, _keys()) == said, "the second reading is another"
    assert all(said.remarks.values())
    assert set(said.foreign) <= {sheet.title for sheet in raw.sheets}
    whole = carried(*_next(), [said], texts("en"))
    build(whole.book)  # whatever she typed can be written again
    found = (said.remarks, said.names, said.used, said.foreign, whole.left[0])
    return f"portfolio read, {tuple(map(bool, found))}"


SEEDS = (
    b"\0",
    b"\0?",
    b"\1",
    b"\0\1\0\x20\x00x\n\2\0\x20\x01twice",
    b"\0\3\0\x30\x01ALPHA\n\4\0\x31\x010,85\n\5\0\x32\x05",
    b"\0!\n\1\0\x40\x01#REF!",
    b"\1\1\0\x50\x81mine\n\1\0\x60\x01own column",
    b"\1!\n\2\0\x10\x04",
)

WORDS = (
    "ALPHA", "BETA", "pumps", "basis", "c1", "q", "ombra", "us", "own1", "2026-H1", "2. Halbjahr",
    "1.2.2026", "46000", "ja", "nein", "yes", "x", "de", "en", "85", "85 %", "0,85", "1.000", "-1",
    "1e308", "k. A.", "#N/A", "#REF!", "a@b.example", "a@b", ":id", "kamxl:register", "kamxl:w",
    "ACCEPTED", "accepted", "=1+1", "\x1f", "\n!", "\n?", "\n\1\0", "\n\2\0", "\n\3\0", "\n\4\0",
)  # fmt: skip
