"""Whether a name in a certificate stands for a host; service_identity knows how (RFC 9525)."""

import service_identity
from service_identity.hazmat import DNS_ID, DNSPattern, verify_service_identity


def matches(name: str, host: str) -> bool:
    """Whether a host name is meant by a name in a certificate, which may be a wildcard.

    Args:
        name: As it stands in the certificate.
        host: The host.
    """
    try:
        pattern = DNSPattern.from_bytes(name.encode("idna"))
        verify_service_identity([pattern], [DNS_ID(host)], [])
    except (service_identity.VerificationError, service_identity.CertificateError, ValueError):
        return False
    return True
