"""The team's settings: one row each on the sheet *Settings* of the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Settings:
    """The team's settings. Thresholds are in points (0..100), ``focus_coverage`` in %.

    ``smtp_...`` say through whom mails are sent, if kamxl is to send any; ``smtp_security`` is
    "starttls", "tls" or "none" (empty: starttls). A password is never among the settings.
    """

    company: str
    language: str
    period: str
    due: date | None = None
    sender_name: str = ""
    sender_email: str = ""
    sender_phone: str = ""
    rating_threshold: float = 70.0  # the vertical crosshair of the importance-performance picture
    disagreement: float = 25.0  # a range of ratings above this is something to talk about
    focus_score: float = 60.0  # the selection score a focus account needs
    focus_coverage: float = 80.0  # the share of the weights that score has to rest on
    build_up: float = 10.0  # so many points below ``focus_score`` can be made up
    signature: str = ""  # what stands below every mail, besides name, company and telephone
    smtp_host: str = ""
    smtp_port: str = ""
    smtp_security: str = ""
    smtp_user: str = ""
