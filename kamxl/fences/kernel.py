"""Calls to Linux' kernel that the standard library has no word for (OSError: it refuses)."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from functools import cache
from typing import Any

_NO_NEW_PRIVILEGES = 38


def machine() -> str:
    """The processor as this process is built for it, on Linux: "x86_64", "aarch64"; else ""."""
    wide = sys.maxsize > 2**32 and sys.byteorder == "little"
    return platform.machine() if sys.platform == "linux" and wide else ""


def asked(number: int, *values: int | ctypes.Array[Any] | bytes | None) -> int:
    """The kernel's answer to the call of this number."""
    passed = (ctypes.c_long(one) if isinstance(one, int) else one for one in values)
    return _checked(_libc().syscall(ctypes.c_long(number), *passed))


def no_new_privileges() -> None:
    """No program started from here on is more than this one; the fences require it."""
    zeros = (ctypes.c_ulong(0),) * 3
    _checked(_libc().prctl(_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), *zeros))


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


@cache
def _libc() -> Any:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc
