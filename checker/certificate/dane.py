"""TLSA records against the chain that a server sent (RFC 6698, RFC 7671, RFC 7672). Pure."""

from collections.abc import Iterable, Sequence

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from OpenSSL import crypto

from checker.certificate.encoded import load_certificate
from checker.certificate.faults import bears_name
from checker.certificate.tlsa import (
    DIGESTS,
    END_ENTITY,
    EXACT,
    FULL_CERTIFICATE,
    is_usable,
)
from checker.facts import Evidence, Finding, TlsaRecord

_BY_ERROR = {9: "certificate-not-yet-valid", 10: "certificate-expired"}


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
        if record.usage == END_ENTITY:
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
    if record.selector == FULL_CERTIFICATE:
        content = certificate.public_bytes(Encoding.DER)
    else:
        try:
            key = certificate.public_key()
        except (ValueError, TypeError, UnsupportedAlgorithm):
            return False
        content = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if record.matching_type != EXACT:
        content = DIGESTS[record.matching_type](content).digest()
    return content.hex() == record.data.lower()


def _anchor_in(record: TlsaRecord) -> Iterable[x509.Certificate]:
    """The trust anchor where the record holds all of it; then a server need not send it."""
    if record.selector == FULL_CERTIFICATE and record.matching_type == EXACT:
        yield load_certificate(bytes.fromhex(record.data))
