"""Portfolios for tests: the sample register with made-up answers, always the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

from kamxl.core.cards.asking import orders
from kamxl.core.finding import Fate, finding
from kamxl.core.ids import US
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.method.selection import Answer, Candidate, GrowthCondition
from kamxl.core.portfolio.chasing import Chase, Reached, in_turn
from kamxl.core.portfolio.following import PageOut
from kamxl.core.portfolio.standing import wish_id
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.page import (
    Asks,
    BenefitAnswer,
    Fit,
    Outcome,
    PageAnswers,
    PageBenefit,
    PageRow,
    ReplyPage,
    RowAnswer,
    RowKind,
    Seen,
)
from kamxl.core.records.register import (
    SELECTION_WEIGHTS,
    Account,
    Answers,
    AskedRequirement,
    CardOrder,
    Competitor,
    Effort,
    FileResult,
    ListedCompetitor,
    Register,
    Reply,
    Segment,
    Settings,
    Wish,
)
from kamxl.workflow.start.sample import PERIOD, sample
from tests.forms.portfolio_plans import AS_OF, crowded_plan, plans

STAMP = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
EARLIER = "2026-H1"
SILENT = ("CALDERBY", "OSTRAVINE")
LATE = ("STEINHUB",)  # answered in the earlier period only
HOSTILE = '=HYPERLINK("http://evil.example","x")'
SHOWN = PageBenefit("V1", "Stillstand der Linie 3", "h", 40.0, 25.0)


def number(*parts: object, low: int, high: int) -> int:
    """A number between ``low`` and ``high`` that depends on ``parts`` alone."""
    # a key as the plain values in it, those that tell cards apart: nothing else decides
    plain = (tuple(part)[:4] if isinstance(part, tuple) else part for part in parts)
    digest = sha256("|".join(map(str, plain)).encode()).digest()
    return low + int.from_bytes(digest[:4], "big") % (high - low + 1)


def card_of(order: CardOrder, seed: str = "") -> Scorecard:
    """A complete card; some requirements and rivals are left unrated."""
    ids = [r.id for r in order.requirements]
    who = order.respondent if order.account in ("KORNGOLD", "MOLTIDE") else ""
    raw = [number(seed, order.account + who, i, "w", low=5, high=30) for i in ids]
    weights = [round(100 * w / sum(raw)) for w in raw]
    weights[-1] += 100 - sum(weights)
    requirements = tuple(
        Requirement(r.id, r.label, float(w), r.minimum)
        for r, w in zip(order.requirements, weights, strict=True)
    )
    ratings: dict[str, dict[str, float | None]] = {}
    for supplier in order.suppliers:
        level = number(seed, order.account, supplier.id, low=50, high=78)
        ratings[supplier.id] = {
            i: None
            if number(seed, order.key, supplier.id, i, "blank", low=0, high=14) == 0
            else float(min(100, level + number(order.key, supplier.id, i, low=-20, high=22)))
            for i in ids
        }
    return Scorecard(requirements, ratings)


_WISHES = (
    ("Ansprechpartner wechseln zu oft", "Ein fester Techniker je Werk", 80.0),
    ("Angebote dauern drei Wochen", "Richtpreis binnen zwei Tagen", 65.0),
    ("Spare parts arrive without papers", "Papers by e-mail before delivery", 40.0),
)


def reply_of(order: CardOrder, seed: str = "") -> Reply:
    """A reply with comments, wishes and efforts."""
    card = card_of(order, seed)
    first = card.requirements[0].id
    comments = {first: f"Seit dem Umbau besser, aber noch nicht stabil ({order.respondent})."}
    picked = number(order.key, "wish", low=0, high=3)
    wishes = tuple(
        Wish(f"w{n}", issue, remedy, importance)
        for n, (issue, remedy, importance) in enumerate(_WISHES[:picked], 1)
    )
    efforts = (
        Effort("complicated", float(number(order.key, "e1", low=0, high=60))),
        Effort("time", float(number(order.key, "e2", low=10, high=80)), "Zu viele Rückfragen"),
        Effort("cost", None),
    )
    answers = Answers(
        card, comments, order.respondent_name, order.function, order.role, None, wishes, efforts
    )
    source = f"inbox/{order.period}/{order.account}--{order.segment}--{order.respondent}.xlsx"
    return Reply(source, order, answers, (), STAMP)


def partly(reply: Reply) -> Reply:
    """The reply with half of its ratings of us, one weight missing, the others off 100."""
    card = reply.answers.scorecard
    requirements = tuple(
        replace(r, weight=None if n == 0 else r.weight) for n, r in enumerate(card.requirements)
    )
    ratings = {
        s: {i: None if n % 2 and s == US else v for n, (i, v) in enumerate(by.items())}
        for s, by in card.ratings.items()
    }
    answers = replace(reply.answers, scorecard=Scorecard(requirements, ratings))
    return replace(reply, answers=answers)


def with_own(reply: Reply, label: str) -> Reply:
    """The reply with one more requirement, the customer's own."""
    card = reply.answers.scorecard
    requirements = (*card.requirements, Requirement("own1", label, 10.0))
    ratings = {s: {**by, "own1": 40.0 if s == US else 60.0} for s, by in card.ratings.items()}
    answers = replace(
        reply.answers,
        scorecard=Scorecard(requirements, ratings),
        comments={**reply.answers.comments, "own1": HOSTILE},
    )
    return replace(reply, answers=answers)


def register() -> Register:
    """The sample register with a minimum, so that there are knock-outs."""
    found = sample("de")
    requirements = tuple(
        replace(r, asked=replace(r.asked, minimum=62.0))
        if r.asked.id in ("SAFE", "DELIV", "REACT")
        else r
        for r in found.requirements
    )
    return replace(found, requirements=requirements)


def asked(of: Register, period: str) -> tuple[CardOrder, ...]:
    return orders(of, period, lambda language: "Beste Alternative")


def replies(of: Register) -> list[Reply]:
    """Answers of two periods: most accounts now, some late, some silent, some imperfect."""
    found = []
    for order in asked(of, PERIOD):
        if order.account in (*SILENT, *LATE):
            continue
        reply = reply_of(order)
        if order.account in ("LUMENTA", "HOLLOWMERE"):
            reply = partly(reply)
        if order.account == "MOLTIDE":
            reply = with_own(reply, f"Anliegen von {order.respondent}")
        found.append(reply)
    early = [o for o in asked(of, EARLIER) if o.account not in (*SILENT, "PAPYRON")]
    return found + [reply_of(order, "early") for order in early]


def files(answered: Sequence[Reply]) -> list[FileResult]:
    """An intake in which every fate occurs."""
    found = []
    for n, reply in enumerate(r for r in answered if r.order.period == PERIOD):
        order = reply.order
        card = reply.answers.scorecard
        findings = (finding("number-text", sheet="Scorecard", cell="D19", value="gut"),)
        found.append(
            FileResult(
                reply.source,
                reply.source,
                "scorecard",
                Fate.PROVISIONAL if card.provisional else Fate.ACCEPTED,
                order.account,
                order.segment,
                order.respondent,
                reply.answers.name,
                order.period,
                findings if card.provisional and n % 2 else (),
                order,
                reply.answers,
            )
        )
    odd = (
        ("inbox/Bild.xlsx", "unknown", Fate.ATTENTION, ("unreadable",)),
        ("inbox/Antwort Müller.xlsx", "scorecard", Fate.ATTENTION, ("mark-altered",)),
        ("inbox/alt/Kopie.xlsx", "scorecard", Fate.IGNORED, ("duplicate-file",)),
        ("inbox/~$Antwort.xlsx", "unknown", Fate.IGNORED, ("owner-file",)),
    )
    for path, kind, fate, codes in odd:
        made = tuple(finding(code, of="inbox/x.xlsx") for code in codes)
        found.append(FileResult(path, path, kind, fate, findings=made))
    return found


def full() -> Portfolio:
    """About 15 accounts, two languages, two periods, plans, everything that may go wrong."""
    of = register()
    answered = replies(of)
    sent, pages = reply_pages(answered)
    made = assemble(
        of, PERIOD, answered, files(answered), plans(of, answered), AS_OF, pages=pages, sent=sent
    )
    return replace(made, chase=chase(of, answered))


def reply_pages(answered: Sequence[Reply]) -> tuple[list[PageOut], list[Reply]]:
    """Pages that answer the cards of the earlier period, and this one's wishes; half come back."""
    sent, pages = [], []
    for n, reply in enumerate(answered):
        order, card = reply.order, reply.answers.scorecard
        if order.period == PERIOD and n % 3:
            continue
        weakest = sorted(card.requirements, key=lambda r: card.rating(US, r.id) or 100.0)[:2]
        rows = [
            PageRow(r.id, RowKind.GAP, r.label, f"Wir kümmern uns um {r.label}", "", "Tilo Brandis")
            for r in weakest
        ]
        rows += [
            PageRow(wish_id(reply, w), RowKind.WISH, w.issue, w.remedy, due=AS_OF)
            for w in reply.answers.wishes[:1]
        ]
        page = ReplyPage(f"d{n}", order.period, tuple(rows), (SHOWN,))
        out = replace(order, asks=Asks.REPLY, page=page, requirements=(), competitors=())
        sent.append(PageOut(out, date(2026, 7, 1 + n % 28)))
        if n % 2:
            continue
        said = PageAnswers(
            tuple(
                RowAnswer(row.id, list(Fit)[(n + m) % 3], list(Outcome)[(n // 2 + m) % 3])
                for m, row in enumerate(rows)
            ),
            (BenefitAnswer("V1", list(Seen)[n // 2 % 4], 1000.0 * n),),
        )
        answers = Answers(Scorecard((), {}), name=order.respondent_name, page=said)
        pages.append(Reply(f"inbox/reply{n}.xlsx", out, answers, (), STAMP))
    return sent, pages


def chase(of: Register, answered: Sequence[Reply]) -> tuple[Chase, ...]:
    """Every card of the period: answered, and all else that may become of one."""
    managers = {account.id: account.manager for account in of.accounts}
    done = {reply.order.key for reply in answered}
    others = [state for state in Reached if state is not Reached.ANSWERED]
    return in_turn(
        Chase(
            managers[o.account], o.account, o.account_name, o.segment, o.segment_name, o.respondent,
            o.respondent_name, o.respondent_email, None if n % 9 == 8 else date(2026, 10, 1 + n),
            Reached.ANSWERED if o.key in done else others[n % 4],
        )
        for n, o in enumerate(asked(of, PERIOD))
    )  # fmt: skip


def unplanned() -> Portfolio:
    """Answers and a selection, and nobody has made a plan."""
    of = register()
    answered = replies(of)
    return assemble(of, PERIOD, answered, files(answered))


def unchosen() -> Portfolio:
    """Answers, and neither a selection nor a plan: the portfolio of the first days."""
    of = replace(register(), candidates=(), selection_weights={})
    answered = replies(of)
    return assemble(of, PERIOD, answered, files(answered))


def empty() -> Portfolio:
    """A register nobody has answered yet."""
    return assemble(replace(register(), candidates=()), PERIOD, (), ())


def single() -> Portfolio:
    """One account, one reply."""
    of = register()
    reply = next(r for r in replies(of) if r.order.account == "BRACKENLEY")
    one = replace(
        of,
        accounts=tuple(a for a in of.accounts if a.id == "BRACKENLEY"),
        segments=tuple(s for s in of.segments if s.account == "BRACKENLEY")[:1],
    )
    return assemble(one, PERIOD, [reply], files([reply])[:1])


def crowd(accounts: int = 60, rivals: int = 12) -> Portfolio:
    """Many accounts, each with its own requirement, and many competitors."""
    settings = Settings("Nordwerk Anlagenbau", "en", PERIOD)
    competitors = tuple(Competitor(f"R{n:02}", f"Rivalis {n} Engineering") for n in range(rivals))
    made, answered = [], []
    for n in range(accounts):
        own = Account(f"K{n:03}", f"Kundenwerk Nummer {n} Verwaltungsgesellschaft", "de", "A. Sorg")
        made.append(own)
        asks = (
            AskedRequirement("Q1", "Preis"),
            AskedRequirement("Q2", "Lieferzuverlässigkeit"),
            AskedRequirement("Q3", "Sicherheit des Systems", 40.0),
            AskedRequirement(f"X{n % 29}", f"Sonderwunsch Nummer {n % 29}"),
        )
        order = CardOrder(
            own.id, own.name, "S1", "Anlagen", "P1", f"Person {n}", PERIOD, "de",
            "Nordwerk Anlagenbau", asks, competitors[n % 4 : n % 4 + 9],
        )  # fmt: skip
        answered.append(reply_of(order))
    segments = tuple(Segment(a.id, "S1", "Anlagen", 1000.0 + n) for n, a in enumerate(made))
    candidates = tuple(candidate_of(a.id, n) for n, a in enumerate(made))
    of = Register(
        settings, tuple(made), segments, (), (), (), candidates=candidates,
    )  # fmt: skip
    planned = [crowded_plan(a.id, a.name, n) for n, a in enumerate(made[::2])]
    return assemble(of, PERIOD, answered, files(answered), planned, AS_OF)


def candidate_of(account: str, n: int) -> Candidate:
    """Many that are level, some unknown, answers of every kind."""
    ratings: dict[str, float | None] = {
        c: None if n % 11 == 0 and c != "revenue" else float(50 + 10 * (n % 5))
        for c in SELECTION_WEIGHTS
    }
    answers = (Answer.YES, Answer.YES, Answer.PARTLY, Answer.UNKNOWN, Answer.NO)
    conditions = {c.value: answers[(n + m) % 5] for m, c in enumerate(GrowthCondition)}
    return Candidate(account, "", ratings, conditions, days=float(n))


def odd() -> Portfolio:
    """Ids that look like numbers, dates and truth values; weights and ratings at their limits."""
    ids = ("1", "01", "1e5", "1-2", "TRUE", "id")
    cards: tuple[tuple[tuple[float | None, float | None, float | None], ...], ...] = (
        ((0.0, 50.0, 60.0), (0.0, 70.0, 60.0), (None, 10.0, None)),  # no positive weight
        ((50.0, 70.0, 50.0), (50.0, 50.0, 70.0), (0.0, 0.0, 100.0)),  # level
        ((100.0, None, 80.0), (0.0, 40.0, None), (None, 40.0, None)),  # rated where it is worth 0
        ((None, None, None), (None, None, None), (None, 99.0, 1.0)),  # no weight at all
        ((33.33, 100.0, 100.0), (33.33, 0.0, 100.0), (33.33, 61.7, 12.9)),
        ((1.0, 88.0, None), (2.0, 77.0, None), (90.0, None, 66.0)),  # nothing in common
    )
    accounts, segments, answered = [], [], []
    for n, own in enumerate(ids):
        accounts.append(Account(own, f"Werk {own}"))
        for m in range(3):
            segments.append(Segment(own, ids[m], f"Segment {m}", (0.0, 0.0, 70.0 * n)[m]))
            for who in range(1 + (n + m) % 3):
                rows = cards[(n + m + who) % len(cards)]
                asks = tuple(AskedRequirement(i, f"Frage {i}", 55.0) for i in ids[:3])
                rivals = (Competitor("01", "Nullwerk"), Competitor("sum", "Sum & Söhne"))
                order = CardOrder(
                    own, f"Werk {own}", ids[m], f"Segment {m}", f"P{who}", f"Person {who}",
                    PERIOD, "en", "Wir", asks, rivals,
                )  # fmt: skip
                card = Scorecard(
                    tuple(
                        Requirement(r.id, r.label, w[0]) for r, w in zip(asks, rows, strict=True)
                    ),
                    {
                        US: {r.id: w[1] for r, w in zip(asks, rows, strict=True)},
                        "01": {r.id: w[2] for r, w in zip(asks, rows, strict=True)},
                        "sum": {asks[0].id: rows[0][2]},
                    },
                )
                source = f"inbox/{own}-{m}-{who}.xlsx"
                answered.append(Reply(source, order, Answers(card, name=order.respondent_name)))
    of = Register(Settings("Wir", "en", PERIOD), tuple(accounts), tuple(segments), (), (), ())
    return assemble(of, PERIOD, answered, files(answered))


def duel(rows: Sequence[tuple[float, float, float | None]]) -> Portfolio:
    """One account that rates us and Borel on "One", "Two", ...: weight, us, Borel."""
    labels = ("One", "Two", "Three")[: len(rows)]
    asks = tuple(AskedRequirement(f"R{n}", label) for n, label in enumerate(labels))
    order = CardOrder(
        "A", "Account", "S", "Segment", "P", "Person", PERIOD, "en", "We", asks,
        (Competitor("BOREL", "Borel"),),
    )  # fmt: skip
    card = Scorecard(
        tuple(Requirement(r.id, r.label, w[0]) for r, w in zip(asks, rows, strict=True)),
        {
            US: {r.id: w[1] for r, w in zip(asks, rows, strict=True)},
            "BOREL": {r.id: w[2] for r, w in zip(asks, rows, strict=True)},
        },
    )
    segments = (Segment("A", "S", "Segment", 1.0),)
    met = (ListedCompetitor("A", "S", Competitor("BOREL", "Borel")),)
    of = Register(Settings("We", "en", PERIOD), (Account("A", "Account"),), segments, (), (), met)
    return assemble(of, PERIOD, [Reply("a.xlsx", order, Answers(card))], ())


# Portfolios of every kind, by a word for what is special about each.
KINDS = {
    "full": full,
    "unplanned": unplanned,
    "unchosen": unchosen,
    "empty": empty,
    "single": single,
    "crowd": crowd,
    "odd": odd,
}
