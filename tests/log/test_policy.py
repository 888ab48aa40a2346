"""What a policy makes of a delivery: a log tells little of certificates."""

from dataclasses import replace

import pytest

from checker.log.policy import Judgement, Why, judge
from checker.operators import Level, WithoutStarttls
from checker.tls_version import TlsVersion
from tests.log.made import CAREFUL

REFUSES, CLEAR, UNSTATED = (
    WithoutStarttls.REFUSE,
    WithoutStarttls.SEND_IN_CLEAR,
    WithoutStarttls.NOT_STATED,
)
SURE_CLEAR = Judgement(sure=True, why=Why.IN_CLEAR)
SURE_OLD = Judgement(sure=True, why=Why.OLD_VERSION)
OPEN_CLEAR = Judgement(sure=False, why=Why.IN_CLEAR)
OPEN_OLD = Judgement(sure=False, why=Why.OLD_VERSION)
NEW = Judgement(sure=False, why=Why.NEW_VERSION)
CERTIFICATE = Judgement(sure=False, why=Why.CERTIFICATE)
UNTOLD = Judgement(sure=False, why=Why.NOT_LOGGED)

ROWS = [
    (Level.VERIFY, REFUSES, "", "", SURE_CLEAR),
    (Level.VERIFY, UNSTATED, "", "", OPEN_CLEAR),
    (Level.MAY, CLEAR, "", "", None),
    (Level.VERIFY, REFUSES, "?", "", UNTOLD),
    (Level.VERIFY, REFUSES, "Verified", "TLSv1.2", None),
    (Level.VERIFY, REFUSES, "Trusted", "TLSv1.2", CERTIFICATE),
    (Level.VERIFY, REFUSES, "Untrusted", "TLSv1.2", CERTIFICATE),
    (Level.VERIFY, REFUSES, "Anonymous", "TLSv1.2", CERTIFICATE),
    (Level.SECURE, REFUSES, "Verified", "TLSv1.2", CERTIFICATE),
    (Level.DANE_ONLY, REFUSES, "Verified", "TLSv1.2", CERTIFICATE),
    (Level.ENCRYPT, REFUSES, "Untrusted", "TLSv1.2", None),
    (Level.ENCRYPT, REFUSES, "Trusted", "TLSv1.1", SURE_OLD),
    (Level.VERIFY, REFUSES, "Trusted", "TLSv1", SURE_OLD),
    (Level.VERIFY, REFUSES, "Trusted", "SSLv3", SURE_OLD),
    (Level.MAY, CLEAR, "Trusted", "TLSv1", None),
    (Level.MAY, UNSTATED, "Trusted", "TLSv1", OPEN_OLD),
    (Level.ENCRYPT, REFUSES, "Trusted", "TLSv1.3", NEW),
    (Level.ENCRYPT, REFUSES, "Trusted", "TLSv1.4", NEW),
]


@pytest.mark.parametrize(("level", "without", "trust", "version", "expected"), ROWS)
def test_judgements(
    level: Level, without: WithoutStarttls, trust: str, version: str, expected: Judgement | None
) -> None:
    tls = replace(CAREFUL.tls, level=level, without_starttls=without, maximum=TlsVersion.TLS_1_2)
    assert judge(tls, trust.encode(), version.encode()) == expected
