"""The mails to customers: what each may say, by its type, and its wording, from templates.

A template gets one ``letter`` and nothing else, so a mail cannot say what its type does not hold.
A letter is about one card or several of one person. A team's own template that knows of one only
says the same of several: ``segment`` and ``file`` then name all of them, ``rows`` and ``suppliers``
of a thank-you are those of all.
Templates stand in ``templates/mail/<language>/``: ``<kind>.subject.txt``, ``<kind>.txt``,
``<kind>.html``. A team's own ones, in its workspace, come first, file by file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from jinja2.sandbox import SandboxedEnvironment

from kamxl.core.cards.addressing import Addressed
from kamxl.core.method.basis import percent_of
from kamxl.wording.templating import NO_SOURCES, Sources, environment, loader, rendered
from kamxl.wording.texts import templates_folder, texts

PARTS = ("subject.txt", "txt", "html")
LONGEST = 2_000_000  # letters of a part: more than any mail program shows


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the lines of the signature."""

    name: str
    email: str
    phone: str
    company: str
    signature: str = ""
    function: str = ""


@dataclass(frozen=True, slots=True)
class AskedCard:
    """One card that a letter asks for: its segment, and the file as it is attached."""

    segment: str
    file: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """A request to fill in ``cards``: only what its respondent may see.

    ``segment`` and ``file`` are theirs, of several all of them as a sentence names them. ``due``:
    by when all are asked for. ``salutation`` is how the letter begins, without the comma; ``name``
    is her full name. ``profile``: all of them ask for weights and no points, ``mixed``: some do.
    ``test``: it goes to the team itself, and its subject says so, whatever the template says.
    ``keep_years``: how long her answers are kept (None: the team does not say).
    """

    kind = "invitation"
    name: str
    salutation: str
    segment: str
    period: str
    file: str
    due: date | None
    sender: Sender
    test: bool = False
    cards: tuple[AskedCard, ...] = ()
    keep_years: int | None = None
    profile: bool = False
    mixed: bool = False

    @property
    def several(self) -> bool:
        """Whether it asks for more than one card."""
        return len(self.cards) > 1


@dataclass(frozen=True, slots=True)
class Reminder(Invitation):
    """The same request again, to somebody who has not answered."""

    kind = "reminder"


@dataclass(frozen=True, slots=True)
class OurReply(Invitation):
    """What we answer to her answers, one small file for each of her cards: does it fit her?"""

    kind = "reply"


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One requirement as the recipient herself weighted (%) and rated it (points, us first)."""

    number: int
    label: str
    weight: float | None
    ratings: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class SupplierTotal:
    """A supplier's weighted total by the recipient's own answers, what it rests on, and its rank.

    ``coverage``: the share 0..1 of the weights that the total rests on. One alone has no rank.
    """

    name: str
    total: float | None
    rank: int | None
    coverage: float | None = None

    @property
    def percent(self) -> int | None:
        """The coverage in whole per cent."""
        if self.coverage is None or self.total is None:
            return None
        return percent_of(self.coverage)


@dataclass(frozen=True, slots=True)
class SegmentResult:
    """What follows from one answer of the recipient.

    ``suppliers`` are those that were rated, none where she only gave weights; each row has a rating
    for each of them. ``picture``: the content id of the one that is in the mail, "" if none is.
    """

    segment: str
    rows: tuple[ResultRow, ...]
    suppliers: tuple[SupplierTotal, ...]
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Thanks:
    """Thanks for answers, with the recipient's own ``results`` and nobody else's.

    ``rows``, ``suppliers`` and ``picture`` (whether there is one, under ``PICTURE_ID``) are those
    of the one result; of several they are one table of all (``side_by_side``), without a picture.
    """

    kind = "thanks"
    name: str
    salutation: str
    segment: str
    period: str
    rows: tuple[ResultRow, ...]
    suppliers: tuple[SupplierTotal, ...]
    sender: Sender
    picture: bool = False
    results: tuple[SegmentResult, ...] = ()

    @property
    def several(self) -> bool:
        """Whether it thanks for more than one answer."""
        return len(self.results) > 1


PICTURE_ID = "result@kamxl"


def picture_id(number: int) -> str:
    """The content id of the ``number``-th picture of a mail, from 0 on."""
    return PICTURE_ID if not number else PICTURE_ID.replace("@", f"{number + 1}@")


def side_by_side(
    results: Sequence[SegmentResult],
) -> tuple[tuple[ResultRow, ...], tuple[SupplierTotal, ...]]:
    """Several results as one table: the suppliers of each stand beside those of the others.

    Each is named with its segment, and has ratings in the rows of its own segment only: a total
    over several segments would be nobody's.
    """
    if len(results) == 1:
        return results[0].rows, results[0].suppliers
    wide, before = sum(len(one.suppliers) for one in results), 0
    rows: list[ResultRow] = []
    suppliers: list[SupplierTotal] = []
    for one in results:
        after = wide - before - len(one.suppliers)
        for row in one.rows:
            ratings = (None,) * before + row.ratings + (None,) * after
            rows.append(ResultRow(len(rows) + 1, row.label, row.weight, ratings))
        named = (replace(s, name=f"{s.name} ({one.segment})") for s in one.suppliers)
        suppliers += named
        before += len(one.suppliers)
    return tuple(rows), tuple(suppliers)


def listed(names: Sequence[str], language: str) -> str:
    """Names as a sentence lists them: "A", "A und B", "A, B und C"."""
    *first, last = names
    return texts(language)("mail.and", first=", ".join(first), last=last) if first else last


Letter = Invitation | Thanks


@dataclass(frozen=True, slots=True)
class Wording:
    """A mail's texts, rendered: one line, plain text, and HTML."""

    subject: str
    text: str
    html: str


class Letters:
    """Renders letters; ``own`` are a team's templates, looked at first."""

    def __init__(self, own: Sources = NO_SOURCES) -> None:
        self._own = own
        self._environments: dict[str, SandboxedEnvironment] = {}

    def render(self, letter: Letter, language: str) -> Wording:
        """The words of a letter (TemplateError names template, line and variable)."""
        return whole(letter, language, {p: self.part(p, letter, language) for p in PARTS})

    def subject(self, letter: Letter, language: str) -> str:
        """The subject alone of what ``render`` says."""
        return _subject(letter, language, self.part(PARTS[0], letter, language))

    def part(self, part: str, letter: Letter, language: str) -> str:
        """One of the letter's ``PARTS`` as its template says it."""
        name = f"{letter.kind}.{part}"
        own = self._own.text(language, name) is not None
        shelf = f"templates/mail/{language}" if own else "mail/…"
        return rendered(self._environment(language), name, shelf, LONGEST, letter=letter)

    def _environment(self, language: str) -> SandboxedEnvironment:
        if language not in self._environments:
            shelf = _shelf(language)
            own = self._own.speaks(language)
            made = _environment(self._own, language, shelf) if own else _shipped(language, shelf)
            self._environments[language] = made
        return self._environments[language]


def whole(letter: Letter, language: str, parts: Mapping[str, str]) -> Wording:
    """A mail's texts from what its templates say."""
    subject, text, html = (parts[part] for part in PARTS)
    said = _subject(letter, language, subject)
    return Wording(said, text.strip() + "\n", html.strip() + "\n")


def _subject(letter: Letter, language: str, said: str) -> str:
    if isinstance(letter, Invitation) and letter.test:
        said = texts(language)("mail.test_subject", subject=said)
    return " ".join(said.split())


def _shelf(language: str) -> str:
    """The folder of our own templates of a language."""
    shipped = templates_folder() / "mail"
    return str(shipped / (language if (shipped / language).is_dir() else "en"))


@cache
def _shipped(language: str, shelf: str) -> SandboxedEnvironment:
    """Our own templates, compiled once in a process: all three of a letter take a tenth second."""
    return _environment(NO_SOURCES, language, shelf)


def _environment(own: Sources, language: str, shelf: str) -> SandboxedEnvironment:
    found = loader(own, language, [shelf])
    made = environment(found, lambda name: bool(name and name.endswith(".html")))
    made.filters["num"] = lambda value, digits=1: texts(language).number(value, digits)
    made.filters["day"] = lambda value: texts(language).day(value)
    return made


def salutation(whom: Addressed, language: str) -> str:
    """How a letter begins: as the team typed it, else by form, title and name.

    Where neither form nor title is known it names nobody: a full name alone is no salutation.
    """
    said = texts(language)
    if whom.salutation or not whom.name or not (whom.form or whom.title):
        return whom.salutation or said("mail.salutation.nobody")
    how = whom.form or "title"
    return said(f"mail.salutation.{how}", title=whom.title, name=whom.name)
