// Completes the letter on a problem's page with what the check or a report found out.
// The letter is Markdown of that page; what its places are called stands in the words files.

import { addressOf, fill, moment, openParts, section, tame } from "./explain.js";
import { handOver } from "./handover.js";
import { begun, reasonOf, version } from "./reason.js";

const LONGEST = 200;
const MOST = 5;

// A line of the page's letter that could not have held one more word goes on in the next.
const FULL = 66;

// These lines are to be run or opened as they are, or hold one fact each.
const AS_IT_IS = /^(?:openssl|dig|nc|curl|posttls-finger) |^\s+-|^\S*\/\S*$|^[^\s:][^:]{0,16}:\s{2}/;

// A name goes into commands, so nothing that a shell would read as more than a name.
const NAME = /^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?$/i;

const name = (text) => (NAME.test(text ?? "") ? text : null);

const list = (texts) =>
  texts?.length ? texts.slice(0, MOST).join(", ") + (texts.length > MOST ? ", …" : "") : null;

const attemptOf = (answer, problem) =>
  answer.attempts?.find(
    ({ host, address }) => host === problem.host && address === problem.address,
  );

// What is known, by the key of its place. The answer of a report knows no time and no attempts.
const found = (answer, problem, words, lang) => {
  const facts = problem.evidence ?? {};
  const attempt = attemptOf(answer, problem);
  const shown = attempt?.certificate;
  const at = (stamp) => stamp && moment(stamp, lang, "long");
  const reply = facts.text && [facts.code ?? facts.reply_code, facts.text].filter(Boolean).join(" ");
  const reason = facts.reason ?? facts.cause;
  return {
    domain: name(answer.domain),
    host: name(problem.host ?? facts.host),
    checked_at: at(attempt?.checked_at ?? answer.checked_at),
    not_after: at(facts.not_after ?? shown?.not_after),
    not_before: at(facts.not_before ?? shown?.not_before),
    names: list(facts.names ?? shown?.names),
    issuer: facts.authority ?? shown?.issuer,
    version: list(facts.supported?.map(version)) ?? version(facts.version),
    key: facts.bits ? `${facts.key ?? ""} ${facts.bits} bit`.trim() : null,
    reason: words.letter.reasons[reason] ?? words.problem[reason] ?? reason,
    reply,
    mx: facts.host ?? problem.host,
  };
};

const goesOn = (line, next) => {
  if (!line || !next || AS_IT_IS.test(next)) return false;
  // What was found goes on below its beginning.
  if (/^\s/.test(next)) return true;
  const [word] = next.split(" ");
  return !AS_IT_IS.test(line) && line.length + 1 + word.length > FULL;
};

// Each paragraph becomes one line, which whatever shows it wraps at its own width.
export const flowing = (text) => {
  const lines = text.split("\n");
  return lines.reduce((before, next, place) => {
    const line = lines[place - 1];
    return before + (goesOn(line, next) ? ` ${next.trim()}` : `\n${next}`);
  });
};

// What was found stands behind its label up to the next gap: after a check the result's own line.
const withReason = (letter, answer, problem, words, lang) => {
  if (!answer.attempts) return letter;
  const safe = { ...problem, host: name(problem.host) };
  const reason = reasonOf(safe, answer, words, lang, answer.domain)?.replace(/[[\]]/g, "|");
  if (!reason) return letter;
  const found = new RegExp(`^(${words.letter.found.join("|")})( +)[^]*?(?=\\n\\n)`, "m");
  return letter.replace(found, (_, label, gap) => label + gap + begun(reason));
};

const complete = (page, address, answer, problem, words, lang) => {
  const letter = withReason(flowing(page.trim()), answer, problem, words, lang);
  const values = found(answer, problem, words, lang);
  const known = new Map();
  for (const [key, place] of Object.entries(words.letter.places)) {
    const value = values[key];
    if (value) known.set(`[${place}]`, tame(String(value).slice(0, LONGEST)));
  }
  const gaps = new Set();
  const text = letter
    // A preview has no address of its own; whoever gets the letter needs a whole one.
    .replace(/^\/\S+#admin$/m, () => `${address}#admin`)
    .replace(/\[[^[\]\n]+\]/g, (place) => {
      if (!known.has(place)) gaps.add(place);
      return known.get(place) ?? place;
    });
  return { text, gaps: [...gaps], subject: words.letter.subject };
};

// Puts the completed letter in the place of the page's own, inside an explanation.
export const fillLetter = (shown, answer, problem, words, site) => {
  const pre = shown?.querySelector("details[id$=-letter] pre");
  if (!pre) return;
  const own = addressOf(problem.id, site.problems).href;
  const first = complete(pre.textContent, own, answer, problem, words, site.lang);
  const other = async () => {
    const address = addressOf(problem.id, site.otherProblems);
    const [parts, theirs] = await Promise.all([
      openParts(address),
      fetch(site.otherWords).then((reply) => reply.json()),
    ]);
    const { textContent } = section(parts, "letter", problem).part.querySelector("pre");
    return complete(textContent, address.href, answer, problem, theirs, site.otherLang);
  };
  const broken = ["receiving-provider", "domain-owner"].includes(words.menders[problem.id]);
  const domain = name(answer.domain);
  const hint = broken && domain && fill(words.handover.not_there, { domain });
  const others = { [site.otherLang]: other };
  const box = handOver({ first, lang: site.lang, others, whole: true, hint }, words.handover);
  (pre.closest(".highlight") ?? pre).replaceWith(box);
};
