"""How a report is decoded, and what of it is dropped."""

import base64
import binascii

import pytest

from checker.bounce.text import MAXIMUM_LINE, MAXIMUM_LINES, lines_of


def _text(report: str | bytes) -> str:
    return "\n".join(lines_of(report)).strip()


def _part(encoding: str, charset: str, body: str) -> str:
    return (
        "MIME-Version: 1.0\nContent-Type: multipart/report;\n\tboundary=b1\n\n--b1\n"
        f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
        f"{body}\n--b1--\n"
    )


def test_quoted_printable() -> None:
    assert _text(_part("quoted-printable", "utf-8", "ung=C3=BCl=\ntig")) == "ung\xfcltig"


def test_base64() -> None:
    body = base64.b64encode("ung\xfcltig".encode("iso-8859-1")).decode()
    assert _text(_part("base64", "iso-8859-1", body)) == "ung\xfcltig"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "cp1252"])
def test_eight_bits(charset: str) -> None:
    assert _text(_part("8bit", charset, "ung\xfcltig").encode(charset)) == "ung\xfcltig"


def test_utf_16_and_japanese() -> None:
    assert _text("ung\xfcltig".encode("utf-16")) == "ung\xfcltig"
    japanese = "\u8a3c\u660e\u66f8"
    assert _text(_part("7bit", "iso-2022-jp", japanese).encode("iso-2022-jp")) == japanese


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_a_charset_that_looks_like_no_other(encoding: str) -> None:
    polish = "odrzucono wiadomo\u015b\u0107"
    octets = polish.encode("iso-8859-2")
    if encoding == "8bit":
        report = _part(encoding, "iso-8859-2", "BODY").encode().replace(b"BODY", octets)
        assert _text(report) == polish
        return
    written = base64.b64encode(octets) if encoding == "base64" else binascii.b2a_qp(octets)
    assert _text(_part(encoding, "iso-8859-2", written.decode())) == polish


def test_quoted_printable_beside_a_part_with_eight_bits() -> None:
    first = _part("8bit", "iso-8859-1", "ung\xfcltig").removesuffix("--b1--\n")
    second = (
        "--b1\nContent-Type: text/plain; charset=iso-8859-1\n"
        "Content-Transfer-Encoding: quoted-printable\n\nabgew\xfcrgt =FCberall\n--b1--\n"
    )
    report = (first + second).encode("iso-8859-1")
    assert _text(report).split() == ["ung\xfcltig", "abgew\xfcrgt", "\xfcberall"]


@pytest.mark.parametrize("tag", ["<html>", "<body>", "<br>"])
def test_html_that_nobody_declares(tag: str) -> None:
    assert _text(f"{tag}a &lt; b\n") == "a < b"


@pytest.mark.parametrize("charset", ["rot13", "unicode_escape", "idna", "x" * 190, "undefined"])
def test_no_codec_of_a_stranger(charset: str) -> None:
    assert _text(_part("quoted-printable", charset, "a=C3=BC")) == "a\xfc"


def test_pasted_quoted_printable_without_a_head() -> None:
    assert _text("certificate has exp=\nired =E2=80=93 now") == "certificate has expired \u2013 now"


def test_html_alone() -> None:
    report = "Content-Type: text/html\n\n<html><p>a &lt;anna@example.org&gt;</p><b>b</b></html>"
    assert _text(report) == "a <anna@example.org>\nb"


def test_html_beside_text_is_not_read_twice() -> None:
    report = (
        "Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\na\n"
        "--x\nContent-Type: text/html\n\n<html><body>b</body></html>\n--x--\n"
    )
    assert _text(report) == "a"


def test_returned_message_is_dropped_also_with_parts_of_its_own() -> None:
    report = (
        "Content-Type: multipart/report; boundary=x\n\n--x\n\na\n--x\n"
        "Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=y\n\n--y\n"
        "Content-Type: text/plain\n\ncertificate has expired\n--y--\n\n--x--\n"
    )
    assert _text(report) == "a"


def test_report_forwarded_as_attachment_is_read() -> None:
    report = (
        "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nsee\n--x\n"
        "Content-Type: message/rfc822\n\nContent-Type: multipart/report; boundary=y\n\n--y\n"
        "Content-Type: text/plain\n\ncertificate has expired\n--y--\n\n--x--\n"
    )
    assert "certificate has expired" in _text(report)


def test_report_forwarded_inline_is_read() -> None:
    report = (
        "What is this?\n-----Original Message-----\nFrom: Mail Delivery System\n\n"
        "> certificate has expired\n"
    )
    assert "\ncertificate has expired" in _text(report)


def test_transcript_keeps_its_marks() -> None:
    assert _text(">>> RCPT TO:<a@b.test>\n<<< 550") == ">>> RCPT TO:<a@b.test>\n<<< 550"


def test_trace_lines_are_dropped_with_their_folds() -> None:
    assert _text("a\nReceived: from x\n\tby y with TLS\nb") == "a\nb"


UNFOLDED = """\
Received: from x (x [192.0.2.9]
(may be forged)) (using TLSv1.3 with
cipher TLS_AES_256_GCM_SHA384 (256/256 bits))
(No client certificate
requested)
by y (Postfix) with
ESMTPSA id 7QrS
for <b@c.test>; Mon,
2 Nov 2026 10:00:00 +0100 (CET)
"""


def test_trace_lines_are_dropped_where_the_blanks_before_their_folds_are_lost() -> None:
    assert _text(f"a\n{UNFOLDED}d") == "a\nd\n\n\nfor <b@c.test>"
    quoted = "".join(f"> {line}\n" for line in UNFOLDED.splitlines())
    assert _text(f"a\n{quoted}> d") == "a\nd\n\n\nfor <b@c.test>"


@pytest.mark.parametrize(
    "reason", ["550 no such user", "Grund: Postfach voll", "the mailbox is full", "<a@b.test>: x"]
)
def test_what_follows_a_cut_header_is_kept(reason: str) -> None:
    assert _text(f"a\nReceived: from x (x [192.0.2.9]\n{reason}") == f"a\n{reason}"


def test_what_follows_a_header_in_the_same_line_is_kept() -> None:
    header = "Received: from x by y; Mon, 2 Nov 2026 10:00:00 +0100 (CET)"
    assert _text(f"a\n{header} {header} b") == "a\nb"


def test_head_is_read_whole_where_its_blanks_are_lost() -> None:
    report = (
        f"{UNFOLDED}Content-Type: multipart/report; boundary=x\n\n--x\n\na\n--x\n"
        "Content-Type: message/rfc822\n\nSubject: certificate has expired\n--x--\n"
    )
    assert _text(report).split() == ["a", "for", "<b@c.test>"]


def test_a_head_alone_is_read() -> None:
    assert _text("Subject: Unzustellbar") == "Subject: Unzustellbar"


def test_caps() -> None:
    lines = lines_of("x" * (MAXIMUM_LINE + 1) + "\n" + "y\n" * MAXIMUM_LINES)
    assert len(lines) <= MAXIMUM_LINES
    assert max(map(len, lines)) == MAXIMUM_LINE
