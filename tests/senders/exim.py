"""Real Exim as a sender: for every case a transport set as it says."""

from collections.abc import Mapping, Sequence

from tests.senders.cases import Case

_MAIN = """\
primary_hostname = sender.test
keep_environment =
tls_advertise_hosts =
log_file_path = /lab/exim/%s
remote_max_parallel = 20
local_interfaces = 127.0.0.1
"""

SCRIPT = """\
set -eu
groupadd --system Debian-exim
useradd --system --gid Debian-exim --no-create-home Debian-exim
chmod 755 /lab
install -d -o Debian-exim -g Debian-exim /lab/exim /run/exim4 /var/spool/exim4 /var/log/exim4
cp /lab/exim.conf /etc/exim4/exim4.conf
exec >> /lab/daemons.log 2>&1
while read -r case; do
    printf 'Subject: %s\\n\\nA mail.\\n' "$case" |
        exim4 -odb -f "$case@sender.test" anna@receiver.test
done < /lab/cases
read -r _ || :
"""
"""Sends a mail for each case."""


def files(cases: Sequence[Case], port: int) -> Mapping[str, str]:
    """What the script reads, by name."""
    routers = "".join(_router(case) for case in cases)
    transports = "".join(_transport(case, port) for case in cases)
    return {
        "exim.conf": f"{_MAIN}begin routers\n{routers}begin transports\n{transports}",
        "cases": "".join(f"{case.name}\n" for case in cases),
    }


def _identifier(case: Case) -> str:
    return case.name.replace(".", "_").replace("-", "_")


def _router(case: Case) -> str:
    settings = {
        "driver": "manualroute",
        "senders": f"{case.name}@sender.test",
        "transport": _identifier(case),
        "route_list": "* 127.0.0.1",
        "self": "send",
    }
    return _section(case, settings)


def _transport(case: Case, port: int) -> str:
    settings = {
        "driver": "smtp",
        "port": str(port),
        "allow_localhost": "true",
        "helo_data": case.name,
        "hosts_try_dane": "",
        "hosts_require_tls": "*",
        "tls_verify_hosts": "*" if case.verifies else "",
        "tls_try_verify_hosts": "*" if case.verifies else "",
        "tls_require_ciphers": _priorities(case),
    }
    if case.sni:
        settings["tls_sni"] = case.host
    return _section(case, settings)


def _priorities(case: Case) -> str:
    """GnuTLS's NORMAL without the versions that are out of range."""
    unwanted = [
        f"-VERS-TLS{version}"
        for version in type(case.minimum)
        if not case.minimum <= version <= case.maximum
    ]
    return ":".join(["NORMAL", *unwanted])


def _section(case: Case, settings: Mapping[str, str]) -> str:
    return f"{_identifier(case)}:\n" + "".join(
        f"  {key} = {text}\n" for key, text in settings.items()
    )
