"""What stands in a page's slots: what we reply, and what she said of it, if she did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kamxl.core.cards.shown import ShownCard
from kamxl.core.ids import same_id
from kamxl.core.records.page import (
    NOTHING,
    PageBenefit,
    PageProgramme,
    PageRow,
    PageStatement,
)
from kamxl.core.records.register import Answers
from kamxl.forms.paper.book import Scalar
from kamxl.forms.reply.choices import CHOICES
from kamxl.forms.reply.grid import SECTIONS
from kamxl.wording.texts import Texts, texts

_R = "scorecard.reply."
Values = Iterator[tuple[str, Scalar]]


def page_values(order: ShownCard, answers: Answers | None = None) -> dict[str, Scalar]:
    """The slots that the page itself has, on a card or alone; none if there is no page."""
    page = order.page
    if page is None:
        return {}
    said = texts(order.language)
    title = said(_R + "title")
    found: dict[str, Scalar] = {
        "reply.title": said("scorecard.test_title", title=title) if order.test else title,
        "reply.to": said(_R + "to", period=page.period),
    }
    given = answers.page if answers else NOTHING
    again = any(row.said for row in page.rows)
    for section in SECTIONS:
        by_id = {same_id(one.id): one for one in getattr(given, section.name)}
        for number, part in enumerate(getattr(page, section.name)):
            cells = {"id": part.id, **_shown(part, said)}
            cells |= _answered(by_id.get(same_id(part.id)), part, said)
            if not again:
                cells.pop("said", None)
            found |= {f"{section.name}.{key}.{number}": value for key, value in cells.items()}
    return found


def values(order: ShownCard, mark: str, answers: Answers | None = None) -> dict[str, Scalar]:
    """Every slot of a page that is a workbook of its own."""
    return {"mark": mark, **dict(_about(order, answers)), **page_values(order, answers)}


def _about(order: ShownCard, answers: Answers | None) -> Values:
    said = texts(order.language)
    common = {"account": order.account_name, "segment": order.segment_name}
    yield "document", said(_R + "document", **common)
    subtitle = said("scorecard.subtitle", period=order.period, **common)
    yield "subtitle", said("scorecard.test_subtitle", subtitle=subtitle) if order.test else subtitle
    yield "footer", said(_R + "footer", company=order.company, **common)
    yield "start.greeting", said("scorecard.start.greeting", name=order.respondent_name)
    yield "start.to", order.back_to or order.sender_name or order.company
    who = (order.sender_name, order.sender_function, order.sender_phone, order.company)
    yield "start.contact", "  ·  ".join(filter(None, who))
    kept = {"sender": order.sender_name, "years": order.keep_years}
    yield "start.data", said("scorecard.start.data_text", company=order.company, **kept)
    yield "who.name", (answers.name if answers else order.respondent_name) or None
    yield "who.date", answers.rated_on if answers else None


def _shown(part: Any, said: Texts) -> Mapping[str, Scalar]:
    """What we say of a thing."""
    match part:
        case PageRow():
            owners = {"theirs": _line(part.theirs), "ours": _line(part.ours), "due": part.due}
            last = said(f"{_R}last.{part.said}") if part.said else None
            return {
                "understood": part.understood,
                "doing": part.doing or None,
                "owners": said(_R + "owners", **owners).strip() or None,
                "said": last,
            }
        case PageBenefit():
            facts = {"before": part.baseline, "now": part.now, "unit": _line(part.unit)}
            return {"metric": part.metric, "change": said(_R + "change", **facts) or None}
        case PageStatement():
            return {"meant": part.text}
        case PageProgramme():
            return _programme(part, said)
    raise TypeError(type(part).__name__)


def _programme(part: PageProgramme, said: Texts) -> Mapping[str, Scalar]:
    whole = {"goal": _line(part.goal), "step": _line(part.step)}
    gains = {"theirs": _line(part.gain_theirs), "ours": _line(part.gain_ours)}
    owners = {"theirs": _line(part.owner_theirs), "ours": _line(part.owner_ours)}
    return {
        "goal": said(_R + "goal", **whole).strip(),
        "gain": said(_R + "gain", **gains).strip() or None,
        "both": said(_R + "both", **owners, stop=_line(part.stop)).strip() or None,
    }


def _line(text: str) -> str:
    """A text within another one: its lines in a row."""
    return " ".join(text.split())


def _answered(given: Any, part: Any, said: Texts) -> Mapping[str, Scalar]:
    """What she said of it; blank cells where she said nothing."""

    def word(key: str, value: Any) -> Scalar:
        return CHOICES[key].label(value, said.language) if value is not None else None

    def of(name: str) -> Any:
        return getattr(given, name, None)

    match part:
        case PageRow():
            return {
                "fit": word(":fit", of("fit")),
                "result": word(":result", of("result")),
                "comment": of("comment") or None,
            }
        case PageBenefit():
            return {
                "seen": word(":seen", of("seen")),
                "amount": of("amount"),
                "note": of("comment") or None,
            }
        case PageStatement():
            return {"view": word(":view", of("view")), "correction": of("correction") or None}
        case _:
            return {"joint": word(":joint", of("fit")), "remark": of("comment") or None}


def label_of(section: str, part: Any, language: str) -> str:
    """The text by which a line is known where its id is gone."""
    return str(next(iter(_shown(part, texts(language)).values())) or "")
