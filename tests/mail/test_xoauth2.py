"""Logging in with tokens: the very bytes, a token that ran out, one that is refused, none."""
# ruff: noqa: S105, S106 (secrets of nobody)

from __future__ import annotations

import base64
import builtins
import json
import subprocess
import sys
import traceback
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import keyring
import pytest

from kamxl.errors import MailError
from kamxl.mail import browser, oauth
from kamxl.mail.browser import asked
from kamxl.mail.credential import credential_of
from kamxl.mail.keyrings import forget_long, keep_long, kept_long
from kamxl.mail.oauth import GOOGLE, MICROSOFT, Login, ProviderTokens, provider_of, registered
from kamxl.mail.sending import SmtpTransport
from kamxl.mail.server import Server
from tests.mail.providers import HOST, Office, TokenMailbox, browse, open_office, said
from tests.mail.servers import USER, Authority, Mailbox, running
from tests.mail.test_password import Memory
from tests.mail.test_sending import envelope, send
from tests.waiting import PATIENCE

ENTRY = f"{USER}@smtp.office365.com"
SECRETS = ("sec-1", "sec-2")
OFFICE_365 = Server("smtp.office365.com", 587, "starttls", USER, USER)


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No proxy of this computer between a test and its own servers, and no keyring but one here."""
    monkeypatch.setenv("NO_PROXY", HOST)
    before = keyring.get_keyring()
    empty = Memory()
    empty.kept.clear()
    keyring.set_keyring(empty)
    yield
    keyring.set_keyring(before)


@pytest.fixture(scope="module")
def authority():
    return Authority()


def coded(token):
    return b"XOAUTH2 " + base64.b64encode(said(token))


class Given:
    """Tokens in this order, a fresh one each time it is asked for."""

    def __init__(self, *tokens):
        self.left, self.fresh = list(tokens), []

    def token(self, *, fresh=False):
        self.fresh.append(fresh)
        if fresh:
            self.left.pop(0)
        return self.left[0]


def carrier(mailbox, authority, tokens):
    given = Server(HOST, mailbox.port, "tls", USER, "kam@muster.example")
    return SmtpTransport(given, lambda _: tokens, context=authority.client(), timeout=PATIENCE)


def delivered(authority, mailbox, tokens, **options):
    options = {"auth_require_tls": False, "auth_exclude_mechanism": ["PLAIN", "LOGIN"], **options}
    with running(mailbox, auth_required=True, tls=authority.server(), **options):
        send(carrier(mailbox, authority, tokens), envelope())
    return mailbox


# --- what goes over the line ---------------------------------------------------------------------


def test_a_good_token_opens_the_server_and_goes_over_byte_for_byte(authority):
    mailbox = delivered(authority, TokenMailbox(good=("tok-1",)), Given("tok-1"))
    assert mailbox.heard == [coded("tok-1")]
    assert mailbox.heard == [  # as Google's own description of the protocol spells it
        b"XOAUTH2 dXNlcj1rYW1AbXVzdGVyLmV4YW1wbGUBYXV0aD1CZWFyZXIgdG9rLTEBAQ=="
    ]
    assert mailbox.recipients == ["ada@alpha.example"]


def test_a_token_that_ran_out_is_renewed_once(authority):
    tokens = Given("old", "new")
    mailbox = delivered(authority, TokenMailbox(good=("new",)), tokens)
    assert mailbox.heard == [coded("old"), b"", coded("new")]  # the empty line ends the refusal
    assert tokens.fresh == [False, False, True]  # the first before anybody was called
    assert len(mailbox.taken) == 1
    assert mailbox.connections == 1


@pytest.mark.parametrize(
    ("why", "status"),
    [
        (TokenMailbox.why, "(status 401)"),
        (b"not json", None),
        (b'{"status": {}}', None),
        (b'{"status": "bad<script>"}', None),
        (b"[]", None),
        (b"", None),
    ],
)
def test_a_refused_token_is_said_and_never_shown(authority, why, status):
    mailbox = TokenMailbox(why=why)
    with pytest.raises(MailError) as told:
        delivered(authority, mailbox, Given(*SECRETS))
    assert mailbox.heard == [coded(SECRETS[0]), b"", coded(SECRETS[1]), b""]
    text = str(told.value)
    for word in (USER, "535", "kamxl mail login", "…"):
        assert word in text
    assert ("status" in text) is (status is not None)
    assert status is None or status in text
    everything = text + "".join(traceback.format_exception(told.value))
    for secret in [*SECRETS, *(coded(one).decode()[8:] for one in SECRETS)]:
        assert secret not in everything
    assert mailbox.taken == []


def test_a_token_is_never_sent_without_encryption_nor_to_who_wants_none(authority, monkeypatch):
    monkeypatch.setattr(Server, "local", False)
    mailbox = TokenMailbox(good=("tok",))
    with running(mailbox, auth_require_tls=False):
        given = Server(HOST, mailbox.port, "none", USER, USER)
        with pytest.raises(MailError, match="never sent without encryption"):
            SmtpTransport(given, lambda _: Given("tok")).connect()
    with pytest.raises(MailError, match=r"with a token \(it offers: LOGIN PLAIN"):
        delivered(authority, Mailbox(password="x"), Given("tok"), auth_exclude_mechanism=[])
    assert mailbox.heard == []


def test_only_xoauth2_and_only_a_password_is_said_clearly(authority):
    with pytest.raises(MailError) as told:
        delivered(authority, TokenMailbox(), "a password")
    assert "lets nobody log in with a password (it offers: XOAUTH2)" in str(told.value)
    assert "kamxl mail login" in str(told.value)


def test_no_token_no_connection(authority):
    class Nothing:
        def token(self, *, fresh=False):
            raise MailError("There is none.")

    with running(TokenMailbox()) as mailbox, pytest.raises(MailError, match="There is none"):
        carrier(mailbox, authority, Nothing()).connect()
    assert mailbox.connections == 0


# --- tokens from a provider ----------------------------------------------------------------------


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def tokens(office, clock=None, **options):
    kept = []
    given = ProviderTokens(
        office.provider, office.login, kept.append, clock=clock or Clock(), **options
    )
    return given, kept


def test_one_token_serves_until_it_runs_out():
    clock = Clock()
    with open_office(Office()) as office:
        given, kept = tokens(office, clock)
        assert [given.token(), given.token()] == ["access-1"] * 2
        assert given.token(fresh=True) == "access-2"
        clock.now += 3600 - 121
        assert given.token() == "access-2"
        clock.now += 2  # two minutes before its end a new one is fetched
        assert given.token() == "access-3"
    assert kept == []  # nothing that lasts changed
    wanted = {
        "grant_type": "refresh_token",
        "refresh_token": "refresh-0",
        "scope": MICROSOFT.scope,
        "client_id": "client-1",
    }
    assert office.bodies[0] == wanted


def test_a_token_that_does_not_say_how_long_is_used_once():
    for seconds in (None, -5, "60"):
        with open_office(Office(seconds=seconds)) as office:
            given, _ = tokens(office)
            assert [given.token(), given.token()] == ["access-1", "access-2"]


def test_what_the_provider_renews_is_kept():
    with open_office(Office(renew=True, secret="s3cret")) as office:
        given, kept = tokens(office)
        given.token()
        given.token(fresh=True)
    assert [login.refresh_token for login in kept] == ["refresh-1", "refresh-2"]
    assert {login.client_secret for login in kept} == {"s3cret"}
    assert office.bodies[1]["refresh_token"] == "refresh-1"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((400, b'{"error": "invalid_grant", "error_description": "AADSTS700082 old refresh-0"}'),
         ("does not accept the login", "AADSTS700082 old …", "kamxl mail login")),
        ((500, b"oops"), ("gives no token",)),
        ((200, b"<html>proxy</html>"), ("gives no token",)),
        ((200, b'{"token_type": "Bearer"}'), ("gives no token",)),
        ((200, b'{"access_token": 7}'), ("gives no token",)),
        ((200, b"[]"), ("gives no token",)),
        ((307, b""), ("gives no token",)),  # a secret follows nobody elsewhere
    ],
)  # fmt: skip
def test_a_provider_that_gives_none_is_said(answer, words):
    with open_office(Office(answer=answer)) as office:
        given, _ = tokens(office)
        with pytest.raises(MailError) as told:
            given.token()
    everything = "".join(traceback.format_exception(told.value)) + repr(vars(given))
    assert "refresh-0" not in everything
    assert len(office.bodies) == 1
    for word in ("Microsoft", *words):
        assert word in str(told.value)


def test_a_provider_that_cannot_be_reached_is_said():
    with open_office(Office()) as office:
        given, _ = tokens(office)
    with pytest.raises(MailError, match=r"Microsoft gives no token \(ConnectionError\)"):
        given.token()


def test_without_the_part_it_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def without(name, *given, **named):
        if name.startswith("authlib"):
            raise ImportError(name)
        return real(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    given, _ = tokens(Office())
    with pytest.raises(MailError, match="oauth"):
        given.token()


# --- logging in by browser -----------------------------------------------------------------------


def logged_in(office, patience=PATIENCE, login=None):
    pages, gone = [], []
    found = asked(
        office.provider, login or replace(office.login, refresh_token=""), USER,
        lambda address: gone.append(browse(address, pages)), "Fertig <b>", patience=patience,
    )  # fmt: skip
    gone[0].join()  # the browser reads its page in its own time
    return found, pages


def test_somebody_agrees_in_the_browser():
    with open_office(Office()) as office:
        found, pages = logged_in(office)
        assert office.provider.authorize.startswith("http://127.0.0.1")
    assert found == Login("client-1", "", "muster", "refresh-0")
    assert pages == ['<!doctype html><meta charset="utf-8"><p>Fertig &lt;b&gt;</p>']
    question = office.asked[0]
    assert question["login_hint"] == USER
    assert (question["scope"], question["response_type"]) == (MICROSOFT.scope, "code")
    assert question["code_challenge_method"] == "S256"
    assert len(question["state"]) > 20
    assert urlsplit(question["redirect_uri"]).hostname == HOST


def test_google_is_asked_in_its_own_way():
    with open_office(Office(secret="desktop")) as office:
        here = office.provider
        google = replace(GOOGLE, authorize=here.authorize, token=here.token)
        login = replace(office.login, refresh_token="")
        found = asked(google, login, USER, lambda address: browse(address, []), "ok", patience=10.0)
    assert found.refresh_token == "refresh-0"
    question = office.asked[0]
    assert (question["access_type"], question["prompt"]) == (
        "offline",
        "consent",
    )  # else none lasts
    assert question["scope"] == "https://mail.google.com/"
    assert question["redirect_uri"].startswith("http://127.0.0.1:")
    assert office.bodies[0]["client_secret"] == "desktop"


def test_nobody_else_can_answer_for_the_browser():
    def show(address):
        query = dict(parse_qsl(urlsplit(address).query))
        for forged in ("", "&state=x", f"&state={query['state'][:-1]}"):
            browse(f"{query['redirect_uri']}?code=evil{forged}", [])
        browse(address, [])

    with open_office(Office()) as office:
        found = asked(office.provider, office.login, USER, show, "ok", patience=10.0)
    assert found.refresh_token == "refresh-0"
    assert [body["code"] for body in office.bodies] == ["code-1"]


@pytest.mark.parametrize(
    ("office", "word"),
    [
        (Office(deny=True), "not allowed"),
        (Office(lasting=False), "no login that lasts"),
        (Office(answer=(400, b'{"error": "invalid_client"}')), "invalid_client"),
    ],
)
def test_no_consent_no_login(office, word):
    with open_office(office), pytest.raises(MailError, match=word):
        logged_in(office)


def test_nobody_comes():
    with pytest.raises(MailError, match="in time"):
        asked(MICROSOFT, Login("c"), USER, lambda _: None, "", patience=0.1)


# --- whose, and where it is kept -----------------------------------------------------------------


def test_the_providers_are_asked_over_https_alone_and_known_by_their_servers():
    for host, provider in oauth._HOSTS.items():
        assert provider_of(host.upper() + ".") is provider
        assert provider.authorize.startswith("https://")
        assert provider.token.startswith("https://")
    assert provider_of("smtp.office365.com.evil.example") is None
    assert provider_of("smtp.muster.example") is None
    assert {MICROSOFT.back, GOOGLE.back} == {"localhost", "127.0.0.1"}
    assert browser._HERE == "127.0.0.1"


def test_the_application_is_the_team_s_own():
    with pytest.raises(MailError, match="KAMXL_OAUTH_CLIENT_ID"):
        registered({})
    given = {"KAMXL_OAUTH_CLIENT_ID": " c ", "KAMXL_OAUTH_TENANT": "muster.example"}
    assert registered(given) == Login("c", "", "muster.example")
    assert registered({"KAMXL_OAUTH_CLIENT_ID": "c"}).tenant == "common"
    with pytest.raises(MailError, match="organisation"):
        registered({**given, "KAMXL_OAUTH_TENANT": "a/../b"})


def test_a_long_login_goes_into_a_keyring_with_short_entries_and_out_again():
    held = keyring.get_keyring()
    for length in (10, 999, 1000, 1001, 3000, 2500, 1, 2000):
        text = "x" * (length - 1) + "y"
        keep_long(ENTRY, text)
        assert kept_long(ENTRY) == text
        assert max(len(piece) for piece in held.kept.values()) <= 1000  # Windows: 2,560 bytes
        assert len([name for _, name in held.kept if "login" in name]) == -(-length // 1000)
    assert forget_long(ENTRY)
    assert not forget_long(ENTRY)
    assert kept_long(ENTRY) is None
    assert [name for _, name in held.kept if "login" in name] == []


def test_the_login_of_the_keyring_goes_before_its_password_and_after_the_environment():
    held = keyring.get_keyring()
    with pytest.raises(MailError, match="kamxl mail login"):
        credential_of(OFFICE_365, {})
    held.set_password("kamxl", ENTRY, "pass")
    assert credential_of(OFFICE_365, {}) == "pass"
    keep_long(ENTRY, Login("c", "", "t", "r" * 2000).text())
    assert isinstance(credential_of(OFFICE_365, {}), ProviderTokens)
    assert credential_of(OFFICE_365, {"KAMXL_SMTP_PASSWORD": "env"}) == "env"
    assert credential_of(
        replace(OFFICE_365, user="other@muster.example"), {"KAMXL_SMTP_PASSWORD": "e"}
    )
    other = replace(OFFICE_365, host="mail.muster.example")
    held.set_password("kamxl", f"{USER}@mail.muster.example", "own")
    assert credential_of(other, {}) == "own"
    for broken in ('{"client_id": "c"', "[]", json.dumps({"client_id": "c"}), "7"):
        keep_long(ENTRY, broken)
        assert credential_of(OFFICE_365, {}) == "pass"


def test_a_renewed_login_is_kept_and_a_keyring_that_shut_meanwhile_stops_nothing(monkeypatch):
    with open_office(Office(renew=True)) as office:
        monkeypatch.setitem(oauth._HOSTS, "smtp.office365.com", office.provider)
        keep_long(ENTRY, office.login.text())
        given = credential_of(OFFICE_365, {})
        assert given.token() == "access-1"
        assert Login.of(kept_long(ENTRY)).refresh_token == "refresh-1"

        def shut(*_):
            raise RuntimeError("locked")

        monkeypatch.setattr(Memory, "set_password", shut)
        assert given.token(fresh=True) == "access-2"


def test_secrets_are_in_no_repr():
    login = Login("c", "sec-a", "t", "sec-b")
    assert "sec-" not in repr(login)
    with open_office(Office()) as office:
        given, _ = tokens(office)
        given.token()
        assert "refresh-0" not in repr(given)


def test_nothing_of_it_is_loaded_before_it_is_needed():
    program = "import sys, kamxl.cli.main; print([n for n in sys.modules if n.split('.')[0] in %r])"
    wanted = ("authlib", "requests", "keyring", "socketserver")
    done = subprocess.run(
        [sys.executable, "-c", program % (wanted,)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
