// Looks again by itself every few minutes, while the page is open and in view, for an hour at most.

import { change } from "./again.js";
import { fill, make, moment } from "./explain.js";
import { clock } from "./trouble.js";

const LONGEST = 3_600_000;

// `look` gives what it found, or throws; `show` puts that into the place of the result; `every` is in
// milliseconds. Returns what ends it.
export const start = ({ look, show, every, result, lang }, words) => {
  const { watch } = words;
  const next = make("span");
  const button = make("button", { class: "md-button", type: "button" }, watch.stop);
  const news = make("p", { role: "status" });
  const about = make("p", {}, fill(watch.running, { minutes: every / 60_000 }));
  const box = make("div", { class: "check-watch" }, about, make("p", { class: "check-actions" }, next, button), news);
  const over = Date.now() + LONGEST;
  let due = Date.now() + every;
  let busy = false;

  const cease = () => {
    clearInterval(ticking);
    document.removeEventListener("visibilitychange", tick);
  };
  const end = () => {
    cease();
    const held = box.contains(document.activeElement);
    box.remove();
    if (held) result.querySelector(".admonition-title").focus();
  };
  const finish = (...sentences) => {
    cease();
    const held = box.contains(document.activeElement);
    about.remove();
    next.parentElement.remove();
    news.textContent = sentences.join(" ");
    if (held) result.querySelector(".admonition-title").focus({ preventScroll: true });
  };
  const once = async () => {
    next.textContent = watch.looking;
    const { answer, before } = await look();
    if (!before) return;
    const told = change(before, answer, words);
    const found = `${moment(answer.checked_at, lang)}: ${told}`;
    // Where nothing has changed, what is shown stays as it is.
    if (told !== change(answer, answer, words)) await show();
    if (answer.outcome.startsWith("delivers")) finish(found, watch.fine);
    else news.textContent = found;
  };
  const tick = async () => {
    if (busy) return;
    if (Date.now() >= over) return finish(news.textContent, watch.over);
    next.textContent = fill(watch.next, { time: clock(Math.max(0, due - Date.now()) / 1_000) });
    // Nobody is there to be told: it is looked at again as soon as somebody is.
    if (Date.now() < due || document.hidden) return;
    busy = true;
    let wait = 0;
    try {
      await once();
    } catch (error) {
      wait = (error.seconds ?? 0) * 1_000;
      news.textContent = watch.failed;
    }
    due = Date.now() + Math.max(every, wait);
    busy = false;
  };
  const ticking = setInterval(tick, 1_000);
  document.addEventListener("visibilitychange", tick);
  button.addEventListener("click", end);
  result.before(box);
  tick();
  button.focus();
  return end;
};
