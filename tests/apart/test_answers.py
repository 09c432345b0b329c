"""What comes back from a process apart is data of the declared type, whoever took it over."""

from __future__ import annotations

import ast
import contextlib
import importlib
import os
import pickle
import re
import struct
import sys
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl import apart
from kamxl.apart import answers, child, worker
from kamxl.errors import KamxlError, MachineError, Reason, TemplateError, WorkspaceError
from kamxl.excel.reading.limits import Refused
from kamxl.workflow.files.opening import raw_of
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.check import check
from tests.apart.test_apart import ROOT, double

PACKAGE = ROOT / "kamxl"


# --- every call declares what it gives ---


def calls() -> list[tuple[str, str, str]]:
    """Each place where work is given to a process apart: in which module, whose work, which."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        text = path.read_text(encoding="utf-8")
        # Every process of the tests looks, and walking through all modules takes it many seconds.
        if module.startswith("kamxl.apart.") or not re.search(r"\b(apart|sitting)\b", text):
            continue
        tree = ast.parse(text)
        nodes = list(ast.walk(tree))
        imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
        homes = {alias.name: str(node.module) for node in imports for alias in node.names}
        names = {
            alias.asname or alias.name
            for node in imports
            if node.module == "kamxl.apart"
            for alias in node.names
            if alias.name in ("call", "ready")
        }
        for node in nodes:
            if not isinstance(node, ast.Call):
                continue
            plain = isinstance(node.func, ast.Name) and node.func.id in names
            dotted = ast.unparse(node.func) in ("apart.call", "apart.ready", "sitting.call")
            if plain or dotted:
                works = handed_in(ast.unparse(node.args[0]), tree)
                found += [(module, homes.get(work, module), work) for work in sorted(works)]
    return sorted(set(found))


def handed_in(work: str, tree: ast.Module) -> set[str]:
    """The work of this name; where it is a parameter's, what is handed in for it in the module."""
    handed: set[str] = set()
    for made in ast.walk(tree):
        names = [a.arg for a in made.args.args] if isinstance(made, ast.FunctionDef) else []
        if work in names and isinstance(made, ast.FunctionDef):
            place = names.index(work) - ("self" in names)
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(made.name):
                    handed.add(ast.unparse(node.args[place]))
    handed.discard(work)
    return set().union(*(handed_in(one, tree) for one in handed)) if handed else {work}


CALLS = calls()


def holds_anything(kind: object) -> bool:
    return kind in (Any, object) or any(map(holds_anything, typing.get_args(kind)))


@pytest.mark.parametrize(("_", "module", "work"), CALLS, ids=[":".join(call) for call in CALLS])
def test_what_works_apart_declares_what_it_gives(_: str, module: str, work: str) -> None:
    """A type that says nothing would let anything in; one that is wrong would refuse good files."""
    function = getattr(importlib.import_module(module), work)
    declared = typing.get_type_hints(function)
    assert "return" in declared
    assert not holds_anything(declared["return"])
    answers._decoder(function)  # msgspec takes it


def test_there_are_such_calls() -> None:
    assert len(CALLS) >= 15


@pytest.fixture
def given_there_and_back(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Work that is done here, its answer packed, unpacked and compared; the names of what was."""
    done: list[str] = []

    def called(function: Any, argument: object, shared: object, *_: object) -> object:
        monkeypatch.setattr(child, "apart", True)
        try:
            answer = function(argument, shared)
        except Exception as problem:
            again = answers.unpacked_problem(answers.packed_problem(problem))
            same = (type(again), again.args) == (type(problem), problem.args)
            declared = (*answers.may_raise(function), MemoryError)
            assert same
            assert isinstance(again, declared)
            raise again from None
        finally:
            monkeypatch.setattr(child, "apart", False)
        again = answers.unpacked(function, answers.packed(answer))
        assert again == answer
        assert answers.packed(again) == answers.packed(answer)  # 85 is not 85.0
        done.append(function.__name__)
        return again

    monkeypatch.setattr(apart.Sitting, "call", lambda _, *given: called(*given))
    for module in {module for module, *_ in CALLS}:
        if hasattr(importlib.import_module(module), "call"):
            monkeypatch.setattr(f"{module}.call", called)
    return done


def raw(path: Path) -> bytes:
    packed = answers.packed(raw_of(path.read_bytes(), None))
    assert answers.unpacked(raw_of, packed) == raw_of(path.read_bytes(), None)
    return packed


@pytest.mark.proof
def test_answers_about_real_files_come_back_as_they_are(
    given_there_and_back: list[str], demos: Any
) -> None:
    demo = demos("de")
    inbox = [path for path in sorted((demo / "inbox").rglob("*")) if path.is_file()]
    examples = sorted((ROOT / "workbooks").glob("*.*"))
    assert len(check([*inbox, *examples], demo).files) >= len(inbox) + len(examples)
    assert {"_look", "_judge_member"} <= set(given_there_and_back)
    for path in (*examples, demo / "Register.xlsx"):
        if path.suffix == ".xlsx":
            assert len(raw(path)) < answers._MANY


# --- what a process that was taken over may say ---

FEW = msgspec.msgpack.encode


@dataclass(frozen=True)
class Bill:
    number: int
    lines: tuple[str, ...] = ()


def bill(_: object, __: object) -> Bill:
    return Bill(1)


def nested(_: object, __: object) -> Mapping[str, list[list[str]]]:
    return {}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        FEW(None),
        FEW("x"),
        FEW({"number": "1"}),
        FEW({"number": 1, "lines": [1]}),
        FEW({"number": 1})[:-1],
        FEW({"number": 1}) + b"\x00",
        FEW({"number": 2**63}) + FEW(1),
        b"\x91" * 100_000,
        b"\x81\xa1a" * 100_000,
        b"\xdd\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        pickle.dumps(Bill(1)),
        pickle.dumps(os.system),
    ],
    ids=lambda data: repr(bytes(data[:12])),
)
def test_what_is_not_of_the_type_is_strange(data: bytes) -> None:
    for function in (bill, nested, double, looking._look, raw_of):
        if function is bill or data not in (FEW(None), FEW("x")):
            with pytest.raises(answers.Strange):
                answers.unpacked(function, data)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_else(data: bytes) -> None:
    for function in (bill, nested, looking._look, looking._judge_member):
        with contextlib.suppress(answers.Strange):
            answers.unpacked(function, data)
    assert isinstance(answers.unpacked_problem(data), Exception)


def problem(module: str, name: str, values: object, notes: str = "") -> Exception:
    return answers.unpacked_problem(FEW([module, name, values, notes]))


@pytest.mark.parametrize(
    ("module", "name", "values"),
    [
        ("os", "system", ["touch ran"]),
        ("builtins", "exec", ["raise SystemExit"]),
        ("builtins", "SystemExit", [3]),
        ("builtins", "KeyboardInterrupt", []),
        ("builtins", "open", ["ran", "w"]),
        ("kamxl", "consolidate", ["x"]),  # a name that the package loads when asked
        ("kamxl.errors", "KamxlError", [1, 2, 3]),
        ("kamxl.errors", "KamxlError", ["x", {"self": 1}]),
        ("kamxl.errors", "KamxlError", ["x", ["y"]]),
        ("kamxl.errors", "announced", ["x"]),
        ("kamxl.apart.starting", "started", []),
        ("kamxl.apart.starting", "subprocess", []),
        ("kamxl.apart.worker", "Worker", ["x"]),
        ("kamxl.excel.reading.limits", "Refused", []),
        ("kamxl.excel.reading.limits", "Refused", [[], 2, {"a": 1}, 5]),
        ("builtins", "UnicodeDecodeError", ["x"]),
        ("builtins", "ExceptionGroup", ["x", [1]]),
        ("no.such.module", "Problem", []),
        ("kamxl.errors", "KamxlError", [{"~": "problem", "module": "os", "name": "x"}, {}]),
        ("kamxl.errors", "KamxlError", [{"~": "reason", "code": 1, "values": [1]}, {}]),
    ],
)
def test_a_problem_that_is_none_of_ours_is_only_words(
    module: str, name: str, values: list[object]
) -> None:
    before = set(sys.modules)
    found = problem(module, name, values)
    assert type(found) is RuntimeError
    assert set(sys.modules) == before


@pytest.mark.parametrize(
    "data",
    [
        b"",
        pickle.dumps(SystemExit(3)),
        FEW(["kamxl.errors", "KamxlError", "x", ""]),
        FEW(["builtins", "ValueError", [], 5]),
        FEW(["builtins", "ValueError", ["x" * 2_000_000], ""]),
        b"\x94\xa8builtins\xaaValueError" + b"\x91" * 100_000,
    ],
    ids=lambda data: repr(bytes(data[:12])),
)
def test_half_a_problem_is_only_words(data: bytes) -> None:
    assert type(answers.unpacked_problem(data)) is RuntimeError


def test_a_deep_problem_is_only_words() -> None:
    values: object = "x"
    for _ in range(900):
        values = [values]
    assert isinstance(problem("builtins", "ValueError", [values]), Exception)


@pytest.mark.parametrize(
    "there",
    [
        WorkspaceError("no-workspace", path=Path("a/b"), count=3, why=Reason("silent")),
        KamxlError("computer-reads-not", path="x", reason=OSError(5, "Input/output error", "f")),
        Refused("unreadable", "crc", "xl/workbook.xml"),
        KeyError("x"),
        MemoryError(),
        OSError(28, "No space left on device", "f"),
    ],
)
def test_a_problem_of_ours_comes_back_as_it_was(there: Exception) -> None:
    there.add_note("where it was")
    back = answers.unpacked_problem(answers.packed_problem(there))
    assert type(back) is type(there)
    assert str(back) == str(there)
    assert back.__notes__ == ["where it was"]


# --- how much of it ---


def listed(_: object, __: object) -> list[str]:
    return []


def test_values_are_counted_as_they_are_packed() -> None:
    long_ago = datetime(1900, 1, 1, 1, 1, 1, 5, tzinfo=UTC)
    several = [1, -1, 200, 70_000, 2**40, -200, -70_000, -(2**40), 1.5, None, True, long_ago, 7]
    texts = ["", "x" * 31, "x" * 40, "y" * 300, "z" * 70_000, b"b", b"c" * 300, b"d" * 70_000]
    lists = [[0] * 20, [0] * 70_000, dict.fromkeys(range(20), 0), (), {}]
    data = answers.packed([*several, *texts, *lists, 7])
    expected = 1 + len(several) + len(texts) + 1 + 20 + 1 + 70_000 + 1 + 40 + 2 + 1
    assert answers.things(data, 10**9) == expected
    assert answers.things(data, 100) == 101


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty million empty lists in fifty megabytes would be four gigabytes here."""

    class Unpacks:
        def decode(self, data: bytes) -> None:
            raise AssertionError("it takes the memory")

    monkeypatch.setattr(answers, "_decoder", lambda function: Unpacks())
    monkeypatch.setattr(answers, "_MANY", 50_000)
    bomb = b"\xdd" + struct.pack(">I", 2_000_000) + b"\x90" * 2_000_000
    with pytest.raises(answers.Strange, match="more than"):
        answers.unpacked(listed, bomb)


# --- in a real process, whose answers are forged where it would send them ---


def forged(kind: str, _: object) -> int:
    """Take the process over: what goes out is not what the work gives."""
    told = {
        "type": (b"+", 1, b"\xa1x"),
        "pickle": (b"+", None, pickle.dumps(1)),
        "deep": (b"+", None, b"\x91" * 200_000),
        "half": (b"+", 1_000, b"\x01"),
        "endless": (b"+", 2**63, b"\x01" * 100_000),
        "kind": (b"?", None, b"\x01"),
    }
    how, size, data = told[kind]
    frame = sys._getframe()
    while "answers" not in frame.f_locals:
        frame = frame.f_back
    out = frame.f_locals["answers"]
    out.write(how + struct.pack(">Q", len(data) if size is None else size) + data)
    out.flush()
    os._exit(0)


@pytest.mark.proof
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("type", "strange"),
        ("pickle", "strange"),
        ("deep", "strange"),
        ("half", "crashed"),
        ("endless", "crashed"),
        ("kind", "crashed"),
    ],
)
def test_a_forged_answer_costs_only_its_file(
    kind: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KAMXL_DEBUG", raising=False)
    apart.close()
    with pytest.raises(apart.Died, match=reason):
        apart.call(forged, kind, None, apart.Allowance(seconds=20, patience=60))
    assert apart.call(double, 2, None) == 4
    apart.close()


@apart.raises(Refused)
def refuses(kind: str, _: object) -> int:
    """Raise what it declares, or what no such work may."""
    raise {
        "declared": Refused("unreadable", "crc"),
        "mistake": KeyError("x"),
        "computer": MachineError("no-process", reason="x", program="y"),
        "workspace": WorkspaceError("no-workspace", path="x"),
        "texts": TemplateError("texts-unreadable", file="de.toml", problem="x"),
        "text": TemplateError("text-missing", language="de", key="cli.gone"),
        "died": apart.Died("nobody knows why"),
        "source": apart.Died("source"),
        "stop": StopIteration(),
    }[kind]


@pytest.mark.parametrize(
    "kind", ["mistake", "computer", "workspace", "texts", "died", "source", "stop"]
)
def test_what_work_does_not_declare_to_raise_costs_only_its_file(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever took it over could end the run with any exception, and blame the computer."""
    monkeypatch.delenv("KAMXL_DEBUG", raising=False)
    with pytest.raises(apart.Died, match="strange"):
        apart.call(refuses, kind, None)
    with pytest.raises(Refused, match="crc"):
        apart.call(refuses, "declared", None)


def test_our_own_mistakes_are_seen_where_somebody_looks_for_them() -> None:
    with pytest.raises(KeyError, match="x"):
        apart.call(refuses, "mistake", None)


def test_that_texts_are_damaged_is_believed_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is blamed for an installation in which a text is missing."""
    monkeypatch.delenv("KAMXL_DEBUG", raising=False)
    with pytest.raises(TemplateError, match=re.escape("cli.gone")):
        apart.call(refuses, "text", None)


@pytest.mark.parametrize(("module", "home", "work"), CALLS, ids=[":".join(c) for c in CALLS])
def test_what_is_caught_of_work_apart_is_declared_by_it(module: str, home: str, work: str) -> None:
    """Else a file that is refused would be called strange."""
    function = getattr(importlib.import_module(home), work)
    declared = {one.__name__ for one in answers.may_raise(function)}
    tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    caught: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and works_in(node, tree) & {work}:
            types = (handler.type for handler in node.handlers if handler.type is not None)
            caught |= {ast.unparse(name) for one in types for name in ast.walk(one)}
    assert caught & {"Refused", "Slow"} <= declared


def works_in(tried: ast.Try, tree: ast.Module) -> set[str]:
    calls = [n for one in tried.body for n in ast.walk(one) if isinstance(n, ast.Call)]
    works = [n.args[0] for n in calls if re.fullmatch(r"(\w+\.)?call", ast.unparse(n.func))]
    return {work for one in works for work in handed_in(ast.unparse(one), tree)}


def test_an_answer_that_is_too_long_is_not_waited_for() -> None:
    read, write = os.pipe()
    with os.fdopen(read, "rb") as answered, os.fdopen(write, "wb") as told:
        told.write(child.WELL + struct.pack(">Q", 2**40))
        told.flush()
        with pytest.raises(EOFError):
            worker._answer(answered)
