"""What a run is done with, made of settings: in this process, in another one, or at a worker."""

import atexit
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

from checker.bulk.domains import World
from checker.bulk.turns import Caps
from checker.function.guard.opt_out import OptOuts, read_file
from checker.network.pooled import PooledResolver
from checker.operators import Operator
from checker.production import (
    build_canary,
    build_network,
    check_imitations,
    find_quick_resolver,
    find_trust,
)
from checker.settings import Settings, SettingsError


class OptOutError(ValueError):
    """The list of those who are left alone cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Making:
    """Makes it, wherever this is sent.

    Attributes:
        settings: How the world is reached.
        operators: Whose servers are simulated.
        opt_out: The list of those who are left alone.
        caps: How much is asked at a time.
        authorities: What the file of further authorities holds, where that file may not be.
    """

    settings: Settings
    operators: tuple[Operator, ...]
    opt_out: Path | None
    caps: Caps
    authorities: bytes | None = None

    def elsewhere(self) -> "Making":
        """The same for another machine, which is told whom to look at and needs no list.

        Raises:
            SettingsError: The file of further authorities cannot be read.
        """
        file = self.settings.ca_file
        try:
            content = None if file is None else file.read_bytes()
        except OSError as error:
            raise SettingsError(f"{file}: {error.strerror}") from error
        return replace(self, opt_out=None, authorities=content)

    def __call__(self) -> World:
        """Make it.

        Raises:
            ImitationError: The libraries here cannot do what an operator's server does.
            OptOutError: The list cannot be read.
            SettingsError: A setting names something that is not there.
        """
        check_imitations(self.operators)
        settings = self.settings
        if self.authorities is not None:
            settings = replace(settings, ca_file=_written(self.authorities))
        trust = find_trust(settings)
        resolver = find_quick_resolver(settings)
        network = build_network(settings, resolver, trust)
        return World(
            network,
            trust,
            self.operators,
            self._opt_outs(),
            build_canary(settings, network),
            self.caps,
            resolver.close if isinstance(resolver, PooledResolver) else lambda: None,
        )

    def _opt_outs(self) -> OptOuts:
        if self.opt_out is None:
            return OptOuts()
        try:
            return read_file(self.opt_out)
        except ValueError as error:
            raise OptOutError(f"--opt-out: {self.opt_out}: {error}") from error


def _written(content: bytes) -> Path:
    """A file with this content, for as long as this process lives."""
    folder = mkdtemp(prefix="zustellbar-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "authorities.pem"
    path.write_bytes(content)
    return path
