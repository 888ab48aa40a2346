"""What was seen at an address, and what the sender wanted there -> what came of it. Pure."""

from collections.abc import Callable, Iterable

from checker.certificate import dane
from checker.certificate.faults import describe, find_faults, may_depend_on_name
from checker.certificate.shown import Shown, read
from checker.certificate.tlsa import demand
from checker.conversation.probe import Probe
from checker.delivery.targets import Target
from checker.facts import Attempt, Choice, Connection, Evidence, Finding, Handshake, Seen
from checker.problems import Cause, Stage
from checker.tls_version import VERSIONS

Organizations = Callable[[], Iterable[str]]
"""Tells the organizations whose authorities are trusted."""

_SMALLEST_GROUP = 2_048
"""Bits of a Diffie-Hellman group (RFC 9325 section 4.1)."""


def join(target: Target, seen: Seen, organizations: Organizations) -> Attempt:
    """What came of trying an address.

    Args:
        target: What the sender wanted there.
        seen: What was seen there.
        organizations: Tells the organizations whose authorities are trusted.
    """
    first = seen.first
    handshake = first.handshake or Handshake()
    shown = read(handshake)
    findings = _findings(target, seen, shown, organizations)
    stage = Stage.TLS if findings and findings[0].id == "tls-version" else first.stage
    if handshake.version is not None:
        by_tlsa = dane.compare(target.server.tlsa, shown.chain, target.names)
        known = {finding.id for finding in by_tlsa}
        findings = [*(one for one in findings if one.id not in known), *by_tlsa]
    return Attempt(
        host=target.probe.host,
        address=target.probe.address,
        preference=target.server.preference,
        stage=stage,
        tls_version=handshake.version,
        cipher=handshake.cipher,
        certificate=describe(shown.chain),
        replies=first.replies,
        findings=(*findings, *target.findings),
        dane=demand(target.server.tlsa),
        sts_enforced=target.sts_enforced,
        checked_at=seen.at,
    )


def _findings(
    target: Target, seen: Seen, shown: Shown, organizations: Organizations
) -> list[Finding]:
    first, probe = seen.first, target.probe
    said = [first.finding] if first.finding is not None else []
    if first.handshake is None:
        return said
    version = first.handshake.version
    if version is None:
        why = _why_it_failed(target, seen)
        return said if why is None else [why]
    faults = find_faults(shown, probe.expected, seen.at, organizations)
    findings = [*_injected(first), *said, *faults]
    if VERSIONS[version] < probe.minimum:
        return [_wrong_version(probe, version), *findings]
    if _needs_name(target, seen):
        return [_needs_sni(probe), *findings]
    return [*findings, *_weak_group(seen.choice)]


def _injected(first: Connection) -> list[Finding]:
    """What somebody slipped in before the handshake (RFC 3207 section 6)."""
    if not first.injected:
        return []
    return [Finding("starttls-failed", {"text": first.injected}, Cause.INJECTED)]


def _needs_name(target: Target, seen: Seen) -> bool:
    """Whether all is well as soon as the server is asked for by its name."""
    if seen.second is None or seen.second.handshake is None:
        return False
    named, expected = seen.second.handshake, target.probe.expected
    return named.version is not None and not may_depend_on_name(read(named), expected)


def _why_it_failed(target: Target, seen: Seen) -> Finding | None:
    """What further connections show of a handshake that failed; none where that is nothing."""
    second, choice = seen.second, seen.choice
    if second is not None and second.handshake is not None:
        version = second.handshake.version
        if version is not None:
            return second.finding or _of_another_offer(target.probe, version)
    if choice is not None and choice.version is not None:
        return _of_choice(target.probe, choice, choice.version)
    return None


def _of_another_offer(probe: Probe, version: str) -> Finding:
    newer = VERSIONS[version] > probe.maximum
    return _wrong_version(probe, version) if newer else _needs_sni(probe)


def _of_choice(probe: Probe, choice: Choice, version: str) -> Finding:
    supported = VERSIONS.get(version)
    if supported is None or supported < probe.minimum:
        return _wrong_version(probe, version)
    evidence: Evidence = {"version": version, "cipher": choice.cipher}
    if choice.anonymous:
        return Finding("tls-cipher", evidence, anonymous=True)
    return next(iter(_weak_group(choice)), Finding("tls-cipher", evidence))


def _weak_group(choice: Choice | None) -> list[Finding]:
    if choice is None or choice.group_bits is None or choice.group_bits >= _SMALLEST_GROUP:
        return []
    return [Finding("tls-weak-key", {"key": "DH", "bits": choice.group_bits})]


def _needs_sni(probe: Probe) -> Finding:
    return Finding("certificate-needs-sni", {"server_name": probe.host})


def _wrong_version(probe: Probe, supported: str) -> Finding:
    """The server speaks no version that the sender's server speaks."""
    version = VERSIONS.get(supported)
    offered = [name for name, known in VERSIONS.items() if probe.minimum <= known <= probe.maximum]
    newer = version is not None and version > probe.maximum
    cause = Cause.TOO_NEW if newer else Cause.TOO_OLD
    return Finding("tls-version", {"offered": offered, "supported": [supported]}, cause)
