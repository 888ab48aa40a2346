"""The fields of a delivery status notification (RFC 3464), wherever they stand in a text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from checker.bounce.patterns import Pattern

_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60})[ \t]?:(.*)", re.DOTALL)
_KNOWN = frozenset(
    {
        "reporting-mta",
        "received-from-mta",
        "arrival-date",
        "original-envelope-id",
        "dsn-gateway",
        "final-recipient",
        "original-recipient",
        "remote-mta",
        "diagnostic-code",
        "last-attempt-date",
        "will-retry-until",
        "final-log-id",
        "x-actual-recipient",
        "x-display-name",
        "x-exim-diagnostic",
        "x-failed-recipients",
        "x-postfix-queue-id",
        "x-postfix-sender",
    }
)
# Words that a paste begins a block with, but prose and logs as well: only within a block.
_WITHIN = frozenset({"action", "status", "x-supplementary-info", "x-notes"})
# A library that prints "Status: " means something else.
_VALUES = {
    "action": Pattern(r"\A\s*(?:failed|delayed|delivered|relayed|expanded)"),
    "status": Pattern(r"\A\s*[245]\.\d"),
}
_FIELDS = _KNOWN | _WITHIN
_OF_A_RECIPIENT = ("final-recipient", "original-recipient", "x-actual-recipient")
_MAXIMUM_CONTINUATION = 40
_MAXIMUM_VALUE = 60_000


@dataclass(slots=True)
class Block:
    """One group of fields."""

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def recipient(self) -> str | None:
        """The address, without its type."""
        for name in _OF_A_RECIPIENT:
            value = self.fields.get(name, "")
            address = value.partition(";")[2] or value
            address = address.strip().strip("<>").strip()
            if "@" in address:
                return address.split()[0].strip("<>")
        return None

    @property
    def host(self) -> str | None:
        """Of the server that refused."""
        value = self.fields.get("remote-mta", "")
        name = (value.partition(";")[2] or value).strip()
        return name.split()[0].strip("[]().,").lower() if name.strip("[](). ,") else None

    @property
    def is_of_a_report(self) -> bool:
        """Whether it holds a field that nobody writes but a mail server."""
        return not _KNOWN.isdisjoint(self.fields)

    @property
    def is_of_recipient(self) -> bool:
        """Whether it says something about a recipient, and not about the report as a whole."""
        return self.recipient is not None or "diagnostic-code" in self.fields


def split_fields(lines: Iterable[str]) -> tuple[list[Block], list[str]]:
    """Take the blocks of fields out of the lines.

    Returns:
        The blocks in order, and the other lines.
    """
    blocks: list[Block] = []
    others: list[str] = []
    block: Block | None = None
    name = ""
    continued = 0
    for line in lines:
        if not line.strip():
            block, name = None, ""
            others.append("")
            continue
        found = _FIELD.match(line) if line[0] not in " \t" or block is None else None
        key = found[1].lower() if found else ""
        belongs = block is None or block.is_of_a_report or key in _FIELDS
        if line[0] not in " \t" and not belongs:
            # A status code that somebody copied out, and their own words below it.
            block, name = None, ""
        if found is None and block is not None and name and continued < _MAXIMUM_CONTINUATION:
            block.fields[name] += " " + line.strip()
            continued += 1
            continue
        if found and block is None and key in _VALUES and not _VALUES[key].match(found[2].lower()):
            key, found = "", None
        if found is None or not (key in _KNOWN or (block is not None or key in _WITHIN)):
            block, name = None, ""
            others.append(line)
            continue
        if block is None or (key in _OF_A_RECIPIENT and key in block.fields):
            block = Block()
            blocks.append(block)
        name, continued = key, 0
        value = found[2].strip()
        before = block.fields.get(name)
        if before is None or len(before) < _MAXIMUM_VALUE:
            block.fields[name] = value if before is None else f"{before} {value}"
    return blocks, others
