// Takes what a link in a bounce knows along to the page that it leads to, and names it. It runs before
// the page is first shown, so that nothing moves.

// No more than a name is shown of what somebody else may have written into the link.
const NAME = /^(?=.{4,253}$)[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*\.)+[\p{L}\p{M}\p{N}-]*[\p{L}\p{N}]$/u;

const known = new URLSearchParams(location.search);
const kept = new URLSearchParams();
for (const name of ["domain", "operator"]) {
  if (known.has(name)) kept.set(name, known.get(name));
}
for (const link of document.querySelectorAll("a[data-keep]")) link.search = kept;

const domain = known.get("domain")?.trim().replace(/^.*@/s, "");
for (const check of NAME.test(domain) ? document.querySelectorAll("a[data-named]") : []) {
  const [before, behind] = check.dataset.named.split("{domain}");
  const name = document.createElement("bdi");
  name.textContent = domain;
  check.replaceChildren(before, name, behind);
  check.classList.add("main");
  check.previousElementSibling.classList.remove("main");
  check.parentElement.prepend(check);
}

const sections = [...document.querySelectorAll("section")];
const first = navigator.languages
  .map((language) => sections.find(({ lang }) => lang === language.slice(0, 2)))
  .find(Boolean);
if (first) {
  first.parentElement.prepend(first);
  document.documentElement.lang = first.lang;
}
