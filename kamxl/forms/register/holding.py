"""Which cards wait for the register to be mended: those that show what is wrong, and no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kamxl.core.cards.asking import Asking, language_of
from kamxl.core.finding import Finding
from kamxl.core.ids import same_id
from kamxl.core.records.register import Account, Contact, HeldCard, Register, Segment
from kamxl.forms.register.draft import Draft, Scope, Touch, scope

_MOST_REASONS = 20  # per card; whoever has mended these sees the others


def held_cards(draft: Draft, register: Register) -> tuple[HeldCard, ...]:
    """Every card that waits, in the order of the register; then those of which less is known."""
    if not draft.holds:
        return ()
    holds = _Holds(draft, register)
    found: dict[Scope, HeldCard] = {}
    named: set[Scope] = set()
    for ids, reasons in (*holds.known(), *holds.lost()):
        key = account, segment, respondent = scope(*(one or "" for one in ids))
        if key in named and key not in found:
            continue  # a whole card says more
        named |= {(account, segment, ""), (account, "", respondent)} - {(account, "", "")}
        before = found[key].findings if key in found else ()
        every = tuple(dict.fromkeys((*before, *reasons)))[:_MOST_REASONS]
        found[key] = HeldCard(*ids, every)
    return tuple(found.values())


Ids = tuple[str, str | None, str | None]
# Where a mistake is noted: the kind of its touch (see ``_place``) and ids.
Place = tuple[str, Scope]


class _Holds:
    """What each mistake touches, indexed, so that no card goes through all of them."""

    def __init__(self, draft: Draft, register: Register) -> None:
        named = draft.named
        self._draft, self._register = draft, register
        self._accounts = [*named.accounts, *_only_named(named.accounts, named.segments)]
        whole = replace(
            register,
            accounts=tuple(self._accounts),
            segments=tuple(named.segments),
            contacts=tuple(named.contacts),
            competitors=tuple(named.competitors),
        )
        self._asking = Asking(whole)
        self._known = {same_id(account.id) for account in named.accounts}
        self._by: defaultdict[Place, list[Finding]] = defaultdict(list)
        for found, touch in draft.holds:
            noted = self._by[_place(touch)]
            if not touch.lost and len(noted) < _MOST_REASONS:
                noted.append(found)

    def known(self) -> Iterator[tuple[Ids, tuple[Finding, ...]]]:
        """The cards that all rows together name, if a mistake touches them."""
        for account in self._accounts:
            segments = self._asking.segments(account)
            if not segments and self._draft.tables["segments"].broken:
                yield from self._card(account, None, (), None)
            for segment in segments:
                reasons = list(self._of_segment(segment))
                contacts = self._asking.respondents(segment)
                if not contacts and self._draft.tables["contacts"].broken:
                    yield from self._card(account, segment, reasons, None)
                for contact in contacts:
                    yield from self._card(account, segment, reasons, contact)

    def lost(self) -> Iterator[tuple[Ids, tuple[Finding, ...]]]:
        """What would be there if its row could be read."""
        for found, touch in self._draft.holds:
            if touch.lost and touch.account:
                yield (touch.account, touch.segment or None, touch.respondent or None), (found,)

    def _card(
        self,
        account: Account,
        segment: Segment | None,
        reasons: Iterable[Finding],
        contact: Contact | None,
    ) -> Iterator[tuple[Ids, tuple[Finding, ...]]]:
        """The card with all that touches it; nothing if that is nothing."""
        own, part = account.id, segment.id if segment else ""
        every = [*reasons]
        for ids in _places(own, part, contact.id if contact else ""):
            every += self._by.get(("", ids), ())
        if not (contact and contact.language):
            every += self._by.get(("spoken", scope(own, "", "")), ())
            every += () if account.language else self._by.get(("spoken", ("", "", "")), ())
        if contact and self._in_second(account, contact):
            catalogue = segment.catalogue if segment else ""
            every += self._by.get(("catalogue-second", scope(catalogue)), ()) if catalogue else ()
            for ids in _places(own, part, contact.id):
                every += self._by.get(("second", ids), ())
        if same_id(own) not in self._known:
            every += self._draft.tables["accounts"].wrong
        if every:
            yield (own, part or None, contact.id if contact else None), tuple(every)

    def _in_second(self, account: Account, contact: Contact) -> bool:
        """Whether a card is in the register's second language."""
        spoken = language_of(self._register, account, contact)
        return spoken == self._register.settings.language2

    def _of_segment(self, segment: Segment) -> Iterator[Finding]:
        """What touches all cards of a segment by its catalogue or its rivals."""
        if segment.catalogue:
            yield from self._by.get(("catalogue", scope(segment.catalogue)), ())
        if not segment.named_rivals:
            return
        for ids in _places(segment.account, segment.id, ""):
            yield from self._by.get(("rivals", ids), ())
        for rival in self._asking.named_competitors(segment):
            yield from self._by.get(("rival", scope(rival.id)), ())


def _place(touch: Touch) -> Place:
    """Where a touch is noted."""
    if touch.catalogue:
        return f"catalogue{'-second' if touch.second else ''}", scope(touch.catalogue)
    if touch.rival:
        return "rival", scope(touch.rival)
    kinds = ((touch.rivals, "rivals"), (touch.spoken, "spoken"), (touch.second, "second"))
    kind = next((kind for is_so, kind in kinds if is_so), "")
    return kind, scope(touch.account, touch.segment, touch.respondent)


def _places(account: str, segment: str, respondent: str) -> tuple[Scope, ...]:
    """Where a mistake may be noted that touches this card, from the widest to the closest."""
    own, part, who = scope(account, segment, respondent)
    wide = [("", "", ""), (own, "", ""), (own, part, ""), (own, "", who), (own, part, who)]
    return tuple(dict.fromkeys(wide))


def _only_named(accounts: Iterable[Account], segments: Iterable[Segment]) -> list[Account]:
    """Accounts that only segments name, because the table of accounts could not be read whole."""
    known = {same_id(account.id) for account in accounts}
    named = {same_id(s.account): Account(s.account, "") for s in segments}
    return [account for key, account in named.items() if key not in known]
