"""What an editor is told about a page: each fault in a tiny tree of pages, and none in our own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from scripts.docs_checks import (
    address,
    external,
    facts,
    gaps,
    headings,
    languages,
    links,
    problems,
    revisions,
    spelling,
    words,
)
from scripts.docs_checks.__main__ import main
from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.tree import Tree, load

ROOT = Path(__file__).resolve().parents[2]

HEAD = '---\ntitle: "A title"\ndescription: "What it says."\n---\n\n'
PAGE = f"{HEAD}# A title {{#title}}\n\nText.\n"
GERMAN = (
    PAGE.replace("A title", "Ein Titel").replace("Text", "Ein Text").replace("What it says", "Was")
)

Write = Callable[..., Tree]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files below ``docs`` and reads the tree they make."""

    def files(**texts: str) -> Tree:
        for name, text in texts.items():
            path = tmp_path / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        tree, unreadable = load(tmp_path / "docs")
        assert unreadable == []
        return tree

    return files


def told(complaints: Iterable[Complaint]) -> list[str]:
    """Each complaint as it is printed."""
    return [str(complaint) for complaint in complaints]


def only(complaints: Iterable[Complaint]) -> str:
    """The only one, as it is printed."""
    (complaint,) = told(complaints)
    return complaint


@pytest.mark.programs
def test_our_own_pages_need_no_mending(capsys: pytest.CaptureFixture[str]) -> None:
    status = main([])
    said = capsys.readouterr().out
    assert status == 0, "\n".join(line for line in said.splitlines() if ": note: " not in line)
    assert "spelling is not checked" not in said


def test_two_like_pages_need_no_mending(write: Write) -> None:
    tree = write(**{"de/a.md": GERMAN, "en/a.md": PAGE})
    assert told(languages.check(tree)) == []
    assert told(headings.check(tree)) == []


def test_a_page_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "a.md").write_bytes("# Gruß\n\nüber\n".encode("latin-1"))
    _, unreadable = load(tmp_path)
    assert only(unreadable).startswith("docs/de/a.md:1: This file is not in UTF-8")


def test_a_page_that_is_missing_in_the_other_language(write: Write) -> None:
    tree = write(**{"de/a.md": GERMAN, "en/b.md": PAGE})
    assert told(languages.check(tree)) == [
        "docs/de/a.md:1: docs/en/a.md is missing. Write it, with the same headings and ids.",
        "docs/en/b.md:1: docs/de/b.md is missing. Write it, with the same headings and ids.",
    ]


@pytest.mark.parametrize(
    ("german", "english", "expected"),
    [
        (
            GERMAN + "\n## Mehr {#more}\n",
            PAGE,
            'docs/de/a.md:10: the heading id "more" is not in docs/en/a.md.',
        ),
        (
            GERMAN,
            PAGE + '\n--8<-- "en/snippets/x.md"\n',
            'docs/en/a.md:10: the snippet "snippets/x.md" is not in docs/de/a.md.',
        ),
        (
            GERMAN + "\n<!-- check -->\n",
            PAGE,
            'docs/de/a.md:10: the mark "<!-- check -->" is not in docs/en/a.md.',
        ),
        (
            GERMAN + "\n## B {#b}\n\n## C {#c}\n",
            PAGE + "\n## C {#c}\n\n## B {#b}\n",
            'docs/de/a.md:10: the heading id "b" stands where docs/en/a.md has "c".',
        ),
        (
            GERMAN.replace("title:", "problem: a\ntitle:"),
            PAGE,
            'docs/de/a.md:2: the front matter of docs/en/a.md has no "problem".',
        ),
        (
            GERMAN.replace("title:", "problem: a\ntitle:"),
            PAGE.replace("title:", "problem: b\ntitle:"),
            'docs/de/a.md:2: "problem" is "a" here and "b" in docs/en/a.md.',
        ),
    ],
)
def test_a_difference_in_structure(write: Write, german: str, english: str, expected: str) -> None:
    tree = write(**{"de/a.md": german, "en/a.md": english})
    assert only(languages.check(tree)).startswith(expected)


def test_a_line_of_code_is_no_heading_and_no_mark(write: Write) -> None:
    code = "\n```sh\n# a remark\n<!-- check -->\n```\n"
    tree = write(**{"de/a.md": GERMAN + code, "en/a.md": PAGE})
    assert told(languages.check(tree)) == []
    assert told(headings.check(tree)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PAGE + "\n## More\n", "docs/en/a.md:10: this heading has no id."),
        (PAGE + "\n## More {#title}\n", 'docs/en/a.md:10: the id "title" is taken in line 6.'),
        (PAGE + "\n## More {#Größe}\n", 'docs/en/a.md:10: the id "Größe" may have lower-case'),
        (PAGE.replace('"A title"', ""), "docs/en/a.md:2: the page has no title."),
        (PAGE.replace("What", "x" * 150), "docs/en/a.md:3: the description has 159 characters."),
        (PAGE.replace('"A title"', "A: title"), "docs/en/a.md:1: the front matter cannot be read"),
        ("# A title {#title}\n", "docs/en/a.md:1: the page has no title."),
    ],
)
def test_a_heading_or_the_front_matter(write: Write, text: str, expected: str) -> None:
    tree = write(**{"en/a.md": text})
    assert told(headings.check(tree))[0].startswith(expected)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("[x](b.md)", ""),
        ("[x](b.md#title)", ""),
        ("[x](#title)", ""),
        ("![x](../picture.svg)", ""),
        ("`[x](nothing.md)` <!-- [x](nothing.md) -->", ""),
        ("[x](https://example.org/)", ""),
        ("[x](c.md)", 'the link to "c.md" leads nowhere: there is no docs/en/c.md.'),
        ("[x](../de/b.md)", 'the link to "../de/b.md" leads nowhere'),
        ("[x](b.md#no)", 'the link to "b.md#no" leads to no place: no heading of docs/en/b.md'),
        ("[x](#no)", 'the link to "#no" leads to no place'),
        ("[x](/b/)", 'the link to "/b/" begins with a slash.'),
        ("[x](b/)", 'the link to "b/" leads to no file. A link to a page ends in .md.'),
        ('<a href="c.md">x</a>', 'the link to "c.md" leads nowhere'),
    ],
)
def test_a_link(write: Write, tmp_path: Path, link: str, expected: str) -> None:
    tree = write(**{"en/a.md": PAGE + link, "en/b.md": PAGE, "de/b.md": PAGE, "picture.svg": ""})
    complaints = told(links.check(tree, tmp_path / "docs"))
    assert [line.partition(":9: ")[2].startswith(expected) for line in complaints] == (
        [True] if expected else []
    )


def test_a_link_in_a_snippet_is_judged_from_the_page_and_told_once(
    write: Write, tmp_path: Path
) -> None:
    put_in = PAGE + '\n--8<-- "en/snippets/s.md"\n'
    tree = write(
        **{"en/a.md": put_in, "en/c.md": put_in, "en/snippets/s.md": "[x](b.md)\n[y](a.md)\n"}
    )
    said = only(links.check(tree, tmp_path / "docs"))
    assert said.startswith("docs/en/snippets/s.md:1: ")
    assert "(put into docs/en/a.md)" in said


@pytest.mark.parametrize(
    ("snippet", "expected"),
    [
        ("en/snippets/none.md", "there is no snippet docs/en/snippets/none.md."),
        ("de/snippets/s.md", "this puts in a text in another language. Take en/snippets/s.md."),
    ],
)
def test_a_snippet_that_cannot_be_put_in(
    write: Write, tmp_path: Path, snippet: str, expected: str
) -> None:
    tree = write(**{"en/a.md": f'{PAGE}\n--8<-- "{snippet}"\n', "de/snippets/s.md": "x"})
    assert only(links.check(tree, tmp_path / "docs")).startswith(f"docs/en/a.md:10: {expected}")


def test_a_configuration_is_put_into_pages_of_every_language(write: Write, tmp_path: Path) -> None:
    put_in = PAGE + '\n```text\n--8<-- "configurations/postfix/main.cf"\n```\n'
    tree = write(**{"de/a.md": put_in, "en/a.md": put_in})
    assert len(told(links.check(tree, tmp_path / "docs"))) == len(tree.pages)
    write(**{"configurations/postfix/main.cf": "smtpd_tls_security_level = may\n"})
    assert told(links.check(tree, tmp_path / "docs")) == []


def test_a_problem_without_its_page_its_address_or_its_test(write: Write) -> None:
    page = PAGE.replace("title:", "problem: other\ntitle:", 1)
    sections = "\n".join(f"## x {{#{id_}}}\n" for id_ in ("in-short", "recipient", "sender"))
    good = PAGE.replace("title:", "problem: good\ntitle:", 1) + sections
    tree = write(
        **{f"{language}/problems/good.md": good for language in ("de", "en")},
        **{f"{language}/problems/bad.md": page + sections for language in ("de", "en")},
    )
    said = told(problems.check_pages(tree, problems.PROBLEM, ["good", "bad", "none"]))
    assert len(said) == 2 * 2
    assert said[0].startswith(
        'docs/de/problems/bad.md:2: the front matter needs the line "problem: bad"'
    )
    assert said[1].startswith('checker/problems.py:1: "none" has no page. Write docs/de/')
    tests = {"test_a.py": "CASES = ['good', \"bad\"]"}
    assert told(problems.check_tests(["good", "bad", "none"], tests)) == [
        'checker/problems.py:1: no test has the case "none". Write one below tests.'
    ]


def test_a_problem_s_page_that_nobody_knows_or_that_lacks_a_section(write: Write) -> None:
    stray = PAGE.replace("title:", "problem: stray\ntitle:", 1)
    tree = write(**{"en/problems/stray.md": stray, "de/a.md": GERMAN})
    said = only(problems.check_pages(tree, problems.PROBLEM, []))
    assert said.startswith('docs/en/problems/stray.md:2: checker/problems.py does not know "stray"')
    known = told(problems.check_pages(tree, problems.PROBLEM, ["stray"]))
    assert [line for line in known if "has no heading {#recipient}" in line]


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("Sender speaks TLS 1.2 only.", True),
        ("Sender tries for three days.", True),
        ("Sender versucht es drei Tage lang.", True),
        ("{{ operator.name }} tries for 5 days.", True),
        ("Sender speaks {{ operator.tls | versions }}.", False),
        ("Sender calls TLS 1.2 “current”.", False),
        ("Your provider lacks TLS 1.2.", False),
        ("Ask Sender. TLS 1.2 is from 2008.", False),
        ("`Sender: TLS 1.2 required` is in the report", False),
    ],
)
def test_a_fact_about_a_sender_that_is_typed(write: Write, sentence: str, wrong: bool) -> None:  # noqa: FBT001 - a table's column
    page = PAGE.replace("title:", "operator: sender\ntitle:", 1) + sentence
    tree = write(**{"en/senders/sender.md": page})
    said = told(facts.check(tree, {"sender": "Sender Ltd"}))
    assert len(said) == wrong
    assert all(line.startswith("docs/en/senders/sender.md:10: ") for line in said)
    assert all("checker/operators/sender.toml" in line for line in said)


def test_a_fact_about_a_sender_on_another_page_belongs_on_the_sender_s(write: Write) -> None:
    tree = write(**{"en/a.md": PAGE + "Sender speaks TLS 1.2."})
    said = only(facts.check(tree, {"sender": "Sender Ltd"}))
    assert "Say it on the page senders/sender.md only" in said


@pytest.mark.parametrize("word", ["du", "Dich", "deine", "euer", "Eure"])
def test_german_readers_are_called_sie(write: Write, word: str) -> None:
    tree = write(**{"de/a.md": f"{GERMAN}\nHier steht {word} falsch.\n", "en/a.md": PAGE})
    assert only(address.check(tree)).startswith(f'docs/de/a.md:10: "{word}": this site says "Sie"')


def test_code_and_foreign_text_are_not_called_impolite(write: Write) -> None:
    code = GERMAN + "\n`du -sh` Sie, die Dauer, der Duft. [x](https://example.org/du/)\n"
    tree = write(**{"de/a.md": code, "en/a.md": PAGE + "\ndu\n"})
    assert told(address.check(tree)) == []


def test_gaps_are_notes_until_the_site_is_published(write: Write, tmp_path: Path) -> None:
    tree = write(**{"de/legal/imprint.md": GERMAN + "\n[[fill-in: Name]]\n"})
    owners = tmp_path / ".github" / "CODEOWNERS"
    owners.parent.mkdir()
    owners.write_text("# @fill-in/ stands for\n/docs/ @fill-in/editors\n", encoding="utf-8")
    security = tmp_path / "SECURITY.md"
    security.write_text("# Security\n\n[[fill-in: address]]\n", encoding="utf-8")
    assert told(gaps.check(tree, tmp_path, release=False)) == [
        "docs/de/legal/imprint.md:10: note: to be filled in before the site is published (1): Name",
        "SECURITY.md:3: note: to be filled in before the checker is public (1): address",
        ".github/CODEOWNERS:2: note: to be filled in with those who review each folder (1): /docs/",
    ]
    assert [c.fails for c in gaps.check(tree, tmp_path, release=True)] == [True, False, False]


@pytest.mark.programs
def test_a_misspelled_word_is_named_where_it_first_stands(write: Write) -> None:
    german = GERMAN + "\nDas Zertifkat und das Zertifkat.\n\nEin Mailserver.\n"
    tree = write(**{"de/a.md": german, "en/a.md": PAGE + "\nWe recieve it.\n"})
    remedy = "is in no dictionary. Correct it; if it is right, add it as a line of"
    assert told(spelling.check(tree, {}, spelling.hunspell)) == [
        f'docs/de/a.md:10: "Zertifkat" {remedy} docs/words-de.txt. (It stands in 1 more places.)',
        f'docs/en/a.md:10: "recieve" {remedy} docs/words-en.txt.',
    ]


NO_PROSE = (
    "`recieve`",
    "<!-- recieve -->",
    "https://example.org/recieve",
    "[here](recieve.md)",
    "{{ recieve }}",
    "recieve@example.org",
    "```text\nrecieve\n```",
    '<abbr class="recieve">TLS</abbr>',
    "    openssl recieve \\\n        recieve",
    "XYZQ IPv6xy",
    "[[recieve]]",
    '??? recieve "A word"',
    "!!! recieve",
)


@pytest.mark.programs
def test_what_is_no_prose_is_not_spelled(write: Write) -> None:
    pages = {f"en/{number}.md": f"{PAGE}\n{text}\n" for number, text in enumerate(NO_PROSE)}
    tree = write(**{"de/a.md": GERMAN, **pages})
    assert told(spelling.check(tree, {}, spelling.hunspell)) == []


@pytest.mark.programs
def test_a_message_is_quoted_and_a_page_named_in_its_own_language(write: Write) -> None:
    german = GERMAN + "\nEr meldet „connection refused“. [Retry](https://example.org/)\n"
    tree = write(**{"de/a.md": german, "en/a.md": PAGE})
    assert told(spelling.check(tree, {}, spelling.hunspell)) == []


@pytest.mark.programs
def test_a_word_of_our_own_list_is_right(write: Write, tmp_path: Path) -> None:
    text = PAGE + "\nProfihost\u2019s server. Greylisting.\n"
    listed = "# remark\nProfihost # a name\ngreylisting\n"
    tree = write(**{"de/a.md": GERMAN, "en/a.md": text, "words-en.txt": listed})
    own = spelling.own_words(tmp_path / "docs")
    assert told(spelling.check(tree, own, spelling.hunspell)) == []


@pytest.mark.programs
def test_the_name_of_a_sender_is_right(write: Write, tmp_path: Path) -> None:
    tree = write(**{"de/a.md": GERMAN, "en/a.md": PAGE + "\nProfihost\u2019s server.\n"})
    own = spelling.own_words(tmp_path / "docs", ["Profihost GmbH"])
    assert told(spelling.check(tree, own, spelling.hunspell)) == []


def test_without_a_dictionary_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(spelling.NoDictionaryError, match="hunspell-de-de"):
        spelling.hunspell("de", {"Wort"})


@pytest.mark.parametrize(
    ("german", "english", "expected"),
    [
        ('a: "x"\nb: "y"', 'a: "x"', "overrides/words/de.yml:2: overrides/words/en.yml has no b."),
        ("a:\n  b: '{x}'", "a:\n  b: 'z'", "overrides/words/en.yml:2: a > b lacks {x}"),
        ('a: "x', 'a: "x"', "overrides/words/de.yml:1: this file cannot be read"),
    ],
)
def test_the_words_of_the_form(tmp_path: Path, german: str, english: str, expected: str) -> None:
    folder = tmp_path / words.FOLDER
    folder.mkdir(parents=True)
    (folder / "de.yml").write_text(german, encoding="utf-8")
    (folder / "en.yml").write_text(english, encoding="utf-8")
    assert only(words.check(tmp_path)).startswith(expected)


class _Site(BaseHTTPRequestHandler):
    """Another site: one page moved, one gone, one out of order."""

    def do_GET(self) -> None:
        moved = self.path == "/moved"
        self.send_response({"/gone": 404, "/moved": 302, "/broken": 503}.get(self.path, 200))
        if moved:
            self.send_header("Location", "/fine")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Say nothing."""


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("Certificate expired", False),
        ("Certificates has expired", False),
        ("Certificate out of date", True),
        ("No certificate", True),
    ],
)
def test_a_problem_has_one_name(write: Write, tmp_path: Path, name: str, wrong: bool) -> None:  # noqa: FBT001 - a table's column
    page = PAGE.replace("A title", "The certificate has expired", 1)
    tree = write(**{"en/problems/a.md": page.replace("---\n", "---\nproblem: a\n", 1)})
    for language in ("de", "en"):
        path = tmp_path / "overrides" / "words" / f"{language}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'problem:\n  a: "{name}"\n', encoding="utf-8")
    found = told(words.check_names(tmp_path, tree))
    assert bool(found) is wrong
    assert all(
        "overrides/words/en.yml:2:" in each and "docs/en/problems/a.md" in each for each in found
    )


@pytest.fixture
def other_site() -> Iterator[str]:
    """The address of a server on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_links_to_other_sites(write: Write, other_site: str) -> None:
    names = ("fine", "moved", "gone", "broken", "gone#part")
    lines = "".join(f"[x]({other_site}/{name})\n" for name in names)
    tree = write(
        **{"en/a.md": PAGE + lines + "[x](http://127.0.0.1:1/)\n[x](mailto:a@b.example)\n"}
    )
    said = told(external.check(tree, external.fetch))
    assert said[0] == f"docs/en/a.md:11: {other_site}/gone is gone (404). Find its new place."
    assert said[1].startswith(
        f"docs/en/a.md:12: note: {other_site}/broken could not be checked (503)"
    )
    assert said[2].startswith("docs/en/a.md:14: note: http://127.0.0.1:1/ could not be checked (")
    assert len(said) == 3
    assert os.strerror(111) in said[2]


NAMES = ("docs/de/a.md", "docs/en/a.md")


def test_a_page_moves_on_and_is_declared_to_say_the_same_again(write: Write) -> None:
    tree = write(**{"de/a.md": GERMAN, "en/a.md": PAGE})
    assert only(revisions.check(tree, {})).startswith("docs/de/a.md:1: note: a new page.")
    record = revisions.declare(tree, {}, ["docs/de/a.md"])
    assert told(revisions.check(tree, record)) == []

    for changed, other, name in (NAMES[0], NAMES[1], "de/a.md"), (NAMES[1], NAMES[0], "en/a.md"):
        before = GERMAN if name == "de/a.md" else PAGE
        tree = write(**{name: before + "\nMore.\n"})
        said = only(revisions.check(tree, record))
        assert said.startswith(f"{changed}:1: note: changed, and {other} is as it was.")
        assert told(revisions.check(tree, revisions.declare(tree, record, [changed]))) == []
        write(**{name: before})

    tree = write(**{"de/a.md": GERMAN + "\nMehr.\n", "en/a.md": PAGE + "\nMore.\n"})
    assert "changed in both languages" in only(revisions.check(tree, record))
    assert told(revisions.check(tree, revisions.declare(tree, record, ["docs"]))) == []


def test_pages_that_differ_in_structure_cannot_be_declared_the_same(write: Write) -> None:
    tree = write(**{"de/a.md": GERMAN + "\n## Mehr {#more}\n", "en/a.md": PAGE})
    with pytest.raises(revisions.MeaningError, match='the heading id "more" is not in docs/en'):
        revisions.declare(tree, {}, ["docs/en/a.md"])
    with pytest.raises(revisions.MeaningError, match=r"docs/en/b\.md is no page"):
        revisions.declare(tree, {}, ["docs/en/b.md"])


def test_the_record_survives_and_forgets_pages_that_are_gone(write: Write) -> None:
    tree = write(**{"de/a.md": GERMAN, "en/a.md": PAGE, "de/b/c.md": GERMAN, "en/b/c.md": PAGE})
    record = revisions.declare(tree, {"gone.md": {"de": "0" * 40, "en": "0" * 40}}, ["docs/en"])
    assert set(record) == {"a.md", "b/c.md"}
    assert revisions.read(revisions.write(record)) == (record, [])
    _, complaints = revisions.read(revisions.write(record) + "<<<<<<< HEAD\n")
    assert "this line cannot be read" in only(complaints)


@pytest.mark.programs
def test_a_revision_is_git_s_so_the_difference_can_be_shown(write: Write, tmp_path: Path) -> None:
    tree = write(**{"de/a.md": GERMAN, "en/a.md": PAGE})
    record = revisions.declare(tree, {}, ["docs"])
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)  # noqa: S603 - our own arguments
    tree = write(**{"de/a.md": GERMAN.replace("Ein Text", "Ein ```Wort```"), "en/a.md": PAGE})
    old = revisions.old_from_git(tmp_path)
    listed = revisions.markdown(revisions.moved_on(tree, record), old)
    assert "### `docs/de/a.md` → `docs/en/a.md`?" in listed
    assert "`scripts/check_docs --meaning-unchanged docs/de/a.md`" in listed
    assert "\n-Ein Text.\n+Ein ```Wort```.\n" in listed
    shallow = revisions.markdown(revisions.moved_on(tree, record), lambda _: None)
    assert "```" not in shallow
    assert revisions.markdown([], old) == ""


@pytest.fixture
def project(write: Write, tmp_path: Path) -> Path:
    """A whole small project; it lacks the pages that the checker's ids ask for."""
    write(**{"de/a.md": GERMAN, "en/a.md": PAGE})
    folder = tmp_path / words.FOLDER
    folder.mkdir(parents=True)
    for language in ("de", "en"):
        (folder / f"{language}.yml").write_text("a: x\n", encoding="utf-8")
    return tmp_path


@pytest.mark.programs
def test_the_command_tells_what_to_mend_and_fails(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert main([], project) == 1
    lines = capsys.readouterr().out.splitlines()
    assert (
        'checker/problems.py:1: "tls-version" has no page. Write docs/de/problems/tls-version.md.'
        in lines
    )
    assert lines[-1].endswith(" to mend, 1 notes")


@pytest.mark.programs
def test_in_a_pull_request_each_complaint_stands_beside_its_line(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert main([], project) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("::error file=checker/problems.py,line=1::") for line in lines)
    assert any(line.startswith("::notice file=docs/de/a.md,line=1::a new page") for line in lines)


def test_the_command_records_and_lists(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--moved-on"], project) == 0
    assert "docs/de/a.md" in capsys.readouterr().out
    assert main(["--moved-on", "docs/en/a.md"], project) == 0
    assert "docs/de/a.md" in capsys.readouterr().out
    assert main(["--moved-on", "docs/en/b.md"], project) == 0
    assert capsys.readouterr().out == ""
    assert main(["--meaning-unchanged", "docs/en/a.md"], project) == 0
    assert main(["--moved-on"], project) == 0
    assert capsys.readouterr().out == ""
    assert main(["--meaning-unchanged", "docs/en/none.md"], project) == 1
    assert capsys.readouterr().err == "docs/en/none.md is no page below docs/de or docs/en.\n"


@pytest.mark.programs
def test_bad_usage() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.docs_checks", "--nothing"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 64
    assert "--nothing" in done.stderr
