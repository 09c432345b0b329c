"""Landlock: which files and folders a process reaches (Linux 5.13 and later).

It holds for this thread and all that it starts; nothing takes it away again.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from enum import IntFlag

from kamxl.fences.kernel import asked, no_new_privileges

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every processor
_ASK_VERSION, _BENEATH = 1, 1


class Right(IntFlag):
    """What may be done with a file, or with what is in a folder."""

    RUN = 1 << 0
    WRITE = 1 << 1
    READ = 1 << 2
    LIST = 1 << 3
    CHANGE = 0x1FF << 4  # make and remove what a folder holds
    MOVE = 1 << 13
    CUT = 1 << 14
    DEVICE = 1 << 15


READING = Right.READ | Right.LIST
RUNNING = READING | Right.RUN
ALL = RUNNING | Right.WRITE | Right.CHANGE | Right.MOVE | Right.CUT
_OF_FILES = Right.RUN | Right.WRITE | Right.READ | Right.CUT | Right.DEVICE
_SINCE = {Right.MOVE: 2, Right.CUT: 3, Right.DEVICE: 5}
_TCP = 0b11, 4  # to listen and to connect, and since when it can be forbidden
_SCOPES = 0b11, 6  # abstract sockets and signals: none but those of this process and its children


def version() -> int:
    """Which Landlock this kernel has; 0: none, or none that we may use."""
    try:
        return asked(_CREATE, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def only(reached: Mapping[str, Right]) -> int:
    """Reach these files and folders and no others, and no TCP; which Landlock it was, 0: none.

    What does not exist is left out. OSError: this computer does not allow it.
    """
    found = version()
    if not found:
        return 0
    new = sum(right for right, since in _SINCE.items() if since > found)
    known = (ALL | Right.DEVICE) & ~new
    net, scopes = (bits if since <= found else 0 for bits, since in (_TCP, _SCOPES))
    told = struct.pack("=QQQ", known, net, scopes)[: 8 if found < 4 else 16 if found < 6 else 24]
    rules = asked(_CREATE, told, len(told), 0)
    try:
        for path, rights in reached.items():
            _add(rules, path, rights & known)
        no_new_privileges()
        asked(_RESTRICT, rules, 0)
    finally:
        os.close(rules)
    return found


def _add(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return
    try:
        allowed = rights if os.path.isdir(path) else rights & _OF_FILES  # noqa: PTH112 in a hurry
        asked(_ADD, rules, _BENEATH, struct.pack("=Qi", allowed, place), 0)
    finally:
        os.close(place)
