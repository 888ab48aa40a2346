#!/usr/bin/env bash
# Software: openssl and gnutls-bin, as Debian 12 has them (seen with OpenSSL 3.0.22 and GnuTLS 3.7.9 on
#           30 November 2026).
# Expected: the length of the salt of an RSASSA-PSS signature stands in the signature's parameters (RFC 4055,
#           section 3.1: 20 where it is left out), so a certificate with any length is verified by all.
# True:     GnuTLS takes a certificate only where the salt is as long as the digest; with one byte more or less, with
#           none, or with as many as the key has room for, "the signature in the certificate is invalid". OpenSSL
#           takes them all, and what it writes when nobody says a length (the most that fits) GnuTLS refuses: an
#           authority made with `-sigopt rsa_padding_mode:pss` alone shuts out senders on GnuTLS.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work"

depends() { apt-cache depends "$1" | sed -n "s/^ *Depends: \($2\)$/\1/p" | head -n 1; }
apt-get download -qq openssl "$(depends openssl 'libssl3.*')" \
  gnutls-bin "$(depends gnutls-bin 'libgnutls30.*')" 2>/dev/null
for package in *.deb; do dpkg -x "$package" unpacked; done
library=$work/$(dirname -- "$(find unpacked -name 'libssl.so.3' | head -n 1)")
run() { LD_LIBRARY_PATH=$library "$work/unpacked/usr/bin/$1" "${@:2}"; }
run openssl version
run certtool --version | head -n 1

run openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -subj /CN=Root -days 3 2>/dev/null
run openssl req -newkey rsa:2048 -nodes -keyout key.pem -out request.pem -subj /CN=mx 2>/dev/null
printf '%s\n' basicConstraints=critical,CA:FALSE subjectAltName=DNS:mx.example.test >extensions

told=
for length in 0 20 31 32 33 default; do
  options=(-sigopt rsa_padding_mode:pss)
  if [[ $length != default ]]; then options+=(-sigopt "rsa_pss_saltlen:$length"); fi
  run openssl x509 -req -sha256 -in request.pem -CA root.pem -CAkey root.key -days 3 -extfile extensions \
    "${options[@]}" -out leaf.pem 2>/dev/null
  first=no second=no
  if run openssl verify -CAfile root.pem leaf.pem >/dev/null 2>&1; then first=yes; fi
  if run certtool --verify --load-ca-certificate root.pem --infile leaf.pem >/dev/null 2>&1; then second=yes; fi
  told+="$length: $first $second; "
done
echo "length of the salt with SHA-256: OpenSSL, GnuTLS: $told"
[[ $told == '0: yes no; 20: yes no; 31: yes no; 32: yes yes; 33: yes no; default: yes no; ' ]]
