"""What all senders have in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from checker.operators import Operator
from tests.lab.root import Root
from tests.oracle.fate import Delivery
from tests.oracle.profiles import Profile

TRIES = 16
"""How many mails go to a domain where chance may decide.

Where the chance is even, all of ten have the same end once in five hundred times.
"""

Found = Mapping[str, Mapping[str, Sequence[Delivery]]]
"""What became of the mails, by operator, and by domain."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Who sends to which domains.

    Attributes:
        profile: Whose server.
        names: The domains.
        by_chance: Those of them where chance may decide.
    """

    profile: Profile
    names: Sequence[str]
    by_chance: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sender:
    """A mail server that sends for some operators.

    Attributes:
        root: Where it is installed.
        resolver: The one that it asks.
        speaks_for: Whether it sends as that operator's server would.
        configure: Writes its files into a folder, and returns the shell script that starts it and
            sends for each operator a mail to each of its recipients, and further mails to those of
            them where chance may decide. There the folder is ``/lab``.
        read: Reads from the folder what became of the mails.
    """

    root: Root
    resolver: IPv4Address
    speaks_for: Callable[[Profile], bool]
    configure: Callable[[Path, Sequence[Operator]], str]
    read: Callable[[Path], Found]
