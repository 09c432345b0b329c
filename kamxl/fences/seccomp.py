"""Seccomp: which calls the kernel still answers (Linux on x86-64 and 64-bit ARM).

A filter is a small program that the kernel runs before each call. It holds for the whole process
and all that it starts; nothing takes it away again.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable
from typing import NamedTuple

from kamxl.fences.calls import NUMBERS
from kamxl.fences.kernel import asked, machine, no_new_privileges

# Of each processor: what it is called in a filter, and its column in NUMBERS.
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_SET_FILTER, _ALL_THREADS = 1, 1
_UNKNOWN = 463  # calls from here on are newer than the list; those of other word sizes are beyond
_LOAD, _AND, _JUMP, _EQUAL, _FROM, _RETURN = 0x20, 0x54, 0x05, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_CALL, _MACHINE, _ARGUMENTS = 0, 4, 16  # where in what the filter is told each stands


class Argument(NamedTuple):
    """What argument number ``place`` must be: one of ``values`` (``unless``: none of them)."""

    place: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    unless: bool = False


class Refused(NamedTuple):
    """A call that is answered with ``error``, unless its arguments are all as they must be."""

    call: str
    arguments: tuple[Argument, ...] = ()
    error: int = errno.EPERM


def refused(calls: Iterable[Refused]) -> bool:
    """Have these calls refused from now on; False: this processor is none we know the calls of.

    OSError: this computer does not allow it.
    """
    if machine() not in _MACHINES:
        return False
    steps = program(calls, machine())
    code = ctypes.create_string_buffer(b"".join(steps))
    told = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    no_new_privileges()
    number = NUMBERS["seccomp"][_MACHINES[machine()][1]]
    if asked(number, _SET_FILTER, _ALL_THREADS, told):
        raise OSError(errno.EBUSY, "another thread is not held")
    return True


def program(calls: Iterable[Refused], processor: str) -> list[bytes]:
    """The steps of the filter: every other call is answered as before."""
    name, column = _MACHINES[processor]
    steps = [
        *(_step(_LOAD, _MACHINE), _step(_EQUAL, name, 1, 0), _refuse(errno.ENOSYS)),
        *(_step(_LOAD, _CALL), _step(_FROM, _UNKNOWN, 0, 1), _refuse(errno.ENOSYS)),
    ]
    for call in calls:
        number = NUMBERS[call.call][column]
        if number >= 0:  # there is such a call on this processor
            body = _body(call)
            steps += [_step(_EQUAL, number, 0, len(body)), *body]
    return [*steps, _step(_RETURN, _ALLOW)]


def _body(call: Refused) -> list[bytes]:
    if not call.arguments:
        return [_refuse(call.error)]
    steps: list[bytes] = []
    for one in call.arguments:
        steps += [_step(_LOAD, _ARGUMENTS + 8 * one.place), _step(_AND, one.mask)]
        count = len(one.values)
        steps += [_step(_EQUAL, value, count - at, 0) for at, value in enumerate(one.values)]
        steps += [_step(_JUMP, 1)] * one.unless + [_refuse(call.error)]
    return [*steps, _step(_RETURN, _ALLOW)]


def _refuse(error: int) -> bytes:
    return _step(_RETURN, _REFUSE | error)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)
