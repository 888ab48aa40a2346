#!/usr/bin/env bash
# Software: cryptography 50.0.2, on 30 November 2026.
# Expected: a common name may have 64 characters (RFC 5280 appendix A.1, ub-common-name). A certificate for a name of
#           60 letters can be made, and is read without a word.
# True:     the library counts the bytes of UTF-8. Of 60 letters with two bytes each it makes no certificate
#           (ValueError); and one that another tool has made is read with a UserWarning, not when it is loaded but
#           where its subject is first looked at, and only that once. Whoever reads strangers' certificates and turns
#           warnings into errors gets an exception far from the place where the bytes came in.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work"

name=$(printf 'ä%.0s' {1..60})
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out made.pem -utf8 -subj "/CN=$name" -days 3 2>/dev/null

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptography==50.0.2
venv/bin/python - <<'PYTHON'
import warnings
from pathlib import Path

from cryptography import x509

told = []
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    certificate = x509.load_pem_x509_certificate(Path("made.pem").read_bytes())
    told.append(len(caught))
    for _ in range(2):
        name = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
        told.append(len(caught))
print(len(name), "letters; warnings after loading, a first and a second look:", *told)
assert len(name) == 60
assert told == [0, 1, 1]
assert caught[0].category is UserWarning
try:
    x509.NameAttribute(x509.NameOID.COMMON_NAME, name)
except ValueError as error:
    print(error)
else:
    raise AssertionError("it can be made")
PYTHON
