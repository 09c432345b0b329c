"""Where in Register.xlsx a text stands that goes out: asked only when somebody has to be told."""

from __future__ import annotations

from dataclasses import dataclass, field

from kamxl.core.cards.internal_words import words_of
from kamxl.core.ids import same_id
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.register.sheets import FORMS, MARK
from kamxl.forms.tables.reading import Row, read_tables

_Key = tuple[str, ...]


@dataclass(slots=True)
class Places:
    """Sheet and cell of each text that a team types and sends, by what it is said of."""

    cells: dict[_Key, tuple[str, str, str]] = field(default_factory=dict)
    catalogues: dict[_Key, str] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: RawBook) -> Places:
        """The places in a register as it stands there now."""
        made = cls()
        tables = read_tables(raw, FORMS, MARK)
        for row in tables["settings"].rows:
            made._put(row, "value", "settings", row.seen("id"))
        for row in tables["team"].rows:
            for key in ("signature", "function"):
                made._put(row, key, f"team.{key}", row.words("id"))
        for row in tables["accounts"].rows:
            made._put(row, "id", "account", row.words("id"))
        for row in tables["segments"].rows:
            of = row.words("account"), row.words("id")
            made.catalogues[_key(*of)] = same_id(row.words("catalogue"))
            for column in tables["segments"].form.columns:
                made._put(row, column.id, f"segment.{column.id}", *of)
        for row in tables["contacts"].rows:
            of = row.words("account"), row.words("id")
            made._put(row, "id", "contact", *of)
            made._put(row, "salutation", "contact.salutation", *of)
            made._put(row, "title", "contact.title", *of)
        for row in tables["requirements"].rows:
            of = row.words("account"), row.words("segment")
            scope = of if row.words("account") else ("", row.words("catalogue"))
            for column in tables["requirements"].form.columns:
                made._put(row, column.id, f"requirement.{column.id}", *scope, row.words("id"))
        return made

    def _put(self, row: Row, column: str, *key: str) -> None:
        cell = row.cells.get(column)
        if cell:
            place = row.sheet, cell, row.seen(column)
            self.cells.setdefault(_key(*key), place)

    def find(self, text: str, *key: str) -> tuple[str, str] | None:
        """The sheet and cell of a text; None: it does not stand there (any more).

        Keys: "settings" and the setting's id, "account" and id, "contact" and two ids,
        "contact.salutation" and the like and two ids, "team.signature" and the like and her id,
        "segment.name" and the like and two ids, "requirement.label" and the like and account,
        segment and id: its own row, else the one of the segment's catalogue.
        """
        tried = [_key(*key)]
        if key[0].startswith("requirement."):
            catalogue = self.catalogues.get(_key(*key[1:3]), "")
            tried.append(_key(key[0], "", catalogue, key[3]))
        for one in tried:
            sheet, cell, found = self.cells.get(one, ("", "", ""))
            if sheet and words_of(found) == words_of(text):
                return sheet, cell
        return None


def _key(*ids: str) -> _Key:
    return tuple(map(same_id, ids))
