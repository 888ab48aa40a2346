"""Reads certificate authorities, for OpenSSL and by name."""

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from checker.certificate.encoded import without_warnings
from checker.conversation.imitation import make_context, make_open_context
from checker.senders.hello import Rules
from checker.tls_version import TlsVersion


def believing(
    rules: Rules | None, minimum: TlsVersion, maximum: TlsVersion, extra: Iterable[Path]
) -> SSL.Context:
    """A context that says a hello, and believes the system's authorities and others.

    Args:
        rules: The sender's whose hello it is; none for everything that OpenSSL still knows.
        minimum: Lowest version.
        maximum: Highest version.
        extra: Files with further authorities (PEM).
    """
    if rules is None:
        context = make_open_context(minimum, maximum)
    else:
        context = make_context(rules, minimum, maximum)
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
