"""Portfolio.html and briefs: whole in themselves, and nothing from outside is code in them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256

from jinja2.loaders import FileSystemLoader
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from kamxl.forms.paper import style
from kamxl.forms.paper.book import Book
from kamxl.forms.portfolio.front import Front
from kamxl.forms.portfolio.one_page import OnePage
from kamxl.report.page import page_of
from kamxl.report.plain import plain
from kamxl.report.rows import table_of
from kamxl.wording.templating import environment, rendered
from kamxl.wording.texts import templates_folder, texts

NAME = "portfolio.html.j2"
ONE_PAGE = "brief.html.j2"


def render(
    book: Book,
    news: Mapping[str, Sequence[str]],
    file: str = "Portfolio.xlsx",
    front: Front | None = None,
) -> bytes:
    """The page of a portfolio's book; equal input gives equal bytes.

    ``news``: the dashboard's lists in words by key. ``file``: the workbook beside the page.
    ``front``: the accounts of the first screen. TemplateError: a text or the template is
    bad.
    """
    t = texts(book.language)
    page = page_of(book, news, t, file, front)
    templates = _environment(book.language, str(templates_folder() / "report"))
    return rendered(templates, NAME, "report", page=page).encode()


def render_page(page: OnePage) -> bytes:
    """One page of paper; equal input gives equal bytes (TemplateError: its template is bad)."""
    templates = _environment(page.language, str(templates_folder() / "report"))
    return rendered(templates, ONE_PAGE, "report", page=page).encode()


def _harmless(value: object) -> object:
    """What the template puts out: every text goes through here, once, and then is escaped."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _digest(script: str) -> str:
    """By what a page's policy knows the one script that may run: ours, as it stands."""
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


@cache
def _environment(language: str, shelf: str) -> SandboxedEnvironment:
    """Everything is escaped, whatever a template is called; colours come from the style module.

    Kept: a process that writes several pages compiles the template once.
    """
    made = environment(
        FileSystemLoader(shelf), True, finalize=_harmless, keep_trailing_newline=True
    )
    made.globals["t"] = lambda key, /, **values: texts(language)(key, **values)
    made.globals["ink"] = {
        name: f"#{value}"
        for name, value in vars(style).items()
        if name.isupper() and isinstance(value, str) and len(value) == 6
    }
    made.globals["light"], made.globals["dark"] = style.LIGHT_SCREEN, style.DARK_SCREEN
    made.globals["table"] = table_of
    made.filters["digest"] = _digest
    made.globals["font"] = style.FONT
    return made
