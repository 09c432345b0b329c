"""Dates in the future, and clocks that jump: what counts, and that it is said."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

import kamxl
from kamxl.core.finding import Fate
from kamxl.wording.texts import texts
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.decide import decide
from kamxl.workflow.incoming.intake import take_in, take_in_plans, take_in_replies
from kamxl.workflow.outgoing.writing import remind, thank
from kamxl.workflow.start.register import read_register
from tests.workflow.making import Team, answers_to, codes, with_part

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
BEFORE, FAR = NOW - timedelta(days=3), datetime(2199, 1, 1, tzinfo=UTC)
_CORE = """<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties \
xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\
<dcterms:modified xsi:type="dcterms:W3CDTF">{}</dcterms:modified></cp:coreProperties>"""


def saved(data: bytes, at: datetime | str) -> bytes:
    """The workbook as a program whose clock says so saves it."""
    told = at if isinstance(at, str) else at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return with_part(data, "docProps/core.xml", _CORE.format(told).encode())


def card(team: Team, us: float, at: datetime | None = None) -> bytes:
    order = team.order()
    data = team.filled(order, answers_to(order, us=(us, us, us)))
    return data if at is None else saved(data, at)


def mailed(data: bytes, date: datetime) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "AW: Ihre Einschätzung", "Ada Beispiel <ada@alpha.example>"
    mail["Date"] = format_datetime(date)
    mail.set_content("Anbei.")
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename="a.xlsx")
    return mail.as_bytes()


def fates(team: Team, now: datetime | None = NOW) -> dict[str, tuple[Fate, set[str]]]:
    intake = take_in(team.workspace, now=now)
    return {
        one.path.rpartition("/")[2].partition("!")[0]: (one.fate, codes(one))
        for one in intake.files
    }


def test_a_card_saved_in_the_future_does_not_win(team: Team) -> None:
    team.put("far.xlsx", card(team, 30, FAR), BEFORE - timedelta(days=1))
    team.put("honest.xlsx", card(team, 80, BEFORE), NOW)
    assert fates(team) == {
        "far.xlsx": (Fate.SUPERSEDED, {"superseded", "saved-in-future"}),
        "honest.xlsx": (Fate.ACCEPTED, set()),
    }
    assert fates(team, None)["far.xlsx"][0] is Fate.ACCEPTED  # as the dates stand
    (reply,) = take_in_replies(team.workspace, (), NOW)
    assert reply.source == "inbox/honest.xlsx"


def test_it_counts_by_its_file_or_its_mail(team: Team) -> None:
    """A wrong clock of hers costs her nothing: she sent it last, so it counts."""
    team.put("honest.xlsx", card(team, 80, BEFORE - timedelta(days=9)), BEFORE)
    team.put("far.xlsx", card(team, 30, FAR), BEFORE)
    assert fates(team)["far.xlsx"] == (Fate.ACCEPTED, {"saved-in-future"})
    team.put("last.eml", mailed(card(team, 40, FAR), NOW - timedelta(days=1)), BEFORE)
    assert fates(team)["last.eml"] == (Fate.ACCEPTED, {"saved-in-future"})
    assert fates(team)["far.xlsx"][0] is Fate.SUPERSEDED


def test_a_mail_of_2099_counts_by_what_is_in_it(team: Team) -> None:
    team.put("mail.eml", mailed(card(team, 40, BEFORE - timedelta(days=2)), FAR), BEFORE)
    team.put("honest.xlsx", card(team, 80, BEFORE), BEFORE)
    assert fates(team)["mail.eml"] == (Fate.SUPERSEDED, {"superseded", "saved-in-future"})


def test_a_file_of_the_future_without_any_other_date_is_earlier_than_all(team: Team) -> None:
    team.put("far.xlsx", card(team, 30), FAR)  # nothing inside but our own stamp
    team.put("honest.xlsx", card(team, 80), BEFORE)
    assert fates(team)["far.xlsx"] == (Fate.SUPERSEDED, {"superseded", "saved-in-future"})
    assert fates(team)["honest.xlsx"] == (Fate.ACCEPTED, set())


def test_a_clock_that_is_some_hours_ahead_is_nobodys_fault(team: Team) -> None:
    """A program in Berlin that writes its local time as UTC: the later one is the later one."""
    team.put("first.xlsx", card(team, 30, NOW - timedelta(hours=1)), NOW - timedelta(hours=3))
    team.put("second.xlsx", card(team, 80, NOW + timedelta(hours=1)), NOW - timedelta(hours=1))
    for now in (NOW, NOW + timedelta(days=1)):
        assert fates(team, now)["second.xlsx"] == (Fate.ACCEPTED, set())


@pytest.mark.parametrize("told", ["0001-01-01", "1601-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
def test_a_program_that_does_not_know_the_time_says_nothing(team: Team, told: str) -> None:
    """Those are the zeros of its clock: the file's date counts."""
    team.put("last.xlsx", saved(card(team, 30), told), BEFORE)
    team.put("first.xlsx", card(team, 80, BEFORE - timedelta(days=3)), NOW)
    assert fates(team)["last.xlsx"] == (Fate.ACCEPTED, set())


def test_it_is_said_once_of_a_file_however_many_of_its_dates_are_ahead(team: Team) -> None:
    team.put("mail.eml", mailed(card(team, 40, FAR), FAR - timedelta(days=9)), FAR)
    (found,) = take_in(team.workspace, now=NOW).files
    (said,) = found.findings
    assert "Mail ist auf den 23.12.2198 datiert" in texts("de").sentence(said)
    assert "no other one can be true" in texts("en").sentence(said)


@pytest.mark.proof
def test_a_plan_saved_in_the_future_does_not_win(team: Team) -> None:
    register = read_register(team.workspace).register
    team.keep("far.xlsx", saved(team.plan(), FAR), BEFORE - timedelta(days=1))
    team.keep("own.xlsx", saved(team.plan(), BEFORE), NOW)
    for files in (
        take_in_plans(team.workspace, register, NOW),
        take_in(team.workspace, now=NOW, register=register).files,
    ):
        found = {file.path: (file.fate, codes(file)) for file in files}
        far = found["plans/far.xlsx"]
        assert (far[0], far[1] & {"saved-in-future"}) == (Fate.SUPERSEDED, {"saved-in-future"})
        assert "saved-in-future" not in found["plans/own.xlsx"][1]


def test_check_says_it_of_one_card_in_both_languages(team: Team) -> None:
    path = team.put("far.xlsx", card(team, 30, FAR), BEFORE)
    (found,) = check([path], team.root, now=NOW).files
    assert (found.fate, codes(found)) == (Fate.ACCEPTED, {"saved-in-future"})
    (said,) = found.findings
    assert "2199" in texts("en").sentence(said)
    assert "01.01.2199" in texts("de").sentence(said)
    assert "17.05.2026" in texts("de").sentence(said)


@pytest.mark.proof
def test_every_command_has_the_same_clock(team: Team) -> None:
    team.put("far.xlsx", card(team, 30, FAR), BEFORE - timedelta(days=1))
    team.put("honest.xlsx", card(team, 80, BEFORE), NOW)
    result = consolidate(team.root, now=NOW)
    used = [file.path for file in result.files if file.fate is Fate.ACCEPTED]
    assert used == ["inbox/honest.xlsx"]
    thanked = thank(team.root, ["ALPHA"], now=NOW)
    assert len(thanked.mails) == 1
    assert remind(team.root, ["ALPHA"], now=NOW).sent_something == ()
    assert decide(team.root, now=NOW).waiting == ()


@pytest.mark.proof
def test_a_clock_that_is_behind_loses_nothing_and_says_so_once(team: Team) -> None:
    team.put("first.xlsx", card(team, 30, BEFORE), BEFORE)
    team.put("second.xlsx", card(team, 80, NOW), NOW)
    behind = NOW - timedelta(days=365)
    assert fates(team, behind) == fates(team, NOW)
    result = consolidate(team.root, now=behind)
    assert [f.code for f in result.findings].count("clock-behind") == 1
    assert "clock-behind" not in {f.code for f in consolidate(team.root, now=NOW).findings}


def test_a_notice_of_the_future_does_not_close_an_address_for_good(team: Team) -> None:
    """A bounce "of 2199" is older than the answer that came after it."""
    notice = (
        b"From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nDate: %s\r\n"
        b"Subject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; "
        b'report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
        b"No.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example"
        b"\r\n\r\nFinal-Recipient: rfc822; ada@alpha.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"\r\n--b--\r\n"
    ) % format_datetime(FAR).encode()
    team.put("notice.eml", notice, BEFORE)
    assert remind(team.root, ["ALPHA"], now=NOW).undeliverable != ()
    alive = mailed(b"no workbook", BEFORE + timedelta(days=1))
    team.put("alive.eml", alive, BEFORE + timedelta(days=1))
    assert remind(team.root, ["ALPHA"], now=NOW).undeliverable == ()


_SETTLING = {"take_in", "take_in_replies", "cards_of", "asked_in"}
_PLACES = sorted((Path(kamxl.__file__).parent).rglob("*.py"))


def _nodes(path: Path, *words: str) -> Iterator[ast.AST]:
    """What stands in a module in which one of these words stands at all."""
    source = path.read_text(encoding="utf-8")
    if any(word in source for word in words):
        yield from ast.walk(ast.parse(source))


def _without_a_clock(path: Path) -> list[str]:
    found = []
    for node in _nodes(path, *(f"{name}(" for name in _SETTLING)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            named = {word.arg for word in node.keywords}
            handed = "now" in named or any("now" in ast.unparse(one) for one in node.args)
            if node.func.id in _SETTLING and not handed:
                found.append(f"{path.name}:{node.lineno}")
    return found


def test_whoever_settles_answers_hands_in_the_clock() -> None:
    found = [line for path in _PLACES for line in _without_a_clock(path)]
    allowed = {"consolidate.py"}  # cards_of an intake that was settled by the run's clock
    assert [line for line in found if line.partition(":")[0] not in allowed] == []


_CLOCKS = {"now", "time", "today", "utcnow", "time_ns"}
# Where a use case that nobody gave a clock begins, and where a program does.
_MAY_ASK = {
    "cli/world.py", "addin.py", "workflow/incoming/consolidate.py", "workflow/incoming/check.py",
    "workflow/incoming/answering.py", "workflow/incoming/refresh.py", "workflow/outgoing/issue.py",
    "workflow/outgoing/briefing.py",
    "workflow/forgetting/forget.py", "store/atomic.py",
    "store/turns.py",  # only to tell people since when somebody is at work
}  # fmt: skip


def test_the_computers_clock_is_asked_where_a_run_begins_and_nowhere_else() -> None:
    """Waits and locks measure with a clock that does not jump; what is dated is handed in."""
    root = Path(kamxl.__file__).parent
    asking = set()
    for path in _PLACES:
        for node in _nodes(path, *(f".{clock}(" for clock in _CLOCKS)):
            asked = isinstance(node, ast.Attribute) and node.attr in _CLOCKS
            if asked and ast.unparse(node.value) in {"datetime", "date", "time"}:
                asking.add(path.relative_to(root).as_posix())
    assert asking == _MAY_ASK


@pytest.mark.proof
@pytest.mark.parametrize("ahead", [-3650, 3650])
def test_a_clock_that_jumped_overwrites_nothing(team: Team, ahead: int) -> None:
    team.put("card.xlsx", card(team, 80, BEFORE), BEFORE)
    consolidate(team.root, now=NOW)
    (team.root / "Portfolio.xlsx").write_bytes(b"hers")
    first = consolidate(team.root, now=NOW + timedelta(days=ahead))
    again = consolidate(team.root, now=NOW + timedelta(days=ahead))
    kept = [path for path in team.root.glob("Portfolio-*.xlsx") if path.read_bytes() == b"hers"]
    assert len(kept) == 1
    assert first.written == again.written == "Portfolio.xlsx"
