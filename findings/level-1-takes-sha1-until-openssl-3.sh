#!/usr/bin/env bash
# Software: cryptography 2.8 (with OpenSSL 1.1.1d) with pyOpenSSL 19.1.0, and cryptography 50.0.2 (with OpenSSL
#           4.0.3) with pyOpenSSL 26.4.0, on 30 November 2026.
# Expected: a security level is a number of bits, 80 at level 1. A server's certificate that is signed with SHA-1
#           is taken at that level by both, or by none.
# True:     the older one counts 80 bits in SHA-1 and takes it, the newer one counts fewer and refuses it with
#           X509_V_ERR_CA_MD_TOO_WEAK (68). At level 0 both take it. So whether a mail server that verifies at level
#           1, as Postfix does, minds SHA-1 is decided by its library's age, whatever its configuration says.
# Needs:    Python 3.11 or older for the older wheels' dependencies; a python3.11 on the path is enough.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work"

openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=authority -days 30 2>/dev/null
openssl req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=mx.example.test 2>/dev/null
openssl x509 -req -sha1 -in leaf.csr -CA ca.pem -CAkey ca.key -out leaf.pem -days 20 -set_serial 5 2>/dev/null

cat >errors.py <<'PYTHON'
import sys

from OpenSSL import SSL

method = SSL.TLSv1_2_METHOD
server = SSL.Context(method)
server.set_cipher_list(b"ALL:@SECLEVEL=0")
server.use_certificate_file("leaf.pem")
server.use_privatekey_file("leaf.key")
for level in (0, 1):
    errors = []
    client = SSL.Context(method)
    client.set_cipher_list(b"ALL:@SECLEVEL=%d" % level)
    client.load_verify_locations("ca.pem")
    client.set_verify(SSL.VERIFY_PEER, lambda c, x, code, depth, ok: ok or errors.append(code) or True)
    near, far = SSL.Connection(client, None), SSL.Connection(server, None)
    near.set_connect_state()
    far.set_accept_state()
    for _ in range(6):
        for one, other in ((near, far), (far, near)):
            try:
                one.do_handshake()
            except SSL.WantReadError:
                pass
            try:
                other.bio_write(one.bio_read(65536))
            except SSL.WantReadError:
                pass
    assert near.get_peer_certificate() is not None
    print("level", level, "errors", *errors, end="; ")
PYTHON

errors_of() {
  local python=$1 name=$2
  shift 2
  "$python" -m venv "$name"
  "$name/bin/pip" install --quiet --disable-pip-version-check "$@"
  "$name/bin/python" -W ignore errors.py
}

older=$(errors_of "$(command -v python3.11 || command -v python3)" older cryptography==2.8 pyOpenSSL==19.1.0)
newer=$(errors_of python3 newer cryptography==50.0.2 pyOpenSSL==26.4.0)
printf 'OpenSSL 1.1.1d: %s\nOpenSSL 4.0.3:  %s\n' "$older" "$newer"
[[ $older == "level 0 errors; level 1 errors; " ]]
[[ $newer == "level 0 errors; level 1 errors 68; " ]]
