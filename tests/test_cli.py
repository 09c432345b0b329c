"""The command line's contract: exit status, one line of error, one JSON object of fixed shape."""

import contextlib
import dataclasses
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import kamxl
from kamxl import __main__ as start
from kamxl.cli import main as cli
from kamxl.store.cache import OFF, VARIABLE
from kamxl.workflow.outgoing.issue import issue
from tests.workflow.making import NOW, Team, focused, hashes, new_team, register
from tests.workflow.test_plans_in import filled

ROOT = Path(__file__).resolve().parents[1]

# --- the shapes of DESIGN 6: a type, a tuple of alternatives, a list of one, an object -----------

NUMBER, TEXT = (int, float, None), (str, None)
FINDING = {
    "code": str,
    "severity": str,
    "sheet": TEXT,
    "cell": TEXT,
    "value": TEXT,
    "message": str,
}
SCORECARD = {
    "weights_sum": NUMBER,
    "requirements": [{"id": str, "label": str, "weight": NUMBER, "ratings": dict}],
    "suppliers": [{"id": str, "name": TEXT, "total": NUMBER, "coverage": NUMBER, "rank": NUMBER}],
    "best_competitor": TEXT,
    "lead": NUMBER,
    "basis": {"raters": int, "of": int, "weights": NUMBER, "revenue": NUMBER, "enough": bool},
}
FILE = {
    "path": str,
    "source": str,
    "kind": str,
    "status": str,
    "account": TEXT,
    "segment": TEXT,
    "respondent": TEXT,
    "name": TEXT,
    "period": TEXT,
    "how": TEXT,
    "profile_only": bool,
    "findings": [FINDING],
    "scorecard": (SCORECARD, None),
}
POSITION = (
    "requirements_known",
    "fulfilment",
    "relative",
    "customer_return",
    "own_return",
    "mean",
    "known",
)
BASIS = {"raters": int, "of": int, "weights": float, "revenue": NUMBER, "enough": bool}
TREND = {
    "since": str,
    **dict.fromkeys(("change", "opinion", "weights", "mix", "came_went", "common"), float),
    "enough": bool,
    "rival": TEXT,
    "rival_change": NUMBER,
    "rival_enough": bool,
}
BARS = ("opinion", "weights", "mix", "raters", "requirements", "segments")
WATERFALL = {
    "since": str,
    "start": float,
    "bars": dict.fromkeys(BARS, float),
    "end": float,
    "most": ({"requirement": str, "points": float}, None),
    "common": float,
    "enough": bool,
}
OVERALL = {
    **WATERFALL,
    "bars": dict.fromkeys((*BARS, "accounts"), float),
    "accounts": int,
    "of": int,
    "compared": {"start": float, "end": float},
}
BENCHMARK = {
    **dict.fromkeys(("own", "others", "difference"), NUMBER),
    "n": int,
    "weights": float,
    "enough": bool,
    "requirements": [
        {
            "requirement": str,
            "ids": [str],
            **dict.fromkeys(("own", "others", "difference"), float),
            "n": int,
            "weight": NUMBER,
        }
    ],
}
BEFORE = {"period": str, "relative": float, "lead": float, "basis": BASIS}
SENSITIVITY = {
    **dict.fromkeys(("ahead", "level", "behind"), float),
    "weightings": int,
    "exact": bool,
}
LEAD = {"lead": NUMBER, "verdict": TEXT, "basis": BASIS}
COMPETITOR = {
    **dict.fromkeys(("id", "name"), str),
    "in_register": bool,
    **dict.fromkeys(("total", "coverage"), NUMBER),
    **LEAD,
    "flip": ({"requirement": str, "weight": float, "critical": float, "winner": str}, None),
    "sensitivity": (SENSITIVITY, None),
}
GAP = {
    **dict.fromkeys(("requirement", "label"), str),
    **dict.fromkeys(("weight", "rating"), float),
    **dict.fromkeys(("rival", "lead_part"), NUMBER),
    **dict.fromkeys(("points", "worth"), float),
    "money": NUMBER,
    "actions": [str],
}
FIELD = {
    **dict.fromkeys(("id", "name", "kind"), str),
    "segment": TEXT,
    **dict.fromkeys(("revenue_last", "revenue_now", "potential", "white_space"), NUMBER),
    **dict.fromkeys(("share_of_wallet", "margin"), NUMBER),
    "developable": str,
}
ACCOUNT = {
    "id": str,
    "name": str,
    "selection": {
        **dict.fromkeys(
            ("revenue", "revenue_share", "cumulated_share", "coverage", "score", "rank"), NUMBER
        ),
        **dict.fromkeys(("abc", "gate", "list"), TEXT),
    },
    "total": NUMBER,
    "coverage": NUMBER,
    **LEAD,
    "best_competitor": TEXT,
    "trend": (TREND, None),
    "waterfall": (WATERFALL, None),
    "benchmark": (BENCHMARK, None),
    "status": TEXT,
    "position": dict.fromkeys(POSITION, NUMBER),
    "before": (BEFORE, None),
    "history": [
        {
            "period": str,
            **dict.fromkeys(("total", "coverage"), NUMBER),
            **LEAD,
            "earlier": bool,
        }
    ],
    "contacts": {"breadth": NUMBER, "requirers": NUMBER},
    "programmes": {
        "active": NUMBER,
        "expected_revenue": NUMBER,
        "expected_profit": NUMBER,
        "unvalued_revenue": NUMBER,
        "unvalued_profit": NUMBER,
    },
    "fields": ([FIELD], None),
    "segments": [
        {
            "id": str,
            "name": str,
            "revenue": NUMBER,
            "period": TEXT,
            "earlier": bool,
            "total": NUMBER,
            "coverage": NUMBER,
            **LEAD,
            "best_competitor": TEXT,
            "sensitivity": (SENSITIVITY, None),
            "respondents": int,
            "sources": dict,
            "profiles": int,
            "competitors": [COMPETITOR],
            "gaps": [GAP],
            "minimums_missed": [{"requirement": str, "rating": float, "minimum": float}],
        }
    ],
}
IMPROVEMENT = {
    "requirement": str,
    "ids": [str],
    "points": NUMBER,
    "money": NUMBER,
    "revenue": NUMBER,
    "segments": int,
    "unvalued_segments": int,
    "earlier_segments": int,
    "accounts": int,
    "lists": {key: {"points": NUMBER, "money": NUMBER} for key in ("focus", "build_up", "serve")},
    "rival": ({"id": str, "name": str, "segments": int, "in_register": bool}, None),
    "actions": [{"account": str, "id": str}],
    "acted_segments": int,
    "wishes": int,
}
DISAGREEMENT = {
    **dict.fromkeys(("account", "segment", "requirement", "label", "period"), str),
    "owner": TEXT,
    "earlier": bool,
    "raters": int,
    **dict.fromkeys(("low", "high", "range"), float),
    **dict.fromkeys(("requirers", "purchasers", "ours"), NUMBER),
    "says": [{"name": str, "function": str, "role": TEXT, "rating": float}],
    "open": bool,
    "actions": [str],
}
FIGURE = {"value": NUMBER, "n": int, "of": int, "change": NUMBER, "common": int}
SCREEN = {
    "whom": {
        "chosen": bool,
        **dict.fromkeys(("focus", "build_up", "selling_only", "without_plan"), int),
    },
    "what": (
        {
            "requirement": str,
            "segments": int,
            "accounts": int,
            "money": NUMBER,
            "points": NUMBER,
            "segments_with_action": int,
        },
        None,
    ),
    "monday": dict.fromkeys(("overdue", "call", "decide"), int),
    "since": TEXT,
    "figures": {
        **dict.fromkeys(("answered", "mean_total", "mean_lead"), FIGURE),
        "ahead_behind": {**FIGURE, "parts": [int], "before": [int]},
        "expected_profit": FIGURE,
    },
    "focused": bool,
    "accounts": [
        {
            "id": str,
            "lead": NUMBER,
            "basis": BASIS,
            "squares": int,
            "gap": NUMBER,
            "gap_requirement": TEXT,
            "actions": int,
            "apart": NUMBER,
            "apart_requirement": TEXT,
            "change": NUMBER,
            "cause": str,
            "cause_requirement": TEXT,
        }
    ],
    "map": {"focus": bool, "ahead": int, "of": int},
    "gaps": {"without_action": int, "of": int},
}
STOOD = {"total": NUMBER, "rank": NUMBER, "of": int, "lead": NUMBER, "verdict": TEXT}
WHAT_IF = {
    "requirement": str,
    "to": float,
    "list": TEXT,
    **dict.fromkeys(("segments", "accounts"), int),
    **dict.fromkeys(("points", "money"), NUMBER),
    **dict.fromkeys(("unvalued_segments", "newly_ahead", "newly_level"), int),
    "raised": [
        {
            "account": str,
            "segment": str,
            **dict.fromkeys(("weight", "rating", "points"), float),
            "money": NUMBER,
            "now": STOOD,
            "then": STOOD,
        }
    ],
}
SIDE = {"n": int, **dict.fromkeys(("change", "elsewhere", "more"), NUMBER)}
THREAD = {
    **dict.fromkeys(
        ("account", "segment", "respondent", "name", "period", "kind", "id", "label", "handled"),
        str,
    ),
    **dict.fromkeys(("rating", "weight", "next", "change", "elsewhere", "more"), NUMBER),
    **dict.fromkeys(("reply", "replied_on", "fit", "result", "next_period"), TEXT),
    "actions": [str],
}
FOLLOW_UP = {"with": SIDE, "without": SIDE, "raters": int, "said": str, "threads": [THREAD]}
KNOWN = ("confirmed", "claimed", "not_seen", "unknown")
BENEFITS = {
    "account": str,
    "counts": dict.fromkeys(KNOWN, int),
    "money": dict.fromkeys(KNOWN, NUMBER),
    "confirmed_named": NUMBER,
    "benefits": [
        {
            **dict.fromkeys(("id", "lever"), str),
            **dict.fromkeys(("metric", "unit"), TEXT),
            **dict.fromkeys(("baseline", "now", "change"), NUMBER),
            "known": str,
            **dict.fromkeys(("seen", "by", "on"), TEXT),
            "oral": bool,
            "named": NUMBER,
            "former": ({"baseline": NUMBER, "now": NUMBER, "unit": str}, None),
            "others": [{"name": str, "seen": str}],
            "amount": NUMBER,
        }
    ],
}
CHASE = {
    "manager": TEXT,
    "asked": int,
    **dict.fromkeys(("open", "undelivered", "sent", "left", "answered", "overdue"), int),
    "next": TEXT,
    "cards": [
        {
            **dict.fromkeys(("account", "segment", "respondent", "name"), str),
            "email": TEXT,
            **dict.fromkeys(("source", "asks", "standing"), str),
            "due": TEXT,
            "days_overdue": NUMBER,
        }
    ],
}
FATES = ("accepted", "provisional", "attention", "superseded", "ignored")
CONSOLIDATED = {
    "counts": dict.fromkeys(("files", *FATES), int),
    "register": [FINDING],
    "files": [FILE],
    "accounts": [ACCOUNT],
    "waterfall": (OVERALL, None),
    "improvements": [IMPROVEMENT],
    "disagreements": [DISAGREEMENT],
    "screen": SCREEN,
    "what_if": (WHAT_IF, None),
    "follow_up": FOLLOW_UP,
    "benefits": [BENEFITS],
    "chase": [CHASE],
    "portfolio": str,
    "companions": [{"account": str, "path": str, "state": str}],
}
ISSUED = {
    "issued": [
        {
            "account": str,
            "segment": TEXT,
            "respondent": TEXT,
            "path": TEXT,
            "mail": TEXT,
            "state": str,
        }
    ],
    "plans": [{"account": str, "path": TEXT, "state": str, "findings": [FINDING]}],
    "register": [FINDING],
}


def assert_shape(value, shape, where="$"):
    """Exactly these keys, each of the right type."""
    if isinstance(shape, tuple):
        alternatives = [s for s in shape if isinstance(s, dict | list)]
        if value is None:
            assert None in shape, where
        elif alternatives:
            assert_shape(value, alternatives[0], where)
        else:
            assert isinstance(value, tuple(s for s in shape if s is not None)), (where, value)
            assert not isinstance(value, bool), where
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for n, item in enumerate(value):
            assert_shape(item, shape[0], f"{where}[{n}]")
    elif isinstance(shape, dict):
        assert list(value) == list(shape), where
        for key, inner in shape.items():
            assert_shape(value[key], inner, f"{where}.{key}")
    else:
        assert isinstance(value, shape), (where, value)


def run(*arguments):
    """(exit status, stdout, stderr) of a command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = cli.main([str(a) for a in arguments])
    return status, out.getvalue(), err.getvalue()


def run_json(*arguments):
    status, out, err = run(*arguments, "--json")
    assert err == ""
    return status, json.loads(out)


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A workspace with a good card, a weak one and a picture in its inbox."""
    root = tmp_path_factory.mktemp("cli") / "w"
    team = new_team(root)
    issue(root)
    team.put("good.xlsx", team.filled(team.order()))
    team.put("photo.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    team.put("notes.txt", b"x")
    team.put("empty.xlsx", (root / "outbox/2026-H1/GAMMA--pumps--c1.xlsx").read_bytes())
    return Team(root)


# --- JSON ----------------------------------------------------------------------------------------


@pytest.mark.proof
def test_json_of_issue(ready):
    status, found = run_json("-C", ready.root, "issue")
    assert status == 0
    assert_shape(found, ISSUED)
    assert found["issued"][0] == {
        "account": "ALPHA",
        "segment": "pumps",
        "respondent": "c1",
        "path": "outbox/2026-H1/ALPHA--pumps--c1.xlsx",
        "mail": "outbox/2026-H1/ALPHA--c1.eml",
        "state": "unchanged",
    }


@pytest.mark.proof
def test_json_of_check(ready, tmp_path):
    inbox = ready.root / "inbox"
    files = [inbox / "good.xlsx", inbox / "photo.xlsx", ready.root / "Register.xlsx"]
    status, found = run_json("check", *files, "-C", ready.root)
    assert status == 0
    assert_shape(found, {"files": [FILE]})
    good, photo, register = found["files"]
    assert (good["kind"], good["status"]) == ("scorecard", "accepted")
    assert (photo["kind"], photo["status"], photo["scorecard"]) == ("unknown", "attention", None)
    assert register["kind"] == "register"
    card = good["scorecard"]
    assert card["weights_sum"] == 100
    assert card["requirements"][0] == {
        "id": "q",
        "label": "Qualität",
        "weight": 50.0,
        "ratings": {"us": 80.0, "borel": 70.0, "ombra": 70.0},
    }
    assert card["suppliers"][0] == {
        "id": "us",
        "name": "Muster AG",
        "total": 66.0,
        "coverage": 1.0,
        "rank": 1,
    }
    assert (card["best_competitor"], card["lead"]) == ("borel", 0.0)
    of_one = {"raters": 1, "of": 1, "weights": 1.0, "revenue": None, "enough": True}
    assert card["basis"] == of_one


def test_json_of_check_without_a_workspace(ready, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, found = run_json("check", ready.root / "inbox/good.xlsx", ready.root / "inbox/empty.xlsx")
    assert_shape(found, {"files": [FILE]})
    good, empty = found["files"]
    assert {f["code"] for f in good["findings"]} == {"signature-unchecked"}
    assert {s["id"]: s["name"] for s in good["scorecard"]["suppliers"]}["borel"] == "Borel"
    assert empty["status"] == "attention"
    assert empty["scorecard"]["weights_sum"] is None  # unknown is null, not 0


def test_json_of_consolidate(ready):
    before = hashes(ready.root, "inbox", "Register.xlsx")
    status, found = run_json("--language", "en", "-C", ready.root, "consolidate")
    assert status == 0
    assert_shape(found, CONSOLIDATED)
    by = found["counts"]
    assert by == {
        "files": 4,
        "accepted": 1,
        "provisional": 0,
        "attention": 3,
        "superseded": 0,
        "ignored": 0,
    }
    assert by["files"] == len(found["files"]) == sum(by[fate] for fate in FATES)
    alpha = found["accounts"][0]
    assert (alpha["id"], alpha["total"]) == ("ALPHA", 66.0)
    assert [s["respondents"] for s in alpha["segments"]] == [1, 0]
    assert found["portfolio"] == "Portfolio.xlsx"
    assert hashes(ready.root, "inbox", "Register.xlsx") == before


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A workspace with ALPHA on the focus list, its plan filled in, one answer, a plan astray."""
    root = tmp_path_factory.mktemp("planned") / "w"
    team = new_team(root, focused("ALPHA"))
    issue(root, planned=())
    team.put("good.xlsx", team.filled(team.order()))
    team.keep("plan.xlsx", team.plan(edit=filled))
    team.put("astray.xlsx", team.plan("BETA"))
    return Team(root)


@pytest.mark.proof
def test_json_of_issued_plans(planned):
    plan = (planned.root / "plans/plan.xlsx").read_bytes()
    _, found = run_json("-C", planned.root, "issue")
    assert_shape(found, ISSUED)
    assert found["plans"] == [
        {"account": "ALPHA", "path": "plans/plan.xlsx", "state": "exists", "findings": []}
    ]
    _, found = run_json("-C", planned.root, "issue", "--account", "gamma", "--period", "2027")
    assert found["plans"] == [
        {"account": "GAMMA", "path": "plans/GAMMA--2027.xlsx", "state": "new", "findings": []}
    ]
    (planned.root / "plans/GAMMA--2027.xlsx").write_bytes(b"damaged")
    status, found = run_json(
        "-C", planned.root, "issue", "--account", "GAMMA", "--period", "2027", "--strict"
    )
    assert status == 1
    assert_shape(found, ISSUED)
    assert (found["plans"][0]["state"], found["plans"][0]["path"]) == ("skipped", None)
    assert [f["code"] for f in found["plans"][0]["findings"]] == ["plan-path-taken"]
    (planned.root / "plans/GAMMA--2027.xlsx").unlink()
    assert (planned.root / "plans/plan.xlsx").read_bytes() == plan


@pytest.mark.proof
def test_json_of_consolidate_with_plans(planned):
    _, found = run_json("-C", planned.root, "consolidate")
    assert_shape(found, CONSOLIDATED)
    by = found["counts"]
    assert (by["files"], by["accepted"], by["attention"]) == (3, 2, 1)
    kinds = {f["path"]: (f["kind"], f["status"], f["account"]) for f in found["files"]}
    assert kinds == {
        "inbox/astray.xlsx": ("plan", "attention", "BETA"),
        "inbox/good.xlsx": ("scorecard", "accepted", "ALPHA"),
        "plans/plan.xlsx": ("plan", "accepted", "ALPHA"),
    }
    alpha, beta, _ = found["accounts"]
    assert alpha["selection"] == {
        "revenue": 1000.0,
        "revenue_share": pytest.approx(1000 / 1700),
        "cumulated_share": pytest.approx(1000 / 1700),
        "coverage": 1.0,
        "score": pytest.approx(80.0),
        "rank": 1,
        "abc": "A",
        "gate": "open",
        "list": "focus",
    }
    assert alpha["status"] == "regular"
    position = alpha["position"]
    assert (position["requirements_known"], position["fulfilment"]) == (90.0, 66.0)
    assert (position["relative"], position["customer_return"]) == (50.0, 50.0)
    # margins of 11.11 and 15 %, improved by 3.89 of the 5 points aimed at
    assert position["own_return"] == pytest.approx(50 + 50 * (15 - 100 / 9) / 5)
    measures = [position[key] for key in POSITION[:5]]
    assert position["mean"] == pytest.approx(sum(measures) / 5)
    assert position["known"] == 5
    assert alpha["programmes"] == {
        "active": 1,
        "expected_revenue": 500.0,
        "expected_profit": 150.0,
        "unvalued_revenue": 0,
        "unvalued_profit": 0,
    }
    assert alpha["contacts"] == {"breadth": 0.0, "requirers": None}
    assert beta["selection"] == {
        "revenue": 500.0,
        "revenue_share": pytest.approx(500 / 1700),
        "cumulated_share": pytest.approx(1500 / 1700),
        "coverage": 0.0,
        "score": None,
        "rank": None,
        "abc": "A",
        "gate": "clarify",
        "list": "build_up",
    }
    assert beta["status"] is None
    assert set(beta["programmes"].values()) == {None}
    assert set(beta["contacts"].values()) == {None}


def test_json_of_check_with_a_plan(planned):
    _, found = run_json("check", planned.root / "plans/plan.xlsx", "-C", planned.root)
    assert_shape(found, {"files": [FILE]})
    (plan,) = found["files"]
    assert (plan["kind"], plan["status"], plan["period"]) == ("plan", "accepted", "2026-H1")
    assert (plan["segment"], plan["respondent"], plan["scorecard"]) == (None, None, None)


@pytest.mark.proof
def test_messages_speak_the_language_asked_for(ready):
    spoken = {}
    for language in ("de", "en"):
        _, found = run_json("-C", ready.root, "consolidate", "--language", language)
        spoken[language] = [f["message"] for file in found["files"] for f in file["findings"]]
    assert len(spoken["de"]) == len(spoken["en"])
    assert all(spoken["de"])
    assert set(spoken["de"]).isdisjoint(spoken["en"])


@pytest.mark.proof
def test_json_of_init_and_demo_is_one_object(tmp_path):
    status, made = run_json("init", tmp_path / "w", "--sample")
    assert status == 0
    assert made["created"] == ["Register.xlsx", "inbox", "outbox", "plans"]


# --- exit status and errors ----------------------------------------------------------------------


@pytest.mark.proof
def test_strict_is_1_only_if_something_needs_attention(ready, tmp_path):
    good, photo = ready.root / "inbox/good.xlsx", ready.root / "inbox/photo.xlsx"
    assert run("check", good, "--strict", "-C", ready.root)[0] == 0
    assert run("check", photo, "-C", ready.root)[0] == 0
    assert run("--strict", "check", photo, "-C", ready.root)[0] == 1
    assert run("-C", ready.root, "consolidate", "--strict")[0] == 1
    assert run("-C", ready.root, "issue", "--strict")[0] == 0


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_went_out_is_said_first_and_is_1_if_strict(tmp_path, language):
    made = register()
    nameless = dataclasses.replace(made, settings=dataclasses.replace(made.settings, company=""))
    root = new_team(tmp_path / "w", nameless).root
    words = "-C", root, "issue", "--language", language
    assert run(*words)[0] == 0
    status, told, _ = run(*words, "--strict")
    assert status == 1
    first = told.splitlines()[0]
    assert {"de": "keine Scorecard", "en": "No scorecard"}[language] in first
    assert "Einstellungen!C7" in first
    _, found = run_json(*words)
    assert len(found["issued"]) == 5
    for card in found["issued"]:
        assert card["state"] == "skipped"
        assert None not in (card["account"], card["segment"], card["respondent"])
        assert [(f["code"], f["cell"]) for f in card["findings"]] == [("setting-missing", "C7")]
    assert [f["code"] for f in found["register"]].count("setting-missing") == 1


def failed(*arguments):
    """What a command that could not do it says: one line, no traceback, nothing on stdout."""
    status, out, err = run(*arguments)
    assert status == 2
    assert out == ""
    assert err.startswith("kamxl: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


def test_what_cannot_be_done_is_one_line_and_2(ready, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "kamxl init" in failed("issue")
    assert "kamxl init" in failed("consolidate", "-C", tmp_path / "nowhere", "--json")
    assert "DELTA" in failed("-C", ready.root, "issue", "--account", "DELTA")
    assert "soon" in failed("-C", ready.root, "consolidate", "--period", "soon")
    assert "nothing.xlsx" in failed("check", "nothing.xlsx")
    assert "folder" in failed("check", tmp_path)
    assert "already" in failed("init", ready.root)
    assert "--help" in failed("publish")
    assert "--help" in failed("issue", "--unknown")
    assert "--help" in failed("check")
    assert "--help" in failed("consolidate", "--workers", "0")
    assert "--workers: “”" in failed("consolidate", "--workers", "")
    assert "--help" in failed("consolidate", "--language", "xx")


GERMAN = (
    (("issue", "--unknown"), "Unbekannt: --unknown. „kamxl --help“ zeigt"),
    (("publish",), "„publish“ ist nicht möglich. Wählen Sie eines davon: demo, init, "),
    (("check",), "Es fehlt: FILE. Ergänzen Sie es; „kamxl check --help“"),
    (("key",), "Es fehlt: rotate / backup / restore. Ergänzen Sie es; „kamxl key --help“"),
    (("key", "restore", "nichts.kam"), "Die Datei nichts.kam gibt es nicht."),
    (("issue", "--period"), "--period braucht einen Wert."),
    (("issue", "--account"), "--account braucht einen Wert."),
    (("consolidate", "--strict=1"), "--strict nimmt keinen Wert (1)."),
    (("init", "--sample", "--from", "x.xlsx"), "--from und --sample schließen einander aus."),
    (
        ("consolidate", "--workers", "viele"),
        "--workers: „viele“ ist nicht möglich. Wählen Sie eines davon: 1 … ",
    ),
    (("addin", "remove"), "action: „remove“ ist nicht möglich. Wählen Sie eines davon: install,"),
    (("issue", "--yes"), "Geben Sie --send dazu an."),
    (("check", "nichts.xlsx"), "Die Datei nichts.xlsx gibt es nicht. Prüfen Sie"),
)


@pytest.mark.parametrize(("words", "german"), GERMAN, ids=lambda one: str(one)[:30])
def test_what_was_mistyped_is_said_in_the_language_asked_for(words, german, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for asked in (("--language", "Deutsch"), ("--language=de-AT",)):
        assert german in failed(*asked, *words)
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert german in failed(*words)
    for other in (("--language", "English"), ("--language=en",)):
        assert german not in failed(*other, *words)


def test_a_language_that_is_none_is_said_in_the_one_spoken(monkeypatch):
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert "--language: „Klingonisch“ ist nicht möglich" in failed(
        "issue", "--language", "Klingonisch"
    )


@pytest.mark.proof
def test_a_folder_that_may_not_be_written_is_one_line(ready, monkeypatch):
    def refuses(path, *_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuses)
    assert "Permission denied" in failed("-C", ready.root, "consolidate")
    assert "Permission denied" in failed("-C", ready.root, "issue", "--period", "2031")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs modes that bind")
def test_a_read_only_folder_is_one_line(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    failed("init", folder / "w")


def test_interrupting_is_no_traceback(ready, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("kamxl.workflow.outgoing.issue.issue", interrupted)
    status, out, err = run("-C", ready.root, "issue")
    assert (status, out, err.count("\n")) == (130, "", 1)


def test_interrupting_outside_of_a_command_is_none_either(ready, monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    heard = []
    monkeypatch.setattr("signal.signal", lambda *told: heard.append(told))
    monkeypatch.setattr("kamxl.cli.main.speak_utf8", interrupted)
    assert start.main(["-C", str(ready.root), "issue"]) == 130
    assert capsys.readouterr().err.count("\n") == 1
    assert heard == [(signal.SIGINT, signal.SIG_IGN)]  # one who is impatient changes nothing


# --- arguments -----------------------------------------------------------------------------------


@pytest.mark.proof
def test_common_options_may_stand_before_or_after(ready):
    results = [
        run("-C", ready.root, "--json", "--language", "en", "issue"),
        run("issue", "-C", ready.root, "--json", "--language", "en"),
        run("-C", ready.root, "issue", "--json", "--language", "en"),
    ]
    assert results[0][0] == 0
    assert results[0] == results[1] == results[2]


@pytest.mark.proof
def test_only_the_accounts_asked_for_and_their_plans(ready, tmp_path):
    root = tmp_path / "own"
    shutil.copytree(ready.root, root)  # plans are made
    _, found = run_json("-C", root, "issue", "--account", "beta", "--account", "GAMMA")
    assert [c["account"] for c in found["issued"]] == ["BETA", "GAMMA"]
    assert [p["account"] for p in found["plans"]] == ["BETA", "GAMMA"]


@pytest.mark.proof
def test_words_are_short_and_in_the_language(ready):
    _, german, _ = run("-C", ready.root, "consolidate")
    assert "4 Dateien: 1 übernommen, 3 zu klären." in german
    assert "inbox/photo.xlsx: zu klären\n  Fehler  Die Datei heißt" in german
    _, english, _ = run("-C", ready.root, "consolidate", "--language", "en")
    assert "4 files: 1 accepted, 3 need attention." in english
    _, words, _ = run("-C", ready.root, "issue", "--language", "en")
    assert "Scorecards for 2026-H1: 5 unchanged." in words
    _, words, _ = run("-C", ready.root, "check", ready.root / "inbox/good.xlsx")
    assert words.endswith("good.xlsx: übernommen (ALPHA · pumps · Ada Beispiel)\n")


@pytest.mark.parametrize("arguments", [["--help"], [], ["issue", "--help"], ["check", "--help"]])
def test_help(arguments):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        cli.main(arguments)
    said = out.getvalue()
    for option in ("-C DIR", "--json", "--strict", "--language"):
        assert option in said
    if arguments in (["--help"], []):
        for command in ("demo", "init", "issue", "check", "consolidate", "examples:"):
            assert command in said


@pytest.mark.proof
def test_progress_only_on_a_terminal(ready, monkeypatch):
    monkeypatch.setenv(VARIABLE, OFF)  # each time there is something to do
    monkeypatch.setattr("kamxl.cli.world.spoken", lambda: "en")

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with contextlib.redirect_stdout(io.StringIO()):
            assert cli.main(["-C", str(ready.root), "consolidate"]) == 0
        assert ("\r" in stream.getvalue()) is shown
        assert ("\rWriting the portfolio …" in stream.getvalue()) is shown
        assert stream.getvalue()[-4:] in ("", "\r\x1b[K")  # no line is left

    monkeypatch.setattr(sys, "stderr", Terminal())
    with contextlib.redirect_stdout(io.StringIO()):
        assert cli.main(["-C", str(ready.root), "consolidate", "--json"]) == 0
    assert sys.stderr.getvalue() == ""


# --- as a program --------------------------------------------------------------------------------


def program(*arguments, **options):
    command = [sys.executable, "-m", "kamxl", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C", "PYTHONUTF8": "0"}
    return subprocess.run(command, capture_output=True, env=environment, check=False, **options)


@pytest.mark.proof
def test_runs_as_a_module_and_writes_utf8_anywhere(ready):
    done = program("-C", ready.root, "consolidate", "--language", "de", "--json")
    assert done.returncode == 0
    assert done.stderr == b""
    found = json.loads(done.stdout.decode("utf-8"))
    assert any("zurück" in f["message"] for file in found["files"] for f in file["findings"])


@pytest.mark.proof
def test_a_reader_who_has_seen_enough(ready):
    command = f"'{sys.executable}' -m kamxl -C '{ready.root}' consolidate --json | head -c 20"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, env=environment, check=False
    )
    assert done.stderr == b""


def test_version():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert kamxl.__version__ == declared
    assert program("--version").stdout.decode().strip() == f"kamxl {declared}"


def test_public_names():
    for name in kamxl.__all__:
        assert getattr(kamxl, name) is not None
    with pytest.raises(AttributeError):
        _ = kamxl.rank_customers
    script = "import sys, kamxl; assert not any(m.startswith('openpyxl') for m in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, check=False)
    assert done.returncode == 0  # who only calculates loads no workbooks


@pytest.mark.proof
def test_check_from_python(ready):
    result = kamxl.check([str(ready.root / "inbox/good.xlsx")], str(ready.root))
    assert result.files[0].answers.scorecard.total("us") == 66.0
    assert {card.state for card in kamxl.issue(str(ready.root)).issued} == {"unchanged"}
    assert kamxl.consolidate(str(ready.root), now=NOW).written == "Portfolio.xlsx"
    assert kamxl.consolidate(ready.root).written == "Portfolio.xlsx"
