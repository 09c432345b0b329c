"""What a card says of us and the competitor it compares: as formulas, and the words stored in them.

It says no more than the comparison rests on: below the line there is no verdict and nothing is
coloured, only what is missing. A lead is a positive number beside its word.
"""

from __future__ import annotations

from kamxl.core.method.basis import ENOUGH, LEVEL_WITHIN, Lead, Verdict, percent_of
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.forms.paper.book import Conditional, Formula, Scalar, Slot, span
from kamxl.forms.paper.idioms import DASH, quoted, worded
from kamxl.forms.paper.style import ACCENT_SOFT, BEHIND, INK, WARN_SOFT
from kamxl.forms.scorecard.calculation import shortened
from kamxl.forms.scorecard.filled import Filled
from kamxl.forms.scorecard.grid import ResultGrid
from kamxl.forms.scorecard.numbers import Numbers
from kamxl.wording.texts import Texts

_R = "scorecard.result."
_LINES = {"level": LEVEL_WITHIN, "enough": 100 * ENOUGH}
_LABELS = ("label_ahead", "label_behind", "label_apart", "label_apart")
_WORDS = ("ahead", "behind", "level")


def whole_percent(share: str) -> str:
    """A share in whole per cent, as ``percent_of`` has it."""
    return f"INT(ROUND(100*{share},{TIE_DIGITS}))"


# -- as formulas -------------------------------------------------------------------------------


class Formulas:
    """What stands on the sheet *Result*; the other sheet refers to these cells."""

    def __init__(self, grid: ResultGrid, texts: Texts) -> None:
        self._grid, self._texts = grid, texts
        self._verdict = grid.fact("verdict")
        self._us = grid.contest("short", 0)
        self._empty = nothing_yet(Numbers(grid.size))

    def name_label(self) -> Formula:
        """What stands above the name: "best competitor" is a verdict, too."""
        judged, unjudged = self._grid.fact("judged"), self._grid.fact("unjudged")
        text = f"IF(ISNUMBER({self._verdict}),{judged},{unjudged})"
        return Formula(text, Slot("best_label.result"))

    def name(self) -> Formula:
        """The competitor compared, or to whom we could be compared; else a dash."""
        best = self._grid.fact("best")
        text = f'IF({best}=0,IF({self._empty},"",{DASH}),{self._best()})'
        return Formula(text, Slot("best.result"))

    def header(self) -> Formula:
        """Its name above its ratings."""
        best, nobody = self._grid.fact("best"), self._grid.fact("unjudged")
        named = f"IF({best}=0,{nobody},{self._best()})" if self._grid.size.competitors else nobody
        return Formula(named, Slot("rival.header"))

    def us_header(self) -> Formula:
        """Our name above our ratings."""
        return Formula(self._us, Slot("us.header"))

    def against_us(self) -> Formula:
        """What stands above the words on each competitor."""
        words = worded(self._texts, _R + "compared", {"us": self._us})
        return Formula(words, Slot("compared.result"))

    def _best(self) -> str:
        """Its name, as sentences have it."""
        return f"INDEX({self._grid.of_all('short')},{self._grid.fact('best')}+1,1)"

    def label(self) -> Formula:
        """What stands above the points: our lead, or by how much we are behind."""
        words = (quoted(self._texts(_R + key)) for key in _LABELS)
        return Formula(_by_verdict(self._verdict, *words), Slot("lead_label.result"))

    def points(self) -> Formula:
        """The points between us, without a sign; in words if they are too few for one."""
        points, level = f"ABS({self._grid.fact('lead')})", quoted(self._texts(_R + "level"))
        none = f'IF({self._empty},"",{DASH})'
        text = _by_verdict(self._verdict, points, points, level, none)
        return Formula(text, Slot("lead.result"))

    def sentence(self) -> Formula:
        """What may be said, and over how much of the weights; else what is missing."""
        fact, empty = self._grid.fact, self.empty()
        empty = f"{empty},IF({self._grid.doubt_of_best()}=1,{quoted(doubt_words(self._texts))}"
        if not self._grid.size.competitors:
            return Formula(f'IF({self._empty},{empty},""))', Slot("sentence.result"))
        share = whole_percent(fact("share"))
        figures = {"share": share, "name": self._best(), "us": self._us}
        said = {
            key: worded(self._texts, _R + key, figures, _LINES)
            for key in (*(f"sentence_{word}" for word in _WORDS), "sentence_share")
        }
        weights, points = (quoted(self._texts(f"{_R}sentence_{k}")) for k in ("weights", "points"))
        nobody = f"IF({fact('sum')}>0,{points},{weights})"
        judged = _by_verdict(
            self._verdict, *(said[f"sentence_{word}"] for word in _WORDS), said["sentence_share"]
        )
        one = f"IF({fact('best')}=0,{nobody},{judged})"
        return Formula(f"IF({self._empty},{empty},{one}))", Slot("sentence.result"))

    def empty(self) -> str:
        """When a page without numbers will fill."""
        return quoted(empty_words(self._texts))

    def words_of(self, j: int, key: str) -> dict[str, Formula]:
        """What is said of competitor ``j`` in the table of suppliers; nothing of ourselves."""
        if not j:
            none = {"common": '""', "apart": '""', "word": '""'}
            return {name: Formula(text, Slot(f"{name}.{key}")) for name, text in none.items()}
        return {"apart": self._apart(j, key), "word": self._word(j, key)}

    def _word(self, j: int, key: str) -> Formula:
        """Ahead, behind or level beside competitor ``j``; not yet, if it is rated at all."""
        total = self._grid.contest("total", j)
        words = (quoted(self._texts(_R + word)) for word in _WORDS)
        none = f'IF(ISNUMBER({total}),{quoted(self._texts(_R + "not_yet"))},"")'
        text = _by_verdict(self._grid.contest("verdict", j), *words, none)
        return Formula(text, Slot(f"word.{key}"))

    def _apart(self, j: int, key: str) -> Formula:
        """The points between us and competitor ``j``, without a sign."""
        lead, judged = (self._grid.contest(name, j) for name in ("lead", "verdict"))
        return Formula(f'IF(ISNUMBER({judged}),ABS({lead}),"")', Slot(f"apart.{key}"))

    def colors(self) -> list[Conditional]:
        """The colour of "behind", where that is the verdict."""
        grid, first = self._grid, self._grid.supplier_row(0)
        tile = span(grid.TILE_VALUES, 7, grid.TILE_VALUES, 7)
        if not grid.size.competitors:
            return []
        last = grid.supplier_row(grid.size.competitors)
        listed = "$" + grid.contest("listed", 0).replace("$", "")
        judged = f"INDEX({grid.of_all('verdict')},{listed},1)"
        columns = (span(first, column, last, column) for column in (5, 7))
        return [_behind(tile, self._verdict), *(_behind(cells, judged) for cells in columns)]

    def unfilled(self) -> Conditional:
        """While there is nothing to show, or in doubt, the line that says so stands out."""
        grid = self._grid
        cells = span(grid.SENTENCE, 1, grid.SENTENCE, grid.LAST_COLUMN)
        return Conditional(
            cells,
            formula=f"OR({self._empty},{grid.doubt_of_best()}=1)",
            fill=WARN_SOFT,
            color=INK,
            bold=True,
        )

    def ours(self) -> Conditional:
        """Our own line stands out, wherever it is in the table."""
        grid = self._grid
        first, last = grid.supplier_row(0), grid.supplier_row(grid.size.competitors)
        listed = "$" + grid.contest("listed", 0).replace("$", "")
        cells = span(first, 1, last, grid.LAST_COLUMN if grid.size.competitors else 4)
        return Conditional(cells, formula=f"{listed}=1", fill=ACCENT_SOFT, bold=True)


def _by_verdict(verdict: str, *said: str) -> str:
    """What is said if we are ahead, behind, level, or if there is no verdict."""
    ahead, behind, level, none = said
    judged = f"IF({verdict}>0,{ahead},IF({verdict}<0,{behind},{level}))"
    return f"IF(ISNUMBER({verdict}),{judged},{none})"


def _behind(cells: str, verdict: str) -> Conditional:
    return Conditional(cells, formula=f"AND(ISNUMBER({verdict}),{verdict}<0)", color=BEHIND)


def part_behind(cells: str) -> Conditional:
    """A requirement's part of the lead shows as "behind" if it alone is more than level."""
    first = cells.split(":")[0]
    formula = f"AND(ISNUMBER({first}),ROUND({first}+{LEVEL_WITHIN:g},{TIE_DIGITS})<=0)"
    return Conditional(cells, formula=formula, color=BEHIND)


# -- what is stored ------------------------------------------------------------------------------


def nothing_yet(numbers: Numbers) -> str:
    """A test: whether there is no number yet to show."""
    return f"COUNT({numbers.all()})=0"


def empty_words(said: Texts) -> str:
    """When a page will fill that has no numbers to show yet."""
    return said(_R + "empty", sheet=said("scorecard.table.sheet"))


def doubt_words(said: Texts) -> str:
    """What stands in place of a sentence on numbers that are in doubt."""
    return said(_R + "sentence_doubt", sheet=said("scorecard.table.sheet"))


def said_of(filled: Filled, said: Texts) -> dict[str, Scalar]:
    """The stored values of the tiles and the sentence, by slot (without ".result")."""
    named = "" if filled.order.named_rivals else "_alternative"
    lead = filled.lead
    judged = said(f"scorecard.table.best{named}")
    unjudged = said(f"scorecard.table.rival{named}")
    points = None if lead.points is None else abs(lead.points)
    level, none = said(_R + "level"), "" if filled.nothing else "–"
    return {
        "best_label": unjudged if lead.verdict is None else judged,
        "best": shortened(filled.best_name) or none,
        "lead_label": said(_R + _chosen(lead, *_LABELS)),
        "lead": none if points is None else level if lead.verdict is Verdict.LEVEL else points,
        "sentence": _sentence(filled, said),
        "compared": said(_R + "compared", us=shortened(filled.order.company)),
    }


def _chosen(lead: Lead, ahead: str, behind: str, level: str, none: str) -> str:
    if lead.verdict is None:
        return none
    return {Verdict.AHEAD: ahead, Verdict.BEHIND: behind, Verdict.LEVEL: level}[lead.verdict]


def _sentence(filled: Filled, said: Texts) -> str:
    if filled.nothing:
        return empty_words(said)
    if filled.in_doubt(filled.best_index):
        return doubt_words(said)
    if not filled.size.competitors:
        return ""
    if not filled.best:
        return said(f"{_R}sentence_{'points' if filled.card.weights_sum > 0 else 'weights'}")
    key = _chosen(filled.lead, *_WORDS, "share")
    share = percent_of(filled.lead.basis.weights)
    names = {"name": shortened(filled.best_name), "us": shortened(filled.order.company)}
    return said(f"{_R}sentence_{key}", share=share, **names, **_LINES)


def word_of(filled: Filled, rival: str, said: Texts) -> str:
    """What stands beside a competitor in the table of suppliers."""
    none = "" if filled.card.total(rival) is None else said(_R + "not_yet")
    key = _chosen(filled.over(rival), *_WORDS, "")
    return said(_R + key) if key else none


def own_label(company: str, share: float | None, said: Texts) -> str:
    """What stands above our total: over how much of the weights, if not over all."""
    us = shortened(company)
    if share is None or round(share - 1, TIE_DIGITS) >= 0:
        return said("scorecard.table.our_result", us=us)
    return said("scorecard.table.our_result_over", us=us, share=percent_of(share))


def own_label_formula(grid: ResultGrid, texts: Texts) -> Formula:
    """The same as a formula."""
    coverage, us = grid.contest("coverage", 0), {"us": grid.contest("short", 0)}
    share = {"share": whole_percent(coverage)}
    over = worded(texts, "scorecard.table.our_result_over", us | share)
    whole = worded(texts, "scorecard.table.our_result", us)
    part = f"IF(ROUND({coverage}-1,{TIE_DIGITS})<0,{over},{whole})"
    return Formula(f"IF(ISNUMBER({coverage}),{part},{whole})", Slot("own_label"))
