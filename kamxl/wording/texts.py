"""Every text that a person reads comes from here: one file per language, rendered by Jinja2.

``templates/texts/<language>.toml`` holds tables of templates; a key is "table.name". Its table
[words] is the vocabulary that many places share: ``templates/shared.toml`` says which keys say
which of its words. A third language is one new file. Where it lacks a key the text is English, and
``lacking`` tells so; a variable that is missing raises TemplateError.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from kamxl.errors import TemplateError
from kamxl.wording.manner import Manner
from kamxl.wording.shelf import languages as languages
from kamxl.wording.shelf import templates_folder as templates_folder
from kamxl.wording.visible import visible

if TYPE_CHECKING:  # a button that only says a plain sentence waits for neither
    from datetime import date, datetime
    from pathlib import Path

    from jinja2 import Environment, Template

    from kamxl.core.cards.changes import Change
    from kamxl.core.finding import Finding

FALLBACK = "en"  # the language that has every text
WORDS = "words"  # the table of the shared vocabulary
# Texts of workbooks and mails, in which a name stands as it was typed; all others are said.
DRAWN = frozenset(("scorecard", "register", "plan", "mail"))
FORMER = "former"  # the table of what texts said before, by key
# What a number in a text says if it is no quantity: it is written as it is used elsewhere.
_NAMES = frozenset(("row", "line", "port", "status", "layout", "known", "number", "year", "key"))
_LONG = 10_000  # from here on digits are hard to count; a year has fewer
BROKEN = "-\n"  # where a long word in a narrow header goes on below
_MEND = "Mend the file, or install kamxl again."
_NAMED = 10  # of the texts that a language lacks
_fallen: dict[str, Texts] = {}
_NAME = re.compile(r"\{\{ *([A-Za-z_]\w*) *\}\}", re.ASCII)
_CONSTANTS = frozenset(("true", "false", "none", "True", "False", "None"))  # names of no values


@dataclass(frozen=True)
class Texts:
    """The texts of one language: ``texts("scorecard.title", company="...")``.

    ``typed``: what people type in this language, by kind; see ``wording.understood``.
    ``former``: what texts said in earlier versions, by key; see ``spoken``.
    """

    language: str
    manner: Manner
    typed: Mapping[str, tuple[str, ...]] = field(repr=False)
    former: Mapping[str, tuple[str, ...]] = field(repr=False)
    _sources: dict[str, str] = field(repr=False)
    _otherwise: Callable[[], Texts] | None = field(repr=False)
    _environment: Callable[[bool], Environment] = field(repr=False)
    # Compiled when first used: there are thousands, and a process that reads one file needs few.
    _templates: dict[str, Template] = field(default_factory=dict, repr=False)
    _simple: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def __call__(self, key: str, /, **values: Any) -> str:
        """The text under ``key``, rendered (TemplateError: no such key or variable)."""
        plain = self._sources.get(key)
        if plain is not None and "{" not in plain:  # most are: nothing to be rendered
            return plain.removesuffix("\n")  # as Jinja2 does
        for name, value in values.items():
            if type(value) is int and value >= _LONG and name not in _NAMES:
                values[name] = _Many(value)
        pieces = self._simple.get(key)
        if pieces is None:
            pieces = self._simple[key] = _names_in(plain) if plain is not None else ()
        if pieces and all(name in values for name in pieces[1::2]):
            return self._put_in(key, pieces, values)
        from jinja2 import TemplateError as JinjaError

        try:
            return self._template(key).render(values)
        except JinjaError as problem:
            raise TemplateError(
                "text-broken", language=self.language, key=key, problem=str(problem)
            ) from problem

    def _put_in(self, key: str, pieces: Sequence[str], values: Mapping[str, Any]) -> str:
        """What Jinja2 makes of a text in which nothing but values is put (``_names_in``)."""
        said, whole = _is_said(key), list(pieces)
        for at in range(1, len(whole), 2):
            whole[at] = str(self.shown(values[whole[at]], said=said))
        return "".join(whole)

    def shown(self, value: object, *, said: bool) -> object:
        """What is put into a text for a value; ``said``: in a sentence of ours."""
        if type(value) is _Many:
            return self.manner.grouped(value)
        return _seen(value) if said else value

    def _template(self, key: str) -> Template:
        template = self._templates.get(key)
        if template is None:
            source = self.source(key)
            template = self._templates[key] = self._environment(_is_said(key)).from_string(source)
        return template

    def before(self, key: str) -> tuple[str, ...]:
        """What a text said in earlier versions, where workbooks are read by it."""
        return (*self.former.get(key, ()), *self.former.get(shared().get(key, ""), ()))

    def source(self, key: str) -> str:
        """The template under ``key``, English where this language lacks it (TemplateError)."""
        source = self._sources.get(key)
        if source is not None:
            return source
        if self._otherwise is None:
            raise TemplateError("text-missing", language=self.language, key=key)
        source = self._otherwise().source(key)
        _fallen[self.language] = self
        return source

    def has(self, key: str) -> bool:
        """Whether there is a text under ``key``."""
        return key in self._sources or (self._otherwise is not None and self._otherwise().has(key))

    def keys(self, table: str = "") -> tuple[str, ...]:
        """The keys of one table, in the order of the file: keys("findings"); of all: keys()."""
        prefix = f"{table}." if table else ""
        own = tuple(k for k in self._sources if k.startswith(prefix))
        if self._otherwise is None:
            return own
        return own + tuple(k for k in self._otherwise().keys(table) if k not in self._sources)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """What the file lacks, in the order of the English one; a word that is shared once."""
        if self._otherwise is None:
            return ()
        word, needed = shared(), self._otherwise()._sources
        lacking = (k for k in needed if k not in self._sources and not k.startswith(WORDS + "."))
        return tuple(dict.fromkeys(word.get(key, key) for key in lacking))

    def number(self, value: float | None, digits: int = 1) -> str:
        """A number as this language writes it; unknown is a dash."""
        return self.manner.number(value, digits)

    def day(self, value: date | None) -> str:
        """A date as this language writes it; none is empty."""
        return self.manner.day(value)

    def change(self, change: Change) -> str:
        """What is new about a card, as the team's register calls it."""
        field = change.field
        for key in (f"changes.{field}", f"register.settings.fields.{field}.header"):
            if self.has(key):
                return self(key, id=change.id, what=change.what, name=change.shown or change.id)
        return field

    def sentence(self, found: Finding) -> str:
        """What a finding says to a person."""
        values: dict[str, Any] = dict(found.details)
        return self(f"findings.{found.code}", value=found.value or "", cell=found.cell or "",
                    sheet=found.sheet or "", **values)  # fmt: skip


@cache
def texts(language: str) -> Texts:
    """The texts of a language; one we do not have speaks English."""
    chosen = language if language in languages() else FALLBACK
    tables = _read(templates_folder() / "texts" / f"{chosen}.toml")
    try:
        own = tables.get("language", {})
        typed = {kind: tuple(map(str, said)) for kind, said in tables.pop("typed", {}).items()}
        former = {key: tuple(map(str, said)) for key, said in tables.pop(FORMER, {}).items()}
        found = dict(_flat(tables))
        manner = Manner(own.get("locale", chosen), own.get("date", ""), own.get("time", ""))
    except (AttributeError, TypeError) as problem:
        raise TemplateError(
            "texts-unreadable", file=f"{chosen}.toml", problem=str(problem)
        ) from None
    found.setdefault("language.name", chosen)  # English's name is none for it
    for key, word in shared().items():
        if key not in found and word in found:
            found[key] = found[word]
    otherwise = None if chosen == FALLBACK else lambda: texts(FALLBACK)
    environments = cache(lambda said: _environment(made, said=said))
    made: Texts = Texts(chosen, manner, typed, former, found, otherwise, environments)
    return made


@cache
def shared() -> Mapping[str, str]:
    """Every key that says a shared word, and the word's own: {"mail.list.name": "words.name"}.

    A language that needs another word in one place has a text of its own under the key: it wins.
    """
    places = _read(templates_folder() / "shared.toml")
    return {key: f"{WORDS}.{word}" for word, keys in places.items() for key in keys}


@cache
def spoken(key: str) -> tuple[str, ...]:
    """All that a text without values says in any language, or said in an earlier version of kamxl:
    headers, labels and choices by which a workbook that is out is read again. Each once.
    """
    every = [texts(language) for language in languages()]
    return tuple(dict.fromkeys(said for one in every for said in (one(key), *one.before(key))))


def whole(header: str) -> str:
    """A header in one line, its words whole: "Grundaus-\\nlastung" is "Grundauslastung"."""
    return " ".join(header.replace(BROKEN, "").split())


def lacking() -> Iterator[str]:
    """A sentence for each language that had to say something in English since this was asked."""
    for language in sorted(_fallen):
        own = _fallen[language]
        keys, file = own.missing, f"texts/{language}.toml"
        named, more = ", ".join(keys[:_NAMED]), max(0, len(keys) - _NAMED)
        sentence = own("cli.texts_missing", file=file, count=len(keys), named=named, more=more)
        del _fallen[language]  # which the sentence itself may have been
        yield sentence


def _is_said(key: str) -> bool:
    return key.partition(".")[0] not in DRAWN


def _names_in(source: str) -> tuple[str, ...]:
    """The texts between which a simple text has values, and their names: text, name, text.

    Empty if it says anything else to Jinja2, which takes some time to set out for every sentence.
    """
    pieces = tuple(_NAME.split(source.removesuffix("\n")))
    simple = not any("{" in text or "\r" in text for text in pieces[::2])
    return pieces if simple and _CONSTANTS.isdisjoint(pieces[1::2]) else ()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise TemplateError("texts-unreadable", file=path.name, problem=str(problem)) from problem


def _environment(of: Texts, *, said: bool) -> Environment:
    from jinja2 import Environment, StrictUndefined

    finalize = partial(of.shown, said=said)
    environment = Environment(undefined=StrictUndefined, autoescape=False, finalize=finalize)  # noqa: S701
    environment.filters["num"] = of.number
    environment.filters["day"] = of.day
    environment.filters["iso"] = lambda day: of.day(_date(day))
    environment.filters["moment"] = lambda moment: of.manner.moment(_moment(moment))
    environment.filters["shortest"] = of.manner.shortest
    environment.filters["figure"] = of.manner.figure
    return environment


class _Many(int):
    """A quantity that is read more easily in groups of digits."""


def _date(iso: str) -> date:
    """The date that a finding's value is."""
    from datetime import date

    return date.fromisoformat(iso)


def _moment(iso: str) -> datetime:
    """The date and time that an error's value is."""
    from datetime import datetime

    return datetime.fromisoformat(iso)


def _seen(value: object) -> object:
    """What enters a sentence: a text of whoever it is, in one line and all of it visible."""
    return visible(value) if isinstance(value, str) else value


def _flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
