"""Nothing of the workspace's memory leaves: no key, and no passage of what others were asked.

Whatever a team types, or its own templates say, may repeat what stands in ``.kamxl``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from kamxl.core.cards.internal_words import inner_texts
from kamxl.core.finding import Finding, finding
from kamxl.core.records.register import CardOrder, Register
from kamxl.forms.letters.letter import Wording
from kamxl.store.templates import shown
from kamxl.store.workspace import Workspace
from kamxl.workflow.guard.freetexts import own_files
from kamxl.workflow.lettering.disguises import INVISIBLE, packed, ways
from kamxl.workflow.lettering.passages import said_to, said_to_all
from kamxl.workflow.lettering.saying import Saying
from kamxl.workflow.lettering.secrets import Splinters
from kamxl.workflow.lettering.sources import Memories, TeamTemplates

_PICTURE = re.compile("(?<![A-Za-z0-9+/=])[A-Za-z0-9+/=]{1000,}")  # as it stands in a mail's HTML
# What stands between two values of one, whatever a copy gained that nobody sees (``squeezed``).
_LIKE_A_RECORD = re.compile(rf'"(?:\s|{INVISIBLE.pattern.removesuffix("+")})*[:,\]]')


class KeptBack:
    """Looks through cards and mails for what must stay in the memory."""

    def __init__(
        self, workspace: Workspace, register: Register, own: TeamTemplates, letters: Saying
    ) -> None:
        self._workspace, self._register = workspace, register
        self._typed, self._letters = own.typed, letters
        self._sources = tuple(own.sources.texts.values())
        self._splinters = Splinters.of(workspace.keys)
        self._clean: set[CardOrder] = set()

    def of_order(self, order: CardOrder) -> Iterator[Finding]:
        """A key in what somebody typed, and a card would say; a key in two cells is one, too."""
        if order in self._clean:
            return
        if self._splinters.are_in(" ".join(one.text for one in inner_texts(order))):
            yield finding("leak-key", value=_named(order), part="Register.xlsx")
        else:
            self._clean.add(order)

    def of_words(
        self, orders: Sequence[CardOrder], kind: str, words: Wording, part: str
    ) -> Iterator[Finding]:
        """What of the memory a mail about these cards would say."""
        every = tuple(map(self._said_anew, (words.subject, words.text, words.html)))
        if any(map(self._splinters.are_in, every)):
            yield finding("leak-key", value=_named(orders[0]), part=part)
        yield from self._in_templates(orders, kind)
        for text in every:
            like_one = any(map(_LIKE_A_RECORD.search, (*ways(text), *packed(text))))
            for one in self._memories.passages(text) if like_one else ():
                if not one.typed:
                    yield finding("leak-memory", value=one.run, part=part)
                    return

    def _said_anew(self, text: str) -> str:
        """A text without the pictures of its template: they were looked through there, once."""
        return _PICTURE.sub(
            lambda one: "" if any(one[0] in source for source in self._sources) else one[0], text
        )

    def _in_templates(self, orders: Sequence[CardOrder], kind: str) -> Iterator[Finding]:
        """What a team's own template says, and was typed for other customers' cards."""
        language = orders[0].language
        for name in own_files(self._letters, language, kind) if self._typed else ():
            for one in self._typed.get(f"{language}/{name}", ()):
                if one.run not in self._to_all and one.run not in said_to(orders):
                    file = shown(f"{language}/{name}")
                    yield finding("leak-memory", value=one.run, part=file, line=one.line or 0)

    @cached_property
    def _to_all(self) -> str:
        return said_to_all(self._register)

    @cached_property
    def _memories(self) -> Memories:
        return Memories.at(self._workspace)


def _named(order: CardOrder) -> str:
    return "--".join((order.account, order.segment, order.respondent))
