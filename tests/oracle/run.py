"""A run: ``python -m tests.oracle.network tests.oracle.run [all] [truth]`` prints it as JSON.

In a network of its own the lab's servers are at the ports that real senders ask for. It ends early
when its standard input closes. ``all`` has every server send to every domain, and with ``truth``
the checker is not asked.
"""

import _thread
import asyncio
import json
import shutil
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path

from checker import operators
from checker.domain import parse
from checker.production import build_checker
from checker.settings import Settings
from tests.lab import Lab
from tests.lab.domains import DOMAINS
from tests.lab.folders import run_folder
from tests.lab.laboratory import RECEIVERS, end
from tests.lab.model import CREDULOUS_RESOLVER
from tests.lab.name_servers import unbound_conf
from tests.lab.root import prepare, start
from tests.lab.rows import certificates, tls
from tests.oracle import exim, postfix
from tests.oracle.fate import Delivery
from tests.oracle.profiles import Profile, all_profiles, alternatives, depends_on_chance
from tests.oracle.sender import TRIES, Errand, Sender

SENDERS = (*postfix.SENDERS, *exim.SENDERS)
_PATIENCE = 240
_AT_ONCE = 60

Happened = dict[str, dict[str, list[dict[str, object]]]]
"""What became of the mails, by operator and domain."""

_RESOLVE = """\
exec >> /lab/daemons.log 2>&1
unbound -d -c /lab/unbound.conf &
read -r _ || :
"""

_ASKED_FOR_ALL = {"careful", "exim"}
"""One Postfix and one Exim send to every domain."""


def names_of(profile: Profile, *, whole: bool = False) -> list[str]:
    """The domains that a server sends to.

    Args:
        profile: Whose.
        whole: Whether to all, as one server of each software does in any case. Those of the matrix
            send to what a TLS library decides. The others send to the domains whose rows tell what
            comes of it there and not elsewhere, and to one domain of each outcome and problem.
    """
    if whole or profile.name in _ASKED_FOR_ALL:
        return [domain.domain for domain in DOMAINS]
    if profile.is_of_matrix:
        return [domain.domain for domain in (*tls.ROWS, *certificates.ROWS)]
    of_its_own = [
        domain
        for domain in DOMAINS
        if domain.expected.get(profile.name, domain.expected["careful"])
        != domain.expected["careful"]
        or (profile.name in domain.expected and profile.name not in operators.names())
    ]
    one_of_each = {domain.expected["careful"]: domain for domain in reversed(DOMAINS)}
    wanted = {domain.domain for domain in (*of_its_own, *one_of_each.values())}
    return [domain.domain for domain in DOMAINS if domain.domain in wanted]


def errands(profiles: Iterable[Profile], *, whole: bool) -> list[Errand]:
    """Who sends to which domains."""
    by_chance = {domain.domain for domain in DOMAINS if depends_on_chance(domain)}
    found = []
    for profile in profiles:
        names = names_of(profile, whole=whole)
        found.append(Errand(profile, names, [name for name in names if name in by_chance]))
    return found


def main() -> None:
    """Run everything and print what was found."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    truth = "truth" in sys.argv[1:]
    profiles = [*all_profiles(), *(alternatives() if truth else ())]
    wanted = errands(profiles, whole="all" in sys.argv[1:])
    with Lab(smtp_port=25, dns_port=53) as lab, ExitStack() as stack:
        folder = stack.enter_context(run_folder())
        configuration = unbound_conf(53, CREDULOUS_RESOLVER, validates=False)
        (folder / "unbound.conf").write_text(configuration)
        stack.callback(end, start(prepare(RECEIVERS), _RESOLVE, folder=folder))
        # One after the other: the machine must not be so busy that patience ends. Most of a run is
        # waiting for those who never answer, so that two at once are not too many.
        foretold = {} if truth else asyncio.run(_check_all(lab, wanted))
        happened: Happened = {}
        with ThreadPoolExecutor() as executor:
            of_each_software = (postfix.SENDERS, exim.SENDERS)
            for found in executor.map(partial(_send_all, lab, wanted), of_each_software):
                happened |= found
    json.dump({"foretold": foretold, "happened": happened}, sys.stdout)


def _end_with_input() -> None:
    sys.stdin.read()
    _thread.interrupt_main()


def _send_all(lab: Lab, wanted: Sequence[Errand], senders: Iterable[Sender]) -> Happened:
    """Send with one sender after the other, and wait until every mail has met its fate."""
    happened: Happened = {}
    for sender in senders:
        mine = [errand for errand in wanted if sender.speaks_for(errand.profile)]
        with ExitStack() as sending:
            place = _send(sender, lab, mine, sending)
            happened |= _wait(sender, place, mine)
    return happened


def _send(sender: Sender, lab: Lab, mine: Sequence[Errand], stack: ExitStack) -> Path:
    folder = stack.enter_context(run_folder())
    shutil.copy(lab.ca_file, folder / "ca.pem")
    # A name server that many ask at once loses questions: one that is asked again is answered.
    options = "trust-ad edns0 timeout:3 attempts:4"
    files = {
        "resolv.conf": f"nameserver {sender.resolver}\noptions {options}\n",
        "operators": "".join(f"{errand.profile.name}\n" for errand in mine),
    }
    for errand in mine:
        for kind, names in (("recipients", errand.names), ("again", errand.by_chance)):
            recipients = "".join(f"anna@{name}\n" for name in names)
            files[f"{kind}-{errand.profile.name}"] = recipients
    for name, text in files.items():
        (folder / name).write_text(text)
    script = sender.configure(folder, [errand.profile.operator for errand in mine])
    stack.callback(end, start(prepare(sender.root), script, folder=folder))
    return folder


async def _check_all(
    lab: Lab, wanted: Sequence[Errand]
) -> dict[str, dict[str, tuple[str, str, str]]]:
    checker = build_checker(
        Settings(
            resolver=lab.resolver,
            smtp_port=lab.smtp_port,
            allow_network=lab.allow_network,
            ca_file=lab.ca_file,
            ehlo_name="checker.oracle.test",
        )
    )
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(profile: Profile, name: str) -> tuple[str, str, str]:
        async with places:
            try:
                verdict = (await checker.check(parse(name), profile.operator)).verdict
            except Exception as error:  # noqa: BLE001 - one more difference, and not the end of all
                return "raises", "", repr(error)
            return verdict.outcome, verdict.disposition, verdict.troubles[0].id

    pairs = [(errand.profile, name) for errand in wanted for name in errand.names]
    verdicts = await asyncio.gather(*(one(*pair) for pair in pairs))
    await checker.close()
    foretold: dict[str, dict[str, tuple[str, str, str]]] = {}
    for (profile, name), verdict in zip(pairs, verdicts, strict=True):
        foretold.setdefault(profile.name, {})[name] = verdict
    return foretold


def _wait(sender: Sender, folder: Path, mine: Sequence[Errand]) -> Happened:
    """Wait until every mail has met its fate."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        found = sender.read(folder)
        missing = any(_missing(found.get(errand.profile.name, {}), errand) for errand in mine)
        if not missing or time.monotonic() > deadline:
            return {
                operator: {name: [asdict(one) for one in tries] for name, tries in domains.items()}
                for operator, domains in found.items()
            }
        time.sleep(0.5)


def _missing(found: Mapping[str, Sequence[Delivery]], errand: Errand) -> list[str]:
    """The domains to which a mail is still under way."""
    return [
        name
        for name in errand.names
        if len(found.get(name, ())) < (TRIES if name in errand.by_chance else 1)
    ]


if __name__ == "__main__":
    main()
