"""A visitor with WebKit's core, as in Safari: one window, and the keys of a keyboard."""

import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.serving import ROOT

PACKAGES = ("gir1.2-webkit2-4.1", "poppler-utils", "python3-gi", "xvfb")
"""In Debian: WebKit and what shows it, what reads a printed page, and a screen that nobody sees."""

_PROGRAM = Path(__file__).with_name("webkit_view.py")
_PATIENCE = 120.0
"""Seconds until something on the page counts as missing: that a machine is busy is no fault."""

_SETTINGS = {
    "GSETTINGS_BACKEND": "memory",
    "NO_AT_BRIDGE": "1",
    # Pyodide is compiled for each visitor anew: once, and not once more to run faster.
    "JSC_useOMGJIT": "0",
}


@dataclass(frozen=True, slots=True)
class WebKit:
    """A browser with one window.

    Attributes:
        process: The browser, which takes commands.
        folder: Where it puts what it saves or prints.
        origin: Where the site is.
    """

    process: subprocess.Popen[str]
    folder: Path
    origin: str

    def tell(self, command: str, **arguments: object) -> Any:  # noqa: ANN401 - as JSON has it
        """Let the browser carry out a command, and wait for what it gives."""
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps((command, arguments)), file=self.process.stdin, flush=True)
        assert select.select([self.process.stdout], [], [], _PATIENCE)[0], f"no answer to {command}"
        line = self.process.stdout.readline()
        assert line, f"{command} failed, and what is above says why"
        return json.loads(line)

    def open(self, path: str, *, width: int = 320, script: bool = True) -> None:
        """Open a page; without `script` none of its scripts runs, and none can be run."""
        self.tell("open", address=self.origin + path, width=width, script=script)

    def run(self, script: str) -> Any:  # noqa: ANN401 - as JSON has it
        """What a function with this body returns in the page."""
        return self.tell("run", script=script)

    def wait(self, expression: str) -> Any:  # noqa: ANN401 - as JSON has it
        """The value of an expression in the page, once it is not empty, null or false."""
        return wait(lambda: self.run(f"return {expression}"), expression)

    def press(self, *keys: str) -> None:
        """Press keys, one after another; each is a character, or named as X does it."""
        for key in keys:
            self.tell("press", key=key)

    def push(self, selector: str, label: str = "") -> None:
        """Push the first button in sight with that label, or follow such a link, by its key."""
        wanted = json.dumps((selector, label))
        self.run(f"""const [selector, label] = {wanted};
          [...document.querySelectorAll(selector)]
            .find((one) => one.offsetHeight && one.innerText.includes(label)).focus();""")
        self.press("Return")

    def arrive(self, path: str) -> None:
        """Wait until a page of ours is there, as a whole."""
        wait(lambda: self.tell("address") == self.origin + path, path)

    def saved(self, name: str) -> bytes:
        """What was saved as a file, or printed as `print.pdf`."""
        file = self.folder / name
        wait(lambda: file.is_file() and file.stat().st_size, name)
        content = file.read_bytes()
        file.unlink()
        return content

    def printed(self) -> str:
        """The text of what was printed last, each side with a form feed at its end."""
        document = self.saved("print.pdf")
        command = ["pdftotext", "-layout", "-", "-"]
        done = subprocess.run(command, input=document, check=True, capture_output=True)  # noqa: S603
        return done.stdout.decode()


def wait(value: Callable[[], Any], wanted: str) -> Any:  # noqa: ANN401 - whatever it is
    """The value of a function, once it is not empty, null or false."""
    until = time.monotonic() + _PATIENCE
    while not (found := value()):
        assert time.monotonic() < until, f"never came true: {wanted}"
        time.sleep(0.05)
    return found


@contextmanager
def _screen() -> Iterator[str]:
    """A display of our own; there is no WebKit without one."""
    reading, writing = os.pipe()
    command = f"Xvfb -displayfd {writing} -screen 0 1400x1000x24 -nolisten tcp".split()
    with (
        os.fdopen(reading) as number,
        subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as process,  # noqa: S603
    ):
        os.close(writing)
        try:
            yield f":{number.readline().strip()}"
        finally:
            process.terminate()


@contextmanager
def webkit(origin: str, folder: Path) -> Iterator[WebKit]:
    """A browser that has not been anywhere yet; what is missing for it is installed."""
    install = ROOT / "scripts" / "debian"
    subprocess.run([install, *PACKAGES], check=True, timeout=600)  # noqa: S603 - our own
    with _screen() as display:
        environment = {**os.environ, **_SETTINGS, "HOME": str(folder), "DISPLAY": display}
        with subprocess.Popen(  # noqa: S603 - our own
            ["/usr/bin/python3", _PROGRAM, folder],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield WebKit(process, folder, origin)
            finally:
                process.kill()
