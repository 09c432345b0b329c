"""Accounts, contacts, revenues and segments from another program, into a register of their own.

Register.xlsx is never changed: what files tell is put into a copy with everything typed into it,
after it was shown and agreed on. How files were understood the workspace's memory keeps.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kamxl.core.finding import Finding, finding
from kamxl.core.records.imported import Keys
from kamxl.errors import WorkspaceError
from kamxl.forms.exports.amounts import thousands_in
from kamxl.forms.exports.headers import Part
from kamxl.forms.exports.rows import Source, told
from kamxl.forms.exports.telling import samples
from kamxl.forms.paper.raw import column_letters
from kamxl.forms.register.carrying import Carried, carried
from kamxl.forms.register.merging import TABLES, Merged, merged
from kamxl.forms.register.sheets import FORMS, MARK
from kamxl.forms.tables.reading import TableRead, read_tables
from kamxl.store import imports
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.imported import ImportResult, SeenColumn, SeenTable
from kamxl.workflow.results import NotCarried
from kamxl.workflow.start.beside import in_newest, write_beside
from kamxl.workflow.start.exports import (
    Settle,
    Told,
    asked_of,
    check_told,
    layout_of,
    read_files,
    understood,
)
from kamxl.workflow.start.identity import in_turn, opened
from kamxl.workflow.start.register import raw_register
from kamxl.workflow.start.upgrade import refuse_newer

Agree = Callable[[ImportResult], bool]


def import_files(
    root: str | os.PathLike[str],
    files: Iterable[str | os.PathLike[str]],
    language: str | None = None,
    *,
    now: datetime,
    mapped: Told | None = None,
    settle: Settle | None = None,
    agree: Agree | None = None,
) -> ImportResult:
    """Show what files change in the register, and write a changed one beside it if that is agreed.

    ``mapped``: columns that the user names, by part. ``settle`` answers a question about a column;
    without it what is not sure is left out and said. ``agree`` is asked once, with all there is to
    see; without it nothing is written. KamxlError: a file is not there, or ``mapped`` names what
    there is not; WorkspaceError: no workspace, or a register that has to be mended first.
    """
    workspace = opened(root)
    register = raw_register(workspace)
    said = language or register.register.settings.language
    refuse_newer(register.register.layout)
    raw, first = in_newest(register, workspace, now)
    tables = read_tables(raw, FORMS, MARK)
    _refuse_broken(tables)
    remembered = imports.load(workspace)
    sources, findings = _sources(
        [Path(one) for one in files], remembered, mapped or {}, settle, said
    )
    heard = told(source for source in sources if source.usable)
    made = merged(raw, tables, heard, remembered.keys)
    shown = ImportResult(
        said,
        tuple(_seen(source) for source in sources),
        tuple(made.changes),
        (*findings, *heard.findings, *made.findings),
        "shown",
    )
    return _finished(shown, made, sources, workspace, agree, now, first)


def _finished(
    shown: ImportResult, made: Merged, sources: list[Source], workspace: Workspace,
    agree: Agree | None, now: datetime, first: Carried | None,
) -> ImportResult:  # fmt: skip
    """Written, if there is anything to write and that is agreed."""
    if not any(source.usable for source in sources):
        return replace(shown, state="refused", changes=())
    if any(found.code == "import-too-many" for _, found in made.findings):
        return replace(shown, state="refused")
    if not any(change.what in ("new", "changed") for change in made.changes):
        with in_turn(workspace.root, "import"):
            _remember(workspace, sources, made.keys, now, settled=True)
        return replace(shown, state="unchanged")
    if agree is None:
        return shown
    if not agree(shown):
        return replace(shown, state="declined")
    new = carried(made.raw, workspace.id, now)
    book, kept = new.book, first or new
    with in_turn(workspace.root, "import"):
        path = write_beside(workspace, book, "imported", now)
        _remember(workspace, sources, made.keys, now)
    left = tuple(NotCarried(one.sheet, one.cell, one.value) for one in kept.left)
    written = workspace.relative(path)
    return replace(shown, state="written", path=written, left=left, notes=kept.notes)


def _refuse_broken(tables: Mapping[str, TableRead]) -> None:
    """WorkspaceError if a table that rows are put into cannot be found."""
    for form in TABLES:
        if tables[form.key].broken or tables[form.key].located is None:
            raise WorkspaceError("import-broken", sheet=tables[form.key].sheet)


def _sources(
    files: list[Path], known: imports.Remembered, mapped: Told, settle: Settle | None, language: str
) -> tuple[list[Source], list[tuple[str, Finding]]]:
    """The tables of all files, understood, and what is wrong with a file or not sure in it."""
    findings: list[tuple[str, Finding]] = []
    tables = []
    for name, found in read_files(files):
        if isinstance(found, Finding):
            findings.append((name, found))
        else:
            tables += [(name, table) for table in found]
    check_told(mapped, (table for _, table in tables))
    sources = [
        Source(name, table, understood(table, known, mapped, settle, language))
        for name, table in tables
    ]
    for source in sources:
        findings += ((source.file, found) for found in _doubts(source, language))
    return sources, findings


def _doubts(source: Source, language: str) -> Iterable[Finding]:
    """What is not sure in a table, and how to settle it; that it is of no use."""
    sheet = source.table.sheet or None
    for question in source.understood.questions:
        names = " / ".join(f"{one.header} ({', '.join(one.samples)})" for one in question.choices)
        yield finding(
            "import-unsure", sheet=sheet, value=names, part=question.part,
            label=texts(language)(f"import.part.{question.part}"),
            example=question.choices[0].header,
        )  # fmt: skip
    if not source.usable and not source.understood.questions:
        yield finding("import-no-accounts", sheet=sheet, value=source.table.sheet or source.file)


def _seen(source: Source) -> SeenTable:
    table, found = source.table, source.understood
    used = set(found.columns.values())
    columns = tuple(
        SeenColumn(
            table.column(at).header, column_letters(at), samples(table.column(at).filled),
            part.value, found.ways[part], thousands_in(table.column(at).header),
        )
        for part, at in sorted(found.columns.items(), key=lambda one: list(Part).index(one[0]))
    )  # fmt: skip
    return SeenTable(
        source.file, table.sheet, table.head, len(table.rows), columns,
        tuple(map(asked_of, found.questions)),
        tuple(c.header for c in table.columns if c.at not in used), found.decimal,
    )  # fmt: skip


def _remember(
    workspace: Workspace, sources: list[Source], keys: Keys, now: datetime, *, settled: bool = False
) -> None:
    """Keep what was agreed on; of an import without changes only what somebody answered."""
    layouts = {
        imports.headers_key(source.table.headers): layout_of(source.table, source.understood)
        for source in sources
        if source.table.head and source.usable and not source.understood.questions
        and (not settled or {"asked", "given"} & set(source.understood.ways.values()))
    }  # fmt: skip
    if layouts or not settled:
        imports.remember(workspace, layouts, keys, now)
