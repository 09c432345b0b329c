"""An invented team with invented accounts: for ``kamxl init --sample`` and ``kamxl demo``.

Nobody in it exists; every address is under ``.example``. The five requirements of the seed
(Tab. 2.2: Leistungsfähigkeit des Systems ... Lieferzuverlässigkeit) lead its catalogue.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kamxl.core.method.gate import Answer, GrowthCondition
from kamxl.core.method.selection import Candidate, SelectionCriterion
from kamxl.core.portfolio.choosing import candidates_of
from kamxl.core.records.register import (
    Account,
    AskedRequirement,
    Competitor,
    Contact,
    ListedCompetitor,
    ListedRequirement,
    Register,
    Segment,
    Settings,
    TeamMember,
)
from kamxl.core.roles import Form, Role, Source

_ANSWERS = {"y": Answer.YES, "p": Answer.PARTLY, "n": Answer.NO, "?": Answer.UNKNOWN}

# account; points for revenue, philosophy, base load, potential, return, openness, no barriers
# (None: nobody has judged it); potential, growing, willing; days of account management a year
_JUDGED: tuple[tuple[str, tuple[float | None, ...], str, float | None], ...] = (
    ("MOLTIDE", (95, 75, 90, 70, 60, 80, 55), "yyy", 46),
    ("KORNGOLD", (60, 80, 55, 75, 65, 70, 60), "yyp", 22),
    ("AUENQUELL", (80, 30, 75, 25, 35, 20, 30), "pyp", 58),
    ("PHARADON", (75, 65, 60, 85, 80, 60, 45), "yyy", 30),
    ("STEINHUB", (30, 55, 30, 60, 50, 65, 50), "y?y", 12),
    ("LUMENTA", (40, 70, 35, 80, 60, 75, 70), "yyy", 9),
    ("FELDKRON", (None, 60, None, 70, None, 80, None), "yyy", 6),
    ("WERFTALIS", (15, 45, 20, 20, 40, 30, 50), "nyp", 14),
    ("PAPYRON", (45, 50, 50, 40, 55, 45, 60), "ppy", 18),
    ("BRACKENLEY", (70, 80, 65, 75, 70, 85, 65), "yyy", 34),
    ("HOLLOWMERE", (50, 65, 50, 60, 50, 55, 55), "yyp", 15),
    ("TRENTVALE", (65, 70, 55, 90, 75, 65, 60), "yyy", 26),
    ("OSTRAVINE", (25, 40, 25, 30, 45, 35, 40), "pyn", None),
    ("CALDERBY", (25, 75, 25, 70, 65, 80, 75), "yyp", 5),
    ("SILVERTARN", (40, 35, 45, 30, 30, 25, 35), "ppp", 24),
)


def candidates() -> tuple[Candidate, ...]:
    """Every account of the sample, as the team judges it."""
    return tuple(
        Candidate(
            account,
            ratings=dict(zip(SelectionCriterion, points, strict=True)),
            conditions={
                condition: _ANSWERS[told]
                for condition, told in zip(GrowthCondition, answers, strict=True)
            },
            days=days,
        )
        for account, points, answers, days in _JUDGED
    )


PERIOD = "2026-H2"
DUE = date(2026, 10, 30)

# id, German, English. The same ids in both languages: they are the same requirements.
_SYSTEMS = (
    ("PERF", "Leistungsfähigkeit des Systems", "Performance of the system"),
    ("SAFE", "Sicherheit des Systems", "Safety of the system"),
    ("PRICE", "Preis", "Price"),
    ("NORM", "Normung nach Standards", "Compliance with standards"),
    ("DELIV", "Lieferzuverlässigkeit", "Reliability of delivery"),
    ("USE", "Bedienbarkeit durch angelernte Kräfte", "Ease of use for trained operators"),
    ("ENERGY", "Energieverbrauch im Dauerbetrieb", "Energy consumption in continuous operation"),
    ("START", "Zeit bis zum stabilen Anlauf", "Time until stable production"),
)
_SERVICE = (
    ("REACT", "Reaktionszeit bei Stillstand", "Response time when a line stops"),
    ("PARTS", "Verfügbarkeit von Ersatzteilen", "Availability of spare parts"),
    ("SKILL", "Können der Techniker vor Ort", "Skill of the engineers on site"),
    ("PLAN", "Planbarkeit der Wartungsfenster", "Predictability of maintenance windows"),
    ("COST", "Kosten je Betriebsstunde", "Cost per operating hour"),
    ("REPORT", "Verständliche Berichte", "Reports that are easy to understand"),
)
_ANCHORS = {
    "PERF": (
        ("unter 80 % der zugesagten Leistung", "zugesagte Leistung erreicht", "10 % darüber"),
        ("below 80 % of the output agreed", "output agreed is reached", "10 % above it"),
    ),
    "DELIV": (
        (
            "jede zweite Lieferung verspätet",
            "9 von 10 pünktlich",
            "immer pünktlich und vollständig",
        ),
        ("every other delivery late", "9 out of 10 on time", "always on time and complete"),
    ),
    "REACT": (
        ("später als nach zwei Tagen", "am nächsten Tag", "innerhalb von vier Stunden"),
        ("later than after two days", "the next day", "within four hours"),
    ),
}
_NO_ANCHORS = ("", "", "")
_MINIMA = {"SAFE": 60.0, "NORM": 50.0, "REACT": 40.0}

# id, name, language, account manager
_ACCOUNTS = (
    ("MOLTIDE", "Moltide Molkereien eG", "de", "Jana Rehfeldt"),
    ("KORNGOLD", "Korngold Backwaren GmbH", "de", "Jana Rehfeldt"),
    ("AUENQUELL", "Auenquell Getränke AG", "de", "Jana Rehfeldt"),
    ("PHARADON", "Pharadon Arzneimittel GmbH", "de", "Tilo Brandis"),
    ("STEINHUB", "Steinhub Baustoffe KG", "de", "Tilo Brandis"),
    ("LUMENTA", "Lumenta Leuchten GmbH", "de", "Tilo Brandis"),
    ("FELDKRON", "Feldkron Saatgut AG", "de", "Jana Rehfeldt"),
    ("WERFTALIS", "Werftalis Schiffstechnik GmbH", "de", "Tilo Brandis"),
    ("PAPYRON", "Papyron Feinpapier GmbH", "de", "Tilo Brandis"),
    ("BRACKENLEY", "Brackenley Foods Ltd", "en", "Maeve Corrin"),
    ("HOLLOWMERE", "Hollowmere Brewing plc", "en", "Maeve Corrin"),
    ("TRENTVALE", "Trentvale Medical Devices Ltd", "en", "Maeve Corrin"),
    ("OSTRAVINE", "Ostravine Wines Inc", "en", "Maeve Corrin"),
    ("CALDERBY", "Calderby Paints Ltd", "en", "Maeve Corrin"),
    ("SILVERTARN", "Silvertarn Logistics Ltd", "en", "Maeve Corrin"),
)

# account, id, German or English name, revenue a year, catalogue ("": its own requirements), named
_SEGMENTS = (
    ("MOLTIDE", "LINIEN", "Abfülllinien", 2_400_000.0, "systems", True),
    ("MOLTIDE", "WARTUNG", "Wartung und Ersatzteile", 620_000.0, "service", True),
    ("MOLTIDE", "LEITTECHNIK", "Leittechnik und Daten", 310_000.0, "", True),
    ("KORNGOLD", "LINIEN", "Verpackungslinien", 1_150_000.0, "systems", True),
    ("AUENQUELL", "LINIEN", "Abfüllanlagen", 1_900_000.0, "systems", True),
    ("AUENQUELL", "WARTUNG", "Wartung", 280_000.0, "service", True),
    ("PHARADON", "REINRAUM", "Reinraumanlagen", 1_650_000.0, "systems", True),
    ("STEINHUB", "SACKWARE", "Absackanlagen", 540_000.0, "systems", True),
    ("LUMENTA", "MONTAGE", "Montageautomaten", 720_000.0, "systems", False),
    ("FELDKRON", "LINIEN", "Beutelverpackung", None, "systems", True),
    ("WERFTALIS", "WARTUNG", "Instandhaltung der Prüfstände", 190_000.0, "service", True),
    ("PAPYRON", "ROLLEN", "Rollenhandhabung", 860_000.0, "systems", True),
    ("BRACKENLEY", "LINES", "Packaging lines", 1_400_000.0, "systems", True),
    ("BRACKENLEY", "SERVICE", "Maintenance", 350_000.0, "service", True),
    ("HOLLOWMERE", "LINES", "Canning lines", 980_000.0, "systems", True),
    ("TRENTVALE", "CLEANROOM", "Clean room systems", 1_250_000.0, "systems", True),
    ("OSTRAVINE", "LINES", "Bottling line", 430_000.0, "systems", True),
    ("CALDERBY", "FILLING", "Filling stations", 510_000.0, "systems", True),
    ("SILVERTARN", "SORTING", "Sorting systems", 770_000.0, "systems", True),
)
_FEEDBACK = {
    ("MOLTIDE", "LINIEN"): "Seit Juni meldet unser Versand Verzögerungen am selben Tag; Ihr Punkt "
    "„Lieferzuverlässigkeit“ war der Anlass.",
    ("BRACKENLEY", "LINES"): "Since May a service engineer stays on site for the first week of "
    "production; your rating of the start-up was the reason.",
}

# account, segment, id, label: what only one segment asks for (PHARADON: more than is recommended)
_OWN = (
    ("MOLTIDE", "LEITTECHNIK", "OPEN", "Offene Schnittstellen"),
    ("MOLTIDE", "LEITTECHNIK", "UPTIME", "Verfügbarkeit der Leittechnik"),
    ("MOLTIDE", "LEITTECHNIK", "ACCESS", "Schutz vor fremdem Zugriff"),
    ("MOLTIDE", "LEITTECHNIK", "SUPPORT", "Erreichbarkeit der Fachleute"),
    ("MOLTIDE", "LEITTECHNIK", "PRICE", "Preis"),
    ("PHARADON", "REINRAUM", "VALID", "Unterstützung bei der Validierung"),
    ("PHARADON", "REINRAUM", "DOCS", "Vollständigkeit der Dokumentation"),
    ("PHARADON", "REINRAUM", "CLEAN", "Reinigbarkeit ohne Werkzeug"),
    ("PHARADON", "REINRAUM", "TRACE", "Rückverfolgbarkeit der Bauteile"),
    ("PHARADON", "REINRAUM", "AUDIT", "Auskunft bei Prüfungen"),
    ("TRENTVALE", "CLEANROOM", "VALID", "Support with validation"),
    ("TRENTVALE", "CLEANROOM", "DOCS", "Completeness of documentation"),
    ("PAPYRON", "ROLLEN", "GENTLE", "Schonender Umgang mit der Rolle"),
)

# account, id, name, function, role, source, segments
_R, _P = Role.REQUIRER, Role.PURCHASER
_CONTACTS = (
    ("MOLTIDE", "AKELLER", "Anke Kellermann", "Fertigung", _R, Source.MAILED, ()),
    ("MOLTIDE", "BVOSS", "Bernd Vosskamp", "Einkauf", _P, Source.MAILED, ("LINIEN", "WARTUNG")),
    ("MOLTIDE", "CDORN", "Clara Dornseif", "Qualität", _R, Source.MAILED, ("LINIEN",)),
    ("KORNGOLD", "DHEIM", "Dietmar Heimrath", "Fertigung", _R, Source.MAILED, ()),
    ("KORNGOLD", "ELANG", "Elif Langhoff", "Einkauf", _P, Source.MAILED, ()),
    ("AUENQUELL", "FREIM", "Frauke Reimers", "Geschäftsführung", _P, Source.JOINT, ()),
    ("AUENQUELL", "GTHAL", "Gero Thalbach", "Fertigung", _R, Source.MAILED, ()),
    ("PHARADON", "HWIND", "Heike Windisch", "Qualität", _R, Source.MAILED, ()),
    ("PHARADON", "IKRUG", "Ingo Krugmann", "Einkauf", _P, Source.MAILED, ()),
    ("STEINHUB", "JBERG", "Jörg Bergander", "Fertigung", _R, Source.MAILED, ()),
    ("LUMENTA", "KSOND", "Katrin Sonderegger", "Entwicklung", _R, Source.MAILED, ()),
    ("FELDKRON", "LMAHN", "Lars Mahnkopf", "Einkauf", _P, Source.MAILED, ()),
    ("WERFTALIS", "MOLTM", "Mona Oltmanns", "Fertigung", _R, Source.INTERVIEW, ()),
    ("PAPYRON", "NGRUB", "Nils Grubmüller", "Logistik", _R, Source.MAILED, ()),
    ("PAPYRON", "OPETR", "Olga Petrasch", "Einkauf", _P, Source.MAILED, ()),
    ("BRACKENLEY", "PASHW", "Petra Ashworthy", "Production", _R, Source.MAILED, ()),
    ("BRACKENLEY", "QMARL", "Quentin Marlowe-Tate", "Purchasing", _P, Source.MAILED, ("LINES",)),
    ("HOLLOWMERE", "RBYRD", "Ronan Byrdsall", "Production", _R, Source.MAILED, ()),
    ("TRENTVALE", "SLOCK", "Sunita Lockridge", "Quality", _R, Source.MAILED, ()),
    ("TRENTVALE", "TFENN", "Tobias Fennimore", "Purchasing", _P, Source.MAILED, ()),
    ("OSTRAVINE", "UCORB", "Una Corbetti", "Management", _P, Source.MAILED, ()),
    ("CALDERBY", "VSTAM", "Victor Stampwell", "Production", _R, Source.MAILED, ()),
    ("SILVERTARN", "WHART", "Wendy Hartnoll", "Logistics", _R, Source.MAILED, ()),
)

# The same without source and segments: whom the team knows and does not ask.
_ALSO_KNOWN = (
    ("MOLTIDE", "XBRAND", "Xenia Brandner", "Entwicklung", _R),
    ("MOLTIDE", "YHOLM", "Yannick Holmsen", "Geschäftsführung", _R),
    ("KORNGOLD", "ZECKE", "Zita Eckermann", "Vertrieb", _R),
    ("PHARADON", "AFINK", "Arne Finkbein", "Entwicklung", _R),
    ("PHARADON", "BSEIL", "Beate Seiling", "Finanzen", _P),
    ("LUMENTA", "CRAUH", "Cord Rauhmann", "Einkauf", _P),
    ("BRACKENLEY", "DWEST", "Dora Westerby", "Marketing", _R),
    ("BRACKENLEY", "EHALE", "Edmund Halewood", "Management", _P),
    ("TRENTVALE", "FQUIN", "Fiona Quinlan", "Development", _R),
    ("CALDERBY", "GPEND", "Gareth Pendrick", "Purchasing", _P),
)

# How mails address them: contact, form, title, own salutation. Of the others nothing is known.
_ADDRESSED = {
    "AKELLER": (Form.MS, "Dr.", ""),
    "BVOSS": (Form.MR, "", ""),
    "CDORN": (Form.MS, "", "Liebe Clara"),
    "DHEIM": (Form.MR, "", ""),
    "ELANG": (Form.MX, "", ""),
    "HWIND": (Form.MS, "Prof. Dr.", ""),
    "IKRUG": (Form.MR, "", ""),
    "NGRUB": (Form.MR, "Dr.", ""),
    "OPETR": (Form.MS, "", ""),
    "PASHW": (Form.MS, "", ""),
    "QMARL": (Form.MX, "", ""),
    "SLOCK": (Form.MS, "Dr.", ""),
    "TFENN": (Form.MR, "", "Dear Tobias"),
    "WHART": (Form.MS, "", ""),
}

# id, name, e-mail, telephone, function (German, English): the managers of the accounts, who write
_TEAM = (
    ("JR", "Jana Rehfeldt", "jana.rehfeldt@velmora.example", "+49 30 5550 0142",
     ("Leiterin Key Accounts", "Head of Key Accounts")),
    ("TB", "Tilo Brandis", "tilo.brandis@velmora.example", "+49 30 5550 0157",
     ("Key Account Manager", "Key Account Manager")),
    ("MC", "Maeve Corrin", "maeve.corrin@velmora.example", "+44 20 5550 0163",
     ("Key Account Manager", "Key Account Manager")),
)  # fmt: skip

# account, segment ("": all), id, name
_COMPETITORS = (
    ("", "", "BOREL", "Borel Systeme"),
    ("", "", "MARVENTO", "Marvento"),
    ("MOLTIDE", "", "OMBRA", "Ombra Technik"),
    ("MOLTIDE", "LEITTECHNIK", "SYDRONA", "Sydrona Data"),
    ("AUENQUELL", "LINIEN", "OMBRA", "Ombra Technik"),
    ("PHARADON", "", "KESTREL", "Kestrelin Cleanroom"),
    ("TRENTVALE", "", "KESTREL", "Kestrelin Cleanroom"),
    ("TRENTVALE", "", "DOVETTA", "Dovetta"),
    ("SILVERTARN", "SORTING", "DOVETTA", "Dovetta"),
)

_CATALOGUES = {  # what each is called in a German register, and in one of another language
    "systems": ("Systeme", "Systems"),
    "service": ("Service", "Maintenance"),
}


def sample(language: str) -> Register:
    """The sample team's register, settings in ``language``; the same each time."""
    foreign = language != "de"
    made = Register(
        _settings(language),
        tuple(Account(*account) for account in _ACCOUNTS),
        tuple(
            Segment(
                account,
                own,
                name,
                revenue,
                _CATALOGUES[catalogue][foreign] if catalogue else "",
                named,
                _FEEDBACK.get((account, own), ""),
            )
            for account, own, name, revenue, catalogue, named in _SEGMENTS
        ),
        (
            *(_contact(*contact) for contact in _CONTACTS),
            *(
                replace(_contact(*contact, Source.MAILED, ()), asked=False)
                for contact in _ALSO_KNOWN
            ),
        ),
        _requirements(language),
        tuple(ListedCompetitor(a, s, Competitor(own, name)) for a, s, own, name in _COMPETITORS),
        candidates=candidates(),
        team=tuple(
            TeamMember(own, name, email, phone, function=function[language != "de"])
            for own, name, email, phone, function in _TEAM
        ),
    )
    return replace(made, candidates=candidates_of(made))


def _settings(language: str) -> Settings:
    return Settings(
        company="Velmora Anlagen" if language == "de" else "Velmora Systems",
        language=language,
        period=PERIOD,
        due=DUE,
        sender_name="Jana Rehfeldt",
        sender_email="scorecards@velmora.example",
        sender_phone="+49 30 5550 0142",
        language2="en" if language == "de" else "de",
        rivals=True,
        reply_to="scorecards@velmora.example",
    )


def _contact(
    account: str,
    own: str,
    name: str,
    function: str,
    role: Role,
    source: Source,
    segments: tuple[str, ...],
) -> Contact:
    # Whoever is interviewed needs no address.
    plain = name.casefold().replace("ö", "oe").replace("ü", "ue")
    first, *_, last = plain.split()
    mailed = source is not Source.INTERVIEW
    email = f"{first}.{last}@{account.casefold()}.example" if mailed else ""
    address = _ADDRESSED.get(own, (None, "", ""))
    return Contact(account, own, name, email, function, role, "", True, segments, source, *address)


def _requirements(language: str) -> tuple[ListedRequirement, ...]:
    """The catalogues, each requirement in both languages, then what single segments ask for."""
    first, second = (0, 1) if language == "de" else (1, 0)
    shared = []
    for kind, rows in (("systems", _SYSTEMS), ("service", _SERVICE)):
        for own, *labels in rows:
            anchors = _ANCHORS.get(own, (_NO_ANCHORS, _NO_ANCHORS))
            asked = AskedRequirement(own, labels[first], _MINIMA.get(own), anchors[first])
            catalogue = _CATALOGUES[kind][first]
            shared.append(
                ListedRequirement(catalogue, "", "", asked, labels[second], anchors[second])
            )
    special = [
        ListedRequirement("", account, segment, AskedRequirement(own, label))
        for account, segment, own, label in _OWN
    ]
    return (*shared, *special)
