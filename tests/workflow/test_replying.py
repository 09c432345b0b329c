"""Our reply to an answer: once between two cards, on the next card, and what comes back of it."""

from __future__ import annotations

import contextlib
import email
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest

from kamxl.cli.main import main as cli
from kamxl.core.cards import seal
from kamxl.core.finding import Fate
from kamxl.core.method.programmes import Action
from kamxl.core.portfolio.standing import wish_id
from kamxl.core.records.page import (
    Asks,
    Fit,
    Outcome,
    PageAnswers,
    RowAnswer,
    StatementAnswer,
    View,
)
from kamxl.core.records.plan import DiscoveryAnswer, PlanWish
from kamxl.core.records.register import Answers, CardOrder, Scorecard, Wish
from kamxl.excel.reading.book import read
from kamxl.store import memory
from kamxl.wording.texts import texts
from kamxl.workflow.cards import mark_of
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.replying import reply
from kamxl.workflow.outgoing.writing import remind, thank
from kamxl.workflow.shown.json import file_json
from tests.mail.servers import HOST, Mailbox, running
from tests.workflow.making import (
    NOW,
    PRESS,
    Team,
    answers_to,
    codes,
    drawn_register,
    new_team,
    register,
)

NEXT = "2026-H2"
ADA = ("ALPHA", "pumps", "c1")
WISH = Wish("wish1", "Ersatzteile kommen spät", "ein Lager vor Ort", 80.0)
DOING = "Wir legen ein Lager in Ulm an"
GAP = "Wir melden jeden Termin zwei Tage vorher"
INTERN = "Marge halten, nur wenn Borel droht"


def answer(team: Team, name: str, *key: str, typed: str | None = None, **said: object) -> None:
    order = team.order(*key)
    made = answers_to(order, name=typed)
    team.put(name, team.filled(order, replace(made, **said)))


def written(plan):
    """The plan of Alpha: a wish and a gap are answered for the customer, all else is internal."""
    own = f"c1.{_wish_of('c1')}"
    return replace(
        plan,
        wishes=(
            PlanWish(own, "Ada Beispiel", WISH.issue, WISH.remedy, 80.0, INTERN, share=DOING),
        ),
        actions=(
            Action("a1", INTERN, requirement="t", owner="Udo Unser", customer_owner="Ida Ihr",
                   due=NOW.date(), share=GAP),
            Action("a2", INTERN, requirement="p", owner="Geheim"),
        ),
        discovery=(
            *plan.discovery,
            DiscoveryAnswer("ziel", "Wozu?", INTERN, 30.0, share="Sie wollen weniger Lager"),
        ),
    )  # fmt: skip


def _wish_of(respondent: str) -> str:
    """The digits of the wish's id."""
    order = CardOrder("ALPHA", "", "pumps", "", respondent, "", "2026-H1", "de", "", ())
    from kamxl.core.records.register import Reply

    made = Reply("", order, Answers(Scorecard((), {}), wishes=(WISH,)))
    return wish_id(made, WISH).partition(".")[2]


@pytest.fixture
def answered(team: Team) -> Team:
    """Ada wished something and rated "t" 60; Bo answered, too; the plan answers Ada's wish."""
    answer(team, "ada.xlsx", *ADA, wishes=(WISH,))
    answer(team, "bo.xlsx", "ALPHA", "pumps", "c2")
    team.keep("alpha.xlsx", team.plan("ALPHA", edit=written))
    return team


def page_order(team: Team, *key: str, period: str = "2026-H1") -> CardOrder:
    """The newest page that went out."""
    wanted = team.order(*key, period=period).key._replace(asks=Asks.REPLY)
    orders = memory.load(team.workspace).orders.values()
    return [order for order in orders if order.key == wanted][-1]


def back(team: Team, name: str, order: CardOrder, later: int = 0, who: str = "", **said) -> None:
    """A page as she sends it back."""
    made = Answers(Scorecard((), {}), name=who, page=PageAnswers(**said))
    data = PRESS.press(order, mark_of(team.workspace, order), made)
    team.put(name, data, NOW + timedelta(hours=later))


def fit(order: CardOrder, *fits: Fit, result: Outcome | None = None) -> tuple[RowAnswer, ...]:
    rows = zip(order.page.rows, fits, strict=False)
    return tuple(RowAnswer(row.id, fit, result) for row, fit in rows)


def states(made) -> dict[tuple[str, str, str], str]:
    return {(m.account, m.segment, m.respondent): m.state for m in made.mails}


def test_a_page_goes_to_whom_something_was_written_for(answered: Team) -> None:
    made = reply(answered.root, now=NOW)
    # the gap and the statement are for everybody who answers; the wish is Ada's alone
    assert [m.findings for m in made.mails if m.findings] == []
    assert states(made) == {ADA: "new", ("ALPHA", "pumps", "c2"): "new"}
    order = page_order(answered, *ADA)
    card = answered.order(*ADA)
    assert order.page.answers == seal.digest(card, answered.workspace.key)
    assert [row.doing for row in order.page.rows] == [DOING, GAP]
    assert order.requirements == order.competitors == order.last == ()
    assert [row.doing for row in page_order(answered, "ALPHA", "pumps", "c2").page.rows] == [GAP]
    assert (answered.root / "outbox/2026-H1/ALPHA--pumps--c1+reply.xlsx").is_file()
    (mail,) = [m for m in made.outgoing if m.recipient == "ada@alpha.example"]
    assert (mail.path.name, len(mail.cards)) == ("ALPHA--c1+reply.eml", 1)
    text = email.message_from_bytes(mail.data).as_string()
    assert "ALPHA--pumps--c1+reply.xlsx" in text.replace("\n", "") or "reply" in text
    for one in (answered.root / "outbox").rglob("*+reply*"):
        assert INTERN.encode() not in one.read_bytes()
    assert INTERN not in str(memory.load(answered.workspace).orders)
    # of all others it is said why
    why = {(w.account, w.segment, w.respondent): w.why for w in made.without}
    assert why[("ALPHA", "valves", "c1")] == why[("BETA", "pumps", "c1")] == "unanswered"


def test_again_nothing_changes_and_a_changed_text_is_a_page_of_its_own(answered: Team) -> None:
    reply(answered.root, now=NOW)
    first = page_order(answered, *ADA)
    again = reply(answered.root, now=NOW)
    assert set(states(again).values()) == {"unchanged"}

    def edited(plan):
        made = written(plan)
        return replace(made, wishes=tuple(replace(w, share="Ab Juni") for w in made.wishes))

    answered.keep("alpha.xlsx", answered.plan("ALPHA", edit=edited))
    made = reply(answered.root, now=NOW)
    assert states(made) == {ADA: "changed", ("ALPHA", "pumps", "c2"): "unchanged"}
    second = [o for o in memory.load(answered.workspace).orders.values() if o.key == first.key]
    assert {o.page.answers for o in second} == {first.page.answers}
    assert {o.page.rows[0].doing for o in second} == {DOING, "Ab Juni"}


def test_nothing_written_for_her_is_no_page_and_says_what_to_do(team: Team) -> None:
    answer(team, "ada.xlsx", *ADA, wishes=(WISH,))
    answer(team, "dee.xlsx", "GAMMA", "pumps", "c1")
    team.keep("alpha.xlsx", team.plan("ALPHA"))
    made = reply(team.root, now=NOW)
    why = {(w.account, w.segment, w.respondent): w.why for w in made.without}
    assert (made.mails, why[ADA], why["GAMMA", "pumps", "c1"]) == ((), "unwritten", "no_plan")
    from kamxl.commands import reply as command

    assert any("Für den Kunden" in line for line in command.words(made))
    assert not list((team.root / "outbox").rglob("*+reply*"))


def test_who_left_or_is_another_by_now_gets_none(answered: Team) -> None:
    known = register()
    ada, bo, *rest = known.contacts
    for contact, why in ((replace(ada, asked=False), "left"), (replace(ada, name="Eva Neu"), "")):
        made = replace(known, contacts=(contact, bo, *rest))
        (answered.root / "Register.xlsx").write_bytes(drawn_register(made))
        found = reply(answered.root, now=NOW)
        assert ADA not in states(found)
        if why:
            assert [(one.account, one.respondent) for one in found.left] == [("ALPHA", "c1")]
        else:
            (one,) = [w for w in found.without if (w.account, w.segment, w.respondent) == ADA]
            assert one.why == "other_person"


def test_what_comes_back_is_hers_and_no_answer_to_her_card(answered: Team) -> None:
    reply(answered.root, now=NOW)
    order = page_order(answered, *ADA)
    back(answered, "zurück.xlsx", order, rows=fit(order, Fit.YES, Fit.LATER))
    found = take_in(answered.workspace, now=NOW + timedelta(days=1))
    (file,) = [f for f in found.files if f.path.endswith("zurück.xlsx")]
    assert (file.kind, file.fate, codes(file)) == ("reply", Fate.ACCEPTED, set())
    told = file_json(file, texts("de"))
    assert (told["kind"], told["status"], told["scorecard"]) == ("reply", "accepted", None)
    assert (told["account"], told["period"]) == ("ALPHA", "2026-H1")
    (page,) = found.pages
    assert [row.fit for row in page.answers.page.rows] == [Fit.YES, Fit.LATER]
    assert {r.order.asks for r in found.replies} == {Asks.CARD}
    assert len(found.replies) == 2  # her card still counts
    thanked = thank(answered.root, now=NOW)
    assert ADA in states(thanked)


def test_a_page_alone_is_no_answer_and_she_is_reminded_of_her_card(answered: Team) -> None:
    reply(answered.root, now=NOW)
    order = page_order(answered, *ADA)
    (answered.root / "inbox/ada.xlsx").unlink()
    back(answered, "zurück.xlsx", order, rows=fit(order, Fit.YES))
    assert states(remind(answered.root, now=NOW))[ADA] == "new"
    answered.put("zurück.xlsx", PRESS.press(order, mark_of(answered.workspace, order)))
    (file,) = [f for f in take_in(answered.workspace).files if "zurück" in f.path]
    assert (file.kind, file.fate) == ("reply", Fate.ATTENTION)
    assert "empty-card" in codes(file)
    assert states(remind(answered.root, now=NOW))[ADA] in ("new", "unchanged")


def test_what_a_colleague_typed_on_her_page_is_not_what_she_said(answered: Team) -> None:
    reply(answered.root, now=NOW)
    order = page_order(answered, *ADA)
    back(answered, "zurück.xlsx", order, who="Fred Fremd", rows=fit(order, Fit.YES, Fit.NO))
    (page,) = take_in(answered.workspace, now=NOW + timedelta(days=1)).pages
    assert page.answers.name == "Fred Fremd"
    assert states(reply(answered.root, now=NOW))[ADA] == "unchanged"  # she did not answer it
    assert "von uns beantwortet" in recipients(answered)
    issue(answered.root, period=NEXT, now=NOW)
    card = answered.order(*ADA, period=NEXT)
    assert {row.said for row in card.page.rows} == {None}
    back(answered, "ihre.xlsx", order, 1, who="Beispiel, Ada", rows=fit(order, Fit.YES))
    assert ADA not in states(reply(answered.root, now=NOW))


def test_an_answered_page_comes_again_only_with_what_is_new(answered: Team) -> None:
    reply(answered.root, now=NOW)
    order = page_order(answered, *ADA)
    back(answered, "zurück.xlsx", order, rows=fit(order, Fit.YES))  # the gap is left open
    made = reply(answered.root, now=NOW)
    assert ADA not in states(made)
    (one,) = [w for w in made.without if (w.account, w.segment, w.respondent) == ADA]
    assert one.why == "said"

    def more(plan):
        made = written(plan)
        added = Action("a3", INTERN, requirement="p", share="Neue Preisliste")
        return replace(made, actions=(*made.actions, added))

    answered.keep("alpha.xlsx", answered.plan("ALPHA", edit=more))
    assert states(reply(answered.root, now=NOW))[ADA] == "changed"
    newer = page_order(answered, *ADA)
    assert {row.doing for row in newer.page.rows} == {GAP, "Neue Preisliste"}
    back(answered, "neuer.xlsx", newer, 2, rows=fit(newer, Fit.NO, Fit.NO))
    found = take_in(answered.workspace, now=NOW + timedelta(days=1))
    fates = {
        f.path.rpartition("/")[2]: (f.fate, codes(f)) for f in found.files if f.kind == "reply"
    }
    # the wish was answered on the older page alone: what she said there is not lost
    assert fates == {
        "zurück.xlsx": (Fate.PROVISIONAL, {"page-older"}),
        "neuer.xlsx": (Fate.ACCEPTED, set()),
    }
    assert len(found.pages) == 2


def test_forged_foreign_and_unknown_pages_are_told_apart(answered: Team, tmp_path) -> None:
    reply(answered.root, now=NOW)
    order = page_order(answered, *ADA)
    said = Answers(Scorecard((), {}), page=PageAnswers(rows=fit(order, Fit.YES)))
    true = mark_of(answered.workspace, order)
    cards = mark_of(answered.workspace, answered.order(*ADA))
    marks = {
        "mark-altered": replace(true, signature="0" * 32),
        "mark-foreign": replace(true, workspace="ws-other"),
    }
    for code, mark in marks.items():
        answered.put("page.xlsx", PRESS.press(order, mark, said))
        (file,) = [f for f in take_in(answered.workspace).files if "page.xlsx" in f.path]
        assert (file.kind, file.fate) == ("reply", Fate.ATTENTION)
        assert code in codes(file)
    # the mark of her card on a page, and that of the page on her card
    as_page = replace(cards, asks=Asks.REPLY)
    answered.put("page.xlsx", PRESS.press(order, as_page, said))
    (file,) = [f for f in take_in(answered.workspace).files if "page.xlsx" in f.path]
    assert (file.fate, "mark-altered" in codes(file)) == (Fate.ATTENTION, True)
    assert not take_in(answered.workspace).pages


def test_a_page_to_a_card_that_nobody_knows_any_more_counts_and_says_so(answered: Team) -> None:
    reply(answered.root, now=NOW)
    order = page_order(answered, *ADA)
    back(answered, "page.xlsx", order, rows=fit(order, Fit.YES))
    (answered.root / f".kamxl/issued/{order.page.answers}.json").unlink()
    found = take_in(answered.workspace)
    (file,) = [f for f in found.files if "page.xlsx" in f.path]
    assert (file.fate, codes(file)) == (Fate.PROVISIONAL, {"page-unchained"})
    assert len(found.pages) == 1


def test_the_next_card_takes_it_up_with_what_she_said(answered: Team) -> None:
    reply(answered.root, now=NOW)
    order = page_order(answered, *ADA)
    wish, gap = order.page.rows
    back(
        answered, "page.xlsx", order,
        rows=(RowAnswer(wish.id, Fit.YES, Outcome.SOLVED), RowAnswer(gap.id, Fit.LATER)),
        statements=(StatementAnswer("ziel", View.RIGHT),),
    )  # fmt: skip
    issue(answered.root, period=NEXT, now=NOW)
    page = answered.order(*ADA, period=NEXT).page
    assert page.answers == order.page.answers
    assert [(row.id, row.said) for row in page.rows] == [(gap.id, Fit.LATER)]
    assert page.statements == ()
    assert answered.order("ALPHA", "valves", "c1", period=NEXT).page is None
    assert answered.order("GAMMA", "pumps", "c1", period=NEXT).page is None
    # what is out stays, whatever the plan says by now
    answered.keep("alpha.xlsx", answered.plan("ALPHA"))
    again = issue(answered.root, period=NEXT, now=NOW)
    assert {card.state for card in again.issued} == {"unchanged"}
    # and what she answers on it reaches the pages, beside her ratings
    card = answered.order(*ADA, period=NEXT)
    made = replace(answers_to(card), page=PageAnswers(rows=fit(card, Fit.YES)))
    answered.put("next.xlsx", answered.filled(card, made), NOW + timedelta(days=200))
    found = take_in(answered.workspace)
    assert sorted(r.order.asks for r in found.pages) == [Asks.CARD, Asks.REPLY]
    (own,) = [r for r in found.pages if r.order.asks is Asks.CARD]
    assert own in found.replies
    assert own.answers.page.rows == (RowAnswer(gap.id, Fit.YES),)


def test_a_successor_gets_no_page_of_her_predecessor(answered: Team) -> None:
    known = register()
    ada, *rest = known.contacts
    made = replace(known, contacts=(replace(ada, name="Eva Neu", email="eva@alpha.example"), *rest))
    (answered.root / "Register.xlsx").write_bytes(drawn_register(made))
    issue(answered.root, period=NEXT, now=NOW)
    assert answered.order(*ADA, period=NEXT).page is None
    assert answered.order("ALPHA", "pumps", "c2", period=NEXT).page is not None


def test_nothing_stands_on_two_pages_of_one_person(team: Team) -> None:
    answer(team, "ada.xlsx", *ADA, wishes=(WISH,))
    answer(team, "ventile.xlsx", "ALPHA", "valves", "c1")
    team.keep("alpha.xlsx", team.plan("ALPHA", edit=written))
    made = reply(team.root, now=NOW)
    one = page_order(team, *ADA)
    assert [s.id for s in one.page.statements] == ["ziel"]
    assert states(made) == {ADA: "new"}  # the same gap of the other segment is on this page, too
    why = {(w.account, w.segment, w.respondent): w.why for w in made.without}
    assert why["ALPHA", "valves", "c1"] == "elsewhere"
    assert reply(team.root, now=NOW).mails[0].state == "unchanged"


def test_one_mail_with_all_her_pages(team: Team) -> None:
    answer(team, "ada.xlsx", *ADA, wishes=(WISH,))
    answer(team, "ventile.xlsx", "ALPHA", "valves", "c1")

    def both(plan):
        made = written(plan)
        more = Action("a4", INTERN, segment="valves", requirement="p", share="Neue Preise")
        return replace(made, actions=(*made.actions, more))

    team.keep("alpha.xlsx", team.plan("ALPHA", edit=both))
    made = reply(team.root, now=NOW)
    assert states(made) == {ADA: "new", ("ALPHA", "valves", "c1"): "new"}
    (mail,) = made.outgoing
    assert len(mail.cards) == 2
    message = email.message_from_bytes(mail.data)
    assert len([p for p in message.walk() if p.get_filename()]) == 2


def test_a_withdrawn_text_takes_its_draft_back(answered: Team) -> None:
    reply(answered.root, now=NOW)
    draft = answered.root / "outbox/2026-H1/ALPHA--c1+reply.eml"
    assert draft.is_file()
    answered.keep("alpha.xlsx", answered.plan("ALPHA"))
    assert reply(answered.root, now=NOW).mails == ()
    assert not draft.exists()
    assert not draft.with_name("ALPHA--pumps--c1+reply.xlsx").exists()
    assert "+reply" not in recipients(answered)
    answered.keep("alpha.xlsx", answered.plan("ALPHA", edit=written))
    reply(answered.root, now=NOW)
    assert draft.with_name("ALPHA--pumps--c1+reply.xlsx").exists()


def recipients(team: Team) -> str:
    """All that the list of recipients says."""
    (sheet,) = read((team.root / "outbox/2026-H1/Empfaenger.xlsx").read_bytes()).sheets
    return "\n".join(cell.text for cell in sheet.cells.values())


def test_the_list_of_recipients_knows_our_replies(answered: Team) -> None:
    issue(answered.root, now=NOW)
    before = recipients(answered)
    assert "Unsere Antwort" not in before
    reply(answered.root, now=NOW)
    said = recipients(answered)
    assert "ALPHA--pumps--c1+reply.xlsx" in said
    assert "Unsere Antwort zu „Pumpen“ – passt es für Sie?" in said
    assert "von uns beantwortet" in said
    issue(answered.root, now=NOW)
    assert recipients(answered) == said
    # whom the register has under her id by now is not sent what was written for her
    ada, *rest = register().contacts
    eva = replace(ada, name="Eva Neu", email="eva@alpha.example")
    made = replace(register(), contacts=(eva, *rest))
    (answered.root / "Register.xlsx").write_bytes(drawn_register(made))
    issue(answered.root, now=NOW)
    assert "c1+reply" not in recipients(answered)
    assert "c2+reply" in recipients(answered)


def test_what_names_another_customer_is_held_back(answered: Team) -> None:
    def named(plan):
        made = written(plan)
        share = "Wie bei Beta Bau: ein Lager in Ulm"
        return replace(made, wishes=tuple(replace(w, share=share) for w in made.wishes))

    answered.keep("alpha.xlsx", answered.plan("ALPHA", edit=named))
    made = reply(answered.root, now=NOW)
    (held,) = [mail for mail in made.mails if mail.state == "skipped"]
    assert held.respondent == "c1"
    assert {found.code for found in held.findings} == {"other-customer"}
    assert not (answered.root / "outbox/2026-H1/ALPHA--pumps--c1+reply.xlsx").exists()


def test_a_workspace_without_answers_writes_nothing(tmp_path) -> None:
    team = new_team(tmp_path / "w")
    issue(team.root)
    before = sorted(p.name for p in (team.root / "outbox").rglob("*"))
    made = reply(team.root, now=datetime(2026, 5, 4, tzinfo=UTC))
    assert made.mails == ()
    assert {one.why for one in made.without} == {"unanswered"}
    assert sorted(p.name for p in (team.root / "outbox").rglob("*")) == before


@pytest.mark.proof
def test_each_reply_is_sent_once_and_a_changed_one_is_said_before(answered: Team) -> None:
    def edited(plan):
        made = written(plan)
        return replace(made, wishes=tuple(replace(w, share="Ab Juni") for w in made.wishes))

    with running(Mailbox()) as mailbox:
        made = register(smtp_host=HOST, smtp_security="none", smtp_port=str(mailbox.port))
        (answered.root / "Register.xlsx").write_bytes(drawn_register(made))

        def sent() -> list[str]:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                given = ["reply", "--send", "--yes", "--json"]
                assert cli(["-C", str(answered.root), *given]) == 0
            return [one["state"] for one in json.loads(out.getvalue())["sent"]]

        assert sent() == ["sent", "sent"]
        assert {to for to, _ in mailbox.taken} == {"ada@alpha.example", "bo@alpha.example"}
        assert sent() == ["already", "already"]
        assert len(mailbox.taken) == 2
        answered.keep("alpha.xlsx", answered.plan("ALPHA", edit=edited))
        assert sorted(sent()) == ["already", "sent"]
        assert len(mailbox.taken) == 3
        # and whoever answered gets no other one
        order = page_order(answered, *ADA)
        back(answered, "page.xlsx", order, rows=fit(order, Fit.YES, Fit.YES))
        assert sent() == ["already"]
        assert len(mailbox.taken) == 3


def test_what_of_a_plan_could_not_be_read_is_said(answered: Team) -> None:
    from kamxl.commands import reply as command

    assert reply(answered.root, now=NOW).plans == ()
    plan = answered.root / "plans/alpha.xlsx"
    wb = openpyxl.load_workbook(plan)
    wb["Maßnahmen"]["G10"] = "bald"  # a date that is none
    wb.save(plan)
    made = reply(answered.root, now=NOW)
    (told,) = made.plans
    assert any("Maßnahmen!G10" in line for line in command.words(made))
    assert told.path == "plans/alpha.xlsx"
    plan.write_bytes(b"PK broken")
    made = reply(answered.root, now=NOW)
    why = {(w.account, w.segment, w.respondent): w.why for w in made.without}
    assert why[ADA] == "no_plan"  # whose it is, nobody can tell; that it is broken, is said
    assert [one.path for one in made.plans] == ["plans/alpha.xlsx"]
