"""What stands beside the cells of a sheet: notes, comment threads, text boxes.

It is somebody's answer as well. But no answer in the cells is lost for it: what cannot be read
here, or is too much, is told apart (``Notes.whole``) and costs only itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from kamxl.excel.reading.limits import MB, Limits, Meter
from kamxl.excel.reading.package import Relationship, relationships, resolve
from kamxl.excel.reading.parts import RichText
from kamxl.excel.reading.xml import Node, main, parse, within
from kamxl.forms.paper.raw import RawNote, place_of

UNREAD = "notes-unread"
MOST = 500  # of one workbook; nobody reads more, and no honest answer has them
LONGEST = 4_000  # letters of one
_ELEMENTS, _TEXT = 100_000, 2 * MB  # of all parts that hold them
_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_SPACES = "http://schemas.openxmlformats.org/"
_THREADS = ("http://schemas.microsoft.com/office/spreadsheet/2018/threadedcomments",)
_SHEET = (
    f"{_SPACES}drawingml/2006/spreadsheetDrawing",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
)
_TEXTS = (f"{_SPACES}drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main")
_CHOICES = (f"{_SPACES}markup-compatibility/2006",)
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
# What Excel writes into the old kind of note for programs that know no threads: after its
# explanation, in any language, stands what was said.
_EXPLAINED = re.compile(r"\A\[.*?linkid=870924\s*", re.DOTALL)
Reader = Callable[[bytes, Meter], list[RawNote]]
_CAPTION = re.compile(r"\A[^\n:：]{1,40}[:：]\s*\n")


class Notes:
    """Reads the notes of one workbook's sheets; ``whole``: nothing had to be left out so far."""

    def __init__(
        self, parts: Mapping[str, bytes], limits: Limits, comments: Reader | None = None
    ) -> None:
        self.whole = True
        self._comments = comments or _comments
        self._parts = parts
        self._meter = Meter(replace(limits, elements=_ELEMENTS, text=_TEXT))
        self._left = MOST

    def of_sheet(self, name: str) -> tuple[RawNote, ...]:
        """The notes of the sheet in this part, in reading order."""
        try:
            links = relationships(self._parts, name, self._meter).values()
        except MemoryError:
            raise
        except Exception:  # no cell needs them
            self.whole = False
            return ()
        threads = self._read(name, links, "threadedComment", _threads)
        told = {(note.row, note.column): note.text for note in threads}
        comments = [
            note
            for note in map(
                _without_explanation, self._read(name, links, "comments", self._comments)
            )
            if note.text and not _repeats(note, threads, told)
        ]
        return self.kept([*threads, *comments, *self._read(name, links, "drawing", _boxes)])

    def kept(self, notes: Iterable[RawNote]) -> tuple[RawNote, ...]:
        """As many as there is room for, in reading order, none longer than it may be."""
        said = (note for note in map(_without_explanation, notes) if note.text)
        found = sorted(said, key=lambda note: (note.row, note.column, note.box))
        self.whole = self.whole and len(found) <= self._left
        found = found[: self._left]
        self._left -= len(found)
        return tuple(cut(note) for note in found)

    def _read(
        self,
        source: str,
        links: Iterable[Relationship],
        kind: str,
        reader: Reader,
    ) -> list[RawNote]:
        found: list[RawNote] = []
        for link in links:
            if link.kind != kind or link.external:
                continue
            try:
                found += reader(self._parts[resolve(self._parts, source, link)], self._meter)
            except MemoryError:
                raise
            except Exception:  # damaged, missing, too much: the cells are read all the same
                self.whole = False
        return found


def cut(note: RawNote) -> RawNote:
    """The note, no longer than one may be."""
    if len(note.text) <= LONGEST:
        return note
    return replace(note, text=note.text[:LONGEST].rstrip() + "…")


def _without_explanation(note: RawNote) -> RawNote:
    if "linkid=870924" not in note.text:
        return note
    said = _CAPTION.sub("", _EXPLAINED.sub("", note.text)).strip()
    return replace(note, text=said)


def _repeats(
    note: RawNote, threads: Iterable[RawNote], told: Mapping[tuple[int, int], str]
) -> bool:
    """Whether a note only says again what the thread at its cell says."""
    if (note.row, note.column) not in told:
        return False
    here = [one.text for one in threads if (one.row, one.column) == (note.row, note.column)]
    return all("".join(text.split()) in "".join(note.text.split()) for text in here)


def _at(reference: str, text: str) -> RawNote:
    text = text.replace("\r\n", "\n").strip()
    place = place_of(reference) if _ADDRESS.fullmatch(reference) else (0, 0)
    return RawNote(text, *place)


def _comments(content: bytes, meter: Meter) -> list[RawNote]:
    found: list[RawNote] = []
    rich, place = RichText(), ""

    def begin(attributes: dict[str, str]) -> None:
        nonlocal place
        place = attributes.get("ref", "")

    def end(_: str) -> None:
        found.append(_at(place, rich.take()[0]))

    comment = Node(main(text=Node(rich.tree())), begin, end)
    inside = Node(main(commentList=Node(main(comment=comment))))
    parse(content, main(comments=inside), meter)
    return found


def _threads(content: bytes, meter: Meter) -> list[RawNote]:
    found: list[RawNote] = []
    place = ""

    def begin(attributes: dict[str, str]) -> None:
        nonlocal place
        place = attributes.get("ref", "")

    def end(text: str) -> None:
        found.append(_at(place, text))

    comment = Node(within(_THREADS, text=Node(end=end, text=True)), begin)
    inside = Node(within(_THREADS, threadedComment=comment))
    parse(content, within(_THREADS, ThreadedComments=inside), meter)
    return [note for note in found if note.text]


def _boxes(content: bytes, meter: Meter) -> list[RawNote]:
    if b"txBody" not in content.replace(b"\0", b""):
        return []
    boxes = _Boxes()
    parse(content, boxes.tree(), meter)
    return boxes.found


class _Boxes:
    """The shapes with text of one drawing; where they begin is said by their anchors."""

    def __init__(self) -> None:
        self.found: list[RawNote] = []
        self._place = {"row": 0, "col": 0}
        self._pieces: list[str] = []
        self._linked = False

    def tree(self) -> dict[str, Node]:
        """What is wanted of a drawing."""
        said = Node(within(_TEXTS, t=Node(end=self._pieces.append, text=True)))
        line = Node(end=self._line)
        paragraph = Node(within(_TEXTS, r=said, fld=said, br=line), end=self._line)
        body = Node(within(_TEXTS, p=paragraph))
        shapes: dict[str, Node] = {}
        shapes |= within(_SHEET, sp=Node(within(_SHEET, txBody=body), self._begin, self._end))
        shapes |= within(_SHEET, grpSp=Node(shapes))  # groups hold groups
        shapes |= _alternatives(shapes)
        begins = {key: Node(end=self._counting(key), text=True) for key in ("row", "col")}
        anchor = Node(
            {**within(_SHEET, **{"from": Node(within(_SHEET, **begins))}), **shapes},
            begin=self._nowhere,
        )
        anchors = within(_SHEET, **dict.fromkeys(_ANCHORS, anchor))
        return within(_SHEET, wsDr=Node({**anchors, **_alternatives(anchors)}))

    def _nowhere(self, _: dict[str, str]) -> None:
        self._place = {"row": 0, "col": 0}

    def _counting(self, key: str) -> Callable[[str], None]:
        def end(text: str) -> None:
            text = text.strip()
            if text.isascii() and text.isdigit() and len(text) < 8:
                self._place[key] = int(text) + 1

        return end

    def _begin(self, attributes: dict[str, str]) -> None:
        self._pieces.clear()
        self._linked = bool(attributes.get("textlink"))  # shows what a cell says

    def _line(self, _: str) -> None:
        self._pieces.append("\n")

    def _end(self, _: str) -> None:
        text = "".join(self._pieces).strip()
        if text and not self._linked:
            self.found.append(RawNote(text, self._place["row"], self._place["col"], box=True))


def _alternatives(inside: Mapping[str, Node]) -> dict[str, Node]:
    """The first of several ways to say the same thing."""
    choice = Node(within(_CHOICES, Choice=Node(inside)))
    return within(_CHOICES, AlternateContent=choice)
