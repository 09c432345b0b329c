"""Where the password comes from: the environment, the keyring, and nowhere else."""

import sys

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail

from kamxl.errors import MailError
from kamxl.mail.password import password_of
from kamxl.mail.server import Server

SERVER = Server("mail.muster.example", 587, "starttls", "kam", "kam@muster.example")
SECRET = "gehéim-7431"  # noqa: S105 of nobody


class Memory(KeyringBackend):
    """A keyring that forgets everything at the end."""

    priority = 1

    def __init__(self, **kept):
        super().__init__()
        self.kept = kept or {("kamxl", "kam@mail.muster.example"): SECRET}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def restored():
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_from_the_keyring_of_the_system():
    keyring.set_keyring(Memory())
    assert password_of(SERVER, {}) == SECRET
    assert password_of(SERVER, {"KAMXL_SMTP_PASSWORD": ""}) == SECRET


def test_the_environment_goes_first_and_asks_no_keyring():
    def asked():
        raise AssertionError("asked")

    assert password_of(SERVER, {"KAMXL_SMTP_PASSWORD": "other"}, asked) == "other"


def test_none_for_this_user_tells_how_to_put_one():
    keyring.set_keyring(Memory(other="x"))
    with pytest.raises(MailError, match=r"keyring set kamxl kam@mail\.muster\.example"):
        password_of(SERVER, {})


def test_no_keyring_at_all():
    keyring.set_keyring(fail.Keyring())
    with pytest.raises(MailError, match=r"none found.*KAMXL_SMTP_PASSWORD"):
        password_of(SERVER, {})


def test_the_package_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(MailError, match="not installed"):
        password_of(SERVER, {})


def test_a_keyring_that_fails_shows_nothing_of_what_it_holds():
    class Locked(Memory):
        def get_password(self, service, username):
            raise RuntimeError(f"cannot unlock {SECRET}")

    with pytest.raises(MailError, match="RuntimeError") as told:
        password_of(SERVER, {}, Locked)
    assert SECRET not in str(told.value)
    assert told.value.__suppress_context__


def test_never_from_a_file():
    file = type("PlaintextKeyring", (Memory,), {"__module__": "keyrings.alt.file"})
    with pytest.raises(MailError, match="in files"):
        password_of(SERVER, {}, file)

    class Chain:
        backends = (file(), Memory())

    assert password_of(SERVER, {}, Chain) == SECRET
    Chain.backends = (file(), Memory(other="x"))
    with pytest.raises(MailError, match="no password"):
        password_of(SERVER, {}, Chain)
    assert hasattr(chainer.ChainerBackend, "backends")  # that is how the real one keeps them


def test_looking_for_keyrings_waits_until_one_is_needed():
    import subprocess

    script = "import sys, kamxl.cli.main; assert 'keyring' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
