"""What one look finds: a record with a state, and the key of the sentence that tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kamxl.errors import KamxlError
from kamxl.wording.mistakes import reason
from kamxl.wording.texts import Texts

State = Literal["well", "less", "blocked"]


@dataclass(frozen=True, slots=True)
class Look:
    """What was looked at (``part``: "office") and found (``case``: "missing").

    ``state``: all is well; it works with less, or something wants a hand ("less"); or something
    cannot be done at all ("blocked"). Its sentence, with the mend, stands under
    ``doctor.<part>.<case>``, and names the ``values``; an OSError among them is said in words. Of a
    ``problem`` its own sentences are told instead.
    """

    part: str
    case: str = "well"
    state: State = "well"
    values: Mapping[str, object] = field(default_factory=dict)
    problem: KamxlError | None = None

    def told(self, said: Texts) -> str:
        """The sentence, in the language of the texts."""
        if self.problem is not None:
            return self.problem.said(said.language)
        worded = {
            name: reason(value, said.language) if isinstance(value, OSError) else value
            for name, value in self.values.items()
        }
        return said(f"doctor.{self.part}.{self.case}", **worded)


def less(part: str, case: str, **values: object) -> Look:
    """Something that works with less, or wants a hand."""
    return Look(part, case, "less", values)


def blocked(part: str, case: str, **values: object) -> Look:
    """Something that keeps kamxl from working."""
    return Look(part, case, "blocked", values)


def well(part: str, case: str = "well", **values: object) -> Look:
    """Something that is as it should be."""
    return Look(part, case, "well", values)


def refused(part: str, problem: KamxlError) -> Look:
    """Something that an error of ours says already, with what to do."""
    return Look(part, problem.code, "blocked", {}, problem)
