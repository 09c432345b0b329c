"""What is no secret: the words of every card and every mail, and those of every new plan."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from kamxl.core.internal_words import words_of
from kamxl.core.records import AskedRequirement, CardOrder, Competitor
from kamxl.errors import TemplateError
from kamxl.excel.outgoing import Seen, texts_in
from kamxl.forms.letters import (
    Invitation,
    Letter,
    Letters,
    Reminder,
    ResultRow,
    Sender,
    SupplierTotal,
    Thanks,
)
from kamxl.forms.mark import Mark
from kamxl.forms.texts import languages, texts
from kamxl.workflow.cards import CardPress


@cache
def own_texts() -> frozenset[tuple[str, ...]]:
    """The words of each text that account plans begin with: questions, functions, indicators."""
    found = set()
    for said in map(texts, languages()):
        for key in said.keys("plan"):
            try:
                found.add(words_of(said(key)))
            except (TemplateError, TypeError):  # it needs something to speak of
                continue
    return frozenset(found)


@cache
def vocabulary(markup: bool) -> str:
    """The words of every card and mail as one text, with a space at both ends.

    ``markup``: the words of their markup as well.
    """
    seen = (one for language in languages() for one in _every(language))
    said = (words_of(one.text) for one in seen if markup or not one.attribute)
    return " | ".join(["", *(" ".join(words) for words in said), ""])


def _every(language: str) -> Iterator[Seen]:
    """What cards and mails to nobody in particular say, and every text of which they are made."""
    nobody = Mark("kx", "2000", "kx", "kx", "kx", "0" * 32, "0" * 32)
    for named in (True, False):
        order = CardOrder(
            "kx", "", "kx", "", "kx", "", "2000", language, "kx",
            (AskedRequirement("kx", "kx", None, ("kx", "kx", "kx")),), (Competitor("kx", "kx"),),
            named_rivals=named,
        )  # fmt: skip
        yield from texts_in(CardPress().press(order, nobody))
    said = texts(language)
    for table in ("scorecard", "mail"):
        yield from (Seen(key, said.source(key)) for key in said.keys(table))
    sender, letters = Sender("kx", "kx", "kx", "kx", "kx"), Letters()
    asked = (kind("kx", "kx", "kx", "kx", None, sender) for kind in (Invitation, Reminder))
    rows, totals = (ResultRow(1, "kx", 1, (1, 1)),), (SupplierTotal("kx", 1, 1),)
    every: tuple[Letter, ...] = (
        *asked,
        Thanks("kx", "kx", "kx", rows, totals * 2, sender, True),
        Thanks("kx", "kx", "kx", (ResultRow(1, "kx", None, ()),), (), sender),
    )
    for letter in every:
        words = letters.render(letter, language)
        yield Seen("subject", words.subject)
        yield Seen("text", words.text)
        yield Seen("html", words.html, attribute=True)
