"""The long run on a small sample, so that the command itself does not rot."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS
from tests.hostile import workbooks
from tests.long import __main__ as command
from tests.long import flips, found
from tests.long.journal import Journal, added

BROKEN = workbooks.workbook()[:-30]


@pytest.fixture
def strange(tmp_path) -> Path:
    """A folder of files that others made, one of them far down."""
    folder = tmp_path / "strange"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "cut.xlsx").write_bytes(BROKEN)
    (folder / "letter.txt").write_bytes(b"Dear all, nothing to see here")
    with contextlib.suppress(OSError, NotImplementedError):  # not everybody may on Windows
        (folder / "link.xlsx").symlink_to(folder / "letter.txt")
    return folder


def run(tmp_path: Path, *words: object) -> int:
    """The command in this process, on a journal of its own."""
    given = ["--journal", tmp_path / "j.jsonl", "--report", tmp_path / "r.md", "--processes", 0]
    return command.main([str(word) for word in (*given, *words)])


def test_a_small_sample_of_all_that_needs_no_other_program(tmp_path, strange, capsys):
    some = ["--only", "flips", "found", "--formats", "xlsx", "zip", "--every", 40_009]
    assert run(tmp_path, *some, "--found", strange) == 0
    report = (tmp_path / "r.md").read_text(encoding="utf-8")
    assert report in capsys.readouterr().out
    assert "| found | 2 files | " in report
    assert "1 unreadable/damaged-zip" in report
    assert "flips .zip" in report
    assert "FAILED" not in report
    # the second time, all of it is done already
    before = (tmp_path / "j.jsonl").read_bytes()
    assert run(tmp_path, *some, "--found", strange) == 0
    assert (tmp_path / "j.jsonl").read_bytes() == before


def test_what_was_stopped_goes_on_where_it_was(tmp_path, strange, monkeypatch, capsys):
    seen, real = [], found.judged

    def stopped(path: Path):
        seen.append(path.name)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return real(path)

    monkeypatch.setattr(found, "judged", stopped)
    assert run(tmp_path, "--only", "found", "--found", strange) == 130
    assert "goes on from" in capsys.readouterr().out
    assert run(tmp_path, "--only", "found", "--found", strange) == 0
    assert seen == ["cut.xlsx", "letter.txt", "letter.txt"]


def test_an_answer_among_strange_files_is_a_failure(tmp_path, monkeypatch, capsys):
    """The measure itself: what is used, has no reason or costs too much is found out."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"hello")
    bad = {"codes": {"none": 1}, "seconds": 99, "clock": 1, "megabytes": 1, "wrong": ["used"]}
    monkeypatch.setattr(found, "judged", lambda _: bad)
    assert run(tmp_path, "--only", "found", "--found", tmp_path / "in") == 1
    assert "| found | a.txt | used | FAILED |" in capsys.readouterr().out


def test_other_commands_are_asked_for_what_they_do(tmp_path, monkeypatch, capsys):
    """The tests that take long, those of properties with more examples, the fuzzer: as they end."""
    asked: list[tuple[list[str], str | None]] = []

    def started(words: list[str], **named):
        asked.append((words, (named.get("env") or {}).get("KAMXL_EXAMPLES")))
        return subprocess.CompletedProcess(words, 1 if "mails" in words else 0, "said\nended", "")

    monkeypatch.setattr(command.subprocess, "run", started)
    assert run(tmp_path, "--only", "proofs", "properties", "fuzz", "--minutes", 20) == 1
    report = capsys.readouterr().out
    assert "| proofs | -m long | ended | well |" in report
    assert "| fuzz | mails 120 s | ended | FAILED |" in report
    proofs, *others = asked
    assert proofs[0][-2:] == ["-m", "long"]
    many = [words[-1] for words, examples in others if examples == "2000"]
    assert len(many) > 20
    assert any(one.endswith("test_reader.py") for one in many)
    assert sum("tests.fuzz" in words for words, _ in others) == len(TARGETS)


def test_a_silent_change_is_a_failure_where_it_could_be_told():
    changed = Counter({"same": 5, "changed": 1})
    assert flips.wrong("ods", changed)
    assert not flips.wrong("xls", changed)
    assert flips.wrong("xls", Counter({"not read at all": 1}))
    assert not flips.wrong("zip", Counter({"refused": 3}))


@pytest.mark.parametrize("name", ["xlsx", "xlsb", "eml", "zip"])
def test_an_answer_of_each_format_reads_and_a_cut_one_does_not(name):
    data = flips.made(name)
    half = len(data) // 2
    ends = flips.tried(name, data, f"lengths {half} {len(data) + 1} {len(data) - half}")
    assert ends == {"lengths": {"refused": 1, "same": 1}}


def test_all_pieces_together_are_every_bit_and_every_length():
    data = flips.made("zip")
    covered: Counter[str] = Counter()
    for piece in flips.pieces("zip", 1):
        kind, begin, end, _ = piece.split()
        covered[kind] += int(end) - int(begin)
    assert covered == {"bits": len(data) * 8, "lengths": len(data)}


def test_half_a_line_of_a_journal_is_a_piece_to_be_done_again(tmp_path):
    journal = Journal(tmp_path / "j.jsonl")
    journal.add("p", "1", {"bits": {"same": 1}})
    with journal.path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"part": "p", "piece": "2", "result": {}})[:-9])
    again = Journal(journal.path)
    assert not again.has("p", "2")
    again.add("p", "2", {"bits": {"same": 2, "refused": 1}})
    assert added(Journal(journal.path).results("p"), "bits") == {"same": 3, "refused": 1}


def test_a_folder_that_is_not_there_is_said(tmp_path, capsys):
    with pytest.raises(SystemExit):
        run(tmp_path, "--found", tmp_path / "none")
    assert "no such folder" in capsys.readouterr().err
