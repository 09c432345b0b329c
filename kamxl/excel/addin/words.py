"""The ribbon's texts as a VBA module: what ``templates/texts`` says, in plain ASCII.

VBA source is stored in one code page, and another machine may read it in its own; so every other
letter is written as ChrW(number). A third language is one more file of texts and a new build.
"""

from __future__ import annotations

from itertools import groupby

from kamxl.excel.addin.ribbon import MESSAGES, TABLE, Buttons, keys
from kamxl.wording.texts import Texts, languages, texts

FALLBACK = "en"
# What chooses the language, and is no text.
_CHOOSING = {"windows_language", "country"}
_LONGEST_LINE = 1023  # the most that VBA reads

_HEAD = """Attribute VB_Name = "Words"
Option Explicit

' Made by kamxl/excel/addin/build.py from templates/texts. Do not edit by hand.
"""

_LANGUAGE = """
Public Function LanguageOf(language As Long, country As Long) As String
    ' Of kamxl's languages, the one for a Windows language id, or for a country if that is 0.
    LanguageOf = {fallback}
    Select Case language And 1023
{languages}    End Select
    If language <> 0 Then Exit Function
    Select Case country
{countries}    End Select
End Function
"""

_WORDS = """
Public Function WordsOf(language As String, key As String) As String
    Select Case language & "." & key
{words}    End Select
End Function
"""


def words_module(buttons: Buttons) -> str:
    """The source of the module Words, with plain line ends.

    ValueError: a text is too long, or some text is no button's, group's or message.
    """
    every = [texts(language) for language in languages()]
    words = "".join(_cases(said, keys(buttons)) for said in every)
    made = _HEAD + _language_of(every) + _WORDS.format(words=words)
    too_long = [line[:60] for line in made.splitlines() if len(line) > _LONGEST_LINE]
    if too_long:
        raise ValueError(f"VBA cannot read lines as long as these: {too_long}")
    return made


def literal(text: str) -> str:
    """A text as a VBA expression in ASCII."""
    parts = []
    for plain, letters in groupby(text, lambda letter: " " <= letter <= "~"):
        if plain:
            parts.append('"' + "".join(letters).replace('"', '""') + '"')
        else:
            parts += [f"ChrW({unit})" for letter in letters for unit in _units(letter)]
    return " & ".join(parts) or '""'


def _units(letter: str) -> list[int]:
    """The UTF-16 units of a letter, as the signed numbers that ChrW takes everywhere."""
    data = letter.encode("utf-16-le")
    return [int.from_bytes(data[i : i + 2], "little", signed=True) for i in range(0, len(data), 2)]


def _language_of(every: list[Texts]) -> str:
    def cases(key: str) -> str:
        chosen = ((said(f"{TABLE}.{key}"), literal(said.language)) for said in every)
        return "".join(f"        Case {int(n)}: LanguageOf = {name}\n" for n, name in chosen)

    return _LANGUAGE.format(
        fallback=literal(FALLBACK), languages=cases("windows_language"), countries=cases("country")
    )


def _cases(said: Texts, own: list[str]) -> str:
    """The texts of the tab and of the messages (TemplateError: one is missing)."""
    there = [key.removeprefix(f"{TABLE}.") for key in said.keys(TABLE)]
    messages = [key for key in there if key.startswith(f"{MESSAGES}.")]
    unknown = set(there) - {*own, *messages, *_CHOOSING}
    if unknown:
        raise ValueError(f"{said.language}.toml has texts that nothing shows: {sorted(unknown)}")
    return "".join(_case(said, key) for key in (*own, *messages))


def _case(said: Texts, key: str) -> str:
    name, text = literal(f"{said.language}.{key}"), literal(said(f"{TABLE}.{key}"))
    return f"        Case {name}: WordsOf = {text}\n"
