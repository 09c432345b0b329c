"""What nobody would see is shown, in every sentence; what people write their names with stays."""

from __future__ import annotations

import ast
import json
import logging
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import meta, nodes

import kamxl
from kamxl.addin import _Lines
from kamxl.core.finding import CODES, finding
from kamxl.errors import KamxlError, Reason
from kamxl.wording.texts import DRAWN, Texts, languages, texts
from kamxl.wording.visible import escaped, visible

PACKAGE = Path(kamxl.__file__).parent
BAD = {
    "clear": ("a\x1b[2J\x07b", "a␛[2J␇b"),
    "controls": ("\x00\x08\x0b\t\x7f", "␀␈␋␉␡"),
    "c1": ("a\x9b31m\x90b\x9c", "a⟨U+009B⟩31m⟨U+0090⟩b⟨U+009C⟩"),
    "lines": ("a\nb\rc\r\nd\x85e\u2028f\u2029g", "a⏎b⏎c⏎d⏎e⏎f⏎g"),
    "turned": ("card\u202excod.xlsx", "card⟨U+202E⟩xcod.xlsx"),
    "isolates": ("\u2066a\u2069", "⟨U+2066⟩a⟨U+2069⟩"),
    "marks": ("\u200ea\u200fb\u061c", "⟨U+200E⟩a⟨U+200F⟩b⟨U+061C⟩"),
    "no room": ("a\u200bb\u2060c\ufeffd", "a⟨U+200B⟩b⟨U+2060⟩c⟨U+FEFF⟩d"),
    "joined latin": ("a\u200db\u200cc", "a⟨U+200D⟩b⟨U+200C⟩c"),
    "soft at the end": ("ab\xad", "ab⟨U+00AD⟩"),
    "blank letters": ("a\u3164b\u115f", "a⟨U+3164⟩b⟨U+115F⟩"),
    "tags": ("a\U000e0041b", "a⟨U+E0041⟩b"),
    "looks of nothing": ("a\ufe0fb", "a⟨U+FE0F⟩b"),
    "halves": ("a\udc9b\ud800", "a⟨U+DC9B⟩⟨U+D800⟩"),
    "no character": ("a\ufffe\U0001ffffb", "a⟨U+FFFE⟩⟨U+1FFFF⟩b"),
}
GOOD = {
    "umlauts": "Müller & Söhne, Groß-Gerau",
    "accents": "Zoe\u0308 Łódź Nguye\u0302\u0303n",
    "hebrew": "שלום בע״מ.xlsx",
    "arabic": "شركة النور 2026 (القاهرة)",
    "persian": "می\u200cخواهم",
    "hindi": "क्\u200dष",
    "sinhala": "ශ්\u200dරී",
    "family": "👨\u200d👩\u200d👧 👩🏽\u200d💻 🏳️\u200d🌈 ❤️",
    "keycap": "1️⃣ ©️",
    "flag": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "chinese": "北京 葛\U000e0100城",
    "word processor": "Grund\xadauslastung 85\xa0%",
    "signs": "„x“ – … → ⏎ ␛ ⟨U+202E⟩",
}
NASTY = "".join(bad for bad, _ in BAD.values())


@pytest.mark.parametrize(("bad", "good"), BAD.values(), ids=BAD)
def test_what_is_not_seen_is_shown(bad: str, good: str) -> None:
    assert visible(bad) == good
    assert visible(good) == good


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_people_write_with_stays(text: str) -> None:
    assert visible(text) == text
    assert visible(text, lines=True) == text


def unseen(text: str) -> list[str]:
    """What no sentence may hold, told in another way than by the module itself."""
    kinds = {"Cc", "Cs", "Zl", "Zp"}
    return [
        c for c in text
        if unicodedata.category(c) in kinds or unicodedata.bidirectional(c) in
        {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        or c in "\u200b\u200e\u200f\u061c\u2060\ufeff"
    ]  # fmt: skip


@given(st.text())
def test_nothing_unseen_is_left_and_twice_is_once(text: str) -> None:
    shown = visible(text)
    assert unseen(shown) == []
    assert visible(shown) == shown
    assert unseen(visible(text, lines=True).replace("\n", "")) == []


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs", "Mc"))))
def test_letters_figures_and_signs_stay(text: str) -> None:
    blank = {"\u3164", "\uffa0", "\u115f", "\u1160"}  # Unicode calls them letters
    assert visible(text) == text or blank & set(text)


@settings(max_examples=60)
@given(st.dictionaries(st.text(st.characters()), st.text(st.characters()), max_size=3))
def test_json_has_the_same_values_and_nothing_unseen(value: Any) -> None:
    shown = escaped(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(shown) == value
    assert unseen(shown.replace("\n", "")) == []


def test_json_stays_readable() -> None:
    for text in GOOD.values():
        assert text in escaped(json.dumps(text, ensure_ascii=False))


# --- every sentence ------------------------------------------------------------------------------


OF_FILTER: dict[str, Any] = {
    "num": 3,
    "shortest": 3,
    "day": date(2026, 5, 4),
    "iso": "2199-01-01",
    "moment": "2199-01-01T09:30",
}
FIGURES = (nodes.Compare, nodes.BinExpr, nodes.UnaryExpr)


def nasty_values(said: Texts, key: str) -> dict[str, Any]:
    """For a text's variables: the nasty text wherever it takes one, else a figure, date or code."""
    parse, source = said._environment(True).parse, said.source(key)
    values: dict[str, Any] = dict.fromkeys(meta.find_undeclared_variables(parse(source)), NASTY)
    tree = parse(source)  # to find them changed it
    for node in tree.find_all(FIGURES):
        if not isinstance(node, nodes.And | nodes.Or | nodes.Not | nodes.Concat):
            kinds = {type(one.value) for one in node.find_all(nodes.Const)}
            reckons = isinstance(node, nodes.BinExpr | nodes.UnaryExpr) and str not in kinds
            if reckons or int in kinds:
                values |= _names(node, values, 3)
    for filter_ in tree.find_all(nodes.Filter):
        if filter_.name in OF_FILTER:
            values |= _names(filter_, values, OF_FILTER[filter_.name])
    for item in tree.find_all(nodes.Getitem):
        if isinstance(item.node, nodes.Dict):  # one of the codes for which there are words
            code = item.node.items[0].key.as_const()
            values |= _names(item.arg, values, code)
            for loop in tree.find_all(nodes.For):  # or the words of one text are such codes
                if {one.name for one in _own(loop.target)} & {one.name for one in _own(item.arg)}:
                    values |= _names(loop.iter, values, code)
    return values


def _names(node: nodes.Node, known: dict[str, Any], value: Any) -> dict[str, Any]:
    return {one.name: value for one in _own(node) if one.name in known}


def _own(node: nodes.Node) -> list[nodes.Name]:
    return [*([node] if isinstance(node, nodes.Name) else []), *node.find_all(nodes.Name)]


@pytest.mark.parametrize("language", languages())
def test_every_sentence_shows_what_it_was_given(language: str) -> None:
    said = texts(language)
    keys = [key for key in sorted(said.keys()) if key.partition(".")[0] not in {*DRAWN, "words"}]
    taking = {key: v for key in keys if "{" in said.source(key) if (v := nasty_values(said, key))}
    assert sum(NASTY in values.values() for values in taking.values()) > 300
    bad = {key: found for key, values in taking.items() if (found := unseen(said(key, **values)))}
    assert {key: found for key, found in bad.items() if "\n" not in said.source(key)} == {}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("code", CODES)
def test_every_finding_shows_what_a_file_said(code: str, language: str) -> None:
    said = texts(language)
    values = nasty_values(said, f"findings.{code}")
    placed = {name: values.pop(name, NASTY) for name in ("value", "sheet", "cell")}
    assert unseen(said.sentence(finding(code, **placed, **values))) == []


@pytest.mark.parametrize("language", languages())
def test_every_error_shows_what_it_names(language: str) -> None:
    said = texts(language)
    codes = {key.split(".")[1] for key in said.keys("errors")}
    assert len(codes) > 100
    worded = {
        "text": NASTY,
        "path": Path("/w") / NASTY.replace("\x00", "").replace("\ud800", ""),
        "system": OSError(99999, NASTY, NASTY),
        "reason": Reason("root", name=NASTY),
        "error": KamxlError("no-file", path=NASTY),
    }
    for code in sorted(codes):
        for part in ("why", "next"):
            key = f"errors.{code}.{part}"
            taken = nasty_values(said, key) if said.has(key) else {}
            for kind in worded.values():
                values = {n: kind if value == NASTY else value for n, value in taken.items()}
                assert unseen(getattr(KamxlError(code, **values), part)(language)) == [], key


def test_a_library_s_own_words_are_shown() -> None:
    assert unseen(KamxlError("file-unusable", path="x", reason=OSError(99999, NASTY)).said()) == []


# --- where it is printed -------------------------------------------------------------------------


def test_nobody_prints_but_the_one_writer() -> None:
    """``speaking`` writes to the terminal; what a developer starts by hand writes its own words."""
    own = {"commands/parts/speaking.py", "standalone.py", "xlam.py", "addin.py"}
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if not re.search(r"\b(print|input|write)\(", source):
            continue
        for node in ast.walk(ast.parse(source)):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            streams = ("sys.stdout.write", "sys.stderr.write", "sys.__stdout__.write")
            if name in ("print", "input", *streams):
                found.add(path.relative_to(PACKAGE).as_posix())
    assert found <= own
    assert "commands/parts/speaking.py" not in found  # it has a stream handed in


def test_a_line_of_the_log_is_begun_by_nobody_else() -> None:
    forged = "x\n2026-05-04 09:30:00,000 INFO consolidate: all well\x1b[2K\u202e"
    record = logging.LogRecord("kamxl", logging.ERROR, "", 0, "%s", (forged,), None)
    first, *others = _Lines("%(levelname)s %(message)s").format(record).split("\n")
    assert first == "ERROR x"
    assert all(line.startswith("    ") for line in others)
    assert unseen("".join(others)) == []
