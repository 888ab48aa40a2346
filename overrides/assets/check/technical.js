// What experts want to see: all that was seen, for the eye, as text and as JSON.

import { fill, make, moment, tame } from "./explain.js";
import { copier } from "./handover.js";
import { mainProblem } from "./reason.js";

const time = (stamp, { lang }) =>
  stamp && make("time", { datetime: stamp }, moment(stamp, lang, "medium", "medium"));

const certificate = (given, words, site) => [
  [words.detail.subject, given.subject],
  [words.detail.names, given.names?.join(", ")],
  [words.detail.issuer, given.issuer],
  [words.detail.valid_from, time(given.not_before, site)],
  [words.detail.valid_until, time(given.not_after, site)],
  [words.detail.key, given.key],
  [words.detail.signature, given.signature],
  [words.detail.sha256, given.sha256],
  [words.detail.chain, given.chain?.map((link) => (typeof link === "string" ? link : link.subject))],
];

const conversation = (replies, name) =>
  replies
    .flatMap(({ command, code, lines }) => [
      name && /^(EHLO|HELO)$/.test(command) ? `> ${command} ${name}` : `> ${command}`,
      ...lines.map((line) => `< ${code ?? ""} ${line}`),
    ])
    .join("\n");

const evidence = ({ id, evidence: facts }) =>
  [id, ...Object.entries(facts ?? {}).map(([key, value]) => `${key}: ${String(value)}`)].join("; ");

// Both spellings, where there are two.
const domainOf = ({ domain }, { domainAsRead }) =>
  domainAsRead && domainAsRead !== domain ? `${domainAsRead} (${domain})` : domain;

// Where it is explained what was found, and can be checked once more.
const page = (answer, site) =>
  new URL(`../../p/${mainProblem(answer).id}/`, new URL(site.words, location.href)).href;

const profile = ({ server, system }, words) =>
  fill(words.detail.on, { server: words.servers[server], system: words.systems[system] });

const refusing = (also, words) =>
  also.map((one) => `${profile(one, words)}: ${words.problem[one.problem]}`);

const servers = ({ mail_servers: known }, words) =>
  known.map(({ host, preference, addresses, problems }) =>
    [
      [preference, host].filter((one) => one != null).join(" "),
      `[${addresses.join(", ") || words.detail.none}]`,
      ...(problems ?? []).map(evidence),
    ].join(" "),
  );

// Parts of a title, rows of a term with its values, and what was said.
const parts = (answer, words, site) => [
  {
    rows: [
      [words.detail.domain, domainOf(answer, site)],
      [words.detail.operator, `${words.operators[answer.operator]?.name} (${answer.operator})`],
      [words.detail.sender, profile(answer.sender, words)],
      [words.detail.checked_at, time(answer.checked_at, site)],
      [words.detail.page, page(answer, site)],
      [words.section.result, [answer.outcome, answer.disposition, answer.when].filter(Boolean).join(", ")],
      [words.detail.route, `${answer.route.kind}${answer.route.authenticated ? ", DNSSEC" : ""}`],
      [words.detail.mail_servers, servers(answer.route, words)],
      [words.detail.also, refusing(answer.also, words)],
      [words.detail.findings, answer.problems.filter(({ host }) => host == null).map(evidence)],
    ],
  },
  ...answer.attempts.map((attempt) => ({
    title: `${attempt.host} [${attempt.address}]`,
    rows: [
      [words.detail.checked_at, time(attempt.checked_at, site)],
      [words.detail.ehlo_name, attempt.ehlo_name],
      [words.detail.stopped_at, attempt.stage === "done" ? null : words.stages[attempt.stage]],
      [words.detail.tls_version, attempt.tls_version],
      [words.detail.cipher, attempt.cipher],
      ...(attempt.certificate ? certificate(attempt.certificate, words, site) : []),
      [words.detail.findings, attempt.problems.map(evidence)],
    ],
    said: conversation(attempt.replies, attempt.ehlo_name),
  })),
];

const filled = (rows) =>
  rows
    .map(([term, value]) => [term, [value].flat().filter((one) => one != null && one !== "")])
    .filter(([, values]) => values.length);

const plain = (value) => tame(value.textContent ?? String(value));

const asText = (all, words) =>
  all
    .map(({ title, rows, said }) =>
      [
        title && tame(title),
        ...filled(rows).flatMap(([term, values]) => values.map((one) => `${term}: ${plain(one)}`)),
        said && `${words.detail.replies}:\n${said.split("\n").map(tame).join("\n")}`,
      ]
        .filter(Boolean)
        .join("\n"),
    )
    .join("\n\n");

const shown = ({ title, rows, said }, words, heading) => [
  title && make(heading, {}, title),
  make(
    "dl",
    { class: "check-terms" },
    filled(rows).flatMap(([term, values]) => [
      make("dt", {}, term),
      ...values.map((one) => make("dd", {}, one)),
    ]),
  ),
  said && make("p", {}, words.detail.replies),
  // Servers speak English, whatever the page speaks.
  said && make("pre", { lang: "en" }, make("code", { tabindex: "0" }, said)),
];

export const technical = (answer, words, site, heading) => {
  const all = parts(answer, words, site);
  const body = make("div", {}, ...all.map((part) => shown(part, words, heading)));
  const copy = (label, textOf) => make("span", {}, ...copier(label, textOf, () => body, words.handover));
  return make(
    "details",
    { class: "check-technical" },
    make("summary", {}, words.section.technical),
    make(
      "p",
      { class: "check-actions" },
      copy(words.detail.copy_text, () => asText(all, words)),
      copy(words.detail.copy_json, () => JSON.stringify(answer, null, 2)),
    ),
    body,
  );
};
