"""What a visitor types becomes a domain, or an error that says why not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checker.domain import MAXIMUM_TYPED, Domain, DomainError, Reason, parse

LONGEST_LABEL = "a" * 63
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x30, 0x7B)})
"""To the full-width forms that Japanese keyboards write."""

LONGEST_NAME = ".".join([LONGEST_LABEL] * 3 + ["a" * 57, "org"])


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("example.org", "example.org"),
        ("EXAMPLE.Org", "example.org"),
        ("  example.org\r\n", "example.org"),
        ("example.org.", "example.org"),
        ("mail.example.co.uk", "mail.example.co.uk"),
        ("1and1.com", "1and1.com"),
        ("3.example.org", "3.example.org"),
        ("example.test", "example.test"),
        ("r3---sn-4g5e6n7k.example.org", "r3---sn-4g5e6n7k.example.org"),
        (f"{LONGEST_LABEL}.org", f"{LONGEST_LABEL}.org"),
        (LONGEST_NAME, LONGEST_NAME),
    ],
)
def test_a_name(typed: str, name: str) -> None:
    assert parse(typed) == Domain(name, name)


@pytest.mark.parametrize(
    "typed",
    [
        "anna@example.org",
        "Anna@EXAMPLE.ORG",
        "anna@example.org.",
        "anna+shop@example.org",
        '"anna@home"@example.org',
        "anna@home@example.org",
        "Anna Müller <anna@example.org>",
        '"Müller, Anna" <anna@example.org>',
        "<anna@example.org>",
        "mailto:anna@example.org",
        "mailto:anna@example.org?subject=Rechnung",
        "anna@example.org, ",
        "anna@example.org;",
        "anna@ example.org",
        "\x00\x1b\u202eanna@example.org",
        "@example.org",
    ],
)
def test_of_an_address_only_what_stands_behind_the_at_sign(typed: str) -> None:
    assert parse(typed).ascii == "example.org"


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.org",
        "HTTPS://EXAMPLE.ORG/",
        "http://example.org:8080/path?query=a@b.de#part",
        "https://anna:secret@example.org/",
        "ftp://example.org/file",
        "smtp://example.org:25",
        "//example.org/path",
        "example.org/contact",
        "example.org?x",
        "example.org#x",
        "example.org:25",
        "example.org:",
    ],
)
def test_of_an_address_of_the_web_only_its_host(typed: str) -> None:
    assert parse(typed).ascii == "example.org"


@pytest.mark.parametrize(
    ("typed", "ascii_name", "unicode_name"),
    [
        ("müller.de", "xn--mller-kva.de", "müller.de"),
        ("MÜLLER.DE", "xn--mller-kva.de", "müller.de"),
        ("mu\u0308ller.de", "xn--mller-kva.de", "müller.de"),
        ("xn--mller-kva.de", "xn--mller-kva.de", "müller.de"),
        ("XN--MLLER-KVA.DE", "xn--mller-kva.de", "müller.de"),
        ("anna@müller.de", "xn--mller-kva.de", "müller.de"),
        ("https://müller.de/über", "xn--mller-kva.de", "müller.de"),
        ("straße.de", "xn--strae-oqa.de", "straße.de"),
        ("анна@почта.рф", "xn--80a1acny.xn--p1ai", "почта.рф"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah", "例え.テスト"),
        ("example.org".translate(WIDE), "example.org", "example.org"),
        ("example。org", "example.org", "example.org"),
        ("müller.de。", "xn--mller-kva.de", "müller.de"),
    ],
)
def test_an_internationalised_name(typed: str, ascii_name: str, unicode_name: str) -> None:
    assert parse(typed) == Domain(ascii_name, unicode_name)


@pytest.mark.parametrize(
    "typed",
    [
        "example.org,example.com",
        "example.org example.com",
        "anna@example.org; bob@example.com",
        "anna@example.org\nbob@EXAMPLE.com, carl@example.org",
        "Anna <anna@example.org>, Bob <bob@example.com>",
        '"Müller, Anna" <anna@example.org>, bob@mail.test <bob@example.com>',
        "anna@example.org, example.com",
        "https://example.org/kontakt https://example.com/",
        "mailto:anna@example.org,bob@example.com",
    ],
)
def test_of_several_domains_each_is_named(typed: str) -> None:
    with pytest.raises(DomainError) as caught:
        parse(typed)
    assert caught.value.reason is Reason.SEVERAL
    assert caught.value.found == ("example.org", "example.com")


@pytest.mark.parametrize(
    "typed",
    [
        "anna@example.org, bob@example.org",
        "anna@mail.test <bob@example.org>",
        '"anna@mail.test" <bob@example.org>',
        '"anna b.test"@example.org',
        "write to: bob@example.org",
        "https://example.org/a,b.test;c@d.test",
    ],
)
def test_several_addresses_of_one_domain_are_no_question(typed: str) -> None:
    assert parse(typed).ascii == "example.org"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", Reason.EMPTY),
        (" \t\r\n ", Reason.EMPTY),
        ("@", Reason.EMPTY),
        ("anna@", Reason.EMPTY),
        ("anna@.", Reason.EMPTY),
        ("...", Reason.EMPTY),
        ("https://", Reason.EMPTY),
        ("<>", Reason.INVALID_CHARACTERS),
        (f"{LONGEST_LABEL}a.org", Reason.TOO_LONG),
        (f"a{LONGEST_NAME}", Reason.TOO_LONG),
        ("a." * 500 + "org", Reason.TOO_LONG),
        ("ä" * 254 + ".de", Reason.TOO_LONG),
        ("x" * (MAXIMUM_TYPED + 1), Reason.TOO_LONG),
        ("anna@" + "x" * 1_000_000, Reason.TOO_LONG),
        ("127.0.0.1", Reason.IP_ADDRESS),
        ("anna@127.0.0.1", Reason.IP_ADDRESS),
        ("127.1", Reason.IP_ADDRESS),
        ("192.0.2.256", Reason.IP_ADDRESS),
        ("0x7f.0.0.1", Reason.IP_ADDRESS),
        ("0177.0.0.1", Reason.IP_ADDRESS),
        ("example.123", Reason.IP_ADDRESS),
        ("192.0.2.1.", Reason.IP_ADDRESS),
        ("192.0.2.1:25", Reason.IP_ADDRESS),
        ("[192.0.2.1]", Reason.IP_ADDRESS),
        ("anna@[192.0.2.1]", Reason.IP_ADDRESS),
        ("anna@[IPv6:2001:db8::1]", Reason.IP_ADDRESS),
        ("anna@[ipv6:::ffff:192.0.2.1]", Reason.IP_ADDRESS),
        ("2001:db8::1", Reason.IP_ADDRESS),
        ("::1", Reason.IP_ADDRESS),
        ("::", Reason.IP_ADDRESS),
        ("::ffff:127.0.0.1", Reason.IP_ADDRESS),
        ("[::1]", Reason.IP_ADDRESS),
        ("fe80::1%eth0", Reason.IP_ADDRESS),
        ("http://127.0.0.1:8000/", Reason.IP_ADDRESS),
        ("http://[::1]:8000/", Reason.IP_ADDRESS),
        ("127.0.0.1".translate(WIDE), Reason.IP_ADDRESS),
        ("127。0。0。1", Reason.IP_ADDRESS),
        ("example", Reason.SINGLE_LABEL),
        ("anna@example", Reason.SINGLE_LABEL),
        ("müller", Reason.SINGLE_LABEL),
        ("0x7f000001", Reason.SINGLE_LABEL),
        ("localhost", Reason.SPECIAL_USE),
        ("anna@LOCALHOST.", Reason.SPECIAL_USE),
        ("http://localhost:8000/", Reason.SPECIAL_USE),
        ("mail.localhost", Reason.SPECIAL_USE),
        ("printer.local", Reason.SPECIAL_USE),
        ("example.invalid", Reason.SPECIAL_USE),
        ("example.onion", Reason.SPECIAL_USE),
        ("example.alt", Reason.SPECIAL_USE),
        ("metadata.google.internal", Reason.SPECIAL_USE),
        ("anna@fritz.lan", Reason.SPECIAL_USE),
        ("mail.HOME.arpa.", Reason.SPECIAL_USE),
        ("home.arpa", Reason.SPECIAL_USE),
        ("exchange.corp", Reason.SPECIAL_USE),
        ("nas.home", Reason.SPECIAL_USE),
        ("host.localdomain", Reason.SPECIAL_USE),
        ("intranet", Reason.SPECIAL_USE),
        ("localhost".translate(WIDE), Reason.SPECIAL_USE),
        ("exa mple.org", Reason.INVALID_CHARACTERS),
        ("exa\u00a0mple.org", Reason.INVALID_CHARACTERS),
        ("a..org", Reason.INVALID_CHARACTERS),
        (".example.org", Reason.INVALID_CHARACTERS),
        ("-example.org", Reason.INVALID_CHARACTERS),
        ("example-.org", Reason.INVALID_CHARACTERS),
        ("_dmarc.example.org", Reason.INVALID_CHARACTERS),
        ("*.example.org", Reason.INVALID_CHARACTERS),
        ("example.org:99999999", Reason.INVALID_CHARACTERS),
        ("example.org\r\nMAIL FROM:<x>", Reason.INVALID_CHARACTERS),
        ("example.org\x00.evil.com", Reason.INVALID_CHARACTERS),
        ("exam\x1b[31mple.org", Reason.INVALID_CHARACTERS),
        ("ex\u202eample.org", Reason.INVALID_CHARACTERS),
        ("ex\u200bample.org", Reason.INVALID_CHARACTERS),
        ("exam\u00adple.org", Reason.INVALID_CHARACTERS),
        ("\udcff.org", Reason.INVALID_CHARACTERS),
        ("<script>alert(1)</script>", Reason.INVALID_CHARACTERS),
        ("<b>example.org", Reason.INVALID_CHARACTERS),
        ('example.org"onmouseover="alert(1)', Reason.INVALID_CHARACTERS),
        ("'; DROP TABLE x; --", Reason.INVALID_CHARACTERS),
        ("../../etc/passwd", Reason.EMPTY),
        ("$(reboot).org", Reason.INVALID_CHARACTERS),
        ("https://[::1", Reason.INVALID_CHARACTERS),
        ("javascript:alert(1)", Reason.INVALID_CHARACTERS),
        ("xn--a.de", Reason.INVALID_IDNA),
        ("💩.la", Reason.INVALID_IDNA),
        ("ä" * 70 + ".de", Reason.INVALID_IDNA),
        ("\u0300a.de", Reason.INVALID_IDNA),
        ("abc\u0627.com", Reason.INVALID_IDNA),
    ],
)
def test_what_is_no_domain(typed: str, reason: Reason) -> None:
    with pytest.raises(DomainError) as caught:
        parse(typed)
    assert caught.value.reason is reason
    assert str(caught.value) == reason


def test_the_reasons_are_those_that_the_site_has_words_for() -> None:
    assert set(Reason) == {
        "empty",
        "too-long",
        "ip-address",
        "single-label",
        "special-use",
        "invalid-characters",
        "invalid-idna",
        "several",
    }


_NAMES = st.text("aZ9-.@:/[]<>%# \u00fc\u00df\u3002\u200d\u0660xn", max_size=40)
_ANYTHING = st.one_of(
    st.text(max_size=300),
    st.text(st.characters(codec=None), max_size=300),
    _NAMES,
    st.builds("anna@{}.{}".format, st.text(max_size=20), st.text(max_size=20)),
    st.builds("https://{}".format, st.text(max_size=40)),
    st.builds("xn--{}.org".format, st.text("abcdefghij0123456789-", max_size=30)),
)


@given(_ANYTHING)
@example("http://[")
@example("http://a]b")
@example("http://\u2100.org")
@example("xn--\u00fc.org")
@example("[ipv6:]")
def test_whatever_is_typed_is_a_domain_or_an_error_of_ours(typed: str) -> None:
    try:
        domain = parse(typed)
    except DomainError:
        return
    assert domain.ascii.isascii()
    assert len(domain.ascii) <= 253
    assert set(domain.ascii) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert all(1 <= len(label) <= 63 for label in domain.ascii.split("."))
    assert domain.unicode.isprintable()
    assert parse(domain.ascii) == domain
    assert parse(domain.unicode) == domain
