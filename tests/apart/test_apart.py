"""Work in processes that can be killed: what comes back, and what becomes of work that does not."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from kamxl import apart
from kamxl.apart import calling
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
SHORT = apart.Allowance(seconds=0.3, patience=20)


def double(number: int, _: object) -> int:
    return number * 2


def where(_: object, __: object) -> int:
    return os.getpid()


def told(_: object, shared: object) -> object:
    print("this must not reach the answers")
    return shared


def breaks(text: str, _: object) -> None:
    raise KeyError(text)


def untold(_: object, __: object) -> None:
    class Local(Exception):  # noqa: N818 it does not travel
        pass

    raise Local("words")


def aborts(_: object, __: object) -> None:
    os.abort()


def spins(_: object, __: object) -> None:
    while True:
        pass


def waits(_: object, __: object) -> None:
    time.sleep(100)


def eats(_: object, __: object) -> None:
    kept = []
    while True:
        kept.append(b"x" * 1_000_000)


def ended(pid: int) -> bool:
    """Nothing runs any more under this number, though nobody may have asked how it ended."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def inner(number: int, _: object) -> tuple[int, int]:
    return os.getpid(), apart.call(where, number, None)


@pytest.fixture(autouse=True)
def _alone():
    apart.close()
    yield
    apart.close()


@pytest.mark.proof
def test_an_answer_from_another_process():
    assert apart.call(double, 21, None) == 42
    first = apart.call(where, 0, None)
    assert first != os.getpid()
    assert apart.call(where, 0, None) == first  # it is kept


def test_what_is_shared_travels_once_and_print_disturbs_nothing():
    known = {"a": 1}
    assert apart.call(told, 0, known) == {"a": 1}
    known["a"] = 2
    assert apart.call(told, 0, known) == {"a": 1}  # the same object: it was not sent again
    assert apart.call(told, 0, {"a": 3}) == {"a": 3}


def test_an_exception_is_the_callers():
    with pytest.raises(KeyError, match="why"):
        apart.call(breaks, "why", None)
    with pytest.raises(RuntimeError, match="words"):
        apart.call(untold, 0, None)
    assert apart.call(double, 1, None) == 2


@pytest.mark.proof
@pytest.mark.parametrize(
    ("work", "most", "reason"),
    [
        (aborts, apart.ALLOWANCE, "crashed"),
        (spins, SHORT, "time"),
        (waits, apart.Allowance(patience=0.5), "time"),
        (eats, apart.Allowance(seconds=60, patience=60), "memory"),
    ],
)
def test_what_does_not_come_back_costs_only_itself(work, most, reason):
    apart.call(where, 0, None)
    with pytest.raises(apart.Died) as caught:
        apart.call(work, 0, None, most)
    assert caught.value.reason == reason
    assert apart.call(double, 3, None) == 6


@pytest.mark.proof
def test_a_used_process_is_not_blamed_for_what_it_did_before():
    pid = apart.call(where, 0, None)
    psutil.Process(pid).kill()
    assert apart.call(double, 4, None) == 8
    worker = calling._taken(double)
    worker.served = 5  # as if that had made it tired
    calling._give_back(worker)
    killer = threading.Timer(0.3, worker._process.kill)
    killer.start()
    with pytest.raises(apart.Died):  # tried again in a fresh one, where it takes too long by itself
        apart.call(waits, 0, None, apart.Allowance(patience=1))


def test_work_apart_calls_directly():
    outer, deeper = apart.call(inner, 0, None)
    assert outer == deeper


@pytest.mark.proof
def test_many_threads_have_a_process_each():
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: apart.call(double, n, None), range(60)))
    assert found == [2 * n for n in range(60)]
    assert 1 <= len(calling._free) <= 4


@pytest.mark.parametrize(
    "then",
    ["time.sleep(60)", "apart.call(test_apart.spins, 0, None, apart.Allowance(seconds=1))"],
    ids=["waiting", "working"],
)
def test_nobody_is_left_behind_when_the_program_is_killed(then):
    """One that is in an endless piece of work ends after some more seconds of it."""
    script = textwrap.dedent(
        f"""
        import sys, time
        from kamxl import apart
        from tests.apart import test_apart
        print(apart.call(test_apart.where, 0, None), flush=True)
        {then}
        """
    )
    program = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    child = psutil.Process(int(program.stdout.readline()))
    before = sum(child.cpu_times()[:2])
    if then.startswith("apart"):
        until(lambda: sum(child.cpu_times()[:2]) > before + 0.3)
    program.kill()
    program.wait()
    program.stdout.close()
    assert child.wait(timeout=PATIENCE) is not False
    assert not child.is_running()


@pytest.mark.proof
def test_a_plain_script_needs_no_main_guard(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import kamxl.apart\nfrom tests.apart.test_apart import double\n"
        "print(kamxl.apart.call(double, 5, None))\n"
    )
    # another json.py lies about, as it may in an inbox
    (tmp_path / "pickle.py").write_text("raise SystemExit('imported from the current folder')")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-P", str(script)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("10\n", "")


@pytest.mark.proof
def test_a_program_and_all_it_started_end_together(tmp_path):
    marker = tmp_path / "pid"
    command = f"sleep 1000 & echo $! > {marker}; while :; do :; done"
    most = apart.Allowance(seconds=0.3, patience=PATIENCE)  # there is a marker before that is used
    with pytest.raises(apart.Died) as caught:
        apart.program(["sh", "-c", command], most, dict(os.environ))
    assert caught.value.reason == "time"
    until(lambda: ended(int(marker.read_text())))
    assert apart.program(["sh", "-c", "exit 3"], apart.ALLOWANCE, dict(os.environ)) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="limits of others are set on Linux only")
def test_a_program_that_nobody_watches_any_more_has_a_limit(tmp_path):
    seen = tmp_path / "limit"
    none = "[ $(ulimit -t) = unlimited ]"
    command = ["sh", "-c", f"while {none}; do sleep 0.02; done; ulimit -t > {seen}"]
    assert apart.program(command, apart.Allowance(seconds=7), dict(os.environ)) == 0
    assert int(seen.read_text()) == 10


@pytest.mark.proof
def test_who_leaves_waits_for_no_work():
    """Ctrl-C while threads wait for files that take long: their processes end, and so do they."""
    with ThreadPoolExecutor(2) as pool:
        working = [pool.submit(apart.call, waits, 0, None) for _ in range(2)]
        until(lambda: sum(worker.served for worker in calling._alive) == 2)
        numbers = [worker._process.pid for worker in calling._alive]
        apart.halt()
        assert {type(one.exception(PATIENCE)) for one in working} == {KeyboardInterrupt}
    until(lambda: all(map(ended, numbers)))
    assert apart.call(double, 1, None) == 2  # and it is no end for good
