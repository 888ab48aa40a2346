"""What a report says has become of a mail: only what has failed is to be sent again.

The words are those of RFC 3464, section 2.3.3, whoever says it and in whatever form.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone

from checker.bounce.addresses import ADDRESS
from checker.bounce.model import Action
from checker.bounce.patterns import Pattern
from checker.bounce.rules import beginnings, comparable, without_names

_MAXIMUM_TEXT = 20_000
_MAXIMUM_ENTRY = 4_000

_FIELD = Pattern(r"\A\s*(failed|delayed|delivered|relayed|expanded)\b", re.IGNORECASE)

_REPLY = Pattern(r"(?<![\d.])[45]\d\d[ -][^\n]{0,1000}")


class _Wording:
    """Ways of saying one thing, in comparable form."""

    def __init__(self, phrases: Iterable[str], patterns: Mapping[str, str]) -> None:
        """Take the ways.

        Args:
            phrases: Any of them says it.
            patterns: So does any of these expressions, looked for where its key occurs.
        """
        # Where no word begins as a phrase does, the phrase is ruled out at once.
        self._ways: dict[str, list[tuple[str, Pattern | None]]] = defaultdict(list)
        for phrase in phrases:
            self._ways[_beginning(phrase)].append((phrase, None))
        for word, pattern in patterns.items():
            self._ways[_beginning(word)].append((word, Pattern(pattern)))

    def is_in(self, text: str, begun: frozenset[str]) -> bool:
        """Whether a text says it.

        Args:
            text: In comparable form.
            begun: Its ``beginnings``, and the empty one.
        """
        for beginning in begun.intersection(self._ways):
            for phrase, pattern in self._ways[beginning]:
                if phrase in text and (pattern is None or pattern.search(text)):
                    return True
        return False


def _beginning(phrase: str) -> str:
    return phrase[:3] if phrase[:3] in beginnings(phrase[:3]) else ""


_ENDED = _Wording(
    (
        *("this is a permanent error", "permanent fatal errors", "i've given up", "has given up"),
        *("stopped trying", "will be deleted from queue", "keine weiteren zustellversuche"),
        *("aucune nouvelle tentative", "pas de nouvelle tentative"),
    ),
    {
        "attempt": r"\b(?:no|any) (?:further|more|additional) (?:delivery )?attempts?\b",
        "retr": r"\b(?:not|never|n't|no longer) (?:going to )?(?:be )?(?:retry|retried)",
        "try": r"\b(?:not|never|n't|no longer) (?:going to )?(?:be )?try",
        "kein": r"\bkeine? (?:weiteren?|erneuten?) (?:\w{1,20} )?versuche?",
        "nicht": r"\bnicht (?:mehr|erneut|weiter) versucht",
    },
)
_STILL_TRIED = _Wording(
    (
        # That it is no more than a warning
        *("warning only", "warning message only", "warning notice only", "only a warning"),
        *("just a warning", "this is a warning", "only a temporary", "delay notice", "(delay)"),
        *("delay notification", "delayed delivery notification", "nur eine warnung"),
        *("nur um eine warnung", "lediglich eine warnung", "n'est qu'un avertissement"),
        *("no action is required on your", "no action is needed on your"),
        # That nothing is to be sent again
        *("need not resend", "no es necesario que reenv", "no es necesario reenv"),
        *("non è necessario reinviare", "não é necessário reenviar"),
        # That it goes on
        *("continue to be attempted", "continue to be made", "still being retried"),
        *("still retrying", "still trying", "awaiting delivery", "still in the queue"),
        *("kept in the queue for up to", "still undelivered after", "is being retried"),
        *("réessaiera", "réessayera", "réessayer pendant", "seguirá intent", "continuará intent"),
        *("reintentará", "riproverà", "continuerà a tentare", "continuerà a provare"),
        *("tentará novamente", "continuará tentando", "continuará a tentar", "ponowi prób"),
        *("będzie ponawia", "再試行します", "再試行され"),
        # That it is late
        *("has not yet been delivered", "have not yet been delivered", "not been delivered yet"),
        *("n't been delivered yet", "not yet been sent", "not been sent yet", "delayed mail"),
        *("not yet be delivered", "delivery incomplete", "delivery is delayed"),
        *("could not send message for past", "se ha retrasado", "aún no se ha entregado"),
        *("non è ancora stato recapitato", "non è ancora stato consegnato"),
        *("ainda não foi entregue", "nog niet bezorgd", "nog niet afgeleverd", "opóźni"),
        *("jeszcze dostarczon", "配信は遅延", "配信が遅延"),
    ),
    {
        "will": r"\bwill (?:(?!not |never |no )\w{1,20} ){0,2}"
        r"(?:be (?:retried|re ?attempted|tried again)|retry|continue (?:for|until)"
        r"|(?:keep|continue|go)\b(?: on)?(?: to)?(?: be)? (?:re)?(?:try|attempt|tried))"
        r"|\b(?:we|it|server|system|gmail) will (?:try|attempt)\b[^.]{0,40}\bagain\b",
        "attempts": r"(?<!no further )(?<!no more )\battempts (?:will|are) (?:still )?"
        r"(?:continu|ongoing|under way|be(?:ing)? (?:made|repeated|attempted))",
        "retries": r"\bretries are (?:still )?(?:continu|ongoing|under way|being made)",
        "delayed": r"\b(?:delivery|message|e?mail|mail|it|they)\b[^.]{0,60}\bdelayed\b",
        "delivery": r"\bdelivery \d{1,9}: deferral\b",
        "wird": r"\bwird (?:(?!nicht |kein)[\w()]{1,20} ){0,8}versuch(?:t|en)\b",
        "werden": r"\bwerden (?:(?!nicht |kein)[\w()]{1,20} ){0,8}versuch(?:t|en)\b",
        "versuch": r"\bversuch(?:t|en) [^.]{0,40}\bweiter(?:hin)?\b",
        "weitere": r"\bweitere (?:zustell)?versuche (?:unternehmen|unternommen|gemacht|folgen)",
        " to re": r"(?:\bnot?|n't) (?:need|have|necessary) to re ?send\b",
        "renvoyer": r"\b(?:pas (?:nécessaire|besoin)|inutile) de (?:la |le )?renvoyer",
        "nicht": r"\b(?:müssen|brauchen) [^.]{0,40}\bnicht (?:noch ?einmal|nochmals|erneut) "
        r"(?:zu )?(?:senden|schicken|versenden)",
        "noch nicht": r"\bnoch nicht "
        r"(?:zu(?:ge)?stell|übermittel|aus(?:ge)?liefer|gesendet|verschickt)",
        "verzögert": r"\b(?:zustellung|übermittlung|nachricht|auslieferung|mail)\b[^.]{0,60}"
        r"\bverzögert",
        "continuera": r"\bcontinuera (?:à|d'|de) ?(?:essayer|tenter)",
        "tentatives": r"(?<!aucune )\b(?:nouvelles )?tentatives?\b[^.]{0,40}\b(?:seront"
        r"|continue)",
        "retardé": r"\b(?:remise|distribution|message)\b[^.]{0,60}\bretardée?\b",
        "n'a pas encore": r"\bn'a pas encore (?:pu être|été) (?:remis|distribué|livré)",
        "volverá": r"(?<!no )(?<!no se )(?<!no lo )\bvolverá a intent",
        "retrasad": r"\b(?:entrega|mensaje)\b[^.]{0,60}\bretrasad",
        "ritardat": r"\b(?:consegna|messaggio)\b[^.]{0,60}\britardat",
        "atrasad": r"\b(?:entrega|mensagem)\b[^.]{0,60}\batrasad",
        "vertraagd": r"\b(?:bezorging|bericht)\b[^.]{0,60}\bvertraagd",
        "opnieuw": r"\bprobeert [^.]{0,40}\bopnieuw|\bopnieuw geprobeerd",
    },
)
_GIVEN_UP = _Wording(
    (
        *("could not be delivered", "couldn't be delivered", "cannot be delivered"),
        *("can't be delivered", "was not delivered", "wasn't delivered", "not been delivered"),
        *("could not deliver", "couldn't deliver", "unable to deliver", "not able to deliver"),
        *("n't able to deliver", "undelivered", "undeliverable", "delivery failed"),
        *("delivery has failed", "delivery failure", "failed to deliver"),
        *("returned to sender", "returned to the sender", "permanent error", "permanent failure"),
        *("occurred while attempting to deliver", "occurred while trying to deliver"),
        *("nicht zugestellt", "nicht übermittelt", "unzustellbar", "zustellung fehlgeschlagen"),
        *("fehler bei der nachrichtenzustellung", "zustellung ist fehlgeschlagen"),
        *("n'a pas pu être remis", "n'a pas pu être distribué", "impossible de remettre"),
        *("non remis", "no se pudo entregar", "no se ha podido entregar", "no se puede entregar"),
        *("não foi possível entregar", "não pôde ser entregue", "mancata consegna"),
        *("non è stato possibile recapitare", "kon niet worden bezorgd", "配信不能"),
        *("nie udało się dostarczyć", "配信できません", "配信に失敗"),
    ),
    {"delivery": r"\bdelivery \d{1,9}: failure\b"},
)

_STATUS = Pattern(r"\b(?:status|stat|result)=\"?(\w{1,20})")
_STATUSES = {
    **dict.fromkeys(("sent", "ok"), Action.RELAYED),
    **dict.fromkeys(("deferred", "tempfail", "softbounce"), Action.DELAYED),
    **dict.fromkeys(("bounced", "expired", "permfail", "undeliverable"), Action.FAILED),
}
_DSN = Pattern(r"\bdsn=([45])\.\d{1,3}\.\d")
_CLASSES = {"4": Action.DELAYED, "5": Action.FAILED}
_EXIM_SENT = Pattern(rf"\A[\d:. +-]{{19,40}}\S{{16,23}} [=-]> {ADDRESS.pattern}")
_EXIM = Pattern(rf"\s(==|\*\*) {ADDRESS.pattern}")
_EXIM_MARKS = {"==": Action.DELAYED, "**": Action.FAILED}
_JSON = Pattern(
    r"\"(?:\w{0,16}type|event|action|status|severity)\": ?\"(\w{4,30})\"", re.IGNORECASE
)
_EVENTS = {
    **dict.fromkeys(("transientfailure", "deferred", "deliverydelay"), Action.DELAYED),
    **dict.fromkeys(("delayed", "temporary", "tempfail"), Action.DELAYED),
    **dict.fromkeys(("bounce", "bounced", "failed", "permanent", "dropped"), Action.FAILED),
    **dict.fromkeys(("delivered", "delivery"), Action.RELAYED),
}
_STRONGEST = (Action.DELAYED, Action.FAILED, Action.RELAYED)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = Pattern(
    r"\s{0,9}(?:[a-z]{3},? {1,2})?(?P<day>\d{1,2}) (?P<month>[a-z]{3})[a-z]{0,6} (?P<year>\d{4})"
    r" (?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"(?: ?(?:(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)|(?P<zone>[a-z]{1,3})))?",
    re.IGNORECASE,
)
# Of North America (RFC 5322, section 4.3); those and no others have names.
_ZONES = {"ut": 0, "gmt": 0, "utc": 0, "z": 0, "edt": -4, "est": -5, "cdt": -5, "cst": -6}
_ZONES |= {"mdt": -6, "mst": -7, "pdt": -7, "pst": -8}


def action_of(field: str) -> Action | None:
    """The value of a field ``Action`` (RFC 3464, section 2.3.3)."""
    found = _FIELD.match(field)
    return Action(found[1].lower()) if found else None


def action_in_log(entry: str) -> Action | None:
    """What a log says in the line about a recipient.

    Args:
        entry: The line; of Postfix, Sendmail, OpenSMTPD, Exim, or a JSON object.
    """
    entry = entry[:_MAXIMUM_ENTRY]
    if found := _STATUS.search(entry):
        known = _STATUSES.get(found[1].lower())
        if known:
            return known
    if found := _DSN.search(entry):
        return _CLASSES[found[1]]
    if _EXIM_SENT.search(entry):
        return Action.RELAYED
    if found := _EXIM.search(entry):
        return _EXIM_MARKS[found[1]]
    if entry.lstrip().startswith("{"):
        events = {_EVENTS.get(event.lower()) for event in _JSON.findall(entry)}
        return next((action for action in _STRONGEST if action in events), None)
    return None


def action_in_words(lines: Iterable[str]) -> Action | None:
    """What a report says to people, in its own words and not in those of a server that it quotes.

    Args:
        lines: Of a report without its fields.
    """
    text = _REPLY.sub("", "\n".join(lines)[:_MAXIMUM_TEXT])
    words = " ".join(comparable(without_names(text)).split())
    begun = beginnings(words) | {""}
    if _ENDED.is_in(words, begun):
        return Action.FAILED
    if _STILL_TRIED.is_in(words, begun):
        return Action.DELAYED
    return Action.FAILED if _GIVEN_UP.is_in(words, begun) else None


def retry_until(field: str) -> str | None:
    """The value of a field ``Will-Retry-Until`` (RFC 3464, section 2.3.9) as RFC 3339 writes it.

    Returns:
        In UTC; None where it is no date (RFC 5322, section 3.3) or names a zone that nobody knows.
    """
    found = _DATE.match(field)
    if found is None or found["month"].lower() not in _MONTHS:
        return None
    hours = _ZONES.get((found["zone"] or "z").lower())
    if hours is None:
        return None
    offset = timedelta(hours=hours)
    if found["sign"]:
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
        offset = -offset if found["sign"] == "-" else offset
    try:
        moment = datetime(
            int(found["year"]),
            _MONTHS.index(found["month"].lower()) + 1,
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            int(found["second"] or 0),
            tzinfo=timezone(offset) if offset else UTC,
        )
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return None
