"""How the checker reaches the world: from options, and from the environment (``CHECKER_…``).

Reading them loads nothing of the network: ``checker.production`` makes a checker of them.
"""

import ipaddress
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

PREFIX = "CHECKER_"

FUNCTION_TIMEOUT = 25.0
"""Seconds for a check over HTTP: gateways cut a request at 30."""

_HIGHEST_PORT = 65_535


class SettingsError(ValueError):
    """A setting cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, each also as an environment variable.

    Attributes:
        resolver: ``HOST[:PORT]`` of the DNS resolver; the system's unless given.
        smtp_port: 25, but in a lab.
        allow_network: Networks (CIDR) that may be connected to besides public addresses.
        ca_file: Further certificate authorities (PEM).
        ehlo_name: What EHLO says; this machine's name unless given.
        canary: Name or IP address of a mail server that answers whenever port 25 is open here;
            without it nobody doubts that it is.
        total_timeout: Seconds that a whole check may take.
    """

    resolver: str | None = None
    smtp_port: int = 25
    allow_network: tuple[str, ...] = ()
    ca_file: Path | None = None
    ehlo_name: str | None = None
    canary: str | None = None
    total_timeout: float = 60.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], **given: object) -> "Settings":
        """Take what is given, and the rest from the environment.

        Args:
            environment: Variables; lists are separated by commas or spaces.
            given: Values that were given otherwise; none where not.

        Raises:
            SettingsError: A variable cannot be read.
        """
        values = {name: value for name, value in given.items() if value not in (None, [], ())}
        for setting in fields(cls):
            variable = PREFIX + setting.name.upper()
            text = environment.get(variable, "").strip()
            if setting.name not in values and text:
                values[setting.name] = _READERS[setting.name](variable, text)
        return cls(**values)  # type: ignore[arg-type]


def split_host_port(text: str | None) -> tuple[str | None, int]:
    """Split ``HOST``, ``HOST:PORT``, ``IPv6`` or ``[IPv6]:PORT``; the port is 53 unless given.

    Raises:
        SettingsError: The port is none.
    """
    if text is None:
        return None, 53
    try:
        return str(ipaddress.ip_address(text.strip("[]"))), 53
    except ValueError:
        pass
    host, colon, port = text.rpartition(":")
    if not colon:
        return text, 53
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= _HIGHEST_PORT or not host:
        raise SettingsError(f"resolver {text!r}: must be HOST or HOST:PORT")
    return host.strip("[]"), int(port)


def _whole_number(variable: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise SettingsError(f"{variable}: must be a whole number, not {text!r}")
    return int(text)


def _seconds(variable: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        raise SettingsError(f"{variable}: must be a number of seconds, not {text!r}")
    return seconds


_READERS = {
    "resolver": lambda _, text: text,
    "smtp_port": _whole_number,
    "allow_network": lambda _, text: tuple(re.split(r"[\s,]+", text)),
    "ca_file": lambda _, text: Path(text),
    "ehlo_name": lambda _, text: text,
    "canary": lambda _, text: text,
    "total_timeout": _seconds,
}
