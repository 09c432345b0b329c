"""The help in the language of who asks: what the commands say of themselves, translated.

The commands say it in English, which costs a start nothing. Another language has a file in
``templates/help``, read only when a help in it is shown; what it lacks is English.
"""

from __future__ import annotations

import argparse

from kamxl.wording.shelf import templates_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Say = Callable[[str], str]


def speaker(language: str) -> Say:
    """What says an English text of the help in a language."""
    known: dict[str, str] = {}

    def say(text: str) -> str:
        if language == "en" or not text:
            return text
        if not known:
            known.update(translations(language))
        return known.get(text.strip("\n"), text)

    return say


def translations(language: str) -> Mapping[str, str]:
    """The texts of the help in a language by the English ones; those there are."""
    import tomllib

    path = templates_folder() / "help" / f"{language}.toml"
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"": ""}
    blocks = {one["en"].strip("\n"): one["said"] for one in told.pop("block", [])}
    return {**{str(en): str(said) for en, said in told["lines"].items()}, **blocks}


class Spoken(argparse.HelpFormatter):
    """argparse's formatter, with every text said in a language."""

    def __init__(self, prog: str, *, say: Say, width: int) -> None:
        super().__init__(prog, width=width)
        self._say = say

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """How the command is written."""
        super().add_usage(usage, actions, groups, prefix or self._say("usage: "))

    def start_section(self, heading: str | None) -> None:
        """A group of options under its title."""
        super().start_section(self._say(heading) if heading else heading)

    def add_text(self, text: str | None) -> None:
        """What stands above and below the options."""
        super().add_text(self._say(text) if isinstance(text, str) else text)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return self._say(action.help) if action.help else action.help


class SpokenRaw(Spoken, argparse.RawDescriptionHelpFormatter):
    """The same, with the lines of longer texts as they are."""
