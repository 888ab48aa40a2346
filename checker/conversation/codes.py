"""What the code of a reply means to whoever asked (RFC 5321 section 4.2.1). Pure."""

from checker.facts import Evidence, Finding
from checker.problems import Stage

CLOSING = 421
"""The server closes the connection, whatever it was asked (RFC 5321 section 3.8)."""

_POSITIVE = 2


def is_positive(code: int) -> bool:
    """Whether it says yes; senders look at the first digit alone (RFC 5321 section 4.3.2)."""
    return code // 100 == _POSITIVE


def refusal(code: int, text: str, stage: Stage) -> Finding | None:
    """What stands in the way where a reply does not say yes.

    Args:
        code: Its code.
        text: What it says.
        stage: What it answers.
    """
    if is_positive(code):
        return None
    evidence: Evidence = {"stage": str(stage), "text": text}
    match code // 100:
        case 5:
            return Finding("greeting-refused", evidence, code=code)
        case 4:
            return Finding("temporarily-refused", evidence, code=code)
    return Finding("not-smtp", evidence, code=code)


def starttls_refusal(code: int, text: str) -> Finding | None:
    """The same of the answer to STARTTLS, where a refusal is none of the whole mail."""
    if code == CLOSING:
        return refusal(code, text, Stage.STARTTLS)
    return None if is_positive(code) else Finding("starttls-failed", {"text": text}, code=code)
