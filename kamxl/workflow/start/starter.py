"""What a new register begins with: a catalogue of requirements that suits most suppliers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kamxl.core.records.register import AskedRequirement, ListedRequirement, Register
from kamxl.forms.register import book as register_form
from kamxl.forms.register.settings import with_second_language
from kamxl.wording.texts import texts

# In the order in which a card asks them; what they are called stands in the language files.
REQUIREMENTS = ("QUALITY", "DELIVERY", "PRICE", "RESPONSE", "ADVICE", "CONTACT", "EASE")


def starter(language: str, now: datetime) -> Register:
    """A register without accounts, with a catalogue in ``language`` and in a second language."""
    empty = register_form.empty_register(language, now)
    settings = with_second_language(empty.settings)
    catalogue = texts(language)("starter.catalogue")
    listed = []
    for own in REQUIREMENTS:
        label, *anchors = _said(own, language)
        label2, *anchors2 = _said(own, settings.language2)
        asked = AskedRequirement(own, label, None, _three(anchors))
        listed.append(ListedRequirement(catalogue, "", "", asked, label2, _three(anchors2)))
    return replace(empty, settings=settings, requirements=tuple(listed))


def _said(own: str, language: str) -> list[str]:
    """A requirement, and what 0, 50 and 100 points mean."""
    words = texts(language)
    parts = ("label", "p0", "p50", "p100")
    return [str(words(f"starter.{own.casefold()}.{part}")) for part in parts]


def _three(anchors: list[str]) -> tuple[str, str, str]:
    low, middle, high = anchors
    return low, middle, high
