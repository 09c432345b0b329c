"""Findings: one problem in one place of one file, with a stable code.

The sentence a salesperson reads is made elsewhere (``forms.texts``), in her language, from the code
and the details. Every code stands in ``CODES`` with its one severity; nothing else makes a finding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """ERROR: the value or the file is not used. WARNING: it is used, and marked."""

    ERROR = "error"
    WARNING = "warning"


class Fate(StrEnum):
    """What became of a file that was put in."""

    ACCEPTED = "accepted"  # used whole
    PROVISIONAL = "provisional"  # used, marked
    ATTENTION = "attention"  # not used until somebody acts
    SUPERSEDED = "superseded"  # a later reply counts
    IGNORED = "ignored"  # duplicate, owner file, none of ours


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: ``code``, ``severity``, place (``sheet``, ``cell``), ``value`` as it stands.

    ``details`` are the words and figures for its sentence, as sorted (name, value) pairs.
    """

    code: str
    severity: Severity
    sheet: str | None = None
    cell: str | None = None
    value: str | None = None
    details: tuple[tuple[str, str | int | float], ...] = ()

    def at(self, sheet: str | None, cell: str | None) -> Finding:
        """The same finding, placed."""
        return replace(self, sheet=sheet, cell=cell)


_E, _W = Severity.ERROR, Severity.WARNING
SAID = 200  # letters of a value that are kept

CODES: dict[str, Severity] = {
    # the file as a whole
    "not-ours": _W,  # a readable workbook without anything of kamxl in it
    "not-a-workbook": _W,  # some other file: a text, a picture by its own name
    "unreadable": _E,  # calls itself a workbook and is damaged, or is something else inside
    "too-large": _E,  # exceeds a limit of the reader
    "password": _E,  # encrypted
    "rights-managed": _E,  # under a sensitivity label or another protection of its sender's company
    "cloud-link": _E,  # a link, or a mail with one, instead of the file
    "cloud-placeholder": _E,  # the file is in the cloud, and only its name here
    "download-unfinished": _E,
    "archive-unsupported": _E,  # .7z, .rar: only other programs unpack it
    "format-unsupported": _E,  # .csv, .numbers; .fods without LibreOffice
    "other-format": _W,  # .xls, .ods, .xlsb: read, though no Excel workbook of today
    "owner-file": _W,  # ~$...: a lock file of an open workbook
    "duplicate-file": _W,  # the same bytes as another file
    "still-changing": _E,  # is being copied right now
    "no-access": _E,  # the operating system does not let us read it
    "unexpected": _E,  # a mistake of kamxl's own: this file, and no other, could not be judged
    "wrong-folder": _E,  # one of ours, but this is not its folder
    # mails and zip files
    "container-damaged": _E,
    "container-deep": _E,  # packed into one another more often than anybody does it
    "mail-without-workbook": _E,
    "zip-without-workbook": _E,
    "mail-encrypted": _E,  # S/MIME or PGP: only the addressee's mail program opens it
    "winmail": _E,  # Outlook's own wrapping, which only Outlook opens
    "inline-picture": _W,  # the logo in a signature
    "mail-part": _W,  # a signature, a visiting card, an invitation: no person's answer
    "mail-undelivered": _E,  # a server says that a mail of ours did not arrive, for good
    "mail-delayed": _W,  # not yet, or not this time
    "test-undelivered": _W,  # it was the team's own test that did not arrive
    "mail-automatic": _W,  # an absence, a receipt: no person wrote it
    "came-along": _W,  # our own card as it went out, beside an answer or in a mail of ours
    "mail-other-address": _W,  # the reply came from another address than the card went to
    "macros-ignored": _W,
    "external-links": _W,
    "notes-unread": _W,  # notes or text boxes that are damaged, or too many
    # whose card is it
    "mark-missing": _E,
    "mark-unknown": _E,  # rightly signed, but the issued record is gone
    "mark-altered": _E,  # the signature does not fit
    "mark-foreign": _E,  # issued by another workspace
    "several-cards": _E,  # two different marks in one workbook
    "layout-newer": _E,  # made by a later kamxl, with columns that this one does not know
    "test-card": _W,  # made for the team itself to look at: nothing on it counts
    "signature-unchecked": _W,  # judged without a workspace
    "shared-card": _W,  # another name typed: a further respondent
    "name-doubt": _E,  # perhaps hers, perhaps another's, and there is another answer
    "name-unsure": _W,  # the same, and it is the only one
    "profile-in-card": _W,  # she weighs again on the card with ratings, and that counts
    "superseded": _W,
    "page-older": _W,  # it answers a reply page after which another one went out
    "page-unchained": _W,  # we do not know the card any more that a reply page answers
    "saved-in-future": _W,  # a date that cannot be true: another one counts
    "later-covers-less": _W,
    "empty-card": _E,
    # what somebody decided about it, on the register's sheet Decisions
    "decided": _W,
    "left-out": _W,
    "own-decided": _W,  # a requirement of her own has the id that the team decided
    "own-twice": _W,  # the same as one that she answered, too
    "decision-nobody": _W,  # the same person as somebody who is unknown
    "decision-idle": _W,  # another scale was decided, and no column is in doubt
    "decision-unasked": _E,  # whose answer it is to be was never asked
    # our reply: a line that did not stand on it, or stands there twice with different answers
    "page-row-unknown": _E,
    "page-row-double": _E,
    # the table
    "table-missing": _E,
    "table-duplicate": _E,  # stands there more than once, with different entries
    "column-missing": _E,
    "column-duplicate": _E,
    "supplier-unknown": _W,
    "requirement-missing": _W,
    "requirement-unknown": _E,
    "requirement-duplicate": _E,
    "requirement-inserted": _W,
    "label-changed": _W,
    "label-missing": _W,
    "rows-by-label": _W,  # ids that contradict the labels, or are gone: the labels count
    "rows-unknown": _E,  # neither an id nor a label of what was asked stands there
    "label-contradicts": _E,  # and nobody can tell which of them is right
    "columns-by-header": _W,  # the rivals' names changed places over their columns
    "header-contradicts": _E,  # another name over our own column
    "supplier-renamed": _E,  # another name over a rival's: his column is left out
    "rows-shifted": _E,  # the weights or our ratings slipped out of their rows
    "column-shifted": _E,  # a rival's did: his column is left out
    "words-beside": _W,  # notes, text boxes, sentences where nothing is asked
    # values as people type them
    "number-text": _E,
    "number-as-text": _E,  # a number, but stored as a text, with which no formula counts
    "number-ambiguous": _E,
    "number-date": _E,
    "number-boolean": _E,
    "number-error": _E,
    "number-negative": _E,
    "number-range": _E,
    "rating-scale": _E,
    "weight-scale": _E,
    "value-struck": _E,  # struck out: perhaps withdrawn, perhaps done
    "value-covered": _E,  # under a merged cell, where nobody sees it
    "scale-doubt": _E,  # columns as a whole: points were given on another scale
    "scale-low": _W,  # the team's own points: none above 10
    "formula-value": _W,
    "formula-no-value": _E,
    "date-bad": _E,
    "text-cut": _W,
    "text-cleaned": _W,
    "choice-unknown": _E,
    # the card as a whole
    "weights-sum": _W,
    "weights-none": _W,
    "weight-missing": _W,
    "rating-missing": _W,
    "ratings-none": _W,  # all of ours were left blank on purpose
    # the register
    "sheet-missing": _E,
    "register-foreign": _W,  # made for another workspace, perhaps copied here by mistake
    "register-copy": _W,  # a copy or another format of it lies beside, and is not read
    "register-upgraded": _W,  # one of the newest layout lies beside the one in use
    "sheet-duplicate": _W,  # a copy of one of our sheets: only one is read
    "too-many-rows": _E,
    "setting-missing": _E,
    "value-missing": _E,
    "id-missing": _E,  # of a row that has a name: one is proposed
    "id-bad": _E,
    "id-duplicate": _E,
    "row-repeated": _W,  # says the same as an earlier row
    "manager-ambiguous": _W,  # two of the team are called so: the settings' sender writes
    "id-reserved": _E,
    "account-unknown": _E,
    "segment-unknown": _E,
    "catalogue-unknown": _E,
    "requirement-scope": _E,  # belongs to a catalogue and to a segment at once
    "name-conflict": _E,
    "email-bad": _E,
    "email-missing": _W,
    "function-unknown": _W,  # none of the customer's functions that people know: counts as other
    "period-bad": _E,
    "no-segments": _W,
    "rivals-unsaid": _W,  # whether they may be named on cards
    "no-requirements": _E,
    "no-respondent": _W,
    "no-competitors": _W,
    "many-requirements": _W,
    "too-many-requirements": _E,
    "too-many-competitors": _E,
    "decision-whose": _E,  # a row of Decisions does not tell which answer it is about
    "decision-person": _E,  # nor whom it means
    "decision-requirement": _E,  # nor which requirement of which segment
    "decision-under": _E,  # nor an id that it can have
    "decision-contradicts": _E,  # two decide one thing in two ways: neither counts
    "decision-unused": _W,  # none of the answers that are there
    "own-undecided": _W,  # a requirement of a customer's own waits for a decision
    "own-asked": _W,  # one of a customer's own has the id of another one that is asked already
    "own-many": _W,  # more of them stay than a card has rows for
    "selection-missing": _W,  # a register of an earlier layout, without the sheet Selection
    "selection-weights-sum": _W,
    # what other programs export
    "import-unread": _E,
    "import-no-table": _E,
    "import-no-accounts": _W,  # a sheet of remarks, perhaps
    "import-unsure": _E,  # which column says something: asked, never guessed
    "import-rows-left": _W,  # sums and remarks
    "import-own-revenue": _W,  # perhaps the customer's own, not the one with us
    "import-without-account": _E,
    "import-ambiguous": _E,
    "import-account-unknown": _E,
    "import-row-wrong": _E,  # of the register: its id is none
    "import-alike": _W,  # two accounts, or one in two spellings
    "import-same-name": _W,
    "import-differs": _W,
    "import-value": _E,
    "import-unclear": _E,  # thousands or decimals
    "import-currency": _E,
    "import-revenue-differs": _E,
    "import-revenue-split": _E,
    "import-nameless": _E,
    "import-many": _W,
    "import-too-many": _E,
    # the memory of the workspace
    "record-damaged": _E,  # an issued record: answers to its card cannot be verified
    "clock-behind": _W,  # all that came in is of a later day than this computer's
    "record-mended": _W,  # the register still asks the same, so it was written again
    # account plans
    "card-in-plan": _W,  # a customer's card stands in a plan: it is not read there
    "plan-path-taken": _E,  # not made: something else stands where it would
    "plan-not-written": _E,
    "companion-not-written": _W,  # what came back, beside a plan
    "companion-beside": _W,  # in its place lies something that is none of ours
    "plan-carried-partly": _W,  # the earlier plan has errors, so that not all of it came along
    # what goes out
    "leak-unproven": _E,  # a mistake of kamxl's own: something else stands there than should
    "other-customer": _E,  # a text the team typed names another customer: its cards wait
    "other-customer-word": _W,  # a single word in it is another customer's name, perhaps by chance
    "leak-key": _E,  # one that signs scorecards, or did
    "leak-memory": _E,  # a passage of .kamxl that is not her own card's
    "leak-word": _E,  # something only the team may know
    "leak-metadata": _E,
    "leak-comment": _E,
    "leak-hidden": _E,
    "leak-link": _E,
    "leak-path": _E,
    "leak-object": _E,
    "leak-name": _E,
    "leak-words-unchecked": _W,  # looked through without a workspace
    "leak-unreadable": _E,  # nobody can say what is in it
    # who has answered
    "has-sent-something": _W,  # a file that is hers, and needs attention
    "not-in-register": _W,  # she was asked, and is no contact any more
    "no-longer-asked": _W,
    "asked-otherwise": _W,  # not by mail any more
    # the portfolio
    "no-longer-used": _W,  # a file that counted in the last portfolio, and needs somebody now
    "portfolio-set-aside": _W,
    "portfolio-unread": _W,  # a dated one
    "portfolio-locked": _W,
    "portfolio-not-refreshed": _W,  # open, and something of ours is missing in it or was moved
    "answers-locked": _W,  # Portfolio.csv: written beside
    "report-locked": _W,  # Portfolio.html: written beside, or not at all
    "remarks-orphaned": _W,
    "account-not-in-register": _W,
}


def finding(
    code: str,
    *,
    sheet: str | None = None,
    cell: str | None = None,
    value: object = None,
    **details: str | int | float,
) -> Finding:
    """A finding of a known code (KeyError: the code is not declared)."""
    shown = None if value is None else str(value)[:SAID]
    return Finding(code, CODES[code], sheet, cell, shown, tuple(sorted(details.items())))
