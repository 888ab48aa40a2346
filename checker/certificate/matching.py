"""Whether a name in a certificate stands for a host, as a sender's library sees it. Pure.

X509_check_host(3) with X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, which Postfix calls, and
gnutls_x509_crt_check_hostname2(3), which Exim does. Both know more of wildcards than RFC 9525, and
neither forgives a blank or a dot at the end.
"""

import re

_WILDCARD = "*"
_LABEL = re.compile(r"[A-Za-z0-9-]+")
_LEAST_DOTS = 2


def matches(name: str, host: str, *, is_gnutls: bool = False) -> bool:
    """Whether a host is meant by a name in a certificate, which may be a wildcard.

    Args:
        name: As it stands in the certificate.
        host: The host.
        is_gnutls: GnuTLS looks; else OpenSSL.
    """
    wanted, shown = host.lower(), name.lower()
    if wanted == shown:
        return True
    # Two labels at least have to be named.
    if not shown.startswith(_WILDCARD) or shown.count(".") < _LEAST_DOTS:
        return False
    label, dot, parent = wanted.partition(".")
    first, _, rest = shown[1:].partition(".")
    if not dot or rest != parent or _WILDCARD in parent:
        return False
    if is_gnutls:
        # The asterisk may stand for the beginning of a label, or for nothing.
        return label.endswith(first)
    return not first and _LABEL.fullmatch(label) is not None
