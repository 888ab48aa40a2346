"""Many domains: ``checker bulk`` beside a shell loop of posttls-finger, on the same servers."""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from checker.domain import Domain
from checker.operators import DEFAULT, load
from scripts.benchmarks.customers import Customers, Serving, serving
from scripts.benchmarks.peers import PEERS, prepare
from scripts.benchmarks.watched import Measured, watch

_LIMIT = 10
"""Seconds that one check may take, and one connection of posttls-finger."""

_PARALLEL = 64
_SAMPLE = 500
_AT_ONCE = 25
_VERIFIED = "Verified TLS connection established"
_MEGABYTES = 250
_TIMES = {False: 10.0, True: 3.0}
_CLUSTER = 0.5
_PROGRAM = """\
import asyncio, sys
from distributed import Scheduler, Worker
async def main(at):
    local = dict(host="127.0.0.1", dashboard_address="127.0.0.1:0")
    async with Worker(at, **local) if at else Scheduler(port=0, **local) as one:
        print(one.address, flush=True)
        await one.finished()
asyncio.run(main(sys.argv[1]))
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one world.

    Attributes:
        own_names: Each domain's mail server has a name of its own.
        domains: How many there were.
        own: The command, with a process for each core.
        uneven: Healthy addresses that were not connected to exactly once.
        differing: Of a sample, domains of which a single check says something else.
        peers: Domains that posttls-finger was given.
        peer: That.
        unverified: Of these, healthy ones that it did not verify.
        cluster: The command, with two workers of a cluster, where that was tried.
    """

    own_names: bool
    domains: int
    own: Measured
    uneven: int
    differing: int
    peers: int
    peer: Measured
    unverified: int
    cluster: Measured | None = None

    @property
    def rate(self) -> float:
        """Domains per second."""
        return self.domains / self.own.seconds

    @property
    def peer_rate(self) -> float:
        """The same of posttls-finger."""
        return self.peers / self.peer.seconds


def targets(results: Sequence[Result]) -> list[tuple[bool, str]]:
    """Which targets are reached, and what was measured."""
    found = []
    for one in results:
        what = "each MX a name of its own" if one.own_names else "shared mail servers"
        times, target = one.rate / one.peer_rate, _TIMES[one.own_names]
        found += [
            (times >= target, f"{what}: {times:.1f} times posttls-finger (target: {target:.0f})"),
            (not one.uneven, f"{what}: {one.uneven} healthy addresses not met once (target: none)"),
            (
                not one.differing,
                f"{what}: {one.differing} domains with another verdict than alone (target: none)",
            ),
            (
                one.own.memory < _MEGABYTES,
                f"{what}: {one.own.memory:.0f} MB in all processes (target: below {_MEGABYTES})",
            ),
            (not one.unverified, f"{what}: posttls-finger verifies all but {one.unverified}"),
        ]
        if one.cluster is not None:
            part = one.own.seconds / one.cluster.seconds
            found.append(
                (
                    part >= _CLUSTER,
                    f"{what}: two Dask workers {part:.2f} times as fast (target: 0.5)",
                )
            )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print what was found as Markdown, and say whether the targets are reached."""
    parser = argparse.ArgumentParser(prog="scripts/bench bulk")
    parser.add_argument("--domains", type=int, default=20_000, help="default 20000")
    parser.add_argument("--servers", type=int, default=2_000, help="addresses; default 2000")
    parser.add_argument(
        "--peers", type=int, default=2_000, help="domains for posttls-finger; default 2000"
    )
    parser.add_argument("--sample", type=int, default=_SAMPLE, help="single checks; default 500")
    options = parser.parse_args(arguments)
    prepare()
    world = Customers(options.domains, options.servers)
    results = [
        _measure(replace(world, own_names=own), options.peers, options.sample)
        for own in (False, True)
    ]
    reached = targets(results)
    sys.stdout.write("\n".join(_told(results, reached)) + "\n")
    return 0 if all(good for good, _ in reached) else 1


def _told(results: Sequence[Result], reached: Sequence[tuple[bool, str]]) -> Iterator[str]:
    yield "| | domains | seconds | domains/s | processor time | memory |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for one in results:
        name = "own names" if one.own_names else "shared"
        yield _row(f"bulk, {name}", one.domains, one.own)
        yield _row(f"posttls-finger, {name}", one.peers, one.peer)
        if one.cluster is not None:
            yield _row(
                f"bulk, {name}, two Dask workers (memory without them)", one.domains, one.cluster
            )
    yield ""
    for good, text in reached:
        yield f"- {'reached' if good else '**missed**'}: {text}"


def _row(name: str, domains: int, measured: Measured) -> str:
    rate = domains / measured.seconds
    return (
        f"| {name} | {domains:,} | {measured.seconds:.1f} | {rate:.0f} | {measured.cpu:.1f} s "
        f"| {measured.memory:.0f} MB |"
    )


def _measure(customers: Customers, peers: int, sample: int) -> Result:
    with tempfile.TemporaryDirectory() as folder, serving(customers) as servers:
        place = Path(folder)
        own = _bulk(customers, servers, place / "own")
        met = servers.connections()
        uneven = sum(met.get(address, 0) != 1 for address in customers.healthy)
        differing = asyncio.run(_differing(customers, servers, place / "own", sample))
        peers = min(peers, customers.domains)
        peer = _finger(customers, servers, peers)
        healthy = sum(not customers.hangs(number) for number in range(peers))
        cluster = None
        if not customers.own_names:
            with _cluster() as scheduler:
                cluster = _bulk(customers, servers, place / "cluster", "--scheduler", scheduler)
    unverified = healthy - peer.output.count(_VERIFIED)
    return Result(
        customers.own_names,
        customers.domains,
        own,
        uneven,
        differing,
        peers,
        peer,
        unverified,
        cluster,
    )


def _bulk(customers: Customers, servers: Serving, folder: Path, *options: str) -> Measured:
    folder.mkdir()
    file = folder / "customers.txt"
    file.write_text("\n".join(customers.names))
    place = servers.place
    command = [
        *(sys.executable, "-m", "checker", "bulk", str(file), "--output", str(folder)),
        *("--resolver", place.resolver, "--smtp-port", str(place.smtp_port)),
        *("--ca-file", str(place.ca_file), "--ehlo-name", "bench.test"),
        *("--canary", servers.canary, "--per-second", "10000", *options),
    ]
    return watch(command, _environment(servers))


def _environment(servers: Serving) -> Mapping[str, str]:
    return {
        "CHECKER_ALLOW_NETWORK": ",".join(servers.place.networks),
        "CHECKER_TOTAL_TIMEOUT": str(_LIMIT),
    }


async def _differing(customers: Customers, servers: Serving, folder: Path, sample: int) -> int:
    """How many of a sample a single check says something else of."""
    answers = map(json.loads, (folder / "results.jsonl").read_text().splitlines())
    told = {one["domain"]: (one["outcome"], one["problems"][0]["id"]) for one in answers}
    checker, operator = servers.place.checker(total_timeout=_LIMIT), load(DEFAULT)
    room = asyncio.Semaphore(_AT_ONCE)

    async def is_other(name: str) -> bool:
        async with room:
            verdict = (await checker.check(Domain(name, name), operator)).verdict
        return told.get(name) != (str(verdict.outcome), verdict.troubles[0].id)

    # The same ones each time.
    names = random.Random(0).sample(customers.names, min(sample, customers.domains))  # noqa: S311
    try:
        return sum(await asyncio.gather(*map(is_other, names)))
    finally:
        await checker.close()


def _finger(customers: Customers, servers: Serving, domains: int) -> Measured:
    (tool,) = [one for one in PEERS if one.name == "posttls-finger"]
    port = servers.place.smtp_port
    lines = (
        f"[{customers.address(f'd{number}')}]:{port} {customers.host(number)}\n"
        for number in range(domains)
    )
    command = [
        *("sh", "-c", 'xargs -P "$1" -n 2 "$2" -t "$3" -T "$3" -l verify -p ">=TLSv1.2" -F "$4"'),
        *("sh", str(_PARALLEL), tool.command[0], str(_LIMIT), str(servers.place.ca_file)),
    ]
    environment = {name: text for name, text in tool.environment.items() if "{" not in text}
    return watch(command, environment, "".join(lines))


@contextmanager
def _cluster() -> Iterator[str]:
    """A scheduler and two workers; the scheduler's address."""
    started: list[subprocess.Popen[str]] = []

    def start(at: str) -> str:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", _PROGRAM, at],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        started.append(process)
        assert process.stdout  # noqa: S101 - asked for above
        return process.stdout.readline().strip()

    try:
        scheduler = start("")
        for _ in range(2):
            start(scheduler)
        yield scheduler
    finally:
        for process in started:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
