"""A real Postfix sends to the lab: ``python -m tests.oracle.network tests.log.real``.

It prints as JSON its own log, that of the Postfix which took the mail, and how many recipients the
mails had. In a network of its own the lab's servers are at the ports that real senders ask for.
"""

import json
import shutil
import sys
import time
from contextlib import ExitStack

from checker.senders import System
from tests.lab import Lab, instance
from tests.lab.folders import run_folder
from tests.lab.laboratory import end
from tests.lab.model import RESOLVER
from tests.lab.root import prepare, start
from tests.oracle import postfix
from tests.senders.systems import RELEASES

SENDER = next(one for one in postfix.SENDERS if one.root.release == RELEASES[System.DEBIAN_13])
DOMAINS = (
    *("healthy", "tls-1-2-only", "wrong-name", "self-signed", "expired", "first-expired"),
    *("no-starttls", "starttls-502", "recipient-refused", "connection-refused", "null-mx"),
    *("greeting-554", "first-dead", "tls-1-0-only"),
)
WAYS = ("plain", "reuse", "verify")
ROUNDS = 3
RECIPIENTS = ("anna", "ben")
CROWDED = ("healthy", "no-starttls")
CROWD = 6
"""So many mails at once, for one connection."""

_PATIENCE = 120

_MAIN = (
    instance.SENDER_MAIN.replace("smtp_connection_cache_on_demand = no\n", "").replace(
        "mydestination =\n", "mydestination = oracle.test\n"
    )
    + instance.IMPATIENT
    + """\
myhostname = sender.oracle.test
local_recipient_maps =
local_transport = discard
smtp_tls_security_level = may
smtp_tls_loglevel = 1
smtp_tls_session_cache_database = btree:$data_directory/smtp_scache
minimal_backoff_time = 2s
maximal_backoff_time = 2s
queue_run_delay = 2s
default_destination_concurrency_limit = 1
maximal_queue_lifetime = 6s
bounce_queue_lifetime = 1s
sender_dependent_default_transport_maps = inline:{
    { reuse@oracle.test = reuse: }, { verify@oracle.test = verify: } }
"""
)
_SERVICES = (
    instance.SENDER_SERVICES
    + """\
discard   unix  - - n - - discard
scache    unix  - - n - 1 scache
tlsproxy  unix  - - n - 0 tlsproxy
smtp      unix  - - n - 5 smtp
reuse     unix  - - n - 2 smtp
  -o { syslog_name = postfix/reuse }
  -o { smtp_tls_connection_reuse = yes }
verify    unix  - - n - 5 smtp
  -o { syslog_name = postfix/verify }
  -o { smtp_tls_security_level = verify }
"""
)
_SEND = (
    instance.INSTALL
    + instance.SET_UP
    + instance.START
    + rf"""
send() {{
    printf 'Subject: x\n\nA mail.\n' |
        sendmail -f "$1@oracle.test" {" ".join(f"{one}@$2.test" for one in RECIPIENTS)}
}}
sleep 2
for mail in $(seq {CROWD}); do
    for domain in {" ".join(CROWDED)}; do
        send plain "$domain"
        send reuse "$domain"
    done
done
for round in $(seq {ROUNDS}); do
    for way in {" ".join(WAYS)}; do
        for domain in {" ".join(DOMAINS)}; do
            send "$way" "$domain"
        done
    done
    sleep 1
done
until postqueue -p | grep -q 'queue is empty'; do sleep 1; done
: > /lab/done
read -r _ || :
"""
)


def main() -> None:
    """Send, wait until the queue is empty, and print what was logged."""
    with Lab(smtp_port=25, dns_port=53) as lab, ExitStack() as stack:
        folder = stack.enter_context(run_folder())
        shutil.copy(lab.ca_file, folder / "ca.pem")
        (folder / "resolv.conf").write_text(f"nameserver {RESOLVER}\noptions edns0\n")
        (folder / "main.cf").write_text(_MAIN)
        (folder / "master.cf").write_text(_SERVICES)
        stack.callback(end, start(prepare(SENDER.root), _SEND, folder=folder))
        deadline = time.monotonic() + _PATIENCE
        while not (folder / "done").exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        printed = {
            "done": (folder / "done").exists(),
            "sender": (folder / "sender.log").read_text("latin-1"),
            "receiver": lab.mail_log,
            "recipients": len(RECIPIENTS)
            * (ROUNDS * len(WAYS) * len(DOMAINS) + CROWD * 2 * len(CROWDED)),
        }
    json.dump(printed, sys.stdout)


if __name__ == "__main__":
    main()
