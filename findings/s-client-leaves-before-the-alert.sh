#!/usr/bin/env bash
# Software: openssl, as Debian 12 has it (seen with 3.0.22 on 30 November 2026).
# Expected: `openssl s_client ... </dev/null`, as every guide has it, shows that a TLS 1.3 server demands
#           a client certificate: the handshake fails, so the command fails.
# True:     in TLS 1.3 the client's handshake is over before the server can refuse it. With its input at an
#           end s_client leaves at once: it prints no alert and ends with status 0, unless the alert is
#           there already, as on loopback. Over a way of 0.2 s it is not. Who keeps the input open sees it.
# Shown without any delay of the kernel's: a relay holds back what the server sends.
set -euo pipefail

work=$(mktemp -d)
cleanup() {
  for pid in "${server:-}" "${relay:-}"; do
    if [[ $pid ]]; then kill "$pid" 2>/dev/null || true; fi
  done
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

openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=mx.example.test -days 2 \
  -keyout key.pem -out certificate.pem 2>/dev/null

cat >relay.py <<'PYTHON'
import socket, sys, threading, time

wait, target = float(sys.argv[1]), int(sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)

def carry(source, sink, held):
    try:
        while data := source.recv(65536):
            time.sleep(held)
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass

while True:
    near, _ = listener.accept()
    far = socket.create_connection(("127.0.0.1", target))
    for source, sink, held in ((near, far, 0.0), (far, near, wait)):
        threading.Thread(target=carry, args=(source, sink, held), daemon=True).start()
PYTHON

port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
LD_LIBRARY_PATH=$work/$library "$work/unpacked/usr/bin/openssl" s_server -accept "127.0.0.1:$port" -quiet \
  -key key.pem -cert certificate.pem -tls1_3 -Verify 1 -verify_return_error >/dev/null 2>&1 &
server=$!
python3 relay.py 0.2 "$port" >relay.port &
relay=$!
for _ in {1..50}; do
  if [[ -s relay.port ]]; then break; fi
  sleep 0.1
done
connect=(s_client -connect "127.0.0.1:$(<relay.port)" -tls1_3)

status=0
openssl "${connect[@]}" </dev/null >closed.txt 2>&1 || status=$?
sleep 2 | openssl "${connect[@]}" >open.txt 2>&1 || true

echo "input at an end: status $status, lines with an alert: $(grep -ci alert closed.txt || true)"
echo "input held open: lines with an alert: $(grep -ci alert open.txt || true)"
[[ $status == 0 ]] && ! grep -qi alert closed.txt && grep -q 'certificate required' open.txt
