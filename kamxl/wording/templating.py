"""Templates of what leaves as mail or page: sandboxed, and a mistake in one says its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from traceback import walk_tb
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2 import TemplateError as JinjaError
from jinja2.loaders import FileSystemLoader, split_template_path
from jinja2.sandbox import SandboxedEnvironment

from kamxl.errors import TemplateError, TemplateMissing


class Slow(Exception):  # noqa: N818 the template is to blame
    """A template that is being said takes longer than it may; whoever watches raises it."""


@dataclass(frozen=True, slots=True)
class Sources:
    """A team's own templates as they were read, once: whoever says them opens no file.

    ``texts`` by name, "de/invitation.txt"; ``refused``: why others, or whole folders of them,
    cannot be used, told when one is asked for.
    """

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    refused: Mapping[str, TemplateError] = field(default_factory=dict, repr=False)

    def speaks(self, language: str) -> bool:
        """Whether there is any template of a language."""
        names = (*self.texts, *self.refused)
        return any(f"{name}/".startswith(f"{language}/") or not name for name in names)

    def text(self, language: str, name: str) -> str | None:
        """The template ``name`` of a language; None: there is none (TemplateError: refused)."""
        try:
            parts = (language, *split_template_path(name))
        except TemplateNotFound:  # it climbs out of its folder
            return None
        for deep in range(len(parts) + 1):
            refused = self.refused.get("/".join(parts[:deep]))
            if refused is not None:
                raise refused
        return self.texts.get("/".join(parts))

    def names(self, language: str) -> list[str]:
        """The names of all templates of a language that can be read."""
        return sorted(n.partition("/")[2] for n in self.texts if n.startswith(f"{language}/"))


NO_SOURCES = Sources()


class OwnLoader(BaseLoader):
    """Hands a team's own templates of one language to Jinja2: what was read, and no file else."""

    def __init__(self, own: Sources, language: str) -> None:
        self._own, self._language = own, language

    def get_source(
        self, _: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Its text and name (TemplateNotFound; TemplateError: it is there and refused)."""
        text = self._own.text(self._language, template)
        if text is None:
            raise TemplateNotFound(template)
        return text, template, None


def loader(own: Sources, language: str, folders: Sequence[str]) -> BaseLoader:
    """A team's own templates of a language first, then those of ``folders``, which are ours."""
    shipped = FileSystemLoader(folders)
    return ChoiceLoader([OwnLoader(own, language), shipped]) if own.speaks(language) else shipped


def environment(
    templates: BaseLoader, autoescape: bool | Callable[[str | None], bool], **options: Any
) -> SandboxedEnvironment:
    """Templates as ``templates`` finds them. ``options``: Jinja2's own.

    Sandboxed: a workspace may come from outside, and its templates must not run programs.
    """
    made = SandboxedEnvironment(
        loader=templates,
        undefined=StrictUndefined,
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    del made.filters["random"], made.globals["lipsum"]  # equal input gives equal bytes
    return made


def rendered(
    templates: SandboxedEnvironment,
    name: str,
    shelf: str,
    longest: int | None = None,
    **values: Any,
) -> str:
    """A template's text (TemplateError names it, as it stands on its ``shelf``, and the line).

    ``longest``: letters that it may say.
    """
    where = f"{shelf}/{name}"
    try:
        return "".join(_pieces(templates.get_template(name).generate(**values), where, longest))
    except TemplateSyntaxError as problem:
        told = str(problem.message).rstrip(".")
        of = f"{shelf}/{problem.name or name}"
        raise TemplateError(
            "template-broken", where=of, line=problem.lineno, told=told
        ) from problem
    except TemplateNotFound as problem:
        missing = problem.name if isinstance(problem.name, str) else name
        by = "" if missing == name else name
        raise TemplateMissing(
            "template-missing", where=f"{shelf}/{missing}", asked_by=by
        ) from problem
    except (RecursionError, Slow) as problem:
        how = "time" if isinstance(problem, Slow) else "recursion"
        raise costly(where, how, _line(problem, name)) from None
    except (TemplateError, MemoryError):
        raise
    except (JinjaError, TypeError, ValueError, ArithmeticError, OSError) as problem:
        raise _broken(problem, where, name) from problem
    except Exception as problem:  # a team's own template may fail in every way that a program can
        if not isinstance(templates.loader, ChoiceLoader):
            raise
        raise _broken(problem, where, name) from problem


def costly(where: str, how: str, line: int | None = None) -> TemplateError:
    """The error that a template uses more than it may.

    ``how``: "time", "memory", "recursion", "long" or "crashed".
    """
    return TemplateError("template-costly", where=where, how=how, line=line)


def _broken(problem: Exception, where: str, name: str) -> TemplateError:
    told = f"{problem!s:.300}".rstrip(".") or type(problem).__name__
    return TemplateError("template-broken", where=where, line=_line(problem, name), told=told)


def _pieces(said: Iterator[str], where: str, longest: int | None) -> Iterator[str]:
    """What a template says, as long as it is not too much."""
    letters = 0
    for piece in said:
        letters += len(piece)
        if longest is not None and letters > longest:
            raise costly(where, "long")
        yield piece


def _line(problem: BaseException, name: str) -> int | None:
    """The line of a template in which something failed, as Jinja2 writes it into the traceback."""
    lines = [
        line
        for frame, line in walk_tb(problem.__traceback__)
        if Path(frame.f_code.co_filename).name == name
    ]
    return lines[-1] if lines else None
