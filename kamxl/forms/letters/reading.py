"""What a letter's templates say, stated apart from ``letters``, so that a mail can be held to it.

Nothing of what renders mails is used here but where templates stand. A team's own template
that does more than ours (macros, other filters) is given to Jinja2 itself, with nothing but the
letter and filters of this page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from jinja2 import BaseLoader, StrictUndefined, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.meta import find_referenced_templates
from jinja2.sandbox import SandboxedEnvironment

from kamxl.core.cards.addressing import Addressed
from kamxl.errors import KamxlError
from kamxl.forms.letters.letter import PARTS, Letter, Wording
from kamxl.wording.syntax import BeyondError, Reading, Speech
from kamxl.wording.templating import NO_SOURCES, Slow, Sources, loader
from kamxl.wording.texts import templates_folder, texts


@dataclass(slots=True)
class LetterReading:
    """Reads letters; ``own`` are the team's templates."""

    own: Sources = NO_SOURCES
    _trees: dict[tuple[str, str], nodes.Template] = field(default_factory=dict, repr=False)
    _speech: dict[str, Speech] = field(default_factory=dict, repr=False)

    def wording(self, letter: Letter, language: str) -> Wording:
        """What the letter says (ValueError: its templates cannot be read)."""
        return self.whole(letter, language, {p: self.part(p, letter, language) for p in PARTS})

    def whole(self, letter: Letter, language: str, parts: Mapping[str, str]) -> Wording:
        """The mail of what its templates say."""
        subject, text, html = (parts[part] for part in PARTS)
        if getattr(letter, "test", False):
            plain = Speech()
            marked = _parsed(texts(language).source("mail.test_subject"))
            subject = Reading(plain).of(marked, {"subject": subject})
        return Wording(" ".join(subject.split()), text.strip() + "\n", html.strip() + "\n")

    def own_files(self, name: str, language: str) -> list[str]:
        """The team's own templates of which one is made: itself, and what it includes."""
        reader = _environment(None, Speech())
        wanted, found = [name], dict[str, bool]()
        while wanted:
            one = wanted.pop()
            text = self.own.text(language, one)
            found[one] = text is not None
            source = self._shipped(one, language) if text is None else text
            referred = _referred(reader, source) if source is not None else []
            if None in referred:  # a name that is made up: it may be any
                referred += self.own.names(language)
            wanted += [each for each in referred if each is not None and each not in found]
        return [one for one, own in found.items() if own]

    def _shipped(self, name: str, language: str) -> str | None:
        """Our own template of this name; None: there is none, or it climbs out of its folder."""
        shelf = _shelf(language).resolve()
        try:
            path = (shelf / name).resolve()
            ours = path.is_relative_to(shelf) and path.is_file()
        except (OSError, ValueError):  # no name that a file may have
            return None
        return path.read_text(encoding="utf-8") if ours else None

    def salutation(self, whom: Addressed, language: str) -> str:
        """How a letter to somebody begins."""
        if whom.salutation:
            return whom.salutation
        named = bool(whom.name) and (whom.form is not None or bool(whom.title))
        kind = (whom.form.value if whom.form else "title") if named else "nobody"
        plain = Speech()
        source = texts(language).source(f"mail.salutation.{kind}")
        told = {"title": whom.title, "name": whom.name}
        return Reading(plain).of(_parsed(source), told)

    def listed(self, names: Sequence[str], language: str) -> str:
        """Names as a sentence lists them."""
        if len(names) == 1:
            return names[0]
        told = {"first": ", ".join(names[:-1]), "last": names[-1]}
        return Reading(Speech()).of(_parsed(texts(language).source("mail.and")), told)

    def part(self, part: str, letter: Letter, language: str) -> str:
        """One of the letter's ``PARTS`` as its template says it (ValueError)."""
        name = f"{letter.kind}.{part}"
        if language not in self._speech:
            spoken = texts(language)
            self._speech[language] = Speech(spoken.manner)
        speech = self._speech[language]
        try:
            tree = self._tree(name, language)
            return Reading(speech, html=part == "html").of(tree, {"letter": letter})
        except (BeyondError, AttributeError, ArithmeticError, LookupError, TypeError):
            found = loader(self.own, language, [str(_shelf(language))])
            return _by_jinja(found, name, speech, letter)
        except RecursionError as problem:
            raise ValueError(f"the template {name} cannot be read") from problem

    def _tree(self, name: str, language: str) -> nodes.Template:
        if (language, name) not in self._trees:
            source = self.own.text(language, name)
            if source is None:
                source = self._shipped(name, language)
            if source is None:
                raise ValueError(f"there is no template {name}")
            try:
                tree = _parsed(source)
            except (OSError, JinjaError) as problem:
                raise ValueError(f"the template {name} cannot be read") from problem
            self._trees[language, name] = tree
        return self._trees[language, name]


@lru_cache(maxsize=64)
def _parsed(source: str) -> nodes.Template:
    """What a template is made of; nobody changes it, so a process finds it once."""
    return _environment(None, Speech()).parse(source)


def _shelf(language: str) -> Path:
    """Where our own templates of a language stand."""
    shipped = templates_folder() / "mail"
    return shipped / (language if (shipped / language).is_dir() else "en")


def _referred(reader: SandboxedEnvironment, source: str) -> list[str | None]:
    """The templates that one includes, imports or extends; none where it cannot be read."""
    try:
        return list(find_referenced_templates(reader.parse(source)))
    except (ValueError, JinjaError, RecursionError):
        return []


def _environment(templates: BaseLoader | None, speech: Speech) -> SandboxedEnvironment:
    made = SandboxedEnvironment(
        loader=templates,
        undefined=StrictUndefined,
        autoescape=lambda one: bool(one and one.endswith(".html")),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= speech.filters()
    return made


def _by_jinja(templates: BaseLoader, name: str, speech: Speech, letter: Letter) -> str:
    try:
        return _environment(templates, speech).get_template(name).render(letter=letter)
    except (Slow, KamxlError, MemoryError):
        raise
    except Exception as problem:  # a template may fail in every way that a program can
        raise ValueError(f"the template {name} cannot be read") from problem
