"""What all senders have in common."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.root import Root

Logs = Mapping[tuple[str, str], Sequence[str]]
"""What a server wrote down of each mail, by level and domain."""


@dataclass(frozen=True, slots=True)
class Sender:
    """A mail server that is set up to give up at once.

    Attributes:
        name: Of the software.
        root: Where it is installed; the first of its packages is its own.
        levels: How much it asks of a receiver, in Postfix's terms; the first is its ordinary one.
        configure: Writes its files into a folder, and returns the shell script that starts it,
            sends the mails, waits until none is left, and makes the file ``/lab/done``. There the
            folder is ``/lab``, and ``/lab/mails`` has a line for each mail: level and recipient.
        logs: Reads from the folder what it wrote down.
        unfit: The domains that it would not give up for minutes, or that it meets by chance.
    """

    name: str
    root: Root
    levels: tuple[str, ...]
    configure: Callable[[Path], str]
    logs: Callable[[Path], Logs]
    unfit: frozenset[str] = frozenset()


def tell_version(sender: Sender) -> str:
    """A command for the scripts: writes down which version of the sender is installed."""
    package = sender.root.packages[0]
    return f"dpkg-query --show --showformat='${{Version}}' {package} > /lab/version\n"


def version_of(folder: Path) -> str:
    """The version that was written down: its first two numbers, for Debian mends the others."""
    (found,) = re.findall(r"^(?:\d+:)?(\d+\.\d+)", (folder / "version").read_text())
    return str(found)


MAIL = """\
mail() {
    printf '%s\\n' "From: $1@sender.example" "To: $2" 'Subject: Your invoice' \\
        'Date: Mon, 2 Nov 2026 09:00:00 +0000' "Message-ID: <invoice@sender.example>" \\
        'MIME-Version: 1.0' 'Content-Type: text/plain; charset=us-ascii' '' 'Please pay.'
}
"""
"""A function for the scripts: prints a mail of a level to a recipient."""

SYSLOG = """\
mkdir /devices
for device in null zero urandom random; do
    touch "/devices/$device"
    mount --bind "/dev/$device" "/devices/$device"
done
ln -s /lab/syslog.socket /devices/log
mount --rbind /devices /dev
"""
"""Commands for the scripts: what a server sends to ``/dev/log`` is kept, and the machine's is left
in peace."""

_PRIORITY = re.compile(r"^<\d+>(?P<date>\w{3} [ \d]\d [\d:]{8}) ")


def syslog(folder: Path) -> Iterator[str]:
    """The lines that came to ``/dev/log``, as a daemon would have written them down."""
    for line in (folder / "syslog").read_text("latin-1").splitlines():
        if _PRIORITY.search(line):
            yield _PRIORITY.sub(r"\g<date> mail ", line)
