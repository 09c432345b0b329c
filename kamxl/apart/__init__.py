"""Work on files from outside, in processes that can be killed: ``call`` and ``program``.

All work on one source, whatever is packed in it, is one ``Sitting`` with one ``Purse``.

What a file does there is that file's (Died); that there is no such process is the computer's
(MachineError), and nothing is said about any file.

Whatever a file does to its reader (an abort, an endless loop, all the memory) ends a process that
holds nothing else. Knows no file and no method: a function, what it may use, and what came out.
Adapters and use cases come in.

Written here and not taken from multiprocessing or pebble because those start a worker by importing
the caller's own script again, which a plain script that calls ``kamxl.consolidate`` does not
survive on Windows and macOS.
"""

from kamxl.apart.answers import holds, raises
from kamxl.apart.calling import Sitting, call, close, halt, ready
from kamxl.apart.limits import ALLOWANCE, Allowance, Died
from kamxl.apart.programs import program
from kamxl.apart.purses import Purse, once
from kamxl.apart.surroundings import surroundings
from kamxl.apart.turns import in_turn

__all__ = [
    "ALLOWANCE", "Allowance", "Died", "Purse", "Sitting", "call", "close", "halt", "holds",
    "in_turn", "once", "program", "raises", "ready", "surroundings",
]  # fmt: skip
