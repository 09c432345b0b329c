"""What an error says to people: its sentences, in whose language it is told.

An error knows a code and values (``kamxl.errors``); here they become words. Where the texts
themselves cannot be read there is nothing to say it with but one sentence that stands here.
"""

from __future__ import annotations

import errno
from pathlib import PurePath

from kamxl.errors import KamxlError, Reason, TemplateError
from kamxl.wording.rights import giver
from kamxl.wording.texts import FALLBACK, Texts, languages, texts
from kamxl.wording.visible import visible

_WORDLESS = "kamxl cannot say what happened, as its texts are damaged ({told}). Install it again."
# What a refusal of the system's means, whatever words the system has for it.
_NUMBERS = {
    "EACCES": "no_right", "EPERM": "no_right", "EROFS": "read_only", "ENOENT": "gone",
    "ENOSPC": "full", "EDQUOT": "full", "EBUSY": "in_use", "ETXTBSY": "in_use", "EIO": "disk",
    "ENAMETOOLONG": "long_name", "EMFILE": "many_files", "ENFILE": "many_files",
    "ENOMEM": "memory", "ENXIO": "no_file", "EFBIG": "too-large", "EISDIR": "folder",
    "ENOTDIR": "no_folder", "ESTALE": "network",
    "ETIMEDOUT": "network", "EHOSTUNREACH": "network", "EHOSTDOWN": "network",
    "ENETUNREACH": "network", "ENETDOWN": "network",
}  # fmt: skip
_OF_SYSTEM = {
    number: word
    for name, word in _NUMBERS.items()
    if (number := getattr(errno, name, None)) is not None
}
_OF_WINDOWS = dict.fromkeys((32, 33), "in_use") | dict.fromkeys((53, 59, 64, 67, 121), "network")
_OF_WINDOWS |= dict.fromkeys((358, 362, 388, 389, 390, 396, 397, 398, 404, 426), "held_back")


def sentence(problem: KamxlError, part: str, language: str) -> str:
    """The part ("why", "next") of what an error says; a code without texts is its own word."""
    told: object = problem.code
    for spoken in dict.fromkeys((language, FALLBACK)):
        try:
            said = texts(spoken)
            key = f"errors.{problem.code}.{part}"
            if not said.has(key):
                return problem.code if part == "why" else ""
            return said(key, **_values(problem.values, said))
        except TemplateError as broken:
            told = broken.values.get("problem", broken.code)
    return _WORDLESS.format(told=visible(str(told))) if part == "why" else ""


def is_so(problem: KamxlError) -> bool:
    """Whether texts are damaged here, as another process says that they are."""
    key = problem.values.get("key")
    try:
        for spoken in (texts(one) for one in languages()):
            if isinstance(key, str) and problem.values.get("language") == spoken.language:
                spoken.source(key)
    except TemplateError:
        return True
    return False


def reason(problem: OSError, language: str) -> str:
    """Why the system refused something, in a few words."""
    return _refusal(problem, texts(language))


def cause(problem: KamxlError, language: str = FALLBACK) -> str:
    """The few words of its value ``reason``, for a sentence of others; "" if there is none."""
    told = problem.values.get("reason", "")
    return str(_worded("reason", told, texts(language)))


def _values(values: dict[str, object], said: Texts) -> dict[str, object]:
    return {name: _worded(name, value, said) for name, value in values.items()}


def _worded(name: str, value: object, said: Texts) -> object:
    if isinstance(value, OSError):
        return _refusal(value, said)
    if isinstance(value, KamxlError):
        return value.why(said.language)
    if isinstance(value, Reason):
        return said(f"reasons.{value.code}", **_values(value.values, said))
    if isinstance(value, PurePath):
        return said("reasons.root", name=value.name) if name == "root" else visible(str(value))
    return visible(value) if isinstance(value, str) else value


def _refusal(problem: OSError, said: Texts) -> str:
    word = _OF_WINDOWS.get(getattr(problem, "winerror", 0) or 0) or _OF_SYSTEM.get(
        problem.errno or 0
    )
    able = giver(problem) if word == "no_right" else None
    if able is not None:
        return said("reasons.no_right_here", **able)
    return said(f"reasons.{word}") if word else visible(problem.strerror or str(problem))
