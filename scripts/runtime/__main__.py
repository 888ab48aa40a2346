"""Builds the runtime alone: ``python -m scripts.runtime [--best]``."""

import argparse
import sys

from scripts.runtime.build import build
from scripts.runtime.errors import RuntimeBuildError


def main() -> int:
    """Build, and say where it is."""
    parser = argparse.ArgumentParser(prog="python -m scripts.runtime")
    parser.add_argument("--best", action="store_true", help="the smallest side files; slow")
    arguments = parser.parse_args()
    try:
        runtime = build(best=arguments.best)
    except RuntimeBuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{runtime.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
