"""That somebody who was asked is forgotten, as her cards' records say it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forgotten:
    """That a card's respondent was forgotten: its record holds a pseudonym in her place.

    ``digest``: of the record as it was issued; ``own`` and ``others``: tags of what she was called,
    and of others who answered on her card; ``proof``: the workspace's signature under all of it.
    """

    digest: str
    own: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    proof: str = ""
