"""What a card says of us and the competitor it compares: as formulas, and the words stored in them.

It says no more than the comparison rests on: below the line there is no verdict and nothing is
coloured, only what is missing. A lead is a positive number beside its word.
"""

from __future__ import annotations

from kamxl.core.method.basis import ENOUGH, LEVEL_WITHIN, Lead, Verdict, percent_of
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.forms.paper.book import Conditional, Formula, Scalar, Slot, fixed_span, span
from kamxl.forms.paper.idioms import DASH, quoted, worded
from kamxl.forms.paper.style import BEHIND
from kamxl.forms.scorecard.filled import Filled, state
from kamxl.forms.scorecard.grid import ResultGrid
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

    def __init__(self, grid: ResultGrid, texts: Texts, answers: str) -> None:
        self._grid, self._texts, self._answers = grid, texts, answers
        self._verdict = grid.fact("verdict")

    def name_label(self) -> Formula:
        """What stands above the name: "best competitor" is a verdict, too."""
        judged, unjudged = self._grid.fact("judged"), self._grid.fact("unjudged")
        text = f"IF(ISNUMBER({self._verdict}),{judged},{unjudged})"
        return Formula(text, Slot("best_label.result"))

    def name(self, nobody: str, slot: str) -> Formula:
        """The competitor compared, or to whom we could be compared; else ``nobody``."""
        if not self._grid.size.competitors:
            return Formula(nobody, Slot(slot))
        return Formula(f"IF({self._grid.fact('best')}=0,{nobody},{self._best()})", Slot(slot))

    def _best(self) -> str:
        """Its name, as the table of suppliers has it."""
        grid = self._grid
        names = fixed_span(grid.supplier_row(0), 2, grid.supplier_row(grid.size.competitors), 2)
        return f"INDEX({names},{grid.fact('best')}+1,1)"

    def label(self) -> Formula:
        """What stands above the points: our lead, or by how much we are behind."""
        words = (quoted(self._texts(_R + key)) for key in _LABELS)
        return Formula(_by_verdict(self._verdict, *words), Slot("lead_label.result"))

    def points(self) -> Formula:
        """The points between us, without a sign; in words if they are too few for one."""
        points, level = f"ABS({self._grid.fact('lead')})", quoted(self._texts(_R + "level"))
        text = _by_verdict(self._verdict, points, points, level, DASH)
        return Formula(text, Slot("lead.result"))

    def sentence(self) -> Formula:
        """What may be said, and over how much of the weights; else what is missing."""
        fact, figures = self._grid.fact, {"share": whole_percent(self._grid.fact("share"))}
        said = {
            key: worded(self._texts, _R + key, figures | {"name": self._best()}, _LINES)
            for key in (*(f"sentence_{word}" for word in _WORDS), "sentence_share")
        }
        weights, points = (quoted(self._texts(f"{_R}sentence_{k}")) for k in ("weights", "points"))
        nobody = f"IF({fact('sum')}>0,{points},{weights})"
        judged = _by_verdict(
            self._verdict, *(said[f"sentence_{word}"] for word in _WORDS), said["sentence_share"]
        )
        one = f"IF({fact('best')}=0,{nobody},{judged})"
        return Formula(f'IF(COUNT({self._answers})=0,"",{one})', Slot("sentence.result"))

    def word(self, j: int, key: str, total: str) -> Formula:
        """Ahead, behind or level beside competitor ``j``; not yet, if it is rated at all."""
        words = (quoted(self._texts(_R + word)) for word in _WORDS)
        none = f'IF(ISNUMBER({total}),{quoted(self._texts(_R + "not_yet"))},"")'
        text = _by_verdict(self._grid.contest("verdict", j), *words, none)
        return Formula(text, Slot(f"word.{key}"))

    def apart(self, j: int, key: str) -> Formula:
        """The points between us and competitor ``j``, without a sign."""
        lead, judged = (self._grid.contest(name, j) for name in ("lead", "verdict"))
        return Formula(f'IF(ISNUMBER({judged}),ABS({lead}),"")', Slot(f"apart.{key}"))

    def colors(self) -> list[Conditional]:
        """The colour of "behind", where that is the verdict."""
        grid, first = self._grid, self._grid.supplier_row(1)
        tile = span(grid.TILE_VALUES, 7, grid.TILE_VALUES, 7)
        found = [_behind(tile, self._verdict)]
        if grid.size.competitors:
            last = grid.supplier_row(grid.size.competitors)
            judged = "$" + grid.contest("verdict", 1).replace("$", "")
            found.append(_behind(span(first, 5, last, 5), judged))
            found.append(_behind(span(first, 7, last, 7), judged))
        return found


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


def said_of(filled: Filled, said: Texts) -> dict[str, Scalar]:
    """The stored values of the tiles and the sentence, by slot (without ".result")."""
    named = "" if filled.order.named_rivals else "_alternative"
    lead = filled.lead
    judged = said(f"scorecard.table.best{named}")
    unjudged = said(f"scorecard.table.rival{named}")
    points = None if lead.points is None else abs(lead.points)
    level = said(_R + "level")
    return {
        "best_label": unjudged if lead.verdict is None else judged,
        "best": filled.best_name or "–",
        "lead_label": said(_R + _chosen(lead, *_LABELS)),
        "lead": "–" if points is None else level if lead.verdict is Verdict.LEVEL else points,
        "sentence": _sentence(filled, said),
    }


def _chosen(lead: Lead, ahead: str, behind: str, level: str, none: str) -> str:
    if lead.verdict is None:
        return none
    return {Verdict.AHEAD: ahead, Verdict.BEHIND: behind, Verdict.LEVEL: level}[lead.verdict]


def _sentence(filled: Filled, said: Texts) -> str:
    if state(filled) == "empty":
        return ""
    if not filled.best:
        return said(f"{_R}sentence_{'points' if filled.card.weights_sum > 0 else 'weights'}")
    key = _chosen(filled.lead, *_WORDS, "share")
    share = percent_of(filled.lead.basis.weights)
    return said(f"{_R}sentence_{key}", name=filled.best_name, share=share, **_LINES)


def word_of(filled: Filled, rival: str, said: Texts) -> str:
    """What stands beside a competitor in the table of suppliers."""
    none = "" if filled.card.total(rival) is None else said(_R + "not_yet")
    key = _chosen(filled.over(rival), *_WORDS, "")
    return said(_R + key) if key else none


def own_label(share: float | None, said: Texts) -> str:
    """What stands above our total: over how much of the weights, if not over all."""
    if share is None or round(share - 1, TIE_DIGITS) >= 0:
        return said("scorecard.table.our_result")
    return said("scorecard.table.our_result_over", share=percent_of(share))


def own_label_formula(coverage: str, texts: Texts) -> Formula:
    """The same as a formula."""
    share = {"share": whole_percent(coverage)}
    over = worded(texts, "scorecard.table.our_result_over", share)
    whole = quoted(texts("scorecard.table.our_result"))
    part = f"IF(ROUND({coverage}-1,{TIE_DIGITS})<0,{over},{whole})"
    return Formula(f"IF(ISNUMBER({coverage}),{part},{whole})", Slot("own_label"))
