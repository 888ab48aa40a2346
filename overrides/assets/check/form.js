// Enhances the check form: checks in place instead of leading to another page.
// Every sentence comes from the page or from the words file; this script holds none.

import { filling, keep, recall } from "./kept.js";
import * as trouble from "./trouble.js";

const form = document.getElementById("check-form");
const { domain, operator, lang } = form.elements;
const status = document.getElementById("check-status");
const live = document.getElementById("check-live");
const progress = document.getElementById("check-progress");
const now = progress.querySelector(".check__now span");
const elapsed = progress.querySelector(".check__elapsed");
const result = document.getElementById("check-result");
const meant = document.getElementById("check-meant");
const described = domain.getAttribute("aria-describedby");
const button = form.querySelector("[type=submit]");
const invitation = button.textContent;

// The function ends every check after 25 seconds; whoever is still silent then will not answer.
const PATIENCE = 40_000;

// Somebody who listens to the page hears what is going on no more often than this.
const BETWEEN_ANNOUNCEMENTS = 4_000;

// In a page of somebody else nothing takes the focus or moves what is below until a visitor acts.
const isFramed = window !== parent;

let running = null;
let loading = null;
// The last answer, and what it answers.
let answered = null;
let endWatch = () => {};

// What stands behind the @, or a pasted address's host. The local part never leaves the browser.
const domainOf = (typed) => {
  const text = typed.trim();
  const url = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)/i.exec(text);
  const behind = url ? url[1] : text.slice(text.lastIndexOf("@") + 1).replace(/[>),;\s]+$/, "");
  // Enough for the function to see that it is too long.
  return behind.slice(0, 1000);
};

// No fault of what was typed.
const OURS = [
  "too-many-checks",
  "opted-out",
  "overloaded",
  "unreachable",
  "timed-out",
  "offline",
  "unexpected",
];

// Loaded when it is first needed, so that reading a page costs nobody anything.
const load = () => {
  loading ??= Promise.all([
    import("./use.js"),
    fetch(form.dataset.words).then((answer) => answer.json()),
  ]).catch((error) => {
    loading = null;
    error.reason = navigator.onLine === false ? "offline" : "unreachable";
    throw error;
  });
  return loading;
};

const clearErrors = () => {
  for (const message of form.querySelectorAll(".check__error")) message.hidden = true;
  for (const part of meant.children) part.replaceChildren();
  domain.setAttribute("aria-describedby", described);
  domain.removeAttribute("aria-invalid");
  trouble.hide();
};

const showError = (wanted, seconds) => {
  clearErrors();
  live.classList.remove("check-live--used");
  const of = (reason) => document.getElementById(`error-${reason}`);
  const reason = of(wanted) ? wanted : "unexpected";
  if (OURS.includes(reason)) return trouble.show(reason, of(reason).textContent, seconds);
  of(reason).hidden = false;
  if (reason !== "unknown-operator") domain.setAttribute("aria-invalid", "true");
  return domain.focus();
};

const askedFor = () => `${domainOf(domain.value)} ${operator.value}`;

const clearProgress = () => progress.querySelector(".journey")?.remove();

const begin = (words) => {
  form.classList.add("check--running");
  live.classList.add("check-live--used");
  button.setAttribute("aria-disabled", "true");
  button.textContent = words.form.running;
  const began = performance.now();
  let said = 0;
  let sentence = words.waiting.start;
  const tick = () => {
    const seconds = (performance.now() - began) / 1_000;
    trouble.say(elapsed, trouble.clock(seconds));
    if (seconds * 1_000 < said) return;
    if (status.textContent !== sentence) said = seconds * 1_000 + BETWEEN_ANNOUNCEMENTS;
    status.textContent = sentence;
  };
  const tell = (text) => {
    sentence = now.textContent = text;
    tick();
  };
  clearProgress();
  progress.hidden = false;
  tell(sentence);
  progress.scrollIntoView({ block: "nearest" });
  return { tell, clock: setInterval(tick, 1_000) };
};

const end = (waiting) => {
  clearInterval(waiting?.clock);
  form.classList.remove("check--running");
  button.removeAttribute("aria-disabled");
  button.textContent = invitation;
  progress.hidden = true;
  clearProgress();
  status.textContent = "";
  running = null;
};

// Shows each step: in words, and in a drawing that grows.
const follow = (sender, words, draw, waiting) => {
  const known = { operator: sender, problems: [], attempts: [], busy: true };
  return (step) => {
    known.domain ??= step.domain;
    if (step.host) {
      const { host, address, stage } = step;
      const last = known.attempts.at(-1);
      const isSame = last?.host === host && last.address === address;
      if (!isSame) known.attempts.push({ host, address, problems: [] });
      for (const attempt of known.attempts) attempt.busy = false;
      Object.assign(known.attempts.at(-1), { stage, busy: true, tls_version: "" });
      known.busy = false;
    }
    const drawn = draw(known, words);
    drawn.setAttribute("aria-hidden", "true");
    clearProgress();
    progress.append(drawn);
    const sentence = words.progress[step.stage];
    if (sentence) waiting.tell(sentence.replace("{host}", () => step.host ?? ""));
  };
};

// The answer to a question, and what it was before where there was a new look at the same.
const inquire = async ({ asked, question: [typed, sender] }, fresh, signal, onStep) => {
  const [{ ask }] = await load();
  const fields = { domain: domainOf(typed), operator: sender, lang: lang.value, also: "1" };
  if (fresh) fields.fresh = "1";
  let domainAsRead;
  const { answer, ahead } = await ask(form.action, fields, signal, (step) => {
    domainAsRead ??= step.domain;
    onStep(step);
  });
  const { page } = form.dataset;
  const told = { page, asked, question: [typed, sender], answer, ahead, domainAsRead };
  const { retry_after: wait } = answer;
  if (wait != null) return { ...told, newAt: Date.now() + wait * 1_000 };
  const { outcome, problems } = (fresh && answered?.asked === asked && answered.answer) || {};
  return { ...told, before: outcome && { outcome, problems } };
};

// The parts of a result.
const written = async (told, signal) => {
  const { question, answer, ...more } = told;
  const [{ build }, words] = await load();
  const repeat = () => {
    // Something else may have been typed since.
    [domain.value, operator.value] = question;
    again({ fresh: true, literal: true });
  };
  const site = { ...form.dataset, ...more, lang: lang.value, signal };
  return build(answer, words, { ...site, again: repeat, watch: () => watch(told) });
};

const remember = () =>
  keep({
    page: form.dataset.page,
    lang: lang.value,
    domain: domain.value,
    operator: operator.value,
    answered,
  });

// One more look at what was asked, without taking away what is shown.
const glance = async (question) => {
  const mine = (running = new AbortController());
  const slow = setTimeout(() => mine.abort(), PATIENCE);
  try {
    answered = await inquire(question, true, mine.signal, () => {});
    remember();
    return answered;
  } finally {
    clearTimeout(slow);
    if (mine === running) running = null;
  }
};

const replace = async () => {
  const parts = await written(answered, new AbortController().signal);
  const held = result.contains(document.activeElement);
  result.replaceChildren(...parts);
  if (held) result.querySelector(".admonition-title").focus({ preventScroll: true });
};

const watch = async (told) => {
  endWatch();
  const [{ start }, words] = await load();
  const every = form.dataset.lifetime * 1_000;
  const how = { look: () => glance(told), show: replace, every, result, lang: lang.value };
  endWatch = start(how, words);
};

// The name is taken as it stands, or another one that is offered in its place.
const offered = (words) => ({
  words,
  lang: lang.value,
  domainOf,
  choose: (typed) => {
    domain.value = typed;
    again({ literal: true });
  },
  insist: () => again({ literal: true }),
});

const hesitate = ({ reason, offer }) => {
  running = null;
  live.classList.remove("check-live--used");
  if (reason) showError(reason);
  offer();
  domain.focus();
};

// Beside the field, what came of the check remains: the field is to be corrected.
const correct = () => {
  domain.setAttribute("aria-describedby", `${described} check-outcome`);
  domain.focus({ preventScroll: true });
  form.scrollIntoView({ block: "start" });
};

const check = async ({ fresh = false, literal = false } = {}) => {
  running?.abort();
  const mine = (running = new AbortController());
  const slow = setTimeout(() => mine.abort(), PATIENCE);
  let waiting = null;
  mine.signal.addEventListener("abort", () => clearInterval(waiting?.clock));
  clearErrors();
  endWatch();
  result.hidden = true;
  const asked = askedFor();
  const question = [domain.value, operator.value];
  try {
    const name = domainOf(domain.value);
    if (!name) throw Object.assign(new Error(), { reason: "empty" });
    const [{ doubt, draw, misspelled, reveal }, words] = await load();
    if (mine !== running) return;
    const doubts = !literal && doubt(domain.value, offered(words));
    if (doubts) return hesitate(doubts);
    waiting = begin(words);
    const follower = follow(operator.value, words, draw, waiting);
    const told = await inquire({ asked, question }, fresh, mine.signal, (step) => {
      if (mine === running) follower(step);
    });
    clearTimeout(slow);
    if (mine !== running) return;
    const parts = await written(told, mine.signal);
    if (mine !== running) return;
    answered = told;
    remember();
    end(waiting);
    reveal(result, parts);
    if (misspelled(told.answer, question[0], offered(words))) correct();
  } catch (error) {
    if (mine !== running) return;
    end(waiting);
    const silent = error.name === "AbortError" && "timed-out";
    showError(error.reason ?? (silent || "unexpected"), error.seconds);
  } finally {
    clearTimeout(slow);
    clearInterval(waiting?.clock);
  }
};

// The button that was pressed goes with what it stood in; the focus has to stay somewhere.
const again = (how) => {
  button.focus({ preventScroll: true });
  check(how);
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  // Who asks the same once more wants to know how it is now.
  const same = !running && !result.hidden && answered?.asked === askedFor();
  check({ fresh: same, literal: same && answered.question[0] === domain.value });
});
form.addEventListener("focusin", () => load().catch(() => {}), { once: true });
trouble.onAgain(() => again());
addEventListener("pagehide", () => {
  remember();
  // Back may bring the page as it was left, but WebKit then resets a form with autocomplete="off",
  // after the last event: let that be to what stands in it now.
  domain.defaultValue = domain.value;
  for (const option of operator.options) option.defaultSelected = option.selected;
  if (!running) return;
  running.abort();
  end();
});

// Without a script it is the browser that keeps what was asked; here that is for the address to say.
form.autocomplete = "off";

// A link may fill the form in. It never starts a check: only a person does.
const wanted = new URLSearchParams(location.search);
const kept = recall();
const filled = filling(kept, form.dataset, wanted);
if (filled.domain != null) domain.value = filled.domain;
const known = [...operator.options].map(({ value }) => value);
operator.value = filled.operators.find((name) => known.includes(name)) ?? operator.value;
// Who comes by a link to check, and it named no domain, types one next. Before the page has loaded
// the browser goes to the place that the address names, and takes the focus away again.
const invited = !isFramed && (location.hash === "#check" || wanted.has("operator"));
addEventListener("load", () => {
  const idle = document.activeElement === document.body;
  if (invited && idle && !domain.value) domain.focus({ preventScroll: true });
});

// From here on this script shows and hides the messages, not the address.
form.classList.add("check--live");
form.querySelector(".check__linked").hidden = !filled.isLinked;
clearErrors();
if (location.hash.startsWith("#error-")) showError(location.hash.slice("#error-".length));

// Shows once more what was answered; a mail server is asked anew after a while, and only by a person.
const restore = async (told) => {
  const mine = (running = new AbortController());
  answered = told;
  try {
    const [{ folded, reveal, seenAt }, words] = await load();
    const isOld = Date.now() - told.ahead - seenAt(told.answer) > form.dataset.lifetime * 1_000;
    if (isOld) answered = null;
    const parts = !isOld && (await written(told, mine.signal));
    if (!parts || mine !== running) return;
    // What was asked elsewhere leaves a page that has more to say its place.
    const isWhole = told.page === form.dataset.page || form.dataset.level === "2";
    if (isWhole) live.classList.add("check-live--used");
    const shown = isWhole ? parts : folded(parts, words);
    if (filled.isSame && kept.lang !== lang.value) return reveal(result, shown);
    result.replaceChildren(...shown);
    result.hidden = false;
  } catch {
    // What cannot be shown any more can be checked again.
  } finally {
    if (mine === running) running = null;
  }
};
if (!isFramed && kept.answered?.asked === askedFor()) restore(kept.answered);
