// Builds the result of a check. What came from mail servers is only ever set as text.

// The outcome does not wait longer than this for the page that explains it.
const PATIENCE = 6_000;

// The parts of a problem's page that not every reader needs.
const FOLDED = ["letter", "admin"];

const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter(Boolean));
  return node;
};

const fill = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

const outcomeKey = (answer) => {
  const { outcome, disposition, when } = answer;
  if (outcome === "fails") return when === "PT0S" ? "fails-now" : "fails-later";
  if (outcome === "unknown" && disposition === "undetermined") {
    const unstated = mainProblem(answer)?.id === "starttls-not-supported";
    return unstated ? "unknown-not-stated" : "unknown-undetermined";
  }
  if (outcome === "unknown") return `unknown-${disposition}`;
  return outcome;
};

const mainProblem = (answer) =>
  answer.problems.find((problem) => problem.decisive) ?? answer.problems[0];

const time = (stamp, lang) => {
  const date = new Date(stamp);
  if (Number.isNaN(date.getTime())) return String(stamp);
  const shown = new Intl.DateTimeFormat(lang, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "UTC",
  });
  return make("time", { datetime: stamp }, `${shown.format(date)} UTC`);
};

const verdict = (answer, words, site, heading) => {
  const operator = words.operators[answer.operator];
  const values = {
    operator: operator?.name ?? answer.operator,
    domain: site.domainAsRead ?? answer.domain,
    when: words.durations[answer.when] ?? answer.when ?? "",
  };
  // The first sentence is the headline. It is cut before names are put in: they may hold dots.
  const sentence = words.outcome[outcomeKey(answer)] ?? words.outcome["unknown-undetermined"];
  const [, first, rest] = /^(.*?[.!?])(?:\s+(.*))?$/s.exec(sentence);
  const mender = words.mender[words.menders[mainProblem(answer)?.id]];
  const accepted = answer.disposition === "accepted";
  const report = accepted ? null : words.report_to[answer.report_to];
  const assumed = answer.assumed.map((key) => words.assumed[key]).filter(Boolean);
  const title = make(heading, { class: "admonition-title", tabindex: "-1", id: "check-outcome" });
  title.textContent = fill(first, values);
  return make(
    "div",
    { class: `admonition check-verdict check-${answer.outcome}` },
    title,
    rest && make("p", {}, fill(rest, values)),
    answer.outcome !== "delivers" && mender && make("p", { class: "check-mender" }, mender),
    report && make("p", {}, fill(report, values)),
    assumed.length > 0 &&
      make(
        "details",
        { class: "check-assumed" },
        make("summary", {}, words.assumed.heading),
        make("ul", {}, assumed.map((text) => make("li", {}, text))),
      ),
  );
};

// A section of one of our own pages: its heading's siblings up to the next section.
const cut = (page, id, base, level) => {
  const start = page.getElementById(id);
  if (!start) return null;
  const nodes = [];
  for (let node = start.nextElementSibling; node && !/^H[12]$/.test(node.tagName); ) {
    nodes.push(document.importNode(node, true));
    node = node.nextElementSibling;
  }
  const title = document.importNode(start, true);
  const part = make("div", {}, title, nodes);
  for (const link of part.querySelectorAll(".headerlink, script")) link.remove();
  for (const link of part.querySelectorAll("[href], [src]")) {
    const name = link.hasAttribute("href") ? "href" : "src";
    link.setAttribute(name, new URL(link.getAttribute(name), base).href);
  }
  for (const node of part.querySelectorAll("[id], [for], [name]")) {
    for (const name of ["id", "for", "name"]) node.removeAttribute(name);
  }
  for (const code of part.querySelectorAll("pre > code")) code.setAttribute("tabindex", "0");
  for (const node of part.querySelectorAll("h2, h3, h4, h5")) {
    const lower = make(`h${Math.min(6, Number(node.tagName[1]) + level - 1)}`);
    lower.append(...node.childNodes);
    node.replaceWith(lower);
  }
  const text = part.firstElementChild.textContent;
  part.firstElementChild.remove();
  return { title: text, nodes: [...part.childNodes] };
};

// A link to a part of the same page leads to where that part now stands.
const keepInPlace = (section, address) => {
  for (const link of section.querySelectorAll("a[href]")) {
    const target = new URL(link.href);
    if (target.pathname !== address.pathname || !target.hash) continue;
    const id = target.hash.slice(1);
    const folded = section.querySelector(`details[id="check-${CSS.escape(id)}"]`);
    if (folded) {
      link.setAttribute("href", `#${folded.id}`);
      link.addEventListener("click", () => (folded.open = true));
    }
    if (id === "check") link.setAttribute("href", "#check-form");
  }
};

const explanation = async (answer, words, site, heading, level) => {
  const problem = mainProblem(answer);
  if (!problem) return null;
  const addressOf = (id) => new URL(`${id}/`, new URL(site.problems, location.href));
  const address = addressOf(problem.id);
  // A mail that would get through despite a fault is missing for another reason than the fault.
  const elsewhere = answer.outcome === "delivers-with-warnings" && addressOf("no-problem-found");
  const reader = words.operators[answer.operator]?.audience === "senders" ? "sender" : "recipient";
  const section = make("section", { class: "check-faq" });
  section.append(
    make(
      heading,
      {},
      make("span", { class: "check-eyebrow" }, words.section.explanation),
      " ",
      words.problem[problem.id] ?? problem.id,
    ),
  );
  const patience = new AbortController();
  const stop = () => patience.abort();
  const slow = setTimeout(stop, PATIENCE);
  site.signal.addEventListener("abort", stop);
  const open = async (from) => {
    const reply = await fetch(from, { signal: patience.signal });
    if (!reply.ok) throw new Error(reply.statusText);
    return new DOMParser().parseFromString(await reply.text(), "text/html");
  };
  try {
    const [page, other] = await Promise.all([open(address), elsewhere && open(elsewhere)]);
    const take = (id) => cut(page, id, address, level);
    section.append(...(take("in-short")?.nodes ?? []));
    const own = other ? cut(other, reader, elsewhere, level) : take(reader);
    if (own) section.append(make(`h${level + 1}`, {}, own.title), ...own.nodes);
    for (const id of FOLDED) {
      const part = take(id);
      if (part) section.append(make("details", { id: `check-${id}` }, make("summary", {}, part.title), part.nodes));
    }
    keepInPlace(section, address);
  } catch (error) {
    if (site.signal.aborted) throw error;
    // The page itself is still one click away.
  } finally {
    clearTimeout(slow);
  }
  section.append(make("p", {}, make("a", { href: address }, words.section.whole_page)));
  return section;
};

const stopped = (attempt, words) => {
  const labels = attempt.problems.map(({ id }) => words.problem[id] ?? id);
  if (attempt.stage === "done") {
    return labels.length ? `${words.detail.through_but}: ${labels.join(", ")}` : words.detail.in_order;
  }
  const where = `${words.detail.stopped_at}: ${words.stages[attempt.stage] ?? attempt.stage}`;
  return [where, ...labels].join(" – ");
};

const stateOf = (attempt) => {
  if (!attempt) return "none";
  if (attempt.stage !== "done") return "bad";
  return attempt.problems.length ? "warn" : "good";
};

const servers = (answer, words, heading) => {
  const known = answer.route.mail_servers;
  if (!known.length) return null;
  const items = known.map((server) => {
    const addresses = server.addresses.map((address) => {
      const attempt = answer.attempts.find(
        (one) => one.host === server.host && one.address === address,
      );
      const state = stateOf(attempt);
      return make(
        "li",
        { class: `check-address check-address--${state}` },
        make("code", {}, address),
        " ",
        attempt ? stopped(attempt, words) : words.detail.not_tried,
      );
    });
    const rank = server.preference == null ? "" : ` (${words.detail.preference}: ${server.preference})`;
    return make(
      "li",
      {},
      make("strong", {}, server.host),
      rank,
      addresses.length
        ? make("ul", {}, addresses)
        : make("p", {}, `${words.detail.address}: ${words.detail.none}`),
    );
  });
  return make(
    "section",
    { class: "check-servers" },
    make(heading, {}, words.section.servers),
    make("ol", {}, items),
  );
};

const also = (answer, words, site, heading) => {
  const main = mainProblem(answer)?.id;
  const ids = new Set(answer.problems.map(({ id }) => id).filter((id) => id !== main));
  if (!ids.size) return null;
  const link = (id) =>
    make("a", { href: new URL(`${id}/`, new URL(site.problems, location.href)) }, words.problem[id] ?? id);
  return make(
    "section",
    {},
    make(heading, {}, words.section.also_found),
    make("ul", {}, [...ids].map((id) => make("li", {}, link(id)))),
  );
};

const terms = (rows) => {
  const list = make("dl", { class: "check-terms" });
  for (const [term, value] of rows) {
    const values = [value].flat().filter((one) => one != null && one !== "");
    if (values.length) list.append(make("dt", {}, term), ...values.map((one) => make("dd", {}, one)));
  }
  return list;
};

const certificate = (given, words, lang) => [
  [words.detail.subject, given.subject],
  [words.detail.names, given.names?.join(", ")],
  [words.detail.issuer, given.issuer],
  [words.detail.valid_from, given.not_before && time(given.not_before, lang)],
  [words.detail.valid_until, given.not_after && time(given.not_after, lang)],
  [words.detail.key, given.key],
  [words.detail.signature, given.signature],
  [words.detail.chain, given.chain?.map((link) => (typeof link === "string" ? link : link.subject))],
];

const conversation = (replies) =>
  replies
    .map(({ command, code, lines }) => [
      `> ${command}`,
      ...lines.map((line) => `< ${code ?? ""} ${line}`),
    ])
    .flat()
    .join("\n");

const evidence = ({ id, evidence: facts }) =>
  [id, ...Object.entries(facts ?? {}).map(([key, value]) => `${key}: ${String(value)}`)].join("; ");

const technical = (answer, words, site, heading) => {
  const attempts = answer.attempts.map((attempt) => [
    make(heading, {}, `${attempt.host} [${attempt.address}]`),
    terms([
      [words.detail.stopped_at, attempt.stage === "done" ? null : words.stages[attempt.stage]],
      [words.detail.tls_version, attempt.tls_version],
      [words.detail.cipher, attempt.cipher],
      ...(attempt.certificate ? certificate(attempt.certificate, words, site.lang) : []),
      [words.section.result, attempt.problems.map(evidence)],
    ]),
    attempt.replies.length > 0 && [
      make("p", {}, words.detail.replies),
      make("pre", {}, make("code", { tabindex: "0" }, conversation(attempt.replies))),
    ],
  ]);
  const routeProblems = answer.problems.filter(({ host }) => host == null).map(evidence);
  return make(
    "details",
    { class: "check-technical" },
    make("summary", {}, words.section.technical),
    terms([
      [words.detail.checked_at, time(answer.checked_at, site.lang)],
      [words.section.result, routeProblems],
    ]),
    attempts.flat(2).filter(Boolean),
  );
};

export const build = async (answer, words, site) => {
  const level = Number(site.level);
  const heading = `h${level}`;
  const below = `h${level + 1}`;
  const parts = [
    verdict(answer, words, site, heading),
    await explanation(answer, words, site, below, level + 1),
    servers(answer, words, below),
    also(answer, words, site, below),
    technical(answer, words, site, below),
  ];
  return parts.filter(Boolean);
};
