"""Certificates, put where certbot puts them: numbered files, and links to the newest ones."""

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from tests.lab.certificates import Certificates
from tests.lab.model import Certificate
from tests.servers.machine import NAME, Machine

EXPIRED = Certificate(ends=-dt.timedelta(hours=1))

_FOLDER = "/etc/letsencrypt"


class Certbot:
    """Gets certificates from a certificate authority of its own."""

    def __init__(self, machine: Machine) -> None:
        """Take the machine on which it runs; ``/lab/ca.pem`` is the authority's certificate."""
        self._machine = machine
        self._number = 0
        self._certificates = Certificates(dt.datetime.now(dt.UTC).replace(microsecond=0))
        self.authority = machine.folder / "ca.pem"
        self.authority.write_text(self._certificates.root)

    def obtain(self, wanted: Certificate | None = None, lineage: str = NAME) -> None:
        """Get a certificate with a new key, and put it in place of the one before.

        Args:
            wanted: What is special about it.
            lineage: What certbot calls the certificate (``--cert-name``).
        """
        identity = self._certificates.identity(NAME, wanted or Certificate())
        self._number += 1
        files = {
            "cert": _pem(identity.leaf),
            "chain": "".join(map(_pem, identity.sent[1:])),
            "fullchain": "".join(map(_pem, identity.sent)),
            "privkey": identity.key,
        }
        script = [f"mkdir -p {_FOLDER}/live/{lineage} {_FOLDER}/archive/{lineage}"]
        script.append(f"chmod 700 {_FOLDER}/live {_FOLDER}/archive")
        for name, text in files.items():
            (self._machine.folder / f"{name}.pem").write_text(text)
            path = f"archive/{lineage}/{name}{self._number}.pem"
            mode = "600" if name == "privkey" else "644"
            script.append(f"install -m {mode} /lab/{name}.pem {_FOLDER}/{path}")
            script.append(f"ln -sfn ../../{path} {_FOLDER}/live/{lineage}/{name}.pem")
        self._machine.run("\n".join(script))


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
