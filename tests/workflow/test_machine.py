"""A fault of the computer is no fault of a customer: nothing is replaced, nobody is written to."""

from __future__ import annotations

import errno
import os
import pickle
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from kamxl import apart
from kamxl.apart import calling, child
from kamxl.cli.main import main
from kamxl.core.finding import Fate
from kamxl.errors import KamxlError, MachineError, TemplateError, WorkspaceError, machine_fault
from kamxl.excel.reading import office
from kamxl.forms.portfolio.sizes import SIZES
from kamxl.store.inbox import entry_of
from kamxl.wording import texts as texts_module
from kamxl.wording.texts import lacking, templates_folder, texts
from kamxl.workflow.files import opening
from kamxl.workflow.guard.check_leaks import check_leaks
from kamxl.workflow.incoming import consolidate as consolidating
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.intake import known_of
from kamxl.workflow.incoming.judge import Judged
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind, thank
from tests.workflow.making import NOW, Team, codes, hashes

EVERYTHING = ("Register.xlsx", "Portfolio.xlsx", "Portfolio.html", "inbox", "outbox", ".kamxl")


@pytest.fixture(scope="module")
def answered_root(issued_root, tmp_path_factory):
    root = tmp_path_factory.mktemp("answered") / "w"
    shutil.copytree(issued_root, root)
    team = Team(root)
    for order in [team.order(), team.order("ALPHA", "valves"), team.order("GAMMA")]:
        team.put(f"{order.account}-{order.segment}.xlsx", team.filled(order))
    consolidate(root, now=NOW)
    return root


@pytest.fixture
def answered(answered_root, tmp_path):
    """A team to which all but one have answered, consolidated."""
    root = tmp_path / "w"
    shutil.copytree(answered_root, root)
    apart.close()
    yield Team(root)
    apart.close()


@pytest.fixture
def no_processes(tmp_path, monkeypatch):
    """A computer on which Python starts nothing: what is started exits."""
    path = tmp_path / "blocked"
    path.write_text("#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(path))
    monkeypatch.setattr(calling, "_PAUSE", 0.0)


COMMANDS = {
    "consolidate": lambda root: consolidate(root, now=NOW),
    "workers": lambda root: consolidate(root, workers=3, now=NOW),
    "remind": remind,
    "thank": thank,
    "issue": lambda root: issue(root, now=NOW),
    "check": lambda root: check([root / "inbox" / "GAMMA-pumps.xlsx"], root),
    "leaks": lambda root: check_leaks([root / "inbox" / "GAMMA-pumps.xlsx"], root),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_where_no_process_starts_nothing_is_written(answered, no_processes, command):
    before = hashes(answered.root, *EVERYTHING)
    with pytest.raises(MachineError):
        COMMANDS[command](answered.root)
    assert hashes(answered.root, *EVERYTHING) == before


@pytest.mark.parametrize("command", ["consolidate", "remind", "thank", "issue"])
def test_the_command_says_so_in_one_line(answered, no_processes, command, capsys):
    assert main(["-C", str(answered.root), command, "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("kamxl: ")
    assert err.count("\n") == 1


def test_a_first_issue_reads_its_register_apart(team, no_processes):
    shutil.rmtree(team.root / "outbox")
    with pytest.raises(MachineError):
        issue(team.root, now=NOW)
    assert not (team.root / "outbox").exists()


@pytest.mark.parametrize("pool", ["threads", "processes"])
def test_the_error_comes_through_an_executor(answered, no_processes, pool):
    before = hashes(answered.root, *EVERYTHING)
    made = (
        ThreadPoolExecutor(2)
        if pool == "threads"
        else ProcessPoolExecutor(2, mp_context=get_context("fork"))
    )
    with made as executor, pytest.raises(MachineError):
        consolidate(answered.root, executor=executor, now=NOW)
    assert hashes(answered.root, *EVERYTHING) == before


@pytest.mark.proof
def test_an_executor_that_can_start_nothing_is_no_matter(answered):
    class Tired(ThreadPoolExecutor):
        def submit(self, *_: object, **__: object) -> None:
            raise RuntimeError("can't start new thread")

    with Tired(1) as executor:
        result = consolidate(answered.root, executor=executor, now=NOW)
    assert {file.fate for file in result.files} == {Fate.ACCEPTED}


def test_one_that_starts_no_more_in_the_middle_replaces_nothing(answered, monkeypatch, tmp_path):
    answered.put("A-first.xlsx", b"PK\x03\x04 ends its process")
    real = apart.Sitting.call

    def dies(sitting, function, argument, *more):
        if _is_about(argument, "A-first.xlsx"):
            monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
            return real(sitting, _aborts, argument, *more)
        return real(sitting, function, argument, *more)

    monkeypatch.setattr(apart.Sitting, "call", dies)
    before = hashes(answered.root, *EVERYTHING)
    with pytest.raises(MachineError):
        consolidate(answered.root, now=NOW)
    assert hashes(answered.root, *EVERYTHING) == before


def _is_about(argument: object, name: str) -> bool:
    """Whether a file of this name is asked of, alone or with others."""
    asked = argument if isinstance(argument, list) else [argument]
    return any(getattr(one, "path", "").endswith(name) for one in asked)


def _aborts(*_: object) -> None:
    os.abort()


@pytest.mark.proof
def test_a_file_that_ends_its_process_costs_only_itself(answered, monkeypatch):
    answered.put("A-first.xlsx", b"PK\x03\x04 ends its process")
    real = apart.Sitting.call

    def dies(sitting, function, argument, *more):
        bad = _is_about(argument, "A-first.xlsx")
        return real(sitting, _aborts if bad else function, argument, *more)

    monkeypatch.setattr(apart.Sitting, "call", dies)
    files = {file.path: file for file in consolidate(answered.root, now=NOW).files}
    assert codes(files.pop("inbox/A-first.xlsx")) == {"unreadable"}
    assert {file.fate for file in files.values()} == {Fate.ACCEPTED}


@pytest.mark.parametrize("language", ["de", "en"])
def test_one_that_was_killed_is_not_called_damaged(language):
    entry = entry_of("inbox/a.xlsx", b"PK", None)
    (found,) = looking._of_death(entry, apart.Died("killed")).findings
    sentence = texts(language).sentence(found)
    assert not {"Excel", "beschädigt", "damaged"} & set(sentence.split())
    assert {"de": "in Ordnung", "en": "may be fine"}[language] in sentence


# --- too little memory ---


def _no_memory(*_: object) -> None:
    raise MemoryError


@pytest.mark.proof
def test_a_computer_without_memory_is_not_a_large_file(answered, monkeypatch):
    monkeypatch.setattr(child, "PROOF", 10**12)
    monkeypatch.setattr(looking, "_look", _no_memory)
    monkeypatch.setattr(looking, "_look_together", _no_memory)
    before = hashes(answered.root, *EVERYTHING)
    with pytest.raises(MachineError, match="memory"):
        consolidate(answered.root, now=NOW)
    assert hashes(answered.root, *EVERYTHING) == before


@pytest.mark.proof
def test_a_file_that_wants_too_much_is_its_own_fault(answered, monkeypatch):
    monkeypatch.setattr(looking, "_look", _no_memory)
    monkeypatch.setattr(looking, "_look_together", _no_memory)
    files = consolidate(answered.root, now=NOW).files
    assert [codes(file) for file in files] == [{"too-large"}] * 3


def test_what_is_read_in_there_asks_for_more_memory_truly(monkeypatch):
    def refuses(*_: object) -> None:
        raise looking.Refused("too-large", "memory")

    monkeypatch.setattr(opening, "read", refuses)
    with pytest.raises(MemoryError):
        looking._judge_any(entry_of("a.xlsx", b"PK", None), None)


@pytest.mark.proof
def test_too_little_memory_here_is_one_line(answered, monkeypatch, capsys):
    def none(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(consolidating, "assemble", none)
    before = hashes(answered.root, *EVERYTHING)
    assert main(["-C", str(answered.root), "consolidate"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert hashes(answered.root, *EVERYTHING) == before


# --- the disk, and what may be open ---


def failing(monkeypatch, name: str, number: int, call: str = "open") -> None:
    whose = os if call == "open" else Path
    real = getattr(whose, call)

    def fails(path: Path, *given: object, **named: object) -> object:
        if Path(path).name == name:
            raise OSError(number, os.strerror(number), str(path))
        return real(path, *given, **named)

    monkeypatch.setattr(whose, call, fails)


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO])
@pytest.mark.parametrize("call", ["open", "stat"])
def test_a_fault_of_the_disk_is_no_word_about_a_file(answered, monkeypatch, number, call):
    before = hashes(answered.root, *EVERYTHING)
    with monkeypatch.context() as broken:
        failing(broken, "GAMMA-pumps.xlsx", number, call)
        with pytest.raises(MachineError, match="GAMMA-pumps"):
            consolidating._consolidated._real(
                answered.workspace, None, None, None,
                now=NOW, progress=None, screen=None, sizes=SIZES,
            )  # fmt: skip
    assert hashes(answered.root, *EVERYTHING) == before


@pytest.mark.proof
def test_a_missing_right_is_a_matter_of_one_file(answered, monkeypatch):
    failing(monkeypatch, "GAMMA-pumps.xlsx", errno.EACCES)
    judged = [f for _, f in looking.looked_into(_walk(answered), known_of(answered.workspace))]
    assert [codes(file) for file in judged].count({"no-access"}) == 1
    assert [file.fate for file in judged].count(Fate.ACCEPTED) == 2


def _walk(team):
    from kamxl.excel.reading.limits import LIMITS
    from kamxl.store import inbox

    return list(inbox.walk(team.root / "inbox", team.root, LIMITS.file))


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO])
def test_records_that_cannot_be_listed_make_no_card_unknown(answered, monkeypatch, number):
    failing(monkeypatch, "issued", number, "iterdir")
    with pytest.raises((WorkspaceError, MachineError)):
        known_of(answered.workspace)


def test_a_portfolio_that_cannot_be_read_now_keeps_its_place(answered, monkeypatch):
    from kamxl.workflow.incoming.remarks import kept_portfolios

    answered.root.joinpath("Portfolio.xlsx").write_bytes(b"full of remarks")
    failing(monkeypatch, "Portfolio.xlsx", errno.EMFILE, "stat")
    with pytest.raises(MachineError):
        kept_portfolios(answered.workspace, {}, NOW)


@pytest.mark.parametrize("name", ["EACCES", "ENOENT", "EISDIR", "ELOOP", "ENAMETOOLONG", "EINVAL"])
def test_what_is_of_one_file_is_not_of_the_machine(name):
    assert machine_fault(OSError(getattr(errno, name), "said")) is None


def test_the_error_travels_and_is_one_sentence_with_advice():
    made = machine_fault(OSError(errno.EIO, "Input/output error", "inbox/a.xlsx"))
    assert "inbox/a.xlsx" in str(made)
    assert made.hint
    assert isinstance(pickle.loads(pickle.dumps(made)), KamxlError)  # noqa: S301


# --- texts and templates ---


@pytest.fixture
def broken_texts(monkeypatch, tmp_path):
    """Changes the installed templates for a while; texts are read afresh."""
    folder = tmp_path / "installed"
    shutil.copytree(templates_folder(), folder)
    for module in (texts_module, sys.modules["kamxl.forms.letters.letter"]):
        monkeypatch.setattr(module, "templates_folder", lambda: folder)
    texts.cache_clear()
    yield folder
    texts.cache_clear()


@pytest.mark.parametrize("damage", ["gone", "[language"])
@pytest.mark.parametrize("command", ["consolidate", "issue", "remind"])
def test_without_a_languages_texts_nothing_is_written(answered, broken_texts, damage, command):
    answered.put("late.xlsx", answered.filled(answered.order("ALPHA", "pumps", "c2")))
    target = broken_texts / "texts" / "de.toml"
    target.unlink() if damage == "gone" else target.write_text(damage, encoding="utf-8")
    if damage == "gone":
        (broken_texts / "texts" / "en.toml").unlink()
    texts.cache_clear()
    before = hashes(answered.root, *EVERYTHING)
    with pytest.raises(TemplateError):
        COMMANDS[command](answered.root)
    assert hashes(answered.root, *EVERYTHING) == before


def test_where_a_language_has_no_words_left_it_is_english_and_said_once(answered, broken_texts):
    answered.put("late.xlsx", answered.filled(answered.order("ALPHA", "pumps", "c2")))
    (broken_texts / "texts" / "de.toml").write_text("[findings]\nx = 'y'\n", encoding="utf-8")
    texts.cache_clear()
    consolidate(answered.root, now=NOW)
    (said,) = lacking()
    assert said.startswith("texts/de.toml lacks ")
    assert list(lacking()) == []


def test_a_process_apart_without_texts_is_no_word_about_a_file(answered, monkeypatch):
    def missing(*_: object) -> None:
        raise TemplateError("The texts en.toml cannot be read.")

    monkeypatch.delenv("KAMXL_DEBUG")
    monkeypatch.setattr("kamxl.workflow.incoming.judge._judge", missing)
    with pytest.raises(TemplateError):
        looking._judge_any(entry_of("a.xlsx", (answered.root / "Register.xlsx").read_bytes(), None),
                           None)  # fmt: skip


@pytest.mark.proof
@pytest.mark.parametrize("command", ["issue", "remind"])
def test_a_mail_template_that_fails_does_so_before_anything_is_written(answered, command):
    """German cards come first; it is the English mail that cannot be made."""
    kind = {"issue": "invitation", "remind": "reminder"}[command]
    shutil.rmtree(answered.root / "outbox")
    (answered.root / "inbox" / "GAMMA-pumps.xlsx").unlink()
    own = answered.root / "templates" / "mail" / "en"
    own.mkdir(parents=True)
    (own / f"{kind}.txt").write_text("{{ letter.nothing }}", encoding="utf-8")
    (own / f"{kind}.txt.j2").write_text("{{ letter.nothing }}", encoding="utf-8")
    before = hashes(answered.root, *EVERYTHING[:-2], ".kamxl")
    with pytest.raises(TemplateError):
        COMMANDS[command](answered.root)
    assert hashes(answered.root, *EVERYTHING[:-2], ".kamxl") == before
    assert not (answered.root / "outbox").exists()


# --- LibreOffice ---


FLAT = (
    b'<?xml version="1.0"?><office:document office:version="1.3" '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"></office:document>'
)


@pytest.mark.proof
@pytest.mark.parametrize("why", ["missing", "blocked", "breaks", "full"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_without_libreoffice_the_file_may_be_in_order(
    answered, tmp_path, monkeypatch, why, language
):
    script = tmp_path / "soffice"
    script.write_text("#!/bin/sh\nexit 77\n")
    script.chmod(0o755 if why == "breaks" else 0o644)
    monkeypatch.setattr(office, "office", lambda: None if why == "missing" else str(script))
    if why == "full":

        def full(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(tempfile, "TemporaryDirectory", full)  # fmt: skip
    ((_, judged),) = looking.looked_into([entry_of("inbox/a.fods", FLAT, None)], None)
    (found,) = judged.findings
    assert (found.code, judged.fate) == ("format-unsupported", Fate.ATTENTION)
    sentence = texts(language).sentence(found)
    assert "LibreOffice" in sentence
    assert {"de": "in Ordnung", "en": "may be fine"}[language] in sentence


def test_libreoffice_hears_no_secret(tmp_path, monkeypatch):
    script = tmp_path / "soffice"
    script.write_text("#!/bin/sh\nmkdir $HOME/out && env > $HOME/out/in.xlsx\n")
    script.chmod(0o755)
    monkeypatch.setenv("KAMXL_SMTP_PASSWORD", "do not tell")
    monkeypatch.setenv("SOME_TOKEN", "do not tell")
    monkeypatch.setattr(office, "office", lambda: str(script))
    told = office.as_xlsx(FLAT, "fods").decode()
    assert "do not tell" not in told
    assert "http_proxy=http://127.0.0.1:9" in told


@pytest.mark.proof
@pytest.mark.skipif(sys.platform != "linux", reason="only there a process limits itself")
def test_what_only_looks_damaged_for_want_of_memory_is_not():
    """A library that meets a shortage calls the file damaged; the shortage is still there."""
    entry = entry_of("inbox/a.xlsx", b"PK", None)
    with pytest.raises(apart.Died, match="memory"):
        apart.call(judged_short, entry, None)
    assert apart.call(judged_damaged, entry, None).findings[0].code == "unreadable"


def judged_short(entry, _) -> Judged:
    def short(*_: object) -> None:
        import resource

        used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = used * resource.getpagesize() + 16_000_000
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
        raise looking.Refused("unreadable", "xml")

    opening.read = short
    return looking._judge_any(entry, None)


def judged_damaged(entry, _) -> Judged:
    return looking._judge_any(entry, None)
