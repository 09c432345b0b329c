"""The page in a browser: axe finds no violation, and its one script sorts, filters and unfolds.

One browser run for each of the two ways in which the page looks most unlike itself.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kamxl.core.portfolio.screen import screen_of
from kamxl.forms.portfolio.book import book as book_of
from kamxl.forms.portfolio.front import front_of
from kamxl.forms.portfolio.news import news
from kamxl.report.html import render
from kamxl.wording.texts import texts
from tests.forms import portfolio_sample as sample
from tests.proof import need

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Says what the script does: the first column of numbers sorted, a word sought, a manager chosen.
_PLAYED = """
const lists = [...document.querySelectorAll("#drivers .list")], table = lists.at(-1).querySelector("table");
const seen = () => [...table.tBodies[0].rows].filter((row) => getComputedStyle(row).display !== "none");
const at = [...table.tHead.rows[0].cells].findIndex((head) => head.dataset.key === "worth");
const column = () => seen().map((row) => Number(row.cells[at].dataset.v));
const played = { before: seen().length, buttons: table.querySelectorAll("th button").length };
table.tHead.rows[0].cells[at].querySelector("button").click();
played.down = column(); played.sort = table.tHead.rows[0].cells[at].getAttribute("aria-sort");
table.tHead.rows[0].cells[at].querySelector("button").click();
played.up = column();
lists.at(-1).querySelector(".more").click();
played.all = seen().length;
played.focus = document.activeElement.matches("tr:not(.out) a");
const stops = () => [...document.querySelectorAll(".sheet .list")].filter((list) =>
  list.querySelector("tr:not(.out):not(.rest) td > a")
  && list.querySelectorAll('tr:not(.out):not(.rest) a[tabindex="0"]').length !== 1).length;
const find = lists.at(-1).querySelector("input"); find.value = "moltide"; find.dispatchEvent(new Event("input"));
played.found = seen().map((row) => row.textContent.includes("Moltide"));
played.status = lists.at(-1).querySelector(".status").textContent;
find.value = ""; find.dispatchEvent(new Event("input"));
const choice = document.querySelector("#choices select"); choice.selectedIndex = 1; choice.dispatchEvent(new Event("change"));
played.stops = stops();
played.unknown = [...table.tHead.rows[0].cells].filter((head, at) => [1, 2].some(() => {
  head.querySelector("button").click();
  const told = seen().map((row) => row.cells[at].textContent.trim() !== "");
  return told.lastIndexOf(true) > told.indexOf(false) && told.includes(false);
})).length;
played.chosen = seen().map((row) => row.dataset.in.split(" ").includes(choice.value));
choice.selectedIndex = 0; choice.dispatchEvent(new Event("change"));
played.width = innerWidth;
played.dark = matchMedia("(prefers-color-scheme: dark)").matches;
played.wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
axe.run(document, { resultTypes: ["violations"] }).then((found) => {
  const told = found.violations.map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html)]);
  parent.postMessage("<<" + JSON.stringify({ played, violations: told }) + ">>", "*");
});
"""  # noqa: E501 a script
# A window of a browser is 500 points wide at least: a phone is a frame in it.
_FRAME = """<meta name="color-scheme" content="light dark"><title>Phone</title>
<iframe src="page.html" title="Page" style="width:{}px;height:900px;border:0"></iframe><script>
addEventListener("message", (told) => {{ document.documentElement.textContent = told.data; }});
</script>"""


def _axe() -> Path | None:
    """axe-core as npm installs it: beside the Open XML validator, or where KAMXL_AXE says."""
    beside = os.environ.get("KAMXL_OOXML_VALIDATOR", "")
    places = [os.environ.get("KAMXL_AXE", "")]
    if beside:
        places.append(str(Path(beside).parents[1] / "axe-core" / "axe.min.js"))
    return next((Path(place) for place in places if place and Path(place).is_file()), None)


@pytest.fixture
def browser() -> str:
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    need([] if found else ["Chromium is missing"])
    return str(found)


@pytest.mark.proof
@pytest.mark.parametrize(
    ("language", "width", "dark"), [("de", 1440, False), ("en", 390, True)], ids=["wide", "phone"]
)
def test_nobody_is_shut_out(browser, tmp_path, language, width, dark):
    axe = _axe()
    need([] if axe else ["axe-core is missing (npm install axe-core, or set KAMXL_AXE)"])
    assert axe is not None
    portfolio = sample.full()
    book = book_of(portfolio, language, sample.STAMP, {})
    told = news(portfolio, texts(language), 300)
    front = front_of(screen_of(portfolio, language), texts(language))
    page = render(book, told, front=front).decode()
    # The page's own policy would keep the tester's script out.
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    tester = axe.read_text(encoding="utf-8").replace("</script", "<\\/script")
    scripts = f"<script>{tester}</script><script>{_PLAYED}</script>"
    shown = tmp_path / "frame.html"
    shown.write_text(_FRAME.format(width), encoding="utf-8")
    (tmp_path / "page.html").write_text(
        page.replace("</body>", f"{scripts}</body>"), encoding="utf-8"
    )
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/own",
        "--window-size=1500,1000", "--virtual-time-budget=60000", "--dump-dom",
        *(["--blink-settings=preferredColorScheme=0"] if dark else []), shown.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=300, check=True)
    (found,) = re.findall(r"<<(.*)>>", html.unescape(done.stdout.decode()), re.DOTALL)
    result = json.loads(found)
    assert result["violations"] == []
    played = result["played"]
    assert (played["width"], played["dark"]) == (width, dark)
    assert played["buttons"] > 10
    assert played["focus"]
    assert played["stops"] == 0
    assert played["unknown"] == 0
    assert played["sort"] == "descending"
    assert played["down"] == sorted(played["down"], reverse=True)
    assert played["up"] == sorted(played["up"])
    assert played["before"] < played["all"]
    assert played["found"]
    assert all(played["found"])
    assert str(len(played["found"])) in played["status"]
    assert 0 < len(played["chosen"]) < played["all"]
    assert all(played["chosen"])
    assert played["wide"] <= 0
