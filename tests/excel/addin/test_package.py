"""kamxl.xlam as a file: whole, readable by other programs, and what its sources give."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from pyopenvba import ExcelFile, check_file
from pyopenvba.cfb import CFB

from kamxl import xlam as building
from kamxl.excel.addin import XLAM, build, xlam
from kamxl.excel.addin.words import literal
from tests.excel.addin.ribbon import BUTTONS, SOURCES
from tests.proof import need, validate
from tests.proof.package import opened
from tests.waiting import PATIENCE

_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_VBA_TYPE = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_UI_TYPE = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_LIBREOFFICE = "Calc MS Excel 2007 VBA XML"
_DOCUMENTS = {"ThisWorkbook", "Sheet1"}


def test_it_is_what_its_sources_give_byte_for_byte() -> None:
    assert building.main(["--check"]) == 0
    assert build.xlam_bytes(BUTTONS) == xlam()


def test_the_check_notices_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "kamxl.xlam"
    other.write_bytes(xlam()[:-1] + b"x")
    monkeypatch.setattr(building, "XLAM", other)
    assert building.main(["--check"]) == 1
    assert building.main([]) == 0
    assert other.read_bytes() == xlam()


def test_every_part_has_a_type_and_every_relation_a_part() -> None:
    package = opened(XLAM)
    assert not package.faults
    assert len(set(package.names)) == len(package.names)
    types = package.trees["[Content_Types].xml"]
    defaults = {node.get("Extension") for node in types.iter(f"{_TYPES}Default")}
    overrides = {node.get("PartName") for node in types.iter(f"{_TYPES}Override")}
    assert {name.rsplit(".", 1)[1] for name in package.names} <= defaults
    assert {name.lstrip("/") for name in overrides} <= set(package.names)
    targets = {t for part in ("", "xl/workbook.xml") for t, _ in package.relations(part).values()}
    parts = {n for n in package.names if not n.endswith(".rels") and n != "[Content_Types].xml"}
    assert targets == parts  # nothing points outside, nothing is left over


def test_excel_takes_it_as_an_add_in_with_code_and_a_ribbon() -> None:
    package = opened(XLAM)
    types = etree.tostring(package.trees["[Content_Types].xml"]).decode()
    addin = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    assert f'PartName="/xl/workbook.xml" ContentType="{addin}"' in types
    assert 'Extension="bin" ContentType="application/vnd.ms-office.vbaProject"' in types
    kinds = {
        node.get("Type"): node.get("Target")
        for rels in ("_rels/.rels", "xl/_rels/workbook.xml.rels")
        for node in package.trees[rels]
    }
    assert kinds[_VBA_TYPE] == "vbaProject.bin"
    assert kinds[_UI_TYPE] == "customUI/customUI14.xml"


def test_it_says_nothing_of_the_machine_that_built_it() -> None:
    with zipfile.ZipFile(XLAM) as archive:
        entries = archive.infolist()
        assert {e.date_time for e in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {e.create_system for e in entries} == {0}
        # zlib differs from machine to machine, so nothing is compressed
        assert {e.compress_type for e in entries} == {zipfile.ZIP_STORED}
        assert "docProps/core.xml" not in archive.namelist()
        text = b"".join(archive.read(e) for e in entries).lower()
    assert not any(word in text for word in (b"/home/", b"c:\\users", b"creator", b"lastmodified"))
    assert XLAM.stat().st_size < 60_000  # small: less for a virus scanner to take amiss


@pytest.mark.proof
def test_microsofts_validator_accepts_it() -> None:
    need(validate.available())
    assert validate.problems(XLAM) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # oletools' own
def test_pyopenvba_and_olevba_read_back_the_sources() -> None:
    expected = SOURCES
    with ExcelFile(XLAM) as file:
        assert file.validate() == []
        modules = {n: s.replace("\r\n", "\n") for n, s in file.vba_modules().items()}
    assert set(modules) == set(expected) | _DOCUMENTS
    assert {n: s for n, s in modules.items() if n in expected} == expected
    from oletools.olevba import VBA_Parser

    parser = VBA_Parser(str(XLAM))
    read = {
        name.partition(".")[0]: code.replace("\r\n", "\n")
        for _, _, name, code in parser.extract_macros()
    }
    parser.close()
    assert {n: s for n, s in read.items() if n in expected} == expected
    assert check_file(XLAM).ok


def test_the_project_is_source_only_and_has_our_name() -> None:
    with ExcelFile(XLAM) as file:
        container = CFB.from_bytes(file.vba_project_bytes())
        assert all(module.text_offset == 0 for module in file.vba_project().modules)
    assert container.get_stream_in_storage("VBA", "_VBA_PROJECT").hex() == "cc61ffff000100"
    assert not [n for n in container.list_streams_in_storage("VBA") if n.startswith("__SRP")]
    project = container.get_stream("PROJECT").decode("ascii")
    assert 'Name="kamxl"' in project
    declared = [line for line in project.splitlines() if line.startswith(("Module=", "Class="))]
    assert sorted(declared) == ["Module=Ribbon", "Module=Words", "Module=xlwings"]


def test_another_frame_stops_the_build() -> None:
    with pytest.raises(ValueError, match="frame"):
        build._replaced(b"Name=none", b"VBAProject", b"kamxl")


def test_sources_read_the_same_in_every_code_page() -> None:
    for name, source in SOURCES.items():
        assert source.isascii(), name
        assert max(map(len, source.splitlines())) < 1023, name
    assert literal('Öl „a"b“') == ('ChrW(214) & "l " & ChrW(8222) & "a""b" & ChrW(8220)')
    assert literal("") == '""'
    assert literal("\N{GRINNING FACE}") == "ChrW(-10179) & ChrW(-8704)"


@pytest.mark.proof
def test_libreoffice_lists_the_modules(tmp_path: Path) -> None:
    need(
        [] if shutil.which("soffice") else ["soffice is missing (apt-get install libreoffice-calc)"]
    )
    words = [f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    words += [f"--infilter={_LIBREOFFICE}", "--convert-to", "ods", "--outdir", str(tmp_path)]
    subprocess.run(
        ["soffice", *words, str(XLAM)], check=True, capture_output=True, timeout=PATIENCE
    )
    with zipfile.ZipFile(tmp_path / "kamxl.ods") as archive:
        names = {n for n in archive.namelist() if n.startswith("Basic/kamxl/")}
        source = etree.fromstring(archive.read("Basic/kamxl/xlwings.xml")).text or ""
    assert names >= {f"Basic/kamxl/{name}.xml" for name in SOURCES}
    assert source.strip().endswith(SOURCES["xlwings"].split("\n", 1)[1].strip())
