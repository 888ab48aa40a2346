"""A report that somebody sent on: whoever did that is nobody to whom mail failed."""

import pytest

from checker.bounce import read

BODIES = {
    "gmail": (
        (
            "** Die Nachricht wurde nicht zugestellt **\n\n"
            "Ihre Nachricht konnte nicht an anna@example.org zugestellt werden, weil der\n"
            "Remote-Server falsch konfiguriert ist.\n\nDie Antwort lautete:\n\n"
            "TLS Negotiation failed: the certificate is expired\n"
        ),
        "certificate-expired",
    ),
    "exchange online": (
        (
            "Delivery has failed to these recipients or groups:\n\n"
            "anna@example.org<mailto:anna@example.org>\n"
            "Your message couldn't be delivered.\n\n"
            "Diagnostic information for administrators:\n\n"
            "Generating server: AM0PR01MB1234.eurprd01.prod.exchangelabs.com\n\n"
            "anna@example.org\n"
            "Remote server returned '550 5.4.317 Message expired, cannot connect to remote server"
            "(450 4.7.320 Certificate validation failed [Message=CertificateExpired]"
            " [LastAttemptedServerName=mx.example.org])'\n"
        ),
        "certificate-expired",
    ),
    "exchange in one sentence": (
        (
            "Votre message à anna@example.org n'a pas pu être remis.\n\n"
            "450 4.7.320 Certificate validation failed [Message=CertificateExpired]\n"
        ),
        "certificate-expired",
    ),
    "postfix": (
        (
            "This is the mail system at host out.sender.test.\n\n"
            "<anna@example.org>: certificate verification failed for mx.example.org[192.0.2.7]:\n"
            "    num=10:certificate has expired\n"
        ),
        "certificate-expired",
    ),
}

REPORTERS = {
    "postfix": ("Mail Delivery System <MAILER-DAEMON@out.sender.test>", "Undelivered Mail"),
    "gmail": (
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
    ),
    "exchange": (
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@sender.test>",
        "Unzustellbar: TLS-Zertifikat abgelaufen",
    ),
    "gateway": ("Gateway <noreply@gw.sender.test>", "Non remis : Rendez-vous"),
}

HEADS = {
    "gmail": (
        "---------- Forwarded message ---------\nVon: {reporter}\nDate: Mo., 2. Nov. 2026 um 10:00"
        "\nSubject: {subject}\nTo: <bert@sender.test>\n\n\n"
    ),
    "gmail, français": (
        "---------- Forwarded message ---------\nDe : {reporter}\nDate: lun. 2 nov. 2026 à 10:00\n"
        "Subject: {subject}\nTo: <bert@sender.test>\n\n"
    ),
    "outlook": (
        "-----Ursprüngliche Nachricht-----\nVon: {reporter} \nGesendet: Montag, 2. November 2026"
        " 10:00\nAn: bert@sender.test\nBetreff: {subject}\n\n"
    ),
    "outlook, without a line": (
        "Von: {reporter}\nGesendet: Montag, 2. November 2026 10:00\nAn: Muster, Bert <bert@sender."
        "test>\nCc: it@sender.test\nBetreff: {subject}\nWichtigkeit: Hoch\n\n"
    ),
    "outlook on the web": (
        "________________________________\nFrom: {reporter}\nSent: Monday, November 2, 2026 10:00"
        " AM\nTo: Bert <bert@sender.test>\nSubject: {subject}\n\n"
    ),
    "outlook, as a phone copies it": (
        "*From:* {reporter}\n*Sent:* Monday, November 2, 2026 10:00 AM\n*To:* bert@sender.test\n"
        "*Subject:* {subject}\n\n"
    ),
    "outlook, a blank line between all": (
        "Von: {reporter}\n\nGesendet: Montag, 2. November 2026 10:00\n\nAn: bert@sender.test\n\n"
        "Betreff: {subject}\n\n"
    ),
    "apple mail": (
        "Anfang der weitergeleiteten Nachricht:\n\nVon: {reporter}\nBetreff: {subject}\nDatum: 2."
        " November 2026 um 10:00:00 MEZ\nAn: bert@sender.test\nAntwort an: bert@sender.test\n\n"
    ),
    "thunderbird": (
        "-------- Weitergeleitete Nachricht --------\nBetreff: \t{subject}\nDatum: \tMon, 2 Nov"
        " 2026 10:00:00 +0100\nVon: \t{reporter}\nAn: \tbert@sender.test\n\n"
    ),
    "thunderbird, copied as a table": (
        "-------- Forwarded Message --------\nSubject:\n{subject}\nDate:\nMon, 2 Nov 2026\nFrom:\n"
        "{reporter}\nTo:\nbert@sender.test\n\n"
    ),
    "français": (
        "De\N{NO-BREAK SPACE}: {reporter}\nEnvoyé\N{NO-BREAK SPACE}: lundi 2 novembre 2026 10:00\n"
        "À\N{NO-BREAK SPACE}: bert@sender.test\nObjet\N{NO-BREAK SPACE}: {subject}\n\n"
    ),
    "español": (
        "De: {reporter}\nEnviado el: lunes, 2 de noviembre de 2026 10:00\nPara: bert@sender.test\n"
        "Asunto: {subject}\n\n"
    ),
    "italiano": (
        "Da: {reporter}\nInviato: lunedì 2 novembre 2026 10:00\nA: bert@sender.test\n"
        "Oggetto: {subject}\n\n"
    ),
    "nederlands": (
        "Van: {reporter}\nVerzonden: maandag 2 november 2026 10:00\nAan: bert@sender.test\n"
        "Onderwerp: {subject}\n\n"
    ),
    "polski": (
        "Od: {reporter}\nWysłano: poniedziałek, 2 listopada 2026 10:00\nDo: bert@sender.test\n"
        "Temat: {subject}\n\n"
    ),
    "português": (
        "De: {reporter}\nEnviada em: segunda-feira, 2 de novembro de 2026 10:00\n"
        "Para: bert@sender.test\nAssunto: {subject}\n\n"
    ),
    "quoted": (
        "> Von: {reporter}\n> Gesendet: Montag, 2. November 2026 10:00\n> An: bert@sender.test\n"
        "> Betreff: {subject}\n> \n"
    ),
}

COVERS = {
    "none": "",
    "a question": "Hallo,\n\nwas heißt das? Ist unser Zertifikat ungültig?\n\n",
    "a signature": "Bitte um Hilfe.\n\nBert Muster\nbert@sender.test\nTel. 0123 4567\n\n",
}


@pytest.mark.parametrize("cover", COVERS)
@pytest.mark.parametrize("head", HEADS)
def test_who_sent_a_report_on_is_no_recipient(head: str, cover: str) -> None:
    wrong = {}
    for reporter, subject in REPORTERS.values():
        for name, (body, problem) in BODIES.items():
            text = COVERS[cover] + HEADS[head].format(reporter=reporter, subject=subject) + body
            found = [(report.recipient, report.problems[0].id) for report in read(text)]
            if found != [("anna@example.org", problem)]:
                wrong[name, subject] = found
    assert wrong == {}


@pytest.mark.parametrize("head", HEADS)
def test_what_was_written_above_a_report_is_no_evidence(head: str) -> None:
    text = (
        "Unser TLS-Zertifikat ist doch gar nicht abgelaufen!\n\n"
        + HEADS[head].format(reporter=REPORTERS["exchange"][0], subject="Unzustellbar: TLS")
        + "Ihre Nachricht an anna@example.org wurde abgelehnt.\n\n550 5.1.1 User unknown\n"
    )
    (report,) = read(text)
    assert (report.problems[0].id, report.problems[0].kind) == ("not-tls", "unknown-user")
    assert "Zertifikat" not in str(report.problems[0].evidence["text"])


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, Nov 2, 2026 at 10:00 AM Mail Delivery System <x@out.sender.test> wrote:",
        "Am 02.11.26 um 10:00 schrieb Mail Delivery System:",
        "Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Bert <bert@sender.test>:",
        "Le lun. 2 nov. 2026 à 10:00, Bert <bert@sender.test> a écrit :",
        "On Mon, Nov 2, 2026 at 10:00 AM Bert <\n> bert@sender.test> wrote:",
        "El lun, 2 nov 2026 a las 10:00, Bert (<bert@sender.test>) escribió:",
        "Il giorno lun 2 nov 2026 alle 10:00 Bert <bert@sender.test> ha scritto:",
    ],
)
def test_who_is_quoted_is_no_recipient(line: str) -> None:
    body = "".join(f"> {one}\n" for one in BODIES["gmail"][0].split("\n"))
    (report,) = read(f"Danke vorab\n\n{line}\n{body}")
    assert (report.recipient, report.problems[0].id) == ("anna@example.org", "certificate-expired")


@pytest.mark.parametrize(
    ("recipient", "text"),
    [
        (
            "anna@example.org",
            (
                "Your message could not be sent to anna@example.org.\n\nFrom: bert@sender.test\n"
                "To: anna@example.org\nSubject: Your TLS certificate expired\n\nDear Anna,\n"
                "the TLS handshake with your server failed.\n"
            ),
        ),
        (
            "anna@example.org",
            (
                "Ihre Nachricht konnte nicht zugestellt werden.\n\nVon: bert@sender.test\n"
                "Gesendet: 2.11.2026\nAn: anna@example.org\nBetreff: Zertifikat abgelaufen\n"
            ),
        ),
        (
            "anna@example.org",
            (
                "Your message\n\n  To:      anna@example.org\n  Subject: TLS required\n"
                "  Sent:    Mon, 2 Nov 2026 10:00:00 +0100\n\ncould not be delivered.\n"
            ),
        ),
    ],
)
def test_the_subject_of_the_mail_that_failed_is_no_reason(recipient: str, text: str) -> None:
    (report,) = read(text)
    assert (report.recipient, report.problems[0].id) == (recipient, "cause-not-stated")


def test_a_reason_counts_above_the_head_of_the_mail_that_failed() -> None:
    (report,) = read(
        "anna@example.org: 552 5.2.2 Mailbox full\n\nFrom: bert@sender.test\n"
        "To: anna@example.org\nSubject: TLS\n\n550 TLS required, the certificate has expired\n"
    )
    assert (report.recipient, report.problems[0].kind) == ("anna@example.org", "mailbox-full")


def test_a_report_that_a_colleague_sent_on_is_read() -> None:
    (report,) = read(
        "Kennst du das?\n\n-----Original Message-----\nFrom: Carla <carla@sender.test>\n"
        "Sent: Monday, November 2, 2026 10:00 AM\nTo: Bert <bert@sender.test>\n"
        "Subject: Fehler\n\n<anna@example.org>: Cannot start TLS: handshake failure\n"
    )
    assert (report.recipient, report.problems[0].id) == ("anna@example.org", "tls-handshake-failed")


def test_the_recipient_may_stand_in_the_cover_alone() -> None:
    (report,) = read(
        "Meine Mail an anna@example.org kam zurück, Gruß bert@sender.test\n\n"
        + HEADS["outlook"].format(reporter="Mail Delivery System", subject="Unzustellbar: x")
        + "certificate has expired\n"
    )
    assert (report.recipient, report.problems[0].id) == ("anna@example.org", "certificate-expired")


def test_a_form_that_names_the_recipient_and_the_reason_is_no_head_of_another_mail() -> None:
    (report,) = read(
        "Delivery failed.\nFrom: bert@sender.test\nTo: anna@example.org\nSubject: TLS required\n"
        "Reason: 550 5.1.1 User unknown\n"
    )
    assert (report.recipient, report.problems[0].kind) == ("anna@example.org", "unknown-user")
