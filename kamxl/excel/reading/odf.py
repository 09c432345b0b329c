"""OpenDocument's words: its namespaces, the looks of its cells, its lines of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kamxl.excel.reading.limits import Meter, unreadable
from kamxl.excel.reading.parts import NO_SENTENCE
from kamxl.excel.reading.xml import Node, parse, within

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TABLE, TEXT, DRAW = (
    (f"{_URN}{name}:1.0",) for name in ("office", "table", "text", "drawing")
)
_STYLE, _NUMBER = (f"{_URN}style:1.0",), (f"{_URN}datastyle:1.0",)
_PARENTS = 50  # styles that follow from one another
_MOST_DIGITS = 20  # that a format may ask for
_MOST_SPACES = 10_000  # that one element may stand for
_BLANKS = re.compile(r" *[\t\r\n][ \t\r\n]*")  # what only makes the file easier to look at
_KINDS = ("number", "percentage", "currency", "date", "time", "boolean", "text")
_DAYS = {"date": "yyyy-mm-dd", "time": "h:mm:ss"}


def of(space: tuple[str, ...], attributes: Mapping[str, str], name: str, default: str = "") -> str:
    """An attribute in a namespace."""
    return attributes.get(f"{space[0]} {name}", default)


@dataclass(slots=True)
class _Style:
    parent: str = ""
    format: str = ""  # the name of a data style
    struck: bool | None = None


@dataclass(slots=True)
class Styles:
    """How cells and runs of text look, by the names of their styles."""

    cells: dict[str, _Style] = field(default_factory=dict)
    runs: dict[str, _Style] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    _known: dict[str, tuple[str, bool]] = field(default_factory=dict)
    _now: _Style | None = None

    def look(self, name: str) -> tuple[str, bool]:
        """Format code and whether it strikes out; what is not there looks like nothing special."""
        if name not in self._known:
            code, struck = "", None
            for style in self._line(self.cells, name):
                code = code or self.formats.get(style.format, "")
                struck = style.struck if struck is None else struck
            self._known[name] = (code or "General", bool(struck))
        return self._known[name]

    def strikes(self, name: str) -> bool:
        """Whether a run of text is struck out."""
        return next((s.struck for s in self._line(self.runs, name) if s.struck is not None), False)

    def _line(self, styles: Mapping[str, _Style], name: str) -> list[_Style]:
        found: list[_Style] = []
        while name in styles and len(found) < _PARENTS:
            found.append(styles[name])
            name = styles[name].parent
        return found

    def tree(self) -> dict[str, Node]:
        """What is wanted of a list of styles."""
        looks = within(_STYLE, **{"text-properties": Node(begin=self._looks)})
        data = {
            name: node
            for kind in _KINDS
            for name, node in within(_NUMBER, **{f"{kind}-style": self._data(kind)}).items()
        }
        return {**within(_STYLE, style=Node(looks, begin=self._begin)), **data}

    def _begin(self, attributes: dict[str, str]) -> None:
        family = of(_STYLE, attributes, "family")
        self._now = _Style(
            of(_STYLE, attributes, "parent-style-name"), of(_STYLE, attributes, "data-style-name")
        )
        if family in ("table-cell", "text"):
            styles = self.cells if family == "table-cell" else self.runs
            styles[of(_STYLE, attributes, "name")] = self._now

    def _looks(self, attributes: dict[str, str]) -> None:
        said = {of(_STYLE, attributes, f"text-line-through-{word}") for word in ("style", "type")}
        if self._now is not None and said != {""}:
            self._now.struck = "none" not in said

    def _data(self, kind: str) -> Node:
        pieces: list[str] = []
        name = ""

        def begin(attributes: dict[str, str]) -> None:
            nonlocal name
            name = of(_STYLE, attributes, "name")
            pieces.clear()

        def digits(attributes: dict[str, str]) -> None:
            whole = _count(of(_NUMBER, attributes, "min-integer-digits", "1"))
            behind = _count(of(_NUMBER, attributes, "decimal-places", "0"))
            grouped = of(_NUMBER, attributes, "grouping") == "true"
            pieces.append(("#,##" if grouped else "") + "0" * whole + "." * bool(behind))
            pieces.append("0" * behind)

        def literal(text: str) -> None:
            if text:
                sign = kind == "percentage" and text.strip() == "%"
                pieces.append("%" if sign else '"' + text.replace('"', "") + '"')

        def end(_: str) -> None:
            code = _DAYS.get(kind) or ("@" if kind == "text" else "".join(pieces))
            if kind == "percentage" and "%" not in code:
                code += "%"
            self.formats[name] = "General" if code in ("", "0") and kind != "text" else code

        inside = within(_NUMBER, number=Node(begin=digits), text=Node(end=literal, text=True))
        return Node(inside, begin, end)


def _count(text: str) -> int:
    return min(int(text), _MOST_DIGITS) if text.isascii() and text.isdigit() else 0


def read_styles(content: bytes | None, styles: Styles, meter: Meter) -> None:
    """The common styles, from styles.xml."""
    if content is not None:
        lists = Node(styles.tree())
        inside = within(OFFICE, styles=lists, **{"automatic-styles": lists})
        parse(content, within(OFFICE, **{"document-styles": Node(inside)}), meter)


class Lines:
    """Collects lines of text with all that may stand in them."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._pieces: list[str] = []
        self._lines: list[str] = []
        self._spaces = 0
        self._struck = False

    def tree(self) -> dict[str, Node]:
        """What is wanted of what holds lines; lists of them as well."""
        inside: dict[str, Node] = {}
        flow = Node(inside, end=self._add, text=True)
        inside |= within(
            TEXT,
            span=Node(inside, begin=self._run, end=self._add, text=True),
            s=Node(begin=self._count, end=self._blank, text=True),
            tab=Node(end=self._with("\t"), text=True),
            a=flow,
            **{"line-break": Node(end=self._with("\n"), text=True), "ruby-base": flow},
        )
        inside |= within(TEXT, ruby=Node(inside, end=self._add, text=True))
        line = Node(inside, end=self._end, text=True)
        item: dict[str, Node] = {}
        listed = Node(within(TEXT, **{"list-item": Node(item)}))
        item |= within(TEXT, p=line, h=line, list=listed)
        return dict(item)

    def take(self) -> tuple[str, bool]:
        """The text so far, and whether it is struck out; nothing is left."""
        text, struck = "\n".join(self._lines), self._struck
        self._lines, self._struck = [], False
        return text, struck and len(text) <= NO_SENTENCE

    def _run(self, attributes: dict[str, str]) -> None:
        self._struck = self._struck or self._styles.strikes(of(TEXT, attributes, "style-name"))

    def _count(self, attributes: dict[str, str]) -> None:
        text = of(TEXT, attributes, "c", "1")
        self._spaces = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
        if self._spaces > _MOST_SPACES:
            raise unreadable("repeat", text)

    def _add(self, text: str) -> None:
        self._pieces.append(_BLANKS.sub(" ", text))

    def _blank(self, text: str) -> None:
        self._with(" " * self._spaces)(text)

    def _with(self, sign: str) -> Callable[[str], None]:
        def end(text: str) -> None:
            self._add(text)  # what stood before it in the line
            self._pieces.append(sign)

        return end

    def _end(self, text: str) -> None:
        self._add(text)
        self._lines.append("".join(self._pieces))
        self._pieces.clear()
