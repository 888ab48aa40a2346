"""The table of rules: phrases of servers and libraries, and the problem that each names.

The order counts: the first rule that matches a text names the problem. A reason that only a TLS
library gives stands before words that any server may use, the particular before the general.
"""

from checker.bounce.rules.certificate import (
    ALERTS,
    CERTIFICATE,
    CERTIFICATE_IN_GENERAL,
    CERTIFICATE_NOT_VERIFIED,
    CERTIFICATE_UNTRUSTED,
)
from checker.bounce.rules.dane_mta_sts import DANE, STS, STS_IN_GENERAL
from checker.bounce.rules.encryption import (
    CLEAR_TEXT,
    HANDSHAKE,
    HANDSHAKE_IN_GENERAL,
    NOT_OFFERED,
    PARAMETERS,
    REQUIRED,
    SENDER,
    STARTTLS_REFUSED,
    USE,
    VERSION,
)
from checker.bounce.rules.end_to_end import OF_THE_MESSAGE
from checker.bounce.rules.english import ROUTING_IN_ENGLISH, TLS_IN_ENGLISH, TROUBLE_IN_ENGLISH
from checker.bounce.rules.german import ROUTING_IN_GERMAN, TLS_IN_GERMAN, TROUBLE_IN_GERMAN
from checker.bounce.rules.refusals import (
    BY_POLICY,
    IN_OTHER_WORDS,
    OF_THE_CONTENT,
    OF_THE_MAILBOX,
    OF_THE_SENDER,
    OTHERS,
    REFUSALS,
    REFUSALS_IN_GENERAL,
    UNROUTEABLE_USER,
)
from checker.bounce.rules.routing import DOMAINS, REACHING, ROUTING
from checker.bounce.rules.rule import Rule, Strength, beginnings, comparable, without_names
from checker.bounce.rules.spoken_certificate import OF_CERTIFICATES
from checker.bounce.rules.spoken_encryption import OF_ENCRYPTION, OF_POLICIES
from checker.bounce.rules.spoken_routing import OF_ROUTING
from checker.bounce.rules.table import Table
from checker.bounce.rules.unstated import NOT_RESPONDING, TAKEN, UNSTATED
from checker.bounce.rules.wording import (
    CERTIFICATE_ENDS,
    CERTIFICATE_TROUBLE,
    CERTIFICATES,
    DANE_WORDING,
    DEMANDS,
    MISSING,
    NAMES,
    NOT_ANNOUNCED,
    OWN_FILES,
    STS_TROUBLE,
    STS_WORDING,
    TROUBLE,
    VERSIONS,
    WEAK,
    WITHOUT_TLS,
)

RULES: tuple[Rule, ...] = (
    *NOT_RESPONDING,
    *OF_THE_MAILBOX,
    *OF_THE_CONTENT,
    *BY_POLICY,
    *OF_THE_MESSAGE,
    *SENDER,
    *OWN_FILES,
    *OF_THE_SENDER,
    *NOT_OFFERED,
    *OF_POLICIES,
    *TLS_IN_GERMAN,
    *TLS_IN_ENGLISH,
    *STS_WORDING,
    *STS,
    *DANE,
    *DANE_WORDING,
    *VERSION,
    *PARAMETERS,
    *ALERTS,
    *CERTIFICATE,
    *CERTIFICATE_UNTRUSTED,
    *CLEAR_TEXT,
    *HANDSHAKE,
    *CERTIFICATES,
    *STS_IN_GENERAL,
    *STS_TROUBLE,
    *CERTIFICATE_NOT_VERIFIED,
    *CERTIFICATE_IN_GENERAL,
    *STARTTLS_REFUSED,
    *VERSIONS,
    *WEAK,
    *NOT_ANNOUNCED,
    *REQUIRED,
    *USE,
    *HANDSHAKE_IN_GENERAL,
    *MISSING,
    *DEMANDS,
    *UNROUTEABLE_USER,
    *ROUTING_IN_GERMAN,
    *ROUTING_IN_ENGLISH,
    *ROUTING,
    *DOMAINS,
    *OF_ENCRYPTION,
    *OF_CERTIFICATES,
    *OF_ROUTING,
    *REFUSALS,
    *IN_OTHER_WORDS,
    *TROUBLE_IN_GERMAN,
    *TROUBLE_IN_ENGLISH,
    *CERTIFICATE_ENDS,
    *CERTIFICATE_TROUBLE,
    *WITHOUT_TLS,
    *TROUBLE,
    *NAMES,
    *REACHING,
    *REFUSALS_IN_GENERAL,
    *UNSTATED,
    *TAKEN,
    *OTHERS,
)

TABLE = Table(RULES)

__all__ = ["RULES", "TABLE", "Rule", "Strength", "beginnings", "comparable", "without_names"]
