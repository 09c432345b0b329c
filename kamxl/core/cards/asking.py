"""What is asked of whom: from the register to the orders for scorecards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kamxl.core.cards.own import confirmed
from kamxl.core.cards.writers import Writers, signed
from kamxl.core.ids import ALTERNATIVE, MAX_REQUIREMENTS, same_id
from kamxl.core.records.page import Asks
from kamxl.core.records.register import (
    Account,
    AskedRequirement,
    CardOrder,
    Competitor,
    Contact,
    ListedRequirement,
    Register,
    Segment,
)

Ids = tuple[str, ...]  # folded: (), (account,), (account, segment) or (catalogue,)


@dataclass(frozen=True, slots=True, order=True)
class _Placed:
    """A contact and its place in the register, by which they are sorted."""

    place: int
    contact: Contact = field(compare=False)


class Asking:
    """A register, indexed once, so that no question goes through all of it again."""

    def __init__(self, register: Register) -> None:
        self._segments: dict[Ids, list[Segment]] = {}
        self._requirements: dict[Ids, list[ListedRequirement]] = {}
        self._second = register.settings.language2
        self._competitors: dict[Ids, dict[str, Competitor]] = {}
        self._contacts: dict[Ids, list[_Placed]] = {}
        self._own: dict[Ids, list[AskedRequirement]] = {}
        for key, asked in confirmed(register.decisions):
            self._own.setdefault((key.account, key.segment), []).append(asked)
        for segment in register.segments:
            self._segments.setdefault(_ids(segment.account), []).append(segment)
        for row in register.requirements:
            # One id is a catalogue, two are an account and its segment.
            of = _ids(row.catalogue) if row.catalogue else _ids(row.account, row.segment)
            self._requirements.setdefault(of, []).append(row)
        for rival in register.competitors:
            of = _ids(*filter(None, (rival.account, rival.segment)))
            known = self._competitors.setdefault(of, {})
            known.setdefault(same_id(rival.competitor.id), rival.competitor)
        for place, contact in enumerate(register.contacts):
            if contact.asked:
                for of in _asked_about(contact):
                    self._contacts.setdefault(of, []).append(_Placed(place, contact))

    def segments(self, account: Account) -> tuple[Segment, ...]:
        """The account's segments, in the order of the register."""
        return tuple(self._segments.get(_ids(account.id), ()))

    def requirements(self, segment: Segment, language: str = "") -> tuple[AskedRequirement, ...]:
        """What the segment's card asks: what is ``listed``, then the customer's own that stay."""
        listed, added = self.listed(segment, language), self.added(segment)
        return (*listed, *added[: max(0, MAX_REQUIREMENTS - len(listed))])

    def added(self, segment: Segment) -> tuple[AskedRequirement, ...]:
        """The customer's own requirements that stay and are not listed, as she calls them."""
        known = {same_id(one.id) for one in self.listed(segment)}
        found: dict[str, AskedRequirement] = {}
        for one in self._own.get(_ids(segment.account, segment.id), ()):
            found.setdefault(same_id(one.id), one)
        return tuple(one for key, one in found.items() if key not in known)

    def listed(self, segment: Segment, language: str = "") -> tuple[AskedRequirement, ...]:
        """The requirements of the segment's catalogue, then its own ones, as the register has them.

        In ``language`` as far as the register has texts in it, else as the team calls them.
        """
        shared = self._requirements.get(_ids(segment.catalogue), ()) if segment.catalogue else ()
        listed = (*shared, *self._requirements.get(_ids(segment.account, segment.id), ()))
        second = bool(language) and language == self._second
        return tuple(one.translated if second else one.asked for one in listed)

    def named_competitors(self, segment: Segment) -> tuple[Competitor, ...]:
        """The rivals known in the segment, each once, sorted by id, named on cards or not.

        One that is listed twice keeps the name of the widest listing.
        """
        found: dict[str, Competitor] = {}
        for of in ((), _ids(segment.account), _ids(segment.account, segment.id)):
            found = self._competitors.get(of, {}) | found
        return tuple(found[key] for key in sorted(found))

    def competitors(self, segment: Segment, alternative_name: str = "") -> tuple[Competitor, ...]:
        """The rivals its card shows: by name, or the one alternative under the name given."""
        if not segment.named_rivals:
            return (Competitor(ALTERNATIVE, alternative_name),)
        return self.named_competitors(segment)

    def respondents(self, segment: Segment) -> tuple[Contact, ...]:
        """Who is asked about the segment, in the order of the register."""
        everywhere = self._contacts.get(_ids(segment.account), ())
        here = self._contacts.get(_ids(segment.account, segment.id), ())
        return tuple(found.contact for found in sorted((*everywhere, *here)))


def _ids(*ids: str) -> Ids:
    return tuple(map(same_id, ids))


def _asked_about(contact: Contact) -> set[Ids]:
    """(account,) for all of its segments, else (account, segment) for each."""
    if not contact.segments:
        return {_ids(contact.account)}
    return {_ids(contact.account, segment) for segment in contact.segments}


def language_of(register: Register, account: Account, contact: Contact) -> str:
    """The contact's language, else the account's, else that of the settings."""
    return contact.language or account.language or register.settings.language


def orders(
    register: Register,
    period: str,
    alternative_name: Callable[[str], str],
    asks: Asks = Asks.CARD,
) -> tuple[CardOrder, ...]:
    """One order per account, segment and respondent, in that order; no card that is held back.

    ``alternative_name`` gives the name of the unnamed rival in a language. ``asks`` PROFILE: who is
    asked jointly has a card all the same, for her meeting begins with the profile.
    """
    asking, writers = Asking(register), Writers(register)
    held = {_ids(h.account, h.segment or "", h.respondent or "") for h in register.held}
    made = (
        _order(register, asking, writers, period, account, segment, contact, alternative_name)
        for account in register.accounts
        for segment in asking.segments(account)
        for contact in asking.respondents(segment)
        if _ids(account.id, segment.id, contact.id) not in held
    )
    return tuple(_profile(one) if asks is Asks.PROFILE and not one.meeting else one for one in made)


def _profile(order: CardOrder) -> CardOrder:
    """The order for a profile instead: nobody is rated."""
    return replace(order, asks=Asks.PROFILE, competitors=(), named_rivals=True)


def _order(
    register: Register,
    asking: Asking,
    writers: Writers,
    period: str,
    account: Account,
    segment: Segment,
    contact: Contact,
    alternative_name: Callable[[str], str],
) -> CardOrder:
    settings = register.settings
    language = language_of(register, account, contact)
    made = CardOrder(
        account=account.id,
        account_name=account.name,
        segment=segment.id,
        segment_name=segment.name,
        respondent=contact.id,
        respondent_name=contact.name,
        period=period,
        language=language,
        company=settings.company,
        requirements=asking.requirements(segment, language),
        competitors=asking.competitors(segment, alternative_name(language)),
        named_rivals=segment.named_rivals,
        respondent_email=contact.email,
        function=contact.function,
        role=contact.role,
        source=contact.source,
        due=settings.due,
        rating_threshold=settings.rating_threshold,
        feedback=segment.feedback,
        keep_years=settings.keep_years,
    )
    return signed(made, writers.of(account.id))
