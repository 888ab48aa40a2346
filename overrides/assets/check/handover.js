// A ready text in two languages that a visitor takes along: copied, sent, printed or saved.

import { fill, make } from "./explain.js";

// Selecting works where a page may not write to the clipboard, as without https. What is shown may
// be less than the text, so that is selected only where nothing can be copied at all.
const copy = async (text, shown) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const before = document.activeElement;
    const field = make("textarea", { class: "unseen", readonly: "" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before.focus({ preventScroll: true });
    if (!done) getSelection().selectAllChildren(shown);
    return done;
  }
};

export const copier = (label, textOf, shown, words) => {
  const said = make("span", { class: "handover__said", role: "status" });
  const button = make("button", { class: "md-button", type: "button" }, label);
  button.addEventListener("click", async () => {
    said.textContent = (await copy(textOf(), shown())) ? words.copied : words.selected;
  });
  return [button, said];
};

const print = (box) => {
  const root = document.documentElement;
  box.classList.add("handover--print");
  root.classList.add("check-print");
  const done = () => {
    box.classList.remove("handover--print");
    root.classList.remove("check-print");
  };
  addEventListener("afterprint", done, { once: true });
  window.print();
};

// Programs for mail on Windows are handed no more, and are not opened for a longer address.
const LONGEST_ADDRESS = 2_000;

// The subject stands in the first line, behind its label. Without a body the text is to be pasted.
const mail = (text, label) => {
  const [first, ...rest] = text.split("\n");
  const subject = first.startsWith(label) ? first.slice(label.length).trim() : "";
  const body = (subject ? rest : [first, ...rest]).join("\r\n").trim();
  const address = `mailto:?subject=${encodeURIComponent(subject)}`;
  const whole = `${address}&body=${encodeURIComponent(body)}`;
  if (whole.length <= LONGEST_ADDRESS) return whole;
  return address.length <= LONGEST_ADDRESS ? address : "mailto:";
};

const GAP = /(\[[^[\]\n]+\])/;

const marked = ({ text, gaps }) =>
  text.split(GAP).map((part) => (gaps.includes(part) ? make("mark", {}, part) : part));

// `first` is the text in the page's language; `others` maps languages to functions that fetch it.
// `whole`: the text is a letter, which is sent, printed and saved as well.
export const handOver = ({ first, lang, others, whole, hint }, words) => {
  let shown = first;
  const code = make("code", { tabindex: "0" });
  const pre = make("pre", { lang }, code);
  const gaps = make("p", { class: "handover__gaps" });
  const status = make("p", { role: "status" });
  const send = make("a", { class: "md-button" }, words.mail);
  const box = make("div", { class: "handover", role: "group", "aria-label": words.group });

  const show = (text, language) => {
    shown = text;
    code.replaceChildren(...marked(text));
    pre.lang = language;
    send.href = mail(text.text, text.subject);
    gaps.hidden = !text.gaps.length;
    gaps.textContent = fill(words.gaps, { gaps: text.gaps.join(", ") });
    for (const one of box.querySelectorAll("[data-language]")) {
      one.setAttribute("aria-pressed", String(one.dataset.language === language));
    }
  };
  const fetched = { [lang]: () => first };
  const change = async (language) => {
    try {
      show(await { ...others, ...fetched }[language](), language);
      status.textContent = "";
    } catch {
      status.textContent = words.missing;
    }
  };
  const choices = [lang, ...Object.keys(others)].sort().map((language) => {
    const attributes = { class: "handover__language", type: "button", "data-language": language };
    const choice = make("button", { ...attributes, lang: language }, words.languages[language]);
    choice.addEventListener("click", () => change(language));
    return choice;
  });
  const save = () => {
    const link = make("a", { download: words.file });
    link.href = URL.createObjectURL(new Blob([shown.text], { type: "text/plain" }));
    link.click();
    URL.revokeObjectURL(link.href);
  };
  send.addEventListener("click", async () => {
    if (send.href.includes("&body=")) return;
    status.textContent = (await copy(shown.text, code)) ? words.too_long : words.selected;
  });
  const does = (label, action) => {
    const button = make("button", { class: "md-button", type: "button" }, label);
    button.addEventListener("click", action);
    return button;
  };
  box.append(
    make("p", { class: "handover__languages" }, choices),
    pre,
    gaps,
    make(
      "p",
      { class: "handover__actions" },
      ...copier(words.copy, () => shown.text, () => code, words),
      whole && [send, does(words.print, () => print(box)), does(words.save, save)],
    ),
    status,
  );
  if (hint) box.append(make("p", { class: "handover__hint" }, hint));
  show(first, lang);
  return box;
};
