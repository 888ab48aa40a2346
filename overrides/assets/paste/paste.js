// The paste box: has a report, pasted or in a file, read in this browser. Its text is sent nowhere.
// Every sentence comes from the page or from the words file; this script holds none.

const box = document.getElementById("paste-box");
const site = box.dataset;
const typed = document.getElementById("paste-text");
const chosen = document.getElementById("paste-file");
const errors = document.getElementById("paste-errors");
const ways = document.getElementById("paste-ways");
const progress = document.getElementById("paste-progress");
const bar = document.getElementById("paste-bar");
const label = progress.querySelector("label");
const bytes = progress.querySelector(".paste__bytes");
const status = document.getElementById("paste-status");
const result = document.getElementById("paste-result");
const form = document.getElementById("check-form");

const maximum = Number(site.maximum);

// Somebody who listens to the page hears how far the download is no more often than this.
const BETWEEN_ANNOUNCEMENTS = 10_000;

// These say themselves what to do; a second way is offered with all others.
const PLAIN = ["empty", "several"];
const PASSING = ["download", "unexpected"];

let worker = null;
let loading = null;
let running = null;
let input = null;
let asked = 0;

class PasteError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

// Fetched on first use, so that a page costs nobody more than it shows.
const load = () => {
  const words = (address) => fetch(address).then((answer) => answer.json());
  loading ??= Promise.all([import("./report.js"), words(site.words), words(site.reportWords)])
    .then(([report, ...parts]) => [report, Object.assign({}, ...parts)])
    .catch(() => {
      loading = null;
      throw new PasteError("download");
    });
  return loading;
};

const stop = () => {
  worker?.terminate();
  worker = null;
};

const start = () => {
  let modules = false;
  const kind = {
    get type() {
      modules = true;
      return "module";
    },
  };
  if (typeof WebAssembly !== "object") throw new PasteError("unsupported");
  worker = new Worker(new URL(site.worker, location.href), kind);
  // A browser that knows no module workers does not even look at the kind.
  if (!modules) {
    stop();
    throw new PasteError("unsupported");
  }
  worker.postMessage({ type: "start", base: new URL(site.runtime, location.href).href });
  worker.ready = false;
  // What it says while nobody asks is kept for whoever asks next.
  worker.early = [];
  worker.onmessage = ({ data }) => worker.early.push(data);
  worker.onerror = (event) => {
    event.preventDefault();
    worker?.early.push({ type: "failed", reason: "download" });
  };
};

// Has the worker read the report.
const ask = (report, signal, onProgress, onReady) =>
  new Promise((resolve, reject) => {
    const id = ++asked;
    const fail = (reason) => {
      stop();
      reject(new PasteError(reason));
    };
    const send = () => {
      onReady();
      worker.postMessage({ type: "read", id, ...report });
    };
    const hear = (data) => {
      if (signal.aborted) {
        worker?.early.push(data);
        return;
      }
      if (data.type === "progress") onProgress(data);
      if (data.type === "ready") {
        worker.ready = true;
        send();
      }
      if (data.id !== undefined && data.id !== id) return;
      if (data.type === "answer") resolve(data.answer);
      if (data.type === "failed") fail(data.reason);
    };
    worker.onmessage = ({ data }) => hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      fail(worker?.ready ? "unexpected" : "download");
    };
    worker.onmessageerror = () => fail("unexpected");
    if (worker.ready) send();
    else worker.early.splice(0).forEach(hear);
  });

// Reports of TLS sessions come compressed.
const isGzip = ([first, second]) => first === 0x1f && second === 0x8b;

// Of every hundred characters of a text hardly one is a control character, of other files many are.
const isText = (octets) => {
  const [first, second] = octets;
  const utf16 = first + second === 0x1fd && Math.abs(first - second) === 1;
  const controls = octets.filter((one) => one < 9 || (one > 13 && one < 32 && one !== 27)).length;
  return utf16 || controls * 100 <= octets.length;
};

const open = async (file) => {
  const content = await file
    .slice(0, maximum)
    .arrayBuffer()
    .catch(() => {
      throw new PasteError("unreadable");
    });
  if (!content.byteLength) throw new PasteError("empty");
  const octets = new Uint8Array(content);
  if (isGzip(octets) || isText(octets)) return { bytes: content };
  throw new PasteError(/\.msg$/i.test(file.name) ? "msg" : "binary");
};

const clearErrors = () => {
  for (const message of errors.querySelectorAll(".paste__error")) message.hidden = true;
  ways.hidden = true;
  typed.removeAttribute("aria-invalid");
};

const showError = (reason) => {
  clearErrors();
  const of = (name) => errors.querySelector(`[data-reason="${name}"]`);
  (of(reason) ?? of("unexpected")).hidden = false;
  ways.hidden = PLAIN.includes(reason);
  document.getElementById("paste-retry").hidden = !PASSING.includes(reason);
  const empty = reason === "empty";
  if (empty) typed.setAttribute("aria-invalid", "true");
  (empty ? typed : errors).focus();
};

const showProgress = (words) => {
  const figure = new Intl.NumberFormat(site.lang, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  let announced = -Infinity;
  label.textContent = words.loading;
  return ({ loaded, total }) => {
    bar.max = total;
    bar.value = loaded;
    bytes.textContent = words.bytes
      .replace("{loaded}", figure.format(loaded / 1e6))
      .replace("{total}", figure.format(total / 1e6));
    if (performance.now() - announced < BETWEEN_ANNOUNCEMENTS) return;
    announced = performance.now();
    status.textContent = `${words.loading}: ${bytes.textContent}`;
  };
};

const showReading = (words) => {
  bar.removeAttribute("value");
  bytes.textContent = "";
  label.textContent = status.textContent = words.reading;
};

const setIdle = () => {
  progress.hidden = true;
  status.textContent = "";
  running = null;
};

// The check starts only when somebody wants it, so this fills in and no more.
const offer = ({ domain, isReport }, words) => {
  const hint = document.getElementById("check-hint");
  hint.querySelector("strong")?.remove();
  if (domain) form.elements.domain.value = domain;
  if (domain || !isReport) return;
  const wanted = document.createElement("strong");
  wanted.textContent = `${words.check_hint} `;
  hint.prepend(wanted);
};

const read = async (given) => {
  running?.abort();
  const mine = (running = new AbortController());
  input = given;
  clearErrors();
  result.hidden = true;
  try {
    const { file, text } = given;
    if (!file && !text.trim()) throw new PasteError("empty");
    const report = file ? await open(file) : { text: text.slice(0, maximum) };
    // Beside what shows the answer, and not after it.
    if (!worker) start();
    const [{ build, reveal }, words] = await load();
    if (mine !== running) return;
    bar.removeAttribute("value");
    progress.hidden = false;
    const answer = await ask(report, mine.signal, showProgress(words.report), () =>
      showReading(words.report),
    );
    const cut = (file ? file.size : text.length) > maximum;
    const built = await build(answer, words, {
      ...form.dataset,
      ...site,
      cut: cut && maximum,
      file: file?.name,
      signal: mine.signal,
      ways: ways.querySelector("ul"),
    });
    if (mine !== running) return;
    setIdle();
    offer(built, words.report);
    reveal(result, built.parts);
  } catch (error) {
    if (mine !== running) return;
    setIdle();
    showError(error.reason ?? "unexpected");
  }
};

const take = (files) => {
  const fold = document.getElementById("paste-fold");
  if (fold) fold.open = true;
  if (files.length === 1) return read({ file: files[0] });
  running?.abort();
  setIdle();
  return showError("several");
};

const actions = {
  read: () => read({ text: typed.value }),
  retry: () => read(input),
  async cancel() {
    running?.abort();
    stop();
    setIdle();
    box.querySelector("[data-paste=read]").focus();
    const [, words] = await load();
    status.textContent = words.report.cancelled;
  },
  search() {
    const toggle = document.querySelector("[data-md-toggle=search]");
    if (!toggle.checked) toggle.click();
    document.querySelector("[data-md-component=search-query]").focus();
  },
  check({ value }) {
    form.elements.domain.value = value;
    form.requestSubmit();
  },
  ask: () => form.elements.domain.focus(),
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-paste]");
  if (button) actions[button.dataset.paste](button);
});

chosen.addEventListener("change", () => {
  const files = [...chosen.files];
  // So that the same file can be chosen again.
  chosen.value = "";
  if (files.length) take(files);
});

typed.addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData;
  if (!files.length || types.includes("text/plain")) return;
  event.preventDefault();
  take([...files]);
});

// Beside the box a browser would open a dropped file in place of the page, and the text were lost.
const drag = (event, over) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  box.classList.toggle("paste__box--drop", over);
};
document.addEventListener("dragover", (event) => drag(event, true));
document.addEventListener("dragleave", (event) => drag(event, event.relatedTarget !== null));
document.addEventListener("drop", (event) => {
  drag(event, false);
  const files = [...event.dataTransfer.files];
  if (files.length) take(files);
});

box.parentElement.classList.add("paste--live");
