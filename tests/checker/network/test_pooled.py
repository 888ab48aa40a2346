"""Many questions over few sockets: the same answers, and what is doubtful goes another way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from checker.network import DnsAnswer, DnsStatus
from checker.network.pooled import PooledResolver
from checker.network.resolver import DnspythonResolver
from tests.checker.name_server import Say, name_server

RECORDS = {
    ("example.org.", "MX"): ["example.org. 60 IN MX 10 mx.example.org."],
    ("two.example.org.", "MX"): [
        "two.example.org. 60 IN MX 20 mx2.example.net.",
        "two.example.org. 60 IN MX 10 mx1.two.example.org.",
    ],
    ("MiXed.example.org.", "A"): ["MiXed.example.org. 60 IN A 192.0.2.3"],
    ("odd\\046name.example.org.", "A"): ["odd\\046name.example.org. 60 IN A 192.0.2.4"],
    ("alias.example.org.", "A"): [
        "alias.example.org. 60 IN CNAME mx.example.org.",
        "mx.example.org. 60 IN A 192.0.2.1",
    ],
    ("signed.example.org.", "A"): ["signed.example.org. 60 IN A 192.0.2.2"],
    ("empty.example.org.", "A"): [],
    ("refused.example.org.", "A"): [],
    ("long.example.org.", "TXT"): ["long.example.org. 60 IN TXT over-tcp"],
}


class Zone:
    """A name server, and what it was asked over which transport."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self.asked: list[tuple[str, str]] = []
        self.ids: set[int] = set()

    async def say(self, query: dns.message.Message, transport: str) -> bytes | None:
        """Answer a query."""
        question = query.question[0]
        name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, transport))
        self.ids.add(query.id)
        response = dns.message.make_response(query)
        lines = RECORDS.get((name, kind))
        if lines is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif name.startswith("refused"):
            response.set_rcode(dns.rcode.SERVFAIL)
        if name.startswith("signed"):
            response.flags |= dns.flags.AD
        if name.startswith("long") and transport == "udp":
            response.flags |= dns.flags.TC
            return response.to_wire()
        for line in lines or ():
            owner, ttl, class_, type_, data = line.split(" ", 4)
            response.answer.append(dns.rrset.from_text(owner, int(ttl), class_, type_, data))
        return response.to_wire()


@asynccontextmanager
async def pooled(say: Say) -> AsyncIterator[tuple[PooledResolver, DnspythonResolver]]:
    """A resolver over few sockets, and the one that it leaves the rest to."""
    async with name_server(say) as port:
        patient = DnspythonResolver("127.0.0.1", port)
        assert patient.local == ("127.0.0.1", port)
        quick = PooledResolver(patient, *patient.local)
        yield quick, patient
        quick.close()


@pytest.mark.parametrize(
    ("name", "kind"), [*((n.rstrip("."), k) for n, k in RECORDS), ("none.example.org", "A")]
)
async def test_it_says_what_the_other_one_says(name: str, kind: str) -> None:
    zone = Zone()
    async with pooled(zone.say) as (quick, patient):
        for disabled in (False, True):
            said = await quick.resolve(name, kind, checking_disabled=disabled)
            assert said == await patient.resolve(name, kind, checking_disabled=disabled)


async def test_many_questions_get_their_own_answers() -> None:
    zone = Zone()
    async with pooled(zone.say) as (quick, _):
        wanted = [("alias.example.org", "A"), ("none.example.org", "A"), ("example.org", "MX")]
        said = await asyncio.gather(*(quick.resolve(*wanted[n % 3]) for n in range(300)))
        alone = [await quick.resolve(*one) for one in wanted]
    assert said == [alone[n % 3] for n in range(300)]
    assert len(zone.ids) > 250


async def test_an_answer_to_another_question_is_no_answer() -> None:
    async def say(query: dns.message.Message, _: str) -> bytes:
        other = dns.message.make_query("other.example.", "A", id=query.id)
        response = dns.message.make_response(other)
        response.answer.append(dns.rrset.from_text("other.example.", 60, "IN", "A", "192.0.2.66"))
        return response.to_wire()

    class Patient:
        async def resolve(
            self, name: str, record_type: str, *, checking_disabled: bool = False
        ) -> DnsAnswer:
            del name, record_type, checking_disabled
            return DnsAnswer(DnsStatus.TIMEOUT)

    async with name_server(say) as port:
        quick = PooledResolver(Patient(), "127.0.0.1", port)
        assert await quick.resolve("example.org", "A") == DnsAnswer(DnsStatus.TIMEOUT)
        quick.close()


async def test_where_nobody_listens_the_other_one_finds_that_out() -> None:
    async with name_server(Zone().say) as port:
        pass
    patient = DnspythonResolver("127.0.0.1", port)
    quick = PooledResolver(patient, "127.0.0.1", port)
    assert (await quick.resolve("example.org", "A")).status is DnsStatus.UNREACHABLE
    quick.close()
