"""What a file's name alone tells: clutter of file systems, locks, and what is not here yet.

The same holds on the disk and inside of zip files and mails: whoever packs a folder packs its
clutter, too.
"""

from __future__ import annotations

import re

_SYSTEM_FILES = frozenset(
    {
        ".ds_store", "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", ".directory",
        "icon\r", "icon", ".localized", ".hidden", ".apdisk", ".volumeicon.icns",
        ".com.apple.timemachine.donotpresent", ".dropbox", ".dropbox.attr", ".gitignore",
        ".gitkeep", ".gitattributes", ".stignore", ".owncloudsync.log", ".nextcloudsync.log",
    }
)  # fmt: skip
_SYSTEM_FOLDERS = frozenset(
    {
        "__macosx", ".appledouble", ".appledb", ".appledesktop", ".spotlight-v100", ".trashes",
        ".fseventsd", ".temporaryitems", ".documentrevisions-v100", "network trash folder",
        "@eadir", "#recycle", "@recycle", "@recently-snapshot", "#snapshot",
        "$recycle.bin", "recycler", "system volume information", "lost+found",
        ".git", ".svn", ".hg", ".stfolder", ".stversions", ".sync", ".dropbox.cache",
        ".tmp.drivedownload", ".tmp.driveupload",
    }
)  # fmt: skip
_TRASH = re.compile(r"\.trash(?:-\d+)?")  # of Linux desktops, one for each user
_OWNER = ("~$", ".~lock.")
_WRITING = re.compile(r"~wr[a-z]\d{4}\.tmp")  # what Word writes before it has saved
_APPLE = "._"  # a Mac's notes on a file, beside it
# Windows' note where a file is from, as others write it; what a share keeps of a deleted file.
_NOTED = re.compile(r".+[:_\uf03a]zone\.identifier|\.nfs[0-9a-f]{4,40}|\.fuse_hidden[0-9a-f]+")
_ELSEWHERE = re.compile(r"\..+\.icloud|.+\.(?:nextcloud|owncloud|cloudf?|odrivecloud)")
_COMING = re.compile(
    r".+\.(?:crdownload|part|partial|opdownload|download|filepart|!sync|!ut|bc!|aria2|fdmdownload)"
)
_SYNCED = re.compile(r"[.~]syncthing[.~].+\.tmp|\..+\.~[0-9a-f]+")


def reason_of_name(path: str) -> str | None:
    """Why a file is not looked into, by its path (forward slashes); None: its name says nothing.

    "owner-file", "not-a-workbook" (clutter), "cloud-placeholder", "download-unfinished".
    """
    *folders, name = path.casefold().split("/")
    if any(one in _SYSTEM_FOLDERS or _TRASH.fullmatch(one) for one in folders):
        return "not-a-workbook"
    if name.startswith(_OWNER) or _WRITING.fullmatch(name):
        return "owner-file"
    if name in _SYSTEM_FILES or name.startswith(_APPLE) or _NOTED.fullmatch(name):
        return "not-a-workbook"
    if _ELSEWHERE.fullmatch(name):
        return "cloud-placeholder"
    if _SYNCED.fullmatch(name) or any(map(_COMING.fullmatch, (name, *folders[-1:]))):
        return "download-unfinished"
    return None
