"""What a register could do to the process that reads it; a module that needs little else."""

from __future__ import annotations

import os

from kamxl.workflow.files.registers import RegisterRead


def dies(_: bytes, __: None) -> RegisterRead:
    """It ends."""
    os._exit(3)


def works_on(_: bytes, __: None) -> RegisterRead:
    """It never ends."""
    while True:
        pass


def wants_all(_: bytes, __: None) -> RegisterRead:
    """It wants more memory than there is."""
    raise MemoryError
