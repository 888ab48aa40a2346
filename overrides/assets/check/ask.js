// Asks the function for a check, and reads its answer as it comes.

export class CheckError extends Error {
  // `seconds`: how long there is no use in asking again, where that is known.
  constructor(reason, seconds) {
    super(reason);
    this.reason = reason;
    this.seconds = seconds;
  }
}

const silence = (error) => {
  if (error?.name === "AbortError") throw error;
  throw new CheckError(navigator.onLine === false ? "offline" : "unreachable");
};

// What stands in the way where the function itself says nothing: a gateway, a platform's limit, or,
// without a function behind the site, its own web server with one of the first three.
const SILENT = {
  404: "unreachable",
  405: "unreachable",
  501: "unreachable",
  502: "unreachable",
  429: "overloaded",
  503: "overloaded",
  504: "timed-out",
};

// Seconds, or a date (RFC 9110, 10.2.3).
const secondsUntil = (text) => {
  if (!text) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? seconds : undefined;
};

const fromProblem = async (reply) => {
  const problem = await reply.json().catch(() => ({}));
  const reason = problem.reason ?? problem.code ?? SILENT[reply.status] ?? "unexpected";
  return new CheckError(reason, problem.retry_after ?? secondsUntil(reply.headers.get("retry-after")));
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
      if (kind === "error") {
        throw new CheckError(content.reason ?? content.code ?? "unexpected", content.retry_after);
      }
    }
  }
};

// The answer, and how far ahead of the checker's clock the one here is, in milliseconds.
export const ask = async (address, fields, signal, onStep) => {
  const reply = await fetch(address, {
    method: "POST",
    headers: { Accept: "text/event-stream, application/json;q=0.9" },
    body: new URLSearchParams(fields),
    credentials: "omit",
    signal,
  }).catch(silence);
  if (!reply.ok) throw await fromProblem(reply);
  const ahead = Date.now() - Date.parse(reply.headers.get("date")) || 0;
  const kind = reply.headers.get("content-type") ?? "";
  const streamed = kind.startsWith("text/event-stream");
  return { ahead, answer: await (streamed ? readStream(reply.body, onStep) : reply.json()) };
};
