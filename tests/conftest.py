"""What tests of every kind share."""

from collections.abc import Iterator

import pytest

from tests.lab import Lab


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The running mail lab, on ports of its own, so that another one may run beside it."""
    with Lab(smtp_port=0, dns_port=0) as running:
        yield running
