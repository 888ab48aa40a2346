#!/usr/bin/env bash
# Software: cryptography 45.0.7 (with OpenSSL 3.5.2) and 50.0.2 (with OpenSSL 4.0.3), and pyOpenSSL of each
#           time, on 30 November 2026.
# Expected: with the same lists of versions, suites, groups and signature algorithms a client's hello stays
#           what it is when a Python package is brought up to date: it is what was asked for.
# True:     the order of its extensions is OpenSSL's own affair. With 3.5 server_name stands before groups and
#           key shares, with 4.0 behind all but the padding. A JA3 fingerprint changes with the package; JA4, which sorts, does not. Whoever
#           imitates a client, or lets one through by JA3, has to look again.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work"

cat >hello.py <<'PYTHON'
import struct

from OpenSSL import SSL

context = SSL.Context(SSL.TLS_CLIENT_METHOD)
context.set_min_proto_version(SSL.TLS1_2_VERSION)
context.set_cipher_list(b"ECDHE-RSA-AES128-GCM-SHA256")
connection = SSL.Connection(context, None)
connection.set_tlsext_host_name(b"mx.example.test")
connection.set_connect_state()
try:
    connection.do_handshake()
except SSL.WantReadError:
    pass
hello = connection.bio_read(65536)[9:]
at = 34
at += 1 + hello[at]
at += 2 + struct.unpack_from("!H", hello, at)[0]
at += 1 + hello[at]
at += 2
order = []
while at + 4 <= len(hello):
    number, length = struct.unpack_from("!HH", hello, at)
    order.append(number)
    at += 4 + length
# Padding stands last wherever it is.
order = [number for number in order if number != 21]
print(SSL.OpenSSL_version(SSL.OPENSSL_VERSION).decode(), *order)
PYTHON

hello_of() {
  local name=$1
  shift
  python3 -m venv "$name"
  "$name/bin/pip" install --quiet --disable-pip-version-check "$@"
  "$name/bin/python" hello.py
}

older=$(hello_of older cryptography==45.0.7 pyOpenSSL==25.1.0)
newer=$(hello_of newer cryptography==50.0.2 pyOpenSSL==26.4.0)
printf '%s\n%s\n' "$older" "$newer"

place() { # where server_name (0) stands among the extensions of a line: early or last
  local extensions
  read -ra extensions <<<"${1#OpenSSL * * * * }"
  if [[ ${extensions[-1]} == 0 ]]; then echo last; elif [[ " ${extensions[*]:0:2} " == *" 0 "* ]]; then echo early; fi
}
echo "server_name stands: $(place "$older") with the older, $(place "$newer") with the newer"
[[ $(place "$older") == early && $(place "$newer") == last ]]
