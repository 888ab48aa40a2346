#!/usr/bin/env bash
# Software: cryptography 50.0.2, on 30 November 2026.
# Expected: load_der_x509_certificate says with a ValueError that it cannot read what it is given, as for every
#           other fault of the bytes; what it raises is then caught where a stranger's certificate is read.
# True:     for a certificate whose version number is not one of X.509's it raises x509.InvalidVersion, which is an
#           Exception and no ValueError, and so gets past "except ValueError".
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptography==50.0.2
venv/bin/python - <<'PYTHON'
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mx.example.test")])
day = datetime(2026, 11, 30)
good = (
    x509.CertificateBuilder(name, name, key.public_key(), 1, day, day + timedelta(days=1))
    .sign(key, hashes.SHA256())
    .public_bytes(Encoding.DER)
)
version = bytes.fromhex("a003020102")
assert good.count(version) == 1


def raised(content: bytes) -> BaseException | None:
    try:
        x509.load_der_x509_certificate(content)
    except Exception as error:
        return error
    return None


assert raised(good) is None
assert isinstance(raised(good[:-1]), ValueError)
error = raised(good.replace(version, bytes.fromhex("a003020104")))
print(type(error).__mro__)
assert isinstance(error, x509.InvalidVersion)
assert not isinstance(error, ValueError)
PYTHON
