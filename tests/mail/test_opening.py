"""Opening mails and zips: what is in them as it was sent, at a bounded cost whatever it is."""

import base64
import io
import random
import struct
import types
import zipfile
import zlib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from kamxl.excel.reading.limits import LIMITS
from kamxl.mail import opening
from kamxl.mail.eml import open_eml
from kamxl.mail.headers import Headers
from kamxl.mail.msg import open_msg
from kamxl.mail.opening import LARGEST, Budget, CannotOpen, Member, Postmark
from kamxl.mail.zipped import open_zip
from tests.mail.outlook import forwarded, mail, msg

SENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HEAD = b"From: Ada <ada@alpha.example>\r\nTo: kam@muster.example\r\n"
DATA = bytes(range(256)) * 20


def opened(data: bytes) -> tuple[Member, ...]:
    return open_eml(data, Budget()).members


def refused(opener, data: bytes) -> str | None:
    """Why it was not opened; anything else that is raised fails the test."""
    try:
        opener(data, Budget())
    except CannotOpen as problem:
        return problem.reason
    return None


def with_part(*headers: str, body: bytes = b"eA==") -> bytes:
    lines = "\r\n".join(headers).encode("utf-8", "surrogateescape")
    head = HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
    return head + lines + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body + b"\r\n--b--\r\n"


def test_a_member_is_as_large_as_a_file_may_be():
    assert LIMITS.file == LARGEST


# --- .eml ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "disposition",
    [
        'attachment; filename="Bögen März.xlsx"',  # raw UTF-8, which nobody may send and many do
        "attachment; filename*=UTF-8''B%C3%B6gen%20M%C3%A4rz.xlsx",
        "attachment; filename*=iso-8859-1''B%F6gen%20M%E4rz.xlsx",
        "attachment; filename*0*=UTF-8''B%C3%B6gen;\r\n filename*1*=%20M%C3%A4rz.xlsx",
        'attachment; filename="=?utf-8?q?B=C3=B6gen_M=C3=A4rz=2Exlsx?="',
        'attachment;\r\n\tfilename="=?iso-8859-1?Q?B=F6gen_M=E4rz.xlsx?="',
        'attachment; filename="B\udcf6gen M\udce4rz.xlsx"',  # raw Latin-1
    ],
)
def test_names_in_whatever_letters(disposition):
    kind = "Content-Type: application/octet-stream"
    (found,) = opened(with_part(kind, f"Content-Disposition: {disposition}"))
    assert found == Member("Bögen März.xlsx", b"x")


def test_the_name_may_stand_in_the_type():
    (found,) = opened(with_part('Content-Type: application/vnd.ms-excel; name="a b.xlsx"'))
    assert found.name == "a b.xlsx"
    (found,) = opened(with_part("Content-Type: application/vnd.ms-excel"))
    assert found.name == "attachment 1"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "_/_/etc/passwd"),
        ("..\\..\\x.xlsx", "_/_/x.xlsx"),
        ("C:\\x.xlsx", "C_/x.xlsx"),
        ("a\0b\u202egnp.xlsx", "a b gnp.xlsx"),
        ("/", "attachment 1"),
        ("x" * 1_000, "x" * 199 + "…"),
    ],
)
def test_a_name_is_only_shown(sent, shown):
    name = base64.b64encode(sent.encode()).decode()
    part = f'Content-Disposition: attachment; filename="=?utf-8?b?{name}?="'
    (found,) = opened(with_part("Content-Type: application/x-a", part))
    assert found.name == shown


@pytest.mark.parametrize("policy", [SMTP, SMTP.clone(linesep="\n"), SMTP.clone(cte_type="7bit")])
def test_what_python_writes_is_read(policy):
    made = EmailMessage(policy=policy)
    made["From"], made["Subject"] = "Zoë Größe <zoe@beta.example>", "Grüße 🎉 und Bögen " * 5
    made["Date"] = SENT
    made.set_content("Anbei die Bögen.\n--b\n")
    made.add_alternative("<p>Anbei</p>", subtype="html")
    made.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<logo>")
    made.add_attachment(DATA, "application", "octet-stream", filename="größe.xlsx")
    made.add_attachment("a;b\n", filename="table.csv")
    found = open_eml(made.as_bytes(), Budget())
    subject = " ".join(("Grüße 🎉 und Bögen " * 5).split())
    assert found.postmark == Postmark(subject, "Zoë Größe", "zoe@beta.example", SENT)
    assert [(m.name, m.inline) for m in found.members] == [
        ("attachment 3", True),
        ("größe.xlsx", False),
        ("table.csv", False),
    ]
    assert found.members[1].data == DATA
    assert found.members[2].data.split() == [b"a;b"]


@pytest.mark.parametrize(
    ("encoding", "body", "expected"),
    [
        ("base64", b"eHh4\r\neHg=\r\n", b"xxxxx"),
        ("BASE64 ", b"eH\r\nh4  eHg", b"xxxxx"),  # padding lost, lines broken anywhere
        ("base64", b"eHh4eHg=\r\n\r\n-- \r\nvirus free", b"xxxxx"),
        ("quoted-printable", b"a=3D=\r\nb", b"a=b"),
        ("8bit", b"a\xffb", b"a\xffb"),
        ("base64", b"eHh4e", None),
        ("x-unheard-of", b"a", None),
    ],
)
def test_encodings(encoding, body, expected):
    part = b"Content-Type: application/x-a; name=x\nContent-Transfer-Encoding: %b\n\n%b"
    text = b"--b\n" + part % (encoding.encode(), body) + b"\n--b--\n"
    (found,) = opened(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + text)
    reason = "damaged" if expected is None else None
    assert found == Member("x", expected, reason)


def test_a_mail_that_is_one_attachment():
    head = b"Content-Type: application/x-a; name=a.xlsx\nContent-Transfer-Encoding: base64\n\n"
    assert opened(HEAD + head + b"eA==\n") == (Member("a.xlsx", b"x"),)


def test_a_mail_cut_off_gives_what_there_is():
    whole = with_part("Content-Type: application/x-a; name=a.xlsx", body=b"eHh4" * 50)
    (found,) = opened(whole[: whole.index(b"--b--")])
    assert found.data == b"xxx" * 50


def test_a_forwarded_mail_is_a_member_called_by_its_subject():
    inner = HEAD + "Subject: AW: a/b größer\r\n\r\nx".encode()
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    (found,) = opened(head + b"Content-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b--")
    assert found == Member("AW_ a-b größer.eml", inner)


def test_boundaries_that_begin_alike():
    inner = b"Content-Type: multipart/mixed; boundary=bb\n\n--bb\n" + b"\nfirst\n--bb--\n"
    outer = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + inner
    part = b"Content-Type: application/x-a; name=y\n\nsecond"
    assert opened(outer + b"--b\n" + part + b"\n--b--") == (Member("y", b"second"),)


@pytest.mark.parametrize(
    ("head", "postmark"),
    [
        (b"Date: nonsense", Postmark()),
        (b"Date: Mon, 02 Mar 2026 09:30:00 -0000", Postmark(date=SENT)),
        (b"Date: Mon, 02 Mar 9999 09:30:00 +0000", Postmark()),
        (b"From: <@>", Postmark()),
        (b"From: Ada\r\nSender: bo@x.example", Postmark(address="bo@x.example")),
        (b"Subject: a\x07b\x00\r\n\tc", Postmark("a b c")),
        (b"Subject: =?x-none?b?!!!?=", None),
        (b"From: " + b"(" * 100_000, None),
        (b"From: " + b'"' * 100_000, None),
    ],
)
def test_whatever_headers_say(head, postmark):
    found = open_eml(head + b"\r\nTo: x\r\n\r\ntext", Budget())
    assert found.members == ()
    assert found.postmark is not None
    if postmark is not None:
        assert found.postmark == postmark
    assert len(found.postmark.subject) <= 200


def parts(count: int, line: bytes = b"--b\n\n") -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + line * count


def nested(depth: int) -> bytes:
    one = 'Content-Type: multipart/mixed; boundary="b{0}"\n\n--b{0}\n'
    return HEAD + "".join(one.format(n) for n in range(depth)).encode() + b"\n" * 5_000_000


def slow_headers(count: int) -> bytes:
    """The kind that costs the standard library most: a quarter of a second each."""
    one = b"--b\nContent-Type: multipart/mixed" + b'""' * 100_000 + b"\n\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + one * count


TOO_MUCH = {
    "parts": lambda: parts(1_900_000),
    "almost boundaries": lambda: parts(1_900_000, b"--bx\n"),
    "nested 50": lambda: nested(50),
    "nested 10000": lambda: nested(10_000),
    "semicolons": lambda: HEAD + b'Content-Type: multipart/mixed; a="' + b";" * 9_000_000,
    "pieces": lambda: HEAD + b"Content-Type: multipart/mixed" + b";a*0*=" * 1_000_000,
    "headers": lambda: HEAD + b"a:b\n" * 2_000_000 + b"\n",
    "attachments": lambda: parts(300, b"--b\nContent-Type: application/x-a\n\nx\n"),
    "mails": lambda: parts(300, b"--b\nContent-Type: message/rfc822\n\nFrom: a\nTo: b\n\n"),
    "size": lambda: HEAD + b"Content-Type: application/x-a\n\n" + b"x" * 70_000_000,
}


class Copied(bytes):
    """A mail that counts what is copied out of it."""

    count = 0

    def __getitem__(self, at):
        found = super().__getitem__(at)
        self.count += len(found) if isinstance(at, slice) else 0
        return found


@pytest.mark.parametrize("name", TOO_MUCH)
def test_more_than_anybody_sends(name, monkeypatch):
    """It is refused before more is made of it than a mail may cost: copies, and blocks read."""
    read = []

    class Counted(Headers):
        def __init__(self, block, budget):
            read.append(len(block))
            super().__init__(block, budget)

    monkeypatch.setattr("kamxl.mail.mime.Headers", Counted)
    data = Copied(TOO_MUCH[name]())
    with pytest.raises(CannotOpen):
        open_eml(data, Budget())
    assert data.count <= 3 * len(data)
    assert len(read) <= opening.PARTS + 1


@pytest.mark.proof
def test_headers_that_cost_most_are_few():
    """So much is understood of one, and so much of all: some fifty of this kind."""
    data, budget = slow_headers(2), Budget()
    assert all(member.data is not None for member in open_eml(data, budget).members)
    assert 2 <= 2 * opening.HEADERS / (opening.HEADERS - budget.headers) < 60
    with pytest.raises(CannotOpen):
        open_eml(data, Budget(headers=3_000))


def test_a_large_part_is_named_and_not_kept():
    data = HEAD + b"Content-Type: application/x-a; name=a\n\n" + b"x" * (LARGEST + 1)
    assert opened(data) == (Member("a", reason="too-large"),)


@pytest.mark.proof
def test_damage_is_no_surprise():
    whole, chance = bytearray(with_part("Content-Type: application/x-a; name=a")), random.Random(3)  # noqa: S311
    for _ in range(1_000):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        assert refused(open_eml, bytes(data)) in (None, "damaged", "too-large")


# --- .msg ----------------------------------------------------------------------------------------

ARGS = ("AW: Bögen", "Ada", "ada@alpha.example", SENT)
CARD = b"PK" + DATA


def test_outlooks_attachments():
    found = open_msg(msg(*ARGS, [("größe.xlsx", CARD), ("../x\0.pdf", CARD)]), Budget())
    assert found.postmark == Postmark("AW: Bögen", "Ada", "ada@alpha.example", SENT)
    assert [(m.name, m.data) for m in found.members] == [
        ("größe.xlsx", CARD),
        ("_/x .pdf", CARD),
    ]


def test_outlooks_forwarded_mails():
    inner = mail("In/nen", "Bo", "bo@beta.example", SENT, [("a.xlsx", CARD)])
    data = forwarded(mail(*ARGS, [("b.xlsx", CARD)]), inner)
    assert [m.name for m in open_msg(data, Budget()).members] == ["b.xlsx", "In-nen.msg!a.xlsx"]


def test_an_exchange_path_is_no_address():
    found = open_msg(msg("s", "Ada", "/O=ALPHA/CN=ADA", SENT, []), Budget())
    assert (found.postmark.address, found.postmark.name) == ("", "Ada")


def changed(data: bytes, at: int, value: int) -> bytes:
    return data[:at] + struct.pack("<I", value) + data[at + 4 :]


def looped(data: bytes) -> bytes:
    """Every sector is followed by itself."""
    begin = len(data) - struct.unpack_from("<I", data, 44)[0] * 512
    table = list(range((len(data) - begin) // 4))
    return data[:begin] + struct.pack(f"<{len(table)}I", *table)


def root_at(data: bytes) -> int:
    return 512 + 512 * struct.unpack_from("<I", data, 48)[0]


@pytest.mark.parametrize(
    "name",
    ["cut", "cyclic", "difat", "small-tables", "small-stream", "stream", "sectors", "empty"],
)
def test_outlook_files_that_lie(name, monkeypatch):
    data = msg(*ARGS, [("a.xlsx", CARD)])
    root = root_at(data)
    stream = data.index("__substg1.0_37010102".encode("utf-16-le"))
    broken = {
        "cut": data[: len(data) // 2],
        "cyclic": looped(data),
        "difat": changed(changed(changed(looped(data), 44, 2**31), 68, 5), 72, 2**31 // 127),
        "small-tables": changed(looped(data), 64, 2**31),
        "small-stream": changed(changed(looped(data), root + 120, 2**32 - 1), root + 116, 3),
        "stream": changed(looped(data), stream + 120, 9_000_000),
        "sectors": changed(data, 30, 40),
        "empty": data[:512],
    }[name]
    read = []

    class Counted(io.BytesIO):
        def read(self, *size):
            found = super().read(*size)
            read.append(len(found))
            return found

    monkeypatch.setattr("kamxl.mail.ole.io", types.SimpleNamespace(BytesIO=Counted))
    try:
        found = open_msg(broken, Budget()).members
    except CannotOpen:
        found = ()
    assert sum(read) <= 3 * len(broken)  # what points to itself is not followed for ever
    assert all(member.data in (None, CARD) for member in found)


@pytest.mark.proof
def test_outlook_files_damaged_anywhere():
    whole, chance = msg(*ARGS, [("a.xlsx", CARD)]), random.Random(4)  # noqa: S311
    places = [*range(512), *range(root_at(whole), len(whole))]
    for _ in range(1_500):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            data[chance.choice(places)] = chance.randrange(256)
        assert refused(open_msg, bytes(data)) in (None, "damaged", "too-large")


def test_an_outlook_directory_without_end():
    """A tree of 12,000 names, each of them a folder without anything in it."""
    data = bytearray(msg(*ARGS, [("a.xlsx", CARD)]))
    begin, size = len(data), 3_000
    data += b"".join(folder(n, 4 * size) for n in range(4 * size))
    table = [*range(1, size), 0xFFFFFFFE]  # the directory is moved to the end
    with pytest.raises(CannotOpen, match="too-large"):
        open_msg(with_directory(bytes(data), begin, table), Budget())


def folder(number: int, count: int) -> bytes:
    """An entry in a balanced tree: the root, then each between its neighbours."""
    left, right = 2 * number, 2 * number + 1
    kids = [n if 0 < n < count else 0xFFFFFFFF for n in (left, right)]
    name = f"__attach_version1.0_#{number:08X}" if number else "Root Entry"
    child = 0xFFFFFFFF if number else 1
    head = [name.encode("utf-16-le"), 2 * len(name) + 2, 1 if number else 5, 1]
    left_right = kids if number else [0xFFFFFFFF, 0xFFFFFFFF]
    return struct.pack("<64sHBB3I36xIQ", *head, *left_right, child, 0xFFFFFFFE, 0)


def with_directory(data: bytes, begin: int, table: list[int]) -> bytes:
    """The file with this directory at its end, and a table of sectors that knows it."""
    first = begin // 512 - 1
    chain = [first + n if n != 0xFFFFFFFE else n for n in table]
    entries = [0xFFFFFFFF] * first + chain
    size = -(-len(entries) // 128)
    entries += [0xFFFFFFFF] * (size * 128 - len(entries))
    at = len(data) // 512 - 1
    header = bytearray(data[:512])
    struct.pack_into("<II", header, 44, size, first)
    struct.pack_into("<109I", header, 76, *range(at, at + size), *[0xFFFFFFFF] * (109 - size))
    return bytes(header) + data[512:] + struct.pack(f"<{len(entries)}I", *entries)


# --- .zip ----------------------------------------------------------------------------------------


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made.getvalue()


def test_files_in_a_zip():
    data = zipped(("a/größe.xlsx", DATA), ("a/", b""), ("__MACOSX/._x", b"x"), ("leer", b""))
    found = open_zip(data, Budget()).members
    clutter = Member("__MACOSX/._x", b"x")
    assert found == (Member("a/größe.xlsx", DATA), clutter, Member("leer", b""))
    left = open_zip(data, Budget(lambda name: "clutter" if "._" in name else None)).members
    assert left[1] == Member("__MACOSX/._x", reason="clutter")


def test_a_name_in_utf_8_that_does_not_say_so():
    data = bytearray(zipped(("größe.xlsx", DATA)))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", data, data.index(mark) + at, 0)
    assert open_zip(bytes(data), Budget()).members[0].name == "größe.xlsx"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_without_a_bound_are_not_unpacked(method):
    (found,) = open_zip(zipped(("a", DATA), method=method), Budget()).members
    assert found == Member("a", reason="kind")


def test_a_piece_of_a_split_zip_is_named():
    data = bytearray(zipped(("a", DATA)))
    struct.pack_into("<H", data, data.rindex(b"PK\x05\x06") + 4, 2)  # the third disk
    assert refused(open_zip, bytes(data)) == "kind"
    assert refused(open_zip, b"PK\x07\x08PK\x03\x04") == "kind"


def test_a_bomb_that_lies_about_its_size(monkeypatch):
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)  # what is deflated here: 300 MB of zeros
    block = engine.compress(bytes(1_000_000)) + engine.flush(zlib.Z_FULL_FLUSH)
    bomb = block * 300 + engine.flush()
    data = bytearray(zipped(("a", b"x" * len(bomb)), method=zipfile.ZIP_STORED))
    data[data.index(b"x" * 100) : data.index(b"x" * 100) + len(bomb)] = bomb
    for mark, method, size in ((b"PK\x03\x04", 8, 22), (b"PK\x01\x02", 10, 24)):
        at = data.index(mark)
        struct.pack_into("<H", data, at + method, 8)
        struct.pack_into("<I", data, at + size, 1_000)
    inflated = []

    class Counted:
        def __init__(self, bits):
            self._real = zlib.decompressobj(bits)

        def decompress(self, *given):
            inflated.append(self._real.decompress(*given))
            return inflated[-1]

    counting = types.SimpleNamespace(**{**vars(zlib), "decompressobj": Counted})
    monkeypatch.setattr("kamxl.mail.zipped.zlib", counting)
    (found,) = open_zip(bytes(data), Budget()).members
    assert found == Member("a", reason="damaged")
    assert [len(content) for content in inflated] == [1_001]  # one more than it says


@pytest.mark.proof
def test_too_much_and_too_many():
    (found,) = open_zip(zipped(("a", bytes(LARGEST + 1))), Budget()).members
    assert found == Member("a", reason="too-large")
    with pytest.raises(CannotOpen, match="too-large"):
        open_zip(zipped(*((f"{n}", bytes(LARGEST)) for n in range(7))), Budget())
    with pytest.raises(CannotOpen, match="too-large"):
        open_zip(zipped(*((f"{n}", b"") for n in range(opening.MEMBERS + 1))), Budget())


def test_many_workbooks_stored_as_they_are():
    card = zipped(*((f"part{n}", b"x") for n in range(30)))
    data = zipped(*((f"{n}.xlsx", card) for n in range(150)), method=zipfile.ZIP_STORED)
    assert len(open_zip(data, Budget()).members) == 150


def test_zips_damaged_anywhere():
    whole, chance = zipped(("a", DATA), ("b", DATA)), random.Random(5)  # noqa: S311
    for _ in range(3_000):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if refused(open_zip, bytes(data)) is None:
            found = open_zip(bytes(data), Budget()).members
            assert all(member.data in (None, DATA) for member in found)
