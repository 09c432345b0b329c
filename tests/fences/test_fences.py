"""What reads files is kept from all else, shown by attempts in real processes."""

# What is attempted is named as the calls of the system are.
# ruff: noqa: PTH101, PTH102, PTH104, PTH107, PTH120, PTH208, PTH211, S103, S606

from __future__ import annotations

import ctypes
import io
import os
import resource
import signal
import socket
import sys
import tempfile
import threading
import zipfile
from pathlib import Path

import pytest

from kamxl import apart
from kamxl.apart import starting
from kamxl.excel.reading import office
from kamxl.fences import calls, landlock, seccomp
from kamxl.fences.held import tried
from kamxl.fences.kernel import machine
from kamxl.fences.launching import ABSENT, others
from kamxl.store.inbox import entry_of
from kamxl.workflow.health import processes
from kamxl.workflow.incoming import looking
from tests.apart.test_apart import ROOT, double

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such fences"),
]
FILTERED = pytest.mark.skipif(
    machine() not in ("x86_64", "aarch64"), reason="calls of other processors are not known"
)
LANDLOCKED = pytest.mark.skipif(landlock.version() < 3, reason="this kernel has no Landlock")

EASE = apart.Allowance(seconds=30, memory=500 * 1024 * 1024, patience=120)


def outcome(attempt: str, _: object) -> str:
    """What becomes of one attempt in a process apart: "done", or the exception's name."""
    file, _, port = attempt.rpartition("|")
    deeds = {
        "socket": lambda: socket.socket(),
        "socket6": lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
        "unix": lambda: socket.socket(socket.AF_UNIX),
        "pair": lambda: socket.socketpair(),
        "write": lambda: os.open(file, os.O_WRONLY),
        "make": lambda: os.open(f"{file}.new", os.O_RDWR | os.O_CREAT, 0o600),
        "append": lambda: os.open(file, os.O_WRONLY | os.O_APPEND),
        "cut": lambda: os.truncate(file, 0),
        "remove": lambda: os.remove(file),
        "rename": lambda: os.rename(file, f"{file}.other"),
        "link": lambda: os.link(file, f"{file}.other"),
        "symlink": lambda: os.symlink(file, f"{file}.other"),
        "folder": lambda: os.mkdir(f"{file}.folder"),
        "pipe": lambda: os.mkfifo(f"{file}.pipe"),
        "rights": lambda: os.chmod(file, 0o777),
        "times": lambda: os.utime(file, (0, 0)),
        "owner": lambda: os.chown(file, os.getuid(), os.getgid()),
        "mark": lambda: os.setxattr(file, "user.x", b"x"),
        "read": lambda: os.open(file, os.O_RDONLY),
        "list": lambda: os.listdir(os.path.dirname(file)),
        "parent": lambda: os.open(f"/proc/{os.getppid()}/environ", os.O_RDONLY),
        "memory": lambda: os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY),
        "terminal": lambda: os.open("/dev/tty", os.O_RDONLY),
        "program": lambda: os.execv("/bin/sh", ["sh", "-c", f"echo x > {file}"]),
        "spawn": lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "exit"], {}),
        "fork": lambda: os.fork() or os._exit(0),
        "kill": lambda: os.kill(os.getppid(), signal.SIGCONT),
        "limit": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CORE, (0, 0)),
        "priority": lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 5),
        "ring": lambda: call("io_uring_setup", 1, 0),
        "trace": lambda: call("ptrace", 16, os.getppid(), 0, 0),
        "other sockets": lambda: call_of_others(),
        # what good work needs
        "own memory": lambda: Path("/proc/self/statm").read_text(),
        "modules": lambda: __import__("xmlrpc.client"),
        "locale": lambda: __import__("babel").Locale.parse("fi").display_name,
        "thread": lambda: thread(),
        "chance": lambda: os.urandom(3),
        "signal": lambda: os.kill(os.getpid(), 0),
    }
    try:
        deeds[port]()
    except (OSError, RuntimeError) as problem:
        return type(problem).__name__
    return "done"


def thread() -> None:
    one = threading.Thread(target=int)
    one.start()
    one.join()


def call(name: str, *arguments: int) -> None:
    number = calls.NUMBERS[name][machine() == "aarch64"]
    libc = ctypes.CDLL(None, use_errno=True)
    passed = [ctypes.c_long(one) for one in arguments]
    if libc.syscall(ctypes.c_long(number), *passed) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def call_of_others() -> None:
    """A call by the numbers of another word size, which a list of names would overlook."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(ctypes.c_long(0x40000000 + 41), 2, 1, 0) < 0:
        raise OSError(ctypes.get_errno(), "refused")


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("outside") / "secret.txt"
    file.write_text("secret")
    return file


@FILTERED
@pytest.mark.parametrize(
    "deed",
    [
        "socket", "socket6", "unix", "pair", "write", "make", "append", "cut", "remove", "rename",
        "link", "symlink", "folder", "pipe", "rights", "times", "owner", "mark", "program", "spawn",
        "fork", "kill", "limit", "priority", "trace",
    ],
)  # fmt: skip
def test_what_reads_files_does_nothing_else(secret: Path, deed: str) -> None:
    assert apart.call(outcome, f"{secret}|{deed}", None) == "PermissionError"
    assert [path.name for path in secret.parent.iterdir()] == ["secret.txt"]
    assert secret.read_text() == "secret"


@FILTERED
@pytest.mark.parametrize("deed", ["ring", "other sockets"])
def test_what_goes_around_the_list_of_calls_is_not_there(secret: Path, deed: str) -> None:
    assert apart.call(outcome, f"{secret}|{deed}", None) == "OSError"


@LANDLOCKED
@pytest.mark.parametrize("deed", ["read", "list", "parent", "memory", "terminal"])
def test_it_reads_no_other_file(secret: Path, deed: str) -> None:
    assert apart.call(outcome, f"{secret}|{deed}", None) in ("PermissionError", "OSError")


@pytest.mark.parametrize("deed", ["own memory", "modules", "locale", "thread", "chance", "signal"])
def test_what_good_work_needs_is_there(secret: Path, deed: str) -> None:
    assert apart.call(outcome, f"{secret}|{deed}", None) == "done"


def test_this_process_is_not_held(secret: Path) -> None:
    """It is the other process alone; a caller goes on as before."""
    assert apart.call(double, 2, None) == 4
    assert not any(tried(str(secret.parent)).values())
    assert [path.name for path in secret.parent.iterdir()] == ["secret.txt"]


def test_a_file_is_read_there_as_before() -> None:
    data = (ROOT / "workbooks" / "scorecard-de-filled.xlsx").read_bytes()
    ((_, judged),) = looking.looked_into([entry_of("inbox/a.xlsx", data, None)], None)
    assert judged.kind == "scorecard"


def environment(_: object, __: object) -> dict[str, str]:
    return dict(os.environ)


def test_what_reads_files_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    apart.close()
    names = (
        "KAMXL_PASSWORD", "AWS_SECRET_ACCESS_KEY", "LC_SECRET", "SSH_AUTH_SOCK", "http_proxy",
        "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "PYTHONSTARTUP",
    )  # fmt: skip
    for name in names:
        monkeypatch.setenv(name, "do not tell")
    told = apart.call(environment, None, None)
    apart.close()
    assert "do not tell" not in told.values()
    assert not set(names) & set(told)


# --- what is said of it ---


@FILTERED
@LANDLOCKED
def test_what_is_said_was_tried() -> None:
    assert processes.fences() == "well"


@pytest.mark.parametrize(
    ("kept", "case"),
    [
        ({"network", "writing", "starting", "reading"}, "well"),
        ({"network", "writing", "starting"}, "read"),
        ({"writing", "reading"}, "loose"),
        (set(), "loose"),
    ],
)
def test_less_is_said_where_the_kernel_has_less(
    kept: set[str], case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = ("network", "writing", "starting", "reading")
    told = {name: name in kept for name in each}
    monkeypatch.setattr(processes, "call", lambda *_: told)
    assert processes.fences() == case


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_elsewhere_nothing_is_claimed(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes.sys, "platform", system)
    assert processes.fences() == "elsewhere"
    assert starting.holding(Path("x"), ["a", "b"]) == ["a", "b"]


# --- the filter ---


@pytest.mark.parametrize("column", [0, 1])
def test_the_numbers_are_the_kernels(column: int) -> None:
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("no libseccomp to compare with")
    processor = (0xC000003E, 0xC00000B7)[column]
    resolve = library.seccomp_syscall_resolve_name_arch
    resolve.argtypes = (ctypes.c_uint32, ctypes.c_char_p)
    known = {name: resolve(processor, name.encode()) for name in calls.NUMBERS}
    assert {name: max(number, -1) for name, number in known.items()} == {
        name: both[column] for name, both in calls.NUMBERS.items()
    }


@pytest.mark.parametrize("processor", ["x86_64", "aarch64"])
def test_a_filter_jumps_within_itself(processor: str) -> None:
    import struct

    from kamxl.fences import held

    for rules in (held._not_for_reading(7), held._not_for_programs()):
        steps = seccomp.program(rules, processor)
        assert len(steps) < 4096
        for place, step in enumerate(steps):
            code, if_so, if_not, _ = struct.unpack("=HBBI", step)
            if code in (0x15, 0x35):
                assert place + 1 + max(if_so, if_not) < len(steps)


def test_where_nothing_is_allowed_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """An old kernel, a container that forbids it: neither raises."""
    from kamxl.fences import held

    def refused(*_: object) -> int:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(landlock, "asked", refused)
    monkeypatch.setattr(seccomp, "asked", refused)
    monkeypatch.setattr(seccomp, "no_new_privileges", lambda: None)
    held.reading()
    held.converting("/tmp", "/usr/bin/soffice")  # noqa: S108
    assert landlock.version() == 0
    monkeypatch.setattr(seccomp, "machine", lambda: "riscv64")
    assert seccomp.refused([]) is False


# --- another program ---


def shell(folder: Path, words: str) -> int:
    program = ["/bin/sh", "-c", words]
    return apart.program(program, apart.Allowance(seconds=20), dict(os.environ), within=folder)


@LANDLOCKED
def test_another_program_writes_into_its_folder_alone(tmp_path: Path, secret: Path) -> None:
    assert shell(tmp_path, f"echo x > {tmp_path}/in && cat {tmp_path}/in > /dev/null") == 0
    assert (tmp_path / "in").read_text() == "x\n"
    for words in (
        f"echo x > {secret}",
        f"echo x > {secret}.new",
        f"rm -f {secret}",
        f"mv {secret} {tmp_path}/moved",
        f"ln {secret} {tmp_path}/linked",
        f"cat {secret}",
        f"cat /proc/{os.getpid()}/environ",
        f"ls {secret.parent}",
        f"touch {tempfile.gettempdir()}/kamxl-outside",
    ):
        assert shell(tmp_path, words) not in (0, ABSENT), words
    assert secret.read_text() == "secret"
    assert [path.name for path in secret.parent.iterdir()] == ["secret.txt"]


@FILTERED
def test_another_program_reaches_no_net(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryDirectory() as other:
        server.settimeout(0.01)
        port = server.getsockname()[1]
        local = Path(other) / "s"
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(local))
        listening.listen()
        script = tmp_path / "try.py"
        script.write_text(
            "import socket, sys\nkind, where = int(sys.argv[1]), eval(sys.argv[2])\n"
            "socket.socket(kind).connect(where)\n"
        )
        for kind, where in (
            (socket.AF_INET, repr(("127.0.0.1", port))),
            (socket.AF_INET6, repr(("::1", port))),
            (socket.AF_UNIX, repr(str(local))),
        ):
            python = [sys.executable, "-I", str(script), str(int(kind)), where]
            status = apart.program(python, apart.Allowance(seconds=20), {}, within=tmp_path)
            assert status not in (0, ABSENT)
        with pytest.raises(TimeoutError):
            server.accept()
        listening.close()


def test_what_is_held_is_told_as_what_it_is(tmp_path: Path) -> None:
    assert shell(tmp_path, "exit 3") == 3
    nothing = apart.program(["/no/such"], apart.ALLOWANCE, {}, within=tmp_path)
    assert nothing == ABSENT


def test_our_pythons_places_are_not_another_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"PYTHONHOME": "x", "_PYI_ARCHIVE_FILE": "x", "PATH": "p", "LD_LIBRARY_PATH": "ours",
            "LD_LIBRARY_PATH_ORIG": "theirs"}  # fmt: skip
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert others(told) == {"PATH": "p", "LD_LIBRARY_PATH": "theirs"}


def test_the_standalone_program_holds_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from kamxl import __main__
    from kamxl.fences import launching

    told: list[list[str]] = []
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    words = starting.holding(Path("/x"), ["/bin/soffice", "--kamxl-apart"])
    monkeypatch.setattr(launching, "launch", lambda words: told.append(list(words)) or 7)
    assert words[0] == sys.executable
    assert __main__.main(words[1:]) == 7
    assert told == [["/x", "/bin/soffice", "--kamxl-apart"]]


@pytest.mark.proof
@FILTERED
@LANDLOCKED
@pytest.mark.skipif(office.office() is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_a_linking_workbook_and_calls_nobody(secret: Path) -> None:
    """It works within its fences; that it asks nobody is its settings' doing, too."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.01)
        link = f"http://127.0.0.1:{server.getsockname()[1]}/x.ods"
        linked = (
            b'<table:table table:name="B"><table:table-source xlink:type="simple" xlink:href="'
            + link.encode()
            + b'" table:table-name="A"/><table:table-row><table:table-cell'
            b' office:value-type="string" table:formula="of:=[\'file://'
            + str(secret).encode()
            + b"'#$A.A1]\"/></table:table-row></table:table></office:spreadsheet>"
        )
        data = office._HARMLESS.replace(b"</office:spreadsheet>", linked).replace(
            b" office:version", b' xmlns:xlink="http://www.w3.org/1999/xlink" office:version', 1
        )
        converted = office.as_xlsx(data, "fods")
        assert converted is not None
        with pytest.raises(TimeoutError):
            server.accept()
    assert office._works_held.get(office.office() or "", True)
    with zipfile.ZipFile(io.BytesIO(converted)) as parts:
        assert not any(b">secret<" in parts.read(name) for name in parts.namelist())


@pytest.mark.proof
@pytest.mark.skipif(office.office() is None, reason="LibreOffice is not installed")
def test_libreoffice_works_held_however_long_the_way_to_temporary_files_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It talks to itself through a socket, whose whole way may have a hundred letters."""
    deep = tmp_path / ("a" * 90) / "Ordner mit Ümläuten und Leerzeichen"
    deep.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    command = office.office() or ""
    made = office._saved(command, office._HARMLESS, "fods", EASE, held=True)
    assert isinstance(made, bytes)


@pytest.mark.parametrize(
    ("held", "loose", "said"),
    [
        ("made", "made", True),
        ("late", "late", True),  # a busy computer shows nothing
        ("nothing", "made", False),
        ("nothing", "nothing", None),
        ("nothing", "late", None),
        ("none", "late", None),
    ],
)
def test_no_file_is_blamed_for_a_libreoffice_that_does_nothing(
    monkeypatch: pytest.MonkeyPatch, held: str, loose: str, said: bool | None
) -> None:
    """``said``: whether it works while it is held; None: in no way, which is the computer's."""

    def saved(*_: object, held: bool, ends: tuple[str, str] = (held, loose)) -> bytes | int:
        end = ends[not held]
        if end == "late":
            raise apart.Died("time")
        if end == "none":
            raise office.NoOffice("failed")
        return b"PK" if end == "made" else 1

    monkeypatch.setattr(office, "_saved", saved)
    monkeypatch.setattr(office, "_works_held", {})
    if said is None:
        with pytest.raises(office.NoOffice):
            office.works_held("x")
    else:
        assert office.works_held("x") is said


@pytest.mark.parametrize("way", ["file", "link", "folder", "loop", "pipe"])
def test_what_another_program_leaves_leads_nowhere(
    secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """What is held could have us, who are not, read what it may not."""
    (secret.parent / "in.xlsx").write_text("secret")
    made = tmp_path / "out" / "in.xlsx"

    def leaves(*_: object) -> int:
        if way == "folder":
            made.parent.symlink_to(secret.parent)
            return 0
        made.parent.mkdir()
        deeds = {
            "file": lambda: made.write_text("made"),
            "link": lambda: made.symlink_to(secret),
            "loop": lambda: made.symlink_to(made),
            "pipe": lambda: os.mkfifo(made),
        }
        deeds[way]()
        return 0

    monkeypatch.setattr(office, "program", leaves)
    read = office._converted([], tmp_path, EASE, None, None)
    (secret.parent / "in.xlsx").unlink()
    assert read == (b"made" if way == "file" else 0)
