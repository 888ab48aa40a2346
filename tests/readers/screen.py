"""Brings a page into the state in which a reader has it, and tells what the first screen shows."""

from playwright.async_api import ViewportSize, expect

from tests.browser.expected import squeeze
from tests.browser.visitor import Visitor
from tests.readers import Task

PHONE: ViewportSize = {"width": 390, "height": 844}

_VISIBLE = """() => {
  const shown = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { currentNode: node } = walker;
    const range = document.createRange();
    range.selectNodeContents(node);
    const { parentElement: element } = node;
    const seen = ({ left, top, width, height }) =>
      width > 1 && top >= 0 && top + height <= innerHeight
      && element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    if ([...range.getClientRects()].some(seen)) shown.push(node.data);
  }
  return shown.join(" ");
}"""


async def show(visitor: Visitor, task: Task) -> None:
    """Do what the reader has done, and leave the page as it is then."""
    page = visitor.page
    await page.set_viewport_size(PHONE)
    if task.path.startswith("/"):
        await page.goto(visitor.origin + task.path)
    else:
        await visitor.open(task.path)
        await page.wait_for_load_state()
    if task.check:
        await visitor.check(*task.check)
    if task.report:
        await page.fill("#paste-text", task.report)
        await page.click("[data-paste=read]")
        await expect(page.locator("#paste-result")).to_be_visible(timeout=60_000)


async def seen(visitor: Visitor) -> str:
    """The words on the screen, without what lies under something else."""
    text: str = await visitor.page.evaluate(_VISIBLE)
    return squeeze(text)
