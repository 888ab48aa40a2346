"""Shows and keeps hellos: ``python -m tests.senders [show|capture] [POSTFIX-DEBIAN-13…]``."""

import argparse
import sys
from collections.abc import Sequence

from checker.senders import PROFILES, Profile
from tests.senders import stored
from tests.senders.client_hello import differences
from tests.senders.ours import say
from tests.senders.real import all_cases, hellos


def main() -> None:
    """Run a command."""
    parser = argparse.ArgumentParser(prog="python -m tests.senders", description=__doc__)
    parser.add_argument("command", choices=("show", "capture"), nargs="?", default="show")
    parser.add_argument("senders", nargs="*", metavar="SENDER", help="such as postfix-debian-13")
    arguments = parser.parse_args()
    known = {stored.name(profile): profile for profile in PROFILES.values()}
    chosen = [known[name] for name in arguments.senders or known]
    if arguments.command == "capture":
        for profile in chosen:
            stored.write(profile, hellos(profile))
            sys.stdout.write(f"{stored.file(profile)}\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(chosen))


def _lines(profiles: Sequence[Profile]) -> list[str]:
    lines = []
    for profile in profiles:
        theirs = stored.read(profile)
        for case in all_cases(profile):
            lines.append(f"{profile.name} ({profile.library}), {case.name}")
            real, mine = theirs[case.name], say(profile, case)
            if real is None or mine is None:
                lines.append(
                    "  says no hello" if real is mine else "  DIFFERS: only one says hello"
                )
                continue
            lines.append(f"  theirs {real.ja4}, {real.record_bytes} bytes")
            lines.append(f"  ours   {mine.ja4}, {mine.record_bytes} bytes")
            lines += [f"  {name}: {how}" for name, how in differences(mine, real).items()]
    return lines


if __name__ == "__main__":
    main()
