"""What a header says of the sessions that a mail came by, wherever a piece of it stands.

It is about mail that did arrive there, and names no cause.
"""

from checker.bounce.trace import IN_ONE_LINE

_KIND = r"[\w-]{1,40}(?: \([^()]{1,40}\))?"
SESSION = (
    r"(?:tls|ssl)[\w.]{1,12} with cipher [\w-]{1,60}(?: \(\d{1,4}/\d{1,4} bits\))?"
    rf"(?: key-exchange {_KIND})?(?: server-signature {_KIND})?(?: server-digest {_KIND})?"
    rf"(?: client-signature {_KIND})?(?: client-digest {_KIND})?"
)
"""How Postfix describes one, in headers and logs (tls_misc.c)."""

_CIPHER = r"[\w-]{0,40}\d[\w/-]{0,40}"
# RFC 8601, section 2.2
_RESULT = (
    r"[\w-]{2,20}=\w{2,20}(?: reason=\"[^\"]{0,200}\")?(?: \([^()]{0,200}\))?"
    r"(?: (?:header|smtp|policy|body)\.[\w-]{1,40}=[^\s;]{1,320}){0,6}"
)

HEADERS = (
    IN_ONE_LINE,
    # RFC 8689, section 5, defines no other value.
    r"tls-required: no\b",
    rf"authentication-results: [\w.-]{{1,253}}(?:(?: )?;(?: )?{_RESULT}){{1,12}}",
    r"received-spf: \w{4,12} \([^()]{0,400}\)",
    # Postfix: where smtpd(8) writes the header, with smtpd_tls_received_header
    rf"\(using {SESSION}\)?",
    r"\(no client certificate (?:requested|presented|sent)\)",
    r"\(client did not present a certificate\)",
    r"\(client cn \"[^\"]{0,200}\", issuer \"[^\"]{0,200}\" \([^()]{1,40}\)\)",
    # Sendmail, Google, Microsoft, Haraka, Oracle, Proofpoint
    *(
        rf"\((?:\w{{1,20}} )?{field}[^()]{{0,240}}\)"
        for field in ("version=tls", "version=ssl", "cipher=")
    ),
    # Exim, OpenSMTPD, Courier, KumoMTA
    *(
        rf"\((?:tls: )?{protocol}v?\d[\d._]{{0,4}}"
        rf"(?:[:,; ]{{1,2}}(?:{_CIPHER}|no|yes|ok)){{0,6}}\)(?: tls [\w-]{{4,60}})?"
        for protocol in ("tls", "ssl")
    ),
    # Cisco
    r"esmtp/tls/[\w-]{4,60}",
    # qmail
    r"\([\w-]{1,60} encrypted\)(?= e?smtp)",
)
