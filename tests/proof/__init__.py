"""Proofs by other programs: spreadsheet engines, Microsoft's validator, and a lint of our own.

Each tool says why it is not available; a test then skips, but fails where CI=true, so that a
pipeline can never be green because a tool was missing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest


def need(reasons: Sequence[str]) -> None:
    """Skip the test for these reasons, if there are any; in CI fail instead."""
    if not reasons:
        return
    text = "; ".join(reasons)
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"missing in CI: {text}")
    pytest.skip(text)
