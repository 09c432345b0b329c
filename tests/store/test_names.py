"""Clutter and what is not here yet, by names alone: on the disk as in what was packed there."""

import pytest

from kamxl.store.names import reason_of_name


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("inbox/card.xlsx", None),
        ("inbox/Icons/card.xlsx", None),
        ("inbox/parts/card.part.xlsx", None),
        ("inbox/icloud.xlsx", None),
        ("inbox/cloud/card.xlsx", None),
        ("inbox/~card.xlsx", None),
        ("~$card.xlsx", "owner-file"),
        ("a/.~lock.card.ods#", "owner-file"),
        ("a/~WRD0001.tmp", "owner-file"),
        ("__MACOSX/a/._card.xlsx", "not-a-workbook"),
        ("__MACOSX/card.xlsx", "not-a-workbook"),
        ("a/._card.xlsx", "not-a-workbook"),
        ("a/.DS_Store", "not-a-workbook"),
        ("a/Desktop.ini", "not-a-workbook"),
        ("a/@eaDir/card.xlsx", "not-a-workbook"),
        ("$RECYCLE.BIN/S-1-5/card.xlsx", "not-a-workbook"),
        (".Trash-1000/files/card.xlsx", "not-a-workbook"),
        (".git/objects/ab/cd", "not-a-workbook"),
        ("inbox/.card.xlsx.icloud", "cloud-placeholder"),
        ("inbox/card.xlsx.nextcloud", "cloud-placeholder"),
        ("inbox/card.xlsx.crdownload", "download-unfinished"),
        ("a/card.xlsx:Zone.Identifier", "not-a-workbook"),
        ("a/.nfs00000001", "not-a-workbook"),
        ("a/.nfs-card.xlsx", None),
        ("inbox/card.xlsx.!sync", "download-unfinished"),
        ("inbox/card.xlsx.part", "download-unfinished"),
        ("inbox/card.xlsx.download/card.xlsx", "download-unfinished"),
        ("inbox/.syncthing.card.xlsx.tmp", "download-unfinished"),
        ("inbox/.card.xlsx.~1a2b", "download-unfinished"),
    ],
)
def test_what_a_name_tells(path, reason):
    assert reason_of_name(path) == reason
