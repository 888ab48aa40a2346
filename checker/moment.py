"""Moments as an answer writes them."""

from datetime import UTC, datetime


def timestamp(moment: datetime) -> str:
    """A moment as RFC 3339 writes it, in UTC and whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
