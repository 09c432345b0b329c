"""Portfolio.xlsx: what customers say of us, and with whom we grow and how, over all accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Book
from kamxl.forms.paper.style import ACCENT, FAINT, GOOD, INK, RIVAL
from kamxl.forms.portfolio.accounts import accounts_sheet
from kamxl.forms.portfolio.actions import actions_sheet
from kamxl.forms.portfolio.contacts import contacts_sheet
from kamxl.forms.portfolio.dashboard import dashboard_sheet
from kamxl.forms.portfolio.data import data_sheet
from kamxl.forms.portfolio.drivers import drivers_sheet
from kamxl.forms.portfolio.fields import fields_sheet
from kamxl.forms.portfolio.intake import intake_sheet
from kamxl.forms.portfolio.map import map_sheet
from kamxl.forms.portfolio.matrix import heatmap_sheet, trend_sheet
from kamxl.forms.portfolio.places import lay_out
from kamxl.forms.portfolio.position import position_sheet
from kamxl.forms.portfolio.programmes import programmes_sheet
from kamxl.forms.portfolio.rivals import rivals_sheet
from kamxl.forms.portfolio.segments import segments_sheet
from kamxl.forms.portfolio.selection import selection_sheet
from kamxl.forms.portfolio.views import views_sheet
from kamxl.forms.portfolio.voices import wishes_sheet
from kamxl.wording.texts import texts

_TABS = {
    "dashboard": INK,
    "map": INK,
    "accounts": ACCENT,
    "selection": GOOD,
    "position": GOOD,
    "segments": ACCENT,
    "fields": GOOD,
    "contacts": GOOD,
    "programmes": GOOD,
    "actions": GOOD,
    "competitors": RIVAL,
    "intake": FAINT,
    "data": FAINT,
}


def book(portfolio: Portfolio, language: str, stamp: datetime, remarks: Mapping[str, str]) -> Book:
    """The portfolio's workbook, complete. ``remarks``: account id to what the manager wrote.

    Remarks whose account is gone are kept as rows at the end of *Accounts*.
    """
    t = texts(language)
    places = lay_out(portfolio, t)
    intake = intake_sheet(portfolio, t)
    portfolio_map = map_sheet(portfolio, t, places)
    sheets = [
        dashboard_sheet(portfolio, t, places, intake, portfolio_map),
        portfolio_map,
        accounts_sheet(portfolio, t, places, remarks),
        selection_sheet(portfolio, t, places.growth),
        position_sheet(portfolio, t, places),
        segments_sheet(portfolio, t, places),
        fields_sheet(portfolio, t),
        heatmap_sheet(portfolio, t, places),
        drivers_sheet(portfolio, t, places),
        rivals_sheet(portfolio, t, places),
        views_sheet(portfolio, t, places),
        wishes_sheet(portfolio, t),
        contacts_sheet(portfolio, t, places.growth),
        programmes_sheet(portfolio, t, places.growth),
        actions_sheet(portfolio, t, places.growth),
        trend_sheet(portfolio, t),
        intake,
        data_sheet(portfolio, t, places),
    ]
    for sheet in sheets:
        sheet.tab_color = _TABS.get(sheet.key)
    title = t("portfolio.document", company=portfolio.settings.company, period=portfolio.period)
    return Book(sheets, stamp, t.language, title)
