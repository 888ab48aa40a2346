"""Who wants no checks is left alone, and the visitor is told so."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from dns.rdata import from_text
from dns.rdataclass import IN
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.function.app import create_app
from checker.function.guard.opt_out import read
from checker.function.guard.options import GuardOptions
from checker.function.options import Options
from checker.network import DnsAnswer, DnsStatus
from checker.settings import SettingsError
from tests.examples import examples
from tests.function.fakes import ADDRESS, MailServer, Zone, make_checker

CHECK = "/api/v1/check"
ASKED = {"domain": "example.test"}
LIST = """\
# whom to leave alone
Example.org.
.below.example.net   # all below, but not itself
192.0.2.0/24
2001:db8::1
"""


@dataclass(frozen=True, slots=True)
class WithRecord(Zone):
    """The DNS with a TXT record of one name."""

    name: str
    text: str

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Answer from memory."""
        if (name, record_type) == (self.name, "TXT"):
            return DnsAnswer(DnsStatus.ANSWER, (from_text(IN, RdataType.TXT, self.text),))
        return await Zone.resolve(self, name, record_type, checking_disabled=checking_disabled)


@asynccontextmanager
async def serving(
    server: MailServer, zone: Zone, *entries: str
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a function with these entries on its list."""
    checker = make_checker(server, zone)
    app = create_app(checker, Options(guard=GuardOptions(opt_out=read(entries))))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://function.test") as client:
        yield client
    await checker.close()


@pytest.mark.parametrize(
    "entry", ["example.test", ".test", "mx.example.test", ADDRESS, "127.25.200.0/24"]
)
async def test_who_is_on_the_list_is_left_alone(mail_server: MailServer, entry: str) -> None:
    async with serving(mail_server, Zone(), entry) as client:
        response = await client.post(CHECK, json=ASKED)
    assert response.status_code == 403
    assert response.json()["code"] == "opted-out"
    assert not mail_server.connected.is_set()


@pytest.mark.parametrize("entry", ["x.example.test", "test", "mx2.example.test", "127.25.201.0/24"])
async def test_nobody_else_is(mail_server: MailServer, entry: str) -> None:
    # Nor does a record count that speaks for another host, be it the domain itself.
    zone = WithRecord("_zustellbar.example.test", '"opt-out"')
    async with serving(mail_server, zone, entry) as client:
        assert (await client.post(CHECK, json=ASKED)).json()["outcome"] == "fails"


@pytest.mark.parametrize("text", ['"opt-out"', '"Opt-Out "', '"opt" "-out"'])
async def test_a_record_beside_the_mail_server_counts(mail_server: MailServer, text: str) -> None:
    async with serving(mail_server, WithRecord("_zustellbar.mx.example.test", text)) as client:
        response = await client.post(CHECK, json=ASKED)
    assert (response.status_code, response.json()["code"]) == (403, "opted-out")
    assert not mail_server.connected.is_set()


@pytest.mark.parametrize("every", [False, True])
async def test_a_record_covers_that_host_only(mail_server: MailServer, every: bool) -> None:  # noqa: FBT001 - a table's column
    class WithBackup(WithRecord):
        async def resolve(
            self, name: str, record_type: str, *, checking_disabled: bool = False
        ) -> DnsAnswer:
            if (name, record_type) == ("example.test", "MX"):
                hosts = ("10 mx.example.test.", "20 backup.example.test.")
                records = tuple(from_text(IN, RdataType.MX, host) for host in hosts)
                return DnsAnswer(DnsStatus.ANSWER, records)
            if name == "backup.example.test":
                name = "mx.example.test"
            return await super().resolve(name, record_type, checking_disabled=checking_disabled)

    zone = WithBackup("_zustellbar.backup.example.test", '"opt-out"')
    async with serving(mail_server, zone) as client:
        answer = (await client.post(CHECK, json={**ASKED, "all": every})).json()
    tried = {attempt["host"]: attempt["problems"][0] for attempt in answer["attempts"]}
    assert tried["mx.example.test"]["id"] == "starttls-not-supported"
    assert tried["backup.example.test"] == {
        "id": "checker-unreachable",
        "evidence": {"cause": "opted-out"},
    }
    assert answer["outcome"] == "unknown"


async def test_another_text_there_means_nothing(mail_server: MailServer) -> None:
    zone = WithRecord("_zustellbar.mx.example.test", '"v=spf1 -all"')
    async with serving(mail_server, zone) as client:
        assert (await client.post(CHECK, json=ASKED)).status_code == 200


async def test_the_visitor_is_told_in_every_form(mail_server: MailServer) -> None:
    async with serving(mail_server, Zone(), "mx.example.test") as client:
        page = await client.post(
            CHECK, data={**ASKED, "lang": "en"}, headers={"Accept": "text/html"}
        )
        stream = await client.post(CHECK, data=ASKED, headers={"Accept": "text/event-stream"})
    assert page.headers["location"] == "/en/#error-opted-out"
    assert stream.text.splitlines()[-3] == "event: error"
    assert '"code": "opted-out"' in stream.text


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("example.org", True),
        ("www.example.org", False),
        ("below.example.net", False),
        ("mx.below.example.net", True),
        ("a.mx.below.example.net", True),
        ("notbelow.example.net", False),
        ("192.0.2.1", False),
    ],
)
def test_the_names_of_a_list(name: str, listed: bool) -> None:  # noqa: FBT001 - a table's column
    assert read(LIST.splitlines()).name(name) is listed


def test_the_networks_of_a_list() -> None:
    opt_outs = read(LIST.splitlines())
    listed = {address: opt_outs.address(address) for address in ["192.0.2.7", "2001:db8::1"]}
    assert listed == {"192.0.2.7": True, "2001:db8::1": True}
    assert not opt_outs.address("192.0.3.1")
    assert not opt_outs.address("2001:db8::2")


@given(st.text())
def test_any_file_is_a_list_or_is_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert "" not in read(text.splitlines()).names


@settings(max_examples=examples(50))
@given(st.one_of(st.binary(max_size=60), st.sampled_from([b"opt-out", b" OPT-OUT\n", b"opt-in"])))
async def test_any_record_is_an_opt_out_or_none(content: bytes) -> None:
    text = "".join(f"\\{byte:03}" for byte in content)
    zone = WithRecord("_zustellbar.mx.example.test", f'"{text}"')
    async with serving(MailServer(), zone) as client:
        response = await client.post(CHECK, data=ASKED)
    assert response.status_code == (403 if content.strip().lower() == b"opt-out" else 200)


@pytest.mark.parametrize("content", ["two words", "192.0.2.1/24", None])
def test_a_list_that_cannot_be_used_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "opt-out.txt"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SettingsError, match=r"CHECKER_OPT_OUT: .*opt-out\.txt: "):
        GuardOptions.from_environment({"CHECKER_OPT_OUT": str(file)})
