"""A team's own templates may come from anywhere: each ends in a mail, or in one sentence."""

import os
import sys
from pathlib import Path

import pytest

from kamxl.apart import close
from kamxl.cli import main as cli
from kamxl.errors import TemplateError
from kamxl.forms.letters.letter import Invitation, Sender
from kamxl.store import templates as on_disk
from kamxl.wording.texts import languages
from kamxl.workflow.health import contents
from kamxl.workflow.lettering import saying
from kamxl.workflow.lettering.sources import team_templates
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.start.identity import opened
from tests.workflow.making import NOW, Team, hashes, new_team

pytestmark = pytest.mark.proof

BOMBS = {
    "loops": "\n{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "macro": "\n{% macro a(n) %}{{ a(n+1) }}{% endmacro %}{{ a(0) }}",
    "ours only": "{% for a in letter.sender.company %}" * 12 + "x" + "{% endfor %}" * 12,
    "repeated": "{{ 'a' * 10**9 }}",
    "doubled": "{% set n = namespace(x='aaaa') %}{% for i in range(64) %}"
    "{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}",
    "list": "{{ [1] * 10**9 }}",
    "percent": '{{ "%1000000000d" % 1 }}',
    "format": '{{ "{:1000000000}".format(1) }}',
    "center": "{{ 'x' | center(10**9) }}",
    "indent": "{{ 'x\nx' | indent(10**9) }}",
    "power": "{{ 9**(9**9) }}",
    "shift": "{{ (10**100000) ** 1000 }}",
    "range": "{{ range(10**9) | list }}",
    "long": "{% for i in range(90000) %}" + "x" * 100 + "{% endfor %}",
    "parentheses": "{{ " + "(" * 10_000 + "1" + ")" * 10_000 + " }}",
    "ifs": "{% if 1 %}" * 3000 + "x" + "{% endif %}" * 3000,
    "minus": "{{ " + "-" * 30_000 + "1 }}",
    "sum": "{{ " + "1+" * 30_000 + "1 }}",
    "itself": "{% include 'invitation.txt' %}",
    "extends": "{% extends 'invitation.txt' %}",
    "attribute": "{{ [1][5] }}{{ letter.name.x.y }}",
    "sorted": "{{ [1, 'a'] | sort }}",
    "big": "{# " + "x" * 1_200_000 + " #}",
}


def own(team: Team, text: str, name: str = "invitation.txt", language: str = "de") -> Path:
    path = team.root / "templates" / "mail" / language / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def unissued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_team(tmp_path_factory.mktemp("unissued") / "w").root


@pytest.fixture
def fresh(unissued: Path, tmp_path: Path) -> Team:
    import shutil

    shutil.copytree(unissued, tmp_path / "w")
    return Team(tmp_path / "w")


@pytest.mark.parametrize("name", BOMBS)
def test_a_template_that_takes_all_ends_in_a_sentence(fresh: Team, name: str) -> None:
    own(fresh, BOMBS[name])
    before = hashes(fresh.root, ".")
    with pytest.raises(TemplateError) as caught:
        issue(fresh.root, now=NOW)
    for language in languages():
        said = caught.value.said(language)
        assert "de/invitation.txt" in said
        assert len(said) < 800
        assert "\n" not in said
    assert hashes(fresh.root, ".") == before, "nothing was written"
    if name in ("loops", "macro") and hasattr(os, "fork"):
        assert caught.value.values["line"] == 2
        assert caught.value.values["how"] == {"loops": "time", "macro": "recursion"}[name]


def test_the_command_says_it_in_one_line(fresh: Team, capsys: pytest.CaptureFixture[str]) -> None:
    own(fresh, BOMBS["macro"])
    for words in (["issue"], ["issue", "--test", "team@muster.example"]):
        assert cli.main([*words, "-C", str(fresh.root)]) == 2
        (line,) = capsys.readouterr().err.strip().splitlines()
        assert "invitation.txt" in line


@pytest.mark.parametrize(("kind", "words"), [("reminder", ["remind"]), ("thanks", ["thank"])])
def test_reminders_and_thanks_likewise(
    team: Team, kind: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    team.put("a.xlsx", team.filled(team.order("ALPHA")))
    own(team, BOMBS["loops"], f"{kind}.html")
    assert cli.main([*words, "-C", str(team.root)]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert f"{kind}.html" in line


@pytest.mark.parametrize("kind", ["invitation", "reminder", "thanks"])
def test_doctor_sees_it(team: Team, kind: str) -> None:
    own(team, BOMBS["macro"], f"{kind}.txt")
    (look,) = contents.own_templates(opened(team.root))
    assert look.state == "blocked"
    assert look.problem is not None
    assert f"{kind}.txt" in look.problem.said()


def test_ordinary_templates_say_the_same_apart(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte what they say in this process, also when ours are taken as a team's."""
    from kamxl.wording.texts import templates_folder

    before = hashes(team.root, "outbox")
    for path in (templates_folder() / "mail").rglob("*.*"):
        own(team, path.read_text(encoding="utf-8"), path.name, path.parent.name)
    again = issue(team.root, now=NOW)
    assert {card.state for card in again.issued} == {"unchanged"}
    assert hashes(team.root, "outbox") == before


def test_all_mails_of_a_run_have_one_budget(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is just below the limit of one letter, three thousand times, is an hour."""
    own(team, "Hallo")
    letters = saying.Saying(team_templates(opened(team.root)).sources)
    words = dict.fromkeys(saying.PARTS, "x")
    letter = Invitation("N", "N", "N", "2026", "f", None, Sender("N", "n@n.example", "", "N"))
    slow = 0.9
    monkeypatch.setattr(saying, "call", lambda *_: saying.Said(words, slow))
    with pytest.raises(TemplateError) as caught:
        list(map(letters.render, [letter] * 3000, ["de"] * 3000))
    assert caught.value.values["how"] == "time"
    slow = 0.01  # ten times what a letter takes
    letters = saying.Saying(letters.own)
    for _ in range(3000):
        letters.render(letter, "de")


def test_many_empty_lines_are_looked_at_once(fresh: Team) -> None:
    own(fresh, "Hallo" + "\n" * 200_000 + "wie bei Beta Bau")
    found = {f for card in issue(fresh.root, now=NOW).issued for f in card.findings}
    assert {dict(f.details)["line"] for f in found} == {200_001}


def test_what_is_not_asked_for_costs_nothing(fresh: Team) -> None:
    own(fresh, "Hallo {{ letter.name }}")
    own(fresh, "x" * 400_000, "old.txt")
    folder = fresh.root / "templates" / "mail" / "de"
    (folder / "logo.png").write_bytes(b"\x89PNG\xff\xfe")
    (folder / "gone.txt").symlink_to(fresh.root / "nowhere")
    assert {card.state for card in issue(fresh.root, now=NOW).issued} == {"new"}


# --- files that are none -------------------------------------------------------------------------


def refused(team: Team) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        issue(team.root, now=NOW)
    for language in languages():
        assert caught.value.code not in caught.value.said(language)
    return caught.value


def test_bytes_that_are_no_text(fresh: Team) -> None:
    own(fresh, "x").write_bytes(b"Guten Tag\nGr\xfc\xdfe")
    problem = refused(fresh)
    assert (problem.code, problem.values["line"]) == ("template-letters", 2)


def test_a_gigabyte(fresh: Team) -> None:
    with own(fresh, "x").open("ab") as file:
        file.truncate(2**30)
    assert refused(fresh).code == "template-large"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_a_pipe_and_a_device(fresh: Team) -> None:
    path = own(fresh, "x")
    path.unlink()
    os.mkfifo(path)
    assert refused(fresh).code == "template-no-file"
    path.unlink()
    path.symlink_to("/dev/zero")
    assert refused(fresh).code == "template-link"


def test_a_folder_of_very_many_files(fresh: Team) -> None:
    path = own(fresh, "x")
    for number in range(on_disk._MOST + 1):
        (path.parent / f"{number}.txt").touch()
    assert refused(fresh).code == "templates-many"
    (look,) = contents.own_templates(opened(fresh.root))
    assert look.state == "blocked"


def test_folders_in_folders(fresh: Team) -> None:
    own(fresh, "{% include 'parts/foot.txt' %}")
    own(fresh, "Bis bald", "parts/foot.txt")
    assert {card.state for card in issue(fresh.root, now=NOW).issued} == {"new"}


# --- links ---------------------------------------------------------------------------------------

links = pytest.mark.skipif(sys.platform == "win32", reason="making links needs a right there")


@links
@pytest.mark.parametrize(
    ("link", "to"),
    [
        ("templates/mail/de/invitation.txt", ".kamxl/workspace.json"),
        ("templates/mail/de/invitation.html", "Register.xlsx"),
        ("templates/mail/de/invitation.txt", "../outside.txt"),
        ("templates/mail/de", "../elsewhere"),
        ("templates/mail", "../elsewhere"),
        ("templates", "../elsewhere"),
        ("templates/mail/de", ".kamxl"),
    ],
)
def test_no_link_leads_out(fresh: Team, link: str, to: str) -> None:
    outside = fresh.root.parent
    (outside / "outside.txt").write_text("Hallo", encoding="utf-8")
    for inner in ("", "mail", "mail/de"):
        (outside / "elsewhere" / inner).mkdir(exist_ok=True)
        (outside / "elsewhere" / inner / "invitation.txt").write_text("Hallo", encoding="utf-8")
    path = fresh.root / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(fresh.root / to)
    problem = refused(fresh)
    assert problem.code == "template-link"
    assert problem.values["where"] == max(link, "templates/mail")


@links
def test_a_link_that_stays_inside_is_fine(fresh: Team) -> None:
    path = own(fresh, "Hallo {{ letter.name }}", "hello.txt")
    (path.parent / "invitation.txt").symlink_to("hello.txt")
    (path.parents[1] / "en").symlink_to("de")
    (path.parent / "round").symlink_to(".")  # and one that leads in a circle is not gone round
    assert {card.state for card in issue(fresh.root, now=NOW).issued} == {"new"}


@pytest.mark.parametrize("asks", ["../../../.kamxl/workspace.json", "..\\..\\x", "/etc/passwd"])
def test_no_include_climbs_out(fresh: Team, asks: str) -> None:
    own(fresh, "{% include " + repr(asks) + " %}")
    assert refused(fresh).code == "template-missing"


def test_one_process_is_kept_for_a_run(fresh: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    from kamxl.apart import calling

    own(fresh, "Hallo {{ letter.name }}")
    close()
    begun: list[object] = []
    real = calling._begun
    monkeypatch.setattr(calling, "_begun", lambda of: begun.append(of) or real(of))
    issue(fresh.root, now=NOW)
    assert [of.__module__ for of in begun].count("kamxl.workflow.lettering.saying") == 1
