"""What a card asks otherwise than the one before it: field by field, for the team to see why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace

from kamxl.core.ids import same_id
from kamxl.core.records.register import AskedRequirement, CardOrder, Competitor

# What she said the last time, and our reply to it, stay on a card as they are.
_TAKEN_OVER = frozenset({"last", "last_period", "page"})
_LISTS = frozenset({"requirements", "competitors"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``field`` of the order; in a list, ``id`` of the entry and ``what`` about it.

    ``what``: "added", "removed", "order", or the entry's own field ("label", "minimum", "anchors",
    "name"). ``shown``: the entry's label or name. A card may also change without its order:
    ``field`` is then "layout", "key" or "missing".
    """

    field: str
    id: str = ""
    what: str = ""
    shown: str = ""

    @property
    def name(self) -> str:
        """The change as one word: "due", "requirements.price.label"."""
        return ".".join(part for part in (self.field, self.id, self.what) if part)


# Who asks, where to, and how long answers are kept: none of it is what a card asks.
BY_WHOM_AND_WHERE = (
    "sender_name",
    "sender_email",
    "sender_phone",
    "sender_function",
    "reply_to",
    "respondent_email",
    "keep_years",
)


def asks_the_same(before: CardOrder, after: CardOrder) -> bool:
    """Whether ``after`` asks what ``before`` asked, by whomever and at whatever address.

    Then the card that is out stays as it is, with the sender it names; only mails that are written
    from now on are in the new name and go to the new address.
    """
    return after == replace(before, **{n: getattr(after, n) for n in BY_WHOM_AND_WHERE})


def changes(before: CardOrder, after: CardOrder) -> tuple[Change, ...]:
    """All that ``after`` asks otherwise, in the order of the record's fields; empty: nothing."""
    return tuple(_changes(before, after))


def _changes(before: CardOrder, after: CardOrder) -> Iterator[Change]:
    for name in (f.name for f in fields(CardOrder)):
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if name in _TAKEN_OVER:
            continue
        if name in _LISTS:
            yield from _in_list(name, old, new)
        else:
            yield Change(name)


Entry = AskedRequirement | Competitor


def _in_list(name: str, old: Iterable[Entry], new: Iterable[Entry]) -> Iterator[Change]:
    was, now = ({same_id(entry.id): entry for entry in entries} for entries in (old, new))
    for key in [*now, *(key for key in was if key not in now)]:
        if key not in was:
            yield _of(name, now[key], "added")
        elif key not in now:
            yield _of(name, was[key], "removed")
        else:
            for field in fields(now[key]):
                if getattr(was[key], field.name) != getattr(now[key], field.name):
                    yield _of(name, now[key], field.name)
    if [key for key in was if key in now] != [key for key in now if key in was]:
        yield Change(name, what="order")


def _of(name: str, entry: Entry, what: str) -> Change:
    shown = entry.label if isinstance(entry, AskedRequirement) else entry.name
    return Change(name, entry.id, what, shown)
