"""One set of requirement ids for all replies to a segment, so that they can be combined."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from kamxl.core.ids import SPARE_PREFIX, is_spare, same_id, same_name
from kamxl.core.records.register import Reply, Requirement, Scorecard


def one_language(replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """The replies to one segment under common requirement ids, so that they can be combined.

    Ids get the first-seen spelling. A requirement the customer added is the same as another's if
    its text is; "own1" of two persons are two requirements otherwise, and the later one gets the
    next free number. The minimum, which never leaves the house, comes from the issued record.
    """
    spelling: dict[str, str] = {}
    own: dict[str, str] = {}
    made = []
    for reply in replies:
        ids: dict[str, str] = {}
        for requirement in reply.answers.scorecard.requirements:
            ids[requirement.id] = _common_id(requirement, spelling, own, ids.values())
        made.append(reply if _as_it_is(reply, ids) else _renamed(reply, ids))
    return tuple(made)


def _common_id(
    requirement: Requirement,
    spelling: dict[str, str],
    own: dict[str, str],
    taken: Collection[str],
) -> str:
    """``own``: text of an added requirement to its id; ``taken``: ids this card has already."""
    if not is_spare(requirement.id):
        return spelling.setdefault(same_id(requirement.id), requirement.id)
    said = same_name(requirement.label)
    if said in own and own[said] not in taken:
        return own[said]
    number, chosen = 0, requirement.id
    while same_id(chosen) in spelling:
        number += 1
        chosen = f"{SPARE_PREFIX}{number}"
    spelling[same_id(chosen)] = chosen
    if said:  # without a text nobody can say that two are the same
        own.setdefault(said, chosen)
    return chosen


def _as_it_is(reply: Reply, ids: Mapping[str, str]) -> bool:
    """Whether the common ids and the minimums are those it has: mostly, and a copy is dear."""
    card, minimums = reply.answers.scorecard, _minimums(reply)
    own = {same_id(i): i for i in ids}
    keys = (*reply.answers.comments, *reply.answers.good)
    return (
        not (card.unweighted or card.unrated)
        and all(common == i for i, common in ids.items())
        and all(own.get(same_id(key), key) == key for key in keys)
        and all(repr(minimums.get(same_id(r.id), r.minimum)) == repr(r.minimum)
                for r in card.requirements)
    )  # fmt: skip


def _minimums(reply: Reply) -> dict[str, float | None]:
    return {same_id(asked.id): asked.minimum for asked in reply.order.requirements}


def _renamed(reply: Reply, ids: Mapping[str, str]) -> Reply:
    answers = reply.answers
    minimums, requirements = _minimums(reply), []
    for found in answers.scorecard.requirements:
        minimum = minimums.get(same_id(found.id), found.minimum)
        requirements.append(replace(found, id=ids[found.id], minimum=minimum))
    ratings = {
        supplier: {ids[i]: rating for i, rating in by.items()}
        for supplier, by in answers.scorecard.ratings.items()
    }
    folded = {same_id(i): common for i, common in ids.items()}
    comments, good = (
        {folded.get(same_id(i), i): text for i, text in said.items()}
        for said in (answers.comments, answers.good)
    )
    told = replace(answers, comments=comments, good=good)
    card = Scorecard(tuple(requirements), ratings)
    return replace(reply, answers=replace(told, scorecard=card))
