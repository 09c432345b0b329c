"""Everything that loading xlwings does beside, listed: a new one stops here until it was read."""

import json
import os
import subprocess
import sys

import pytest
import xlwings

from tests.addin.desks.pressing import ROOT
from tests.waiting import PATIENCE

VERSION = "0.37.8"
NONE = {"path": [], "environ": [], "threads": [], "warnings": [], "folder": False}
BESIDE = {
    "windows": NONE
    | {
        "seen": [
            "asks the environment for HOME",  # to find xlwings.conf, which it does not open here
            "asks the environment for PYTHONASYNCIODEBUG",  # for the loop of its UDF server
            "asks the environment for XLWINGS_ON_SERVER",
            "os.chdir('<folder>',)",  # back at once
            "os.chdir('<python>',)",  # to find pywin32's libraries
            "socket.__new__",  # the loop's own pair; nothing is connected
        ],
        # makes modules out of Excel's type library, once, in the folder for temporary files
        "events": [["gencache.EnsureModule"]],
        "coinit": 0,
        "modules": ["xlwings.udfs", "xlwings.com_server"],
    },
    "mac": NONE
    | {
        "seen": ["asks the environment for HOME", "asks the environment for XLWINGS_ON_SERVER"],
        "events": [],
        "coinit": 0,
        "modules": [],
    },
}
HOOK = {"windows": "xlwings._xlwindows.cleanup", "mac": "xlwings._xlmac.cleanup"}
CONF = {
    "windows": ".xlwings/xlwings.conf",
    "mac": "Library/Containers/com.microsoft.Excel/Data/xlwings.conf",
}


def loaded(system, kind, folder, **environ):
    """What was seen while xlwings was loaded: alone ("stock") or through our door ("tamed")."""
    out = folder / "told.json"
    # What Python compiled on the way would be seen as well, in the first run on a computer.
    quiet = {"PYTHONDONTWRITEBYTECODE": "1"}
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder), **quiet, **environ}
    command = [sys.executable, "-m", "tests.addin.desks.run_import", system, kind, str(out)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environ,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text(encoding="utf-8"))


def test_the_list_is_that_of_this_version():
    assert xlwings.__version__ == VERSION, "read what the new one does on loading, then pin it"


@pytest.mark.parametrize("system", ["windows", "mac"])
def test_all_that_loading_it_does(system, tmp_path):
    assert loaded(system, "tamed", tmp_path) == BESIDE[system] | {"hooks": []}


@pytest.mark.parametrize("system", ["windows", "mac"])
def test_what_is_taken_out(system, tmp_path):
    alone = loaded(system, "stock", tmp_path)
    licence = "asks the environment for XLWINGS_LICENSE_KEY"
    seen = sorted([*BESIDE[system]["seen"], licence])
    assert alone == BESIDE[system] | {"hooks": [HOOK[system]], "seen": seen}


@pytest.mark.proof
@pytest.mark.parametrize("system", ["windows", "mac"])
def test_no_licence_brings_the_paid_part_in(system, tmp_path):
    conf = tmp_path / CONF[system]
    conf.parent.mkdir(parents=True)
    conf.write_text('"LICENSE_KEY","noncommercial"\n', encoding="utf-8")
    alone = loaded(system, "stock", tmp_path)
    assert "xlwings.pro" in alone["modules"]  # it would come in
    assert any("xlwings.conf" in one for one in alone["seen"])
    for environ in ({}, {"XLWINGS_LICENSE_KEY": "noncommercial"}):
        assert loaded(system, "tamed", tmp_path, **environ) == BESIDE[system] | {"hooks": []}


def test_no_hook_is_there_in_this_very_process():
    from kamxl.excel.live.bridge import exit_hooks

    assert exit_hooks() == []


@pytest.mark.proof
def test_asking_what_an_installation_can_do_leaves_no_hook():
    """The button Help and "addin status" load xlwings in a Python of its own."""
    ask = "from kamxl.addin import tell_able; tell_able(); "
    look = "from kamxl.excel.live.bridge import exit_hooks; print(exit_hooks())"
    done = subprocess.run(
        [sys.executable, "-c", ask + look], capture_output=True, text=True, check=True, cwd=ROOT
    )
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == ["kamxl", "python", "apart", "xlwings"]
    assert lines[-1] == "[]"
