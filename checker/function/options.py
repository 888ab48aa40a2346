"""What can be chosen of the function that belongs to HTTP alone; each also a variable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checker.function import framing
from checker.function.guard.options import GuardOptions
from checker.function.metrics import Listener, read_listener


@dataclass(frozen=True, slots=True)
class Options:
    """What belongs to HTTP alone.

    Attributes:
        site: Folder of the built site, to be served beside the function.
        site_url: Where the site's pages are; the function's own origin unless given.
        origins: Other origins whose pages may call.
        embed_origins: Other origins whose pages may frame the form.
        guard: How strictly the function is guarded.
        metrics: Where Prometheus can fetch counts; nothing is counted unless given.
    """

    site: Path | None = None
    site_url: str = ""
    origins: frozenset[str] = field(default_factory=frozenset)
    embed_origins: tuple[str, ...] = ()
    guard: GuardOptions = field(default_factory=GuardOptions)
    metrics: Listener | None = None

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str], site: Path | None = None
    ) -> "Options":
        """Read CHECKER_SITE, CHECKER_SITE_URL, CHECKER_ORIGINS (separated by spaces), and the rest.

        Raises:
            SettingsError: A variable cannot be read.
        """
        folder = site or (
            Path(environment["CHECKER_SITE"]) if "CHECKER_SITE" in environment else None
        )
        return cls(
            folder,
            environment.get("CHECKER_SITE_URL", "").rstrip("/"),
            frozenset(environment.get("CHECKER_ORIGINS", "").split()),
            framing.origins(environment.get(framing.VARIABLE, "")),
            GuardOptions.from_environment(environment),
            read_listener(environment),
        )
