"""Which texts the code asks for, read from its source: whole keys, and keys with holes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kamxl.wording.texts import templates_folder

PACKAGE = Path(__file__).resolve().parents[2] / "kamxl"
HOLE = "\0"  # what is only known when it runs


@dataclass(frozen=True)
class Asked:
    """What stands in one file: ``keys`` may have holes; ``words`` are what may fill them."""

    where: str
    keys: frozenset[str]
    words: frozenset[str]


@cache
def asked() -> tuple[Asked, ...]:
    """Every module of kamxl, every template that says texts, and the ribbon."""
    modules = (_module(path) for path in sorted(PACKAGE.rglob("*.py")))
    templates = (_template(path) for path in sorted(templates_folder().rglob("*.j2")))
    return (*modules, *templates, _ribbon())


@cache
def used(key: str) -> bool:
    """Whether the code asks for a key, as far as its source tells."""
    whole, holed = _patterns()
    if key in whole:
        return True
    parent, _, last = key.rpartition(".")
    if parent in whole and _word(last):  # a choice: its table is named, and its codes
        return True
    return any(all(map(_known, found.groups())) for one in holed if (found := one.fullmatch(key)))


def fits(pattern: str, key: str) -> bool:
    """Whether a key is a pattern whose holes are filled with words of the code."""
    found = _expression(pattern).fullmatch(key)
    return found is not None and all(map(_known, found.groups()))


@cache
def _patterns() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    every = {key for one in asked() for key in one.keys if key.strip(HOLE + ".")}
    holed = (key for key in every if HOLE in key and "." in key)
    return frozenset(k for k in every if HOLE not in k), tuple(map(_expression, sorted(holed)))


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(re.escape(part) for part in re.split(f"{HOLE}+", pattern)))


@cache
def _words() -> frozenset[str]:
    """All words of the code that may be a part of a key: of texts, enums, fields."""
    return frozenset(word for one in asked() for word in one.words)


def _known(filled: str) -> bool:
    return all(map(_word, filled.split(".")))


@cache
def _word(part: str) -> bool:
    """Whether the code has a word, counted through or not, or puts it together from two."""
    words, bare = _words(), part.rstrip("0123456789")
    if not bare or bare in words:
        return True
    return any(bare[:at] in words and bare[at:] in words for at in range(2, len(bare) - 1))


def _template(path: Path) -> Asked:
    said = frozenset(re.findall(r'\bt\("([^"]+)"', path.read_text(encoding="utf-8")))
    return Asked(path.name, said, frozenset())


def _ribbon() -> Asked:
    folder = PACKAGE / "excel" / "addin"
    files = sorted((folder / "vba").glob("*.bas"))
    basic = "\n".join(path.read_text(encoding="ascii") for path in files)
    drawn = (folder / "parts" / "customUI" / "customUI14.xml").read_text(encoding="utf-8")
    keys = {f"ribbon.{HOLE}{end}" for end in re.findall(r'control\.ID & "(\.\w+)"', basic)}
    keys |= {f"ribbon.{key}" for key in re.findall(r'KamxlText\("([\w.]+)"\)', basic)}
    keys |= {f"ribbon.{key}{HOLE}" for key in re.findall(r'KamxlText\("([\w.]+)" &', basic)}
    words = {*re.findall(r'\bid="(\w+)"', drawn), *re.findall(r'"(\w+)"', basic)}
    return Asked("ribbon", frozenset(keys), frozenset(words))


def _module(path: Path) -> Asked:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = dict(_constants(tree))
    keys, words = set(), set()
    pieces = {id(piece) for node in ast.walk(tree) for piece in _pieces(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) and id(node) not in pieces:
            said = _text(node, names)
            if said is not None and re.fullmatch(rf"[\w.{HOLE}-]+", said):
                keys.add(said)
        match node:  # a text of a declared table, of whatever table
            case ast.Call(func=ast.Attribute(attr="text"), args=[_, name]):
                keys.add(f"{HOLE}.{_text(name, names) or HOLE}")
        words |= _named(node)
    return Asked(str(path.relative_to(PACKAGE)), frozenset(keys), frozenset(words))


def _named(node: ast.AST) -> set[str]:
    """The words that a piece of code brings: texts, names of fields and of enums' members."""
    match node:
        case ast.Constant(value=str(value)):
            return {value, value.lower(), *value.split(".")}
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name), *_]):
            return {name, name.lower()}
        case ast.FunctionDef(name=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
            return {name}
    return set()


def _pieces(node: ast.AST) -> Iterator[ast.AST]:
    """What is only a part of a text."""
    if isinstance(node, ast.JoinedStr):
        yield from node.values
        yield from (piece.value for piece in node.values if isinstance(piece, ast.FormattedValue))
    elif isinstance(node, ast.BinOp):
        yield from (node.left, node.right)


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            said = _text(node.value, known)
            if said is not None:
                known[node.targets[0].id] = said
                yield node.targets[0].id, said


def _text(node: ast.expr, names: dict[str, str]) -> str | None:
    """A text with holes where it is not known; None: it is no text at all."""
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.JoinedStr(values=values):
            return "".join(_text(value, names) or HOLE for value in values)
        case ast.FormattedValue(value=value):
            return _text(value, names) or HOLE
        case ast.Name(id=name):
            return names.get(name)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            sides = _text(left, names), _text(right, names)
            return None if sides == (None, None) else "".join(side or HOLE for side in sides)
    return None
