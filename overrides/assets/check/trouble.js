// Shows what kept us from checking, and when it can be tried again. Loaded with the form: it must be
// there also where nothing can be loaded any more.

const box = document.getElementById("check-trouble");
const title = box.querySelector(".admonition-title");
const text = box.querySelector(".check-trouble__text");
const row = box.querySelector(".check-trouble__again");
const again = row.querySelector("button");
const wait = row.querySelector(".check-trouble__wait");
const ready = row.querySelector("[role=status]");

// Nobody waits longer than this beside a clock.
const LONGEST = 3_600;

// To try again would change nothing.
const FINAL = ["opted-out"];

let stop = () => {};

export const clock = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export const say = (part, time) => {
  part.textContent = part.dataset.sentence.replace("{time}", () => time);
};

export const hide = () => {
  stop();
  box.hidden = true;
};

// Keeps a button from being pressed and says how long, until `ready` says that it can be: only that is
// read out. Returns what ends it before.
export const countDown = (seconds, button, wait, ready) => {
  const end = performance.now() + Math.min(seconds, LONGEST) * 1_000;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1_000);
    button.disabled = left > 0;
    if (left > 0) return say(wait, clock(left));
    clearInterval(ticking);
    wait.textContent = "";
    return say(ready);
  };
  const ticking = setInterval(tick, 250);
  tick();
  return () => clearInterval(ticking);
};

// `sentences` is the message; `seconds`, if given, how long there is no use in trying again.
export const show = (reason, sentences, seconds) => {
  hide();
  const [, first, rest] = /^(.*?[.!?])(?:\s+(.*))?$/s.exec(sentences);
  title.textContent = first;
  text.textContent = rest ?? "";
  box.dataset.reason = reason;
  wait.textContent = ready.textContent = "";
  again.disabled = false;
  row.hidden = FINAL.includes(reason);
  if (seconds > 0) stop = countDown(seconds, again, wait, ready);
  box.hidden = false;
  title.focus({ preventScroll: true });
  box.scrollIntoView({ block: "nearest" });
};

export const onAgain = (action) => again.addEventListener("click", action);
