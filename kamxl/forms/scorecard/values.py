"""What stands in a scorecard's slots: the texts of one order, the answers, and every stored result.

The results come from the core; the sheet's formulas must recalculate to the same numbers (tests).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from kamxl.core.cards.shown import ShownCard
from kamxl.core.ids import US, same_id
from kamxl.core.method.basis import Lead
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.records.page import Asks
from kamxl.core.records.register import Answers
from kamxl.forms.paper.book import Scalar
from kamxl.forms.reply import values as reply_values
from kamxl.forms.scorecard import minutes
from kamxl.forms.scorecard.calculation import shortened
from kamxl.forms.scorecard.filled import (
    Filled,
    Row,
    in_common,
    listed,
    sort_key,
    weight_key,
)
from kamxl.forms.scorecard.grid import EFFORTS, WISH_ROWS, CardSize, supplier_keys
from kamxl.forms.scorecard.grid import size_of as card_size
from kamxl.forms.scorecard.left import said_left
from kamxl.forms.scorecard.numbers import ODD
from kamxl.forms.scorecard.state import said_state
from kamxl.forms.scorecard.table import table_title
from kamxl.forms.scorecard.verdict import doubt_words, empty_words, own_label, said_of, word_of
from kamxl.wording.texts import Texts, texts

OFF = -50.0  # where the picture keeps points that are not known: beyond its axes


def values(order: ShownCard, mark: str, answers: Answers | None = None) -> dict[str, Scalar]:
    """Every slot of the card that shows ``order``, empty or as answered.

    ``mark`` is the signed mark's text. Answers to requirements not on the card are left out.
    """
    if order.asks is Asks.REPLY:
        return reply_values.values(order, mark, answers)
    said = texts(order.language)
    found: dict[str, Scalar] = {"mark": mark, **dict(_start(order, said))}
    if answers is None:
        found |= _blank_card(_for_anybody(order))
    else:
        found |= _card(order, answers, said)
    if card_size(order).minutes:
        found.update(minutes.values_of(answers, order.respondent_name, said))
    found.update(_who(order, said, answers))
    found.update(_wishes(answers))
    found.update(reply_values.page_values(order, answers))
    return found


def _for_anybody(order: ShownCard) -> ShownCard:
    """The same card without whom it is for, of what, and from whom: that is said apart."""
    return replace(
        order, account="", account_name="", segment="", segment_name="", respondent="",
        respondent_name="", sender_name="", sender_email="", sender_phone="", sender_function="",
    )  # fmt: skip


@lru_cache(maxsize=256)
def _blank_card(order: ShownCard) -> Mapping[str, Scalar]:
    """What follows from an order before anybody answers: the same on most cards of a run."""
    return _card(order, None, texts(order.language))


def _card(order: ShownCard, answers: Answers | None, said: Texts) -> dict[str, Scalar]:
    """What is asked, what was answered, and all that follows from it."""
    filled = Filled(order, answers)
    found: dict[str, Scalar] = dict(_suppliers(order, said))
    found.update(_rows(order, said, filled))
    found.update(said_state(filled, said))
    found.update(_results(filled, said))
    found.update(_sorted(filled))
    found.update(_profile(filled, said))
    if filled.size.minutes:
        found.update(minutes.values(filled, said, table_title(filled.size, said)))
    found.update(_last(order, said))
    return found


def _start(order: ShownCard, said: Texts) -> Iterator[tuple[str, Scalar]]:
    key, rivals = "scorecard.start.", bool(order.competitors)
    own = way_of(card_size(order))
    common = {"account": order.account_name, "segment": order.segment_name}
    email, due = order.back_to, order.due
    who = (order.sender_name, order.sender_function, order.sender_phone, order.company)
    contact = "  ·  ".join(filter(None, who))
    yield "profile.footer", said("scorecard.profile.footer", period=order.period, **common)
    yield "document", said("scorecard.document", **common)
    subtitle = said("scorecard.subtitle", period=order.period, **common)
    yield "subtitle", said("scorecard.test_subtitle", subtitle=subtitle) if order.test else subtitle
    yield "footer", said("scorecard.footer", company=order.company, period=order.period, **common)
    title = said(own + "title")
    yield "start.title", said("scorecard.test_title", title=title) if order.test else title
    yield "start.greeting", said(key + "greeting", name=order.respondent_name)
    yield "start.intro", said(own + "intro", **common)
    yield "start.step1", said(own + "step1_text")
    yield "start.step2", said(own + "step2_text")
    yield "start.rest", said(own + "rest", rivals=rivals, last=order.last_period)
    yield "start.step3", said(own + "step3_text", email=email, due=due)
    yield "start.due", said.day(due) or "–"
    yield "start.to", email or order.sender_name or order.company
    yield "start.contact", contact
    kept = {"sender": order.sender_name, "years": order.keep_years}
    yield "start.data", said(key + "data_text", company=order.company, **kept)
    yield "start.feedback_title", said(key + "feedback") if order.feedback else ""
    yield "start.feedback", order.feedback


def way_of(size: CardSize) -> str:
    """The table of texts that say how such a card is filled in."""
    if size.profile:
        return "scorecard.first."
    return "scorecard.meeting." if size.meeting else "scorecard.start."


def _suppliers(order: ShownCard, said: Texts) -> Iterator[tuple[str, Scalar]]:
    result = "scorecard.result."
    taken: set[str] = set()
    for key, supplier in zip(supplier_keys(card_size(order)), order.suppliers, strict=True):
        yield f"name.{key}", supplier.name
        yield f"key.{key}", supplier.id
        yield f"range.{key}", range_name(supplier.id, taken)
        yield f"short.{key}", shortened(supplier.name)
    yield "us.header", shortened(order.company)
    yield "picture_x", said(result + "picture_x", us=shortened(order.company))
    yield "picture_crosshair", said(result + "picture_crosshair", threshold=order.rating_threshold)


OWN_NAMES = frozenset(
    ("mark", "ids", "label", "weight", "us", "comment", "_good", "name", "function", "role", "date")
)


def range_name(competitor: str, taken: set[str]) -> str:
    """The defined name of a competitor's column: its id made a valid name, unique on the card."""
    stem = re.sub(r"[^A-Za-z0-9_]", "_", competitor)
    name, number = stem, 2
    while name.casefold() in taken or (name.casefold() in OWN_NAMES and competitor != US):
        name, number = f"{stem}_{number}", number + 1
    taken.add(name.casefold())
    return f"kx_{name}"


def _rows(order: ShownCard, said: Texts, filled: Filled) -> Iterator[tuple[str, Scalar]]:
    keys = supplier_keys(filled.size)
    anchors = [r.anchors for r in order.requirements]
    for index, row in enumerate(filled.rows):
        yield f"id.{index}", row.id
        yield f"label.{index}", row.label or None
        scale = anchors[index] if index < len(anchors) else ("", "", "")
        yield f"anchor.{index}", said("scorecard.table.anchor_text", a=scale) or None
        weight, *ratings = row.typed
        yield f"weight.{index}", weight
        yield f"number.weight.{index}", _reckoned(row.weight, weight)
        yield f"calc.odd.{index}", int(row.odd)
        yield f"comment.{index}", row.comment or None
        yield f"good.{index}", row.good or None
        for key, typed, rating in zip(keys, ratings, row.ratings, strict=True):
            yield f"{key}.{index}", typed
            yield f"number.{key}.{index}", _reckoned(rating, typed)


def _reckoned(number: float | None, typed: float | None) -> Scalar:
    """What is reckoned with: nothing of an empty cell, and a mark of what cannot be right."""
    return number if number is not None else "" if typed is None else ODD


def _results(filled: Filled, said: Texts) -> Iterator[tuple[str, Scalar]]:
    card, whole = filled.card, filled.card.weights_sum
    yield "sum", whole
    yield "left", said_left(whole, said, odd=filled.weights_odd)
    asked = filled.rows[: filled.size.requirements]
    rated = sum(row.ours is not None for row in asked)
    yield "rated", said("scorecard.table.rated_of", rated=rated, of=len(asked))
    yield from ((f"{slot}.result", value) for slot, value in said_of(filled, said).items())
    yield "own_label", own_label(filled.order.company, card.coverage(US), said)
    ranking = card.ranking()
    places = ranking if len(ranking) > 1 else {}
    for key, supplier in zip(supplier_keys(filled.size), filled.ids, strict=True):
        total, coverage = card.total(supplier), card.coverage(supplier)
        yield f"doubt.{key}", int(filled.in_doubt(filled.ids.index(supplier)))
        yield f"total.{key}", _blank(total)
        yield f"coverage.{key}", _blank(coverage)
        yield f"rank.{key}", _blank(places.get(supplier))
        ranked = total if supplier in ranking else None
        yield f"ranked.{key}", -1 if ranked is None else round(ranked, TIE_DIGITS)
        if supplier == US:
            yield from ((f"total.us.{sheet}", _blank(total)) for sheet in ("result", "profile"))
            yield "coverage.us.result", _blank(coverage)
    found = dict(_contest(filled, said))
    yield from found.items()
    yield from _listed_suppliers(filled, found)
    yield from _facts(filled, said)


def _listed_suppliers(
    filled: Filled, contest: Mapping[str, Scalar]
) -> Iterator[tuple[str, Scalar]]:
    """The suppliers in the order of their ranks; those without one follow as on the card."""
    card, keys, ranking = filled.card, supplier_keys(filled.size), filled.card.ranking()
    ranked = [
        round(card.total(one) or 0, TIE_DIGITS) if one in ranking else -1 for one in filled.ids
    ]
    order = sorted(range(len(keys)), key=lambda j: (-ranked[j], j))
    places = ranking if len(ranking) > 1 else {}
    for place, j in enumerate(order):
        yield f"standing.{keys[j]}", place + 1
        yield f"listed.{keys[place]}", j + 1
        one, key = filled.ids[j], keys[j]
        shown = {
            "rank": _blank(places.get(one)),
            "name": filled.order.suppliers[j].name,
            "total": _blank(card.total(one)),
            "coverage": _blank(card.coverage(one)),
            **{name: contest.get(f"{name}.{key}", "") for name in ("apart", "common", "word")},
        }
        yield from ((f"listed.{name}.{place}", value) for name, value in shown.items())


def _contest(filled: Filled, said: Texts) -> Iterator[tuple[str, Scalar]]:
    """The competitors, and which of them is the best: as the sheet finds it, step by step."""
    card, rivals = filled.card, filled.ids[1:]
    leads = {rival: filled.over(rival) for rival in rivals}
    points = {r: -p for r in rivals if (p := leads[r].points) is not None}
    totals = {r: total for r in rivals if (total := card.total(r)) is not None}
    contest = {r: round(value, TIE_DIGITS) for r, value in (points or totals).items()}
    first = [r for r in contest if contest[r] == max(contest.values())]
    heavy = {r: round(card.contender(r).strength or 0.0, TIE_DIGITS) for r in first}
    last_first = sorted(rivals, key=same_id, reverse=True)
    yield from ((f"{name}.{US}", "") for name in ("common", "apart", "word"))
    for key, rival in zip(supplier_keys(filled.size)[1:], rivals, strict=True):
        lead, place = leads[rival], last_first.index(rival) + 1
        yield f"lead.{key}", _blank(lead.unjudged)
        yield f"common.{key}", _blank(card.lead_coverage(rival))
        yield f"apart.{key}", "" if lead.points is None else abs(lead.points)
        yield f"word.{key}", word_of(filled, rival, said)
        yield f"verdict.{key}", _verdict(lead)
        yield f"contest.{key}", _blank(contest.get(rival))
        yield f"heavy.{key}", heavy.get(rival, -1)
        yield f"by_id.{key}", place
        yield f"named.{key}", place if heavy.get(rival) == max(heavy.values(), default=-1) else -1


def _verdict(lead: Lead) -> Scalar:
    return "" if lead.verdict is None else lead.verdict.value


def _facts(filled: Filled, said: Texts) -> Iterator[tuple[str, Scalar]]:
    named = "" if filled.order.named_rivals else "_alternative"
    whole = filled.card.weights_sum
    weights = [r.weight for r in filled.rows if r.weight]
    common = math.fsum(r.weight or 0 for r in filled.rows if in_common(filled, r))
    mean = math.fsum(weights) / len(weights) if weights else OFF
    top = math.ceil(round(max(weights) * 1.1 / 5, 9)) * 5 if weights else 5
    threshold = filled.order.rating_threshold
    facts = {
        "sum": whole,
        "best": filled.best_index,
        "common": common,
        "lead": _blank(filled.lead.unjudged),
        "share": common / whole if whole > 0 else 0,
        "verdict": _verdict(filled.lead),
        "mean": mean,
        "top": top,
        "threshold": threshold,
        "zero": 0,
        "hundred": 100,
        "judged": said(f"scorecard.table.best{named}"),
        "unjudged": said(f"scorecard.table.rival{named}"),
        "odd_wishes": filled.odd_wishes,
    }
    yield "rival.header", shortened(filled.best_name) or facts["unjudged"]
    yield from ((f"fact.{name}", value) for name, value in facts.items())
    yield from (("rating.x0", threshold), ("rating.x1", threshold))
    yield from (("rating.y0", 0), ("rating.y1", top), ("weight.x0", 0), ("weight.x1", 100))
    yield from (("weight.y0", mean), ("weight.y1", mean))


def _sorted(filled: Filled) -> Iterator[tuple[str, Scalar]]:
    """The calculation rows in card order, and the list sorted by gap."""
    gaps = filled.card.gaps()
    leads = filled.card.lead_parts(filled.best) if filled.best else {}
    keys = [sort_key(row, gaps.get(row.id)) for row in filled.rows]
    order = listed(keys)
    for index, row in enumerate(filled.rows):
        best = row.ratings[filled.best_index] if filled.best_index else None
        yield f"calc.label.{index}", row.shown
        yield f"calc.weight.{index}", _known(row.weight)
        yield f"calc.us.{index}", _known(row.ours)
        yield f"calc.best.{index}", _known(best)
        yield f"calc.gap.{index}", _known(gaps.get(row.id))
        yield f"calc.key.{index}", keys[index]
        yield f"calc.both.{index}", (row.weight if in_common(filled, row) else 0)
        yield f"calc.lead.{index}", _blank(leads.get(row.id))
        yield f"calc.rank.{index}", order.index(index) + 1 if index in order else 0
        yield f"calc.index.{index}", order[index] + 1 if index < len(order) else 0
        yield f"gap.{index}", _blank(gaps.get(row.id))
        chosen = filled.rows[order[index]] if index < len(order) else None
        parts = leads if filled.lead.verdict is not None else {}
        yield from _listed(filled, index, chosen, parts, gaps)


def _listed(
    filled: Filled, place: int, row: Row | None, leads: dict[str, float], gaps: dict[str, float]
) -> Iterator[tuple[str, Scalar]]:
    ours = row.ours if row else None
    best = row.ratings[filled.best_index] if row and filled.best_index else None
    weight = row.weight if row else None
    known = ours is not None and weight is not None
    yield f"sorted.place.{place}", place + 1 if row else ""
    yield f"sorted.label.{place}", row.shown if row else ""
    yield f"sorted.weight.{place}", _blank(weight)
    yield f"sorted.us.{place}", _blank(ours)
    yield f"sorted.best.{place}", _blank(best)
    yield f"sorted.gap.{place}", _blank(gaps.get(row.id) if row else None)
    yield f"sorted.lead.{place}", _blank(leads.get(row.id) if row else None)
    yield f"calc.x.{place}", ours if known else OFF
    yield f"calc.y.{place}", weight if known else OFF


def _profile(filled: Filled, said: Texts) -> Iterator[tuple[str, Scalar]]:
    """The requirements by weight, with what she calls good; the heaviest and the largest gap."""
    gaps = filled.card.gaps()
    keys = [weight_key(row) for row in filled.rows]
    order = listed(keys)
    for index, row in enumerate(filled.rows):
        yield f"calc.given.{index}", row.given or None
        yield f"calc.good.{index}", row.good or row.given
        yield f"calc.weight_key.{index}", keys[index]
        yield f"calc.weight_rank.{index}", order.index(index) + 1 if index in order else 0
        yield f"calc.weight_index.{index}", order[index] + 1 if index < len(order) else 0
        chosen = filled.rows[order[index]] if index < len(order) else None
        ours = chosen.ours if chosen else None
        yield f"profile.place.{index}", index + 1 if chosen else ""
        yield f"profile.label.{index}", chosen.shown if chosen else ""
        yield f"profile.weight.{index}", _blank(chosen.weight if chosen else None)
        yield f"profile.us.{index}", _blank(ours)
        yield f"profile.gap.{index}", _blank(gaps.get(chosen.id) if chosen else None)
        yield f"profile.good.{index}", (chosen.good or chosen.given) if chosen else ""
    heaviest = filled.rows[order[0]] if order and keys[order[0]] >= 0 else None
    none = "" if filled.nothing else "–"
    note = doubt_words(said) if filled.in_doubt() else said("scorecard.profile.note")
    yield "profile.note", empty_words(said) if filled.nothing else note
    yield "profile.heaviest", heaviest.shown if heaviest else none
    by_gap = listed([sort_key(row, gaps.get(row.id)) for row in filled.rows])
    widest = filled.rows[by_gap[0]] if by_gap else None
    known = widest is not None and gaps.get(widest.id, 0) > 0
    yield "profile.widest", widest.shown if widest and known else none


def _last(order: ShownCard, said: Texts) -> Iterator[tuple[str, Scalar]]:
    """What she herself said the last time, as words: nothing takes them for numbers."""
    if not order.last:
        return
    yield "last.header", said("scorecard.table.last", period=order.last_period)
    by = {same_id(one.id): one for one in order.last}
    for index, asked in enumerate(order.requirements):
        one = by.get(same_id(asked.id))
        numbers = {"weight": one.weight, "us": one.rating} if one else {"weight": None, "us": None}
        for name, value in numbers.items():
            shown = None if value is None else said("scorecard.table.last_value", value=value)
            yield f"last.{name}.{index}", shown


def _who(order: ShownCard, said: Texts, answers: Answers | None) -> Iterator[tuple[str, Scalar]]:
    """Who answered; before anybody did, whom the card is addressed to.

    Her name alone: if somebody else changes it, nothing of hers may stay behind as his.
    """
    role = answers.role if answers else None
    yield "who.name", (answers.name if answers else order.respondent_name) or None
    yield "who.function", (answers.function or None) if answers else None
    yield "who.role", said(f"scorecard.table.role_{role.value}") if role else None
    yield "who.date", answers.rated_on if answers else None


def _wishes(answers: Answers | None) -> Iterator[tuple[str, Scalar]]:
    wishes = answers.wishes if answers else ()
    for number in range(WISH_ROWS):
        wish = wishes[number] if number < len(wishes) else None
        yield f"wish.issue.{number}", (wish.issue or None) if wish else None
        yield f"wish.remedy.{number}", (wish.remedy or None) if wish else None
        yield f"wish.importance.{number}", wish.importance if wish else None
    efforts = {e.id: e for e in answers.efforts} if answers else {}
    for key in EFFORTS:
        effort = efforts.get(key)
        yield f"effort.rating.{key}", effort.rating if effort else None
        yield f"effort.comment.{key}", (effort.comment or None) if effort else None


def _known(value: float | None) -> float:
    return -1 if value is None else value


def _blank(value: float | None) -> Scalar:
    """A formula's result: an empty text where nothing is known."""
    return "" if value is None else value
