"""A chart of a manager's that Excel named as it names ours."""

from types import SimpleNamespace

import pytest

from kamxl.excel.live.charts import fit
from kamxl.forms.paper.book import Chart, Series, Sheet


def sheet_with(kind="bar", description="what it shows"):
    """A sheet of ours with a chart."""
    series = (Series("A", "'S'!$B$2:$B$5", "'S'!$A$2:$A$5"),)
    chart = Chart(kind, "D2", "H9", series, description=description)
    return Sheet("s", "S", charts=[chart])


def live_with(text, kind="bar_clustered"):
    shape = SimpleNamespace(ShapeRange=SimpleNamespace(AlternativeText=text))
    return SimpleNamespace(
        charts=[SimpleNamespace(name="Chart 1", chart_type=kind, api=(shape, None))]
    )


@pytest.mark.parametrize(("text", "fits"), [("what it showed", True), ("", False), (None, True)])
def test_only_what_is_described_is_ours(text, fits):
    assert fit(live_with(text), sheet_with(), moved=False) is fits


def test_where_nobody_tells_the_name_counts():
    live = SimpleNamespace(charts=[SimpleNamespace(name="Chart 1", chart_type="bar_clustered")])
    assert fit(live, sheet_with(), moved=False)
