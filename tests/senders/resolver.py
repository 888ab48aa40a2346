"""A resolver that knows the receivers' addresses and TLSA records, and says that it validates."""

import socketserver

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset

from tests.senders.cases import TLSA
from tests.senders.listening import Listening

ADDRESS, _PORT = "127.0.0.1", 53

_TTL = 300
_ROOT = "."
"""Postfix asks for its name servers, to learn whether anybody validates (dnssec_probe)."""


class Resolver(Listening):
    """Listens at the port of name servers, which it must have to itself."""

    def __init__(self) -> None:
        """Take the port."""

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                data, socket = self.request
                question = dns.message.from_wire(data)
                socket.sendto(_answer(question).to_wire(), self.client_address)

        super().__init__(socketserver.ThreadingUDPServer((ADDRESS, _PORT), Handler))


def _answer(question: dns.message.Message) -> dns.message.Message:
    answer = dns.message.make_response(question, recursion_available=True)
    answer.flags |= dns.flags.AD
    asked = question.question[0]
    name, kind = asked.name.to_text(), dns.rdatatype.to_text(asked.rdtype)
    if content := _content(name, kind):
        answer.answer.append(dns.rrset.from_text(asked.name, _TTL, "IN", kind, content))
    return answer


def _content(name: str, kind: str) -> str | None:
    match kind:
        case "NS" if name == _ROOT:
            return "ns.receiver.test."
        case "A":
            return "127.0.0.1"
        case "TLSA":
            # Behind port and protocol.
            if record := TLSA.get(name.split(".")[2]):
                parameters = f"{record.usage} {record.selector} {record.matching_type}"
                return f"{parameters} {record.data}"
    return None
