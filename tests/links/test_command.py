"""``python -m checker links``: what it prints, for whom, and what it refuses."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import links, operators
from checker.__main__ import main
from checker.links import Mta
from checker.links.exchange import MAXIMUM_TEXT
from checker.links.site import MAXIMUM_ADDRESS
from checker.problems import PROBLEMS
from scripts.hooks import single
from tests.serving import ROOT

SITE = "https://zustellbar.example"
ONCE_FOR_TLS = """\
[operator]
name = "Acme"
[tls]
minimum = "1.2"
level = "verify"
[delivery]
retry_for = "P1DT12H"
temporary_tls_failure = "bounce"
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command, and gives back its exit status and what it wrote."""

    def run_here(
        *more: str, mta: str = "postfix", operator: str = "mediafinanz", site: str = SITE
    ) -> tuple[int, str, str]:
        command = ["links", "--mta", mta, "--operator", operator, "--site", site]
        try:
            status = main([*command, *more])
        except SystemExit as end:
            status = int(str(end.code))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run_here


@pytest.fixture
def once_for_tls(tmp_path: Path) -> str:
    """The file of an operator who tries again, but not where TLS fails."""
    file = tmp_path / "acme.toml"
    file.write_text(ONCE_FOR_TLS)
    return str(file)


@pytest.mark.parametrize("operator", operators.names())
@pytest.mark.parametrize("mta", list(Mta))
def test_everything_is_ascii_and_every_link_is_one_that_lasts(mta: Mta, operator: str) -> None:
    files = links.configuration(mta, operators.load(operator), SITE)
    text = "\n".join(links.lines(files))
    assert text.isascii()
    found = re.findall(rf"{SITE}/p/([a-z0-9-]+)/\?", text)
    assert found
    assert set(found) <= set(PROBLEMS)
    assert len(re.findall(rf"operator={operator}\b", text)) == len(re.findall(rf"{SITE}/", text))


def test_the_output_says_where_each_file_belongs(run: Run) -> None:
    status, out, err = run()
    assert (status, err) == (0, "")
    for file in links.configuration(Mta.POSTFIX, operators.load("mediafinanz"), SITE):
        assert f"######## {file.name}\n######## {file.place}\n\n{file.text}" in out


def test_the_files_can_be_written_into_a_folder_again_and_again(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "links"
    for _ in range(2):
        status, out, err = run("--write", str(folder))
        assert (status, err) == (0, "")
    files = links.configuration(Mta.POSTFIX, operators.load("mediafinanz"), SITE)
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        file.name: file.text for file in files
    }
    assert all(file.place in out for file in files)


def test_a_folder_that_cannot_be_written_to_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    status, out, err = run("--write", str(tmp_path / "file"))
    assert (status, out) == (64, "")
    assert err.startswith("checker: cannot write to ")
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize(
    "site",
    [
        "",
        "zustellbar.example",
        "//zustellbar.example",
        "ftp://zustellbar.example",
        "https://",
        "https:///p/",
        "https://zustellbar.example/?lang=de",
        "https://zustellbar.example/#top",
        "https://anna@zustellbar.example/",
        "https://zustellbar.example:99999/",
        "https://zustellbar.example:0/",
        "https://[zustellbar/",
        "https://zustellbar.example/$(id)/",
        "https://zustellbar.example/${run{id}}/",
        "https://zustellbar.example/'/",
        "https://zustellbar.example/ /",
        "https://zustellbar.example/\n",
        "https://zustellbär.example/",
        f"https://zustellbar.example/{'x' * MAXIMUM_ADDRESS}",
    ],
)
def test_an_address_that_is_none_of_a_site_is_refused(run: Run, site: str) -> None:
    status, out, err = run(site=site)
    assert (status, out) == (64, "")
    assert err.startswith(f"checker: --site {site!r} ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "site", ["http://127.0.0.1:8000", "https://zustellbar.example/", "https://example.org/mail/"]
)
def test_an_address_may_have_a_port_and_a_path(run: Run, site: str) -> None:
    status, out, _ = run(site=site)
    assert status == 0
    assert f" {site.rstrip('/')}/p/certificate-not-verified/?operator=mediafinanz\n" in out


def test_unknown_names_and_bad_files_are_refused_as_by_check(run: Run, tmp_path: Path) -> None:
    assert run(operator="nobody")[0] == 64
    assert run(mta="qmail")[0] == 64
    bad = tmp_path / "bad.toml"
    bad.write_text("[operator]\n")
    status, out, err = run(operator=str(bad))
    assert (status, out) == (78, "")
    assert "bad.toml" in err


def test_an_operator_of_ones_own_is_named_in_the_links(run: Run, once_for_tls: str) -> None:
    _, out, _ = run(operator=once_for_tls)
    assert "/?operator=acme" in out
    assert "operator=mediafinanz" not in out


def rewritten(status: str, table: str) -> str:
    """What Postfix makes of a status by a table."""
    for line in table.splitlines():
        if rule := re.match(r"/(?P<pattern>.*)/ (?P<result>\S.*)$", line):
            replacement = re.sub(r"\$\{(\d)\}", r"\\g<\1>", rule["result"])
            text, found = re.subn(rule["pattern"], replacement, status, flags=re.IGNORECASE)
            if found:
                return text
    return status


def table(operator: operators.Operator) -> str:
    """The table of statuses for an operator's Postfix."""
    return links.configuration(Mta.POSTFIX, operator, SITE)[0].text


UNVERIFIED = "4.7.5 Server certificate not verified"
SEE = ". See https://zustellbar.example/p/certificate-not-verified/?operator="
BUSY = "4.4.1 connect to mx.example.org[192.0.2.1]:25: Connection refused"


def test_postfix_gives_up_as_the_operator_does(once_for_tls: str) -> None:
    final = UNVERIFIED.replace("4", "5", 1)
    once = table(operators.load("mediafinanz"))
    assert rewritten(UNVERIFIED, once) == f"{final}{SEE}mediafinanz"
    assert rewritten(BUSY, once) == BUSY.replace("4", "5", 1)
    patient = table(operators.load("careful"))
    assert rewritten(UNVERIFIED, patient) == f"{UNVERIFIED}{SEE}careful"
    assert rewritten(BUSY, patient) == BUSY
    for_tls = table(operators.load_file(Path(once_for_tls)))
    assert rewritten(UNVERIFIED, for_tls) == f"{final}{SEE}acme"
    assert rewritten(BUSY, for_tls) == BUSY


def test_postfix_leaves_what_arrived_and_what_is_not_of_tls_alone() -> None:
    once = table(operators.load("mediafinanz"))
    for status in ("2.0.0 Ok: queued as 4711", "5.1.1 host mx said: 550 5.1.1 no such user"):
        assert rewritten(status, once) == status


def retries(operator: operators.Operator) -> list[str]:
    """The rules of an operator's Exim, without comments."""
    text = links.configuration(Mta.EXIM, operator, SITE)[1].text
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_exim_gives_up_as_the_operator_does(once_for_tls: str) -> None:
    assert retries(operators.load("mediafinanz")) == ["*  *"]
    assert retries(operators.load("profihost")) == ["*  *  F,2h,15m; G,16h,1h,1.5; F,3d,6h"]
    *others, last = retries(operators.load_file(Path(once_for_tls)))
    assert last == "*  *"
    assert "*  refused  F,2h,15m; G,16h,1h,1.5; F,1d12h,6h" in others


def test_exchange_gets_a_text_in_both_languages_that_is_short_enough() -> None:
    longest = "https://" + "x" * (MAXIMUM_ADDRESS - 8)
    (file,) = links.configuration(Mta.EXCHANGE, operators.load("mediafinanz"), longest)
    texts = re.findall(r"-Language (\w+) .* -Text '([^']*)'", file.text)
    assert {language for language, _ in texts} == {"de", "en"}
    assert max(len(text) for _, text in texts) <= MAXIMUM_TEXT
    for _, text in texts:
        link = re.search(r'<A HREF="([^"]+)">([^<]+)</A>', text)
        assert link
        assert link[1] == link[2]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_for_senders_shows_links_that_are_printed(language: str) -> None:
    page = single.example((ROOT / "docs" / language / "support.md").read_text(encoding="utf-8"))
    shown = set(re.findall(r"https://example\.org/p/\S+", page))
    operator = operators.load("profihost")
    printed = "\n".join(
        line
        for mta in Mta
        for line in links.lines(links.configuration(mta, operator, "https://example.org"))
    )
    assert len(shown) == 3
    for link in shown:
        forms = [link.replace("example.net", place) for place in ("${1}", "RECIPIENT")]
        assert any(form in printed for form in forms)
