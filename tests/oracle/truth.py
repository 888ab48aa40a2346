"""What real servers do with a mail to each domain of the lab: ``python -m tests.oracle.truth``.

It prints JSON: by domain and by sender what became of the mail, and what the server said of it.
Where chance may decide, each try counts.
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.lab.domains import DOMAINS
from tests.oracle.launch import send_and_check
from tests.oracle.profiles import all_profiles, alternatives


def main() -> None:
    """Print it."""
    with tempfile.TemporaryDirectory() as folder:
        happened = send_and_check(Path(folder), "all", "truth")["happened"]
    profiles = [profile.name for profile in (*all_profiles(), *alternatives())]
    truth = {
        domain.domain: {
            name: _summary(happened.get(name, {}).get(domain.domain, ())) for name in profiles
        }
        for domain in DOMAINS
    }
    json.dump(truth, sys.stdout, indent=1)


def _summary(tries: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    fates = Counter(one["fate"] for one in tries)
    said = list(dict.fromkeys(" / ".join(one["reasons"]) for one in tries))
    return {"fates": fates, "said": said}


if __name__ == "__main__":
    main()
