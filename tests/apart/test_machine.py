"""Where no process can be had, or none lives, it is the computer's fault: no word about a file."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import textwrap
import time
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from kamxl import apart
from kamxl.apart import calling, child, jobs, limits, starting, worker
from kamxl.errors import KamxlError, MachineError
from tests.apart.test_apart import ROOT, double, eats, ended, spins, waits, where
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs here are shell scripts")


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    monkeypatch.setattr(calling, "_PAUSE", 0.0)
    apart.close()
    yield
    apart.close()


def program(folder: Path, lines: str, first: str = "#!/bin/sh") -> str:
    path = folder / "python"
    path.write_text(f"{first}\n{textwrap.dedent(lines)}")
    path.chmod(0o755)
    return str(path)


LAUNCHER = f"""
import subprocess, sys
sys.exit(subprocess.run([{sys.executable!r}, *sys.argv[1:]]).returncode)
"""


@pytest.fixture
def launcher(tmp_path, monkeypatch):
    """Python as an environment on Windows has it: a program that starts the real one."""
    monkeypatch.setattr(sys, "executable", program(tmp_path, LAUNCHER, f"#!{sys.executable}"))


# --- what cannot start ---


@pytest.mark.parametrize(
    "lines",
    [
        "exit 0",
        "exit 3",
        "kill -9 $$",
        "echo this is not python; exit 0",
        "yes garbage | head -c 300000",
        "head -c 500 /dev/urandom; exec sleep 100",
        f"exec {sys.executable} -I -S -c 'from kamxl.apart.child import serve'",  # has no kamxl
        f'ulimit -v 30000; exec {sys.executable} "$@"',  # no memory to import with
    ],
)
def test_a_program_that_is_no_python_of_ours_is_the_computers_fault(tmp_path, monkeypatch, lines):
    monkeypatch.setattr(worker, "_GREETING", apart.Allowance(patience=3))
    monkeypatch.setattr(sys, "executable", program(tmp_path, lines))
    with pytest.raises(MachineError) as caught:
        apart.call(double, 1, None)
    assert isinstance(caught.value, KamxlError)
    assert caught.value.message
    assert caught.value.hint
    assert "\n" not in str(caught.value)
    assert not calling._free


def test_a_program_that_hangs_is_waited_for_once_and_killed(tmp_path, monkeypatch):
    pid = tmp_path / "pid"
    monkeypatch.setattr(sys, "executable", program(tmp_path, f"echo $$ >{pid}; exec sleep 100"))
    monkeypatch.setattr(worker, "_GREETING", apart.Allowance(patience=1))
    monkeypatch.setattr(calling, "_SOON", 0.5)
    with pytest.raises(MachineError, match="never answered"):
        apart.call(double, 1, None)
    assert not psutil.pid_exists(int(pid.read_text()))


@pytest.mark.parametrize("name", ["missing", ".", "", None])
def test_no_program_at_all_is_the_computers_fault(tmp_path, monkeypatch, name):
    monkeypatch.setattr(sys, "executable", name and str(tmp_path / name))
    with pytest.raises(MachineError):
        apart.call(double, 1, None)


@pytest.mark.parametrize(
    "problem",
    [PermissionError(13, "Permission denied"), OSError(12, "Cannot allocate memory"),
     BlockingIOError(11, "Resource temporarily unavailable"), MemoryError(),
     OSError(24, "Too many open files")],
)  # fmt: skip
def test_a_system_that_starts_no_process_is_at_fault(monkeypatch, problem):
    def refuses(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(subprocess, "Popen", refuses)
    with pytest.raises(MachineError):
        apart.call(double, 1, None)


def test_what_hinders_for_a_moment_only_is_no_matter(monkeypatch):
    real, refused = starting.started, []

    def once() -> object:
        if not refused:
            refused.append(True)
            raise starting.cannot_start("busy")
        return real()

    monkeypatch.setattr(worker, "started", once)
    assert apart.call(double, 4, None) == 8


def test_what_an_environment_prints_first_is_no_matter(tmp_path, monkeypatch):
    lines = f'echo welcome to this computer; exec {sys.executable} "$@"'
    monkeypatch.setattr(sys, "executable", program(tmp_path, lines))
    assert apart.call(double, 4, None) == 8


def test_a_thread_less_computer_is_at_fault(monkeypatch):
    def refuses(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(limits.threading.Thread, "start", refuses)
    with pytest.raises(MachineError, match="threads"):
        apart.call(double, 1, None)


def test_what_nobody_can_look_at_is_ended_and_not_blamed(monkeypatch):
    assert apart.call(double, 1, None) == 2
    (waiting,) = calling._free
    looked: list[int] = []

    def used() -> tuple[float, int]:
        looked.append(1)
        if len(looked) > 3:
            raise OSError(24, "Too many open files")
        return 0.0, 1

    monkeypatch.setattr(waiting._family, "used", used)
    with pytest.raises(MachineError):
        apart.call(waits, 1, None)


def test_one_that_cannot_be_looked_at_at_all_is_not_blamed(monkeypatch):
    apart.call(double, 1, None)
    (waiting,) = calling._free
    monkeypatch.setattr(waiting, "fit", lambda _: True)

    def used() -> tuple[float, int]:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(waiting._family, "used", used)
    with pytest.raises(MachineError, match="Too many open files"):
        apart.call(double, 1, None)
    waiting.end()


def test_the_error_comes_through_threads(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", program(tmp_path, "exit 1"))
    with ThreadPoolExecutor(3) as pool:
        futures = [pool.submit(apart.call, double, n, None) for n in range(6)]
    assert all(isinstance(f.exception(), MachineError) for f in futures)


def test_a_function_that_does_not_travel_is_the_callers_mistake():
    with pytest.raises(AttributeError, match="local"):
        apart.call(lambda *_: None, 0, None)
    assert apart.call(double, 1, None) == 2


# --- what dies ---


def killed(counted: tuple[int, int], _: object) -> str:
    """Good work in whose process something else sends the signal, as a computer in need does."""
    time_of_asking, most = counted
    if time_of_asking <= most:
        os.kill(os.getpid(), signal.SIGKILL)
    return "well"


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """How often work was given to a process, which is told that; it can keep nothing itself."""
    counts: list[int] = []
    ask = worker.Worker.ask

    def counting(self, function, argument, *more):
        if function not in (killed, aborts_once):
            return ask(self, function, argument, *more)
        counts.append(len(counts) + 1)
        return ask(self, function, (counts[-1], argument), *more)

    monkeypatch.setattr(worker.Worker, "ask", counting)
    return counts


def kills(_: object, __: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.proof
@pytest.mark.parametrize("count", [1, 2])
def test_a_kill_from_elsewhere_is_nobodys_fault(asked, count):
    assert apart.call(killed, count, None) == "well"
    assert len(asked) == count + 1


@pytest.mark.proof
def test_one_that_is_killed_again_and_again_is_said_to_be_killed(asked):
    with pytest.raises(apart.Died, match="killed"):
        apart.call(killed, 9, None)
    assert len(asked) == 3
    assert apart.call(double, 2, None) == 4


@pytest.mark.proof
def test_a_computer_that_kills_everything_is_at_fault(monkeypatch):
    monkeypatch.setattr(child, "harmless", kills)
    with pytest.raises(MachineError, match="killed"):
        apart.call(kills, 0, None)


def aborts_once(counted: tuple[int, object], _: object) -> str:
    if counted[0] == 1:
        os.abort()
    return "well"


def aborts(_: object, __: object) -> None:
    os.abort()


@pytest.mark.proof
def test_a_crash_is_the_works_only_if_it_happens_again(asked):
    assert apart.call(aborts_once, None, None) == "well"
    assert len(asked) == 2
    with pytest.raises(apart.Died, match="crashed"):
        apart.call(aborts, 0, None)


@pytest.mark.proof
@pytest.mark.parametrize("work", [aborts, eats])
def test_where_harmless_work_fails_too_the_computer_is_to_blame(monkeypatch, work):
    monkeypatch.setattr(child, "PROOF", 10**12)  # no computer in order has that much
    with pytest.raises(MachineError, match="memory"):
        apart.call(work, 0, None, apart.Allowance(seconds=60, patience=60))


def test_none_that_starts_any_more_in_the_middle_is_no_verdict(monkeypatch, tmp_path):
    assert apart.call(double, 1, None) == 2
    monkeypatch.setattr(sys, "executable", program(tmp_path, "exit 1"))
    assert apart.call(double, 2, None) == 4  # the one that waits still works
    with pytest.raises(MachineError):
        apart.call(aborts, 0, None)


@pytest.mark.proof
def test_good_work_on_a_busy_computer_stays_good():
    def many(number: int) -> int:
        return apart.call(double, number, None)

    stress = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(many, range(30))) == [2 * n for n in range(30)]
    finally:
        for one in stress:
            one.kill()
            one.wait()


# --- who is watched ---


def test_a_launchers_child_is_the_one_that_is_watched(launcher):
    real = apart.call(where, 0, None)
    (waiting,) = calling._free
    assert real != waiting._process.pid
    assert real in waiting._family._members


@pytest.mark.proof
@pytest.mark.parametrize(
    ("work", "most", "reason"),
    [
        (spins, apart.Allowance(seconds=0.3, patience=60), "time"),
        (waits, apart.Allowance(patience=0.5), "time"),
        (eats, apart.Allowance(seconds=60, patience=60), "memory"),
    ],
)
def test_what_is_launched_is_held_and_ends(launcher, work, most, reason):
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    real = apart.call(where, 0, None)
    with pytest.raises(apart.Died, match=reason):
        apart.call(work, 0, None, most)
    apart.close()
    until(lambda: ended(real))
    left = [_command(p) for p in psutil.Process().children(recursive=True) if p.pid not in before]
    assert not [command for command in left if "kamxl" in command]


def fills(size: int, _: object) -> int:
    """Beyond the limit that the process sets itself, to see that it is watched as well."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    kept = [b"x" * 1_000_000 for _ in range(size)]
    time.sleep(PATIENCE)
    return len(kept)


@pytest.mark.proof
def test_what_is_launched_gets_no_more_memory_than_it_may(launcher):
    with pytest.raises(apart.Died, match="memory"):
        apart.call(fills, 450, None, apart.Allowance(seconds=60, patience=60))


def test_close_ends_what_was_launched(launcher):
    real = apart.call(where, 0, None)
    apart.close()
    until(lambda: ended(real))


def test_a_number_that_is_none_of_ours_is_not_believed():
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    ours = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    try:
        from kamxl.apart.families import family_of

        family_of(ours.pid, other.pid).kill()
        assert ours.wait(PATIENCE) == -signal.SIGKILL
        assert other.poll() is None
        assert family_of(other.pid, 2**40).used()[1] > 0
    finally:
        for one in (other, ours):
            one.kill()
            one.wait()


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


# --- how it is started ---


@pytest.mark.proof
def test_a_standalone_program_starts_itself(tmp_path, monkeypatch):
    lines = f'exec {sys.executable} -m kamxl "$@"'
    monkeypatch.setattr(sys, "executable", program(tmp_path, lines))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.chdir(ROOT)
    assert starting.command_line() == [sys.executable, "--kamxl-apart"]
    assert apart.call(double, 21, None) == 42
    with pytest.raises(apart.Died, match="crashed"):
        apart.call(aborts, 0, None)


def test_the_hidden_argument_comes_before_all_imports():
    question = "import sys; from kamxl.apart import child; child.serve = lambda: print(len([\
m for m in sys.modules if m.startswith(('kamxl.workflow', 'kamxl.excel', 'openpyxl'))])); \
import runpy; sys.argv = ['kamxl', '--kamxl-apart']; runpy.run_module('kamxl', None, '__main__')"
    done = subprocess.run(
        [sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "0\n")


def test_on_windows_the_interpreter_itself_is_started(monkeypatch, tmp_path):
    base = program(tmp_path, "")
    monkeypatch.setattr(starting.sys, "platform", "win32")
    monkeypatch.setattr(sys, "_base_executable", base)
    launching = sys.executable
    assert starting.command_line()[0] == base
    assert starting._environment(base)["__PYVENV_LAUNCHER__"] == launching
    monkeypatch.setattr(sys, "_base_executable", str(tmp_path / "gone"))
    assert starting.command_line()[0] == launching
    assert "__PYVENV_LAUNCHER__" not in starting._environment(launching)


def environment(_: object, __: object) -> dict[str, str]:
    return dict(os.environ)


def test_no_secret_is_handed_on(monkeypatch):
    secrets = ("KAMXL_SMTP_PASSWORD", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "PYTHONSTARTUP")
    secrets += ("LC_TOKEN", "KAMXL_KEY_PASSPHRASE", "KAMXL_OAUTH_CLIENT_SECRET")
    for name in secrets:
        monkeypatch.setenv(name, "do not tell")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    known = apart.call(environment, 0, None)
    assert "do not tell" not in known.values()
    assert (known["PATH"], known["LC_ALL"]) == (os.environ["PATH"], "C.UTF-8")
    assert known["KAMXL_DEBUG"] == "1"


@pytest.mark.parametrize("name", ["SystemRoot", "SYSTEMROOT", "Path", "TEMP", "USERPROFILE"])
def test_windows_needs_these_however_it_spells_them(monkeypatch, name):
    monkeypatch.setenv(name, "needed")
    assert apart.surroundings()[name] == "needed"


def test_another_program_does_not_find_the_standalone_programs_libraries(monkeypatch):
    """What the bootloader of the standalone program tells Windows, children would inherit."""
    told, started = [], []
    kernel = types.SimpleNamespace(
        SetDllDirectoryW=lambda path: told.append(path and path.value),
    )

    def start(*_: object, **__: object) -> None:
        started.append(list(told))
        raise OSError(2, "No such file or directory")

    monkeypatch.setattr(ctypes, "WinDLL", lambda name: kernel, raising=False)
    monkeypatch.setattr(subprocess, "Popen", start)
    for platform, frozen in (("linux", True), ("win32", False), ("win32", True)):
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setattr(sys, "frozen", frozen, raising=False)
        monkeypatch.setattr(sys, "_MEIPASS", "C:/kamxl/_internal", raising=False)
        with pytest.raises(OSError, match="No such"):
            apart.program(["soffice"], apart.ALLOWANCE, {})
    assert started == [[], [], [None]]
    assert told == [None, "C:/kamxl/_internal"]


# --- Windows' second fence ---


class Kernel:
    """kernel32, as far as a job needs it."""

    def __init__(self, refuses: str = "") -> None:
        self.refuses, self.calls = refuses, []

    def __getattr__(self, name):
        def called(*arguments):
            self.calls.append((name, arguments))
            return 0 if name == self.refuses else 77

        return called


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the size of 64 bits")
def test_a_job_ends_what_is_in_it_and_limits_its_memory():
    kernel = Kernel()
    job = jobs.Job(5, kernel)
    (made, told, given) = kernel.calls
    assert [made[0], told[0], given[0]] == [
        "CreateJobObjectW",
        "SetInformationJobObject",
        "AssignProcessToJobObject",
    ]
    assert (told[1][0], told[1][1], told[1][3]) == (77, 9, 144)  # as Windows' headers have it
    found = told[1][2]._obj
    assert found.basic.flags == 0x2100
    assert found.process_memory == 600 * 1024 * 1024
    assert (given[1][0], given[1][1].value) == (77, 5)
    job.close()
    job.close()
    assert [call for call in kernel.calls if call[0] == "CloseHandle"] == [("CloseHandle", (77,))]


@pytest.mark.parametrize("refuses", ["SetInformationJobObject", "AssignProcessToJobObject"])
def test_without_a_job_the_watch_is_enough(refuses):
    kernel = Kernel(refuses)
    with pytest.raises(OSError, match="no job"):
        jobs.Job(5, kernel)
    assert kernel.calls[-1] == ("CloseHandle", (77,))
