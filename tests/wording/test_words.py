"""One name for one thing: the words that were decided, held in every text that people read.

A rule names a true synonym of a word of ours, or a spelling that the language does not have, and
says the word to take. Where a text needs the other word all the same, EXCEPT says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from kamxl.wording.texts import languages, templates_folder, texts
from tests.wording.test_texts import own_keys


@dataclass(frozen=True)
class Rule:
    """What no text of a language says, the word to take, and why, where that needs a word."""

    pattern: str
    instead: str
    why: str = ""


RULES = {
    "de": (
        # the things that kamxl deals with
        Rule(r"\bKarten?\b|[Tt]estkarte", "Scorecard", "a Karte also is a map: the Portfoliokarte"),
        Rule(r"\bBewertungsb[oö]gen\w*|\bBogens?\b|\bBögen\b", "Scorecard"),
        Rule(r"\bKennung(en)?\b", "ID", "the signed one above a card is its Prüfzeile"),
        Rule(r"\bTor(es|s|e)?\b|Wachstums(tor|freigabe)", "Wachstumsvoraussetzungen"),
        Rule(r"\b([Ii]ns?|[Ii]m|[Ii]n dem|[Ii]n das) Blatt\b", "auf dem Blatt"),
        Rule(r"[Ee]ingangsordner", "Ordner inbox"),
        Rule(r"Arbeitsbereich", "Arbeitsordner"),
        Rule(r"Account-?[Pp]l[aä]n|Kundenentwicklungsplan", "Kundenplan"),
        # the method, in the words of the book
        Rule(r"\bWettbewerber\w*|\bKonkurren\w+", "Mitbewerber"),
        Rule(r"\bGrundlast\b", "Grundauslastung", "a word of power stations"),
        Rule(r"\bFertigung\b", "Produktion", "the function; Auftragsfertigung is another thing"),
        Rule(r"\bWahrscheinlichkeit\w*", "Chance", "as the column is called"),
        Rule(r"\b[Vv]orn oder zurück\b", "vor / hinter dem besten Mitbewerber"),
        # computers
        Rule(r"\bRechner[ns]?\b", "Computer"),
        Rule(r"\bKnopf\b|\bKnöpfen?\b", "Schaltfläche"),
        Rule(r"\b[Ee]mails?\b|\bemail\b", "E-Mail (how, the address) or Mail (what is sent)"),
        Rule(r"Rechnet selbst", "Wird berechnet"),
        # how it is written
        Rule(r"über (\{\{[^}]*\}\}|\d+)\s% der", "anhand von", "über 80 % is more than 80 %"),
        Rule(r"[Mm]it Hilfe\b", "mithilfe"),
        Rule(r"(\d|\}\})%(?!\})", "a blank before the sign"),
        Rule(r"(?<![\d.])\d+\.\d+(?![\d.])", "a comma", "a number's decimals"),
    ),
    "en": (
        Rule(r"(?<!score)(?<!Score)\b[Cc]ards?\b", "scorecard"),
        Rule(r"\b[Ii]ds?\b", "ID"),
        Rule(r"\b[Mm]arks?\b", "check line", "the signed one above a scorecard"),
        Rule(r"\b[Gg]ates?\b", "growth conditions: met, to clarify, not met"),
        Rule(r"(?<!fill )\b(in|into) the sheets?\b", "on the sheet"),
        Rule(r"\b[Rr]ivals?\b", "competitor"),
        Rule(r"\b[Rr]aters?\b", "respondent"),
        Rule(r"\b[Pp]robabilit(y|ies)\b", "chance", "as the column is called"),
        Rule(r"\b[Ee]mails?\b|(?<!-)(?<!kamxl )\b[Mm]ails?\b(?! (server|program))", "e-mail"),
        Rule(r"\b[Cc]alculates\b", "Calculated"),
        Rule(
            r"\b(catalog|color|center|labeled|canceled)s?\b|\b(recogni|organi|analy|summari)z(e|ing)",
            "British: catalogue, colour, recognise",
        ),
        Rule(r"\bover (\{\{[^}]*\}\}|\d+)\s?% of", "on", "over 80% is more than 80%"),
        Rule(r"(\d|\}\}) %(?!\})", "no blank before the sign"),
    ),
}
EVERY = (
    Rule(r"\.\.\.", "…"),
    Rule(r"\w {2,}\w", "a single blank"),
    Rule(r'"', "„…“ in German, “…” in English"),
)
# Text, word: why it stands there all the same.
EXCEPT = {
    ("register.contacts.columns.function.help", "Fertigung"): "what people type, and is understood",
    ("cli.portfolio", "mail"): "what one does with the page",
    ("findings.import-unsure", '"'): "what is typed in a terminal",
    ("errors.key-file.why", '"'): "of the template, around what it says in quotes",
    ("findings.import-unread", "200.000"): "thousands",
    ("findings.import-unread", "mark"): "a quotation mark",
    ("import.decimal_is", "mark"): "the decimal mark",
    ("import.part.decimal", "mark"): "the decimal mark",
    ("doctor.python.old", "3.11"): "a version",
}
QUOTES = {"de": "„“", "en": "“”"}
_HOLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_COMPARED = re.compile(r"\bin \([^)]*\)|[!=]= *'[^']*'|'[^']*' *(?=:|in\b)")
_TAG = re.compile(r"<[^>]*>")
_PLACES = re.compile(r"(\.sheet|register\.\w+\.title|plan\.\w+\.title)$")


@cache
def read(language: str) -> dict[str, str]:
    """Every text of a language that people read, by its key or its file, and what it says."""
    found = {key: said for key, said in own_keys(language).items() if not key.startswith("ribbon.")}
    found |= {key: texts(language)(key) for key in texts(language).keys("ribbon")}
    folder = templates_folder() / "mail" / language
    for path in sorted(folder.iterdir()):
        source = path.read_text(encoding="utf-8")
        found[path.name] = _TAG.sub("\n", source) if path.suffix == ".html" else source
    return found


def words_of(text: str) -> str:
    """A text, and what its templates choose from; names and what is compared say nothing."""

    def hole(found: re.Match[str]) -> str:
        chosen = _COMPARED.sub("", found[0])
        return " ".join(("{{ }}", *(f"{one}\0" for one in re.findall(r"'([^']*)'", chosen))))

    return _HOLE.sub(hole, text)


def broken(language: str, texts_of: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """(key, word, the word to take) of each text that says what no text says."""
    for key, text in texts_of.items():
        said = words_of(text)
        for rule in (*RULES.get(language, ()), *EVERY):
            for found in re.finditer(rule.pattern, said):
                if (key, found[0]) not in EXCEPT:
                    yield key, found[0], rule.instead


@pytest.mark.parametrize("language", languages())
def test_the_decided_words_are_held(language: str) -> None:
    assert list(broken(language, read(language))) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Bitte fordern Sie die Karte an."),
        ("de", "Die Kennung fehlt im Register."),
        ("de", "{{ count }} {{ 'Karte' if count == 1 else 'Karten' }}"),
        ("de", "Das steht im Blatt „Kunden“."),
        ("de", "0.85 ist zu klein"),
        ("en", "{{ count }} {{ 'card' if count == 1 else 'cards' }}"),
        ("en", "Give each row its own id."),
        ("en", "{{ share }} % of the weights"),
    ],
)
def test_the_rules_find_what_they_are_for(language: str, text: str) -> None:
    assert list(broken(language, {"key": text}))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Portfoliokarte und die Scorecard, am 30.09.2026 zu 85 %, Eigenfertigung"),
        ("de", "{{ {'card': 'eine Scorecard'}[what] }} auf dem Blatt"),
        ("en", "A scorecard, its ID and {{ card }} to {{ id }}: {{ share }}% by e-mail"),
        ("en", "The mail server; landmarks, investigate, postcards"),
    ],
)
def test_the_rules_hold_back_nothing_good(language: str, text: str) -> None:
    assert list(broken(language, {"key": text})) == []


def test_each_exception_is_one() -> None:
    for key, word in EXCEPT:
        assert any(word in read(language).get(key, "") for language in RULES), (key, word)


@pytest.mark.parametrize("language", sorted(QUOTES))
def test_quotation_marks_are_the_language_s_and_come_in_pairs(language: str) -> None:
    opening, closing = QUOTES[language]
    every = {key: _HOLE.sub("", text) for key, text in read(language).items()}
    assert [k for k, text in every.items() if text.count(opening) != text.count(closing)] == []
    assert [k for k, text in every.items() if language == "en" and "„" in text] == []


@pytest.mark.parametrize("language", languages())
def test_the_names_of_sheets_fit_on_their_tabs(language: str) -> None:
    t = texts(language)
    keys = [key for key in t.keys("") if _PLACES.search(key) and "{" not in t.source(key)]
    names = {key: t(key) for key in keys}
    assert len(names) > 30
    assert [
        key for key, name in names.items() if len(name) > 31 or re.search(r"[\[\]:*?/\\]", name)
    ] == []
