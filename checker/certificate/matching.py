"""Whether a certificate of any kind of names bears one; service_identity knows how (RFC 9525)."""

import service_identity
from cryptography import x509
from cryptography.x509.oid import NameOID
from service_identity.cryptography import extract_patterns
from service_identity.hazmat import DNS_ID, DNSPattern, verify_service_identity


def matches(leaf: x509.Certificate, host: str) -> bool:
    """Whether a certificate is for a host name; see :func:`checker.certificate.faults.bears_name`.

    Args:
        leaf: The server's own certificate.
        host: The name.
    """
    try:
        patterns = list(extract_patterns(leaf))
        if not any(isinstance(pattern, DNSPattern) for pattern in patterns):
            patterns = [
                DNSPattern.from_bytes(str(name.value).encode("idna"))
                for name in leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            ]
        verify_service_identity(patterns, [DNS_ID(host)], [])
    except (
        service_identity.VerificationError,
        service_identity.CertificateError,
        x509.UnsupportedGeneralNameType,
        ValueError,
    ):
        return False
    return True
