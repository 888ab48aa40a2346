"""Whatever is pasted, reading ends soon and never raises."""

import base64
import gzip
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.bounce import MAXIMUM_INPUT, engine, read, tls_report, to_json
from checker.bounce.compressed import uncompressed
from checker.bounce.report import MAXIMUM_RECIPIENTS
from checker.problems import PROBLEMS
from tests.bounce.reports import CASES
from tests.examples import examples

SIZE = 10_000_000


def _nested() -> str:
    return "Content-Type: multipart/mixed; boundary=b0\n" + "".join(
        f"\n--b{i}\nContent-Type: multipart/mixed; boundary=b{i + 1}\n" for i in range(10_000)
    )


PASTES: dict[str, Callable[[], str | bytes]] = {
    "one line": lambda: "a" * SIZE,
    "short lines": lambda: "x\n" * 1_000_000,
    "nested parts": _nested,
    "long To": lambda: "To: " + ", ".join(f"u{i}@example.org" for i in range(400_000)),
    "boundaries": lambda: "--b\nContent-Type: multipart/mixed; boundary=c\n\n" * 200_000,
    "words": lambda: "TLS " * (SIZE // 4),
    "certificate": lambda: "certificate does not matc " * (SIZE // 26),
    "addresses": lambda: "a@b.test " * (SIZE // 9),
    "recipients": lambda: "".join(f"<u{i}@b.test>: x\n" for i in range(200_000)),
    "fields": lambda: "Final-Recipient: rfc822; a@b.test\nDiagnostic-Code: smtp; x\n\n" * 150_000,
    "folds": lambda: "Diagnostic-Code: smtp; 550\n" + " x\n" * 1_000_000,
    "tags": lambda: "<html>" + "<br" * (SIZE // 3),
    "semicolons": lambda: "Content-Type: " + ";" * SIZE,
    "spaces": lambda: "Content-Type: x; boundary" + " " * SIZE,
    "led": lambda: "[Message={LED=" * (SIZE // 14),
    "compressed": lambda: gzip.compress(b'{"policies": [' + b"{}," * SIZE),
    "brackets": lambda: '{"policies": ' + "[" * SIZE,
    "policies": lambda: '{"policies": [' + '{"policy": {"policy-domain": "a.test"}},' * 200_000,
    "domains": lambda: (
        '{"policies": ['
        + ",".join(
            f'{{"policy": {{"policy-domain": "d{i}.test"}}, "failure-details": [{{"result-type":'
            f' "validation-failure", "failure-reason-code": "{i} {"reason " * 40}"}}]}}'
            for i in range(5_000)
        )
    ),
    "failures": lambda: (
        '{"policies": [{"policy": {"policy-domain": "a.test"}, "failure-details": ['
        + ",".join(
            f'{{"result-type": "validation-failure", "failure-reason-code": "{i}{" reason" * 40}"}}'
            for i in range(5_000)
        )
    ),
    "quotes": lambda: '{"policies": "' + '\\"' * (SIZE // 2),
    "transcript": lambda: (
        "".join(f">>> RCPT TO:<u{i}@b.test>\n<<< 550 x\n" for i in range(9_000))
        + "".join(f"<u{i}@b.test>\n" for i in range(2_000))
    ),
    "long diagnoses": lambda: "".join(
        f"Final-Recipient: rfc822; u{i}@b.test\nDiagnostic-Code: smtp; {i} "
        + "certificate tls " * 500
        + "\n\n"
        for i in range(250)
    ),
    "one recipient many times": lambda: "".join(
        f"<a@b.test>: tls {i}\n<c@d.test>: certificate {i}\n" for i in range(100_000)
    ),
    "quote marks": lambda: ">" * SIZE,
    "base64": lambda: (
        "From: a\nContent-Transfer-Encoding: base64\n\n"
        + "VExTIGZhaWxlZCBjZXJ0aWZpY2F0ZQo=" * 99_999
    ),
    "unfolded headers": lambda: "Received: from a (b\n(c\n" * (SIZE // 22),
    "settings": lambda: "tls=ssl, " * (SIZE // 9),
    "values": lambda: "tls=$" * (SIZE // 5),
    "session": lambda: "(using TLSv1 with cipher a (1/1 bits) key-exchange a " * (SIZE // 52),
    "swaks": lambda: "=== TLS a " * (SIZE // 10),
    "signatures": lambda: "S/MIME must not " * (SIZE // 16),
    "octets": lambda: bytes(range(256)) * (SIZE // 256),
}


@pytest.mark.measures
@pytest.mark.parametrize("paste", PASTES.values(), ids=PASTES.keys())
def test_bounded_work(paste: Callable[[], str | bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    search = engine._search  # noqa: SLF001 - what the rules look at is what is measured

    def counting(text: str) -> object:
        nonlocal seen
        seen += len(text)
        return search(text)

    engine._matches.cache_clear()  # noqa: SLF001
    monkeypatch.setattr(engine, "_search", counting)
    reports = read(paste())
    assert 1 <= len(reports) <= MAXIMUM_RECIPIENTS
    assert all(report.problems[0].id in PROBLEMS for report in reports)
    # Small beside ten million characters; the rules take some microseconds for each.
    assert seen <= 500_000


@pytest.mark.measures
def test_many_compressed_files_hold_no_more_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    held = []

    def counting(octets: bytes, limit: int) -> bytes:
        held.append(len(content := uncompressed(octets, limit)))
        return content

    monkeypatch.setattr(tls_report, "uncompressed", counting)
    packed = base64.encodebytes(gzip.compress(b'{"policies": [' + b"{}," * 300_000 + b"{}]}"))
    part = "--b\nContent-Type: application/tlsrpt+gzip\nContent-Transfer-Encoding: base64\n\n"
    mail = "Content-Type: multipart/report; boundary=b\n\n" + (part + packed.decode()) * 50
    assert [report.problems[0].id for report in read(mail)] == ["cause-not-stated"]
    assert len(held) > 1
    assert sum(held) <= MAXIMUM_INPUT


FRAGMENTS = st.sampled_from(
    [
        *(case.text for case in CASES),
        *("--b1", "Content-Type: text/plain", "=\n", "\x1b$B", "Received: ", ">>> RCPT TO:<a@b.c>"),
        *("<<< 550 x", "Final-Recipient: rfc822; ", "[Message=", "{LED=", "\ud800", "\0", "\n"),
    ]
)


@given(st.one_of(st.text(), st.binary(), st.lists(st.one_of(FRAGMENTS, st.text())).map("\n".join)))
def test_never_raises(report: str | bytes) -> None:
    _read_soundly(report)


def _read_soundly(report: str | bytes) -> None:
    answer = read(report)
    for recipient in answer:
        assert recipient.problems
        for problem in recipient.problems:
            assert problem.id in PROBLEMS
            assert all(len(str(value)) <= 300 for value in problem.evidence.values())
    to_json(answer)


KEYS = (
    *("policy", "policy-type", "policy-domain", "mx-host", "summary", "failure-details"),
    *("total-successful-session-count", "total-failure-session-count", "failed-session-count"),
    *("result-type", "failure-reason-code", "receiving-mx-hostname"),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.sampled_from(KEYS), inner)),
    max_leaves=10,
)


@settings(max_examples=examples(50))
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES)))
def test_whatever_a_report_of_sessions_holds(policies: object) -> None:
    _read_soundly(json.dumps({"policies": policies}))


@given(st.sampled_from(CASES), st.integers(0, 3000))
def test_a_cut_report_is_read_as_well(case: object, end: int) -> None:
    read(getattr(case, "text")[:end].encode()[: end - 1])  # noqa: B009
