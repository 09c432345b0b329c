"""The grounds of a verdict in words, held against its basis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kamxl.core.method.basis import Lead
from kamxl.wording.texts import Texts


def wrong_grounds(lead: Lead, said: str, t: Texts) -> Iterator[str]:
    """What a sentence says of a basis that is not so."""
    basis, of = lead.basis, t("portfolio.fields.of")
    if basis.enough:
        told = re.search(rf"\((?:(\d+) {of}|alle|all) (\d+)\)", said)
        if told is None:
            yield f"no raters in {said!r}"
            return
        raters, every = int(told[1] or told[2]), int(told[2])
        if (raters, every) != (basis.raters, basis.of):
            yield f"{basis.raters} of {basis.of} are {raters} of {every} in {said!r}"
        shares = re.findall(r"(\d+) ?%", said)
        if [abs(int(share) - 100 * basis.weights) < 1 for share in shares] != [True]:
            yield f"{basis.weights} is not in {said!r}"
    elif basis.of and not said.startswith(
        t("portfolio.grounds.not_comparable", missing="").strip()
    ):
        yield f"a verdict without a basis: {said!r}"
    elif not basis.of and said:
        yield f"grounds of nothing: {said!r}"
