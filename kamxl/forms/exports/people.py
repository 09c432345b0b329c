"""Names of people as other programs write them: in one column or two, with what stands before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kamxl.forms.exports import contents
from kamxl.forms.tables.fields import plain
from kamxl.wording.people import addressing
from kamxl.wording.understood import folded


@dataclass(frozen=True, slots=True)
class Person:
    """A person's ``name``, first name first; the code of the form of address, and titles."""

    name: str
    form: str = ""
    title: str = ""


def person_of(whole: str, first: str, last: str, form: str, title: str) -> Person:
    """The person that these columns tell ("" where there is none): "Keller, Dr. Anke"."""
    name = plain(whole) or " ".join(filter(None, (plain(first), plain(last))))
    before, found = _before(name)
    name = found
    if name.count(",") == 1 and (plain(whole) or not first):
        behind, front = (part.strip() for part in name.split(","))
        more, front = _before(front)
        before += more
        name = f"{front} {behind}".strip()
    said, spoken = plain(form), contents.form_of(form) or ""
    titles = [word for word in (*said.split(" "), *plain(title).split(" ")) if _is_title(word)]
    titles += [word for word in before if _is_title(word)]
    spoken = spoken or next((f for w in before if (f := contents.form_of(w))), "")
    return Person(name, spoken, " ".join(dict.fromkeys(titles)))


def _before(name: str) -> tuple[list[str], str]:
    """Forms of address and titles at the beginning of a name, and the rest."""
    words = re.split(r"\s+", name)
    count = 0
    while count < len(words) - 1 and words[count].casefold() in addressing():
        count += 1
    return words[:count], " ".join(words[count:])


def _is_title(word: str) -> bool:
    return word.casefold() in folded("titles")
