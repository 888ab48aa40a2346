"""Whether a page says by hand what an operator's file says.

A version or a time that stands beside an operator's name is a fact of that operator. It is put in
from the operator's file, so that a change there changes every page. What stands in quotation marks
is the operator's own wording and stays.
"""

import re
from collections.abc import Iterator, Mapping

from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.tree import CODE, Tree

_FACT = re.compile(
    r"\bTLS\s?v?1\.[0-3]\b"
    r"|\b(?:\d+|an?|one|two|three|four|five|six|seven|several)[\s-](?:minutes?|hours?|days?|weeks?)\b"
    r"|\b(?:\d+|eine?n?|zwei|drei|vier|fünf|sechs|sieben|mehrere)\s(?:Minuten?|Stunden?|Tage?n?|Wochen?)\b"
    r"|\bP(?:T?\d+[DHMS])+\b",
    re.IGNORECASE,
)
_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_TARGET = re.compile(r"\]\([^)]*\)")
_QUOTATION = re.compile(r"[„“”]")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\|")

_PUT_IN = (
    "Put it in from there: TLS {{ operator.tls.minimum }}, {{ operator.tls | versions }} "
    "or {{ operator.delivery.retry_for | duration }}"
)
_LINK = "Say it on the page senders/{operator}.md only, and link there."


def check(tree: Tree, titles: Mapping[str, str]) -> Iterator[Complaint]:
    """Facts that are typed instead of put in.

    Args:
        tree: The pages.
        titles: Operator -> the name as people write it.
    """
    names = {operator: title.split()[0] for operator, title in titles.items()}
    for page in tree:
        own = page.about.get("operator")
        for line in page.prose:
            for sentence in _SENTENCE.split(_TARGET.sub("]", CODE.sub("", line.text))):
                fact = _FACT.search(_EXPRESSION.sub("", sentence))
                named = [
                    operator
                    for operator, name in names.items()
                    if re.search(rf"\b{re.escape(name)}", sentence)
                    or (operator == own and "operator.name" in sentence)
                ]
                if fact and named and not _QUOTATION.search(sentence):
                    source = f"checker/operators/{named[0]}.toml"
                    remedy = _PUT_IN if own in named else _LINK.format(operator=named[0])
                    message = f'"{fact[0]}" is a fact from {source}. {remedy}'
                    yield Complaint(page.path, line.number, message)
