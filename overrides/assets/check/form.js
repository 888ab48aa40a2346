// Enhances the check form: checks in place instead of leading to another page.
// Every sentence comes from the page or from the words file; this script holds none.

const form = document.getElementById("check-form");
const domain = form.elements.domain;
const status = document.getElementById("check-status");
const result = document.getElementById("check-result");
const button = form.querySelector("[type=submit]");
const invitation = button.textContent;

// The function ends every check after 25 seconds; whoever is still silent then will not answer.
const PATIENCE = 40_000;

let running = null;
let loading = null;

class CheckError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

// What stands behind the @, or a pasted address's host. The local part never leaves the browser.
const domainOf = (typed) => {
  const text = typed.trim();
  const url = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)/i.exec(text);
  const behind = url ? url[1] : text.slice(text.lastIndexOf("@") + 1).replace(/[>),;\s]+$/, "");
  // Enough for the function to see that it is too long.
  return behind.slice(0, 1000);
};

const OURS = [
  "unknown-operator",
  "too-many-checks",
  "opted-out",
  "overloaded",
  "unreachable",
  "offline",
  "unexpected",
];

const silence = () => {
  throw new CheckError(navigator.onLine === false ? "offline" : "unreachable");
};

// Loaded when it is first needed, so that reading a page costs nobody anything.
const load = () => {
  loading ??= Promise.all([
    import("./result.js"),
    fetch(form.dataset.words).then((answer) => answer.json()),
  ]).catch(() => {
    loading = null;
    silence();
  });
  return loading;
};

const clearErrors = () => {
  for (const message of form.querySelectorAll(".check__error")) message.hidden = true;
  domain.removeAttribute("aria-invalid");
};

const showError = (reason) => {
  clearErrors();
  const message =
    document.getElementById(`error-${reason}`) ?? document.getElementById("error-unexpected");
  message.hidden = false;
  if (!OURS.includes(reason)) domain.setAttribute("aria-invalid", "true");
  domain.focus();
};

const announce = (words, step) => {
  const sentence = words.progress[step.stage];
  if (sentence) status.textContent = sentence.replace("{host}", () => step.host ?? "");
};

const fromProblem = async (answer) => {
  const problem = await answer.json().catch(() => ({}));
  // Without a function behind the site its own web server answers, with one of the first three.
  const silent = [404, 405, 501, 502, 503, 504].includes(answer.status) ? "unreachable" : "unexpected";
  return new CheckError(problem.reason ?? problem.code ?? silent);
};

// The stream is read by fetch: EventSource would hide a refusal and start the check anew.
const readStream = async (body, onStep) => {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch(silence);
    if (done) silence();
    const events = (rest + value).split(/\r\n\r\n|\n\n|\r\r/);
    rest = events.pop();
    for (const event of events) {
      const lines = event.split(/\r\n|\n|\r/);
      const field = (name) =>
        lines
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).replace(/^ /, ""))
          .join("\n");
      const data = field("data");
      if (!data) continue;
      const content = JSON.parse(data);
      const kind = field("event");
      if (kind === "step") onStep(content);
      if (kind === "answer") return content;
      if (kind === "error") throw new CheckError(content.reason ?? content.code);
    }
  }
};

const ask = async (fields, signal, onStep) => {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "text/event-stream, application/json;q=0.9" },
    body: new URLSearchParams(fields),
    credentials: "omit",
    signal,
  }).catch(silence);
  if (!answer.ok) throw await fromProblem(answer);
  const kind = answer.headers.get("content-type") ?? "";
  return kind.startsWith("text/event-stream") ? readStream(answer.body, onStep) : answer.json();
};

const setBusy = (text) => {
  form.classList.add("check--running");
  button.setAttribute("aria-disabled", "true");
  button.textContent = text;
};

const setIdle = (text) => {
  form.classList.remove("check--running");
  button.removeAttribute("aria-disabled");
  button.textContent = text;
  status.textContent = "";
  running = null;
};

const check = async () => {
  running?.abort();
  const mine = (running = new AbortController());
  const slow = setTimeout(() => mine.abort(), PATIENCE);
  clearErrors();
  result.hidden = true;
  try {
    const name = domainOf(domain.value);
    if (!name) throw new CheckError("empty");
    const [{ build, reveal }, words] = await load();
    if (mine !== running) return;
    setBusy(words.form.running);
    const fields = {
      domain: name,
      operator: form.elements.operator.value,
      lang: form.elements.lang.value,
    };
    let domainAsRead;
    const answer = await ask(fields, mine.signal, (step) => {
      domainAsRead ??= step.domain;
      if (mine === running) announce(words, step);
    });
    clearTimeout(slow);
    if (mine !== running) return;
    const site = { ...form.dataset, lang: fields.lang, signal: mine.signal, domainAsRead };
    const parts = await build(answer, words, site);
    if (mine !== running) return;
    setIdle(words.form.again);
    reveal(result, parts);
  } catch (error) {
    if (mine !== running) return;
    showError(error.reason ?? "unexpected");
  } finally {
    clearTimeout(slow);
    if (mine === running) setIdle(invitation);
  }
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  check();
});
form.addEventListener("focusin", () => load().catch(() => {}), { once: true });
addEventListener("pagehide", () => {
  if (!running) return;
  running.abort();
  setIdle(invitation);
});

// A link may fill the form in. It never starts a check: only a person does.
const wanted = new URLSearchParams(location.search);
if (wanted.has("domain")) domain.value = wanted.get("domain");
const operators = [...form.elements.operator.options].map((option) => option.value);
if (operators.includes(wanted.get("operator"))) {
  form.elements.operator.value = wanted.get("operator");
}
// Who comes by a link to check, and it named no domain, types one next. Before the page has loaded
// the browser goes to the place that the address names, and takes the focus away again.
const invited = location.hash === "#check" || wanted.has("operator");
addEventListener("load", () => {
  const idle = document.activeElement === document.body;
  if (invited && idle && !domain.value) domain.focus({ preventScroll: true });
});

// From here on this script shows and hides the messages, not the address.
form.classList.add("check--live");
for (const hint of form.querySelectorAll(".check__with-script")) hint.hidden = false;
clearErrors();
if (location.hash.startsWith("#error-")) showError(location.hash.slice("#error-".length));
