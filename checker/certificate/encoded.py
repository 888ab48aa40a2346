"""What stands in DER: certificates and keys, read as senders read them."""

import contextlib
import functools
import threading
import warnings
from collections.abc import Iterator

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

from checker.certificate.rewriting import rewritten

_LOCK = threading.RLock()


@contextlib.contextmanager
def without_warnings() -> Iterator[None]:
    """Read what the library warns of, such as a serial number that is not positive.

    No sender minds it (RFC 5280 section 4.1.2.2 asks for more), nor a common name of 64 letters
    that are more bytes. A warning would reach whoever looks at the terminal.
    """
    # What is ignored is so in all threads, and restored by whoever ends last.
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


@functools.lru_cache(256)
def load_certificate(data: bytes) -> x509.Certificate:
    """A certificate (RFC 5280 section 4.1).

    What the library does not read as it was sent, and senders do, is a copy written as the library
    reads it. The last ones are kept: a check asks for each of them more than once, and many servers
    send the same intermediates.

    Raises:
        ValueError: It is none.
    """
    try:
        return _load(data)
    except ValueError:
        copy = rewritten(data)
        if copy == data:
            raise
        return _load(copy)


def _load(data: bytes) -> x509.Certificate:
    try:
        with without_warnings():
            certificate = x509.load_der_x509_certificate(data)
            # The library reads a name, and warns of it, where somebody first asks for it.
            with contextlib.suppress(ValueError, TypeError):
                _ = certificate.subject
            with contextlib.suppress(ValueError, TypeError):
                _ = certificate.issuer
            # Nor does it read dates before that, and some are of years that it has not.
            _ = (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
            return certificate
    except x509.InvalidVersion as error:
        raise ValueError(str(error)) from error


def is_certificate(data: bytes) -> bool:
    """Whether it is a certificate (RFC 5280 section 4.1)."""
    try:
        load_certificate(data)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def is_public_key(data: bytes) -> bool:
    """Whether it is a public key (SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7)."""
    try:
        load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True
