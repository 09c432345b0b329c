"""Web addresses and the folders that a sync client keeps them in: read from its own settings."""

import os
import plistlib
import sys
import types
import unicodedata

import pytest

from kamxl.excel.live import opened
from kamxl.excel.live.sync_clients import mounts_of
from kamxl.excel.live.synced import Mount, is_at, places_of, same_file

OWN = "https://d.docs.live.net/0123456789ABCDEF"
BUSINESS = "https://firma-my.sharepoint.com/personal/ada_firma_de/Documents"
SITE = "https://firma.sharepoint.com/sites/KAM/Freigegebene Dokumente"


def made(folder, *pieces):
    """A file below a folder."""
    path = folder.joinpath(*pieces)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


@pytest.fixture
def disk(tmp_path):
    """What three kinds of clouds look like on a disk."""
    for name in ("OneDrive", "OneDrive - Firma", "Firma/KAM - Dokumente"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def mounts(disk):
    return [
        Mount(OWN, disk / "OneDrive"),
        Mount(BUSINESS + "/", disk / "OneDrive - Firma"),
        Mount(SITE, disk / "Firma" / "KAM - Dokumente"),
    ]


@pytest.mark.parametrize(
    ("address", "folder", "pieces"),
    [
        (f"{OWN}/Arbeit/Portfolio.xlsx", "OneDrive", ["Arbeit", "Portfolio.xlsx"]),
        (f"{OWN.lower()}/arbeit/PORTFOLIO.xlsx", "OneDrive", ["Arbeit", "Portfolio.xlsx"]),
        (f"{BUSINESS}/KAM/Portfolio.xlsx", "OneDrive - Firma", ["KAM", "Portfolio.xlsx"]),
        (f"{BUSINESS}/KAM/Portfolio.xlsx?web=1", "OneDrive - Firma", ["KAM", "Portfolio.xlsx"]),
        (f"{SITE}/Portfolio.xlsx", "Firma/KAM - Dokumente", ["Portfolio.xlsx"]),
        (
            f"{SITE.replace('.com', '.com:443')}/Portfolio.xlsx",
            "Firma/KAM - Dokumente",
            ["Portfolio.xlsx"],
        ),
        (
            f"{SITE.replace(' ', '%20')}/M%C3%BCller%20%26%20S%C3%B6hne/Portfolio.xlsx",
            "Firma/KAM - Dokumente",
            ["Müller & Söhne", "Portfolio.xlsx"],
        ),
        (f"{OWN}/50%20%/Portfolio.xlsx", "OneDrive", ["50%20%", "Portfolio.xlsx"]),
        (f"{OWN}/C#/Portfolio.xlsx", "OneDrive", ["C#", "Portfolio.xlsx"]),
        (
            unicodedata.normalize("NFD", f"{OWN}/Müller/Portfolio.xlsx"),
            "OneDrive",
            ["Müller", "Portfolio.xlsx"],
        ),
    ],
)
def test_an_address_is_the_file_that_the_client_keeps(disk, address, folder, pieces):
    path = made(disk / folder, *pieces)
    assert places_of(address, mounts(disk)).known == (path,)
    assert is_at(address, path, mounts(disk)) is True
    other = made(disk / "elsewhere", "Portfolio.xlsx")
    assert is_at(address, other, mounts(disk)) is False
    assert is_at(address, path, []) is None  # unknown is never no
    assert is_at(address, made(disk / folder, "Register.xlsx"), []) is False  # another name


@pytest.mark.parametrize("folder", ["General", "General - KAM", "KAM - General"])
def test_a_sub_folder_may_be_kept_under_the_librarys_address(disk, folder):
    path = made(disk / "OneDrive - Firma" / folder, "2026", "Portfolio.xlsx")
    shortcut = [Mount(SITE, disk / "OneDrive - Firma" / folder)]
    assert is_at(f"{SITE}/General/2026/Portfolio.xlsx", path, shortcut) is True
    assert is_at(f"{SITE}/Other/2026/Portfolio.xlsx", path, shortcut) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://firma.sharepoint.com/sites/KAM/_layouts/15/Doc.aspx?file=Portfolio.xlsx",
        f"{SITE}/Portfolio.xlsx#Accounts!A1",
    ],
)
def test_an_address_that_does_not_end_in_the_name_tells_nothing(disk, address):
    path = made(disk / "Firma" / "KAM - Dokumente", "Portfolio.xlsx")
    assert is_at(address, path, mounts(disk), "Portfolio.xlsx") is None
    assert is_at(address, path, mounts(disk), "Other.xlsx") is False


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (r"\\firma.sharepoint.com@SSL\DavWWWRoot\sites\KAM\R.xlsx", "sites/KAM/R.xlsx"),
        (r"\\firma.sharepoint.com@SSL@443\davwwwroot\R.xlsx", "R.xlsx"),
        (r"\\firma.sharepoint.com@SSL\sites\KAM\R.xlsx", "sites/KAM/R.xlsx"),
        (r"\\firma.sharepoint.com\DavWWWRoot\sites\KAM\R.xlsx", "sites/KAM/R.xlsx"),
        (r"\\server\share\DavWWWRoot\R.xlsx", None),
        (r"\\server\team@home\R.xlsx", None),
        (r"C:\Users\ada@firma.de\R.xlsx", None),
    ],
)
def test_a_share_of_the_web_is_an_address(name, address):
    book = types.SimpleNamespace(api=types.SimpleNamespace(FullName=name))
    expected = f"https://firma.sharepoint.com/{address}" if address else None
    assert opened.address_of(book) == expected


@pytest.mark.parametrize("sub", ["A", "KAM", "Dok", "kamera"])
def test_a_sub_folder_that_is_not_kept_here_is_not_the_library_itself(disk, sub):
    """Its name, or its letters, are in the folder's; the client was told to leave it out."""
    path = made(disk / "Firma" / "KAM - Dokumente", "Portfolio.xlsx")
    assert is_at(f"{SITE}/{sub}/Portfolio.xlsx", path, mounts(disk)) is not True


def test_two_files_that_it_may_be_are_neither(disk):
    folder = disk / "OneDrive - Firma" / "General"
    inner = made(folder, "General", "Portfolio.xlsx")
    outer = made(folder, "Portfolio.xlsx")
    shortcut = [Mount(SITE, folder)]
    for path in (inner, outer):
        assert is_at(f"{SITE}/General/Portfolio.xlsx", path, shortcut) is None


def test_a_folder_of_unknown_origin_only_makes_it_possible(disk):
    path = made(disk / "OneDrive", "KAM", "Portfolio.xlsx")
    address = "https://x.sharepoint.com/sites/Y/KAM/Portfolio.xlsx"
    assert places_of(address, [Mount("", disk / "OneDrive")]).known == ()
    assert is_at(address, path, [Mount("", disk / "OneDrive")]) is None


@pytest.mark.parametrize(
    "address",
    ["", "https://", "https://x", "https://[x/Portfolio.xlsx", "file:///Portfolio.xlsx", "x://%"],
)
def test_no_address_is_too_odd(disk, address):
    path = made(disk / "OneDrive", "Portfolio.xlsx")
    assert is_at(address, path, mounts(disk)) in (None, False)


def test_dots_in_an_address_lead_nowhere(disk):
    path = made(disk, "Portfolio.xlsx")
    assert is_at(f"{OWN}/../Portfolio.xlsx", path, mounts(disk)) is not True
    assert is_at(f"{OWN}/%2E%2E/Portfolio.xlsx", path, mounts(disk)) is not True
    assert is_at(f"{OWN}/..%2FPortfolio.xlsx", path, mounts(disk)) is not True


def test_links_and_capitals_are_one_file(tmp_path):
    path = made(tmp_path / "real", "Portfolio.xlsx")
    (tmp_path / "subst").symlink_to(path.parent)
    assert same_file(tmp_path / "subst" / "Portfolio.xlsx", path)
    os.link(path, tmp_path / "PORTFO~1.XLS")
    assert same_file(tmp_path / "PORTFO~1.XLS", path)
    assert not same_file(made(tmp_path, "Portfolio.xlsx"), path)
    assert same_file(tmp_path / "gone" / "x", tmp_path / "gone" / "x")


# --- the registry --------------------------------------------------------------------------------


class Registry(types.ModuleType):
    """winreg over a tree of dicts: a key's values are its items that are no dict. Reading only."""

    HKEY_CURRENT_USER = object()

    def __init__(self, tree):
        super().__init__("winreg")
        self.tree = tree

    class Key:
        def __init__(self, node):
            self.keys = [(k, v) for k, v in node.items() if isinstance(v, dict)]
            self.values = [(k, v, 1) for k, v in node.items() if not isinstance(v, dict)]

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    def OpenKey(self, root, path):  # noqa: N802
        assert root is self.HKEY_CURRENT_USER
        node = self.tree
        for name in path.split("\\"):
            node = next((v for k, v in node.items() if k.lower() == name.lower()), None)
            if not isinstance(node, dict):
                raise FileNotFoundError(path)
        return self.Key(node)

    def QueryInfoKey(self, key):  # noqa: N802
        return len(key.keys), len(key.values), 0

    def EnumKey(self, key, number):  # noqa: N802
        return key.keys[number][0]

    def EnumValue(self, key, number):  # noqa: N802
        return key.values[number]


def registry(disk):
    """As a computer with a personal, a business account, a library and a shortcut has it."""
    business = disk / "OneDrive - Firma"
    engines = {
        "Personal": {
            "UrlNamespace": "https://d.docs.live.net",
            "CID": "0123456789abcdef",
            "MountPoint": str(disk / "OneDrive"),
        },
        "Business1": {"UrlNamespace": BUSINESS + "/", "MountPoint": str(business)},
        "a1b2": {"UrlNamespace": SITE + "/", "MountPoint": str(disk / "Firma" / "KAM - Dokumente")},
        "broken": {"UrlNamespace": 7, "MountPoint": None},
    }
    accounts = {
        "Personal": {"UserFolder": str(disk / "OneDrive"), "cid": "0123456789abcdef"},
        "Business1": {
            "UserFolder": str(business),
            "ServiceEndpointUri": BUSINESS.removesuffix("/Documents") + "/_api",
            "ScopeIdToMountPointPathCache": {"scope": str(business / "General")},
            "Tenants": {"Firma": {str(disk / "Firma" / "KAM - Dokumente"): ""}},
        },
    }
    providers = {"Providers": {"OneDrive": engines}}
    return {
        "Software": {"SyncEngines": providers, "Microsoft": {"OneDrive": {"Accounts": accounts}}}
    }


def test_the_registry_tells_what_is_kept_where(disk, monkeypatch):
    monkeypatch.setitem(sys.modules, "winreg", Registry(registry(disk)))
    found = mounts_of("win32", disk, {"OneDriveCommercial": str(disk / "OneDrive - Firma")})
    for address, folder in (
        (f"{OWN}/KAM/Portfolio.xlsx", "OneDrive"),
        (f"{BUSINESS}/KAM/Portfolio.xlsx", "OneDrive - Firma"),
        (f"{SITE}/KAM/Portfolio.xlsx", "Firma/KAM - Dokumente"),
    ):
        path = made(disk / folder, "KAM", "Portfolio.xlsx")
        assert is_at(address, path, found) is True
    folders = {mount.folder for mount in found if not mount.address}
    assert disk / "OneDrive - Firma" / "General" in folders
    # the drive of somebody else is not ours, whatever lies in the same place
    path = disk / "OneDrive" / "KAM" / "Portfolio.xlsx"
    assert is_at("https://d.docs.live.net/FEDCBA9876543210/KAM/Portfolio.xlsx", path, found) is None


@pytest.mark.parametrize("tree", [{}, {"Software": {}}, {"Software": {"SyncEngines": 7}}])
def test_a_registry_without_a_client_tells_nothing(disk, monkeypatch, tree):
    monkeypatch.setitem(sys.modules, "winreg", Registry(tree))
    assert mounts_of("win32", disk, {}) == ()


def test_a_registry_that_refuses_tells_nothing(disk, monkeypatch):
    refusing = Registry({})
    refusing.OpenKey = lambda *_: (_ for _ in ()).throw(PermissionError(5, "no"))
    monkeypatch.setitem(sys.modules, "winreg", refusing)
    assert mounts_of("win32", disk, {"OneDrive": str(disk)}) == (Mount("", disk),)


# --- property lists ------------------------------------------------------------------------------


def test_property_lists_tell_the_same_on_a_mac(disk):
    suite = disk / "Library" / "Group Containers" / "UBF8T346G9.OneDriveStandaloneSuite"
    place = suite / "Library" / "Preferences" / "UBF8T346G9.OneDriveStandaloneSuite.plist"
    place.parent.mkdir(parents=True)
    cloud = disk / "Library" / "CloudStorage"
    (cloud / "OneDrive-Firma").mkdir(parents=True)
    told = {
        "Accounts": [{"UrlNamespace": BUSINESS, "MountPoint": str(cloud / "OneDrive-Firma")}],
        "Other": {"deep": {"UserFolder": str(disk / "OneDrive"), "cid": OWN.rpartition("/")[2]}},
        "noise": [1, b"x", {"MountPoint": 7}],
    }
    place.write_bytes(plistlib.dumps(told, fmt=plistlib.FMT_BINARY))
    place.with_name("damaged.plist").write_bytes(b"bplist00nonsense")
    found = mounts_of("darwin", disk, {})
    path = made(cloud / "OneDrive-Firma", "KAM", "Portfolio.xlsx")
    assert is_at(f"{BUSINESS}/KAM/Portfolio.xlsx", path, found) is True
    assert is_at(f"{OWN}/Portfolio.xlsx", made(disk / "OneDrive", "Portfolio.xlsx"), found) is True
    assert Mount("", cloud / "OneDrive-Firma") in found


def test_a_mac_without_settings_only_makes_it_possible(disk):
    path = made(disk / "Library" / "CloudStorage" / "OneDrive-Personal", "Portfolio.xlsx")
    found = mounts_of("darwin", disk, {})
    assert is_at(f"{OWN}/Portfolio.xlsx", path, found) is None
