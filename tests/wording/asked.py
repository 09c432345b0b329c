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
    """Every module of kamxl, and every template that says texts."""
    modules = (_module(path) for path in sorted(PACKAGE.rglob("*.py")))
    return (*modules, *(_template(path) for path in sorted(templates_folder().rglob("*.j2"))))


@cache
def every_word() -> frozenset[str]:
    """All words of the code that may be a part of a key: of texts, enums, fields."""
    return frozenset(word for one in asked() for word in one.words)


def fits(pattern: str, key: str) -> bool:
    """Whether a key is a pattern whose holes are filled with words of the code."""
    if HOLE not in pattern:
        return pattern == key
    expression = "(.*?)".join(re.escape(part) for part in re.split(f"{HOLE}+", pattern))
    found = re.fullmatch(expression, key)
    return found is not None and all(_known(part) for part in found.groups())


def _known(filled: str) -> bool:
    return all(map(_word, filled.split(".")))


@cache
def _word(part: str) -> bool:
    """Whether the code has a word, counted through or not, or puts it together from two."""
    words, bare = every_word(), part.rstrip("0123456789")
    if not bare or bare in words:
        return True
    return any(bare[:at] in words and bare[at:] in words for at in range(2, len(bare) - 1))


def _template(path: Path) -> Asked:
    said = frozenset(re.findall(r'\bt\("([^"]+)"', path.read_text(encoding="utf-8")))
    return Asked(path.name, said, frozenset())


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
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words |= {node.value, node.value.lower(), *node.value.split(".")}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            words |= {node.target.id, node.target.id.lower()}
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            words.add(node.targets[0].id.lower())  # of an enum
        elif isinstance(node, ast.FunctionDef | ast.arg):
            words.add(node.name if isinstance(node, ast.FunctionDef) else node.arg)
        elif isinstance(node, ast.keyword) and node.arg:
            words.add(node.arg)
    return Asked(str(path.relative_to(PACKAGE)), frozenset(keys), frozenset(words))


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
