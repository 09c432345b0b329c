"""What must stand in each slot of a card that goes out: stated apart from ``scorecard_values``.

``scorecard_values`` fills a card in, answered or not, through the core. This page says of a card
nobody has answered, slot by slot, which visible value or which text of its language stands there;
every card that goes out is held against it. The two share no code, so neither can cover for the
other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, StrictUndefined, nodes

from kamxl.core.cards.shown import ShownCard
from kamxl.core.records.page import Asks
from kamxl.forms.paper.book import Scalar
from kamxl.forms.reply.slots import alone_slots, page_slots
from kamxl.forms.scorecard.grid import EFFORTS, WISH_ROWS, row_ids, size_of, supplier_keys
from kamxl.wording.syntax import BeyondError, Reading, Speech
from kamxl.wording.texts import texts

_UNKNOWN, _UNUSED = -1, -2
_OFF_THE_PICTURE = -50.0
_OWN = {"mark", "ids", "label", "weight", "comment", "_good", "name", "function", "role", "date"}

Slots = Iterator[tuple[str, Scalar]]


def slots(card: ShownCard, mark: str) -> dict[str, Scalar]:
    """The value of every slot, by its key."""

    def say(key: str, **values: Any) -> str:
        return _said(card, key, **values)

    if card.asks is Asks.REPLY:
        return dict(alone_slots(card, mark, say))
    found: dict[str, Scalar] = {"mark": mark, **dict(page_slots(card, say))}
    found.update(_start(card))
    nobody = replace(
        card, account="", account_name="", segment="", segment_name="", respondent="",
        respondent_name="",
    )  # fmt: skip
    found |= _of_what_is_asked(nobody)
    if card.asks is Asks.PROFILE or card.meeting:
        found.update(_minutes(card))
    return found


@lru_cache(maxsize=256)
def _of_what_is_asked(card: ShownCard) -> Mapping[str, Scalar]:
    """The slots in which nobody's name stands: whoever is asked the same has them, too."""
    found: dict[str, Scalar] = {}
    for part in (_suppliers, _requirements, _profile, _last, _blank_rows, _results, _facts):
        found.update(part(card))
    return found


def _minutes(card: ShownCard) -> Slots:
    """The minutes before anything is weighed: what is asked, as it stands; no next step."""
    name, profile = card.respondent_name, card.asks is Asks.PROFILE
    yield "minutes.with", _said(card, "minutes.with", name=name) if name else ""
    sheet = _said(card, "first.table_sheet" if profile else "table.sheet")
    yield from (("minutes.date", ""), ("minutes.note", _said(card, "minutes.empty", sheet=sheet)))
    listed = [one for one in card.requirements if one.label]
    for at in range(len(row_ids(card))):
        shown = listed[at] if at < len(listed) else None
        yield f"minutes.place.{at}", at + 1 if shown else ""
        yield f"minutes.label.{at}", shown.label if shown else ""
        yield f"minutes.good.{at}", shown.anchors[2] if shown else ""
        yield from ((f"minutes.weight.{at}", ""), (f"minutes.us.{at}", ""))
    for number in range(5):
        yield from ((f"step.{key}.{number}", None) for key in ("what", "who", "due"))


def _said(card: ShownCard, key: str, **values: Any) -> str:
    """A text of the card's language, read from its template."""
    spoken = texts(card.language)
    source = spoken.source(f"scorecard.{key}")
    if "{" not in source:
        return source[:-1] if source.endswith("\n") else source
    speech = Speech(spoken.manner)
    try:
        return Reading(speech).of(_parsed(source), values)
    except BeyondError:  # a text of a language that somebody added
        return _by_jinja(speech).from_string(source).render(values)


@cache
def _parsed(source: str) -> nodes.Template:
    return Environment(autoescape=False).parse(source)  # noqa: S701 a sheet's text, only read


@cache
def _by_jinja(speech: Speech) -> Environment:
    made = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 a sheet's text
    made.filters |= speech.filters()
    return made


def _start(card: ShownCard) -> Slots:
    account, segment = card.account_name, card.segment_name
    both = {"account": account, "segment": segment}
    issue = {"company": card.company, "period": card.period}
    yield "document", _said(card, "document", **both)
    subtitle = _said(card, "subtitle", **both, **issue)
    yield "subtitle", _said(card, "test_subtitle", subtitle=subtitle) if card.test else subtitle
    yield "footer", _said(card, "footer", **both, **issue)
    yield "profile.footer", _said(card, "profile.footer", **both, period=card.period)
    way = "first" if card.asks is Asks.PROFILE else "meeting" if card.meeting else "start"
    title = _said(card, f"{way}.title")
    yield "start.title", _said(card, "test_title", title=title) if card.test else title
    yield "start.greeting", _said(card, "start.greeting", name=card.respondent_name)
    yield "start.intro", _said(card, f"{way}.intro", **both)
    yield "start.step1", _said(card, f"{way}.step1_text")
    yield "start.step2", _said(card, f"{way}.step2_text")
    rest = {"rivals": len(card.competitors) > 0, "last": card.last_period}
    yield "start.rest", _said(card, f"{way}.rest", **rest)
    back = {"email": card.reply_to or card.sender_email, "due": card.due}
    yield "start.step3", _said(card, f"{way}.step3_text", **back)
    day = texts(card.language).manner.day(card.due) or "–"
    yield "start.due", day
    yield "start.to", card.reply_to or card.sender_email or card.sender_name or card.company
    lines = [card.sender_name, card.sender_function, card.sender_phone, card.company]
    yield "start.contact", "  ·  ".join(line for line in lines if line)
    who = {"company": card.company, "sender": card.sender_name}
    yield "start.data", _said(card, "start.data_text", **who, years=card.keep_years)
    yield "start.feedback_title", _said(card, "start.feedback") if card.feedback else ""
    yield "start.feedback", card.feedback
    yield "who.name", card.respondent_name or None
    yield from ((f"who.{key}", None) for key in ("function", "role", "date"))


def _suppliers(card: ShownCard) -> Slots:
    kind = "" if card.named_rivals else "_alternative"
    names: set[str] = set()
    for at, supplier in enumerate(card.suppliers):
        key = supplier_keys(size_of(card))[at]
        yield f"short.{key}", _short(supplier.name)
        yield from ((f"standing.{key}", at + 1), (f"listed.{key}", at + 1))
        yield f"listed.name.{at}", supplier.name
        for name in ("rank", "total", "coverage", "apart", "common", "word"):
            yield f"listed.{name}.{at}", ""
        yield from ((f"check.{key}", ""), (f"doubt.{key}", 0))
        yield f"name.{key}", supplier.name
        yield f"key.{key}", supplier.id
        yield f"range.{key}", _range(supplier.id, names)
        for result in ("total", "coverage", "rank", *_OF_RIVALS):
            yield f"{result}.{key}", ""
        yield from ((f"{name}.{key}", _UNKNOWN) for name in ("ranked", "heavy", "named"))
        later = (r for r in card.competitors if r.id.casefold() >= supplier.id.casefold())
        yield f"by_id.{key}", sum(1 for _ in later)
    rival = _said(card, f"table.rival{kind}")
    for slot in ("best_label.result", "rival.header", "fact.unjudged"):
        yield slot, rival
    yield "fact.judged", _said(card, f"table.best{kind}")
    us, threshold = _short(card.company), card.rating_threshold
    yield from (("us.header", us), ("picture_x", _said(card, "result.picture_x", us=us)))
    yield "compared.result", _said(card, "result.compared", us=us)
    yield "own_label", _said(card, "table.our_result", us=us)
    yield "picture_crosshair", _said(card, "result.picture_crosshair", threshold=threshold)


def _short(name: str) -> str:
    """A name in a sentence has 32 letters at the most."""
    return name if len(name) < 33 else f"{name[:31]}…"


def _range(id_: str, names: set[str]) -> str:
    """The defined name of a supplier's column: letters of its id, and a number if taken."""
    plain = "".join(letter if re.match("[A-Za-z0-9]", letter) else "_" for letter in id_)
    found, again = plain, 1
    while found.casefold() in names or found.casefold() in _OWN:
        again += 1
        found = f"{plain}_{again}"
    names.add(found.casefold())
    return f"kx_{found}"


def _requirements(card: ShownCard) -> Slots:
    asked = card.requirements
    for at, id_ in enumerate(row_ids(card)):
        label = asked[at].label if at < len(asked) else ""
        scale = asked[at].anchors if at < len(asked) else ("", "", "")
        yield f"id.{at}", id_
        yield f"label.{at}", label
        yield f"anchor.{at}", _said(card, "table.anchor_text", a=scale)
        yield f"calc.label.{at}", label
        yield f"calc.key.{at}", _UNKNOWN if label else _UNUSED
    labelled = [at for at, requirement in enumerate(asked) if requirement.label]
    for at in range(len(row_ids(card))):
        shown = at < len(labelled)
        yield f"calc.rank.{at}", labelled.index(at) + 1 if at in labelled else 0
        yield f"calc.index.{at}", labelled[at] + 1 if shown else 0
        yield f"sorted.place.{at}", at + 1 if shown else ""
        yield f"sorted.label.{at}", asked[labelled[at]].label if shown else ""


def _profile(card: ShownCard) -> Slots:
    """Her page before she weighed anything: what is asked, in the order of the card."""
    labelled = [at for at, requirement in enumerate(card.requirements) if requirement.label]
    for at in range(len(row_ids(card))):
        shown, listed = at < len(labelled), at in labelled
        scale = card.requirements[at].anchors[2] if at < len(card.requirements) else ""
        yield from ((f"calc.given.{at}", scale), (f"calc.good.{at}", scale))
        yield f"calc.weight_key.{at}", _UNKNOWN if listed else _UNUSED
        yield f"calc.weight_rank.{at}", labelled.index(at) + 1 if listed else 0
        yield f"calc.weight_index.{at}", labelled[at] + 1 if shown else 0
        yield f"profile.place.{at}", at + 1 if shown else ""
        yield f"profile.label.{at}", card.requirements[labelled[at]].label if shown else ""
        meant = card.requirements[labelled[at]].anchors[2] if shown else ""
        yield f"profile.good.{at}", meant
        yield from ((f"profile.{key}.{at}", "") for key in ("weight", "us", "gap"))


def _last(card: ShownCard) -> Slots:
    """Her own last answers to what is asked again, and no others."""
    if not card.last:
        return
    yield "last.header", _said(card, "table.last", period=card.last_period)
    said = {one.id.casefold(): (one.weight, one.rating) for one in card.last}
    for at, requirement in enumerate(card.requirements):
        pair = said.get(requirement.id.casefold(), (None, None))
        for key, number in zip(("weight", "us"), pair, strict=True):
            told = None if number is None else _said(card, "table.last_value", value=number)
            yield f"last.{key}.{at}", told


def _blank_rows(card: ShownCard) -> Slots:
    """What the respondent fills in, and what follows from it: nothing yet."""
    numbers = "weight", *supplier_keys(size_of(card))
    for at in range(len(row_ids(card))):
        for key in ("comment", "good", *numbers):
            yield f"{key}.{at}", None
        yield from ((f"number.{key}.{at}", "") for key in numbers)
        yield f"calc.odd.{at}", 0
        for key in ("gap", "calc.lead", *(f"sorted.{k}" for k in _RESULTS)):
            yield f"{key}.{at}", ""
        for key in ("weight", "us", "best", "gap"):
            yield f"calc.{key}.{at}", _UNKNOWN
        yield f"calc.both.{at}", 0
        yield from ((f"calc.x.{at}", _OFF_THE_PICTURE), (f"calc.y.{at}", _OFF_THE_PICTURE))
    for number in range(WISH_ROWS):
        for key in ("issue", "remedy", "importance"):
            yield f"wish.{key}.{number}", None
    for effort in EFFORTS:
        yield from ((f"effort.rating.{effort}", None), (f"effort.comment.{effort}", None))


_OF_RIVALS = ("lead", "common", "apart", "word", "verdict", "contest")
_RESULTS = ("weight", "us", "best", "gap", "lead")


def _results(card: ShownCard) -> Slots:
    yield from (("sum", 0), ("left", _said(card, "table.left_some", left="100")))
    yield "rated", _said(card, "table.rated_of", rated=0, of=len(card.requirements))
    yield from (("status", _said(card, "table.status_empty")), ("state.code", 1))
    yield "check.label", ""
    apart = _said(card, "result.label_apart")
    when = _said(card, "result.empty", sheet=_said(card, "table.sheet"))
    for slot, value in (("best", ""), ("lead", ""), ("lead_label", apart), ("sentence", when)):
        yield f"{slot}.result", value
    yield "profile.note", when
    for slot in ("total.us.profile", "total.us.result", "coverage.us.result"):
        yield slot, ""
    yield from (("profile.heaviest", ""), ("profile.widest", ""))


def _facts(card: ShownCard) -> Slots:
    threshold, top = card.rating_threshold, 5
    facts: dict[str, Scalar] = {
        "sum": 0, "best": 0, "common": 0, "lead": "", "share": 0, "verdict": "",
        "mean": _OFF_THE_PICTURE, "top": top, "threshold": threshold, "zero": 0, "hundred": 100,
        "odd_wishes": 0,
    }  # fmt: skip
    yield from ((f"fact.{name}", value) for name, value in facts.items())
    yield from (("rating.x0", threshold), ("rating.x1", threshold))
    yield from (("rating.y0", 0), ("rating.y1", top), ("weight.x0", 0), ("weight.x1", 100))
    yield from (("weight.y0", _OFF_THE_PICTURE), ("weight.y1", _OFF_THE_PICTURE))
