"""Does what a mail operator's server would do, up to the point where mail would be handed over."""

__version__ = "0.1.0"
