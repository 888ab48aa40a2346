"""``python -m checker operator new``: what it asks, what it writes, and what it leaves alone."""

import io
import itertools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from checker.__main__ import main
from checker.commands import operator as command
from checker.operators import (
    SUPPORT_TOPICS,
    Audience,
    Operator,
    OperatorFileError,
    SupportFact,
    load_file,
)
from checker.operators.new import DAYS, LANGUAGES, ONCE, QUESTIONS, files, toml
from scripts.hooks import words
from tests.serving import ROOT
from tests.site.pages import read

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
SITE = "https://help.example"

OPTIONS = ("acme", "--title", "Acme & Söhne AG")

TODAY = date(2026, 11, 30)

SAID = {
    f"{topic}-{language}": f"{topic} in {name}"
    for topic in SUPPORT_TOPICS
    for language, name in LANGUAGES.items()
}
"""What its support says, by the end of the option that says it."""

ANSWERS = (
    "acme",
    "Acme & Söhne AG",
    "https://acme.example/",
    "senders",
    "1.2",
    "1.3",
    "verify",
    "refuse",
    "no",
    "yes",
    "no",
    "postfix",
    "debian-12",
    "10",
    "yes",
    "0",
    "bounce",
    "operator",
    *SAID.values(),
    "#8a1c1c",
)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without any sender, into which the command writes."""
    for folder in ("checker/operators", *(f"docs/{language}/senders" for language in LANGUAGES)):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(command, "_ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def run(
    project: Path,  # noqa: ARG001 - it is where the command writes
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Runs the command with options and typed lines; its exit status and what it said."""

    def run_here(*options: str, typed: tuple[str, ...] = ()) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        try:
            status = main(["operator", "new", *options])
        except SystemExit as error:
            status = int(str(error.code))
        out, err = capsys.readouterr()
        return status, out, err

    return run_here


def written(project: Path) -> dict[str, str]:
    """Every file of the project."""
    return {
        path.relative_to(project).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(project.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }


def made(project: Path) -> Operator:
    return load_file(project / "checker" / "operators" / "acme.toml")


def test_answers_become_three_files(run: Run, project: Path) -> None:
    status, out, err = run(typed=ANSWERS)
    assert (status, err) == (0, "")
    paths = {
        "checker/operators/acme.toml",
        "docs/de/senders/acme.md",
        "docs/en/senders/acme.md",
    }
    assert set(written(project)) == paths
    assert all(path in out for path in paths)
    operator = made(project)
    assert (operator.name, operator.title) == ("acme", "Acme & Söhne AG")
    assert operator.home == "https://acme.example/"
    assert operator.audience is Audience.SENDERS
    assert operator.tls.sni
    assert not operator.tls.mta_sts
    assert operator.delivery.address_limit == 10
    assert operator.delivery.tries_once
    assert operator.delivery.report_to == "operator"
    assert operator.site.colour == "#8a1c1c"
    assert operator.assumed == ()
    said = {
        f"{topic}-{language}": fact.text
        for language, facts in operator.support.items()
        for topic, fact in facts.items()
    }
    assert said == SAID


def test_what_the_sender_does_not_state_is_assumed(run: Run, project: Path) -> None:
    status, out, _ = run(typed=("acme", "Acme", *[""] * (len(ANSWERS) - 2)))
    assert status == 0
    assert "Press Enter where the sender does not state it." in out
    operator = made(project)
    assert operator.home is None
    assert operator.site.colour is None
    assert operator.support == {}
    assert operator.tls.without_starttls == "not-stated"
    facts = {q.key for q in QUESTIONS if q.key.startswith(("tls.", "delivery."))}
    assert set(operator.assumed) == facts - {"tls.without_starttls"}


def test_options_alone_are_enough(run: Run, project: Path) -> None:
    status, out, err = run(*OPTIONS, "--minimum", "1.3", "--retry-for", "3", "--sni", "yes")
    assert (status, err) == (0, "")
    assert "?" not in out
    operator = made(project)
    assert (operator.tls.minimum, operator.tls.maximum) == ("1.3", "1.3")
    assert operator.delivery.retry_for == "P3D"
    assert operator.tls.sni
    assert not {"tls.minimum", "delivery.retry_for", "tls.sni"} & set(operator.assumed)


def test_what_the_support_says_is_true_as_of_the_day_on_which_it_was_asked(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "now", lambda: datetime(2026, 11, 30, tzinfo=UTC))
    assert run(*OPTIONS, "--change-address-en", "Call +49 30 123456.")[0] == 0
    fact = SupportFact("Call +49 30 123456.", TODAY)
    assert made(project).support == {"en": {"change_address": fact}}


def test_every_question_is_also_an_option(run: Run) -> None:
    status, out, _ = run("--help")
    assert status == 0
    assert all(question.option in out for question in QUESTIONS)


def test_where_it_is_installed_the_sender_s_file_comes_into_the_current_folder(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(project / "docs")
    here = project / "my senders"
    here.mkdir()
    monkeypatch.chdir(here)
    status, out, err = run(*OPTIONS, "--retry-for", "3")
    assert (status, err) == (0, "")
    assert set(written(project)) == {"my senders/acme.toml"}
    assert "check DOMAIN --operator acme.toml" in out
    assert load_file(Path("acme.toml")).delivery.retry_for == "P3D"
    status, _, err = run(*OPTIONS)
    assert status == 64
    assert "there are acme.toml; --replace replaces them; nothing was written" in err
    assert run(*OPTIONS, "--replace")[0] == 0


BAD = {
    "name": ("Acme", "a b", "ä", "-a", "a" * 41, "../x", "careful", "index"),
    "--title": ("", "a" * 81, 'a"b', "a\tb", "{{ a }}", "<b>", "a`b"),
    "--home": ("acme.example", "javascript:alert(1)", 'https://a"b/'),
    "--audience": ("everybody",),
    "--minimum": ("1.4", "TLS 1.2"),
    "--level": ("strict",),
    "--without-starttls": ("no",),
    "--mta-sts": ("maybe",),
    "--address-limit": ("0", "101", "-1", "five", "9" * 5000, "٣"),
    "--retry-for": ("8", "P3W", "-1", "P1DT1H"),
    "--contact-de": ("", "a" * 501, "a\tb", "<b>", "{{ a }}"),
    "--colour": ("red", "#fff", "#ffff00"),
}


@pytest.mark.parametrize(("option", "text"), [(o, t) for o, texts in BAD.items() for t in texts])
def test_an_option_that_makes_no_sense(run: Run, project: Path, option: str, text: str) -> None:
    given = {"name": "acme", "--title": "Acme", option: text}
    name = given.pop("name")
    options = [f"{key}={value}" for key, value in given.items()]
    status, _, err = run(*options, "--", name)
    assert status == 64
    assert ("NAME" if option == "name" else option) in err
    assert "nothing was written" in err
    assert "Traceback" not in err
    assert written(project) == {}


def test_the_newest_version_cannot_be_below_the_oldest(run: Run) -> None:
    status, _, err = run(*OPTIONS, "--minimum", "1.3", "--maximum", "1.2")
    assert status == 64
    assert "1.2 is below the oldest version, 1.3" in err


def test_a_bad_answer_is_asked_again(run: Run, project: Path) -> None:
    bad_first = itertools.chain.from_iterable(
        ("?!*", answer) if number else ("", "A B", answer) for number, answer in enumerate(ANSWERS)
    )
    status, out, _ = run(typed=tuple(bad_first))
    assert status == 0
    assert out.count("Once more, please:") == len(ANSWERS) + 1
    assert made(project).site.colour == "#8a1c1c"


@pytest.mark.parametrize("length", range(len(ANSWERS)))
def test_answers_that_end_too_early_write_nothing(run: Run, project: Path, length: int) -> None:
    status, _, err = run(typed=ANSWERS[:length])
    assert status == 64
    assert "the answers ended too early; nothing was written" in err
    assert written(project) == {}


def test_without_questions_a_missing_name_is_told(run: Run) -> None:
    status, _, err = run("acme", "--no-questions")
    assert status == 64
    assert "NAME and --title are needed" in err


def test_nothing_is_replaced_unasked(run: Run, project: Path) -> None:
    mine = project / "docs" / "en" / "senders" / "acme.md"
    mine.write_text("mine", encoding="utf-8")
    status, _, err = run(*OPTIONS)
    assert status == 64
    assert "docs/en/senders/acme.md" in err
    assert "--replace" in err
    assert written(project) == {"docs/en/senders/acme.md": "mine"}
    assert run(typed=(*ANSWERS, "no"))[0] == 64
    assert written(project) == {"docs/en/senders/acme.md": "mine"}
    assert run(typed=(*ANSWERS, "yes"))[0] == 0
    assert mine.read_text(encoding="utf-8") != "mine"


def test_replace_replaces(run: Run, project: Path) -> None:
    assert run(*OPTIONS)[0] == 0
    assert run(*OPTIONS, "--level", "encrypt", "--replace")[0] == 0
    assert made(project).tls.level == "encrypt"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left", "x.md")])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_what_stops_the_writing_leaves_all_as_it_was(
    run: Run,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    after: int,
) -> None:
    mine = project / "docs" / "de" / "senders" / "acme.md"
    mine.write_text("mine", encoding="utf-8")
    calls = itertools.count()
    write = Path.write_text

    def write_until(path: Path, text: str, **more: str) -> int:
        count = write(path, text[: len(text) // 2], **more)
        if next(calls) == after:
            raise error
        return count

    monkeypatch.setattr(Path, "write_text", write_until)
    status, _, err = run(*OPTIONS, "--replace")
    monkeypatch.undo()
    assert status in {64, 130}
    assert "nothing was written" in err
    assert written(project) == {"docs/de/senders/acme.md": "mine"}


@pytest.mark.programs
def test_ctrl_c_between_questions_writes_nothing() -> None:
    # Whoever was started in the background ignores Ctrl-C, and so does what it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    before = written(ROOT / "checker" / "operators")
    with subprocess.Popen(
        [sys.executable, "-m", "checker", "operator", "new"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("acme\n")
        process.stdin.flush()
        while "people write it" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "stopped; nothing was written" in err
    assert "Traceback" not in err
    assert written(ROOT / "checker" / "operators") == before


def test_the_site_has_words_for_every_patience() -> None:
    for language in LANGUAGES:
        for day in DAYS:
            assert words.look_up(language, "durations", f"P{day}D")
            assert words.look_up(language, "durations_accusative", f"P{day}D")
        assert words.look_up(language, "fact_values", f"delivery.retry_for={ONCE}")


def test_every_value_that_can_be_chosen_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    for question in QUESTIONS:
        for choice in question.choices:
            answers: dict[str, str | bool | int | None] = {"operator.name": "Acme"}
            if question.key == "tls.maximum":
                answers["tls.minimum"] = "1.0"
            value = answers[question.key] = question.read(choice, answers)
            path.write_text(toml(answers, TODAY), encoding="utf-8")
            try:
                # "I do not know" is an answer, and states nothing.
                assert (question.key in load_file(path).assumed) is (value is None)
            except OperatorFileError as error:
                pytest.fail(str(error))


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--server", "exim", "--system", "debian-10"), "nobody has measured exim on debian-10"),
        (("--server", "qmail", "--level", "verify"), "a qmail looks at no certificate"),
        (("--server", "qmail", "--mta-sts", "yes"), "a qmail looks at no certificate"),
        (("--server", "sendmail"), "'sendmail' is none of postfix, exim, qmail, unknown"),
        (("--system", "debian-11"), "'debian-11' is none of debian-10, debian-12, debian-13"),
    ],
)
def test_what_nobody_has_measured_is_refused_with_what_may_stand_there(
    run: Run, project: Path, options: tuple[str, ...], complaint: str
) -> None:
    status, _, err = run(*OPTIONS, "--no-questions", *options)
    assert status == 64
    assert complaint in err
    assert not written(project)


def test_a_qmail_is_assumed_to_look_at_no_certificate(run: Run, project: Path) -> None:
    status, _, _ = run(*OPTIONS, "--no-questions", "--server", "qmail", "--system", "unknown")
    assert status == 0
    operator = made(project)
    assert operator.tls.level == "encrypt"
    assert {"tls.level", "delivery.system"} <= set(operator.assumed)
    assert "delivery.server" not in operator.assumed


def test_a_single_attempt_gives_up_after_a_fault_with_tls(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(
        toml({"operator.name": "Acme", "delivery.retry_for": ONCE}, TODAY), encoding="utf-8"
    )
    assert load_file(path).delivery.temporary_tls_failure == "bounce"


@pytest.mark.parametrize("audience", Audience)
def test_both_languages_have_the_same_headings(audience: Audience) -> None:
    pages = files("acme", {"operator.name": "Acme", "operator.audience": str(audience)}, TODAY)
    german, english = (
        [line.rpartition("{")[2] for line in pages[f"docs/{language}/senders/acme.md"].splitlines()
         if line.startswith("#")]
        for language in LANGUAGES
    )  # fmt: skip
    assert german == english
    assert "[[" not in "".join(pages.values())


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this project in which the command has described two senders."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    for name in ("checker", "docs", "overrides", "requirements", "scripts", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    # The paste box's runtime is no part of this: where it was not built, the site goes without.
    if (ROOT / ".cache").exists():
        (folder / ".cache").symlink_to(ROOT / ".cache")
    for options in [("acme", "--title=Acme & Söhne AG", "--retry-for=0", "--colour=#8a1c1c"),
                    ("beta-mail", "--title=Beta Mail", "--audience=senders")]:  # fmt: skip
        done = _run(folder, "-m", "checker", "operator", "new", *options)
        assert done.returncode == 0, done.stderr
    own = folder / "sites" / "acme"
    for language, text in (("de", "# Acmes Impressum"), ("en", "# Acme's legal notice")):
        page = own / language / "legal" / "imprint.md"
        page.parent.mkdir(parents=True)
        page.write_text(f"{text} {{#title}}\n", encoding="utf-8")
    (own / "logo.svg").write_text(LOGO, encoding="utf-8")
    (own / "favicon.png").write_bytes(b"a picture")
    return folder


def _run(folder: Path, *command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if "ZUSTELLBAR" not in name}
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *command],
        cwd=folder,
        env={**inherited, "NO_MKDOCS_2_WARNING": "1", **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.programs
def test_the_checker_knows_the_new_senders(grown: Path) -> None:
    done = _run(grown, "-m", "checker", "links", "--mta=exim", "--operator=acme", f"--site={SITE}")
    assert done.returncode == 0, done.stderr
    assert "operator=acme" in done.stdout


@pytest.mark.programs
def test_the_new_pages_need_no_mending(grown: Path) -> None:
    done = _run(grown, "-m", "scripts.docs_checks")
    assert done.returncode == 0, done.stdout
    assert "0 to mend" in done.stdout


@pytest.mark.programs
@pytest.mark.parametrize("alone", ["", pytest.param("acme", marks=pytest.mark.repeats)])
def test_the_site_is_built_strictly_with_the_new_senders(
    grown: Path, tmp_path: Path, alone: str
) -> None:
    site = tmp_path / "site"
    done = _run(grown, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site), OPERATOR=alone)
    assert done.returncode == 0, done.stderr
    offered = [option["value"] for option in read(site / "index.html").all("option")]
    assert offered == ["acme", "careful"] if alone else {"acme", "beta-mail"} <= set(offered)
    for start, attempts in [("", "einen einzigen Versuch"), ("en/", "one attempt only")]:
        assert (
            attempts in read(site / start / "senders" / "acme" / "index.html").one("article").text
        )
        assert (site / start / "senders" / "beta-mail").exists() is not bool(alone)
    assert (site / "o" / "acme" / "index.html").is_file()
    assert (site / "assets" / "operator.css").exists() is bool(alone)
    heads = [read(site / start / "legal" / "imprint" / "index.html").one("h1").text.strip()
             for start in ("", "en")]  # fmt: skip
    assert (heads == ["Acmes Impressum#", "Acme's legal notice#"]) is bool(alone)
    assert (site / "assets" / "operator-logo.svg").exists() is bool(alone)
    for page in ("index.html", "p/tls-version/index.html"):
        images = {image["src"].rpartition("/")[2] for image in read(site / page).all("img")}
        (icon,) = (link["href"] for link in read(site / page).all("link", rel="icon"))
        assert ("operator-logo.svg" in images) is bool(alone)
        assert icon.endswith("operator-favicon.png") is bool(alone)
