"""The command line at a terminal, among nasty names: only our own words move its cursor."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import time
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from kamxl.workflow.outgoing.issue import issue
from tests.waiting import PATIENCE
from tests.wording.test_visible import unseen
from tests.workflow.making import answers_to, edited, new_team
from tests.workflow.test_deciding import wipe

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(sys.platform == "win32", reason="no such terminals, nor such names"),
]
NASTY = "\x1b]0;x\x07\x1b[2J\r\n\x9b31m\u202e\u2066\u200b\x85\u2028\x7f"
# One line after the other, each cleared to its end, and the way back.
PROGRESS = re.compile(
    rb"\r(?:[\d.,]+ (?:of [\d.,]+(?: \xc2\xb7 [\d.,]+ a second)?(?: \xc2\xb7 [\dhmins ]+ left)?"
    rb"|von [\d.,]+(?: \xc2\xb7 [\d.,]+ pro Sekunde)?(?: \xc2\xb7 noch [\dhmins ]+)?)"
    rb"|Writing the portfolio \xe2\x80\xa6|Das Portfolio wird geschrieben \xe2\x80\xa6|)"
    rb"\x1b\[K(?:\r\x1b\[K)?"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What came back, under names that would clear the screen, end lines and turn the writing."""
    root = tmp_path_factory.mktemp("terminal") / "w"
    team = new_team(root)
    issue(root)
    order = team.order()
    card = team.filled(order, answers_to(order, name=f"Eva {NASTY}Kern"))
    team.put(f"card{NASTY}.xlsx", card)
    team.put(f"blank{NASTY}.xlsx", edited(card, lambda book: wipe(book, order)))
    team.put(f"text{NASTY}.txt", b"no workbook")
    with zipfile.ZipFile(root / "inbox" / f"z{NASTY}.zip", "w") as packed:
        packed.writestr(f"in{NASTY}.xlsx", team.filled(team.order("GAMMA")))
        packed.writestr(f"no{NASTY}.xlsx", b"PK\x03\x04 broken")
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "AW: \u202e\x9bx", "ada@alpha.example"
    mail.set_content("x")
    mail.add_attachment(b"x", maintype="a", subtype="b", filename="x\x9b\u202e.xlsx")
    team.put(f"mail{NASTY}.eml", mail.as_bytes())
    Path(os.fsdecode(bytes(root / "inbox") + b"/raw\x9b\xff.xlsx")).write_bytes(b"half")
    return root


def at_terminal(root: Path, *words: str, typed: str = "") -> tuple[int, bytes]:
    """The exit status of a command at a terminal, and all that it was sent."""
    import pty

    ours, its = pty.openpty()
    command = [sys.executable, "-m", "kamxl", "-C", str(root), *words]
    process = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, close_fds=True)
    os.close(its)
    os.write(ours, typed.encode())
    seen, end = b"", time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not select.select([ours], [], [], 1)[0]:
            continue
        try:
            some = os.read(ours, 65536)
        except OSError:  # it ended
            break
        if not some:
            break
        seen += some
    os.close(ours)
    return process.wait(PATIENCE), seen


def strange(seen: bytes) -> list[str]:
    """What a terminal would obey, but for what is ours: ends of lines, and the progress."""
    told = PROGRESS.sub(b"", seen.replace(b"\r\n", b"\n")).replace(b"\n", b"")
    return unseen(told.decode("utf-8"))


COMMANDS = {
    "consolidate": ("consolidate", "--language", "de"),
    "check": ("check", f"inbox/card{NASTY}.xlsx", f"inbox/z{NASTY}.zip", f"inbox/mail{NASTY}.eml"),
    "check of nothing": ("check", f"nothing{NASTY}.xlsx"),
    "leaks": ("check", "--leaks", f"inbox/card{NASTY}.xlsx"),
    "remind": ("remind",),
    "thank": ("thank",),
    "an account": ("issue", "--account", NASTY),
    "an argument": ("check", f"--{NASTY}"),
    "a command": (NASTY,),
    "a choice": ("mail", NASTY),
    "a period": ("consolidate", "--period", NASTY),
    "a number": ("consolidate", "--workers", NASTY),
    "a decision": ("decide", f"card{NASTY}=x{NASTY}"),
    "import": ("import", f"inbox/text{NASTY}.txt"),
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_nothing_from_outside_moves_the_cursor(folder: Path, words: tuple[str, ...]) -> None:
    inside = [str(folder / word) if word.startswith("inbox/") else word for word in words]
    status, seen = at_terminal(folder, *inside)
    assert status in (0, 2)
    assert strange(seen) == []
    assert b"Traceback" not in seen
    assert seen.strip()


def test_what_is_asked_about_is_shown(folder: Path) -> None:
    """Each prompt of decide, answered by an Enter."""
    status, seen = at_terminal(folder, "decide", typed="\n" * 9)
    assert (status, strange(seen)) == (0, [])
    assert "⟨U+202E⟩".encode() in seen


def test_json_in_a_pipe_is_the_same_and_holds_nothing_unseen(folder: Path) -> None:
    command = [sys.executable, "-m", "kamxl", "-C", str(folder), "consolidate", "--json"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE)
    told = done.stdout.decode("utf-8")
    assert unseen(told.replace("\n", "")) == []
    found = json.loads(told)
    paths = {file["path"] for file in found["files"]}
    assert f"inbox/card{NASTY}.xlsx" in paths  # the value itself, for whoever opens the file
    messages = [one["message"] for file in found["files"] for one in file["findings"]]
    assert messages
    assert [unseen(message) for message in messages] == [[] for _ in messages]


def test_a_mistake_of_our_own_is_shown_like_all_else(tmp_path: Path) -> None:
    """A traceback says what a file said, too."""
    code = (
        "from kamxl.cli import main as cli\n"
        "def broken(argv):\n    raise AttributeError(eval(__import__('sys').argv[1]))\n"
        "cli._run = broken\ncli.main([])\n"
    )
    command = [sys.executable, "-c", code, ascii(NASTY)]
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path, timeout=PATIENCE)
    told = done.stderr.decode("utf-8")
    assert done.returncode == 1
    assert "AttributeError: ␛]0;x␇␛[2J" in told
    assert unseen(told.replace("\n", "")) == []
