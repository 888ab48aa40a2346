#!/usr/bin/env bash
# Software: openssl and gnutls-bin, as Debian 12 has them (seen with OpenSSL 3.0.22 and GnuTLS 3.7.9 on
#           30 November 2026).
# Expected: a certificate that demands a stapled OCSP response (TLS feature status_request, RFC 7633) is refused by
#           a client that has asked for one and got none, whichever library it has; and is taken by one that was
#           told not to look at OCSP.
# True:     OpenSSL never looks at the extension: `openssl s_client -status` verifies the certificate. GnuTLS always
#           does: it refuses the certificate, with gnutls-cli's --no-ocsp as well. So a mail server that staples
#           nothing is fine for senders on OpenSSL, and for careful ones on GnuTLS (Exim in Debian) it is not.
set -euo pipefail

work=$(mktemp -d)
cleanup() {
  if [[ ${server:-} ]]; then kill "$server" 2>/dev/null || true; fi
  rm -rf -- "$work"
}
trap cleanup EXIT
cd -- "$work"

depends() { apt-cache depends "$1" | sed -n "s/^ *Depends: \($2\)$/\1/p" | head -n 1; }
apt-get download -qq openssl "$(depends openssl 'libssl3.*')" \
  gnutls-bin "$(depends gnutls-bin 'libgnutls30.*')" "$(depends gnutls-bin 'libgnutls-dane.*')" 2>/dev/null
for package in *.deb; do dpkg -x "$package" unpacked; done
library=$work/$(dirname -- "$(find unpacked -name 'libssl.so.3' | head -n 1)")
run() { LD_LIBRARY_PATH=$library "$work/unpacked/usr/bin/$1" "${@:2}"; }
run openssl version
run gnutls-cli --version | head -n 1

run openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -subj /CN=Root -days 3 2>/dev/null
run openssl req -newkey rsa:2048 -nodes -keyout key.pem -out request.pem -subj /CN=mx 2>/dev/null
printf '%s\n' basicConstraints=critical,CA:FALSE subjectAltName=DNS:mx.example.test tlsfeature=status_request >extensions
run openssl x509 -req -in request.pem -CA root.pem -CAkey root.key -days 3 -extfile extensions -out leaf.pem 2>/dev/null

port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
LD_LIBRARY_PATH=$library unpacked/usr/bin/openssl s_server -accept "127.0.0.1:$port" -cert leaf.pem -key key.pem -quiet \
  >/dev/null 2>&1 &
server=$!
for _ in {1..50}; do
  if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  sleep 0.1
done

run openssl s_client -connect "127.0.0.1:$port" -CAfile root.pem -verify_hostname mx.example.test -status \
  </dev/null >openssl.txt 2>/dev/null
grep -m 1 'OCSP response' openssl.txt
grep -m 1 'Verify return code' openssl.txt
grep -q 'OCSP response: no response sent' openssl.txt
grep -q 'Verify return code: 0 (ok)' openssl.txt

for option in '' --no-ocsp; do
  status=0
  run gnutls-cli ${option:+"$option"} --x509cafile root.pem --verify-hostname mx.example.test --port "$port" 127.0.0.1 \
    </dev/null >gnutls.txt 2>&1 || status=$?
  echo "gnutls-cli ${option:-without option}: $(grep -m 1 Status gnutls.txt)"
  [[ $status != 0 ]]
  grep -q 'OCSP status is missing' gnutls.txt
done
