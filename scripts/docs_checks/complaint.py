"""What a check has to say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """Something to mend, or something to know.

    Attributes:
        path: The file, from the project's root, with slashes.
        line: The line in it, from 1.
        message: What is wrong and what to do, in plain English.
        fails: Whether the check fails by it; otherwise it is a note.
    """

    path: str
    line: int
    message: str
    fails: bool = True

    def __str__(self) -> str:
        """One line, as editors and terminals make links of it."""
        kind = "" if self.fails else "note: "
        return f"{self.path}:{self.line}: {kind}{self.message}"
