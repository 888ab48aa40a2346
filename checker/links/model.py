"""What the generators make."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """One file of a configuration.

    Attributes:
        name: Its name, which no other software's file bears.
        place: Where it belongs on the mail server, or who reads it.
        text: What is in it.
    """

    name: str
    place: str
    text: str
