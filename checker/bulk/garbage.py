"""Looks for garbage rarely where thousands of domains are checked at a time."""

import gc

_RARELY = 50_000
"""New objects after which it is looked for; Python looks for it after 2,000, a tenth of a run's
processor time, for what thousands of checks hold is no garbage yet."""


def look_rarely() -> None:
    """Look for garbage rarely in this process from now on, and never among its modules."""
    gc.freeze()
    gc.set_threshold(_RARELY)
