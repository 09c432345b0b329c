"""The house rules that a test can hold: imports point downward, modules stay small, and so on."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

import kamxl
from kamxl.wording.texts import languages, texts

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kamxl"
MODULES = sorted(PACKAGE.rglob("*.py"))

# Each room, and what it may import of kamxl besides itself: a name stands for all rooms in it, and
# "name.*" for the modules at its top alone. Adapters do not know each other, nor do workbooks.
BELOW = {"core", "wording", "forms", "errors"}
ROOMS: dict[str, set[str]] = {
    "errors": set(),
    "fences": set(),
    "apart": {"errors", "fences"},
    "core": set(),
    "core.records": {"core.*", "core.method"},
    "core.method": {"core.*"},
    "core.cards": {"core.*", "core.method", "core.records"},
    "core.portfolio": {"core.*", "core.method", "core.records", "core.cards"},
    "wording": {"core", "errors"},
    "forms": set(),
    "forms.paper": set(),
    "forms.tables": {"core", "wording", "forms.paper"},
    "forms.exports": {"core", "wording", "forms.paper", "forms.tables", "forms.register"},
    "forms.letters": {"core", "wording", "forms.paper", "forms.tables", "errors"},
    "forms.reply": {"core", "wording", "forms.paper", "forms.tables"},
    "forms.scorecard": {"core", "wording", "forms.paper", "forms.tables", "forms.reply"},
    "forms.register": {"core", "wording", "forms.paper", "forms.tables"},
    "forms.plan": {"core", "wording", "forms.paper", "forms.tables"},
    "forms.portfolio": {"core", "wording", "forms.paper", "forms.tables"},
    "excel": set(),
    "excel.reading": {"apart", "forms.paper", "errors"},
    "excel.writing": {"excel.reading", "forms.paper", "errors"},
    "excel.proof": {"excel.reading", "excel.writing", "forms.paper", "errors"},
    "excel.live": {"excel.writing", "forms.paper", "errors"},
    "excel.addin": {"excel.live", "apart", "wording", "errors"},
    "store": {"core", "errors"},
    "mail": {"core", "wording", "errors"},  # which servers write in many languages
    "report": {"apart", "forms.paper", "forms.portfolio", "wording", "errors"},
    "workflow": {"excel.writing", "store", *BELOW},
    "workflow.files": {"apart", "excel.reading", "mail", "store", *BELOW},
    "workflow.start": {
        "workflow.*", "workflow.files", "apart", "excel.reading", "excel.writing", "store", *BELOW,
    },
    "workflow.incoming": {
        "workflow.*", "workflow.files", "workflow.start",
        "apart", "excel.reading", "excel.writing", "mail", "report", "store", *BELOW,
    },
    "workflow.lettering": {"apart", "store", *BELOW},
    "workflow.guard": {
        "workflow.*", "workflow.files", "workflow.lettering", "workflow.start",
        "workflow.incoming",
        "apart", "excel.reading", "excel.proof", "mail", "report", "store", *BELOW,
    },
    "workflow.outgoing": {
        "workflow.*", "workflow.lettering", "workflow.start", "workflow.incoming",
        "workflow.guard", "excel.reading", "excel.writing", "mail", "report", "store", *BELOW,
    },
    "workflow.health": {
        "workflow.*", "workflow.lettering", "workflow.start",
        "apart", "fences", "excel.reading", "mail", "store", *BELOW,
    },
    "workflow.forgetting": {
        "workflow.*", "workflow.files", "workflow.start", "workflow.incoming", "workflow.outgoing",
        "apart", "excel.reading", "excel.writing", "store", *BELOW,
    },
    "workflow.shown": {
        "workflow.*", "workflow.incoming", "workflow.outgoing", "workflow.forgetting", "core",
        "wording",
    },
    "workflow.buttons": {"workflow", "apart", "excel", "store", *BELOW},
    "workflow.demo": {"workflow", "excel.writing", "mail", "store", *BELOW},
    "commands": {"commands.parts", "workflow", "core", "wording", "errors"},
    "commands.parts": {"workflow", "wording"},
    "cli": {"commands", "workflow", "wording", "errors"},
    "addin": {"commands", "workflow.buttons", "excel.addin", "excel.live", "wording", "errors"},
    "xlam": {"commands", "excel.addin"},
    "__main__": {"cli", "addin", "apart", "fences"},
    "standalone": {"wording", "errors"},
    "__init__": {"workflow", "core", "wording", "errors"},
}  # fmt: skip
# Doors: what one workbook's room lends another's, name by name.
DOORS: dict[tuple[str, str], set[str]] = {
    ("forms.register", "forms.scorecard"): {"grid"},  # how much a card has room for
}


def room(path: Path) -> str:
    """The room of a module: its folder, two deep; a module at the top is one by itself."""
    relative = path.relative_to(PACKAGE)
    return ".".join(relative.parent.parts[:2]) or relative.stem


def allowed(own: str, name: str) -> bool:
    """Whether a module of the room ``own`` may import ``name``, dotted below kamxl."""
    parts = name.split(".")
    place = room(found) if (found := _file(parts)) else parts[0]
    if place == own:
        return True
    if any(place == one or place.startswith(f"{one}.") for one in ROOMS[own]):
        return True
    if f"{place}.*" in ROOMS[own]:
        return True
    return parts[2] in DOORS.get((own, place), set()) if len(parts) > 2 else False


def _file(parts: list[str]) -> Path | None:
    """The module that a dotted name names, or has a piece of."""
    for n in range(len(parts), 0, -1):
        path = PACKAGE.joinpath(*parts[:n])
        for one in (path.with_suffix(".py"), path / "__init__.py"):
            if one.is_file():
                return one
    return None


def imported(path: Path) -> set[str]:
    """The dotted names a module imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {node.module or ""} | {f"{node.module}.{a.name}" for a in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_downward(path: Path) -> None:
    own = room(path)
    used = {name[6:] for name in imported(path) if name.startswith("kamxl.")} - {"__version__"}
    # "from kamxl.core import ids" names a folder and a module in it: the module counts
    used -= {name for name in used if any(other.startswith(f"{name}.") for other in used)}
    wrong = sorted(name for name in used if not allowed(own, name))
    assert not wrong, f"{own} must not import {wrong}"


def test_every_room_says_who_may_come_in() -> None:
    folders = {p.parent for p in MODULES if p.name == "__init__.py"} - {PACKAGE}
    for folder in folders:
        said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        assert said, folder
        assert "come in" in said or "comes in" in said, f"{folder}: who may come in?"


def test_no_file_repeats_the_name_of_its_room() -> None:
    for path in MODULES:
        for folder in path.relative_to(PACKAGE).parent.parts:
            assert not path.stem.startswith(f"{folder}_"), path


@pytest.mark.parametrize("path", sorted((PACKAGE / "core").rglob("*.py")), ids=lambda p: p.name)
def test_the_core_needs_the_standard_library_only(path: Path) -> None:
    tops = {name.split(".")[0] for name in imported(path)} - {"kamxl"}
    assert tops <= set(sys.stdlib_module_names)
    # no file, no clock: what the method needs of the world is handed to it
    assert not tops & {"os", "pathlib", "io", "time", "random", "secrets", "logging"}


def test_fences_are_light() -> None:
    """Another program waits until its fences stand: what puts them up loads nothing of ours."""
    for path in sorted((PACKAGE / "fences").glob("*.py")):
        tops = {name.split(".")[0] for name in imported(path)} - {"kamxl"}
        assert tops <= set(sys.stdlib_module_names)
    package = ast.parse((PACKAGE / "fences" / "__init__.py").read_text(encoding="utf-8"))
    assert len(package.body) == 1  # what it is for


def test_one_door_opens_a_workspace() -> None:
    """There a folder that lost its identity is known; nothing else may make a new one of it."""
    doors = {"open": {"identity.py"}, "create": {"init.py"}}
    for method, allowed in doors.items():
        users = {p.name for p in MODULES if f"Workspace.{method}(" in p.read_text(encoding="utf-8")}
        assert users == allowed, f"Workspace.{method} is for {allowed}; use identity.opened"


def test_what_is_packed_in_one_file_is_paid_from_one_purse() -> None:
    """Whoever looks into a file that came in, part by part, sits down to it once."""
    incoming = [path for path in MODULES if room(path).startswith("workflow.incoming")]
    alone = [call for path in incoming for call in _calls(path, "call", "apart.call", "program")]
    ours = {ast.unparse(call.args[0]) for call in alone}
    assert ours == {"_portfolio", "_portfolio_alone", "cards_in"}, "nothing is packed there"
    paid = [call for path in MODULES for call in _calls(path, "as_xlsx")]
    assert paid
    assert all(len(call.args) == 3 for call in paid), "LibreOffice works on a purse"


def _calls(path: Path, *names: str) -> list[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in calls if ast.unparse(call.func) in names]


def test_templates_from_outside_have_one_way_in() -> None:
    """Read by store.templates, held against the memory, and said apart: nobody else opens them."""
    sources = {p.relative_to(PACKAGE).as_posix(): p.read_text(encoding="utf-8") for p in MODULES}
    opening = {name for name, source in sources.items() if "FileSystemLoader" in source}
    assert opening == {"wording/templating.py", "report/html.py"}, "for what was installed only"
    saying = {n for n, source in sources.items() if re.search(r"Letter(s|Reading)\(own", source)}
    assert saying == {"workflow/lettering/saying.py"}
    walking = {n for n, source in sources.items() if "own_templates(workspace.root" in source}
    assert walking == {"workflow/lettering/sources.py"}
    assert not [n for n, source in sources.items() if 'root / "templates"' in source]


def test_only_excel_knows_openpyxl() -> None:
    users = {room(p) for p in MODULES if any(n.split(".")[0] == "openpyxl" for n in imported(p))}
    assert users <= {"excel.writing", "excel.proof"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_paid_part_of_xlwings_is_never_used(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    dotted = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    aliases = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "xlwings"
    }
    texts_inside = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    if path.name == "standalone.py":  # names it to leave it out
        texts_inside -= {"xlwings.pro"}
    used = imported(path) | dotted | {text for text in texts_inside if " " not in text}
    paid = {"xlwings.pro", *(f"{alias}.pro" for alias in aliases)}
    assert not {name for name in used for one in paid if name == one or name.startswith(one + ".")}


def test_xlwings_has_one_door() -> None:
    """On loading it registers what ends Excels; live/bridge.py takes that out at once."""
    users = {p for p in MODULES if any(n.split(".")[0] == "xlwings" for n in imported(p))}
    assert {str(p.relative_to(PACKAGE)) for p in users} == {"excel/live/bridge.py"}
    opened = {p for p in MODULES if "kamxl.excel.live.bridge" in imported(p)}
    others = {str(p.relative_to(PACKAGE)) for p in opened if p.parent.name != "live"}
    buttons = {f"workflow/buttons/{name}.py" for name in ("desk", "listing", "onscreen")}
    assert others == {*buttons, "excel/addin/interpreter.py"}  # which tells its version


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 450, "split this module"
    assert path.stem not in {"utils", "helpers", "misc", "common"}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_module_and_public_piece_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) or not tree.body, "the module has no docstring"
    kinds = (ast.FunctionDef, ast.ClassDef)
    public = [n for n in tree.body if isinstance(n, kinds) and not n.name.startswith("_")]
    silent = [n.name for n in public if not ast.get_docstring(n) and not n.name.isupper()]
    assert not silent


def test_nothing_of_a_machine_stands_in_the_project() -> None:
    needles = [str(ROOT), str(Path.home())] if len(str(Path.home())) > 1 else [str(ROOT)]
    pattern = re.compile("|".join(rf"{re.escape(needle)}\b" for needle in needles))
    for folder in ("kamxl", "templates", "tests", ".ci"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in {".py", ".toml", ".json", ".md", "", ".sh"}:
                assert not pattern.search(path.read_text(encoding="utf-8")), path


def test_the_languages_have_the_same_texts() -> None:
    keys = {language: set(texts(language)._sources) for language in languages()}
    assert {"de", "en"} <= set(keys)
    for language in languages():
        for key in keys[language]:
            texts(language)._template(key)  # compiled only when used: a slip of the pen shows here
    for language, own in keys.items():
        assert own == keys["en"], f"{language}: {sorted(own ^ keys['en'])[:8]}"


def test_the_version_is_told_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert kamxl.__version__ == project["version"]


# Where a lead's raw number may be read although it may rest on too little, and why.
RAW_LEAD = {
    "kamxl/workflow/shown/json.py": "JSON keeps the number, its basis says whether it counts",
    "kamxl/forms/portfolio/map.py": "who has no comparison at all is named beside the map",
    "kamxl/forms/portfolio/position.py": "evidence, and the height that is drawn hollow",
    "kamxl/forms/scorecard/values.py": "the calculation's own cells, from which the card judges",
}


def test_a_lead_s_raw_number_is_read_where_it_is_said_why() -> None:
    """Everywhere else a ``Lead`` gives points and a verdict, or nothing."""
    reading = {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if "core" not in path.relative_to(PACKAGE).parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and (node.attr == "unjudged" or _averaged_lead(node))
    }
    assert reading == set(RAW_LEAD)


def _averaged_lead(node: ast.Attribute) -> bool:
    """Another way to the same number: ``rival.leads.value``, or one end of their range."""
    of = node.value
    return (
        node.attr in ("value", "own", "low", "high")
        and isinstance(of, ast.Attribute)
        and of.attr == "leads"
    )
