"""What comes back in the demo: mostly good answers, and one of each thing that goes wrong."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import PurePosixPath

from kamxl.core.ids import US
from kamxl.core.period import Period
from kamxl.core.records.register import Answers, CardOrder, Scorecard
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book, Sheet
from kamxl.forms.paper.raw import a1
from kamxl.forms.scorecard.grid import TableGrid, size_of
from kamxl.forms.tables.mark import Mark
from kamxl.mail.message import Draft, Person, draft, short_name
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.cards import CardPress, mark_of
from kamxl.workflow.demo import edits as demo_edits
from kamxl.workflow.demo.answers import answer, pick

_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SILENT = 2  # accounts that have not answered


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that came back: its path under inbox/, its bytes, and when it was saved."""

    path: str
    data: bytes
    saved: datetime


Quirk = Callable[[CardOrder], Iterator[Sent]]


class Customers:
    """Plays everybody who got a card. ``now`` is the day the answers are read."""

    def __init__(self, workspace: Workspace, now: datetime, press: CardPress) -> None:
        self._workspace, self._now, self._press = workspace, now, press

    def replies(self, current: Sequence[CardOrder]) -> Iterator[Sent]:
        """Everything that comes back for the cards of the period."""
        accounts = accounts_of(current)
        groups = [[o for o in current if o.account == a] for a in accounts[:-SILENT]]
        others = [group[n] for n in range(1, len(current)) for group in groups if n < len(group)]
        yield from self._with([group[0] for group in groups], self._first_quirks())
        yield from self._with(others, self._other_quirks(accounts))
        yield self._stranger(current[0].language)

    def earlier(self, orders: Iterable[CardOrder]) -> Iterator[Sent]:
        """What came back for the cards of the period before."""
        for order in orders:
            yield from self._earlier(order)

    def of_earlier(self, accounts: Sequence[str]) -> list[str]:
        """The accounts that answered in the period before; one of them has not answered since."""
        return [*accounts[:4], accounts[-SILENT]]

    def misplaced(self, current: Sequence[CardOrder]) -> Sent:
        """An answer that never reached the inbox."""
        order = next(o for o in current if o.account == accounts_of(current)[-1])
        return self._sent(order, answer(order, self._day(4)), 4)

    def _with(self, orders: Sequence[CardOrder], quirks: Sequence[Quirk]) -> Iterator[Sent]:
        """One quirk each as long as there are any; then good answers, but not from everybody."""
        for place, order in enumerate(orders):
            if place < len(quirks):
                yield from quirks[place](order)
            elif pick(5, order.key.plain) or place < len(quirks) + 6:
                yield from self._good(order)

    def _first_quirks(self) -> list[Quirk]:
        return [self._twice_the_same, self._weights_95, self._percent, self._sorted, self._renamed]

    def _other_quirks(self, accounts: Sequence[str]) -> list[Quirk]:
        def forged(order: CardOrder) -> Iterator[Sent]:
            victim = next(account for account in accounts if account != order.account)
            mark = replace(mark_of(self._workspace, order), account=victim)
            yield self._sent(order, answer(order, self._day(3)), 3, mark=mark)

        return [self._half, self._later, self._forwarded, forged, self._picture, self._vague]

    # --- what can come back ----------------------------------------------------------------------

    def _good(self, order: CardOrder) -> Iterator[Sent]:
        yield self._sent(order, answer(order, self._day(9)), 9 - pick(6, order.key.plain))

    def _twice_the_same(self, order: CardOrder) -> Iterator[Sent]:
        """The same mail, saved twice."""
        sent = self._sent(order, answer(order, self._day(8)), 8)
        yield sent
        path = PurePosixPath(sent.path)
        yield replace(sent, path=f"{path.stem} (1){path.suffix}")

    def _weights_95(self, order: CardOrder) -> Iterator[Sent]:
        given = answer(order, self._day(7))
        rows = given.scorecard.requirements
        heaviest = max(range(len(rows)), key=lambda i: rows[i].weight or 0)
        lighter = [
            replace(r, weight=(r.weight or 0) - 5) if i == heaviest else r
            for i, r in enumerate(rows)
        ]
        card = Scorecard(lighter, given.scorecard.ratings)
        yield self._sent(order, replace(given, scorecard=card), 7)

    def _percent(self, order: CardOrder) -> Iterator[Sent]:
        """Percent signs typed; it comes as the mail it was attached to."""
        sent = self._unnumbered(order, 0, "{:g} %", reckoned=True)
        said = texts(order.language)
        mail = Draft(
            said("demo.mail_subject", segment=order.segment_name),
            said("demo.mail_text"),
            f"<p>{said('demo.mail_text')}</p>",
            Person(order.sender_name, order.sender_email),
            Person(order.respondent_name, order.respondent_email),
            ((short_name(sent.path), sent.data),),
        )
        path = PurePosixPath(sent.path).with_suffix(".eml")
        posted = f"Date: {format_datetime(sent.saved)}\r\n".encode()
        data = posted + draft(mail).replace(b"X-Unsent: 1\r\n", b"")
        yield replace(sent, path=str(path), data=data)

    def _vague(self, order: CardOrder) -> Iterator[Sent]:
        yield self._unnumbered(order, 1, "ca. {:g}")

    def _sorted(self, order: CardOrder) -> Iterator[Sent]:
        """The rows sorted by weight, heaviest first, with all that is typed beside."""
        given = answer(order, self._day(6))
        weight = {r.id: r.weight or 0 for r in given.scorecard.requirements}
        rows = sorted(order.requirements, key=lambda asked: -weight[asked.id])
        mark = mark_of(self._workspace, order)
        yield self._sent(replace(order, requirements=tuple(rows)), given, 6, mark=mark)

    def _renamed(self, order: CardOrder) -> Iterator[Sent]:
        """Under another name, in a sub-folder: the mark knows whose it is."""
        said = texts(order.language)
        sent = self._sent(order, answer(order, self._day(5)), 5)
        yield replace(sent, path=f"{said('demo.folder')}/{said('demo.renamed')}.xlsx")

    def _half(self, order: CardOrder) -> Iterator[Sent]:
        """Weighted to the end, rated to the middle."""
        given = answer(order, self._day(5))
        rows = given.scorecard.requirements
        kept = {r.id for r in rows[: (len(rows) + 1) // 2]}
        ratings = {
            s: {i: points for i, points in by.items() if i in kept}
            for s, by in given.scorecard.ratings.items()
        }
        card = Scorecard(rows, ratings)
        yield self._sent(order, replace(given, scorecard=card), 5)

    def _later(self, order: CardOrder) -> Iterator[Sent]:
        """A first answer, and a second one a few days later."""
        first = answer(order, self._day(8))
        yield self._sent(order, first, 8)
        better = Scorecard(
            first.scorecard.requirements,
            {
                s: {i: p and min(100.0, p + 5) for i, p in by.items()}
                for s, by in first.scorecard.ratings.items()
            },
        )
        second = self._sent(order, replace(first, scorecard=better, rated_on=self._day(4)), 4)
        yield replace(second, path=_renamed(second.path, texts(order.language)("demo.second")))

    def _forwarded(self, order: CardOrder) -> Iterator[Sent]:
        """The addressee and the colleague she forwarded her card to, both in one zip file."""
        own = next(self._good(order))
        colleague = texts(order.language)("demo.colleague")
        sent = self._sent(order, answer(order, self._day(4), name=colleague), 4)
        yield _zipped([own, replace(sent, path=_renamed(sent.path, colleague))])

    def _picture(self, order: CardOrder) -> Iterator[Sent]:
        """A photograph of the printed card, called a workbook."""
        yield Sent(self._name(order), _PICTURE, self._day_time(3))

    def _earlier(self, order: CardOrder) -> Iterator[Sent]:
        days = max((self._now - _end_of(order)).days + 20, 30)
        sent = self._sent(order, answer(order, self._day(days)), days)
        yield replace(sent, path=f"{order.period}/{sent.path}")

    def _stranger(self, language: str) -> Sent:
        said = texts(language)
        sheet = Sheet("prices", said("demo.prices"))
        for row, (name, price) in enumerate((("A 100", 12.5), ("B 200", 18), ("C 300", 7.9)), 1):
            sheet.put(row, 1, name)
            sheet.put(row, 2, price)
        book = Book([sheet], self._day_time(10), language)
        return Sent(f"{said('demo.prices')}.xlsx", render(build(book)), self._day_time(10))

    # --- how it is made --------------------------------------------------------------------------

    def _sent(
        self, order: CardOrder, answers: Answers, days: int, *, mark: Mark | None = None
    ) -> Sent:
        data = self._press.press(order, mark or mark_of(self._workspace, order), answers)
        return Sent(self._name(order), data, self._day_time(days))

    def _unnumbered(
        self, order: CardOrder, place: int, spelled: str, *, reckoned: bool = False
    ) -> Sent:
        """A card with one rating of ours typed as a text: its points as they are ``spelled``.

        ``reckoned``: the sheet takes that for a number.
        """
        given = answer(order, self._day(6))
        own, asked = given.scorecard.ratings[US], order.requirements[place].id
        ratings = {**given.scorecard.ratings, US: {**own, asked: own[asked] if reckoned else None}}
        without = replace(given, scorecard=Scorecard(given.scorecard.requirements, ratings))
        sent, grid = self._sent(order, without, 6), TableGrid(size_of(order))
        sheet, cell = texts(order.language)("scorecard.table.sheet"), a1(grid.row(place), grid.us)
        text = spelled.format(own[asked])
        return replace(sent, data=demo_edits.typed_into(sent.data, sheet, cell, text, sent.saved))

    def _name(self, order: CardOrder) -> str:
        ids = (order.account, order.segment, order.respondent)
        return self._workspace.card_path(order.period, *ids).name

    def _day_time(self, days: int) -> datetime:
        return self._now - timedelta(days=days)

    def _day(self, days: int) -> date:
        return self._day_time(days).date()


def accounts_of(orders: Sequence[CardOrder]) -> list[str]:
    """Whom the cards are about, each account once, in order."""
    return list(dict.fromkeys(order.account for order in orders))


def _renamed(path: str, addition: str) -> str:
    name = PurePosixPath(path)
    return f"{name.stem} {addition}{name.suffix}"


def _zipped(sent: Sequence[Sent]) -> Sent:
    """Several files as one zip, called like the first and saved with the last."""
    made, last = io.BytesIO(), max(one.saved for one in sent)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sent:
            archive.writestr(zipfile.ZipInfo(one.path, one.saved.timetuple()[:6]), one.data)
    return Sent(str(PurePosixPath(sent[0].path).with_suffix(".zip")), made.getvalue(), last)


def _end_of(order: CardOrder) -> datetime:
    """The last day of the card's period."""
    period = Period.parse(order.period)
    if period is None:
        raise ValueError(f"{order.period!r} is no period")
    return datetime.combine(period.last_day, time(), UTC)
