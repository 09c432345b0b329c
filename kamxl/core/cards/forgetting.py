"""Forgetting a person: her records say a pseudonym, and what she sent counts under it.

Nothing of it tells her name: what is kept of names are tags, keyed with the workspace's first key.
They tell whether a name that somebody types is one that was known, and nobody without the key can
find a name by them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from kamxl.core.cards import seal
from kamxl.core.ids import same_id, same_name
from kamxl.core.records.forgotten import Forgotten
from kamxl.core.records.mails import MailNote
from kamxl.core.records.page import PageProgramme, PageRow, ReplyPage, RowKind
from kamxl.core.records.person import Called
from kamxl.core.records.register import Answers, CardOrder

CODE_DIGITS, _TAG_DIGITS = 4, 16


def tag(key: bytes, text: str) -> str:
    """What stands for a name or an address; "" for none."""
    folded = same_name(text)
    return _keyed(key, "name", folded)[:_TAG_DIGITS] if folded else ""


def tags(key: bytes, texts: Iterable[str]) -> tuple[str, ...]:
    """The tags of names and addresses, sorted."""
    return tuple(sorted({tag(key, text) for text in texts} - {""}))


def code(key: bytes, account: str, respondent: str, name: str) -> str:
    """What tells her from others who were forgotten: "7f3a", the same each time."""
    told = "\n".join((same_id(account), same_id(respondent), same_name(name)))
    return _keyed(key, "pseudonym", told)[:CODE_DIGITS]


def forgotten(
    order: CardOrder, key: bytes, pseudonym: str, own: Iterable[str], others: Iterable[str]
) -> CardOrder:
    """The record without her: no name, address, function or word of hers.

    ``key``: the one it was issued with; ``own``: the tags of what she was called, ``others``: of
    those who answered on her card under names of their own. Cards that are out go on naming the
    digest that it had.
    """
    known = Forgotten(seal.digest(order, key), tuple(sorted(own)), tuple(sorted(others)))
    made = replace(
        order, respondent_name=pseudonym, respondent_email="", function="", last_period="", last=(),
        page=_without_her(order.page) if order.page else None, forgotten=known,
    )  # fmt: skip
    return replace(made, forgotten=replace(known, proof=seal.proof(made, key)))


def _without_her(page: ReplyPage) -> ReplyPage:
    """A page without her own words, and without who at hers does something."""
    return replace(
        page,
        rows=tuple(map(_row, page.rows)),
        programmes=tuple(map(_programme, page.programmes)),
    )


def _row(row: PageRow) -> PageRow:
    understood = "" if row.kind is RowKind.WISH else row.understood
    return replace(row, understood=understood, theirs="", said=None)


def _programme(one: PageProgramme) -> PageProgramme:
    return replace(one, owner_theirs="")


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What is known of those who were forgotten, by the workspace's first ``key``."""

    key: bytes
    own: frozenset[str]

    @classmethod
    def of(cls, key: bytes, orders: Iterable[CardOrder]) -> Forgetting:
        """Of all records."""
        found = (one.forgotten.own for one in orders if one.forgotten is not None)
        return cls(key, frozenset().union(*found))

    def is_hers(self, text: str) -> bool:
        """Whether a name or an address is that of somebody who was forgotten."""
        return bool(self.own) and tag(self.key, text) in self.own

    def answers(self, order: CardOrder, answers: Answers) -> Answers:
        """What came back on her card: under the pseudonym, whatever name she typed.

        Only a name that was somebody else's when she was forgotten stays.
        """
        if self.stays(order, answers.name):
            return answers
        name = order.respondent_name
        return replace(answers, name=name, function="", called=Called((name,)))

    def stays(self, order: CardOrder, name: str) -> bool:
        """Whether a name that was typed on a card may go on standing there."""
        gone = order.forgotten
        return gone is None or tag(self.key, name) in gone.others

    def note(self, note: MailNote, order: CardOrder | None = None) -> MailNote:
        """What a mail said, without her: one with an answer of hers, or to or from her address."""
        hers = order is not None and order.forgotten is not None
        if not (self.own or hers):
            return note
        if hers or self.is_hers(note.address):
            note = replace(note, subject="", sender="", address="")
        return replace(
            note,
            others=tuple(one for one in note.others if not self.is_hers(one)),
            undelivered=tuple(
                replace(one, address="", reason="") if self.is_hers(one.address) else one
                for one in note.undelivered
            ),
        )


def named_otherwise(
    key: bytes, order: CardOrder, names: Iterable[str], hers: Collection[str]
) -> tuple[str, ...]:
    """The tags of names on her card that are not hers."""
    gone = order.forgotten.others if order.forgotten is not None else ()
    return tuple(sorted({*tags(key, names), *gone} - set(hers)))


def _keyed(key: bytes, what: str, text: str) -> str:
    return hmac.new(key, f"{what}\n{text}".encode(), hashlib.sha256).hexdigest()
