// Says how old a result is, and offers to ask again or to share the question. A link never holds the
// answer: that of another day would pass for new.

import { noNewLook } from "./again.js";
import { fill, make, moment } from "./explain.js";
import { copier } from "./handover.js";

const MINUTE = 60_000;

const UNITS = [
  ["day", 24 * 60],
  ["hour", 60],
  ["minute", 1],
];

// When the oldest part of what the result rests on was seen.
export const oldest = (answer) =>
  [answer.checked_at, ...answer.attempts.map((attempt) => attempt.checked_at)]
    .filter((stamp) => !Number.isNaN(Date.parse(stamp)))
    .sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? answer.checked_at;

const ago = (minutes, lang) => {
  const [unit, length] = UNITS.find((one) => minutes >= one[1]);
  return new Intl.RelativeTimeFormat(lang).format(-Math.floor(minutes / length), unit);
};

const linkTo = (answer, site) => {
  const link = new URL(site.start, location.href);
  const domain = site.domainAsRead ?? answer.domain;
  link.search = new URLSearchParams({ domain, operator: answer.operator });
  return link.href;
};

// The lines, the button that asks again, and what shares the question.
export const age = (answer, words, site) => {
  const stamp = oldest(answer);
  const time = make("time", { datetime: stamp }, moment(stamp, site.lang, "medium", "medium"));
  const minutes = () => (Date.now() - (site.ahead ?? 0) - Date.parse(stamp)) / MINUTE;
  const line = make("p", { class: "check-age" });
  const isOlder = minutes() >= 1 && !site.newAt;
  const tell = () => {
    const passed = minutes();
    const sentence = passed >= 1 ? fill(words.age.ago, { ago: ago(passed, site.lang) }) : words.age.now;
    const [before, behind] = sentence.split("{time}");
    line.replaceChildren(before, time, behind ?? "", isOlder ? ` ${words.age.older}` : "");
  };
  tell();
  const ticking = setInterval(() => (line.isConnected ? tell() : clearInterval(ticking)), 15_000);
  site.signal.addEventListener("abort", () => clearInterval(ticking));
  const again = make("button", { class: "md-button", type: "button" }, words.form.again);
  again.addEventListener("click", site.again);
  const link = make("span", { class: "check-link", hidden: "" }, linkTo(answer, site));
  const reveal = () => {
    link.hidden = false;
    return link;
  };
  const share = copier(words.age.share, () => link.textContent, reveal, {
    ...words.handover,
    copied: words.age.shared,
  });
  const lines = [line, site.newAt && noNewLook(site.newAt, again, words)];
  return { lines, again, share: [...share, link] };
};
