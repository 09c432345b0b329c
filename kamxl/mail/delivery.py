"""Mails that no person wrote: what a server says of a mail that did not arrive, and absences.

Every mail program and server says it in its own way (RFC 3464 where one is lucky). Whatever stands
here was written by anybody: texts are cut before they are looked at, and no more than a few
addresses are taken from one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from kamxl.core.records.mails import Undelivered
from kamxl.mail.opening import shown
from kamxl.wording.understood import any_of

TEXT = 64 * 1024  # bytes of a text or report that are looked at
_MOST = 20  # addresses from one mail
_WORDS = 200  # letters of what the server says

_ADDRESS = re.compile(
    r"[A-Za-z0-9._%+'/=~&#$!*?^`{|}-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
_FIELD = re.compile(r"^([A-Za-z-]{1,40})[ \t]*:[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)", re.MULTILINE)
_CODE = re.compile(r"(?<![\d.])([2-5])\.\d{1,3}\.\d{1,3}(?![\d.])")
_SMTP = re.compile(r"(?<![\d.])([45])[0-5]\d(?=[ -])")
_TAG = re.compile(r"<[^<>@]{0,2000}>")
# What the qmail program writes, in whatever country it stands.
_QMAIL = re.compile(r"this is the qmail-send program|i'm afraid i wasn't able to deliver", re.I)
_DAEMON = re.compile(
    r"(?:mailer[-_.]?daemon|mail-?daemon|postmaster|microsoftexchange\w*|bounces?(?:[-+=].*)?)@.*",
    re.IGNORECASE,
)


@cache
def _words_of(kind: str) -> re.Pattern[str]:
    """Any of what servers and mail programs write, in the languages we have texts for."""
    return re.compile(any_of(f"mail_{kind}"), re.IGNORECASE)


@cache
def _original() -> re.Pattern[str]:
    """Where the mail that did not arrive begins, with addresses of its own."""
    plain, ruled = any_of("mail_original"), any_of("mail_original_rule")
    return re.compile(rf"{plain}|-{{3,}} ?{ruled}", re.IGNORECASE)


@cache
def _quoted() -> re.Pattern[str]:
    """The line that says who wrote what a mail quotes."""
    name = any_of("mail_from")
    return re.compile(rf"^[> \t*]*{name}[ \t*]*:[ \t*]*([^\n]{{1,300}})", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells whether a person wrote a mail, each "" or empty if there is none.

    ``report``: what kind of report the mail calls itself ("delivery-status"). ``automatic``: a
    header that says so. ``nobody``: answers to it go to nobody. ``failed``: addresses as the server
    lists them in a header. ``status``: texts in the form of RFC 3464. ``original``: addresses of
    the mail that came back; ``own``: to whom this one was written.
    """

    subject: str = ""
    name: str = ""
    address: str = ""
    report: str = ""
    automatic: str = ""
    nobody: bool = False
    failed: str = ""
    status: tuple[str, ...] = ()
    text: str = ""
    original: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


def undelivered(signs: Signs) -> tuple[Undelivered, ...]:
    """To whom a mail did not go through; empty: this is no word of a server that one did not."""
    reported = {one.address.casefold(): one for text in signs.status for one in _reported(text)}
    if len(reported) == len(signs.original) == 1:  # it was passed on: we wrote to another address
        (only,), (written,) = reported.values(), signs.original
        reported.setdefault(written.casefold(), replace(only, address=shown(written)))
    if reported:
        return tuple(reported.values())[:_MOST]
    if not _is_notice(signs) or any(_delivered(text) for text in signs.status):
        return ()
    said = _original().split(signs.text, maxsplit=1)[0]
    own = {address.casefold() for address in (*signs.own, signs.address)}
    named = (addresses(signs.failed), addresses(said), signs.original, addresses(signs.text))
    others = (
        [a for a in some if a.casefold() not in own and not _DAEMON.fullmatch(a)] for some in named
    )
    listed = next(filter(None, others), [])
    permanent = _is_permanent(signs, said)
    return tuple(Undelivered(shown(a), permanent, _words(said, a)) for a in listed[:_MOST])


def automatic(signs: Signs) -> bool:
    """Whether no person wrote a mail: an absence, a receipt, a server's notice."""
    if signs.automatic or signs.report or _words_of("automatic").match(signs.subject.strip()):
        return True
    return _is_notice(signs)


def is_status(text: str) -> bool:
    """Whether a text is a report in the form of RFC 3464."""
    return re.search(r"^(?:final|original)-recipient[ \t]*:", text[:TEXT], re.I | re.M) is not None


def quoted_senders(text: str) -> tuple[str, ...]:
    """Whom a text names as senders of what it quotes, as programs write it above such a text."""
    found = (a for line in _quoted().findall(text[:TEXT]) for a in addresses(line)[:1])
    return tuple(dict.fromkeys(found))[:5]


def addresses(text: str) -> list[str]:
    """The addresses in a text, each once."""
    return list(dict.fromkeys(a.strip("'.") for a in _ADDRESS.findall(text[:TEXT])))[: _MOST * 2]


def plain(html: str) -> str:
    """The words of a web page, roughly: enough to find addresses in them."""
    return _TAG.sub(" ", html[:TEXT])


def _is_notice(signs: Signs) -> bool:
    if signs.failed or signs.report == "delivery-status":
        return True
    server = signs.nobody or bool(
        _DAEMON.fullmatch(signs.address) or _words_of("servers").search(signs.name)
    )
    return server and bool(
        _words_of("undelivered").search(signs.subject) or _QMAIL.search(signs.text[:2_000])
    )


def _reported(text: str) -> Iterator[Undelivered]:
    """The recipients of an RFC 3464 report whom the mail did not reach (yet)."""
    for fields in _groups(text):
        said = [fields.get(name, "") for name in ("original-recipient", "final-recipient")]
        listed = [found[0] for one in said if (found := addresses(one))]
        action, status = fields.get("action", "").casefold().strip(), fields.get("status", "")
        if not listed or action not in ("failed", "delayed", ""):
            continue
        kind = _CODE.search(status)
        if kind is not None and kind[1] == "2":
            continue
        permanent = action != "delayed" and (kind is None or kind[1] == "5")
        words = fields.get("diagnostic-code", "").rpartition("smtp;")[2].strip() or status
        for address in dict.fromkeys(listed):
            yield Undelivered(shown(address), permanent, shown(words, _WORDS))


def _delivered(text: str) -> bool:
    """Whether a report says that somebody got the mail, and of nobody that she did not."""
    done = ("delivered", "relayed", "expanded")
    return any(fields.get("action", "").casefold().strip() in done for fields in _groups(text))


def _groups(text: str) -> Iterable[dict[str, str]]:
    """The groups of fields in a report, by name in small letters."""
    lines = text[:TEXT].replace("\r\n", "\n")
    for block in re.split(r"\n[ \t]*\n", lines)[: _MOST * 3]:
        fields = {name.casefold(): " ".join(said.split()) for name, said in _FIELD.findall(block)}
        if fields:
            yield fields


def _is_permanent(signs: Signs, said: str) -> bool:
    if _words_of("delayed").search(signs.subject):
        return False
    codes = {match[1] for kind in (_CODE, _SMTP) for match in kind.finditer(said)}
    if codes & {"4", "5"}:
        return "5" in codes
    return not _words_of("delayed").search(said)


def _words(said: str, address: str) -> str:
    """The server's words: a line with a code, else what follows the address."""
    lines = [line for one in said.split("\n") if (line := shown(one, _WORDS))]
    coded = (line for line in lines if _CODE.search(line) or _SMTP.search(line))
    after = (below for line, below in pairwise(lines) if address.casefold() in line.casefold())
    return next(coded, None) or next(after, "")
