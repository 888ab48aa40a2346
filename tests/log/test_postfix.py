"""Postfix's log: each recipient's fate once, and the TLS that belongs to a delivery."""

from pathlib import Path

from tests.log.made import HEAD, SERVER, delivery, expired, fates_of, judged, log_of, lost, tls

UNVERIFIED = "Server certificate not verified"
OTHER = "mx2.example.org[192.0.2.2]:25"


def test_a_recipient_counts_once_however_often_it_was_tried() -> None:
    log = delivery("A1", "deferred", UNVERIFIED) * 3 + delivery("A1")
    log += delivery("B2", "deferred", UNVERIFIED) * 2 + expired("B2")
    log += delivery("C3", "deferred", UNVERIFIED)
    log += delivery("D4", "bounced", "host mx said: 550 5.1.1 unknown user (in reply to RCPT TO)")
    fates = fates_of(log)
    assert (fates.sent, fates.late, fates.deferred, fates.bounced) == (1, 1, 6, 1)
    assert lost(fates) == {"certificate-not-verified": (0, 1, 1), "not-tls": (1, 0, 0)}


def test_recipients_of_one_mail_and_the_same_queue_id_elsewhere_are_told_apart() -> None:
    log = delivery("A1", "deferred", UNVERIFIED) + delivery("A1", to="ben@example.org")
    log += delivery("A1", head=HEAD.replace("mx1", "mx2"))
    fates = fates_of(log + expired("A1"))
    assert (fates.sent, fates.late) == (2, 0)
    assert lost(fates) == {"certificate-not-verified": (0, 1, 0)}


def test_mail_that_expired_for_a_reason_before_the_log_is_said_to_be_so() -> None:
    assert fates_of(expired("A1")).unexplained == 1


def test_what_a_server_replies_is_no_line() -> None:
    said = f"250 ok; status=bounced (x) {delivery('B2', 'bounced').strip()}"
    log = delivery("A1", text=said)
    log += f"{HEAD}/cleanup[3]: C3: warning: header Subject: x]: {delivery('D4').split(': ', 1)[1]}"
    fates = fates_of(log)
    assert (fates.sent, fates.bounced, fates.deferred) == (1, 0, 0)


def test_the_reason_stands_in_lines_of_their_own() -> None:
    cause = f"server certificate verification failed for {SERVER}: certificate has expired"
    log = f"{HEAD}/smtp[7]: {cause}\n" + delivery("A1", "deferred", UNVERIFIED)
    log += delivery("B2", "deferred", UNVERIFIED, process=8)  # a resumed session
    log += (
        f"{HEAD}/smtp[8]: {cause.replace('certificate has expired', 'num=62:hostname mismatch')}\n"
    )
    log += delivery("C3", "deferred", UNVERIFIED, process=8)
    log += delivery("D4", "deferred", UNVERIFIED, server=OTHER)
    assert lost(fates_of(log)) == {
        "certificate-expired": (0, 0, 2),
        "certificate-host-mismatch": (0, 0, 1),
        "certificate-not-verified": (0, 0, 1),
    }


def test_mail_that_was_not_tried_has_the_reason_of_the_mail_that_was() -> None:
    log = f"{HEAD}/smtp[7]: certificate verification failed for {SERVER}: self-signed certificate\n"
    log += delivery("A1", "deferred", UNVERIFIED)
    text = f"delivery temporarily suspended: {UNVERIFIED}"
    log += delivery("B2", "deferred", text, server="none")
    log += delivery("C3", "deferred", text, server="none", to="carla@example.net")
    assert lost(fates_of(log)) == {
        "certificate-self-signed": (0, 0, 2),
        "certificate-not-verified": (0, 0, 1),
    }


def test_the_reason_comes_from_tlsproxy_where_connections_are_used_again() -> None:
    log = f"{HEAD}/tlsproxy[9]: TLS handshake failed for service=smtp peer=[192.0.2.1]:25\n"
    log += f"{HEAD}/tlsproxy[9]: warning: TLS library problem: error:0A000102:SSL routines::"
    log += "unsupported protocol:../ssl/statem/statem_lib.c:1952:\n"
    log += delivery("A1", "deferred", "Cannot start TLS: handshake failure")
    assert lost(fates_of(log)) == {"tls-version": (0, 0, 1)}


def test_mail_in_clear_does_not_inherit_the_tls_before_it(tmp_path: Path) -> None:
    log = tls("Verified") + delivery("A1") + delivery("A1", to="ben@example.org")
    log += delivery("B2", server=OTHER)
    log += delivery("C3")  # no line of its own, and yet the same server
    log += tls("Verified", program="tlsproxy", process=9)
    log += tls("Verified", "TLSv1", process=8) + delivery("D4", process=8)
    read = log_of(tmp_path, log)
    assert read.sessions is not None
    assert read.sessions.passed == 2
    assert judged(read) == {
        (True, "in-clear"): 1,
        (False, "not-logged"): 1,
        (True, "old-version"): 1,
    }


def test_in_clear_is_said_only_where_lines_of_tls_are_written(tmp_path: Path) -> None:
    other_host = delivery("B2", head=HEAD.replace("mx1", "mx2"))
    later = delivery("C3", head=HEAD.replace("09:", "13:"))
    read = log_of(tmp_path, tls("Verified", process=8) + delivery("A1") + other_host + later)
    assert judged(read) == {(True, "in-clear"): 1, (False, "not-logged"): 2}
    silent = log_of(tmp_path, delivery("A1"))
    assert silent.sessions is not None
    assert not silent.sessions.is_logged
    assert judged(silent) == {(False, "not-logged"): 1}


def test_mail_to_a_filter_on_the_same_machine_is_no_delivery_to_judge(tmp_path: Path) -> None:
    filter_ = delivery("A1", server="127.0.0.1[127.0.0.1]:10024")
    read = log_of(tmp_path, tls("Verified", process=8) + filter_)
    assert judged(read) == {}
