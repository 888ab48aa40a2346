"""Reads built pages the way the tests ask about them."""

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from mkdocs.utils import get_theme_dir

from scripts.hooks import styles

ROOT = Path(__file__).resolve().parents[2]

_THEME = Path(get_theme_dir("material"))

LANGUAGES = ("de", "en")

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}
)
"""Elements that no end tag ends."""


@dataclass(slots=True)
class Element:
    """One element: its tag, its attributes, and the text in it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""

    def __getitem__(self, name: str) -> str:
        """The attribute, empty where there is none."""
        return self.attributes.get(name, "")


@dataclass(slots=True)
class Document:
    """A built page."""

    elements: list[Element] = field(default_factory=list)

    def all(self, tag: str, **wanted: str) -> list[Element]:
        """Every element of that tag with those attributes."""
        return [
            element
            for element in self.elements
            if element.tag == tag
            and all(element[name.rstrip("_")] == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **wanted: str) -> Element:
        """The only such element."""
        (element,) = self.all(tag, **wanted)
        return element

    @property
    def ids(self) -> set[str]:
        """Every id that an address may point at."""
        return {element["id"] for element in self.elements} - {""}


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.document = Document()
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.document.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data


@cache
def read(path: Path) -> Document:
    """The page in that file."""
    parser = _Parser()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser.document


def built(site: Path) -> list[Path]:
    """Every page of the site."""
    return sorted(site.rglob("*.html"))


def is_ours(path: Path) -> bool:
    """Whether a file of the site, told by its path in it, is neither Material's nor Pyodide's."""
    return not (_THEME / path).is_file() and "runtime" not in path.parts


def page(site: Path, language: str, address: str = "") -> Document:
    """The page at that address in that language."""
    start = site if language == "de" else site / language
    return read(start / address / "index.html")


def own_part(site: Path, path: Path) -> bytes:
    """A file of the site without what it has of Material's: the style sheet holds both."""
    data = path.read_bytes()
    if path.resolve() != (site / styles.SHEET).resolve():
        return data
    (main,), (palette,) = (list(site.glob(pattern)) for pattern in styles.MATERIAL)
    material = b"%s\n%s\n" % (main.read_bytes(), palette.read_bytes())
    assert data.startswith(material)
    return data.removeprefix(material)


@cache
def sources(language: str) -> dict[str, str]:
    """The Markdown of every page and snippet in that language, by its path below the language."""
    folder = ROOT / "docs" / language
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.md"))
    }
