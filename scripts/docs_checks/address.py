"""Whether German pages say "Sie" to their readers."""

import re
from collections.abc import Iterator

from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.text import visible
from scripts.docs_checks.tree import Tree

_FAMILIAR = re.compile(
    r"\b(?:du|dich|dir|dein(?:e[mnrs]?)?|euch|euer|eure[mnrs]?)\b", re.IGNORECASE
)


def check(tree: Tree) -> Iterator[Complaint]:
    """Words that belong to "du" and "ihr"."""
    for page in tree.pages["de"].values():
        for line in visible(page):
            for match in _FAMILIAR.finditer(line.text):
                message = f'"{match[0]}": this site says "Sie" to its readers. Rephrase it.'
                yield Complaint(page.path, line.number, message)
