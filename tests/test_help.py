"""The help in another language: every text of it, and nothing that no command says."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from kamxl.cli import arguments
from kamxl.cli.help import speaker, translations
from kamxl.cli.main import main
from kamxl.commands import commands
from kamxl.commands.parts.declared import Option
from kamxl.wording.texts import languages, templates_folder

FIXED = (
    "usage: ", "positional arguments", "options", "show this help message and exit",
    "show program's version number and exit", "options of all commands", "commands",
)  # fmt: skip


HELPS = sorted(path.stem for path in (templates_folder() / "help").glob("*.toml"))


def english() -> Iterator[str]:
    """All that the help says, as the commands say it."""
    yield from (*FIXED, arguments._DESCRIPTION, arguments._EXAMPLES)
    yield from (option.settings["help"] for option in arguments._OF_ALL)
    for command in commands():
        yield from (command.help, command.more)
        for one in command.options:
            if isinstance(one, Option):
                yield one.settings.get("help", "")
            else:
                yield one.title
                yield from (option.settings.get("help", "") for option in one.options)


@pytest.mark.parametrize("language", HELPS)
def test_every_text_of_the_help_is_translated_and_no_other(language: str) -> None:
    said = {text.strip("\n") for text in english()} - {""}
    assert said == set(translations(language))
    assert "de" in HELPS
    assert set(HELPS) <= set(languages())


def test_the_help_is_german_where_german_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")  # no line is broken
    whole = {text.strip("\n") for text in english()} - {"", *FIXED}
    for words in ([], *([command.name] for command in commands())):
        with pytest.raises(SystemExit) as ended:
            main([*words, "--help", "--language", "de"])
        assert ended.value.code == 0
        shown = capsys.readouterr().out
        assert shown.startswith("Aufruf: kamxl")
        for fixed in ("usage:", "show this help", "options of", "positional arguments"):
            assert fixed not in shown
        assert [text for text in whole if text in shown] == []
    with pytest.raises(SystemExit):
        main(["--help", "--language", "en"])
    assert arguments._DESCRIPTION in capsys.readouterr().out


def test_what_a_language_lacks_is_english() -> None:
    assert speaker("xx")("options") == "options"
    assert translations("xx") == {"": ""}
    parser = arguments.build_parser(language="xx")
    assert isinstance(parser, argparse.ArgumentParser)
    assert parser.format_help() == arguments.build_parser().format_help()
