"""The demo end to end: what is imperfect in it shows what it was made to show."""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import openpyxl
import pytest

from kamxl.cli import main as cli
from kamxl.commands.demo import words as demo_lines
from kamxl.core.finding import Fate
from kamxl.core.period import Period
from kamxl.core.records.plan import carried_over
from kamxl.errors import KamxlError
from kamxl.excel.reading.book import read
from kamxl.forms.plan import book as plan_form
from kamxl.forms.plan.mark import identities
from kamxl.forms.plan.prefill import first_plan
from kamxl.forms.register.reading import workspaces
from kamxl.forms.tables.mark import find_marks
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.demo import play
from kamxl.workflow.demo.plans import Manager
from kamxl.workflow.demo.play import demo, previous
from kamxl.workflow.outgoing.plan_known import Knowledge, drawn
from kamxl.workflow.results import counts
from kamxl.workflow.start.init import init
from kamxl.workflow.start.register import read_register
from tests.examples import KEY, NOW
from tests.forms import plans
from tests.proof import need, recalc
from tests.workflow.making import codes, hashes

pytestmark = pytest.mark.proof

OUTPUT = ("inbox", "outbox", "plans", "Portfolio.xlsx")


@pytest.fixture(scope="module")
def played(demos_played):
    return demos_played("de")


def test_enough_accounts_in_two_languages(played):
    _, result = played
    accounts = result.consolidated.portfolio.accounts
    answered = [a for a in accounts if a.total is not None]
    assert len(answered) >= 12
    assert len(accounts) > len(answered)  # somebody has not answered
    languages = {f.order.language for f in result.consolidated.files if f.order}
    assert languages == {"de", "en"}
    assert any(a.earlier for a in accounts)
    assert any(len(s.replies) > 1 for a in accounts for s in a.segments)


def test_every_imperfection_shows(played):
    _, result = played
    files = result.consolidated.files
    seen = {(code, f.fate) for f in files for code in codes(f)}
    assert {
        ("weights-sum", Fate.PROVISIONAL),  # weights 95
        ("rating-missing", Fate.PROVISIONAL),  # half filled
        ("number-text", Fate.PROVISIONAL),  # "ca. 55"
        ("superseded", Fate.SUPERSEDED),  # a second reply
        ("shared-card", Fate.ACCEPTED),  # forwarded
        ("mark-altered", Fate.ATTENTION),  # forged
        ("unreadable", Fate.ATTENTION),  # a picture
        ("duplicate-file", Fate.IGNORED),
        ("not-ours", Fate.IGNORED),
    } <= seen
    assert any("/" in f.path.removeprefix("inbox/") and "Rücklauf" in f.path for f in files)
    assert any(f.period == "2026-H1" and f.fate is Fate.ACCEPTED for f in files)
    by = counts(files)
    assert by["files"] == sum(by[fate.value] for fate in Fate)
    assert by["attention"] == 3


def test_account_plans_of_every_kind(played):
    _, result = played
    done = result.consolidated
    plans = {f.path: f for f in done.files if f.path.startswith("plans/")}
    assert {(f.kind, f.fate, *codes(f)) for f in plans.values()} == {
        ("plan", Fate.ACCEPTED),
        ("plan", Fate.PROVISIONAL, "number-text"),
        ("scorecard", Fate.ATTENTION, "wrong-folder"),
    }
    current = [f for f in plans.values() if f.kind == "plan" and f.period == "2026-H2"]
    assert len(current) == result.plans == 7
    assert [f.account for f in plans.values() if f.period == "2026-H1"] == ["MOLTIDE"]
    assert any("von Maeve/" in path for path in plans)  # renamed and moved
    standings = {a.id: a.standing for a in done.portfolio.accounts}
    planned = {i: s for i, s in standings.items() if s.plan}
    assert set(planned) == {f.account for f in current}
    assert all(s.selected.list.value == "focus" for s in planned.values())
    assert {s.selected.list.value for s in standings.values()} == {"focus", "build_up", "serve"}
    assert any(s.selected.mismatch for s in standings.values())
    assert {s.selected.gate.gate.value for s in standings.values()} == {"open", "clarify", "closed"}
    assert any(s.overdue for s in planned.values())
    assert {s.programmes.selling_only for s in planned.values()} == {True, False}
    views = [found for s in planned.values() for found in s.views]
    assert any(found.perception for found in views)
    assert any(found.views for found in views)
    half = planned["LUMENTA"].plan
    assert half.fields
    assert not half.levers
    assert len({s.ladder.status for s in planned.values()}) > 1


def test_a_plan_carries_over_what_the_earlier_one_knew(played):
    root, _ = played
    earlier, now = (
        plan_form.read(read((root / f"plans/MOLTIDE--2026-{half}.xlsx").read_bytes()))[0]
        for half in ("H1", "H2")
    )
    assert now.period > earlier.period
    known = {a.id: a.answer for a in earlier.discovery if a.answer}
    assert known.items() <= {a.id: a.answer for a in now.discovery if a.answer}.items()
    for plan in (earlier, now):  # it was worked on after the answers of its period had come
        assert None not in {r.customer for r in plan.ratings if r.segment == "LINIEN"}


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_managers_fill_in_is_read_as_filled_in(language, tmp_path, few_rows):
    init(tmp_path, language, True, workspace_id="demo", key=KEY, now=NOW)
    register = read_register(Workspace.open(tmp_path)).register
    known = Knowledge(register, "2026-H2", (), (), NOW.date())
    for account in register.accounts[:4]:
        given = known.prefill(account)
        plan = first_plan(given, language, "demo")
        for depth in ("full", "selling", "half"):
            filled = Manager(plan, account.manager, NOW.date()).filled(depth)
            data = drawn(Workspace.open(tmp_path), replace(given, earlier=filled,
                         as_of=NOW.date()), language)  # fmt: skip
            assert plan_form.read(read(data)) == (filled, ())


def test_what_is_odd_and_clear_is_understood(played):
    """A text "85 %" (in a mail) and a sorted table are read as meant, without a finding."""
    _, result = played
    by = {f.path.removeprefix("inbox/"): f for f in result.consolidated.files}
    mailed = "AUENQUELL--LINIEN--FREIM.eml!AUENQUELL--LINIEN--FREIM.xlsx"
    assert by[mailed].mail.address == "frauke.reimers@auenquell.example"
    for name in (mailed, "PHARADON--REINRAUM--HWIND.xlsx"):
        assert (by[name].fate, codes(by[name])) == (Fate.ACCEPTED, set())
    weights = [
        r.weight for r in by["PHARADON--REINRAUM--HWIND.xlsx"].answers.scorecard.requirements
    ]
    assert weights != sorted(weights, reverse=True)  # back in the order that was asked


def test_what_it_says(played):
    root, result = played
    lines = demo_lines(result)
    assert len(lines) <= 13
    assert "29 Scorecards" in lines[0]
    assert "für 7 führt das Team einen Kundenplan" in lines[0]
    waiting = [f.path for f in result.consolidated.files if f.fate is Fate.ATTENTION]
    for path in waiting:
        assert sum(path in line for line in lines) == 1
    for path in ("Portfolio.xlsx", "Register.xlsx", result.card, result.plan):
        assert any(path in line for line in lines)
        assert (root / path).is_file()


def charts(package: zipfile.ZipFile) -> dict[str, bytes]:
    return {n: package.read(n) for n in package.namelist() if n.startswith("xl/charts/chart")}


def without_value(package: zipfile.ZipFile) -> list[str]:
    """The formulas of a workbook that have no stored value."""
    sheets = (n for n in package.namelist() if n.startswith("xl/worksheets/sheet"))
    found = (re.findall(r"<c [^>]*><f.*?</c>", package.read(n).decode()) for n in sheets)
    # an empty text is a value, nothing at all is none
    kept = re.compile(r'<v>[^<]|<c [^>]*t="str"[^>]*>.*<v')
    return [cell for cells in found for cell in cells if not kept.search(cell)]


def packages(root: Path) -> Iterator[tuple[str, bytes]]:
    """Every workbook of a folder: the files themselves, and what is in mails and archives."""
    for path in sorted(root.rglob("*")):
        data = path.read_bytes() if path.suffix in {".xlsx", ".eml", ".zip"} else b""
        if path.suffix == ".eml":
            parts = message_from_bytes(data).walk()
            sheets = (p for p in parts if (p.get_filename() or "").endswith(".xlsx"))
            yield from ((path.name, p.get_payload(decode=True)) for p in sheets)
        elif path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from ((path.name, archive.read(name)) for name in archive.namelist())
        elif data.startswith(b"PK"):  # one calls itself a workbook and is a picture
            yield path.name, data


def test_every_workbook_is_whole(played):
    """No program on the way has cost one its charts or its stored values."""
    root, _ = played
    seen: dict[str, list[int]] = {}
    for name, data in packages(root):
        package = zipfile.ZipFile(io.BytesIO(data))
        assert package.testzip() is None
        seen.setdefault(kind_of(read(data)), []).append(len(charts(package)))
        assert without_value(package) == [], name
        parts = package.read("[Content_Types].xml").decode()
        assert all(n in parts for n in package.namelist() if n.startswith("xl/charts/chart")), name
    for kind, least in (("scorecard", 60), ("plan", 8), ("register", 1)):
        assert len(seen[kind]) >= least
        assert set(seen[kind]) == {max(seen[kind])} != {0}, kind  # all as they are drawn
    # the test can fail
    bare = openpyxl.load_workbook(root / "plans" / "MOLTIDE--2026-H2.xlsx")
    bare.save(made := io.BytesIO())
    assert without_value(zipfile.ZipFile(made))


def test_what_was_typed_over_a_blank_is_stored_as_it_recalculates(played, tmp_path):
    """The cells with words in place of numbers, as LibreOffice takes them."""
    need(recalc.available())
    root, _ = played
    odd = {n: d for n, d in packages(root) if b"inlineStr" in inflated(d)}
    assert len(odd) == 3
    for number, data in enumerate(odd.values()):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(data)
        apart = recalc.differences_in_libreoffice(path)
        # no program of hers has been in it: the line of its state is that of a blank cell
        red = [one for one in apart if one.engines == {"libreoffice": "x"}]  # where words stand
        doubt = [one for one in apart if one.stored == 0 and one.engines == {"libreoffice": 1}]
        state = [one for one in apart if one.cell in {"A4", "B4"}]
        assert len(red) == len(doubt) == len(state) / 2 <= 1
        assert len(apart) == len(red) + len(doubt) + len(state)


@pytest.mark.proof
def test_lines_of_ours_are_lines(played):
    """What would be shown of a line end in somebody's name stands in no text of ours."""
    root, _ = played
    for name, data in packages(root):
        package = zipfile.ZipFile(io.BytesIO(data))
        for part in package.namelist():
            assert "⏎".encode() not in package.read(part), (name, part)
    assert "⏎" not in (root / "Portfolio.html").read_text("utf-8")


def inflated(data: bytes) -> bytes:
    package = zipfile.ZipFile(io.BytesIO(data))
    return b"".join(package.read(n) for n in package.namelist() if n.startswith("xl/worksheets/"))


def kind_of(raw):
    asks = {found.mark.asks.value for found in find_marks(raw)} - {""}
    if asks:
        return asks.pop()  # a reply page alone has no picture
    known = (("scorecard", find_marks), ("plan", identities), ("register", workspaces))
    return next((kind for kind, of in known if any(of(raw))), "other")


def test_no_address_leads_anywhere(played):
    """Nobody in it exists: every address is under .example."""
    root, _ = played
    for record in (root / ".kamxl/issued").glob("*.json"):
        order = json.loads(record.read_text("utf-8"))
        for key in ("respondent_email", "sender_email"):
            assert order.get(key, ".example").endswith(".example")


def test_replaces_a_demo_by_the_same_and_nothing_else(demos, tmp_path, capsys, monkeypatch):
    root = tmp_path / "d"
    shutil.copytree(demos("en"), root)
    (root / "inbox" / "mine.txt").write_text("x")

    def then(*given, **named):
        return demo(*given, **{**named, "key": KEY, "now": NOW})

    monkeypatch.setattr(play, "demo", then)
    assert cli.main(["demo", str(root), "--language", "en"]) == 0
    assert not (root / "inbox" / "mine.txt").exists()
    first, second = (hashes(one, *OUTPUT) for one in (demos("en"), root))
    assert {n: h.split()[0] for n, h in first.items()} == {
        n: h.split()[0] for n, h in second.items()
    }
    out = capsys.readouterr().out
    assert texts("en")("demo.look", root=str(root)) in out
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_text("x")
    before = hashes(other, "mine.txt")
    with pytest.raises(KamxlError, match="something else"):
        demo(other, "en", key=KEY, now=NOW)
    assert hashes(other, "mine.txt") == before
    assert [p.name for p in other.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2026", "2025"),
        ("2026-H2", "2026-H1"),
        ("2026-H1", "2025-H2"),
        ("2026-Q1", "2025-Q4"),
        ("2026-Q3", "2026-Q2"),
        ("2026-01", "2025-12"),
        ("2026-11", "2026-10"),
    ],
)
def test_the_period_before(period, before):
    assert previous(Period.parse(period)) == before


def test_next_period_s_actions_have_ids_of_their_own() -> None:
    first = Manager(first_plan(plans.prefill(), "de", "demo"), "J", plans.AS_OF).filled()
    carried = replace(carried_over(first, "2027-H1"), wishes=first.wishes[1:])
    second = Manager(carried, "J", plans.AS_OF + timedelta(days=180)).filled()
    ids = [action.id for action in second.actions]
    assert len(set(ids)) == len(ids)
    assert {action.id for action in carried.actions} < set(ids)
