"""What comes of a mail, for each operator, and hosts as many rows of the table have them."""

from datetime import timedelta
from types import MappingProxyType

from tests.lab.model import (
    Certificate,
    Chain,
    Expectation,
    Host,
    Issuer,
    MtaSts,
    Postfix,
    Scripted,
    Tlsa,
)
from tests.lab.ports import has_ipv6

HAS_IPV6 = has_ipv6()

DELIVERS: Expectation = ("delivers", "no-problem-found")
EXPIRED = Certificate(begins=timedelta(days=-90), ends=timedelta(days=-10))
WRONG_NAME = Certificate(names=("www.somebody-else.test",))
PRIVATE = Certificate(issuer=Issuer.PRIVATE, chain=Chain.WITH_ROOT)


def everybody(outcome: str, problem: str) -> dict[str, Expectation]:
    """Every operator's server does the same."""
    return dict.fromkeys(("mediafinanz", "profihost", "careful"), (outcome, problem))


def each(problem: str, *, mediafinanz: str, profihost: str, careful: str) -> dict[str, Expectation]:
    """The outcomes of one problem; for those that deliver there is none."""
    outcomes = {"mediafinanz": mediafinanz, "profihost": profihost, "careful": careful}
    return {
        operator: DELIVERS if outcome == DELIVERS[0] else (outcome, problem)
        for operator, outcome in outcomes.items()
    }


def certificate_fault(problem: str) -> dict[str, Expectation]:
    """Level ``verify`` minds the certificate, level ``encrypt`` accepts every one."""
    return {**everybody("fails", problem), "profihost": ("delivers-with-warnings", problem)}


def signed_with_sha1() -> dict[str, Expectation]:
    """OpenSSL 1.1.1 takes it where a sender verifies (Debian 10), and all later ones refuse it."""
    problem = "certificate-invalid"
    return {**certificate_fault(problem), "mediafinanz": ("unknown", problem)}


HEALTHY = MappingProxyType(dict.fromkeys(("mediafinanz", "profihost", "careful"), DELIVERS))


def warns(problem: str) -> dict[str, Expectation]:
    return everybody("delivers-with-warnings", problem)


def unknown(problem: str) -> dict[str, Expectation]:
    return everybody("unknown", problem)


def fails(problem: str) -> dict[str, Expectation]:
    return everybody("fails", problem)


NO_STARTTLS = {
    **fails("starttls-not-supported"),
    "profihost": ("unknown", "starttls-not-supported"),
}
DANE_REQUIRED: Expectation = ("fails", "dane-required")
TLS_1_3_NEEDED = {**HEALTHY, "mediafinanz": ("fails", "tls-version")}


def mail_server(server: Postfix | Scripted | None) -> tuple[Host, ...]:
    return (Host(server=server),)


def postfix(certificate: Certificate | None = None, **settings: str) -> tuple[Host, ...]:
    return mail_server(Postfix(certificate or Certificate(), settings))


def versions(versions: str) -> tuple[Host, ...]:
    return postfix(smtpd_tls_protocols=versions)


def scripted(script: str, certificate: Certificate | None = None) -> tuple[Host, ...]:
    return mail_server(Scripted(script, certificate or Certificate()))


def dane_host(
    *tlsa: Tlsa,
    certificate: Certificate | None = None,
    label: str = "mx",
    preference: int | None = 10,
) -> Host:
    return Host(label, preference, Postfix(certificate or Certificate()), tlsa)


def dane_alone(problem: str) -> dict[str, Expectation]:
    """Only DANE makes the certificate a good one."""
    return {**certificate_fault(problem), "dane": DELIVERS, "dane-only": DELIVERS}


def dane_delivers() -> dict[str, Expectation]:
    return {**HEALTHY, "dane": DELIVERS, "dane-only": DELIVERS}


def dane_fails(problem: str) -> dict[str, Expectation]:
    """What only those mind who heed DANE."""
    return {**warns(problem), **dict.fromkeys(("dane", "dane-only"), ("fails", problem))}


def policy_text(mode: str, *mail_servers: str) -> str:
    lines = ["version: STSv1", f"mode: {mode}", *(f"mx: {name}" for name in mail_servers)]
    return "".join(f"{line}\r\n" for line in [*lines, "max_age: 86400"])


def policy(domain: str) -> MtaSts:
    """A policy that is enforced and names the domain's only mail server."""
    return MtaSts(policy_text("enforce", f"mx.{domain}"))


def sts(outcome: str, problem: str) -> dict[str, Expectation]:
    return {"sts-enforcing": (outcome, problem)}


def sts_delivers() -> dict[str, Expectation]:
    return {**HEALTHY, "sts-enforcing": DELIVERS}


def sts_warns(problem: str) -> dict[str, Expectation]:
    return {**warns(problem), **sts("delivers-with-warnings", problem)}


def sts_fails(problem: str) -> dict[str, Expectation]:
    """What only those mind who heed MTA-STS."""
    return {**warns(problem), **sts("fails", problem)}
