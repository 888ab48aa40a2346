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
            "retry timeout exceeded",
            "retry time not reached",
            "envelope expired",
            "message expired",
            "queue.expired",
            "delivery time expired",
            "delivery expired",
            "message timed out",
            "message too old",
            "queue too long",
            "too many failures",
            "giving up",
            "warning message only",
            "could not send message for",
            "not delivered within",
            "for more than",
            "for past",
            "delayed",
            "has not yet been delivered",
            "still being retried",
            "all mxs",
        ),
        "retry timeout exceeded",
        strength=Strength.WEAK,
    ),
    Rule(
        ("cause-not-stated",),
        (
            "couldn't be delivered",
            "cannot be delivered",
            "was not delivered",
            "wasn't delivered",
            "not be delivered",
            "not be sent",
            "unable to deliver",
            "undeliverable",
            "undelivered",
            "delivery failed",
            "delivery has failed",
            "delivery failure",
            "failed to deliver",
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
            "no se pudo entregar",
            "error de entrega",
            "falha na entrega",
            "mancata consegna",
            "kam nicht an",
            "nicht angekommen",
            "not arrive",
            "didn't arrive",
            "never arrived",
            "pas arrivé",
            "配信不能",
            "配信できません",
            "配信に失敗",
        ),
        "Your message could not be delivered.",
        strength=Strength.WEAK,
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
        ),
        strength=Strength.WEAK,
    ),
)
