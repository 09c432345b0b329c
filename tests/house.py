"""The map of the house in CONTRIBUTING.md, made of what each folder says: python -m tests.house."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "CONTRIBUTING.md"
_BEGIN, _END = "<!-- map: python -m tests.house -->\n", "<!-- end of map -->\n"
_MARGIN = 18


def drawn() -> str:
    """The rooms as a tree: what lives in each, then who may come in."""
    lines = ["kamxl/"]
    for folder in sorted(path.parent for path in (ROOT / "kamxl").rglob("__init__.py")):
        parts = folder.relative_to(ROOT / "kamxl").parts
        if not parts:
            continue
        text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        first, *_ = (text or "").partition("\n\n")
        guests = [s for s in _sentences(text or "") if "come in" in s or "comes in" in s]
        name = f"{'  ' * len(parts)}{parts[-1]}/"
        lines += [f"{name:<{_MARGIN}}{' '.join(first.split())}"]
        lines += [f"{'':<{_MARGIN}}→ {one}" for one in guests[:1]]
    return "```\n" + "\n".join(lines).replace("``", "") + "\n```\n"


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=\.)\s+", " ".join(text.split()))


def page(old: str) -> str:
    """The page with the map as it is now."""
    before, _, rest = old.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}{drawn()}{_END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
