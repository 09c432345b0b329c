"""What was sent: one small file per attempt and outcome, written once and never changed.

Before a message goes out its "begun" is on the disk, afterwards its outcome. A message with neither
outcome may have gone out: nobody sends it again unasked. Names say it all, so a damaged record
costs nothing but its details; interrupted writes leave other names, which nobody reads. They are
not swept: another run may be writing one right now, and sending is no matter to risk for tidiness.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from kamxl.store import atomic
from kamxl.store.paths import check_length
from kamxl.store.reading import content
from kamxl.store.workspace import Workspace, kept_in

KEY_DIGITS = 32
_NAME = re.compile(
    rf"([0-9a-f]{{{KEY_DIGITS}}})-([0-9a-f]{{{KEY_DIGITS}}})-([0-9]{{3,}})-(begun|sent|unsent)\.json"
)
_LARGEST = 100_000  # bytes; a record has about 500


class Step(StrEnum):
    """BEGUN before a message goes out; SENT or UNSENT (refused, or not handed over) after it."""

    BEGUN = "begun"
    SENT = "sent"
    UNSENT = "unsent"


class State(StrEnum):
    """What is known of a message: OPEN may be sent, DOUBT may have been."""

    OPEN = "open"
    SENT = "sent"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Key:
    """A message: ``place`` stands for kind, account, segment, respondent, period and address,
    ``content`` for which card it is about.

    Both are ``KEY_DIGITS`` hexadecimal digits.
    """

    place: str
    content: str


class SentLog:
    """The log of a workspace, as it stood when this was made plus what was added through it.

    WorkspaceError: it cannot be looked at, and what was sent might go out again.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._folder = workspace.memory / "sent"
        self._steps: dict[Key, dict[int, set[Step]]] = {}
        self._places: dict[str, set[Key]] = {}
        self._contents: dict[str, set[Key]] = {}
        for key, attempt, step in _names(kept_in(workspace.root, self._folder.name)):
            self._note(key, attempt, step)

    def check_room(self) -> None:
        """WorkspaceError if the paths of the log would be too long to be written."""
        check_length(self._path(Key("0" * KEY_DIGITS, "0" * KEY_DIGITS), 1, Step.UNSENT))

    def state(self, key: Key) -> State:
        """What is known of a message."""
        attempts = self._steps.get(key, {}).values()
        if any(Step.SENT in steps for steps in attempts):
            return State.SENT
        return State.DOUBT if any(steps == {Step.BEGUN} for steps in attempts) else State.OPEN

    def sent_before(self, key: Key) -> bool:
        """Whether another message of that kind about the same card was sent to the same person."""
        others = self._places.get(key.place, set()) - {key}
        return any(self.state(other) is State.SENT for other in others)

    def others(self, key: Key) -> list[Key]:
        """Other messages of that kind about the same card, or one it was, to the same person."""
        found = self._places.get(key.place, set()) - {key}
        return sorted(found, key=lambda other: other.content)

    def alike(self, key: Key) -> list[Key]:
        """Other messages about the same content: of another kind, or to another person or address.

        What each was, its record tells.
        """
        found = self._contents.get(key.content, set()) - {key}
        return sorted(found, key=lambda other: other.place)

    def told(self, key: Key) -> Mapping[str, Any]:
        """What was written down about a message, when it was sent if it was; empty: damaged."""
        attempts = self._steps.get(key, {})
        for step in (Step.SENT, Step.UNSENT, Step.BEGUN):
            for number in sorted(n for n, steps in attempts.items() if step in steps):
                with contextlib.suppress(OSError, ValueError, RecursionError):
                    found = json.loads(content(self._path(key, number, step), _LARGEST))
                    if isinstance(found, dict):
                        return found
        return {}

    def begin(self, key: Key, record: Mapping[str, Any]) -> int | None:
        """Write down that a message is about to go out; the number of the attempt.

        None: another run has just begun the same one. OSError: it is not written, do not send.
        """
        attempt = max(self._steps.get(key, {}), default=0) + 1
        return attempt if self._write(key, attempt, Step.BEGUN, record) else None

    def finish(self, key: Key, attempt: int, step: Step, record: Mapping[str, Any]) -> None:
        """Write down what became of an attempt (OSError: it is not, and stays in doubt)."""
        self._write(key, attempt, step, record)

    def _write(self, key: Key, attempt: int, step: Step, record: Mapping[str, Any]) -> bool:
        made = atomic.create(self._path(key, attempt, step), _text({"step": step, **record}))
        self._note(key, attempt, step)
        return made

    def _note(self, key: Key, attempt: int, step: Step) -> None:
        self._places.setdefault(key.place, set()).add(key)
        self._contents.setdefault(key.content, set()).add(key)
        self._steps.setdefault(key, {}).setdefault(attempt, set()).add(step)

    def _path(self, key: Key, attempt: int, step: Step) -> Path:
        return self._folder / f"{key.place}-{key.content}-{attempt:03}-{step}.json"


def forget(workspace: Workspace, without: Callable[[str], str]) -> int:
    """Say the records anew without somebody, in how many; each still tells which mail it is of.

    ``without``: a text without her. OSError: the rest is as it was. A damaged record tells nobody.
    """
    changed = 0
    for path in kept_in(workspace.root, "sent"):
        with contextlib.suppress(ValueError, RecursionError):
            told = json.loads(content(path, _LARGEST)) if _NAME.fullmatch(path.name) else None
            if not isinstance(told, dict):
                continue
            new = {k: without(v) if isinstance(v, str) else v for k, v in told.items()}
            if new != told:
                changed += 1
                atomic.write(path, _text(new))
    return changed


def _text(record: Mapping[str, Any]) -> bytes:
    text = json.dumps(record, ensure_ascii=False, indent=1)
    return (text + "\n").encode("utf-8", "replace")


def _names(paths: Iterable[Path]) -> Iterator[tuple[Key, int, Step]]:
    for path in paths:
        named = _NAME.fullmatch(path.name)
        if named:
            place, content, attempt, step = named.groups()
            yield Key(place, content), int(attempt), Step(step)
