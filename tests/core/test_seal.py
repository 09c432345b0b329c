"""The seal: equal orders, equal digests; any change, another one; nothing forged passes."""

import dataclasses
import json
from datetime import date

import pytest

from kamxl.core.cards import seal
from kamxl.core.records.forgotten import Forgotten
from kamxl.core.records.page import (
    Asks,
    Fit,
    PageBenefit,
    PageProgramme,
    PageRow,
    PageStatement,
    ReplyPage,
    RowKind,
)
from kamxl.core.records.register import AskedRequirement, CardOrder, Competitor, LastAnswer
from kamxl.core.roles import Role, Source

ORDER = CardOrder(
    account="ACME",
    account_name="Ärmel & Söhne",
    segment="pumps",
    segment_name="Pumpen",
    respondent="c1",
    respondent_name="Ada Beispiel",
    period="2026-H1",
    language="de",
    company="Muster AG",
    requirements=(
        AskedRequirement("q", "Qualität", 60, ("a", "b", "c")),
        AskedRequirement("p", "P"),
    ),
    competitors=(Competitor("borel", "Borel"),),
    respondent_email="ada@example.com",
    function="Einkauf",
    role=Role.PURCHASER,
    due=date(2026, 5, 31),
)
OTHER = {
    "requirements": (),
    "competitors": (Competitor("b", "B"),),
    "named_rivals": False,
    "role": None,
    "source": Source.JOINT,
    "due": None,
    "rating_threshold": 55.0,
    "last": (LastAnswer("q", 12.5, None),),
    "asks": Asks.REPLY,
    "page": ReplyPage(
        "d1",
        "2025-H2",
        (PageRow("q", RowKind.GAP, "Qualität", "Prüfplan", due=date(2026, 7, 1), said=Fit.LATER),),
        (PageBenefit("v1", "Stillstand", "h", 40, 25.5),),
        (PageStatement("strategy", "Wachsen"),),
        (PageProgramme("p1", "Weniger Lager", stop="2027"),),
    ),
    "keep_years": 3,
    "forgotten": Forgotten("0" * 32, ("a",), ("b",), "c"),
}


def test_there_and_back():
    plain = dataclasses.replace(ORDER, role=None, due=None, function="")
    for order in (ORDER, plain, dataclasses.replace(ORDER, **OTHER)):
        record = json.loads(json.dumps(seal.canonical(order)))
        assert seal.from_canonical(record) == order


def test_a_page_without_a_word_is_one_and_a_part_without_an_id_is_none():
    rows = (PageRow("w1", RowKind.WISH, "", ""),)
    parts = (PageBenefit("v1", ""),), (PageStatement("s", ""),), (PageProgramme("p1", ""),)
    order = dataclasses.replace(ORDER, page=ReplyPage("d1", "2025-H2", rows, *parts))
    record = json.loads(json.dumps(seal.canonical(order)))
    assert seal.from_canonical(record) == order
    for part, name in (("rows", "id"), ("rows", "kind"), ("benefits", "id")):
        less = [{n: v for n, v in one.items() if n != name} for one in record["page"][part]]
        with pytest.raises(ValueError, match=r".*"):
            seal.from_canonical({**record, "page": {**record["page"], part: less}})


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(CardOrder)])
def test_every_field_counts(field):
    """A field that is added to the order and forgotten here would let two orders share a record."""
    changed = dataclasses.replace(ORDER, **{field: OTHER.get(field, "other")})
    assert seal.digest(changed) != seal.digest(ORDER)
    if field != "period":
        assert seal.from_canonical(seal.canonical(changed)) == changed


def test_equal_orders_have_equal_digests():
    same = dataclasses.replace(
        ORDER,
        requirements=(
            AskedRequirement("q", "Qualität", 60.0, ("a", "b", "c")),
            ORDER.requirements[1],
        ),
    )
    assert seal.digest(same) == seal.digest(ORDER)
    assert len(seal.digest(ORDER)) == 32


def test_a_keyed_digest_hides_the_minimum():
    """Whoever knows everything but the minimum cannot find it by trying."""
    guesses = {
        seal.digest(
            dataclasses.replace(
                ORDER,
                requirements=(
                    dataclasses.replace(ORDER.requirements[0], minimum=n),
                    ORDER.requirements[1],
                ),
            )
        )
        for n in range(101)
    }
    assert seal.digest(ORDER) in guesses
    assert seal.digest(ORDER, b"key") not in guesses


@pytest.mark.parametrize(
    "damage",
    [
        {"version": 2},
        {"account": 5},
        {"account": ""},
        {"account": "a/b"},
        {"period": "soon"},
        {"requirements": None},
        {"requirements": [1]},
        {"requirements": [{"id": "q", "label": "Q", "minimum": "6", "anchors": ["", "", ""]}]},
        {"requirements": [{"id": "q", "label": "Q", "minimum": None, "anchors": ["", ""]}]},
        {"competitors": [{"id": "x"}]},
        {"named_rivals": "yes"},
        {"role": "boss"},
        {"source": None},
        {"due": "soon"},
        {"due": 5},
        {"rating_threshold": None},
    ],
)
def test_damage_is_a_value_error(damage):
    with pytest.raises(ValueError, match=r".*"):
        seal.from_canonical({**seal.canonical(ORDER), **damage})


@pytest.mark.parametrize("record", [None, [], "x", 5, {}])
def test_no_record_is_a_value_error(record):
    with pytest.raises(ValueError, match="version"):
        seal.from_canonical(record)


def test_signatures():
    signed = seal.signature(b"key", "ws", "d" * 32)
    assert len(signed) == 32
    assert seal.verify(b"key", "ws", "d" * 32, signed)
    assert not seal.verify(b"other", "ws", "d" * 32, signed)
    assert not seal.verify(b"key", "ws2", "d" * 32, signed)
    assert not seal.verify(b"key", "ws", "e" * 32, signed)
    assert not seal.verify(b"key", "ws", "d" * 32, "ä" * 32)
    assert not seal.verify(b"key", "ws", "d" * 32, "\ud800")
