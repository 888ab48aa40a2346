"""A real Postfix tells a real reporter of its sessions with the lab.

``python -m tests.oracle.network tests.log.real_tls_reports`` prints as JSON the mails that the
reporter sends, by domain, and the sender's log.
"""

import json
import shutil
import sys
import time
from contextlib import ExitStack

from tests.bounce.tlsrpt_reporter import collecting
from tests.lab import Lab, instance
from tests.lab.folders import run_folder
from tests.lab.laboratory import RECEIVERS, end
from tests.lab.model import CREDULOUS_RESOLVER
from tests.lab.name_servers import unbound_conf
from tests.lab.root import prepare, start
from tests.log.real import SENDER

DOMAINS = ("healthy", "expired", "self-signed", "wrong-name", "no-starttls", "tls-1-0-only")
ROUNDS = 2
_PATIENCE = 100
_QUIET = 2.0

_RESOLVE = """\
exec >> /lab/daemons.log 2>&1
unbound -d -c /lab/unbound.conf &
read -r _ || :
"""

_MAIN = (
    instance.SENDER_MAIN
    + instance.IMPATIENT
    + """\
myhostname = sender.oracle.test
smtp_tls_security_level = verify
smtp_tls_loglevel = 1
smtp_tlsrpt_enable = yes
smtp_tlsrpt_socket_name = /lab/reporter/socket
minimal_backoff_time = 1h
"""
)
_SERVICES = instance.SENDER_SERVICES + "smtp      unix  - - n - 5 smtp\n"
_SEND = (
    instance.INSTALL
    + instance.SET_UP
    + """\
chmod 755 /lab
chmod -R a+rwX /lab/reporter
"""
    + instance.START
    + rf"""
sleep 2
for round in $(seq {ROUNDS}); do
    for domain in {" ".join(DOMAINS)}; do
        printf 'Subject: x\n\nA mail.\n' | sendmail -f x@oracle.test "anna@$domain.test"
    done
done
until [ "$(grep -c ' status=' /lab/sender.log)" -ge {ROUNDS * len(DOMAINS)} ]; do sleep 0.5; done
: > /lab/done
read -r _ || :
"""
)


def _wishes() -> str:
    """Each domain wishes for reports."""
    wish = "v=TLSRPTv1; rua=mailto:reports@receiver.test"
    return "server:\n" + "".join(
        f"    local-data: '_smtp._tls.{domain}.test. TXT \"{wish}\"'\n" for domain in DOMAINS
    )


def main() -> None:
    """Send, end the day, and print what the reporter sends."""
    with Lab(smtp_port=25, dns_port=53) as lab, ExitStack() as stack:
        resolving = stack.enter_context(run_folder())
        configuration = unbound_conf(53, CREDULOUS_RESOLVER, validates=False)
        (resolving / "unbound.conf").write_text(configuration + _wishes())
        stack.callback(end, start(prepare(RECEIVERS), _RESOLVE, folder=resolving))
        folder = stack.enter_context(run_folder())
        shutil.copy(lab.ca_file, folder / "ca.pem")
        (folder / "resolv.conf").write_text(f"nameserver {CREDULOUS_RESOLVER}\noptions edns0\n")
        (folder / "main.cf").write_text(_MAIN)
        (folder / "master.cf").write_text(_SERVICES)
        (folder / "reporter").mkdir()
        day = stack.enter_context(collecting(folder / "reporter"))
        stack.callback(end, start(prepare(SENDER.root), _SEND, folder=folder))
        deadline = time.monotonic() + _PATIENCE
        while not (folder / "done").exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        log = (folder / "sender.log").read_text("latin-1")
        told, before = day.collected(), -1
        while told != before:
            time.sleep(_QUIET)
            told, before = day.collected(), told
        domains = {name for name in (f"{one}.test" for one in DOMAINS) if f"domain={name}," in log}
        mails = day.mails(domains) if told else {}
        printed = {
            "sender": log,
            "told": told,
            "mails": {domain: mail.decode("latin-1") for domain, mail in mails.items()},
        }
    json.dump(printed, sys.stdout)


if __name__ == "__main__":
    main()
