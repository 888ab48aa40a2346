"""Reads certificate authorities, for OpenSSL and by name."""

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from checker.certificate.encoded import without_warnings
from checker.tls_version import TlsVersion

_PROTOCOL = {
    TlsVersion.TLS_1_0: SSL.TLS1_VERSION,
    TlsVersion.TLS_1_1: SSL.TLS1_1_VERSION,
    TlsVersion.TLS_1_2: SSL.TLS1_2_VERSION,
    TlsVersion.TLS_1_3: SSL.TLS1_3_VERSION,
}

# Everything OpenSSL still knows, so that an old server is met and named; anonymous suites show no
# certificate and would hide its faults.
_CIPHERS = b"ALL:!aNULL:!eNULL:@SECLEVEL=0"


def make_context(minimum: TlsVersion, maximum: TlsVersion, extra: Iterable[Path]) -> SSL.Context:
    """A context that offers these versions, and believes the system's authorities and others.

    Args:
        minimum: Lowest version.
        maximum: Highest version.
        extra: Files with further authorities (PEM).
    """
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(_PROTOCOL[minimum])
    context.set_max_proto_version(_PROTOCOL[maximum])
    context.set_cipher_list(_CIPHERS)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_default_verify_paths()
    for path in extra:
        context.load_verify_locations(str(path))
    return context


def organizations(files: Iterable[Path]) -> frozenset[str]:
    """The organizations that the authorities in these files (PEM) belong to."""
    with without_warnings():
        return frozenset(
            str(attribute.value)
            for path in files
            for authority in x509.load_pem_x509_certificates(path.read_bytes())
            for attribute in authority.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        )
