"""What came of an address is worked out once for all domains that lead there in the same way."""

from collections import OrderedDict
from dataclasses import replace

from checker.delivery.joining import Organizations, join
from checker.delivery.targets import Target
from checker.facts import Attempt, Seen
from checker.operators import Operator

_MOST = 4_000


class Attempts:
    """Those of one process."""

    def __init__(self) -> None:
        """Know none."""
        self._known: OrderedDict[tuple[int, str], tuple[Seen, Target, Attempt]] = OrderedDict()

    def join(
        self, operator: Operator, target: Target, seen: Seen, organizations: Organizations
    ) -> Attempt:
        """The attempt; see :func:`checker.delivery.joining.join`."""
        # Only a trust anchor of a TLSA record asks for the domain's own name in a certificate.
        alike = target if target.server.tlsa else replace(target, names=())
        # What was seen is one object for all who share it, as long as it is kept here.
        key = (id(seen), operator.name)
        known = self._known.get(key)
        if known is not None and known[0] is seen and known[1] == alike:
            return known[2]
        attempt = join(operator, target, seen, organizations)
        self._known[key] = (seen, alike, attempt)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return attempt
