"""A team's own templates, read once and held against the memory before anybody says them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from kamxl.errors import TemplateError
from kamxl.store.kept import KeptFile, kept_files
from kamxl.store.templates import OwnTemplates, own_templates, shown
from kamxl.store.workspace import Workspace
from kamxl.wording.templating import Sources
from kamxl.workflow.lettering.disguises import packed, ways
from kamxl.workflow.lettering.passages import SHORTEST, Memory, Passage, line_of
from kamxl.workflow.lettering.secrets import Splinters


@dataclass(frozen=True, slots=True)
class Typed:
    """A run that a template has in common with a value of some card's record, squeezed."""

    run: str
    line: int | None


@dataclass(frozen=True, slots=True)
class TeamTemplates:
    """The ``sources``; ``typed``: what only those may read on whose cards it stands, by name."""

    sources: Sources
    typed: Mapping[str, tuple[Typed, ...]] = field(default_factory=dict)


def team_templates(workspace: Workspace) -> TeamTemplates:
    """The templates of a workspace's mails (TemplateError: more than anybody has).

    What repeats the memory, or holds a key, is refused.
    """
    found = own_templates(workspace.root)
    if not found.texts:
        return TeamTemplates(_same(Sources({}, found.refused)))
    texts = tuple(sorted(found.texts.items()))
    numbers = tuple(sorted(found.files.items()))
    judged = _judged(workspace, workspace.keys, texts, numbers, _age(workspace))
    refused = {**found.refused, **judged.refused}
    kept = {name: text for name, text in found.texts.items() if name not in refused}
    return TeamTemplates(_same(Sources(kept, refused)), judged.typed)


_last: list[Sources] = []


def _same(sources: Sources) -> Sources:
    """The object that says the same, if it was the last one: what is kept apart is made of it."""
    last = _last[0] if _last else None
    codes = {name: (one.code, one.values) for name, one in sources.refused.items()}
    if (
        last is None
        or last.texts != sources.texts
        or codes != {name: (one.code, one.values) for name, one in last.refused.items()}
    ):
        _last[:] = [sources]
    return _last[0]


def _age(workspace: Workspace) -> int:
    """When a record was added last, so that what was judged before is judged again."""
    try:
        return os.stat(workspace.memory / "issued").st_mtime_ns  # noqa: PTH116 a number of it
    except OSError:
        return 0


@dataclass(frozen=True, slots=True)
class _Judged:
    refused: dict[str, TemplateError]
    typed: dict[str, tuple[Typed, ...]]


@lru_cache(maxsize=2)
def _judged(
    workspace: Workspace,
    keys: tuple[bytes, ...],
    texts: tuple[tuple[str, str], ...],
    numbers: tuple[tuple[str, tuple[int, int]], ...],
    _: int,
) -> _Judged:
    """What stands in templates and in the memory, too."""
    files, splinters = list(kept_files(workspace)), Splinters.of(keys)
    memory = Memories.of(files, keys)
    found = OwnTemplates(dict(texts), {}, dict(numbers))
    of_memory = {file.number: file.name for file in files}
    refused: dict[str, TemplateError] = {}
    typed: dict[str, tuple[Typed, ...]] = {}
    for name, text in found.texts.items():
        where = shown(name)
        if splinters.are_in(text):
            refused[name] = TemplateError("template-secret", where=where, what="key", line=None)
        elif found.files.get(name) in of_memory:
            refused[name] = TemplateError("template-secret", where=where, what="file", line=None)
        else:
            passages = memory.passages(text)
            own = [p for p in passages if not p.typed]
            if own:
                line = line_of(text, own[0].run)
                refused[name] = TemplateError(
                    "template-secret", where=where, what="passage", line=line
                )
            typed[name] = tuple(Typed(p.run, line_of(text, p.run)) for p in passages if p.typed)
    return _Judged(refused, {name: runs for name, runs in typed.items() if runs})


@dataclass(frozen=True)
class Memories:
    """A workspace's memory: of the cards' records, and of all the rest.

    What stands within one value of the rest was said to somebody already, a mail's subject perhaps.
    """

    cards: Memory = field(default_factory=Memory)
    rest: Memory = field(default_factory=Memory)

    @staticmethod
    def of(files: Iterable[KeptFile], keys: tuple[bytes, ...]) -> Memories:
        """Of a memory's files, without the keys: it travels."""
        apart: dict[bool, list[str]] = {True: [], False: []}
        for file in files:
            text = file.text
            for key in keys:
                text = text.replace(key.hex(), "")
            apart[file.name.startswith(_RECORDS) and file.name.endswith(".json")].append(text)
        return Memories(Memory.of(apart[True]), Memory.of(apart[False]))

    @staticmethod
    def at(workspace: Workspace) -> Memories:
        """The memory as it stands on the disk, as far as a process apart can hold it."""
        return Memories.of(kept_files(workspace, _TRAVELS), workspace.keys)

    def passages(self, text: str) -> tuple[Passage, ...]:
        """What a text has in common with it and is no chance, however it is disguised."""
        if len(text) < SHORTEST:
            return ()
        said = dict.fromkeys((*ways(text), *packed(text)))
        found = (one for way in said for one in self._in(way))
        return tuple(dict.fromkeys(found))

    def _in(self, text: str) -> tuple[Passage, ...]:
        return (*self.cards.passages(text), *self.rest.passages(text, typed=False))


_TRAVELS = 24_000_000  # letters: some thousand records
_RECORDS = ".kamxl/issued/"
