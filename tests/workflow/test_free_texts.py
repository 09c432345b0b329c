"""Other customers in what a team types: found at its source, with its cell, on its card alone."""

from dataclasses import replace

import pytest

from kamxl.commands.issue import as_json as issue_json
from kamxl.commands.issue import words as issue_lines
from kamxl.core.cards.asking import orders
from kamxl.core.cards.shown import shown_card
from kamxl.core.finding import Severity
from kamxl.core.records.register import (
    Account,
    Competitor,
    Contact,
    ListedCompetitor,
    Register,
    TeamMember,
)
from kamxl.errors import TemplateError, TemplateMissing
from kamxl.forms.letters import reading as letters_reading
from kamxl.forms.letters.letter import (
    AskedCard,
    Invitation,
    Letters,
    Reminder,
    Sender,
    Thanks,
    side_by_side,
)
from kamxl.forms.letters.reading import LetterReading
from kamxl.forms.scorecard import slots as scorecard_slots
from kamxl.forms.scorecard.slots import slots
from kamxl.wording.texts import languages, texts
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.letters import result_of
from kamxl.workflow.outgoing.writing import remind, thank
from tests.workflow.making import NOW, PERIOD, Team, answers_to, new_team, register
from tests.workflow.test_leaks import codes


def with_segment(made: Register, at: int, **changes) -> Register:
    segments = list(made.segments)
    segments[at] = replace(segments[at], **changes)
    return replace(made, segments=tuple(segments))


def with_requirement(made: Register, at: int, **changes) -> Register:
    rows = list(made.requirements)
    rows[at] = replace(rows[at], asked=replace(rows[at].asked, **changes))
    return replace(made, requirements=tuple(rows))


def with_account(made: Register, at: int, **changes) -> Register:
    accounts = list(made.accounts)
    accounts[at] = replace(accounts[at], **changes)
    return replace(made, accounts=tuple(accounts))


def issued(tmp_path, made: Register):
    team = new_team(tmp_path / "w", made)
    result = issue(team.root, now=NOW)
    states = {(c.account, c.segment, c.respondent): c.state for c in result.issued}
    return team, result, states


def held(states) -> set[str]:
    return {"/".join(key) for key, state in states.items() if state == "skipped"}


@pytest.mark.proof
def test_another_customers_name_holds_back_its_card_alone(tmp_path):
    made = with_segment(register(), 0, feedback="Wie bei GAMMA foods liefern wir jetzt täglich.")
    team, result, states = issued(tmp_path, made)
    assert held(states) == {"ALPHA/pumps/c1", "ALPHA/pumps/c2"}
    (found,) = {f for c in result.issued for f in c.findings}
    assert (found.code, found.severity, found.value) == (
        "other-customer", Severity.ERROR, "Gamma Foods",
    )  # fmt: skip
    assert (found.sheet, found.cell) == ("Segmente", "I7")
    sentence = texts("de").sentence(found)
    assert "Segmente" in sentence
    assert "I7" in sentence
    listed = issue_json(result)["register"]
    assert [f["cell"] for f in listed if f["code"] == "other-customer"] == ["I7"]
    assert "\n".join(issue_lines(result)).count("„Gamma Foods“") == 1
    assert result.attention
    assert not (team.root / "outbox/2026-H1/ALPHA--pumps--c1.xlsx").exists()
    assert (team.root / "outbox/2026-H1/GAMMA--pumps--c1.xlsx").exists()


@pytest.mark.proof
def test_a_single_word_is_said_and_goes_out(tmp_path):
    made = with_account(register(), 2, name="Ring GmbH")
    made = with_segment(made, 0, feedback="Der Ring am Lager ist jetzt größer.")
    _, result, states = issued(tmp_path, made)
    assert held(states) == set()
    (found,) = [f for f in result.register if f.code == "other-customer-word"]
    assert (found.severity, found.value, found.cell) == (Severity.WARNING, "Ring", "I7")
    assert not result.attention


@pytest.mark.proof
def test_a_shared_catalogue_holds_back_those_whom_it_tells_of_another(tmp_path):
    made = with_requirement(register(), 1, label="So pünktlich wie bei Gamma Foods")
    _, result, states = issued(tmp_path, made)
    assert held(states) == {key for key in map("/".join, states) if not key.startswith("GAMMA")}
    (found,) = {f for c in result.issued for f in c.findings}
    assert (found.sheet, found.cell) == ("Anforderungen", "E8")
    anchored = with_requirement(register(), 0, anchors=("", "wie dee@gamma.example sagt", ""))
    _, result, states = issued(tmp_path / "anchors", anchored)
    assert len(held(states)) == 4
    (found,) = {f for c in result.issued for f in c.findings}
    assert dict(found.details)["what"] == "address"
    assert (found.sheet, found.cell) == ("Anforderungen", "I7")


@pytest.mark.proof
def test_what_a_member_is_by_her_row(tmp_path):
    member = TeamMember("MB", "Mia", function="Rechte Hand von Dee Sample")
    made = replace(
        register(),
        team=(member,),
        accounts=tuple(replace(a, manager="MB") for a in register().accounts),
    )
    _, result, states = issued(tmp_path / "t", made)
    assert held(states) == {
        "ALPHA/pumps/c1", "ALPHA/pumps/c2", "ALPHA/valves/c1", "BETA/pumps/c1",
    }  # fmt: skip
    found = {f for card in result.issued for f in card.findings}
    assert {(f.code, f.sheet, f.cell) for f in found} == {("other-customer", "Team", "C7")}


@pytest.mark.proof
def test_the_signature_and_a_segments_name_and_id(tmp_path):
    _, result, states = issued(tmp_path / "s", register(signature="Vertrieb, wie Dee Sample rät"))
    # BETA's card goes out without a mail, and so without the signature
    assert held(states) == {"ALPHA/pumps/c1", "ALPHA/pumps/c2", "ALPHA/valves/c1"}
    (found,) = {f for c in result.issued for f in c.findings}
    assert found.sheet == "Einstellungen"
    assert found.cell is not None
    named = with_segment(register(), 1, name="Ventile für Beta Bau")
    _, result, states = issued(tmp_path / "n", named)
    assert held(states) == {"ALPHA/valves/c1"}
    assert {(f.sheet, f.cell) for c in result.issued for f in c.findings} == {("Segmente", "C8")}
    spelled = with_segment(register(), 1, id="beta-bau")
    _, result, states = issued(tmp_path / "i", spelled)
    assert held(states) == {"ALPHA/beta-bau/c1"}
    assert {(f.sheet, f.cell) for c in result.issued for f in c.findings} == {("Segmente", "B8")}


@pytest.mark.proof
def test_names_that_are_open_anyway_are_no_hits(tmp_path):
    """Its own names, ours, the sender's, and rivals that stand on the card."""
    made = register(sender_name="Kim Lind")
    others = (
        Account("OWN", "Muster AG"), Account("KL", "Kim Lind"), Account("BO", "Borel Pumpen"),
        Account("AW", "Alpha Werke Holding"),
    )  # fmt: skip
    made = replace(
        made,
        accounts=(*made.accounts, *others),
        contacts=(*made.contacts, Contact("OWN", "x", "Ada Beispiel", "ada@own.example")),
        competitors=(ListedCompetitor("", "", Competitor("borel", "Borel Pumpen")),),
    )
    told = "Kim Lind von der Muster AG dankt Ada Beispiel, Alpha Werke. Borel Pumpen war langsamer."
    _, result, states = issued(tmp_path, with_segment(made, 0, feedback=told))
    assert held(states) == set()
    assert "other-customer-word" not in codes(result.register)


@pytest.mark.proof
@pytest.mark.parametrize(
    "told",
    [
        "Umsatz 1.000.000 EUR, Potenzial 1000000, 900",
        "Ringe und Pläne, gammafoods, Gamma-Food, Foods Gamma",
        "dee@gamma.example.org, xdee@gamma.example",
    ],
)
def test_whole_words_only_and_never_figures(tmp_path, told):
    _, result, states = issued(tmp_path, with_segment(register(), 0, feedback=told))
    assert held(states) == set()
    assert {f.code for c in result.issued for f in c.findings} == set()


def own_template(team: Team, name: str, text: str) -> None:
    path = team.root / "templates" / "mail" / "de" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_teams_own_templates_are_looked_through_by_line(tmp_path):
    team = new_team(tmp_path / "w")
    own_template(team, "invitation.txt", "Hallo {{ letter.name }},\n\nwie bei Beta Bau gilt:\n")
    result = issue(team.root, now=NOW)
    states = {(c.account, c.state) for c in result.issued}
    # BETA is its own customer, GAMMA is written to in English
    assert states == {("ALPHA", "skipped"), ("BETA", "new"), ("GAMMA", "new")}
    (found,) = {f for c in result.issued for f in c.findings}
    assert dict(found.details) == {
        "what": "account", "file": "templates/mail/de/invitation.txt", "line": 3,
    }  # fmt: skip
    for language in languages():
        assert "templates/mail/de/invitation.txt" in texts(language).sentence(found)


RICH = """{% set hello = "Hallo" %}
{% macro shout(word) %}{{ word|upper }}!{% endmacro %}
{{ hello }} {{ letter.name.split(" ")|last|title }}, {{ shout(letter.segment) }}
{% for part in [letter.period, letter.file] %}{{ loop.index * 7 }}. {{ part|replace("-", "_") }}
{% endfor %}{{ letter.due|day if letter.due is not none }} {{ "%05d"|format(1000000) }}
"""


@pytest.mark.parametrize(
    "asks",
    ["{% include 'foot.txt' %}", "{% import 'foot.txt' as foot %}{{ letter.name }}",
     "{% include 'mid.txt' %}", "{% set one = 'foot.txt' %}{% include one %}"],
)  # fmt: skip
def test_what_a_template_of_the_team_includes_is_looked_through(tmp_path, asks):
    team = new_team(tmp_path / "w")
    own_template(team, "invitation.txt", f"Hallo\n{asks}\n")
    own_template(team, "mid.txt", "{% extends 'foot.txt' %}")
    own_template(team, "foot.txt", "\nwie bei Beta Bau\n{# Gruß #}\n")
    own_template(team, "aside.txt", "wie bei Gamma Foods\n") if "set" not in asks else None
    result = issue(team.root, now=NOW)
    found = {f for card in result.issued for f in card.findings}
    assert {f.code for f in found} == {"other-customer"}
    assert {dict(f.details)["file"] for f in found} == {"templates/mail/de/foot.txt"}
    assert {dict(f.details)["line"] for f in found} == {2}


def test_a_template_that_includes_what_is_not_there_says_so(tmp_path):
    team = new_team(tmp_path / "w")
    own_template(team, "invitation.txt", "{% include 'foot.txt' %}")
    with pytest.raises(TemplateMissing, match=r"foot\.txt is missing.*invitation\.txt asks for it"):
        issue(team.root, now=NOW)


@pytest.mark.parametrize("text", ["{{ [1, 2]|random }}", "{{ lipsum() }}"])
def test_no_template_draws_lots(tmp_path, text):
    team = new_team(tmp_path / "w")
    own_template(team, "invitation.txt", text)
    with pytest.raises(TemplateError, match=r"random|lipsum"):
        issue(team.root, now=NOW)


@pytest.mark.proof
def test_a_template_that_does_more_than_ours_goes_out(tmp_path):
    team = new_team(tmp_path / "w")
    own_template(team, "invitation.txt", RICH)
    own_template(team, "reminder.html", "<p>{{ letter.name|e }} &amp; {{ letter.name[:3] }}</p>")
    own_template(team, "thanks.subject.txt", "{{ letter.rows|map(attribute='label')|join(', ') }}")
    assert {card.state for card in issue(team.root, now=NOW).issued} == {"new"}
    mail = (team.root / "outbox/2026-H1/ALPHA--c1.eml").read_text(encoding="utf-8")
    assert "PUMPEN UND VENTILE!" in mail
    team.put("a.xlsx", team.filled(team.order()))
    assert {mail.state for mail in remind(team.root).mails} == {"new"}
    assert [mail.state for mail in thank(team.root).mails] == ["new"]


@pytest.mark.proof
def test_reminders_and_thanks_go_the_same_way(tmp_path):
    team = new_team(tmp_path / "w")
    issue(team.root, now=NOW)
    own_template(team, "reminder.txt", "Wie bei Gamma Foods\n")
    own_template(team, "thanks.html", "<p>Wie bei Gamma Foods</p>\n")
    team.put("a.xlsx", team.filled(team.order()))
    for made in (remind(team.root, ["ALPHA"]), thank(team.root, ["ALPHA"])):
        assert {mail.state for mail in made.mails} == {"skipped"}
        assert {f.code for mail in made.mails for f in mail.findings} == {"other-customer"}


@pytest.mark.parametrize("language", languages())
def test_our_own_texts_and_templates_are_read_without_help(language):
    """What we ship is read from its syntax alone; only a team's own templates may need more."""

    def never(*_):
        raise AssertionError("a shipped template is beyond being read")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(letters_reading, "_by_jinja", never)
        patched.setattr(scorecard_slots, "_by_jinja", never)
        _make_all(language)


def _make_all(language: str) -> None:
    made = register()
    for asked in orders(made, PERIOD, lambda _: "x"):
        order = replace(asked, language=language)
        slots(shown_card(order), "m")
        sender = Sender("a", "b", "c", "d", "e", "f")
        about = (
            order.respondent_name,
            "Hi",
            order.segment_name,
            order.period,
            "f.xlsx",
            None,
            sender,
        )
        reading, one = LetterReading(), AskedCard(order.segment_name, "f.xlsx")
        result = result_of(order, answers_to(order), "result@kamxl")
        for count in (1, 2, 5):
            results = (result,) * count
            thanks = Thanks(*about[:4], *side_by_side(results), sender, count == 1, results)
            for letter in (
                Invitation(*about, cards=(one,) * count),
                Reminder(*about, cards=(one,) * count),
                thanks,
            ):
                words = Letters().render(letter, language)
                assert reading.wording(letter, language) == words
                assert "f" in words.html
