"""The files of texts: each word once, none unused, none missing, and what happens if one is."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from kamxl.core.finding import CODES
from kamxl.core.method.gate import Answer, Gate, GrowthCondition
from kamxl.core.method.selection import AccountList, SelectionCriterion
from kamxl.wording.texts import WORDS, languages, shared, templates_folder, texts
from tests.wording.asked import asked, fits, used

# Texts with the same words as another one, by chance. Each says why they are two.
COINCIDENCES = {
    "setup.state_unknown": "of a file of the add-in, not of an answer",
    "setup.state_new": "the same",
    "setup.state_unchanged": "the same",
    "cli.state_new": "of a card, not of a field of business",
    "addin.button_yes": "a button, which has few letters and is no answer to a question of ours",
    "addin.button_no": "the same",
    "plan.companion.said.yes": "what a customer said, not whether a card is whole",
    "plan.companion.said.no": "the same, not what a programme lacks",
    "plan.companion.said.partly": "the same, not whether a field can be developed",
}
# The ribbon's texts are copied into kamxl.xlam, where each stands by itself.
APART = ("ribbon.",)
# Not asked for by name: of a finding, by its code; of a word, through the keys that say it.
MADE = ("findings.", f"{WORDS}.", "language.", "register.choices.decision.")


def own_keys(language: str) -> dict[str, str]:
    """The texts that stand in a file itself."""
    path = templates_folder() / "texts" / f"{language}.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return dict(flat({k: v for k, v in tables.items() if k not in ("typed", "former", "language")}))


def flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def repeated(files: list[dict[str, str]]) -> list[list[str]]:
    """Keys that say the same in every file."""
    found = defaultdict(list)
    for key in files[0]:
        if key not in COINCIDENCES and not key.startswith(APART):
            said = tuple(one.get(key) for one in files)
            if any(said):
                found[said].append(key)
    return [keys for keys in found.values() if len(keys) > 1]


def test_no_words_stand_in_the_files_twice() -> None:
    files = [own_keys(language) for language in languages()]
    # name the key in templates/shared.toml instead, under the word that it says
    assert repeated(files) == []
    # the test can fail
    double = [{**one, "cli.again": one["words.account"]} for one in files]
    assert repeated(double) == [["words.account", "cli.again"]]


def test_each_coincidence_is_one() -> None:
    files = [own_keys(language) for language in languages()]
    for key in COINCIDENCES:
        said = [one[key] for one in files]
        others = [k for k in files[0] if k != key and [one[k] for one in files] == said]
        assert others, f"{key} says what nothing else says: it needs no excuse any more"


def test_every_shared_word_stands_in_several_places_and_no_place_has_two() -> None:
    path = templates_folder() / "shared.toml"
    places = tomllib.loads(path.read_text(encoding="utf-8"))
    for language in languages():
        assert {f"{WORDS}.{word}" for word in places} == set(texts(language).keys(WORDS))
        doubled = set(shared()) & set(own_keys(language))
        assert not doubled, f"{language}: in the file and in shared.toml"
    assert all(len(keys) > 1 for keys in places.values())
    assert sum(map(len, places.values())) == len(shared())


def test_no_text_is_unused() -> None:
    """By the names of keys in the code, and the words of the code that may complete them."""
    every = texts("en").keys()
    assert [key for key in every if not key.startswith(MADE) and not used(key)] == []
    assert {key.partition(".")[2] for key in texts("en").keys("findings")} == set(CODES)
    for never in ("portfolio.map.lighthouse", "register.accounts.columns.lighthouse.header"):
        assert not used(never)


def test_every_text_that_the_code_asks_for_is_there() -> None:
    """Those it names whole, and of those with holes at least one."""
    keys = texts("en").keys()
    tables = {key.split(".")[0] for key in keys}
    files = {"portfolio.html.j2", "brief.html.j2", "addin.json"}
    wanted = [
        (one.where, pattern)
        for one in asked()
        for pattern in sorted(one.keys - files)
        if "." in pattern and pattern.split(".")[0] in tables
    ]
    assert len(wanted) > 400
    known = set(keys)
    parents = {key.rsplit(".", n)[0] for key in keys for n in range(1, key.count(".") + 1)}
    lost = [
        (where, pattern)
        for where, pattern in wanted
        if pattern.rstrip(".") not in known | parents
        and not any(fits(pattern, key) for key in keys)
        and not any(key.startswith(pattern) for key in keys)
    ]
    assert lost == []


# --- one name for one thing ----------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
def test_criteria_conditions_gates_answers_and_lists_have_one_name(language: str) -> None:
    t = texts(language)
    columns = "register.selection.columns"
    for criterion in SelectionCriterion:
        assert t(f"portfolio.criteria.{criterion}") == t(f"{columns}.rate_{criterion}.header")
    for condition in GrowthCondition:
        assert t(f"portfolio.conditions.{condition}") == t(f"{columns}.grow_{condition}.header")
    for gate in Gate:
        assert t(f"portfolio.gates.{gate}") == t(f"register.selection.gates.{gate}")
    for answer in Answer:
        assert t(f"portfolio.answers.{answer}") == t(f"register.choices.growth.{answer}")
    for found in AccountList:
        names = (f"{where}.lists.{found}" for where in ("portfolio", "plan.visit"))
        assert {t(name) for name in names} == {t(f"register.selection.lists.{found}")}


@pytest.mark.parametrize(
    ("language", "many", "few"),
    [
        ("de", "12.345 von 1.000.000", "9999 von 2026"),
        ("en", "12,345 of 1,000,000", "9999 of 2026"),
    ],
)
def test_many_are_written_in_groups_and_years_are_not(language: str, many: str, few: str) -> None:
    said = texts(language)
    assert said("cli.progress", done=12_345, total=1_000_000, rate=None, left=None) == many
    assert said("cli.progress", done=9999, total=2026, rate=None, left=None) == few


def test_a_number_that_names_something_stays_as_it_is_used_elsewhere() -> None:
    said = texts("en")
    assert "port 50465" in said("errors.server-no-tls.why", host="mail.example", port=50465)
    assert "12345," in said("decide.row", row=12_345)
