"""The fixture ``excel``: each test once in memory and once with LibreOffice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


class Excel:
    """An application without open books, and what a test sees and scripts of it."""

    def __init__(self, app: Any, name: str) -> None:
        self.app, self.name = app, name
        # the buttons the user will press, and the folders chosen in dialogs (None: cancelled)
        self.answers: list[str] = app.impl.answers
        self.folders: list[str | None] = app.impl.folders
        # the messages the user saw, and every setting of the application that was made, in order
        self.alerts: list[Any] = app.impl.alerts
        self.history: list[tuple[str, Any]] = app.impl.history
        # calls that shall fail: "Range.formula" when read or called, "Range.formula=" when set
        self.faults: dict[str, Exception] = app.impl.faults

    @property
    def calculates(self) -> bool:
        """Whether formulas get values."""
        return self.name == "office"

    def in_cloud(self, book: Any, url: str) -> None:
        """The book says that it stands at this address, as one in OneDrive does."""
        book.impl._url = url


@pytest.fixture(scope="session")
def office_back() -> Iterator[Any]:
    """A LibreOffice for the whole session, or a skipped test."""
    from tests.engines import office_start
    from tests.proof import need

    need(office_start.missing())
    with office_start.running() as back:
        yield back


def _in_use(back: Any) -> Iterator[Excel]:
    import xlwings

    from tests.engines.shell import Engine

    before = xlwings.engines.active
    engine = xlwings.main.Engine(impl=Engine(back))
    xlwings.engines.add(engine)
    engine.activate()
    app = engine.apps.add(add_book=False)
    try:
        yield Excel(app, back.name)
    finally:
        app.impl.faults.clear()
        for one in list(engine.apps):
            one.quit()
        xlwings.engines.engines.remove(engine)
        xlwings.engines.engines_by_name.pop(engine.name, None)
        xlwings.engines.active = before


@pytest.fixture
def memory_excel() -> Iterator[Excel]:
    """An application in memory."""
    from tests.engines.memory import Memory

    yield from _in_use(Memory())


@pytest.fixture
def office_excel(office_back: Any) -> Iterator[Excel]:
    """An application that is LibreOffice."""
    yield from _in_use(office_back)


@pytest.fixture(params=["memory", "office"])
def excel(request: pytest.FixtureRequest) -> Excel:
    """An application of either kind; the test runs with both."""
    return request.getfixturevalue(f"{request.param}_excel")
