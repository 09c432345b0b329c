"""For all tests: a mistake of our own is a failing test, never a finding that looks like bad input.

``judge`` promises that one bad file costs only itself, and so turns any exception into the finding
"unexpected". Here it raises, in worker processes and in kamxl run as a program, too.
"""

import os

from kamxl.workflow.judge import DEBUG
from tests.engines.fixtures import excel, memory_excel, office_back, office_excel

__all__ = ["excel", "memory_excel", "office_back", "office_excel"]  # fixtures for every test

os.environ[DEBUG] = "1"
