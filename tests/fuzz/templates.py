"""A team's own template of a mail, as anybody may have saved it into the workspace."""

from __future__ import annotations

import re
from datetime import date

from kamxl.errors import TemplateError
from kamxl.forms.letters.letter import AskedCard, Invitation, Sender
from kamxl.wording.templating import Slow, Sources, environment, loader, rendered
from kamxl.wording.texts import languages
from kamxl.workflow.lettering.saying import hurried

NAME = "invitation.txt"
_LONGEST = 2_000_000
_TAG = re.compile(r"\{%-?\s*([a-z]+)|\|\s*([a-z]+)")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9]+")
_LETTER = Invitation(
    "Ada Beispiel", "Guten Tag", "Pumpen", "2026-H1", "a.xlsx", date(2026, 6, 1),
    Sender("Jana", "jana@muster.example", "", "Muster AG"), cards=(AskedCard("Pumpen", "a.xlsx"),),
)  # fmt: skip


def filled_in(data: bytes) -> str:
    """The text of a template, or the one error that names it; the same the second time."""
    text = data.decode("utf-8", "replace")
    first, second = _once(text), _once(text)
    assert first == second, "the second mail is another"
    assert first != "broken without a word"
    if first.startswith("broken"):
        return first
    tags = sorted({m[1] or m[2] for m in _TAG.finditer(text)})
    return ", ".join(("read", *tags))  # what it does is done in Jinja2, where nobody looks


def _once(text: str) -> str:
    # What escapes the sandbox, hangs or raises anything else is a failure.
    own = Sources({f"en/{NAME}": text, "en/other.txt": "{{ letter.file }}"})
    try:
        with hurried():
            made = environment(loader(own, "en", []), False)
            return rendered(made, NAME, "mail/en", longest=_LONGEST, letter=_LETTER)
    except Slow:
        return "broken: slow"
    except TemplateError as problem:
        said = [part for one in languages() for part in (problem.why(one), problem.next(one))]
        told = _QUOTED.sub("…", str(problem.values.get("told", "")))
        return f"broken: {problem.code} {told}" if all(said) else "broken without a word"


SEEDS = (
    b"{{ letter.salutation }},\n{% if letter.several %}many{% else %}{{ letter.file }}{% endif %}",
    b"{% for card in letter.cards %}{{ loop.index }}: {{ card.segment|upper }}\n{% endfor %}",
    b"{% set a = 1 %}{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(letter.name) }}",
    b'{% include "other.txt" %}{% include "none.txt" ignore missing %}',
    b'{% extends "other.txt" %}{% block a %}b{% endblock %}',
    b"{{ letter.nothing }}",
    b"{{ letter.__class__ }}",
    b"{{ 1 / 0 }}{{ 'a' * 9 }}{{ '%5d' % 3 }}{{ '{:>9}'.format('x') }}",
    b"{% raw %}{{ }}{% endraw %}{# a comment #}{{ [1, 2]|sum }}{{ 'a b'|wordcount }}",
    b"{{ letter.due.strftime('%d') }}{{ letter.due|string|replace('-', '.') }}",
    b"{% for",
    b"\xff\xfe{{ letter.name }}",
)

WORDS = (
    "{{ ", " }}", "{% ", " %}", "{# ", " #}", "letter.", "salutation", "segment", "cards",
    "sender", "due", "for a in letter.cards", "endfor", "if letter.due", "else", "endif",
    "set a = ", "endset",
    "macro m(a)", "endmacro", "m(1)", "call m()", "endcall", 'include "other.txt"',
    'extends "other.txt"', 'import "other.txt" as o', 'from "other.txt" import a', "block a",
    "endblock", "super()", "self.a()", "filter upper", "endfilter", "with a = 1", "endwith",
    "raw", "endraw", "loop.index", "loop.cycle(1, 2)", "namespace(a=1)", "range(9)", "dict(a=1)",
    "cycler(1)", "joiner()", "|upper", "|length", "|sort", "|join(',')", "|first", "|map('upper')",
    "|select", "|tojson", "|pprint", "|format(1)", "|round", "|batch(2)", "|slice(2)", "|attr('a')",
    "|default(1)", "|urlize", "|xmlattr", "|center(9)", "|indent", "|truncate(3)", "|wordwrap(3)",
    " is defined", " in ", " not ", " and ", "~", "**", "//", "%", "[0]", "[::2]", "()", ".format(",
    "'{0.a}'", ".__class__", ".mro()", "none", "true", "1e99", "-%}", "{%- ", "\n",
)  # fmt: skip
