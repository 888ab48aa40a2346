"""Runs checkdmarc's own check of a domain's mail servers; for the Python that has checkdmarc.

    checkdmarc_peer.py DOMAIN RESOLVER:PORT SMTP-PORT HOST=ADDRESS

Its command line knows no other port than 25 and asks the system for addresses, which the lab is
not part of. Both are changed here, and nothing else.
"""

import importlib
import json
import smtplib
import socket
import sys
from typing import Any


def main(domain: str, resolver: str, smtp_port: str, known: str) -> None:
    """Print what checkdmarc finds."""
    smtp = importlib.import_module("checkdmarc.smtp")
    nameserver = importlib.import_module("dns.nameserver")
    smtplib.SMTP.default_port = int(smtp_port)
    name, address = known.split("=")
    look_up = socket.getaddrinfo

    def look_up_here(host: Any, *options: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        return look_up(address if host == name else host, *options, **named)

    socket.getaddrinfo = look_up_here
    server, port = resolver.split(":")
    nameservers = [nameserver.Do53Nameserver(server, int(port))]
    found = smtp.check_mx(domain, check_mx_tls=True, nameservers=nameservers)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
