"""Names, subjects and senders in the letters of many countries, as old programs write them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from kamxl.mail.codepages import codec_of
from kamxl.mail.eml import open_eml
from kamxl.mail.headers import Headers
from kamxl.mail.msg import open_msg
from kamxl.mail.opening import Budget
from tests.mail.outlook import Letters, Node, forwarded, mail, msg, ole, text

SENT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
CARD = b"card " * 1000
MESSAGE, INTERNET, LOCALE = 0x3FFD, 0x3FDE, 0x3FF1
CZECH, RUSSIAN = "Hodnocení dodavatele Ž", "Оценка поставщика"
JAPANESE, CHINESE, KOREAN = "評価①表", "供应商评估镕", "평가표"
GREEK, TURKISH, THAI = "Αξιολόγηση", "Değerlendirme Şti", "การประเมิน"


def opened(words, letters):
    data = msg(words, words[:6], "ada@alpha.example", SENT, [(f"{words}.xlsx", CARD)], (), letters)
    found = open_msg(data, Budget())
    (member,) = found.members
    assert member.data == CARD
    assert found.postmark.date == SENT
    return found.postmark.subject, found.postmark.name, member.name


@pytest.mark.parametrize(
    ("words", "codec", "pages"),
    [
        (CZECH, "cp1250", {MESSAGE: 1250}),
        (RUSSIAN, "cp1251", {MESSAGE: 1251}),
        (RUSSIAN, "koi8-r", {MESSAGE: 20866}),
        (RUSSIAN, "cp1251", {INTERNET: 1251}),
        (RUSSIAN, "cp1251", {MESSAGE: 1251, INTERNET: 20866}),  # its texts, not what it once was
        (RUSSIAN, "utf-8", {MESSAGE: 65001}),
        (RUSSIAN, "utf-8", {}),
        ("Größe 10 €", "cp1252", {MESSAGE: 1252}),
        ("Größe 10 €", "cp1252", {}),
        ("Größe 10 €", "cp1252", {MESSAGE: 28591}),
        ("Größe 10 €", "cp1252", {MESSAGE: 20127}),
        ("Größe 10 €", "cp1252", {MESSAGE: 65001}),  # which it is not
        (JAPANESE, "cp932", {MESSAGE: 932}),
        ("評価表", "iso-2022-jp", {INTERNET: 50220}),
        (CHINESE, "gbk", {MESSAGE: 936}),
        ("供應商評估", "big5", {MESSAGE: 950}),
        (KOREAN, "cp949", {MESSAGE: 949}),
        (GREEK, "cp1253", {MESSAGE: 1253}),
        (TURKISH, "cp1254", {MESSAGE: 1254}),
        (THAI, "cp874", {MESSAGE: 874}),
        # what Outlook really writes: no page of its texts, that of the net, and where it stands
        (JAPANESE, "cp932", {INTERNET: 50220, LOCALE: 1041}),
        (JAPANESE, "cp932", {INTERNET: 20127, LOCALE: 1041}),
        (JAPANESE, "cp932", {INTERNET: 50220}),
        (RUSSIAN, "cp1251", {INTERNET: 20866, LOCALE: 1049}),
        (RUSSIAN, "cp1251", {INTERNET: 28591, LOCALE: 1049}),
        (CZECH, "cp1250", {INTERNET: 28592, LOCALE: 1033}),
        (CZECH, "cp1250", {INTERNET: 28591, LOCALE: 1029}),
        ("Größe 10 €", "cp1252", {INTERNET: 28591, LOCALE: 1031}),
        ("Größe 10 €", "cp1252", {INTERNET: 20127, LOCALE: 1033}),
        ("供應商評估", "big5", {INTERNET: 20127, LOCALE: 0x0404}),
        (CHINESE, "gbk", {INTERNET: 20127, LOCALE: 0x0804}),
        (KOREAN, "cp949", {INTERNET: 51949, LOCALE: 1042}),
        (RUSSIAN, "utf-8", {INTERNET: 65001, LOCALE: 1049}),
        # no code page at all, or none of letters: the next that is named, or what it can be
        (RUSSIAN, "cp1251", {MESSAGE: 0, INTERNET: 1251}),
        (RUSSIAN, "cp1251", {MESSAGE: 1200, INTERNET: 1251}),
        ("Größe", "cp1252", {MESSAGE: 0xFFFFFFFF}),
        ("Größe", "utf-8", {MESSAGE: 4711}),
    ],
)
def test_an_older_msg_is_read_in_its_code_page(words, codec, pages):
    expected = (words, words[:6].strip(), f"{words}.xlsx")
    assert opened(words, Letters(codec, pages)) == expected


def test_what_is_in_no_code_page_costs_a_letter_and_not_the_file():
    subject, _, name = opened("abc", Letters("latin-1", {MESSAGE: 932}))
    assert (subject, name) == ("abc", "abc.xlsx")
    broken = "\x81\x8d".encode("latin-1").decode("latin-1") + "abc"
    subject, _, name = opened(broken, Letters("latin-1", {MESSAGE: 1252}))
    assert name.endswith("abc.xlsx")
    assert "\x81" not in subject + name


@pytest.mark.proof
def test_every_code_page_is_letters_or_unknown():
    for page in [*range(-1, 2000), *range(9990, 10100), *range(20000, 22000), *range(28500, 66000)]:
        codec = codec_of(page)
        assert codec is None or isinstance(b"abc".decode(codec), str)
    assert (codec_of(1252), codec_of(0), codec_of(10**12)) == ("cp1252", None, None)


def test_a_forwarded_mail_has_letters_of_its_own():
    outer = mail("Größe", "Ada", "a@a.example", SENT, [], (), Letters("cp1252", {MESSAGE: 1252}))
    inner = mail(
        RUSSIAN, "Bo", "b@a.example", SENT, [(f"{RUSSIAN}.xlsx", CARD)], (),
        Letters("cp1251", {MESSAGE: 1251}), begin=24,
    )  # fmt: skip
    (member,) = open_msg(forwarded(outer, inner), Budget()).members
    assert member.name == f"{RUSSIAN}.msg!{RUSSIAN}.xlsx"


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"3707": "Оценка поставщика.xlsx", "3704": "ОЦЕНКА~1.XLS"}, "Оценка поставщика.xlsx"),
        ({"3704": "ОЦЕНКА~1.XLS"}, "ОЦЕНКА~1.XLS"),
        ({"3707": "", "3704": "ОЦЕНКА~1.XLS"}, "ОЦЕНКА~1.XLS"),
        ({"3001": "Оценка"}, "Оценка"),
        ({}, "attachment 1"),
    ],
)
@pytest.mark.parametrize("unicode", [True, False])
def test_the_longer_name_of_an_attachment_counts(names, shown, unicode):
    letters = Letters("cp1251", {MESSAGE: 1251})
    root = mail("s", "Ada", "a@a.example", SENT, [], (), letters)
    content = [text(tag, name, None if unicode else letters) for tag, name in names.items()]
    content.append(Node("__substg1.0_37010102", CARD))
    root.inside.append(Node("__attach_version1.0_#00000000", None, content))
    (member,) = open_msg(ole(root), Budget()).members
    assert member.name == shown


def test_unicode_goes_before_a_code_page():
    root = mail("s", "Ada", "a@a.example", SENT, [], (), Letters("ascii", {MESSAGE: 1251}))
    root.inside[1:2] = [text("0037", "Größe"), text("0037", "Gr??e", Letters("ascii", {}))]
    assert open_msg(ole(root), Budget()).postmark.subject == "Größe"


# --- .eml: RFC 2231 and 2047, and what programs make of them -------------------------------------


def percent(words, codec):
    return "".join(f"%{byte:02X}" for byte in words.encode(codec))


def word(words, codec, said=None):
    return f"=?{said or codec}?B?{base64.b64encode(words.encode(codec)).decode()}?="


X = ".xlsx"
NAMES = [
    (f"filename*=windows-1251''{percent(RUSSIAN + X, 'cp1251')}", RUSSIAN + X),
    (f"FILENAME*=WINDOWS-1250''{percent(CZECH + X, 'cp1250').lower()}", CZECH + X),
    (f"filename*0*=koi8-r''{percent('Оцен', 'koi8-r')};\r\n filename*1*={percent('ка', 'koi8-r')}",
     "Оценка"),
    (f"filename*0*=utf-8'ru'{percent('Оцен', 'utf-8')};\r\n filename*1=\"abc.xlsx\"",
     "Оценabc.xlsx"),
    (f"filename=\"Ocenka.xlsx\"; filename*=utf-8''{percent(RUSSIAN + X, 'utf-8')}", RUSSIAN + X),
    (f"filename*=utf-8''{percent(RUSSIAN + X, 'utf-8')};\r\n filename=Ocenka.xlsx", RUSSIAN + X),
    (f'filename="{word(RUSSIAN + X, "koi8-r")}"', RUSSIAN + X),
    (f"filename={word(RUSSIAN + X, 'utf-8')}", RUSSIAN + X),
    (f'filename="{word("Оцен", "utf-8")}\r\n {word("ка.xlsx", "utf-8")}"', "Оценка.xlsx"),
    (f'filename="{word("評価表.xlsx", "iso-2022-jp")}"', "評価表.xlsx"),
    # letters beyond the set that is named
    (f"filename*=shift_jis''{percent(JAPANESE, 'cp932')}", JAPANESE),
    (f"filename*=Windows-31J''{percent(JAPANESE, 'cp932')}", JAPANESE),
    (f'filename="{word(CHINESE, "gbk", "GB2312")}"', CHINESE),
    (f"filename*=gb2312''{percent(CHINESE, 'gbk')}", CHINESE),
    (f'filename="{word(KOREAN, "cp949", "ks_c_5601-1987")}"', KOREAN),
    (f'filename="{word("Größe 10 €", "cp1252", "iso-8859-1")}"', "Größe 10 €"),
    (f'filename="{word(TURKISH, "cp1254", "iso-8859-9")}"', TURKISH),
    # no such set, or none named
    (f"filename*=x-nix''{percent('Größe.xlsx', 'utf-8')}", "Größe.xlsx"),
    (f'filename="{word("Größe.xlsx", "utf-8", "x-nix")}"', "Größe.xlsx"),
    ('filename="Größe.xlsx"', "Größe.xlsx"),
    ("filename=plain.xlsx", "plain.xlsx"),
    ('filename="a; name=b.xlsx"', "a; name=b.xlsx"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "name"), NAMES)
@pytest.mark.parametrize("header", ["Content-Disposition: attachment", "Content-Type: a/b"])
def test_a_file_name_of_an_eml(header, written, name):
    written = (
        written.replace("filename", "name").replace("FILENAME", "NAME")
        if "a/b" in header
        else written
    )
    head = "Subject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    part = f"{header};\r\n {written}\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n"
    data = f"{head}--b\r\n{part}--b--\r\n".encode()
    (member,) = open_eml(data, Budget()).members
    assert (member.name, member.data) == (name, b"x")


@pytest.mark.parametrize(
    ("words", "codec", "said"),
    [
        (RUSSIAN, "koi8-r", "koi8-r"),
        (CZECH, "cp1250", "windows-1250"),
        (JAPANESE, "cp932", "Shift_JIS"),
        (CHINESE, "gbk", "gb2312"),
        (KOREAN, "cp949", "ks_c_5601-1987"),
        ("10 €", "cp1252", "iso-8859-1"),
        ("Größe", "utf-8", "x-nix"),
    ],
)
def test_a_subject_and_a_sender_of_an_eml(words, codec, said):
    coded = word(words, codec, said)
    head = f"Subject: {coded}\r\nFrom: {coded} <ada@alpha.example>\r\n".encode()
    mark = Headers(head, Budget()).postmark()
    assert (mark.subject, mark.name, mark.address) == (words, words, "ada@alpha.example")
