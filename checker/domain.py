"""What a visitor typed -> the domain name that mail would go to, or a clear error."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import idna

MAXIMUM_TYPED = 2_000
"""Characters of input that are looked at; an address may be 254 (RFC 5321 4.5.3.1.3)."""

_MAXIMUM_NAME = 253
_MAXIMUM_LABEL = 63

# Names that the public DNS never answers for mail: of RFC 6761, RFC 6762 and its appendix G, RFC
# 7686, RFC 8375, RFC 9462, RFC 9476 and RFC 9665, ICANN's .internal, and what ICANN gives to nobody
# because private networks use it. ".test" and ".example" are left out: a resolver that knows them
# may answer.
_SPECIAL_USE = frozenset(
    [
        *("localhost", "local", "invalid", "onion", "alt", "internal"),
        *("home.arpa", "resolver.arpa", "service.arpa"),
        *("lan", "home", "corp", "mail", "intranet", "private", "localdomain"),
    ]
)

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_AFTER_HOST = re.compile(r"[/?#]")
_AFTER_ADDRESS = re.compile(r"[>,;?]")
_PORT = re.compile(r":\d{0,5}")

# What may hold an address and is none: a quoted name or local part, and a comment (RFC 5322).
_ASIDE = re.compile(r'"[^"]*"|\([^()]*\)')
_NAMED = re.compile(r"<([^<>@\s]*@[^<>\s]*)>")
_BLANK = re.compile(r"\s")
_BETWEEN = re.compile(r"[\s,;]+")
_NAME = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:[^\W\d_]{2,}|xn--[a-z0-9-]+)", re.IGNORECASE)


class Reason(StrEnum):
    """Why an input is no domain that mail could go to."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    IP_ADDRESS = "ip-address"
    SINGLE_LABEL = "single-label"
    SPECIAL_USE = "special-use"
    INVALID_CHARACTERS = "invalid-characters"
    INVALID_IDNA = "invalid-idna"
    SEVERAL = "several"


class DomainError(ValueError):
    """The input is no domain name; ``reason`` says why, ``found`` holds several names."""

    def __init__(self, reason: Reason, found: Sequence[str] = ()) -> None:
        """Keep the reason; the words for it belong to the page."""
        super().__init__(str(reason))
        self.reason = reason
        self.found = tuple(found)


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain name as the DNS knows it, and as people read it.

    Attributes:
        ascii: A-labels, lower case, without the trailing dot.
        unicode: U-labels.
    """

    ascii: str
    unicode: str


def parse(typed: str) -> Domain:
    """Take the domain out of an e-mail address, a URL or a bare name.

    Args:
        typed: Whatever was typed or pasted; of an address only what stands behind the last ``@``
            is used, of a URL only its host.

    Returns:
        The domain; internationalised names are mapped after UTS 46 and checked after IDNA 2008.

    Raises:
        DomainError: With the reason.
    """
    text = typed.strip()
    if not text:
        raise DomainError(Reason.EMPTY)
    if len(text) > MAXIMUM_TYPED:
        raise DomainError(Reason.TOO_LONG)
    if len(found := _names(text)) > 1:
        raise DomainError(Reason.SEVERAL, found)
    name = _host(text)
    _refuse_ip_address(name)
    ascii_name = _to_ascii(name)
    labels = ascii_name.split(".")
    if not _SPECIAL_USE.isdisjoint((labels[-1], ".".join(labels[-2:]))):
        raise DomainError(Reason.SPECIAL_USE)
    if len(labels) == 1:
        raise DomainError(Reason.SINGLE_LABEL)
    if labels[-1].isdigit():
        raise DomainError(Reason.IP_ADDRESS)
    return Domain(ascii_name, _to_unicode(ascii_name))


def _names(text: str) -> list[str]:
    """The different domains of the addresses, or of the names, that the text lists."""
    # An address of the web may hold all that stands between others.
    if _SCHEME.match(text) and not _BLANK.search(text):
        return []
    plain = _ASIDE.sub(" ", text)
    pieces = _NAMED.findall(plain) or _BETWEEN.split(plain)
    names = (_host_or_nothing(piece).lower() for piece in pieces)
    return list(dict.fromkeys(name for name in names if _NAME.fullmatch(name)))


def _host_or_nothing(piece: str) -> str:
    try:
        return _host(piece)
    except DomainError:
        return ""


def _host(text: str) -> str:
    if _SCHEME.match(text):
        try:
            host = urlsplit(text).hostname
        except ValueError:
            raise DomainError(Reason.INVALID_CHARACTERS) from None
        return (host or "").rstrip(".")
    _, at, behind = text.rpartition("@")
    if at:
        # Mail programs copy "Anna <anna@example.org>, ..." and "mailto:anna@example.org?subject=".
        return _AFTER_ADDRESS.split(behind, maxsplit=1)[0].strip().rstrip(".")
    bare = _AFTER_HOST.split(text.removeprefix("//"), maxsplit=1)[0]
    if bare.count(":") == 1:
        name, colon, port = bare.partition(":")
        bare = name if _PORT.fullmatch(colon + port) else bare
    return bare.rstrip(".")


def _refuse_ip_address(name: str) -> None:
    literal = name.removeprefix("[").removesuffix("]")
    if literal[:5].lower() == "ipv6:":
        literal = literal[5:]
    try:
        ipaddress.ip_address(literal.partition("%")[0])
    except ValueError:
        return
    raise DomainError(Reason.IP_ADDRESS)


def _to_ascii(name: str) -> str:
    if not name:
        raise DomainError(Reason.EMPTY)
    if any(character.isspace() or not character.isprintable() for character in name):
        raise DomainError(Reason.INVALID_CHARACTERS)
    # IDNA takes time that grows with the length, so the cap stands before it.
    if len(name) > _MAXIMUM_NAME:
        raise DomainError(Reason.TOO_LONG)
    if name.isascii():
        ascii_name = name.lower()
    else:
        try:
            ascii_name = idna.encode(name, uts46=True, std3_rules=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise DomainError(Reason.INVALID_IDNA) from None
        ascii_name = ascii_name.rstrip(".")
        _refuse_ip_address(ascii_name)
    labels = ascii_name.split(".")
    if len(ascii_name) > _MAXIMUM_NAME or any(len(label) > _MAXIMUM_LABEL for label in labels):
        raise DomainError(Reason.TOO_LONG)
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise DomainError(Reason.INVALID_CHARACTERS)
    return ascii_name


def _to_unicode(ascii_name: str) -> str:
    try:
        return idna.decode(ascii_name)
    except (idna.IDNAError, UnicodeError):
        # Labels such as "r3---sn" are in use although IDNA reserves them; only a label that claims
        # to be an A-label must be one.
        if any(label.startswith("xn--") for label in ascii_name.split(".")):
            raise DomainError(Reason.INVALID_IDNA) from None
        return ascii_name
