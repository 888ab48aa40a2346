"""Debian 10's senders: its packages are gone, but the OpenSSL 1.1.1d that it had is in a wheel."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.lab.folders import locked
from tests.senders.cases import Case
from tests.wheel import unpacked

_WANTED = Path(__file__).with_suffix(".txt")
_PROGRAM = Path(__file__).with_name("say_hello.py")
_CACHE = Path(__file__).parents[2] / ".cache" / "senders"

# SSL_OP_ALL of that version, which Postfix sets.
_ALL_OPTIONS = 0x8000_0854

# tls_eecdh_auto_curves and smtp_tls_mandatory_ciphers of Postfix 3.4. Debian built without IDEA.
_POSTFIX_GROUPS = "X25519:X448:P-256:P-521:P-384"
_POSTFIX_CIPHERS = "aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH:!IDEA"
_POSTFIX_LEVELS = {False: "!eNULL:@SECLEVEL=0", True: "!aNULL:@SECLEVEL=1"}

# Debian 10's openssl.cnf; the minimum version that it names as well is the operator's here.
_DEBIAN_CIPHERS = "DEFAULT@SECLEVEL=2"

_CONFIGURATION = """\
openssl_conf = library
[library]
ssl_conf = contexts
[contexts]
system_default = every
[every]
Options = Compression
"""


def postfix(cases: Sequence[Case]) -> Mapping[str, bytes]:
    """What Postfix 3.4 says in each case."""
    rows = [
        (case, f"{_POSTFIX_CIPHERS}:{_POSTFIX_LEVELS[case.verifies]}", _ALL_OPTIONS)
        for case in cases
    ]
    return _say(rows, f"{_CONFIGURATION}Groups = {_POSTFIX_GROUPS}\n")


def qmail(cases: Sequence[Case]) -> Mapping[str, bytes]:
    """What a program that sets nothing says in each case."""
    return _say([(case, _DEBIAN_CIPHERS, 0) for case in cases], _CONFIGURATION)


def _say(rows: Sequence[tuple[Case, str, int]], configuration: str) -> Mapping[str, bytes]:
    wheel = unpacked(_WANTED, _CACHE)
    file = wheel.with_suffix(".cnf")
    with locked(file.with_suffix(".lock")):
        file.write_text(configuration)
        done = subprocess.run(  # noqa: S603 - a program of our own
            [sys.executable, _PROGRAM],
            input=json.dumps([_row(*row) for row in rows]),
            env={**os.environ, "PYTHONPATH": str(wheel), "OPENSSL_CONF": str(file)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return {name: bytes.fromhex(record) for name, record in json.loads(done.stdout).items()}


def _row(case: Case, ciphers: str, options: int) -> list[object]:
    name = case.host if case.sni else None
    return [case.name, case.minimum, case.maximum, ciphers, options, name]
