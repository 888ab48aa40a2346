// Builds the result of a check. What came from mail servers is only ever set as text.

import { oldest } from "./age.js";
import { explain, fill, linkTo, make, moment, unbroken } from "./explain.js";
import { draw } from "./journey.js";
import { fillLetter } from "./letter.js";
import { find, load } from "./providers.js";
import { mainProblem } from "./reason.js";
import { technical } from "./technical.js";
import { ticket } from "./ticket.js";
import { readerOf, verdict } from "./verdict.js";

export { reveal } from "./explain.js";
export { draw };

export const seenAt = (answer) => Date.parse(oldest(answer));

// On a page that has more to say, the answer alone: the rest can be unfolded.
export const folded = ([answer, ...rest], words) => [
  answer,
  make("details", { class: "check-rest" }, make("summary", {}, words.section.whole_result), ...rest),
];

const explanation = async (answer, words, site, level) => {
  const problem = mainProblem(answer);
  if (!problem) return null;
  const reader = readerOf(answer, words, site);
  // A mail that would get through despite a fault is missing for another reason than the fault.
  const elsewhere = answer.outcome === "delivers-with-warnings" && "no-problem-found";
  const how = { reader, elsewhere, level, prefix: "check", checked: true };
  const section = await explain(problem, how, words, site);
  fillLetter(section, answer, problem, words, site);
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

const stateOf = (attempt, words) => {
  if (!attempt) return "none";
  if (attempt.stage !== "done") {
    return words.menders[attempt.problems[0]?.id] === "wait" ? "open" : "bad";
  }
  return attempt.problems.length ? "warn" : "good";
};

// What others asked for minutes ago is not looked at again.
const isOlder = (attempt, answer) =>
  Date.parse(answer.checked_at) - Date.parse(attempt?.checked_at) >= 60_000;

// Nothing is known of it, and nothing is wrong with it.
const isSpared = ({ host, addresses }, { attempts }) =>
  addresses.length > 0 && !attempts.some((attempt) => attempt.host === host);

const servers = (answer, words, site, heading, providers) => {
  const known = answer.route.mail_servers;
  if (!known.length) return null;
  const items = known.map((server) => {
    const addresses = server.addresses.map((address) => {
      const attempt = answer.attempts.find(
        (one) => one.host === server.host && one.address === address,
      );
      const state = stateOf(attempt, words);
      return make(
        "li",
        { class: `check-address check-address--${state}` },
        make("code", {}, address),
        " ",
        attempt ? stopped(attempt, words) : words.detail.not_tried,
        isOlder(attempt, answer) &&
          ` (${words.detail.checked_at}: ${moment(attempt.checked_at, site.lang)})`,
      );
    });
    const rank = server.preference == null ? "" : ` (${words.detail.preference}: ${server.preference})`;
    const provider = find(server.host, providers);
    return make(
      "li",
      {},
      make("strong", {}, server.host),
      rank,
      provider && `, ${fill(words.contact.beside, provider)}`,
      addresses.length
        ? make("ul", {}, addresses)
        : make("p", {}, `${words.detail.address}: ${words.detail.none}`),
    );
  });
  const rest = known.length - known.findLastIndex((server) => !isSpared(server, answer)) - 1;
  const first = known.length - rest;
  const label = `${words.detail.mail_server}: ${words.detail.not_tried} (${rest})`;
  return make(
    "section",
    { class: "check-servers" },
    make(heading, {}, words.section.servers),
    first > 0 && make("ol", {}, items.slice(0, first)),
    rest > 0 &&
      make(
        "details",
        {},
        make("summary", {}, label),
        make("ol", { start: first + 1 }, items.slice(first)),
      ),
  );
};

const also = (answer, words, site, heading) => {
  const main = mainProblem(answer)?.id;
  const ids = new Set(answer.problems.map(({ id }) => id).filter((id) => id !== main));
  if (!ids.size) return null;
  return make(
    "section",
    {},
    make(heading, {}, words.section.also_found),
    make("ul", {}, [...ids].map((id) => make("li", {}, linkTo(id, words, site)))),
  );
};

export const build = async (answer, words, site) => {
  const level = Number(site.level);
  const heading = `h${level}`;
  const below = `h${level + 1}`;
  // Beside a yes no ticket says that something must be fixed first.
  const told = answer.outcome.startsWith("delivers") ? "no-problem-found" : mainProblem(answer).id;
  const named = answer.route.mail_servers.length > 0;
  const [explained, providers] = await Promise.all([
    explanation(answer, words, site, level + 1),
    named ? load(site.providers) : [],
  ]);
  const forTicket = ticket(told, answer, words, site);
  const letter = explained?.querySelector("details[id$=-letter]");
  letter?.after(forTicket);
  const parts = [
    verdict(answer, words, site, heading, providers, explained, forTicket),
    make(
      "section",
      { class: "check-way" },
      make(below, {}, unbroken(words.journey.title)),
      draw(answer, words),
    ),
    explained,
    servers(answer, words, site, below, providers),
    also(answer, words, site, below),
    !letter && forTicket,
    technical(answer, words, site, below),
  ];
  return parts.filter(Boolean);
};
