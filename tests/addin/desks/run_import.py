"""What loading xlwings does beside: ``python -m … <windows|mac> <stock|tamed> <out.json>``."""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import os
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

SYSTEM, KIND, OUT = sys.argv[1:4]

for _name in ("numpy", "pandas", "matplotlib", "matplotlib.backends.backend_agg"):
    sys.modules[_name] = None  # type: ignore[assignment] they are not needed, and slow
for _name in (
    "asyncio", "concurrent.futures", "locale", "multiprocessing", "PIL.Image", "PIL.ImageGrab",
    "psutil", "socket", "tempfile", "uuid", "html", "jinja2", "cryptography",
):  # fmt: skip
    with contextlib.suppress(ImportError):
        importlib.import_module(_name)

from tests.addin.desks import mac, windows  # noqa: E402

computer: Any = windows.Computer() if SYSTEM == "windows" else mac.Computer()
(windows if SYSTEM == "windows" else mac).install(computer)
_seen: list[str] = []
_CODE = (*(str(Path(p).resolve()) for p in sys.path if p), sys.prefix, sys.base_prefix)


class _Environ(dict):  # type: ignore[type-arg]
    """The environment, noting which names are asked for."""

    def __getitem__(self, name: str) -> str:
        _seen.append(f"asks the environment for {name}")
        return str(super().__getitem__(name))

    def get(self, name: str, default: Any = None) -> Any:
        _seen.append(f"asks the environment for {name}")
        return super().get(name, default)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, mode, _ = arguments
        plain = isinstance(path, str) and str(Path(path).resolve()).startswith(_CODE)
        if not plain or (mode and set(str(mode)) & set("wax+")):
            _seen.append(f"opens {path} ({mode})")
    elif event in ("os.chdir", "os.putenv", "os.mkdir", "os.remove", "os.rename"):
        _seen.append(f"{event}{tuple(str(a) for a in arguments)}")
    elif event.startswith(("subprocess.", "socket.", "winreg.", "os.system", "webbrowser")):
        _seen.append(event)


def _hooks() -> list[Any]:
    class All:
        seen: list[Any] = []  # noqa: RUF012

        def __eq__(self, other: object) -> bool:
            self.seen.append(other)
            return False

        __hash__ = object.__hash__

    found = All()
    found.seen = []
    atexit.unregister(found)
    return found.seen


def _state() -> dict[str, Any]:
    return {
        "hooks": [f"{h.__module__}.{h.__qualname__}" for h in _hooks()],
        "path": list(sys.path),
        "environ": dict(os.environ),
        "threads": sorted(t.name for t in threading.enumerate()),
        "warnings": [str(f) for f in warnings.filters],
        "folder": str(Path.cwd()),
    }


def main() -> None:
    before = _state()
    os.environ = _Environ(os.environ)  # type: ignore[assignment]  # noqa: B003 it is watched
    os.getenv = os.environ.get  # type: ignore[assignment]
    sys.addaudithook(_watch)
    real, sys.platform = sys.platform, {"windows": "win32", "mac": "darwin"}[SYSTEM]
    home = str(Path("~").expanduser())
    _seen.clear()
    try:
        name = "xlwings" if KIND == "stock" else "kamxl.excel.live.bridge"
        importlib.import_module(name)
    finally:
        sys.platform = real
    seen = [one.replace(home, "~").replace(sys.exec_prefix, "<python>") for one in _seen]
    seen = [one.replace(before["folder"], "<folder>") for one in seen]
    after = _state()
    told: dict[str, Any] = {"seen": sorted(set(seen)), "events": computer.events}
    told["coinit"] = getattr(computer, "coinit", 0)
    for key, value in before.items():
        new = after[key]
        if isinstance(value, list):
            told[key] = [one for one in new if one not in value]
        elif isinstance(value, dict):
            told[key] = sorted(k for k in {*new, *value} if new.get(k) != value.get(k))
        else:
            told[key] = new != value
    modules = ("xlwings.pro", "xlwings.udfs", "xlwings.com_server", "xlwings.reports")
    told["modules"] = [name for name in modules if sys.modules.get(name) is not None]
    Path(OUT).write_text(json.dumps(told, indent=1), encoding="utf-8")
    atexit._clear()  # the stock one would end what is not there


if __name__ == "__main__":
    main()
