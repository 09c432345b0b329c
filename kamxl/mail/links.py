"""Whether a mail's text points to what lies on the web, a file or an encrypted mail.

That is named, and never fetched.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_SITE = r"(?:[a-z0-9-]{1,63}\.){0,6}?"
_TEXT = 256 * 1024  # characters that are looked at
# By a part of the host's name, whatever country or company stands around it.
_HOSTS = (
    "1drv", "onedrive", "sharepoint", "dropbox", "dropboxusercontent", "icloud", "wetransfer",
    "box", "nextcloud", "owncloud", "magentacloud", "hidrive", "mega", "pcloud", "swisstransfer",
    "transfernow", "filemail", "sharefile", "egnyte", "tresorit", "gigamove", "sciebo", "seafile",
    "googledrive", "filetransfer", "gofile", "mediafire", "teamdrive", "dateitransfer", "fromsmash",
    "dracoon", "idgard", "cryptshare", "ctera", "quatrix", "terabox", "yadi", "1fichier", "kdrive",
    "luckycloud", "yourfiles", "securetransfer",
)  # fmt: skip
_LINK = re.compile(
    rf"https?://{_SITE}(?:"
    rf"(?:{'|'.join(map(re.escape, _HOSTS))})"
    r"(?:-my)?(?:\.[a-z0-9-]{2,63}){1,4}"
    r"|(?:drive|docs)\.google\.[a-z]{2,3}|drive\.proton\.me|we\.tl|disk\.yandex\.[a-z]{2,3}"
    r"|pan\.baidu\.com|workdrive\.zoho\.[a-z]{2,3}|drive\.infomaniak\.com|sync\.com/dl"
    r"|c\.(?:gmx|web)\.[a-z]{2,3}/@[0-9]{1,20}|teams\.microsoft\.com/l/file"
    r"|[a-z0-9-]{1,63}\.[a-z]{2,10}(?:/s/[A-Za-z0-9]{10,40}|/index\.php/s/[A-Za-z0-9]{4,40})"
    # whatever the place: what is behind the link is a workbook or an archive
    r"|[a-z0-9-]{1,63}\.[a-z]{2,10}/[^\s\"'<>?#]{1,400}\.(?:xls[xmb]?|ods|zip|7z)"
    r")(?=[/?:#\"'<>),;]|\s|$)",
    re.IGNORECASE,
)


def link_in(*texts: str) -> str:
    """The first host of files that a text names, as https://…; "": none.

    Links that a mail filter has written around are seen, too.
    """
    for text in texts:
        said = text[:_TEXT]
        for one in (said, unquote(said)):
            found = _LINK.search(one)
            if found is not None:
                return found[0][:200]
    return ""


# Where the services that encrypt mails show them, and what they call the page that leads there.
_PORTAL = re.compile(
    rf"https?://{_SITE}(?:office(?:365)?\.com/encryption|res\.cisco\.com/websafe|virtru\.com"
    r"|zix(?:mail|corp)\.[a-z]{2,3})",
    re.IGNORECASE,
)
_PORTALS = re.compile(
    r"(?:securedoc\w{0,40}|securemessageatt|message_zdm|secure-?e?mail|encrypted[ _-]?message)"
    r"\.html?",
    re.IGNORECASE,
)


def leads_to_portal(text: str) -> bool:
    """Whether a text says where on the web an encrypted mail is to be read."""
    return _PORTAL.search(text[:_TEXT]) is not None


def is_portal(name: str, data: bytes) -> bool:
    """Whether an attachment is the page that leads to an encrypted mail."""
    if not name.casefold().endswith((".html", ".htm")):
        return False
    called = _PORTALS.fullmatch(name.rpartition("!")[2].rpartition("/")[2]) is not None
    return called or leads_to_portal(data[:_TEXT].decode("latin-1"))
