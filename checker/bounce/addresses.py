"""E-mail addresses and host names in the text of a report."""

import re
from collections.abc import Iterator
from functools import lru_cache

from checker.bounce.patterns import Pattern

_LOCAL = r"[^\s<>@\"'(),:;\[\]=|{}]{1,64}"
_DOMAIN = r"[^\W_](?:[\w.-]{0,252}\w)?"
ADDRESS = re.compile(rf"{_LOCAL}@{_DOMAIN}")

_LEADING = re.compile(
    rf"(?P<open>(?:rfc822; ?)?[\"'<(]{{0,2}})(?P<address>{_LOCAL}@{_DOMAIN})[>\"')]{{0,2}}",
    re.IGNORECASE,
)
_LOCAL_AT_END = Pattern(rf"{_LOCAL}\Z")
_DOMAIN_AT_START = Pattern(_DOMAIN)
# As classic Outlook heads what befell one of several: 'anna@example.org' on 11/20/2026 9:12 AM
_WHEN = Pattern(
    r"(?:(?:on|am|le|el|il|op|em|den|dnia|w dniu)\b ?)?(?:\w{2,10}\.?,? )?"
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.? \w{3,10}\.? \d{4})"
    r"(?:,? ?(?:at|um|à|a las|alle|om|o|kl\.?|às)?) ?\d{1,2}[:.h]\d\d(?:[:.]\d\d)?"
    r"(?: ?[ap]\.? ?m\.?| uhr)?(?: [+-]\d{4})?[:.]?\Z",
    re.IGNORECASE,
)
_NAMED = Pattern(
    rf"['\"]?[^@<>()\n]{{1,80}}['\"]? ?[<(](?P<address>{_LOCAL}@{_DOMAIN})[>)]"
    r" (?P<rest>[^\n]{6,80})"
)
_FOLLOWS = (":", "...", "(", "<mailto:", "[mailto:", "\N{HORIZONTAL ELLIPSIS}")
_MAXIMUM_SEARCHED = 200

_HOST = r"([\w][\w.-]{0,253}\w)"
_HOSTS = (
    Pattern(rf"\brelay={_HOST}\["),
    Pattern(
        r"\b(?:[Hh]ost|verification failed for|connect to|connection with|conversation with"
        rf"|error to|of server) {_HOST} ?\["
    ),
    Pattern(rf"\bH={_HOST} \["),
    Pattern(rf"\b(?:error|failure|failed) (?:from|with|at|for) ['\"]{_HOST}['\"]"),
    Pattern(rf"\brelay=\"?[0-9a-f.:\[\]]{{2,45}} \({_HOST}\)"),
    Pattern(rf"\brelay=\"?{_HOST}\.? "),
    Pattern(rf"\b(?:reset|refused|timed out) (?:by|with) {_HOST}"),
    Pattern(rf"while talking to {_HOST}"),
    Pattern(rf"\b[Cc]onnected to {_HOST}"),
    Pattern(rf"LastAttemptedServerName={_HOST}"),
    Pattern(rf"[Rr]emote [Ss]erver: {_HOST}"),
    Pattern(rf"\bFQDN={_HOST}"),
    Pattern(rf"\bby {_HOST}\.? \["),
    Pattern(rf"(?<!local )\bhost: {_HOST}"),
    Pattern(rf"\b[Hh]ostname {_HOST}"),
    Pattern(rf"(?<!\bat )\bhost {_HOST}(?![\w@-]|\.\w)"),
)
_MAXIMUM_HOST_TEXT = 20_000

_DOMAINS = (
    Pattern(rf"\bdomain=[\"']?{_HOST}"),
    Pattern(rf"\"domain\": ?\"{_HOST}\""),
    Pattern(rf"\bservers (?:was|were) available for {_HOST}"),
    Pattern(rf"\bconnecting to MX server \S{{1,300}} for {_HOST}"),
    Pattern(rf"\bserver for the domain {_HOST}"),
    Pattern(rf"\bMX (?:host|server|record)s? (?:for|of) (?:the )?(?:domain )?{_HOST}"),
    Pattern(rf"\bcouldn't find any host named {_HOST}"),
)

_OF_SENDER = Pattern(
    r"(?:\b[\w.]{0,40}(?:user|username|login|account|konto|benutzer(?:name)?)[\"']? ?[=:]"
    r"|(?:message|msg).?id|\b(?:sender|from|absender|von|de|f|return.path|reply.to|postmaster))"
    r"[^\w\n]{0,6}(?:address|rfc822; ?|mailto:)?[^\w\n]{0,4}\Z",
    re.IGNORECASE,
)
_OF_RECIPIENT = Pattern(
    r"\b(?:recipient|rcpt(?:_?to)?|empfänger(?:adresse)?)[\"']? ?[=:] ?[<\"'\[]{0,3}"
    rf"({_LOCAL}@{_DOMAIN})",
    re.IGNORECASE,
)
_IS_SENDER = Pattern(r"[\s>:)]{1,4}(?:sender|from)\b", re.IGNORECASE)
_NOT_RECIPIENTS = (
    "mailer-daemon@",
    "postmaster@",
    "mail-daemon@",
    "abuse@",
    "noreply@",
    "no-reply@",
)


def leading_address(line: str) -> tuple[str, str] | None:
    """The address that a line of a report begins with, as a heading does, and what follows."""
    stripped = line.strip()
    found = _LEADING.match(stripped)
    if found is None:
        named = _NAMED.match(stripped) if "@" in stripped else None
        return (named["address"], "") if named and _WHEN.match(named["rest"]) else None
    if found["address"].lower().startswith(_NOT_RECIPIENTS):
        return None
    rest = stripped[found.end() :]
    if not rest.strip(" :.,") or rest.lstrip().startswith(_FOLLOWS) or "<" in found["open"]:
        return found["address"], rest.lstrip(" :")
    return (found["address"], "") if _WHEN.match(rest.strip()) else None


def addresses_in(text: str, *, but_of_sender: bool = False) -> Iterator[str]:
    """The addresses in running text, in order; at most a bounded number of places is looked at.

    Args:
        text: Any.
        but_of_sender: Leave out what is named as a sender's, or as the name of a message.
    """
    at = -1
    for _ in range(_MAXIMUM_SEARCHED):
        at = text.find("@", at + 1)
        if at < 0:
            return
        local = _LOCAL_AT_END.search(text[max(0, at - 64) : at])
        domain = _DOMAIN_AT_START.match(text[at + 1 : at + 256])
        if local and domain:
            begin = at - len(local[0])
            end = at + 1 + len(domain[0])
            if but_of_sender and (
                _OF_SENDER.search(text[max(0, begin - 40) : begin])
                or _IS_SENDER.match(text[end : end + 20])
            ):
                continue
            address = f"{local[0]}@{domain[0]}"
            if not address.lower().startswith(_NOT_RECIPIENTS):
                yield address


def named_recipient(text: str) -> str | None:
    """The address that a program calls the recipient's, wherever it stands among others."""
    found = _OF_RECIPIENT.search(text) if "@" in text else None
    return found[1] if found else None


@lru_cache(maxsize=16)
def domain_in(text: str) -> str | None:
    """The recipient's domain, where a text names it without an address."""
    text = text[:_MAXIMUM_HOST_TEXT]
    found = next(filter(None, (pattern.search(text) for pattern in _DOMAINS)), None)
    return found[1].lower() if found and "." in found[1] else None


@lru_cache(maxsize=16)
def host_in(text: str) -> str | None:
    """The mail server that a text is about."""
    text = text[:_MAXIMUM_HOST_TEXT]
    for pattern in _HOSTS:
        found = pattern.search(text)
        if found and ("." in found[1] or found[1] == "localhost"):
            return found[1].lower()
    return None


def domain_of(address: str | None) -> str | None:
    """What stands behind the last ``@``."""
    if address is None:
        return None
    return address.rpartition("@")[2].lower().rstrip(".") or None
