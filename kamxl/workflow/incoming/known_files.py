"""Files that were looked into before: what they are worth is known, if nothing that counts changed.

A file is known by its bytes, its name and its time; what it was held against (the record of its
card, the keys, what was decided) has to be the same, and so has this kamxl. Each is read and hashed
anew in every run: what is known spares the process apart, never the look at the file.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from hashlib import blake2b
from itertools import groupby

import msgspec

from kamxl.core.records.page import Asks
from kamxl.core.records.register import CardKey, CardOrder
from kamxl.store.cache import Cache
from kamxl.store.inbox import Entry
from kamxl.store.workspace import Workspace
from kamxl.workflow.files.sure import is_sure, reading_with
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.judge import Judged, Known
from kamxl.workflow.incoming.looking import Found, More
from kamxl.workflow.stamps import made_by


@dataclass(frozen=True, slots=True)
class _Worth:
    """One file, or one of those that are packed in it, without the record that its card has.

    ``order``: the digest of that record ("": it has none, or another one by decision).
    """

    entry: Entry
    judged: Judged
    order: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    """All that is in a file. ``against``: a digest of what it was held against, which was all that
    the workspace knows (``all``), or only the records of these cards.
    """

    against: bytes
    all: bool
    worth: tuple[_Worth, ...]


@dataclass(slots=True)
class _Asked:
    """A file in its turn: where it would be kept, and what is known of it."""

    name: str
    path: str
    known: list[Found] | None = field(default=None)


class Shelf:
    """What a workspace knows of the files that it looked into."""

    def __init__(self, workspace: Workspace, known: Known) -> None:
        self._cache = Cache(workspace.keys[-1])
        self.known = known
        self._made = (made_by(), *reading_with(), workspace.id)

    def looked_into(
        self, entries: Iterable[Entry], executor: Executor | None, more: More
    ) -> Iterator[Found]:
        """As ``looking.looked_into``, which is asked for those alone of which nothing is known."""
        waiting: deque[_Asked] = deque()

        def unknown() -> Iterator[Entry]:
            for entry in entries:
                asked = self._asked(entry, more)
                waiting.append(asked)
                if asked.known is None:
                    yield entry

        looked = looking.looked_into(unknown(), self.known, executor, more)
        for path, group in groupby(looked, key=lambda found: found[0].source or found[0].path):
            while (asked := waiting.popleft()).path != path:
                yield from asked.known or ()
            told = []
            for one in group:
                told.append(one)
                yield one
            self._keep(asked, told)
        for asked in waiting:
            yield from asked.known or ()
        self._cache.tidy()

    def _asked(self, entry: Entry, more: More) -> _Asked:
        if entry.data is None or entry.sha256 is None:  # there is nothing to look into
            return _Asked("", entry.path)
        told = entry.modified.isoformat() if entry.modified else ""
        name = self._cache.name("file", *self._made, entry.path, told, entry.sha256)
        data = self._cache.find(name)
        found = self._found(data, entry) if data is not None else None
        if found is not None:
            more(len(found) - 1)
        return _Asked(name, entry.path, found)

    def _found(self, data: bytes, entry: Entry) -> list[Found] | None:
        """What is kept of a file, if it was held against the same; None: it has to be read."""
        try:
            kept = _decoder().decode(data)
        except msgspec.MsgspecError:
            return None
        orders = self.known.orders
        if any(one.order and one.order not in orders for one in kept.worth):
            return None
        if kept.against != self._against([one.order for one in kept.worth], kept.all):
            return None
        return [
            (
                # what a mail says of itself is in the entry as it was kept
                replace(one.entry, stamp=entry.stamp if one.entry.path == entry.path else None),
                replace(one.judged, order=orders[one.order]) if one.order else one.judged,
            )
            for one in kept.worth
        ]

    def _keep(self, asked: _Asked, found: list[Found]) -> None:
        sure = all(is_sure(judged) for _, judged in found)
        if not (asked.name and sure) or any(self._is_hers(*one) for one in found):
            return
        worth = tuple(self._worth(*one) for one in found)
        every = not all(_is_of_card(one, self.known) for one in worth)
        against = self._against([one.order for one in worth], every)
        self._cache.keep(asked.name, _ENCODER.encode(_Kept(against, every, worth)))

    def _is_hers(self, entry: Entry, judged: Judged) -> bool:
        """Whether it tells of somebody who was forgotten: with the file, all of her has to go."""
        if judged.order is not None and judged.order.forgotten is not None:
            return True
        note = entry.mail or judged.mail
        return note is not None and self.known.forgetting.note(note) != note

    def _worth(self, entry: Entry, judged: Judged) -> _Worth:
        order = judged.order
        bare = replace(entry, data=None, stamp=None)
        digests = self._by_key.get(order.key, ()) if order is not None else ()
        for digest in digests:
            if self.known.orders[digest] == order:
                return _Worth(bare, replace(judged, order=None), digest)
        return _Worth(bare, judged)

    def _against(self, digests: Iterable[str], every: bool) -> bytes:
        """A digest of what a file was held against."""
        if every:
            return self._whole
        made = blake2b(self._base, digest_size=32)
        for digest in sorted({*digests} - {""}):
            made.update(digest.encode() + _ENCODER.encode(self.known.orders[digest]))
        return made.digest()

    @cached_property
    def _base(self) -> bytes:
        known = self.known
        return _digest(_ENCODER.encode((known.workspace, known.keys, known.decisions)))

    @cached_property
    def _whole(self) -> bytes:
        made = blake2b(self._base, digest_size=32)
        for digest, order in sorted(self.known.orders.items()):
            made.update(digest.encode() + _ENCODER.encode(order))
        for key, newest in sorted(self.known.newest.items()):
            made.update(_ENCODER.encode((key, newest)))
        return made.digest()

    @cached_property
    def _by_key(self) -> Mapping[CardKey, list[str]]:
        found: dict[CardKey, list[str]] = {}
        for digest, order in self.known.orders.items():
            found.setdefault(order.key, []).append(digest)
        return found


def _is_of_card(one: _Worth, known: Known) -> bool:
    """Whether nothing but the record of its card says what a file is worth, or none at all does."""
    judged = one.judged
    if judged.kind in ("plan", "companion"):
        return judged.order is None
    if not one.order or judged.decision is not None:
        return False
    order: CardOrder = known.orders[one.order]
    return order.asks is not Asks.REPLY and order.forgotten is None


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()


def _plainly(value: object) -> object:
    """What msgspec does not know by itself."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{type(value).__name__} is no data")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plainly)


@cache
def _decoder() -> msgspec.msgpack.Decoder[_Kept]:
    return msgspec.msgpack.Decoder(_Kept)
