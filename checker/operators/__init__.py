"""An operator's delivery policy: one TOML file each in this folder, and the loader.

The terms are Postfix's (``smtp_tls_security_level``, ``smtp_mx_address_limit``); what an operator
does not state stands in its file's ``assumed`` list, or is left out and takes a default; what it
states for some problems alone stands in ``stated_for``. Either way the answer says so.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from checker.operators.colours import READABLE, WHITE, contrast, is_colour
from checker.problems import PROBLEMS
from checker.senders import Server, System, systems
from checker.tls_version import TlsVersion

FOLDER = Path(__file__).parent

DEFAULT = "careful"
"""The operator of a visitor who does not know who sends."""

_DURATION = re.compile(
    r"P(?=.)(?:\d{1,3}D)?(?:T(?=.)(?:\d{1,4}H)?(?:\d{1,4}M)?(?:\d{1,5}S)?)?", re.ASCII
)


class OperatorFileError(Exception):
    """An operator's file cannot be used; the message names the file, the key and what is wrong."""


class UnknownOperatorError(LookupError):
    """No operator of that name."""


class Audience(StrEnum):
    """Who comes to ask: those who wait for the operator's mail, or those who send through it."""

    RECIPIENTS = "recipients"
    SENDERS = "senders"


class Level(StrEnum):
    """How much TLS the operator insists on: the values of Postfix's smtp_tls_security_level."""

    MAY = "may"
    ENCRYPT = "encrypt"
    VERIFY = "verify"
    SECURE = "secure"
    DANE = "dane"
    DANE_ONLY = "dane-only"


class WithoutStarttls(StrEnum):
    """What the operator does when a server offers no STARTTLS."""

    REFUSE = "refuse"
    SEND_IN_CLEAR = "send-in-clear"
    NOT_STATED = "not-stated"


class TemporaryTlsFailure(StrEnum):
    """What becomes of a mail whose TLS failed: kept in the queue, or returned at once."""

    RETRY = "retry"
    BOUNCE = "bounce"


class ReportTo(StrEnum):
    """Who gets the delivery status notification."""

    SENDER = "sender"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Tls:
    """The ``[tls]`` table."""

    minimum: TlsVersion
    maximum: TlsVersion
    level: Level
    without_starttls: WithoutStarttls
    mta_sts: bool
    sni: bool
    validating_resolver: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """The ``[delivery]`` table; ``retry_for`` is an ISO 8601 duration, ``PT0S`` one attempt."""

    server: Server
    system: System
    address_limit: int
    ipv6: bool
    retry_for: str
    temporary_tls_failure: TemporaryTlsFailure
    report_to: ReportTo

    @property
    def tries_once(self) -> bool:
        """Whether a mail is given up after one attempt."""
        return not re.search(r"[1-9]", self.retry_for)


@dataclass(frozen=True, slots=True)
class SupportFact:
    """One answer of the operator's support, in one language, and when it was true."""

    text: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Site:
    """The ``[site]`` table: how a site for this operator alone looks.

    Attributes:
        name: What stands at its top, where that is not the operator's title.
        colour: Of the bar at the top and of links, such as ``#1d4a66``; white can be read on it.
    """

    name: str | None = None
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator's policy.

    Attributes:
        name: The file's name without its ending; the name in addresses and answers.
        title: The name as people write it.
        home: The operator's own site, where it is known.
        audience: Who comes to ask.
        tls: What it asks of a connection.
        delivery: How its server walks from address to address, and when it gives up.
        support: Language -> topic -> dated fact.
        assumed: Dotted keys of what the operator does not state.
        stated_for: Dotted keys of what it states for some problems alone, with these problems' ids.
        site: How a site for this operator alone looks.
    """

    name: str
    title: str
    home: str | None
    audience: Audience
    tls: Tls
    delivery: Delivery
    support: Mapping[str, Mapping[str, SupportFact]] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    stated_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    site: Site = field(default_factory=Site)

    def assumed_at(self, problem: str) -> tuple[str, ...]:
        """The dotted keys of what it does not state where this problem decides.

        Args:
            problem: Id of the decisive problem.
        """
        elsewhere = [key for key, ids in self.stated_for.items() if problem not in ids]
        return (*self.assumed, *elsewhere)


SUPPORT_TOPICS = (
    "contact",
    "resend",
    "change_address",
    "other_channels",
    "deadlines",
    "genuine_mail",
)


def names() -> list[str]:
    """The names of the operators that come with the checker, the default last."""
    return sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda n: (n == DEFAULT, n))


def load(name: str) -> Operator:
    """Read the operator of that name from this folder.

    Raises:
        UnknownOperatorError: There is no such operator.
        OperatorFileError: Its file cannot be used.
    """
    if name not in names():
        raise UnknownOperatorError(name)
    return load_file(FOLDER / f"{name}.toml")


def load_all() -> dict[str, Operator]:
    """Every operator that comes with the checker, by name, the default last."""
    return {name: load(name) for name in names()}


_MAXIMUM_FILE = 65_536
"""Bytes of an operator's file; to read much TOML can take for ever."""


_LONGEST_LINE = 2_000
"""Characters: a key of many parts takes time that grows with their square."""


def load_file(path: Path) -> Operator:
    """Read an operator from a file anywhere.

    Raises:
        OperatorFileError: The file cannot be read, or says something that makes no sense.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAXIMUM_FILE + 1)
        if len(content) > _MAXIMUM_FILE:
            raise OperatorFileError(f"{path}: is longer than {_MAXIMUM_FILE} bytes")
        # Some editors on Windows begin UTF-8 with a byte order mark.
        text = content.decode("utf-8-sig")
        if any(len(line) > _LONGEST_LINE for line in text.split("\n")):
            raise OperatorFileError(f"{path}: is not TOML: a line is longer than {_LONGEST_LINE}")
        document = tomllib.loads(text)
    except OSError as error:
        raise OperatorFileError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise OperatorFileError(f"{path}: is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise OperatorFileError(f"{path}: is not TOML: {error}") from error
    return _operator(path, document)


_Choice = TypeVar("_Choice", bound=StrEnum)


class _Table:
    """One table of the file: hands out its values by kind, and complains about what is left.

    A key with a default may be left out; it is then remembered as ``omitted``.
    """

    def __init__(self, path: Path, name: str, values: object) -> None:
        self._path = path
        self._name = name
        self.omitted: list[str] = []
        if not isinstance(values, dict):
            raise self.error("", "must be a table")
        self._values: dict[str, Any] = dict(values)

    def error(self, key: str, complaint: str) -> OperatorFileError:
        where = ".".join(part for part in (self._name, key) if part)
        return OperatorFileError(f"{self._path}: {where}: {complaint}")

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def _take(self, key: str, default: object = None) -> object:
        if key in self._values:
            return self._values.pop(key)
        if default is None:
            raise self.error(key, "is missing")
        self.omitted.append(f"{self._name}.{key}")
        return default

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise self.error(key, "must be a text of one line")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def count(self, key: str, default: int, highest: int) -> int:
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= highest:
            raise self.error(key, f"must be a whole number from 1 to {highest}")
        return value

    def choice(self, key: str, kind: type[_Choice], default: _Choice | None = None) -> _Choice:
        value = self._take(key, default)
        if not isinstance(value, str) or value not in set(kind):
            allowed = ", ".join(f'"{member}"' for member in kind)
            raise self.error(key, f"must be one of {allowed}")
        return kind(value)

    def duration(self, key: str, default: str) -> str:
        value = self.text(key, default)
        if not _DURATION.fullmatch(value):
            raise self.error(key, 'must be an ISO 8601 duration such as "P3D" or "PT0S"')
        return value

    def day(self, key: str) -> date:
        value = self._take(key)
        if type(value) is not date:
            raise self.error(key, "must be a date such as 2026-11-22")
        return value

    def finish(self) -> None:
        for key in self._values:
            raise self.error(key, "is not known here")


def _operator(path: Path, document: dict[str, Any]) -> Operator:
    about = _Table(path, "operator", document.pop("operator", {}))
    title = about.text("name")
    home = about.text("home") if "home" in about else None
    audience = about.choice("audience", Audience, Audience.RECIPIENTS)
    about.finish()
    tls_table = _Table(path, "tls", document.pop("tls", {}))
    tls = _tls(tls_table)
    delivery_table = _Table(path, "delivery", document.pop("delivery", {}))
    delivery = _delivery(delivery_table)
    _refuse_unmeasured(path, tls, delivery)
    support = _support(path, document.pop("support", {}))
    assumed = _assumed(path, document.pop("assumed", []))
    stated_for = _stated_for(path, document.pop("stated_for", {}))
    site = _site(_Table(path, "site", document.pop("site", {})))
    for key in document:
        raise OperatorFileError(f"{path}: {key}: is not known here")
    omitted = [*tls_table.omitted, *delivery_table.omitted]
    unstated = tuple(dict.fromkeys([*assumed, *omitted]))
    for key in stated_for:
        if key in unstated:
            message = f"{path}: stated_for: {key} is assumed or left out, so it is not stated"
            raise OperatorFileError(message)
    return Operator(
        name=path.stem,
        title=title,
        home=home,
        audience=audience,
        tls=tls,
        delivery=delivery,
        support=support,
        assumed=unstated,
        stated_for=stated_for,
        site=site,
    )


def _site(table: _Table) -> Site:
    name = table.text("name") if "name" in table else None
    colour = table.text("colour") if "colour" in table else None
    table.finish()
    if colour is not None and not is_colour(colour):
        raise table.error("colour", 'must be a colour such as "#1d4a66"')
    if colour is not None and contrast(colour, WHITE) < READABLE:
        raise table.error("colour", "is too light for the white text on it; choose a darker one")
    return Site(name, colour)


def _tls(table: _Table) -> Tls:
    tls = Tls(
        minimum=table.choice("minimum", TlsVersion),
        maximum=table.choice("maximum", TlsVersion, TlsVersion.TLS_1_3),
        level=table.choice("level", Level),
        without_starttls=table.choice(
            "without_starttls", WithoutStarttls, WithoutStarttls.NOT_STATED
        ),
        mta_sts=table.flag("mta_sts", default=False),
        sni=table.flag("sni", default=False),
        validating_resolver=table.flag("validating_resolver", default=False),
    )
    table.finish()
    if tls.minimum > tls.maximum:
        raise table.error("minimum", "is above the maximum")
    return tls


def _delivery(table: _Table) -> Delivery:
    delivery = Delivery(
        server=table.choice("server", Server, Server.POSTFIX),
        system=table.choice("system", System, System.DEBIAN_13),
        address_limit=table.count("address_limit", 5, 100),
        ipv6=table.flag("ipv6", default=True),
        retry_for=table.duration("retry_for", "P5D"),
        temporary_tls_failure=table.choice(
            "temporary_tls_failure", TemporaryTlsFailure, TemporaryTlsFailure.RETRY
        ),
        report_to=table.choice("report_to", ReportTo, ReportTo.SENDER),
    )
    table.finish()
    return delivery


VERIFYING_LEVELS = frozenset({Level.VERIFY, Level.SECURE})
"""Those at which certificates are held against authorities."""

DANE_LEVELS = frozenset({Level.DANE, Level.DANE_ONLY})
"""Who has one of these heeds TLSA records."""

QMAIL_LEVELS = (Level.MAY, Level.ENCRYPT)
"""A qmail looks at no certificate."""


def _refuse_unmeasured(path: Path, tls: Tls, delivery: Delivery) -> None:
    """Refuse what nobody has measured, with what may stand there instead."""
    server, measured = delivery.server, systems(delivery.server)
    if delivery.system not in measured:
        allowed = " or ".join(f'"{system}"' for system in measured)
        raise OperatorFileError(
            f'{path}: delivery.system: nobody has measured "{server}" on "{delivery.system}"; '
            f"it must be {allowed}"
        )
    if server is Server.QMAIL and tls.level not in QMAIL_LEVELS:
        allowed = " or ".join(f'"{level}"' for level in QMAIL_LEVELS)
        raise OperatorFileError(
            f'{path}: tls.level: a "qmail" looks at no certificate; it must be {allowed}'
        )
    if server is Server.QMAIL and tls.mta_sts:
        raise OperatorFileError(
            f'{path}: tls.mta_sts: a "qmail" looks at no certificate; it must be false'
        )


_KEYS = frozenset(
    [
        *(f"tls.{name}" for name in Tls.__dataclass_fields__),
        *(f"delivery.{name}" for name in Delivery.__dataclass_fields__),
    ]
)
"""What an operator may state."""


def _assumed(path: Path, keys: object) -> list[str]:
    if not isinstance(keys, list) or not all(isinstance(key, str) and key in _KEYS for key in keys):
        raise OperatorFileError(f"{path}: assumed: must be a list of keys such as 'tls.sni'")
    return keys


def _stated_for(path: Path, scopes: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(scopes, dict) or not set(scopes) <= _KEYS:
        message = f"{path}: stated_for: must be a table of keys such as 'delivery.retry_for'"
        raise OperatorFileError(message)
    for key, ids in scopes.items():
        if not isinstance(ids, list) or not ids or not all(map(_is_problem, ids)):
            message = f"{path}: stated_for.{key}: must be a list of problems such as 'tls-version'"
            raise OperatorFileError(message)
    return {key: tuple(ids) for key, ids in scopes.items()}


def _is_problem(value: object) -> bool:
    return isinstance(value, str) and value in PROBLEMS


def _support(path: Path, languages: object) -> dict[str, dict[str, SupportFact]]:
    facts: dict[str, dict[str, SupportFact]] = {}
    if not isinstance(languages, dict):
        raise OperatorFileError(f"{path}: support: must be a table")
    for language, topics in languages.items():
        if not isinstance(topics, dict) or not set(topics) <= set(SUPPORT_TOPICS):
            allowed = ", ".join(SUPPORT_TOPICS)
            raise OperatorFileError(f"{path}: support.{language}: may hold {allowed}")
        facts[language] = {}
        for topic, values in topics.items():
            table = _Table(path, f"support.{language}.{topic}", values)
            facts[language][topic] = SupportFact(table.text("text"), table.day("as_of"))
            table.finish()
    return facts
