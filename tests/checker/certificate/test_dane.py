"""TLSA records against the chain that a server sent."""

import hashlib
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from checker.certificate import dane
from checker.certificate.dane import compare
from checker.certificate.shown import Shown, read
from checker.certificate.tlsa import demand
from checker.facts import Dane, Finding, Handshake, TlsaRecord
from checker.problems import PROBLEMS
from tests.checker.certificates import KEY, NOW, certificate, handwritten, name, tlv
from tests.lab import der
from tests.lab.odd_certificates import hashed_weakly

HOST = "mx.example.org"
AUTHORITY = certificate(
    subject=name("Home CA"),
    issuer=name("Home Root"),
    extensions=(x509.BasicConstraints(ca=True, path_length=None),),
)
LEAF = certificate(HOST, issuer=name("Home CA"))
EXPIRED = certificate(HOST, issuer=name("Home CA"), ends=-timedelta(days=1))
OTHER_NAME = certificate("mx.example.net", issuer=name("Home CA"))
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
STRANGER = certificate(HOST, issuer=name("Somebody"), subject=name("stranger"))


def record(usage: int, selector: int, matching: int, of: x509.Certificate) -> TlsaRecord:
    key = of.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    content = of.public_bytes(Encoding.DER) if selector == 0 else key
    digest = {1: hashlib.sha256, 2: hashlib.sha512}.get(matching)
    return TlsaRecord(
        usage, selector, matching, (digest(content).digest() if digest else content).hex()
    )


def found(records: list[TlsaRecord], *chain: x509.Certificate) -> list[str]:
    findings = compare(records, Shown(tuple(chain)), [HOST], NOW)
    assert {finding.id for finding in findings} <= set(PROBLEMS)
    return [finding.id for finding in findings]


def test_dates_count_as_they_stood_at_the_handshake() -> None:
    records = [record(2, 0, 1, AUTHORITY)]
    assert not compare(records, Shown((LEAF, AUTHORITY)), [HOST], NOW + timedelta(days=59))
    (late,) = compare(records, Shown((LEAF, AUTHORITY)), [HOST], NOW + timedelta(days=61))
    assert late.id == "certificate-expired"


def fits(records: list[TlsaRecord], *chain: x509.Certificate) -> bool:
    return not found(records, *chain)


@pytest.mark.parametrize("selector", [0, 1])
@pytest.mark.parametrize("matching", [0, 1, 2])
@pytest.mark.parametrize("leaf", [LEAF, EXPIRED, OTHER_NAME])
def test_the_servers_own_certificate(leaf: x509.Certificate, selector: int, matching: int) -> None:
    # Neither names nor dates nor issuers count.
    assert fits([record(3, selector, matching, leaf)], leaf, AUTHORITY)


@pytest.mark.parametrize("matching", [0, 1, 2])
def test_an_authority(matching: int) -> None:
    assert fits([record(2, 0, matching, AUTHORITY)], LEAF, AUTHORITY)
    anchor = [record(2, 0, matching, AUTHORITY)]
    assert found(anchor, OTHER_NAME, AUTHORITY) == ["certificate-host-mismatch"]
    assert found(anchor, STRANGER, AUTHORITY) != []


def test_an_authority_that_is_not_sent_must_stand_in_the_record() -> None:
    assert fits([record(2, 0, 0, AUTHORITY)], LEAF)
    assert not fits([record(2, 0, 1, AUTHORITY)], LEAF)


_CA = x509.BasicConstraints(ca=True, path_length=None)
_CLIENTS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
_ANY = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE])


@pytest.mark.parametrize("usage", [_CLIENTS, _ANY])
def test_below_an_authority_the_purpose_counts(usage: x509.ExtendedKeyUsage) -> None:
    leaf = certificate(HOST, issuer=name("Home CA"), extensions=(usage,))
    assert found([record(2, 1, 1, AUTHORITY)], leaf, AUTHORITY) == ["certificate-invalid"]
    assert fits([record(3, 1, 1, leaf)], leaf, AUTHORITY)
    for_clients = certificate(
        subject=name("Home CA"), issuer=name("Home Root"), extensions=(_CA, usage)
    )
    assert found([record(2, 0, 1, for_clients)], LEAF, for_clients) == ["certificate-invalid"]


def test_the_dates_of_an_authority_count_where_it_has_signed_itself() -> None:
    past = -timedelta(days=1)
    old = certificate(
        subject=name("Home CA"), issuer=name("Home Root"), ends=past, extensions=(_CA,)
    )
    assert fits([record(2, 0, 1, old)], LEAF, old)
    old = certificate(subject=name("Home CA"), issuer=name("Home CA"), ends=past, extensions=(_CA,))
    assert found([record(2, 0, 1, old)], LEAF, old) == ["certificate-expired"]
    # Below a key alone, each certificate counts.
    assert found([record(2, 1, 0, AUTHORITY)], EXPIRED) == ["certificate-expired"]


def test_below_an_authority_a_broken_hash_counts() -> None:
    weak = hashed_weakly(LEAF, KEY)
    (fault,) = compare([record(2, 0, 1, AUTHORITY)], Shown((weak, AUTHORITY)), [HOST], NOW)
    assert (fault.id, fault.under_tlsa) == ("certificate-invalid", True)
    assert fits([record(3, 0, 1, weak)], weak, AUTHORITY)
    # Nobody looks at how an anchor was signed.
    anchor = hashed_weakly(AUTHORITY, KEY)
    assert fits([record(2, 0, 1, anchor)], LEAF, anchor)


def test_records_of_another_certificate() -> None:
    assert found([record(3, 0, 1, STRANGER)], LEAF, AUTHORITY) == ["tlsa-invalid"]


def test_one_record_that_fits_is_enough() -> None:
    records = [record(3, 0, 1, STRANGER), record(1, 0, 1, STRANGER), record(3, 0, 2, LEAF)]
    assert fits(records, LEAF)


@pytest.mark.parametrize(
    ("records", "asked"),
    [
        ([], Dane.ABSENT),
        ([record(3, 1, 1, LEAF)], Dane.USABLE),
        ([record(2, 0, 0, LEAF)], Dane.USABLE),
        ([record(0, 1, 1, LEAF)], Dane.UNUSABLE),
        ([record(1, 1, 1, LEAF)], Dane.UNUSABLE),
        ([TlsaRecord(4, 1, 1, "ab" * 32)], Dane.UNUSABLE),
        ([TlsaRecord(3, 2, 1, "ab" * 32)], Dane.UNUSABLE),
        ([TlsaRecord(3, 1, 3, "ab" * 32)], Dane.UNUSABLE),
        ([TlsaRecord(3, 1, 1, "ab" * 31)], Dane.UNUSABLE),
        ([TlsaRecord(3, 1, 2, "ab" * 32)], Dane.UNUSABLE),
        ([TlsaRecord(2, 0, 0, record(2, 0, 0, LEAF).data[:-2])], Dane.UNUSABLE),
        ([TlsaRecord(3, 1, 0, "")], Dane.UNUSABLE),
        ([TlsaRecord(3, 1, 1, ""), record(3, 1, 1, LEAF)], Dane.USABLE),
        ([record(1, 1, 1, LEAF), record(3, 1, 1, STRANGER)], Dane.USABLE),
    ],
)
def test_what_records_ask(records: list[TlsaRecord], asked: Dane) -> None:
    assert demand(records) is asked
    if asked is Dane.UNUSABLE:
        assert found(records, LEAF) == ["tlsa-invalid"]


@given(
    st.builds(
        TlsaRecord,
        st.integers(0, 255),
        st.integers(0, 255),
        st.integers(0, 255),
        st.binary(max_size=80).map(bytes.hex),
    )
)
def test_arbitrary_records(one: TlsaRecord) -> None:
    assert found([one], LEAF, AUTHORITY) == ["tlsa-invalid"]
    assert demand([one]) in {Dane.USABLE, Dane.UNUSABLE}


def test_whoever_publishes_more_than_anybody_keeps_nobody_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each way to an anchor is a path that is verified, and each key is tried on the chain."""
    verified, tried = list[x509.Certificate](), list[object]()

    def fault_below(anchor: x509.Certificate, *_: object, **__: object) -> Finding:
        verified.append(anchor)
        return Finding("certificate-invalid")

    def is_signed(*asked: object) -> bool:
        tried.append(asked)
        return False

    monkeypatch.setattr(dane, "_fault_below", fault_below)
    monkeypatch.setattr(dane, "_is_signed", is_signed)
    others = [certificate(f"{number}.example.org") for number in range(60)]
    anchors = [record(2, 0, 0, one) for one in others]
    keys = [record(2, 1, 0, certificate(HOST, key=OTHER_KEY))] * 60
    assert found(anchors, LEAF, *others) == ["certificate-invalid"]
    assert len(verified) == 4
    assert found(keys, LEAF, *others) == ["tlsa-invalid"]
    assert len(tried) == 12


def test_a_key_is_tried_first_on_what_was_sent_last() -> None:
    held = certificate(subject=name("Home Root"), key=OTHER_KEY)
    authority = certificate(
        subject=name("Home CA"),
        issuer=name("Home Root"),
        signer=OTHER_KEY,
        extensions=(x509.BasicConstraints(ca=True, path_length=None),),
    )
    others = [certificate(f"{number}.example.org") for number in range(30)]
    assert fits([record(2, 1, 0, held)], LEAF, *others, authority)


def test_an_anchor_that_only_others_can_read_is_told_as_such() -> None:
    anchor = handwritten(begins=tlv(0x17, b"2610010000Z"))
    records = [TlsaRecord(2, 0, 0, anchor.hex())]
    assert demand(records) is Dane.USABLE
    (fault,) = compare(records, Shown((LEAF,)), [HOST], NOW)
    assert (fault.id, fault.evidence) == ("certificate-invalid", {"cause": "unreadable"})


def test_openssl_minds_an_odd_date_below_an_anchor_and_nowhere_else() -> None:
    fields = der.children(LEAF.tbs_certificate_bytes)
    validity = tlv(0x30, tlv(0x17, b"260230000000Z"), der.children(fields[4])[1])
    body = der.replaced(LEAF.tbs_certificate_bytes, {4: validity})
    signature = der.bits(KEY.sign(body, ec.ECDSA(hashes.SHA256())))
    leaf = tlv(0x30, body, fields[2], signature)
    shown = read(Handshake(chain=(leaf, AUTHORITY.public_bytes(Encoding.DER))))
    (fault,) = compare([record(2, 1, 1, AUTHORITY)], shown, [HOST], NOW)
    assert (fault.id, fault.evidence) == ("certificate-invalid", {"cause": "unreadable"})
    own = TlsaRecord(3, 0, 1, hashlib.sha256(leaf).hexdigest())
    assert not compare([own], shown, [HOST], NOW)
