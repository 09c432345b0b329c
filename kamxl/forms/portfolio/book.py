"""Portfolio.xlsx: what customers say of us, and with whom we grow and how, over all accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Book, Sheet
from kamxl.forms.paper.parts import unbroken
from kamxl.forms.portfolio.accounts import accounts_sheet, accounts_table
from kamxl.forms.portfolio.actions import actions_sheet, actions_table
from kamxl.forms.portfolio.benchmark import benchmark_sheet, benchmark_table, requirements_table
from kamxl.forms.portfolio.benefits import benefit_sums, benefits_sheet, benefits_table
from kamxl.forms.portfolio.beside import emptied, settled_formulas, written
from kamxl.forms.portfolio.carrying import Carried, Tables, carried, keys_of, stamped
from kamxl.forms.portfolio.chase import chase_sheet, chase_table, tallies_table
from kamxl.forms.portfolio.contacts import contacts_sheet, contacts_table
from kamxl.forms.portfolio.contents import colored, contents_sheet, way_back
from kamxl.forms.portfolio.dashboard import dashboard_sheet
from kamxl.forms.portfolio.data import data_sheet, data_table
from kamxl.forms.portfolio.drivers import drivers_sheet, drivers_table
from kamxl.forms.portfolio.earlier import Earlier
from kamxl.forms.portfolio.fields import fields_sheet, fields_table
from kamxl.forms.portfolio.follow import follow_sheet, follow_table, sides_table
from kamxl.forms.portfolio.highlights import news_sheet
from kamxl.forms.portfolio.improving import sums_table
from kamxl.forms.portfolio.intake import attention_cell, intake_sheet, intake_table
from kamxl.forms.portfolio.links import Links
from kamxl.forms.portfolio.lists import Lists, lists_of
from kamxl.forms.portfolio.map import map_sheet, map_table
from kamxl.forms.portfolio.matrix import heatmap_sheet, heatmap_table
from kamxl.forms.portfolio.own import Keys
from kamxl.forms.portfolio.parts import order_alarm
from kamxl.forms.portfolio.position import position_sheet, position_table
from kamxl.forms.portfolio.programmes import programmes_sheet, programmes_table
from kamxl.forms.portfolio.raters import raters_sheet, raters_table
from kamxl.forms.portfolio.rivals import overall_table, rivals_sheet, rivals_table
from kamxl.forms.portfolio.segments import segments_sheet, segments_table
from kamxl.forms.portfolio.selection import selection_sheet, selection_table
from kamxl.forms.portfolio.sizes import SIZES, Sizes, settle, told
from kamxl.forms.portfolio.talks import talks_sheet, talks_table
from kamxl.forms.portfolio.trend import trend_sheet, trend_table
from kamxl.forms.portfolio.trying import Trial
from kamxl.forms.portfolio.views import views_sheet, views_table
from kamxl.forms.portfolio.voices import wishes_sheet, wishes_table
from kamxl.forms.portfolio.whatif import tried_table, whatif_sheet, whatif_table
from kamxl.forms.tables.shown import ShownTable, laid_out
from kamxl.wording.texts import Texts, texts


def book(
    portfolio: Portfolio, language: str, stamp: datetime, remarks: Mapping[str, str],
    sizes: Sizes = SIZES,
) -> Book:  # fmt: skip
    """The portfolio's workbook, complete. ``remarks``: account id to what the manager wrote.

    Remarks whose account is gone are kept as rows at the end of *Accounts*. ``sizes``: above which
    tables hold values.
    """
    return _made(portfolio, texts(language), stamp, remarks, sizes)[0]


def keys_in(portfolio: Portfolio, language: str) -> dict[str, Keys]:
    """By what one's own entries are told from ours in earlier portfolios: before this one is made,
    for which their remarks have to be known.
    """
    t = texts(language)
    lists = lists_of(portfolio, t, whole=False)
    return keys_of(_tables(portfolio, t, lists, {}))


def carried_on(
    portfolio: Portfolio,
    language: str,
    stamp: datetime,
    remarks: Mapping[str, str],
    earlier: Sequence[Earlier],
    sizes: Sizes = SIZES,
) -> tuple[Book, Carried]:
    """The same, and with all else that a manager typed into earlier ones, the oldest first."""
    t = texts(language)
    trials = [one.trial for one in earlier]
    made, tables, away = _drawn(portfolio, t, stamp, remarks, trials, sizes)
    found = carried(made, tables, earlier, t)
    return made, replace(found, answers=partial(written, away, t)) if away else found


def _made(
    portfolio: Portfolio, t: Texts, stamp: datetime, remarks: Mapping[str, str],
    sizes: Sizes = SIZES,
) -> tuple[Book, Tables]:  # fmt: skip
    """The book of which nothing is carried on, and the tables whose rows are somebody's."""
    return _drawn(portfolio, t, stamp, remarks, (), sizes)[:2]


def _drawn(
    portfolio: Portfolio, t: Texts, stamp: datetime, remarks: Mapping[str, str],
    trials: Sequence[Trial | None], sizes: Sizes,
) -> tuple[Book, Tables, ShownTable[Any, Any] | None]:  # fmt: skip
    """The book, the tables whose rows are somebody's, and that whose rows stand beside the book."""
    lists = lists_of(portfolio, t, trials)
    block = map_table(portfolio, t)
    shown = _tables(portfolio, t, lists, remarks)
    settle(shown, sizes, len(portfolio.accounts), len(lists.evidence))
    (
        accounts, selection, position, segments, fields, heatmap, drivers, whatif, rivals, views,
        talks, wishes, follow, contacts, programmes, benefits, actions, chase, trend, compared,
        intake, raters, data,
    ) = shown  # fmt: skip
    sums = sums_table(drivers, t, lists)
    tried = tried_table(whatif, t, lists, own=any(trials))
    overall = overall_table(rivals, lists)
    sides, gained = sides_table(follow, portfolio, t), benefit_sums(benefits, portfolio, t)
    asked = requirements_table(compared, lists.benchmarks)
    counted = tallies_table(chase, portfolio, t)
    at = laid_out(
        t.language, block, accounts, selection, position, segments, fields, heatmap, drivers,
        sums, whatif, tried, rivals, overall, views, talks, wishes, follow, sides, contacts,
        programmes, benefits, gained, actions, chase, counted, trend, compared, asked, intake,
        raters, data,
    )  # fmt: skip
    sheets = [
        map_sheet(block, portfolio, t),
        accounts_sheet(accounts, portfolio, t),
        selection_sheet(selection, at, portfolio, t),
        position_sheet(position, portfolio, t),
        segments_sheet(segments, portfolio, t),
        fields_sheet(fields, at, portfolio, t),
        heatmap_sheet(heatmap, portfolio, t),
        drivers_sheet(drivers, sums, portfolio, t, lists),
        whatif_sheet(whatif, tried, at, portfolio, t),
        rivals_sheet(rivals, overall, portfolio, t, lists),
        views_sheet(views, portfolio, t),
        talks_sheet(talks, at, portfolio, t),
        wishes_sheet(wishes, portfolio, t),
        follow_sheet(follow, sides, portfolio, t),
        contacts_sheet(contacts, portfolio, t, lists),
        programmes_sheet(programmes, at, portfolio, t, lists),
        benefits_sheet(benefits, gained, portfolio, t),
        actions_sheet(actions, at, portfolio, t),
        chase_sheet(chase, counted, portfolio, t),
        trend_sheet(trend, portfolio, t, lists),
        benchmark_sheet(compared, asked, portfolio, t),
        intake_sheet(intake, at, portfolio, t),
        raters_sheet(raters, portfolio, t),
        data_sheet(data, portfolio, t, away=sizes.away(data)),
    ]
    sheets.append(news_sheet(at, portfolio, t, attention_cell(intake.sheet), Links(sheets)))
    first = dashboard_sheet(at, portfolio, t, block, Links(sheets))
    order_alarm(first, (segments, raters, data), t)
    told(sheets, shown, t, sizes)
    made = _bound([*sheets, first], portfolio, t, stamp)
    away = data if sizes.away(data) else None
    return made, _stamped(made, shown, away), away


def _stamped(
    made: Book, shown: Sequence[ShownTable[Any, Any]], away: ShownTable[Any, Any] | None
) -> Tables:
    """The tables by their sheets, which tell what is on them; ``away``: its rows are not there."""
    tables = {table.key: table for table in shown}
    if away is not None:
        settled_formulas(made.sheets, away.sheet)
        tables[away.key] = emptied(away)
    stamped(made, tables)
    return tables


def _bound(sheets: list[Sheet], portfolio: Portfolio, t: Texts, stamp: datetime) -> Book:
    """The sheets in their order, with a list of them to which each leads back."""
    contents = contents_sheet(sheets, portfolio, t)
    ordered = colored([*sheets, contents])
    for sheet in ordered:
        way_back(sheet, contents, t)
        unbroken(sheet)
    title = t("portfolio.document", company=portfolio.settings.company, period=portfolio.period)
    return Book(ordered, stamp, t.language, title)


def _tables(
    portfolio: Portfolio, t: Texts, lists: Lists, remarks: Mapping[str, str]
) -> tuple[ShownTable[Any, Any], ...]:
    """The tables whose rows are somebody's, declared and not yet drawn."""
    return (
        accounts_table(portfolio, t, remarks),
        selection_table(portfolio, t),
        position_table(portfolio, t),
        segments_table(portfolio, t, lists),
        fields_table(portfolio, t),
        heatmap_table(portfolio, t),
        drivers_table(portfolio, t, lists),
        whatif_table(portfolio, t, lists),
        rivals_table(portfolio, t, lists),
        views_table(portfolio, t),
        talks_table(portfolio, t),
        wishes_table(portfolio, t, lists),
        follow_table(portfolio, t),
        contacts_table(portfolio, t, lists),
        programmes_table(t, lists),
        benefits_table(portfolio, t),
        actions_table(portfolio, t, lists),
        chase_table(portfolio, t),
        trend_table(portfolio, t),
        benchmark_table(portfolio, t, lists.benchmarks),
        intake_table(portfolio, t),
        raters_table(portfolio, t, lists),
        data_table(t, lists),
    )
