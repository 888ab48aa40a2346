"""Lints the scripts of the site and of the tests: ``python -m scripts.node.eslint [FILE…]``."""

import os
import subprocess
import sys
from collections.abc import Sequence

from scripts.node.npm import NpmError, node
from scripts.node.packages import ROOT, NodePackagesError, installed

_FOLDERS = ("overrides/assets", "tests")


def main(arguments: Sequence[str]) -> int:
    """Run ESLint with ``eslint.config.cjs``.

    Args:
        arguments: Files, folders or options; all scripts unless given.

    Returns:
        Its exit status: 0 where there is nothing to mend.
    """
    try:
        packages = installed("eslint")
        command = [*node(), str(packages / "eslint" / "bin" / "eslint.js"), "--max-warnings=0"]
    except (NodePackagesError, NpmError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    # Node looks for what the configuration asks for beside it, and then here.
    environment = {**os.environ, "NODE_PATH": str(packages)}
    done = subprocess.run(  # noqa: S603 - ESLint, on our own files
        [*command, *(arguments or _FOLDERS)], cwd=ROOT, env=environment, check=False
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
