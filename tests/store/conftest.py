from datetime import date

import pytest

from kamxl.core.records.register import AskedRequirement, CardOrder, Competitor
from kamxl.core.roles import Role


@pytest.fixture
def order() -> CardOrder:
    return CardOrder(
        account="ACME",
        account_name="Ärmel & Söhne",
        segment="pumps",
        segment_name="Pumpen",
        respondent="c1",
        respondent_name="Ada Beispiel",
        period="2026-H1",
        language="de",
        company="Muster AG",
        requirements=(
            AskedRequirement("q", "Quality", 60, ("schlecht", "mittel", "gut")),
            AskedRequirement("p", "Preis"),
        ),
        competitors=(Competitor("borel", "Borel"),),
        role=Role.PURCHASER,
        due=date(2026, 5, 31),
    )
