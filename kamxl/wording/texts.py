"""Every text that a person reads comes from here: one file per language, rendered by Jinja2.

``templates/texts/<language>.toml`` holds tables of templates; a key is "table.name". A third
language is one new file. A missing key or variable raises TemplateError with its place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from kamxl.errors import TemplateError
from kamxl.wording.shelf import languages as languages
from kamxl.wording.shelf import templates_folder as templates_folder

if TYPE_CHECKING:  # a button that only says a plain sentence waits for neither
    from datetime import date

    from jinja2 import Environment, Template

    from kamxl.core.cards.changes import Change
    from kamxl.core.finding import Finding

_MEND = "Mend the file, or install kamxl again."


@dataclass(frozen=True)
class Texts:
    """The texts of one language: ``texts("scorecard.title", company="...")``."""

    language: str
    decimal: str
    date_format: str
    _sources: dict[str, str] = field(repr=False)
    _environment: Callable[[], Environment] = field(repr=False)
    # Compiled when first used: there are thousands, and a process that reads one file needs few.
    _templates: dict[str, Template] = field(default_factory=dict, repr=False)

    def __call__(self, key: str, **values: Any) -> str:
        """The text under ``key``, rendered (TemplateError: no such key or variable)."""
        plain = self._sources.get(key)
        if plain is not None and "{" not in plain:  # most are: nothing to be rendered
            return plain.removesuffix("\n")  # as Jinja2 does
        from jinja2 import TemplateError as JinjaError

        try:
            return self._template(key).render(values)
        except JinjaError as problem:
            raise TemplateError(f"Text {key!r} in {self.language}.toml: {problem}.") from problem

    def _template(self, key: str) -> Template:
        template = self._templates.get(key)
        if template is None:
            if key not in self._sources:
                raise TemplateError(f"{self.language}.toml has no text {key!r}.", "Add it there.")
            template = self._templates[key] = self._environment().from_string(self._sources[key])
        return template

    def source(self, key: str) -> str:
        """The template under ``key`` as the file has it (TemplateError: no such key)."""
        if key not in self._sources:
            raise TemplateError(f"{self.language}.toml has no text {key!r}.", "Add it there.")
        return self._sources[key]

    def has(self, key: str) -> bool:
        """Whether there is a text under ``key``."""
        return key in self._sources

    def keys(self, table: str) -> tuple[str, ...]:
        """The keys of one table, in the order of the file: keys("findings")."""
        return tuple(k for k in self._sources if k.startswith(table + "."))

    def number(self, value: float | None, digits: int = 1) -> str:
        """A number as this language writes it; unknown is a dash."""
        if value is None:
            return "–"
        shown = f"{value:.{digits}f}"
        if float(shown) == 0:
            shown = shown.lstrip("-")
        return shown.replace(".", self.decimal)

    def day(self, value: date | None) -> str:
        """A date as this language writes it; none is empty."""
        return value.strftime(self.date_format) if value else ""

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
    chosen = language if language in languages() else "en"
    path = templates_folder() / "texts" / f"{chosen}.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise TemplateError(f"The texts {path.name} cannot be read: {problem}.", _MEND) from problem
    try:
        own, flat = tables["language"], dict(_flat(tables))
        made: Texts = Texts(
            chosen, own["decimal"], own["date"], flat, cache(lambda: _environment(made))
        )
    except (KeyError, TypeError) as problem:
        raise TemplateError(f"{path.name} lacks {problem} of its language.", _MEND) from problem
    return made


def _environment(said: Texts) -> Environment:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 sheet text
    environment.filters["num"] = said.number
    environment.filters["day"] = said.day
    return environment


def _flat(table: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            pairs += _flat(value, f"{prefix}{key}.")
        else:
            pairs.append((f"{prefix}{key}", str(value)))
    return pairs
