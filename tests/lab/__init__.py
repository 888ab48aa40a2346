"""The mail lab: a signed DNS and mail servers of every kind, on loopback addresses."""

from tests.lab.errors import LabError
from tests.lab.laboratory import Lab

__all__ = ["Lab", "LabError"]
