"""Which replies count: of several cards of one person the latest; another name is another person.

Whether a name is another one, ``persons`` decides. A name that may be the person's who was asked,
and may be another's, counts only while it is the one answer to its card; beside another answer it
waits for a decision, so that nobody counts twice and nobody's answer is lost for a spelling.

The result does not depend on the order in which the files are met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from kamxl.core.cards.persons import Addressee, Who, called, names_part_of, told_apart, who
from kamxl.core.cards.timing import lateness
from kamxl.core.finding import Finding, finding
from kamxl.core.ids import US, is_spare, same_id, same_name
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.records.decision import Ruling
from kamxl.core.records.page import Asks
from kamxl.core.records.person import Called
from kamxl.core.records.register import CardKey, CardOrder, Reply

_ONE_MORE = frozenset({Ruling.OTHER_PERSON, Ruling.AS_TYPED})


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one reply.

    ``shared``: it came back under another name than the one it was issued to. ``waits``: it does
    not count until somebody decides whose it is. ``unsure``: it counts, and that is to be asked.
    ``findings``: those made here; the reply keeps its own.
    """

    reply: Reply
    counts: bool
    shared: bool
    findings: tuple[Finding, ...]
    waits: bool = False
    unsure: bool = False


class Rater(NamedTuple):
    """Who gave a reply: ``key`` tells persons apart, ``who`` is she to whom it was issued.

    ``contact``: the card of another person that was asked and is called so, too.
    """

    key: str
    who: Who
    contact: CardOrder | None = None


def settle(replies: Sequence[Reply], asked: Iterable[CardOrder] = ()) -> tuple[Settled, ...]:
    """Each reply with what became of it, in the order given. Sources are taken to be unique.

    Replies compete within account, segment, respondent, period and person, see ``raters``. The
    one saved last counts, as ``timing`` tells it; then the later source.
    ``asked``: all cards that were issued; by them a contact is known who has a card of her own.
    """
    others = _by_account(asked)
    by_key: defaultdict[CardKey, list[int]] = defaultdict(list)
    for place, reply in enumerate(replies):
        by_key[reply.order.key].append(place)
    found: dict[int, Settled] = {}
    for places in by_key.values():
        own = [replies[place] for place in places]
        for place, one in zip(places, _of_card(own, others, by_key.keys()), strict=True):
            found[place] = one
    return tuple(_within_cards([found[place] for place in range(len(replies))], others))


def _within_cards(
    settled: Sequence[Settled], others: Mapping[tuple[str, str], Sequence[CardOrder]]
) -> list[Settled]:
    """The same, where a profile does not count beside a card on which the same person weighs.

    What else she wrote on the profile counts with that card, where it says nothing there.
    """
    together: defaultdict[CardKey, list[int]] = defaultdict(list)
    for place, one in enumerate(settled):
        if one.counts and one.reply.order.asks is not Asks.REPLY:
            together[one.reply.order.key._replace(asks=Asks.CARD)].append(place)
    final = list(settled)
    for key, places in together.items():
        if all(settled[place].reply.order.asks is Asks.CARD for place in places):
            continue
        replies = [settled[place].reply for place in places]
        who = raters(replies, others.get((key.account, key.period), ()))
        by = {
            rater.key: place
            for place, reply, rater in zip(places, replies, who, strict=True)
            if reply.order.asks is Asks.CARD and reply.answers.scorecard.weights_sum > 0
        }
        for place, rater in zip(places, who, strict=True):
            one = settled[place]
            if one.reply.order.asks is Asks.PROFILE and rater.key in by:
                card = final[by[rater.key]]
                told = finding("profile-in-card", by=card.reply.source)
                final[place] = replace(one, counts=False, findings=(*one.findings, told))
                made = with_words_of(card.reply, one.reply)
                final[by[rater.key]] = replace(card, reply=made)
    return final


def with_words_of(card: Reply, profile: Reply) -> Reply:
    """A card with what the same person wrote on her profile, where she left it blank here: what is
    good, comments on what both ask, and the steps of a meeting. No figure is taken over.
    """
    own, before = card.answers, profile.answers
    asked = {same_id(r.id): r.id for r in own.scorecard.requirements if not is_spare(r.id)}

    def both(here: Mapping[str, str], there: Mapping[str, str]) -> dict[str, str]:
        more = {asked[same_id(i)]: text for i, text in there.items() if same_id(i) in asked}
        return more | {i: text for i, text in here.items() if text}

    made = replace(
        own,
        good=both(own.good, before.good),
        comments=both(own.comments, before.comments),
        steps=own.steps or before.steps,
    )
    return replace(card, answers=made)


def _of_card(
    replies: Sequence[Reply],
    others: Mapping[tuple[str, str], Sequence[CardOrder]],
    answered: Iterable[CardKey],
) -> list[Settled]:
    """What became of all replies to one card."""
    key = replies[0].order.key
    found = raters(replies, others.get((key.account, key.period), ()))
    alone = len({rater.key for rater in found}) == 1
    waits = [
        rater.who is Who.DOUBT and not (alone and not _is_answered(rater.contact, key, answered))
        for rater in found
    ]
    groups: defaultdict[str, list[Reply]] = defaultdict(list)
    for reply, rater, waiting in zip(replies, found, waits, strict=True):
        if not waiting:
            groups[rater.key].append(reply)
    return [
        _waiting(reply, rater) if waiting else _settled(reply, rater, groups[rater.key])
        for reply, rater, waiting in zip(replies, found, waits, strict=True)
    ]


def _is_answered(contact: CardOrder | None, key: CardKey, answered: Iterable[CardKey]) -> bool:
    """Whether the contact who is called so has answered her own card to the same segment."""
    return contact is not None and key._replace(respondent=contact.key.respondent) in answered


def _by_account(asked: Iterable[CardOrder]) -> dict[tuple[str, str], list[CardOrder]]:
    found: dict[tuple[str, str], dict[str, CardOrder]] = {}
    for order in sorted(asked, key=lambda order: (order.key, order.respondent_name)):
        if not order.test:
            account = found.setdefault((order.key.account, order.key.period), {})
            account.setdefault(f"{order.key.respondent} {same_name(order.respondent_name)}", order)
    return {key: list(orders.values()) for key, orders in found.items()}


def raters(replies: Sequence[Reply], asked: Sequence[CardOrder] = ()) -> list[Rater]:
    """Who gave each of the replies to one respondent's cards.

    A name in whatever spelling is one person, be it hers or another's. A blank is the person the
    card was issued to, if she typed her name elsewhere or nobody did; else the only other person
    who did; else one more, without a name: all such blanks together. "-" is no blank, but she. A
    corrected name in the register makes nobody a second respondent. ``asked``: cards of her account
    and period.
    """
    orders = sorted({r.order for r in replies}, key=lambda o: (o.respondent_name, o.respondent))
    heads = told_apart(order.respondent_name for order in orders)
    judged = [_judged(reply, orders, asked) for reply in replies]
    others = told_apart(one.name for one in judged if one.who is not Who.SAME)

    def key(one: _Judged) -> str:
        if one.who is not Who.SAME:
            return f"+{others[same_name(one.name)]}"
        return f"={heads[same_name(one.name)]}"

    typed = {key(one) for one in judged if not one.blank}
    doubted = any(one.who is Who.DOUBT for one in judged if not one.blank)
    only = next(iter(typed)) if len(typed) == 1 and not doubted else "="
    keys = (key(one) if not one.blank or key(one) in typed else only for one in judged)
    return [Rater(key, one.who, one.contact) for key, one in zip(keys, judged, strict=True)]


def persons_of(replies: Sequence[Reply]) -> list[str]:
    """Who answered, for each reply to one respondent's cards: what tells persons apart."""
    return [rater.key for rater in raters(replies)]


def is_hers(reply: Reply, *names: str) -> bool:
    """Whether the person the card was issued to gave the reply herself, or nobody says otherwise.

    ``names``: what she is called by now, beside the name on the card.
    """
    judged = _judged(reply, [reply.order])
    if judged.who is Who.SAME or (reply.decision and reply.decision.ruling in _ONE_MORE):
        return judged.who is Who.SAME
    return any(who(called(reply.answers), Addressee(name)) is Who.SAME for name in names)


def person_of(reply: Reply) -> str:
    """The name of who answered: of the person asked as it was asked, of another as she typed it."""
    judged = _judged(reply, [reply.order])
    typed = reply.answers.name.strip()
    hers = judged.who is Who.SAME or not typed
    return (reply.order.respondent_name or typed) if hers else judged.shown or typed


class _Judged(NamedTuple):
    """Whom the name on one reply names: ``name`` is hers on her card, or the one that was typed.

    ``shown``: the name to show instead of the typed one, "" for that.
    """

    who: Who
    name: str
    blank: bool = False
    contact: CardOrder | None = None
    shown: str = ""


def _judged(reply: Reply, orders: Sequence[CardOrder], asked: Sequence[CardOrder] = ()) -> _Judged:
    """``orders``: all issued to her, perhaps under other names; ``asked``: her account's cards."""
    own = reply.order
    typed = _without_company(called(reply.answers), own)
    name = " / ".join(sorted(typed.names))
    ruling = reply.decision.ruling if reply.decision else None
    if ruling in _ONE_MORE and name:
        return _Judged(Who.OTHER, name)
    if ruling is Ruling.ANSWER_OF:
        return _Judged(Who.SAME, own.respondent_name)
    if ruling is Ruling.SAME_PERSON and reply.decision is not None:
        return _of_decision(reply.decision.person, own, orders, asked)
    found = _among(typed, (own, *orders))
    if found is not None:
        return _Judged(Who.SAME, found.respondent_name, blank=not reply.answers.name.strip())
    strangers = (o for o in asked if o.key.respondent != own.key.respondent)
    near = sorted(strangers, key=lambda order: order.key.segment != own.key.segment)
    contact = _among(typed, near)
    if contact is not None:
        return _Judged(Who.DOUBT, contact.respondent_name, contact=contact)
    found_out = who(typed, Addressee.of(own))
    if found_out is Who.OTHER and _is_on_card(typed, own):
        found_out = Who.DOUBT
    return _Judged(found_out, name)


def _without_company(typed: Called, order: CardOrder) -> Called:
    """What was typed without the customer's name, where it stands beside a person's."""
    asked = Addressee.of(order)
    people = tuple(
        name
        for name in typed.names
        if who(Called((name,)), asked) is Who.SAME or not names_part_of(name, order.account_name)
    )
    return Called(people, typed.sure) if people else typed


def _is_on_card(typed: Called, order: CardOrder) -> bool:
    """Whether the names are those of the customer, or of who sent the card: perhaps for her."""
    ours = Addressee(order.sender_name, email=order.sender_email)
    return any(
        names_part_of(name, order.account_name) or who(Called((name,)), ours) is Who.SAME
        for name in typed.names
    )


def _of_decision(
    person: str, own: CardOrder, orders: Sequence[CardOrder], asked: Sequence[CardOrder]
) -> _Judged:
    """Somebody decided that it is that person, by her contact id or her name; "": who was asked."""
    named = Called((person,) if person.strip() else ())
    found = _among(named, (own, *orders))
    if found is not None:
        return _Judged(Who.SAME, found.respondent_name)
    contact = _among(named, asked)
    shown = contact.respondent_name if contact else person.strip()
    return _Judged(Who.OTHER, shown, contact=contact, shown=shown)


def _among(typed: Called, orders: Iterable[CardOrder]) -> CardOrder | None:
    """The first card that was issued to whom a name names; None: none of them."""
    return next((o for o in orders if who(typed, Addressee.of(o)) is Who.SAME), None)


def _lateness(reply: Reply) -> tuple[bool, datetime, str]:
    return lateness(reply.saved, reply.claimed, reply.source)


def _waiting(reply: Reply, rater: Rater) -> Settled:
    """A reply that may be another person's than the one of whom there is an answer, too."""
    return Settled(reply, False, False, (_doubt("name-doubt", reply, rater),), waits=True)


def _doubt(code: str, reply: Reply, rater: Rater) -> Finding:
    contact = rater.contact.respondent_name if rater.contact else ""
    names = {"name": reply.answers.name.strip(), "issued_to": reply.order.respondent_name}
    return finding(code, value=names["name"], contact=contact, **names)


def _settled(reply: Reply, rater: Rater, rivals: Sequence[Reply]) -> Settled:
    winner = max(rivals, key=_lateness)
    found = []
    unsure = rater.who is Who.DOUBT
    shared = rater.who is Who.OTHER and bool(same_name(reply.order.respondent_name))
    named = _named(reply)
    if named and rater.who is Who.OTHER and rater.contact is None and len(rivals) == 1:
        found.append(finding("decision-nobody", value=named, person=named))
    if shared:
        contact = rater.contact.respondent_name if rater.contact else ""
        name = contact or named or reply.answers.name.strip()
        found.append(finding("shared-card", name=name, issued_to=reply.order.respondent_name))
    if unsure:
        found.append(_doubt("name-unsure", reply, rater))
    if reply is not winner:
        found.append(finding("superseded", by=winner.source))
        return Settled(reply, False, shared, tuple(found), unsure=unsure)
    found.extend(_covers_less(winner, rivals))
    return Settled(reply, True, shared, tuple(found), unsure=unsure)


def _named(reply: Reply) -> str:
    """The person who gave it, if somebody decided that it is the same as another."""
    decision = reply.decision
    same = decision is not None and decision.ruling is Ruling.SAME_PERSON
    return decision.person.strip() if decision is not None and same else ""


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
