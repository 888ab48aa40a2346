"""qmail's hello: it sets nothing, so its system's ``openssl s_client`` says the same."""

from collections.abc import Mapping, Sequence

from checker.tls_version import TlsVersion
from tests.senders.cases import Case

SCRIPT = """\
set -eu
exec >> /lab/daemons.log 2>&1
while read -r case options; do
    openssl s_client -starttls smtp -name "$case" $options < /dev/null || :
done < /lab/cases
read -r _ || :
"""
"""Says hello for each case."""


def files(cases: Sequence[Case], port: int) -> Mapping[str, str]:
    """What the script reads, by name."""
    return {"cases": "".join(f"{case.name} {_options(case, port)}\n" for case in cases)}


def _options(case: Case, port: int) -> str:
    name = f"-servername {case.host}" if case.sni else "-noservername"
    return (
        f"-connect 127.0.0.1:{port} {name}"
        f" -min_protocol {_protocol(case.minimum)} -max_protocol {_protocol(case.maximum)}"
    )


def _protocol(version: TlsVersion) -> str:
    return "TLSv1" if version is TlsVersion.TLS_1_0 else f"TLSv{version}"
