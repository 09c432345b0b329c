"""Whose name stands over a column of ratings now, and whom its ratings are then about.

The key under a header says whom we asked about; the header is what she saw while she rated. A rule
of her house may forbid names ("Supplier A" stays the same rival), and nobody writes a firm's full
name twice the same way; but another name is another rival, and to whom these ratings belong only
she can tell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import ALTERNATIVE, US, same_id
from kamxl.core.records.register import Competitor
from kamxl.forms.paper.raw import a1
from kamxl.forms.scorecard.identity import same_text
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.locate import Located
from kamxl.wording.understood import folded

_WORD = re.compile(r"[^\W_]+")
_COUNTED = re.compile(r"[a-z]?\d{0,3}|[ivx]{1,4}")  # A, 2, B1, iv; alone it may be somebody's name
_ALIKE = 0.8  # of two spellings with a slip of the finger
_LONG = 4  # letters of a word that two different firms hardly share by chance


class Named(Enum):
    """What a header says of the supplier whose column it is."""

    SAME = "same"  # her, in full or in short, or nobody by name
    NEARLY = "nearly"  # most likely her, with a slip
    OTHER = "other"


def header_of(table: Located, column: int) -> tuple[int, str]:
    """The header of a column and its row: above the key, or in the row found without keys."""
    at = table.sheet.cells.get((table.row, column))
    seen = plain(at.text) if at else ""
    if seen and column not in table.columns.get(seen.casefold(), ()):
        return table.row, seen
    if not seen and not _is_keyed(table):
        return table.row, ""  # both rows are gone: what stands above is some text of ours
    above = table.sheet.cells.get((table.row - 1, column))
    return max(table.row - 1, 1), plain(above.text) if above else ""


def _is_keyed(table: Located) -> bool:
    """Whether keys stand in the table's first row, so that the headers stand above them."""
    cells = table.sheet.cells
    return any(
        (at := cells.get((table.row, column))) is not None and plain(at.text).casefold() == key
        for key, columns in table.columns.items()
        for column in columns
    )


def by_headers(
    table: Located, suppliers: Sequence[Competitor], keyed: Mapping[str, int | None]
) -> tuple[dict[str, int | None], list[Finding]]:
    """The column of each supplier once the headers have had their say (None: nobody's now)."""
    heads = [
        _Head(one, column, *header_of(table, column))
        for one in suppliers
        if (column := keyed[one.id])
    ]
    others = {h.supplier.id: other for h in heads if (other := _another(h, suppliers))}
    chosen = dict(keyed)
    if others and US not in others and set(others) == {o.id for o in others.values()}:
        chosen |= {other.id: keyed[id_] for id_, other in others.items()}
        first = next(h for h in heads if h.supplier.id in others)
        names = ", ".join(other.name for other in others.values())
        return chosen, [_said("columns-by-header", table, first, names=names), *_rest(
            table, [h for h in heads if h.supplier.id not in others], chosen)]  # fmt: skip
    return chosen, _rest(table, heads, chosen, others.keys())


@dataclass(frozen=True)
class _Head:
    """What stands over a supplier's column, and where."""

    supplier: Competitor
    column: int
    row: int
    seen: str


def _said(code: str, table: Located, head: _Head, **details: str) -> Finding:
    where = {"sheet": table.sheet.title, "cell": a1(head.row, head.column)}
    return finding(code, value=head.seen, label=head.supplier.name, **where, **details)


def _rest(
    table: Located, heads: Iterable[_Head], chosen: dict[str, int | None], wrong: Iterable[str] = ()
) -> list[Finding]:
    """What is said of headers that did not change places; a column that is nobody's is left out."""
    found, wrong = [], set(wrong)
    for head in heads:
        said = Named.OTHER if head.supplier.id in wrong else named(head.seen, head.supplier)
        alternative = same_id(head.supplier.id) == ALTERNATIVE and head.supplier.id not in wrong
        if said is Named.NEARLY or (said is Named.OTHER and alternative):
            found.append(_said("label-changed", table, head))  # whom she calls the best other one
        elif said is Named.OTHER and head.supplier.id == US:
            found.append(_said("header-contradicts", table, head))
        elif said is Named.OTHER:
            chosen[head.supplier.id] = None
            found.append(_said("supplier-renamed", table, head))
    return found


def _another(head: _Head, suppliers: Iterable[Competitor]) -> Competitor | None:
    """The other asked supplier whom a header names, if it does not name its own as well."""
    if not head.seen or same_text(head.seen) == same_text(head.supplier.name):
        return None
    others = [one for one in suppliers if one is not head.supplier]
    exact = [one for one in others if same_text(one.name) == same_text(head.seen)]
    if exact or named(head.seen, head.supplier) is not Named.OTHER:
        return exact[0] if exact else None
    return next((one for one in others if _same_firm(head.seen, one)), None)


def named(seen: str, supplier: Competitor) -> Named:
    """What a header says of a supplier; nothing at all, or a neutral name, is no other one."""
    said = plain(seen).casefold()
    if not said or said == same_text(supplier.name) or _neutral(said, supplier.id):
        return Named.SAME
    if _same_firm(seen, supplier):
        return Named.SAME
    typed, asked = _words(seen), _words(supplier.name)
    slip = SequenceMatcher(None, "".join(typed), "".join(asked)).ratio() >= _ALIKE
    shared = typed and asked and typed[0] == asked[0] and len(typed[0]) >= _LONG
    ours = supplier.id == US and not {w for w in typed if len(w) >= _LONG}.isdisjoint(asked)
    return Named.NEARLY if slip or shared or ours else Named.OTHER


def _neutral(said: str, id_: str) -> bool:
    """Whether a folded text says "supplier" in whatever words, with a letter or number, or less."""
    words, general = _WORD.findall(said), folded("nobody_named")
    if id_ == US:
        general |= folded("us_named")
    if not any(word in general for word in words):
        return len("".join(words)) <= 1 or all(len(set(word)) == 1 for word in words)
    return all(word in general or _COUNTED.fullmatch(word) for word in words)


def _words(name: str) -> list[str]:
    """The words of a firm's name that tell it from others: without accents and legal form."""
    bare = unicodedata.normalize("NFKD", name).casefold()
    words = _WORD.findall("".join(c for c in bare if not unicodedata.combining(c)))
    legal = folded("legal_forms") | folded("nobody_named")
    return [word for word in words if word not in legal] or words


def _same_firm(seen: str, supplier: Competitor) -> bool:
    """Whether a text names a firm, in full, in short, or by what we call it."""
    typed, asked = _words(seen), _words(supplier.name)
    if plain(seen).casefold() == same_id(supplier.id) or "".join(typed) == "".join(asked):
        return True
    if not typed or not asked:
        return False
    if set(typed) <= set(asked) or set(asked) <= set(typed):
        return True
    if len(asked) > 1 and "".join(typed) == "".join(word[0] for word in asked):
        return True
    pairs = list(zip(typed, asked, strict=False))
    short = len(typed) <= len(asked) and max(map(len, typed)) > 1
    return short and all(len(a) > 1 and (b.startswith(a) or a == b) for a, b in pairs)
