"""What an editor finds: the way to a page's source, and the translations that wait."""

from pathlib import Path

import pytest

from scripts.docs_checks import revisions as record
from scripts.docs_checks.tree import load
from scripts.hooks import revisions
from tests.site.pages import LANGUAGES, ROOT, Document, built, page, read

EDIT = "https://git.zustellbar.example/edit/main/"


def _edits(document: Document) -> list[str]:
    targets = [link["href"] for link in document.all("a")]
    return [target.removeprefix(EDIT) for target in targets if target.startswith(EDIT)]


def test_every_page_leads_to_its_own_source(published: Path) -> None:
    for path in built(published):
        parts = path.relative_to(published).parts
        if parts[0] in {"p", "o", "404.html"}:
            continue
        language = parts[0] if parts[0] in LANGUAGES else "de"
        if "embed" in parts:
            # It stands inside pages of others, and has the form alone.
            assert _edits(read(path)) == []
            continue
        (source, *_) = _edits(read(path))
        assert source.startswith(f"docs/{language}/"), path
        assert (ROOT / source).is_file(), path


def test_a_sender_s_page_leads_to_the_sender_s_facts_as_well(published: Path) -> None:
    assert _edits(page(published, "en", "senders/profihost")) == [
        "docs/en/senders/profihost.md",
        "checker/operators/profihost.toml",
    ]


def test_without_a_public_project_no_page_leads_to_one(site: Path) -> None:
    assert not [path for path in built(site) if read(path).all("ul", class_="edit-links")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_for_editors_is_there(site: Path, language: str) -> None:
    article = page(site, language, "editors").one("article").text
    assert revisions.MARK not in article


PAGE = "---\ntitle: x\n---\n\n# x {#title}\n\n"


@pytest.mark.programs
def test_the_page_for_editors_lists_what_waits(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    for language in LANGUAGES:
        (docs / language).mkdir(parents=True)
        (docs / language / "a.md").write_text(PAGE, encoding="utf-8")
    tree, _ = load(docs)
    said = record.write(record.declare(tree, {}, ["docs"]))
    (tmp_path / record.RECORD).write_text(said, encoding="utf-8")
    before = revisions.render(revisions.MARK, docs, "en")
    assert before == "At present all pages say the same in both languages."

    (docs / "de" / "a.md").write_text(PAGE + "<b>[[fill-in: x]]", encoding="utf-8")
    after = revisions.render(revisions.MARK, docs, "en")
    assert "Changed: <code>docs/de/a.md</code>." in after
    assert "Still as before: <code>docs/en/a.md</code>." in after
    assert "scripts/check_docs --meaning-unchanged docs/de/a.md" in after
    assert revisions.render("text", docs, "en") == "text"
