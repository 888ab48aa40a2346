"""A real Exim sends to the lab: ``python -m tests.oracle.network tests.log.real_exim SYSTEM``.

It prints as JSON its own log, that of the Postfix which took the mail, and how many recipients the
mails had.
"""

import json
import shutil
import sys
import time
from contextlib import ExitStack

from checker.senders import System
from tests.lab import Lab
from tests.lab.folders import run_folder
from tests.lab.laboratory import end
from tests.lab.model import RESOLVER
from tests.lab.root import prepare, start
from tests.log.real import CROWD, CROWDED, DOMAINS, RECIPIENTS, ROUNDS
from tests.senders.systems import system_root

WAYS = {"plain": "", "verify": "  tls_verify_hosts = *\n  hosts_require_tls = *\n"}
_PATIENCE = 150

# A mail that could not be sent for so long is given up.
_CONFIGURATION = """\
primary_hostname = sender.oracle.test
keep_environment =
tls_advertise_hosts =
log_file_path = /lab/exim/{way}-%s
spool_directory = /lab/exim/{way}
local_interfaces = 127.0.0.1
remote_max_parallel = 2
queue_run_in_order = true
begin retry
* * F,5s,1s
begin routers
own:
  driver = redirect
  domains = oracle.test
  data = :blackhole:
abroad:
  driver = dnslookup
  transport = smtp
begin transports
smtp:
  driver = smtp
  connect_timeout = 5s
  command_timeout = 15s
  data_timeout = 15s
  final_timeout = 15s
  hosts_try_dane =
  tls_verify_certificates = /lab/ca.pem
  tls_resumption_hosts = *
{settings}"""

# Mails that wait for the same server go over one connection.
_SEND = rf"""
set -eu
groupadd --system Debian-exim
useradd --system --gid Debian-exim --no-create-home Debian-exim
rm -f /etc/resolv.conf
cp /lab/resolv.conf /etc/resolv.conf
chmod 755 /lab
install -d -o Debian-exim -g Debian-exim /lab/exim /run/exim4 /var/log/exim4 /var/spool/exim4
exec >> /lab/daemons.log 2>&1
for way in {" ".join(WAYS)}; do
    install -d -o Debian-exim -g Debian-exim "/lab/exim/$way"
    echo "/lab/exim-$way.conf"
done > /etc/exim4/trusted_configs
send() {{
    printf 'Subject: x\n\nA mail.\n' | exim4 -C "/lab/exim-$1.conf" -odq \
        -f "$1@oracle.test" {" ".join(f"{one}@$2.test" for one in RECIPIENTS)}
}}
run() {{
    for mail in $(seq {CROWD}); do
        for domain in {" ".join(CROWDED)}; do send "$1" "$domain"; done
    done
    for round in $(seq {ROUNDS}); do
        for domain in {" ".join(DOMAINS)}; do send "$1" "$domain"; done
        exim4 -C "/lab/exim-$1.conf" -qq
        sleep 1
    done
    while [ "$(exim4 -C "/lab/exim-$1.conf" -bpc)" != 0 ]; do
        exim4 -C "/lab/exim-$1.conf" -q
        sleep 1
    done
}}
for way in {" ".join(WAYS)}; do run "$way" & done
wait
: > /lab/done
read -r _ || :
"""


def main() -> None:
    """Send, wait until the queues are empty, and print what was logged."""
    with Lab(smtp_port=25, dns_port=53) as lab, ExitStack() as stack:
        folder = stack.enter_context(run_folder())
        shutil.copy(lab.ca_file, folder / "ca.pem")
        (folder / "resolv.conf").write_text(f"nameserver {RESOLVER}\noptions edns0\n")
        for way, settings in WAYS.items():
            text = _CONFIGURATION.format(way=way, settings=settings)
            (folder / f"exim-{way}.conf").write_text(text)
        archive = prepare(system_root(System(sys.argv[2])))
        stack.callback(end, start(archive, _SEND, folder=folder))
        deadline = time.monotonic() + _PATIENCE
        while not (folder / "done").exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        daemons = folder / "daemons.log"
        printed = {
            "done": (folder / "done").exists(),
            "said": daemons.read_text("latin-1") if daemons.exists() else "",
            "sender": {
                way: (folder / "exim" / f"{way}-main").read_text("latin-1")
                if (folder / "exim" / f"{way}-main").exists()
                else ""
                for way in WAYS
            },
            "receiver": lab.mail_log,
            "recipients": len(RECIPIENTS)
            * len(WAYS)
            * (ROUNDS * len(DOMAINS) + CROWD * len(CROWDED)),
        }
    json.dump(printed, sys.stdout)


if __name__ == "__main__":
    main()
