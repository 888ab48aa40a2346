// Opens a problem's page in place: the sections of it that matter to a reader.

// What explains a result is not waited for longer than this.
const PATIENCE = 6_000;

// The parts of a problem's page that not every reader needs.
const FOLDED = ["letter", "admin"];

export const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter(Boolean));
  return node;
};

export const fill = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// In a narrow heading a line would end in "E-".
export const unbroken = (text) =>
  text
    .split(/(e-mail)/i)
    .map((part, place) => (place % 2 ? make("span", { class: "unbroken" }, part) : part));

// Control and formatting characters can make a text look like another one, and half a character,
// as a cut leaves it, fits into no address.
export const tame = (text) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}]+/gu, " ");

// Times are UTC everywhere: what is shown here is compared with the logs of servers elsewhere.
export const moment = (stamp, lang, dateStyle = "medium", timeStyle = "short") => {
  const date = new Date(stamp);
  if (Number.isNaN(date.getTime())) return String(stamp);
  const shown = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
    dateStyle,
    timeStyle,
    timeZone: "UTC",
  });
  return `${shown.format(date)} UTC`;
};

export const addressOf = (id, problems) => new URL(`${id}/`, new URL(problems, location.href));

// What stands beside a problem's page: its sections and its tickets, without the frame around them.
export const openParts = async (address, signal = AbortSignal.timeout(PATIENCE)) => {
  const reply = await fetch(new URL("parts.json", address), { signal });
  if (!reply.ok) throw new Error(reply.statusText);
  return reply.json();
};

export const linkTo = (id, words, site) =>
  make("a", { href: addressOf(id, site.problems) }, words.problem[id] ?? id);

// Shows a result, and leads the reader to its heading.
export const reveal = (result, parts) => {
  result.replaceChildren(...parts);
  result.hidden = false;
  result.querySelector(".admonition-title").focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  result.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
};

// A page may speak of two opposite cases of its problem; one of them is the reader's.
const keepCase = (part, { evidence } = {}) => {
  const other = { "too-new": "too-old", "too-old": "too-new" }[evidence?.cause];
  for (const node of part.querySelectorAll(`.case-${other}`)) node.remove();
};

// A section of a problem's page, as far as it is about that case of it.
export const section = ({ sections }, id, problem) => {
  if (!sections[id]) return null;
  const { title, html } = sections[id];
  const part = new DOMParser().parseFromString(html, "text/html").body;
  keepCase(part, problem);
  return { title, part };
};

// Such a section in another page: its addresses lead to the same places, and its ids are its own.
const transplant = (found, base, level) => {
  if (!found) return null;
  const { title, part } = found;
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
  return { title, nodes: [...part.childNodes] };
};

// Of what is done already; a single step that is left needs no number.
const leaveOut = (steps) => {
  for (const step of steps) {
    const list = step.parentElement;
    step.remove();
    if (list.children.length === 1) list.replaceWith(make("p", {}, ...list.firstElementChild.childNodes));
  }
};

// Lets a link lead to a folded part, and unfold it.
export const leadTo = (folded, link) => {
  link.setAttribute("href", `#${folded.id}`);
  link.addEventListener("click", () => {
    for (let part = folded; part; part = part.parentElement.closest("details")) part.open = true;
    // WebKit would go on with the Tab key behind the part, not in it.
    folded.querySelector("summary").focus({ preventScroll: true });
  });
  return link;
};

// A link to a part of the same page leads to where that part now stands.
const keepInPlace = (section, address, prefix) => {
  for (const link of section.querySelectorAll("a[href]")) {
    const target = new URL(link.href);
    if (target.pathname !== address.pathname || !target.hash) continue;
    const id = target.hash.slice(1);
    const folded = section.querySelector(`details[id="${prefix}-${CSS.escape(id)}"]`);
    if (folded) leadTo(folded, link);
    if (id === "check") link.setAttribute("href", "#check-form");
  }
};

// `level` is that of the section's own heading; `prefix` keeps its ids apart from those of others.
// Where the mail would get through despite the problem, `elsewhere` names the page that explains why
// it may be missing. Who has just checked, `checked`, is not told to check.
export const explain = async (problem, { reader, elsewhere, level, prefix, checked }, words, site) => {
  const { id } = problem;
  const address = addressOf(id, site.problems);
  const whole = make("section", { class: "check-faq" });
  whole.append(
    make(
      `h${level}`,
      {},
      make("span", { class: "check-eyebrow" }, words.section.explanation),
      " ",
      unbroken(elsewhere ? words.section.missing : (words.problem[id] ?? id)),
    ),
  );
  const patience = new AbortController();
  const stop = () => patience.abort();
  const slow = setTimeout(stop, PATIENCE);
  site.signal.addEventListener("abort", stop);
  const open = (from) => openParts(from, patience.signal);
  try {
    const other = elsewhere && addressOf(elsewhere, site.problems);
    const [parts, otherParts] = await Promise.all([open(address), other && open(other)]);
    const take = (id) => transplant(section(parts, id, problem), address, level);
    // Beside a yes nobody reads that others do not deliver.
    if (!otherParts) whole.append(...(take("in-short")?.nodes ?? []));
    const own = otherParts ? transplant(section(otherParts, reader), other, level) : take(reader);
    if (own) whole.append(make(`h${level + 1}`, {}, own.title), ...own.nodes);
    for (const name of FOLDED) {
      const part = take(name);
      if (!part) continue;
      const summary = make("summary", {}, part.title);
      whole.append(make("details", { id: `${prefix}-${name}` }, summary, part.nodes));
    }
    if (checked) leaveOut(whole.querySelectorAll(".before-check"));
    keepInPlace(whole, address, prefix);
  } catch (error) {
    if (site.signal.aborted) throw error;
    // The page itself is still one click away.
  } finally {
    clearTimeout(slow);
  }
  whole.append(make("p", {}, make("a", { href: address }, words.section.whole_page)));
  return whole;
};
