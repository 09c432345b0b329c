"""What she can choose on a reply page, with the words that people type instead."""

from __future__ import annotations

from kamxl.core.records.page import Fit, Outcome, Seen, View
from kamxl.forms.reply.grid import FIT, JOINT, RESULT, SEEN, VIEW
from kamxl.forms.tables.columns import Choices

FITS = Choices.of("scorecard.reply.fits", Fit, "fit")
CHOICES = {
    FIT: FITS,
    RESULT: Choices.of("scorecard.reply.outcomes", Outcome, "outcome"),
    SEEN: Choices.of("scorecard.reply.seen", Seen, "seen"),
    VIEW: Choices.of("scorecard.reply.views", View, "view"),
    JOINT: FITS,
}
