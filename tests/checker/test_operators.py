"""An operator's file is read as written, or an error names the file and the key."""

from datetime import date
from pathlib import Path

import pytest

from checker import operators
from checker.operators import (
    DEFAULT,
    FOLDER,
    Level,
    Operator,
    OperatorFileError,
    ReportTo,
    Site,
    TemporaryTlsFailure,
    UnknownOperatorError,
    WithoutStarttls,
    load,
    load_all,
    load_file,
    names,
)
from checker.senders import Server
from checker.tls_version import TlsVersion

SMALLEST = """\
[operator]
name = "Acme"
[tls]
minimum = "1.2"
level = "encrypt"
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "acme.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_the_operators_that_come_with_the_checker() -> None:
    assert {"mediafinanz", "profihost"} <= set(names())
    assert names()[-1] == "careful"
    assert list(load_all()) == names()
    assert DEFAULT == "careful"
    assert all(operator.name == name for name, operator in load_all().items())


@pytest.mark.parametrize(
    ("name", "maximum", "level", "without_starttls", "retry_for", "failure", "report_to"),
    [
        ("mediafinanz", "1.2", "verify", "refuse", "PT0S", "bounce", "operator"),
        ("profihost", "1.3", "encrypt", "not-stated", "P3D", "retry", "sender"),
        ("careful", "1.3", "verify", "refuse", "P5D", "retry", "sender"),
    ],
)
def test_what_the_operators_say(  # noqa: PLR0913 - a table's columns
    *,
    name: str,
    maximum: str,
    level: str,
    without_starttls: str,
    retry_for: str,
    failure: str,
    report_to: str,
) -> None:
    operator = load(name)
    assert (operator.tls.minimum, operator.tls.maximum) == ("1.2", maximum)
    assert (operator.tls.level, operator.tls.without_starttls) == (level, without_starttls)
    assert operator.delivery.retry_for == retry_for
    assert operator.delivery.temporary_tls_failure == failure
    assert operator.delivery.report_to == report_to
    assert not operator.tls.sni
    assert "tls.sni" in operator.assumed


@pytest.mark.parametrize("name", ["mediafinanz", "profihost"])
def test_what_is_stated_of_old_servers_is_assumed_of_all_others(name: str) -> None:
    operator = load(name)
    scoped = ("delivery.retry_for", "delivery.temporary_tls_failure", "delivery.report_to")
    assert operator.assumed_at("tls-version") == operator.assumed
    assert not set(scoped) & set(operator.assumed)
    for problem in ("certificate-expired", "null-mx", "connection-timeout", "no-problem-found"):
        assert operator.assumed_at(problem) == (*operator.assumed, *scoped)


@pytest.mark.parametrize("name", ["", "acme", "Careful", "../operators/careful", "careful.toml"])
def test_an_operator_that_nobody_knows(name: str) -> None:
    with pytest.raises(UnknownOperatorError):
        load(name)


def test_what_is_left_out_is_assumed(tmp_path: Path) -> None:
    operator = load_file(written(tmp_path, SMALLEST))
    assert (operator.name, operator.title, operator.home) == ("acme", "Acme", None)
    assert operator.tls.maximum is TlsVersion.TLS_1_3
    assert operator.tls.level is Level.ENCRYPT
    assert operator.tls.without_starttls is WithoutStarttls.NOT_STATED
    assert operator.delivery.server is Server.POSTFIX
    assert operator.delivery.temporary_tls_failure is TemporaryTlsFailure.RETRY
    assert operator.delivery.report_to is ReportTo.SENDER
    assert operator.delivery.ipv6
    assert not operator.delivery.tries_once
    assert set(operator.assumed) == {
        "tls.maximum",
        "tls.without_starttls",
        "tls.mta_sts",
        "tls.sni",
        "tls.validating_resolver",
        *(f"delivery.{key}" for key in operators.Delivery.__dataclass_fields__),
    }


def test_a_whole_file(tmp_path: Path) -> None:
    text = """\
        assumed = ["tls.sni", "delivery.address_limit"]
        [operator]
        name = "Müller & Söhne"
        home = "https://acme.example/"
        audience = "senders"
        [support.de]
        contact = { text = "Rufen Sie an.", as_of = 2026-11-22 }
        [support.en.resend]
        text = "Write to us."
        as_of = 2026-01-02
        [tls]
        minimum = "1.0"
        maximum = "1.2"
        level = "dane-only"
        without_starttls = "send-in-clear"
        mta_sts = true
        sni = true
        validating_resolver = true
        [delivery]
        server = "exim"
        address_limit = 100
        ipv6 = false
        retry_for = "P1DT12H"
        temporary_tls_failure = "bounce"
        report_to = "operator"
        [site]
        name = "Müller hilft"
        colour = "#8A1C1c"
        """
    operator = load_file(written(tmp_path, text))
    assert operator.assumed == ("tls.sni", "delivery.address_limit", "delivery.system")
    assert operator.title == "Müller & Söhne"
    assert operator.support["de"]["contact"].text == "Rufen Sie an."
    assert operator.support["en"]["resend"].as_of == date(2026, 1, 2)
    assert operator.tls.level is Level.DANE_ONLY
    assert operator.tls.mta_sts
    assert operator.tls.sni
    assert operator.tls.validating_resolver
    assert operator.delivery.server is Server.EXIM
    assert operator.delivery.address_limit == 100
    assert not operator.delivery.ipv6
    assert operator.delivery.retry_for == "P1DT12H"
    assert operator.site == Site("Müller hilft", "#8A1C1c")


@pytest.mark.parametrize(
    ("duration", "tries_once"),
    [("PT0S", True), ("P0D", True), ("P0DT0H", True), ("PT1S", False), ("P10D", False)],
)
def test_one_attempt(tmp_path: Path, duration: str, tries_once: bool) -> None:  # noqa: FBT001 - a table's column
    text = f'{SMALLEST}[delivery]\nretry_for = "{duration}"'
    assert load_file(written(tmp_path, text)).delivery.tries_once is tries_once


BAD = [
    # Whole lines that stand behind the smallest file, and what the error names.
    ("[delivery]\nretry_for = 'three days'", "delivery.retry_for"),
    ("[delivery]\nretry_for = 'P'", "delivery.retry_for"),
    ("[delivery]\nretry_for = 'PT'", "delivery.retry_for"),
    ("[delivery]\nretry_for = '-P3D'", "delivery.retry_for"),
    ("[delivery]\nretry_for = 'P3D '", "delivery.retry_for"),
    ("[delivery]\nretry_for = 'P\u0663D'", "delivery.retry_for"),
    ("[delivery]\nretry_for = 3", "delivery.retry_for"),
    ("[delivery]\naddress_limit = 0", "delivery.address_limit"),
    ("[delivery]\naddress_limit = 101", "delivery.address_limit"),
    ("[delivery]\naddress_limit = -1", "delivery.address_limit"),
    ("[delivery]\naddress_limit = true", "delivery.address_limit"),
    ("[delivery]\naddress_limit = 5.0", "delivery.address_limit"),
    ("[delivery]\naddress_limit = '5'", "delivery.address_limit"),
    ("[delivery]\nipv6 = 'yes'", "delivery.ipv6"),
    ("[delivery]\nipv6 = 1", "delivery.ipv6"),
    ("[delivery]\nserver = 'sendmail'", "delivery.server"),
    ("[delivery]\nsystem = 'debian-11'", "delivery.system"),
    ("[delivery]\nserver = 'exim'\nsystem = 'debian-10'", "delivery.system"),
    ("[delivery]\nserver = ['postfix']", "delivery.server"),
    ("[delivery]\ntemporary_tls_failure = 'later'", "delivery.temporary_tls_failure"),
    ("[delivery]\nreport_to = 'nobody'", "delivery.report_to"),
    ("[delivery]\nspeed = 'high'", "delivery.speed"),
    ("maximum = '1.1'", "tls.minimum"),
    ("maximum = '2.0'", "tls.maximum"),
    ("maximum = 1.3", "tls.maximum"),
    ("mta_sts = 'false'", "tls.mta_sts"),
    ("sni = 0", "tls.sni"),
    ("without_starttls = ''", "tls.without_starttls"),
    ("verify = true", "tls.verify"),
    ("[tls.more]", "tls.more"),
    ("[support]\nde = 'call us'", "support.de"),
    ("[support.de]\nhoroscope = { text = 'x', as_of = 2026-01-01 }", "support.de"),
    ("[support.de]\ncontact = 'call us'", "support.de.contact"),
    ("[support.de]\ncontact = { as_of = 2026-01-01 }", "support.de.contact.text"),
    ("[support.de]\ncontact = { text = 'x' }", "support.de.contact.as_of"),
    ("[support.de]\ncontact = { text = 'x', as_of = 'today' }", "support.de.contact.as_of"),
    (
        "[support.de]\ncontact = { text = 'x', as_of = 2026-01-01T00:00:00Z }",
        "support.de.contact.as_of",
    ),
    (
        "[support.de]\ncontact = { text = 'x', as_of = 2026-01-01, by = 'y' }",
        "support.de.contact.by",
    ),
    ("[site]\nname = ''", "site.name"),
    ("[site]\ncolour = 'red'", "site.colour"),
    ("[site]\ncolour = '#fff'", "site.colour"),
    ("[site]\ncolour = '#1d4a66;'", "site.colour"),
    ("[site]\ncolour = '#ffd400'", "site.colour"),
    ("[site]\nlogo = 'x.svg'", "site.logo"),
    ("[more]\nkey = 1", "more"),
]
SCOPED = f"{SMALLEST}[stated_for]\n"

BAD_WHOLES = [
    ("", "operator.name"),
    ("operator = 'Acme'", "operator"),
    (SMALLEST.replace('name = "Acme"', ""), "operator.name"),
    (SMALLEST.replace('"Acme"', '""'), "operator.name"),
    (SMALLEST.replace('"Acme"', '"  "'), "operator.name"),
    (SMALLEST.replace('"Acme"', '"two\\nlines"'), "operator.name"),
    (SMALLEST.replace('"Acme"', '"\\u202eemcA"'), "operator.name"),
    (SMALLEST.replace('"Acme"', "1"), "operator.name"),
    (SMALLEST.replace('"Acme"', '"Acme"\nhome = 1'), "operator.home"),
    (SMALLEST.replace('"Acme"', '"Acme"\naudience = "all"'), "operator.audience"),
    (SMALLEST.replace('"Acme"', '"Acme"\ncolour = "red"'), "operator.colour"),
    (SMALLEST.replace('minimum = "1.2"', ""), "tls.minimum"),
    (SMALLEST.replace('"1.2"', '"1.4"'), "tls.minimum"),
    (SMALLEST.replace('"1.2"', "1.2"), "tls.minimum"),
    (SMALLEST.replace('level = "encrypt"', ""), "tls.level"),
    (SMALLEST.replace('"encrypt"', '"strong"'), "tls.level"),
    (SMALLEST.replace('"encrypt"', "[]"), "tls.level"),
    ("tls = []\n[operator]\nname = 'x'", "tls"),
    ("support = 1\n" + SMALLEST, "support"),
    ("delivery = 'fast'\n" + SMALLEST, "delivery"),
    ("assumed = 'tls.sni'\n" + SMALLEST, "assumed"),
    ("assumed = ['tls.colour']\n" + SMALLEST, "assumed"),
    ("assumed = [1]\n" + SMALLEST, "assumed"),
    ("assumed = [['tls.sni']]\n" + SMALLEST, "assumed"),
    ("assumed = ['operator.name']\n" + SMALLEST, "assumed"),
    ("stated_for = 'tls-version'\n" + SMALLEST, "stated_for"),
    ("stated_for = ['tls-version']\n" + SMALLEST, "stated_for"),
    (f"{SCOPED}'tls.colour' = ['tls-version']\n", "stated_for"),
    (f"{SCOPED}'tls.minimum' = 'tls-version'\n", "stated_for.tls.minimum"),
    (f"{SCOPED}'tls.minimum' = []\n", "stated_for.tls.minimum"),
    (f"{SCOPED}'tls.minimum' = ['too-old']\n", "stated_for.tls.minimum"),
    (f"{SCOPED}'tls.minimum' = [['tls-version']]\n", "stated_for.tls.minimum"),
    (f"{SCOPED}'delivery.retry_for' = ['tls-version']\n", "stated_for"),
]


@pytest.mark.parametrize(
    ("text", "key"), [*((f"{SMALLEST}{lines}\n", key) for lines, key in BAD), *BAD_WHOLES]
)
def test_a_file_that_makes_no_sense(tmp_path: Path, text: str, key: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(OperatorFileError) as caught:
        load_file(path)
    assert str(caught.value).startswith(f"{path}: {key}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"\x00",
        b"[operator",
        b"name = ",
        b"a = 1\na = 2",
        b"a = " + b"[" * 10_000,
        b"a = " + b"9" * 10_000,
        b"a = 2026-13-45",
        b"\x7fELF" + bytes(1000),
    ],
)
def test_a_file_that_is_no_toml(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    with pytest.raises(OperatorFileError) as caught:
        load_file(path)
    assert str(caught.value).startswith(f"{path}: is not ")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(OperatorFileError) as caught:
            load_file(path)
        assert str(caught.value).startswith(f"{path}: cannot be read: ")


def test_a_file_of_the_checkers_own_is_read_like_any_other() -> None:
    operator: Operator = load_file(FOLDER / "careful.toml")
    assert operator == load("careful")
