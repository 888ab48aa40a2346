"""Does what a mail operator's server would do, up to the point where mail would be handed over."""
