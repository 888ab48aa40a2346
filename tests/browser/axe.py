"""axe-core looks for barriers on a page: https://github.com/dequelabs/axe-core."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from playwright.async_api import Page

from scripts.node import packages

_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

_RUN = """async ([tags, contrast]) => {
  const options = {
    resultTypes: ["violations"],
    runOnly: { type: "tag", values: tags },
    rules: { "color-contrast": { enabled: contrast } },
  };
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, failureSummary }) => ({
      rule: id, target: target.join(" "), html, summary: failureSummary,
    })),
  );
}"""


@dataclass(frozen=True, slots=True)
class Barrier:
    """What axe objects to.

    Attributes:
        rule: The id of axe's rule.
        target: A selector of the element.
        html: The element.
        summary: What is wrong with it.
    """

    rule: str
    target: str
    html: str
    summary: str


@cache
def script() -> str:
    """The library."""
    return (packages.installed("browser") / "axe-core" / "axe.min.js").read_text("utf-8")


async def bring(page: Page) -> None:
    """Put axe into the page, as no policy of the page can prevent."""
    await page.evaluate(script())


async def barriers(page: Page, *, contrast: bool = True) -> list[Barrier]:
    """What axe finds on the page as it is now; it must have been put there.

    Args:
        page: The page.
        contrast: Whether to compare each text with what is behind it, which takes half of the time.
    """
    found: list[dict[str, Any]] = await page.evaluate(_RUN, [list(_TAGS), contrast])
    return [Barrier(**one) for one in found]
