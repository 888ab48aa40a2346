"""TLSA records against the chain that a server sent (RFC 6698, RFC 7671, RFC 7672). Pure."""

import hashlib
from collections.abc import Iterable, Sequence

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from OpenSSL import crypto

from checker.certificate.faults import bears_name
from checker.facts import Dane, Evidence, Finding, TlsaRecord

_TRUST_ANCHOR = 2
_END_ENTITY = 3
_FULL_CERTIFICATE = 0
_EXACT = 0
_BY_ERROR = {9: "certificate-not-yet-valid", 10: "certificate-expired"}
_DIGESTS = {1: hashlib.sha256, 2: hashlib.sha512}


def is_usable(record: TlsaRecord) -> bool:
    """Whether a mail server's record binds anyone (RFC 7672 section 3.1.3, RFC 7671 section 4)."""
    return (
        record.usage in {_TRUST_ANCHOR, _END_ENTITY}
        and record.selector in {0, 1}
        and _is_well_formed(record)
    )


def _is_well_formed(record: TlsaRecord) -> bool:
    """Whether the data can be what selector and matching type say."""
    data = bytes.fromhex(record.data)
    if digest := _DIGESTS.get(record.matching_type):
        return len(data) == digest().digest_size
    if record.matching_type != _EXACT:
        return False
    try:
        if record.selector == _FULL_CERTIFICATE:
            x509.load_der_x509_certificate(data)
        else:
            load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def demand(records: Sequence[TlsaRecord]) -> Dane:
    """What the records ask of a sender that heeds them."""
    if not records:
        return Dane.ABSENT
    return Dane.USABLE if any(map(is_usable, records)) else Dane.UNUSABLE


def compare(
    records: Sequence[TlsaRecord], chain: Sequence[x509.Certificate], names: Sequence[str]
) -> tuple[Finding, ...]:
    """What is wrong with a chain after its TLSA records.

    Args:
        records: As found; those that are not usable do not count.
        chain: As sent, the server's own certificate first.
        names: Any of them must stand in the certificate, where a trust anchor is named.

    Returns:
        Nothing where a record fits or there is none. One finding where none of them fits, or where
        a trust anchor fits and the way to it is bad; that one says so.
    """
    if not records or not chain:
        return ()
    usable = [record for record in records if is_usable(record)]
    anchored = list[Finding]()
    for record in usable:
        if record.usage == _END_ENTITY:
            # Neither names nor dates nor issuers count here (RFC 7671 section 5.1).
            if _matches(record, chain[0]):
                return ()
            continue
        for anchor in (*(c for c in chain if _matches(record, c)), *_anchor_in(record)):
            fault = _fault_below(anchor, chain, names)
            if fault is None:
                return ()
            anchored.append(fault)
    if anchored:
        return (anchored[0],)
    kinds = [f"{r.usage} {r.selector} {r.matching_type} {r.data[:16]}" for r in records[:10]]
    cause = "no-match" if usable else "unusable"
    return (Finding("tlsa-invalid", {"cause": cause, "records": kinds, "sent": len(chain)}),)


def _fault_below(
    anchor: x509.Certificate, chain: Sequence[x509.Certificate], names: Sequence[str]
) -> Finding | None:
    """What is wrong with the chain up to the anchor, with nothing else trusted."""
    store = crypto.X509Store()
    store.add_cert(crypto.X509.from_cryptography(anchor))
    store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
    leaf, *others = (crypto.X509.from_cryptography(certificate) for certificate in chain)
    try:
        crypto.X509StoreContext(store, leaf, others).verify_certificate()
    except crypto.X509StoreContextError as error:
        code = int(error.errors[0])
        problem = _BY_ERROR.get(code, "certificate-invalid")
        return Finding(problem, {"openssl_error": code}, under_tlsa=True)
    if not any(bears_name(chain[0], name) for name in names):
        evidence: Evidence = {"expected": ", ".join(names)}
        return Finding("certificate-host-mismatch", evidence, under_tlsa=True)
    return None


def _matches(record: TlsaRecord, certificate: x509.Certificate) -> bool:
    if record.selector == _FULL_CERTIFICATE:
        content = certificate.public_bytes(Encoding.DER)
    else:
        try:
            key = certificate.public_key()
        except (ValueError, TypeError, UnsupportedAlgorithm):
            return False
        content = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if record.matching_type != _EXACT:
        content = _DIGESTS[record.matching_type](content).digest()
    return content.hex() == record.data.lower()


def _anchor_in(record: TlsaRecord) -> Iterable[x509.Certificate]:
    """The trust anchor where the record holds all of it; then a server need not send it."""
    if record.selector == _FULL_CERTIFICATE and record.matching_type == _EXACT:
        yield x509.load_der_x509_certificate(bytes.fromhex(record.data))
