"""Whether the resolver validates with DNSSEC, as DANE needs (RFC 7672 section 2.2)."""

from checker.facts import Validation
from checker.network import DnsStatus, Resolver

_ROOT = "."


async def find_validation(resolver: Resolver, domain: str = _ROOT) -> Validation:
    """See whether answers come with the AD bit (RFC 4035 section 3.2.3), as they do for the root.

    Args:
        resolver: The one that is asked.
        domain: Where nothing is to be learnt of the root, its top-level domain is asked for.

    Returns:
        Unknown where the resolver answers neither.
    """
    for name in dict.fromkeys((_ROOT, domain.rpartition(".")[2] or _ROOT)):
        answer = await resolver.resolve(name, "SOA")
        if answer.status is DnsStatus.ANSWER:
            return Validation.VALIDATED if answer.authenticated else Validation.NOT_VALIDATED
    return Validation.UNKNOWN
