"""What the workspace remembers of imports: which column said what, and other programs' numbers.

One small file per import, written once and never changed; of what two say the later one counts. No
name of a person is in it, and a damaged one costs nothing but a question asked again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kamxl.core.ids import is_id, same_name
from kamxl.core.records.imported import Keys
from kamxl.store import atomic
from kamxl.store.paths import check_length
from kamxl.store.reading import content
from kamxl.store.workspace import Workspace

_LARGEST = 5_000_000  # bytes; a record has about 60 per account


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table was understood: ``columns`` by part, each as (header, the how-manieth of it).

    None: no column says the part, as somebody told.
    """

    columns: Mapping[str, tuple[str, int] | None]
    decimal: str = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """All imports taken together: layouts by what the headers are, and numbers."""

    layouts: Mapping[str, Layout] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)


def headers_key(headers: Iterable[str]) -> str:
    """What stands for a table's headers, in whatever order they are."""
    told = "\n".join(sorted(same_name(header) for header in headers))
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def load(workspace: Workspace) -> Remembered:
    """What is remembered, the latest word on each thing."""
    layouts: dict[str, Layout] = {}
    accounts: dict[str, str] = {}
    contacts: dict[str, tuple[str, str]] = {}
    for _, record in sorted(_records(workspace), key=lambda one: one[0]):
        for key, layout in _table(record, "layouts").items():
            with contextlib.suppress(TypeError, ValueError, LookupError, AttributeError):
                told = layout["columns"].items()
                columns = {str(p): (str(c[0]), int(c[1])) if c else None for p, c in told}
                layouts[str(key)] = Layout(columns, str(layout["decimal"]))
        accounts |= {str(n): i for n, i in _table(record, "accounts").items() if _is_id(i)}
        for number, pair in _table(record, "contacts").items():
            if isinstance(pair, list) and len(pair) == 2 and all(map(_is_id, pair)):
                contacts[str(number)] = (pair[0], pair[1])
    return Remembered(layouts, Keys(accounts, contacts))


def remember(
    workspace: Workspace, layouts: Mapping[str, Layout], keys: Keys, now: datetime
) -> None:
    """Write down what an import settled (OSError: it is not)."""
    record = {
        "at": now.isoformat(),
        "layouts": {
            key: {
                "columns": {p: list(c) if c else None for p, c in one.columns.items()},
                "decimal": one.decimal,
            }
            for key, one in layouts.items()
        },
        "accounts": dict(keys.accounts),
        "contacts": {number: list(pair) for number, pair in keys.contacts.items()},
    }
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    short = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = check_length(_folder(workspace) / f"{short}.json")
    if not path.exists():
        atomic.write(path, text.encode())


def _folder(workspace: Workspace) -> Path:
    return workspace.memory / "imports"


def _records(workspace: Workspace) -> Iterable[tuple[tuple[str, str], Mapping[str, Any]]]:
    """Each record with what it is ordered by."""
    with contextlib.suppress(OSError):
        for path in sorted(_folder(workspace).glob("*.json")):
            with contextlib.suppress(OSError, ValueError, RecursionError):
                record = json.loads(content(path, _LARGEST))
                if isinstance(record, Mapping):
                    yield (str(record.get("at", "")), path.name), record


def _table(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = record.get(name)
    return found if isinstance(found, Mapping) else {}


def _is_id(value: object) -> bool:
    return isinstance(value, str) and is_id(value)
