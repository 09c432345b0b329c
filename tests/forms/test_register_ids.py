"""Rows pasted into the register without ids: each is told one that is valid and free for it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamxl.core.ids import is_id, same_id
from kamxl.forms.paper.raw import RawCell, RawKind, RawSheet
from kamxl.forms.register.sheets import (
    ACCOUNTS,
    COMPETITORS,
    CONTACTS,
    LAYOUT,
    REQUIREMENTS,
    SEGMENTS,
    TEAM,
)
from kamxl.forms.tables.declared import Table
from kamxl.forms.tables.reading import read_table

TABLES = (TEAM, ACCOUNTS, SEGMENTS, CONTACTS, REQUIREMENTS, COMPETITORS)


def pasted(form: Table, rows: list[dict[str, str]]) -> dict[int, str]:
    """What is proposed for each row, by its number from 0."""
    keys = [column.id for column in form.columns]
    cells = {(1, c): RawCell(RawKind.TEXT, key) for c, key in enumerate(keys, 1)}
    for r, row in enumerate(rows, 2):
        cells |= {(r, keys.index(k) + 1): RawCell(RawKind.TEXT, v) for k, v in row.items()}
    read = read_table(RawSheet("Blatt", cells), form, "de", LAYOUT)
    found = {}
    for row in read.rows:
        for one in row.findings:
            if one.code == "id-missing":
                assert one.cell == row.cells["id"]
                found[row.number - 2] = str(dict(one.details)["example"])
    return found


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.key)
def test_every_table_with_ids_proposes_them(form: Table) -> None:
    column = form.column("id")
    rows = [{column.named: "Jörg Groß GmbH"}, {"id": "JGG", column.named: "Jana Gut Ganz"}]
    (own,) = pasted(form, rows).values()
    assert own == ("JGGM" if column.person else "JOERG-GROSS")


def test_two_contacts_share_initials_in_two_accounts_and_never_in_one() -> None:
    rows = [
        {"account": account, "name": name}
        for account, name in itertools.product(("A", "B"), ("Anke Keller", "Anton Kurz"))
    ]
    assert pasted(CONTACTS, rows) == {0: "AK", 1: "AKU", 2: "AK", 3: "AKU"}


def test_a_rival_is_told_the_id_it_has_elsewhere() -> None:
    rows = [
        {"id": "BOR", "name": "Borel"}, {"account": "A", "name": "Borel"},
        {"account": "A", "name": "Bor"},
    ]  # fmt: skip
    assert pasted(COMPETITORS, rows) == {1: "BOR", 2: "BOR-2"}


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(["Meier GmbH", "Meier AG", "Meier GmbH & Co. KG", "Öl", "油", "Us"])),
    st.randoms(use_true_random=False),
)
def test_ids_are_valid_unique_and_the_same_however_rows_are_sorted(names, chance) -> None:
    rows = [{"name": name} for name in names]
    found = pasted(ACCOUNTS, rows)
    assert len(found) == len(names)
    assert all(map(is_id, found.values()))
    assert len({same_id(own) for own in found.values()}) == len(names)
    chance.shuffle(rows)
    again = pasted(ACCOUNTS, rows)
    told = sorted((rows[at]["name"], own) for at, own in again.items())
    assert told == sorted((names[at], own) for at, own in found.items())
