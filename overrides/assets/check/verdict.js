// Builds the answer itself: the outcome, the reason, and what the reader can do today.

import { age } from "./age.js";
import { change } from "./again.js";
import { fill, leadTo, make, unbroken } from "./explain.js";
import { find, isOwn } from "./providers.js";
import { mainProblem, whyOf } from "./reason.js";
import { correcter, isSpelling, list, mainAction, primary, situationOf } from "./steps.js";

const outcomeKey = ({ outcome, disposition, when, assumed }, main, words) => {
  let key = outcome;
  if (isSpelling(main)) return "spelling";
  if (outcome === "fails") key = when === "PT0S" ? "fails-now" : "fails-later";
  if (outcome === "unknown") key = `unknown-${disposition}`;
  if (key === "unknown-undetermined") {
    if (main.evidence.depends_on != null) key = "unknown-setup";
    else if (main.evidence.equal_preference != null) key = "unknown-depends";
    else if (main.id === "starttls-not-supported") key = "unknown-not-stated";
  }
  const probably = `${key}-probably`;
  return assumed.includes("delivery.retry_for") && words.outcome[probably] ? probably : key;
};

// A number keeps to its unit and a day to its month, wherever the line ends.
const keepTogether = (box) => {
  const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode: text } = texts;
    text.data = text.data.replace(/(\bTLS|\d\.?) (?=[\d\p{Lu}])/gu, "$1\u00a0");
  }
};

// Some sentences are said differently to whoever waits for the e-mail and to whoever sent it.
const to = (reader, sentence) => sentence?.[reader] ?? sentence;

// Who asks: whom the sender's mails concern; where no sender is named, whom the page is made for.
export const readerOf = ({ operator }, words, site) => {
  const { audience, short } = words.operators[operator] ?? {};
  if (short === words.journey.sender && site.reader) return site.reader;
  return audience === "senders" ? "sender" : "recipient";
};

// Whose turn it is; some problems call for words of their own.
const turnOf = (problem, words) => {
  if (isSpelling(problem)) return "spelling";
  if (problem.evidence.cause === "too-new") return "too-new";
  return problem.id in words.mender ? problem.id : words.menders[problem.id];
};

// Whom to turn to about a mail server, and where the page that helps further is.
const contact = (host, kind, provider, reader, words, site) => {
  const sentence = fill(to(reader, words.contact[kind]), { host, name: provider?.name });
  const help = Object.entries(provider?.contact ?? {});
  const [spoken, address] = help.find(([language]) => language === site.lang) ?? help[0] ?? [];
  const link = address
    ? make("a", { href: address }, fill(words.contact.link, provider))
    : make("a", { href: site.contacts }, words.contact.page);
  const foreign = spoken && spoken !== site.lang && ` ${words.contact[`in_${spoken}`]}`;
  return make("p", { class: "check-contact" }, sentence, " ", link, foreign);
};

const folded = (kind, title, ...parts) =>
  make("details", { class: kind }, make("summary", {}, title), ...parts);

// `explained` is the explanation further down, which holds the letter and the part for admins; `ticket`
// stands beside the letter.
export const verdict = (answer, words, site, heading, providers, explained, ticket) => {
  const operator = words.operators[answer.operator];
  const main = mainProblem(answer);
  const reader = readerOf(answer, words, site);
  const other = reader === "sender" ? "recipient" : "sender";
  const open = answer.outcome !== "delivers";
  const turn = turnOf(main, words);
  const domain = site.domainAsRead ?? answer.domain;
  const provider = main.host && find(main.host, providers);
  const kind = provider?.kind ?? (main.host && isOwn(main.host, answer.domain) ? "own" : "unknown");
  const isFirms = ["own", "business", "gateway"].includes(kind);
  const values = {
    operator: operator?.name ?? answer.operator,
    domain,
    when: words.durations[answer.when] ?? answer.when ?? "",
    how_long: words.durations_accusative[answer.when] ?? answer.when ?? "",
    sender: operator?.sender ?? answer.operator,
    asked: operator?.asked ?? answer.operator,
    provider: provider && !isFirms ? ` (${provider.name})` : "",
  };

  // The first sentence is the headline. It is cut before names are put in: they may hold dots.
  const sentence = words.outcome[outcomeKey(answer, main, words)] ?? words.outcome["unknown-undetermined"];
  const [, first, rest] = /^(.*?[.!?])(?:\s+(.*))?$/s.exec(sentence);
  const title = make(heading, { class: "admonition-title", tabindex: "-1", id: "check-outcome" });
  title.append(...unbroken(fill(first, values)));
  const reason = whyOf(answer, words, site.lang, domain);

  const letter = explained?.querySelector("details[id$=-letter]");
  const admin = explained?.querySelector("details[id$=-admin]");
  const situation = situationOf(answer, main, words);
  // Nobody is written to about what may be no fault at all.
  if (situation === "setup") letter?.remove();
  const steps = (who) => {
    const own = who === "recipient" && isFirms && words.steps[who][`${situation}-own`];
    const lines = own || words.steps[who][situation];
    // To whom nothing is known to be wrong, nothing is written.
    const isIdle = situation === "warning" && words.menders[main.id] === "wait";
    return list(isIdle ? lines.slice(0, -1) : lines, values, letter, site);
  };
  const { lines, again, share } = age(answer, words, site);
  const action = mainAction(situation);
  const button = {
    letter: letter && leadTo(letter, primary("a", letter.querySelector("summary").textContent)),
    again,
    correct: correcter(words.steps.correct),
  }[action];
  if (action === "again") again.classList.add(...primary("a").classList);

  const minutes = site.lifetime / 60;
  const watch = make("button", { class: "md-button check-begin", type: "button" }, fill(words.watch.start, { minutes }));
  watch.addEventListener("click", site.watch);
  // There is nothing to wait for where the mail gets through.
  const later = !answer.outcome.startsWith("delivers") && watch;
  const isAgain = button === again;
  const isLetter = action === "letter" && letter;
  const beside = isLetter && leadTo(ticket, make("a", { class: "md-button" }, words.ticket.summary));

  const mender = open && to(reader, words.mender[turn]);
  const probably = answer.assumed.includes("delivery.report_to") ? "-probably" : "";
  const report = answer.disposition === "accepted" ? null : words.report_to[`${answer.report_to}${probably}`];
  const assumed = answer.assumed.map((key) => words.assumed[key]).filter(Boolean);
  const { server, system } = answer.sender;
  const profile = fill(words.assumed.profile, {
    server: words.servers[server],
    system: words.systems[system],
  });
  const names = words.steps.readers;
  const more = [
    // What a yes does not promise, and how long an open question stays open, is said at once.
    answer.outcome === "fails" && rest && make("p", {}, fill(rest, values)),
    mender && make("p", { class: "check-mender" }, fill(mender, values)),
    open && words.menders[main.id] === "receiving-provider" && main.host &&
      contact(main.host, kind, provider, reader, words, site),
    report && make("p", {}, fill(report, values)),
    make("p", { class: "check-actions" }, isAgain ? null : [again, later], ...share),
    folded("check-other", names[other], steps(other)),
    open && admin && folded("check-other", names.admin, list(words.steps.admin, values, admin, site)),
    assumed.length > 0 &&
      folded(
        "check-assumed",
        words.assumed.heading,
        make("p", {}, profile),
        make("ul", {}, assumed.map((text) => make("li", {}, text))),
      ),
  ];
  const box = make(
    "div",
    { class: `admonition check-verdict check-${answer.outcome} check-verdict--${situation}` },
    title,
    site.before && make("p", { class: "check-change" }, change(site.before, answer, words)),
    reason && make("p", { class: "check-reason" }, reason),
    answer.outcome !== "fails" && rest && make("p", {}, fill(rest, values)),
    make("p", { class: "check-today" }, words.steps.heading),
    steps(reader),
    button && make("p", { class: "check-actions" }, button, isAgain && later, beside),
    lines,
    folded("check-more", words.steps.more, ...more.filter(Boolean)),
  );
  keepTogether(box);
  return box;
};
