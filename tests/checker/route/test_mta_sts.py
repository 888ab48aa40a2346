"""MTA-STS: the record, the policy file, and the mail servers that it lists."""

from dataclasses import replace

import pytest
from dns.rdataclass import IN
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.TXT import TXT
from hypothesis import given
from hypothesis import strategies as st

from checker.facts import Finding, StsMode, StsPolicy
from checker.network import DnsAnswer, DnsStatus, StsFetchError, UnfetchedError, WebPkiError
from checker.problems import Cause
from checker.route.mta_sts import apply, find_policy, lists, parse_policy
from tests.checker.facts_of import route
from tests.checker.handmade import HandmadeDns, network

POLICY = b"version: STSv1\r\nmode: enforce\r\nmx: *.example.org\r\nmax_age: 86400\r\n"
RECORD = '_mta-sts.example.org TXT "v=STSv1; id=20261122T000000;"'
PARSED = StsPolicy(StsMode.ENFORCE, ("*.example.org",), 86_400)


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        (POLICY, PARSED),
        (POLICY.replace(b"\r\n", b"\n"), PARSED),
        (POLICY.replace(b": ", b":"), PARSED),
        (POLICY + b"\r\nextra: anything: at all\r\n", PARSED),
        (POLICY + b"mode: none\r\n", PARSED),
        (POLICY.replace(b"*.e", b"*.E"), PARSED),
        (
            POLICY + b"mx: mx.example.net\r\n",
            StsPolicy(StsMode.ENFORCE, ("*.example.org", "mx.example.net"), 86_400),
        ),
        (
            b"version: STSv1\nmode: none\nmax_age: 0\n",
            StsPolicy(StsMode.NONE, (), 0),
        ),
        (POLICY.replace(b"enforce", b"testing"), StsPolicy(StsMode.TESTING, PARSED.mx, 86_400)),
    ],
)
def test_a_policy(text: bytes, policy: StsPolicy) -> None:
    assert parse_policy(text) == policy


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (b"", "version"),
        (b"<html>not found</html>", "syntax"),
        (POLICY.replace(b"STSv1", b"STSv2"), "version"),
        (POLICY.replace(b"enforce", b"always"), "mode"),
        (POLICY.replace(b"mode: enforce\r\n", b""), "mode"),
        (POLICY.replace(b"86400", b"-1"), "max-age"),
        (POLICY.replace(b"86400", b"31557601"), "max-age"),
        (POLICY.replace(b"86400", b"9" * 10_000), "max-age"),
        (POLICY.replace(b"86400", "٣".encode()), "max-age"),
        (POLICY.replace(b"max_age: 86400\r\n", b""), "max-age"),
        (POLICY.replace(b"mx: *.example.org\r\n", b""), "mx"),
        (POLICY.replace(b"*.example.org", b"mx.*.org"), "mx"),
        (POLICY.replace(b"*.example.org", b"192.0.2.1 or so"), "mx"),
        (POLICY + b"mx: a.example\r\n" * 200, "mx"),
        (POLICY + b"mx: " + b"a." * 30_000 + b"example\r\n", "mx"),
        (POLICY + b"mx: <script>alert(1)</script>\x1b[31m\xe2\x80\xae\r\n", "mx"),
        (POLICY + b"<script>alert(1)</script>" * 40_000, "syntax"),
        (POLICY.replace(b"enforce", b"\x1b]0;owned\x07"), "mode"),
        (b"\xff\xfe" + POLICY, "syntax"),
        (POLICY.replace(b"mode:", b"mode :"), "syntax"),
        (POLICY.replace(b"mode:", b" mode:"), "syntax"),
        (POLICY.replace(b"mode:", b"note: a\vmode:"), "mode"),
        (POLICY.replace(b"mode:", "note: a\u2028mode:".encode()), "mode"),
    ],
)
def test_a_policy_that_makes_no_sense(text: bytes, cause: str) -> None:
    assert parse_policy(text) == Finding("sts-policy-invalid", {"cause": cause})


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=20).map(lambda end: POLICY + end)))
def test_arbitrary_policies(text: bytes) -> None:
    assert isinstance(parse_policy(text), StsPolicy | Finding)


class _Texts:
    """A resolver that gives any TXT records."""

    def __init__(self, records: list[list[bytes]]) -> None:
        """Take the strings of each record."""
        self._records = tuple(TXT(IN, RdataType.TXT, strings) for strings in records)

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Answer with the records."""
        del name, record_type, checking_disabled
        return DnsAnswer(DnsStatus.ANSWER, self._records)


_STRING = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"v=STSv1;", b" id=1;", b"v=STSv1; id=20261122T000000", b"; id=", b"\xff"]),
)


@given(st.lists(st.lists(_STRING, min_size=1, max_size=4), max_size=3))
async def test_arbitrary_records(records: list[list[bytes]]) -> None:
    outside = replace(network(policies={"example.org": POLICY}), resolver=_Texts(records))
    found = await find_policy("example.org", outside)
    published = [b"".join(strings).startswith(b"v=STSv1") for strings in records]
    if any(published):
        assert isinstance(found, StsPolicy | Finding)
    else:
        assert found is None


@pytest.mark.parametrize(
    ("pattern", "host", "listed"),
    [
        ("mx.example.org", "mx.example.org", "yes"),
        ("mx.example.org.", "mx.example.org", "no"),
        ("*.example.org", "mx.example.org", "yes"),
        ("*.example.org", "example.org", "no"),
        ("*.example.org", "a.mx.example.org", "no"),
        ("mx.example.org", "mx2.example.org", "no"),
        ("example.org", "mx.example.org", "no"),
    ],
)
def test_which_servers_a_policy_lists(pattern: str, host: str, listed: str) -> None:
    assert lists(StsPolicy(StsMode.ENFORCE, (pattern,), 1), host) is (listed == "yes")


@pytest.mark.parametrize(
    ("records", "policy", "found"),
    [
        ([RECORD], POLICY, PARSED),
        ([], POLICY, None),
        (["_mta-sts.example.org TXT v=spf1"], POLICY, None),
        ([RECORD, "_mta-sts.example.org TXT other"], POLICY, PARSED),
        (
            [RECORD, '_mta-sts.example.org TXT "v=STSv1; id=2;"'],
            POLICY,
            Finding("sts-policy-invalid", {"cause": "record", "records": 2}),
        ),
        (
            ['_mta-sts.example.org TXT "v=STSv1; id=<script>alert(1)</script>\\027[31m;"'],
            POLICY,
            Finding("sts-policy-invalid", {"cause": "record", "records": 1}),
        ),
        (
            ['_mta-sts.example.org TXT "v=STSv1;"'],
            POLICY,
            Finding("sts-policy-invalid", {"cause": "record", "records": 1}),
        ),
        (
            ['_mta-sts.example.org TXT "v=STSv1; id=not/allowed;"'],
            POLICY,
            Finding("sts-policy-invalid", {"cause": "record", "records": 1}),
        ),
        (['_mta-sts.example.org TXT "v=STSv1" "; id=1"'], POLICY, PARSED),
        ([RECORD], b"", Finding("sts-policy-invalid", {"cause": "version"})),
        (
            [RECORD],
            StsFetchError("http-404"),
            Finding("sts-policy-fetch-error", {"cause": "http-404"}),
        ),
        (
            [RECORD],
            UnfetchedError(Cause.NO_ROUTE),
            Finding("checker-unreachable", cause=Cause.NO_ROUTE),
        ),
        (
            [RECORD],
            WebPkiError("certificate-expired"),
            Finding("sts-webpki-invalid", {"cause": "certificate-expired"}),
        ),
    ],
)
async def test_finding_a_policy(
    records: list[str], policy: bytes | StsFetchError, found: StsPolicy | Finding | None
) -> None:
    world = network(HandmadeDns(*records), policies={"example.org": policy})
    assert await find_policy("example.org", world) == found


def test_a_server_that_is_not_listed_is_told() -> None:
    other = StsPolicy(StsMode.TESTING, ("mx1.example.org",), 1)
    told = apply(route(servers=2), other)
    assert [[finding.id for finding in one.findings] for one in told.mail_servers] == [
        [],
        ["sts-policy-invalid"],
    ]
    assert told.mail_servers[1].findings[0].evidence["mode"] == "testing"
    assert apply(route(), None) == route()
    none = StsPolicy(StsMode.NONE, (), 1)
    assert apply(route(), none).mail_servers == route().mail_servers
