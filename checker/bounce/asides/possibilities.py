"""Lists of what may be the reason, printed whatever it is: they name a cause and find none."""

_ITEM = r"(?:\d{1,2}[.)]|[-*•·](?=[ ]))"
_ENTRIES = (
    rf" ?:(?:[ >|]{{0,9}}\n[ >|\n]{{0,9}}{_ITEM} ?[^\n]{{1,300}}"
    r"(?:\n {2,9}(?=[a-zäöü])[^\n]{1,300})?){1,12}"
)
_HEADINGS = (
    r"(?:for|due to|because of) (?:one|any) (?:or more )?of the following reasons",
    *(
        r"(?:possible|potential|likely|common|typical|usual|most frequent)"
        rf" {them}(?: (?:are|include|for this(?: error)?))?"
        for them in ("reasons", "causes")
    ),
    r"mögliche (?:ursachen|gründe|fehlerquellen)(?: sind| dafür)?",
    *("häufige ursachen", "causes possibles", "posibles causas", "possibili cause"),
    *("mogelijke oorzaken", "możliwe przyczyny"),
)

# MailKit: SslHandshakeException.cs, in both wordings that it has had
_MAILKIT = (
    (
        r"(?:(?:this usually means|the other possibility is) that )?the ssl certificate presented"
        r" by the server is not trusted by the system for one or more of the following reasons:?"
    ),
    r"one possibility is that you are trying to connect to a port which does not support ssl/tls\.",
    *(
        rf"\d\. {reason}\."
        for reason in (
            "the server is using a self-signed certificate which cannot be verified",
            (
                "the local system is missing a root or intermediate certificate needed to verify"
                " the server's certificate"
            ),
            (
                "a certificate authority crl server for one or more of the certificates in the"
                " chain is temporarily unavailable"
            ),
            "the certificate presented by the server is expired or invalid",
            "the set of ssl/tls protocols supported by the client and server do not match",
            "you are trying to connect to a port which does not support ssl/tls",
        )
    ),
    r"if you intended to use starttls, make sure to use the following code:",
)

POSSIBILITIES = (*(heading + _ENTRIES for heading in _HEADINGS), *_MAILKIT)
