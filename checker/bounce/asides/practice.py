"""What somebody says of the encryption they use: they tell it beside a reason, and it is none.

So is the subject of a mail that came back, and what stands below mails of how they were sent.
``We only use TLS 1.2``, ``Wir verwenden nur noch TLS 1.2 und höher``. Only where a line begins so:
behind the code of a reply it is what a server demands. To accept or to support is no such word,
since a server says so of itself where it refuses.
"""

_WHO_USES = (
    r"(?:we|i)(?: (?:only|now|already|always|also|do|do only)){0,2} (?:use|run)",
    r"(?:we are|we're|i am|i'm)(?: (?:only|now|already|always|also)){0,2} using",
    r"(?:our|my)(?: \w{1,12})? server(?: (?:only|now|already|always|also)){0,2} uses",
    r"(?:wir|ich) (?:verwenden?|nutzen?|benutzen?)",
    r"unser(?: \w{1,12}|e?n?)?[ -]?(?:mail)?server (?:verwendet|nutzt|benutzt)",
    r"(?:nous utilisons|j'utilise|utilizamos|usamos|usiamo|utilizziamo|wij gebruiken|używamy)",
)

_BEGINS = r"(?:(?<=\n)|(?<![^>])) ?"

# The subject of the mail that came back, or of an answer that nobody wrote.
SUBJECTS = (
    *("unzustellbar: ", "undeliverable: ", "automatic reply: ", "automatische antwort: "),
    *("abwesenheitsnotiz: ", "out of office: ", "réponse automatique: ", "non remis: "),
    *("respuesta automática: ", "onbestelbaar: "),
)

_CERTIFICATE = r"\b(?:zertifikat|certificate|cert|certificat|certificado)s?\b"
_THERE = r"(?:[^\n.,;:!?]|\.\d){0,40}?"

# What somebody found to be well, and that a certificate was renewed in time.
WELL = (
    (
        rf"{_CERTIFICATE}{_THERE} (?:ist|is|gilt)(?: auch| noch| still| aktuell)?"
        r" (?:bis [^\n,;:!?]{1,20} gültig|gültig(?! für| ab| erst)|valid(?! for| only| from)"
        r"|in ordnung|ok\b|okay|fine\b|nicht abgelaufen|not expired)(?:[^\n,;:!?.]|\.\d){0,40}"
    ),
    rf"{_CERTIFICATE}{_THERE} (?:hasn't expired|has not expired)",
    (
        rf"(?:renewed|replaced|erneuert|getauscht){_THERE}{_CERTIFICATE}{_THERE}"
        r" (?:without any problems?|successfully|erfolgreich|ohne probleme?)"
    ),
    (
        rf"{_CERTIFICATE}{_THERE} (?:erfolgreich|successfully|ohne probleme?)"
        r" (?:erneuert|renewed|getauscht)"
    ),
    (
        r"\b(?:has|have)(?: now| since| already)? (?:fixed|corrected|repaired)\b"
        rf"{_THERE}\b(?:tlsa|certificate|cert|mta-sts|policy|dnssec)\b(?:[^\n,;:!?.]|\.\d){{0,40}}"
    ),
)

_SELF_SIGNED = (
    r"(?:self[ -]?signed|selbst ?signierte?[nrs]?)[ -](?:\w{1,12}[ -]){0,2}"
    r"(?:cert|zertifikat)\w{0,10}"
)
# No fault comes between.
_PLAINLY = r"(?:(?!fehler|error|fail|reject|abgelehnt|\bbut\b|\baber\b)[^\n.,:;!?]){0,60}?"

# A certificate that somebody made, is told to make or asks about.
OWN = (
    (
        r"(?:(?<![^\n.!?:>\"“„'`])|\b(?:just|please|can|could|should|let's|bitte)) ?"
        rf"\b(?:generate|create|make|use|erstellen?|erzeugen?|generieren?)\b{_PLAINLY}"
        rf"\b{_SELF_SIGNED}"
    ),
    rf"\b(?:we|i) {_PLAINLY}\b(?:created|generated|made)\b{_PLAINLY}\b{_SELF_SIGNED}",
    rf"\b(?:wir|ich) haben? {_PLAINLY}\b{_SELF_SIGNED}{_PLAINLY}\b(?:erstellt|erzeugt|generiert)\b",
    (
        r"\b(?:can|could|may|should) (?:i|we|one|you)(?: \w{1,8})? (?:use|create|have|make|take)\b"
        rf"{_PLAINLY}\b{_SELF_SIGNED}{_PLAINLY}\?"
    ),
    rf"\bis it (?:ok|okay|fine|allowed|possible|safe) to {_PLAINLY}\b{_SELF_SIGNED}{_PLAINLY}\?",
    (
        rf"\b(?:kann|darf|soll(?:te)?|können|dürfen) {_PLAINLY}\b{_SELF_SIGNED}{_PLAINLY}"
        r"\b(?:verwenden|benutzen|nutzen|nehmen|einsetzen|erstellen)\?"
    ),
)

# What an option or a change is to do.
WISHED = (
    r"\b(?:so that|(?:option|setting|flag|schalter|einstellung)(?: so)? (?:that|to|which|um|zum))\b"
    r"(?:(?!\n\n)[^.:;!?]|\.\d|e\.g\.){0,120}?\b(?:if|when|wenn|falls|sobald)\b"
    r"(?:(?!\n\n)[^.,:;!?]|\.\d){0,60}?\b(?:not?|n't|nicht|kein\w{0,2})\b"
    r"(?:(?!\n\n|because|since|weil)[^.:;!?]|\.\d){0,120}"
)

# What to do in a case that may be.
ADVICE = (
    (
        r"\bif (?:your|the|a|an) (?:(?!\n\n)[^.,:;!?]|\.\d){0,60}?\b(?:not?|n't)\b"
        r"(?:(?!\n\n)[^.,:;!?]|\.\d){0,60}, you (?:can|could|may|should)\b"
    ),
    (
        r"\b(?:wenn|falls) (?:ihr|der|die|das|ein) (?:(?!\n\n)[^.,:;!?]|\.\d){0,60}?"
        r"\b(?:nicht|kein\w{0,2})\b(?:(?!\n\n)[^.,:;!?]|\.\d){0,60}, (?:können|sollten) sie\b"
    ),
)

# What stands beside a box to tick.
_QUOTED = r"[\"„“”'`«][^\n\"“”'`»]{1,60}[\"“”'`»]"
LABELS = (
    r"\b(?:schalter|option|einstellung|häkchen|checkbox|check box|setting|toggle|button) "
    rf"{_QUOTED}|{_QUOTED} (?:check ?box|toggle|button|option|setting)\b"
)

# How something is to be set, which somebody asks; a fault that they name in it is no such question.
_TO_SET = (
    r"\b(?:stelle?|richte?|aktivier\w{0,3}|erzwing\w{0,2}|konfigurier\w{1,3}|einstell\w{1,3}"
    r"|einricht\w{1,3}|abschalt\w{1,3}|configure|set up|setup|enabled?|disabled?|turn off|enforce"
    r"|force|prefer|dnssec haben|it (?:usually )?take)\b"
)
_NO_FAULT = r"fehler|error|fail|expired|abgelaufen|reject|[\"„“'`]|\n\n"
ASKED = (
    (
        r"\b(?:wie|how|muss|should|do|can|kann|comment|cómo)"
        rf" (?:(?!{_NO_FAULT})[^?.:;!]|\.\d){{0,60}}?{_TO_SET}(?:(?!{_NO_FAULT})[^?:;!]){{0,160}}\?"
    ),
    (
        r"\b(?:is there (?:a|any) (?:way|option|possibility)|is it possible"
        r"|wondering (?:if|whether)|gibt es (?:eine|die) möglichkeit|ist es möglich)\b"
        rf"(?:(?!{_NO_FAULT})[^?.:;!]|\.\d){{0,60}}?{_TO_SET}"
        rf"(?:(?!{_NO_FAULT})[^?.:;!]|\.\d){{0,160}}"
    ),
)

PRACTICE = (
    *ASKED,
    *OWN,
    WISHED,
    *ADVICE,
    LABELS,
    *(
        rf"{_BEGINS}{who_uses} (?:[^\n.,;:!?]|\.\d){{0,60}}?"
        r"\b(?:tls|ssl)\b(?:(?! but | aber )[^\n.,;:!?]|\.\d){0,60}"
        for who_uses in _WHO_USES
    ),
    *(rf"{_BEGINS}{subject}[^\n]{{1,200}}(?=\n)" for subject in SUBJECTS),
    (
        rf"{_BEGINS}(?:diese|this) (?:nachricht|e-?mail|message|mail) (?:wurde|ist|was|is) "
        r"(?:[^\n.,;:!?]|\.\d){0,40}?(?:verschlüsselt|encrypted)(?:[^\n.,;:!?]|\.\d){0,60}"
    ),
    *WELL,
    (
        rf"{_BEGINS}(?:wir nehmen|we (?:only )?accept)(?: nur| only)? (?:verschlüsselte|encrypted) "
        r"(?:e-?mails?|mails?|nachrichten|messages?)(?: an)?(?=\.?(?:\n|$))"
    ),
)
