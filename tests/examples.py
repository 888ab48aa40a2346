"""How often Hypothesis tries what is said of any input: as `scripts/test` was asked."""

from hypothesis import settings

USUAL = 100

_QUICK = "quick"
_SHARE = 5
"""With `--quick` one example of so many is tried."""


def register() -> None:
    """Let a busy machine be no failure, and `--hypothesis-profile=quick` try fewer examples."""
    settings.register_profile("patient", deadline=None)
    settings.register_profile(_QUICK, settings(deadline=None, max_examples=USUAL // _SHARE))
    settings.load_profile("patient")


def examples(most: int) -> int:
    """How many are tried where a whole run tries so many."""
    quick = settings.get_current_profile_name() == _QUICK
    return max(most // _SHARE, 1) if quick else most
