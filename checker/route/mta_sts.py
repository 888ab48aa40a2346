"""MTA-STS (RFC 8461): whether a domain has a policy, what it says, and which servers fit it."""

import re
from dataclasses import replace

from dns.rdtypes.ANY.TXT import TXT

from checker.facts import Finding, Route, StsMode, StsPolicy
from checker.network import (
    DnsStatus,
    Network,
    StsFetcher,
    StsFetchError,
    UnfetchedError,
    WebPkiError,
)

MAXIMUM_POLICY = 65_536
"""Bytes of a policy (RFC 8461 section 3.3 suggests 64 kilobytes)."""

_MAXIMUM_PATTERNS = 100
_LONGEST_PATTERN = 255
"""Characters: a wildcard stands for one label of a domain name (RFC 1035, section 2.3.4)."""

_RECORD = re.compile(
    r"v=STSv1\s*;\s*(?:[A-Za-z0-9_.-]+=[^;\s]*\s*;\s*)*id=[A-Za-z0-9]{1,32}\s*(?:;.*)?"
)
_VERSION = re.compile(r"v=STSv1\s*(?:;|$)")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
_LINE_END = re.compile(r"\r?\n")
_PATTERN = re.compile(r"(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.?")
_MAXIMUM_AGE = 31_557_600


async def find_policy(domain: str, network: Network) -> StsPolicy | Finding | None:
    """Look for a domain's policy.

    Args:
        domain: A-labels.
        network: Asks the DNS and fetches the policy.

    Returns:
        The policy; a finding where there should be one that cannot be had or read; or nothing.
    """
    answer = await network.resolver.resolve(f"_mta-sts.{domain}", "TXT")
    if answer.status is not DnsStatus.ANSWER:
        return None
    texts = [
        b"".join(record.strings).decode("utf-8", "replace")
        for record in answer.records
        if isinstance(record, TXT)
    ]
    # Others are left aside (RFC 8461 section 3.1), such as those of a version to come.
    records = [text for text in texts if _VERSION.match(text)]
    if not records:
        return None
    if len(records) > 1 or not _RECORD.fullmatch(records[0]):
        return Finding("sts-policy-invalid", {"cause": "record", "records": len(records)})
    return await _fetch(domain, network.sts_fetcher)


async def _fetch(domain: str, fetcher: StsFetcher) -> StsPolicy | Finding:
    try:
        return parse_policy(await fetcher.fetch(domain))
    except UnfetchedError as error:
        return Finding("checker-unreachable", cause=error.cause)
    except WebPkiError as error:
        return Finding("sts-webpki-invalid", {"cause": str(error)})
    except StsFetchError as error:
        return Finding("sts-policy-fetch-error", {"cause": str(error)})


def parse_policy(text: bytes) -> StsPolicy | Finding:
    """Read a policy file (RFC 8461 section 3.2); a finding says what is wrong with it."""
    fields: dict[str, str] = {}
    patterns: list[str] = []
    for line in _LINE_END.split(text.decode("utf-8", "replace")):
        if not line.strip():
            continue
        key, colon, value = line.partition(":")
        value = value.strip()
        # No blank stands before a key, nor between it and its colon.
        if not colon or not _KEY.fullmatch(key):
            return _invalid("syntax")
        if key == "mx":
            patterns.append(value.lower())
        else:
            # What is said twice counts once, as said first.
            fields.setdefault(key, value)
    mode, age = fields.get("mode", ""), fields.get("max_age", "")
    faults = {
        "version": fields.get("version") != "STSv1",
        "mode": mode not in set(StsMode),
        "max-age": not re.fullmatch(r"[0-9]{1,10}", age) or int(age) > _MAXIMUM_AGE,
        "mx": (
            len(patterns) > _MAXIMUM_PATTERNS
            or any(len(pattern) > _LONGEST_PATTERN for pattern in patterns)
            or not all(map(_PATTERN.fullmatch, patterns))
            or (not patterns and mode != StsMode.NONE)
        ),
    }
    for cause, is_fault in faults.items():
        if is_fault:
            return _invalid(cause)
    return StsPolicy(StsMode(mode), tuple(patterns), int(age))


def lists(policy: StsPolicy, host: str) -> bool:
    """Whether a policy lists a mail server; ``*`` stands for one label (RFC 8461 section 4.1).

    A pattern with a dot at its end lists none: names have none there (section 3.2).
    """
    _, _, parent = host.partition(".")
    return any(pattern in ({host, f"*.{parent}"} if parent else {host}) for pattern in policy.mx)


def apply(route: Route, found: StsPolicy | Finding | None) -> Route:
    """Add to a route what its domain's policy says of it."""
    if found is None:
        return route
    if isinstance(found, Finding):
        return replace(route, findings=(*route.findings, found))
    if found.mode is StsMode.NONE:
        return replace(route, sts_policy=found)
    servers = tuple(
        server
        if lists(found, server.host)
        else replace(server, findings=(*server.findings, _unlisted(found, server.host)))
        for server in route.mail_servers
    )
    return replace(route, mail_servers=servers, sts_policy=found)


def _unlisted(policy: StsPolicy, host: str) -> Finding:
    return Finding(
        "sts-policy-invalid",
        {
            "cause": "mx-not-listed",
            "host": host,
            "mode": str(policy.mode),
            "mx": list(policy.mx[:10]),
        },
    )


def _invalid(cause: str) -> Finding:
    return Finding("sts-policy-invalid", {"cause": cause})
