// What one more look adds: how it was before and is now, or that it is no new look and when there may
// be one.

import { fill, make } from "./explain.js";
import { mainProblem } from "./reason.js";
import { countDown } from "./trouble.js";

const stateOf = (answer, words) => {
  const { outcome } = answer;
  const problem = words.problem[mainProblem(answer).id];
  if (outcome === "delivers") return words.again.fine;
  return outcome === "delivers-with-warnings" ? fill(words.again.fine_but, { problem }) : problem;
};

// One sentence; `before` is the answer of the look before.
export const change = (before, answer, words) => {
  const [then, now] = [before, answer].map((one) => stateOf(one, words));
  return fill(then === now ? words.again.unchanged : words.again.changed, { before: then, now });
};

// `button` asks for a look; `at` is the moment from which on there may be a new one.
export const noNewLook = (at, button, words) => {
  const sentence = (kind) => ({ "data-sentence": words.again[kind] });
  const wait = make("span", sentence("possible_in"));
  const ready = make("span", { ...sentence("possible"), role: "status" });
  countDown((at - Date.now()) / 1_000, button, wait, ready);
  return make("p", { class: "check-age" }, words.again.no_new_look, " ", wait, ready);
};
