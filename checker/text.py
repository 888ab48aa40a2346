"""Text from strangers, made harmless."""


def printable(text: str, limit: int = 300) -> str:
    """Cap a text, and replace what a terminal, a log or a reader could mistake.

    Args:
        text: From a mail server, a certificate or the DNS.
        limit: Characters to keep.

    Returns:
        The text without control, format and bidirectional characters.
    """
    kept = text[:limit]
    if kept.isprintable():
        return kept
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in kept)
