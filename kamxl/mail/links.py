"""Whether a mail's text points to a file that lies on the web: it is named, and never fetched."""

from __future__ import annotations

import re
from urllib.parse import unquote

_TEXT = 256 * 1024  # characters that are looked at
# By a part of the host's name, whatever country or company stands around it.
_HOSTS = (
    "1drv", "onedrive", "sharepoint", "dropbox", "dropboxusercontent", "icloud", "wetransfer",
    "box", "nextcloud", "owncloud", "magentacloud", "hidrive", "mega", "pcloud", "swisstransfer",
    "transfernow", "filemail", "sharefile", "egnyte", "tresorit", "gigamove", "sciebo", "seafile",
    "googledrive", "filetransfer", "gofile", "mediafire", "teamdrive",
)  # fmt: skip
_LINK = re.compile(
    r"https?://(?:[a-z0-9-]{1,63}\.){0,6}?(?:"
    rf"(?:{'|'.join(map(re.escape, _HOSTS))})"
    r"(?:-my)?(?:\.[a-z0-9-]{2,63}){1,4}"
    r"|(?:drive|docs)\.google\.[a-z]{2,3}|drive\.proton\.me|we\.tl"
    r"|[a-z0-9-]{1,63}\.[a-z]{2,10}(?:/index\.php)?/s/[A-Za-z0-9]{10,40}"
    r")(?=[/?:#]|\s|$)",
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
