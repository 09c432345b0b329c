"""An import for people and programs: how files were understood, what changes, what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kamxl.core.finding import Finding
from kamxl.core.records.imported import RowChange
from kamxl.wording.texts import Texts, texts
from kamxl.workflow.imported import Asked, ImportResult, SeenTable
from kamxl.workflow.shown.json import findings_json
from kamxl.workflow.shown.summary import aligned, errors_first, findings_lines, swap_lines

_NAMED = 60  # rows by name, and changes in lines; all of them stand in the JSON
_SHEETS = ("team", "accounts", "segments", "contacts")


def asked_lines(question: Asked, said: Texts) -> Iterator[str]:
    """A question, and a line for each column that may be meant."""
    decimal = question.part == "decimal"
    if decimal:
        yield said("import.which_decimal", samples=", ".join(question.choices[0].samples))
    else:
        yield said("import.which", part=said(f"import.part.{question.part}"))
    key = "import.choice_decimal" if decimal else "import.choice"
    for number, choice in enumerate(question.choices, 1):
        samples = ", ".join(choice.samples)
        yield "  " + said(key, number=number, header=choice.header, samples=samples)


def shown_lines(result: ImportResult, said: Texts) -> list[str]:
    """How files were understood, what changes, and what is wrong."""
    lines = [*seen_lines(result, said), *change_lines(result, said)]
    return lines + _finding_lines(result, said)


def import_lines(result: ImportResult) -> list[str]:
    """All of it, but what was shown already when it was asked about."""
    said = texts(result.language)
    lines: list[str] = []
    if result.state not in ("written", "declined") or not result.asked:
        lines += shown_lines(result, said)
    if result.state != "written":
        return [*lines, said(f"import.{result.state}")]
    lines.append(said("import.written", path=result.path))
    return [*lines, *swap_lines(result.left, result.path, said, notes=result.notes)]


def seen_lines(result: ImportResult, said: Texts) -> Iterator[str]:
    """Each table, and which column says what."""
    for table in result.tables:
        yield said(
            "import.table", file=table.file, sheet=table.sheet, rows=table.rows, head=table.head
        )
        rows = []
        for column in table.columns:
            notes = [said(f"import.{column.way}")] if column.way != "header" else []
            if column.part == "revenue":
                notes += [said("import.times", times=column.times)] if column.times != 1 else []
                if table.decimal:
                    notes.append(said("import.decimal_is", mark=table.decimal))
            noted = f"  ({', '.join(notes)})" if notes else ""
            rows.append((said(f"import.part.{column.part}"), f"← {column.header}{noted}"))
        yield from aligned(rows)
        if table.unused:
            yield "  " + said("import.unused", names=", ".join(table.unused))


def change_lines(result: ImportResult, said: Texts) -> Iterator[str]:
    """What is new, what changes, and what the files do not tell any more."""
    for what in ("new", "changed", "vanished"):
        every = [one for one in result.changes if one.what == what]
        if what == "changed":
            yield from _changed_lines(every, said)
            continue
        for key in _SHEETS:
            some = [_named(one) for one in every if one.table == key]
            if some:
                shown, more = ", ".join(some[:_NAMED]), max(len(some) - _NAMED, 0)
                sheet = said(f"register.{key}.title")
                yield said(f"import.{what}", sheet=sheet, count=len(some), names=shown, more=more)


def _changed_lines(changes: list[RowChange], said: Texts) -> Iterator[str]:
    if changes:
        yield said("import.changed", count=len(changes))
    for one in changes[:_NAMED]:
        column = said(f"register.{one.table}.columns.{one.column}.header")
        line = said("import.change", where=_named(one), column=column, old=one.old, new=one.new)
        yield f"  {line}"
    if len(changes) > _NAMED:
        yield "  " + said("import.more", count=len(changes) - _NAMED)


def _named(one: RowChange) -> str:
    own = f"{one.account}/{one.id}" if one.account else one.id
    return own if one.table == "segments" else f"{own} ({one.name})"


def _finding_lines(result: ImportResult, said: Texts) -> list[str]:
    """What is wrong in each file, errors first; of very many the first ones."""
    by: dict[str, list[Finding]] = {}
    for file, found in result.findings:
        by.setdefault(file, []).append(found)
    lines = []
    for file, every in by.items():
        lines += findings_lines(sorted(every, key=errors_first)[:_NAMED], file, said)
        if len(every) > _NAMED:
            lines.append("  " + said("import.more", count=len(every) - _NAMED))
    return lines


def import_json(result: ImportResult) -> dict[str, Any]:
    """The object of ``--json``."""
    said = texts(result.language)
    counts = {
        what: sum(one.what == what for one in result.changes)
        for what in ("new", "changed", "vanished")
    }
    return {
        "state": result.state,
        "path": result.path,
        "tables": [_table_json(table) for table in result.tables],
        "counts": counts,
        "changes": [
            {
                "what": one.what, "sheet": said(f"register.{one.table}.title"), "table": one.table,
                "account": one.account or None, "id": one.id, "name": one.name,
                "column": one.column or None, "old": one.old or None, "new": one.new or None,
            }
            for one in result.changes
        ],
        "findings": [
            {"file": file, **findings_json([found], said)[0]} for file, found in result.findings
        ],
        "left": [
            {"sheet": one.sheet, "cell": one.cell, "value": one.value} for one in result.left
        ],
    }  # fmt: skip


def _table_json(table: SeenTable) -> dict[str, Any]:
    return {
        "file": table.file,
        "sheet": table.sheet or None,
        "head": table.head or None,
        "rows": table.rows,
        "decimal": table.decimal or None,
        "mapping": [
            {"part": one.part, "header": one.header, "column": one.letters, "by": one.way}
            for one in table.columns
        ],
        "unsure": [
            {
                "part": one.part,
                "choices": [
                    {"header": c.header, "column": c.letters, "samples": list(c.samples)}
                    for c in one.choices
                ],
            }
            for one in table.questions
        ],
        "unused": list(table.unused),
    }
