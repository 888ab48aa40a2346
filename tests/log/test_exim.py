"""Exim's main log, by itself and through syslog."""

from pathlib import Path

from tests.log.made import fates_of, judged, log_of, lost

TIME = "2026-11-02 09:00:00"
ID = "1vFoR1-00000A-1x"
NEW_ID = "1vFoR1-000000000Aa-1x2y"
HOST = "R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.1]"


def test_fates_once() -> None:
    deferred = (
        f"{HOST.replace(' H=', ' defer (-37) H=')}: TLS session: (certificate verification failed)"
    )
    log = f"{TIME} {ID} == anna@example.org {deferred}\n" * 2
    log += f"{TIME} {ID} ** anna@example.org: retry timeout exceeded\n"
    log += f"{TIME} {NEW_ID} == ben@example.org {deferred}\n"
    log += (
        f'{TIME} {NEW_ID} => ben@example.org {HOST} X=TLS1.3:A:256 CV=yes C="250 ok == x@y ** "\n'
    )
    log += f"{TIME} {NEW_ID} ** carl@example.org {HOST} X=TLS1.3:A:256 CV=yes: SMTP error from "
    log += "remote mail server after RCPT TO:<carl@example.org>: 550 5.1.1 unknown user\n"
    fates = fates_of(log)
    assert (fates.sent, fates.late, fates.deferred, fates.bounced) == (1, 1, 3, 2)
    assert lost(fates) == {"certificate-not-verified": (0, 1, 0), "not-tls": (1, 0, 0)}


def test_who_was_not_asked_again_failed_for_what_failed_before() -> None:
    failed = (
        "R=dnslookup T=remote_smtp defer (111) H=mx.example.org [192.0.2.1]: Connection refused"
    )
    log = f"{TIME} {ID} == anna@example.org {failed}\n"
    log += f"{TIME} {NEW_ID} == ben@example.org routing defer (-52): retry time not reached\n"
    log += f"{TIME} {ID} ** carl@example.org: all hosts for 'example.org' have been failing for a "
    log += "long time (and retry time not reached)\n"
    assert lost(fates_of(log)) == {"connection-failed": (0, 1, 2)}


def test_how_mail_went_over_the_wire(tmp_path: Path) -> None:
    ways = {
        "": (True, "in-clear"),
        " X=TLS1.0:A:256 CV=yes": (True, "old-version"),
        " X=TLS1.2:A:256 CV=no": (False, "certificate"),
        " X=TLS1.2:A:256 CV=dane": (False, "certificate"),
    }
    log = "".join(
        f"Nov  2 09:00:00 mx1 exim[7]: {TIME} [7] {ID} => a{number}@example.org {HOST}{way}\n"
        for number, way in enumerate([*ways, " X=TLSv1.3:A:256 CV=yes"])
    )
    read = log_of(tmp_path, log)
    assert read.sessions is not None
    assert read.sessions.passed == 1
    assert judged(read) == {
        (True, "in-clear"): 1,
        (True, "old-version"): 1,
        (False, "certificate"): 2,
    }


def test_other_lines_of_the_same_look_are_none() -> None:
    log = f"{TIME} {ID} <= x@example.org S=1 id=a {ID} => b@example.org R=r\n"
    log += f"{TIME} H=x rejected: {ID} ** c@example.org: y\n"
    fates = fates_of(log)
    assert (fates.sent, fates.bounced) == (0, 0)
