#!/usr/bin/env bash
# Software: Postfix 3.7.11, as Debian 12 has it (posttls-finger, which looks up as its delivery agent does), on
#           30 November 2026. Needs root: a name server of its own answers in a network of its own.
# Expected: of a domain with more MX records than it likes to keep, a mail server keeps the most preferred.
# True:     Postfix keeps the first 100 of the answer, as they come, and sorts those. A record with the best
#           preference that stands behind them does not exist for it, not even as the last resort. Most resolvers
#           rotate what they answer, so the same mail reaches the one good server today and bounces tomorrow.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work"

apt-get download -qq postfix 2>/dev/null
dpkg -x postfix_*.deb unpacked
dpkg-deb --field postfix_*.deb Version
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check dnspython==2.8.0
mkdir conf
printf '%s\n' 'compatibility_level = 3.6' 'inet_protocols = ipv4' 'mail_owner = daemon' 'setgid_group = mail' >conf/main.cf

cat >server.py <<'PYTHON'
import socket, struct, sys, threading

import dns.flags, dns.message, dns.rdatatype, dns.rrset

SPARE = [f"20 spare{number}.example.test." for number in range(120)]
BEST = ["10 best.example.test."]
RECORDS = {"first": BEST + SPARE, "last": SPARE + BEST}[sys.argv[1]]


def answer(question):
    reply = dns.message.make_response(question)
    reply.flags |= dns.flags.RA
    name, kind = question.question[0].name, question.question[0].rdtype
    if kind == dns.rdatatype.MX:
        reply.answer.append(dns.rrset.from_text(name, 60, "IN", "MX", *RECORDS))
    elif kind == dns.rdatatype.A:
        address = "127.0.0.2" if name.to_text().startswith("best.") else "127.0.0.3"
        reply.answer.append(dns.rrset.from_text(name, 60, "IN", "A", address))
    return reply


def wire(reply):
    return reply.to_wire(max_size=65535, want_shuffle=False)


def over_tcp():
    while True:
        connection, _ = tcp.accept()
        with connection:
            (size,) = struct.unpack("!H", connection.recv(2))
            reply = wire(answer(dns.message.from_wire(connection.recv(size))))
            connection.sendall(struct.pack("!H", len(reply)) + reply)


udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 53))
tcp = socket.create_server(("127.0.0.1", 53))
threading.Thread(target=over_tcp, daemon=True).start()
print("ready", flush=True)
while True:
    question, source = udp.recvfrom(4096)
    reply = answer(dns.message.from_wire(question))
    if len(wire(reply)) > 512:
        reply.answer.clear()
        reply.flags |= dns.flags.TC
    udp.sendto(wire(reply), source)
PYTHON

# Nobody listens at the port for mail, so that it says whom it would have asked, in its order.
cat >within.sh <<'BASH'
set -euo pipefail
ip link set lo up
echo 'nameserver 127.0.0.1' >resolv.conf
mount --bind resolv.conf /etc/resolv.conf
venv/bin/python server.py "$1" >ready &
server=$!
trap 'kill "$server"' EXIT
for _ in {1..50}; do
  if [[ -s ready ]]; then break; fi
  sleep 0.1
done
export LD_LIBRARY_PATH=$PWD/unpacked/usr/lib/postfix MAIL_CONFIG=$PWD/conf
unpacked/usr/sbin/posttls-finger -l may -t 2 -T 2 example.test 2>&1
BASH

for place in first last; do
  rm -f ready
  unshare --net --mount bash within.sh "$place" >"$place.txt" || true
  asked=$(grep -o 'to [a-z0-9]*.example.test\[' "$place.txt" | sort -u | wc -l || true)
  best=$(grep -c 'to best.example.test\[' "$place.txt" || true)
  echo "the best one stands $place of 121: $asked servers known, the best one among them: $best"
done
grep -q 'record count limit (100) exceeded' last.txt
grep -q 'to best.example.test\[' first.txt
! grep -q best last.txt
