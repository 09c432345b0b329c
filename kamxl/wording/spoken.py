"""Which language a typed word means: its code, with a country perhaps, or its name in any language.

A code costs nothing to know; for a name the texts are read.
"""

from __future__ import annotations

import unicodedata

from kamxl.wording.shelf import languages

KIND = "language_"  # the names of a language stand in the tables [typed] of all files, by its code


def language_meant(text: str) -> str | None:
    """The code of the language that "en", "EN", "en-GB", "Englisch" mean; None: none we have."""
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    code = word.replace("_", "-").split("-")[0].split(".")[0]
    if code in languages():
        return code
    return next((one for one in languages() if word in _names(one)), None)


def language_words() -> dict[str, str]:
    """What may be typed for each language we have texts for: word to its code."""
    return {word: code for code in languages() for word in (code, *sorted(_names(code)))}


def _names(language: str) -> set[str]:
    from kamxl.wording.texts import texts
    from kamxl.wording.understood import folded

    own = unicodedata.normalize("NFKC", texts(language)("language.name")).strip().casefold()
    try:
        return {own, *folded(f"{KIND}{language}")}
    except KeyError:
        return {own}
