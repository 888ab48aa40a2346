"""``python -m checker check`` as anybody runs it: exit status, JSON, and no traceback ever."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checker import __version__
from checker.__main__ import main
from checker.check import Answer
from checker.commands import watching
from checker.commands.check import LEAST
from checker.commands.watching import Pace
from checker.conversation import hello_options
from checker.conversation.hello_options import HelloOptionError
from tests.lab import Lab
from tests.lab.model import LAME_AUTHORITY

ROOT = Path(__file__).parents[2]
SENDER = """\
[operator]
name = "Acme"
[tls]
minimum = "1.2"
level = "may"
without_starttls = "send-in-clear"
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command ended with."""

    status: object
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process: whatever it raises fails the test."""
    for name in [name for name in os.environ if name.startswith("CHECKER_")]:
        monkeypatch.delenv(name)

    def run_here(*arguments: str | bytes, **variables: str) -> Done:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        try:
            status: object = main([os.fsdecode(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    return run_here


@pytest.fixture
def check(run: Run, lab: Lab) -> Run:
    """Runs a check against the lab."""

    def check_lab(*arguments: str | bytes, **variables: str) -> Done:
        return run("check", *options(lab), *arguments, **variables)

    return check_lab


@pytest.fixture
def answer(check: Run) -> Callable[..., Any]:
    """Gives the JSON answer of a check against the lab."""
    return lambda *arguments: json.loads(check("--json", *arguments).out)


def options(lab: Lab) -> list[str]:
    """The options that lead to the lab."""
    networks = [text for network in lab.allow_network for text in ("--allow-network", network)]
    servers = ["--resolver", lab.resolver, "--smtp-port", str(lab.smtp_port)]
    return [*servers, *networks, "--ca-file", str(lab.ca_file)]


def program(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the program as a shell does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHECKER_")}
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "checker", *arguments],
        cwd=ROOT,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["healthy.test"], 0),
        (["expired.test"], 1),
        (["connection-refused.test"], 2),
        (["127.0.0.1"], 64),
        (["healthy.test", "--operator", "missing.toml"], 78),
    ],
)
def test_the_exit_status_of_the_program(lab: Lab, arguments: list[str], status: int) -> None:
    done = program("check", *options(lab), *arguments)
    assert done.returncode == status
    assert bool(done.stdout) is (status < 64)
    assert done.stderr.count("\n") == (status >= 64)


@pytest.mark.parametrize("kind", ["missing", "empty", "a folder"])
def test_without_authorities_nothing_is_said_of_certificates(
    run: Run, lab: Lab, tmp_path: Path, kind: str
) -> None:
    store, sender = tmp_path / "ca.pem", tmp_path / "acme.toml"
    sender.write_text(SENDER)
    if kind == "empty":
        store.touch()
    elif kind == "a folder":
        store.mkdir()
    world = [one for one in options(lab) if one not in {"--ca-file", str(lab.ca_file)}]
    variables = {"SSL_CERT_FILE": str(store), "SSL_CERT_DIR": str(tmp_path / "certs")}
    done = run("check", *world, "healthy.test", **variables)
    assert (done.status, done.out) == (78, "")
    assert str(store) in done.err
    assert str(tmp_path / "certs") in done.err
    assert done.err.count("\n") == 1
    needs_none = run("check", *world, "--operator", str(sender), "healthy.test", **variables)
    assert (needs_none.status, needs_none.err) == (0, "")
    assert "certificate-" not in needs_none.out
    own = ["--ca-file", str(lab.ca_file)]
    assert run("check", *world, *own, "healthy.test", **variables).status == 0


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["healthy.test"], 0, "healthy.test, sent by careful: delivers\n  accepted\n"),
        (["expires-soon.test"], 0, "delivers-with-warnings"),
        (["anna@müller.test"], 0, "xn--mller-kva.test"),
        (
            ["expired.test"],
            1,
            "fails\n  retried, when P5D (probably), report to sender (probably)\n",
        ),
        (
            ["expired.test", "--operator", "mediafinanz"],
            1,
            "fails\n  bounced, when PT0S (probably), report to operator (probably)\n",
        ),
        (["expired.test", "--operator", "profihost"], 0, "delivers-with-warnings"),
        (["null-mx.test"], 1, "* null-mx"),
        (["connection-refused.test"], 2, "unknown"),
        (["no-starttls.test", "--operator", "profihost"], 2, "unknown\n  undetermined\n"),
    ],
)
def test_what_is_told(check: Run, arguments: list[str], status: int, said: str) -> None:
    done = check(*arguments)
    assert done.status == status
    assert said in done.out
    assert done.err == ""


@pytest.mark.parametrize(
    ("canary", "problem", "disposition"),
    [
        ("mx.healthy.test", "connection-failed", "retried"),
        ("mx.connection-refused.test", "checker-unreachable", "undetermined"),
    ],
)
def test_no_domain_is_blamed_while_the_canary_is_silent(
    answer: Callable[..., Any], canary: str, problem: str, disposition: str
) -> None:
    seen = answer("connection-refused.test", "--canary", canary)
    assert (seen["outcome"], seen["disposition"]) == ("unknown", disposition)
    (decisive,) = [one["id"] for one in seen["problems"] if one["decisive"]]
    assert decisive == problem
    assert {one["id"] for attempt in seen["attempts"] for one in attempt["problems"]} == {problem}


def test_the_json_of_a_check(answer: Callable[..., Any]) -> None:
    seen = answer("anna@expired.test", "--operator", "mediafinanz")
    assert list(seen) == [
        "domain",
        "operator",
        "outcome",
        "disposition",
        "when",
        "report_to",
        "checked_at",
        "assumed",
        "sender",
        "also",
        "problems",
        "route",
        "attempts",
    ]
    assert seen["domain"] == "expired.test"
    assert seen["operator"] == "mediafinanz"
    assert seen["outcome"] == "fails"
    assert (seen["disposition"], seen["when"], seen["report_to"]) == ("bounced", "PT0S", "operator")
    assert seen["checked_at"].endswith("Z")
    assert "tls.sni" in seen["assumed"]
    (problem,) = seen["problems"]
    (attempt,) = seen["attempts"]
    assert list(problem) == ["id", "host", "address", "decisive", "evidence"]
    assert (problem["id"], problem["decisive"]) == ("certificate-expired", True)
    assert problem["host"] == attempt["host"] == "mx.expired.test"
    assert problem["address"] == attempt["address"]
    assert problem["evidence"]["not_after"] == attempt["certificate"]["not_after"]
    assert {"kind", "mail_servers"} <= set(seen["route"])
    assert seen["route"]["kind"] == "mx"
    (server,) = seen["route"]["mail_servers"]
    assert {"host", "preference", "addresses"} <= set(server)
    assert {
        "host",
        "address",
        "preference",
        "stage",
        "tls_version",
        "cipher",
        "certificate",
        "replies",
        "problems",
    } <= set(attempt)
    assert (attempt["stage"], attempt["tls_version"]) == ("certificate", "TLSv1.2")
    assert {
        "subject",
        "issuer",
        "names",
        "not_before",
        "not_after",
        "key",
        "signature",
        "chain",
    } <= set(attempt["certificate"])
    commands = [(reply["command"], reply["code"]) for reply in attempt["replies"]]
    assert commands == [("connect", 220), ("EHLO", 250), ("STARTTLS", 220), ("EHLO", 250)]
    assert [list(one) for one in attempt["problems"]] == [["id", "evidence"]]


def test_the_json_of_a_domain_that_takes_no_mail(answer: Callable[..., Any]) -> None:
    seen = answer("null-mx.test")
    assert seen["route"]["kind"] == "null-mx"
    assert seen["attempts"] == []
    assert seen["problems"] == [
        {
            "id": "null-mx",
            "host": None,
            "address": None,
            "decisive": True,
            "evidence": {"name": "null-mx.test"},
        }
    ]


def test_the_json_of_a_mail_that_arrives(answer: Callable[..., Any]) -> None:
    seen = answer("healthy.test")
    assert (seen["disposition"], seen["when"], seen["report_to"]) == ("accepted", None, None)
    assert [(one["id"], one["decisive"]) for one in seen["problems"]] == [
        ("no-problem-found", True)
    ]
    assert seen["attempts"][0]["stage"] == "done"


def test_all_mail_servers(answer: Callable[..., Any]) -> None:
    asked = ("--operator", "profihost", "first-expired.test")
    hosts = {
        options: [one["host"] for one in answer(*options, *asked)["attempts"]]
        for options in ((), ("--all",))
    }
    assert hosts == {
        (): ["mx1.first-expired.test"],
        ("--all",): ["mx1.first-expired.test", "mx2.first-expired.test"],
    }


def test_an_operator_of_ones_own(answer: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(SENDER)
    seen = answer("no-starttls.test", "--operator", str(path))
    assert (seen["operator"], seen["outcome"]) == ("acme", "delivers-with-warnings")
    assert "delivery.retry_for" in seen["assumed"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("", "operator.name: is missing"),
        (SENDER.replace("may", "some"), "tls.level: must be one of"),
        (f"{SENDER}colour = 'red'\n", "tls.colour: is not known here"),
        ("[", "is not TOML"),
        ("a = 1\n" * 20_000, "is longer than 65536 bytes"),
        ("a = [" * 300, "is not TOML"),
        ("a" + ".a" * 30_000 + " = 1", "a line is longer than 2000"),
        ('"\u2028"' + (".a" * 900 + '."\u2028"') * 30 + " = 1", "a line is longer than 2000"),
        (None, "cannot be read"),
    ],
)
def test_a_bad_operator_file(check: Run, tmp_path: Path, content: str | None, named: str) -> None:
    path = tmp_path / "acme.toml"
    if content is not None:
        path.write_text(content)
    done = check("healthy.test", "--operator", str(path))
    assert (done.status, done.out) == (78, "")
    assert done.err.startswith(f"checker: {path}: ")
    assert named in done.err
    assert done.err.count("\n") == 1


def test_a_byte_order_mark_and_the_line_ends_of_windows_are_no_fault(
    check: Run, tmp_path: Path
) -> None:
    path = tmp_path / "acme.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SENDER.replace("\n", "\r\n").encode())
    assert check("healthy.test", "--operator", str(path)).status == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["chek"],
        ["check"],
        ["check", "healthy.test", "too much"],
        ["check", "--nothing", "healthy.test"],
        ["check", "--smtp-port", "many", "healthy.test"],
        ["check", "--smtp-port", "0", "healthy.test"],
        ["check", "--allow-network", "127.25.0.1/16", "healthy.test"],
        ["check", "--ca-file", "missing.pem", "healthy.test"],
        ["check", "--ehlo-name", "x\r\nMAIL FROM:<>", "healthy.test"],
        ["check", "--operator", "nobody", "healthy.test"],
        ["check", "--operator", b"\xff\xfe", "healthy.test"],
        ["check", "--resolver", "", "healthy.test"],
        ["check", "--resolver", "a..b", "healthy.test"],
        ["check", "--resolver", "127.0.0.1:dns", "healthy.test"],
        ["check", ""],
        ["check", "x" * 100_000],
        ["check", "127.0.0.1"],
        ["check", b"\xff\xfe\xfd.test"],
        ["check", "<script>alert(1)</script>"],
        ["check", "anna@healthy.test, bob@expired.test"],
        ["check", "--", "--help"],
    ],
)
def test_bad_usage(run: Run, arguments: list[str | bytes]) -> None:
    done = run(*arguments)
    assert (done.status, done.out) == (64, "")
    *_, last = done.err.splitlines()
    assert last.startswith("checker: ")
    assert len(done.err) < 2_000


def test_of_several_domains_each_is_named(run: Run) -> None:
    done = run("check", "anna@healthy.test, bob@expired.test")
    assert done.err == "checker: one at a time, please: healthy.test, expired.test\n"


def test_who_checks_a_website_is_told_so(check: Run) -> None:
    done = check("www.healthy.test")
    assert "did you mean healthy.test?" in done.err
    assert done.out.startswith("www.healthy.test,")
    assert "(name=www.healthy.test; alike=healthy.test)" in done.out


@pytest.mark.parametrize("called", ["zustellbar", "zustellbar.exe", "zustellbar-next"])
def test_the_installed_program_goes_by_its_own_name(
    run: Run, monkeypatch: pytest.MonkeyPatch, called: str
) -> None:
    monkeypatch.setattr("sys.argv", [f"/usr/bin/{called}"])
    name = called.removesuffix(".exe")
    assert run("--help").out.startswith(f"usage: {name} [-h] ")
    assert run("check", "--help").out.startswith(f"usage: {name} check [-h] ")
    usage, told = run("chek").err.splitlines()
    assert usage.startswith(f"usage: {name} [-h] ")
    assert told.startswith(f"{name}: argument COMMAND: invalid choice: 'chek'")
    assert run("check", "127.0.0.1").err.startswith(f"{name}: not a domain")


def test_as_a_module_it_goes_by_the_module_s_name(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["/usr/lib/checker/__main__.py"])
    assert run("--help").out.startswith("usage: python -m checker [-h] ")
    assert run("check", "127.0.0.1").err.startswith("checker: not a domain")


def test_the_version_and_every_command_are_told(run: Run) -> None:
    assert run("--version") == Done(0, f"zustellbar {__version__}\n", "")
    told = run("--help").out
    for name in ("check", "bounce", "log", "links", "operator", "serve"):
        assert f"\n    {name} " in told


def test_a_setting_of_the_environment_that_is_no_good(run: Run) -> None:
    done = run("check", "healthy.test", CHECKER_SMTP_PORT="nan")
    assert done.status == 64
    assert "CHECKER_SMTP_PORT" in done.err


def test_the_environment_stands_in_for_options(run: Run, lab: Lab) -> None:
    done = run(
        "check",
        "healthy.test",
        CHECKER_RESOLVER=lab.resolver,
        CHECKER_SMTP_PORT=str(lab.smtp_port),
        CHECKER_ALLOW_NETWORK=",".join(lab.allow_network),
        CHECKER_CA_FILE=str(lab.ca_file),
    )
    assert done.status == 0
    assert "healthy.test, sent by careful: delivers\n" in done.out


def test_a_resolver_that_refuses_is_no_fault_of_the_domain(run: Run, lab: Lab) -> None:
    _, _, port = lab.resolver.rpartition(":")
    done = run("check", "--json", "--resolver", f"{LAME_AUTHORITY}:{port}", "healthy.test")
    assert done.status == 2
    seen = json.loads(done.out)
    assert seen["outcome"] == "unknown"
    assert seen["problems"][0]["id"] == "dns-failure"


@pytest.mark.parametrize(
    ("domain", "status"), [("hostile-text.test", 0), ("hostile-certificate.test", 1)]
)
@pytest.mark.parametrize("option", [[], ["--json"], ["--all"]])
def test_hostile_text_reaches_no_terminal(
    check: Run, option: list[str], domain: str, status: int
) -> None:
    done = check(domain, *option)
    assert (done.status, done.err) == (status, "")
    assert all(line.isprintable() for line in done.out.splitlines())


def test_a_terminal_that_knows_ascii_alone(lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "müller.toml"
    path.write_text(SENDER)
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = program("check", *options(lab), "null-mx.test", "--operator", str(path), **ascii_only)
    assert (done.returncode, done.stderr) == (1, "")
    assert "null-mx.test, sent by m" in done.stdout


def test_without_the_lab_its_addresses_are_refused(run: Run, lab: Lab) -> None:
    done = run("check", "--json", "--resolver", lab.resolver, "healthy.test")
    assert done.status == 1
    seen = json.loads(done.out)
    assert [one["id"] for one in seen["problems"]] == ["mail-server-address-invalid"]
    assert seen["attempts"] == []


def shell(command: str) -> "subprocess.CompletedProcess[str]":
    """Run the program, called PROGRAM, in a shell."""
    ours = shlex.join([sys.executable, "-m", "checker"])
    return subprocess.run(  # noqa: S603 - our own program
        ["bash", "-o", "pipefail", "-c", command.replace("PROGRAM", ours)],  # noqa: S607
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


LOST = [">/dev/full", ">&-", "| (exec <&-)"]


def assert_lost(done: "subprocess.CompletedProcess[str]", output: str) -> None:
    """The status tells, and one line unless the reader has left."""
    told = "" if "|" in output else "checker: the output cannot be written: "
    assert (done.returncode, done.stderr[: len(told)]) == (74, told)
    assert done.stderr.count("\n") == bool(told)


@pytest.mark.parametrize("output", LOST)
def test_a_verdict_that_cannot_be_written_is_none(lab: Lab, output: str) -> None:
    done = shell(f"PROGRAM check {shlex.join(options(lab))} null-mx.test {output}")
    assert_lost(done, output)


@pytest.mark.programs
@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("bounce <<< x", LOST[0]),
        ("bounce --json <<< x", LOST[1]),
        ("bounce --lines <<< x", LOST[2]),
        ("links --mta postfix --operator careful --site https://example.org", LOST[0]),
        ("check --help", LOST[1]),
        ("--version", LOST[0]),
    ],
)
def test_an_output_that_cannot_be_written_is_told(command: str, output: str) -> None:
    assert_lost(shell(f"PROGRAM {command} {output}"), output)


@pytest.mark.programs
@pytest.mark.parametrize("module", ["checker.__main__", "checker.function.asgi"])
def test_what_a_library_warns_of_reaches_no_terminal(module: str) -> None:
    warns = (
        "import sys, warnings\n"
        "from checker import __main__ as program\n"
        "from checker.function import asgi\n"
        "program.main = lambda: 0\n"
        f"start = program.command if {module!r} == program.__name__ else asgi.load\n"
        "start()\n"
        "from cryptography.utils import CryptographyDeprecationWarning\n"
        "warnings.warn('of a stranger', CryptographyDeprecationWarning)\n"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", warns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


@pytest.mark.programs
def test_where_nobody_can_be_told_the_status_tells() -> None:
    assert shell("PROGRAM check 127.0.0.1 2>&-").returncode == 64
    assert shell("PROGRAM check 2>/dev/full").returncode == 64
    assert shell("PROGRAM bounce <&- 2>&-").returncode == 64


def test_a_fault_of_our_own_is_no_verdict(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_typed: str) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("checker.commands.check.parse", fail)
    done = run("check", "healthy.test")
    assert (done.status, done.out) == (70, "")
    assert done.err.startswith("checker: a fault of our own: RuntimeError (")
    assert "secret" not in done.err
    assert done.err.count("\n") == 1


def test_nor_is_it_a_line_s_fault(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(_text: str) -> None:
        raise ValueError("secret")

    file = tmp_path / "lines"
    file.write_text('{"text": "x"}\n')
    monkeypatch.setattr("checker.bounce.read", fail)
    done = run("bounce", "--lines", str(file))
    assert (done.status, done.out) == (70, "")
    assert done.err.startswith("checker: a fault of our own: ValueError (")
    assert "secret" not in done.err


@pytest.mark.programs
def test_what_a_terminal_cannot_show_is_replaced(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("Die Nachricht ist zu groß: 550 \U0001f600")
    done = program("bounce", str(report), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "zu gro\\xdf" in done.stdout


def test_a_line_that_never_ends_is_one_error(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b'{"text": "' + b"x" * 20_000_000 + b'"}\n{"text": "x"}\n')
    done = run("bounce", "--lines", str(file))
    assert done.status == 64
    assert [sorted(json.loads(line)) for line in done.out.splitlines()] == [
        ["error"],
        ["recipients"],
    ]


def test_a_library_that_cannot_say_the_hello_is_told_in_one_line_before_anybody_is_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(_context: object, groups: str) -> None:
        raise HelloOptionError(f"SSL_CTX_set1_curves_list does not take {groups}")

    monkeypatch.setattr(hello_options, "set_groups", lacking)
    done = run("check", "example.org", "--resolver", "127.0.0.1:1")
    assert (done.status, done.out) == (78, "")
    assert done.err.startswith("checker: the hello of postfix on debian-13 cannot be said with ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--watch", "--interval", "0"],
        ["--watch", "--interval", "-5"],
        ["--watch", "--interval", "0.5"],
        ["--watch", "--timeout", "0"],
        ["--interval", "5"],
        ["--timeout", "5"],
    ],
)
def test_a_watch_cannot_be_made_to_look_more_often(check: Run, arguments: list[str]) -> None:
    done = check(*arguments, "healthy.test")
    assert (done.status, done.out) == (64, "")


@pytest.mark.parametrize("option", ["--interval", "--timeout"])
@pytest.mark.parametrize("given", ["soon", "", "1e2", "10081", "9" * 400, "9" * 5_000])
def test_a_watch_is_told_how_long_it_may_take(check: Run, option: str, given: str) -> None:
    done = check("--watch", option, given, "healthy.test")
    assert (done.status, done.out) == (64, "")
    assert done.err.endswith("must be whole minutes from 1 to 10080\n")


def test_a_watch_waits_as_it_was_told(check: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    paces: list[Pace] = []

    async def note(look: watching.Look, tell: watching.Tell, pace: Pace) -> Answer:
        paces.append(pace)
        tell(answer := await look())
        return answer

    monkeypatch.setattr("checker.commands.checking.watch", note)
    assert check("--watch", "expired.test").status == 1
    assert check("--watch", "--interval", str(LEAST), "--timeout", "90", "healthy.test").status == 0
    assert paces == [Pace(300, 3_600), Pace(60, 5_400)]


@pytest.mark.parametrize(("domain", "status"), [("expired.test", 1), ("silent.test", 130)])
def test_ctrl_c_ends_a_watch_with_what_was_seen_last(lab: Lab, domain: str, status: int) -> None:
    # Whoever was started in the background ignores Ctrl-C, and so does what it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", "checker", "check", "--watch", *options(lab), domain]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        said = process.stderr.readline()
        if status == 1:
            while "assumed" not in process.stdout.readline():
                pass
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert "every 5 min, for 60 min at most" in said
    assert (process.returncode, out, err) == (status, "", "")
