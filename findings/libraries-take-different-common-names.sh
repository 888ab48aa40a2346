#!/usr/bin/env bash
# Software: openssl and gnutls-bin, as Debian 12 has them (seen with OpenSSL 3.0.22 and GnuTLS 3.7.9 on
#           30 November 2026).
# Expected: where a certificate has no DNS name among its alternative names, libraries that still take the common
#           name for a host name take the same one: mail servers on OpenSSL (Postfix) and on GnuTLS (Exim in Debian)
#           see the same certificate as valid for a host.
# True:     OpenSSL takes any of several common names, and whatever else stands among the alternative names.
#           GnuTLS takes none where there are two, and none beside an IP address or a URI there; beside a mail
#           address it does. So a certificate with both names of a host as common names, or with its address alone
#           as an alternative name, is valid for one kind of sender and not for the other.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work"

depends() { apt-cache depends "$1" | sed -n "s/^ *Depends: \($2\)$/\1/p" | head -n 1; }
apt-get download -qq openssl "$(depends openssl 'libssl3.*')" \
  gnutls-bin "$(depends gnutls-bin 'libgnutls30.*')" 2>/dev/null
for package in *.deb; do dpkg -x "$package" unpacked; done
library=$work/$(dirname -- "$(find unpacked -name 'libssl.so.3' | head -n 1)")
openssl() { LD_LIBRARY_PATH=$library "$work/unpacked/usr/bin/openssl" "$@"; }
certtool() { LD_LIBRARY_PATH=$library "$work/unpacked/usr/bin/certtool" "$@"; }
openssl version
certtool --version | head -n 1

openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -subj /CN=Root -days 3 2>/dev/null
make() {
  local name=$1 subject=$2 alternative=$3
  openssl req -newkey rsa:2048 -nodes -keyout "$name.key" -out "$name.csr" -subj "$subject" 2>/dev/null
  printf 'basicConstraints=critical,CA:FALSE\n%s\n' "${alternative:+subjectAltName=$alternative}" >"$name.ext"
  openssl x509 -req -in "$name.csr" -CA root.pem -CAkey root.key -days 3 -extfile "$name.ext" -out "$name.pem" \
    2>/dev/null
}
make common /CN=mx.example.test ''
make two /CN=mx.example.test/CN=mail.example.test ''
make address /CN=mx.example.test IP:192.0.2.1
make link /CN=mx.example.test URI:https://www.example.test/
make mailbox /CN=mx.example.test email:postmaster@example.test

told=
for name in common two address link mailbox; do
  first=no second=no
  if openssl verify -CAfile root.pem -verify_hostname mx.example.test "$name.pem" >/dev/null 2>&1; then first=yes; fi
  if certtool --verify --load-ca-certificate root.pem --verify-hostname mx.example.test --infile "$name.pem" \
    >/dev/null 2>&1; then second=yes; fi
  told+="$name: OpenSSL $first, GnuTLS $second; "
done
echo "$told"
[[ $told == 'common: OpenSSL yes, GnuTLS yes; two: OpenSSL yes, GnuTLS no; address: OpenSSL yes, GnuTLS no;'* ]]
[[ $told == *'link: OpenSSL yes, GnuTLS no; mailbox: OpenSSL yes, GnuTLS yes; ' ]]
