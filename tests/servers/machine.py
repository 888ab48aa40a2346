"""A machine with a real mail server, of which the tests are the administrator."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.folders import run_folder
from tests.lab.laboratory import end
from tests.lab.root import Root, prepare, start

NAME = "mx.example.org"
"""The mail server's, in the pages and here."""

CONFIGURATIONS = Path(__file__).parents[2] / "docs" / "configurations"
"""The files that the pages show."""

_PATIENCE = 60

# Sendmail waits for a minute if it does not find its full name.
_ADMINISTER = f"""\
set -eu
echo '127.0.0.1 {NAME} mx localhost' > /etc/hosts.new
cat /etc/hosts.new > /etc/hosts
rm -f /etc/resolv.conf
echo 'nameserver 127.0.0.1' > /etc/resolv.conf
echo {NAME} > /etc/mailname
chmod 755 /lab
mkdir -p /tmp
chmod 1777 /tmp
while read -r step; do
    status=0
    sh -eu "$step.sh" > "$step.output" 2>&1 < /dev/null || status=$?
    echo "$status" > "$step.new"
    mv "$step.new" "$step.status"
done
"""


class Machine:
    """A machine on which commands are run as root, one after the other."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        """Take what ``running`` has started."""
        self.folder = folder
        self._process = process
        self._steps = 0

    def run(self, script: str) -> str:
        """Run a shell script.

        Returns:
            What it printed.

        Raises:
            LabError: It failed; the message is what it printed.
        """
        self._steps += 1
        step = f"step-{self._steps}"
        (self.folder / f"{step}.sh").write_text(script)
        assert self._process.stdin
        self._process.stdin.write(f"/lab/{step}\n".encode())
        self._process.stdin.flush()
        status = self.folder / f"{step}.status"
        deadline = time.monotonic() + _PATIENCE
        while not status.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                said = (self.folder / "start.log").read_text(errors="replace")
                raise LabError(f"the machine does not answer: {said}")
            time.sleep(0.01)
        output = (self.folder / f"{step}.output").read_text(errors="replace")
        if status.read_text().strip() != "0":
            raise LabError(f"{script}\n{output}")
        return output

    def put(self, path: str, text: str, mode: str = "644") -> None:
        """Write a file of the machine."""
        (self.folder / "file").write_text(text)
        self.run(f"install -D -m {mode} /lab/file {path}")


@contextmanager
def running(root: Root) -> Iterator[Machine]:
    """A machine that runs as long as the ``with`` statement."""
    archive = prepare(root)
    with run_folder() as folder:
        process = start(archive, _ADMINISTER, folder=folder)
        try:
            yield Machine(folder, process)
        finally:
            end(process)


def shown(name: str) -> str:
    """A file that the pages show."""
    return (CONFIGURATIONS / name).read_text(encoding="utf-8")
