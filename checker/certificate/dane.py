"""TLSA records against the chain that a server sent (RFC 6698, RFC 7671, RFC 7672). Pure."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_public_key
from OpenSSL import crypto

from checker.certificate import dates, der
from checker.certificate.encoded import load_certificate
from checker.certificate.faults import bears_name, is_for_servers, weak_key, weak_signature
from checker.certificate.reading import is_self_issued
from checker.certificate.shown import Shown
from checker.certificate.tlsa import DIGESTS, END_ENTITY, EXACT, FULL_CERTIFICATE, is_usable
from checker.facts import Evidence, Finding, TlsaRecord
from checker.problems import Cause

_MOST_RECORDS = 100
_MOST_ANCHORS = 4
_MOST_SIGNATURES = 12
"""Records that are looked at, ways to an anchor that are found bad, and signatures that are tried:
many more than anybody publishes, and few enough for somebody who means to keep us busy."""

# X509_V_ERR_… and X509_V_FLAG_NO_CHECK_TIME, from OpenSSL's x509_vfy.h.
_NOT_YET_VALID, _HAS_EXPIRED, _INVALID_PURPOSE = 9, 10, 26
_NO_CHECK_TIME = 0x200000


def compare(
    records: Sequence[TlsaRecord],
    shown: Shown,
    names: Sequence[str],
    now: datetime,
) -> tuple[Finding, ...]:
    """What is wrong with a chain after its TLSA records.

    Args:
        records: As found; those that are not usable do not count.
        shown: The chain.
        names: Any of them must stand in the certificate, where a trust anchor is named.
        now: The moment of the handshake (UTC).

    Returns:
        Nothing where a record fits or there is none. One finding where none of them fits, or where
        a trust anchor fits and the way to it is bad; that one says so.
    """
    chain = shown.encoded
    if not records or not chain:
        return ()
    usable = _strongest([record for record in records if is_usable(record)])[:_MOST_RECORDS]
    anchored = list[Finding]()
    tries = iter(range(_MOST_SIGNATURES))
    for record in usable:
        if record.usage == END_ENTITY:
            # Neither names nor dates nor issuers count here (RFC 7671 section 5.1).
            if _matches(record, chain[0]):
                return ()
            continue
        # A server's own certificate is no authority, whoever issued it.
        sent = (issuer for issuer in chain[1:] if _matches(record, issuer))
        held = (anchor for anchor in _anchor_in(record) if anchor != chain[0])
        anchors = ((anchor, False) for anchor in itertools.chain(sent, held))
        below = ((signed, True) for signed in _issued_by(record, shown, tries))
        for anchor, is_below in itertools.chain(anchors, below):
            if len(anchored) == _MOST_ANCHORS:
                break
            fault = _fault_below(anchor, shown, names, now, is_below=is_below)
            if fault is None:
                return ()
            anchored.append(fault)
    if anchored:
        return (anchored[0],)
    kinds = [f"{r.usage} {r.selector} {r.matching_type} {r.data[:16]}" for r in records[:10]]
    cause = "no-match" if usable else "unusable"
    return (Finding("tlsa-invalid", {"cause": cause, "records": kinds, "sent": len(chain)}),)


def _strongest(records: Sequence[TlsaRecord]) -> list[TlsaRecord]:
    """Without digests beside stronger ones of the same usage and selector (RFC 7671 section 9)."""
    strongest: dict[tuple[int, int], int] = {}
    for record in records:
        kind = (record.usage, record.selector)
        strongest[kind] = max(strongest.get(kind, EXACT), record.matching_type)
    return [
        record
        for record in records
        if record.matching_type in {EXACT, strongest[record.usage, record.selector]}
    ]


def _fault_below(
    anchor: bytes,
    shown: Shown,
    names: Sequence[str],
    now: datetime,
    *,
    is_below: bool,
) -> Finding | None:
    """What is wrong with the chain up to the anchor, with nothing else trusted.

    Args:
        anchor: Taken for the trust anchor, or the last one below it (DER).
        shown: The chain.
        names: As for :func:`compare`.
        now: The moment of the handshake.
        is_below: The anchor is a key alone, which has signed that certificate.
    """
    store = crypto.X509Store()
    store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN | _NO_CHECK_TIME)
    try:
        store.add_cert(_x509(anchor))
        leaf, *others = map(_x509, shown.encoded)
        verified = crypto.X509StoreContext(store, leaf, others).get_verified_chain()
    except crypto.Error:
        # The library reads some for us that OpenSSL 4.0 does not.
        return Finding("certificate-invalid", {"cause": "unreadable"}, under_tlsa=True)
    except crypto.X509StoreContextError as error:
        evidence: Evidence = {"openssl_error": int(error.errors[0])}
        return Finding("certificate-invalid", evidence, under_tlsa=True)
    encoded = [crypto.dump_certificate(crypto.FILETYPE_ASN1, one) for one in verified]
    path = [load_certificate(one) for one in encoded]
    odd = [not all(dates.is_plain(*date) for date in der.validity(one)) for one in encoded]
    if fault := next(_faults_on(path, odd, now, is_below=is_below), None):
        return replace(fault, under_tlsa=True)
    if not any(bears_name(shown.chain[0], name) for name in names):
        evidence = {"expected": ", ".join(names)}
        return Finding("certificate-host-mismatch", evidence, under_tlsa=True)
    return None


def _x509(certificate: bytes) -> crypto.X509:
    return crypto.load_certificate(crypto.FILETYPE_ASN1, certificate)


def _faults_on(
    path: Sequence[x509.Certificate], odd: Sequence[bool], now: datetime, *, is_below: bool
) -> Iterator[Finding]:
    """What OpenSSL minds of a path that leads from the server's certificate to its anchor.

    Args:
        path: The certificates.
        odd: Of which of them the dates are of another form than OpenSSL reads.
        now: The moment of the handshake.
        is_below: As for the whole way.
    """
    signed = path if is_below else path[:-1]
    # It looks at the dates of an anchor only where that has signed itself.
    dated = path if is_self_issued(path[-1]) else signed
    for certificate, is_odd in zip(dated, odd, strict=False):
        if is_odd:
            yield Finding("certificate-invalid", {"cause": "unreadable"})
            return
        if now < certificate.not_valid_before_utc:
            yield Finding("certificate-not-yet-valid", {"openssl_error": _NOT_YET_VALID})
        if now > certificate.not_valid_after_utc:
            yield Finding("certificate-expired", {"openssl_error": _HAS_EXPIRED})
    if not all(map(is_for_servers, path)):
        yield Finding("certificate-invalid", {"openssl_error": _INVALID_PURPOSE})
    yield from weak_signature(signed, takes_sha1=False)
    yield from (one for one in weak_key(path) if one.cause is Cause.TOO_SHORT)


def _matches(record: TlsaRecord, certificate: bytes) -> bool:
    content = certificate
    if record.selector != FULL_CERTIFICATE:
        # As it stands there: the same key can be written in more than one way.
        content = der.public_key(content)
    if record.matching_type != EXACT:
        content = DIGESTS[record.matching_type](content).digest()
    return content.hex() == record.data.lower()


def _anchor_in(record: TlsaRecord) -> Iterable[bytes]:
    """The trust anchor where the record holds all of it; then a server need not send it."""
    if record.selector == FULL_CERTIFICATE and record.matching_type == EXACT:
        yield bytes.fromhex(record.data)


def _issued_by(record: TlsaRecord, shown: Shown, tries: Iterator[int]) -> Iterable[bytes]:
    """What the key signed that a record holds in full; its certificate need not be sent."""
    if record.selector == FULL_CERTIFICATE or record.matching_type != EXACT:
        return
    key = load_der_public_key(bytes.fromhex(record.data))
    # The last ones sent are the likeliest.
    read_and_sent = zip(reversed(shown.chain), reversed(shown.encoded), strict=True)
    for (certificate, sent), _ in zip(read_and_sent, tries, strict=False):
        if _is_signed(certificate, sent, key):
            yield sent


def _is_signed(certificate: x509.Certificate, sent: bytes, key: PublicKeyTypes) -> bool:
    signature, content = certificate.signature, der.signed_content(sent)
    try:
        parameters = certificate.signature_algorithm_parameters
        if isinstance(key, rsa.RSAPublicKey) and isinstance(
            parameters, padding.PSS | padding.PKCS1v15
        ):
            hash_algorithm = certificate.signature_hash_algorithm
            if hash_algorithm is None:
                return False
            key.verify(signature, content, parameters, hash_algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(parameters, ec.ECDSA):
            key.verify(signature, content, parameters)
        elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            key.verify(signature, content)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True
