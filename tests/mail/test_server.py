"""Which server the settings name, and what an address looks like on its line."""

from dataclasses import replace

import pytest

from kamxl.core.records.register import Settings
from kamxl.errors import MailError
from kamxl.mail.server import Server, server_of, written

SETTINGS = Settings(
    "Muster AG", "de", "2026-H1", sender_email="kam@muster.example", smtp_host="mail.muster.example"
)


@pytest.mark.parametrize(
    ("security", "port", "expected"),
    [
        ("", "", ("starttls", 587)),
        ("starttls", "", ("starttls", 587)),
        ("tls", "", ("tls", 465)),
        ("none", "", ("none", 25)),
        ("tls", "10465", ("tls", 10465)),
        ("", " 2525 ", ("starttls", 2525)),
    ],
)
def test_port_and_security(security, port, expected):
    server = server_of(replace(SETTINGS, smtp_security=security, smtp_port=port))
    assert (server.security, server.port) == expected
    assert server.sender == "kam@muster.example"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"smtp_host": " "}, "no mail server"),
        ({"smtp_host": "mail muster"}, "mail muster"),
        ({"smtp_host": "mail\r\nmuster"}, "no name of a mail server"),
        ({"smtp_user": "kam\0x"}, "no name of a mail server"),
        ({"sender_email": ""}, "sender"),
        ({"sender_email": "kam@muster.example>\r\nRCPT TO:<x@y.example"}, "sender"),
        *(({"smtp_port": p}, f"“{p}”") for p in ("0", "65536", "-1", "25.0", "x", "２５", "1e3")),
        ({"smtp_security": "none", "smtp_user": "kam"}, "without encryption"),
        (
            {"smtp_security": "none", "smtp_user": "kam", "smtp_host": "127.0.0.1.example"},
            "without",
        ),
    ],
)
def test_settings_that_name_no_server(wrong, named):
    with pytest.raises(MailError, match=r"sheet of settings|left empty") as told:
        server_of(replace(SETTINGS, **wrong))
    assert named in str(told.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_a_password_in_plain_goes_to_this_computer_only(host):
    settings = replace(SETTINGS, smtp_security="none", smtp_user="kam", smtp_host=host)
    assert server_of(settings).local
    assert not Server("10.0.0.1", 25, "none", "kam", "kam@muster.example").local


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("ada@alpha.example", "ada@alpha.example"),
        (" ada+kam@alpha.example ", "ada+kam@alpha.example"),
        ("ada@müller.example", "ada@xn--mller-kva.example"),
        ("ädä@alpha.example", None),
        ("ada", None),
        ("@alpha.example", None),
        ("ada@", None),
        ("ada@alpha..example", None),
        ("a b@alpha.example", None),
        ("ada@alpha.example> SIZE=1", None),
        ("ada@alpha.example\r\nDATA", None),
        ("<ada@alpha.example>", None),
        ('"a@b"@alpha.example', None),
        ("ada@alpha.example,bo@beta.example", None),
    ],
)
def test_an_address_is_one_word_on_the_line(address, expected):
    assert written(address) == expected
