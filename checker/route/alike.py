"""Which well-known domain a misspelled one may have meant; nobody is asked for it."""

from collections.abc import Iterator, Sequence

KNOWN = (
    *("gmail.com", "googlemail.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de"),
    *("t-online.de", "magenta.de", "freenet.de", "arcor.de", "vodafone.de", "vodafonemail.de"),
    *("outlook.com", "outlook.de", "hotmail.com", "hotmail.de", "live.com", "live.de", "msn.com"),
    *("yahoo.com", "yahoo.de", "aol.com", "aol.de", "icloud.com", "me.com", "mac.com", "mail.com"),
    *("posteo.de", "mailbox.org", "proton.me", "protonmail.com", "online.de", "1und1.de"),
    *("mail.de", "bluewin.ch", "a1.net", "aon.at", "chello.at", "fastmail.com", "zoho.com"),
    *("comcast.net",),
)
"""Domains of large providers in whose name many people have a mailbox."""

_MOST = 3
_TWO_WRONG = 8
"""From how many characters on two of them may be wrong."""


def alike(domain: str) -> list[str]:
    """The domains that the given one resembles most.

    Args:
        domain: A-labels, lower case.

    Returns:
        At most three; none where it is one of the well-known itself.
    """
    if domain in KNOWN:
        return []
    bound = 2 if len(domain) >= _TWO_WRONG else 1
    far = {known: _distance(domain, known, bound) for known in KNOWN}
    least = min(bound, *far.values())
    near = [known for known in KNOWN if far[known] == least]
    return [*_without_www(domain), *near][:_MOST]


def _without_www(domain: str) -> Iterator[str]:
    name = domain.removeprefix("www.")
    if name != domain and "." in name:
        yield name


def _distance(one: str, other: str, bound: int) -> int:
    """How many characters are wrong, missing, too many or swapped with their neighbour.

    The restricted distance of Damerau and Levenshtein; beyond the bound it is only larger.
    """
    if abs(len(one) - len(other)) > bound:
        return bound + 1
    before: Sequence[int] = ()
    last = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            least = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before, last = last, row
    return last[-1]
