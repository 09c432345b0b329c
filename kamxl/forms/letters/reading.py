"""What a letter's templates say, stated apart from ``letters``, so that a mail can be held to it.

The templates are found and read here; nothing of what renders mails is used. A team's own template
that does more than ours (macros, other filters) is given to Jinja2 itself, with nothing but the
letter and filters of this page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import StrictUndefined, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.loaders import FileSystemLoader
from jinja2.meta import find_referenced_templates
from jinja2.sandbox import SandboxedEnvironment

from kamxl.core.cards.addressing import Addressed
from kamxl.forms.letters.letter import Letter, Wording
from kamxl.wording.syntax import BeyondError, Reading, Speech
from kamxl.wording.texts import templates_folder, texts

PARTS = ("subject.txt", "txt", "html")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the templates of one language stand: the team's own first, file by file."""

    own: Path | None
    language: str

    @property
    def folders(self) -> tuple[Path, ...]:
        shipped = templates_folder() / "mail"
        spoken = self.language if (shipped / self.language).is_dir() else "en"
        own = (self.own / self.language,) if self.own else ()
        return (*own, shipped / spoken)

    def file(self, name: str) -> Path | None:
        """The template that counts."""
        return next((f / name for f in self.folders if (f / name).is_file()), None)

    def own_files(self, name: str) -> list[Path]:
        """The team's own files of which a template is made: itself, and what it includes."""
        if not self.own or not (self.own / self.language).is_dir():
            return []
        folder, reader = self.own / self.language, _environment((), Speech())
        wanted, found = [name], dict[str, Path | None]()
        while wanted:
            one = wanted.pop()
            path = found[one] = self.file(one)
            referred = _referred(reader, path) if path else []
            if None in referred:  # a name that is made up: it may be any
                referred += sorted(p.name for p in folder.iterdir() if p.is_file())
            wanted += [each for each in referred if each is not None and each not in found]
        return [path for path in found.values() if path and folder in path.parents]


def _referred(reader: SandboxedEnvironment, path: Path) -> list[str | None]:
    """The templates that one includes, imports or extends; none where it cannot be read."""
    try:
        return list(find_referenced_templates(reader.parse(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError, JinjaError):
        return []


@dataclass(slots=True)
class LetterReading:
    """Reads letters; ``own`` is the team's folder of templates."""

    own: Path | None = None
    _trees: dict[tuple[str, str], nodes.Template] = field(default_factory=dict, repr=False)
    _speech: dict[str, Speech] = field(default_factory=dict, repr=False)

    def wording(self, letter: Letter, language: str) -> Wording:
        """What the letter says (ValueError: its templates cannot be read)."""
        subject, text, html = (self._part(letter, part, language) for part in PARTS)
        if getattr(letter, "test", False):
            plain = Speech()
            marked = _environment((), plain).parse(texts(language).source("mail.test_subject"))
            subject = Reading(plain).of(marked, {"subject": subject})
        return Wording(" ".join(subject.split()), text.strip() + "\n", html.strip() + "\n")

    def salutation(self, whom: Addressed, language: str) -> str:
        """How a letter to somebody begins."""
        if whom.salutation:
            return whom.salutation
        named = bool(whom.name) and (whom.form is not None or bool(whom.title))
        kind = (whom.form.value if whom.form else "title") if named else "nobody"
        plain = Speech()
        source = texts(language).source(f"mail.salutation.{kind}")
        told = {"title": whom.title, "name": whom.name}
        return Reading(plain).of(_environment((), plain).parse(source), told)

    def listed(self, names: Sequence[str], language: str) -> str:
        """Names as a sentence lists them."""
        if len(names) == 1:
            return names[0]
        told = {"first": ", ".join(names[:-1]), "last": names[-1]}
        plain = Speech()
        return Reading(plain).of(
            _environment((), plain).parse(texts(language).source("mail.and")), told
        )

    def _part(self, letter: Letter, part: str, language: str) -> str:
        name = f"{letter.kind}.{part}"
        if language not in self._speech:
            spoken = texts(language)
            self._speech[language] = Speech(spoken.manner)
        speech = self._speech[language]
        try:
            tree = self._tree(name, language)
            return Reading(speech, html=part == "html").of(tree, {"letter": letter})
        except BeyondError:
            return _by_jinja(Shelf(self.own, language).folders, name, speech, letter)

    def _tree(self, name: str, language: str) -> nodes.Template:
        if (language, name) not in self._trees:
            path = Shelf(self.own, language).file(name)
            if path is None:
                raise ValueError(f"there is no template {name}")
            try:
                source = path.read_text(encoding="utf-8")
                tree = _environment((), Speech()).parse(source)
            except (OSError, JinjaError) as problem:
                raise ValueError(f"the template {name} cannot be read") from problem
            self._trees[language, name] = tree
        return self._trees[language, name]


def _environment(folders: Sequence[Path], speech: Speech) -> SandboxedEnvironment:
    made = SandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        undefined=StrictUndefined,
        autoescape=lambda one: bool(one and one.endswith(".html")),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= speech.filters()
    return made


def _by_jinja(folders: Sequence[Path], name: str, speech: Speech, letter: Letter) -> str:
    try:
        return _environment(folders, speech).get_template(name).render(letter=letter)
    except (JinjaError, TypeError, ArithmeticError, OSError) as problem:
        raise ValueError(f"the template {name} cannot be read") from problem
