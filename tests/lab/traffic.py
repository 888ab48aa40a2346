"""What clients did to the mail servers, read from the servers' own logs."""

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

_POSTFIX = re.compile(
    r" (?P<name>\S+)/smtpd\[\d+\]: (?P<event>connect|disconnect) from (?P<rest>.*)"
)
_COMMAND = re.compile(r"(?P<verb>\w+)=(?:\d+/)?(?P<count>\d+)")


@dataclass(slots=True)
class Traffic:
    """What clients did to one mail server.

    Attributes:
        connections: How many there were.
        commands: How often each SMTP command came; Postfix tells it when a client has gone.
    """

    connections: int = 0
    commands: Counter[str] = field(default_factory=Counter)


def read_traffic(folder: Path) -> defaultdict[str, Traffic]:
    """Read the logs of a running lab: by the mail server's name, also those left in peace."""
    traffic: defaultdict[str, Traffic] = defaultdict(Traffic)
    for line in _lines(folder / "scripted.log"):
        name, event = json.loads(line)
        if event == "connect":
            traffic[name].connections += 1
        else:
            traffic[name].commands[event] += 1
    for line in _lines(folder / "postfix.log"):
        if match := _POSTFIX.search(line):
            seen = traffic[match["name"]]
            if match["event"] == "connect":
                seen.connections += 1
            for command in _COMMAND.finditer(match["rest"]):
                if command["verb"] != "commands":
                    seen.commands[command["verb"].upper()] += int(command["count"])
    return traffic


def _lines(log: Path) -> list[str]:
    text = log.read_text(errors="replace") if log.exists() else ""
    # The last line may be half written.
    return text[: text.rfind("\n") + 1].splitlines()
