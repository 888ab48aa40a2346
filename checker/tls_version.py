"""The TLS versions that a sender may still ask for, and OpenSSL's names of them."""

from enum import StrEnum


class TlsVersion(StrEnum):
    """A TLS version that a sender may still ask for (RFC 8996 ended the older ones)."""

    TLS_1_0 = "1.0"
    TLS_1_1 = "1.1"
    TLS_1_2 = "1.2"
    TLS_1_3 = "1.3"


VERSIONS = {
    "TLSv1": TlsVersion.TLS_1_0,
    "TLSv1.1": TlsVersion.TLS_1_1,
    "TLSv1.2": TlsVersion.TLS_1_2,
    "TLSv1.3": TlsVersion.TLS_1_3,
}
"""OpenSSL's names of the versions."""
