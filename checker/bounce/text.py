"""A pasted report, a log or an .eml file -> the lines that say what went wrong.

MIME is read by one pass over the lines, without recursion: a report is a flat list of parts to us,
and a hostile one cannot nest deeper than that.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from checker.bounce.asides import OMITTED
from checker.bounce.forwarded import head_at, tells_of_failure, without_heads
from checker.bounce.patterns import Pattern
from checker.bounce.trace import after_trace, is_trace, recipient_in, refolded

MAXIMUM_INPUT = 2_000_000
"""Characters (or bytes) that are looked at; a report's cause stands before the returned mail."""

MAXIMUM_LINES = 20_000
# Two more may name the recipient.
_MAXIMUM_OWN_LINES = MAXIMUM_LINES - 2
MAXIMUM_LINE = 8_000
_MAXIMUM_BOUNDARIES = 200
_MAXIMUM_HEAD = 400
_MAXIMUM_QUOTED = 20

_CHARSET = Pattern(
    r"utf-?8|us-ascii|iso-8859-\d{1,2}|windows-12\d\d|cp12\d\d|koi8-[ru]|iso-2022-(?:jp|kr)"
    r"|shift_jis|sjis|cp932|euc-(?:jp|kr)|gb2312|gbk|gb18030|big5|utf-16(?:le|be)?",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(r"[!-9;-~]{1,80}[ \t]?:")
# What an mbox file separates its messages with.
_MAILBOX_LINE = Pattern(r">?From \S{1,300} {1,3}[A-Z][a-z]{2} [A-Z][a-z]{2} ")
_PARAMETER = Pattern(
    r";\s{0,99}(boundary|charset)\s?=\s?(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE
)
_PART_DELIMITER = Pattern(r"--\S{1,200}")
# Of a transcript, which has the marks of a quotation.
_TRANSCRIPT = Pattern(r">>> ?(?:[A-Z]{4,8}\b|\.\s*\Z|[A-Z][a-z]{3}\b[ :])")
_SOFT_BREAK = Pattern(r"=(?:3D|20|[89A-F][0-9A-F])")
_BREAKING_TAG = Pattern(r"/?(?:p|br|div|tr|li|h[1-6]|table|pre)\b", re.IGNORECASE)

# What only the head of a message bears: a paste that begins with such a line begins with a head.
_MESSAGE_HEADERS = frozenset(
    {
        "arc-seal",
        "authentication-results",
        "content-type",
        "date",
        "delivered-to",
        "dkim-signature",
        "from",
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "subject",
        "tls-report-domain",
        "to",
        "von",
        "an",
        "betreff",
        "x-failed-recipients",
        "auto-submitted",
    }
)
# A head that begins with any other field bears these.
_TELLING_HEADERS = frozenset({"from", "subject", "date"})
_KEPT_HEADERS = frozenset({"x-failed-recipients"})

# Where the returned original begins in a report without MIME.
_ORIGINAL_BELOW = (
    "below this line is a copy of the message",
    "copy of the message",
    "copy of your message",
    "body of the message is",
    "copy of the body",
    "header of the original message",
    "headers of the original message",
    "message header follows",
    "message headers follow",
    "unsent message",
    "original message",
    "returned message",
    "undelivered message",
    "message text follows",
    "kopie der nachricht",
    "kopie ihrer nachricht",
    "ursprüngliche nachricht",
    "message d'origine",
    "mensaje original",
    "mensagem original",
)
_ORIGINAL_HEADERS = (
    "below is a copy of the original message",
    "original message follows",
    "your original message follows",
    "original message headers:",
    "original message header:",
    "ursprüngliche nachrichtenkopfzeilen:",
    "kopfzeilen der ursprünglichen nachricht:",
    "ursprüngliche nachrichtenheader:",
    "en-têtes de message d'origine",
    "en-têtes du message d'origine",
    "encabezados de mensajes originales:",
    "encabezados del mensaje original:",
    "cabeçalhos de mensagem originais:",
    "intestazioni originali del messaggio",
    "oorspronkelijke berichtkoppen",
)
_ORIGINAL_INITIALS = frozenset(
    letter for start in ("-", "|", *_ORIGINAL_HEADERS) for letter in (start[0], start[0].upper())
)
# What a mail program itself puts above what is forwarded or answered.
_SEPARATOR = Pattern(
    r"(?<!-)-{2,} ?(?:original message|ursprüngliche nachricht|message d'origine|mensaje original"
    r"|mensagem original) ?-{2,}",
)
_DROPPED_TYPES = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/global-headers",
)


# What a message carries for programs; files of other types are for people.
_FOR_PROGRAMS = frozenset(
    {
        *("application/tlsrpt+gzip", "application/tlsrpt+json", "application/json"),
        *("application/gzip", "application/x-gzip", "application/octet-stream"),
    }
)
_OF_MESSAGE = ("subject", "tls-report-domain")


@dataclass(slots=True)
class _Part:
    headers: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    is_attached: bool = False

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "text/plain").split(";", 1)[0].strip().lower()

    def parameter(self, name: str) -> str | None:
        for found in _PARAMETER.finditer(self.headers.get("content-type", "")):
            if found[1].lower() == name:
                return found[2] or found[3]
        return None


def lines_of(report: str | bytes) -> list[str]:
    """The report's own lines, decoded; without the returned original and without trace lines.

    Args:
        report: A whole message, a part of one, a log, or one line.

    Returns:
        At most ``MAXIMUM_LINES`` lines, none longer than ``MAXIMUM_LINE``.
    """
    raw, ambiguous = _characters(report)
    given = _capped(raw)
    lines = list(refolded(given))
    recipient = recipient_in(given, lines)
    if lines and _MAILBOX_LINE.match(lines[0]):
        del lines[0]
    parts = list(_parts(lines))
    plain: list[str] = []
    marked_up: list[str] = []
    for part in parts:
        if part.is_attached:
            continue
        lines = _decoded(part, recode=ambiguous)
        if part.type == "text/html" or _looks_like_html(lines):
            marked_up += [*_report_only(list(refolded(_without_tags(lines)))), ""]
        else:
            # What was not encoded has been folded anew with the whole.
            lines = lines if lines is part.lines else list(refolded(lines))
            plain += [*_kept_headers(part), *_report_only(lines), ""]
    said = next(filter(_says_something, (plain, marked_up)), None)
    lines = _ends(_head_alone(given) if said is None else said)
    lines += ["", recipient] if recipient else []
    return [line[:MAXIMUM_LINE] for line in lines]


def _head_alone(given: list[str]) -> list[str]:
    """Whoever pastes a head alone means what it says, but for the way that a mail came."""
    lines = [line for line in given if not is_trace(line)]
    if _says_something(lines):
        return lines
    return [OMITTED] if _says_something(given) else []


def characters_of(report: str | bytes) -> str:
    """The text of a report, as far as it can be told before its parts are looked at."""
    return _characters(report)[0]


def attachments_of(text: str) -> tuple[dict[str, str], list[bytes]]:
    """What a message carries for programs.

    Returns:
        Fields of its head that say what it is about, and the content of each such part.
    """
    head: dict[str, str] = {}
    contents = []
    for part in _parts(_capped(text)):
        for name in _OF_MESSAGE:
            if name in part.headers:
                head.setdefault(name, part.headers[name])
        if part.type in _FOR_PROGRAMS:
            contents.append(_octets(part))
    return head, contents


def _octets(part: _Part) -> bytes:
    encoding = part.headers.get("content-transfer-encoding", "").lower()
    if encoding == "base64":
        return _from_base64(part.lines)
    octets = "\n".join(part.lines).encode("utf-8", "replace")
    return binascii.a2b_qp(octets) if encoding == "quoted-printable" else octets


def _says_something(lines: list[str]) -> bool:
    return any(line.strip() for line in lines)


def _characters(report: str | bytes) -> tuple[str, bool]:
    """The text, and whether it still has to be decoded by what its parts say of their charset."""
    if isinstance(report, str):
        return report[:MAXIMUM_INPUT], False
    octets = report[:MAXIMUM_INPUT]
    if octets[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return octets.decode("utf-16", "replace"), False
    try:
        return octets.decode("utf-8-sig"), False
    except UnicodeDecodeError as error:
        if error.start >= MAXIMUM_INPUT - 4:
            return octets[: error.start].decode("utf-8-sig"), False
    return octets.decode("latin-1"), True


def _capped(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
    return [line[:MAXIMUM_LINE] for line in _ends(lines)]


def _ends(lines: list[str]) -> list[str]:
    """The first lines and the last: a log tells at its end what became of the mail."""
    if len(lines) <= _MAXIMUM_OWN_LINES:
        return lines
    last = _MAXIMUM_OWN_LINES // 3
    return [*lines[: _MAXIMUM_OWN_LINES - last - 1], OMITTED, *lines[-last:]]


def _parts(lines: list[str]) -> Iterator[_Part]:
    part, at = _head(lines, 0) if _begins_with_head(lines) else (_Part(), 0)
    boundaries: set[str] = set()
    status_seen = False
    within: set[str] | None = None  # the delimiters that end a returned original
    while True:
        boundary = part.parameter("boundary")
        if boundary and within is None and len(boundaries) < _MAXIMUM_BOUNDARIES:
            boundaries.add(boundary)
        while at < len(lines) and not _is_delimiter(lines, at, boundaries, within):
            if within is None or part.is_attached:
                part.lines.append(lines[at])
            at += 1
        if within is None or part.is_attached:
            yield part if at >= len(lines) else _without_preamble(part)
        if at >= len(lines):
            return
        boundaries.add(lines[at].strip().removeprefix("--").removesuffix("--"))
        within = None
        part, at = _head(lines, at + 1)
        status_seen = status_seen or part.type.endswith("delivery-status")
        if part.type in _DROPPED_TYPES:
            inner, after = _head(lines, at)
            # A report that somebody forwarded as an attachment is what we are asked about.
            is_report = inner.type == "multipart/report" or "tls-report-domain" in inner.headers
            if not status_seen and is_report:
                part, at = inner, after
            else:
                within = set(boundaries)
        elif part.type.startswith(("image/", "audio/", "video/", "application/")):
            within = set(boundaries)
            part.is_attached = part.type in _FOR_PROGRAMS


def _without_preamble(part: _Part) -> _Part:
    """A part that another follows, without what is for readers without MIME (RFC 2046, 5.1.1)."""
    if part.type.startswith("multipart/"):
        part.lines.clear()
    return part


def _is_delimiter(lines: list[str], at: int, boundaries: set[str], within: set[str] | None) -> bool:
    line = lines[at]
    if not line.startswith("--"):
        return False
    line = line.rstrip()
    name = line[2:]
    if name in boundaries or name.removesuffix("--") in boundaries:
        return True
    if within is not None or len(boundaries) >= _MAXIMUM_BOUNDARIES:
        return False
    follows = lines[at + 1][:8].lower() if at + 1 < len(lines) else ""
    return follows == "content-" and _PART_DELIMITER.fullmatch(line) is not None


def _begins_with_head(lines: list[str]) -> bool:
    """Whether a head stands first: its first line tells, or that nothing but fields follow it."""
    at = next((number for number, line in enumerate(lines) if line.strip()), 0)
    names: list[str] = []
    for line in lines[at : at + _MAXIMUM_HEAD]:
        if not line.strip():
            break
        if line[0] in " \t" and names:
            continue
        if not _HEADER_LINE.match(line):
            return False
        names.append(line.split(":", 1)[0].strip().lower())
        if len(names) == 1 and names[0] in _MESSAGE_HEADERS:
            return True
    return _MESSAGE_HEADERS.intersection(names) >= _TELLING_HEADERS


def _head(lines: list[str], at: int) -> tuple[_Part, int]:
    """Read a head from a line on, and say where the body begins."""
    part = _Part()
    while at < len(lines) and not lines[at].strip() and not part.headers:
        if at + 1 < len(lines) and not _HEADER_LINE.match(lines[at + 1]):
            return part, at + 1
        at += 1
    name = ""
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            return part, at + 1
        if line[0] in " \t" and name:
            if len(part.headers[name]) < MAXIMUM_LINE:
                part.headers[name] += " " + line.strip()
        elif _HEADER_LINE.match(line):
            name, _, value = line.partition(":")
            name = name.strip().lower()
            part.headers[name] = value.strip()
        else:
            return part, at
        at += 1
    return part, at


def _kept_headers(part: _Part) -> list[str]:
    kept = [f"{name}: {part.headers[name]}" for name in _KEPT_HEADERS if name in part.headers]
    return [*kept, ""] if kept else []


def _decoded(part: _Part, *, recode: bool) -> list[str]:
    encoding = part.headers.get("content-transfer-encoding", "").lower()
    charset = part.parameter("charset") or "utf-8"
    text = "\n".join(part.lines)
    octets: bytes | None = None
    if encoding == "base64":
        octets = _from_base64(part.lines)
    elif encoding == "quoted-printable" or (not encoding and _is_pasted_quoted_printable(text)):
        octets = binascii.a2b_qp(text.encode("latin-1" if recode else "utf-8", "replace"))
    elif recode:
        octets = text.encode("latin-1")
    elif "\x1b$" in text:
        octets, charset = text.encode("ascii", "replace"), "iso-2022-jp"
    if octets is None:
        return part.lines
    return _capped(_from_charset(octets, charset))


def _from_base64(lines: list[str]) -> bytes:
    letters = "".join(takewhile(str.strip, lines)) if lines and lines[0].strip() else "".join(lines)
    letters = letters[: len(letters) // 4 * 4]
    try:
        return binascii.a2b_base64(letters.encode("ascii", "ignore"))
    except binascii.Error:
        return letters.encode("utf-8", "replace")


def _from_charset(octets: bytes, charset: str) -> str:
    names = [charset, "utf-8"] if _CHARSET.fullmatch(charset) else ["utf-8"]
    for name in names:
        try:
            return octets.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return octets.decode("cp1252", "replace")


def _is_pasted_quoted_printable(text: str) -> bool:
    return "=\n" in text and _SOFT_BREAK.search(text) is not None


def _looks_like_html(lines: list[str]) -> bool:
    start = "\n".join(lines[:50]).lower()
    return "<html" in start or "<body" in start or "<br" in start


def _without_tags(lines: list[str]) -> list[str]:
    import html  # noqa: PLC0415 - two thousand names of characters, which most reports need not

    pieces = "\n".join(lines).split("<")
    out = [pieces[0]]
    for piece in pieces[1:]:
        tag, closed, text = piece.partition(">")
        if not closed or "@" in tag:
            out.append("<" + piece)
        else:
            out.append(("\n" if _BREAKING_TAG.match(tag) else "") + text)
    return _capped(html.unescape("".join(out)))


def _report_only(lines: list[str]) -> list[str]:
    """Without quote marks, without the returned original, without trace lines and heads."""
    kept: list[str] = []
    skipping_folds = False
    for number, quoted in enumerate(lines):
        line = _unquoted(quoted) if quoted.startswith(">") else quoted
        if skipping_folds and line[:1] in {" ", "\t"} and line.strip():
            continue
        skipping_folds = is_trace(line)
        if skipping_folds:
            line = after_trace(line)
            if not line:
                continue
        original = _original_in(line)
        if original and not _is_forwarded(original, lines, number, kept):
            break
        kept.append(line)
    return without_heads(kept)


def _unquoted(line: str) -> str:
    for _ in range(_MAXIMUM_QUOTED):
        if not line.startswith(">") or _TRANSCRIPT.match(line):
            break
        line = line[1:].removeprefix(" ")
    return line


def _original_in(line: str) -> str:
    """The line in lower case if an original begins below it, else nothing."""
    text = line.strip()
    if text[:1] not in _ORIGINAL_INITIALS or len(text) > 200:  # noqa: PLR2004 - a heading is short
        return ""
    text = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lstrip("|")
    if text.startswith("--"):
        return text if any(phrase in text for phrase in _ORIGINAL_BELOW) else ""
    return text if text.startswith(_ORIGINAL_HEADERS) else ""


def _is_forwarded(original: str, lines: list[str], number: int, kept: list[str]) -> bool:
    """Whether a mail that somebody forwarded stands there, and not the one that failed."""
    head = head_at(lines, number + 1, least=1)
    if head is None:
        return False
    is_of_program = _SEPARATOR.fullmatch(original) is not None
    return head.is_of_report or (is_of_program and not tells_of_failure(kept))
