"""A page taken apart by a strict reader: its tags, their attributes, its texts, its tables."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser

from kamxl.wording.texts import templates_folder

VOID = {"meta", "input"}
_TAGS = (
    "html head meta title style body header main footer nav section div p span h1 h2 h3 a ul li "
    "dl dt dd table thead tbody tr th td details summary svg rect g path text circle figure "
    "template label input select option script"
)
_ATTRIBUTES = (
    "lang charset name content http-equiv class id href scope style viewbox role aria-label x y "
    "width height fill fill-opacity stroke stroke-width stroke-dasharray d font-size font-weight "
    "text-anchor transform cx cy r dx data-key data-in data-v data-said tabindex hidden type "
    "autocomplete value"
)
# A place in the portfolio's workbook, a file of the workspace, a part of the page: nowhere else.
_HREF = re.compile(
    r"#[a-z_-]+|Portfolio[\w%.-]*\.xlsx#[\w%.~-]+![A-Z]+\d+"
    r"|(inbox|plans)/[\w%./~-]+(#[\w%.~-]+![\w%.~-]+)?"
)
SCRIPT = (templates_folder() / "report" / "portfolio.js").read_text(encoding="utf-8")
TAGS, ATTRIBUTES = set(_TAGS.split()), set(_ATTRIBUTES.split())


@dataclass
class Table:
    """A table of the page: in which section it stands, its titles and its rows."""

    section: str
    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


class Reader(HTMLParser):
    """Reads one page; AssertionError: a tag is not closed, or closed where it was not opened."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tables: list[Table] = []
        self.texts: list[tuple[str, str]] = []  # (innermost tag, text)
        self.comments: list[str] = []
        self.declared: list[str] = []
        self._section = ""
        self._cell: list[str] | None = None
        self.feed(data.decode("utf-8"))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag} has an attribute twice"
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self._section = dict(attrs).get("id") or dict(attrs).get("class") or ""
        elif tag == "table":
            self.tables.append(Table(self._section))
        elif tag == "tr" and "tbody" in self.open:
            self.tables[-1].rows.append([])
        elif tag in ("td", "th"):
            self._cell = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise AssertionError(f"<{tag}/> is no HTML")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes something else"
        if tag in ("td", "th") and self._cell is not None:
            text = "".join(self._cell)
            place = self.tables[-1].heads if tag == "th" else self.tables[-1].rows[-1]
            place.append(text.replace("\n(", " (") if tag == "th" else text)
            self._cell = None

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))
        if self._cell is not None:
            self._cell.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_decl(self, decl: str) -> None:
        self.declared.append(decl)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"<![{data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"<?{data}")

    @property
    def text(self) -> str:
        """All that people read."""
        return "".join(data for tag, data in self.texts if tag not in ("style", "script"))

    def rows_of(self, section: str, heads: list[str]) -> list[list[str]]:
        """The records of a section's table with these titles, folded ones included."""
        found = [t for t in self.tables if t.section == section and t.heads == heads]
        return [row for table in found for row in table.rows]


def assert_harmless(page: Reader) -> None:
    """Nothing in the page runs, loads, sends or leads anywhere; every tag is the template's."""
    assert page.declared == ["DOCTYPE html"]
    assert page.comments == []
    assert set(page.tags) <= TAGS, set(page.tags) - TAGS
    for tag, name, value in page.attributes:
        assert name in ATTRIBUTES, (tag, name)
        assert not name.startswith("on")
        if name == "href":
            assert _HREF.fullmatch(value), value
            assert ".." not in value.split("/")
        if name == "style":
            assert value.startswith("width:"), value
            assert value.endswith("%"), value
        if tag != "meta" and name not in ("aria-label", "href"):  # a link's shape is held above
            assert "javascript" not in value.casefold(), (tag, name, value)
            assert "://" not in value
            assert "url(" not in value
    styles = "".join(data for tag, data in page.texts if tag == "style")
    for word in ("url(", "@import", "expression", "<", "://"):
        assert word not in styles
    policy = [value for tag, name, value in page.attributes if value.startswith("default-src")]
    # One script runs, which is ours to the letter.
    assert "".join(data for tag, data in page.texts if tag == "script") == SCRIPT
    assert page.tags.count("script") == 1
    digest = b64encode(sha256(SCRIPT.encode()).digest()).decode()
    assert policy == [
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    ]
