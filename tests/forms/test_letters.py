"""The words of the mails: as a good assistant writes them, whatever is known."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from kamxl.core.cards.addressing import Addressed, addressed
from kamxl.core.records.register import Contact
from kamxl.core.roles import Form
from kamxl.forms.letters.letter import (
    AskedCard,
    Invitation,
    Letters,
    Reminder,
    ResultRow,
    SegmentResult,
    Sender,
    SupplierTotal,
    Thanks,
    listed,
    picture_id,
    salutation,
    side_by_side,
)
from kamxl.forms.letters.reading import LetterReading

LETTERS = Letters()
SENDER = Sender(
    "Petra Muster",
    "p@muster.example",
    "+49 711 1",
    "Muster AG",
    "Vertrieb",
    "Leiterin Key Accounts",
)
BARE = Sender("", "", "", "Muster AG")
DUE = date(2026, 5, 14)
QUOTES = {"de": "„Abfüllanlagen“", "en": "“Abfüllanlagen”"}


SEGMENTS = ("Abfüllanlagen", "Wartung", "Ersatzteile & Öle", "Schulung", "Umbauten")


def asked(kind=Invitation, sender=SENDER, name="Dietmar Heimrath", due=DUE, count=1, **more):
    """As the desk makes it: ``count`` cards of one person."""
    cards = tuple(AskedCard(s, f"ACME--s{n}--c1.xlsx") for n, s in enumerate(SEGMENTS[:count], 1))
    about = (
        listed([c.segment for c in cards], "de"),
        "2026-H1",
        listed([c.file for c in cards], "de"),
    )
    return kind(name, "Guten Tag", *about, due, sender, cards=cards, **more)


def result(suppliers=2, segment=SEGMENTS[0], picture="result@kamxl"):
    totals = (
        SupplierTotal("Muster AG", 81.0, 1, 1.0),
        SupplierTotal("Borel", 70.0, 2, 0.8 - 1e-12),
    )[:suppliers]
    ratings = ((81.0, 70.0), (None, 60.0))
    rows = tuple(
        ResultRow(n, label, weight, ratings[n - 1][:suppliers])
        for n, label, weight in ((1, "Qualität", 50.0), (2, "Termin", None))
    )
    return SegmentResult(segment, rows, totals, picture if suppliers else "")


def thanks(suppliers=2, sender=SENDER, name="Dietmar Heimrath", count=1):
    """As the desk makes it: ``count`` answers of one person."""
    results = tuple(
        result(suppliers, segment, picture_id(n)) for n, segment in enumerate(SEGMENTS[:count])
    )
    about = name, "Guten Tag", listed(SEGMENTS[:count], "de"), "2026-H1"
    return Thanks(*about, *side_by_side(results), sender, bool(suppliers) and count == 1, results)


EVERY = [
    *(asked(kind, sender, name, due, count)
      for kind in (Invitation, Reminder)
      for sender in (SENDER, BARE)
      for name in ("Dietmar Heimrath", "")
      for due in (DUE, None)
      for count in (1, 2, 5)),
    *(thanks(n, sender, name, count)
      for n in (0, 1, 2) for sender in (SENDER, BARE) for name in ("D", "") for count in (1, 3)),
]  # fmt: skip


class Page(HTMLParser):
    """What a mail program shows, its rows of cells, and whether all that opens is closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.texts, self.rows, self.empty = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag not in {"br", "img", "meta"}:
            self.open.append(tag)
            self.texts.append("\0")
        if tag == "tr":
            self.rows.append(0)
        if tag in {"td", "th"}:
            self.rows[-1] += 1

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag in {"strong", "p", "a"} and self.texts[-1] == "\0":
            self.empty.append(tag)

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return " ".join("".join(self.texts).replace("\0", "").split())


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("letter", EVERY, ids=lambda one: one.kind)
def test_nothing_is_left_open_whatever_is_not_known(letter, language):
    words = LETTERS.render(letter, language)
    page = Page(words.html)
    assert page.open == page.empty == []
    for text in (words.subject, words.text, page.text):
        assert not re.search(
            r"None|undefined|  [^ ]|\(\)|„“|“”| [,.;:)]", text.replace("\n   ", "\n")
        )
    assert "\n\n\n" not in words.text
    assert QUOTES[language] in words.subject
    assert QUOTES[language] in words.text
    other = set("„“”") - set(QUOTES[language])
    assert not other & set(words.subject + words.text)
    closing = words.text.rstrip().splitlines()
    if letter.sender is BARE:
        assert closing[-1] == "Muster AG"
        assert closing[-2].endswith(("Grüße", "regards"))
    else:
        assert closing[-6:-3] == ["Petra Muster", "Leiterin Key Accounts", "Muster AG"]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("letter", EVERY, ids=lambda one: one.kind)
def test_a_subject_fits_the_list_of_a_mail_program(letter, language):
    names = sum(map(len, SEGMENTS[1:3]))  # each more costs its letters, from four on none does
    assert len(LETTERS.render(letter, language).subject) <= 70 + names * letter.several


@pytest.mark.parametrize("letter", EVERY, ids=lambda one: one.kind)
def test_german_goes_on_small_after_the_greeting_and_english_does_not(letter):
    for language in ("de", "en"):
        greeting, _, first, *_ = LETTERS.render(letter, language).text.splitlines()
        assert greeting.endswith(",")
        assert not greeting.startswith(("Dear ,", "Guten Tag ,"))
        if language == "en":
            assert first[0].isupper()
        elif letter.kind != "reminder":  # "Ihre" is written large
            assert first[0].islower()


def body(letter, language):
    """Both bodies; what is said in one is said in the other."""
    words = LETTERS.render(letter, language)
    return words.text, Page(words.html).text


def test_the_invitation():
    words = LETTERS.render(asked(), "de")
    assert words.subject == "Ihre Einschätzung zu „Abfüllanlagen“ – zehn Minuten Ihrer Zeit"
    english = LETTERS.render(asked(), "en")
    assert english.subject == "Your view on “Abfüllanlagen” – ten minutes of your time"
    for text in body(asked(), "de"):
        assert "bitte bis 14.05.2026." in text
    for text in body(asked(due=None), "de"):
        assert "auf diese Nachricht zurück." in text


def test_the_reminder():
    for text in body(asked(Reminder), "de"):
        assert "fügen wir die Datei noch einmal bei" in text
        assert "betrachten Sie diese Nachricht bitte als gegenstandslos" in text
        assert "(wir hatten um Ihre Antwort bis 14.05.2026 gebeten)" in text  # past or not
    for text in body(asked(Reminder), "en"):
        assert "attaching the file once more" in text
        assert "please disregard this message" in text
        assert "(we had asked for your answer by 14 May 2026)" in text
    for language in ("de", "en"):
        for text in body(asked(Reminder, due=None), language):
            assert "2026" not in text


def test_thanks_with_a_comparison():
    for text in body(thanks(), "de"):
        assert "um die größten Lücken zu besprechen" in text
        for word in ("Muster AG", "Borel", "81,0", "70,0", "Rang"):
            assert word in text
    page = Page(LETTERS.render(thanks(), "de").html)
    (counts,) = {count for count in page.rows if count > 1}
    assert counts == 4


@pytest.mark.parametrize("language", ["de", "en"])
def test_beside_each_total_stands_over_how_much_of_the_weights(language):
    blank = {"de": " ", "en": ""}[language]
    for text in body(thanks(), language):
        assert f"100{blank}%" in text
        assert f"80{blank}%" in text
    for text in body(thanks(1), language):
        assert f"80{blank}%" not in text


def test_a_share_is_rounded_down():
    shares = (0.499, 0.5, 0.4999999999999, None)
    assert [SupplierTotal("x", 1.0, 1, share).percent for share in shares] == [49, 50, 50, None]
    assert SupplierTotal("x", None, None, 0.0).percent is None


@pytest.mark.parametrize(("language", "rank"), [("de", "Rang"), ("en", "ank")])
def test_alone_nobody_has_a_rank(language, rank):
    for text in body(thanks(1), language):
        assert "81" in text
        assert rank not in text.replace("Thank", "")


@pytest.mark.parametrize("language", ["de", "en"])
def test_thanks_for_weights_alone_promise_no_result(language):
    for text in body(thanks(0), language):
        assert "Qualität" in text
        assert "50" in text
        assert ("Gewichtung" if language == "de" else "weights you gave") in text
        assert not re.search("Lücken|gaps|Rang|Gewichtetes|Weighted|own result", text)
    assert "<img" not in LETTERS.render(thanks(0), language).html


def test_what_is_typed_stays_text():
    letter = replace(asked(), segment="<b>x</b> & y", salutation="{{ letter.due }}")
    words = LETTERS.render(letter, "de")
    assert "<b>x</b>" not in words.html
    assert "{{ letter.due }}" in words.text


# --- how a letter begins -------------------------------------------------------------------------

WHOM = {  # how somebody is addressed: German, English
    Addressed(Form.MS, "Dr.", "Heimrath"): ("Sehr geehrte Frau Dr. Heimrath", "Dear Dr. Heimrath"),
    Addressed(Form.MS, "", "von der Heide"): (
        "Sehr geehrte Frau von der Heide",
        "Dear Ms von der Heide",
    ),
    Addressed(Form.MR, "", "Heimrath"): ("Sehr geehrter Herr Heimrath", "Dear Mr Heimrath"),
    Addressed(Form.MX, "", "Heimrath"): ("Guten Tag Mx. Heimrath", "Dear Mx Heimrath"),
    Addressed(Form.MX, "Dr.", "Heimrath"): ("Guten Tag Mx. Dr. Heimrath", "Dear Dr. Heimrath"),
    Addressed(None, "Dr.", "Heimrath"): ("Guten Tag Dr. Heimrath", "Dear Dr. Heimrath"),
    Addressed(None, "", "Dietmar Heimrath"): ("Guten Tag", "Hello"),
    Addressed(Form.MS, "Dr.", ""): ("Guten Tag", "Hello"),
    Addressed(): ("Guten Tag", "Hello"),
    Addressed(Form.MS, "Dr.", "Heimrath", "Liebe Ute"): ("Liebe Ute", "Liebe Ute"),
}


@pytest.mark.parametrize("whom", WHOM, ids=str)
def test_a_letter_begins_as_she_is_addressed_and_the_proof_says_the_same(whom):
    for language, expected in zip(("de", "en"), WHOM[whom], strict=True):
        assert salutation(whom, language) == expected
        assert LetterReading().salutation(whom, language) == expected
        letter = replace(asked(), salutation=expected)
        words = LETTERS.render(letter, language)
        assert words.text.startswith(f"{expected},\n")
        assert f">{expected},</p>" in words.html


def test_a_letter_never_begins_with_a_full_name_alone():
    for language in ("de", "en"):
        begins = salutation(addressed(Contact("A", "c", "Dietmar Heimrath")), language)
        assert "Dietmar" not in begins
