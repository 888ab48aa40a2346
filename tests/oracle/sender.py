"""What all senders have in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from checker.operators import Operator
from tests.lab.root import Root
from tests.oracle.fate import Delivery

Found = Mapping[str, Mapping[str, Delivery]]
"""What became of the mails, by operator, and by domain."""


@dataclass(frozen=True, slots=True)
class Sender:
    """A mail server that sends for some operators.

    Attributes:
        root: Where it is installed.
        resolver: The one that it asks.
        speaks_for: Whether it sends as that operator's server would.
        configure: Writes its files into a folder, and returns the shell script that starts it and
            sends a mail for each operator to each recipient. There the folder is ``/lab``.
        read: Reads from the folder what became of the mails.
    """

    root: Root
    resolver: IPv4Address
    speaks_for: Callable[[Operator], bool]
    configure: Callable[[Path, Sequence[Operator]], str]
    read: Callable[[Path], Found]
