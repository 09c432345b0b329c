"""The single figures of the selection, the points of its pictures, and the drawn calculation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kamxl.core.method.revenues import Abc
from kamxl.core.method.selection import AccountList, Mismatch
from kamxl.forms.paper.book import Formula, Scalar, Sheet, fixed
from kamxl.forms.paper.idioms import (
    NOTHING,
    below_head,
    count,
    count_of,
    head_of,
    item,
    safe,
    total,
)
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import MUTED, Style
from kamxl.forms.register.calculation import (
    BARS,
    BLOCKS,
    FACT_COLUMN,
    FACTS,
    LEFT,
    OFF,
    START,
    TOP,
    WORDS_ROW,
    ZERO_ROW,
    Chosen,
    Places,
    account_formulas,
    account_values,
    class_formula,
    picture_sheet,
    place_formulas,
    place_values,
    words_known,
)
from kamxl.forms.register.sheets import CATALOGUE_ROWS
from kamxl.forms.tables.prepared import settled

CALC_CELL = Style(size=8, color=MUTED, format="General", align="right")
CALC_HEAD = Style(size=8, color=MUTED, bold=True, align="right")
LINES = ("threshold", "boundary")
CORNERS = ("wrong", "both", "right", "none")
LINE_ROW = START + len(FACTS) + 1  # two rows for the ends of each line
CORNER_ROW = LINE_ROW + 2 * len(LINES) + 1
CATALOGUE_ROW = CORNER_ROW + len(CORNERS) + 1  # of the list that *Settings* and drop-downs show


def draw_calculation(sheet: Sheet, at: Places, chosen: Chosen, *, live: bool = True) -> None:
    """All of the calculation, right of the printed pages; not ``live``: in values, row by row."""
    words = at.words
    sheet.put(ZERO_ROW - 2, LEFT, words("register.picture.calculation"), CALC_HEAD.but(align=None))
    for offset, name in enumerate(BLOCKS):
        if name:
            title = words(f"register.picture.calc_{name}")
            sheet.put(ZERO_ROW - 1, LEFT + offset, title, CALC_HEAD)
            sheet.widths[LEFT + offset] = 16 if name in ("name", "wrong", "right") else 10
    sheet.put(ZERO_ROW, LEFT + BLOCKS.index("cumulated"), 0, CALC_CELL)
    places = place_values(chosen, at)
    for number in range(at.rows):
        sheet.put(START + number, LEFT + BLOCKS.index("j"), number + 1, CALC_CELL)
        _block(sheet, number, account_formulas(at, number), account_values(chosen, number), live)
        _block(sheet, number, place_formulas(at, number), places[number], live)
    for number in range(TOP):
        _block(sheet, number, _point_formulas(at, number), _point_values(chosen, at, number), True)
    _draw_facts(sheet, at, chosen)


def _block(
    sheet: Sheet,
    number: int,
    formulas: Mapping[str, str],
    values: Mapping[str, Scalar],
    live: bool,
) -> None:
    for name, text in formulas.items():
        column, value = LEFT + BLOCKS.index(name), values.get(name, "")
        content = Formula(text, value)
        sheet.put(START + number, column, content if live else settled(content), CALC_CELL)


_POINTS = {
    None: "xplain",
    Mismatch.LARGE_BUT_WRONG: "xwrong",
    Mismatch.SMALL_BUT_RIGHT: "xright",
}


# --- points and bars -----------------------------------------------------------------------------


def score_cell(at: Places, number: int, key: str = "score") -> str:
    """A live column of Selection for the n-th place by revenue, "" if it has no row there."""
    row = at.cell("row", number)
    return f'IF({row}=0,"",{item(at.selected(key), row)})'


def _point_formulas(at: Places, number: int) -> dict[str, str]:
    c = {name: at.cell(name, number) for name in BLOCKS if name}
    total = at.fact("total")
    score = item(at.selected("score"), c["row"])
    formulas = {
        "x": f"IF({c['row']}=0,{OFF},IF(ISNUMBER({score}),{score},{OFF}))",
        "y": f"IF({c['x']}<0,{OFF},{c['sorted']})",
        "xlabel": f"IF({c['x']}<0,{OFF},MIN({c['x']}+1,98))",
        "xplain": f'IF({c["mismatch"]}="",{c["x"]},{OFF})',
        "xwrong": f"IF({c['mismatch']}={at.label('mismatches', 'large_but_wrong')},{c['x']},{OFF})",
        "xright": f"IF({c['mismatch']}={at.label('mismatches', 'small_but_right')},{c['x']},{OFF})",
        "abc": f'IF({c["place"]}=0,"",{class_formula(at, c["sorted"])})',
    }
    if number >= BARS:
        return formulas
    bar = f"IF({c['place']}=0,0,IF({total}>0,{{}}/{total},0))"
    formulas["before"] = bar.format(f"({c['cumulated']}-{c['sorted']})")
    for one in Abc:
        own = bar.format(c["sorted"])
        formulas[one.value.lower()] = f'IF({c["abc"]}="{one.value}",{own},0)'
    return formulas


def _point_values(chosen: Chosen, at: Places, number: int) -> dict[str, Scalar]:
    off: dict[str, Scalar] = dict.fromkeys(("x", "y", "xlabel", "xplain", "xwrong", "xright"), OFF)
    if number >= len(chosen.sorted):
        return {**off, "abc": "", **dict.fromkeys(("before", "a", "b", "c"), 0)}
    one = chosen.sorted[number]
    found, total = one.found, chosen.total
    values = dict(off)
    if found.score is not None:
        x = round(found.score, 9)
        values |= {"x": x, "y": one.revenue, "xlabel": min(x + 1, 98), _POINTS[found.mismatch]: x}
    share = one.revenue / total if total > 0 else 0
    before = (one.cumulated - one.revenue) / total if total > 0 else 0
    bars = {abc.value.lower(): share if abc is found.abc else 0 for abc in Abc}
    return {**values, "abc": found.abc or "", "before": before, **bars}


# --- single figures ------------------------------------------------------------------------------


def _draw_facts(sheet: Sheet, at: Places, chosen: Chosen) -> None:
    formulas = _fact_formulas(at)
    sheet.widths |= {FACT_COLUMN: 20, FACT_COLUMN + 1: 14}
    for offset, name in enumerate(FACTS):
        row = START + offset
        sheet.put(row, FACT_COLUMN, at.words(f"register.picture.fact_{name}"), CALC_HEAD)
        content = Formula(formulas[name], "" if name in chosen.unknown else chosen.facts[name])
        sheet.put(row, FACT_COLUMN + 1, content, CALC_CELL)
    for row, (key, words) in enumerate(words_known().items(), WORDS_ROW):
        label = key.rpartition(".")[2]
        sheet.put(row, FACT_COLUMN, at.words(f"register.picture.words_{label}"), CALC_HEAD)
        sheet.put(row, FACT_COLUMN + 1, words, CALC_CELL.but(align="left"))
    _draw_catalogues(sheet, at, chosen)
    for row, x, y in _line_ends(at, chosen):
        sheet.put(row, FACT_COLUMN, x, CALC_CELL)
        sheet.put(row, FACT_COLUMN + 1, y, CALC_CELL)


# --- the catalogues in use -----------------------------------------------------------------------


def catalogue_cell(language: str, number: int) -> str:
    """The cell of the n-th catalogue (from 0), from any sheet: here nobody deletes its row."""
    return picture_sheet(language).ref(a1(CATALOGUE_ROW + number, FACT_COLUMN + 1))


def catalogue_range(language: str) -> str:
    """Where the catalogues in use are listed, from any sheet."""
    first, last = (a1(CATALOGUE_ROW + n, FACT_COLUMN + 1) for n in (0, CATALOGUE_ROWS - 1))
    return picture_sheet(language).ref(first, last)


def _draw_catalogues(sheet: Sheet, at: Places, chosen: Chosen) -> None:
    sheet.put(CATALOGUE_ROW, FACT_COLUMN, at.words("register.settings.catalogues"), CALC_HEAD)
    for number in range(CATALOGUE_ROWS):
        name = chosen.catalogues[number] if number < len(chosen.catalogues) else ""
        content = Formula(_next_catalogue(at, number), name)
        sheet.put(CATALOGUE_ROW + number, FACT_COLUMN + 1, content, CALC_CELL)


def _next_catalogue(at: Places, number: int) -> str:
    """The first catalogue among the requirements that no cell above names.

    Rows count backwards, so that the first is the largest and the rows ruled out are 0: LARGE finds
    it (inside SUMPRODUCT Gnumeric takes arrays in LARGE, and not in MAX, MIN or MATCH). None left:
    INDEX finds no row, and the cell stays empty.
    """
    cells = at.at.all("requirements", "catalogue")
    above = (fixed(CATALOGUE_ROW + n, FACT_COLUMN + 1) for n in range(number))
    named = "*".join(f"({cells}<>{one})" for one in (NOTHING, *above))
    back = f"(ROWS({cells})+ROW({head_of(cells)})-ROW({cells}))"
    nth = f"ROWS({cells})+1-SUMPRODUCT(LARGE(({below_head(cells)})*{named}*{back},1))"
    return safe(item(cells, nth))


def _fact_formulas(at: Places) -> dict[str, str]:
    name, listed, mismatch, days = map(at.selected, ("name", "list", "mismatch", "days"))
    here, whole = f'{name}<>""', at.fact("total")
    known = (here, f'{days}<>""', f"{days}>=0", f"{days}<1E+15")
    accounts, number = at.fact("accounts"), at.fact("known")
    ranked, reach = at.column("sorted"), at.column("reach")
    revenues, largest, class_a = at.column("revenue"), at.fact("largest"), at.fact("class_a")
    lists = {one.value: count(f"{listed}={at.label('lists', one)}") for one in AccountList}
    lists["build_up"] += f"+{accounts}-{at.fact('rows')}"  # nothing is known of the others
    border = f"{item(ranked, class_a)}+IF({class_a}<{number},{item(ranked, f'{class_a}+1')},0)"
    outside = (*known, f"{listed}<>{at.label('lists', 'focus')}")
    rank = f"RANK({item(ranked, largest)},{revenues},1)"
    larger = count_of(reach, '"<0"')
    return {
        "threshold": _points(at, "focus_score", 60),
        "needed": _points(at, "focus_coverage", 80) + "/100",
        "within": _points(at, "build_up", 10),
        "accounts": total(of=(f'{at.column("id")}<>""',)),
        "known": f"COUNT({revenues})",
        "total": f"SUM({revenues})",
        "largest": f"IF({whole}>0,1+{larger},0)",
        "brings": f"IF({whole}>0,{item(at.column('cumulated'), largest)}/{whole},0)",
        "rows": count(here),
        **lists,
        "wrong": count(f"{mismatch}={at.label('mismatches', 'large_but_wrong')}"),
        "right": count(f"{mismatch}={at.label('mismatches', 'small_but_right')}"),
        "days_known": count(*known),
        "days_total": _of_known(days, known, known),
        "days_outside": _of_known(days, known, outside),
        "class_a": f"IF({whole}>0,{number}-{rank}+1,0)",
        "boundary": f"IF({class_a}>0,({border})/2,0)",
        "top": f"IF({whole}>0,{item(ranked, 1)}*1.1,1)",
        "partly": f"SUM({at.column('partly')})",
    }


def _of_known(days: str, known: Sequence[str], of: Sequence[str]) -> str:
    """The days in some rows; nothing where no account says any."""
    return f"IF({count(*known)}=0,{NOTHING},{total(days, of=of)})"


def _points(at: Places, field: str, usual: int) -> str:
    """A threshold, as the reader takes it; the usual one where none, or none possible, is given."""
    cell = at.setting(field)
    sound = f"AND({cell}<=100,OR({cell}=0,{cell}>1))"
    return f"IF(ISNUMBER({cell}),IF({sound},{cell},{usual}),{usual})"


def _line_ends(at: Places, chosen: Chosen) -> list[tuple[int, Formula, Formula]]:
    """(row, x, y) of the two lines' ends, and of where the quadrants' names stand."""
    facts = chosen.facts

    def fact(name: str) -> Formula:
        return Formula(at.fact(name), facts[name])

    def constant(number: float) -> Formula:
        return Formula(str(number), number)

    high = Formula(f"{at.fact('top')}*0.96", facts["top"] * 0.96)
    under = f"MAX({at.fact('boundary')}-0.05*{at.fact('top')},0.02*{at.fact('top')})"
    low = Formula(under, max(facts["boundary"] - 0.05 * facts["top"], 0.02 * facts["top"]))
    middle = Formula(f"({at.fact('threshold')}+100)/2", (facts["threshold"] + 100) / 2)
    line, corner, left = LINE_ROW, CORNER_ROW, constant(0)
    return [
        (line, fact("threshold"), constant(0)),
        (line + 1, fact("threshold"), fact("top")),
        (line + 2, constant(0), fact("boundary")),
        (line + 3, constant(100), fact("boundary")),
        (corner, left, high),
        (corner + 1, middle, high),
        (corner + 2, middle, low),
        (corner + 3, left, low),
    ]


__all__ = [
    "CORNERS", "CORNER_ROW", "LINES", "LINE_ROW", "catalogue_cell", "catalogue_range",
    "draw_calculation", "score_cell",
]  # fmt: skip
