"""Where a workbook that Excel names by a web address lies on this computer, as far as is known.

OneDrive and SharePoint: Excel says ``https://…`` for a workbook in a folder that a sync client
keeps. What belongs together stands in the client's own settings; they are read, never written. An
address alone is no place to write to: what is found here is compared with a file that is meant.
"""

from __future__ import annotations

import contextlib
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

_NEVER = set('/\\:*?"<>|\0')  # letters that no file in a cloud has in its name


@dataclass(frozen=True, slots=True)
class Mount:
    """An address and the folder that it is kept in; an empty address: a folder of unknown origin.

    The address may be that of a whole library while the folder is one of its sub-folders ("Add
    shortcut to My files"): the client writes it down so.
    """

    address: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Places:
    """Files an address may stand for: by the client's ``known`` folders, or only ``perhaps``."""

    known: tuple[Path, ...] = ()
    perhaps: tuple[Path, ...] = ()


def is_address(name: str) -> bool:
    """Whether Excel's name of a workbook is a web address."""
    return "://" in name


def is_at(address: str, path: Path, mounts: Iterable[Mount], called: str = "") -> bool | None:
    """Whether a workbook at a web address is the file at ``path``; None: nobody can tell.

    ``called``: what Excel calls the workbook; not every address ends in its name ("Doc.aspx?…").
    """
    if not any(_folded(path.name) == _folded(name) for name in (*_names(address), called)):
        return False  # a sync client keeps the names
    found = places_of(address, mounts)
    ours = [same_file(place, path) for place in found.known]
    if any(ours):
        return True if len(ours) == 1 else None
    if ours and not any(same_file(place, path) for place in found.perhaps):
        return False
    return None


def places_of(address: str, mounts: Iterable[Mount]) -> Places:
    """The files on this computer that a workbook at ``address`` may be. Only folders are read."""
    every = list(mounts)
    known: list[Path] = []
    perhaps: list[Path] = []
    for plain in (False, True):  # Excel escapes letters, or it does not
        pieces = _pieces(address, plain=plain)
        for mount in every:
            if not mount.address:
                perhaps += _found(mount.folder, (pieces[cut:] for cut in range(1, len(pieces))))
                continue
            above = _pieces(mount.address, plain=False)
            rest = _below(pieces, above)
            if rest is not None:
                known += _found(mount.folder, [rest, *_shortened(rest, mount.folder, above)])
    return Places(_distinct(known), _distinct(perhaps))


def _names(address: str) -> set[str]:
    """What the file of an address may be called on a disk."""
    return {(_pieces(address, plain=plain) or [""])[-1] for plain in (False, True)}


def _found(folder: Path, ends: Iterable[list[str]]) -> list[Path]:
    return [path for pieces in ends for path in _existing(folder, pieces)]


def host(address: str) -> str:
    """The computer that an address names, as a sentence says it."""
    return _pieces(address, plain=True)[0]


def _pieces(address: str, *, plain: bool) -> list[str]:
    """Host and folders of an address; ``plain``: a percent sign is a letter like any other."""
    bare = address.replace("\\", "/").partition("?")[0]  # no file's name has a question mark
    first, *others = bare.partition("://")[2].split("/")
    pieces = [first.lower().removesuffix(":443"), *filter(None, others)]
    return pieces if plain else [unquote(piece) for piece in pieces]


def _below(pieces: list[str], above: list[str]) -> list[str] | None:
    """What of an address stands below another one; None: it does not."""
    head = [_folded(piece) for piece in pieces[: len(above)]]
    return pieces[len(above) :] if head == [_folded(piece) for piece in above] else None


def _shortened(rest: list[str], folder: Path, above: list[str]) -> Iterator[list[str]]:
    """What stands below a sub-folder, by whose name the folder is called: "General - Site"."""
    name, site = _folded(folder.name), _folded(above[-2]) if len(above) > 1 else ""
    parts = name.split(" - ")
    called = [name]
    for cut in range(1, len(parts)):
        called += [" - ".join(parts[:cut]), " - ".join(parts[cut:])]
    if site in called:  # that is the site's name, not the sub-folder's
        called.remove(site)
    for cut in range(1, len(rest)):
        if _folded(rest[cut - 1]) in called:
            yield rest[cut:]


def _existing(folder: Path, pieces: list[str]) -> tuple[Path, ...]:
    """The file below a folder, whatever the case and the composition of its letters."""
    if any(set(piece) & _NEVER or set(piece) == {"."} for piece in pieces):
        return ()  # no name of a file or folder; it would lead elsewhere
    here = folder
    for piece in pieces:
        there = here / piece
        if not there.exists():
            found = (p for p in _listed(here) if _folded(p.name) == _folded(piece))
            there = next(found, there)
        here = there
    return (here,) if pieces and here.is_file() else ()


def _listed(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return sorted(folder.iterdir())
    return []


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _distinct(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Each file once, whatever it is called."""
    found: list[Path] = []
    for path in paths:
        if not any(same_file(path, other) for other in found):
            found.append(path)
    return tuple(found)


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths are one file: drives and shares, links, short names, capital letters."""
    with contextlib.suppress(OSError):
        found = one.stat(), other.stat()
        if all(stat.st_ino for stat in found):  # some network drives number nothing
            return os.path.samestat(*found)
    with contextlib.suppress(OSError, RuntimeError):
        one, other = one.resolve(), other.resolve()
    return os.path.normcase(one) == os.path.normcase(other)
