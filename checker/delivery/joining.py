"""What was seen at an address, and what the sender wanted there -> what came of it. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from checker.certificate import dane
from checker.certificate.faults import Sender, describe, find_faults, may_depend_on_name
from checker.certificate.shown import Shown, read
from checker.certificate.tlsa import demand
from checker.conversation.probe import Probe
from checker.conversation.refusals import Refusal, encrypts_to_key, is_anonymous, refusal
from checker.delivery.hearing import heard
from checker.delivery.targets import Target, untried
from checker.facts import (
    Attempt,
    Choice,
    Connection,
    Dane,
    Evidence,
    Failure,
    Finding,
    Handshake,
    Seen,
    our_fault,
)
from checker.faults import note
from checker.operators import DANE_LEVELS, Operator
from checker.problems import Cause, Stage
from checker.senders import Server
from checker.tls_version import VERSIONS, TlsVersion

Organizations = Callable[[], Iterable[str]]
"""Tells the organizations whose authorities are trusted."""

_SMALLEST_GROUP = 2_048
"""Bits of a Diffie-Hellman group (RFC 9325 section 4.1)."""


def join(operator: Operator, target: Target, seen: Seen, organizations: Organizations) -> Attempt:
    """What came of trying an address.

    Args:
        operator: Whose server sends.
        target: What it wanted there.
        seen: What was seen there.
        organizations: Tells the organizations whose authorities are trusted.
    """
    try:
        return _join(operator, target, seen, organizations)
    except Exception as error:  # noqa: BLE001 - a stranger's certificate is all that varies here
        note("what was seen at an address could not be read", error)
        return _unread(target, seen)


def _unread(target: Target, seen: Seen) -> Attempt:
    """What came of trying an address where what was seen is too much for us."""
    handshake = seen.first.handshake or Handshake()
    # A certificate that nobody has compared with a TLSA record neither fits nor differs.
    is_unreadable = handshake.chain and demand(target.server.tlsa) is not Dane.USABLE
    invalid = Finding("certificate-invalid", {"cause": "unreadable"})
    finding = invalid if is_unreadable else our_fault()
    return replace(
        untried(target, seen.first.stage, (finding,), seen.at),
        tls_version=handshake.version,
        cipher=handshake.cipher,
        replies=seen.first.replies,
    )


def _join(operator: Operator, target: Target, seen: Seen, organizations: Organizations) -> Attempt:
    server = operator.delivery.server
    first = heard(server, seen.first, target.probe.host, best=target.best)
    seen = replace(seen, first=first)
    handshake = first.handshake or Handshake()
    shown = read(handshake)
    findings = _findings(operator, target, seen, shown, organizations)
    # Some libraries refuse only what they see after the hello.
    refused = handshake.version is not None and _refused(target.probe, handshake) is not None
    stage = Stage.TLS if refused else first.stage
    if handshake.version is not None:
        heeds = operator.tls.level in DANE_LEVELS
        compared = dane.compare(target.server.tlsa, shown, target.names, seen.at)
        # What lies below a trust anchor counts for nobody who looks for another one.
        by_tlsa = [finding for finding in compared if heeds or not finding.under_tlsa]
        known = {finding.id for finding in by_tlsa}
        findings = [*(one for one in findings if one.id not in known), *by_tlsa]
    return Attempt(
        host=target.probe.host,
        address=target.probe.address,
        preference=target.server.preference,
        stage=stage,
        tls_version=handshake.version,
        cipher=handshake.cipher,
        certificate=describe(shown),
        replies=first.replies,
        findings=(*findings, *target.findings),
        dane=demand(target.server.tlsa),
        sts_enforced=target.sts_enforced,
        checked_at=seen.at,
    )


def _findings(
    operator: Operator, target: Target, seen: Seen, shown: Shown, organizations: Organizations
) -> list[Finding]:
    first, probe = seen.first, target.probe
    said = [first.finding] if first.finding is not None else []
    if first.handshake is None:
        return said

    def faults(certificates: Shown, chosen: Handshake) -> tuple[Finding, ...]:
        sender = Sender(
            probe.rules,
            is_gnutls=operator.delivery.server is Server.EXIM,
            encrypts_to_key=encrypts_to_key(chosen),
            reads_all=VERSIONS.get(chosen.version or "", TlsVersion.TLS_1_3) < TlsVersion.TLS_1_3,
        )
        return find_faults(certificates, probe.expected, seen.at, organizations, sender)

    if first.handshake.version is None:
        widened = seen.widened.handshake if seen.widened is not None else None
        why = _why_it_failed(probe, seen)
        # What else is wrong shows only where everything was offered.
        others = faults(read(widened), widened) if widened is not None and widened.version else ()
        return [*(said if why is None else [why]), *others]
    if is_anonymous(first.handshake):
        # The sender's own hello has let the server go without a certificate.
        evidence: Evidence = {
            "version": first.handshake.version,
            "cipher": first.handshake.cipher,
        }
        return [*_injected(first), *said, Finding("tls-cipher", evidence, anonymous=True)]
    findings = [*_injected(first), *said, *faults(shown, first.handshake)]
    if refused := _refused(probe, first.handshake):
        return [refused, *findings]
    if seen.named is not None and _is_better(probe, seen.named):
        return [_needs_sni(probe), *findings]
    return [*findings, *_weak_group(first.handshake.group_bits)]


def _injected(first: Connection) -> list[Finding]:
    """What somebody slipped in before the handshake (RFC 3207 section 6)."""
    if not first.injected:
        return []
    return [Finding("starttls-failed", {"text": first.injected}, Cause.INJECTED)]


def _is_better(probe: Probe, named: Connection) -> bool:
    """Whether all is well as soon as the server is asked for by its name."""
    shown = named.handshake
    return (
        shown is not None
        and shown.version is not None
        and not may_depend_on_name(read(shown), probe.expected)
    )


def _refused(probe: Probe, handshake: Handshake) -> Finding | None:
    """What the sender's library refuses of a handshake that was completed."""
    if handshake.stray and probe.server is Server.EXIM:
        return Finding("tls-handshake-failed", {"cause": handshake.stray})
    match refusal(probe.rules, probe.minimum, probe.maximum, handshake):
        case Refusal.VERSION:
            return _wrong_version(probe, handshake.version or "")
        case Refusal.CIPHER:
            evidence: Evidence = {"version": handshake.version, "cipher": handshake.cipher}
            return Finding("tls-cipher", evidence)
        case Refusal.GROUP:
            return Finding("tls-weak-key", {"key": "DH", "bits": handshake.group_bits})
    return None


def _why_it_failed(probe: Probe, seen: Seen) -> Finding | None:
    """What further connections show of a handshake that failed; none where that is nothing."""
    named, widened, choice = seen.named, seen.widened, seen.choice
    if named is not None and named.handshake is not None and named.handshake.version is not None:
        return named.finding or _needs_sni(probe)
    if widened is not None and widened.handshake is not None:
        if refused := _refused(probe, widened.handshake):
            return refused
        if widened.handshake.version is not None:
            return widened.finding or _without_renegotiation(seen.first)
    if choice is not None and choice.version is not None:
        found = _of_choice(probe, choice, choice.version)
        if found is None and not probe.sni and _is_left(seen.first):
            return _needs_sni(probe)
        return found
    return None


def _is_left(first: Connection) -> bool:
    """Whether the server gave up, and not the library, which has heard its answer."""
    return first.handshake is not None and first.handshake.failure is not Failure.LOCAL


def _without_renegotiation(first: Connection) -> Finding | None:
    """A server that knows nothing of secure renegotiation (RFC 5746)."""
    if first.handshake is None or "legacy renegotiation" not in first.handshake.reason:
        return None
    evidence: Evidence = {"cause": "no-secure-renegotiation", "reason": first.handshake.reason}
    return Finding("tls-handshake-failed", evidence)


def _of_choice(probe: Probe, choice: Choice, version: str) -> Finding | None:
    supported = VERSIONS.get(version)
    if supported is None or not probe.minimum <= supported:
        return _wrong_version(probe, version)
    evidence: Evidence = {"version": version, "cipher": choice.cipher}
    if choice.anonymous:
        return Finding("tls-cipher", evidence, anonymous=True)
    if weak := _weak_group(choice.group_bits):
        return weak[0]
    if choice.cipher is not None and not choice.cipher.startswith("0x"):
        return Finding("tls-cipher", evidence)
    return None


def _weak_group(bits: int | None) -> list[Finding]:
    if bits is None or bits >= _SMALLEST_GROUP:
        return []
    return [Finding("tls-weak-key", {"key": "DH", "bits": bits})]


def _needs_sni(probe: Probe) -> Finding:
    return Finding("certificate-needs-sni", {"server_name": probe.host})


def _wrong_version(probe: Probe, supported: str) -> Finding:
    """The server speaks no version that the sender's server speaks."""
    version = VERSIONS.get(supported)
    oldest = max(probe.minimum, probe.rules.hello.oldest)
    offered = [name for name, known in VERSIONS.items() if oldest <= known <= probe.maximum]
    newer = version is not None and version > probe.maximum
    cause = Cause.TOO_NEW if newer else Cause.TOO_OLD
    return Finding("tls-version", {"offered": offered, "supported": [supported]}, cause)
