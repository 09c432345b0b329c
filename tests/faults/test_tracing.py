"""Where nothing can be traced, the tests say so, and fail in a pipeline."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.faults import tracing
from tests.proof import need


def test_without_strace_the_reason_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    reasons = tracing.missing(tmp_path)
    assert reasons == ["strace is not installed"]
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="strace"):
        need(reasons)


def test_where_tracing_is_forbidden_the_reason_is_told(tmp_path, monkeypatch):
    refused = subprocess.CompletedProcess([], 1, b"", b"ptrace: Operation not permitted")
    monkeypatch.setattr(shutil, "which", lambda _: "strace")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: refused)
    (reason,) = tracing.missing(tmp_path)
    assert "Operation not permitted" in reason
