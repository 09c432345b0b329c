import pytest

from tests.faults.stage import scenes
from tests.faults.tracing import missing
from tests.proof import need


@pytest.fixture(scope="session")
def stage(tmp_path_factory):
    """The scenes by name, set up once for each process of the tests."""
    folder = tmp_path_factory.mktemp("faults")
    need(missing(folder))
    made = scenes(folder)
    yield made
    for scene in made.values():
        scene.close()


def pytest_terminal_summary(terminalreporter):
    """Say how much was disturbed: the figures come with the reports, from whatever process."""
    ended = terminalreporter.stats.get("", [])
    found = [dict(report.user_properties) for report in ended if report.when == "teardown"]
    faults = [figures for figures in found if "injections" in figures]
    if faults:
        injections = sum(figures["injections"] for figures in faults)
        states = sum(figures["states"] for figures in faults)
        calls = dict(figures["calls"] for figures in faults)
        terminalreporter.write_line(
            f"faults: {injections} injections at {sum(calls.values())} system calls left "
            f"{states} states to go on from ({calls})"
        )
