"""The certificate authorities that are believed: the system's, and what a lab adds."""

import functools
import hashlib
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from checker.senders.hello import Rules
from checker.tls_version import TlsVersion

if TYPE_CHECKING:
    from OpenSSL import SSL


class TrustError(Exception):
    """The certificate authorities could not be loaded; the message names the file."""


class Trust:
    """The certificate authorities that are believed.

    Loading them costs milliseconds, so one of these is made once and shared by all checks; and
    what reads them, ``authorities.py``, is loaded where the first server is spoken to.
    """

    def __init__(self, extra: Sequence[Path] = ()) -> None:
        """Remember the files with further authorities (PEM).

        Raises:
            TrustError: One of them cannot be read.
        """
        self._extra = tuple(extra)
        self._context = functools.cache(self._make_context)
        self._organizations = functools.cache(self._read_organizations)
        self._fingerprint = functools.cache(self._make_fingerprint)
        for path in self._extra:
            try:
                # Python's own OpenSSL is loaded already, and reads files as the other one does.
                ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
            except (OSError, UnicodeError) as error:
                raise TrustError(f"{path}: holds no certificate that can be read (PEM)") from error

    def context(
        self, rules: Rules | None, minimum: TlsVersion, maximum: TlsVersion
    ) -> "SSL.Context":
        """A context that says a sender's hello; without rules one that offers everything."""
        return self._context(rules, minimum, maximum)

    def _make_context(
        self, rules: Rules | None, minimum: TlsVersion, maximum: TlsVersion
    ) -> "SSL.Context":
        from checker.conversation.authorities import believing  # noqa: PLC0415 - as said above

        return believing(rules, minimum, maximum, self._extra)

    def organizations(self) -> frozenset[str]:
        """The organizations that run the trusted authorities, by their distinguished names."""
        return self._organizations()

    def _read_organizations(self) -> frozenset[str]:
        from checker.conversation.authorities import organizations  # noqa: PLC0415 - as said above

        return organizations(self._files())

    def fingerprint(self) -> str:
        """Hexadecimal digits that change with the authorities that are believed."""
        return self._fingerprint()

    def _make_fingerprint(self) -> str:
        return hashlib.sha256(b"".join(path.read_bytes() for path in self._files())).hexdigest()

    def _files(self) -> list[Path]:
        bundle = ssl.get_default_verify_paths().cafile
        return [*self._extra, *([Path(bundle)] if bundle else [])]
