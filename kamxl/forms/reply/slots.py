"""What must stand in each slot of a page that goes out: stated apart from ``values``.

As ``scorecard.slots`` of a card: of a page that nobody has answered, slot by slot, which visible
value or which text of its language stands there. ``say`` reads a text of the card's language from
its template; the two pages share no code, so neither can cover for the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kamxl.core.cards.shown import ShownCard
from kamxl.core.records.page import (
    PageBenefit,
    PageProgramme,
    PageRow,
    PageStatement,
    ReplyPage,
)
from kamxl.forms.paper.book import Scalar

Say = Callable[..., str]
Slots = Iterator[tuple[str, Scalar]]
Line = PageRow | PageBenefit | PageStatement | PageProgramme
_ASKED = {
    "rows": ("fit", "result", "comment"),
    "benefits": ("seen", "amount", "note"),
    "statements": ("view", "correction"),
    "programmes": ("joint", "remark"),
}


def page_slots(card: ShownCard, say: Say) -> Slots:
    """The slots of the page itself, wherever it stands."""
    page = card.page
    if page is None:
        return
    title = say("reply.title")
    yield "reply.title", say("test_title", title=title) if card.test else title
    yield "reply.to", say("reply.to", period=page.period)
    parts: dict[str, tuple[Line, ...]] = {
        "rows": page.rows,
        "benefits": page.benefits,
        "statements": page.statements,
        "programmes": page.programmes,
    }
    for name, lines in parts.items():
        for at, line in enumerate(lines):
            yield f"{name}.id.{at}", line.id
            yield from ((f"{name}.{key}.{at}", None) for key in _ASKED[name])
    yield from _rows(page, say)
    for at, benefit in enumerate(page.benefits):
        yield f"benefits.metric.{at}", benefit.metric
        unit = _flat(benefit.unit)
        change = say("reply.change", before=benefit.baseline, now=benefit.now, unit=unit)
        yield f"benefits.change.{at}", change or None
    yield from ((f"statements.meant.{at}", one.text) for at, one in enumerate(page.statements))
    for at, programme in enumerate(page.programmes):
        yield from ((f"programmes.{key}.{at}", said) for key, said in _programme(programme, say))


def alone_slots(card: ShownCard, mark: str, say: Say) -> Slots:
    """The slots of a page that is a workbook of its own."""
    both = {"account": card.account_name, "segment": card.segment_name}
    yield "mark", mark
    yield "document", say("reply.document", **both)
    subtitle = say("subtitle", **both, period=card.period)
    yield "subtitle", say("test_subtitle", subtitle=subtitle) if card.test else subtitle
    yield "footer", say("reply.footer", company=card.company, **both)
    yield "start.greeting", say("start.greeting", name=card.respondent_name)
    yield "start.to", card.reply_to or card.sender_email or card.sender_name or card.company
    lines = [card.sender_name, card.sender_function, card.sender_phone, card.company]
    yield "start.contact", "  ·  ".join(line for line in lines if line)
    who = {"company": card.company, "sender": card.sender_name}
    yield "start.data", say("start.data_text", **who, years=card.keep_years)
    yield from (("who.name", card.respondent_name or None), ("who.date", None))
    yield from page_slots(card, say)


def _rows(page: ReplyPage, say: Say) -> Slots:
    again = any(row.said is not None for row in page.rows)
    for at, row in enumerate(page.rows):
        yield f"rows.understood.{at}", row.understood
        yield f"rows.doing.{at}", row.doing or None
        whom = {"theirs": _flat(row.theirs), "ours": _flat(row.ours), "due": row.due}
        yield f"rows.owners.{at}", say("reply.owners", **whom).strip() or None
        if again:
            yield f"rows.said.{at}", say(f"reply.last.{row.said}") if row.said else None


def _programme(programme: PageProgramme, say: Say) -> Slots:
    goal, step, stop = map(_flat, (programme.goal, programme.step, programme.stop))
    yield "goal", say("reply.goal", goal=goal, step=step).strip()
    theirs, ours = map(_flat, (programme.gain_theirs, programme.gain_ours))
    yield "gain", say("reply.gain", theirs=theirs, ours=ours).strip() or None
    theirs, ours = map(_flat, (programme.owner_theirs, programme.owner_ours))
    yield "both", say("reply.both", theirs=theirs, ours=ours, stop=stop).strip() or None


def _flat(text: str) -> str:
    """A text in one line, as it stands within another."""
    return " ".join(text.split())
