"""From logging in by browser to mails that went out: command line, keyring, provider, server."""

from __future__ import annotations

import json
import webbrowser

import keyring
import pytest

from kamxl.cli import main as cli
from kamxl.mail import oauth
from tests.mail.providers import HOST, Office, TokenMailbox, browse, open_office
from tests.mail.servers import USER, running
from tests.mail.test_password import Memory
from tests.workflow.making import new_team, register


@pytest.fixture
def kept(monkeypatch):
    """A keyring with nothing in it, and no proxy between a test and its own servers."""
    monkeypatch.setenv("NO_PROXY", HOST)
    before, held = keyring.get_keyring(), Memory()
    held.kept.clear()
    keyring.set_keyring(held)
    yield held.kept
    keyring.set_keyring(before)


@pytest.fixture
def office(monkeypatch):
    monkeypatch.setattr(webbrowser, "open", lambda address: browse(address, []))
    monkeypatch.setenv("KAMXL_OAUTH_CLIENT_ID", "client-1")
    monkeypatch.setenv("KAMXL_OAUTH_TENANT", "muster")
    with open_office(Office(renew=True)) as open_now:
        monkeypatch.setitem(oauth._HOSTS, HOST, open_now.provider)
        yield open_now


def team(root, port, **settings):
    given = {"smtp_host": HOST, "smtp_security": "none", "smtp_user": USER, "smtp_port": str(port)}
    new_team(root, register(**{**given, **settings}))
    return ["-C", str(root)]


@pytest.mark.proof
def test_log_in_once_send_and_log_out(tmp_path, kept, office, monkeypatch, capsys):
    mailbox = TokenMailbox(good=("access-2",))  # the first was for logging in, nobody kept it
    options = {"auth_require_tls": False, "auth_exclude_mechanism": ["PLAIN", "LOGIN"]}
    with running(mailbox, auth_required=True, **options):
        where = team(tmp_path / "w", mailbox.port)
        assert cli.main([*where, "mail", "login", "--json"]) == 0
        told = capsys.readouterr()
        assert json.loads(told.out) == {
            "state": "in", "user": USER, "host": HOST, "provider": "Microsoft",
        }  # fmt: skip
        assert f"http://{HOST}:{office.port}/muster/authorize?" in told.err
        monkeypatch.delenv("KAMXL_OAUTH_CLIENT_ID")  # the keyring has it from here on
        assert cli.main([*where, "issue", "--send", "--yes"]) == 0
    assert len(mailbox.taken) == 3
    assert office.given == 2
    ((name, text),) = kept.items()
    assert name == ("kamxl", f"{USER}@{HOST} login 1")
    assert json.loads(text)["refresh_token"] == office.refresh == "refresh-2"  # noqa: S105
    assert cli.main([*where, "mail", "logout"]) == 0
    assert kept == {}
    assert cli.main([*where, "mail", "logout", "--language", "de"]) == 0
    assert "keine Anmeldung" in capsys.readouterr().out


@pytest.mark.proof
def test_no_token_is_in_any_file_or_word(tmp_path, kept, office, capsys):
    mailbox = TokenMailbox()
    options = {"auth_require_tls": False, "auth_exclude_mechanism": ["PLAIN", "LOGIN"]}
    with running(mailbox, auth_required=True, **options):
        where = team(tmp_path / "w", mailbox.port)
        assert cli.main([*where, "mail", "login"]) == 0
        assert cli.main([*where, "issue", "--send", "--yes"]) == 2
    told = capsys.readouterr()
    assert "kamxl mail login" in told.err
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for secret in ("access-", "refresh-", "client-1"):
        assert not any(secret.encode() in content for content in files)
        assert secret not in told.out
    assert "access-" not in told.err
    assert "refresh-" not in told.err
    assert mailbox.taken == []


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"smtp_host": ""}, "no mail server"),
        ({"smtp_user": ""}, "no user"),
        ({"smtp_host": "mail.muster.example"}, "none of Microsoft's or Google's"),
    ],
)
@pytest.mark.parametrize("action", ["login", "logout"])
def test_who_cannot_log_in_is_told_why(tmp_path, kept, action, settings, word, capsys):
    where = team(tmp_path / "w", 587, **{"smtp_security": "starttls", **settings})
    assert cli.main([*where, "mail", action]) == 2
    told = capsys.readouterr().err
    assert word in told
    assert told.count("\n") == 1
    assert kept == {}


@pytest.mark.proof
def test_no_application_no_keyring(tmp_path, kept, office, monkeypatch, capsys):
    where = team(tmp_path / "w", 587)
    monkeypatch.setenv("KAMXL_OAUTH_CLIENT_ID", "")
    assert cli.main([*where, "mail", "login"]) == 2
    assert "KAMXL_OAUTH_CLIENT_ID" in capsys.readouterr().err
    monkeypatch.setenv("KAMXL_OAUTH_CLIENT_ID", "client-1")

    def shut(*_):
        raise RuntimeError("locked")

    monkeypatch.setattr(Memory, "set_password", shut)
    assert cli.main([*where, "mail", "login"]) == 2
    assert "no keyring that can be used (RuntimeError)" in capsys.readouterr().err
    monkeypatch.setattr(Memory, "get_password", shut)
    assert cli.main([*where, "mail", "login"]) == 2
    assert len(office.asked) == 1  # without a keyring to read nobody is asked
