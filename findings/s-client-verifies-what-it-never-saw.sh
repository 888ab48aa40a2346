#!/usr/bin/env bash
# Software: openssl, as Debian 12 has it (seen with 3.0.22 on 30 November 2026).
# Expected: "Verification: OK" and "Verify return code: 0 (ok)" in what `openssl s_client` prints mean that it has
#           verified the server's certificate.
# True:     it prints both, too, where the handshake failed before the server had sent a certificate: here a
#           server that refuses every hello with the alert protocol_version, as one with TLS 1.0 alone does. The
#           default of the result is "ok", and nothing has set it. Whether there was a certificate is told only by
#           "no peer certificate available" and by the exit status. A script that looks for the words takes an old
#           mail server for a well certified one.
set -euo pipefail

work=$(mktemp -d)
cleanup() {
  if [[ ${server:-} ]]; then kill "$server" 2>/dev/null || true; fi
  rm -rf -- "$work"
}
trap cleanup EXIT
cd -- "$work"

apt-get download -qq openssl "$(apt-cache depends openssl | sed -n 's/^ *Depends: \(libssl3.*\)/\1/p' | head -n 1)" \
  2>/dev/null
for package in *.deb; do dpkg -x "$package" unpacked; done
library=$(dirname -- "$(find unpacked -name 'libssl.so.3' | head -n 1)")
openssl() { LD_LIBRARY_PATH=$work/$library "$work/unpacked/usr/bin/openssl" "$@"; }
openssl version

cat >server.py <<'PYTHON'
import socket

listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        # A record with the fatal alert protocol_version (RFC 5246 section 7.2).
        connection.sendall(bytes((21, 3, 1, 0, 2, 2, 70)))
PYTHON
python3 server.py >port &
server=$!
for _ in {1..50}; do
  if [[ -s port ]]; then break; fi
  sleep 0.1
done

status=0
openssl s_client -connect "127.0.0.1:$(<port)" -verify_return_error -verify_hostname mx.example.test \
  </dev/null >said.txt 2>&1 || status=$?
grep -E 'alert|peer certificate|^Verification|Verify return code' said.txt
echo "status $status"
[[ $status != 0 ]]
grep -q 'alert protocol version' said.txt
grep -q 'no peer certificate available' said.txt
grep -q '^Verification: OK' said.txt
grep -q 'Verify return code: 0 (ok)' said.txt
