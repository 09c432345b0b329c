"""Every file is met once, in one order; what cannot be read says why."""

import os
import unicodedata
from pathlib import Path

import pytest

from kamxl.store import inbox

LIMIT = 1000


def met(root: Path) -> dict[str, inbox.Entry]:
    entries = list(inbox.walk(root / "inbox", root, LIMIT))
    assert len({e.path for e in entries}) == len(entries)
    return {e.path: e for e in entries}


@pytest.fixture
def root(tmp_path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path


def put(root: Path, name: str, data: bytes = b"x") -> Path:
    path = root / "inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_sub_folders_in_one_order(root):
    for name in ["b.xlsx", "A.xlsx", "a/z.xlsx", "C/d/e.xlsx"]:
        put(root, name, name.encode())
    entries = list(inbox.walk(root / "inbox", root, LIMIT))
    assert [e.path for e in entries] == [
        "inbox/A.xlsx",
        "inbox/a/z.xlsx",
        "inbox/b.xlsx",
        "inbox/C/d/e.xlsx",
    ]
    assert all(e.data and e.sha256 and e.modified and not e.reason for e in entries)


def test_no_inbox_is_no_file(tmp_path):
    assert list(inbox.walk(tmp_path / "inbox", tmp_path, LIMIT)) == []


def test_reasons(root):
    put(root, "~$card.xlsx")
    put(root, ".~lock.card.ods#")
    put(root, ".DS_Store")
    put(root, "Thumbs.db")
    put(root, "._card.xlsx")
    put(root, "@eaDir/card.xlsx")
    put(root, ".card.xlsx.icloud")
    put(root, "card.xlsx.crdownload")
    put(root, "large.xlsx", b"x" * (LIMIT + 1))
    put(root, "full.xlsx", b"x" * LIMIT)
    reasons = {name.removeprefix("inbox/"): e.reason for name, e in met(root).items()}
    assert reasons == {
        "~$card.xlsx": "owner-file",
        ".~lock.card.ods#": "owner-file",
        ".DS_Store": "not-a-workbook",
        "Thumbs.db": "not-a-workbook",
        "._card.xlsx": "not-a-workbook",
        "@eaDir/card.xlsx": "not-a-workbook",
        ".card.xlsx.icloud": "cloud-placeholder",
        "card.xlsx.crdownload": "download-unfinished",
        "large.xlsx": "too-large",
        "full.xlsx": None,
    }


def test_a_file_that_changes_while_it_is_read(root, monkeypatch):
    path = put(root, "card.xlsx", b"half")
    real = os.fstat

    def growing(handle):
        found = real(handle)
        path.write_bytes(path.read_bytes() + b"+")
        return found

    monkeypatch.setattr(os, "fstat", growing)
    assert met(root)["inbox/card.xlsx"].reason == "still-changing"
    monkeypatch.undo()
    assert met(root)["inbox/card.xlsx"].reason is None


def test_a_file_that_the_cloud_has_not_sent(root, monkeypatch):
    """What can be read is read; what the system only shows says so."""
    put(root, "here.xlsx", b"card")
    put(root, "empty.xlsx", b"")
    assert [e.reason for e in met(root).values()] == [None, None]
    monkeypatch.setattr(inbox, "_is_placeholder", lambda status: True)
    assert {name: e.reason for name, e in met(root).items()} == {
        "inbox/empty.xlsx": "cloud-placeholder",
        "inbox/here.xlsx": None,
    }


def test_a_file_we_may_not_read(root, monkeypatch):
    put(root, "card.xlsx")

    def refuses(*_):
        raise PermissionError(13, "denied")

    monkeypatch.setattr(os, "open", refuses)
    assert met(root)["inbox/card.xlsx"].reason == "no-access"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_lead_nowhere_outside(root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.xlsx").write_bytes(b"secret")
    here = root / "inbox"
    put(root, "real.xlsx", b"real")
    (here / "file.xlsx").symlink_to(outside / "secret.xlsx")
    (here / "folder").symlink_to(outside)
    (here / "up").symlink_to(here)
    (here / "gone.xlsx").symlink_to(here / "nothing")
    (here / "circle.xlsx").symlink_to(here / "circle.xlsx")
    (here / "inner.xlsx").symlink_to(here / "real.xlsx")
    found = met(root)
    assert {n: e.reason for n, e in found.items() if e.reason} == dict.fromkeys(
        (f"inbox/{n}" for n in ["file.xlsx", "folder", "up", "gone.xlsx", "circle.xlsx"]),
        "no-access",
    )
    assert found["inbox/inner.xlsx"].data == b"real"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_does_not_hang(root):
    os.mkfifo(root / "inbox" / "pipe.xlsx")
    assert met(root)["inbox/pipe.xlsx"].reason == "not-a-workbook"


def test_names_are_composed_and_stay_different(root):
    composed, decomposed = (unicodedata.normalize(f, "Bögen.xlsx") for f in ("NFC", "NFD"))
    put(root, composed, b"1")
    put(root, decomposed, b"2")
    found = met(root)
    if len(found) == 1:
        pytest.skip("this file system takes them for one")
    assert list(found) == [f"inbox/{composed}", f"inbox/{composed} (2)"]


@pytest.mark.skipif(os.name != "posix", reason="names are text elsewhere")
def test_a_name_that_is_no_text(root):
    raw = os.fsencode(root / "inbox") + b"/b\xff.xlsx"
    try:
        Path(os.fsdecode(raw)).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system refuses it")
    (found,) = met(root)
    found.encode("utf-8")
