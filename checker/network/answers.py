"""What a DNS answer tells, out of dnspython's."""

import dns.flags
import dns.resolver

from checker.network import DnsAnswer, DnsStatus


def told(answer: dns.resolver.Answer, *, believed: bool) -> DnsAnswer:
    """The answer to a question that was not refused.

    Args:
        answer: As dnspython has it.
        believed: Whether the resolver's AD bit counts.
    """
    if answer.response.flags & dns.flags.TC:
        # Cut off although it came over TCP: what is missing nobody knows (RFC 2181 section 9).
        return DnsAnswer(DnsStatus.SERVER_FAILURE)
    authenticated = believed and bool(answer.response.flags & dns.flags.AD)
    if answer.rrset is None:
        return DnsAnswer(DnsStatus.NO_DATA, authenticated=authenticated)
    return DnsAnswer(
        DnsStatus.ANSWER,
        tuple(answer.rrset),
        authenticated,
        answer.canonical_name.to_text(omit_final_dot=True).lower(),
    )
