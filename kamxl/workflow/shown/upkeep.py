"""What keeps a workspace and an installation in order, as JSON and in words."""

from __future__ import annotations

from typing import Any

from kamxl.wording.texts import texts
from kamxl.workflow.results import (
    BackupResult,
    KeyResult,
    LoginResult,
    RestoreResult,
    SetupResult,
    UpgradeResult,
)

_SHOWN = 12  # places in a sentence


def setup_json(result: SetupResult) -> dict[str, Any]:
    """What ``kamxl addin`` prints."""
    parts = [
        {"part": p.part, "path": p.path, "state": p.state, "sentence": p.sentence}
        for p in result.parts
    ]
    return {"parts": parts, "platform": result.platform}


def key_json(result: KeyResult) -> dict[str, Any]:
    """What ``kamxl key`` prints; the key itself is never shown."""
    return {"number": result.number, "since": result.since.isoformat()}


def backup_json(result: BackupResult) -> dict[str, Any]:
    """What ``kamxl key backup`` prints."""
    return {
        "backup": result.path,
        "workspace": result.workspace,
        "keys": result.keys,
        "cards": result.cards,
    }


def restore_json(result: RestoreResult) -> dict[str, Any]:
    """What ``kamxl key restore`` prints: paths under the workspace that are there again."""
    return {
        "restored": [f".kamxl/{name}" for name in result.restored],
        "workspace": result.workspace,
        "keys": result.keys,
    }


def login_json(result: LoginResult) -> dict[str, Any]:
    """What ``kamxl mail`` prints; what is kept in the keyring is never shown."""
    return {
        "state": result.state,
        "user": result.user,
        "host": result.host,
        "provider": result.provider,
    }


def upgrade_json(result: UpgradeResult) -> dict[str, Any]:
    """What ``kamxl upgrade`` prints; ``path`` is null where there was nothing to do."""
    left = [{"sheet": one.sheet, "cell": one.cell, "value": one.value} for one in result.left]
    return {
        "layout": result.layout,
        "newest": result.newest,
        "path": result.path,
        "rows": result.rows,
        "columns": list(result.own),
        "formulas": result.formulas,
        "left": left,
    }


def upgrade_lines(result: UpgradeResult) -> list[str]:
    """What came along, what did not, and how to swap."""
    said = texts(result.language)
    if result.path is None:
        return [said("upgrade.nothing", layout=result.layout)]
    lines = [said("upgrade.done", path=result.path, newest=result.newest, rows=result.rows)]
    if result.own:
        lines.append(said("upgrade.columns", names=", ".join(result.own)))
    if result.formulas:
        lines.append(said("upgrade.formulas", count=result.formulas))
    if result.left:
        places = ["!".join(filter(None, (one.sheet, one.cell))) for one in result.left]
        more = max(len(places) - _SHOWN, 0)
        lines.append(said("upgrade.left", names=", ".join(places[:_SHOWN]), more=more))
    return [*lines, said("upgrade.swap", path=result.path)]


def setup_lines(result: SetupResult) -> list[str]:
    """Each part of the add-in in a line, a sentence where somebody has to act, and what is next."""
    said = texts(result.language)
    names = [said(f"setup.part_{part.part}") for part in result.parts]
    lines = []
    for part, name in zip(result.parts, names, strict=True):
        state = said(f"setup.state_{part.state}")
        where = f" ({part.path})" if part.path else ""
        lines.append(f"  {name:<{max(map(len, names))}}  {state}{where}")
        lines += [f"    {part.sentence}"] if part.told else []
    end = "attention" if result.attention else "done"
    return [*lines, said(f"setup.{result.action}_{end}")]


def key_lines(result: KeyResult) -> list[str]:
    """What a new key means."""
    return [texts(result.language)("cli.key_rotated", number=result.number)]


def backup_lines(result: BackupResult) -> list[str]:
    """What the backup holds, and where it belongs."""
    words = {"path": result.path, "keys": result.keys, "cards": result.cards}
    return [texts(result.language)("cli.key_backup", **words)]


def restore_lines(result: RestoreResult) -> list[str]:
    """What is back; the records only as how many they are."""
    said = texts(result.language)
    if not result.restored:
        return [said("cli.key_restored_nothing")]
    alone = [n for n in result.restored if not n.startswith(("issued/", "sent/"))]
    others = sum(name.endswith(".json") for name in result.restored if name not in alone)
    names = [f".kamxl/{name}" for name in alone]
    names += [said("cli.key_restored_records", count=others)] if others else []
    return [said("cli.key_restored", names=", ".join(names))]


def login_lines(result: LoginResult) -> list[str]:
    """Who may send from now on, or no longer."""
    said = texts(result.language)
    return [said(f"login.{result.state}", user=result.user, host=result.host)]
