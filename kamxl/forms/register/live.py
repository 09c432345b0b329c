"""The live columns of the sheet *Selection*: one formula per row, each with the core's value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from kamxl.core.cards.asking import Asking
from kamxl.core.ids import same_id
from kamxl.core.method.selection import SelectedAccount
from kamxl.core.records.register import Register, Segment
from kamxl.forms.paper.book import Formula, Scalar
from kamxl.forms.paper.raw import a1
from kamxl.forms.register.calculation import Chosen, Places, class_formula
from kamxl.forms.register.selection import SUM_CELL, WEIGHTS, WEIGHTS_SOUND
from kamxl.forms.register.sheets import (
    ACCOUNTS,
    CONDITIONS,
    CONTACTS,
    GROWTH,
    RATINGS,
    REQUIREMENTS,
    SEGMENTS,
    SELECTION,
)
from kamxl.forms.tables.columns import ANSWER
from kamxl.forms.tables.declared import Live, Values


def live_formulas(register: Register, language: str) -> Mapping[tuple[str, str], Live]:
    """(form key, column key) to what makes its formula for one row."""
    owners = Counter(same_id(s.account) for s in register.segments)
    asked = Counter(same_id(c.account) for c in register.contacts if c.asked)
    segments = SEGMENTS.reference("account", language)
    contacts = CONTACTS.reference("account", language)
    answers = f'{CONTACTS.reference("asked", language)}="{ANSWER.label("yes", language)}"'
    return {
        ("accounts", "segments"): _counted(f"--({segments}={{}})", owners),
        ("accounts", "asked"): _counted(f"--({contacts}={{}}),--({answers})", asked),
        ("segments", "requirements"): _requirements(register, language),
    }


def _counted(rows: str, owners: Counter[str]) -> Live:
    """Counts the rows of the account in the row; ``owners`` are their (folded) accounts."""

    def formula(row: int, values: Values) -> Formula:
        cell = "$" + a1(row, ACCOUNTS.index("id"))
        count = owners[same_id(values["id"])] if values else ""
        return Formula(f'IF({cell}="","",SUMPRODUCT({rows.format(cell)}))', count)

    return formula


def _requirements(register: Register, language: str) -> Live:
    """Counts the requirements of the segment in the row: its catalogue's and its own."""
    asking = Asking(register)
    shared, owner, part = (
        REQUIREMENTS.reference(key, language) for key in ("catalogue", "account", "segment")
    )

    def formula(row: int, values: Values) -> Formula:
        account, own, catalogue = (
            "$" + a1(row, SEGMENTS.index(key)) for key in ("account", "id", "catalogue")
        )
        text = (
            f'IF({own}="","",IF({catalogue}="",0,SUMPRODUCT(--({shared}={catalogue})))'
            f"+SUMPRODUCT(--({owner}={account}),--({part}={own})))"
        )
        if not values:
            return Formula(text, "")
        segment = Segment(values["account"], values["id"], "", catalogue=values["catalogue"])
        return Formula(text, len(asking.requirements(segment)))

    return formula


def catalogues_of(register: Register) -> list[tuple[str, int, int]]:
    """(catalogue, its requirements, segments that use it), in the order of the requirements."""
    names: dict[str, str] = {}
    for catalogue, _, _, _ in register.requirements:
        if catalogue:
            names.setdefault(same_id(catalogue), catalogue)
    counted = Counter(same_id(catalogue) for catalogue, _, _, _ in register.requirements)
    used = Counter(same_id(segment.catalogue) for segment in register.segments)
    return [(name, counted[key], used[key]) for key, name in names.items()]


_CONDITION_NAMES = tuple(one.partition("_")[2] for one in CONDITIONS)


def selection_formulas(at: Places, chosen: Chosen) -> Mapping[tuple[str, str], Live]:
    """(form key, column key) to what makes the formula of one row."""
    values = {key: _values(at, one) for key, one in chosen.by_account.items()}
    texts = {
        "name": _name,
        "revenue": _revenue,
        "score": _score,
        "coverage": _coverage,
        "rank": _rank,
        "gate": _gate,
        "reason": _reason,
        "list": _list,
        "share": _share,
        "cumulated": _cumulated,
        "abc": _abc,
        "mismatch": _mismatch,
    }

    def live(key: str) -> Live:
        made = texts[key]

        def formula(row: int, given: Values) -> Formula:
            known = values.get(same_id(given["account"]), {}) if given else {}
            return Formula(made(at, row), known.get(key, ""))

        return formula

    return {(SELECTION.key, key): live(key) for key in texts}


def _values(at: Places, one: SelectedAccount) -> dict[str, Scalar]:
    words, candidate = at.words, one.candidate
    values: dict[str, Scalar] = {
        "name": candidate.name,
        "revenue": candidate.revenue,
        "score": None if one.score is None else round(one.score, 9),
        "coverage": one.coverage,
        "rank": one.rank,
        "gate": words(f"register.selection.gates.{one.gate.gate}"),
        "reason": words.reason(one.gate),
        "list": words(f"register.selection.lists.{one.list}"),
        "share": one.revenue_share,
        "cumulated": one.cumulated_share,
        "abc": one.abc and one.abc.value,
        "mismatch": one.mismatch and words(f"register.selection.mismatches.{one.mismatch}"),
    }
    return {key: "" if value is None else value for key, value in values.items()}


def _c(key: str, row: int) -> str:
    return SELECTION.here(key, row)


def _found(row: int, then: str) -> str:
    """What a row says once its account is known and stands there for the first time."""
    return f'IF({_c("name", row)}="","",{then})'


def _name(at: Places, row: int) -> str:
    own, rows, ids = _c("account", row), SELECTION.fixed("account"), at.column("id")
    above = f"ROW($A${SELECTION.first_row - 1})"
    named = f"INDEX({ACCOUNTS.reference('name', at.language)},MATCH({own},{ids},0),1)"
    again = f"MATCH({own},{rows},0)<>ROW()-{above}"
    return f'IF({own}="","",IF({again},"",IFERROR({named},"")))'


def _revenue(at: Places, row: int) -> str:
    place = f"MATCH({_c('account', row)},{at.column('id')},0)"
    return _found(row, f"INDEX({at.column('revenue')},{place},1)")


def _ratings(row: int) -> tuple[str, str]:
    """The ratings of a row, and which of them count: as the reader takes them."""
    cells = f"{_c(RATINGS[0], row)}:{_c(RATINGS[-1], row)}"
    sound = f'--({cells}<=100),--({cells}<>""),--(({cells}=0)+({cells}>=1)>0)'
    return cells, f"{WEIGHTS_SOUND},{sound}"


def _score(at: Places, row: int) -> str:
    cells, sound = _ratings(row)
    weighed = f"SUMPRODUCT({WEIGHTS},{sound})"
    mean = f"ROUND(SUMPRODUCT({WEIGHTS},{cells},{sound})/{weighed},9)"
    return _found(row, f'IF({weighed}>0,{mean},"")')


def _coverage(at: Places, row: int) -> str:
    weighed = f"SUMPRODUCT({WEIGHTS},{_ratings(row)[1]})"
    return _found(row, f'IF({SUM_CELL}>0,{weighed}/{SUM_CELL},"")')


def _rank(at: Places, row: int) -> str:
    own = _c("score", row)
    return f'IF(ISNUMBER({own}),RANK({own},{SELECTION.fixed("score")},0),"")'


def _answered(at: Places, row: int, answer: str) -> list[str]:
    label = GROWTH.label(answer, at.language)
    return [f'{_c(condition, row)}="{label}"' for condition in CONDITIONS]


def _gate(at: Places, row: int) -> str:
    yes, partly, no = (",".join(_answered(at, row, one)) for one in ("yes", "partly", "no"))

    def count(tests: str) -> str:
        return "+".join(f"({test})" for test in tests.split(","))

    closed, clarify, is_open = (at.label("gates", one) for one in ("closed", "clarify", "open"))
    unclear = f"OR({count(yes)}+{count(partly)}<3,{count(partly)}>1)"
    return _found(row, f"IF(OR({no}),{closed},IF({unclear},{clarify},{is_open}))")


def _reason(at: Places, row: int) -> str:
    def word(key: str) -> str:
        return at.words(f"register.selection.reasons.{key}")

    def named(tests: list[str], prefix: str) -> str:
        pieces = zip(tests, _CONDITION_NAMES, strict=True)
        return "&".join(f'IF({test},", {word(prefix + name)}","")' for test, name in pieces)

    by_answer = [_answered(at, row, answer) for answer in ("yes", "partly", "no")]
    answered = [",".join(one) for one in zip(*by_answer, strict=True)]
    unknown = named([f"NOT(OR({one}))" for one in answered], "")
    partly = named(_answered(at, row, "partly"), "")
    told = (
        f'IF({unknown}="","","{word("unknown")}"&MID({unknown},3,99))'
        f'&IF({partly}="","",IF({unknown}="","","; ")&"{word("partly")}"&MID({partly},3,99))'
    )
    closed = f"MID({named(_answered(at, row, 'no'), 'no_')},3,99)"
    return _found(row, f"IF({_c('gate', row)}={at.label('gates', 'closed')},{closed},{told})")


def _list(at: Places, row: int) -> str:
    focus, build_up, serve = (at.label("lists", one) for one in ("focus", "build_up", "serve"))
    closed, clarify, is_open = (
        f"{_c('gate', row)}={at.label('gates', one)}" for one in ("closed", "clarify", "open")
    )
    beyond = f"{_c('score', row)}-{at.fact('threshold')}"
    enough = f"ROUND({_c('coverage', row)}-{at.fact('needed')},9)>=0"
    near = f"AND(ROUND({beyond}+{at.fact('within')},9)>=0,ROUND({beyond},9)<0)"
    known = (
        f"IF(AND({is_open},ROUND({beyond},9)>=0,{enough}),{focus},"
        f"IF(OR({clarify},{near}),{build_up},{serve}))"
    )
    scored = f"IF(ISNUMBER({_c('score', row)}),{known},IF({clarify},{build_up},{serve}))"
    return _found(row, f"IF({closed},{serve},{scored})")


def _share(at: Places, row: int) -> str:
    own, total = _c("revenue", row), at.fact("total")
    return f'IF(ISNUMBER({own}),IF({total}>0,{own}/{total},""),"")'


def _cumulated(at: Places, row: int) -> str:
    own, total = _c("revenue", row), at.fact("total")
    larger = f"{at.fact('known')}-RANK({own},{at.column('revenue')},1)+1"
    summed = f"INDEX({at.column('cumulated')},{larger},1)/{total}"
    return f'IF(ISNUMBER({own}),IF({total}>0,{summed},""),"")'


def _abc(at: Places, row: int) -> str:
    own = _c("revenue", row)
    return f'IF(ISNUMBER({own}),{class_formula(at, own)},"")'


def _mismatch(at: Places, row: int) -> str:
    abc, score = _c("abc", row), _c("score", row)
    below = f"IF(ISNUMBER({score}),ROUND({score}-{at.fact('threshold')},9)<0,FALSE)"
    closed = f"{_c('gate', row)}={at.label('gates', 'closed')}"
    focus = f"{_c('list', row)}={at.label('lists', 'focus')}"
    wrong, right = (at.label("mismatches", one) for one in ("large_but_wrong", "small_but_right"))
    told = f'IF(AND({abc}="A",OR({closed},{below})),{wrong},IF(AND({abc}<>"A",{focus}),{right},""))'
    return f'IF({abc}="","",{told})'
