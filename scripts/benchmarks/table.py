"""What was measured, as Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from scripts.benchmarks.cases import Fault

_LEAST = 0.001
"""Seconds; what is left of a time without the start of its process may be less than the noise."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of one tool at one domain.

    Attributes:
        wall: Seconds, the median.
        cpu: Seconds of processor time, the median.
        connections: With the mail server's address, for one look.
        right: Whether every look named the fault.
        timed_out: Whether it had to be ended.
    """

    wall: float
    cpu: float
    connections: float
    right: bool
    timed_out: bool = False

    def __str__(self) -> str:
        """How it stands in the table."""
        mark = "right" if self.right else "**wrong**"
        wall = f"> {seconds(self.wall)}" if self.timed_out else seconds(self.wall)
        return f"{mark}, {wall}, {seconds(self.cpu)}, {self.connections:.3g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One tool.

    Attributes:
        name: The tool.
        start: Seconds for its process to start and end, where that can be told apart.
        cells: What came of each domain.
    """

    name: str
    start: float | None
    cells: Mapping[Fault, Cell]

    @property
    def right(self) -> int:
        """How many faults it named."""
        return sum(cell.right for cell in self.cells.values())


def seconds(value: float) -> str:
    """A time that can be read at a glance."""
    if value >= 1:
        return f"{value:.1f} s"
    return f"{value * 1000:.3g} ms"


def ratio(row: Row, own: Row) -> float:
    """How many times as long a tool takes, in the geometric mean over all domains."""
    quotients = [cell.wall / own.cells[fault].wall for fault, cell in row.cells.items()]
    return float(prod(quotients) ** (1 / len(quotients)))


def markdown(rows: Sequence[Row]) -> str:
    """The table; the first row is what the others are compared with."""
    own = rows[0]
    lines = [
        ["tool", *own.cells, "right", "process start", f"time, times {own.name}"],
        ["---"] * (len(own.cells) + 4),
    ]
    lines += [
        [
            row.name,
            *map(str, row.cells.values()),
            f"{row.right} of {len(row.cells)}",
            "-" if row.start is None else seconds(row.start),
            f"{ratio(row, own):.3g}",
        ]
        for row in rows
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def targets(own: Row, inside: Row, peers: Sequence[Row]) -> list[str]:
    """Which targets are reached.

    Args:
        own: The checker as a process.
        inside: The checker in a process that runs already.
        peers: The other tools.
    """
    more = [
        f"{peer.name} at {fault}"
        for peer in peers
        for fault, cell in peer.cells.items()
        if cell.right and own.cells[fault].connections > cell.connections
    ]
    quicker = [
        f"{peer.name} at {fault}"
        for peer in peers
        for fault, cell in peer.cells.items()
        if cell.right and cell.wall - (peer.start or 0) < inside.cells[fault].wall
    ]
    complete = [peer for peer in peers if peer.right == len(peer.cells)]
    faster = [_duel(peer, inside) for peer in complete] or ["yes, no peer names them all"]
    return [
        f"Right diagnoses: {own.right} of {len(own.cells)}",
        "No more connections than any peer that names the fault: "
        + (f"no ({', '.join(more)})" if more else "yes"),
        "Faster than every peer that names all faults, process start taken off: "
        + "; ".join(faster),
        "Quicker than the checker, process start taken off, at a fault that they name: "
        + (", ".join(quicker) or "none"),
    ]


def _duel(peer: Row, own: Row) -> str:
    """How two compare that name all faults; the time that a process needs to start is left out."""
    quotients = {
        str(fault): max(cell.wall - (peer.start or 0), _LEAST) / own.cells[fault].wall
        for fault, cell in peer.cells.items()
    }
    whole = sum(cell.wall for cell in peer.cells.values()) - (peer.start or 0) * len(peer.cells)
    whole /= sum(cell.wall for cell in own.cells.values())
    mean = prod(quotients.values()) ** (1 / len(quotients))
    won = sum(quotient > 1 for quotient in quotients.values())
    each = ", ".join(f"{name} {quotient:.2g}" for name, quotient in quotients.items())
    # A sum hides that one slow case outweighs all others, so each case is counted by itself.
    verdict = "yes" if won == len(quotients) else "no"
    return (
        f"{verdict}, than {peer.name} at {won} of {len(quotients)}; it takes N times as long: "
        f"{each}; geometric mean {mean:.2g}, sum {whole:.3g}"
    )
