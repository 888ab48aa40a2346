"""How strictly the function is guarded; each part also an environment variable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checker.function.guard.client import Networks, read_networks
from checker.function.guard.opt_out import OptOuts, read_file
from checker.function.interface import (
    ADDRESS_LIMIT,
    CLIENT_AT_ONCE,
    CLIENT_LIMIT,
    DOMAIN_LIMIT,
    RESULT_LIFETIME,
    Rate,
)
from checker.settings import PREFIX, SettingsError

_RATE = re.compile(r"([1-9][0-9]{0,8})\s*/\s*([1-9][0-9]{0,8})?\s*(second|minute|hour)s?")
_SECONDS = {"second": 1, "minute": 60, "hour": 3_600}
_COUNT = re.compile(r"[1-9][0-9]{0,8}")
OFF = "off"


@dataclass(frozen=True, slots=True)
class GuardOptions:
    """The limits; none where one is off.

    Attributes:
        trusted_proxies: Networks (CIDR) of the proxies whose X-Forwarded-For is believed.
        at_once: Checks that run at the same time in this process.
        client_limit: Checks by one client (IPv4 address, IPv6 /64).
        client_at_once: Checks by one client that run at the same time in this process.
        client_connections: Connections of one client that are open at the same time.
        result_lifetime: Seconds for which the result at one address counts.
        domain_limit: Checks of one domain; beyond, the last answer is given again.
        address_limit: Looks at one mail server's address; beyond, the last result is used.
        opt_out: Whom to leave alone.
        store: Address of a Valkey or Redis server where all copies of the function count and keep
            results; this process's memory unless given.
    """

    trusted_proxies: Networks = ()
    at_once: int | None = 1_000
    client_limit: Rate | None = CLIENT_LIMIT
    client_at_once: int | None = CLIENT_AT_ONCE
    client_connections: int | None = 100
    result_lifetime: int = RESULT_LIFETIME
    domain_limit: Rate | None = DOMAIN_LIMIT
    address_limit: Rate | None = ADDRESS_LIMIT
    opt_out: OptOuts = field(default_factory=OptOuts)
    # It may hold a password.
    store: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "GuardOptions":
        """Read CHECKER_TRUSTED_PROXIES, CHECKER_CLIENT_LIMIT and so on.

        Raises:
            SettingsError: A variable cannot be read.
        """
        values = {}
        for name, read in _READERS.items():
            variable = PREFIX + name.upper()
            if text := environment.get(variable, "").strip():
                values[name] = read(variable, text)
        return cls(**values)  # type: ignore[arg-type]


def _networks(variable: str, text: str) -> Networks:
    try:
        return read_networks(re.split(r"[\s,]+", text))
    except ValueError as error:
        raise SettingsError(f"{variable}: {error}") from error


def _rate(variable: str, text: str) -> Rate | None:
    if text == OFF:
        return None
    match = _RATE.fullmatch(text)
    if match is None:
        raise SettingsError(f'{variable}: must be like "60/10 minutes" or "off", not {text!r}')
    return Rate(int(match[1]), int(match[2] or 1) * _SECONDS[match[3]])


def _count(variable: str, text: str) -> int | None:
    if text == OFF:
        return None
    if not _COUNT.fullmatch(text):
        raise SettingsError(f'{variable}: must be a whole number or "off", not {text!r}')
    return int(text)


def _seconds(variable: str, text: str) -> int:
    return 0 if text == OFF else _count(variable, text) or 0


def _opt_outs(variable: str, text: str) -> OptOuts:
    try:
        return read_file(Path(text))
    except ValueError as error:
        raise SettingsError(f"{variable}: {text}: {error}") from error


def _address(_variable: str, text: str) -> str | None:
    return None if text == OFF else text


_READERS = {
    "trusted_proxies": _networks,
    "at_once": _count,
    "client_limit": _rate,
    "client_at_once": _count,
    "client_connections": _count,
    "result_lifetime": _seconds,
    "domain_limit": _rate,
    "address_limit": _rate,
    "opt_out": _opt_outs,
    "store": _address,
}
