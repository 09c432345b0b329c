"""Saying a letter with a team's own templates: in a process apart, which may use so much.

Ours are said here. A process is kept for all mails of a run; what a template does there (an endless
loop, all the memory) ends with a sentence that names it.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from kamxl.apart import Allowance, Died, call, raises
from kamxl.errors import MachineError, TemplateError
from kamxl.forms.letters.letter import PARTS, Letter, Letters, Wording, whole
from kamxl.forms.letters.reading import LetterReading
from kamxl.store.templates import shown
from kamxl.wording.templating import Slow, Sources, costly
from kamxl.wording.texts import texts

_MOST = Allowance(seconds=3, patience=60)
_SECONDS = 1.0  # of work for one letter, whose words take some thousandths
_EVERY = 0.2  # seconds until it is told again: what folds constants catches the first time
_BEGIN, _EACH = 20.0, 0.1  # seconds of work for all letters of a run, and for each of them


@dataclass(frozen=True, slots=True)
class Question:
    """Which ``parts`` of a letter are to be said, in which language."""

    letter: Letter
    language: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The words of each part that was asked for, and how many ``seconds`` of work they took."""

    words: dict[str, str]
    seconds: float


@raises(Slow, TemplateError, ValueError)
def say(question: Question, own: Sources) -> Said:
    """What the process apart does to write a letter."""
    return _timed(question, _made(own).letters.part)


@raises(Slow, TemplateError, ValueError)
def read(question: Question, own: Sources) -> Said:
    """What the process apart does to prove one: by other means."""
    return _timed(question, _made(own).reading.part)


@raises(Slow, TemplateError, ValueError)
def own_files(question: tuple[str, str], own: Sources) -> list[str]:
    """What the process apart does to find of which own templates a template is made."""
    language, name = question
    with hurried():
        return _made(own).reading.own_files(name, language)


@dataclass(slots=True)
class Saying:
    """Says letters, and reads them to be proven, with a team's own templates if there are any."""

    own: Sources
    _letters: Letters = field(init=False, default_factory=Letters, repr=False)
    _ours: LetterReading = field(init=False, default_factory=LetterReading, repr=False)
    _spent: float = field(init=False, default=0.0, repr=False)
    _count: int = field(init=False, default=0, repr=False)
    _made: dict[tuple[str, str], tuple[str, ...]] = field(init=False, default_factory=dict)

    def render(self, letter: Letter, language: str) -> Wording:
        """The words of a letter (TemplateError names template, line and variable)."""
        if not self.own.speaks(language):
            return self._letters.render(letter, language)
        return whole(letter, language, self._asked(say, letter, language))

    def subject(self, letter: Letter, language: str) -> str:
        """The subject alone of what ``render`` says."""
        if not self.own.speaks(language):
            return self._letters.subject(letter, language)
        return self.render(letter, language).subject

    def wording(self, letter: Letter, language: str) -> Wording:
        """What the letter says, found in another way (ValueError: it cannot be read)."""
        if not self.own.speaks(language):
            return self._ours.wording(letter, language)
        return self._ours.whole(letter, language, self._asked(read, letter, language))

    def own_files(self, name: str, language: str) -> tuple[str, ...]:
        """The team's own files of which a template is made: itself, and what it includes."""
        if not self.own.speaks(language):
            return ()
        if (language, name) not in self._made:
            try:
                found = call(own_files, (language, name), self.own, _MOST)
            except (Died, Slow) as died:
                raise _died(died, language, name) from None
            self._made[language, name] = tuple(found)
        return self._made[language, name]

    def _asked(
        self, how: Callable[[Question, Sources], Said], letter: Letter, language: str
    ) -> dict[str, str]:
        try:
            said = call(how, Question(letter, language, PARTS), self.own, _MOST)
        except (Died, Slow) as died:
            raise self._blamed(how, letter, language, died) from None
        self._count, self._spent = self._count + 1, self._spent + said.seconds
        if self._spent > _BEGIN + _EACH * self._count:
            raise costly(shown(f"{language}/{letter.kind}.{PARTS[-1]}"), "time")
        return said.words

    def _blamed(
        self,
        how: Callable[[Question, Sources], Said],
        letter: Letter,
        language: str,
        died: Died | Slow,
    ) -> TemplateError | MachineError:
        """The error of the one part of a letter that ended the process."""
        for part in PARTS:
            try:
                call(how, Question(letter, language, (part,)), self.own, _MOST)
            except (Died, Slow) as of_part:
                return _died(of_part, language, f"{letter.kind}.{part}")
        return _died(died, language, f"{letter.kind}.{PARTS[0]}")


def _died(died: Died | Slow, language: str, name: str) -> TemplateError | MachineError:
    if isinstance(died, Slow):
        return costly(shown(f"{language}/{name}"), "time")
    if died.reason == "killed":
        return MachineError("processes-ended", memory=False, reason=died.reason)
    how = died.reason if died.reason in ("time", "memory") else "crashed"
    return costly(shown(f"{language}/{name}"), how)


class _Made(NamedTuple):
    """What is made once of the templates that were handed in last."""

    own: Sources
    letters: Letters
    reading: LetterReading


_last: list[_Made] = []


def _made(own: Sources) -> _Made:
    if not _last or _last[0].own is not own:
        _last[:] = [_Made(own, Letters(own), LetterReading(own))]
    return _last[0]


def _timed(question: Question, part: Callable[[str, Letter, str], str]) -> Said:
    texts(question.language)  # is loaded once, and no template's doing
    begin = time.process_time()
    with hurried():
        words = {one: part(one, question.letter, question.language) for one in question.parts}
    return Said(words, time.process_time() - begin)


@contextlib.contextmanager
def hurried() -> Iterator[None]:
    """Raise ``Slow`` where a template is when its time is over, so that its line can be told.

    Where the system does not offer that, or Python itself is busy, the process is ended instead.
    """
    main = threading.current_thread() is threading.main_thread()
    if not hasattr(signal, "setitimer") or not main:
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS, _EVERY)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _too_long(*_: object) -> None:
    raise Slow
