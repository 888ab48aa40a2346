"""What ``doctor`` makes of what it has seen: in plain words what works, and what to do.

Pure: nothing here is asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from checker.facts import Port, Validation
from checker.moment import timestamp
from checker.network import Validity
from checker.network.addresses import is_ip_address, is_public


class State(StrEnum):
    """How something is."""

    OK = "ok"
    LIMITED = "limited"
    """Not everything works with it as it is."""
    FAILING = "failing"
    """What every check, or every one of some sender, needs is not there."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is told of one subject.

    Attributes:
        id: The subject.
        state: How it is.
        seen: What was seen.
        to_do: What to do; empty where there is nothing.
    """

    id: str
    state: State
    seen: str
    to_do: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """What an address is called.

    Attributes:
        address: The address.
        names: Those of its PTR records; none where the DNS gave no answer.
        confirmed: Those of them that lead back to it.
    """

    address: str
    names: tuple[str, ...] | None = None
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen here.

    Attributes:
        python: Its version.
        openssl: The version of the library with which the checker speaks TLS; none where it
            cannot be loaded.
        unsaid: Mail servers that cannot be imitated here, and why.
        imitated: Those that can.
        simulated: Those that the known senders have.
        places: Where certificate authorities are looked for.
        has_authorities: Whether any is believed.
        resolver: Why the resolver is of no use; empty where it answers.
        validation: Whether it validates.
        needs_validation: Titles of the senders that use DANE.
        canary: The mail server that answers whenever port 25 is open.
        port: What was learnt of it.
        ehlo_name: What EHLO says.
        named: The addresses from which mail servers are talked to.
        store: Why the store is of no use; empty where it can be written to, none where there is
            none.
        now: What the clock says.
        validity: When the signature of the root zone is valid, as the DNS has it at present.
        synchronized: Whether the system says that something keeps its clock right.
    """

    python: str
    openssl: str | None
    unsaid: Mapping[str, str]
    imitated: Sequence[str]
    simulated: frozenset[str]
    places: Sequence[Path]
    has_authorities: bool
    resolver: str
    validation: Validation
    needs_validation: Sequence[str]
    canary: str | None
    port: Port
    ehlo_name: str
    named: Sequence[Named]
    store: str | None
    now: datetime
    validity: Validity | None
    synchronized: bool | None


def diagnose(seen: Seen) -> list[Finding]:
    """Say of each subject how it is."""
    return [
        Finding("python", State.OK, seen.python),
        _openssl(seen),
        _senders(seen),
        _authorities(seen),
        _resolver(seen),
        _dnssec(seen),
        _port(seen),
        *_names(seen),
        _store(seen),
        _clock(seen),
    ]


def fails(findings: Sequence[Finding]) -> bool:
    """Whether something that is needed is not there."""
    return any(finding.state is State.FAILING for finding in findings)


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """A line for each subject."""
    widest = max(len(finding.id) for finding in findings)
    for one in findings:
        to_do = f" To do: {one.to_do}." if one.to_do else ""
        yield f"{one.state:<8} {one.id:<{widest}}  {one.seen}.{to_do}"


def to_json(findings: Sequence[Finding]) -> dict[str, object]:
    """The same for programs."""
    return {
        "status": "failing" if fails(findings) else "ok",
        "findings": [
            {"id": one.id, "state": str(one.state), "seen": one.seen, "to_do": one.to_do or None}
            for one in findings
        ],
    }


def _openssl(seen: Seen) -> Finding:
    if seen.openssl is None:
        return Finding(
            "openssl",
            State.FAILING,
            "pyOpenSSL and cryptography cannot be loaded",
            "install the program anew, with all that it requires",
        )
    return Finding("openssl", State.OK, seen.openssl)


def _senders(seen: Seen) -> Finding:
    if not seen.unsaid:
        return Finding("senders", State.OK, f"can act as {', '.join(seen.imitated)}")
    reasons = "; ".join(dict.fromkeys(seen.unsaid.values()))
    needed = seen.simulated & seen.unsaid.keys()
    return Finding(
        "senders",
        State.FAILING if needed else State.LIMITED,
        f"cannot act as {', '.join(seen.unsaid)}: {reasons}",
        "install the versions of requirements/checker.txt",
    )


def _authorities(seen: Seen) -> Finding:
    if seen.has_authorities:
        return Finding("authorities", State.OK, "certificate authorities are there")
    return Finding(
        "authorities",
        State.FAILING,
        f"no certificate authority in {', '.join(map(str, seen.places))}",
        "install the package ca-certificates, or name a file with --ca-file (CHECKER_CA_FILE)",
    )


def _resolver(seen: Seen) -> Finding:
    if not seen.resolver:
        return Finding("resolver", State.OK, "the DNS resolver answers")
    return Finding(
        "resolver",
        State.FAILING,
        seen.resolver,
        "name one that answers with --resolver (CHECKER_RESOLVER)",
    )


_VALIDATING = (
    "run a resolver that validates, such as Unbound, on this machine, or name one over a path that"
    " you trust with --resolver (CHECKER_RESOLVER)"
)


def _dnssec(seen: Seen) -> Finding:
    match seen.validation:
        case Validation.VALIDATED:
            return Finding("dnssec", State.OK, "the resolver validates (AD)")
        case Validation.NOT_VALIDATED if seen.needs_validation:
            users = ", ".join(seen.needs_validation)
            what = f"its answers bear no AD that could be believed, which {users} needs for DANE"
            return Finding("dnssec", State.FAILING, what, _VALIDATING)
        case Validation.NOT_VALIDATED:
            what = "its answers bear no AD that could be believed: senders with DANE are not known"
            return Finding("dnssec", State.LIMITED, what, _VALIDATING)
    return Finding(
        "dnssec",
        State.UNKNOWN,
        "the resolver says nothing of the root zone, so nobody can tell whether it validates",
        "name one that answers dig . SOA with --resolver (CHECKER_RESOLVER)",
    )


def _port(seen: Seen) -> Finding:
    if seen.canary is None:
        return Finding(
            "port_25",
            State.UNKNOWN,
            "no canary is named, so nobody can tell whether port 25 is open",
            "name a mail server of yours on another network with --canary (CHECKER_CANARY)",
        )
    if seen.port is Port.OPEN:
        return Finding("port_25", State.OK, f"open: the canary {seen.canary} greets")
    if seen.port is Port.UNKNOWN or (seen.resolver and not is_ip_address(seen.canary)):
        return Finding(
            "port_25",
            State.UNKNOWN,
            f"the canary {seen.canary} could not be asked",
            "mend the resolver, or name the canary by its IP address",
        )
    return Finding(
        "port_25",
        State.FAILING,
        f"closed: the canary {seen.canary} does not greet",
        "ask your provider to open outgoing port 25; if it is open, see whether the canary runs, on"
        " another machine and at a public address",
    )


def _names(seen: Seen) -> Iterator[Finding]:
    public = [one for one in seen.named if is_public(one.address)]
    for one in public:
        yield _name(one, seen.ehlo_name)
    if not public:
        yield Finding(
            "ptr",
            State.UNKNOWN,
            "no address of this machine is public, so nobody here can tell what mail servers see",
            "name the address that they see with --address",
        )


def _name(named: Named, ehlo_name: str) -> Finding:
    address = named.address
    if named.names is None:
        what = f"the DNS gives no answer for the PTR record of {address}"
        return Finding("ptr", State.UNKNOWN, what, "try again later")
    if not named.names:
        return Finding(
            "ptr",
            State.LIMITED,
            f"{address} has no PTR record, and some mail servers refuse such a client",
            f"have your provider set one, and let the name that it holds lead back to {address}",
        )
    if not named.confirmed:
        names = ", ".join(named.names)
        return Finding(
            "ptr",
            State.LIMITED,
            f"{address} is called {names}, which does not lead back to it",
            f"set an address record of {named.names[0]} with {address}",
        )
    if ehlo_name.lower().rstrip(".") in named.confirmed:
        return Finding("ptr", State.OK, f"{address} is called {ehlo_name}, as EHLO says")
    return Finding(
        "ptr",
        State.LIMITED,
        f"{address} is called {', '.join(named.confirmed)}, but EHLO says {ehlo_name}",
        f"set --ehlo-name (CHECKER_EHLO_NAME) to {named.confirmed[0]}",
    )


def _store(seen: Seen) -> Finding:
    if seen.store is None:
        return Finding("store", State.OK, "none is named: each process counts by itself")
    if not seen.store:
        return Finding("store", State.OK, "can be reached and written to")
    return Finding(
        "store",
        State.FAILING,
        f"cannot be used: {seen.store}",
        "start the server that CHECKER_STORE names, or correct its address",
    )


_SET = "set the clock, and let chrony or systemd-timesyncd keep it right"


def _clock(seen: Seen) -> Finding:
    says, validity = timestamp(seen.now), seen.validity
    if validity is None:
        if seen.synchronized:
            return Finding("clock", State.OK, f"says {says}, and the system keeps it right")
        what = f"says {says}, and there is nothing here to compare it with"
        return Finding("clock", State.UNKNOWN, what, f"compare it with another one; {_SET}")
    signed = f"{timestamp(validity.since)} to {timestamp(validity.until)}"
    if not validity.since <= seen.now <= validity.until:
        what = f"wrong: says {says}, but the root zone is signed for {signed}"
        return Finding("clock", State.FAILING, what, _SET)
    what = f"says {says}, within what the root zone is signed for, {signed}"
    if seen.synchronized is False:
        what = f"{what}; the system does not say that anything keeps it right"
        return Finding("clock", State.LIMITED, what, _SET)
    return Finding("clock", State.OK, what)
