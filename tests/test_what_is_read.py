"""What lies in a workspace may be anything: how files are opened, and where workbooks are parsed.

Held in the sources, so that the next place that reads something cannot forget it.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kamxl"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}

# --- how a file is opened ------------------------------------------------------------------------

# Everything else goes through store.reading: a regular file, and so many bytes of it.
OPENING = {
    "store.reading:opened": "the one way in which a file is opened",
    "store.atomic:_write_through": "writes",
    "store.atomic:settle_folder": "a folder, whose entries are to reach the disk",
    "store.batch:_to_disk": "a file of ours that is to reach the disk",
    "store.batch:_file_system_to_disk": "the same",
    "store.cache:_write": "writes, outside of any workspace",
    "store.issued_log:_append": "writes, and looks at what it wrote",
    "cli.main:_hush": "the null device",
    "apart.child:_pipes": "the null device, and the pipes to whoever asks",
    "apart.child:_size": "what Linux says about this process",
    "fences.held:_made": "writes, to see whether that is possible",
    "fences.held:_libraries": "what Linux says about this process",
    "fences.landlock:_add": "a place, to name it to the kernel",
    "excel.reading.office:_converted": "what LibreOffice wrote into a folder of ours",
    "excel.writing.draw:_stream": "a part of the file that is being made",
    "report.printing:_printed": "what a browser wrote into a folder of ours",
    "excel.live.sync_clients:_of_property_lists": "this user's preferences, on macOS",
    "excel.addin.surroundings:marked": "a stream that Windows keeps beside our own add-in",
    "workflow.buttons.status:_takes_files": "writes, to see whether that is possible",
    # files of the package, or of the Python that it is installed in
    "wording.texts:_read": "kamxl's own texts",
    "cli.help:translations": "kamxl's own texts",
    "forms.letters.reading:LetterReading._shipped": "kamxl's own templates",
    "excel.addin:xlam": "kamxl's own add-in",
    "excel.addin:applescript": "kamxl's own script",
    "excel.addin.harden:template": "xlwings' own template",
    "excel.addin.harden:harden": "kamxl's own patches",
    "excel.addin.build:sources": "kamxl's own sources",
    "excel.addin.build:parts": "kamxl's own sources",
    "workflow.stamps:made_by": "kamxl's own sources",
    "xlam:main": "kamxl's own add-in, where it is built",
    "workflow.buttons.updates:beside": "what pip wrote down about kamxl",
}
_READS = {"read_bytes", "read_text"}
# ``open`` of what is no path: Excel's workbooks, a workspace, pictures in memory, a browser
_OTHERS = {"books", "Workspace", "Image", "webbrowser", "standing"}


def named(node: ast.expr) -> str:
    """The last name of an expression: "books" of ``app.books``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def opens(call: ast.Call) -> bool:
    """Whether a call opens a file by its path."""
    function = call.func
    if isinstance(function, ast.Name):
        return function.id == "open"
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr in ("ZipFile", "load_workbook") and call.args:
        return named(getattr(call.args[0], "func", ast.Name(""))) != "BytesIO" and (
            named(call.args[0]) not in ("stream", "made", "out")
        )
    return function.attr in _READS or (
        function.attr == "open" and named(function.value) not in _OTHERS
    )


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """The functions of a module by name, methods as "Class.method"; "" is what stands outside."""
    rest = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner
                else:
                    rest.append(inner)
        else:
            rest.append(node)
    yield "", ast.Module(rest, [])


def test_a_file_is_opened_in_one_way() -> None:
    found = {
        f"{module.removeprefix('kamxl.')}:{name}"
        for module, path in MODULES.items()
        for name, body in functions(ast.parse(path.read_text(encoding="utf-8")))
        for call in ast.walk(body)
        if isinstance(call, ast.Call) and opens(call)
    }
    assert found - set(OPENING) == set(), "read it with kamxl/store/reading.py"
    assert set(OPENING) - found == set(), "nothing is opened there any more"


@pytest.mark.parametrize(
    "line",
    ["path.read_bytes()", "open(path)", "path.open('rb')", "self.path.read_text()",
     "os.open(path, 0)", "zipfile.ZipFile(path)", "x.load_workbook(path)"],
)  # fmt: skip
def test_each_way_to_open_a_file_is_seen(line: str) -> None:
    (statement,) = ast.parse(line).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert opens(statement.value)


# --- where a workbook is parsed ------------------------------------------------------------------

# What parses a file, or a piece of one.
READERS = {
    "kamxl.excel.reading.book:read",
    "kamxl.excel.reading.others:read_other",
    "kamxl.excel.reading.delimited:read_delimited",
    "kamxl.excel.reading.package:open_package",
}
# Where a function is handed over, to be called in a process apart.
HANDED = {"call", "ready", "_apart", "_understood"}
# Where it is no harm that they are named outside of one, and why.
HERE = {
    "kamxl.workflow.start.beside:in_newest": "a register that kamxl itself has just drawn",
    "kamxl.workflow.demo.edits:first_of": "a card that kamxl itself has just drawn",
    "kamxl.workflow.guard.leaks:Guard.findings": "check_leaks calls it, in a process apart",
    "kamxl.workflow.guard.leaks:Guard.orders_in": "check_leaks calls it, in a process apart",
    "kamxl.workflow.incoming.looking:look": "judged without bytes: nothing is parsed",
    "kamxl.workflow.incoming.looking:_look_at_member": "judged without bytes: nothing is parsed",
    "kamxl.workflow.incoming.intake:_settled_down": "judged without bytes: nothing is parsed",
}


@dataclass
class House:
    """Who names whom: the functions of the package, and what each of them uses."""

    uses: dict[str, set[str]] = field(default_factory=dict)
    handed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, sources: dict[str, str]) -> House:
        made = cls()
        for module, source in sources.items():
            tree = ast.parse(source)
            bodies = dict(functions(tree))
            known = {name: f"{module}:{name}" for name in bodies if name}
            known |= imported(tree)
            for name, body in bodies.items():
                made._note(f"{module}:{name}", body, known, name.partition(".")[0])
        return made

    def _note(self, who: str, body: ast.AST, known: dict[str, str], own: str) -> None:
        handed = {
            id(call.args[0])
            for call in ast.walk(body)
            if isinstance(call, ast.Call) and call.args and named(call.func) in HANDED
        }
        for node in ast.walk(body):
            told = _told(node, own)
            target = known.get(told) or known.get(told.replace(".", ":", 1))
            if target is None and "." in told:
                first, _, last = told.partition(".")
                target = f"{known[first]}:{last}" if first in known else None
            if target is not None and target != who:
                if id(node) in handed:
                    self.handed.add(target)
                else:
                    self.uses.setdefault(who, set()).add(target)

    def parsing(self, readers: set[str], but: Collection[str]) -> set[str]:
        """The functions that parse, or name one that does; ``but`` these."""
        found = set(readers)
        while more := {
            who
            for who, used in self.uses.items()
            if who not in found and who not in but and not found.isdisjoint(used)
        }:
            found |= more
        return found

    def parsing_here(self, readers: set[str], but: Collection[str] = ()) -> set[str]:
        """The functions in which something is parsed and that nobody calls apart."""
        parsing = self.parsing(readers, but)
        callers = (parsing - readers).union(but)
        below = {one for who in callers for one in self.uses.get(who, ())}
        return parsing - readers - below - self.handed


def _told(node: ast.AST, own: str) -> str:
    """What a node names: "read", "book.read", or "Class.method" for one of ``self``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{own if node.value.id in ('self', 'cls') else node.value.id}.{node.attr}"
    return ""


def imported(tree: ast.Module) -> dict[str, str]:
    """What each imported name is: "module:name", or the module itself."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kamxl"):
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                whole = module if module in MODULES else f"{node.module}:{alias.name}"
                found[alias.asname or alias.name] = whole
    return found


def sources() -> dict[str, str]:
    """The package outside of the room that parses, and of the proof of what was just written."""
    return {
        module: path.read_text(encoding="utf-8")
        for module, path in MODULES.items()
        if not module.startswith(("kamxl.excel.reading", "kamxl.excel.proof"))
    }


def test_workbooks_are_parsed_in_processes_apart() -> None:
    house = House.of(sources())
    assert house.parsing_here(READERS, HERE) == set(), "hand it to apart.call"
    parsing = house.parsing(READERS, HERE)
    over = {one for one in HERE if parsing.isdisjoint(house.uses.get(one, ()))}
    assert over == set(), "nothing is parsed there any more"


def test_a_reading_in_the_wrong_place_is_seen() -> None:
    reads = "from kamxl.excel.reading.book import read\n"
    apart = f"{reads}def work(data, _):\n    return read(data)\ndef asks(d):\n    call(work, d)\n"
    here = f"{apart}def deep(data):\n    return work(data, None)\ndef use(data):\n    deep(data)\n"
    other = "from kamxl.excel.reading import book\ndef use(data):\n    book.read(data)\n"
    inner = "    def use(self, d):\n        self._b(d)\n    def _b(self, d):\n        read(d)"
    method = f"{reads}class A:\n{inner}\n"
    ends = [
        House.of({"kamxl.x": text}).parsing_here(READERS) for text in (apart, here, other, method)
    ]
    assert ends == [set(), {"kamxl.x:use"}, {"kamxl.x:use"}, {"kamxl.x:A.use"}]
