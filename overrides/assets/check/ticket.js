// The short text for a ticket: Markdown that editors change.

import { addressOf, fill, make, moment, openParts, tame } from "./explain.js";
import { handOver } from "./handover.js";
import { flowing } from "./letter.js";
import { whyOf } from "./reason.js";

// Whoever opens the link finds the form filled in, and can repeat the check.
const linked = (text, id, query) =>
  text.replace(new RegExp(`\\S*/p/${id}/`), (link) => `${new URL(link, location.href).href}?${query}`);

export const ticket = (id, answer, words, site) => {
  const isTooNew = answer.problems.some((one) => one.id === id && one.evidence.cause === "too-new");
  const domain = tame(site.domainAsRead ?? answer.domain);
  const query = new URLSearchParams({ domain, operator: answer.operator });
  const name = isTooNew ? `${id}-too-new` : id;
  const compose = ({ tickets }, theirs, lang) => {
    const time = moment(answer.checked_at, lang, "long");
    const seen = [whyOf(answer, theirs, lang, domain), fill(theirs.ticket.checked, { domain, time })];
    const text = linked(flowing(tickets[name]), id, query);
    return { text: `${text}\n\n${seen.filter(Boolean).join("\n")}`, gaps: [] };
  };
  const other = async () => {
    const [parts, theirs] = await Promise.all([
      openParts(addressOf(id, site.otherProblems)),
      fetch(site.otherWords).then((reply) => reply.json()),
    ]);
    return compose(parts, theirs, site.otherLang);
  };
  const details = make("details", { class: "check-ticket", id: "check-ticket" }, make("summary", {}, words.ticket.summary));
  const open = async () => {
    const first = compose(await openParts(addressOf(id, site.problems)), words, site.lang);
    const others = { [site.otherLang]: other };
    const box = handOver({ first, lang: site.lang, others }, words.handover);
    details.append(make("p", {}, words.ticket.intro), box);
  };
  // Fetched when somebody wants it; who had no luck may open it again.
  const wanted = () => {
    if (!details.open || details.querySelector(".handover")) return;
    const failed = make("p", {}, make("a", { href: site.tickets }, words.handover.failed));
    details.querySelector(":scope > p")?.remove();
    open().catch(() => details.append(failed));
  };
  details.addEventListener("toggle", wanted);
  return details;
};
