"""The hardened module is what the patches make of xlwings' own, and looks at no workbook."""

from __future__ import annotations

import re

import pytest

from kamxl.excel.addin.harden import (
    MODULE,
    PATCHES,
    Patch,
    TemplateChangedError,
    harden,
    patched,
    patches,
    template,
)
from tests.excel.addin.ribbon import SOURCES

# What looks at a workbook, loads a library, or leads back to how xlwings chose what to run.
_GONE = re.compile(
    r"ActiveWorkbook|ThisWorkbook|Workbooks|Worksheet|\bSheets\b|ActiveSheet|\bRange\b|FullName"
    r"|\bDeclare\b|\.dll|conda|PYTHONPATH|embedded|MacScript|--wb|--app|Evaluate|ExecuteExcel4Macro",
    re.I,
)


def code(source: str) -> str:
    """VBA without its comments (no string of ours holds an apostrophe after a blank)."""
    return re.sub(r"(^|\s)'.*$", "", source, flags=re.M)


def test_the_source_is_the_hardened_template() -> None:
    assert MODULE.read_text(encoding="ascii") == harden(template())


def test_no_module_looks_at_a_workbook() -> None:
    for name, source in SOURCES.items():
        assert not _GONE.findall(code(source)), name
    # and xlwings' own does, so the pattern is no empty one
    assert len(_GONE.findall(code(template().decode("ascii")))) > 50


def test_another_template_stops_the_derivation() -> None:
    with pytest.raises(TemplateChangedError, match="read it anew"):
        harden(template() + b"\r\n")


def test_a_patch_must_match_exactly_once() -> None:
    text = "a\nb\na\nc\n"
    assert patched(text, Patch("", "b\n", "", "x\n")) == "a\nx\na\nc\n"
    assert patched(text, Patch("", "b\n", "c\n", "x\n")) == "a\nx\nc\n"
    for wrong in (Patch("", "a\n", "", ""), Patch("", "d\n", "", ""), Patch("", "b\n", "d\n", "")):
        with pytest.raises(TemplateChangedError):
            patched(text, wrong)


def test_every_patch_is_needed_and_says_why() -> None:
    every = patches(PATCHES.read_text(encoding="ascii"))
    assert len(every) > 20
    for patch in every:
        assert patch.why
        assert patch.old
        assert patch.old + patch.until != patch.new


def test_the_licence_stays_with_the_code() -> None:
    source = MODULE.read_text(encoding="ascii")
    assert "Copyright (C) 2014-present, Zoomer Analytics" in source
    assert "BSD 3-clause" in source
