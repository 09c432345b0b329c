"""Her data: card and mail say who sees the answers, why, and how long they are kept."""

import email
from dataclasses import replace
from email import policy

import pytest

from kamxl.core.cards.shown import shown_card
from kamxl.excel.reading.book import read
from kamxl.forms.scorecard import reading as scorecard_reading
from kamxl.forms.scorecard.slots import slots
from kamxl.forms.scorecard.values import values
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind
from kamxl.workflow.start.register import read_register
from tests.workflow.making import NOW, Team, drawn_register, loaded, new_team, register

SAID = {
    ("de", None): "Wir bewahren sie auf, bis Sie uns um Löschung bitten.",
    ("de", 1): "Wir bewahren sie 1 Jahr auf, kürzer, wenn Sie uns um Löschung bitten.",
    ("de", 3): "Wir bewahren sie 3 Jahre auf, kürzer, wenn Sie uns um Löschung bitten.",
    ("en", None): "We keep them until you ask us to delete them.",
    ("en", 1): "We keep them for 1 year, or less if you ask us to delete them.",
    ("en", 3): "We keep them for 3 years, or less if you ask us to delete them.",
}
WHO = {
    "de": "Ihre Antworten sieht das Key-Account-Team von Muster AG (Jana Roth) mit Ihrem Namen",
    "en": "The key account team of Muster AG (Jana Roth) sees your answers with your name",
}


def plain(path):
    mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    text = mail.get_body(("plain",)).get_content()
    page = mail.get_body(("html",)).get_content()
    return " ".join(text.split()), page


@pytest.mark.parametrize(("language", "years"), SAID)
def test_a_card_says_it_in_two_sentences(team: Team, language, years):
    order = replace(team.order(), language=language, keep_years=years, sender_name="Jana Roth")
    told = values(shown_card(order), "mark", None)["start.data"]
    assert told == slots(shown_card(order), "mark")["start.data"]
    assert told.startswith(WHO[language])
    assert told.endswith(SAID[language, years])
    assert told.count(".") == 2


def test_invitation_and_reminder_say_it_like_the_card(tmp_path):
    team = new_team(tmp_path, register(keep_years=3, sender_name="Jana Roth"))
    issue(team.root, now=NOW)
    drafts = {p.name: p for p in team.root.rglob("outbox/**/*.eml")}
    for name, language in (("ALPHA--c1.eml", "de"), ("GAMMA--c1.eml", "en")):
        for told in plain(drafts[name]):
            assert WHO[language] in told
            assert SAID[language, 3] in told
    remind(team.root, now=NOW)
    (reminder,) = team.root.rglob("outbox/**/ALPHA--c1+reminder.eml")
    assert all(SAID["de", 3] in told for told in plain(reminder))
    cells = loaded(team.root / "outbox/2026-H1/ALPHA--pumps--c1.xlsx").worksheets[0]
    assert cells["B40"].value.endswith(SAID["de", 3])


def test_to_keep_them_longer_issues_no_card_again(tmp_path):
    team = new_team(tmp_path)
    issue(team.root, now=NOW)
    (team.root / "Register.xlsx").write_bytes(drawn_register(register(keep_years=3)))
    assert read_register(team.workspace).register.settings.keep_years == 3
    again = issue(team.root, now=NOW)
    assert {card.state for card in again.issued} == {"unchanged"}


def test_years_that_nobody_offers_keep_the_cards_back(tmp_path):
    made = new_team(tmp_path, register(keep_years=3))
    book = loaded(made.root / "Register.xlsx")
    sheet = book.worksheets[1]
    row = next(r for r in range(1, 40) if sheet.cell(r, 1).value == "keep_years")
    for typed, held in ((2, 0), ("2 Jahre", 0), ("1 year", 0), ("ewig", 5), (0, 5)):
        sheet.cell(row, 3).value = typed
        book.save(made.root / "Register.xlsx")
        read = read_register(made.workspace).register
        assert len(read.held) == held, typed


@pytest.mark.parametrize(("language", "years"), SAID)
def test_it_is_no_word_of_hers_when_it_comes_back(team: Team, language, years):
    order = replace(team.order(), language=language, keep_years=years, sender_name="Jana Roth")
    raw = read(team.filled(order))
    found = scorecard_reading.read(raw, order)
    assert found.answers.beside == ()
