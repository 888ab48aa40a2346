"""The words of a page that people read, without code, addresses and what the build puts in."""

import re
from collections.abc import Iterator

from scripts.docs_checks.tree import Line, Page

_INVISIBLE = re.compile(
    r"<!--.*?-->"
    # A command in a letter, which may go on in the next line.
    r"|^[ \t]*(?:openssl|posttls-finger|dig|curl|nc) (?:[^\n]*\\\n)*[^\n]*$"
    r"|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
    r"|\{\{.*?\}\}|\{%.*?%\}|\{:?\s*[#.][^}]*\}"
    # What the build puts in; what is to be filled in is named in words.
    r"|\[\[(?:fill-in:|[a-z-]+\]\])"
    r"|(?<=\])\([^)]*\)"
    r"|</?[a-z][^>]*>"
    r"|\b[a-z][a-z0-9+.-]*://\S+"
    r"|\S+@\S+"
    r"|[\w-]+(?:\.[\w-]+)+"
    r"|^\s*--8<--.*$"
    # The kind of a box or of a folded part, which only the build reads.
    r"|^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+[a-z-]+",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_FOREIGN = re.compile(r"„[^“]*“|“[^”]*”|\[[^\]]*\](?=\(https?:)")
_READ = re.compile(r"^(?:title|description):(?P<text>.*)$")


def foreign(page: Page) -> Iterator[str]:
    """What may be in any language: quotations, and the titles of other sites' pages."""
    for line in page.prose:
        yield from _FOREIGN.findall(line.text)


def visible(page: Page) -> Iterator[Line]:
    """The title, the description and the prose, line by line."""
    for number, line in enumerate(page.text.splitlines()[: page.front_matter_lines], 1):
        if match := _READ.match(line):
            yield Line(number, _INVISIBLE.sub(" ", match["text"]))
    # Over all lines at once, for a comment may be longer than one.
    numbers = [line.number for line in page.prose]
    text = "\n".join(line.text for line in page.prose)
    text = _INVISIBLE.sub(lambda match: " " + "\n" * match[0].count("\n"), text)
    for number, line in zip(numbers, text.split("\n"), strict=True):
        yield Line(number, line)
