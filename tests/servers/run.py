"""A whole story: ``python -m tests.oracle.network tests.servers.run NAME`` prints it as JSON.

In a network of its own the mail server listens where the shown configuration has it listen.
"""

import asyncio
import json
import re
import socket
import sys
import time

from tests.servers.certbot import EXPIRED, Certbot
from tests.servers.checking import Published, check
from tests.servers.machine import NAME, Machine, running, shown
from tests.servers.software import EXIM, POSTFIX, SOFTWARE, Edit, Software

COMMANDS = ("tls-1.1", "tls-1.2", "tls-1.3", "expiry")
"""Those that every page shows, to look for oneself."""

_PATIENCE = 20
_HOOK = "/etc/letsencrypt/renewal-hooks/deploy/mail-server"


class _Story:
    def __init__(self, software: Software, machine: Machine) -> None:
        self.found: dict[str, tuple[str, str]] = {}
        self.printed: dict[str, str] = {}
        self._software = software
        self._machine = machine
        self._certbot = Certbot(machine)
        self._last = ("", "")

    def tell(self) -> None:
        """From the installation to the renewal."""
        self._machine.run(self._software.start)
        self._certbot.obtain()
        self._changed("as installed")
        self._configure()
        self._changed("as shown")
        for command in COMMANDS:
            script = f"{{ {shown(f'commands/{command}')}}} 2>&1 || :"
            self.printed[command] = self._machine.run(f"export SSL_CERT_FILE=/lab/ca.pem\n{script}")
        for name, edit in self._software.faults.items():
            self._configure(edit)
            self._changed(name)
            self._configure()
            self._changed(f"{name}, mended")
        self._certbot.obtain(EXPIRED)
        self._configure()
        self._changed("expired")
        self._certbot.obtain()
        self.found["renewed, hook not run"] = self._check()
        self._renewed()
        self._changed("renewed, hook run")

    def tell_without_debian(self) -> None:
        """Exim with a configuration that Debian's tools have not made."""
        text = f"primary_hostname = {NAME}\n{shown('exim/exim.conf')}"
        self._machine.run("service exim4 stop")
        self._machine.put("/etc/exim4/exim4.conf", text)
        self._machine.run("exim4 -bP configure_file | grep -x /etc/exim4/exim4.conf")
        self._machine.run("service exim4 start")
        self._last = ("", "")
        self._changed("without Debian's tools")

    def tell_of_dane(self) -> None:
        """The TLSA record, forgotten and done right."""
        old = self._digest(NAME)
        self._dane("record", "tlsa", old)
        self._certbot.obtain(lineage=f"{NAME}-next")
        new = self._digest(f"{NAME}-next")
        self._dane("both records, old key", "tlsa-rollover", old, new)
        self._configure(lambda text: text.replace(f"/{NAME}/", f"/{NAME}-next/"))
        self._last = self.found["both records, old key"]
        self._changed("old record, new key", "dane", _zone("tlsa", old))
        self._dane("both records, new key", "tlsa-rollover", old, new)
        self._dane("new record, new key", "tlsa", new)

    def tell_of_mta_sts(self) -> None:
        """Both policies, the one to begin with and the one in force: wrong, and as shown."""
        zone = shown("dns/mta-sts.zone")
        for name, file in (("testing policy", "mta-sts-testing"), ("policy", "mta-sts")):
            policy = shown(f"dns/{file}.txt")
            wrong = policy.replace(f"mx: {NAME}", "mx: mail.example.org")
            for moment, text in ((f"{name} for another name", wrong), (name, policy)):
                self.found[moment] = self._check("sts-enforcing", Published(zone, text))

    def _configure(self, edit: Edit = str) -> None:
        folder = self._software.name
        self._machine.put("/lab/settings", edit(shown(f"{folder}/{self._software.settings}")))
        self._machine.put(_HOOK, edit(shown(f"{folder}/deploy-hook")), "755")
        self._machine.run(self._software.place)
        self._renewed()
        if self._software.reload:
            self._machine.run(self._software.reload)

    def _renewed(self) -> None:
        self._machine.run(shown("commands/hook"))

    def _changed(
        self, name: str, operator: str = "careful", published: Published | None = None
    ) -> None:
        """Check until the server has made up its mind: some take up what is new after a while.

        A check that connects twice may have met the old server and the new one, so what is found
        must be found again.
        """
        deadline = time.monotonic() + _PATIENCE
        before, found = self._last, self._check(operator, published)
        while found in {self._last, ("unknown", found[1])} or found != before:
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)
            before, found = found, self._check(operator, published)
        self.found[name] = self._last = found

    def _check(
        self, operator: str = "careful", published: Published | None = None
    ) -> tuple[str, str]:
        return asyncio.run(check(self._certbot.authority, operator, published))

    def _digest(self, lineage: str) -> str:
        printed = self._machine.run(shown("commands/tlsa").replace(f"/{NAME}/", f"/{lineage}/"))
        return printed.split("= ")[1].strip()

    def _dane(self, name: str, file: str, *digests: str) -> None:
        self.found[name] = self._check("dane", _zone(file, *digests))


def _zone(file: str, *digests: str) -> Published:
    """A shown zone, with digests in place of those that it shows."""
    rest = iter(digests)
    return Published(zone=re.sub("[0-9a-f]{64}", lambda _: next(rest), shown(f"dns/{file}.zone")))


def main() -> None:
    """Tell the story of one mail server."""
    socket.sethostname(NAME)
    software = SOFTWARE[sys.argv[2]]
    with running(software.root) as machine:
        story = _Story(software, machine)
        story.tell()
        if software is EXIM:
            story.tell_without_debian()
        if software is POSTFIX:
            story.tell_of_dane()
            story.tell_of_mta_sts()
    json.dump({"found": story.found, "printed": story.printed}, sys.stdout)


if __name__ == "__main__":
    main()
