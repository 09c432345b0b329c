"""Where the add-in lies, on each system: the folders that Excel itself reads."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from kamxl.excel.addin.places import places_of, supported

HOME = Path("home") / "Jörg"


def test_windows_opens_what_stands_in_xlstart() -> None:
    environ = {"APPDATA": "roaming", "USERPROFILE": str(HOME / "moved")}
    places = places_of("win32", HOME, environ)
    assert places.addin == Path("roaming/Microsoft/Excel/XLSTART/kamxl.xlam")
    assert places.conf == HOME / "moved/.kamxl-addin/kamxl-addin.conf"
    assert places.script is None


@pytest.mark.parametrize("environ", [{}, {"APPDATA": "", "USERPROFILE": ""}])
def test_windows_without_its_variables_takes_the_usual_folders(environ: dict[str, str]) -> None:
    places = places_of("win32", HOME, environ)
    assert places.addin == HOME / "AppData/Roaming/Microsoft/Excel/XLSTART/kamxl.xlam"
    assert places.conf == HOME / ".kamxl-addin/kamxl-addin.conf"


def test_macos_keeps_to_the_folders_that_excels_sandbox_may_read() -> None:
    places = places_of("darwin", HOME, {"APPDATA": "ignored", "USERPROFILE": "ignored"})
    library = HOME / "Library"
    office = library / "Group Containers/UBF8T346G9.Office/User Content.localized"
    assert places.addin == office / "Startup.localized/Excel/kamxl.xlam"
    assert places.script == library / "Application Scripts/com.microsoft.Excel/kamxl.applescript"
    container = library / "Containers/com.microsoft.Excel/Data/.kamxl-addin"
    assert places.conf == container / "kamxl-addin.conf"
    assert places.scratch.is_relative_to(container)  # Excel opens a workbook from there


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
def test_all_is_the_users_own_and_each_file_has_its_own_place(platform: str) -> None:
    places = places_of(platform, HOME, {})
    paths = [getattr(places, field.name) for field in fields(places)]
    paths = [path for path in paths if path is not None]
    assert all(path.is_relative_to(HOME) for path in paths)
    assert len(set(paths)) == len(paths)


def test_elsewhere_nothing_leaves_our_own_folder() -> None:
    places = places_of("linux", HOME, {"APPDATA": "roaming"})
    assert places.addin == HOME / ".kamxl-addin/kamxl.xlam"
    assert places.script is None


def test_excel_with_macros_runs_on_two_systems() -> None:
    assert [supported(p) for p in ("win32", "darwin", "linux", "cygwin")] == [1, 1, 0, 0]
