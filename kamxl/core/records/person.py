"""A person's name as somebody typed it, made ready to be compared."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a typed name names, without what only stands around names ("Frau Dr. ...").

    ``names``: one for each person named, () for a blank; an address or an id may stand for one.
    ``sure`` False: the words may name somebody else than they say, a department or a person who
    answers on another's behalf.
    """

    names: tuple[str, ...] = ()
    sure: bool = True
