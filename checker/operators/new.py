"""A new operator's files, made from answers: what is asked, and what is written. Pure.

The pages are made from ``pages/<language>/<audience>.md``. There ``[[name]]`` and ``[[title]]`` are
filled in once; what stands in braces is filled in from the operator's file with every build.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from checker.operators import (
    DEFAULT,
    QMAIL_LEVELS,
    SUPPORT_TOPICS,
    Audience,
    Level,
    ReportTo,
    TemporaryTlsFailure,
    WithoutStarttls,
)
from checker.operators.colours import READABLE, WHITE, contrast, is_colour
from checker.senders import Server, System, systems
from checker.tls_version import TlsVersion

LANGUAGES = {"de": "German", "en": "English"}
"""Code -> its name in a question."""

ONCE = "PT0S"
DAYS = range(1, 8)
"""For how many days a server may keep trying, so that the site has words for it."""

MOST_ADDRESSES = 100

_TEMPLATES = Path(__file__).parent / "pages"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LONGEST_NAME = 40
_LONGEST_TITLE = 80
_TITLE_WITHOUT = frozenset('"\\<>{}[]*_`|#')
_LONGEST_SAID = 500
_SAID_WITHOUT = frozenset("<>{}")
_HOME = re.compile(r"https?://[^\s\"\\<>]+", re.ASCII)

Answers = Mapping[str, str | bool | int | None]
"""Key such as ``tls.minimum`` -> what the operator states; nothing where it states nothing."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to know about an operator.

    Attributes:
        key: Table and key in the operator's file.
        text: What is asked.
        read: Text of an answer, and the answers so far -> value, nothing where that is not known;
            a ValueError says what is wrong.
        choices: Value -> what it means, where there are few.
        assumed: What is written where the operator states nothing.
        required: Whether there must be an answer.
    """

    key: str
    text: str
    read: Callable[[str, Answers], str | bool | int | None]
    choices: Mapping[str, str] = field(default_factory=dict)
    assumed: str | bool | int | None = None
    required: bool = False

    @property
    def option(self) -> str:
        """Its option on the command line."""
        match self.key.split("."):
            case ["operator", "name"]:
                name = "title"
            case ["support", language, topic, _]:
                name = f"{topic}-{language}"
            case [_, name]:
                pass
        return f"--{name.replace('_', '-')}"


def read_name(text: str) -> str:
    """The operator's short name.

    Raises:
        ValueError: It cannot be one.
    """
    if not _NAME.fullmatch(text) or len(text) > _LONGEST_NAME:
        raise ValueError(
            f"{text!r} cannot be a short name: use a-z, 0-9 and hyphens between them, "
            f"{_LONGEST_NAME} at most"
        )
    if text in {DEFAULT, "index"}:
        raise ValueError(f"{text!r} is taken")
    return text


def _title(text: str, _answers: Answers) -> str:
    if not text.isprintable() or not 1 <= len(text) <= _LONGEST_TITLE:
        raise ValueError(f"the name must be one line of at most {_LONGEST_TITLE} characters")
    if bad := sorted(_TITLE_WITHOUT & set(text)):
        raise ValueError(f"the name must not hold {' '.join(bad)}")
    return text


def _home(text: str, _answers: Answers) -> str:
    if not _HOME.fullmatch(text):
        raise ValueError(f"{text!r} is no address such as https://example.org/")
    return text


def _said(text: str, _answers: Answers) -> str:
    if not text.strip() or not text.isprintable() or len(text) > _LONGEST_SAID:
        raise ValueError(f"that must be one line of at most {_LONGEST_SAID} characters")
    if bad := sorted(_SAID_WITHOUT & set(text)):
        raise ValueError(f"that must not hold {' '.join(bad)}")
    return text


def _one_of(choices: Mapping[str, str]) -> Callable[[str, Answers], str]:
    def read(text: str, _answers: Answers) -> str:
        if text not in choices:
            raise ValueError(f"{text!r} is none of {', '.join(choices)}")
        return text

    return read


def _maximum(text: str, answers: Answers) -> str:
    version = _one_of(_VERSIONS)(text, answers)
    minimum = answers.get("tls.minimum") or TlsVersion.TLS_1_2
    if version < str(minimum):
        raise ValueError(f"{version} is below the oldest version, {minimum}")
    return version


def _server(text: str, answers: Answers) -> str | None:
    if text in _UNKNOWN:
        return None
    server = _one_of(_SERVERS)(text, answers)
    level, sts = answers.get("tls.level"), answers.get("tls.mta_sts")
    if server == Server.QMAIL and (sts or (level is not None and level not in QMAIL_LEVELS)):
        allowed = " or ".join(QMAIL_LEVELS)
        raise ValueError(
            f"a qmail looks at no certificate: the level must be {allowed}, without MTA-STS"
        )
    return server


def _system(text: str, answers: Answers) -> str | None:
    if text in _UNKNOWN:
        return None
    system = _one_of(_SYSTEMS)(text, answers)
    server = Server(str(answers.get("delivery.server") or Server.POSTFIX))
    if system not in systems(server):
        allowed = " or ".join(systems(server))
        raise ValueError(f"nobody has measured {server} on {system}; it must be {allowed}")
    return system


def _yes_or_no(text: str, _answers: Answers) -> bool:
    if text.lower() not in {"yes", "y", "no", "n"}:
        raise ValueError(f"{text!r} is neither yes nor no")
    return text.lower().startswith("y")


def _addresses(text: str, _answers: Answers) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_ADDRESSES):
        raise ValueError(f"{text!r} is no whole number from 1 to {MOST_ADDRESSES}")
    return int(text)


def _patience(text: str, _answers: Answers) -> str:
    durations = {"0": ONCE, ONCE: ONCE}
    durations |= {form: f"P{day}D" for day in DAYS for form in (str(day), f"P{day}D")}
    if text not in durations:
        raise ValueError(
            f"{text!r} is no number of days from {DAYS[0]} to {DAYS[-1]}, "
            "nor 0 for a single attempt"
        )
    return durations[text]


def _colour(text: str, _answers: Answers) -> str:
    if not is_colour(text):
        raise ValueError(f"{text!r} is no colour such as #1d4a66")
    if contrast(text, WHITE) < READABLE:
        raise ValueError(f"{text} is too light for the white text on it")
    return text


_VERSIONS = {str(version): f"TLS {version}" for version in TlsVersion}
_AUDIENCES = {
    str(Audience.RECIPIENTS): "those who wait for its mail",
    str(Audience.SENDERS): "those who send mail through it",
}
_LEVELS = {
    str(Level.MAY): "TLS where it is offered, with any certificate",
    str(Level.ENCRYPT): "always TLS, with any certificate",
    str(Level.VERIFY): "a valid certificate for the name in the MX record",
    str(Level.SECURE): "a valid certificate for the recipient's domain",
    str(Level.DANE): "DANE where the recipient has it",
    str(Level.DANE_ONLY): "always DANE",
}
_WITHOUT = {
    str(WithoutStarttls.REFUSE): "it does not send the mail",
    str(WithoutStarttls.SEND_IN_CLEAR): "it sends the mail unencrypted",
    str(WithoutStarttls.NOT_STATED): "the sender does not say",
}
_SERVERS = {
    str(Server.POSTFIX): "Postfix",
    str(Server.EXIM): "Exim",
    str(Server.QMAIL): "qmail, or one that is made of it",
    "unknown": "I do not know",
}
_SYSTEMS = {
    str(System.DEBIAN_10): "Debian 10, or another system of about 2019",
    str(System.DEBIAN_12): "Debian 12, or another system of about 2023",
    str(System.DEBIAN_13): "Debian 13, or another system of about 2025",
    "unknown": "I do not know",
}
_UNKNOWN = frozenset({"unknown", "I do not know", "?"})
_FAILURES = {
    str(TemporaryTlsFailure.RETRY): "it tries again later",
    str(TemporaryTlsFailure.BOUNCE): "it gives up at once",
}
_REPORTS = {
    str(ReportTo.SENDER): "whoever sent the mail",
    str(ReportTo.OPERATOR): "the operator itself",
}
_YES_NO = {"yes": "", "no": ""}

_SUPPORT = {
    "contact": "How do people reach its support?",
    "resend": "How do they have an e-mail sent again?",
    "change_address": "How do they give it another address?",
    "other_channels": "In which other ways can they get what the e-mail says?",
    "deadlines": "What becomes of a deadline in an e-mail that did not arrive?",
    "genuine_mail": "How do they tell its genuine mail?",
}

QUESTIONS = (
    Question("operator.name", "The name, as people write it", _title, required=True),
    Question("operator.home", "Its website", _home),
    Question(
        "operator.audience",
        "Who comes to ask?",
        _one_of(_AUDIENCES),
        _AUDIENCES,
        str(Audience.RECIPIENTS),
    ),
    Question(
        "tls.minimum", "Which TLS version is the oldest that it takes?", _one_of(_VERSIONS),
        _VERSIONS, str(TlsVersion.TLS_1_2),
    ),
    Question(
        "tls.maximum", "Which TLS version is the newest that it speaks?", _maximum,
        _VERSIONS, str(TlsVersion.TLS_1_3),
    ),
    Question(
        "tls.level", "What does it ask of the other server?", _one_of(_LEVELS),
        _LEVELS, str(Level.VERIFY),
    ),
    Question(
        "tls.without_starttls", "And if the other server offers no encryption?",
        _one_of(_WITHOUT), _WITHOUT, str(WithoutStarttls.NOT_STATED),
    ),
    Question("tls.mta_sts", "Does it heed MTA-STS?", _yes_or_no, _YES_NO, assumed=False),
    Question(
        "tls.sni", "Does it name the server when it connects (SNI)?", _yes_or_no, _YES_NO,
        assumed=False,
    ),
    Question(
        "tls.validating_resolver", "Does it check DNSSEC?", _yes_or_no, _YES_NO, assumed=False
    ),
    Question(
        "delivery.server", "Which software is its mail server?", _server, _SERVERS,
        str(Server.POSTFIX),
    ),
    Question(
        "delivery.system", "And what does that run on?", _system, _SYSTEMS, str(System.DEBIAN_13)
    ),
    Question(
        "delivery.address_limit", f"How many addresses does it try, 1 to {MOST_ADDRESSES}?",
        _addresses, assumed=5,
    ),
    Question("delivery.ipv6", "Does it reach IPv6 addresses?", _yes_or_no, _YES_NO, assumed=True),
    Question(
        "delivery.retry_for",
        f"For how many days does it keep trying, {DAYS[0]} to {DAYS[-1]}? 0 is a single attempt",
        _patience, assumed="P5D",
    ),
    Question(
        "delivery.temporary_tls_failure", "And after a fault with TLS?", _one_of(_FAILURES),
        _FAILURES, str(TemporaryTlsFailure.RETRY),
    ),
    Question(
        "delivery.report_to", "Who gets the error report?", _one_of(_REPORTS),
        _REPORTS, str(ReportTo.SENDER),
    ),
    *(
        Question(f"support.{language}.{topic}.text", f"{_SUPPORT[topic]} In {name}", _said)
        for topic in SUPPORT_TOPICS
        for language, name in LANGUAGES.items()
    ),
    Question("site.colour", "The colour of a site for it alone, such as #1d4a66", _colour),
)  # fmt: skip
"""In the order of the file."""

_NEVER_ASSUMED = frozenset({"operator.audience", "tls.without_starttls"})
"""Not a fact about its mail server, or said to be not stated."""


def files(name: str, answers: Answers, today: date) -> dict[str, str]:
    """The text of each file, by its path in the project.

    Args:
        name: The operator's short name.
        answers: What it states.
        today: When it states that.
    """
    audience = answers.get("operator.audience") or Audience.RECIPIENTS
    texts = {f"checker/operators/{name}.toml": toml(answers, today)}
    for language in LANGUAGES:
        template = (_TEMPLATES / language / f"{audience}.md").read_text(encoding="utf-8")
        page = template.replace("[[name]]", name)
        texts[f"docs/{language}/senders/{name}.md"] = page.replace(
            "[[title]]", str(answers["operator.name"])
        )
    return texts


def toml(answers: Answers, today: date) -> str:
    """The operator's file.

    Args:
        answers: What it states.
        today: When it states that.
    """
    tables: dict[str, list[str]] = {}
    assumed = []
    for question in QUESTIONS:
        table, _, key = question.key.rpartition(".")
        value = answers.get(question.key)
        if value is None:
            value = _assumption(question, answers)
            if value is not None and question.key not in _NEVER_ASSUMED:
                assumed.append(question.key)
        if value is not None:
            # TOML writes texts, numbers, true and false as JSON does.
            line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
            tables.setdefault(table, []).append(line)
            if question.key.startswith("support."):
                tables[table].append(f"as_of = {today.isoformat()}")
    head = (
        "# What the sender states about its mail servers, and what is assumed where it states "
        "nothing.\n\nassumed = ["
        + "".join(f'\n    "{key}",' for key in assumed)
        + ("\n]\n" if assumed else "]\n")
    )
    return head + "".join(
        f"\n[{table}]\n" + "".join(f"{line}\n" for line in lines) for table, lines in tables.items()
    )


def _assumption(question: Question, answers: Answers) -> str | bool | int | None:
    if question.key == "delivery.temporary_tls_failure":
        once = answers.get("delivery.retry_for") == ONCE
        return str(TemporaryTlsFailure.BOUNCE if once else TemporaryTlsFailure.RETRY)
    if question.key == "tls.level" and answers.get("delivery.server") == Server.QMAIL:
        return str(Level.ENCRYPT)
    return question.assumed
