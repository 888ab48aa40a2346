// Says why: one line with the fact that decides, put together from what the check saw.
// Each problem has several sentences; the first one counts whose case and facts are there.

import { fill, tame } from "./explain.js";
import { isSpelling } from "./steps.js";

const NAMES = 3;
const LENGTH = 160;

const MINUTE = 60_000;
const DAY = 24 * 60;

// From how many minutes on a time is told in which unit, and how many minutes that has.
const UNITS = [
  ["year", 730 * DAY, 365.25 * DAY],
  ["day", DAY, DAY],
  ["hour", 60, 60],
  ["minute", 0, 1],
];

const dated = (stamp, lang) => {
  const date = new Date(stamp);
  if (Number.isNaN(date.getTime())) return null;
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "long" }).format(date);
};

// Such as "10 days ago" or "in 5 days".
export const distance = (stamp, from, lang) => {
  const minutes = (Date.parse(stamp) - Date.parse(from)) / MINUTE;
  if (Number.isNaN(minutes)) return null;
  const [unit, , length] = UNITS.find(([, least]) => Math.abs(minutes) >= least);
  return new Intl.RelativeTimeFormat(lang).format(Math.trunc(minutes / length), unit);
};

// OpenSSL writes "TLSv1" for TLS 1.0.
export const version = (name) =>
  name?.replace(/^TLSv1$/, "TLS 1.0").replace(/^TLSv/, "TLS ");

// Who a certificate names, as people write it, out of a distinguished name (RFC 4514).
const called = (name) => {
  const [, value] = /(?:^|,)(?:CN|O)=((?:\\.|[^,+\\])*)/.exec(name ?? "") ?? [];
  return (value ?? name)?.replace(/\\(.)/g, "$1");
};

const listed = (names, lang, type) =>
  names?.length ? new Intl.ListFormat(lang, { type }).format(names) : null;

const few = (names, words, lang) => {
  if (!names?.length) return null;
  const rest = names.length - NAMES;
  const shown = names.slice(0, NAMES).map((name) => tame(name).slice(0, LENGTH));
  return listed(rest > 0 ? [...shown, fill(words.reason.more, { count: rest })] : shown, lang);
};

const quoted = (text) => text && tame(text.length > LENGTH ? `${text.slice(0, LENGTH)} …` : text).trim();

// What may stand in a sentence, by the name of its place.
const known = (problem, answer, words, lang, shown) => {
  const facts = problem.evidence ?? {};
  const attempt = answer.attempts?.find(
    ({ host, address }) => host === problem.host && address === problem.address,
  );
  // Below a trust anchor it may be another certificate of the chain that is meant.
  const shownUntil = facts.tlsa_usage == null ? attempt?.certificate?.not_after : null;
  const moment = facts.not_after ?? facts.not_before ?? shownUntil;
  return {
    domain: shown,
    host: problem.host ?? facts.host,
    address: problem.address,
    addresses: few(facts.addresses, words, lang),
    name: facts.name === answer.domain ? shown : facts.name,
    operator: words.operators[answer.operator]?.plain,
    date: moment && dated(moment, lang),
    ago: moment && distance(moment, answer.checked_at, lang),
    subject: called(facts.subject),
    issuer: called(facts.authority ?? facts.missing),
    expected: facts.expected,
    names: few(facts.names, words, lang),
    offered: listed(facts.offered?.map(version), lang, "disjunction"),
    supported: listed(facts.supported?.map(version), lang),
    version: version(facts.version ?? attempt?.tls_version),
    cipher: facts.cipher,
    bits: facts.bits,
    key: facts.key,
    hash: facts.hash?.toUpperCase().replace(/^SHA(?=\d)/, "SHA-"),
    reply: quoted([facts.code, facts.text].filter(Boolean).join(" ")),
    said: quoted(facts.reason),
    status: /^http-(\d{3})$/.exec(facts.cause)?.[1],
    web: words.problem[facts.cause],
    type: facts.record_type,
  };
};

// The cases of a problem, the most telling first.
const casesOf = ({ evidence: facts = {} }) => [
  facts.depth > 0 && "issuer",
  facts.cause,
  facts.stage,
  facts.key,
  ...Object.keys(facts),
  "known",
  "named",
  "plain",
];

export const mainProblem = (answer) =>
  answer.problems.find((problem) => problem.decisive) ?? answer.problems[0];

// A sentence on its own begins with a capital letter, unless with the name of a server.
export const begun = (sentence) => sentence.replace(/^\p{Ll}(?=[^\s.]*\s)/u, (letter) => letter.toUpperCase());

// `shown` is the domain as it was typed. Nothing that a server says can end or open a place.
export const reasonOf = (problem, answer, words, lang, shown) => {
  const sentences = words.reason.problem[problem.id] ?? {};
  const values = known(problem, answer, words, lang, shown);
  const isFilled = (sentence) =>
    [...sentence.matchAll(/\{(\w+)\}/g)].every(([, name]) => values[name] != null && values[name] !== "");
  const sentence = casesOf(problem)
    .filter((name) => Object.hasOwn(sentences, name))
    .map((name) => sentences[name])
    .find(isFilled);
  return sentence ? tame(fill(sentence, values)) : null;
};

// Where the mail would get through all the same, which server took it comes first.
const despite = (answer, problem, reason, words) => {
  const taken = answer.attempts.findLast(({ stage }) => stage === "done");
  const hosts = answer.route.mail_servers.map(({ host }) => host);
  const isElsewhere = hosts.includes(problem.host) && problem.host !== taken?.host;
  const isOtherAddress = problem.address != null && problem.address !== taken?.address;
  if (!taken || !(isElsewhere || isOtherAddress)) return fill(words.reason.took.same, { reason });
  if (!isElsewhere) return fill(words.reason.took.address, { reason });
  const { ordinals } = words.reason;
  const ordinal = (host) => ordinals[hosts.indexOf(host)] ?? ordinals.at(-1);
  const kind = words.menders[problem.id] === "wait" ? "later" : "other";
  const places = { taker: ordinal(taken.host), first: ordinal(problem.host), reason };
  return begun(fill(words.reason.took[kind], places));
};

// The whole line below the outcome.
export const whyOf = (answer, words, lang, shown) => {
  const problem = mainProblem(answer);
  const reason = problem && reasonOf(problem, answer, words, lang, shown);
  if (!reason) return null;
  if (answer.outcome === "delivers" || isSpelling(problem)) return begun(reason);
  if (answer.outcome === "delivers-with-warnings") return despite(answer, problem, reason, words);
  const line = fill(words.reason.lead, { reason });
  // An open question needs what keeps it open beside what would decide it.
  const isPassing = ({ id }) => words.menders[id] === "wait";
  const passing = answer.outcome === "unknown" && !isPassing(problem) && answer.problems.find(isPassing);
  return passing ? `${line} ${begun(reasonOf(passing, answer, words, lang, shown))}` : line;
};
