"""What a row of the register still needs before a card can go, as formulas.

Helper columns lead there: ``raw`` and ``code``, the id that stands there or that the name proposes,
and ``lacks``, what the row itself wants, each with ", " before it. ``needs`` says that, and what it
waits for elsewhere. ``standing`` knows the values. What an error keeps back is said here; what the
reader only warns of keeps no row from its tick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kamxl.core.ids import LONGEST_ID, MAX_REQUIREMENTS, SPARE_PREFIX, SPELLED, USUAL_ID, slug
from kamxl.forms.paper.book import Formula
from kamxl.forms.paper.idioms import count, count_of, item, none_of, quoted, worded
from kamxl.forms.paper.places import Here
from kamxl.forms.register.needs_of_decisions import Facts, Parts, decisions
from kamxl.forms.register.needs_of_decisions import word as _word
from kamxl.forms.register.standing import EVERYWHERE, IDENTIFIED, READY, RESERVED, said
from kamxl.forms.scorecard.grid import MAX_COMPETITORS
from kamxl.forms.tables.declared import HEADER_ROW, Line
from kamxl.forms.tables.reckoning import BLANKS, answer
from kamxl.wording.understood import folded

SETTINGS_SET, LANGUAGES = "needs.settings", "needs.languages"  # cells that a book offers
_PAD = "~"  # fills up what is shorter than an id may be
LETTERS = f"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-{_PAD}"
LETTERS_ROW = HEADER_ROW - 1  # of each sheet, in the column of ``raw``: what an id may hold
_NAMED = 4  # segments that a contact's row is looked through for
_BETWEEN = 99


def _name(at: Here) -> str:
    return "label" if at.place.name == "requirements" else "name"


# --- ids -----------------------------------------------------------------------------------------


def raw(facts: Facts, at: Here, line: Line) -> Formula:
    """The id in a row, else its name, spelled as ``ids.slug`` does it, and filled to its length."""
    own, name = at("id"), at(_name(at))
    bare = f'SUBSTITUTE({name},".","")'
    if facts.ids(at.place.name).company:
        forms = sorted(folded("legal_forms"))
        ends = ",".join(f'IFERROR(SEARCH(" {form} ",{bare}&" "),999)' for form in forms)
        bare = f"LEFT({bare},MIN({ends})-1)"
    text = f'LOWER(IF(TRIM({own})="",{bare},{own}))'
    for letter, spelled in SPELLED:
        text = f"SUBSTITUTE({text},{quoted(letter)},{quoted(spelled)})"
    made = f'LEFT(UPPER(SUBSTITUTE(TRIM({text})," ","-"))&REPT("{_PAD}",{LONGEST_ID}),{LONGEST_ID})'
    value = slug(str(line["id"])).ljust(LONGEST_ID, _PAD) if line else ""
    return Formula(f'IF(TRIM({own}&{name})="","",{made})', value)


def code(facts: Facts, at: Here, line: Line) -> Formula:
    """The same if it is a sound id, letter by letter; a search for all at once needs arrays.

    Where no id stands it is shortened as ``ids.proposed`` and ``proposed_person`` do it.
    """
    own = at("raw")
    letters = at.at.column(at.place.name, "raw").fixed(LETTERS_ROW)
    each = (f"FIND(MID({own},{n},1),{letters})" for n in range(1, LONGEST_ID + 1))
    sound = f'AND(COUNT({",".join(each)})={LONGEST_ID},ISERROR(FIND(LEFT({own},1),"._-")))'
    short = _initials(own) if facts.ids(at.place.name).person else _shortened(own)
    text = f'SUBSTITUTE(IF(TRIM({at("id")})="",{short},{own}),"{_PAD}","")'
    made = f'IF({own}="","",IF({sound},{text},""))'
    return Formula(made, slug(str(line["id"])) if line else "")


def _nth(own: str, number: str | int) -> str:
    """Where the hyphen of a number stands."""
    return f'FIND("#",SUBSTITUTE({own},"-","#",{number}))'


def _shortened(own: str) -> str:
    """Whole words as long as they fit; of the first one its beginning."""
    some = f"LEFT({own},{USUAL_ID + 1})"
    hyphens = f'LEN({some})-LEN(SUBSTITUTE({some},"-",""))'
    words = f"IFERROR(LEFT({own},{_nth(some, hyphens)}-1),LEFT({own},{USUAL_ID}))"
    return f'IF(MID({own},{USUAL_ID + 1},1)="{_PAD}",{own},{words})'


def _initials(own: str) -> str:
    """Of one name two letters, of several one each."""
    more = "&".join(f'IFERROR(MID({own},{_nth(own, n)}+1,1),"")' for n in range(1, 5))
    return f'IF(ISERROR(FIND("-",{own})),LEFT({own},2),LEFT({own},1)&{more})'


def _id_parts(facts: Facts, at: Here) -> Parts:
    own, made = at("id"), at("code")
    same = [f"{at.own(key)}={at(key)}" for key in facts.unique(at.place.name)[:-1]]
    taken = count(*same, f"{at.own('id')}={made}")
    proposed = f'{made}&IF({taken}>0,"-2","")'
    wanted = f'IF(TRIM({own})="",{_word(facts, at, ":id")},{_word(facts, at, "id_wrong")})'
    proposal = worded(facts.words, "register.needs.proposal", {"id": proposed})
    yield f'{wanted}&IF({made}="","",{proposal})', f'OR({made}="",{own}&""<>{made})'
    doubled = count(*same, f"{at.own('id')}={own}")
    yield _word(facts, at, "double"), f'IF({own}="",FALSE,{doubled}>1)'


def _reserved(at: Here, words: frozenset[str]) -> str:
    own = at("id")
    spare = f'IF(LEFT(LOWER({own}),{len(SPARE_PREFIX)})="{SPARE_PREFIX}",' \
            f"ISNUMBER(VALUE(MID({own},{len(SPARE_PREFIX) + 1},9))),FALSE)"  # fmt: skip
    listed = quoted("".join(f"|{word}" for word in sorted(words)) + "|")
    ours = f'ISNUMBER(FIND("|"&LOWER({own})&"|",{listed}))' if words else "FALSE"
    return f'IF({own}="",FALSE,OR({ours},IFERROR({spare},FALSE)))'


# --- what a row itself wants ---------------------------------------------------------------------


def lacks(facts: Facts, at: Here, line: Line) -> Formula:
    """What a row wants, each with ", " before it; nothing in a row in which nothing stands."""
    key = at.place.name
    parts = [*_OWN[key](facts, at)]
    if key in IDENTIFIED:
        name = _name(at)
        parts += [*_id_parts(facts, at), (_word(facts, at, f":{name}"), f'TRIM({at(name)})=""')]
    text = "&".join(f'IF({test},", "&{word},"")' for word, test in parts)
    odd = quoted(", " + str(facts.words("register.needs.error")))
    typed = "&".join(at(column) for column in facts.typed(key))
    found = in_order(facts.standing.lacks(line)) if line else ()
    value = "".join(f", {facts.word(key, one)}" for one in found)
    return Formula(f'IFERROR(IF(TRIM({typed})="","",{text}),{odd})', value)


# the order in which they are said
_ORDER = (
    "account_unknown", "account_open", ":account", "segment_unknown", "scope_both", "scope_none",
    "in_catalogue", "reserved", "name_conflict", "team_open", "catalogue_unknown", "requirements",
    "requirements_many", "requirements_open", "rivals_many", "rivals_open", "segments_unknown",
    "whose_own", ":under", "not_asked", "whose", ":decision", ":person", "double", ":name",
    ":label", "settings", "segment", "asked", "segment_open",
)  # fmt: skip


def in_order(keys: Iterable[str]) -> list[str]:
    """What a row lacks, as its formula says it."""
    return sorted(keys, key=_ORDER.index)


def _account_parts(facts: Facts, at: Here) -> Parts:
    own, ids = at("account"), at.all("accounts", "id")
    known = f"{ids}={own}"
    yield _word(facts, at, ":account"), f'TRIM({own})=""'
    yield _word(facts, at, "account_unknown"), f'IF({own}="",FALSE,{count(known)}=0)'
    bad = f'{at.all("accounts", "lacks")}<>""'
    yield _word(facts, at, "account_open"), f'IF({own}="",FALSE,{count(known, bad)}>0)'


def _choice(facts: Facts, at: Here, column: str, words: str) -> tuple[str, str]:
    """A word that nobody understands."""
    cell, offered = at(column), at.at.offered(words)
    test = f"AND({none_of(cell, offered, '=')},{none_of(cell, at.at.offered(BLANKS))})"
    return _word(facts, at, f":{column}"), test


def _accounts(facts: Facts, at: Here) -> Parts:
    own = at("manager")
    ids, names = at.all("team", "id"), at.all("team", "name")
    theirs = count(f"({ids}={own})+({names}={own})>0", f'{at.all("team", "lacks")}<>""')
    yield _word(facts, at, "team_open"), f'IF({own}="",FALSE,{theirs}>0)'
    yield _choice(facts, at, "language", LANGUAGES)


def _segments(facts: Facts, at: Here) -> Parts:
    yield from _account_parts(facts, at)
    own, catalogue = at("id"), at("catalogue")
    shared, bad = (at.all("requirements", key) for key in ("catalogue", "lacks"))
    of_shared, bad = f"{shared}={catalogue}", f'{bad}<>""'
    unknown = f'IF({catalogue}="",FALSE,{count(of_shared)}=0)'
    many, number = str(MAX_REQUIREMENTS), at("requirements")
    yield _word(facts, at, "catalogue_unknown"), unknown
    yield _word(facts, at, "requirements"), f'AND({catalogue}="",OR({own}="",{number}=0))'
    yield _word(facts, at, "requirements_many"), f"AND(ISNUMBER({number}),N({number})>{many})"
    wrong = f'IF({catalogue}="",0,{count(of_shared, bad)})+{_touched(at, "requirements")}'
    yield _word(facts, at, "requirements_open"), f'IF({own}="",FALSE,{wrong}>0)'
    yield from _rival_parts(facts, at)
    yield _choice(facts, at, "rivals", facts.choice("segments", "rivals"))


def _rival_parts(facts: Facts, at: Here) -> Parts:
    owner, part, ids = (at.all("competitors", key) for key in ("account", "segment", "id"))
    here = f'({owner}="")*({part}="")+({owner}={at("account")})*(({part}="")+({part}={at("id")}))>0'
    number = count(here, f'{ids}<>""')
    named = f'{answer(at("rivals"), at.at.offered(facts.choice("segments", "rivals")))}<>"a"'
    yield _word(facts, at, "rivals_many"), f"AND({named},{number}>{MAX_COMPETITORS})"
    wrong = _touched(at, "competitors")
    yield _word(facts, at, "rivals_open"), f"AND({named},{wrong}>0)"


def _touched(at: Here, table: str) -> str:
    """How many rows of a table that are not whole belong to a segment, or may do so."""
    cells, account, own = at.all(table, "touches"), at("account"), at("id")
    ways = (f'{account}&"/"&{own}', f'{account}&"/"', f'"/"&{own}', quoted(EVERYWHERE))
    return count("+".join(f"({cells}={way})" for way in ways) + ">0")


def touches(facts: Facts, at: Here, line: Line) -> Formula:
    """Whose cards wait for a row that is not whole: "account/segment", with "" for what is not
    known of it; everybody's, or nobody's that can be told.
    """
    account, segment = at("account"), at("segment")
    owners, parts = at.all("segments", "account"), at.all("segments", "id")
    known = count(f"{at.all('accounts', 'id')}={account}")
    there = count(f"{owners}={account}", f"{parts}={segment}")
    alone = count(f"{parts}={segment}")
    its = f'{account}&"/"&IF({segment}="","",IF({there}>0,{segment},""))'
    own = f'IF({segment}="","",IF({alone}=1,"/"&{segment},""))'
    made = f'IF({account}="",{own},IF({known}>0,{its},{own}))'
    if at.place.name == "competitors":
        made = f'IF({account}&{segment}="",{quoted(EVERYWHERE)},{made})'
    value = facts.standing.touches(at.place.name, line) if line else ""
    return Formula(f'IF({at("lacks")}="","",{made})', value)


def _contacts(facts: Facts, at: Here) -> Parts:
    yield from _account_parts(facts, at)
    listed = at("listed")
    found = "+".join(f"({_there(at, n)}>0)" for n in range(1, _NAMED + 1))
    number = f'LEN({listed})-LEN(SUBSTITUTE({listed},",",""))+1'
    test = f'IF(TRIM({at("segments")})="",FALSE,{found}<MIN({_NAMED},{number}))'
    yield _word(facts, at, "segments_unknown"), test
    for column in ("role", "source", "asked"):
        yield _choice(facts, at, column, facts.choice("contacts", column))
    yield _choice(facts, at, "language", LANGUAGES)


def listed(facts: Facts, at: Here, line: Line) -> Formula:
    """The segments that a contact's row names, separated by commas, without blanks."""
    text = f'SUBSTITUTE({at("segments")},";",",")'
    value = ",".join(said(line, "segments") or ()) if line else ""
    return Formula(f'SUBSTITUTE(SUBSTITUTE({text},CHAR(10),",")," ","")', value)


def _there(at: Here, number: int, *more: str) -> str:
    """How many segments are the n-th that a contact's row names."""
    spread = f'SUBSTITUTE({at("listed")},",",REPT(" ",{_BETWEEN}))'
    one = f"TRIM(MID({spread},{(number - 1) * _BETWEEN + 1},{_BETWEEN}))"
    account, ids = at.all("segments", "account"), at.all("segments", "id")
    return count(f"{account}={at('account')}", f"{ids}={one}", f'{ids}<>""', *more)


def _requirements(facts: Facts, at: Here) -> Parts:
    catalogue, account, segment = at("catalogue"), at("account"), at("segment")
    owners, parts = at.all("segments", "account"), at.all("segments", "id")
    mine = f"{owners}={account}", f"{parts}={segment}"
    both = f'AND({catalogue}<>"",{account}&{segment}<>"")'
    yield _word(facts, at, "scope_both"), both
    own = f'AND({catalogue}="",{account}<>"",{segment}<>"")'
    neither = f'AND({catalogue}="",OR({account}="",{segment}=""))'
    yield _word(facts, at, "scope_none"), neither
    yield _word(facts, at, "segment_unknown"), f"IF({own},{count(*mine)}=0,FALSE)"
    catalogues, ids = at.all("segments", "catalogue"), at.own("id")
    first = f"ROW({owners.split(':')[0]})"
    place = f"SUMPRODUCT(--({mine[0]}),--({mine[1]}),ROW({owners}))-{first}+1"
    used = item(catalogues, place)
    again = count(f"{at.own('catalogue')}={used}", f"{ids}={at('id')}")
    there = f'IF({count(*mine)}<>1,FALSE,IF({used}="",FALSE,{again}>0))'
    yield _word(facts, at, "in_catalogue"), f"IF({own},{there},FALSE)"
    yield _word(facts, at, "reserved"), _reserved(at, frozenset())


def _competitors(facts: Facts, at: Here) -> Parts:
    account, segment = at("account"), at("segment")
    yield _word(facts, at, ":account"), f'AND({account}="",{segment}<>"")'
    known = count(f"{at.all('accounts', 'id')}={account}")
    yield _word(facts, at, "account_unknown"), f'IF({account}="",FALSE,{known}=0)'
    owners, parts = at.all("segments", "account"), at.all("segments", "id")
    there = count(f"{owners}={account}", f"{parts}={segment}")
    yield (
        _word(facts, at, "segment_unknown"),
        f'IF(OR({account}="",{segment}="",{known}=0),FALSE,{there}=0)',
    )
    yield _word(facts, at, "reserved"), _reserved(at, RESERVED)
    own, name, names = at("id"), at("name"), at.own("name")
    other = count(f"{at.own('id')}={own}", f"{names}<>{name}", f'{names}<>""')
    yield _word(facts, at, "name_conflict"), f'IF(OR({own}="",{name}=""),FALSE,{other}>0)'


def _team(facts: Facts, at: Here) -> Parts:
    yield from ()


_OWN: dict[str, Callable[[Facts, Here], Parts]] = {
    "accounts": _accounts,
    "segments": _segments,
    "contacts": _contacts,
    "requirements": _requirements,
    "competitors": _competitors,
    "team": _team,
    "decisions": decisions,
}


# --- who is asked --------------------------------------------------------------------------------


def about(facts: Facts, at: Here, line: Line) -> Formula:
    """Of a contact who is asked: "1" if her row lacks nothing, else "0", then the account and "/",
    then her segments between commas, if she is asked about some only. Patterns look for it.
    """
    yes = f'{answer(at("asked"), at.at.offered(facts.choice("contacts", "asked")))}="y"'
    some = f'IF(TRIM({at("segments")})="","",","&{at("listed")}&",")'
    made = f'IF({at("lacks")}="","1","0")&{at("account")}&"/"&{some}'
    value = ""
    if line and said(line, "asked") == "yes":
        named = said(line, "segments")
        these = f",{','.join(named)}," if named else ""
        value = f"{int(not facts.standing.lacks(line))}{line['account']}/{these}"
    return Formula(f'IF({yes},{made},"")', value)


def _reached(at: Here, state: str) -> str:
    """How many contacts are asked about a segment; ``state``: how their rows are ("?": any how)."""
    whole = f'{quoted(state)}&{at("account")}&"/"'
    cells, named = at.all("contacts", "about"), f'{whole}&"*,"&{at("id")}&",*"'
    return f"{count_of(cells, whole)}+{count_of(cells, named)}"


def _of_segment(at: Here, state: str) -> str:
    return f'IF(OR({at("account")}="",{at("id")}=""),0,{_reached(at, state)})'


def cards(facts: Facts, at: Here, line: Line) -> Formula:
    """How many cards a segment would get: one for each contact who is asked about it."""
    value = facts.standing.reached(line, whole=False) if line else 0
    return Formula(_of_segment(at, "?"), value)


def whole(facts: Facts, at: Here, line: Line) -> Formula:
    """The same of contacts whose rows lack nothing."""
    value = facts.standing.reached(line, whole=True) if line else 0
    return Formula(_of_segment(at, "1"), value)


# --- all of it -----------------------------------------------------------------------------------


def needs(facts: Facts, at: Here, line: Line) -> Formula:
    """What a row still needs, in words; a tick if nothing."""
    key, own = at.place.name, at("lacks")
    waits = _WAITS.get(key)
    more = [*waits(facts, at)] if waits else []
    if waits:
        more.insert(0, (_word(facts, at, "settings"), f"{at.at.offered(SETTINGS_SET)}<>1"))
    waiting = "&".join(f'IF({test},", "&{word},"")' for word, test in more)
    every = f"{own}&{waiting}" if waiting else own
    ready = quoted(READY)
    if key == "contacts":
        mailed = answer(at("source"), at.at.offered(facts.choice("contacts", "source")))
        lost = f'AND(TRIM({at("email")})="",{mailed}<>"i",{mailed}<>"j")'
        ready = f"IF({lost},{quoted(facts.unsent)},{ready})"
    typed = "&".join(at(column) for column in facts.typed(key))
    told = f'IF({every}="",{ready},MID({every},3,300))'
    if key == "contacts":
        told = f'IF({at("about")}="",MID({own},3,300),{told})'
    return Formula(f'IFERROR(IF(TRIM({typed})="","",{told}),"")', facts.needed(key, line))


def _segment_waits(facts: Facts, at: Here) -> Parts:
    yield _word(facts, at, "asked"), f"{at('whole')}=0"


def _contact_waits(facts: Facts, at: Here) -> Parts:
    sound = f'{at.all("segments", "lacks")}=""'
    ids = f'{at.all("segments", "id")}<>""'
    any_ = count(f"{at.all('segments', 'account')}={at('account')}", ids, sound)
    some = "+".join(_there(at, n, sound) for n in range(1, _NAMED + 1))
    found = f'IF(TRIM({at("segments")})="",{any_},{some})'
    yield _word(facts, at, "segment_open"), f"{found}=0"


def _account_waits(facts: Facts, at: Here) -> Parts:
    ready = count(
        f"{at.all('segments', 'account')}={at('id')}",
        f"{at.all('segments', 'needs')}={quoted(READY)}",
    )
    none, nobody = f"N({at('segments')})=0", f"N({at('asked')})=0"
    some = f"IF({none},FALSE,{ready}=0)"
    yield _word(facts, at, "segment"), none
    yield _word(facts, at, "asked"), f"IF({nobody},{some},FALSE)"
    yield _word(facts, at, "segment_open"), f"IF({nobody},FALSE,{some})"


_WAITS: dict[str, Callable[[Facts, Here], Parts]] = {
    "accounts": _account_waits,
    "segments": _segment_waits,
    "contacts": _contact_waits,
}
