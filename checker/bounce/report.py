"""The lines of a report -> one section for each recipient."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

from checker.bounce import chat
from checker.bounce.action import action_in_log, action_in_words, action_of, retry_until
from checker.bounce.addresses import (
    ADDRESS,
    addresses_in,
    domain_in,
    domain_of,
    host_in,
    leading_address,
    named_recipient,
)
from checker.bounce.asides import OMITTED, without_asides
from checker.bounce.fields import Block, split_fields
from checker.bounce.model import Action, Phase, Piece, Section
from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import lower

MAXIMUM_RECIPIENTS = 500
_MAXIMUM_ENTRIES = 8
_MAXIMUM_PHASE_TEXT = 20_000
_MAXIMUM_COMMON = 60_000
# More than that is not looked at for asides; what they leave may still fill a text.
_MAXIMUM_TOLD = 2 * _MAXIMUM_COMMON
# What the recipients share between them, and what is left to each text of one.
_MAXIMUM_OWN = 120_000
_MINIMUM_OWN = 400

_TYPE = Pattern(r"\A\s*(?:smtp|lmtp|esmtp|x-[\w-]{1,40}|dns|unix|local)\s*;\s*", re.IGNORECASE)
# In lower case
_IN_ENVELOPE = (
    Pattern(r"in reply to (?:\w{1,12} )?(?:mail|rcpt|data|end of data|bdat|message)\b"),
    Pattern(
        r"(?:error|reject|response|said)[^\n]{0,80}"
        r" after (?:pipelined |sending )?(?:mail from|mail command|rcpt|data|end of data|bdat)"
    ),
    Pattern(r"(?:does|did) not like (?:recipient|sender)"),
    Pattern(r"doesn't like (?:recipient|sender)"),
    Pattern(r"failed after i sent the message\.?\s+remote host said"),
    Pattern("failed on data command"),
    Pattern("but sender was rejected"),
    Pattern(r"\"command\": ?\"(?:mail|rcpt|data|\.)"),
    # As swaks marks what was not expected
    Pattern(r"[-~]> (?:mail|rcpt|data|\.)[^\n]{0,300} <[~*]\* {1,2}[45]\d\d"),
)
_EXIM_MARKS = (" == ", " ** ", " => ", " -> ")
_REPLIED = Pattern(r"(?<![\d.:#-])[45]\d\d[ -]")
_MAXIMUM_BEGINNING = 300
_SESSION = Pattern(r" X=TLS\S{1,200}(?: CV=\w{1,4})?(?: (?:DN|SNI)=\"[^\"]{0,200}\")?")
_LOGGED = Pattern(rf"\bto=<?({ADDRESS.pattern})>?|\s(?:==|\*\*|[=-]>) ({ADDRESS.pattern})")
_JSON_RECIPIENT = Pattern(rf"\"(?:recipient|rcpt|to)\": ?\"<?({ADDRESS.pattern})")
_GREETING = "greeting"
_EARLY = {
    **dict.fromkeys((_GREETING, "ehlo", "helo"), "refused to talk to me: {}"),
    "starttls": "{} (in reply to STARTTLS)",
}
_LOG_REASON = Pattern(r"\b(?:status=\w{1,20} \(|stat=\"?)(.{1,8000})")
_LOG_CODE = Pattern(r"\bdsn=([245]\.\d{1,3}\.\d{1,3})")
_INNER_MESSAGE = Pattern(r"\[\{?Message=([^\]]{1,2000})", re.IGNORECASE)
_LOGGED_REPLY = Pattern(r"\breply=([45]\d\d [^,]{0,200}\bTLS\b[^,]{0,200}),")
_LAST_ERROR = Pattern(r"(?<!\w)LED=([^}\[]{1,2000})", re.IGNORECASE)
_COMMAND = Pattern(r"\s{0,8}>>> ?(\S{1,10})(.{0,400})")
_REPLY = Pattern(r"\s{0,8}<<< ?([245]\d\d.{0,2000})")
_ENVELOPE_COMMANDS = frozenset({"mail", "rcpt", "data", "bdat", "."})
_FIRST_LINE = Pattern(r"\b[245]\d\d-\S")
_LINE_OF_REPLY = Pattern(
    r"(?P<gap> {0,2})(?<![\w.:#-])(?P<code>[245]\d\d)(?P<sign>[ -])"
    r"(?:(?P<enhanced>[245]\.\d{1,3}\.\d{1,3}) ?)?"
)
_QMAIL_REASON = Pattern(r"\bdelivery \d{1,9}: (?:failure|deferral): (\S.{0,8000})")
# Nothing is wrapped narrower.
_LEAST_WIDTH = 40
_PARAGRAPH = Pattern(r"\n[^\S\n]{0,80}\n")
_COMMENT = Pattern(r"\((.{1,1000})\)\s{0,9}\Z")
_STATUS = Pattern(r"[245]\.\d{1,3}\.\d{1,3}")


class _Common(NamedTuple):
    """What belongs to no single recipient, looked at once for all of them."""

    text: str
    pieces: tuple[Piece, ...]
    in_envelope: bool
    action: Callable[[], Action | None]
    retry_until: str | None


class _Told(NamedTuple):
    """What a text about a recipient tells.

    Attributes:
        inner: The innermost causes.
        outer: The text itself.
        host: The mail server that it names.
        domain: The recipient's domain that it names.
        status: The status code that it names, as a log does.
    """

    inner: tuple[str, ...]
    outer: str
    host: str | None
    domain: str | None
    status: str | None


class _Transcript(NamedTuple):
    """Refusals in a transcript.

    Attributes:
        refusals: Of RCPT by recipient; of MAIL and DATA under no name.
        early: Instead of a greeting and of STARTTLS, the last first.
    """

    refusals: dict[str, list[str]]
    early: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    recipient: str | None
    texts: list[str] = field(default_factory=list)
    host: str | None = None
    status: str | None = None
    action: Action | None = None
    retry_until: str | None = None
    logged: bool = False
    """Whether it is one of several in a log, whose other lines are not about all of them."""


def sections_of(lines: Sequence[str]) -> tuple[Section, ...]:
    """Split a report by recipient.

    Args:
        lines: Of ``checker.bounce.text``.

    Returns:
        A section for each recipient; one without an address if the report names none; none for
        an empty report.
    """
    if not any(line.strip() for line in lines):
        return ()
    blocks, human = split_fields(lines)
    headings, common_lines, logged = _headings(human)
    transcript = _transcript(human)
    drafts = _from_fields(blocks)
    if any(draft.recipient for draft in drafts):
        told = {address.lower() for address in (d.recipient or "" for d in drafts)}
        for address, texts in headings.items():
            if address not in told:
                common_lines += texts
    else:
        named = [_Draft(address, texts) for address, texts in headings.items()]
        if not named:
            named = [_Draft(address) for address in _further_addresses(blocks, human)]
        for draft in named:
            draft.texts += [text for fragment in drafts for text in fragment.texts]
            for fragment in drafts:
                draft.status = draft.status or fragment.status
                draft.action = draft.action or fragment.action
        if not named and not drafts:
            named = [_Draft(None)]
        drafts = named or drafts
    common = _common_of(common_lines, human, blocks)
    del drafts[MAXIMUM_RECIPIENTS:]
    for draft in drafts:
        draft.logged = len(drafts) > 1 and draft.recipient in logged
    share = _MAXIMUM_OWN // len(drafts)
    return tuple(_section(draft, headings, transcript, common, share) for draft in drafts)


def _from_fields(blocks: Iterable[Block]) -> list[_Draft]:
    drafts: dict[str | None, _Draft] = {}
    for block in blocks:
        if not block.is_of_recipient and "status" not in block.fields:
            continue
        recipient = block.recipient
        draft = drafts.setdefault(recipient and recipient.lower(), _Draft(recipient))
        diagnostic = _TYPE.sub("", block.fields.get("diagnostic-code", ""))
        exim = _TYPE.sub("", block.fields.get("x-exim-diagnostic", ""))
        draft.texts += [text for text in (exim, diagnostic) if text.strip()]
        del draft.texts[_MAXIMUM_ENTRIES:]
        draft.host = draft.host or block.host
        status = _STATUS.search(block.fields.get("status", ""))
        if not draft.texts and status:
            # Haraka, and RFC 3464, section 2.3.4, put words in parentheses behind the code.
            draft.texts += _COMMENT.findall(block.fields["status"])[:1]
        draft.status = draft.status or (status[0] if status else None)
        action = action_of(block.fields.get("action", ""))
        # Nothing that came to an end is still waiting, whichever was pasted first.
        if action is not None and (draft.action is None or action is not Action.DELAYED):
            draft.action = action
        draft.retry_until = draft.retry_until or _retry_until(block)
    return list(drafts.values())


def _headings(lines: Sequence[str]) -> tuple[dict[str, list[str]], list[str], set[str]]:
    """What stands under an address as its heading or in a log line about it, and all the rest.

    Returns:
        The texts by address, the other lines, and the addresses that a log names.
    """
    of_log: set[str] = set()
    sections: dict[str, list[str]] = {}
    common: list[str] = []
    current: list[str] | None = None
    named = ""
    for line in lines:
        logged = _logged_address(line)
        if logged:
            current = None
            of_log.add(logged)
            entries = sections.setdefault(logged, [])
            entries.insert(0, line)
            del entries[_MAXIMUM_ENTRIES:]
            continue
        heading = leading_address(line)
        if heading:
            address, rest = heading
            # A server's reply may name the address once more.
            if current is None or address.lower() != named:
                named = address.lower()
                current = sections.setdefault(named, [])
                if len(current) < _MAXIMUM_ENTRIES:
                    current.append("")
            _append(current, rest)
            continue
        if line.startswith("---") or line.lstrip().startswith((">>>", "<<<", "... while", "-----")):
            current = None
        if current is None:
            common.append(line)
        else:
            _append(current, line)
    return sections, common, of_log


def _append(texts: list[str], line: str) -> None:
    if len(texts[-1]) < _MAXIMUM_PHASE_TEXT:
        texts[-1] += "\n" + line


def _logged_address(line: str) -> str | None:
    if "to=" in line or any(mark in line for mark in _EXIM_MARKS):
        found = _LOGGED.search(line)
        if found:
            return (found[1] or found[2]).lower()
    if line.lstrip().startswith("{"):
        found = _JSON_RECIPIENT.search(line)
        if found:
            return found[1].lower()
    return None


def _further_addresses(blocks: Iterable[Block], human: Sequence[str]) -> list[str]:
    """Where no part of the text belongs to one address: those of a header, or the first named."""
    for block in blocks:
        failed = [*dict.fromkeys(addresses_in(block.fields.get("x-failed-recipients", "")))]
        if failed:
            return failed
    text = "\n".join(human)
    named = named_recipient(text)
    return [named] if named else list(addresses_in(text, but_of_sender=True))[:1]


def _transcript(lines: Sequence[str]) -> _Transcript:
    refusals: dict[str, list[str]] = {}
    early: list[str] = []
    command, name = "", ""
    for line in lines:
        found = _COMMAND.match(line)
        if "while talking to" in line:
            command = _GREETING
        if found:
            command = found[1].lower().rstrip(":")
            name = next(addresses_in(found[2].lower()), "") if command == "rcpt" else ""
            if command == "helo":
                # Whoever goes on with HELO was not turned away by a refused EHLO.
                early.clear()
            continue
        reply = _REPLY.match(line)
        if reply and command in _ENVELOPE_COMMANDS and reply[1][0] in "45":
            replies = refusals.setdefault(name, [])
            if len(replies) < _MAXIMUM_ENTRIES:
                replies.append(reply[1])
        elif reply and command in _EARLY and reply[1][0] in "45":
            early.append(_EARLY[command].format(reply[1]))
    return _Transcript(refusals, tuple(early[: -_MAXIMUM_ENTRIES - 1 : -1]))


def _section(
    draft: _Draft,
    headings: dict[str, list[str]],
    transcript: _Transcript,
    common: _Common,
    share: int,
) -> Section:
    own = list(draft.texts)
    if draft.recipient:
        own += [t for t in headings.get(draft.recipient.lower(), []) if t not in own]
    told = [_told(text) for text in own]
    entries = [entry for one in told for entry in one.inner]
    entries += [one.outer for one in told]
    status = draft.status
    for one in told:
        status = status or one.status
    refusals = transcript.refusals
    named = [] if draft.recipient is None else refusals.get(draft.recipient.lower(), [])
    replies = [*named, *refusals.get("", [])]
    if draft.recipient is None:
        replies = [reply for of_one in refusals.values() for reply in of_one][:_MAXIMUM_ENTRIES]
    if replies:
        said = _unbroken("  ".join(filter(None, [*map(_spaced, replies), *entries])))
        pieces = [Piece(said[: max(_MINIMUM_OWN, share)], Phase.ENVELOPE)]
    else:
        entries = [*transcript.early, *filter(None, entries)]
        in_envelope = [_is_in_envelope(entry) for entry in entries]
        limit = max(_MINIMUM_OWN, share // (len(entries) or 1))
        pieces = [
            Piece(entry[:limit], Phase.ENVELOPE if there else Phase.UNKNOWN)
            for entry, there in zip(entries, in_envelope, strict=True)
        ]
        if any(in_envelope):
            # The same reply may stand elsewhere without its phase.
            pieces = [
                Piece(p.text, Phase.ENVELOPE) if _REPLIED.search(p.text[:_MAXIMUM_BEGINNING]) else p
                for p in pieces
            ]
        alone = Phase.ENVELOPE if common.in_envelope and not pieces else Phase.UNKNOWN
        if not (draft.logged and entries):
            pieces += [Piece(piece.text, alone) for piece in common.pieces]
    until = draft.retry_until or common.retry_until
    # A field says it for certain, then the last line of a log.
    action = draft.action or next(filter(None, map(action_in_log, own[:1])), None)
    action = action or (Action.DELAYED if until else None) or common.action()
    return Section(
        draft.recipient,
        draft.host or next(filter(None, (one.host for one in told)), None) or _host_in(common.text),
        tuple(pieces),
        status,
        action,
        until if action is Action.DELAYED else None,
        domain_of(draft.recipient)
        or next(filter(None, (one.domain for one in told)), None)
        or _domain_in(common.text),
    )


def _retry_until(block: Block) -> str | None:
    return retry_until(block.fields.get("will-retry-until", ""))


@lru_cache(maxsize=64)
def _told(text: str) -> _Told:
    """What a text tells; several hundred recipients may share it."""
    without = without_asides(text)
    inner = tuple(_spaced(entry) for entry in _inner(without))
    code = _LOG_CODE.search(text)
    spaced = _spaced(text)
    return _Told(
        inner,
        _spaced(_outer(without)),
        host_in(spaced),
        domain_in(spaced),
        code[1] if code else None,
    )


_host_in = lru_cache(maxsize=64)(host_in)
_domain_in = lru_cache(maxsize=64)(domain_in)


@lru_cache(maxsize=64)
def _is_in_envelope(text: str) -> bool:
    lowered = lower(text[:_MAXIMUM_PHASE_TEXT])
    return any(pattern.search(lowered) for pattern in _IN_ENVELOPE)


def _common_of(lines: Iterable[str], human: Iterable[str], blocks: Iterable[Block]) -> _Common:
    told = _ends("\n".join(lines), "\n", _MAXIMUM_TOLD)
    text = _ends(_spaced(without_asides(told)), " ", _MAXIMUM_COMMON)
    return _Common(
        text,
        tuple(Piece(entry) for entry in (*_inner(text), _outer(text)) if entry),
        _is_in_envelope(text),
        cache(partial(action_in_words, human)),
        # A paste may have lost what joins it to the recipient's other fields.
        next(filter(None, map(_retry_until, blocks)), None),
    )


def _ends(text: str, between: str, maximum: int) -> str:
    """The beginning and the end of a text that is longer than is looked at."""
    if len(text) <= maximum:
        return text
    gap = f"{between}{OMITTED}{between}"
    last = maximum // 3
    return text[: maximum - last - len(gap)] + gap + text[-last:]


def _inner(text: str) -> list[str]:
    """The innermost cause first, which Exchange wraps in others; what a log adds to its summary."""
    if "=" not in text:
        return []
    text = text[:_MAXIMUM_PHASE_TEXT]
    return [
        *reversed(_INNER_MESSAGE.findall(text)[-2:] if "[" in text else ()),
        *(_LAST_ERROR.findall(text)[-2:] if "LED=" in text or "led=" in text else ()),
        *(_LOGGED_REPLY.findall(text)[:1] if "reply=" in text else ()),
    ]


def _outer(text: str) -> str:
    """The text itself; of a log line what it gives as the reason."""
    qmail = _QMAIL_REASON.search(text) if "delivery " in text else None
    if qmail:
        return qmail[1].replace("_", " ")
    reason = _LOG_REASON.search(text)
    text = reason[1] if reason and reason[1].strip() else text
    return _SESSION.sub("", text) if " X=TLS" in text else text


def _spaced(text: str) -> str:
    if "\n" in text:
        spaced = "  ".join(filter(None, map(_joined, _PARAGRAPH.split(text))))
    else:
        spaced = " ".join(text.split())
    return _unbroken(spaced) if _FIRST_LINE.search(spaced) else spaced


def _joined(paragraph: str) -> str:
    """The lines of a paragraph, with two blanks where no wrapping can have broken it.

    A line that the next word would have fitted into ends of its own accord, and so does the last of
    a report, below which somebody goes on in words of their own.
    """
    lines = [" ".join(line.split()) for line in paragraph.split("\n")]
    width = max(_LEAST_WIDTH, *map(len, lines))
    joined = lines[0]
    for before, line in pairwise(lines):
        fits = len(before) + 1 + len(line.partition(" ")[0]) <= width
        ends = before and line and (fits or chat.begins(before, line))
        joined += f"{'  ' if ends else ' '}{line}"
    return joined.strip()


def _unbroken(text: str) -> str:
    """A text without the codes that each further line of a reply repeats (RFC 5321, 4.2.1)."""
    code = ""
    enhanced = None

    def joined(found: re.Match[str]) -> str:
        nonlocal code, enhanced
        goes_on = found["code"] == code and found["enhanced"] in {enhanced, None}
        code, enhanced = found["code"], found["enhanced"] or (enhanced if goes_on else None)
        if found["sign"] == " ":
            code = ""
        return " " if goes_on and found["gap"] else found[0]

    return _LINE_OF_REPLY.sub(joined, text)
