"""The base of every object of the engines: nothing passes silently, and faults on demand."""

from __future__ import annotations

from typing import Any


class ExcelError(Exception):
    """What a refused call raises; on Windows it is ``pywintypes.com_error``."""


class Faults(dict[str, Exception]):
    """Calls that shall fail: "Range.formula" when read or called, "Range.formula=" when set."""

    def check(self, call: str) -> None:
        """Raise what the test asked for."""
        if call in self:
            raise self[call]


def _stub(call: str) -> property:
    def refuse(_self: Any, *_value: Any) -> Any:
        raise NotImplementedError(call)

    return property(refuse, refuse)


class Strict:
    """An engine's object: members that are not ours raise with their name.

    A subclass names xlwings' base class first of its bases after this one; whatever that has and
    the subclass does not define itself is replaced by a stub with a name.
    """

    _faults = Faults()

    def __init_subclass__(cls, stands_for: type | None = None, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        own = {name for base in cls.__mro__[:-1] for name in vars(base)}
        for name in dir(stands_for) if stands_for else ():
            if not name.startswith("_") and name not in own:
                setattr(cls, name, _stub(f"{cls.__name__}.{name}"))

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            return object.__getattribute__(self, name)
        object.__getattribute__(self, "_faults").check(f"{type(self).__name__}.{name}")
        try:
            return object.__getattribute__(self, name)
        except AttributeError as error:
            if hasattr(type(self), name):  # a mistake inside the member, not a missing member
                raise RuntimeError(f"{type(self).__name__}.{name}: {error}") from error
            raise

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotImplementedError(f"{type(self).__name__}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        call = f"{type(self).__name__}.{name}"
        if not name.startswith("_"):
            self._faults.check(f"{call}=")
            member = getattr(type(self), name, None)
            if not (isinstance(member, property) and member.fset) and name != "options":
                raise NotImplementedError(f"{call}=")
        object.__setattr__(self, name, value)
