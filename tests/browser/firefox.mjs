// Drives Debian's Firefox over WebDriver BiDi: node firefox.mjs PUPPETEER FIREFOX ORIGIN
// Prints as JSON what a visitor sees after a check, on the way back, and after a report was pasted.

import { pathToFileURL } from "node:url";

const [, , library, executablePath, origin] = process.argv;
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

const enter = async (path) => {
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(origin + path, { waitUntil: "load" });
  return page;
};
const text = (page, selector) => page.$eval(selector, (element) => element.innerText);

try {
  const page = await enter("/en/");
  await page.type("#check-domain", "example");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".check__error")].some((one) => one.offsetHeight),
  );
  seen.message = await page.$$eval(".check__error", (all) =>
    all.filter((one) => one.offsetHeight).map((one) => one.innerText).join(),
  );

  await page.$eval("#check-domain", (field) => field.select());
  await page.type("#check-domain", "anna@expired.test");
  await page.select("#check-operator", "mediafinanz");
  await page.click("#check-form [type=submit]");
  const verdict = "#check-result:not([hidden]) .check-verdict";
  await page.waitForSelector(verdict, { visible: true });
  seen.verdict = await text(page, verdict);
  seen.focused = await page.evaluate(() => document.activeElement.id);

  // Firefox brings the page back as it was left, and no second load is told.
  await page.evaluate(() => {
    addEventListener("pageshow", ({ persisted }) => (window.cameBack = persisted));
  });
  await page.goto(`${origin}/en/problems/`);
  await page.evaluate(() => history.back());
  await page.waitForFunction(() => window.cameBack);
  seen.back = await page.evaluate(() => ({
    domain: document.getElementById("check-domain").value,
    operator: document.getElementById("check-operator").value,
  }));
  seen.verdictBack = await text(page, verdict);
  await page.close();

  const other = await enter("/came-back/");
  await other.waitForSelector(".paste--live");
  await other.type("#paste-text", "<anna@expired.test>: certificate has expired");
  await other.click("[data-paste=read]");
  const title = "#paste-result:not([hidden]) .admonition-title";
  await other.waitForSelector(title, { visible: true });
  seen.pasted = await text(other, "#paste-result");
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify({ ...seen, faults }));
