"""What tests of the paste box share: texts to paste, a pretended worker, and how to use the box."""

import json
from collections.abc import Mapping
from typing import Any

from playwright.async_api import Page, Route, expect

from checker import bounce
from tests.browser.expected import squeeze
from tests.browser.visitor import Visitor

PLACES = ("", "came-back/")
"""The pages with the box; on the first it is folded."""

WORKER = "**/assets/paste/worker*"
TOTAL = 9_812_345
TEXT = "#paste-text"
READ = "[data-paste=read]"
TITLE = "#paste-result:not([hidden]) .admonition-title"
ERROR = ".paste__error:visible"

UNVERIFIED = """This is the mail system at host relay.sender.test.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<anna@expired.test>: Server certificate not verified
"""

REPORT = b"""From: MAILER-DAEMON@relay.sender.test
To: sender@sender.test
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

Ihre Nachricht an J\xfcrgen kam nicht an.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.sender.test

Final-Recipient: rfc822; anna@expired.test
Action: failed
Status: 4.7.5
Diagnostic-Code: X-Postfix; certificate verification failed for
    mx.expired.test: certificate has expired

--b
Content-Type: message/rfc822

Subject: Secret

Nobody reads this.
--b--
"""

_PRETENDED = """
const { answers, total, failure } = SETTINGS;
const wait = (name) => {
  const channel = new BroadcastChannel("test");
  return new Promise((resolve) => {
    channel.onmessage = ({ data }) => data === name && resolve();
    channel.postMessage("listening");
  });
};
onmessage = async ({ data }) => {
  if (data.type === "start") {
    for (let part = 0; part <= 20; part += 1) {
      postMessage({ type: "progress", loaded: Math.round((total * part) / 20), total });
      if (part === 3 && failure === "stuck") await wait("go on");
    }
    if (failure === "download" || failure === "unsupported") {
      postMessage({ type: "failed", reason: failure });
    } else {
      postMessage({ type: "ready" });
    }
  } else {
    if (failure === "crash") setTimeout(() => { throw new Error("This worker crashes."); });
    if (failure === "late") await wait("go on");
    if (failure === "too-big" || failure === "unexpected") {
      postMessage({ type: "failed", id: data.id, reason: failure });
    } else if (failure !== "crash") {
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      postMessage({ type: "answer", id: data.id, answer });
    }
  }
};
"""


def answer(*recipients: Mapping[str, Any]) -> dict[str, Any]:
    """What the reader says of these recipients."""
    blank = {"recipient": None, "domain": None, "host": None}
    return {"recipients": [{**blank, **recipient} for recipient in recipients]}


def problem(id_: str, text: str = "", **more: str) -> dict[str, Any]:
    """One problem of a recipient; without a text it is only possible."""
    return {"id": id_, "evidence": {"text": text} if text else {}, **more}


async def pretend(page: Page, *says: str | bytes | Mapping[str, Any], failure: str = "") -> None:
    """Let a worker answer that only pretends to read; what the real one says, test_runtime tests.

    Args:
        page: The page whose next worker it is to be.
        says: The reports that it is to have read, one after another, or the answers themselves; the
            last one again and again.
        failure: How it fails: "stuck" and "late" until it is told to go on.
    """
    read = [
        bounce.to_json(bounce.read(one)) if isinstance(one, str | bytes) else one for one in says
    ]
    settings = json.dumps({"answers": read, "total": TOTAL, "failure": failure})

    async def fulfill(route: Route) -> None:
        script = f"const SETTINGS = {settings};{_PRETENDED}"
        await route.fulfill(content_type="text/javascript", body=script)

    await page.unroute(WORKER)
    await page.route(WORKER, fulfill)


async def unfold(page: Page) -> None:
    """Open the box where it is folded."""
    fold = page.locator("#paste-fold:not([open]) > summary")
    if await fold.count():
        await fold.click()


async def paste(visitor: Visitor, text: str) -> None:
    """Paste a text and have it read."""
    await unfold(visitor.page)
    await visitor.page.fill(TEXT, text)
    await visitor.page.click(READ)


async def title(visitor: Visitor) -> str:
    """What the report says, once it is read."""
    await visitor.page.wait_for_selector(TITLE)
    return squeeze(await visitor.page.locator(TITLE).first.inner_text())


async def told(visitor: Visitor) -> str:
    """All of the result, once it is there."""
    await title(visitor)
    return squeeze(await visitor.page.locator("#paste-result").inner_text())


async def is_refused(visitor: Visitor, reason: str, words: Mapping[str, Any]) -> None:
    """The one message that can be seen is the one for this reason, and no result is shown."""
    await visitor.page.wait_for_selector(ERROR)
    shown = await visitor.page.locator(ERROR).all_inner_texts()
    assert [squeeze(text) for text in shown] == [squeeze(words["paste"]["errors"][reason])]
    await expect(visitor.page.locator("#paste-result")).to_be_hidden()
    await expect(visitor.page.locator("#paste-progress")).to_be_hidden()
