"""The benchmark's table and its reading of what tools print, on canned measurements."""

import sys

import pytest

from scripts.benchmarks import site
from scripts.benchmarks.cases import Fault
from scripts.benchmarks.measure import Run, Runner
from scripts.benchmarks.paste import sizes
from scripts.benchmarks.peers import CHECKER, PEERS, Tool
from scripts.benchmarks.table import Cell, Row, markdown, seconds, targets

INSIDE = Row("inside", None, {Fault.NONE: Cell(0.01, 0.005, 1, right=True)})
OWN = Row("checker", 0.2, {Fault.NONE: Cell(0.25, 0.2, 2, right=True)})
PEER = Row("peer", 1.5, {Fault.NONE: Cell(2, 1.5, 1, right=True)})
WRONG = Row("wrong", None, {Fault.NONE: Cell(60, 3, 0, right=False, timed_out=True)})


def test_table() -> None:
    assert markdown([INSIDE, OWN, PEER, WRONG]).splitlines() == [
        "| tool | healthy | right | process start | time, times inside |",
        "| --- | --- | --- | --- | --- |",
        "| inside | right, 10 ms, 5 ms, 1 | 1 of 1 | - | 1 |",
        "| checker | right, 250 ms, 200 ms, 2 | 1 of 1 | 200 ms | 25 |",
        "| peer | right, 2.0 s, 1.5 s, 1 | 1 of 1 | 1.5 s | 200 |",
        "| wrong | **wrong**, > 60.0 s, 3.0 s, 0 | 0 of 1 | - | 6e+03 |",
    ]


def test_targets_name_who_does_better() -> None:
    right, connections, faster, quicker = targets(OWN, INSIDE, [PEER, WRONG])
    assert right.endswith("1 of 1")
    assert connections.endswith("no (peer at healthy)")
    # Two seconds less its start of one and a half, against ten milliseconds.
    assert "yes, than peer at 1 of 1" in faster
    assert "healthy 50;" in faster
    assert quicker.endswith("none")
    faster, quicker = targets(OWN, PEER, [INSIDE])[2:]
    assert "no, than inside at 0 of 1" in faster
    assert quicker.endswith("inside at healthy")


def test_one_slow_case_does_not_outweigh_the_others() -> None:
    own = {fault: Cell(0.02, 0.01, 1, right=True) for fault in Fault}
    quick = {fault: Cell(0.01, 0.01, 1, right=True) for fault in Fault}
    slow = {**quick, Fault.NOT_SMTP: Cell(30, 1, 1, right=True)}
    line = targets(Row("own", None, own), Row("own", None, own), [Row("peer", None, slow)])[2]
    assert "no, than peer at 1 of 6" in line


def test_who_names_nothing_is_no_measure() -> None:
    _, connections, faster, quicker = targets(OWN, INSIDE, [WRONG])
    assert connections.endswith("yes")
    assert faster.endswith("no peer names them all")
    assert quicker.endswith("none")


@pytest.mark.parametrize(
    ("value", "text"), [(0.0123, "12.3 ms"), (0.5, "500 ms"), (12.34, "12.3 s")]
)
def test_seconds(value: float, text: str) -> None:
    assert seconds(value) == text


def rules(name: str) -> Tool:
    """A tool by the beginning of its name."""
    return next(tool for tool in (CHECKER, *PEERS) if tool.name.startswith(name))


@pytest.mark.parametrize(
    ("tool", "output", "fault"),
    [
        ("checker", '{"problems": [{"id": "tls-version"}]}', Fault.OLD_TLS),
        ("checker", '{"problems": [{"id": "dns-failure"}, {"id": "tls-version"}]}', None),
        ("posttls", "posttls-finger: < 421 4.3.2 busy\n", None),
        ("posttls", "posttls-finger: SMTP service not available: 421 busy\n", Fault.TEMPORARY),
        ("posttls", "posttls-finger: < 220-one more\nposttls-finger: timeout while", None),
        ("openssl", "Didn't find STARTTLS in server response\nunexpected eof", None),
        ("checkdmarc", "certificate verify failed: certificate has expired", Fault.EXPIRED),
        ("testssl", " STARTTLS handshake failed\n", None),
    ],
)
def test_reading(tool: str, output: str, fault: Fault | None) -> None:
    assert rules(tool).diagnosis(Run(1, 1, output)) is fault


@pytest.mark.programs
def test_a_run_is_ended_at_the_limit() -> None:
    run = Runner(0.2).run([sys.executable, "-c", "import time; time.sleep(9)"], {})
    assert run.timed_out


def test_sizes_are_summed_up() -> None:
    assert sizes({"a": 2_000, "b": 1_500_000}, {"a": 1_000, "b": 100}, {"a": 900, "b": 50}) == (
        "| kB | raw | gzip | brotli |\n"
        "|---|---|---|---|\n"
        "| a | 2.0 | 1.0 | 0.9 |\n"
        "| b | 1,500.0 | 0.1 | 0.1 |\n"
        "| all | 1,502.0 | 1.1 | 0.9 |"
    )


def test_the_site_stands_beside_stock_material() -> None:
    visits = (site.Visit(90_000, 2.4, 0), site.Visit(100_000, 2.5, 0.01))
    lines = site.table(visits, (6.0, 4.0)).splitlines()
    assert lines[2].endswith("| 90 kB | 100 kB | 0.90 | 1.1 |")
    assert lines[3].endswith("| 2.4 s | 2.5 s | 0.96 | 1 |")
    assert lines[4].endswith("| 6.0 s | 4.0 s | 1.50 | 1.25 |")
    assert lines[5].endswith("| 0.000 | 0.010 | | 0 |")
