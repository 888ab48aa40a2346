// Asks back where something else was probably meant, and offers it. Nobody is asked for a name here:
// what resembles a domain that does not exist stands in the answer.

import { fill, make } from "./explain.js";

const [question, choices] = document.getElementById("check-meant").children;

const NAME = /^([^\s.@<>"]+\.)+(\p{L}{2,}|xn--[\w-]+)$/u;

// The addresses, or the names, that were typed as a list, one for each domain.
const listed = (typed, domainOf) => {
  // An address of the web may hold all that stands between others.
  if (/^\s*[a-z][a-z0-9+.-]*:\/\/\S*\s*$/i.test(typed)) return [];
  // A quoted name and a comment may hold an address and are none.
  const plain = typed.slice(0, 2_000).replace(/"[^"]*"|\([^()]*\)/g, " ");
  const pieces = plain.match(/[^<>@\s]*@[^<>\s]*(?=>)/g) ?? plain.split(/[\s,;]+/);
  const found = {};
  for (const piece of pieces) {
    const [name] = domainOf(piece).toLowerCase().split(/[/?#:]/);
    if (NAME.test(name)) found[name] ??= piece;
  }
  return Object.values(found);
};

const show = (sentence, buttons) => {
  question.textContent = sentence;
  for (const [label, choose] of buttons) {
    const button = make("button", { class: "md-button", type: "button" }, label);
    button.addEventListener("click", choose);
    choices.append(button);
  }
};

const checks = (names, { words, choose }) =>
  names.map((name) => [fill(words.form.check_this, { name }), () => choose(name)]);

const asked = (names, { words, lang }) => {
  const domains = new Intl.ListFormat(lang, { type: "disjunction" }).format(names);
  return fill(words.form.meant, { domains });
};

// Before a check: what to ask back first, if anything; `reason` names the message for it. `insist`
// checks what was typed all the same.
export const doubt = (typed, site) => {
  const several = listed(typed, site.domainOf);
  if (several.length > 1) return { reason: "several", offer: () => show("", checks(several, site)) };
  const [name, plain] = /^www\.([^/?#:]+\.[^/?#:]+)/i.exec(site.domainOf(typed)) ?? [];
  if (!plain) return null;
  const anyway = [fill(site.words.form.check_anyway, { name }), site.insist];
  return { offer: () => show(asked([plain], site), [...checks([plain], site), anyway]) };
};

// After a check: whether the domain does not exist, and what resembles it.
export const misspelled = ({ problems }, typed, site) => {
  const { evidence } = problems.find(({ id, decisive }) => decisive && id === "domain-not-found") ?? {};
  const before = typed.slice(0, typed.lastIndexOf("@") + 1);
  const choose = (name) => site.choose(before + name);
  if (evidence?.alike) show(asked(evidence.alike, site), checks(evidence.alike, { ...site, choose }));
  return Boolean(evidence);
};
