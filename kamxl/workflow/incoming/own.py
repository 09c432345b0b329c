"""What waits for a decision: answers, and requirements of customers' own; how the latter is typed.

The answer on which a requirement of her own stands counts; what waits is whether the next one asks
it, and under which id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kamxl.core.cards.asking import Asking
from kamxl.core.cards.deciding import UNMARKED
from kamxl.core.cards.own import (
    RULINGS,
    UNDER,
    OwnRequirement,
    is_about_own,
    key_of,
    likely,
    undecided,
)
from kamxl.core.finding import Finding, finding
from kamxl.core.ids import is_id, is_spare, same_id
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.register import AskedRequirement, FileResult, Register, Segment
from kamxl.errors import KamxlError
from kamxl.forms.register.sheets import DECISION

# what may be typed beside the labels and codes of the choice
_SHORT = {
    "new": Ruling.REQUIREMENT_NEW, "same": Ruling.REQUIREMENT_SAME, "leave-out": Ruling.LEAVE_OUT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: the file, why it waits, and what would settle that.

    ``row``: what of the sheet Decisions is known already; its ruling is the likeliest. For a
    requirement of her own (``own``), ``asked`` is what its segment asks by now.
    """

    file: FileResult
    findings: tuple[Finding, ...]
    rulings: tuple[Ruling, ...]
    row: Decision
    asked: tuple[AskedRequirement, ...] = ()

    @property
    def own(self) -> str:
        """The requirement that waits, as the customer calls it; "": it is the answer itself."""
        return self.row.requirement

    @property
    def unmarked(self) -> bool:
        """Whether the file does not say whose answer it is."""
        return any(found.code in UNMARKED for found in self.findings)

    @property
    def named(self) -> str:
        """How ``typed`` names a requirement that waits: "ALPHA/pumps/Recycling"."""
        return f"{self.row.account}/{self.row.segment}/{self.own}"

    def decided(self, ruling: Ruling) -> str:
        """The same with a decision, as it may be typed: "ALPHA/pumps/Recycling=new:RECYCLING"."""
        short = next(word for word, of in _SHORT.items() if of is ruling)
        under = self.row.under if ruling is self.row.ruling else "ID"
        return f"{self.named}={short}{f':{under}' if ruling in UNDER else ''}"


def open_ones(register: Register, files: Iterable[FileResult]) -> tuple[OwnRequirement, ...]:
    """The customers' own requirements that wait for a decision, of segments in the register."""
    there = {(same_id(one.account), same_id(one.id)) for one in register.segments}
    return tuple(one for one in undecided(files, register.decisions) if one.key[:2] in there)


def said(one: OwnRequirement) -> Finding:
    """That it waits, once for all who named it."""
    details = {"account": one.order.account, "segment": one.order.segment}
    return finding("own-undecided", value=one.label, names=", ".join(one.names), **details)


def waiting(files: Iterable[FileResult], register: Register) -> Iterator[Waiting]:
    """The customers' own requirements that wait, each with a row that is whole but for the word."""
    asking, segments = Asking(register), {_key(one): one for one in register.segments}
    taken = {_key(one): _taken(register, one) for one in register.segments}
    for one in open_ones(register, files):
        segment = segments[one.key.account, one.key.segment]
        asked, used = asking.requirements(segment), taken[_key(segment)]
        used += (row.id for row in (*asked, *one.order.requirements))
        ruling, under = likely(one, asked, used)
        used.append(under)
        row = Decision(
            ruling, segment.account, segment.id, requirement=one.label, under=under
        )  # fmt: skip
        rulings = tuple(sorted(RULINGS, key=lambda each: each is not ruling))
        yield Waiting(one.file, (said(one),), rulings, row, asked)


def _key(segment: Segment) -> tuple[str, str]:
    return same_id(segment.account), same_id(segment.id)


def _taken(register: Register, segment: Segment) -> list[str]:
    """The ids that were decided in a segment."""
    own = (one for one in register.decisions if is_about_own(one) and one.under)
    return [
        one.under for one in own if (same_id(one.account), same_id(one.segment)) == _key(segment)
    ]


def typed(text: str, found: Sequence[Waiting]) -> Decision:
    """What "ACCOUNT/SEGMENT/TEXT=new:ID" says (KamxlError: something of it is not there)."""
    name, _, rest = text.rpartition("=")
    word, _, under = rest.partition(":")
    code = DECISION.code(word)
    ruling = _SHORT.get(word.strip().casefold(), Ruling(code) if code else None)
    parts = name.strip().split("/", 2)
    if ruling not in RULINGS or len(parts) < 3:
        raise KamxlError("decide-own-unclear", value=text, offered=", ".join(_SHORT))
    key = key_of(*(part.strip() for part in parts))
    one = next((w for w in found if w.own and _of(w.row) == key), None)
    if one is None:
        raise KamxlError("decide-no-own", value=name.strip())
    given = under.strip() or (one.row.under if ruling is one.row.ruling else "")
    return whole(replace(one.row, ruling=ruling, under=given), found)


def whole(row: Decision, found: Iterable[Waiting]) -> Decision:
    """A decision about a requirement of her own, its id spelled as it is asked (KamxlError: it is
    none that this decision can name).
    """
    if row.ruling not in UNDER:
        return replace(row, under="", person="")
    asked = next(w.asked for w in found if w.own and _of(w.row) == _of(row))
    same = next((one.id for one in asked if same_id(one.id) == same_id(row.under)), None)
    if row.ruling is Ruling.REQUIREMENT_SAME:
        if same is None:
            names = ", ".join(one.id for one in asked)
            raise KamxlError("decide-not-asked", value=row.under, names=names)
        return replace(row, under=same)
    if same is not None:
        raise KamxlError("decide-asked", value=same)
    if not is_id(row.under) or is_spare(row.under):
        raise KamxlError("decide-bad-id", value=row.under)
    return row


def _of(row: Decision) -> tuple[str, str, str]:
    return key_of(row.account, row.segment, row.requirement)
