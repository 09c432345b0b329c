"""Windows' job objects: all that a process starts belongs to it, has its limit, and ends with it.

Elsewhere the process limits itself (``child``). A job is a second fence: who watches may be late.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

_MOST = 600 * 1024 * 1024  # bytes that one process may commit: beyond what any work is allowed
_KILL_ON_CLOSE, _PROCESS_MEMORY = 0x2000, 0x100
_EXTENDED = 9  # JobObjectExtendedLimitInformation


class _Basic(ctypes.Structure):
    _fields_ = (
        ("per_process_time", ctypes.c_int64),
        ("per_job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", _Basic),
        ("counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("most_process_memory", ctypes.c_size_t),
        ("most_job_memory", ctypes.c_size_t),
    )


class Job:
    """A job that holds one process and what that starts; ``close`` ends them all."""

    def __init__(self, process: int, kernel: Any) -> None:
        """``process``: its handle; ``kernel``: kernel32. OSError: it cannot be held."""
        self._kernel = kernel
        self._handle: Any = kernel.CreateJobObjectW(None, None)
        if not self._handle:
            raise OSError("no job object")
        limits = Limits()
        limits.basic.flags = _KILL_ON_CLOSE | _PROCESS_MEMORY
        limits.process_memory = _MOST
        told = (self._handle, _EXTENDED, ctypes.byref(limits), ctypes.sizeof(limits))
        if not kernel.SetInformationJobObject(*told) or not kernel.AssignProcessToJobObject(
            self._handle, ctypes.c_void_p(process)
        ):
            self.close()
            raise OSError("no job object for this process")

    def close(self) -> None:
        """End what is in it."""
        if self._handle:
            self._kernel.CloseHandle(self._handle)
            self._handle = None


def held(process: Any) -> Job | None:
    """The job around a started ``Popen``; None: none here, and the watch alone holds it."""
    if sys.platform != "win32":
        return None
    try:
        return Job(int(process._handle), _kernel())
    except (OSError, AttributeError, ValueError):
        return None


def _kernel() -> Any:
    kernel: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p)
    kernel.SetInformationJobObject.argtypes = (
        ctypes.c_void_p,
        ctypes.c_int,
        ctypes.c_void_p,
        ctypes.c_uint32,
    )
    kernel.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    kernel.CloseHandle.argtypes = (ctypes.c_void_p,)
    return kernel
