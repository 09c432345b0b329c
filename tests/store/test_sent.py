"""The log of what was sent: names that say it all, written once, whatever interrupts."""

import os

import pytest

from kamxl.errors import WorkspaceError
from kamxl.store import atomic
from kamxl.store.sent import Key, SentLog, State, Step
from kamxl.store.workspace import Workspace

KEY = Key("a" * 32, "b" * 32)
CHANGED = Key("a" * 32, "c" * 32)
OTHER = Key("d" * 32, "b" * 32)


@pytest.fixture
def workspace(tmp_path):
    return Workspace.create(tmp_path / "w", "ws-test", bytes(range(32)))


def test_a_message_is_open_then_in_doubt_then_sent(workspace):
    log = SentLog(workspace)
    assert log.state(KEY) is State.OPEN
    attempt = log.begin(KEY, {"at": "now"})
    assert attempt == 1
    for one in (log, SentLog(workspace)):
        assert one.state(KEY) is State.DOUBT
    log.finish(KEY, attempt, Step.SENT, {"at": "later"})
    for one in (log, SentLog(workspace)):
        assert one.state(KEY) is State.SENT
        assert one.told(KEY) == {"step": "sent", "at": "later"}
        assert one.state(OTHER) is one.state(CHANGED) is State.OPEN


def test_what_did_not_go_out_may_be_tried_again(workspace):
    log = SentLog(workspace)
    log.finish(KEY, log.begin(KEY, {}), Step.UNSENT, {"reason": "550"})
    assert log.state(KEY) is State.OPEN
    assert SentLog(workspace).begin(KEY, {}) == 2
    assert SentLog(workspace).state(KEY) is State.DOUBT


def test_a_doubt_stays_until_it_was_sent_for_certain(workspace):
    log = SentLog(workspace)
    log.begin(KEY, {})
    log.finish(KEY, log.begin(KEY, {}), Step.UNSENT, {})
    assert SentLog(workspace).state(KEY) is State.DOUBT
    log.finish(KEY, log.begin(KEY, {}), Step.SENT, {})
    assert SentLog(workspace).state(KEY) is State.SENT


def test_of_two_runs_only_one_begins(workspace):
    one, two = SentLog(workspace), SentLog(workspace)
    assert one.begin(KEY, {}) == 1
    assert two.begin(KEY, {}) is None
    assert two.state(KEY) is State.DOUBT


def test_an_earlier_mail_that_said_something_else(workspace):
    log = SentLog(workspace)
    attempt = log.begin(KEY, {})
    assert not log.sent_before(CHANGED)  # begun is not sent
    log.finish(KEY, attempt, Step.SENT, {})
    assert log.sent_before(CHANGED)
    assert not log.sent_before(KEY)
    assert not log.sent_before(OTHER)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_a_damaged_record_is_still_sent(workspace, content):
    log = SentLog(workspace)
    log.finish(KEY, log.begin(KEY, {}), Step.SENT, {"at": "x"})
    (path,) = (workspace.memory / "sent").glob("*-sent.json")
    path.write_bytes(content)
    assert SentLog(workspace).state(KEY) is State.SENT
    assert SentLog(workspace).told(KEY) == {"step": "begun"}
    for path in (workspace.memory / "sent").iterdir():
        path.write_bytes(content)
    assert SentLog(workspace).told(KEY) == {}


def test_other_files_there_do_not_matter(workspace):
    log = SentLog(workspace)
    log.begin(KEY, {})
    folder = workspace.memory / "sent"
    (path,) = folder.iterdir()
    for name in (f"{path.stem} (1).json", f"{atomic.TEMPORARY}1-1", "x.json", "desktop.ini"):
        (folder / name).write_text("x")
    assert SentLog(workspace).state(KEY) is State.DOUBT


def test_a_log_that_cannot_be_read_is_not_an_empty_one(workspace):
    (workspace.memory / "sent").write_text("in the way")
    with pytest.raises(WorkspaceError, match="sent"):
        SentLog(workspace)


def test_nothing_begins_that_is_not_on_the_disk(workspace, monkeypatch):
    log = SentLog(workspace)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        log.begin(KEY, {})
    assert SentLog(workspace).state(KEY) is State.OPEN


def test_a_log_without_room_is_read_and_not_written(tmp_path):
    deep = tmp_path
    while len(str(deep)) < 120:
        deep = deep / "abcdefghi"
    log = SentLog(Workspace(deep, "ws", bytes(32)))
    assert log.state(KEY) is State.OPEN
    with pytest.raises(WorkspaceError, match="200"):
        log.check_room()


def test_what_is_alike_is_told_from_what_is_not(workspace):
    log = SentLog(workspace)
    elsewhere, another = Key("1" * 32, KEY.content), Key(KEY.place, "2" * 32)
    for key in (KEY, elsewhere, another):
        log.begin(key, {})
    assert SentLog(workspace).alike(KEY) == [elsewhere]
    assert SentLog(workspace).others(KEY) == [another]
