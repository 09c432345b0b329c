"""When an answer was given: the first of its dates that can be true.

The mail's date, else the last-saved time inside, else the file's. One after the run's clock cannot
be true, whoever's clock was wrong: it is skipped and said, so that a card "saved in 2199" does not
win over all that follow.

Honest clocks differ: programs write their local time as if it were UTC, up to fourteen hours ahead
of it, and a customer's clock may be some minutes fast. So far ahead a date stands as it is. To skip
it would order two answers of one program by two measures, and otherwise tomorrow than today; and
tomorrow it is in the past, so nobody wins anything by it.

If it is this computer's clock that is wrong, most of what came in lies ahead of it. Where no answer
has a date that can be true, nothing tells which is the later one but the dates as they are: they
count then, and that the clock is behind is said once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from kamxl.core.finding import Fate, Finding, finding
from kamxl.core.records.dated import DISK, Dated
from kamxl.core.records.register import FileResult

AHEAD = timedelta(hours=14)  # no time zone is farther from UTC
_NEVER = datetime.min.replace(tzinfo=UTC)
_DATED_KINDS = ("scorecard", "reply", "plan")
File = TypeVar("File", bound=FileResult)


def lateness(
    saved: datetime | None, claimed: datetime | None, path: str
) -> tuple[bool, datetime, str]:
    """By what files are sorted, the latest last; a date without a zone is UTC.

    ``saved``: a date that can be true; whoever has none is earlier. Among those the dates that were
    ``claimed`` count, and last the path.
    """
    return saved is not None, utc(saved or claimed), path


def utc(moment: datetime | None) -> datetime:
    """A moment that can be compared; none is before all others."""
    if moment is None:
        return _NEVER
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)


def is_ahead(moment: datetime, now: datetime) -> bool:
    """Whether something said to have been then cannot have been yet, on any honest clock."""
    return utc(moment) > utc(now) + AHEAD


def claimed(file: FileResult) -> datetime | None:
    """The date that a file itself says, true or not."""
    return file.dates[0].at if file.dates else file.saved


def timed(files: Iterable[File], now: datetime | None) -> tuple[list[File], tuple[Finding, ...]]:
    """The files, each ``saved`` at the first of its dates that can be true; and what is said once.

    ``now``: the run's clock (None: there is none, all dates stand as they are).
    """
    listed = list(files)
    if now is None:
        return listed, ()
    answers = [file for file in listed if _counts(file) and file.dates]
    if len(answers) > 1 and all(_true_date(file, now) is None for file in answers):
        earliest = min(utc(claimed(file)) for file in answers)
        said = finding("clock-behind", now=_day(now), earliest=_day(earliest), count=len(answers))
        return listed, (said,)
    return [one_timed(file, now) for file in listed], ()


def one_timed(file: File, now: datetime) -> File:
    """A file, saved at the first of its dates that can be true; it says if one cannot be."""
    true = _true_date(file, now)
    saved = true.at if true else None if file.dates else file.saved
    said = _said(file, true, now) if _counts(file) else ()
    return replace(file, saved=saved, findings=(*file.findings, *said))


def _counts(file: FileResult) -> bool:
    return file.kind in _DATED_KINDS and file.fate is not Fate.IGNORED


def _true_date(file: FileResult, now: datetime) -> Dated | None:
    return next((one for one in file.dates if not is_ahead(one.at, now)), None)


def _said(file: File, true: Dated | None, now: datetime) -> Sequence[Finding]:
    """A warning of the best date that cannot be true, and what counts instead ("name": none can).

    Said once, however many there are. That of the file on the disk is of no interest where a
    better one counts.
    """
    ahead = (one for one in file.dates if is_ahead(one.at, now))
    false = next((one for one in ahead if not (one.by == DISK and true)), None)
    if false is None:
        return ()
    instead, day = (true.by, _day(true.at)) if true else ("name", "")
    said = {"value": _day(false.at), "by": false.by, "instead": instead, "day": day}
    return (finding("saved-in-future", **said),)


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
