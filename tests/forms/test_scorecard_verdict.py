"""A card says no more than its comparison rests on, whatever is typed into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from kamxl.core.cards.shown import shown_card
from kamxl.core.ids import US
from kamxl.core.records.register import Answers, Requirement, Scorecard
from kamxl.forms.paper.style import BEHIND
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard.grid import CardSize, size_of, supplier_keys
from kamxl.wording.texts import texts
from tests.forms.cards import LANGUAGES, MARK, answers, order, random_answers

NAMED = order("de", 5, 3, ids=("b", "C", "A.1"))
ALTERNATIVE = order("en", 5, named=False)
CLAIMS = ("ahead", "behind", "level")
_R = "scorecard.result."


def compared(told: Answers, rival: str) -> tuple[float | None, float, float | None]:
    """Our lead, the share of the weights it rests on, and the rival's total, as typed."""
    card = told.scorecard
    weights = {r.id: r.weight for r in card.requirements if r.weight is not None}
    whole, us, them = sum(weights.values()), card.ratings[US], card.ratings[rival]
    theirs = [i for i in weights if them[i] is not None]
    both = [i for i in theirs if us[i] is not None]

    def mean(ids: list[str], points: Mapping[str, Any]) -> float | None:
        weight = sum(weights[i] for i in ids)
        return sum(weights[i] * points[i] for i in ids) / weight if weight > 0 else None

    lead = mean(both, {i: us[i] - them[i] for i in both})
    share = sum(weights[i] for i in both) / whole if whole > 0 else 0.0
    return lead, share, mean(theirs, them)


def strength(told: Answers, rival: str) -> float:
    rows = [
        (r.weight**2, told.scorecard.ratings[rival][r.id])
        for r in told.scorecard.requirements
        if r.weight is not None and told.scorecard.ratings[rival][r.id] is not None
    ]
    return sum(w * r for w, r in rows) / sum(w for w, _ in rows)


def best_of(told: Answers, rivals: list[str], doubted: set[str]) -> str | None:
    """The best competitor by its definition; there is no lead over a doubted one."""
    of = {rival: compared(told, rival) for rival in rivals}
    sure = {r: one for r, one in of.items() if r not in doubted}
    enough = {
        r: lead for r, (lead, share, _) in sure.items() if lead is not None and share > 0.5 - 1e-9
    }
    rated = {r: -total for r, (_, _, total) in of.items() if total is not None}
    ranked = [
        (round(by, 9), -round(strength(told, r), 9), r.casefold(), r)
        for r, by in (enough or rated).items()
    ]
    return min(ranked)[3] if ranked else None


@pytest.mark.proof
@pytest.mark.parametrize("asked", [NAMED, ALTERNATIVE], ids=["named", "alternative"])
@given(data=st.data())
def test_no_word_claims_more_than_its_basis(asked: Any, data: st.DataObject) -> None:
    told = data.draw(random_answers(asked))
    said, found = texts(asked.language), scorecard.values(shown_card(asked), MARK, told)
    rivals = {c.id: key for c, key in zip(asked.competitors, supplier_keys(size_of(asked))[1:],
                                          strict=True)}  # fmt: skip
    # a column of low ratings alone is on another scale perhaps: its own test says when
    doubted = {rival for rival, key in rivals.items() if found[f"doubt.{key}"]}
    for rival, key in rivals.items():
        lead, share, _ = compared(told, rival)
        lead = None if rival in doubted else lead
        verdict = (
            None if lead is None or share < 0.5 - 1e-9 else 0 if abs(lead) < 3 - 1e-9 else lead
        )
        claims = {said(_R + word) for word in CLAIMS}
        if verdict is None:
            assert found[f"word.{key}"] not in claims
            assert found[f"apart.{key}"] == found[f"verdict.{key}"] == ""
        else:
            word = "level" if verdict == 0 else "ahead" if verdict > 0 else "behind"
            assert found[f"word.{key}"] == said(_R + word)
            assert found[f"apart.{key}"] == pytest.approx(abs(lead or 0), abs=1e-9)
    best = best_of(told, list(rivals), doubted)
    assert (found["fact.best"] or None) == (list(rivals).index(best) + 1 if best else None)
    lead, share, _ = compared(told, best) if best else (None, 0.0, None)
    judged = lead is not None and share >= 0.5 - 1e-9 and best not in doubted
    event("judged" if judged else "not judged")
    sentence = str(found["sentence.result"])
    if not judged:
        assert found["lead.result"] in ("–", "")
        assert found["lead_label.result"] == said(f"{_R}label_apart")
        short = {"name": found["best.result"], "share": int(round(100 * share, 9)), "enough": 50}
        missing = {said(f"{_R}sentence_{why}") for why in ("weights", "points")}
        when = said(f"{_R}empty", sheet=said("scorecard.table.sheet"))
        missing |= {said(f"{_R}sentence_doubt", sheet=said("scorecard.table.sheet"))}
        assert sentence in {when, said(f"{_R}sentence_share", **short)} | missing
        assert all(found[f"sorted.lead.{i}"] == "" for i in range(size_of(asked).rows))
        if asked.named_rivals:
            assert found["best_label.result"] != said("scorecard.table.best")
    else:
        percent = f" {int(round(100 * share, 9))}"
        assert f"{percent}%" in sentence or f"{percent} %" in sentence  # as each language has it
        assert found["lead.result"] == said(f"{_R}level") or float(found["lead.result"]) >= 3 - 1e-9  # type: ignore[arg-type]


def half(share: float) -> Answers:
    """A rival rated on this share of the weights, and nobody else."""
    told = answers(NAMED)
    rows = tuple(
        Requirement(r.id, r.label, weight)
        for r, weight in zip(
            told.scorecard.requirements, (share, 100 - share, None, None, None), strict=True
        )
    )
    ratings = {s: {r.id: 80.0 if s == US or (s == "b" and r is rows[0]) else None for r in rows}
               for s in told.scorecard.suppliers}  # fmt: skip
    ratings["b"][rows[0].id] = 40.0
    return replace(told, scorecard=Scorecard(rows, ratings))


@pytest.mark.parametrize(("share", "judged"), [(50, True), (49.9, False), (10, False)])
def test_the_line_is_half_of_the_weights(share: float, judged: bool) -> None:
    said, found = texts("de"), scorecard.values(shown_card(NAMED), MARK, half(share))
    assert found["best.result"] == NAMED.competitors[0].name
    assert found["best_label.result"] == ("Bester Mitbewerber" if judged else "Mitbewerber")
    assert found["lead.result"] == (40 if judged else "–")
    assert found["lead_label.result"] == ("Vorsprung" if judged else "Abstand")
    assert ("noch nicht vergleichbar" in str(found["sentence.result"])) is not judged
    assert f"{int(share)} % der Gewichte" in str(found["sentence.result"])
    assert found["rank.us"] == (1 if judged else "")  # of one alone there is no rank
    assert found["word.c1"] == said(_R + ("ahead" if judged else "not_yet"))
    assert found["word.c2"] == ""


def test_what_is_missing_is_said() -> None:
    def sentence(weight: float | None, us: float | None, rival: float | None) -> object:
        told = answers(NAMED)
        rows = tuple(replace(r, weight=weight) for r in told.scorecard.requirements)
        by = {US: us, "b": rival}
        ratings = {s: {r.id: by.get(s) for r in rows} for s in told.scorecard.suppliers}
        told = replace(told, scorecard=Scorecard(rows, ratings))
        return scorecard.values(shown_card(NAMED), MARK, told)["sentence.result"]

    assert str(sentence(None, None, None)).startswith("Diese Seite füllt sich, sobald")
    assert sentence(None, 80, 70) == "Noch nicht vergleichbar: Es fehlen Gewichte."
    assert (
        sentence(20, 80, None) == "Noch nicht vergleichbar: Es fehlen Punkte für andere Anbieter."
    )
    assert "Für beide bewertet sind 0 % der Gewichte" in str(sentence(20, None, 70))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_title_and_no_colour_is_a_verdict_of_its_own(language: str) -> None:
    """The pictures name whom they compare by a cell; only a verdict's own cell colours."""
    size = CardSize(5, 3)
    sheet = scorecard.book(language, size).sheet("result")
    said = texts(language)
    titles = [str(chart.title) for chart in sheet.charts]
    assert not any(said("scorecard.table.best") in title for title in titles)
    assert sheet.charts[0].series[1].title_ref is not None
    colours = [c.formula for c in sheet.conditionals if c.color == BEHIND]
    assert colours
    assert all("ISNUMBER" in formula for formula in colours)
