// Reads bounces with Python, away from the page's own thread. The text never leaves this computer.
//
// The page posts {type: "start", base} once, then {type: "read", id, text or bytes}. This answers
// with {type: "progress", loaded, total}, {type: "ready"}, {type: "answer", id, answer} and
// {type: "failed", id, reason}; without an id nothing can be read at all.
//
// The build puts FILES before this script: for each file to be fetched its size in bytes.

/* global FILES */

const SCRIPTS = ["pyodide.mjs", "pyodide.asm.js"];
const WASM = "pyodide.asm.wasm";
const OWN = "checker.zip";

const total = Object.values(FILES).reduce((sum, size) => sum + size, 0);
let loaded = 0;
let reader;

class Failure extends Error {
  constructor(reason, cause) {
    super(reason, { cause });
    this.reason = reason;
  }
}

function progress(bytes) {
  loaded += bytes;
  postMessage({ type: "progress", loaded, total });
}

// Counts a copy: of the browser's own response the compiled code is kept for the next visit.
async function count(response, name) {
  const source = response.body.getReader();
  let missing = FILES[name];
  for (;;) {
    const { done, value } = await source.read();
    if (done) break;
    missing -= value.byteLength;
    if (missing < 0) break;
    progress(value.byteLength);
  }
  if (missing) throw new Error(`${name} is not what was built`);
}

function download(url, name) {
  const response = fetch(url).then((answer) => {
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer;
  });
  const counted = response
    .then((answer) => count(answer.clone(), name))
    .catch((error) => {
      throw new Failure("download", error);
    });
  return { response, counted };
}

async function script(url, name) {
  try {
    const module = await import(url);
    progress(FILES[name]);
    return module;
  } catch (error) {
    throw new Failure("download", error);
  }
}

async function start(base) {
  if (typeof WebAssembly !== "object" || !WebAssembly.instantiateStreaming) {
    throw new Failure("unsupported");
  }
  progress(0);
  // Everything at once, before anything says what it needs.
  const scripts = SCRIPTS.map((name) => script(base + name, name));
  const downloads = new Map();
  for (const name of Object.keys(FILES).filter((file) => !SCRIPTS.includes(file))) {
    downloads.set(base + name, download(base + name, name));
  }
  const own = downloads.get(base + OWN).response.then((response) => response.arrayBuffer());
  own.catch(() => {}); // What it is made of fails as well, and is waited for.
  const counted = Promise.all([...downloads.values()].map((file) => file.counted));

  // Pyodide only warns when a download breaks or does not run, and then waits for ever.
  let stuck;
  const running = new Promise((_, reject) => {
    stuck = reject;
  });
  const begun = (async () => {
    const [{ loadPyodide }] = await Promise.all(scripts);
    return handOver(base, downloads, stuck, () => loadPyodide({ indexURL: base }));
  })();
  const [pyodide] = await Promise.all([Promise.race([begun, running]), counted]);

  pyodide.FS.writeFile(`/${OWN}`, new Uint8Array(await own));
  pyodide.runPython(`import sys; sys.path.append("/${OWN}")`);
  const { read, MAXIMUM_INPUT } = pyodide.pyimport("checker.browser");
  return { pyodide, read, maximum: MAXIMUM_INPUT };
}

// While Pyodide starts it is given what is on its way already.
async function handOver(base, downloads, stuck, begin) {
  const { fetch } = self;
  const { instantiateStreaming } = WebAssembly;
  self.fetch = (url, options) => downloads.get(String(url))?.response ?? fetch(url, options);
  WebAssembly.instantiateStreaming = async (...given) => {
    try {
      return await instantiateStreaming.apply(WebAssembly, given);
    } catch (error) {
      // What came in part does not run either: that has to be told apart first.
      await downloads.get(base + WASM).counted.catch(stuck);
      stuck(new Failure("unsupported", error));
      throw error;
    }
  };
  try {
    return await begin();
  } finally {
    self.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

async function answer({ text, bytes }) {
  const { pyodide, read, maximum } = await reader;
  if ((text?.length ?? bytes.byteLength) > maximum) throw new Failure("too-big");
  if (bytes === undefined) return JSON.parse(read(text));
  const octets = pyodide.toPy(new Uint8Array(bytes));
  try {
    return JSON.parse(read(octets));
  } finally {
    octets.destroy();
  }
}

function fail(error, id) {
  if (!(error instanceof Failure)) console.error(error);
  postMessage({ type: "failed", id, reason: error.reason ?? "unexpected" });
}

onmessage = async ({ data }) => {
  try {
    if (data.type === "start") {
      reader = start(data.base);
      await reader;
      postMessage({ type: "ready" });
    } else {
      postMessage({ type: "answer", id: data.id, answer: await answer(data) });
    }
  } catch (error) {
    fail(error, data.id);
  }
};
