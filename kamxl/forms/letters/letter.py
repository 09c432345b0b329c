"""The mails to customers: what each may say, by its type, and its wording, from templates.

A template gets one ``letter`` and nothing else, so a mail cannot say what its type does not hold.
Templates stand in ``templates/mail/<language>/``: ``<kind>.subject.txt``, ``<kind>.txt``,
``<kind>.html``. A team's own ones, in its workspace, come first, file by file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2.sandbox import SandboxedEnvironment

from kamxl.core.cards.addressing import Addressed
from kamxl.core.method.basis import percent_of
from kamxl.wording.templating import environment, rendered
from kamxl.wording.texts import templates_folder, texts

_PARTS = ("subject.txt", "txt", "html")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the lines of the signature."""

    name: str
    email: str
    phone: str
    company: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A request to fill in a card: only what its respondent may see. ``file`` is attached.

    ``salutation`` is how the letter begins, without the comma; ``name`` is her full name.
    ``test``: it goes to the team itself, and its subject says so, whatever the template says.
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


@dataclass(frozen=True, slots=True)
class Reminder(Invitation):
    """The same request again, to somebody who has not answered."""

    kind = "reminder"


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
class Thanks:
    """Thanks for an answer, with the recipient's own result and nobody else's.

    ``suppliers`` are those that were rated, none where she only gave weights; each row has a rating
    for each of them.
    ``picture``: whether one is attached, under the content id ``PICTURE_ID``.
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


PICTURE_ID = "result@kamxl"
Letter = Invitation | Thanks


@dataclass(frozen=True, slots=True)
class Wording:
    """A mail's texts, rendered: one line, plain text, and HTML."""

    subject: str
    text: str
    html: str


class Letters:
    """Renders letters; ``own`` is a team's folder of templates, looked at first."""

    def __init__(self, own: Path | None = None) -> None:
        self._own = own
        self._environments: dict[str, SandboxedEnvironment] = {}

    def render(self, letter: Letter, language: str) -> Wording:
        """The words of a letter (TemplateError names template, line and variable)."""
        subject, text, html = (self._part(f"{letter.kind}.{p}", letter, language) for p in _PARTS)
        if isinstance(letter, Invitation) and letter.test:
            subject = texts(language)("mail.test_subject", subject=subject)
        return Wording(" ".join(subject.split()), text.strip() + "\n", html.strip() + "\n")

    def _part(self, name: str, letter: Letter, language: str) -> str:
        return rendered(self._environment(language), name, "mail/…", letter=letter)

    def _environment(self, language: str) -> SandboxedEnvironment:
        if language not in self._environments:
            self._environments[language] = _environment(self._folders(language), language)
        return self._environments[language]

    def _folders(self, language: str) -> list[str]:
        shipped = templates_folder() / "mail"
        spoken = language if (shipped / language).is_dir() else "en"
        own = [self._own / language] if self._own else []
        return [str(folder) for folder in (*own, shipped / spoken)]


def _environment(folders: list[str], language: str) -> SandboxedEnvironment:
    made = environment(folders, lambda name: bool(name and name.endswith(".html")))
    speech = texts(language)
    made.filters["num"] = speech.number
    made.filters["day"] = speech.day
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
