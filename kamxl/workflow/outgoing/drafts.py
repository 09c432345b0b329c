"""The mails of a run, without what is in them: that lies on the disk until somebody asks for it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import overload

from kamxl.errors import MailError
from kamxl.store.reading import beginning
from kamxl.store.workspace import Workspace
from kamxl.workflow.results import Outgoing


@dataclass(frozen=True, slots=True)
class _Lying:
    """A mail without its bytes, how many they are, and their digest."""

    mail: Outgoing
    size: int
    digest: bytes


class Drafts(Sequence[Outgoing]):
    """Mails in their order, each read when it is asked for: a run may make ten thousand.

    MailError, when one is asked for: its draft is not what was made and proven any more.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lying: list[_Lying] = []

    def add(self, mail: Outgoing) -> None:
        """One more, whose draft stands at its path by the time it is asked for."""
        light = replace(mail, data=b"", cards=tuple(replace(c, card=None) for c in mail.cards))
        self._lying.append(_Lying(light, len(mail.data), hashlib.sha256(mail.data).digest()))

    def __len__(self) -> int:
        return len(self._lying)

    @overload
    def __getitem__(self, index: int) -> Outgoing: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Outgoing, ...]: ...
    def __getitem__(self, index: int | slice) -> Outgoing | tuple[Outgoing, ...]:
        if isinstance(index, slice):
            return tuple(map(self._whole, self._lying[index]))
        return self._whole(self._lying[index])

    def _whole(self, lying: _Lying) -> Outgoing:
        mail = lying.mail
        try:
            data = beginning(mail.path, lying.size + 1)
        except OSError:
            data = b""
        if hashlib.sha256(data).digest() != lying.digest:
            raise MailError("draft-changed", path=self._workspace.relative(mail.path))
        return replace(mail, data=data)
