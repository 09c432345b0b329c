"""Templates of what leaves as mail or page: sandboxed, and a mistake in one says its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from traceback import walk_tb
from typing import Any

from jinja2 import StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2 import TemplateError as JinjaError
from jinja2.loaders import FileSystemLoader
from jinja2.sandbox import SandboxedEnvironment

from kamxl.errors import TemplateError, TemplateMissing


def environment(
    folders: Sequence[str], autoescape: bool | Callable[[str | None], bool], **options: Any
) -> SandboxedEnvironment:
    """Templates of these folders, the first that has one. ``options``: Jinja2's own.

    Sandboxed: a workspace may come from outside, and its templates must not run programs.
    """
    made = SandboxedEnvironment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    del made.filters["random"], made.globals["lipsum"]  # equal input gives equal bytes
    return made


def rendered(templates: SandboxedEnvironment, name: str, shelf: str, **values: Any) -> str:
    """A template's text (TemplateError names it, as it stands on its ``shelf``, and the line)."""
    try:
        return templates.get_template(name).render(**values)
    except TemplateSyntaxError as problem:
        told = str(problem.message).rstrip(".")
        where = f"{shelf}/{problem.name or name}"
        raise TemplateError(
            "template-broken", where=where, line=problem.lineno, told=told
        ) from problem
    except TemplateNotFound as problem:
        missing = problem.name if isinstance(problem.name, str) else name
        by = "" if missing == name else name
        raise TemplateMissing(
            "template-missing", where=f"{shelf}/{missing}", asked_by=by
        ) from problem
    except (JinjaError, TypeError, ValueError, ArithmeticError, OSError) as problem:
        told, line = str(problem).rstrip("."), _line(problem, name)
        raise TemplateError(
            "template-broken", where=f"{shelf}/{name}", line=line, told=told
        ) from problem


def _line(problem: BaseException, name: str) -> int | None:
    """The line of a template in which something failed, as Jinja2 writes it into the traceback."""
    lines = [
        line
        for frame, line in walk_tb(problem.__traceback__)
        if Path(frame.f_code.co_filename).name == name
    ]
    return lines[-1] if lines else None
