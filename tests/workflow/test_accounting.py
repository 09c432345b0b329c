"""Whatever lies in an inbox, every file is accounted for exactly once."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kamxl.core.finding import Fate
from kamxl.core.records.register import FileResult
from kamxl.store import inbox
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.results import counts
from tests.hostile.cases import everything
from tests.proof import need
from tests.waiting import PATIENCE
from tests.workflow.making import NOW, answers_to

ROOT = Path(__file__).parents[2]
# Of the attacks, those that cost next to nothing: their number is what matters here.
ATTACKS = sorted(
    name for name, (_, data, _) in everything().items() if len(data) < 20_000 and "4-gb" not in name
)[::6]
EXAMPLES = 40
KINDS = ("good", "twin", "half", "empty", "cut", "flipped", "text", "owner", "attack", "denied",
         "link")  # fmt: skip


def made(team, kind: str, number: int) -> tuple[str, bytes]:
    """The ending and the bytes of a file of a kind."""
    account, segment = (("ALPHA", "pumps"), ("ALPHA", "valves"), ("GAMMA", "pumps"))[number % 3]
    order = team.order(account, segment)
    if kind in ("good", "denied", "link"):
        answers = answers_to(order, name=f"Person {number}")
    elif kind == "half":
        answers = answers_to(order, us=(80.0, None, None), name=f"Person {number}")
    else:
        answers = answers_to(order)
    card = team.filled(order, answers)
    if kind == "attack":
        path, data, _ = everything()[ATTACKS[number % len(ATTACKS)]]
        return Path(path).suffix, data
    content = {
        "empty": b"",
        "cut": card[: len(card) * (1 + number % 9) // 10],
        "flipped": bytes([*card[:2_000], card[2_000] ^ 1, *card[2_001:]]),
        "text": b"Hello",
    }
    return ".txt" if kind == "text" else ".xlsx", content.get(kind, card)


def packed(how: str, files: list[tuple[str, bytes]]) -> bytes:
    if how == "eml":
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "a@b.example", "c@d.example", "Re"
        mail.set_content("Hello")
        for name, data in files:
            mail.add_attachment(data, "application", "octet-stream", filename=name)
        return mail.as_bytes()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return stream.getvalue()


ONE = st.tuples(st.sampled_from(KINDS), st.integers(0, 8), st.sampled_from(["", "a/", "a/b/"]))
PACK = st.tuples(st.sampled_from(["eml", "zip"]), st.lists(ONE, max_size=4))


def fill(team, ones, packs) -> None:
    """Put all of it into the inbox."""
    for place, (kind, number, folder) in enumerate(ones):
        ending, data = made(team, kind, number)
        name = f"{folder}{'~$' if kind == 'owner' else ''}{kind}-{place}{ending}"
        path = team.put(f"{folder}~$x-{place}.xlsx" if kind == "owner" else name, data)
        if kind == "link":
            target = team.root.parent / f"outside-{place}.xlsx"
            path.rename(target)
            path.symlink_to(target)
    for place, (how, inner) in enumerate(packs):
        files = []
        for n, (kind, number, folder) in enumerate(inner):
            ending, data = made(team, kind, number)
            files.append((f"{folder}{kind}-{n}{ending}", data))
        team.put(f"pack-{place}.{how}", packed(how, files))


def denied(read):
    def refuse(path, name, limit):
        if "denied" in name:
            raise PermissionError(13, "Permission denied")
        return read(path, name, limit)

    return refuse


def look(team, monkeypatch) -> tuple[FileResult, ...]:
    monkeypatch.setattr(looking, "as_xlsx", lambda *_: None)
    monkeypatch.setattr(inbox, "_read", denied(inbox._read))
    return take_in(team.workspace).files


@pytest.mark.proof
@given(st.lists(ONE, max_size=8), st.lists(PACK, max_size=2))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_file_is_accounted_for_exactly_once(team, ones, packs):
    shutil.rmtree(team.root / "inbox", ignore_errors=True)
    (team.root / "inbox").mkdir()
    for left in team.root.parent.glob("outside-*"):
        left.unlink()
    fill(team, ones, packs)
    with pytest.MonkeyPatch.context() as patched:
        files = look(team, patched)
    by = counts(files)
    fates = ("accepted", "provisional", "attention", "superseded", "ignored")
    assert sum(by[fate] for fate in fates) == by["files"] == len(files)
    assert max(Counter(file.path for file in files).values(), default=1) == 1
    folder = team.root / "inbox"
    on_disk = {
        f"inbox/{p.relative_to(folder).as_posix()}"
        for p in folder.rglob("*")
        if p.is_symlink() or p.is_file()
    }
    in_inbox = [file for file in files if file.source.startswith("inbox/")]
    assert {file.source for file in in_inbox} == on_disk
    for source in on_disk:
        found = [file for file in in_inbox if file.source == source]
        opened = source.endswith((".eml", ".msg", ".zip"))
        assert len(found) == 1 or opened
        assert all(file.findings or file.fate is Fate.ACCEPTED for file in found)
    # no answer counts twice
    used = [f for f in files if f.fate in (Fate.ACCEPTED, Fate.PROVISIONAL) and f.answers]
    keys = Counter((f.account, f.segment, f.respondent, f.period, f.name) for f in used)
    assert max(keys.values(), default=1) == 1


_RUN = """
import sys
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.results import counts
import json
result = consolidate(sys.argv[1])
print(json.dumps([[f.path, f.fate, [x.code for x in f.findings]] for f in result.files]))
"""


@pytest.mark.proof
@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_what_the_system_does_not_let_us_read(team):
    """Really denied, file and folder: root is held to the modes, too."""
    team.put("good.xlsx", team.filled(team.order()))
    team.put("closed.xlsx", team.filled(team.order("BETA"))).chmod(0)
    team.put("shut/inside.xlsx", b"x")
    (team.root / "inbox" / "shut").chmod(0)
    command = [sys.executable, "-c", _RUN, str(team.root)]
    if os.geteuid() == 0:
        need([] if shutil.which("setpriv") else ["setpriv is not installed"])
        bound = "--bounding-set=-dac_override,-dac_read_search"
        command = ["setpriv", "--inh-caps=-all", bound, *command]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    finally:
        (team.root / "inbox" / "shut").chmod(0o700)
    assert done.returncode == 0, done.stderr[-2_000:]
    assert json.loads(done.stdout) == [
        ["inbox/closed.xlsx", "attention", ["no-access"]],
        ["inbox/good.xlsx", "accepted", []],
        ["inbox/shut", "attention", ["no-access"]],
    ]


@pytest.mark.proof
def test_all_of_it_through_to_the_portfolio(team, monkeypatch):
    fill(
        team,
        [(kind, n, "") for n, kind in enumerate(KINDS)],
        [("zip", [("good", 1, ""), ("cut", 2, "")]), ("eml", [("twin", 1, ""), ("text", 1, "")])],
    )
    files = look(team, monkeypatch)
    again = consolidate(team.root, now=NOW).files
    assert [(f.path, f.fate) for f in again] == [(f.path, f.fate) for f in files]
