"""What is put up: around a process that reads files, and around another program that does."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kamxl.fences import landlock
from kamxl.fences.landlock import ALL, READING, RUNNING, Right
from kamxl.fences.seccomp import Argument, Refused, refused

_UNIX, _STREAM, _KIND = 1, 1, 0xF  # a socket that stays within the computer, and its kind
_THREAD = 0x10000  # a new thread, not a new process
_CHANGES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# What a process asks its own open files for; no more: a file's marks, a terminal's input.
_OWN_FILES = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
_TYPED_IN = (0x5412, 0x541C)  # a terminal is told that somebody typed
_SIGNALS = (8, 10, 15)  # whom an open file sends signals, and which
_ABSENT = errno.ENOSYS  # libraries then do without

_SENDING = ("bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg")
_AROUND = tuple(Refused(one, error=_ABSENT) for one in (
    "io_uring_setup", "io_uring_enter", "io_uring_register", "openat2",
))  # fmt: skip
_MEDDLING = (
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease",
    "pidfd_getfd", "kcmp", "migrate_pages", "move_pages",
    "open_by_handle_at", "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree",
    "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "swapon", "swapoff", "quotactl",
    "quotactl_fd", "acct", "reboot", "kexec_load", "kexec_file_load", "init_module",
    "finit_module", "delete_module", "bpf", "perf_event_open", "userfaultfd", "fanotify_init",
    "keyctl", "add_key", "request_key", "unshare", "setns", "settimeofday", "clock_settime",
    "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "syslog", "iopl", "ioperm",
    "modify_ldt", "vhangup", "mknod", "mknodat",
)  # fmt: skip
_OTHERS = (
    "pidfd_open", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "setpriority",
    "ioprio_set", "sched_setscheduler", "sched_setparam", "sched_setattr", "sched_setaffinity",
    "shmget", "shmat", "shmctl", "semget", "semctl", "semop", "semtimedop", "msgget", "msgctl",
    "msgsnd", "msgrcv", "mq_open", "mq_unlink",
)  # fmt: skip
_WRITING = (
    "creat", "truncate", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "link",
    "linkat", "unlink", "unlinkat", "symlink", "symlinkat", "chmod", "fchmod", "fchmodat",
    "fchmodat2", "chown", "lchown", "fchown", "fchownat", "utime", "utimes", "utimensat",
    "futimesat", "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr",
    "fremovexattr",
)  # fmt: skip


def reading() -> None:
    """Hold this process to working with what it is handed, as far as this computer allows it.

    It reads what Python is made of, because modules load others as they go; no other file, which
    Landlock alone can hold. It writes none, starts nothing, reaches nobody.
    """
    with contextlib.suppress(OSError):
        landlock.only(dict.fromkeys(_pythons(), READING))
    with contextlib.suppress(OSError):
        refused(_not_for_reading(os.getpid()))


def converting(folder: str, program: str) -> None:
    """Hold this process, about to become ``program``, to what is installed and to one folder."""
    reached: dict[str, Right] = dict.fromkeys(_installed(program), RUNNING)
    reached |= {"/dev/null": READING | Right.WRITE | Right.CUT, folder: ALL}
    with contextlib.suppress(OSError):
        landlock.only(reached)
    with contextlib.suppress(OSError):
        refused(_not_for_programs())


def tried(folder: str) -> dict[str, bool]:
    """What this process is kept from, each shown by an attempt; ``folder``: for temporary files."""
    import socket

    beside = os.path.join(folder, f"kamxl-{os.getpid()}")  # noqa: PTH118
    return {
        "network": _kept(lambda: socket.socket().close()),
        "writing": _kept(lambda: _made(beside)),
        "starting": _kept(lambda: os.execv("", ["x"])),  # noqa: S606, S607 there is none of this name
        "reading": _kept(lambda: os.listdir("/")),  # noqa: PTH208
    }


def _kept(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except PermissionError:
        return True
    except (OSError, ValueError):
        pass
    return False


def _made(file: str) -> None:
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(file)  # noqa: PTH108


def _not_for_reading(own: int) -> Iterator[Refused]:
    yield from map(Refused, (*_MEDDLING, *_OTHERS, *_WRITING, *_SENDING))
    yield from map(Refused, ("socket", "socketpair", "connect"))
    yield from map(Refused, ("execve", "execveat", "fork", "vfork"))
    yield from _AROUND
    yield Refused("clone", (Argument(0, (_THREAD,), _THREAD),))
    yield Refused("clone3", error=_ABSENT)
    yield Refused("open", (Argument(1, (0,), _CHANGES),))
    yield Refused("openat", (Argument(2, (0,), _CHANGES),))
    for call in ("kill", "tkill", "tgkill"):  # an abort is a signal to oneself
        yield Refused(call, (Argument(0, (own,)),))
    yield Refused("prlimit64", (Argument(0, (0, own)),))
    yield Refused("ioctl", (Argument(1, _OWN_FILES),))
    yield Refused("fcntl", (Argument(1, _SIGNALS, unless=True),))


def _not_for_programs() -> Iterator[Refused]:
    """They may talk to their own parts, through pipes and sockets, but call nobody."""
    yield from map(Refused, _MEDDLING)
    yield from _AROUND
    yield Refused("socket", (Argument(0, (_UNIX,)), Argument(1, (_STREAM,), _KIND)))
    yield Refused("connect")
    yield Refused("ioctl", (Argument(1, _TYPED_IN, unless=True),))
    # LibreOffice asks whether /tmp can be written, and makes its socket in its own folder if not.
    yield Refused("access", (Argument(1, (os.W_OK,), unless=True),), errno.EACCES)
    yield Refused("faccessat", (Argument(2, (os.W_OK,), unless=True),), errno.EACCES)


def _pythons() -> Iterable[str]:
    """Where Python, its modules, their libraries and our texts are."""
    roots = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    roots |= {one for one in sys.path if Path(one).name in ("site-packages", "dist-packages")}
    # A standalone program has its modules in itself, and its files beside it.
    roots |= {getattr(sys, "_MEIPASS", sys.prefix), sys.executable or sys.prefix}
    roots |= {_top(name, file) for name, file in _loaded()}
    roots.add(str(Path(__file__).parents[2] / "templates"))
    yield from roots
    yield from ("/usr", "/lib", "/lib64", "/nix/store", "/gnu/store", "/proc/self")
    yield from ("/dev/null", "/dev/urandom", "/dev/random", "/sys/devices/system/cpu")
    yield from ("/etc/localtime", "/etc/ld.so.cache", "/etc/mime.types", "/etc/locale.alias")
    yield from _libraries()


def _loaded() -> Iterator[tuple[str, str]]:
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and os.path.isabs(file):  # noqa: PTH117 hundreds of them
            yield name, file


def _top(name: str, file: str) -> str:
    """The folder of the outermost package that a module belongs to, or the file of the module."""
    levels = name.count(".") + os.path.basename(file).startswith("__init__.")  # noqa: PTH119
    for _ in range(levels):
        file = os.path.dirname(file)  # noqa: PTH120
    return file


def _libraries() -> set[str]:
    """The folders of the libraries in use: others are found beside them."""
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:  # noqa: PTH123
        files = {line.rstrip("\n").partition("/")[2] for line in maps if ".so" in line}
    return {os.path.dirname(f"/{file}") for file in files}  # noqa: PTH120


def _installed(program: str) -> Iterable[str]:
    """Where programs, fonts and settings of all are; nobody's home, no share, no other's work."""
    yield from ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/etc")
    yield from ("/nix/store", "/gnu/store", "/snap", "/app", "/run/current-system")
    yield from ("/var/cache/fontconfig", "/var/lib/libreoffice", "/var/spool/libreoffice")
    yield from ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/kernel")
    yield from ("/proc/filesystems", "/sys", "/dev/urandom", "/dev/random", "/dev/zero")
    place = Path(program).resolve().parent
    yield str(place.parent if place.name == "program" else place)
