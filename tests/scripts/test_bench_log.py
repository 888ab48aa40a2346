"""What the benchmark of logs makes of what it measured."""

import json

from scripts.benchmarks.log import JOBS, Job, reached, same_counts
from scripts.benchmarks.watched import Measured

SUMMARY = """
messages

    150   received
    246   delivered
     33   deferred  (306  deferrals)
     42   bounced
"""
COUNTS = {"attempts": {"sent": 246, "deferred": 306, "bounced": 42}}


def _runs(own: float, under: float, memory: float = 90) -> dict[Job, list[Measured]]:
    peer, log, policy = JOBS
    return {
        peer: [Measured(60, 60, 200, SUMMARY)] * 3,
        log: [Measured(own, 2 * own, memory, json.dumps(COUNTS))] * 3,
        policy: [Measured(under, 2 * under, memory, json.dumps(COUNTS))] * 3,
    }


def test_targets() -> None:
    assert reached(_runs(5.9, 11.9))
    assert not reached(_runs(6.1, 11.9))
    assert not reached(_runs(5.9, 12.1))
    assert not reached(_runs(5.9, 11.9, memory=151))


def test_counts() -> None:
    runs = _runs(5, 10)
    assert same_counts(runs)
    large = json.dumps({"attempts": {**COUNTS["attempts"], "sent": 605_748}})
    runs[JOBS[1]] = [Measured(5, 10, 90, large)] * 3
    assert not same_counts(runs)
    runs[JOBS[0]] = [Measured(60, 60, 200, SUMMARY.replace("246 ", "591k"))] * 3
    assert same_counts(runs)
    runs = _runs(5, 10)
    runs[JOBS[0]] = [Measured(60, 60, 200, SUMMARY.replace("306", "305"))] * 3
    assert not same_counts(runs)
