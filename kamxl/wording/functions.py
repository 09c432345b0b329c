"""Which function of a customer a typed text means: the one place that decides.

A register says "Fertigung", a plan "Produktion", a card "Head of Manufacturing": all are one. The
words of every language count in every workbook. A text that names no function, or two of them, is
of none: that is asked, never guessed. The account plan's formulas look for the same ``patterns`` in
the same ``folded_words``, so that a workbook and Python cannot disagree.
"""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher
from functools import cache, lru_cache

from kamxl.core.method.breadth import DEFAULT_FUNCTIONS
from kamxl.wording.texts import languages, texts
from kamxl.wording.understood import understood

LABELS = "plan.customer_functions"  # where each function has its name
FUNCTION_IDS = tuple(function.id for function in DEFAULT_FUNCTIONS)
NO_FUNCTION = "none"  # the kind of words that look like a function's and are not
BETWEEN = "_/,;()-–.:+|*?~\n\xa0"  # what stands between words beside a blank
STROKE = "_"
_ALIKE, _SHORTEST = 0.8, 4  # how alike words are that may be meant, and from how many letters on


def label(function: str, language: str) -> str:
    """What one of the functions is called in a language."""
    return texts(language)(f"{LABELS}.{function}")


def folded_words(text: str) -> str:
    """The words of a text, without case, each between strokes: "__leiter_einkauf__".

    Nothing from a blank, and no letter that a search in a spreadsheet takes for another.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    words = STROKE.join(plain.translate(_BLANKS).split())
    return f"{2 * STROKE}{words}{2 * STROKE}" if plain.strip() else ""


@cache
def patterns() -> tuple[tuple[str, str], ...]:
    """What stands in folded words that name a function, and the function's id; each once.

    In the language files "=werk" is a text of that word alone, "einkauf*" a word that begins so,
    "*logistik*" one that has it within, and without a mark a whole word, or several.
    """
    found: dict[str, str] = {}
    for function in (*FUNCTION_IDS, NO_FUNCTION):
        said = {_pattern(word) for word in _words(function)}
        # what another one finds as well is not looked for twice
        least = sorted(p for p in said if not any(q in p for q in said if q != p))
        found |= dict.fromkeys(least, function)
    return tuple(found.items())


def meant(text: str) -> tuple[str, ...]:
    """The ids of all functions that a text names."""
    words = folded_words(text)
    found = {function for pattern, function in patterns() if pattern in words}
    return tuple(one for one in (*FUNCTION_IDS, NO_FUNCTION) if one in found)


def function_of(text: str) -> str:
    """The id of the one function that a text means; "" if it names none, or several."""
    found = meant(text)
    return found[0] if len(found) == 1 and found[0] != NO_FUNCTION else ""


@lru_cache(maxsize=1024)
def nearest(text: str) -> tuple[str, ...]:
    """The functions that may be meant by a text that means none: those it names, else the most
    alike. Only words that begin with the same letter are compared: no text makes this slow.
    """
    if named := meant(text):
        return () if NO_FUNCTION in named else named
    typed = [one for one in folded_words(text).split(STROKE) if len(one) >= _SHORTEST]
    best, found = _ALIKE, ""
    for function in FUNCTION_IDS:
        for word in _words(function):
            bare = word.strip("*=").lower()
            for one in typed[:8]:
                if one[0] == bare[0] and abs(len(one) - len(bare)) <= 3:
                    alike = SequenceMatcher(None, one, bare).ratio()
                    if alike > best:
                        best, found = alike, function
    return (found,) if found else ()


@cache
def _words(function: str) -> tuple[str, ...]:
    """Its words as the files say them, and its names."""
    said = understood(f"function_{function}")
    if function == NO_FUNCTION:
        return said
    names = (f"={label(function, language)}" for language in languages())
    return (*said, *dict.fromkeys(names))


def _pattern(word: str) -> str:
    alone, begins, ends = word.startswith("="), word.endswith("*"), word.startswith("*")
    whole = folded_words(word.strip("*=")).strip(STROKE)
    stroke = 2 * STROKE if alone else STROKE
    return f"{'' if ends else stroke}{whole}{'' if begins else stroke}"


_BLANKS = str.maketrans(dict.fromkeys(BETWEEN, " "))
