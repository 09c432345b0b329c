"""Sealing a card: what it asked as one canonical text, its digest, and the workspace's signature.

The signature proves that this workspace issued this card to this address, not who filled it in;
whoever can open the team's folder can forge one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date
from functools import lru_cache
from sys import intern
from typing import Any

from kamxl.core.cards.sealed_page import page_from, plain_page
from kamxl.core.ids import is_id
from kamxl.core.period import Period
from kamxl.core.records.forgotten import Forgotten
from kamxl.core.records.page import Asks
from kamxl.core.records.register import (
    AskedRequirement,
    CardOrder,
    Competitor,
    LastAnswer,
)
from kamxl.core.roles import Role, Source

RECORD_VERSION = 1
HEX_DIGITS = 32  # 128 bits: short enough for a mark in a cell, long enough for nobody to guess

# Texts that may be empty are left out when they are: a text that a later kamxl adds to orders
# does not change the digests of earlier records.
_TEXTS = tuple(f for f in fields(CardOrder) if f.type == "str")


def canonical(order: CardOrder) -> dict[str, Any]:
    """The order as plain JSON values; equal orders give equal values, and the other way round."""
    texts = {f.name: getattr(order, f.name) for f in _TEXTS}
    record: dict[str, Any] = {name: text for name, text in texts.items() if text}
    record["version"] = RECORD_VERSION
    record["requirements"] = [
        {"id": r.id, "label": r.label, "minimum": _float(r.minimum), "anchors": list(r.anchors)}
        for r in order.requirements
    ]
    record["competitors"] = [{"id": c.id, "name": c.name} for c in order.competitors]
    record["named_rivals"] = order.named_rivals
    record["role"] = order.role.value if order.role else None
    record["source"] = order.source.value
    record["due"] = order.due.isoformat() if order.due else None
    record["rating_threshold"] = float(order.rating_threshold)
    if order.last:  # left out when there are none: earlier records have none and keep their digest
        record["last"] = [
            {"id": one.id, "weight": _float(one.weight), "rating": _float(one.rating)}
            for one in order.last
        ]
    if order.asks is not Asks.CARD:
        record["asks"] = order.asks.value
    if order.keep_years is not None:
        record["keep_years"] = order.keep_years
    if order.page is not None:
        record["page"] = plain_page(order.page)
    if order.forgotten is not None:
        record["forgotten"] = asdict(order.forgotten)
    return record


def from_canonical(record: object) -> CardOrder:
    """The order that ``canonical`` wrote down (ValueError: damaged, or from a later kamxl)."""
    if not isinstance(record, Mapping) or record.get("version") != RECORD_VERSION:
        raise ValueError("no record of this version")
    try:
        order = CardOrder(
            **{f.name: _text(record.get(f.name, "")) for f in _TEXTS},
            requirements=tuple(_requirement(r) for r in record["requirements"]),
            competitors=tuple(_competitor(c) for c in record["competitors"]),
            named_rivals=_bool(record["named_rivals"]),
            role=Role(record["role"]) if record["role"] is not None else None,
            source=Source(record["source"]),
            due=date.fromisoformat(record["due"]) if record["due"] is not None else None,
            rating_threshold=float(record["rating_threshold"]),
            last=tuple(_last(one) for one in record.get("last", ())),
            asks=Asks(record.get("asks", "")),
            keep_years=_years(record.get("keep_years")),
            page=page_from(record["page"]) if "page" in record else None,
            forgotten=_forgotten(record["forgotten"]) if "forgotten" in record else None,
        )
    except (KeyError, TypeError, AttributeError, OverflowError) as problem:
        raise ValueError(f"damaged record: {problem!r}") from problem
    ids = (order.account, order.segment, order.respondent)
    if not all(is_id(i) for i in ids) or Period.parse(order.period) is None:
        raise ValueError("the record names no card")
    return order


def digest(order: CardOrder, key: bytes = b"") -> str:
    """The order's fingerprint: 32 hex digits of the SHA-256 of its canonical JSON.

    With the workspace's ``key`` it is keyed. That is how cards carry it: the record holds the
    knock-out minima, and a bare hash would let a customer find them by trying 0 to 100.
    A record whose respondent was forgotten keeps the one it had, as long as its proof holds.
    """
    if order.forgotten is not None and key and _is_proven(order, order.forgotten, key):
        return order.forgotten.digest
    data = _plain(order)
    if key:
        return hmac.digest(key, b"record\n" + data, "sha256").hex()[:HEX_DIGITS]
    return hashlib.sha256(data).hexdigest()[:HEX_DIGITS]


def proof(order: CardOrder, key: bytes) -> str:
    """The workspace's signature under a record whose respondent was forgotten (ValueError: she was
    not).
    """
    if order.forgotten is None:
        raise ValueError("nobody was forgotten")
    data = _plain(replace(order, forgotten=replace(order.forgotten, proof="")))
    return hmac.digest(key, b"forgotten\n" + data, "sha256").hex()[:HEX_DIGITS]


def _is_proven(order: CardOrder, forgotten: Forgotten, key: bytes) -> bool:
    return hmac.compare_digest(proof(order, key).encode(), forgotten.proof.encode())


def _plain(order: CardOrder) -> bytes:
    known = _lately.get(id(order))
    if known is not None and known[0] is order:
        return known[1]
    data = _JSON.encode(canonical(order)).encode("ascii")
    if len(_lately) >= _LATELY:
        _lately.clear()
    _lately[id(order)] = order, data
    return data


_JSON = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"))

# Whoever makes a card asks for its digest a dozen times. An order held here cannot be changed, and
# as long as it is held no other one has its id.
_lately: dict[int, tuple[CardOrder, bytes]] = {}
_LATELY = 200


def signature(key: bytes, workspace: str, digest: str) -> str:
    """The workspace's signature under a card: 32 hex digits of an HMAC-SHA256."""
    data = f"mark\n{workspace}\n{digest}".encode()
    return hmac.digest(key, data, "sha256").hex()[:HEX_DIGITS]


def verify(key: bytes, workspace: str, digest: str, signed: str) -> bool:
    """Whether ``signed`` is this workspace's signature under ``digest``."""
    expected = signature(key, workspace, digest)
    return hmac.compare_digest(expected.encode(), signed.casefold().encode("utf-8", "replace"))


def _float(value: float | None) -> float | None:
    # 60 and 60.0 are the same minimum and have to give the same digest.
    return None if value is None else float(value)


def _text(value: object) -> str:
    if type(value) is not str:
        raise TypeError(f"{value!r} is no text")
    return intern(value)  # ten thousand cards say one company, segment and period


def _bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _years(value: object) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise TypeError(f"{value!r} is no number of years")
    return value


def _forgotten(record: Mapping[str, Any]) -> Forgotten:
    own, others = (tuple(map(_text, record[name])) for name in ("own", "others"))
    return Forgotten(_text(record["digest"]), own, others, _text(record["proof"]))


def _requirement(record: Mapping[str, Any]) -> AskedRequirement:
    low, middle, high = (_text(anchor) for anchor in record["anchors"])
    minimum = record["minimum"]
    if isinstance(minimum, str):
        raise TypeError("a minimum is a number")
    own = _text(record["id"]), _text(record["label"]), _float(minimum), (low, middle, high)
    return AskedRequirement(*own) if minimum == 0 else _shared_requirement(*own)


def _competitor(record: Mapping[str, Any]) -> Competitor:
    return _shared_competitor(_text(record["id"]), _text(record["name"]))


# All cards of a catalogue ask the same. 0.0 and -0.0 are one to a cache, and two to a digest.
_shared_requirement = lru_cache(maxsize=4_096)(AskedRequirement)
_shared_competitor = lru_cache(maxsize=4_096)(Competitor)


def _last(record: Mapping[str, Any]) -> LastAnswer:
    numbers = record["weight"], record["rating"]
    if any(isinstance(number, str) for number in numbers):
        raise TypeError("weights and ratings are numbers")
    return LastAnswer(_text(record["id"]), *map(_float, numbers))
