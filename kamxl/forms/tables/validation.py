"""What may be typed into the cells of a column, with the help shown beside them."""

from __future__ import annotations

from kamxl.forms.paper.book import LONGEST_RULE, Validation
from kamxl.forms.paper.places import At
from kamxl.forms.tables.columns import Column, Kind
from kamxl.wording.texts import texts
from kamxl.wording.understood import understood

EARLIEST_DAY = 36526  # 1 January 2000, as spreadsheets count
_SLIPS = " ,/"  # what people put into ids and must not; which letters, the language files know
LARGEST = 10**12  # the largest amount anybody types, of either sign


def cell_validation(column: Column, ranges: str, at: At, title: str, note: str) -> Validation:
    """What may be typed into cells of a column's type, with the help shown beside them."""
    words = texts(at.language)
    rule = dict(_rule(column, ranges.split(":")[0], at))
    error = "signed" if column.signed else column.kind.value
    return Validation(
        ranges=ranges,
        prompt_title=title[:32],
        prompt=note[:255],
        error_title=words("tables.error_title"),
        # beside what is offered anything else is right as well: nobody is stopped or asked
        error="" if column.offers else words(f"tables.errors.{error}", length=column.length),
        stop=column.strict,
        **rule,  # type: ignore[arg-type]
    )


def _rule(column: Column, cell: str, at: At) -> list[tuple[str, object]]:
    """What may be typed into a column whose first cell is ``cell``, as fields of a Validation."""
    options = column.options(at.language)
    if options:
        return [("kind", "list"), ("formula", '"' + ",".join(options) + '"')]
    if column.ref is not None:
        return [("kind", "list"), ("formula", at.offered(column.ref))]
    match column.kind:
        case Kind.ID:
            return [("kind", "custom"), ("formula", id_formula(cell))]
        case Kind.EMAIL:
            formula = (
                f'AND(ISNUMBER(FIND(".",{cell},FIND("@",{cell})+2)),ISERROR(FIND(" ",{cell})))'
            )
            return [("kind", "custom"), ("formula", formula)]
        case Kind.PERIOD:
            # the words people write it with are the reader's; a year is in all of them
            formula = f'AND(LEN({cell})>=4,LEN({cell})<=60,ISNUMBER(FIND("20",{cell})))'
            return [("kind", "custom"), ("formula", formula)]
        case Kind.AMOUNT if column.signed:
            return [("kind", "decimal"), ("formula", str(-LARGEST)), ("formula2", str(LARGEST))]
        case Kind.AMOUNT:
            return [("kind", "decimal"), ("operator", "greaterThanOrEqual"), ("formula", "0")]
        case Kind.POINTS if column.reckoned or column.counted:
            # nor a share: "60 %" is stored as 0.6
            least = ">1" if column.reckoned else ">=1"
            sound = f"AND(ISNUMBER({cell}),OR({cell}=0,AND({cell}{least},{cell}<=100)))"
            return [("kind", "custom"), ("formula", sound)]
        case Kind.POINTS:
            return [("kind", "decimal"), ("formula", "0"), ("formula2", "100")]
        case Kind.DATE:
            earliest = str(EARLIEST_DAY)
            return [("kind", "date"), ("operator", "greaterThanOrEqual"), ("formula", earliest)]
        case Kind.TEXT | Kind.VERBATIM:
            limit = str(column.length)
            return [("kind", "textLength"), ("operator", "lessThanOrEqual"), ("formula", limit)]
        case _:
            return [("kind", "none")]


def id_formula(cell: str) -> str:
    """Refuses the usual slips in an id while it is typed; the rest (``ids.is_id``) is the reader's.

    A check of every character would need arrays, and the three programs take those differently.
    """
    formula = f"AND(LEN({cell})<=32"
    for slip in (*_SLIPS, *understood("id_slips")):
        more = f',ISERROR(FIND("{slip}",LOWER({cell})))'
        if len(formula) + len(more) < LONGEST_RULE:  # the rest is the reader's
            formula += more
    return formula + ")"
