// Builds what an error report says. What came from the report is only ever set as text.

import { explain, fill, linkTo, make, moment, tame } from "../check/explain.js";
import { fillLetter } from "../check/letter.js";

export { reveal } from "../check/explain.js";

// More would bury what matters; the rest is counted.
const GROUPS = 5;
const NAMES = 5;
const DOMAINS = 3;
const LENGTH = 300;

const short = (text) => tame(text.slice(0, LENGTH));

const isolated = (text) => make("bdi", {}, short(text));

// A sentence with nodes in its places.
const phrase = (sentence, nodes) =>
  sentence
    .split(/(\{\w+\})/)
    .map((part) => nodes[part.slice(1, -1)] ?? part)
    .filter((part) => part !== "");

// The reader of reports takes any text for one; without an address and a code it knows nothing.
const isRecognised = ({ recipient, problems: [{ kind, evidence }] }) =>
  recipient || kind !== "other" || evidence.reply_code || evidence.enhanced_status_code;

// Recipients of whom the report says the same are told of together.
const groupsOf = (recipients) => {
  const groups = new Map();
  for (const one of recipients) {
    const about = one.recipient ? null : one.domain;
    const key = [about, one.action, one.retry_until, ...one.problems.map(({ id, kind }) => `${id} ${kind}`)].join();
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(one);
  }
  return [...groups.values()];
};

const isDelayed = ([{ action }]) => action === "delayed";

const domainsOf = (group) => [...new Set(group.map(({ domain }) => domain).filter(Boolean))];

// A report of TLS sessions (RFC 8460) counts them, and is about a domain.
const isOfSessions = ([{ problems: [{ evidence }] }]) =>
  ["failed_session_count", "successful_session_count"].some((count) => count in evidence);

const whom = (group, words) => {
  const [{ recipient, domain }] = group;
  if (isOfSessions(group)) return domain ? phrase(words.to_domain, { domain: isolated(domain) }) : [words.to_sessions];
  if (group.length > 1) return [fill(words.to_several, { count: group.length })];
  return recipient ? phrase(words.to_one, { recipient: isolated(recipient) }) : [words.to_nobody];
};

const saying = ({ id, kind, evidence }, words, site, sentence = words.report.says) => {
  const link = linkTo(id, words, site);
  const { no_cause: noCause, delivered, no_failure: noFailure, kind: kinds } = words.report;
  const fine = "successful_session_count" in evidence ? noFailure : delivered;
  const own = { "cause-not-stated": noCause, "no-problem-found": fine }[id] ?? kinds[kind];
  if (!own) return phrase(sentence, { problem: link });
  link.textContent = own;
  return [link];
};

const toneOf = ({ id }, delayed) => {
  if (delayed) return "delivers-with-warnings";
  if (id === "no-problem-found") return "delivers";
  return id === "not-tls" || id === "cause-not-stated" ? "unknown" : "fails";
};

const helpOf = ({ id, kind, evidence }, words) => {
  if (kind) return words.report.help[kind];
  const silent = id === "cause-not-stated" || id === "no-problem-found";
  const mender = words.mender[words.menders[id]];
  const reader = "failed_session_count" in evidence ? "recipient" : "sender";
  return silent ? null : (mender?.[reader] ?? mender);
};

// What is only late arrives twice if it is sent again: that comes before why it is late.
const lateness = ([{ retry_until: until }], main, words, site) => {
  const more = until
    ? fill(words.report.delayed_until, { time: moment(until, site.lang) })
    : words.report.delayed_more;
  const about = make("a", { href: new URL(site.delayed, location.href) }, words.report.delayed_about);
  const reason = main.id !== "cause-not-stated" && [words.report.delayed_reason, " "];
  return [
    make("p", { class: "check-mender" }, more, " ", about),
    make("p", {}, reason, saying(main, words, site, "{problem}")),
  ];
};

const names = (group, words) => {
  if (group.length < 2) return null;
  const shown = group.slice(0, NAMES).map(({ recipient }) => make("li", {}, isolated(recipient ?? "–")));
  const count = group.length - shown.length;
  return make("ul", {}, shown, count > 0 && make("li", {}, fill(words.to_more, { count })));
};

const counted = ({ evidence: { failed_session_count: count } }, words, site) =>
  count && fill(words.report.sessions, { count: new Intl.NumberFormat(site.lang).format(count) });

const others = (lead, problems, words, site) => {
  if (!problems.length) return null;
  const links = problems.flatMap((problem) => {
    const count = counted(problem, words, site);
    return [", ", linkTo(problem.id, words, site), count && ` (${count})`];
  });
  return make("p", {}, lead, " ", ...links.slice(1));
};

// Nothing but letters and digits: a report is wrapped and quoted as it is passed on.
const bare = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

// Some senders' error reports say what no other's do, and their page explains it.
const ownReports = ({ text }, words, site) =>
  Object.entries(words.operators)
    .filter(([, { report }]) => text && report && bare(text).includes(bare(report)))
    .map(([name, { sender, page }]) => {
      const link = make("a", { href: new URL(`${name}/`, new URL(site.senders, location.href)) }, page);
      return make("p", {}, fill(words.report.own, { sender }), " ", link);
    });

const invitation = (main, domains, filled, words) => {
  if (!domains.length) {
    const go = make("button", { class: "md-button", type: "button", "data-paste": "ask" }, words.check_go);
    return [make("p", {}, words.check_nobody), make("p", {}, go)];
  }
  const why = { "cause-not-stated": words.check_no_cause, "not-tls": words.check_not_tls }[main.id];
  const into = domains.includes(filled) && phrase(words.check_filled, { domain: isolated(filled) });
  const buttons = domains.slice(0, DOMAINS).map((domain) => {
    const stands = domain === filled && main.id !== "not-tls";
    const look = stands ? "md-button md-button--primary check__submit" : "md-button";
    const attributes = { class: look, type: "button", "data-paste": "check", value: domain };
    return make("button", attributes, ...phrase(words.check_start, { domain: isolated(domain) }));
  });
  return [
    make("p", {}, why ?? words.check, " ", into),
    make("p", { class: "paste-checks" }, buttons),
  ];
};

const verdict = (group, number, filled, words, site) => {
  const [{ problems }] = group;
  const [main, ...rest] = problems;
  const delayed = isDelayed(group);
  const title = make(
    `h${site.level}`,
    { class: "admonition-title", tabindex: "-1", id: number ? null : "paste-outcome" },
    make("span", { class: "check-eyebrow" }, whom(group, words.report)),
    " ",
    delayed ? words.report.delayed : saying(main, words, site),
  );
  const { text } = main.evidence;
  const count = counted(main, words, site);
  const inAll = count && ` (${count})`;
  const isNamed = ({ evidence }) => Object.keys(evidence).length > 0;
  const help = !delayed && helpOf(main, words);
  return make(
    "div",
    { class: `admonition check-verdict check-${toneOf(main, delayed)}` },
    title,
    names(group, words.report),
    help && make("p", { class: "check-mender" }, help),
    delayed && lateness(group, main, words, site),
    text && make("p", {}, words.report.quote, " ", make("code", { dir: "auto" }, short(text)), inAll),
    ...ownReports(main.evidence, words, site),
    others(words.report.also, rest.filter(isNamed), words, site),
    others(words.report.perhaps, rest.filter((one) => !isNamed(one)), words, site),
    ...invitation(main, domainsOf(group), filled, words.report),
  );
};

const explanation = async (group, number, words, site) => {
  const [{ domain, host, problems }] = group;
  const [problem] = problems;
  const level = Number(site.level) + 1;
  const reader = isOfSessions(group) ? "recipient" : "sender";
  const how = { reader, level, prefix: `paste-${number}` };
  const section = await explain(problem, how, words, site);
  if (isDelayed(group)) for (const step of section.querySelectorAll(".if-failed")) step.remove();
  fillLetter(section, { domain }, { ...problem, host }, words, site);
  return section;
};

// Of all but the first the page is fetched when somebody wants to read it.
const folded = (group, number, words, site) => {
  const details = make("details", {}, make("summary", {}, words.section.explanation));
  const open = () => explanation(group, number, words, site).then((part) => details.append(part));
  details.addEventListener("toggle", () => open().catch(() => {}), { once: true });
  return details;
};

const nothing = (words, site) =>
  make(
    "div",
    { class: "admonition check-verdict check-unknown" },
    make(`h${site.level}`, { class: "admonition-title", tabindex: "-1", id: "paste-outcome" }, words.nothing),
    make("p", {}, words.nothing_more),
    site.ways.cloneNode(true),
  );

const notes = (left, words, site) =>
  [
    left && fill(words.further, { count: left }),
    site.cut && fill(words.cut, { count: new Intl.NumberFormat(site.lang).format(site.cut) }),
    site.file && fill(words.from_file, { name: short(site.file) }),
  ]
    .filter(Boolean)
    .map((text) => make("p", { class: "paste-note" }, text));

export const build = async (report, words, site) => {
  const groups = groupsOf(report.recipients.filter(isRecognised));
  const shown = groups.slice(0, GROUPS);
  const isOpen = ([{ problems }]) => problems[0].id !== "no-problem-found";
  const [domain] = [...groups.filter(isOpen), ...groups].flatMap(domainsOf);
  const parts = shown.length ? [] : [nothing(words.report, site)];
  for (const [number, group] of shown.entries()) {
    parts.push(verdict(group, number, domain, words, site));
    const open = number ? folded : explanation;
    parts.push(await open(group, number, words, site));
  }
  const left = groups.slice(GROUPS).flat().length;
  const isReport = shown.length > 0;
  return { parts: [...parts, ...notes(left, words.report, site)], domain, isReport };
};
