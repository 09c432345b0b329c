"""Which replies count: of several cards of one person the latest; another name is another person.

The result does not depend on the order in which the files are met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import US, same_name
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.records.register import Reply

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one reply.

    ``shared``: it came back under another name than the one it was issued to.
    ``findings``: those made here; the reply keeps its own.
    """

    reply: Reply
    counts: bool
    shared: bool
    findings: tuple[Finding, ...]


def settle(replies: Sequence[Reply]) -> tuple[Settled, ...]:
    """Each reply with what became of it, in the order given. Sources are taken to be unique.

    Replies compete within account, segment, respondent, period and person, see ``persons_of``. The
    one saved last counts; one without a time is earlier than any with one; then the later source.
    """
    by_key: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, reply in enumerate(replies):
        by_key[reply.order.key].append(place)
    groups: defaultdict[tuple[object, ...], list[Reply]] = defaultdict(list)
    group_of: dict[int, tuple[object, ...]] = {}
    for key, places in by_key.items():
        persons = persons_of([replies[place] for place in places])
        for place, person in zip(places, persons, strict=True):
            group_of[place] = (key, person)
            groups[key, person].append(replies[place])
    winners = {group: max(rivals, key=_lateness) for group, rivals in groups.items()}
    return tuple(
        _settled(reply, winners[group_of[place]], groups[group_of[place]])
        for place, reply in enumerate(replies)
    )


def persons_of(replies: Sequence[Reply]) -> list[str]:
    """Who answered, for each reply to one respondent's cards, as a compared name.

    A name that was typed is that person. A blank is the person the card was issued to, if she typed
    her name elsewhere; else the only person who did; else one more person, without a name: all such
    blanks together, because a corrected name in the register makes nobody a second respondent.
    """
    typed = {same_name(reply.answers.name) for reply in replies} - {""}
    return [same_name(reply.answers.name) or _of_blank(reply, typed) for reply in replies]


def _of_blank(reply: Reply, typed: set[str]) -> str:
    addressee = same_name(reply.order.respondent_name)
    if addressee in typed:
        return addressee
    return next(iter(typed)) if len(typed) == 1 else ""


def lateness(saved: datetime | None, path: str) -> tuple[bool, datetime, str]:
    """By what files are sorted, the latest last: without a time first; a naive one is UTC."""
    if saved is None:
        return False, _NEVER, path
    return True, saved if saved.utcoffset() is not None else saved.replace(tzinfo=UTC), path


def _lateness(reply: Reply) -> tuple[bool, datetime, str]:
    return lateness(reply.saved, reply.source)


def _settled(reply: Reply, winner: Reply, rivals: Iterable[Reply]) -> Settled:
    found = []
    shared = _is_shared(reply)
    if shared:
        names = {"name": reply.answers.name.strip(), "issued_to": reply.order.respondent_name}
        found.append(finding("shared-card", **names))
    if reply is not winner:
        found.append(finding("superseded", by=winner.source))
        return Settled(reply, False, shared, tuple(found))
    found.extend(_covers_less(winner, rivals))
    return Settled(reply, True, shared, tuple(found))


def _is_shared(reply: Reply) -> bool:
    """Whether another name was typed than the card was issued to; no name on either side: no."""
    typed, addressee = same_name(reply.answers.name), same_name(reply.order.respondent_name)
    return bool(typed and addressee) and typed != addressee


def _covers_less(winner: Reply, rivals: Iterable[Reply]) -> list[Finding]:
    """A warning naming the fullest superseded reply, if it covers more than the one that counts."""
    fullest = max(rivals, key=lambda reply: (_coverage(reply), _lateness(reply)))
    before, now = _coverage(fullest), _coverage(winner)
    if before <= now:
        return []
    return [finding("later-covers-less", earlier=fullest.source, before=before, now=now)]


def _coverage(reply: Reply) -> float:
    """Our own coverage 0..1; an unknown one is 0."""
    return round(reply.answers.scorecard.coverage(US) or 0.0, TIE_DIGITS)
