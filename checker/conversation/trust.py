"""The certificate authorities that are believed: the system's, and what a lab adds."""

import functools
import hashlib
import os
import re
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from checker.senders.hello import Rules
from checker.tls_version import TlsVersion

if TYPE_CHECKING:
    from cryptography import x509
    from OpenSSL import SSL


_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
)
"""Where Debian, Fedora, openSUSE and RHEL keep all authorities in one file."""

_FOLDERS = ("/etc/ssl/certs",)

_END = b"-----END CERTIFICATE-----"
_BEGINNING = 65_536
"""Bytes within which the first authority of a file ends, whatever is said of it before."""

_BY_HASH = re.compile(r"[0-9a-f]{8}\.[0-9]+")
"""How a file is called by which OpenSSL finds an authority in a folder (openssl-rehash(1))."""


class TrustError(Exception):
    """The certificate authorities could not be loaded; the message names the file."""


class Trust:
    """The certificate authorities that are believed.

    Loading them costs milliseconds, so one of these is made once and shared by all checks; and
    what reads them, ``authorities.py``, is loaded where the first server is spoken to.
    """

    def __init__(self, extra: Sequence[Path] = (), places: Sequence[Path] | None = None) -> None:
        """Remember the files with further authorities (PEM).

        Args:
            extra: Those files.
            places: Where the system's authorities are looked for, files and folders; unless given,
                where OpenSSL and the usual systems have them.

        Raises:
            TrustError: One of the files cannot be read.
        """
        self.places = (*extra, *(system_places(os.environ) if places is None else places))
        self._extra = tuple(extra)
        self._stores = functools.cache(self._find_stores)
        self._context = functools.cache(self._make_context)
        self._organizations = functools.cache(self._read_organizations)
        self._by_name = functools.cache(self._read_by_name)
        self._fingerprint = functools.cache(self._make_fingerprint)
        for path in self._extra:
            try:
                _read(path)
            except (OSError, UnicodeError, ValueError) as error:
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

        return believing(rules, minimum, maximum, self._stores())

    def is_empty(self) -> bool:
        """Whether no authority is believed at all, so that no certificate can be judged."""
        return not self._stores()

    def _find_stores(self) -> tuple[Path, ...]:
        """The files that are given; of the system's the first file and the first folder."""
        own = self.places[len(self._extra) :]
        files, folders = filter(_begins_with_one, own), filter(_holds_one, own)
        return (*self._extra, *islice(files, 1), *islice(folders, 1))

    def organizations(self) -> frozenset[str]:
        """The organizations that run the trusted authorities, by their distinguished names."""
        return self._organizations()

    def _read_organizations(self) -> frozenset[str]:
        from checker.conversation.authorities import organizations  # noqa: PLC0415 - as said above

        return organizations(self._files())

    def anchors(self, named: Iterable["x509.Name"]) -> tuple[bytes, ...]:
        """The trusted authorities of these names (DER)."""
        known = self._by_name()
        return tuple(dict.fromkeys(one for name in named for one in known.get(name, ())))

    def _read_by_name(self) -> "Mapping[x509.Name, Sequence[bytes]]":
        from checker.conversation.authorities import by_name  # noqa: PLC0415 - as said above

        return by_name(self._files())

    def fingerprint(self) -> str:
        """Hexadecimal digits that change with the authorities that are believed."""
        return self._fingerprint()

    def _make_fingerprint(self) -> str:
        return hashlib.sha256(b"".join(path.read_bytes() for path in self._files())).hexdigest()

    def _files(self) -> Iterator[Path]:
        """The files of all that is believed; those of a folder only where there is no bundle."""
        stores = self._stores()
        files = [store for store in stores if not store.is_dir()]
        yield from files
        if len(files) == len(self._extra):
            for folder in stores[len(files) :]:
                yield from _hashed(folder)


def system_places(environment: Mapping[str, str]) -> Iterator[Path]:
    """Where the system's authorities are looked for: where OpenSSL is told to, or has them.

    Args:
        environment: SSL_CERT_FILE and SSL_CERT_DIR take the place of all others, as in OpenSSL.
    """
    paths = ssl.get_default_verify_paths()
    file, folder = (
        environment.get(name) for name in (paths.openssl_cafile_env, paths.openssl_capath_env)
    )
    if file is not None or folder is not None:
        named = [file or "", *(folder or "").split(os.pathsep)]
    else:
        named = [paths.openssl_cafile, *_FILES, paths.openssl_capath, *_FOLDERS]
    return map(Path, dict.fromkeys(filter(None, named)))


def _begins_with_one(file: Path) -> bool:
    """Whether a file begins with a certificate; to read all of a system's takes long."""
    try:
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            beginning, ending, _ = opened.read(_BEGINNING).partition(_END)
        text = (beginning + ending).decode("ascii", "ignore")
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except (OSError, ValueError):
        return False
    return True


def _holds_one(folder: Path) -> bool:
    """Whether it is a folder in which OpenSSL finds an authority."""
    return any(map(_begins_with_one, _called_by_hash(folder)))


def _hashed(folder: Path) -> Iterator[Path]:
    """The files of a folder in which OpenSSL finds authorities."""
    return filter(_begins_with_one, sorted(_called_by_hash(folder)))


def _called_by_hash(folder: Path) -> Iterator[Path]:
    """The files of a folder that are called so, one by one: a system has hundreds."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if _BY_HASH.fullmatch(entry.name):
                    yield folder / entry.name
    except OSError:
        return


def _read(file: Path) -> None:
    """Read authorities (PEM).

    Raises:
        OSError: There is none that can be read.
        ValueError: The path can be that of no file.
    """
    # Python's own OpenSSL is loaded already, and reads files as the other one does.
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
