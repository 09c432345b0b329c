"""The register's live help: how many segments, contacts and requirements there are.

Each formula carries the count this module makes of the records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from kamxl.core.asking import Asking
from kamxl.core.ids import same_id
from kamxl.core.records import Register, Segment
from kamxl.forms.book import Formula
from kamxl.forms.raw import a1
from kamxl.forms.register_forms import ACCOUNTS, ANSWER, CONTACTS, REQUIREMENTS, SEGMENTS
from kamxl.forms.tables import Live, Values


def live_formulas(register: Register, language: str) -> Mapping[tuple[str, str], Live]:
    """(form key, column key) to what makes its formula for one row."""
    owners = Counter(same_id(s.account) for s in register.segments)
    asked = Counter(same_id(c.account) for c in register.contacts if c.asked)
    segments = SEGMENTS.reference("account", language)
    contacts = CONTACTS.reference("account", language)
    answers = f'{CONTACTS.reference("asked", language)}="{ANSWER.label("yes", language)}"'
    return {
        ("accounts", "segments"): _counted(f"--({segments}={{}})", owners),
        ("accounts", "asked"): _counted(f"--({contacts}={{}}),--({answers})", asked),
        ("segments", "requirements"): _requirements(register, language),
    }


def _counted(rows: str, owners: Counter[str]) -> Live:
    """Counts the rows of the account in the row; ``owners`` are their (folded) accounts."""

    def formula(row: int, values: Values) -> Formula:
        cell = "$" + a1(row, ACCOUNTS.index("id"))
        count = owners[same_id(values["id"])] if values else ""
        return Formula(f'IF({cell}="","",SUMPRODUCT({rows.format(cell)}))', count)

    return formula


def _requirements(register: Register, language: str) -> Live:
    """Counts the requirements of the segment in the row: its catalogue's and its own."""
    asking = Asking(register)
    shared, owner, part = (
        REQUIREMENTS.reference(key, language) for key in ("catalogue", "account", "segment")
    )

    def formula(row: int, values: Values) -> Formula:
        account, own, catalogue = (
            "$" + a1(row, SEGMENTS.index(key)) for key in ("account", "id", "catalogue")
        )
        text = (
            f'IF({own}="","",IF({catalogue}="",0,SUMPRODUCT(--({shared}={catalogue})))'
            f"+SUMPRODUCT(--({owner}={account}),--({part}={own})))"
        )
        if not values:
            return Formula(text, "")
        segment = Segment(values["account"], values["id"], "", catalogue=values["catalogue"])
        return Formula(text, len(asking.requirements(segment)))

    return formula


def catalogues_of(register: Register) -> list[tuple[str, int, int]]:
    """(catalogue, its requirements, segments that use it), in the order of the requirements."""
    names: dict[str, str] = {}
    for catalogue, _, _, _ in register.requirements:
        if catalogue:
            names.setdefault(same_id(catalogue), catalogue)
    counted = Counter(same_id(catalogue) for catalogue, _, _, _ in register.requirements)
    used = Counter(same_id(segment.catalogue) for segment in register.segments)
    return [(name, counted[key], used[key]) for key, name in names.items()]
