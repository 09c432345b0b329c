"""What errors say: each has a code, a sentence why and a next step, in every language."""

from __future__ import annotations

import ast
import errno
import pickle
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from kamxl import errors
from kamxl.errors import KamxlError, MachineError, Reason, TemplateError, WorkspaceError, announced
from kamxl.wording import mistakes
from kamxl.wording.texts import languages, texts

PACKAGE = Path(errors.__file__).parent
PARTS = ("why", "next")
# Whoever is told has something to do: a sentence begins so.
STEPS = {
    "en": re.compile(
        r"(?:^|[.:;!] |%\}|, or |\bor )"
        r"(?:Add|Allow|Ask|Bring|Check|Choose|Close|Compare|Correct|Enter|Give|Have|Install|Leave|Lock|Make|Mend|Move|Name|Open|Put|Quit|Remove|Rename|Restore|Run|Save|"
        r"See|Set|Start|Take|Try|Type|Unlock|Update|Use|Write)\b"
    ),
    "de": re.compile(r"\b[A-ZÄÖÜ]?[a-zäöü]+n Sie\b|„[^“]*--help“"),
}


def kinds() -> set[str]:
    """The names of all classes of errors."""
    found = {"KamxlError"}
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                found |= {node.name} if bases & found else set()
    return found


@cache
def sources() -> tuple[tuple[str, ast.Module], ...]:
    """Every module, that of the errors first."""
    return tuple(_sources())


def _sources() -> Iterator[tuple[str, ast.Module]]:
    errors_first = sorted(PACKAGE.rglob("*.py"), key=lambda path: (path.stem != "errors", path))
    for path in errors_first:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield str(path.relative_to(PACKAGE)), tree


@cache
def made() -> list[tuple[str, ast.Call]]:
    """Every place where an error is made."""
    names = kinds()
    return [
        (f"{where}:{node.lineno}", node)
        for where, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def code_of(call: ast.Call, where: str) -> list[str]:
    """The codes that a place may mean (``mistyped`` chooses one from a table)."""
    if where.startswith("cli/mistyped.py") and isinstance(call.args[0], ast.Name):
        from kamxl.cli.mistyped import _KNOWN

        return [code for _, code in _KNOWN]
    (only,) = call.args
    assert isinstance(only, ast.Constant), f"{where}: a free sentence, and no code"
    assert isinstance(only.value, str)
    return [only.value]


def named(language: str, code: str) -> set[str]:
    """What the sentences of a code name."""
    environment = Environment(autoescape=True)
    said = texts(language)
    each = (environment.parse(said.source(f"errors.{code}.{part}")) for part in PARTS)
    return {name for tree in each for name in meta.find_undeclared_variables(tree)}


def test_every_error_is_a_code_with_all_that_its_sentences_name() -> None:
    places = made()
    assert len(places) > 100
    for where, call in places:
        given = {word.arg for word in call.keywords}
        for code in code_of(call, where):
            assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code), f"{where}: {code!r} is a sentence"
            for language in languages():
                wanted = named(language, code)
                assert None in given or wanted <= given, f"{where}: {code} needs {wanted - given}"


def test_every_code_has_both_parts_in_every_language_and_no_text_is_of_none() -> None:
    used = {code for where, call in made() for code in code_of(call, where)}
    for language in languages():
        keys = {key.removeprefix("errors.") for key in texts(language).keys("errors")}
        assert keys == {f"{code}.{part}" for code in used for part in PARTS}


@pytest.mark.parametrize("language", sorted(STEPS))
def test_the_next_step_is_something_to_do(language: str) -> None:
    said = texts(language)
    codes = {key.split(".")[1] for key in said.keys("errors")}
    idle = [c for c in codes if not STEPS[language].search(said.source(f"errors.{c}.next"))]
    assert idle == []
    # the test can fail
    assert not STEPS["en"].search("There is a folder.")
    assert not STEPS["de"].search("Es gibt den Ordner.")


def test_an_error_speaks_english_unless_asked_otherwise() -> None:
    problem = WorkspaceError("no-workspace", root=Path("/somewhere/Müller"))
    english = "The folder “Müller” is no kamxl workspace. Run 'kamxl init' there"
    assert str(problem).startswith(english)
    assert problem.said("de").startswith("Der Ordner „Müller“ ist kein Arbeitsordner von kamxl. ")
    assert problem.said("xx") == str(problem)
    assert str(problem) == f"{problem.message} {problem.hint}"


def test_an_error_travels_out_of_a_process_with_all_it_says() -> None:
    causes = (OSError(errno.ENOSPC, "No space"), Reason("ended", status=3), Path("a/b"), "x")
    for cause in causes:
        problem = MachineError("no-process", reason=cause, program="python")
        again = pickle.loads(pickle.dumps(problem))  # noqa: S301 made here
        assert type(again) is MachineError
        assert again.said("de") == problem.said("de")
    assert "er endete mit Status 3" in MachineError(
        "no-process", reason=causes[1], program="python"
    ).said("de")


@pytest.mark.parametrize(
    ("number", "german"),
    [
        (errno.EACCES, "keine Berechtigung"),
        (errno.EROFS, "schreibgeschützt"),
        (errno.ENOSPC, "kein Speicherplatz mehr"),
        (errno.EXDEV, "Cross-device"),  # nothing of ours: as the system says it
    ],
)
def test_what_the_system_refuses_is_said_in_the_language(number: int, german: str) -> None:
    problem = announced(OSError(number, "Cross-device" if number == errno.EXDEV else "x", "a.xlsx"))
    assert problem is not None
    assert f"Die Datei a.xlsx lässt sich nicht verwenden: {german}." in problem.said("de")
    assert announced(ValueError()) is None
    assert announced(MemoryError()) is not None


def test_an_error_within_an_error_is_told_in_the_same_language() -> None:
    lost = WorkspaceError("key-lost", root=Path("Team"), number=2, name="keys/0002.json")
    both = WorkspaceError("restored-too-little", count=1, name="b.kamxl", problem=lost)
    assert lost.why("de") in both.said("de")
    assert lost.why("en") in both.said("en")


def test_where_the_texts_are_damaged_one_sentence_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(language: str) -> None:
        raise TemplateError("texts-unreadable", file=f"{language}.toml", problem="line 3")

    monkeypatch.setattr(mistakes, "texts", broken)
    said = KamxlError("no-period").said("de")
    assert "line 3" in said
    assert said.endswith("Install it again.")


def test_one_damaged_language_leaves_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    real = mistakes.texts

    def german_broken(language: str) -> object:
        if language == "de":
            raise TemplateError("texts-unreadable", file="de.toml", problem="line 3")
        return real(language)

    monkeypatch.setattr(mistakes, "texts", german_broken)
    assert KamxlError("no-period").said("de") == KamxlError("no-period").said("en")
