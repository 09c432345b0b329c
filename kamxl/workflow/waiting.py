"""How one waits for a turn where somebody sits: how long, and where it is said that one does.

What takes turns, and how, stands in ``kamxl.store.turns``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from kamxl.errors import WorkspaceError
from kamxl.store.turns import manner
from kamxl.wording.texts import texts

IN_EXCEL = 15.0  # seconds: who pressed a button looks at an Excel that does nothing meanwhile


@contextlib.contextmanager
def waiting(
    language: str, say: Callable[[str], None] | None, patience: float | None = None
) -> Iterator[None]:
    """Within it, ``say`` hears once that one waits, and for whom; ``patience`` in seconds."""

    def tell(busy: WorkspaceError) -> None:
        if say is not None:
            say(texts(language)("cli.waiting", why=busy.why(language)))

    before = manner.get()
    chosen = before.patience if patience is None else patience
    token = manner.set(replace(before, patience=chosen, tell=tell))
    try:
        yield
    finally:
        manner.reset(token)
