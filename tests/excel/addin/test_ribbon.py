"""The KAM tab: its buttons, every callback there, every text in every language."""

from __future__ import annotations

import pytest

from kamxl.excel.addin import XLAM
from kamxl.wording.texts import languages, texts
from tests.excel.addin.emulator import AUSTRIAN, ENGLISH, FRENCH, GERMAN, AddIn, Machine
from tests.excel.addin.ribbon import GETTERS, PARTS, SOURCES, controls, faults

XML = PARTS["customUI/customUI14.xml"]
BUTTONS = [
    "new",
    "import",
    "issue",
    "reply",
    "check",
    "consolidate",
    "refresh",
    "brief",
    "decide",
    "open",
    "about",
]


def test_the_ribbon_and_the_code_behind_it_agree() -> None:
    assert faults(XML, SOURCES) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b'onAction="KamxlPress"', b'onAction="KamxlPressed"', "onAction KamxlPressed"),
        (b'getLabel="KamxlLabel"', b'getLabel="KamxlPress"', "getLabel KamxlPress"),
        (b'<button id="issue"', b'<button id="new"', "id new stands 2 times"),
        (b'size="large"', b'size="huge"', "size huge"),
        (b' imageMso="Help"', b"", "no imageMso"),
        (b'imageMso="Help"', b'imageMso="Help" nonsense="1"', "nonsense is unknown"),
        (b"2009/07/customui", b"2006/01/customui", "root is"),
    ],
)
def test_the_check_notices(old: bytes, new: bytes, fault: str) -> None:
    assert old in XML
    found = faults(XML.replace(old, new, 1), SOURCES)
    assert any(fault in one for one in found), found


def test_the_check_notices_a_missing_or_doubled_sub() -> None:
    modules = SOURCES
    assert faults(XML, {**modules, "Ribbon": modules["Ribbon"].replace("KamxlKeytip(", "Other(")})
    assert faults(XML, {**modules, "Copy": modules["Ribbon"]})


def test_the_buttons_are_there() -> None:
    buttons = controls(XML, "button")
    assert [button["id"] for button in buttons] == BUTTONS
    assert [b["id"] for b in buttons if b.get("size") == "large"] == ["consolidate"]
    images = [button["imageMso"] for button in buttons]
    assert len(set(images)) == len(images)
    press = SOURCES["Ribbon"]
    assert "Case " + ", ".join(f'"{name}"' for name in BUTTONS) in press


@pytest.mark.parametrize("language", [GERMAN, AUSTRIAN, ENGLISH, FRENCH])
def test_every_label_and_tip_is_in_the_language_of_excel(language: int) -> None:
    addin = AddIn(XLAM, Machine(language=language))
    said = texts("de" if language in (GERMAN, AUSTRIAN) else "en")
    every = [c for kind in ("tab", "group", "button") for c in controls(XML, kind)]
    for control in every:
        for attribute in set(GETTERS) & set(control):
            shown = addin.text(control[attribute], control["id"])
            assert shown == said(f"ribbon.{control['id']}.{attribute.removeprefix('get').lower()}")
            assert 0 < len(shown) <= (3 if attribute == "getKeytip" else 1024)


@pytest.mark.parametrize("language", languages())
def test_key_tips_are_unique(language: str) -> None:
    tips = [texts(language)(f"ribbon.{button}.keytip") for button in BUTTONS]
    assert len(set(tips)) == len(tips)
    # Excel cannot tell A from AB when the first letter is typed
    assert not [a for a in tips for b in tips if a != b and b.startswith(a)]
    assert all(tip.isascii() and tip.isalnum() and tip.isupper() for tip in tips)
    assert texts(language)("ribbon.tab.keytip") == "KX"


def test_where_excel_does_not_tell_its_language_the_country_does() -> None:
    germany = AddIn(XLAM, Machine(mac=True, country=49))
    france = AddIn(XLAM, Machine(mac=True, country=33))
    assert germany.text("KamxlLabel", "open") == texts("de")("ribbon.open.label")
    assert france.text("KamxlLabel", "open") == texts("en")("ribbon.open.label")
