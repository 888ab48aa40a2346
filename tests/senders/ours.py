"""What the checker says."""

from contextlib import suppress

from OpenSSL import SSL

from checker.conversation.imitation import begin, make_context
from checker.senders import Profile
from tests.senders.cases import Case
from tests.senders.client_hello import ClientHello, read

_LONGEST_RECORD = 16_389


def say(profile: Profile, case: Case) -> ClientHello | None:
    """Our hello for a sender in a case; none where that sender says none."""
    rules = profile.rules(case.checking)
    if not rules.hello.is_said(case.maximum):
        return None
    connection = SSL.Connection(make_context(rules, case.minimum, case.maximum), None)
    begin(connection, rules, case.host if case.sni else None)
    with suppress(SSL.WantReadError):
        connection.do_handshake()
    return read(connection.bio_read(_LONGEST_RECORD))
