"""The sheet Wishes: what customers said, where it was asked and beside the cells."""

from __future__ import annotations

from dataclasses import replace

from kamxl.core.records.remark import Remark
from kamxl.forms.portfolio.voices import said_beside, voices
from kamxl.wording.texts import texts
from tests.forms import portfolio_sample as sample


def test_words_beside_the_cells_stand_below_the_wishes_of_their_card() -> None:
    known = sample.single()
    account = known.accounts[0]
    segment = account.segments[0]
    reply = segment.replies[0]
    told = (Remark("Scorecard", "L12", "=zu teuer"), Remark("Start", "", "rufen Sie an"))
    said = replace(reply, answers=replace(reply.answers, beside=told))
    heard = replace(
        known,
        accounts=(
            replace(account, segments=(replace(segment, replies=(said, *segment.replies[1:])),)),
        ),
    )
    more = voices(heard)[len(voices(known)) - len(voices(heard)) :]
    assert [voice.issue for voice in more] == ["=zu teuer", "rufen Sie an"]
    assert all(voice.wish is None and not voice.efforts for voice in more)
    assert [said_beside(texts("en"), remark) for remark in told] == [
        "Said beside the input cells: Scorecard!L12",
        "Said beside the input cells: Start",
    ]
