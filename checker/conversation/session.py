"""One connection to one address: greeting, EHLO, STARTTLS, handshake, EHLO inside TLS."""

import asyncio
import errno
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from checker.conversation.client_hello import say_hello
from checker.conversation.codes import CLOSING, is_positive, refusal, starttls_refusal
from checker.conversation.smtp import Breakage, Broken, Conversation, text_of
from checker.conversation.tls import Offer, handshake
from checker.conversation.trust import Trust
from checker.facts import Choice, Connection, Evidence, Failure, Finding, Handshake, Reply
from checker.network import OUR_FAULTS, Network
from checker.problems import Cause, Stage

_KEPT_TEXT = 300
"""Characters of what was slipped in before the handshake that are kept as evidence."""

_READY = 220

# What a middlebox leaves where it takes STARTTLS away: the line keeps its length.
_MASKED = "XXXXXXXA"

_CERTIFICATE = re.compile(r"\bcert(ificate)?\b", re.IGNORECASE)

# What GnuTLS passes over in a ServerHello: the mark of a downgrade (RFC 8446 section 4.1.3), and an
# extension that nobody has offered or that stands there twice.
_MINDED_BY_OPENSSL = ("inappropriate fallback", "unsolicited extension", "bad extension")

# A date without seconds, or without more: older libraries than this one take the certificate.
_SHORT_DATES = ("utctime is too short", "generalizedtime is too short")

# A firewall of ours, perhaps.
_OURS = {**OUR_FAULTS, errno.EPERM: Cause.NOT_PERMITTED}


@dataclass(frozen=True, slots=True)
class _End:
    """Where a conversation stopped; ``waits`` is true where the server expects a command."""

    stage: Stage
    finding: Finding | None = None
    handshake: Handshake | None = None
    waits: bool = False


def unwatched(_stage: Stage) -> None:
    """Nobody is told of a second look."""


async def converse(
    address: str,
    offer: Offer,
    network: Network,
    trust: Trust,
    watch: Callable[[Stage], None] = unwatched,
) -> tuple[Connection, Conversation | None]:
    """Connect and go as far as the server lets a sender go, but never to MAIL.

    Args:
        address: The IP address.
        offer: What to offer in the handshake.
        network: The outside world.
        trust: The certificate authorities.
        watch: Is told each stage as it begins; nobody is unless given.

    Returns:
        What was seen, where what the server or the network does wrong is a finding; and the
        conversation, where the server still waits for a command.
    """
    talk = await _connect(address, network, watch)
    if isinstance(talk, Finding):
        return Connection(Stage.CONNECT, talk), None
    end = None
    try:
        end = await _ask_for_tls(talk, watch) or await _shake_hands(
            talk, offer, trust, network.limits.reply, watch
        )
    finally:
        if end is None or not end.waits:
            talk.stream.close()
    connection = Connection(
        end.stage,
        end.finding,
        tuple(talk.replies),
        talk.speech,
        talk.injected[:_KEPT_TEXT],
        end.handshake,
    )
    return connection, talk if end.waits else None


async def greet_by_hand(address: str, server_name: str | None, network: Network) -> Choice:
    """Connect once more, and ask with a hand-written ClientHello what the server would choose.

    Args:
        address: The IP address.
        server_name: Server name indication, or none.
        network: The outside world.

    Returns:
        What the server chose; nothing where it did not come to that.
    """
    talk = await _connect(address, network, unwatched)
    if isinstance(talk, Finding):
        return Choice()
    try:
        if await _ask_for_tls(talk, unwatched) is not None:
            return Choice()
        async with asyncio.timeout(network.limits.reply):
            return await say_hello(talk.stream, server_name)
    except TimeoutError:
        return Choice()
    finally:
        talk.stream.close()


async def _connect(
    address: str, network: Network, watch: Callable[[Stage], None]
) -> Conversation | Finding:
    watch(Stage.CONNECT)
    try:
        async with asyncio.timeout(network.limits.connect):
            stream = await network.connector.connect(address, network.smtp_port)
    except TimeoutError:
        return Finding("connection-timeout", {"stage": "connect"})
    except OSError as error:
        return _connection_finding(error)
    return Conversation(stream, network.client_name, network.limits.reply)


async def _ask_for_tls(talk: Conversation, watch: Callable[[Stage], None]) -> _End | None:
    """Go on until the server is ready for a handshake; where it ended if it is not."""
    watch(Stage.GREETING)
    greeting = await talk.greeting()
    if finding := _refusal_to_all(talk, greeting, Stage.GREETING):
        return _stopped(greeting, Stage.GREETING, finding)
    watch(Stage.EHLO)
    hello, ehlo_code = await _introduce(talk)
    stays = await _stays(talk, hello)
    if stays:
        hello, ehlo_code = await talk.helo(), CLOSING
    if finding := _refusal_to_all(talk, hello, Stage.EHLO):
        return _stopped(hello, Stage.EHLO, finding)
    watch(Stage.STARTTLS)
    if ehlo_code is not None or not talk.speech.offers:
        masked: Evidence = {"masked": True} if _MASKED in talk.keywords else {}
        evidence = masked if ehlo_code is None else {"ehlo_code": ehlo_code}
        cause = Cause.STAYS_OPEN if stays else None
        finding = Finding("starttls-not-supported", evidence, cause)
        return _stopped(hello, Stage.STARTTLS, finding)
    reply = await talk.starttls()
    finding = _starttls_refusal(reply)
    if finding is None or (isinstance(reply, Reply) and talk.takes_any(reply)):
        return None
    if isinstance(reply, Reply):
        return await _refused_starttls(talk, reply, finding)
    return _stopped(reply, Stage.STARTTLS, finding)


async def _stays(talk: Conversation, reply: Reply | Broken) -> bool:
    """Whether a server says that it closes and does not; some senders go on then."""
    closing = isinstance(reply, Reply) and reply.code == CLOSING and not talk.takes_any(reply)
    return closing and not await talk.closes()


async def _refused_starttls(talk: Conversation, reply: Reply, finding: Finding) -> _End:
    """How it ends where a server refuses STARTTLS: whoever goes on in clear needs the connection.

    What is said of closing is true of nobody who stays.
    """
    closes = await talk.closes()
    if reply.code == CLOSING and not closes:
        stays = Finding("starttls-failed", {"text": text_of(reply)}, code=CLOSING)
        return _End(Stage.STARTTLS, stays, waits=True)
    if reply.code == CLOSING:
        return _stopped(reply, Stage.STARTTLS, finding)
    parting = Broken(Breakage.CLOSED, Cause.CLOSED) if closes else await talk.parting()
    if isinstance(parting, Broken):
        # Whatever its reply says, it may wait for a handshake.
        is_silent = parting.breakage is Breakage.TIMEOUT
        finding = replace(finding, cause=Cause.SILENT if is_silent else Cause.CLOSED)
    return _End(Stage.STARTTLS, finding)


async def _introduce(talk: Conversation) -> tuple[Reply | Broken, int | None]:
    """Say EHLO, and HELO where that is refused, as senders do (RFC 5321 section 3.2).

    Returns:
        The last answer, and the code of the refusal, where there was one; who refuses EHLO has no
        extensions, so no STARTTLS.
    """
    ehlo = await talk.ehlo()
    if isinstance(ehlo, Broken) or ehlo.code == CLOSING or talk.takes_any(ehlo):
        return ehlo, None
    return await talk.helo(), ehlo.code


async def _shake_hands(
    talk: Conversation, offer: Offer, trust: Trust, seconds: float, watch: Callable[[Stage], None]
) -> _End:
    watch(Stage.TLS)
    try:
        async with asyncio.timeout(seconds):
            shown, inside = await handshake(talk.stream, trust, offer)
    except TimeoutError:
        return _End(Stage.TLS, Finding("connection-timeout", {"stage": "tls"}))
    if inside is None:
        return _End(Stage.TLS, _handshake_finding(shown), shown)
    talk.encrypt(inside)
    return await _greet_inside(talk, shown, watch)


async def _greet_inside(
    talk: Conversation, shown: Handshake, watch: Callable[[Stage], None]
) -> _End:
    # A TLS 1.3 server can still refuse after the client's handshake is over, so only an answer to
    # EHLO proves that there is a session (RFC 8446 section 4.4.2.4).
    watch(Stage.CERTIFICATE)
    hello, _ = await _introduce(talk)
    late = _late_refusal(hello, shown)
    finding = late or await _repeated(talk, hello) or _refusal(hello, Stage.EHLO)
    if finding is not None and finding.code == CLOSING and not await talk.closes():
        # Some senders look at what a server does, and not at what it says.
        finding = replace(finding, cause=Cause.STAYS_OPEN)
    if finding is not None and late is not None:
        return _End(Stage.TLS, finding, shown)
    if finding is not None:
        return replace(_stopped(hello, Stage.EHLO, finding), handshake=shown)
    watch(Stage.DONE)
    return _End(Stage.DONE, handshake=shown, waits=True)


def _stopped(last: Reply | Broken, stage: Stage, finding: Finding) -> _End:
    # After a 421 the server closes (RFC 5321 section 3.8); there is nobody left to say QUIT to.
    return _End(stage, finding, waits=isinstance(last, Reply) and last.code != CLOSING)


def _refusal(reply: Reply | Broken, stage: Stage) -> Finding | None:
    """What stands in the way where a reply does not say yes."""
    if isinstance(reply, Broken):
        return _breakage_finding(reply, stage)
    return refusal(reply.code, text_of(reply), stage)


def _refusal_to_all(talk: Conversation, reply: Reply | Broken, stage: Stage) -> Finding | None:
    """The same, where no sender takes the reply for a yes."""
    if isinstance(reply, Reply) and talk.takes_any(reply):
        return None
    return _refusal(reply, stage)


async def _repeated(talk: Conversation, hello: Reply | Broken) -> Finding | None:
    """A server that greets anew inside TLS is one answer late from then on."""
    if isinstance(hello, Broken) or hello.code != _READY:
        return None
    # With this code it may have answered EHLO, too: then it does so again.
    again = await talk.ehlo()
    if isinstance(again, Reply) and again.code == _READY:
        return None
    return Finding("not-smtp", {"stage": str(Stage.EHLO)}, Cause.REPEATED_GREETING, hello.code)


def _breakage_finding(broken: Broken, stage: Stage) -> Finding:
    problem = {
        Breakage.TIMEOUT: "connection-timeout",
        Breakage.NOT_SMTP: "not-smtp",
        Breakage.CLOSED: "connection-failed",
        Breakage.RESET: "connection-failed",
        Breakage.ALERT: "tls-handshake-failed",
    }[broken.breakage]
    evidence, cause = _why(broken)
    return Finding(problem, {"stage": str(stage), **evidence}, cause)


def _why(broken: Broken) -> tuple[Evidence, Cause | None]:
    """Why a conversation broke off: as text, or as a cause where that decides something."""
    if isinstance(broken.cause, Cause):
        return {}, broken.cause
    return {"cause": broken.cause}, None


def _starttls_refusal(reply: Reply | Broken) -> Finding | None:
    if isinstance(reply, Reply):
        return starttls_refusal(reply.code, text_of(reply))
    if reply.breakage is not Breakage.TIMEOUT:
        return Finding("starttls-failed", *_why(reply))
    return _breakage_finding(reply, Stage.STARTTLS)


def _handshake_finding(shown: Handshake) -> Finding:
    evidence: Evidence = {"cause": str(shown.failure), "reason": shown.reason}
    if "protocol version" in shown.reason or "unsupported protocol" in shown.reason:
        return Finding("tls-version", evidence)
    if "dh key too small" in shown.reason:
        return Finding("tls-weak-key", evidence)
    if "certificate required" in shown.reason or (
        shown.client_certificate_requested and shown.failure is Failure.ALERT
    ):
        return Finding("tls-client-certificate-required", evidence)
    if any(one in shown.reason for one in _SHORT_DATES):
        return Finding("certificate-invalid", evidence, Cause.SHORT_DATE)
    cause = Cause.FLOOD if shown.failure is Failure.FLOOD else None
    if shown.failure is Failure.LOCAL and any(one in shown.reason for one in _MINDED_BY_OPENSSL):
        cause = Cause.OPENSSL
    return Finding("tls-handshake-failed", evidence, cause)


def _late_refusal(hello: Reply | Broken, shown: Handshake) -> Finding | None:
    """A server that refuses the handshake after it, as far as it says so."""
    if isinstance(hello, Broken):
        if hello.breakage is not Breakage.ALERT:
            return None
        evidence: Evidence = {"cause": hello.cause, "version": shown.version}
        named = "certificate required" in hello.cause
        return Finding(
            "tls-client-certificate-required" if named else "tls-handshake-failed", evidence
        )
    text = text_of(hello)
    asks = not is_positive(hello.code) and _CERTIFICATE.search(text) is not None
    if not asks:
        return None
    return Finding("tls-client-certificate-required", {"text": text}, code=hello.code)


def _connection_finding(error: OSError) -> Finding:
    if error.errno in _OURS:
        return Finding("checker-unreachable", cause=_OURS[error.errno])
    cause = {
        errno.ECONNREFUSED: "refused",
        errno.ECONNRESET: "reset",
        errno.EHOSTUNREACH: "host-unreachable",
    }.get(error.errno or 0, "network")
    return Finding("connection-failed", {"stage": "connect", "cause": cause})
