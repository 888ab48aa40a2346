// Draws the way of the e-mail: from its sender through the DNS to the mail servers, as far as it got.
// The drawing is a list, so that it reads and prints as text as well.

import { make, unbroken } from "./explain.js";

const STATIONS = ["greeting", "starttls", "tls", "certificate"];

// Up to where an attempt got: connecting and introducing oneself belong to the greeting.
const REACHED = { starttls: 1, tls: 2, certificate: 3, done: STATIONS.length };

const DRAWINGS = {
  sender: "M4 7h16v11H4zm0 1 8 5.5L20 8",
  directory: "M6 4h12v16H6zm3 4.5h6M9 12h6m-6 3.5h4",
  mailbox: "m4 13 3-7h10l3 7v5H4zm0 0h5l1 2h4l1-2h5",
  good: "m7 12.5 3.5 3.5L17 8.5",
  warn: "M12 6v7.5m0 4v.01",
  bad: "m8 8 8 8m0-8-8 8",
  open: "M9 9.2a3 3 0 1 1 4.6 2.6q-1.6 1-1.6 2.2m0 3.5v.01",
  busy: "M7 12h.01m4.99 0h.01m4.99 0h.01",
  none: "",
};

const mark = (drawing) => {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  for (const [name, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"]]) {
    svg.setAttribute(name, value);
  }
  path.setAttribute("d", DRAWINGS[drawing]);
  svg.append(path);
  return svg;
};

const station = (label, state, words, drawing) =>
  make(
    "li",
    { class: `journey__station journey--${state}${drawing ? " journey__end" : ""}` },
    mark(drawing || state),
    make("span", { class: "journey__label" }, unbroken(label)),
    state === "good" && drawing
      ? null
      : make("span", { class: "journey__state" }, `: ${words.journey.states[state]}`),
  );

// What may be different in a minute is unclear, and no fault.
const fault = ({ id }, words) => (words.menders[id] === "wait" ? "open" : "bad");

const stateAt = (number, attempt, words) => {
  const reached = REACHED[attempt.stage] ?? 0;
  if (number > reached || !attempt.stage) return "none";
  const [first] = attempt.problems;
  if (number === reached) return attempt.busy ? "busy" : first ? fault(first, words) : "open";
  if (attempt.stage === "done" && !attempt.tls_version && number > 1) return "none";
  const seen = attempt.problems.some(({ id }) => words.seen_at[id] === STATIONS[number]);
  return seen ? "warn" : "good";
};

const server = (attempt, several, words) => {
  const labels = attempt.problems.map(({ id }) => words.problem[id] ?? id);
  return make(
    "li",
    { class: "journey__server" },
    make(
      "p",
      {},
      make("strong", {}, attempt.host),
      several && ` ${attempt.address}`,
      labels.length > 0 && `: ${labels.join(", ")}`,
    ),
    make(
      "ol",
      {},
      STATIONS.map((name, number) =>
        station(words.journey.stages[name], stateAt(number, attempt, words), words),
      ),
    ),
  );
};

// What stood in the way before any mail server was asked.
const atDirectory = ({ attempts, problems: [first], busy }, words) => {
  if (busy) return { state: "busy" };
  if (attempts.length || !first) return { state: "good" };
  return { state: fault(first, words), label: words.problem[first.id] };
};

const UNKNOWN = { host: "", problems: [] };

const ENDS = { delivers: "good", "delivers-with-warnings": "good", unknown: "open" };

// `answer` is a whole one, or what of it is known while the check runs.
export const draw = (answer, words) => {
  // Before any server is known there is already room for one.
  const attempts = answer.outcome || answer.attempts.length ? answer.attempts : [UNKNOWN];
  const hosts = new Set(attempts.map(({ host }) => host));
  const { state, label } = atDirectory(answer, words);
  const end = ENDS[answer.outcome] ?? "none";
  const directory = [words.journey.directory, label].filter(Boolean).join(": ");
  return make(
    "div",
    { class: "journey" },
    make(
      "ol",
      { "aria-label": words.journey.title },
      station(words.operators[answer.operator]?.short ?? answer.operator, "good", words, "sender"),
      station(directory, state, words, state === "good" && "directory"),
      attempts.map((attempt) => server(attempt, hosts.size < attempts.length, words)),
      station(words.journey.mailbox, end, words, end !== "open" && "mailbox"),
    ),
  );
};
