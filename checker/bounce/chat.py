"""Where whoever pastes a report goes on in words of their own, right below it."""

from checker.bounce.patterns import Pattern

# Words of German that English does not have: servers speak English, most who paste do not.
_GERMAN = Pattern(
    r"[äöüß]|(?<!\w)(?:ich|mir|mich|wir|uns|sie|ihr|wie|wer|warum|wieso|bitte|und|oder|aber|das|der|ist"
    r"|sind|nicht|kann|habe|haben|hilfe|danke|dank|vielen|viele|gruss|grusse|gruesse|gesendet"
    r"|jemand|ein|eine|einen|einem|auf|von|zu|zum|dringend|bedeutet|heisst|tun|nun|mein|meine"
    r"|meiner|kein|keine|hallo|lg|mfg|vg)(?!\w)",
)
# Nothing that a server says begins so, unless a sentence has ended before.
_SPOKEN = Pattern(
    r"(?:can|could|would|will) (?:you|anyone|anybody|someone|somebody|i|we)\b"
    r"|any (?:ideas?|help|advice|suggestions?)\b|(?:many )?thank(?:s| you)\b"
    r"|(?:best|kind|warm|many) (?:regards|wishes)\b|regards\b|cheers\b|yours\b"
    r"|sent from (?:my|outlook|mail|yahoo|samsung)\b|get outlook for\b"
    r"|(?:do|does|did|should|is|are|am) (?:you|i|we|anyone|anybody|this|that|there|it)\b"
    r"[^\n]{0,300}\?"
    r"|please (?:help|advise)\b|i(?:'m| am|'ve| have| do| don't| can| can't| cannot| get| got"
    r"| tried| need| think| would| only)\b|(?:what|why|how|who|where|when)\b[^\n]{0,300}\?"
    r"|(?:hi|hello|hey)(?:,|!|\Z| (?:all|there|everyone|support)\b)|dear\b"
)
# What mail programs and people draw above what does not belong together.
_LINE_DRAWN = Pattern(r"[-_=*~#]{2,200}\Z")
_LONGEST = 400


def begins(before: str, line: str) -> bool:
    """Whether a line speaks in other words than the line of a report before it.

    Args:
        before: The line before.
        line: The line; a letter in it may be of either case.
    """
    lowered = line[:_LONGEST].lower()
    if _SPOKEN.match(lowered) or _LINE_DRAWN.match(lowered):
        return True
    return bool(_GERMAN.search(lowered)) and not _GERMAN.search(before[-_LONGEST:].lower())
