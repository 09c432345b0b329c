"""How a contact is addressed: her form, her title, and the name that follows them.

"Sehr geehrte Frau Dr. von der Heide" takes the family name out of "Dr. Anna von der Heide". Where a
name does not say for sure which part that is, the whole name stands there: that is stiff, and never
wrong. What a team types as her salutation wins over all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kamxl.core.ids import same_id
from kamxl.core.records.register import Contact, Register
from kamxl.core.roles import Form

# Words that begin a family name of several words ("von der Heide", "de Gaulle", "Van Damme").
_PARTICLES = frozenset(
    {
        "af", "auf", "av", "d'", "da", "dal", "de", "degli", "dei", "del", "della", "den", "der",
        "des", "di", "do", "dos", "du", "la", "le", "ten", "ter", "van", "vom", "von", "zu", "zum",
        "zur", "'t",
    }
)  # fmt: skip
_FORMS = {
    "herr": Form.MR, "herrn": Form.MR, "hr": Form.MR, "mr": Form.MR,
    "frau": Form.MS, "fr": Form.MS, "ms": Form.MS, "mrs": Form.MS, "miss": Form.MS,
    "mister": Form.MR, "monsieur": Form.MR, "señor": Form.MR, "signor": Form.MR,
    "mme": Form.MS, "madame": Form.MS, "señora": Form.MS, "signora": Form.MS,
    "mx": Form.MX,
}  # fmt: skip
_SPOKEN = re.compile(r"prof|dr|do[ck]tor|pd$|priv", re.IGNORECASE)  # titles said with a name
_TITLE = re.compile(
    r"prof(?:essor(?:in)?)?|pd|dr|do[ck]tor|(?:prof|(?:priv|hon|jun|apl)\.-?(?:doz|prof)?|dr|dipl|mag|ing|med"
    r"|phil|jur|rer|nat|habil|h\.?c|e\.?h|pol|oec|theol|univ)(?:\.|-)[\w.-]*|\([\w. -]*\)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:ph\.?d|mba|ll\.?[mb]|[mb]\.?(?:sc|a|eng|ed)|jr|sr|jun|sen|i{2,3}|iv|ces?|cpa|esq"
    r"|dipl[\w.-]*|fh)\.?",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"[^\W\d_]\.?")
_GLUED = re.compile(r"\b(dr|prof|ing)\.(?=[^\W\d_]{3})", re.IGNORECASE)  # "Dr.Anna Schulz"
_ASIDE = re.compile(r"(?<=\S)\s*\([^()]*\)\s*$")  # "Anna Schulz (Einkauf)"
# Several people, or an address: a form fits none of these, so nobody is named.
_NO_PERSON = re.compile(r"[&+/;@\d]|\b(?:und|and|et|y)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Addressed:
    """What a salutation is made of: ``salutation`` as typed, else ``form``, ``title``, ``name``.

    ``form`` None: not known; then only a title makes a personal salutation.
    """

    form: Form | None = None
    title: str = ""
    name: str = ""
    salutation: str = ""


def addressed(contact: Contact | None) -> Addressed:
    """How to address a contact (None: nothing is known of whoever is written to)."""
    if contact is None:
        return Addressed()
    salutation = " ".join(contact.salutation.split()).rstrip(" ,;:!–—-，、！：")
    form, titles, bare = _opened(contact.name)
    if _NO_PERSON.search(bare):
        return Addressed(salutation=salutation)
    typed, title = _title(contact.title)
    form = contact.form or typed or form
    return Addressed(form, title or titles, family_name(bare) or bare, salutation)


def contacts_of(register: Register) -> dict[tuple[str, str], Contact]:
    """The contacts of a register by the (folded) ids of account and contact."""
    return {(same_id(c.account), same_id(c.id)): c for c in reversed(register.contacts)}


def family_name(name: str) -> str:
    """The family name in a full name without titles; "" where that is not sure."""
    first, comma, rest = name.partition(",")
    if comma:
        given = [word for word in rest.replace(",", " ").split() if not _AFTER.fullmatch(word)]
        behind = len(given)  # "Heide, Anna von der"
        while behind > 1 and given[behind - 1] in _PARTICLES:
            behind -= 1
        return " ".join([*given[behind:], first.strip()]) if given else family_name(first)
    words = name.split()
    while len(words) > 2 and _AFTER.fullmatch(words[-1]):
        words.pop()
    if len(words) < 2 or not all(_latin(word) for word in words):
        return ""
    # A capital leaves it open: Jan Van Damme has the family name last, Nguyen Van An has it first.
    particle = next((n for n, word in enumerate(words) if word in _PARTICLES), 0)
    if particle:
        return " ".join(words[particle:])
    if words[0].casefold() in _PARTICLES:  # "von Stein", "De Vries": there is no first name
        return ""
    if _INITIAL.fullmatch(words[-1]):  # "Keller A."
        return words[0] if len(words) == 2 and not _INITIAL.fullmatch(words[0]) else ""
    loud = [word for word in words if len(word) > 2 and word.isupper()]
    if len(loud) == 1:  # "Dietmar HEIMRATH", "NAGY Ilona"
        return loud[0]
    middle = words[1:-1]
    return words[-1] if all(_INITIAL.fullmatch(word) for word in middle) else ""


def _opened(name: str) -> tuple[Form | None, str, str]:
    """The form and the titles in a name as typed (before it, or after its comma), and the rest."""
    first, comma, rest = _ASIDE.sub("", _GLUED.sub(r"\1. ", name)).partition(",")
    form: Form | None = None
    titles: list[str] = []
    bare = []
    for part in (first, rest):
        words = part.split()
        while words and (words[0].casefold().rstrip(".") in _FORMS or _TITLE.fullmatch(words[0])):
            word = words.pop(0)
            form = form or _FORMS.get(word.casefold().rstrip("."))
            titles += [word] if _SPOKEN.match(word) else []
        bare.append(" ".join(words))
    return form, " ".join(titles), f"{bare[0]}{comma} {bare[1]}".strip(" ,")


def _title(typed: str) -> tuple[Form | None, str]:
    """The form and the title in what stands as a title; one that follows a name is not said."""
    words = typed.split()
    forms = [_FORMS.get(word.casefold().rstrip(".")) for word in words]
    said = [w for w, form in zip(words, forms, strict=True) if not form and not _AFTER.fullmatch(w)]
    return next((form for form in forms if form), None), " ".join(said)


def _latin(word: str) -> bool:
    """Whether a word is written in letters for which first names come first."""
    return all(letter < "\u0250" or not letter.isalpha() for letter in word)
