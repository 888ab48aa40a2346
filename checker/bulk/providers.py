"""Whom to call: domains that one provider can mend at a stroke belong together. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from publicsuffixlist import PublicSuffixList

from checker.bulk.store import Answered
from checker.network.addresses import is_ip_address
from checker.problems import PROBLEMS, Mender


@dataclass(slots=True)
class Provider:
    """Who runs the mail servers of some domains that get no mail.

    Attributes:
        name: The domain that most of the servers' names stand below, or an IP address.
        answers: What came of each domain.
        hosts: The names of the servers.
        problems: So many domains by problem, the most frequent first.
    """

    name: str
    answers: list[Answered] = field(default_factory=list)

    @property
    def hosts(self) -> list[str]:
        """The names of the servers, without duplicates."""
        return list(dict.fromkeys(one.host for one in self.answers if one.host))

    @property
    def problems(self) -> list[tuple[str, int]]:
        """So many domains by problem, the most frequent first."""
        return Counter(one.problem for one in self.answers).most_common()

    @property
    def lines(self) -> int:
        """So many lines of the list name one of the domains."""
        return sum(one.lines for one in self.answers)


def organization(host: str) -> str:
    """The part of a host's name that somebody registered: one label below a public suffix."""
    if is_ip_address(host):
        return host
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    """The list at publicsuffix.org, as the library brings it along; both of its parts."""
    return PublicSuffixList()


def providers(answers: Iterable[Answered]) -> tuple[list[Provider], list[Answered]]:
    """Group what was not delivered by who can mend it.

    Servers belong together whose names stand below one domain, or that share an address: many
    customers give their provider's server a name of their own.

    Args:
        answers: Of domains that get no mail.

    Returns:
        The providers, the one of most domains first; and what the owners of the domains can mend
        themselves, each for their own.
    """
    groups = _Groups()
    theirs, owners = list[tuple[str, Answered]](), list[Answered]()
    for one in answers:
        if one.host is None or PROBLEMS[one.problem].mender is Mender.DOMAIN_OWNER:
            owners.append(one)
            continue
        name = organization(one.host)
        theirs.append((name, one))
        if one.address is not None:
            groups.join(name, one.address)
    found = dict[str, Provider]()
    names = dict[str, Counter[str]]()
    for name, one in theirs:
        root = groups.root(name)
        found.setdefault(root, Provider(name)).answers.append(one)
        names.setdefault(root, Counter())[name] += 1
    for root, provider in found.items():
        provider.name = _name(names[root], provider)
    return sorted(found.values(), key=lambda one: -len(one.answers)), owners


def _name(names: Counter[str], provider: Provider) -> str:
    """That of most domains; where each has one of its own, the address that they share."""
    ((name, count),) = names.most_common(1)
    if len(names) > 1 and count == 1:
        return provider.answers[0].address or name
    return name


class _Groups:
    """Things that belong together because they share something."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, name: str) -> str:
        while (above := self._above.get(name, name)) != name:
            self._above[name] = self._above.get(above, above)
            name = above
        return name

    def join(self, one: str, other: str) -> None:
        self._above[self.root(other)] = self.root(one)
