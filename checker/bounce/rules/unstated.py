"""Where a report says that it gave up, and not why, or that nothing failed at all."""

from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule, Strength

NOT_RESPONDING = (
    # Some providers say so of each message that they could not place, whatever the cause was.
    Rule(
        ("cause-not-stated", "connection-timeout"),
        ("was not delivered within",),
        "Your message was not delivered within 0 days and 4 hours. Remote host is not responding.",
        strength=Strength.WEAK,
    ),
)

UNSTATED = (
    # What Postfix says when no server was left to ask. From 3.10 on it leaves out those that the
    # MTA-STS policy does not list, and says why in its log alone.
    Rule(
        ("cause-not-stated", "sts-policy-invalid"),
        ("server unavailable or unable to receive mail",),
        "server unavailable or unable to receive mail",
        strength=Strength.WEAK,
    ),
    Rule(
        ("cause-not-stated",),
        (
            "envelope expired",
            "message expired",
            "delivery time expired",
            "delivery expired",
            "message timed out",
            "giving up",
            "warning message only",
            "could not send message for",
            "for more than",
            "for past",
            "delayed",
            "has not yet been delivered",
            "still being retried",
            "all mxs",
            "has been frozen",
        ),
        "Message expired",
        strength=Strength.WEAK,
    ),
    Rule(
        ("cause-not-stated",),
        (
            *("verzögert", "abgelaufen", "expiré", "caducó", "caducado", "expirado", "expirou"),
            "scaduto",
        ),
        "Die Frist für die Zustellung ist abgelaufen.",
        strength=Strength.WEAK,
        without=("passwor", "kennwort", "konto", "mot de passe", "contraseña", "senha", "cuenta"),
    ),
    Rule(
        ("cause-not-stated",),
        (
            *(
                "retry",
                "retries",
                "attempts",
                "given up after",
                "queue",
                "expired in",
                "message",
                "maximum",
            ),
            *("too", "no longer trying", "delivered within", "ttl expired", "with no success"),
        ),
        "retry timeout exceeded",
        strength=Strength.WEAK,
        pattern=Pattern(
            r"\b(?:retry (?:timeout exceeded|time (?:expired|not reached)|limit|count exceeded)"
            r"|maximum retr(?:y|ies)|(?:too many|number of) retries|too many failures"
            r"|attempts (?:have )?failed for|given up after|message (?:timeout exceeded|too old)"
            r"|queue(?: time)?[ .](?:expired|lifetime|too long)"
            r"|(?:expired|too long|maximum time) in (?:the )?queue"
            r"|exceeded (?:the )?maximum time|no longer trying|not (?:been )?delivered within"
            r"|ttl expired|(?:hours|days) with no success)\b"
        ),
    ),
    Rule(
        ("cause-not-stated",),
        (
            "was not delivered",
            "wasn't delivered",
            "unable to deliver",
            "undeliverable",
            "undelivered",
            "delivery failed",
            "delivery has failed",
            "delivery failure",
            "failed to deliver",
            "problem delivering",
            "failed permanently",
            "could not deliver",
            "mail delivery",
            "returned mail",
            "returning message",
            "nicht zugestellt",
            "unzustellbar",
            "nachrichtenzustellung",
            "bei der zustellung",
            "pas pu être remis",
            "impossible de remettre",
            "non remis",
            "échec de la remise",
            "não foi possível entregar",
            "não pôde ser entregue",
            "non è stato possibile recapitare",
            "not been received",
            "non è arrivat",
            "não chegou",
            "niet aangekomen",
            "nie dotarł",
            "error de entrega",
            "falha na entrega",
            "mancata consegna",
            "kam nicht an",
            "nicht angekommen",
            "pas arrivé",
            "配信不能",
            "配信できません",
            "配信に失敗",
        ),
        "Undelivered Mail Returned to Sender",
        strength=Strength.WEAK,
    ),
    Rule(
        ("cause-not-stated",),
        (
            *("zurückgekommen", "kam zurück", "came back", "showed up", "show up"),
            *("aufgegeben", "sendeversuche", "zustellversuche", "nicht an"),
            *("zugestellt", "erreicht werden", "recapitat", "bezorgd", "dostarcz"),
            "zustellung",
            "be delivered",
            "be sent",
            "arrive",
            "entregar",
            "no llegó",
            "no ha llegado",
        ),
        "Your message could not be delivered.",
        strength=Strength.WEAK,
        pattern=Pattern(
            r"(?:not|n't) be (?:delivered|sent)\b|(?:not|n't|never) arrived?\b"
            r"|\bno se (?:pudo|puede|ha podido) entregar\b|\bzustellung\b[^.]{0,80}? fehlgeschlagen"
            r"|\b(?:mails?|nachricht|brief)\b[^.]{0,60}(?:zurückgekommen|kam zurück)"
            r"|\b(?:mails?|emails?|message|it)\b[^.]{0,60} came back\b"
            r"|\b(?:none|never|not)\b[^.]{0,30} show(?:ed)? up\b"
            r"|\bzustellung\b[^.]{0,30} aufgegeben\b|\b(?:sende|zustell)versuche"
            r"|\bkomm(?:en|t)\b[^.]{0,60}? nicht an\b"
            r"|\bnicht\b[^.]{0,80}? zugestellt\b|\bnicht erreicht werden\b"
            r"|\bnon (?:è|e) stato recapitat|\bniet (?:worden )?(?:worden )?bezorgd"
            r"|\bnie (?:można|udało się|został\w?) dostarcz"
            r"|\bno (?:llegó|ha llegado)\b"
        ),
    ),
)

# The reply that hands the mail over (RFC 5321, section 4.2.5), in the words of common servers.
TAKEN = (
    Rule(
        ("no-problem-found",),
        ("250",),
        "<~  250 2.0.0 Ok: queued as 4XkJ",
        pattern=Pattern(
            r"\b250 (?:2\.\d\.\d )?[^\n]{0,80}?\b(?:queued|accepted for delivery|ok id=)"
            r"|(?<!not )\b(?:delivered|zugestellt|accepted)\b[^\n\w]{1,4}250\b"
        ),
        strength=Strength.WEAK,
    ),
)
