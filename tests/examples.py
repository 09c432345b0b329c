"""The example set in workbooks/: what kamxl makes, in files small enough to look at.

``python -m tests.examples`` writes it anew (and the picture in README, where LibreOffice is there);
``test_examples`` compares it with what the code makes now.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from kamxl.workflow.demo.play import demo
from tests.waiting import PATIENCE

WORKBOOKS = Path(__file__).resolve().parents[1] / "workbooks"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
KEY = bytes(range(32))

# name in workbooks/ -> the language of the demo that makes it, and where that puts it
FILES = {
    "register.xlsx": ("en", "Register.xlsx"),
    "scorecard-de-empty.xlsx": ("en", "outbox/2026-H2/FELDKRON--LINIEN--LMAHN.xlsx"),
    "scorecard-de-filled.xlsx": ("en", "inbox/FELDKRON--LINIEN--LMAHN.xlsx"),
    "scorecard-en-empty.xlsx": ("en", "outbox/2026-H2/HOLLOWMERE--LINES--RBYRD.xlsx"),
    "scorecard-en-filled.xlsx": ("en", "inbox/HOLLOWMERE--LINES--RBYRD.xlsx"),
    "plan-de.xlsx": ("de", "plans/MOLTIDE--2026-H2.xlsx"),
    "plan-en.xlsx": ("en", "plans/TRENTVALE--2026-H2.xlsx"),
    "companion-de.xlsx": ("de", "plans/MOLTIDE--2026-H2.answers.xlsx"),
    "companion-en.xlsx": ("en", "plans/TRENTVALE--2026-H2.answers.xlsx"),
    "reply-de-empty.xlsx": ("en", "outbox/2026-H1/MOLTIDE--LINIEN--AKELLER+reply.xlsx"),
    "reply-de-filled.xlsx": ("en", "inbox/2026-H1/MOLTIDE--LINIEN--AKELLER+reply.xlsx"),
    "meeting-de.xlsx": ("en", "outbox/2026-H2/AUENQUELL--LINIEN--FREIM.xlsx"),
    "portfolio.xlsx": ("en", "Portfolio.xlsx"),
}
PICTURE = ("scorecard-en-filled.xlsx", 2)  # the page of this workbook that README shows


def make() -> dict[str, bytes]:
    """The example set as the code makes it now."""
    with tempfile.TemporaryDirectory() as folder:
        roots = {language: Path(folder) / language for language, _ in FILES.values()}
        for language, root in sorted(roots.items()):
            demo(root, language, key=KEY, now=NOW)
        return taken_from(roots)


def taken_from(roots: dict[str, Path]) -> dict[str, bytes]:
    """The set out of the demos of its languages."""
    return {name: (roots[own] / place).read_bytes() for name, (own, place) in FILES.items()}


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook, inflated: compressors differ between machines, content must not."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def picture(workbook: Path, page: int, target: Path) -> None:
    """One printed page of a workbook as a picture (needs soffice and pdftoppm)."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
        subprocess.run([*convert, str(workbook)], check=True, capture_output=True, timeout=PATIENCE)
        pdf = Path(folder) / f"{workbook.stem}.pdf"
        only = ["-f", str(page), "-l", str(page), "-singlefile"]
        subprocess.run(
            ["pdftoppm", "-r", "110", *only, "-png", str(pdf), str(target.with_suffix(""))],
            check=True,
            timeout=PATIENCE,
        )


def main() -> None:
    """Write the example set."""
    WORKBOOKS.mkdir(exist_ok=True)
    for name, data in make().items():
        (WORKBOOKS / name).write_bytes(data)
    if shutil.which("soffice") and shutil.which("pdftoppm"):
        picture(WORKBOOKS / PICTURE[0], PICTURE[1], WORKBOOKS / "scorecard.png")


if __name__ == "__main__":
    main()
