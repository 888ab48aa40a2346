"""Reads certificate authorities, for OpenSSL and by name."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from checker.certificate.encoded import without_warnings
from checker.conversation.imitation import make_context, make_open_context
from checker.senders.hello import Rules
from checker.tls_version import TlsVersion

_MARK = rb"(?:X509 |TRUSTED )?CERTIFICATE-----"
_PEM = re.compile(rb"-----BEGIN " + _MARK + rb"[^-]+-----END " + _MARK)


def believing(
    rules: Rules | None, minimum: TlsVersion, maximum: TlsVersion, stores: Iterable[Path]
) -> SSL.Context:
    """A context that says a hello, and believes authorities.

    Args:
        rules: The sender's whose hello it is; none for everything that OpenSSL still knows.
        minimum: Lowest version.
        maximum: Highest version.
        stores: Files with the authorities (PEM), or folders with one in each file.
    """
    if rules is None:
        context = make_open_context(minimum, maximum)
    else:
        context = make_context(rules, minimum, maximum)
    for store in stores:
        # What stands before a fault in the system's file is believed all the same.
        with contextlib.suppress(SSL.Error):
            if store.is_dir():
                context.load_verify_locations(None, str(store))
            else:
                context.load_verify_locations(str(store))
    return context


def organizations(files: Iterable[Path]) -> frozenset[str]:
    """The organizations that the authorities in these files (PEM) belong to.

    An authority whose name cannot be read is believed all the same, and told by no name.
    """
    return frozenset(
        name
        for path in files
        for block in _PEM.findall(path.read_bytes())
        for name in _organizations_of(block)
    )


def _organizations_of(block: bytes) -> list[str]:
    authority = _read(block)
    if authority is None:
        return []
    found = authority.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return [str(one.value) for one in found]


def by_name(files: Iterable[Path]) -> Mapping[x509.Name, Sequence[bytes]]:
    """The authorities (DER) in these files (PEM), by their names; those whose names can be read."""
    found = defaultdict[x509.Name, list[bytes]](list)
    for path in files:
        for authority in filter(None, map(_read, _PEM.findall(path.read_bytes()))):
            found[authority.subject].append(authority.public_bytes(Encoding.DER))
    return found


def _read(block: bytes) -> x509.Certificate | None:
    """An authority; none where its name cannot be read."""
    try:
        with without_warnings():
            authority = x509.load_pem_x509_certificate(block)
            _ = authority.subject
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        return None
    return authority
