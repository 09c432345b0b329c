"""``python -m kamxl`` is the command ``kamxl``, and so is the program of the standalone folder.

Four words are not for people: Excel presses a button with one, a process apart is begun with one,
another program is held with one, and with one the add-in's set-up asks what an installation can do.
Each is looked at before anything is imported that only the others need.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_AS_PYTHON = ["-P", "-m", "kamxl"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the words of the command line say; its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # The add-in starts any interpreter in one way, and the standalone program is its own.
    if getattr(sys, "frozen", False) and words[: len(_AS_PYTHON)] == _AS_PYTHON:
        del words[: len(_AS_PYTHON)]
    match words:
        case ["--kamxl-apart"]:
            from kamxl.apart.child import serve

            serve()  # see apart/starting.py
            return 0
        case ["--kamxl-hold", folder, program, *more]:
            from kamxl.fences.launching import launch

            return launch([folder, program, *more])
        case ["--kamxl-press", button, language, *_]:
            from kamxl.addin import press

            press(button, language)
            return 0
        case ["--kamxl-able"]:
            from kamxl.addin import tell_able

            tell_able()
            return 0
    return _obeyed(words)


def _obeyed(words: Sequence[str]) -> int:
    """Run a command; Ctrl-C is a sentence at any moment, and once it was heard, it is enough.

    One that comes while Python ends changes nothing either: what is done was said to be done.
    """
    try:
        from kamxl.cli.main import main as command

        status = command(words)
        _hear_no_more()
    except KeyboardInterrupt:  # before or after the command heard of it
        _hear_no_more()
        from kamxl.cli.main import interrupted

        return interrupted(words)
    return status


def _hear_no_more() -> None:
    """What ends now is not interrupted again."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
