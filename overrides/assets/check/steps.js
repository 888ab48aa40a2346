// What a reader can do today: at most three lines for each kind of reader, and one main action.

import { fill, leadTo, make } from "./explain.js";

export const isSpelling = ({ id }) => id === "domain-not-found";

// What is at stake for the reader, by what was found out.
export const situationOf = ({ outcome, disposition }, { id, evidence }, words) => {
  if (outcome === "delivers") return "works";
  if (outcome === "delivers-with-warnings") return "warning";
  if (outcome === "unknown") {
    if (evidence.depends_on != null) return "setup";
    if (evidence.equal_preference != null) return "depends";
    const isUnstated = disposition === "undetermined" && id === "starttls-not-supported";
    return isUnstated ? "not-stated" : "wait";
  }
  if (isSpelling({ id })) return "spelling";
  if (evidence.cause === "too-new") return "too-new";
  return words.menders[id] === "receiving-provider" ? "provider" : "domain";
};

const ACTIONS = { spelling: "correct", wait: "again", setup: "again", works: null, warning: null };

export const mainAction = (situation) => (situation in ACTIONS ? ACTIONS[situation] : "letter");

export const primary = (tag, label = "") =>
  make(tag, { class: "md-button md-button--primary check__submit" }, label);

const toForm = (link) => {
  link.setAttribute("href", "#check-form");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const { domain } = document.getElementById("check-form").elements;
    domain.focus();
    domain.select();
  });
  return link;
};

export const correcter = (label) => toForm(primary("a", label));

// Square brackets make a link: to the form, or to what stands before a "=" in them: a page of ours, or
// if nothing does, the folded part of this one.
const line = (sentence, values, part, start) => {
  const [before, label, behind] = sentence.split(/[[\]]/).map((piece) => fill(piece, values));
  if (label === undefined) return before;
  const [text, page] = label.split("=").reverse();
  const link = make("a", {}, text);
  if (page === undefined) return [before, toForm(link), behind];
  if (page) link.href = new URL(page, new URL(start, location.href));
  else if (part) leadTo(part, link);
  return [before, link.hasAttribute("href") ? link : text, behind];
};

export const list = (sentences, values, part, { start }) =>
  make(
    "ol",
    { class: "check-steps" },
    sentences.map((sentence) => make("li", {}, line(sentence, values, part, start))),
  );
