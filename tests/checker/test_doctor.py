"""``doctor`` looks at this machine, and at the world that is handed in."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from dns.resolver import NoResolverConfiguration

from checker.__main__ import main
from checker.canary import Canary
from checker.commands.examining import Examination
from checker.conversation.trust import Trust
from checker.facts import Port, Validation
from checker.network import DnsStatus, Validity
from checker.senders import PROFILES
from tests.checker.handmade import HandmadeDns, ScriptedStream, network
from tests.lab import Lab

ADDRESS = "203.0.114.1"
REVERSE = "1.114.0.203.in-addr.arpa"
ROOT = ". SOA a.example. b.example. 1 7200 3600 1209600 3600"


class Dns(HandmadeDns):
    """One that has no signatures to show."""

    async def validity(self, name: str, record_type: str) -> Validity | None:
        """None."""
        self.asked.append(f"{name} {record_type} RRSIG")
        return None


def examination(
    resolver: Dns, addresses: Sequence[str] = (), store: str | None = None
) -> Examination:
    """A look at a world with this resolver."""
    outside = network(resolver, {"192.0.2.9": lambda: ScriptedStream(b"220 hello\r\n")})
    canary = Canary("192.0.2.9", outside)
    return Examination(
        network=outside,
        resolver=resolver,
        trust=Trust([], []),
        canary=canary,
        addresses=addresses,
        store=store,
    )


@pytest.mark.parametrize(
    ("records", "names", "confirmed"),
    [
        ([], (), ()),
        ([f"{REVERSE} PTR Mail.Example.org."], ("mail.example.org",), ()),
        (
            [f"{REVERSE} PTR Mail.Example.org.", f"mail.example.org A {ADDRESS}"],
            ("mail.example.org",),
            ("mail.example.org",),
        ),
        (
            [
                f"{REVERSE} PTR a.example.",
                f"{REVERSE} PTR b.example.",
                "a.example A 203.0.114.2",
                f"b.example A {ADDRESS}",
            ],
            ("a.example", "b.example"),
            ("b.example",),
        ),
    ],
)
async def test_a_name_counts_where_it_leads_back(
    records: list[str], names: tuple[str, ...], confirmed: tuple[str, ...]
) -> None:
    (named,) = (await examination(Dns(*records), addresses=[ADDRESS]).look()).named
    assert (named.names, named.confirmed) == (names, confirmed)


async def test_ipv6_is_asked_for_by_its_own_records() -> None:
    address = "2606:4700::1"
    reverse = "1." + "0." * 23 + "0.0.7.4.6.0.6.2.ip6.arpa"
    seen = await examination(
        Dns(f"{reverse} PTR mail.example.org.", "mail.example.org AAAA 2606:4700:0::1"),
        addresses=[address],
    ).look()
    assert seen.named[0].confirmed == ("mail.example.org",)


async def test_a_dns_that_fails_says_nothing_of_a_name() -> None:
    resolver = Dns(failures={f"{REVERSE} PTR": DnsStatus.SERVER_FAILURE})
    seen = await examination(resolver, addresses=[ADDRESS, "10.0.0.1"]).look()
    assert [one.names for one in seen.named] == [None, None]
    # Of an address of one's own network the DNS of the internet knows nothing.
    assert "1.0.0.10.in-addr.arpa PTR" not in resolver.asked


@pytest.mark.parametrize(
    ("resolver", "silent", "validation"),
    [
        (Dns(ROOT, signed=True), False, Validation.VALIDATED),
        (Dns(ROOT), False, Validation.NOT_VALIDATED),
        (Dns(), False, Validation.UNKNOWN),
        (Dns(failures={". NS": DnsStatus.SERVER_FAILURE}), False, Validation.UNKNOWN),
        (Dns(failures={". NS": DnsStatus.UNREACHABLE}), True, Validation.UNKNOWN),
        (Dns(failures={". NS": DnsStatus.TIMEOUT}), True, Validation.UNKNOWN),
    ],
)
async def test_any_answer_shows_that_there_is_a_resolver(
    resolver: Dns, *, silent: bool, validation: Validation
) -> None:
    seen = await examination(resolver).look()
    assert (bool(seen.resolver), seen.validation) == (silent, validation)


async def test_this_machine_itself() -> None:
    seen = await examination(Dns()).look()
    assert seen.port is Port.OPEN
    assert seen.openssl
    assert seen.openssl.startswith("OpenSSL ")
    assert (seen.unsaid, len(seen.imitated)) == ({}, len(PROFILES))
    assert seen.simulated <= set(seen.imitated)
    assert not seen.has_authorities
    assert seen.store is None


@pytest.mark.parametrize("store", ["redis://127.0.0.1:1", "nonsense", "redis://a:b:c"])
async def test_a_store_that_is_of_no_use_says_why(store: str) -> None:
    assert (await examination(Dns(), store=store).look()).store


@dataclass(frozen=True, slots=True)
class Told:
    """What the command says."""

    status: int
    err: str
    states: dict[str, str]


Doctor = Callable[..., Told]


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """Runs the command in this process."""
    for name in [name for name in os.environ if name.startswith("CHECKER_")]:
        monkeypatch.delenv(name)

    def run(*arguments: str, **variables: str) -> Told:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        status = main(["doctor", "--json", *arguments])
        captured = capsys.readouterr()
        read = json.loads(captured.out)
        assert read["status"] == ("failing" if status else "ok")
        return Told(status, captured.err, {one["id"]: one["state"] for one in read["findings"]})

    return run


@pytest.mark.parametrize(
    ("canary", "status", "port"),
    [("mx.healthy.test", 0, "ok"), ("mx.connection-refused.test", 69, "failing")],
)
def test_the_command_in_the_lab(
    doctor: Doctor, lab: Lab, canary: str, status: int, port: str
) -> None:
    networks = [text for network in lab.allow_network for text in ("--allow-network", network)]
    world = ["--resolver", lab.resolver, "--smtp-port", str(lab.smtp_port), *networks]
    told = doctor(*world, "--ca-file", str(lab.ca_file), "--canary", canary, "--address", ADDRESS)
    assert (told.status, told.err) == (status, "")
    assert told.states.pop("clock") in {"ok", "unknown"}
    assert told.states == {
        "python": "ok",
        "openssl": "ok",
        "senders": "ok",
        "authorities": "ok",
        "resolver": "ok",
        # The lab's resolver knows nothing of the root, nor of the internet's addresses.
        "dnssec": "unknown",
        "port_25": port,
        "ptr": "unknown",
        "store": "ok",
    }


def test_a_machine_without_a_resolver_and_a_store(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dns.resolver.BaseResolver.read_resolv_conf", _nothing_configured)
    told = doctor("--canary", "mx.example.net", CHECKER_STORE="redis://127.0.0.1:1")
    assert (told.status, told.err) == (69, "")
    assert (told.states["resolver"], told.states["store"]) == ("failing", "failing")
    assert (told.states["port_25"], told.states["dnssec"]) == ("unknown", "unknown")


def _nothing_configured(*_: object) -> None:
    raise NoResolverConfiguration


@pytest.mark.parametrize(
    "arguments", [["--address", "mail.example.org"], ["--canary", "two words"], ["here"]]
)
def test_what_makes_no_sense_is_bad_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status: object = main(["doctor", *arguments])
    except SystemExit as end:
        status = end.code
    captured = capsys.readouterr()
    assert (status, captured.out) == (64, "")
    assert arguments[-1] in captured.err
