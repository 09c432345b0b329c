"""The small parts of a workbook: shared strings, number formats, properties, and what to flag."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kamxl.excel.reading.alike import Alike
from kamxl.excel.reading.limits import Meter, unreadable
from kamxl.excel.reading.package import read_relationships
from kamxl.excel.reading.xml import Node, main, parse, unescape, within

_CORE = (
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "http://purl.oclc.org/ooxml/package/metadata/core-properties",
)
_TERMS = ("http://purl.org/dc/terms/",)
_ODF = ("urn:oasis:names:tc:opendocument:xmlns:office:1.0",)
_DC = ("http://purl.org/dc/elements/1.1/",)
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?")
_EARLIEST = 1990  # no workbook was saved before

NO_SENTENCE = 60  # letters: what is longer is no number, date or name

# The formats a file uses by number alone. 27-36 and 50-58 are dates of East Asian editions.
BUILTIN: dict[int, str] = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    **dict.fromkeys((*range(27, 37), *range(50, 59)), "mm-dd-yy"),
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}


def is_true(text: str) -> bool:
    """What XML calls true: "true" or "1"."""
    return text.strip().lower() in ("true", "1")


class RichText:
    """Collects the text of a string, itself or in runs; phonetic readings are left out.

    ``take`` gives it with whether it is struck out; None: as its cell is.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._struck: list[bool | None] = []  # of the runs that show something
        self._run: bool | None = None

    def tree(self) -> dict[str, Node]:
        """What is wanted of a string."""
        plain = Node(end=self._pieces.append, text=True)
        looks = Node(main(strike=Node(begin=self._strike)), begin=self._look)
        run = main(t=Node(end=self._piece, text=True), rPr=looks)
        return main(t=plain, r=Node(run, begin=self._begin))

    def take(self) -> tuple[str, bool | None]:
        """The text so far, and nothing is left."""
        text = unescape("".join(self._pieces))
        self._pieces.clear()
        if not self._struck:
            return text, None
        runs, self._struck = self._struck, []
        return text, struck_of(text, runs)

    def _begin(self, _: dict[str, str]) -> None:
        self._run = None

    def _look(self, _: dict[str, str]) -> None:
        self._run = False  # a run that has looks of its own is struck only if they say so

    def _strike(self, attributes: dict[str, str]) -> None:
        self._run = is_true(attributes.get("val", "1"))

    def _piece(self, text: str) -> None:
        self._pieces.append(text)
        if text.strip():
            self._struck.append(self._run)


def struck_of(text: str, runs: list[bool | None]) -> bool | None:
    """Whether a text is struck out, by its runs; None: as its cell is.

    In what may be a number every struck sign counts; of a sentence, all of it has to be.
    """
    if True in runs:
        return len(text) <= NO_SENTENCE or all(run is True for run in runs)
    return None if None in runs else False


@dataclass(frozen=True, slots=True)
class Strings:
    """The texts that cells point to by their position; ``struck``: those that say so themselves."""

    texts: list[str] = field(default_factory=list)
    struck: dict[int, bool] = field(default_factory=dict)

    @property
    def blank(self) -> frozenset[int]:
        """The positions of texts without letters."""
        if "" not in self.texts:
            return frozenset()
        return frozenset(at for at, text in enumerate(self.texts) if not text)


def shared_strings(content: bytes | None, meter: Meter) -> Strings:
    """The texts cells point to by their position."""
    strings, rich = Strings(), RichText()

    def end(_: str) -> None:
        meter.count_string()
        text, struck = rich.take()
        if struck is not None:
            strings.struck[len(strings.texts)] = struck
        strings.texts.append(text)

    if content is not None:
        parse(content, main(sst=Node(main(si=Node(rich.tree(), end=end)))), meter)
    return strings


def cell_styles(content: bytes | None, meter: Meter) -> Mapping[str, tuple[str, bool]]:
    """Format code and whether it strikes out, by the style index as a cell spells it."""
    return {"0": ("General", False)} if content is None else _styles(content, meter)


@Alike
def _styles(content: bytes, meter: Meter) -> dict[str, tuple[str, bool]]:
    own: dict[str, str] = {}
    used: list[tuple[str, str]] = []
    fonts: list[bool] = []

    def declare(attributes: dict[str, str]) -> None:
        key, code = attributes.get("numFmtId", ""), unescape(attributes.get("formatCode", ""))
        if own.setdefault(key, code) != code:
            raise unreadable("number-format", key)

    def use(attributes: dict[str, str]) -> None:
        used.append((attributes.get("numFmtId", "0"), attributes.get("fontId", "0")))

    def begin_font(_: dict[str, str]) -> None:
        fonts.append(False)

    def strike(attributes: dict[str, str]) -> None:
        fonts[-1] = is_true(attributes.get("val", "1"))

    formats, styles = Node(main(numFmt=Node(begin=declare))), Node(main(xf=Node(begin=use)))
    font = Node(main(strike=Node(begin=strike)), begin=begin_font)
    tree = main(numFmts=formats, fonts=Node(main(font=font)), cellXfs=styles)
    parse(content, main(styleSheet=Node(tree)), meter)
    known = {str(key): code for key, code in BUILTIN.items()} | own
    struck = {str(index) for index, is_struck in enumerate(fonts) if is_struck}
    return {
        str(index): (known.get(key) or "General", look in struck)
        for index, (key, look) in enumerate(used or [("0", "0")])
    }


def modified(content: bytes | None, meter: Meter) -> datetime | None:
    """When the workbook was last saved, if its properties say so in a way one can read."""
    found: list[str] = []
    node = within(_TERMS, modified=Node(end=found.append, text=True))
    return _time(content, within(_CORE, coreProperties=Node(node)), found, meter)


def saved_as_ods(content: bytes | None, meter: Meter) -> datetime | None:
    """The same of an OpenDocument's meta.xml."""
    found: list[str] = []
    node = within(_DC, date=Node(end=found.append, text=True))
    meta = within(_ODF, meta=Node(node))
    return _time(content, within(_ODF, **{"document-meta": Node(meta)}), found, meter)


def _time(
    content: bytes | None, root: dict[str, Node], found: list[str], meter: Meter
) -> datetime | None:
    if content is None:
        return None
    try:
        parse(content, root, meter)
        text = re.sub(r"(\.\d{6})\d+", r"\1", found[0].strip()) if found else ""
        if _TIME.fullmatch(text) is None:
            return None
        return when(datetime.fromisoformat(text))
    except MemoryError:
        raise
    except Exception:  # a date is a help, never a reason to lose a reply
        return None


def when(saved: datetime) -> datetime | None:
    """When a workbook was saved; None: none was then, it is a program's word for not knowing."""
    time = (saved if saved.tzinfo else saved.replace(tzinfo=UTC)).astimezone(UTC)
    return time if time.year >= _EARLIEST else None


_NOTES = re.compile(r"xl/(?:comments/?|threadedcomments/)[^/]*\.xml")


def flags(parts: Mapping[str, bytes], meter: Meter) -> frozenset[str]:
    """What a workbook carries beside its cells; all of it is seen and left alone."""
    seen: set[str] = set()
    for name, content in parts.items():
        if name.endswith("vbaproject.bin") or "macrosheets/" in name:
            seen.add("macros")
        elif "/embeddings/" in name or "/activex/" in name or "oleobject" in name:
            seen.add("ole-objects")
        elif "externallinks/" in name:
            seen.add("external-links")
            if b"ddeLink" in content.replace(b"\0", b""):
                seen.add("ole-objects")
        elif _NOTES.fullmatch(name):
            seen.add("notes")
        if name.endswith(".rels"):
            plain = content.replace(b"\0", b"")
            if b"xternal" in plain or b"&#" in plain:  # or it is spelled in character references
                seen |= _flags_of_links(content, meter)
    return frozenset(seen)


def _flags_of_links(content: bytes, meter: Meter) -> set[str]:
    links = [link for link in read_relationships(content, meter).values() if link.external]
    seen = {"ole-objects" for link in links if link.kind in ("oleObject", "package")}
    if any(link.kind != "hyperlink" for link in links):
        seen.add("external-links")
    return seen
