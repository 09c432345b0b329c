"""How a command is declared: its options as data, what it does, says and offers as a button.

Plain classes: ``dataclasses`` and ``typing`` would be a good part of what ``--help`` waits for.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from kamxl.commands.parts.given import Chance, Given
    from kamxl.workflow.buttons.desk import Desk, Said


class Option:
    """One argument or option: its ``names`` and the ``settings`` of argparse's ``add_argument``."""

    __slots__ = ("names", "settings")

    def __init__(self, *names: str, **settings: Any) -> None:
        self.names = names
        self.settings = settings


class Group:
    """Options under a ``title`` of their own in the help; without one: only one may be given."""

    __slots__ = ("options", "title")

    def __init__(self, title: str, *options: Option) -> None:
        self.title = title
        self.options = options


class Button:
    """A button of the tab in Excel; its texts stand under ``ribbon.<id>`` in each language.

    ``group`` is that of the tab in which it stands, after those with a smaller ``place``, ``image``
    a picture of Office's own (imageMso). ``press`` does it: it is given the desk and where ids and
    keys come from, and gives back what is said at the end.
    """

    __slots__ = ("group", "id", "image", "large", "place", "press")

    def __init__(
        self,
        id: str,
        *,
        group: str,
        place: int,
        image: str,
        press: Callable[[Desk, Chance], Said],
        large: bool = False,
    ) -> None:
        self.id = id
        self.group = group
        self.place = place
        self.image = image
        self.press = press
        self.large = large


class Command:
    """A command: ``run`` calls its use case, the others say what came of it.

    ``place``: where it stands in the help (tens, so that others fit between). ``help``: one line;
    ``more``: what stands below the options in its own help. ``as_json`` and ``words`` make of what
    ``run`` gives back the object of ``--json`` and the lines for people. ``strict``: whether it
    tells if somebody has to act (its ``attention``); ``sends``: whether it tells which mails it
    made (its ``outgoing``), which ``--send`` then sends; ``guided``: whether a next step follows
    in a workspace that is there to try things out.
    """

    __slots__ = (
        "as_json", "button", "guided", "help", "more", "name", "options", "place", "run", "sends",
        "strict", "words",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        *,
        place: int,
        help: str,
        run: Callable[[Given], Any],
        as_json: Callable[[Any], dict[str, Any]],
        words: Callable[[Any], list[str]],
        options: tuple[Option | Group, ...] = (),
        more: str = "",
        strict: bool = True,
        sends: bool = False,
        guided: bool = False,
        button: Button | None = None,
    ) -> None:
        self.name = name
        self.place = place
        self.help = help
        self.run = run
        self.as_json = as_json
        self.words = words
        self.options = options
        self.more = more
        self.strict = strict
        self.sends = sends
        self.guided = guided
        self.button = button
