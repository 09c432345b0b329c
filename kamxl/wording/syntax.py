"""What a template says, read from its syntax tree: its own words, and the values it names.

This is no second renderer. It knows the few constructs of which our texts and mails are made and
no function that renders them, so what was rendered can be held against it. A team's own template
may use more: that is beyond it, and said so.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import date
from typing import Any

from jinja2 import nodes

from kamxl.wording.manner import ENGLISH, Manner


class BeyondError(ValueError):
    """A template does something that is not read here."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How a language writes the values that its templates name."""

    manner: Manner = ENGLISH

    def written(self, name: str, value: Any, arguments: Sequence[Any]) -> str:
        """A value as the filter ``name`` of our templates writes it."""
        if name == "day":
            return self.manner.day(value) if isinstance(value, date) else ""
        if name == "shortest":
            return self.manner.shortest(value)
        if name != "num":
            raise BeyondError(f"the filter {name!r}")
        return self.manner.number(value, *arguments[:1])

    def filters(self) -> dict[str, Callable[..., str]]:
        """Our filters, for a template that Jinja2 has to say."""
        return {
            name: lambda value, *arguments, name=name: self.written(name, value, arguments)
            for name in ("num", "day", "shortest")
        }


_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "gteq": operator.ge,
    "lt": operator.lt,
    "lteq": operator.le,
}
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"})


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads one template; ``html``: values are written as markup needs it."""

    speech: Speech
    html: bool = False

    def of(self, tree: nodes.Template, values: Mapping[str, Any]) -> str:
        """All that the template says with these values (BeyondError)."""
        told: list[str] = []
        self._body(tree.body, values, told)
        return "".join(told)

    def _body(self, body: Sequence[nodes.Node], values: Mapping[str, Any], told: list[str]) -> None:
        """Put what a part of a template says behind what is ``told`` already."""
        for node in body:
            if isinstance(node, nodes.Output):
                told += [self._said(one, values) for one in node.nodes]
            elif isinstance(node, nodes.If):
                self._choice(node, values, told)
            elif isinstance(node, nodes.For):
                self._each(node, values, told)
            else:
                raise BeyondError(type(node).__name__)

    def _said(self, node: nodes.Expr, values: Mapping[str, Any]) -> str:
        if isinstance(node, nodes.TemplateData):
            return node.data
        text = str(self._value(node, values))
        return text.translate(_MARKUP) if self.html else text

    def _choice(self, node: nodes.If, values: Mapping[str, Any], told: list[str]) -> None:
        for one in (node, *node.elif_):
            if self._value(one.test, values):
                self._body(one.body, values, told)
                return
        self._body(node.else_, values, told)

    def _each(self, node: nodes.For, values: Mapping[str, Any], told: list[str]) -> None:
        if node.test or node.recursive or node.else_ or not isinstance(node.target, nodes.Name):
            raise BeyondError("a loop of another kind")
        every = self._value(node.iter, values)
        for at, one in enumerate(every):
            loop = {
                "index": at + 1, "index0": at, "first": not at, "last": at == len(every) - 1,
            }  # fmt: skip
            self._body(node.body, {**values, node.target.name: one, "loop": loop}, told)

    def _value(self, node: nodes.Node, values: Mapping[str, Any]) -> Any:
        read = _READ.get(type(node))
        if read is None:
            raise BeyondError(type(node).__name__)
        return read(self, node, values)

    def _filter(self, node: nodes.Filter, values: Mapping[str, Any]) -> Any:
        if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise BeyondError("a filter of another kind")
        arguments = [self._value(one, values) for one in node.args]
        if node.name == "length" and not arguments:
            return len(self._value(node.node, values))
        return self.speech.written(node.name, self._value(node.node, values), arguments)

    def _compare(self, node: nodes.Compare, values: Mapping[str, Any]) -> bool:
        if len(node.ops) != 1 or node.ops[0].op not in _COMPARED:
            raise BeyondError("a comparison of another kind")
        left, right = (self._value(n, values) for n in (node.expr, node.ops[0].expr))
        return _COMPARED[node.ops[0].op](left, right)

    def _choose(self, node: nodes.CondExpr, values: Mapping[str, Any]) -> Any:
        if self._value(node.test, values):
            return self._value(node.expr1, values)
        return "" if node.expr2 is None else self._value(node.expr2, values)

    def _both(self, node: nodes.BinExpr, values: Mapping[str, Any]) -> Any:
        return _PAIRS[type(node)](self._value(node.left, values), self._value(node.right, values))

    def _tested(self, node: nodes.Test, values: Mapping[str, Any]) -> bool:
        if node.name != "none" or node.args:
            raise BeyondError(f"the test {node.name!r}")
        return self._value(node.node, values) is None

    def _or(self, node: nodes.Or, values: Mapping[str, Any]) -> Any:
        return self._value(node.left, values) or self._value(node.right, values)

    def _and(self, node: nodes.And, values: Mapping[str, Any]) -> Any:
        return self._value(node.left, values) and self._value(node.right, values)

    def _joined(self, node: nodes.Concat, values: Mapping[str, Any]) -> str:
        return "".join(str(self._value(one, values)) for one in node.nodes)

    def _listed(self, node: nodes.List | nodes.Tuple, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(self._value(one, values) for one in node.items)

    def _item(self, node: nodes.Getitem, values: Mapping[str, Any]) -> Any:
        holder, key = self._value(node.node, values), self._value(node.arg, values)
        if (
            isinstance(holder, list | tuple)
            and isinstance(key, int)
            and -len(holder) <= key < len(holder)
        ):
            return holder[key]
        raise BeyondError("a look-up of another kind")

    def _field(self, node: nodes.Getattr, values: Mapping[str, Any]) -> Any:
        holder = self._value(node.node, values)
        if isinstance(holder, dict) and node.attr in holder:
            return holder[node.attr]
        if not is_dataclass(holder) or not hasattr(holder, node.attr):
            raise BeyondError(f"{node.attr!r} is no field")
        return getattr(holder, node.attr)


def _name(_: Reading, node: nodes.Name, values: Mapping[str, Any]) -> Any:
    if node.name not in values:
        raise BeyondError(f"{node.name!r} is not given")
    return values[node.name]


_PAIRS: dict[type[nodes.Node], Callable[[Any, Any], Any]] = {
    nodes.Add: operator.add,
    nodes.Sub: operator.sub,
    nodes.Mod: operator.mod,
}
_READ: dict[type[nodes.Node], Callable[..., Any]] = {
    nodes.Const: lambda _, node, __: node.value,
    nodes.Name: _name,
    nodes.Getattr: Reading._field,
    nodes.Getitem: Reading._item,
    nodes.Filter: Reading._filter,
    nodes.Compare: Reading._compare,
    nodes.Test: Reading._tested,
    nodes.CondExpr: Reading._choose,
    nodes.Or: Reading._or,
    nodes.And: Reading._and,
    nodes.Not: lambda reading, node, values: not reading._value(node.node, values),
    nodes.Concat: Reading._joined,
    nodes.List: Reading._listed,
    nodes.Tuple: Reading._listed,
    **dict.fromkeys(_PAIRS, Reading._both),
}
