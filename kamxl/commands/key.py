"""``kamxl key``: the keys that sign cards; a new one, a backup of all, and back from it.

The passphrase of a backup comes from the environment or is typed; it is never an argument, which
others could see.
"""

from __future__ import annotations

import os

from kamxl.commands.parts.declared import Command, Option
from kamxl.errors import KamxlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Given
    from kamxl.workflow.secret_results import BackupResult, KeyResult, RestoreResult

    Result = KeyResult | BackupResult | RestoreResult

VARIABLE = "KAMXL_KEY_PASSPHRASE"

_MORE = f"""\
rotate          sign cards with a new key from now on; older ones can still be read
backup FILE     write the whole identity into a new file: the id, all keys, what was asked and sent
restore FILE    bring back what is missing; nothing that is there is replaced

Make a backup after 'kamxl init' and after each 'kamxl key rotate', and keep it outside of the
workspace: without its keys no answer can be read. It is locked with a passphrase, which is asked
for, or taken from the variable {VARIABLE}; keep that in another place.
"""


def run(given: Given) -> Result:
    """One of the three (KamxlError: a file too many or too few, or no passphrase)."""
    from dataclasses import replace

    action, file = given.options.action, given.options.file
    if (file is None) != (action == "rotate"):
        raise KamxlError("key-file", action=action, given=file is not None)
    done = {"rotate": _rotated, "backup": _backed_up, "restore": _restored}[action](given)
    return replace(done, language=given.language or done.language)


def _rotated(given: Given) -> Result:
    from kamxl.workflow.start.key import rotate

    return rotate(given.folder, given.chance.token_bytes(32), now=given.now())


def _backed_up(given: Given) -> Result:
    from pathlib import Path

    from kamxl.workflow.start.key import backup, check_backup

    file = given.options.file
    check_backup(given.folder, Path(file))  # before somebody types a passphrase for nothing
    phrase = _passphrase(given, new=True)
    return backup(given.folder, file, phrase, chance=given.chance.token_bytes)


def _restored(given: Given) -> Result:
    from pathlib import Path

    from kamxl.workflow.start.key import check_restore, restore

    check_restore(Path(given.options.file))  # as above
    return restore(given.folder, given.options.file, _passphrase(given, new=False))


def _passphrase(given: Given, *, new: bool) -> str:
    """The passphrase; a ``new`` one is typed twice (KamxlError: none, or two different ones)."""
    phrase = os.environ.get(VARIABLE)
    if phrase is None:
        phrase = _typed(given, new)
    if not phrase.strip():
        raise KamxlError("passphrase-empty", variable=VARIABLE)
    return phrase


def _typed(given: Given, new: bool) -> str:
    if not given.attended():
        raise KamxlError("passphrase-nobody", variable=VARIABLE)
    from kamxl.wording.texts import texts

    said = texts(given.language or given.spoken)
    first = _asked(said("cli.key_ask"))
    if new and _asked(said("cli.key_again")) != first:
        raise KamxlError("passphrase-differs")
    return first


def _asked(question: str) -> str:
    import getpass

    try:
        return getpass.getpass(f"{question} ")
    except EOFError:
        raise KamxlError("passphrase-none") from None


def as_json(result: Result) -> dict[str, Any]:
    """What is new, kept or back (paths under the workspace); no key is ever shown."""
    from kamxl.workflow.secret_results import BackupResult, KeyResult

    if isinstance(result, KeyResult):
        return {"number": result.number, "since": result.since.isoformat()}
    whose = {"workspace": result.workspace, "keys": result.keys}
    if isinstance(result, BackupResult):
        return {"backup": result.path, **whose, "cards": result.cards}
    return {"restored": [f".kamxl/{name}" for name in result.restored], **whose}


def words(result: Result) -> list[str]:
    """What a new key means, what the backup holds and where it belongs, or what is back."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.secret_results import BackupResult, KeyResult

    said = texts(result.language)
    if isinstance(result, KeyResult):
        return [said("cli.key_rotated", number=result.number)]
    if isinstance(result, BackupResult):
        held = {"path": result.path, "keys": result.keys, "cards": result.cards}
        return [said("cli.key_backup", **held)]
    return _restored_lines(result)


def _restored_lines(result: RestoreResult) -> list[str]:
    """What is back; the records only as how many they are."""
    from kamxl.wording.texts import texts

    said = texts(result.language)
    if not result.restored:
        return [said("cli.key_restored_nothing")]
    alone = [n for n in result.restored if not n.startswith(("issued/", "sent/"))]
    others = sum(name.endswith(".json") for name in result.restored if name not in alone)
    names = [f".kamxl/{name}" for name in alone]
    names += [said("cli.key_restored_records", count=others)] if others else []
    return [said("cli.key_restored", names=", ".join(names))]


COMMAND = Command(
    "key",
    place=80,
    help="the keys that sign cards: a new one; a backup, and back from it",
    options=(
        Option("action", choices=("rotate", "backup", "restore")),
        Option("file", nargs="?", metavar="FILE", help="the backup (backup, restore)"),
    ),
    more=_MORE,
    run=run,
    as_json=as_json,
    words=words,
    strict=False,
)
