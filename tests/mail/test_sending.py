"""Handing mails over to a real server: encrypted, logged in, and never in doubt without need."""

import base64
import contextlib
import socket
import ssl
import threading
import traceback
from dataclasses import replace

import pytest

from kamxl.errors import MailError
from kamxl.mail.sending import Envelope, InDoubt, Lost, Refused, SmtpTransport
from kamxl.mail.server import Server
from tests.mail.servers import HOST, USER, Authority, Mailbox, Script, running, scripted

SECRET = "gehéim ünd länger"  # noqa: S105 of nobody
CODED = [base64.b64encode(s.encode()).decode() for s in (SECRET, f"\0{USER}\0{SECRET}")]
DATA = b"Subject: x\r\n\r\nhello\r\n.\r\n..two\r\n.x\r\nend\r\n"


@pytest.fixture(scope="module")
def authority():
    return Authority()


def envelope(recipient="ada@alpha.example", data=DATA):
    return Envelope("kam@muster.example", recipient, data)


def server(port, security="none", user=""):
    return Server(HOST, port, security, user, "kam@muster.example")


def transport(given, context=None, password=SECRET, **options):
    options = {"timeout": 10.0, "patience": 10.0, **options}
    return SmtpTransport(given, lambda _: password, context=context, **options)


def send(carrier, *envelopes):
    try:
        for one in envelopes or [envelope()]:
            carrier.connect()
            carrier.send(one)
    finally:
        carrier.close()


# --- the three kinds of security, with and without a login ---------------------------------------


@pytest.mark.parametrize("user", ["", USER])
@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_delivers_the_very_bytes(authority, security, user):
    options = {"auth_require_tls": False} if security != "starttls" else {}
    if security == "tls":
        options["tls"] = authority.server()
    if security == "starttls":
        options |= {"tls_context": authority.server(), "require_starttls": True}
    mailbox = Mailbox(password=SECRET if user else None)
    with running(mailbox, auth_required=bool(user), **options):
        given = server(mailbox.port, security, user)
        send(transport(given, authority.client()), envelope(), envelope("bo@alpha.example"))
    assert mailbox.taken == [("ada@alpha.example", DATA), ("bo@alpha.example", DATA)]
    assert mailbox.connections == 1
    assert mailbox.logins == ([("PLAIN", USER, SECRET)] if user else [])


def test_logs_in_by_the_older_way_where_there_is_no_other(authority):
    mailbox = Mailbox(password=SECRET)
    options = {"auth_require_tls": False, "auth_exclude_mechanism": ["PLAIN"]}
    with running(mailbox, auth_required=True, tls=authority.server(), **options):
        send(transport(server(mailbox.port, "tls", USER), authority.client()))
    assert mailbox.logins == [("LOGIN", USER, SECRET)]
    assert len(mailbox.taken) == 1


def test_the_server_learns_no_name_of_this_computer():
    with running(Mailbox()) as mailbox:
        send(transport(server(mailbox.port)))
    assert mailbox.hellos == ["[127.0.0.1]"]


# --- never less secure than asked ----------------------------------------------------------------


def refused(carrier, *words):
    """What the error says; the password is not in it, nor in what led to it."""
    with pytest.raises(MailError) as told:
        send(carrier)
    said = str(told.value)
    everything = said + repr(told.value) + "".join(traceback.format_exception(told.value))
    for secret in (SECRET, repr(SECRET.encode()), *CODED):
        assert secret not in everything + repr(vars(carrier))
    for word in words:
        assert word in said
    assert said.endswith((".", "?"))
    return said


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("wrong", ["name", "issuer"])
def test_a_certificate_that_is_not_trusted(authority, security, wrong):
    presented = authority.server("other.example") if wrong == "name" else Authority().server()
    options = {"tls": presented} if security == "tls" else {"tls_context": presented}
    mailbox = Mailbox(password=SECRET)
    with running(mailbox, **options):
        given = server(mailbox.port, security, USER)
        refused(transport(given, authority.client()), HOST, "certificate", "not trusted")
    assert (mailbox.taken, mailbox.logins) == ([], [])


def test_by_default_the_system_says_whom_to_trust(authority):
    with running(Mailbox(), tls=authority.server()) as mailbox:
        refused(transport(server(mailbox.port, "tls")), "not trusted")


def test_without_starttls_nothing_is_sent():
    with running(Mailbox(password=SECRET), auth_require_tls=False) as mailbox:
        refused(transport(server(mailbox.port, "starttls", USER)), "no encryption", "STARTTLS")
    assert (mailbox.taken, mailbox.logins) == ([], [])


def test_no_password_over_a_plain_line_even_if_the_settings_were_not_asked(monkeypatch):
    monkeypatch.setattr(Server, "local", False)
    with running(Mailbox(password=SECRET), auth_require_tls=False) as mailbox:
        refused(transport(server(mailbox.port, "none", USER)), "never sent without encryption")
    assert (mailbox.taken, mailbox.logins) == ([], [])


# --- what can go wrong before the first mail -----------------------------------------------------


def test_the_login_is_refused(authority):
    mailbox = Mailbox(password=SECRET[::-1])
    with running(mailbox, tls_context=authority.server()):
        given = server(mailbox.port, "starttls", USER)
        refused(transport(given, authority.client()), USER, "535", "keyring")
    assert len(mailbox.logins) == 1


@pytest.mark.parametrize("said", [SECRET, *CODED])
def test_a_server_that_repeats_the_password(said):
    hello = b"250-mx\r\n250 AUTH PLAIN\r\n"
    with greeting(b"220 hi\r\n", hello, f"535 what is {said}?\r\n".encode()) as there:
        refused(transport(server(there.getsockname()[1], "none", USER)), "535 what is …?")


@pytest.mark.parametrize("said", [SECRET, *CODED])
def test_a_server_that_repeats_the_password_without_a_code(said):
    features = b"250-mx\r\n250 AUTH PLAIN\r\n"
    script = Script({"EHLO": features, "AUTH": f"what is {said}?\r\n".encode()})
    with scripted(script):
        refused(transport(server(script.port, "none", USER)), "it answers “what is …?”")


def test_nobody_can_log_in_with_a_password(authority):
    with running(Mailbox(), tls=authority.server()) as mailbox:
        given = server(mailbox.port, "tls", USER)
        refused(transport(given, authority.client()), "lets nobody log in", "nothing")


def test_no_password_no_connection():
    def none(_):
        raise MailError("There is none.")

    with running(Mailbox()) as mailbox:
        carrier = SmtpTransport(server(mailbox.port, "none", USER), none)
        with pytest.raises(MailError, match="There is none"):
            carrier.connect()
    assert mailbox.connections == 0


@pytest.mark.parametrize(
    ("problem", "word"),
    [
        (socket.gaierror(-2, "Name or service not known"), "not known"),
        (UnicodeError("label too long"), "not known"),
        (OSError(101, "Network is unreachable"), "Network is unreachable"),
    ],
)
def test_the_host_cannot_be_found(monkeypatch, problem, word):
    def fails(*_, **__):
        raise problem

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    refused(transport(server(587, "starttls")), HOST, word)


def test_nobody_listens():
    with socket.create_server((HOST, 0)) as there:
        port = there.getsockname()[1]
    refused(transport(server(port)), f"port {port}", "takes no connection")


@pytest.mark.parametrize("security", ["none", "tls"])
def test_nobody_answers(security):
    with socket.create_server((HOST, 0)) as there:
        given = server(there.getsockname()[1], security)
        refused(transport(given, timeout=0.3), "does not answer in time")


def greeting(*lines):
    """A server that says these lines, one per line it hears, and hangs up."""
    there = socket.create_server((HOST, 0))

    def talk():
        line, _ = there.accept()
        with line, line.makefile("rb") as heard:
            for said in lines:
                line.sendall(said)
                with contextlib.suppress(OSError):
                    heard.readline()

    threading.Thread(target=talk, daemon=True).start()
    return there


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([b"554 no service\r\n"], ("does not let us in", "554 no service")),
        ([b"SSH-2.0-OpenSSH\r\n"], ("does not let us in",)),
        ([b"220 hi\r\n"], ("cannot be used",)),
        ([b"220 hi\r\n", b"250-mx\r\n250 STARTTLS\r\n", b"454 no\r\n"], ("454 no",)),
        ([b"220 hi\r\n", b"250-mx\r\n250 STARTTLS\r\n", b"220 go\r\nplain\r\n"], ("TLS",)),
        ([b"2" * 100_000], ("does not let us in", "too long")),
    ],
)
def test_what_answers_is_no_use(lines, words):
    with greeting(*lines) as there:
        given = server(there.getsockname()[1], "starttls")
        said = refused(transport(given, ssl.create_default_context()), *words)
    assert len(said) < 500


def test_tls_to_a_server_that_speaks_none():
    with running(Mailbox()) as mailbox:
        refused(transport(server(mailbox.port, "tls")), "does not speak TLS")


# --- one mail refused, a connection lost ---------------------------------------------------------


def test_a_refused_recipient_does_not_stop_the_next():
    mailbox = Mailbox(refuse={"no@alpha.example": ["550 5.1.1 no such\tuser"]})
    with running(mailbox):
        carrier = transport(server(mailbox.port))
        carrier.connect()
        with pytest.raises(Refused, match=r"^550 5\.1\.1 no such user$"):
            carrier.send(envelope("no@alpha.example"))
        send(carrier)
    assert mailbox.recipients == ["ada@alpha.example"]
    assert mailbox.connections == 1


def test_come_again_later_is_a_refusal_for_now():
    with running(Mailbox(refuse={"ada@alpha.example": ["451 4.7.1 greylisted"]})) as mailbox:
        carrier = transport(server(mailbox.port))
        carrier.connect()
        with pytest.raises(Refused, match="451"):
            carrier.send(envelope())
        carrier.close()
    assert mailbox.taken == []


def test_too_large_a_mail_is_refused_before_it_goes_over():
    with running(Mailbox(), data_size_limit=100) as mailbox:
        carrier = transport(server(mailbox.port))
        carrier.connect()
        with pytest.raises(Refused, match="552"):
            carrier.send(envelope(data=DATA * 10))
        send(carrier)
    assert len(mailbox.taken) == 1


def test_a_sender_that_is_refused_is_so_for_all():
    with running(Mailbox(sender="550 5.7.1 not yours")) as mailbox:
        refused(transport(server(mailbox.port)), "kam@muster.example", "550 5.7.1 not yours")


def test_a_line_that_closes_before_the_text_leaves_no_doubt():
    with running(Mailbox(after=1, then="shut")) as mailbox:
        carrier = transport(server(mailbox.port))
        carrier.connect()
        carrier.send(envelope())
        with pytest.raises(Lost, match="421"):
            carrier.send(envelope("bo@alpha.example"))
        send(carrier, envelope("bo@alpha.example"))  # connects anew
    assert mailbox.recipients == ["ada@alpha.example", "bo@alpha.example"]
    assert mailbox.connections == 2


@pytest.mark.parametrize("then", ["abort", "junk", "hang"])
def test_a_line_that_breaks_within_the_text_leaves_a_doubt(then):
    with running(Mailbox(after=0, then=then)) as mailbox:
        carrier = transport(server(mailbox.port), patience=0.5)
        carrier.connect()
        with pytest.raises(InDoubt):
            carrier.send(envelope())
        with pytest.raises(Lost, match="not connected"):
            carrier.send(envelope())
        carrier.close()


def test_interrupted_within_the_text_no_word_more_is_said(monkeypatch):
    with running(Mailbox()) as mailbox:
        carrier = transport(server(mailbox.port))
        carrier.connect()

        def interrupted():
            raise KeyboardInterrupt

        monkeypatch.setattr(carrier._smtp, "getreply", interrupted)
        with pytest.raises(KeyboardInterrupt):
            carrier.send(envelope())
        assert carrier._smtp is None
        carrier.close()


# --- an answer is whole or none ------------------------------------------------------------------

NO_ANSWERS = {
    "nothing": (b"", True),
    "two figures": (b"25", True),
    "no line end": (b"250", True),
    "no line end, refusing": (b"550 no such", True),
    "broken off": (b"250-one\r\n", True),
    "broken off within": (b"250-one\r\n25", True),
    "two things": (b"250-one\r\n550 two\r\n", False),
    "two things, the other way": (b"550-one\r\n250 two\r\n", False),
    "words": (b"what?\r\n", False),
    "an empty line": (b"\r\n", False),
    "letters": (b"5x0 no\r\n", False),
    "a sign": (b"+25 x\r\n", False),
    "four figures": (b"2500 x\r\n", False),
    "no such class": (b"600 x\r\n", False),
    "an early one": (b"100 x\r\n", False),
    "a greeting": (b"220 x\r\n", False),
    "no end of a line": (b"2" * 100_000, True),
    "no end of lines": (b"250-x\r\n" * 50_000, True),
}


def handed_over(script, **options):
    """Hand one message over to a server that answers so."""
    with scripted(script):
        carrier = transport(server(script.port), **options)
        carrier.connect()
        try:
            carrier.send(envelope())
        finally:
            carrier.close()


@pytest.mark.parametrize("name", [*NO_ANSWERS, "a question"])
def test_what_is_no_whole_answer_to_the_text_leaves_a_doubt(name):
    said, cut = {**NO_ANSWERS, "a question": (b"354 go on\r\n", False)}[name]
    script = Script({"TEXT": said}, frozenset({"TEXT"}) if cut else frozenset())
    with pytest.raises(InDoubt):
        handed_over(script)
    assert len(script.texts) == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("name", [*NO_ANSWERS, "two at once"])
def test_what_is_no_whole_answer_before_the_text_hands_nothing_over(step, name):
    twice = (b"250 OK\r\n250 OK\r\n" if step != "DATA" else b"354 go\r\n250 OK\r\n", False)
    said, cut = {**NO_ANSWERS, "two at once": twice}[name]
    script = Script({step: said}, frozenset({step}) if cut else frozenset())
    with pytest.raises((Lost, InDoubt)) as told:
        handed_over(script)
    assert not [text for text in script.texts if text]
    assert told.type is Lost


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_an_answer_out_of_turn_is_neither_yes_nor_no(step):
    script = Script({step: b"354 go on\r\n"})
    with pytest.raises(Lost, match="354"):
        handed_over(script)
    assert script.texts == []


def test_a_yes_instead_of_go_on_hands_nothing_over():
    with pytest.raises(Lost, match="250"):
        handed_over(Script({"DATA": b"250 OK\r\n"}))


@pytest.mark.parametrize(
    "said",
    [
        b"250 OK\r\n",
        b"250\r\n",
        b"250 OK\n",
        b"250-one\r\n250-two\r\n250 three\r\n",
        b"251 a\rb\r\n",
    ],
)
def test_a_whole_yes_is_one(said):
    script = Script({"TEXT": said})
    handed_over(script)
    assert len(script.texts) == 1


@pytest.mark.parametrize("said", [b"550 no\r\n", b"452-full\r\n452 come again\r\n", b"554\r\n"])
def test_a_whole_no_is_one(said):
    with pytest.raises(Refused, match=said[:3].decode()):
        handed_over(Script({"TEXT": said}))


def test_a_goodbye_instead_of_a_yes_took_nothing():
    with pytest.raises(Lost, match="421"):
        handed_over(Script({"TEXT": b"421 out of time\r\n"}))


def test_after_a_refusal_the_next_message_waits_for_a_clean_start():
    """An answer that belongs to nothing is never taken for that to the next message."""
    script = Script({"RCPT": b"550 no\r\n", "RSET": b"250 OK\r\n250 OK\r\n"})
    with scripted(script):
        carrier = transport(server(script.port))
        carrier.connect()
        with pytest.raises(Refused):
            carrier.send(envelope())
        with pytest.raises(Lost):
            carrier.send(envelope())
        carrier.close()
    assert script.texts == []


# --- one time and one size for a turn ------------------------------------------------------------


def slowly(answer, pieces=600):
    """Half a minute for an answer, a byte at a time; each comes long before a single wait ends."""
    return tuple(bytes([byte]) for byte in answer) + tuple(b"." for _ in range(pieces))


@pytest.mark.parametrize("security", ["none", "tls"])
def test_a_greeting_that_trickles(security):
    with scripted(Script({"HELLO": (*slowly(b"220 "), b"\r\n")})) as script:
        given = server(script.port, security)
        carrier = transport(given, ssl.create_default_context(), timeout=1.0)
        refused(carrier, "does not answer in time" if security == "none" else "TLS")


def test_a_list_of_features_that_trickles():
    lines = (b"250-mx\r\n", *(b"250-X%d\r\n" % n for n in range(150)), b"250 END\r\n")
    with scripted(Script({"EHLO": lines}, pause=0.2)) as script:
        refused(transport(server(script.port), timeout=1.0), "does not answer in time")


@pytest.mark.parametrize("line", [b"250-x\r\n", b"250-" + b"x" * 4_000 + b"\r\n"])
def test_a_list_of_features_without_end(line):
    with scripted(Script({"EHLO": line * 20_000 + b"250 end\r\n"})) as script:
        refused(transport(server(script.port)), "does not let us in", "too long")
    assert "MAIL" not in script.heard


def test_many_features_are_none_too_many():
    features = b"".join(b"250-X%d yes\r\n" % n for n in range(60))
    handed_over(Script({"EHLO": b"250-mx\r\n" + features + b"250 SIZE 1000000\r\n"}))


def test_an_answer_to_the_text_that_trickles_leaves_a_doubt():
    script = Script({"TEXT": (*slowly(b"250 "), b"\r\n")})
    with pytest.raises(InDoubt):
        handed_over(script, patience=1.0)


def test_an_answer_before_the_text_that_trickles_hands_nothing_over():
    script = Script({"DATA": (*slowly(b"354 "), b"\r\n")})
    with scripted(script):
        carrier = transport(server(script.port))
        carrier.connect()
        carrier._timeout = 1.0
        with pytest.raises(Lost):
            carrier.send(envelope())
        carrier.close()
    assert script.texts == []


def test_a_server_that_looks_through_a_message_is_waited_for():
    """Its answer takes longer than all others may: that is what patience is for."""
    now = [0.0]

    class Slow(Script):
        def _answer(self, line, verb, ended):
            if verb == "TEXT":
                now[0] += 100.0
            return super()._answer(line, verb, ended)

    script = Slow({})
    handed_over(script, timeout=30.0, patience=300.0, clock=lambda: now[0])
    assert len(script.texts) == 1


def test_a_refusal_after_too_long_a_silence_is_none():
    now = [0.0]

    class Late(Script):
        def _answer(self, line, verb, ended):
            if verb == "RCPT":
                now[0] += 100.0
            return super()._answer(line, verb, ended)

    with pytest.raises(Lost):
        handed_over(Late({"RCPT": (b"5", b"50 no\r\n")}), timeout=30.0, clock=lambda: now[0])


def test_the_text_is_in_no_repr():
    assert "hello" not in repr(envelope())
    assert replace(envelope(), data=b"other") != envelope()
