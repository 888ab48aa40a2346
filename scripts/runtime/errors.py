"""What can go wrong while the runtime is built."""


class RuntimeBuildError(Exception):
    """The runtime cannot be built; the message says why, and what to do."""
