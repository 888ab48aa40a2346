// Drives Debian's Firefox over WebDriver BiDi: node firefox_embed.mjs PUPPETEER FIREFOX ADDRESS
// Prints as JSON what a visitor sees of the form on the page of somebody else.

import { pathToFileURL } from "node:url";

const [, , library, executablePath, address] = process.argv;
const { default: puppeteer } = await import(pathToFileURL(library).href);

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  headless: true,
  timeout: 120_000,
  protocolTimeout: 120_000,
});
const faults = [];
const seen = {};

try {
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(address, { waitUntil: "load" });
  await page.waitForSelector("iframe[title]:not([title=''])");
  const height = () => page.$eval("iframe", (one) => one.getBoundingClientRect().height);
  const frame = await (await page.$("iframe")).contentFrame();
  await page.focus("#before");
  await page.keyboard.press("Tab");
  seen.focused = await frame.evaluate(() => document.activeElement.id);
  await page.keyboard.type("anna@expired.test");
  await page.keyboard.press("Enter");
  const verdict = "#check-result:not([hidden]) .check-verdict";
  await frame.waitForSelector(verdict);
  seen.verdict = await frame.$eval(verdict, (box) => box.innerText);
  // The frame follows its content, and the page is scrolled for it.
  const content = () =>
    frame.evaluate(() => document.documentElement.getBoundingClientRect().height);
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && (await height()) < (await content())) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  seen.height = await height();
  seen.content = await content();
  const top = (place, selector) =>
    place.$eval(selector, (one) => one.getBoundingClientRect().top);
  seen.top = (await top(page, "iframe")) + (await top(frame, "#check-outcome"));
  seen.window = await page.evaluate(() => innerHeight);
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify({ ...seen, faults }));
