"""Certificates read piece by piece, where no library reads them whole."""

from collections.abc import Callable
from ipaddress import IPv4Address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtensionOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.certificate import der
from tests.checker.certificates import (
    ALTERNATIVE_NAME,
    COMMON_NAME,
    KEY,
    KEY_USAGE,
    alternative_names,
    attribute,
    certificate,
    der_of,
    extension,
    handwritten,
    tlv,
)
from tests.examples import examples

HOST = "mx.example.org"
DNS, EMAIL, X400, URI, ADDRESS, REGISTERED = 0x82, 0x81, 0xA3, 0x86, 0x87, 0x88
OTHER = 0xA0

SAN = bytes.fromhex(ALTERNATIVE_NAME)
USAGE = bytes.fromhex(KEY_USAGE)
BASIC_CONSTRAINTS = "551d13"

RSA_KEY = rsa.generate_private_key(65537, 2048)

EVERY: list[Callable[[bytes], object]] = [
    lambda content: list(der.elements(content)),
    lambda content: der.extension(content, SAN),
    der.has_doubled_extension,
    der.public_key,
    der.has_compressed_key,
    der.dns_names,
    der.common_names,
    der.key_usage,
]


def usage(*, signs: bool, enciphers: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=enciphers,
        data_encipherment=False,
        # One of all must be set.
        key_agreement=True,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


_LABELS = st.text("abcxyz0189-*_.", min_size=1, max_size=30)
_OTHERS = st.sampled_from(
    [
        x509.IPAddress(IPv4Address("192.0.2.1")),
        x509.RFC822Name("mx@example.org"),
        x509.UniformResourceIdentifier("https://mx.example.org"),
        x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")),
        x509.OtherName(x509.ObjectIdentifier("1.3.6.1.5.5.7.8.7"), b"\x16\x00"),
        x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a")])),
    ]
)
_SUBJECTS = st.lists(
    st.builds(
        x509.NameAttribute,
        st.sampled_from([NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.LOCALITY_NAME]),
        # The library counts 64 bytes, of which a letter takes four at the most.
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=16),
    ),
    max_size=4,
).map(x509.Name)
_USAGES = st.builds(usage, signs=st.booleans(), enciphers=st.booleans())
CERTIFICATES = st.builds(
    lambda names, subject, usages, key: certificate(
        *names,
        subject=subject,
        key=key,
        extensions=(x509.BasicConstraints(ca=False, path_length=None), *usages),
    ),
    st.lists(st.one_of(_LABELS, _OTHERS), max_size=12),
    _SUBJECTS,
    st.lists(_USAGES, max_size=1),
    st.sampled_from([KEY, RSA_KEY]),
)


@settings(max_examples=examples(60))
@given(CERTIFICATES)
def test_of_a_well_formed_certificate_it_reads_what_the_library_reads(
    one: x509.Certificate,
) -> None:
    content = der_of(one)
    known = {extension.oid: extension.value for extension in one.extensions}
    names = known.get(ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
    if names is None:
        assert der.dns_names(content) == []
    else:
        assert isinstance(names, x509.SubjectAlternativeName)
        dns_names = [name.encode() for name in names.get_values_for_type(x509.DNSName)]
        assert der.dns_names(content) == dns_names
        assert der.extension(content, SAN) == names.public_bytes()
    common_names = one.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert der.common_names(content) == [str(name.value).encode() for name in common_names]
    stated = known.get(ExtensionOID.KEY_USAGE)
    bits = der.key_usage(content)
    if stated is None:
        assert bits is None
    else:
        assert isinstance(stated, x509.KeyUsage)
        assert bits is not None
        assert bool(bits & 0x80) is stated.digital_signature
        assert bool(bits & 0x20) is stated.key_encipherment
    key = one.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert der.public_key(content) == key
    assert not der.has_doubled_extension(content)
    assert not der.has_compressed_key(content)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_read_as_far_as_they_go(content: bytes) -> None:
    for read in EVERY:
        read(content)
        read(tlv(0x30, tlv(0x30, content)))


WHOLE = der_of(certificate(HOST, "a.example", extensions=(usage(signs=True, enciphers=False),)))


@settings(max_examples=examples(300))
@given(
    st.lists(
        st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 3), st.binary(max_size=3)),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_a_certificate_is_mangled_to_it_is_read(
    changes: list[tuple[int, int, bytes]],
) -> None:
    content = WHOLE
    for begin, size, instead in changes:
        content = content[:begin] + instead + content[begin + size :]
    for read in EVERY:
        read(content)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_certificate_that_is_cut_off_says_nothing(end: int) -> None:
    assert der.dns_names(WHOLE[:end]) == []
    assert der.common_names(WHOLE[:end]) == []
    assert der.key_usage(WHOLE[:end]) is None
    assert der.public_key(WHOLE[:end]) == b""


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_535, 65_536])
def test_an_element_of_any_length(size: int) -> None:
    row = tlv(0x04, bytes(size)) + tlv(0x05)
    assert list(der.elements(row)) == [(0x04, bytes(size)), (0x05, b"")]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", 0),
        (b"\x04", 0),
        (b"\x04\x00", 1),
        (b"\x04\x01", 0),
        (b"\x04\x01a", 1),
        (b"\x04\x01a\x04", 1),
        (b"\x04\x01a\x04\x02b", 1),
        # Longer than it need be, as BER allows.
        (b"\x04\x81\x01a", 1),
        (b"\x04\x84\x00\x00\x00\x01a", 1),
        (b"\x04\x85\x00\x00\x00\x00\x01a", 0),
        # Of a length that is not stated.
        (b"\x30\x80\x00\x00", 0),
        (b"\x04\x82\x01", 0),
    ],
)
def test_what_cannot_be_read_ends_a_row(content: bytes, found: int) -> None:
    assert len(list(der.elements(content))) == found


@pytest.mark.parametrize("whole", [b"", b"\x04\x01a\x04\x00", b"\x04\x81\x01a"])
def test_a_row_is_read_to_its_end_or_not_at_all(whole: bytes) -> None:
    assert der.row(whole) == list(der.elements(whole))
    assert der.row(whole + b"\0") is None
    assert der.row(whole + b"\x30\x80\x00\x00") is None


ODD_NAMES = [
    (DNS, b""),
    (DNS, b"*"),
    (DNS, b"*.*.x"),
    (DNS, b"192.0.2.1"),
    (DNS, b"m\xfcller.example"),
    (DNS, b"mx.example.org\0.evil.example"),
    (EMAIL, b"\xff"),
    (URI, b"://\xff"),
    (ADDRESS, b"\xc0\0\2"),
    (REGISTERED, b"\x80"),
    (X400, b""),
    (OTHER, tlv(0x06, bytes.fromhex("2b06010505070807")) + tlv(0xA0, tlv(0x16))),
    (0xBF, b"?"),
]


@pytest.mark.parametrize("odd", ODD_NAMES)
@pytest.mark.parametrize("first", [True, False])
def test_an_odd_name_hides_no_other(odd: tuple[int, bytes], *, first: bool) -> None:
    good = (DNS, HOST.encode())
    content = handwritten(alternative_names(*((odd, good) if first else (good, odd))))
    names = der.dns_names(content)
    assert HOST.encode() in names
    assert len(names) == (2 if odd[0] == DNS else 1)


GOOD_NAMES = alternative_names((DNS, HOST.encode()))
ODD_EXTENSIONS = [
    tlv(0x30),
    tlv(0x30, tlv(0x06, b"\x80")),
    tlv(0x30, tlv(0x05)),
    tlv(0x05),
    extension(BASIC_CONSTRAINTS, tlv(0x30, tlv(0x01, b"\0"), tlv(0x02, b"\0"))),
    extension(BASIC_CONSTRAINTS, b"\xff\xff"),
    extension(KEY_USAGE, b""),
    extension("2a03", b"anything", critical=True),
]


@pytest.mark.parametrize("odd", ODD_EXTENSIONS)
@pytest.mark.parametrize("first", [True, False])
def test_an_odd_extension_hides_no_other(odd: bytes, *, first: bool) -> None:
    content = handwritten(*((odd, GOOD_NAMES) if first else (GOOD_NAMES, odd)))
    assert der.dns_names(content) == [HOST.encode()]
    assert not der.has_doubled_extension(content)


def test_an_extension_is_found_whether_or_not_it_is_critical() -> None:
    value = tlv(0x30, tlv(DNS, HOST.encode()))
    for critical in (True, False):
        content = handwritten(extension(ALTERNATIVE_NAME, value, critical=critical))
        assert der.extension(content, SAN) == value
    assert der.extension(handwritten(GOOD_NAMES), USAGE) is None
    assert der.extension(handwritten(tlv(0x30, tlv(0x06, SAN))), SAN) is None


def test_of_a_doubled_extension_the_first_counts() -> None:
    other = alternative_names((DNS, b"other.example"))
    content = handwritten(GOOD_NAMES, other)
    assert der.has_doubled_extension(content)
    assert der.dns_names(content) == [HOST.encode()]
    assert not der.has_doubled_extension(handwritten(GOOD_NAMES, extension(KEY_USAGE, b"")))
    assert not der.has_doubled_extension(handwritten())


def test_alternative_names_that_are_there_and_hold_no_host() -> None:
    assert der.dns_names(handwritten(alternative_names((ADDRESS, bytes(4))))) == []
    assert der.dns_names(handwritten(alternative_names())) == []
    assert der.dns_names(handwritten()) == []


@pytest.mark.parametrize(
    ("subject", "names"),
    [
        ((), []),
        ((attribute(COMMON_NAME, b"a"),), [b"a"]),
        ((attribute(COMMON_NAME, b"a"), attribute(COMMON_NAME, b"b")), [b"a", b"b"]),
        # Whatever the kind of text: T61String, BIT STRING, BMPString.
        ((attribute(COMMON_NAME, b"\xe4", 0x14),), [b"\xe4"]),
        ((attribute(COMMON_NAME, b"\0a", 0x03),), [b"\0a"]),
        # Beside others, odd or not.
        ((attribute("55040a", b"\xff", 0x14), attribute(COMMON_NAME, b"a")), [b"a"]),
        ((tlv(0x31), attribute(COMMON_NAME, b"a")), [b"a"]),
        ((tlv(0x31, tlv(0x30)), attribute(COMMON_NAME, b"a")), [b"a"]),
        ((tlv(0x31, tlv(0x30, tlv(0x06, b"\x55\4\3"))), attribute(COMMON_NAME, b"a")), [b"a"]),
        # Wider letters than bytes: BMPString and UniversalString.
        ((attribute(COMMON_NAME, "mx".encode("utf-16-be"), 0x1E),), [b"mx"]),
        ((attribute(COMMON_NAME, "mx".encode("utf-32-be"), 0x1C),), [b"mx"]),
        ((attribute(COMMON_NAME, b"\xd8", 0x1E),), ["\ufffd".encode()]),
        # Several attributes in one set.
        (
            (
                tlv(
                    0x31,
                    tlv(0x30, tlv(0x06, bytes.fromhex("55040a")), tlv(0x0C, b"o")),
                    tlv(0x30, tlv(0x06, bytes.fromhex(COMMON_NAME)), tlv(0x0C, b"a")),
                ),
            ),
            [b"a"],
        ),
    ],
)
def test_the_common_names_of_the_subject(subject: tuple[bytes, ...], names: list[bytes]) -> None:
    assert der.common_names(handwritten(subject=b"".join(subject))) == names


@pytest.mark.parametrize(
    ("value", "bits"),
    [
        (b"\x03\x02\x07\x80", 0x80),
        (b"\x03\x02\x05\xa0", 0xA0),
        (b"\x03\x03\x07\x06\x80", 0x06),
        (b"\x03\x01\x00", None),
        (b"\x03\x00", None),
        (b"\x04\x02\x07\x80", None),
        (b"", None),
    ],
)
def test_the_key_usage(value: bytes, bits: int | None) -> None:
    assert der.key_usage(handwritten(extension(KEY_USAGE, value))) == bits


EC_PUBLIC_KEY, P256 = bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2a8648ce3d030107")


def ec_key(point: bytes, algorithm: bytes = EC_PUBLIC_KEY) -> bytes:
    return tlv(0x30, tlv(0x30, tlv(0x06, algorithm), tlv(0x06, P256)), tlv(0x03, b"\0" + point))


@pytest.mark.parametrize("form", [PublicFormat.CompressedPoint, PublicFormat.UncompressedPoint])
def test_a_compressed_point(form: PublicFormat) -> None:
    compressed = form is PublicFormat.CompressedPoint
    for _ in range(8):
        # Its first byte tells which of two it is.
        fresh = ec.generate_private_key(ec.SECP256R1()).public_key()
        key = ec_key(fresh.public_bytes(Encoding.X962, form))
        assert der.has_compressed_key(handwritten(key=key)) is compressed
        assert der.public_key(handwritten(key=key)) == key


@pytest.mark.parametrize(
    "key",
    [
        b"",
        tlv(0x30),
        tlv(0x30, tlv(0x30)),
        tlv(0x30, tlv(0x30, tlv(0x06, EC_PUBLIC_KEY))),
        ec_key(b""),
        # What stands there is no point.
        ec_key(b"\2" * 33, bytes.fromhex("2a864886f70d010101")),
    ],
)
def test_no_compressed_point(key: bytes) -> None:
    assert not der.has_compressed_key(handwritten(key=key))


@pytest.mark.parametrize("size", [1, 100, 127, 128, 255, 256, 3_000, 70_000])
def test_a_key_stands_in_a_record_as_it_stands_in_the_certificate(size: int) -> None:
    key = tlv(0x30, bytes(size - 1) + b"\1")
    assert der.public_key(handwritten(key=key)) == key


def test_a_certificate_of_version_1_states_no_version() -> None:
    first = handwritten(version=None)
    assert der.common_names(first) == [HOST.encode()]
    assert der.public_key(first) == der.public_key(handwritten())
    assert der.dns_names(first) == []
