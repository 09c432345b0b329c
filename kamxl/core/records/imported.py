"""What another program says of accounts and contacts, before it is compared with the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kamxl.core.finding import Finding


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was told: a file, a sheet in it ("" in a text file), a row."""

    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class ToldAccount:
    """An account as it is told; a blank says nothing.

    ``revenues``: by the name of what the account buys ("" for all of it), None where no amount is
    told. ``only_named``: no row lists it, contacts alone name it, so none is made of it.
    """

    name: str
    number: str
    place: Place
    manager: str = ""
    language: str = ""
    revenues: Mapping[str, float | None] = field(default_factory=dict)
    only_named: bool = False


@dataclass(frozen=True, slots=True)
class ToldContact:
    """A contact as told; ``account`` is the place of her account among the accounts."""

    account: int
    name: str
    place: Place
    number: str = ""
    form: str = ""
    title: str = ""
    email: str = ""
    function: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ToldMember:
    """Somebody of the team, named as the manager of an account."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """All that was told, and what in it is wrong or odd, by file.

    ``contacts_told``: whether there were contacts at all, so that one may be missing.
    """

    accounts: tuple[ToldAccount, ...] = ()
    contacts: tuple[ToldContact, ...] = ()
    team: tuple[ToldMember, ...] = ()
    findings: tuple[tuple[str, Finding], ...] = ()
    contacts_told: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """What other programs call accounts and contacts: their numbers there, to the ids here.

    A contact's key is (number of her, id of her account).
    """

    accounts: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row or cell that an import changes, or a row that it does not tell any more.

    ``table`` and ``column`` are keys of the register's tables; ``what`` is "new", "changed" or
    "vanished"; ``old`` and ``new`` are texts as they stand in cells (of a row: its name).
    """

    what: str
    table: str
    id: str
    name: str
    column: str = ""
    old: str = ""
    new: str = ""
    account: str = ""
