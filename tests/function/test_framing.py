"""Who may frame the form: whom one variable names, and no other page with it."""

from pathlib import Path

import pytest

from checker.__main__ import main
from checker.function import framing, security
from checker.function.options import Options
from tests.function.conftest import Connect

EVERYWHERE = security.of_site(security.content_security_policy([], []))
ACME = "https://www.acme.example"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" , ", ()),
        (ACME, (ACME,)),
        (f"{ACME}, http://127.0.0.1:8000\n", (ACME, "http://127.0.0.1:8000")),
        ("HTTPS://Xn--Mller-kva.Example:65535", ("https://xn--mller-kva.example:65535",)),
    ],
)
def test_the_variable_names_origins(text: str, expected: tuple[str, ...]) -> None:
    assert framing.origins(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "null",
        "'self'",
        "www.acme.example",
        "https:",
        "https://",
        "https://*",
        "https://*.acme.example",
        "https://acme.example/",
        "https://acme.example/help",
        "https://anna@acme.example",
        "https://acme.example;script-src",
        'https://acme.example"',
        "https://acme.example:",
        "https://acme.example:65536",
        "https://acme.example:\N{DEVANAGARI DIGIT ONE}",
        "https://müller.example",
        "https://-acme.example",
        "https://acme..example",
        "https://[::1]",
        "ftp://acme.example",
    ],
)
def test_anything_else_ends_the_start_with_one_line(
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    (tmp_path / "index.html").touch()
    monkeypatch.setenv(framing.VARIABLE, f"{ACME} {text}")
    assert main(["serve", "--site", str(tmp_path), "--port", "0"]) == 64
    out, error = capsys.readouterr()
    assert out == ""
    assert error.count("\n") == 1
    assert "ZUSTELLBAR_EMBED_ORIGINS: must be origins such as https://www.example.org" in error
    assert repr(text.lower()) in error


@pytest.mark.parametrize("told", ["build", "start", "other site"])
async def test_no_address_but_those_of_the_form_can_be_framed(
    connect: Connect, tmp_path: Path, told: str
) -> None:
    for page in ("", "embed", "en/embed", "p/tls-version", "assets"):
        (tmp_path / page).mkdir(parents=True, exist_ok=True)
        (tmp_path / page / "index.html").write_text("<title>Start</title>")
    (tmp_path / "assets" / "embed.js").touch()
    by_build = framing.headers(EVERYWHERE, [ACME]) if told == "build" else {}
    if told != "other site":
        (tmp_path / security.FILE).write_text(security.write(EVERYWHERE, by_build))
    browser = connect(Options(site=tmp_path, embed_origins=() if by_build else (ACME,)))

    async def policy(path: str) -> str:
        (found,) = (await browser.get(path)).headers.get_list(security.POLICY)
        return found.rpartition("; ")[2]

    for path in ("/embed/", "/en/embed/"):
        assert await policy(path) == f"frame-ancestors {ACME}"
        for name in ("Cross-Origin-Embedder-Policy", "Cross-Origin-Resource-Policy"):
            assert name in (await browser.get(path)).headers
    assert (await browser.get("/assets/embed.js")).headers["Cross-Origin-Resource-Policy"]
    assert (await browser.get("/embed/")).headers["X-Content-Type-Options"] == "nosniff"
    for path in (
        "/",
        "/p/tls-version/",
        "/embed",
        "/embed/nothing/",
        "/embed/..%2f",
        "/embed/%2e%2e/p/tls-version/",
        "//embed/",
        "/en/embed/../../",
        "/assets/embed.js",
        "/api/v1/operators",
        "/healthz",
    ):
        assert await policy(path) == "frame-ancestors 'none'", path


async def test_without_the_variable_nobody_frames_the_form(
    connect: Connect, tmp_path: Path
) -> None:
    (tmp_path / "embed").mkdir()
    (tmp_path / "embed" / "index.html").touch()
    (tmp_path / security.FILE).write_text(security.write(EVERYWHERE))
    answer = await connect(Options(site=tmp_path)).get("/embed/")
    assert answer.headers[security.POLICY] == EVERYWHERE[security.POLICY]


def test_the_rest_of_the_policy_holds_in_the_frame_as_well() -> None:
    framed = framing.headers(EVERYWHERE, [ACME])["/embed/"][security.POLICY]
    assert (
        framed.replace(f"frame-ancestors {ACME}", security.UNFRAMED)
        == (EVERYWHERE[security.POLICY])
    )
