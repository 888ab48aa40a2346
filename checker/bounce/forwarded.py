"""The little heads that mail programs put above what is forwarded, answered or returned.

``Von:``, ``Gesendet:``, ``An:``, ``Betreff:`` above a report name the report and whoever sent it
on: no recipient and no reason. Above a returned original they name its recipient, and what follows
is the original's own text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import filterfalse
from typing import NamedTuple

from checker.bounce.patterns import Pattern
from checker.bounce.rules import TABLE, Strength, comparable, without_names
from checker.bounce.rules.unstated import UNSTATED

_MAXIMUM_HEAD = 16
_MAXIMUM_HEADS = 50
_MAXIMUM_TEXT = 20_000

# As Gmail, Outlook, Apple Mail and Thunderbird write them, in German, English, French, Spanish,
# Italian, Dutch, Polish, Portuguese, Danish and Swedish.
_NAMES = {
    "sender": "from|von|de|da|van|od|fra|från",
    "recipient": "to|an|à|a|para|aan|do|til|till",
    "sent": (
        "sent|date|gesendet|datum|envoyé|enviado|enviado el|enviada em|fecha|data|inviato|verzonden"
        "|wysłano|sendt|skickat|dato"
    ),
    "subject": "subject|betreff|objet|asunto|oggetto|onderwerp|temat|assunto|emne|ämne",
    "other": (
        "cc|kopie|copie|cci|dw|kopia|kopi|reply-to|antwort an|répondre à|responder a|rispondi a"
        "|importance|wichtigkeit|priorität|anlagen|attachments"
    ),
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split("|")}
_FARTHEST_COLON = 30
_TELLING = frozenset({"sender", "recipient", "sent", "subject"})
_MARKS = " \t>|*\N{NO-BREAK SPACE}"
_MAXIMUM_VALUE = 1_000

# In the line above what is quoted, which names who wrote it and when.
_WROTE = Pattern(
    r"\b(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|napisał(?:\(a\)|a)?)\b",
    re.IGNORECASE,
)
_MAXIMUM_ATTRIBUTION = 800
_REPORTER = Pattern(
    r"mailer-daemon|mail-daemon|postmaster|mail delivery|delivery subsystem|mail system"
    r"|microsoft ?exchange|microsoft outlook|system ?administrator",
    re.IGNORECASE,
)
# What announces a report, before the subject of the mail that failed.
_ANNOUNCED = Pattern(
    r"undeliver\w{0,6}|unzustellbar\w{0,2}|nicht zugestellt|non remis|no se puede entregar"
    r"|non recapitabile|onbestelbaar|nie można dostarczyć|niedostarczalne|não entregue"
    r"|(?:mail )?delivery (?:status notification(?: \((?:failure|delay)\))?|failure|failed)"
    r"|returned mail|failure notice|delayed mail|message not delivered|could not send message",
    re.IGNORECASE,
)
# Domino puts the reason itself there.
_REASON_IN_SUBJECT = Pattern(r"\s{0,4}delivery failure: ", re.IGNORECASE)
_CODE = Pattern(r"(?<![\d.:#-])[45]\d\d[ -](?!x )|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
_ADDRESSED = Pattern(
    r"\b(?:an|to|à|a|para|aan|do|für|for) {1,4}[<\"'(]{0,2}"
    r"([^\s<>@\"'(),:;]{1,64}@[\w.-]{1,253}\w)",
    re.IGNORECASE,
)


class Head(NamedTuple):
    """Where a head stands, from its first line to behind its last, and what its fields hold."""

    begin: int
    end: int
    fields: dict[str, str]

    @property
    def is_of_report(self) -> bool:
        """Whether a mail system wrote what follows."""
        sender, subject = self.fields.get("sender", ""), self.fields.get("subject", "")
        return bool(
            _REPORTER.search(sender) or _ANNOUNCED.search(sender) or _ANNOUNCED.search(subject)
        )

    @property
    def announcement(self) -> str:
        """What the subject says of the delivery, without the subject of the mail that failed."""
        subject = self.fields.get("subject", "")
        if _REASON_IN_SUBJECT.match(subject):
            return subject
        found = _ANNOUNCED.search(subject)
        return found[0] if found else ""


def head_at(lines: Sequence[str], at: int, least: int = 2) -> Head | None:
    """The head that begins with a line or with the blank lines before it.

    Args:
        lines: With or without the marks of a quotation.
        at: Of the line.
        least: How many of sender, recipient, date and subject make a head.
    """
    fields: dict[str, str] = {}
    name = ""
    end = at
    for number in range(at, min(len(lines), at + _MAXIMUM_HEAD)):
        line = lines[number]
        found = _field(line)
        if found:
            name, value = found
            fields.setdefault(name, value)
            end = number + 1
        elif not line.strip(_MARKS):
            continue
        elif name and end == number and (not fields[name] or fields[name].endswith((",", ";"))):
            # A value in a table's next row, or a list of addresses that goes on.
            fields[name] += " " + line.strip(_MARKS)
            end = number + 1
        else:
            break
    telling = _TELLING.intersection(fields)
    if len(telling) < least or telling.isdisjoint({"sender", "subject"}):
        return None
    return Head(at, end, fields)


def without_heads(lines: Sequence[str]) -> list[str]:
    """The lines that tell of the delivery: without heads, and what was written above a report.

    Args:
        lines: Of a report, without the marks of a quotation.

    Returns:
        The same where there is no head, or where nothing else is left.
    """
    kept: list[str] = []
    cover: list[str] = []
    at = 0
    for head in _heads(lines):
        kept += lines[at : head.begin]
        at = head.end
        if len(head.fields) == 1 and not head.is_of_report:
            continue
        if len(head.fields) == 1 and "subject" in head.fields:
            kept.append(head.announcement)
        elif head.is_of_report:
            if not _has_code(kept):
                cover, kept = kept, []
            kept += [head.announcement, ""]
        elif _begins_original(kept, lines[at:]):
            kept += ["", f"to {head.fields.get('recipient', '')}"]
            at = len(lines)
            break
        else:
            kept += filterfalse(_is_subject, lines[head.begin : at])
    if not at:
        return list(lines)
    kept += lines[at:]
    if not any(line.strip() for line in kept):
        return list(lines)
    if cover and not any("@" in line for line in kept):
        addressed = _ADDRESSED.search("\n".join(cover)[:_MAXIMUM_TEXT])
        kept += ["", f"to {addressed[1]}"] if addressed else []
    return kept


def tells_of_failure(lines: Sequence[str]) -> bool:
    """Whether a text says that a mail was not delivered, in whatever words."""
    return _tells(lines, Strength.WEAK)


def _begins_original(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a head that is no report's stands above the mail that was returned."""
    if _tells(before, Strength.GENERAL):
        return True
    return tells_of_failure(before) and not (_has_code(after) or tells_of_failure(after))


def _tells(lines: Sequence[str], least: Strength) -> bool:
    if _has_code(lines):
        return True
    text = comparable(without_names("\n".join(lines)[:_MAXIMUM_TEXT]))
    if least is Strength.WEAK:
        return any(rule.find(text) for rule in UNSTATED)
    return any(rule.strength >= least for rule, _ in TABLE.search(text))


def _has_code(lines: Sequence[str]) -> bool:
    return _CODE.search("\n".join(lines)[:_MAXIMUM_TEXT]) is not None


def _heads(lines: Sequence[str]) -> Iterator[Head]:
    found = end = 0
    for number, line in enumerate(lines):
        if number < end or ":" not in line:
            continue
        field = _field(line)
        head = None
        if field:
            head = head_at(lines, number)
            if head is None and field[0] == "subject":
                head = Head(number, number + 1, dict([field]))
        elif _is_attribution(line):
            head = Head(number, number + 1, {"sender": line})
        if head:
            end, found = head.end, found + 1
            yield head
            if found == _MAXIMUM_HEADS:
                return


def _is_attribution(line: str) -> bool:
    if not line.endswith(":") or len(line) > _MAXIMUM_ATTRIBUTION:
        return False
    found = _WROTE.search(line)
    if found is None:
        return False
    before, after = line[: found.start()], line[found.end() :]
    return "@" in before or any(map(str.isdecimal, before + after))


def _field(line: str) -> tuple[str, str] | None:
    """What a line of a head is about, and what it says of it."""
    colon = line.find(":", 0, _FARTHEST_COLON)
    if colon < 0:
        return None
    kind = _KINDS.get(line[:colon].strip(_MARKS).lower())
    return (kind, line[colon + 1 :][:_MAXIMUM_VALUE].strip(_MARKS)) if kind else None


def _is_subject(line: str) -> bool:
    field = _field(line)
    return field is not None and field[0] == "subject"
